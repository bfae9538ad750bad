/* Applying the server's feed: whole checkpoints or nothing, scopes, repair, lost time. */
#include "config.h"

#include "pk-writer-private.h"
#include "replica-fixture.h"

static const char *const one_scope[] = { "everyone", NULL };
static const char *const two_scopes[] = { "everyone", "role/editor", NULL };

static gint64
count_of (Fixture *fixture, const char *scope)
{
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (fixture->writer, PK_PULL_DEFAULT, NULL);

  for (guint i = 0; i < request->scopes->len; i++)
    {
      const PkScopeCursor *cursor = request->scopes->pdata[i];
      if (g_str_equal (cursor->name, scope))
        return cursor->cursor;
    }
  return -1;
}

static void
assert_title (Fixture *fixture, PkRecord *task, const char *expected)
{
  g_autofree char *title = fixture_get_title (fixture, pk_record_get_id (task));

  g_assert_cmpstr (title, ==, expected);
}

static void
test_a_record_goes_when_its_last_scope_goes (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = fixture_make_task (&fixture, "Felles");
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, two_scopes);
  fixture_add_row (&fixture, lines, task, (guint[]){ 0, 1 }, 2);
  fixture_add_commit (&fixture, lines, NULL, 0);
  g_assert_true (fixture_apply (&fixture, lines, &error));

  g_autoptr (GPtrArray) leave = fixture_begin (&fixture, two_scopes);
  fixture_add_gone (leave, task, 1);
  fixture_add_commit (&fixture, leave, NULL, 0);
  g_assert_true (fixture_apply (&fixture, leave, &error));
  assert_title (&fixture, task, "Felles");

  g_autoptr (GPtrArray) drop = fixture_begin (&fixture, one_scope);
  fixture_add_drop (drop, "everyone");
  fixture_add_commit (&fixture, drop, NULL, 0);
  g_assert_true (fixture_apply (&fixture, drop, &error));
  assert_title (&fixture, task, NULL);
  fixture_tear_down (&fixture);
}

static void
test_applying_an_answer_twice_is_refused_as_a_gap (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = fixture_make_task (&fixture, "En");
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (fixture.writer, PK_PULL_DEFAULT, &error);
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, one_scope);
  fixture_add_row (&fixture, lines, task, (guint[]){ 0 }, 1);
  fixture_add_commit (&fixture, lines, NULL, 0);
  g_assert_true (pk_writer_apply (fixture.writer, request, lines, &error));
  g_assert_false (pk_writer_apply (fixture.writer, request, lines, &error));
  g_assert_error (error, PK_REPLICA_ERROR, PK_REPLICA_ERROR_GAP);
  assert_title (&fixture, task, "En");
  fixture_tear_down (&fixture);
}

static void
test_a_checkpoint_without_its_end_changes_nothing (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = fixture_make_task (&fixture, "En");
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, one_scope);
  fixture_add_row (&fixture, lines, task, (guint[]){ 0 }, 1);
  g_assert_false (fixture_apply (&fixture, lines, &error));
  g_assert_error (error, PK_REPLICA_ERROR, PK_REPLICA_ERROR_FEED);
  assert_title (&fixture, task, NULL);
  g_assert_cmpint (count_of (&fixture, "everyone"), ==, -1);
  fixture_tear_down (&fixture);
}

static void
test_a_row_for_a_scope_that_nobody_named_is_refused_whole (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) good = fixture_make_task (&fixture, "En");
  g_autoptr (PkRecord) bad = fixture_make_task (&fixture, "To");
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, one_scope);
  fixture_add_row (&fixture, lines, good, (guint[]){ 0 }, 1);
  fixture_add_row (&fixture, lines, bad, (guint[]){ 5 }, 1);
  fixture_add_commit (&fixture, lines, NULL, 0);
  g_assert_false (fixture_apply (&fixture, lines, &error));
  g_assert_error (error, PK_REPLICA_ERROR, PK_REPLICA_ERROR_FEED);
  assert_title (&fixture, good, NULL);
  fixture_tear_down (&fixture);
}

static gboolean
asks_for_ranges (Fixture *fixture)
{
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (fixture->writer, PK_PULL_DEFAULT, NULL);

  g_assert_cmpint (request->repair != NULL, ==, request->ranges != NULL);
  return request->repair != NULL;
}

static void
add_ranges (GPtrArray *lines, GArray *parts, GArray *whole)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  pk_feed_append_ranges (text, 0, parts, whole);
  g_ptr_array_add (lines, pk_feed_line_read (text->str, text->len - 1, &error));
  g_assert_no_error (error);
}

static void
test_a_scope_that_differs_is_asked_for_by_ranges_at_most_once_an_hour (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (PkIdRangeSum));
  g_autoptr (GArray) whole = g_array_new (FALSE, FALSE, sizeof (PkIdRange));
  PkFeedCheck wrong = { .scope = 0, .count = 7 };
  PkIdRange everything = pk_id_range_whole ();

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) kept = fixture_make_task (&fixture, "Finnes");
  g_autoptr (PkRecord) stale = fixture_make_task (&fixture, "Finnes ikke hos tjeneren");
  fixture_give_task (&fixture, stale);
  g_assert_false (asks_for_ranges (&fixture));
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, one_scope);
  fixture_add_row (&fixture, lines, kept, (guint[]){ 0 }, 1);
  fixture_add_commit (&fixture, lines, &wrong, 1);
  g_assert_true (fixture_apply (&fixture, lines, &error));
  g_assert_true (pk_writer_wants_pull (fixture.writer));
  g_assert_true (asks_for_ranges (&fixture));

  /* All of the range comes, and nothing else: what did not come goes. */
  g_array_append_val (whole, everything);
  g_autoptr (GPtrArray) answer = fixture_begin (&fixture, one_scope);
  fixture_add_row (&fixture, answer, kept, (guint[]){ 0 }, 1);
  add_ranges (answer, parts, whole);
  fixture_add_commit (&fixture, answer, &wrong, 1);
  g_assert_true (fixture_apply (&fixture, answer, &error));
  assert_title (&fixture, kept, "Finnes");
  assert_title (&fixture, stale, NULL);
  g_assert_cmpint (count_of (&fixture, "everyone"), ==, fixture.seq);

  /* The server still says something else: not before an hour has passed. */
  g_assert_false (pk_writer_wants_pull (fixture.writer));
  g_assert_false (asks_for_ranges (&fixture));
  pk_clock_advance (fixture.clock, G_TIME_SPAN_HOUR);
  g_assert_true (asks_for_ranges (&fixture));
  fixture_tear_down (&fixture);
}

static void
test_a_server_that_knows_no_ranges_is_asked_once (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  PkFeedCheck wrong = { .scope = 0, .count = 7 };

  fixture_set_up (&fixture);
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, one_scope);
  fixture_add_commit (&fixture, lines, &wrong, 1);
  g_assert_true (fixture_apply (&fixture, lines, &error));
  g_assert_true (asks_for_ranges (&fixture));
  g_autoptr (GPtrArray) answer = fixture_begin (&fixture, one_scope);
  fixture_add_commit (&fixture, answer, &wrong, 1);
  g_assert_true (fixture_apply (&fixture, answer, &error));
  g_assert_false (pk_writer_wants_pull (fixture.writer));
  g_assert_false (asks_for_ranges (&fixture));
  fixture_tear_down (&fixture);
}

static void
test_another_epoch_is_refused_until_it_is_taken_over (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = fixture_make_task (&fixture, "Før");
  fixture_give_task (&fixture, task);
  g_autoptr (PkMutation)
      mutation = fixture_set_title (&fixture, pk_record_get_id (task), "Før", "Min");
  fixture_submit (&fixture, mutation);
  g_autoptr (PkVerdict)
      verdict = pk_verdict_new (mutation->n, &mutation->id, PK_VERDICT_APPLIED, fixture.seq + 1);
  pk_record_set_text (task, PK_TASK_TITLE, "Min");
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, one_scope);
  fixture_add_row (&fixture, lines, task, (guint[]){ 0 }, 1);
  fixture_add_verdict (lines, verdict);
  fixture_add_commit (&fixture, lines, NULL, 0);
  g_assert_true (fixture_apply (&fixture, lines, &error));
  g_autoptr (GPtrArray) none = pk_writer_take_unsent (fixture.writer, 0, 10, FALSE, &error);
  g_assert_cmpuint (none->len, ==, 0);

  /* The backup knows less, and is another history. */
  fixture.epoch = pk_id_source_next (fixture.ids);
  fixture.seq = 0;
  g_autoptr (GPtrArray) restored = fixture_begin (&fixture, one_scope);
  fixture_add_commit (&fixture, restored, NULL, 0);
  g_assert_false (fixture_apply (&fixture, restored, &error));
  g_assert_error (error, PK_REPLICA_ERROR, PK_REPLICA_ERROR_EPOCH);
  g_clear_error (&error);
  g_assert_true (pk_writer_change_epoch (fixture.writer, &fixture.epoch, &error));
  g_assert_true (fixture_apply (&fixture, restored, &error));

  assert_title (&fixture, task, "Min");
  g_autoptr (GPtrArray) again = pk_writer_take_unsent (fixture.writer, 0, 10, FALSE, &error);
  g_assert_cmpuint (again->len, ==, 1);
  fixture_tear_down (&fixture);
}

/* Else it would never hear that the server was restored from a backup, and not send again what that has lost. */
static void
test_a_replica_made_anew_knows_the_epoch_of_the_one_before (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  PkId epoch;

  fixture_set_up (&fixture);
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, one_scope);
  fixture_add_commit (&fixture, lines, NULL, 0);
  g_assert_true (fixture_apply (&fixture, lines, &error));

  g_assert_true (pk_writer_start_over (fixture.writer, &error));

  g_assert_true (pk_writer_get_epoch (fixture.writer, &epoch, &error));
  g_assert_true (pk_id_equal (&epoch, &fixture.epoch));
  fixture_tear_down (&fixture);
}

static void
test_a_scope_with_a_snapshot_is_left_for_it (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  g_autofree char *sha256 = pk_sha256_of_bytes ("x", 1);

  fixture_set_up (&fixture);
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, two_scopes);
  PkFeedScope *offered = ((PkFeedLine *) lines->pdata[0])->scopes->pdata[1];
  offered->snapshot = g_steal_pointer (&sha256);
  fixture_add_commit (&fixture, lines, NULL, 0);
  g_assert_true (fixture_apply (&fixture, lines, &error));

  g_assert_cmpint (count_of (&fixture, "everyone"), ==, fixture.seq);
  g_assert_cmpint (count_of (&fixture, "role/editor"), ==, -1);
  g_autoptr (GPtrArray) wanted = pk_writer_list_wanted_snapshots (fixture.writer);
  g_assert_cmpuint (wanted->len, ==, 1);
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (fixture.writer, PK_PULL_ALL_AS_ROWS, &error);
  g_assert_cmpuint (request->scopes->len, ==, 2);
  fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/feed/a-record-goes-when-its-last-scope-goes",
                   test_a_record_goes_when_its_last_scope_goes);
  g_test_add_func ("/feed/applying-an-answer-twice-is-refused-as-a-gap",
                   test_applying_an_answer_twice_is_refused_as_a_gap);
  g_test_add_func ("/feed/a-checkpoint-without-its-end-changes-nothing",
                   test_a_checkpoint_without_its_end_changes_nothing);
  g_test_add_func ("/feed/a-row-for-a-scope-that-nobody-named-is-refused-whole",
                   test_a_row_for_a_scope_that_nobody_named_is_refused_whole);
  g_test_add_func ("/feed/a-scope-that-differs-is-asked-for-by-ranges-at-most-once-an-hour",
                   test_a_scope_that_differs_is_asked_for_by_ranges_at_most_once_an_hour);
  g_test_add_func ("/feed/a-server-that-knows-no-ranges-is-asked-once",
                   test_a_server_that_knows_no_ranges_is_asked_once);
  g_test_add_func ("/feed/another-epoch-is-refused-until-it-is-taken-over",
                   test_another_epoch_is_refused_until_it_is_taken_over);
  g_test_add_func ("/feed/a-replica-made-anew-knows-the-epoch-of-the-one-before",
                   test_a_replica_made_anew_knows_the_epoch_of_the_one_before);
  g_test_add_func ("/feed/a-scope-with-a-snapshot-is-left-for-it",
                   test_a_scope_with_a_snapshot_is_left_for_it);
  return g_test_run ();
}

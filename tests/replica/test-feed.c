/* Applying the server's feed: whole checkpoints or nothing, scopes, repair, lost time. */
#include "config.h"

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

static void
test_a_scope_that_differs_is_asked_for_anew_at_most_once_an_hour (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  PkFeedCheck wrong = { .scope = 0, .count = 7 };

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) kept = fixture_make_task (&fixture, "Finnes");
  g_autoptr (PkRecord) stale = fixture_make_task (&fixture, "Finnes ikke hos tjeneren");
  fixture_give_task (&fixture, stale);
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, one_scope);
  fixture_add_row (&fixture, lines, kept, (guint[]){ 0 }, 1);
  fixture_add_commit (&fixture, lines, &wrong, 1);
  g_assert_true (fixture_apply (&fixture, lines, &error));
  g_assert_cmpint (count_of (&fixture, "everyone"), ==, 0);

  /* All of the scope comes, and nothing else: what did not come goes. */
  PkFeedCheck right = { .scope = 0, .count = 1 };
  g_autoptr (GPtrArray) whole = fixture_begin (&fixture, one_scope);
  fixture_add_row (&fixture, whole, kept, (guint[]){ 0 }, 1);
  pk_fingerprint_add (&right.fingerprint,
                      PK_ENTITY_TASK,
                      pk_record_get_id (kept),
                      pk_record_get_seq (kept));
  fixture_add_commit (&fixture, whole, &right, 1);
  g_assert_true (fixture_apply (&fixture, whole, &error));
  assert_title (&fixture, kept, "Finnes");
  assert_title (&fixture, stale, NULL);
  g_assert_cmpint (count_of (&fixture, "everyone"), ==, fixture.seq);

  g_autoptr (GPtrArray) again = fixture_begin (&fixture, one_scope);
  fixture_add_commit (&fixture, again, &wrong, 1);
  g_assert_true (fixture_apply (&fixture, again, &error));
  g_assert_cmpint (count_of (&fixture, "everyone"), ==, fixture.seq);
  pk_clock_advance (fixture.clock, G_TIME_SPAN_HOUR);
  g_assert_cmpint (count_of (&fixture, "everyone"), ==, 0);
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
  g_test_add_func ("/feed/a-scope-that-differs-is-asked-for-anew-at-most-once-an-hour",
                   test_a_scope_that_differs_is_asked_for_anew_at_most_once_an_hour);
  g_test_add_func ("/feed/another-epoch-is-refused-until-it-is-taken-over",
                   test_another_epoch_is_refused_until_it_is_taken_over);
  g_test_add_func ("/feed/a-scope-with-a-snapshot-is-left-for-it",
                   test_a_scope_with_a_snapshot_is_left_for_it);
  return g_test_run ();
}

/* Bootstrap from snapshots: a new file beside the old one, or into what is there. */
#include "config.h"

#include "pk-search.h"
#include "pk-writer-private.h"
#include "replica-fixture.h"
#include "snapshot-file.h"

static char *
make_snapshot (Fixture *fixture, const char *scope, PkRecord *const *records, guint n, gint64 seq)
{
  g_autofree char *name = g_strdelimit (g_strdup (scope), "/", '-');
  g_autofree char *plain = g_strdup_printf ("%s/blobs/%s.db", fixture->directory, name);
  char *compressed = g_strconcat (plain, ".zst", NULL);
  SnapshotFile file;

  snapshot_file_begin (&file, plain);
  for (guint i = 0; i < n; i++)
    snapshot_file_add (&file, records[i]);
  snapshot_file_end (&file, scope, seq, compressed);
  return compressed;
}

static gboolean
install (Fixture *fixture, const char *path, GError **error)
{
  const char *const paths[] = { path, NULL };

  return pk_writer_install_snapshots (fixture->writer, paths, error);
}

static void
renew_reader (Fixture *fixture)
{
  g_clear_pointer (&fixture->reader, pk_reader_free);
  fixture->reader = pk_reader_open (fixture->directory, NULL);
}

static void
assert_title (Fixture *fixture, PkRecord *task, const char *expected)
{
  g_autofree char *title = fixture_get_title (fixture, pk_record_get_id (task));

  g_assert_cmpstr (title, ==, expected);
}

static PkRecord *
make_task_at (Fixture *fixture, const char *title, gint64 seq)
{
  PkRecord *task = fixture_make_task (fixture, title);

  pk_record_set_seq (task, seq);
  return task;
}

static void
test_an_empty_replica_takes_a_snapshot_and_goes_on_from_it (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  gboolean has_more = TRUE;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) one = make_task_at (&fixture, "En", 5);
  g_autoptr (PkRecord) two = make_task_at (&fixture, "To", 9);
  g_autofree char *path = make_snapshot (&fixture, "everyone", (PkRecord *[]){ one, two }, 2, 10);
  g_assert_true (install (&fixture, path, &error));
  renew_reader (&fixture);
  assert_title (&fixture, one, "En");

  /* What comes after the snapshot fits to it: the fingerprint is that of both records. */
  PkFeedCheck check = { .scope = 0, .count = 2 };
  const char *const scopes[] = { "everyone", NULL };
  fixture.seq = 10;
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, scopes);
  pk_record_set_text (two, PK_TASK_TITLE, "To, endret");
  fixture_add_row (&fixture, lines, two, (guint[]){ 0 }, 1);
  pk_fingerprint_add (&check.fingerprint, PK_ENTITY_TASK, pk_record_get_id (one), 5);
  pk_fingerprint_add (&check.fingerprint, PK_ENTITY_TASK, pk_record_get_id (two), fixture.seq);
  fixture_add_commit (&fixture, lines, &check, 1);
  g_assert_true (fixture_apply (&fixture, lines, &error));
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (fixture.writer, PK_PULL_DEFAULT, &error);
  g_assert_cmpint (((PkScopeCursor *) request->scopes->pdata[0])->cursor, ==, 11);

  while (has_more)
    g_assert_true (pk_writer_do_upkeep (fixture.writer, &has_more, &error));
  g_autoptr (GPtrArray)
      hits = pk_reader_search (fixture.reader, "endret", PK_SEARCH_TASKS, 10, &error);
  g_assert_cmpuint (hits->len, ==, 1);
  fixture_tear_down (&fixture);
}

static void
test_a_snapshot_of_another_history_replaces_what_was_kept (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = fixture_make_task (&fixture, "Fra før");
  fixture.seq = 60;
  fixture_give_task (&fixture, task);
  g_autoptr (PkMutation)
      change = fixture_set_title (&fixture, pk_record_get_id (task), "Fra før", "Min");
  fixture_submit (&fixture, change);
  PkId epoch = pk_id_source_next (fixture.ids);
  g_assert_true (pk_writer_change_epoch (fixture.writer, &epoch, &error));

  /* The server has lost time, and its version has a lower number than the one that is here. */
  pk_record_set_seq (task, 20);
  pk_record_set_text (task, PK_TASK_TITLE, "Fra sikkerhetskopien");
  pk_record_set_text (task, PK_TASK_PLACE, "Kjelleren");
  g_autofree char *path = make_snapshot (&fixture, "role/editor", &task, 1, 21);
  g_assert_true (install (&fixture, path, &error));
  renew_reader (&fixture);
  g_autoptr (PkRecord)
      seen = pk_reader_find (fixture.reader, change->entity, &change->record, &error);
  g_assert_cmpint (pk_record_get_seq (seen), ==, 20);
  g_assert_cmpstr (pk_record_get_text (seen, PK_TASK_PLACE), ==, "Kjelleren");
  g_assert_cmpstr (pk_record_get_text (seen, PK_TASK_TITLE), ==, "Min");
  fixture_tear_down (&fixture);
}

static void
test_own_work_shows_over_a_snapshot (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autoptr (PkMutation) fresh = fixture_create_task (&fixture, "Ny");
  fixture_submit (&fixture, fresh);
  g_autoptr (PkRecord) one = make_task_at (&fixture, "En", 5);
  g_autofree char *path = make_snapshot (&fixture, "everyone", &one, 1, 10);
  g_assert_true (install (&fixture, path, &error));
  renew_reader (&fixture);
  g_autofree char *title = fixture_get_title (&fixture, &fresh->record);
  g_assert_cmpstr (title, ==, "Ny");

  /* A second snapshot brings a newer version of what was changed here. */
  g_autoptr (PkMutation) change = fixture_set_title (&fixture, pk_record_get_id (one), "En", "Min");
  fixture_submit (&fixture, change);
  pk_record_set_seq (one, 20);
  pk_record_set_text (one, PK_TASK_PLACE, "Loftet");
  g_autoptr (PkRecord) two = make_task_at (&fixture, "To", 15);
  g_autofree char *second =
      make_snapshot (&fixture, "role/editor", (PkRecord *[]){ one, two }, 2, 21);
  g_assert_true (install (&fixture, second, &error));
  g_autoptr (PkRecord)
      seen = pk_reader_find (fixture.reader, change->entity, &change->record, &error);
  g_assert_cmpstr (pk_record_get_text (seen, PK_TASK_TITLE), ==, "Min");
  g_assert_cmpstr (pk_record_get_text (seen, PK_TASK_PLACE), ==, "Loftet");
  assert_title (&fixture, two, "To");
  fixture_crash (&fixture);
  fixture_reopen (&fixture);
  assert_title (&fixture, one, "Min");
  fixture_tear_down (&fixture);
}

/* More bytes, also packed, than a new replica's file has. */
static char *
make_large_snapshot (Fixture *fixture, const char *scope, PkRecord *shared, gint64 seq)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  g_ptr_array_add (records, pk_record_ref (shared));
  for (guint i = 0; i < 4000; i++)
    {
      PkRecord *task = make_task_at (fixture, "Mange", 5);
      g_autoptr (GString) text = g_string_new (NULL);
      for (guint j = 0; j < 20; j++)
        g_string_append_printf (text, "%08x", g_rand_int (random));
      pk_record_set_text (task, PK_TASK_DESCRIPTION, text->str);
      g_ptr_array_add (records, task);
    }
  return make_snapshot (fixture, scope, (PkRecord **) records->pdata, records->len, seq);
}

static gint64
get_cursor (Fixture *fixture, const char *scope)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (fixture->writer, PK_PULL_DEFAULT, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < request->scopes->len; i++)
    {
      const PkScopeCursor *cursor = request->scopes->pdata[i];
      if (g_str_equal (cursor->name, scope))
        return cursor->cursor;
    }
  return -1;
}

static void
test_where_more_comes_than_is_here_what_is_here_goes_over (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) here = fixture_make_task (&fixture, "Her");
  g_autoptr (PkRecord) changed = fixture_make_task (&fixture, "Endres");
  g_autoptr (PkRecord) deleted = fixture_make_task (&fixture, "Slettes");
  fixture_give_task (&fixture, here);
  fixture_give_task (&fixture, changed);
  fixture_give_task (&fixture, deleted);
  gint64 cursor = get_cursor (&fixture, "everyone");
  g_autoptr (PkMutation) fresh = fixture_create_task (&fixture, "Ny");
  g_autoptr (PkMutation)
      change = fixture_set_title (&fixture, pk_record_get_id (changed), "Endres", "Min");
  g_autoptr (PkMutation)
      gone = pk_mutation_new (PK_OP_DELETE, change->entity, NULL, pk_record_get_id (deleted));
  fixture_submit (&fixture, fresh);
  fixture_submit (&fixture, change);
  fixture_submit (&fixture, gone);

  pk_record_set_seq (changed, cursor + 10);
  pk_record_set_text (changed, PK_TASK_PLACE, "Loftet");
  g_autofree char *path = make_large_snapshot (&fixture, "role/editor", changed, cursor + 11);
  g_assert_true (install (&fixture, path, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (pk_writer_get_generation (fixture.writer), ==, 2);
  renew_reader (&fixture);

  assert_title (&fixture, here, "Her");
  assert_title (&fixture, deleted, NULL);
  g_autofree char *title = fixture_get_title (&fixture, &fresh->record);
  g_assert_cmpstr (title, ==, "Ny");
  g_autoptr (PkRecord)
      seen = pk_reader_find (fixture.reader, change->entity, &change->record, &error);
  g_assert_cmpstr (pk_record_get_text (seen, PK_TASK_TITLE), ==, "Min");
  g_assert_cmpstr (pk_record_get_text (seen, PK_TASK_PLACE), ==, "Loftet");
  g_assert_cmpint (get_cursor (&fixture, "everyone"), ==, cursor);
  g_assert_cmpint (get_cursor (&fixture, "role/editor"), ==, cursor + 11);

  /* The scope that went over goes on from its cursor, with the fingerprint that it had. */
  const char *const scopes[] = { "everyone", "role/editor", NULL };
  fixture.seq = cursor + 11;
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, scopes);
  pk_record_set_text (here, PK_TASK_TITLE, "Her, endret");
  fixture_add_row (&fixture, lines, here, (guint[]){ 0 }, 1);
  PkFeedCheck check = { .scope = 0, .count = 3 };
  PkRecord *const all[] = { here, changed, deleted };
  for (guint i = 0; i < 3; i++)
    pk_fingerprint_add (&check.fingerprint,
                        PK_ENTITY_TASK,
                        pk_record_get_id (all[i]),
                        all[i] == changed ? cursor - 1 : pk_record_get_seq (all[i]));
  fixture_add_commit (&fixture, lines, &check, 1);
  g_assert_true (fixture_apply (&fixture, lines, &error));
  assert_title (&fixture, here, "Her, endret");
  g_assert_cmpint (get_cursor (&fixture, "everyone"), ==, fixture.seq);
  fixture_tear_down (&fixture);
}

typedef struct
{
  gboolean is_waiting;
  guint n_asked;
} Person;

static gboolean
is_waiting_cb (gpointer data)
{
  Person *person = data;

  person->n_asked++;
  return person->is_waiting;
}

static void
test_upkeep_gives_way_to_a_person_and_ends_in_the_end (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  Person person = { .is_waiting = TRUE };
  gboolean has_more = TRUE;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = make_task_at (&fixture, "Takrenne", 5);
  fixture_give_task (&fixture, task);
  g_autofree char *path = make_large_snapshot (&fixture, "role/editor", task, 10);
  g_assert_true (install (&fixture, path, &error));
  pk_writer_set_yield (fixture.writer, is_waiting_cb, &person);
  for (guint i = 0; i < 100 && person.n_asked < 3; i++)
    g_assert_true (pk_writer_do_upkeep (fixture.writer, &has_more, &error));
  g_assert_cmpuint (person.n_asked, ==, 3);
  g_assert_true (has_more);
  g_autoptr (PkMutation) mine = fixture_create_task (&fixture, "Gjerde");
  fixture_submit (&fixture, mine);
  person.is_waiting = FALSE;
  while (has_more)
    g_assert_true (pk_writer_do_upkeep (fixture.writer, &has_more, &error));
  renew_reader (&fixture);
  g_autoptr (GPtrArray)
      hits = pk_reader_search (fixture.reader, "gjerde", PK_SEARCH_TASKS, 10, &error);
  g_assert_cmpuint (hits->len, ==, 1);
  fixture_tear_down (&fixture);
}

static void
test_a_broken_snapshot_leaves_everything_as_it_was (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  fixture_set_up (&fixture);
  g_autoptr (PkMutation) fresh = fixture_create_task (&fixture, "Ny");
  fixture_submit (&fixture, fresh);
  g_autoptr (PkRecord) one = make_task_at (&fixture, "En", 5);
  g_autofree char *path = make_snapshot (&fixture, "everyone", &one, 1, 10);
  g_assert_true (g_file_get_contents (path, &bytes, &size, &error));
  for (gsize keep = 0; keep < size; keep += 1 + size / 40)
    {
      g_autoptr (GError) broken = NULL;
      g_assert_true (g_file_set_contents (path, bytes, (gssize) keep, &error));
      g_assert_false (install (&fixture, path, &broken));
      g_assert_nonnull (broken);
      g_autofree char *title = fixture_get_title (&fixture, &fresh->record);
      g_assert_cmpstr (title, ==, "Ny");
    }
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, &error));
  g_assert_true (install (&fixture, path, &error));
  renew_reader (&fixture);
  assert_title (&fixture, one, "En");
  fixture_tear_down (&fixture);
}

static void
test_a_crash_while_building_costs_nothing (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = fixture_make_task (&fixture, "Her");
  fixture_give_task (&fixture, task);
  fixture_crash (&fixture);
  g_autofree char *part = g_build_filename (fixture.directory, "replica-2.db.part", NULL);
  g_assert_true (g_file_set_contents (part, "half a file", -1, &error));
  fixture_reopen (&fixture);
  assert_title (&fixture, task, "Her");
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/snapshot/an-empty-replica-takes-a-snapshot-and-goes-on-from-it",
                   test_an_empty_replica_takes_a_snapshot_and_goes_on_from_it);
  g_test_add_func ("/snapshot/a-snapshot-of-another-history-replaces-what-was-kept",
                   test_a_snapshot_of_another_history_replaces_what_was_kept);
  g_test_add_func ("/snapshot/own-work-shows-over-a-snapshot", test_own_work_shows_over_a_snapshot);
  g_test_add_func ("/snapshot/where-more-comes-than-is-here-what-is-here-goes-over",
                   test_where_more_comes_than_is_here_what_is_here_goes_over);
  g_test_add_func ("/snapshot/upkeep-gives-way-to-a-person-and-ends-in-the-end",
                   test_upkeep_gives_way_to_a_person_and_ends_in_the_end);
  g_test_add_func ("/snapshot/a-broken-snapshot-leaves-everything-as-it-was",
                   test_a_broken_snapshot_leaves_everything_as_it_was);
  g_test_add_func ("/snapshot/a-crash-while-building-costs-nothing",
                   test_a_crash_while_building_costs_nothing);
  return g_test_run ();
}

/* Crashes at the worst moment, full disks, files that are no longer what they were. The outbox is what must not be lost. */
#include "config.h"

#include "pk-outbox.h"
#include "pk-writer-private.h"
#include "pk-writer-sync.h"
#include "replica-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_TASKS 60

static PkId
submit_title (Fixture *fixture, const char *title)
{
  g_autoptr (PkMutation) mutation = fixture_create_task (fixture, title);

  fixture_submit (fixture, mutation);
  return mutation->record;
}

static void
fill (Fixture *fixture)
{
  for (guint i = 0; i < N_TASKS; i++)
    {
      g_autofree char *title = g_strdup_printf ("Oppgave nummer %u", i);
      submit_title (fixture, title);
    }
}

static guint
count_waiting (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray)
      entries = pk_reader_list_outbox (fixture->reader, PK_OUTBOX_WAITING, NULL, 1000, &error);

  g_assert_no_error (error);
  return entries->len;
}

static void
test_a_crash_between_the_two_commits_is_mended (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) mutations = g_ptr_array_new ();

  fixture_set_up (&fixture);
  g_autoptr (PkMutation) mutation = fixture_create_task (&fixture, "Bare i utboksen");
  g_ptr_array_add (mutations, mutation);
  g_assert_true (pk_outbox_number (fixture.writer, mutations, &error));
  g_assert_true (pk_outbox_append (fixture.writer, mutation, 0, &error));
  fixture_crash (&fixture);
  fixture_reopen (&fixture);
  g_autofree char *title = fixture_get_title (&fixture, &mutation->record);
  g_assert_cmpstr (title, ==, "Bare i utboksen");
  fixture_tear_down (&fixture);
}

static void
test_what_the_outbox_does_not_know_does_not_show (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autoptr (PkMutation) mutation = fixture_create_task (&fixture, "Aldri lagret");
  g_assert_true (pk_writer_begin (fixture.writer, &error));
  g_assert_true (pk_overlay_try (fixture.writer, mutation, &error));
  g_assert_true (pk_sql_commit (fixture.writer->sql, &error));
  fixture_crash (&fixture);
  fixture_reopen (&fixture);
  g_assert_null (fixture_get_title (&fixture, &mutation->record));
  fixture_tear_down (&fixture);
}

static void
set_writable (PkSql *sql, gboolean is_writable)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
      pk_sql_exec (sql, is_writable ? "PRAGMA query_only = 0" : "PRAGMA query_only = 1", &error));
}

static void
test_what_is_set_aside_goes_once_the_replica_can_be_written (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL, fault = NULL;

  fixture_set_up (&fixture);
  PkId task = submit_title (&fixture, "Kan ikke sendes");
  pk_problem_set (&fault, PK_PROBLEM_MALFORMED, NULL, "A line makes no sense");
  set_writable (fixture.writer->sql, FALSE);
  g_assert_false (pk_writer_set_aside_first (fixture.writer, fault, &error));
  g_clear_error (&error);
  g_assert_cmpuint (count_waiting (&fixture), ==, 0);
  set_writable (fixture.writer->sql, TRUE);
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (fixture.writer, PK_PULL_DEFAULT, &error);
  g_assert_no_error (error);
  g_assert_null (fixture_get_title (&fixture, &task));
  fixture_tear_down (&fixture);
}

static void
test_what_waits_again_shows_once_the_replica_can_be_written (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray)
      verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_verdict_free);

  fixture_set_up (&fixture);
  g_autoptr (PkMutation) mutation = fixture_create_task (&fixture, "Ventet");
  fixture_submit (&fixture, mutation);
  g_ptr_array_add (verdicts, pk_verdict_new (1, &mutation->id, PK_VERDICT_APPLIED, 0));
  g_assert_true (pk_writer_take_verdicts (fixture.writer, verdicts, &error));
  g_assert_null (fixture_get_title (&fixture, &mutation->record));

  PkId epoch = pk_id_source_next (fixture.ids);
  set_writable (fixture.writer->sql, FALSE);
  g_assert_false (pk_writer_change_epoch (fixture.writer, &epoch, &error));
  g_clear_error (&error);
  set_writable (fixture.writer->sql, TRUE);
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (fixture.writer, PK_PULL_DEFAULT, &error);
  g_assert_no_error (error);
  g_autofree char *title = fixture_get_title (&fixture, &mutation->record);
  g_assert_cmpstr (title, ==, "Ventet");
  fixture_tear_down (&fixture);
}

static void
limit_pages (PkSql *sql, gboolean is_limited)
{
  g_autoptr (GError) error = NULL;

  /* SQLite rounds up to what the file has already. */
  g_assert_true (
      pk_sql_exec (sql,
                   is_limited ? "PRAGMA max_page_count = 1" : "PRAGMA max_page_count = 1000000",
                   &error));
}

static void
assert_full_disk_is_said (PkSql *sql, Fixture *fixture)
{
  gboolean was_full = FALSE;

  limit_pages (sql, TRUE);
  for (guint i = 0; i < 2000 && !was_full; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) mutations = g_ptr_array_new ();
      g_autoptr (PkMutation) mutation = fixture_create_task (fixture, "Full disk");
      guint n_before = count_waiting (fixture);
      g_ptr_array_add (mutations, mutation);
      if (pk_writer_submit (fixture->writer, mutations, &error))
        continue;
      was_full = TRUE;
      g_assert_error (error, PK_REPLICA_ERROR, PK_REPLICA_ERROR_FULL);
      g_assert_null (fixture_get_title (fixture, &mutation->record));
      g_assert_cmpuint (count_waiting (fixture), ==, n_before);
    }
  g_assert_true (was_full);
  limit_pages (sql, FALSE);
}

static void
test_a_full_disk_is_said_before_anything_shows_as_saved (void)
{
  Fixture fixture;

  fixture_set_up (&fixture);
  PkId first = submit_title (&fixture, "Før");
  assert_full_disk_is_said (fixture.writer->outbox, &fixture);
  assert_full_disk_is_said (fixture.writer->sql, &fixture);
  g_autofree char *title = fixture_get_title (&fixture, &first);
  g_assert_cmpstr (title, ==, "Før");
  submit_title (&fixture, "Etter");
  fixture_tear_down (&fixture);
}

static char *
find_replica (Fixture *fixture)
{
  return pk_replica_path (fixture->directory, pk_replica_find_generation (fixture->directory), "");
}

static void
overwrite (const char *path, gsize place, gsize length, char byte)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, &error));
  for (gsize i = place; i < MIN (place + length, size); i++)
    bytes[i] = byte;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, &error));
}

static void
empty_wals (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (pk_sql_checkpoint (fixture->writer->sql, &error));
  g_assert_true (pk_sql_checkpoint (fixture->writer->outbox, &error));
  fixture_crash (fixture);
}

static void
test_a_damaged_replica_costs_nothing_of_the_outbox (void)
{
  Fixture fixture;

  fixture_set_up (&fixture);
  fill (&fixture);
  for (gsize place = 0; place < 400000; place += 9973)
    {
      empty_wals (&fixture);
      g_autofree char *path = find_replica (&fixture);
      overwrite (path, place, place % 3 == 0 ? 4096 : 7, place % 2 == 0 ? '\0' : 'x');
      fixture_reopen (&fixture);
      g_assert_cmpuint (count_waiting (&fixture), >=, N_TASKS);
      submit_title (&fixture, "Etter skaden");
    }
  fixture_tear_down (&fixture);
}

static void
test_a_replica_that_is_cut_off_is_made_anew (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  PkId task = submit_title (&fixture, "Usendt");
  for (guint keep = 1; keep < 100000; keep = keep * 3 + 1)
    {
      g_autofree char *bytes = NULL;
      gsize size;
      empty_wals (&fixture);
      g_autofree char *path = find_replica (&fixture);
      g_assert_true (g_file_get_contents (path, &bytes, &size, &error));
      g_assert_true (g_file_set_contents (path, bytes, (gssize) MIN (keep, size), &error));
      fixture_reopen (&fixture);
      g_autofree char *title = fixture_get_title (&fixture, &task);
      g_assert_cmpstr (title, ==, "Usendt");
    }
  fixture_tear_down (&fixture);
}

static void
test_a_damaged_outbox_is_saved_row_by_row (void)
{
  Fixture fixture;
  guint n_least = N_TASKS;

  for (gsize place = 0; place < 90000; place += 4096)
    {
      fixture_set_up (&fixture);
      fill (&fixture);
      empty_wals (&fixture);
      g_autofree char *path = pk_outbox_path (fixture.directory);
      overwrite (path, place, 4096, '\0');
      fixture_reopen (&fixture);
      n_least = MIN (n_least, count_waiting (&fixture));
      submit_title (&fixture, "Etter skaden");
      fixture_tear_down (&fixture);
    }
  /* One page holds a handful of lines; no more than those may go. */
  g_test_message ("at least %u of %u were saved", n_least, N_TASKS);
  g_assert_cmpuint (n_least, >=, N_TASKS - 16);
}

static void
test_an_erasure_that_fails_leaves_something_to_go_on_with (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) full = NULL;

  fixture_set_up (&fixture);
  fill (&fixture);
  /* Something else has the name of the file that the erased replica would get. */
  g_autofree char *taken =
      pk_replica_path (fixture.directory, pk_writer_get_generation (fixture.writer) + 1, "");
  g_assert_cmpint (g_mkdir (taken, 0700), ==, 0);
  g_assert_false (pk_writer_erase (fixture.writer, FALSE, &error));
  PkStatement *query = pk_sql_prepare (fixture.writer->sql, "SELECT count(*) FROM task", &full);
  g_assert_no_error (full);
  g_assert_true (pk_statement_next (query, NULL));
  g_assert_cmpint (pk_statement_get_int (query, 0), ==, 0);
  pk_statement_reset (query);
  g_assert_true (pk_writer_erase (fixture.writer, FALSE, &full));
  g_assert_no_error (full);
  g_rmdir (taken);
  fixture_crash (&fixture);
  fixture_reopen (&fixture);
  g_assert_cmpuint (count_waiting (&fixture), ==, N_TASKS);
  fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/damage/a-crash-between-the-two-commits-is-mended",
                   test_a_crash_between_the_two_commits_is_mended);
  g_test_add_func ("/damage/what-is-set-aside-goes-once-the-replica-can-be-written",
                   test_what_is_set_aside_goes_once_the_replica_can_be_written);
  g_test_add_func ("/damage/what-waits-again-shows-once-the-replica-can-be-written",
                   test_what_waits_again_shows_once_the_replica_can_be_written);
  g_test_add_func ("/damage/what-the-outbox-does-not-know-does-not-show",
                   test_what_the_outbox_does_not_know_does_not_show);
  g_test_add_func ("/damage/a-full-disk-is-said-before-anything-shows-as-saved",
                   test_a_full_disk_is_said_before_anything_shows_as_saved);
  g_test_add_func ("/damage/a-damaged-replica-costs-nothing-of-the-outbox",
                   test_a_damaged_replica_costs_nothing_of_the_outbox);
  g_test_add_func ("/damage/a-replica-that-is-cut-off-is-made-anew",
                   test_a_replica_that_is_cut_off_is_made_anew);
  g_test_add_func ("/damage/an-erasure-that-fails-leaves-something-to-go-on-with",
                   test_an_erasure_that_fails_leaves_something_to_go_on_with);
  g_test_add_func ("/damage/a-damaged-outbox-is-saved-row-by-row",
                   test_a_damaged_outbox_is_saved_row_by_row);
  return g_test_run ();
}

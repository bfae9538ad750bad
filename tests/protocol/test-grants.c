/* Grants that change in the middle of everything: what a person may not see any more is gone, what it may see again is whole. */
#include "config.h"

#include "pk-pair.h"

#include "pk-snapshot.h"

#include <string.h>

#define N_TASKS 300

static void
move_kari (PkPair *pair, const PkId *unit)
{
  g_autoptr (PkRecord) person = pk_pair_find (pair, PK_ENTITY_PERSON, &pair->kari);

  pk_record_set_ref (person, PK_PERSON_UNIT_ID, unit);
  pk_pair_import (pair, person);
}

static void
fill (PkPair *pair)
{
  for (guint i = 0; i < N_TASKS; i++)
    {
      g_autofree char *title = g_strdup_printf ("Hemmelig%u", i);
      g_autoptr (PkRecord) task = pk_pair_make_task (pair, &pair->unit, title);
      pk_pair_import (pair, task);
    }
}

/* No byte of what the person may not see is left, in any file. */
static void
assert_no_trace (PkPairClient *client)
{
  g_autoptr (GDir) dir = NULL;
  gboolean has_more = TRUE;
  const char *name;

  while (has_more)
    g_assert_true (pk_writer_do_upkeep (client->writer, &has_more, NULL));
  pk_pair_client_close (client);
  dir = g_dir_open (client->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (client->dir, name, NULL);
      g_autofree char *bytes = NULL;
      gsize size;
      if (!g_file_get_contents (path, &bytes, &size, NULL))
        continue;
      if (memmem (bytes, size, "Hemmelig", strlen ("Hemmelig")) != NULL)
        g_error ("%s still holds what is not for this person", name);
    }
  pk_pair_client_open (client);
}

static void
test_a_unit_that_is_left_leaves_no_trace_and_comes_back_whole (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);

  fill (pair);
  pk_pair_client_sync (client);
  move_kari (pair, &pair->other_unit);
  pk_pair_client_sync (client);
  pk_pair_client_assert_in_step (client);
  assert_no_trace (client);
  move_kari (pair, &pair->unit);
  pk_pair_client_sync (client);
  pk_pair_client_assert_in_step (client);
}

static void
test_a_grant_lost_between_the_offer_and_the_snapshot (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (GError) error = NULL;
  gboolean may_read = TRUE;

  fill (pair);
  pk_pair_make_snapshots (pair, 100);
  pk_pair_client_pull (client, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) wanted = pk_writer_list_wanted_snapshots (client->writer);
  g_assert_cmpuint (wanted->len, ==, 1);
  move_kari (pair, &pair->other_unit);
  pk_snapshot_may_read (pair->service,
                        &pair->kari,
                        ((PkFeedScope *) wanted->pdata[0])->snapshot,
                        &may_read,
                        &error);
  g_assert_false (may_read);
  pk_pair_client_sync (client);
  pk_pair_client_assert_in_step (client);
}

static void
test_a_grant_lost_between_fetching_and_installing (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (GError) error = NULL;

  fill (pair);
  pk_pair_make_snapshots (pair, 100);
  pk_pair_client_pull (client, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) wanted = pk_writer_list_wanted_snapshots (client->writer);
  g_autofree char *path = pk_snapshot_dup_path (pair->service,
                                                ((PkFeedScope *) wanted->pdata[0])->snapshot);
  const char *const paths[] = { path, NULL };
  move_kari (pair, &pair->other_unit);
  g_assert_true (pk_writer_install_snapshots (client->writer, paths, &error));
  pk_pair_client_sync (client);
  pk_pair_client_assert_in_step (client);
  assert_no_trace (client);
}

static void
test_a_grant_lost_in_the_middle_of_a_repair (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (GError) error = NULL;

  fill (pair);
  pk_pair_client_sync (client);
  pk_pair_client_exec (client,
                       "DELETE FROM member WHERE id = (SELECT id FROM task LIMIT 1 OFFSET 200);"
                       "UPDATE scope SET is_suspect = 1 WHERE name LIKE 'unit/%'");
  pk_pair_client_pull (client, &error);
  g_assert_no_error (error);
  g_assert_true (pk_writer_wants_pull (client->writer));
  move_kari (pair, &pair->other_unit);
  pk_pair_client_sync (client);
  g_assert_false (pk_writer_wants_pull (client->writer));
  move_kari (pair, &pair->unit);
  pk_pair_client_sync (client);
  pk_pair_client_assert_in_step (client);
}

static void
test_a_snapshot_that_is_replaced_while_it_is_wanted (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (GError) error = NULL;

  fill (pair);
  pk_pair_make_snapshots (pair, 100);
  pk_pair_client_pull (client, &error);
  g_assert_no_error (error);
  fill (pair);
  pk_pair_make_snapshots (pair, 100);
  pk_pair_client_sync (client);
  pk_pair_client_assert_in_step (client);
}

static void
test_work_on_a_record_that_was_lost_is_judged_and_kept (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkRecord) task = pk_pair_make_task (pair, &pair->unit, "Oppgave");
  g_autoptr (GError) error = NULL;

  pk_pair_import (pair, task);
  pk_pair_client_sync (client);
  g_autoptr (PkMutation) work = pk_pair_client_set_title (client, task, "Oppgave", "Mitt arbeid");
  move_kari (pair, &pair->other_unit);
  pk_pair_client_sync (client);
  g_autoptr (GPtrArray)
      refused = pk_reader_list_outbox (client->reader, PK_OUTBOX_ATTENTION, NULL, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (refused->len, ==, 1);
  g_assert_nonnull (strstr (((PkOutboxEntry *) refused->pdata[0])->line, "Mitt arbeid"));
  pk_pair_client_assert_in_step (client);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/grants/a-unit-that-is-left-leaves-no-trace-and-comes-back-whole",
                   test_a_unit_that_is_left_leaves_no_trace_and_comes_back_whole);
  g_test_add_func ("/grants/a-grant-lost-between-the-offer-and-the-snapshot",
                   test_a_grant_lost_between_the_offer_and_the_snapshot);
  g_test_add_func ("/grants/a-grant-lost-between-fetching-and-installing",
                   test_a_grant_lost_between_fetching_and_installing);
  g_test_add_func ("/grants/a-grant-lost-in-the-middle-of-a-repair",
                   test_a_grant_lost_in_the_middle_of_a_repair);
  g_test_add_func ("/grants/a-snapshot-that-is-replaced-while-it-is-wanted",
                   test_a_snapshot_that_is_replaced_while_it_is_wanted);
  g_test_add_func ("/grants/work-on-a-record-that-was-lost-is-judged-and-kept",
                   test_work_on_a_record_that_was_lost_is_judged_and_kept);
  return g_test_run ();
}

/* The first sync of a device: what is the person's own is here before the large snapshots are even fetched. */
#include "config.h"

#include "pk-pair.h"

#define N_OF_THE_UNIT 300
#define N_OWN         150
#define LEAST_ROWS    100

static void
import_task (PkPair *pair, const char *title, const PkId *assignee)
{
  g_autoptr (PkRecord) task = pk_pair_make_task (pair, &pair->unit, title);

  pk_record_set_ref (task, PK_TASK_ASSIGNEE_ID, assignee);
  pk_pair_import (pair, task);
}

static void
fill (PkPair *pair)
{
  for (guint i = 0; i < N_OF_THE_UNIT; i++)
    import_task (pair, "Andres", &pair->ola);
  for (guint i = 0; i < N_OWN; i++)
    import_task (pair, "Mitt", &pair->kari);
  pk_pair_make_snapshots (pair, LEAST_ROWS);
}

static void
test_own_tasks_are_here_before_any_snapshot (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (GError) error = NULL;

  fill (pair);
  g_assert_true (pk_pair_client_pull (client, &error));
  g_assert_no_error (error);
  g_autoptr (GPtrArray) wanted = pk_writer_list_wanted_snapshots (client->writer);
  g_assert_cmpuint (wanted->len, ==, 1);
  g_assert_true (g_str_has_prefix (((PkFeedScope *) wanted->pdata[0])->name, "unit/"));
  g_assert_cmpint (pk_pair_client_count (client, "SELECT count(*) FROM task"), ==, N_OWN);
  g_assert_cmpint (pk_pair_client_count (client, "SELECT count(*) FROM task WHERE title <> 'Mitt'"),
                   ==,
                   0);
}

static void
test_what_was_done_to_them_meanwhile_stays (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (GError) error = NULL;

  fill (pair);
  g_autoptr (PkRecord) own = pk_pair_make_task (pair, &pair->unit, "Mitt");
  pk_record_set_ref (own, PK_TASK_ASSIGNEE_ID, &pair->kari);
  pk_pair_import (pair, own);
  g_assert_true (pk_pair_client_pull (client, &error));
  g_autoptr (PkMutation) change = pk_pair_client_set_title (client, own, "Mitt", "Mitt, og gjort");
  pk_pair_client_sync (client);
  pk_pair_client_assert_in_step (client);
  g_autoptr (PkRecord) now = pk_pair_find (pair, PK_ENTITY_TASK, pk_record_get_id (own));
  g_assert_cmpstr (pk_record_get_text (now, PK_TASK_TITLE), ==, "Mitt, og gjort");
  g_assert_cmpint (pk_pair_client_count (client, "SELECT count(*) FROM task"),
                   ==,
                   N_OWN + N_OF_THE_UNIT + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/first-look/own-tasks-are-here-before-any-snapshot",
                   test_own_tasks_are_here_before_any_snapshot);
  g_test_add_func ("/first-look/what-was-done-to-them-meanwhile-stays",
                   test_what_was_done_to_them_meanwhile_stays);
  return g_test_run ();
}

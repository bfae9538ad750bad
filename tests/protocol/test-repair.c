/*
 * Repair by ranges, between the real service and a real replica: whatever happened to the replica, it is right afterwards, in as many
 * rounds as the logarithm says, and only what differed travelled. PK_TEST_SEEDS says how many random damages are tried (18).
 */
#include "config.h"

#include "pk-pair.h"

#include <math.h>
#include <stdlib.h>

#define N_TASKS 700

static void
import_tasks (PkPair *pair, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *title = g_strdup_printf ("Oppgave %u", i);
      g_autoptr (PkRecord) task = pk_pair_make_task (pair, &pair->unit, title);
      pk_pair_import (pair, task);
      pk_clock_advance (pair->clock, G_TIME_SPAN_SECOND);
    }
}

static void
touch_server (PkPair *pair)
{
  g_autoptr (PkRecord) task = pk_pair_make_task (pair, &pair->unit, "Ny");

  pk_pair_import (pair, task);
}

static guint
most_rounds (gint64 n)
{
  return (guint) floor (log ((double) MAX (n, 1)) / log (16)) + 1;
}

static gint64
count_members (PkPairClient *client)
{
  return pk_pair_client_count (client, "SELECT max(count) FROM scope");
}

/* What a replica that was damaged needs until it is right. */
static void
repair (PkPairClient *client, guint *n_rows)
{
  pk_pair_client_sync (client);
  *n_rows = client->n_bytes > 0 ? client->n_rows : 0;
  pk_pair_client_assert_in_step (client);
  g_assert_cmpint (pk_pair_client_count (client, "SELECT sum(is_suspect + is_repaired) FROM scope"),
                   ==,
                   0);
}

static void
test_a_row_that_is_missing_comes_back (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  guint n_rows;

  import_tasks (pair, N_TASKS);
  pk_pair_client_sync (client);
  pk_pair_client_assert_in_step (client);
  pk_pair_client_exec (client,
                       "DELETE FROM member WHERE id = (SELECT id FROM task LIMIT 1 OFFSET 300);"
                       "DELETE FROM task WHERE id = (SELECT id FROM task LIMIT 1 OFFSET 300);"
                       "UPDATE scope SET count = count - 1 WHERE name LIKE 'unit/%'");
  touch_server (pair);
  repair (client, &n_rows);
  g_assert_cmpuint (client->n_ranges, >, 0);
  g_assert_cmpuint (client->n_ranges, <=, most_rounds (count_members (client)));
  g_assert_cmpuint (n_rows, <=, 2 * PK_ID_RANGE_LEAF);
}

static void
test_a_record_that_the_server_does_not_have_goes (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  guint n_rows;

  import_tasks (pair, N_TASKS);
  pk_pair_client_sync (client);
  pk_pair_client_exec (client,
                       "INSERT INTO member SELECT entity, x'0197C3F000007000800000000000AAAA',"
                       " scope, seq FROM member WHERE id = (SELECT id FROM task LIMIT 1);"
                       "UPDATE scope SET count = count + 1 WHERE name LIKE 'unit/%'");
  touch_server (pair);
  repair (client, &n_rows);
  g_assert_cmpuint (client->n_ranges, <=, most_rounds (count_members (client)));
}

static void
test_counters_that_are_wrong_are_counted_anew_without_a_row (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  guint n_rows;

  import_tasks (pair, N_TASKS);
  pk_pair_client_sync (client);
  pk_pair_client_exec (client, "UPDATE scope SET count = count + 3, low = low + 1");
  touch_server (pair);
  repair (client, &n_rows);
  g_assert_cmpuint (n_rows, ==, 0);
}

static void
test_a_replica_that_lost_everything_is_filled_in_two_rounds (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  guint n_rows;

  import_tasks (pair, N_TASKS);
  pk_pair_client_sync (client);
  pk_pair_client_exec (client,
                       "DELETE FROM member WHERE id IN (SELECT id FROM task);"
                       "DELETE FROM task");
  pk_pair_client_exec (client, "UPDATE scope SET is_suspect = 1 WHERE name LIKE 'unit/%'");
  repair (client, &n_rows);
  g_assert_cmpuint (client->n_ranges, <=, 2);
}

static void
test_a_scope_is_repaired_at_most_once_an_hour (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  guint n_rows;

  import_tasks (pair, 20);
  pk_pair_client_sync (client);
  pk_pair_client_exec (client, "UPDATE scope SET count = count + 3");
  touch_server (pair);
  repair (client, &n_rows);
  pk_pair_client_exec (client, "UPDATE scope SET count = count + 3");
  touch_server (pair);
  pk_pair_client_sync (client);
  g_assert_cmpuint (client->n_ranges, ==, 0);
  g_assert_cmpint (pk_pair_client_count (client, "SELECT max(is_suspect) FROM scope"), ==, 1);
  pk_clock_advance (pair->clock, G_TIME_SPAN_HOUR);
  repair (client, &n_rows);
  g_assert_cmpuint (client->n_ranges, >, 0);
  g_assert_cmpint (pk_pair_client_count (client, "SELECT value FROM meta WHERE name = 'repairs'"),
                   >=,
                   2);
}

static void
test_a_repair_that_was_cut_short_is_taken_up_again (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (GError) error = NULL;

  import_tasks (pair, N_TASKS);
  pk_pair_client_sync (client);
  pk_pair_client_exec (client,
                       "DELETE FROM member WHERE id = (SELECT id FROM task LIMIT 1 OFFSET 300);"
                       "UPDATE scope SET is_suspect = 1 WHERE name LIKE 'unit/%'");
  pk_pair_client_pull (client, &error);
  g_assert_no_error (error);
  g_assert_true (pk_writer_wants_pull (client->writer));
  pk_pair_client_close (client);
  pk_pair_client_open (client);
  pk_pair_client_sync (client);
  pk_pair_client_assert_in_step (client);
}

static void
test_unsent_work_is_not_touched (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkRecord) task = pk_pair_make_task (pair, &pair->unit, "Før");
  g_autoptr (GError) error = NULL;

  pk_pair_import (pair, task);
  pk_pair_client_sync (client);
  PkMutation *mutation =
      pk_mutation_new (PK_OP_SET, pk_record_get_entity (task), NULL, pk_record_get_id (task));
  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text ("Min"));
  pk_values_take (mutation->was, PK_TASK_TITLE, pk_value_text ("Før"));
  pk_pair_client_submit (client, mutation);
  pk_pair_client_exec (client,
                       "DELETE FROM member;"
                       "UPDATE scope SET is_suspect = 1");
  for (guint i = 0; i < 20 && (i == 0 || pk_writer_wants_pull (client->writer)); i++)
    {
      pk_pair_client_pull (client, &error);
      g_assert_no_error (error);
    }
  g_autoptr (PkRecord) seen =
      pk_reader_find (client->reader, pk_record_get_entity (task), pk_record_get_id (task), &error);
  g_assert_cmpstr (pk_record_get_text (seen, PK_TASK_TITLE), ==, "Min");
  g_autoptr (GPtrArray) unsent = pk_writer_take_unsent (client->writer, 0, 10, FALSE, &error);
  g_assert_cmpuint (unsent->len, ==, 1);
  pk_pair_client_sync (client);
  pk_pair_client_assert_in_step (client);
  pk_mutation_unref (mutation);
}

static const char *const damages[] = {
  "DELETE FROM member WHERE abs (random () % 50) = 0",
  "UPDATE member SET seq = seq + 1 WHERE abs (random () % 40) = 0",
  "UPDATE member SET seq = 1 WHERE abs (random () % 3) = 0",
  "DELETE FROM member",
  "INSERT INTO member SELECT entity, randomblob (16), scope, seq FROM member"
  " WHERE abs (random () % 30) = 0 AND scope = (SELECT min (scope) FROM member)",
  "UPDATE scope SET count = 0, high = 0, low = 0",
};

static guint
get_n_seeds (void)
{
  const char *text = g_getenv ("PK_TEST_SEEDS");

  return text != NULL ? (guint) atoi (text) : 18;
}

static void
test_whatever_is_damaged_the_rounds_are_bounded_and_all_is_right (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);

  import_tasks (pair, 300);
  pk_pair_client_sync (client);
  for (guint seed = 0; seed < get_n_seeds (); seed++)
    {
      guint n_rows, n_scopes;
      g_test_message ("seed %u", seed);
      pk_pair_client_exec (client, damages[seed % G_N_ELEMENTS (damages)]);
      pk_pair_client_exec (client, "UPDATE scope SET is_suspect = 1");
      pk_clock_advance (pair->clock, 2 * G_TIME_SPAN_HOUR);
      repair (client, &n_rows);
      n_scopes = (guint) pk_pair_client_count (client, "SELECT count(*) FROM scope");
      g_assert_cmpuint (client->n_ranges, <=, n_scopes * most_rounds (count_members (client)));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/repair/a-row-that-is-missing-comes-back",
                   test_a_row_that_is_missing_comes_back);
  g_test_add_func ("/repair/a-record-that-the-server-does-not-have-goes",
                   test_a_record_that_the_server_does_not_have_goes);
  g_test_add_func ("/repair/counters-that-are-wrong-are-counted-anew-without-a-row",
                   test_counters_that_are_wrong_are_counted_anew_without_a_row);
  g_test_add_func ("/repair/a-replica-that-lost-everything-is-filled-in-two-rounds",
                   test_a_replica_that_lost_everything_is_filled_in_two_rounds);
  g_test_add_func ("/repair/a-scope-is-repaired-at-most-once-an-hour",
                   test_a_scope_is_repaired_at_most_once_an_hour);
  g_test_add_func ("/repair/a-repair-that-was-cut-short-is-taken-up-again",
                   test_a_repair_that_was_cut_short_is_taken_up_again);
  g_test_add_func ("/repair/unsent-work-is-not-touched", test_unsent_work_is_not_touched);
  g_test_add_func ("/repair/whatever-is-damaged-the-rounds-are-bounded-and-all-is-right",
                   test_whatever_is_damaged_the_rounds_are_bounded_and_all_is_right);
  return g_test_run ();
}

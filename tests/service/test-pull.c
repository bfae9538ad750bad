/* Pull: a replica that believes the lines holds what the person may see, and nothing else, for what it costs. */
#include "config.h"

#include "pk-pull-fixture.h"

#include "pk-model-tables.h"
#include "pk-service-import.h"
#include "pk-snapshot.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-store-records.h"
#include "pk-sync-pull.h"

static void
pull_and_compare (PkPullFixture *fixture, PkModelReplica *replica)
{
  pk_model_replica_pull (replica, fixture, &fixture->person);
  pk_model_replica_assert_equals_store (replica, fixture, &fixture->person);
}

static void
test_a_new_device_gets_what_the_person_may_see (void)
{
  g_autoptr (PkPullFixture) fixture = pk_pull_fixture_new ();
  g_autoptr (PkModelReplica) replica = pk_model_replica_new ();
  g_autoptr (PkRecord) mine = pk_pull_fixture_make_task (fixture, &fixture->unit, NULL, "Min");
  g_autoptr (PkRecord)
      foreign = pk_pull_fixture_make_task (fixture, &fixture->other_unit, NULL, "Fremmed");

  pk_pull_fixture_import (fixture, mine);
  pk_pull_fixture_import (fixture, foreign);
  pull_and_compare (fixture, replica);
  g_assert_true (pk_model_replica_has (replica, mine));
  g_assert_false (pk_model_replica_has (replica, foreign));
}

static void
test_nothing_new_is_said_without_a_line (void)
{
  g_autoptr (PkPullFixture) fixture = pk_pull_fixture_new ();
  g_autoptr (PkModelReplica) replica = pk_model_replica_new ();

  pull_and_compare (fixture, replica);
  g_assert_false (pk_model_replica_pull (replica, fixture, &fixture->person));
  g_assert_cmpuint (replica->n_bytes, ==, 0);
}

static void
test_one_change_costs_one_row (void)
{
  g_autoptr (PkPullFixture) fixture = pk_pull_fixture_new ();
  g_autoptr (PkModelReplica) replica = pk_model_replica_new ();
  g_autoptr (PkRecord)
      task = pk_pull_fixture_make_task (fixture, &fixture->unit, &fixture->building, "Før");

  pk_pull_fixture_import (fixture, task);
  pull_and_compare (fixture, replica);
  g_autoptr (PkRecord) changed = pk_record_copy (task);
  pk_record_set_text (changed, PK_TASK_TITLE, "Etter");
  pk_pull_fixture_import (fixture, changed);
  pull_and_compare (fixture, replica);
  g_assert_cmpuint (replica->n_rows, ==, 1);
}

static void
test_what_moves_out_of_sight_is_gone (void)
{
  g_autoptr (PkPullFixture) fixture = pk_pull_fixture_new ();
  g_autoptr (PkModelReplica) replica = pk_model_replica_new ();
  g_autoptr (PkRecord) task = pk_pull_fixture_make_task (fixture, &fixture->unit, NULL, "Flyttes");

  pk_pull_fixture_import (fixture, task);
  pull_and_compare (fixture, replica);
  g_autoptr (PkRecord) moved = pk_record_copy (task);
  pk_record_set_ref (moved, PK_TASK_UNIT_ID, &fixture->other_unit);
  pk_pull_fixture_import (fixture, moved);
  pull_and_compare (fixture, replica);
  g_assert_false (pk_model_replica_has (replica, task));
}

static void
test_what_one_scope_loses_another_may_keep (void)
{
  g_autoptr (PkPullFixture) fixture = pk_pull_fixture_new ();
  g_autoptr (PkModelReplica) replica = pk_model_replica_new ();
  g_autoptr (PkRecord)
      task = pk_pull_fixture_make_task (fixture, &fixture->unit, &fixture->building, "Deles");

  pk_pull_fixture_import (fixture, task);
  pull_and_compare (fixture, replica);
  g_autoptr (PkRecord) moved = pk_record_copy (task);
  pk_record_set_ref (moved, PK_TASK_UNIT_ID, &fixture->other_unit);
  pk_pull_fixture_import (fixture, moved);
  pull_and_compare (fixture, replica);
  g_assert_true (pk_model_replica_has (replica, task));
}

static void
set_caretaker (PkPullFixture *fixture, const PkId *caretaker)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkRecord) building = pk_store_find (fixture->store,
                                                 pk_entity_by_id (PK_ENTITY_BUILDING),
                                                 &fixture->building,
                                                 &error);

  g_assert_nonnull (building);
  pk_record_set_ref (building, PK_BUILDING_CARETAKER_ID, caretaker);
  pk_pull_fixture_import (fixture, building);
}

static void
test_a_building_taken_away_is_dropped_and_comes_back_when_given (void)
{
  g_autoptr (PkPullFixture) fixture = pk_pull_fixture_new ();
  g_autoptr (PkModelReplica) replica = pk_model_replica_new ();
  g_autoptr (PkRecord)
      task = pk_pull_fixture_make_task (fixture, NULL, &fixture->building, "I bygget");

  pk_pull_fixture_import (fixture, task);
  pull_and_compare (fixture, replica);
  g_assert_true (pk_model_replica_has (replica, task));
  set_caretaker (fixture, NULL);
  pull_and_compare (fixture, replica);
  g_assert_false (pk_model_replica_has (replica, task));
  set_caretaker (fixture, &fixture->person);
  pull_and_compare (fixture, replica);
  g_assert_true (pk_model_replica_has (replica, task));
}

static void
test_another_history_is_refused (void)
{
  g_autoptr (PkPullFixture) fixture = pk_pull_fixture_new ();
  g_autoptr (PkModelReplica) replica = pk_model_replica_new ();
  g_autoptr (PkPullRequest) request = pk_pull_request_new ();
  g_autoptr (GError) error = NULL;
  gboolean has_news;

  pull_and_compare (fixture, replica);
  request->epoch = fixture->person;
  g_assert_false (
      pk_sync_pull (fixture->service, &fixture->person, request, NULL, NULL, &has_news, &error));
  g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_EPOCH);
}

static void
test_a_device_from_the_future_is_refused (void)
{
  g_autoptr (PkPullFixture) fixture = pk_pull_fixture_new ();
  g_autoptr (PkPullRequest) request = pk_pull_request_new ();
  g_autoptr (GError) error = NULL;
  gboolean has_news;

  pk_pull_request_add (request, "everyone", G_GINT64_CONSTANT (1) << 50);
  g_assert_false (
      pk_sync_pull (fixture->service, &fixture->person, request, NULL, NULL, &has_news, &error));
  g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_EPOCH);
}

static void
test_a_pruned_log_begins_the_scope_anew (void)
{
  g_autoptr (PkPullFixture) fixture = pk_pull_fixture_new ();
  g_autoptr (PkModelReplica) replica = pk_model_replica_new ();
  g_autoptr (PkRecord)
      task = pk_pull_fixture_make_task (fixture, &fixture->unit, NULL, "Forsvinner");
  g_autoptr (GError) error = NULL;

  pk_pull_fixture_import (fixture, task);
  pull_and_compare (fixture, replica);
  g_autoptr (PkRecord) moved = pk_record_copy (task);
  pk_record_set_ref (moved, PK_TASK_UNIT_ID, &fixture->other_unit);
  pk_pull_fixture_import (fixture, moved);
  g_assert_true (pk_store_prune_log (fixture->store, G_MAXINT64, &error));
  g_assert_no_error (error);
  pull_and_compare (fixture, replica);
  g_assert_false (pk_model_replica_has (replica, task));
}

static void
test_random_moves_converge (void)
{
  g_autoptr (PkPullFixture) fixture = pk_pull_fixture_new ();
  g_autoptr (PkModelReplica) replica = pk_model_replica_new ();
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261123);
  const PkId *const units[] = { &fixture->unit, &fixture->other_unit, NULL };
  const PkId *const buildings[] = { &fixture->building, NULL };

  for (int i = 0; i < 150; i++)
    {
      if (tasks->len < 20 || g_rand_boolean (rand))
        g_ptr_array_add (tasks,
                         pk_pull_fixture_make_task (fixture,
                                                    units[g_rand_int_range (rand, 0, 3)],
                                                    buildings[g_rand_int_range (rand, 0, 2)],
                                                    "Ny"));
      guint place = (guint) g_rand_int_range (rand, 0, (gint32) tasks->len);
      PkRecord *task = pk_record_copy (tasks->pdata[place]);
      pk_record_set_ref (task, PK_TASK_UNIT_ID, units[g_rand_int_range (rand, 0, 3)]);
      pk_record_set_ref (task, PK_TASK_BUILDING_ID, buildings[g_rand_int_range (rand, 0, 2)]);
      pk_record_unref (tasks->pdata[place]);
      tasks->pdata[place] = task;
      pk_pull_fixture_import (fixture, task);
      if (g_rand_int_range (rand, 0, 20) == 0)
        set_caretaker (fixture, g_rand_boolean (rand) ? &fixture->person : NULL);
      if (g_rand_int_range (rand, 0, 4) == 0)
        pull_and_compare (fixture, replica);
    }
  pull_and_compare (fixture, replica);
}

static gint64
find_scope_number (PkPullFixture *fixture, const char *name)
{
  g_autoptr (PkStoreScope) scope = pk_store_find_scope (fixture->store, name, NULL);

  g_assert_nonnull (scope);
  return scope->number;
}

static void
test_a_scope_with_a_snapshot_is_named_and_not_sent (void)
{
  g_autoptr (PkPullFixture) fixture = pk_pull_fixture_new ();
  g_autoptr (PkModelReplica) replica = pk_model_replica_new ();
  g_autoptr (GError) error = NULL;
  gint64 everyone = find_scope_number (fixture, "everyone");
  g_autoptr (PkSnapshotRow) row = pk_snapshot_make (fixture->service, everyone, &error);

  g_assert_no_error (error);
  g_assert_true (pk_snapshot_publish (fixture->service, row, &error));
  pk_model_replica_pull (replica, fixture, &fixture->person);
  g_assert_false (g_hash_table_contains (replica->held, "everyone"));
  guint n_named = 0;
  for (guint i = 0; i < replica->scopes->len; i++)
    n_named += g_strcmp0 (((PkFeedScope *) replica->scopes->pdata[i])->snapshot, row->sha256) == 0
                   ? 1
                   : 0;
  g_assert_cmpuint (n_named, ==, 1);

  gboolean may_read = FALSE;
  g_assert_true (
      pk_snapshot_may_read (fixture->service, &fixture->person, row->sha256, &may_read, &error));
  g_assert_true (may_read);
}

static void
test_only_what_moved_far_wants_a_new_snapshot (void)
{
  g_autoptr (PkPullFixture) fixture = pk_pull_fixture_new ();
  g_autoptr (GError) error = NULL;
  gint64 everyone = find_scope_number (fixture, "everyone");
  g_autoptr (GArray) before = pk_snapshot_find_stale (fixture->service, 3, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (before->len, >=, 1);
  g_autoptr (PkSnapshotRow) row = pk_snapshot_make (fixture->service, everyone, &error);
  g_assert_true (pk_snapshot_publish (fixture->service, row, &error));
  g_autoptr (GArray) after = pk_snapshot_find_stale (fixture->service, 3, &error);
  g_assert_cmpuint (after->len, ==, before->len - 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pull/a-new-device-gets-what-the-person-may-see",
                   test_a_new_device_gets_what_the_person_may_see);
  g_test_add_func ("/pull/nothing-new-is-said-without-a-line",
                   test_nothing_new_is_said_without_a_line);
  g_test_add_func ("/pull/one-change-costs-one-row", test_one_change_costs_one_row);
  g_test_add_func ("/pull/what-moves-out-of-sight-is-gone", test_what_moves_out_of_sight_is_gone);
  g_test_add_func ("/pull/what-one-scope-loses-another-may-keep",
                   test_what_one_scope_loses_another_may_keep);
  g_test_add_func ("/pull/a-building-taken-away-is-dropped-and-comes-back-when-given",
                   test_a_building_taken_away_is_dropped_and_comes_back_when_given);
  g_test_add_func ("/pull/another-history-is-refused", test_another_history_is_refused);
  g_test_add_func ("/pull/a-device-from-the-future-is-refused",
                   test_a_device_from_the_future_is_refused);
  g_test_add_func ("/pull/a-pruned-log-begins-the-scope-anew",
                   test_a_pruned_log_begins_the_scope_anew);
  g_test_add_func ("/pull/random-moves-converge", test_random_moves_converge);
  g_test_add_func ("/pull/a-scope-with-a-snapshot-is-named-and-not-sent",
                   test_a_scope_with_a_snapshot_is_named_and_not_sent);
  g_test_add_func ("/pull/only-what-moved-far-wants-a-new-snapshot",
                   test_only_what_moved_far_wants_a_new_snapshot);
  return g_test_run ();
}

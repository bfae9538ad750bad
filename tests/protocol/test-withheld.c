/* Fields that are not for everybody who sees the record: they do not leave the server towards others, by no road. */
#include "config.h"

#include "pk-pair.h"

#include "pk-scope.h"
#include "pk-snapshot.h"
#include "pk-store-log.h"
#include "pk-store-snapshots.h"

#include <string.h>

#define REASON "sickness"

/* Kari is ill, and Ola stands in for her. */
static PkRecord *
import_absence (PkPair *pair)
{
  PkId id = pk_id_source_next (pair->ids);
  PkRecord *absence = pk_record_new (pk_entity_by_id (PK_ENTITY_ABSENCE), &id);

  pk_record_set_ref (absence, PK_ABSENCE_PERSON_ID, &pair->kari);
  pk_record_set_ref (absence, PK_ABSENCE_SUBSTITUTE_ID, &pair->ola);
  pk_record_set_int (absence, PK_ABSENCE_KIND, PK_ABSENCE_KIND_SICKNESS);
  pk_record_set_int (absence, PK_ABSENCE_STARTS_AT, 1);
  pk_record_set_text (absence, PK_ABSENCE_NOTE, "Varmepumpa på skolen");
  pk_pair_import (pair, absence);
  return absence;
}

static void
lead_unit (PkPair *pair, const PkId *leader)
{
  g_autoptr (PkRecord) unit = pk_pair_find (pair, PK_ENTITY_UNIT, &pair->unit);

  pk_record_set_ref (unit, PK_UNIT_LEADER_ID, leader);
  pk_pair_import (pair, unit);
}

static void
assert_sees (PkPairClient *client, gboolean sees_reason)
{
  g_assert_cmpint (pk_pair_client_count (client, "SELECT count(*) FROM absence"), ==, 1);
  g_assert_cmpint (
      pk_pair_client_count (client, "SELECT count(*) FROM absence WHERE kind = 'sickness'"),
      ==,
      sees_reason);
}

static void
assert_no_trace (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autofree char *bytes = NULL;
      gsize size;
      if (g_file_get_contents (file, &bytes, &size, NULL) &&
          memmem (bytes, size, REASON, strlen (REASON)) != NULL)
        g_error ("%s holds what is not for this person", name);
    }
}

static void
test_why_somebody_is_away_is_not_sent_to_the_substitute (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) kari = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkPairClient) ola = pk_pair_client_new (pair, &pair->ola);
  g_autoptr (PkRecord) absence = import_absence (pair);

  pk_pair_client_sync (kari);
  pk_pair_client_sync (ola);
  assert_sees (kari, TRUE);
  assert_sees (ola, FALSE);
  g_assert_cmpint (pk_pair_client_count (ola, "SELECT count(*) FROM scope WHERE is_suspect <> 0"),
                   ==,
                   0);
  pk_pair_client_close (ola);
  assert_no_trace (ola->dir);
  pk_pair_client_open (ola);
}

static void
test_a_leader_who_stands_in_gets_it (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) ola = pk_pair_client_new (pair, &pair->ola);

  lead_unit (pair, &pair->ola);
  g_autoptr (PkRecord) absence = import_absence (pair);
  pk_pair_client_sync (ola);
  assert_sees (ola, TRUE);
}

static void
test_it_comes_and_goes_with_the_leadership (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) ola = pk_pair_client_new (pair, &pair->ola);
  g_autoptr (PkRecord) absence = import_absence (pair);

  pk_pair_client_sync (ola);
  assert_sees (ola, FALSE);
  lead_unit (pair, &pair->ola);
  pk_pair_client_sync (ola);
  assert_sees (ola, TRUE);
  lead_unit (pair, &pair->kari);
  pk_pair_client_sync (ola);
  assert_sees (ola, FALSE);
}

static void
test_what_was_withheld_is_not_pushed_back (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) ola = pk_pair_client_new (pair, &pair->ola);
  g_autoptr (PkRecord) absence = import_absence (pair);
  const PkId *id = pk_record_get_id (absence);

  pk_pair_client_sync (ola);
  g_autoptr (PkMutation)
      set = pk_mutation_new (PK_OP_SET, pk_record_get_entity (absence), NULL, id);
  pk_values_take (set->fields, PK_ABSENCE_NOTE, pk_value_text ("Varmepumpa er byttet"));
  pk_values_take (set->was, PK_ABSENCE_NOTE, pk_value_text ("Varmepumpa på skolen"));
  pk_pair_client_submit (ola, set);
  pk_pair_client_close (ola);
  pk_pair_client_open (ola);
  assert_sees (ola, FALSE);
  pk_pair_client_sync (ola);
  pk_pair_client_sync (ola);

  g_autoptr (PkRecord) after = pk_pair_find (pair, PK_ENTITY_ABSENCE, id);
  g_assert_cmpstr (pk_record_get_text (after, PK_ABSENCE_NOTE), ==, "Varmepumpa er byttet");
  g_assert_cmpint (pk_record_get_int (after, PK_ABSENCE_KIND, -1), ==, PK_ABSENCE_KIND_SICKNESS);
  assert_sees (ola, FALSE);
  g_assert_cmpint (
      pk_pair_client_count (ola,
                            "SELECT count(*) FROM absence WHERE note = 'Varmepumpa er byttet'"),
      ==,
      1);
}

static gboolean
has_snapshot (PkPair *pair, gint64 scope)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkSnapshotRow) row = pk_store_find_snapshot (pair->store, scope, &error);

  g_assert_no_error (error);
  return row != NULL;
}

static void
assert_not_shared (PkPair *pair, const PkId *person)
{
  g_autofree char *name = pk_scope_name_person (person);
  g_autoptr (GError) error = NULL;
  g_autoptr (PkStoreScope) scope = pk_store_find_scope (pair->store, name, &error);

  g_assert_nonnull (scope);
  g_assert_cmpint (scope->count, >, 0);
  g_assert_false (has_snapshot (pair, scope->number));
  g_assert_null (pk_snapshot_make (pair->service, scope->number, &error));
  g_assert_nonnull (error);
}

static void
test_no_snapshot_is_made_of_a_scope_that_holds_it (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) kari = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkPairClient) ola = pk_pair_client_new (pair, &pair->ola);
  g_autoptr (PkRecord) absence = import_absence (pair);
  g_autofree char *snapshots = g_build_filename (pair->dir, "snapshots", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PkStoreScope) everyone = pk_store_find_scope (pair->store, "everyone", &error);

  pk_pair_make_snapshots (pair, 1);
  g_assert_true (has_snapshot (pair, everyone->number));
  assert_not_shared (pair, &pair->kari);
  assert_not_shared (pair, &pair->ola);
  assert_no_trace (snapshots);
  pk_pair_client_sync (kari);
  pk_pair_client_sync (ola);
  assert_sees (kari, TRUE);
  assert_sees (ola, FALSE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/withheld/why-somebody-is-away-is-not-sent-to-the-substitute",
                   test_why_somebody_is_away_is_not_sent_to_the_substitute);
  g_test_add_func ("/withheld/a-leader-who-stands-in-gets-it", test_a_leader_who_stands_in_gets_it);
  g_test_add_func ("/withheld/it-comes-and-goes-with-the-leadership",
                   test_it_comes_and_goes_with_the_leadership);
  g_test_add_func ("/withheld/what-was-withheld-is-not-pushed-back",
                   test_what_was_withheld_is_not_pushed_back);
  g_test_add_func ("/withheld/no-snapshot-is-made-of-a-scope-that-holds-it",
                   test_no_snapshot_is_made_of_a_scope_that_holds_it);
  return g_test_run ();
}

/* What the service's tests share: a small municipality, and the check that all that is kept equals what is worked out. */
#include "config.h"

#include "pk-test-world.h"

#include "pk-hash.h"
#include "pk-service-grants.h"
#include "pk-service-scopes.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"
#include "pk-test-database.h"
#include "pk-test.h"

/**
 * pk_test_world_new_record:
 *
 * Returns: (transfer full): an empty record with an id of its own
 */
PkRecord *
pk_test_world_new_record (PkTestWorld *self, guint entity)
{
  PkId id = pk_id_source_next (self->ids);

  return pk_record_new (pk_entity_by_id (entity), &id);
}

/**
 * pk_test_world_import:
 * @record: (transfer full)
 *
 * Writes a record as an operator would.
 */
void
pk_test_world_import (PkTestWorld *self, PkRecord *record)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (records, record);
  pk_service_import_records (self->service, records, NULL, 0, PK_IMPORT_KEEP_SERVER_FIELDS, &error);
  g_assert_no_error (error);
}

static void
make_unit (PkTestWorld *self, guint place)
{
  PkRecord *unit = pk_test_world_new_record (self, PK_ENTITY_UNIT);

  self->units[place] = *pk_record_get_id (unit);
  pk_record_set_text (unit, PK_UNIT_NAME, "Unit");
  pk_record_set_int (unit, PK_UNIT_KIND, PK_UNIT_KIND_UNIT);
  if (place == 1 || place == 2)
    pk_record_set_ref (unit, PK_UNIT_PARENT_ID, &self->units[0]);
  if (place < 2)
    pk_record_set_ref (unit, PK_UNIT_LEADER_ID, &self->persons[place]);
  pk_test_world_import (self, unit);
}

static void
make_person (PkTestWorld *self, guint place)
{
  PkRecord *person = pk_record_new (pk_entity_by_id (PK_ENTITY_PERSON), &self->persons[place]);

  pk_record_set_text (person, PK_PERSON_NAME, "Person");
  pk_record_set_ref (person, PK_PERSON_UNIT_ID, &self->units[place % PK_TEST_N_UNITS]);
  pk_record_set_int (person, PK_PERSON_IS_ACTIVE, TRUE);
  pk_test_world_import (self, person);
}

static void
make_building (PkTestWorld *self, guint place)
{
  PkRecord *building = pk_test_world_new_record (self, PK_ENTITY_BUILDING);

  self->buildings[place] = *pk_record_get_id (building);
  pk_record_set_text (building, PK_BUILDING_NAME, "Building");
  pk_record_set_int (building, PK_BUILDING_USE, PK_BUILDING_USE_SCHOOL);
  pk_record_set_int (building, PK_BUILDING_STATUS, PK_BUILDING_STATUS_IN_USE);
  if (place == 0)
    pk_record_set_ref (building, PK_BUILDING_CARETAKER_ID, &self->persons[2]);
  pk_test_world_import (self, building);
}

static void
make_membership (PkTestWorld *self, guint person, const char *role)
{
  PkRecord *membership = pk_test_world_new_record (self, PK_ENTITY_MEMBERSHIP);

  pk_record_set_ref (membership, PK_MEMBERSHIP_PERSON_ID, &self->persons[person]);
  pk_record_set_text (membership, PK_MEMBERSHIP_ROLE_CODE, role);
  pk_test_world_import (self, membership);
}

/**
 * pk_test_world_set_up:
 *
 * Makes the municipality.
 */
void
pk_test_world_set_up (PkTestWorld *self)
{
  g_autoptr (GError) error = NULL;

  self->dir = g_dir_make_tmp ("pk-service-XXXXXX", &error);
  g_assert_no_error (error);
  pk_test_database_set_up (self->dir);
  self->clock = pk_clock_new_manual (G_GINT64_CONSTANT (1795000000000000));
  self->ids = pk_id_source_new_seeded (self->clock, 7);
  self->store = pk_store_open (self->dir, PK_STORE_READ_WRITE, self->ids, &error);
  g_assert_no_error (error);
  self->service = pk_service_new (self->store, self->clock, self->ids);
  for (guint i = 0; i < PK_TEST_N_PERSONS; i++)
    self->persons[i] = pk_id_source_next (self->ids);
  for (guint i = 0; i < PK_TEST_N_UNITS; i++)
    make_unit (self, i);
  for (guint i = 0; i < PK_TEST_N_PERSONS; i++)
    make_person (self, i);
  for (guint i = 0; i < PK_TEST_N_BUILDINGS; i++)
    make_building (self, i);
  make_membership (self, 4, "administrator");
  make_membership (self, 5, "property_manager");
}

/**
 * pk_test_world_tear_down:
 *
 * Removes it again.
 */
void
pk_test_world_tear_down (PkTestWorld *self)
{
  g_clear_pointer (&self->service, pk_service_free);
  g_clear_pointer (&self->store, pk_store_close);
  pk_test_remove_tree (self->dir);
  g_clear_pointer (&self->dir, g_free);
  g_clear_pointer (&self->ids, pk_id_source_unref);
  g_clear_pointer (&self->clock, pk_clock_unref);
}

static void
set_up (PkTestWorld *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_test_world_set_up (self);
}

static void
tear_down (PkTestWorld *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_test_world_tear_down (self);
}

/**
 * pk_test_world_add:
 * @name: the test's path
 *
 * Adds a test that has a world of its own.
 */
void
pk_test_world_add (const char *name, PkTestWorldFunc func)
{
  g_test_add (name, PkTestWorld, NULL, set_up, func, tear_down);
}

/**
 * pk_test_world_new_task:
 *
 * Returns: (transfer full): a task of unit 1, for person 1, in building 0
 */
PkRecord *
pk_test_world_new_task (PkTestWorld *self, const char *title)
{
  PkRecord *task = pk_test_world_new_record (self, PK_ENTITY_TASK);

  pk_record_set_text (task, PK_TASK_TITLE, title);
  pk_record_set_int (task, PK_TASK_KIND, PK_TASK_KIND_TASK);
  pk_record_set_int (task, PK_TASK_PRIORITY, PK_TASK_PRIORITY_NORMAL);
  pk_record_set_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
  pk_record_set_int (task, PK_TASK_IS_OPEN, 1);
  pk_record_set_int (task, PK_TASK_CHANNEL, PK_CHANNEL_INTERNAL);
  pk_record_set_int (task, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_OPEN);
  pk_record_set_int (task, PK_TASK_CREATED_AT, pk_clock_now_us (self->clock));
  pk_record_set_ref (task, PK_TASK_UNIT_ID, &self->units[1]);
  pk_record_set_ref (task, PK_TASK_ASSIGNEE_ID, &self->persons[1]);
  pk_record_set_ref (task, PK_TASK_BUILDING_ID, &self->buildings[0]);
  return task;
}

/**
 * pk_test_world_find:
 *
 * Returns: (transfer full) (nullable): the record
 */
PkRecord *
pk_test_world_find (PkTestWorld *self, guint entity, const PkId *id)
{
  g_autoptr (GError) error = NULL;
  PkRecord *record = pk_store_find (self->store, pk_entity_by_id (entity), id, &error);

  g_assert_no_error (error);
  return record;
}

/* What a scope should say, worked out from the records. */
typedef struct
{
  PkTestWorld *world;
  GHashTable
      *sums; /* (owned): scope number → PkStoreScope, of which count and fingerprint are used */
} Check;

static void
add_to_sum (Check *self, gint64 scope, const PkRecord *record)
{
  PkStoreScope *sum = g_hash_table_lookup (self->sums, &scope);

  if (sum == NULL)
    {
      sum = g_new0 (PkStoreScope, 1);
      sum->number = scope;
      g_hash_table_insert (self->sums, &sum->number, sum);
    }
  sum->count++;
  pk_fingerprint_add (&sum->fingerprint,
                      pk_record_get_entity (record)->id,
                      pk_record_get_id (record),
                      pk_record_get_seq (record));
}

static gboolean
check_record (PkRecord *record, gpointer data)
{
  Check *self = data;
  g_autoptr (GArray) expected = pk_scopes_of_record (self->world->service, record, NULL);
  g_autoptr (GArray) places = pk_store_get_places (self->world->store,
                                                   pk_record_get_entity (record),
                                                   pk_record_get_id (record),
                                                   NULL);

  g_assert_cmpmem (expected->data,
                   expected->len * sizeof (gint64),
                   places->data,
                   places->len * sizeof (gint64));
  for (guint i = 0; i < expected->len; i++)
    add_to_sum (self, g_array_index (expected, gint64, i), record);
  return TRUE;
}

static gboolean
check_line (const PkLogLine *line, gpointer data)
{
  PkTestWorld *self = data;
  g_autoptr (PkRecord) record = pk_store_find (self->store, line->entity, &line->id, NULL);

  if (line->state == PK_LOG_IN)
    g_assert_cmpint (pk_record_get_seq (record), ==, line->seq);
  if (line->state == PK_LOG_DELETED)
    g_assert_null (record);
  return TRUE;
}

static void
check_scope (Check *self, const PkStoreScope *scope)
{
  const PkStoreScope *sum = g_hash_table_lookup (self->sums, &scope->number);
  PkFingerprint nothing = { 0, 0 };
  gint64 seq;

  g_assert_cmpint (scope->count, ==, sum ? sum->count : 0);
  g_assert_true (pk_fingerprint_equal (&scope->fingerprint, sum ? &sum->fingerprint : &nothing));
  g_assert_true (pk_store_get_seq (self->world->store, &seq, NULL));
  g_assert_cmpint (scope->last_seq, <=, seq);
  g_assert_true (pk_store_visit_log (self->world->store,
                                     scope->number,
                                     0,
                                     G_MAXINT64,
                                     check_line,
                                     self->world,
                                     NULL));
}

static gboolean
check_grants (PkRecord *person, gpointer data)
{
  PkTestWorld *self = data;
  const PkId *id = pk_record_get_id (person);
  g_autoptr (GArray) expected = pk_grants_work_out (self->service, id, NULL);
  g_autoptr (GArray) held = pk_store_get_grant_numbers (self->store, id, NULL);

  g_assert_cmpmem (expected->data,
                   expected->len * sizeof (gint64),
                   held->data,
                   held->len * sizeof (gint64));
  return TRUE;
}

/**
 * pk_test_world_check:
 *
 * Asserts that scopes, log, counts, fingerprints and grants are what they are when they are worked out from the records.
 */
void
pk_test_world_check (PkTestWorld *self)
{
  g_autoptr (GHashTable) sums = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  Check check = { self, sums };

  for (guint i = 0; i < pk_model.n_entities; i++)
    g_assert_true (pk_store_visit (self->store, &pk_model.entities[i], check_record, &check, NULL));
  g_autoptr (GPtrArray) scopes = pk_store_list_scopes (self->store, NULL);
  for (guint i = 0; i < scopes->len; i++)
    check_scope (&check, scopes->pdata[i]);
  g_assert_true (
      pk_store_visit (self->store, pk_entity_by_id (PK_ENTITY_PERSON), check_grants, self, NULL));
}

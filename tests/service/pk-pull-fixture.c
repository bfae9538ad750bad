/* A small municipality in a real store, and a replica that is nothing but hash tables. */
#include "config.h"

#include "pk-pull-fixture.h"

#include "pk-model-tables.h"
#include "pk-service-import.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-store-records.h"
#include "pk-sync-pull.h"
#include "pk-test-database.h"
#include "pk-test.h"

#include <string.h>

static PkRecord *
make_record (PkPullFixture *self, PkEntityId entity, PkId *id_out)
{
  PkId id = pk_id_source_next (self->ids);

  if (id_out != NULL)
    *id_out = id;
  return pk_record_new (pk_entity_by_id (entity), &id);
}

/**
 * pk_pull_fixture_import:
 *
 * Writes one record as an operator would.
 */
void
pk_pull_fixture_import (PkPullFixture *self, PkRecord *record)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (records, record);
  pk_service_import_records (self->service,
                             records,
                             NULL,
                             pk_clock_now_us (self->clock),
                             PK_IMPORT_DEFAULT,
                             &error);
  g_assert_no_error (error);
}

static void
import_unit (PkPullFixture *self, const char *name, const PkId *leader, PkId *id_out)
{
  g_autoptr (PkRecord) unit = make_record (self, PK_ENTITY_UNIT, id_out);

  pk_record_set_text (unit, PK_UNIT_NAME, name);
  pk_record_set_int (unit, PK_UNIT_KIND, PK_UNIT_KIND_UNIT);
  pk_record_set_ref (unit, PK_UNIT_LEADER_ID, leader);
  pk_pull_fixture_import (self, unit);
}

static void
import_person (PkPullFixture *self, const char *name, const PkId *unit, PkId *id_out)
{
  g_autoptr (PkRecord) person = make_record (self, PK_ENTITY_PERSON, id_out);

  pk_record_set_text (person, PK_PERSON_NAME, name);
  pk_record_set_ref (person, PK_PERSON_UNIT_ID, unit);
  pk_record_set_int (person, PK_PERSON_IS_ACTIVE, TRUE);
  pk_pull_fixture_import (self, person);
}

static void
import_building (PkPullFixture *self, const char *name, const PkId *caretaker, PkId *id_out)
{
  g_autoptr (PkRecord) building = make_record (self, PK_ENTITY_BUILDING, id_out);

  pk_record_set_text (building, PK_BUILDING_NAME, name);
  pk_record_set_int (building, PK_BUILDING_USE, PK_BUILDING_USE_SCHOOL);
  pk_record_set_int (building, PK_BUILDING_STATUS, PK_BUILDING_STATUS_IN_USE);
  pk_record_set_ref (building, PK_BUILDING_CARETAKER_ID, caretaker);
  pk_pull_fixture_import (self, building);
}

/**
 * pk_pull_fixture_new:
 *
 * Returns: (transfer full): a store with two units, a caretaker, a leader and a building
 */
PkPullFixture *
pk_pull_fixture_new (void)
{
  PkPullFixture *self = g_new0 (PkPullFixture, 1);
  g_autoptr (GError) error = NULL;

  self->dir = g_dir_make_tmp ("pakobla-pull-XXXXXX", &error);
  g_assert_no_error (error);
  pk_test_database_set_up (self->dir);
  self->clock = pk_clock_new_manual (G_GINT64_CONSTANT (1795000000000000));
  self->ids = pk_id_source_new_seeded (self->clock, 7);
  self->store = pk_store_open (self->dir, PK_STORE_READ_WRITE, self->ids, &error);
  g_assert_no_error (error);
  self->service = pk_service_new (self->store, self->clock, self->ids);
  /* So few that any pull of more comes in stretches. */
  pk_service_set_rows_at_once (self->service, 3);
  self->leader = pk_id_source_next (self->ids);
  import_unit (self, "Drift", NULL, &self->unit);
  import_unit (self, "Park", NULL, &self->other_unit);
  import_person (self, "Kari Nordmann", &self->unit, &self->person);
  import_building (self, "Dale skole", &self->person, &self->building);
  return self;
}

/**
 * pk_pull_fixture_free:
 *
 * Closes the store and removes its folder.
 */
void
pk_pull_fixture_free (PkPullFixture *self)
{
  pk_service_free (self->service);
  pk_store_close (self->store);
  pk_id_source_unref (self->ids);
  pk_clock_unref (self->clock);
  pk_test_remove_tree (self->dir);
  g_free (self->dir);
  g_free (self);
}

/**
 * pk_pull_fixture_make_task:
 * @unit: (nullable): where it belongs
 * @building: (nullable): where it is
 *
 * Returns: (transfer full): a task that is not written yet
 */
PkRecord *
pk_pull_fixture_make_task (PkPullFixture *self,
                           const PkId *unit,
                           const PkId *building,
                           const char *title)
{
  PkRecord *task = make_record (self, PK_ENTITY_TASK, NULL);

  pk_record_set_text (task, PK_TASK_TITLE, title);
  pk_record_set_int (task, PK_TASK_KIND, PK_TASK_KIND_TASK);
  pk_record_set_int (task, PK_TASK_PRIORITY, PK_TASK_PRIORITY_NORMAL);
  pk_record_set_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
  pk_record_set_int (task, PK_TASK_CHANNEL, PK_CHANNEL_PHONE);
  pk_record_set_int (task, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_INTERNAL);
  pk_record_set_int (task, PK_TASK_CREATED_AT, pk_clock_now_us (self->clock));
  pk_record_set_ref (task, PK_TASK_UNIT_ID, unit);
  pk_record_set_ref (task, PK_TASK_BUILDING_ID, building);
  return task;
}

/**
 * pk_model_replica_new:
 *
 * Returns: (transfer full): a replica that holds nothing
 */
PkModelReplica *
pk_model_replica_new (void)
{
  PkModelReplica *self = g_new0 (PkModelReplica, 1);

  self->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * pk_model_replica_free:
 *
 * Frees the replica.
 */
void
pk_model_replica_free (PkModelReplica *self)
{
  g_hash_table_unref (self->held);
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->places);
  g_clear_pointer (&self->scopes, g_ptr_array_unref);
  g_free (self);
}

static char *
row_key (const PkEntity *entity, const PkId *id)
{
  char text[PK_ID_TEXT_LENGTH + 1];

  return g_strdup_printf ("%s/%s", entity->name, pk_id_to_text (id, text));
}

static const char *
scope_name (PkModelReplica *self, guint number)
{
  g_assert_cmpuint (number, <, self->scopes->len);
  return ((const PkFeedScope *) self->scopes->pdata[number])->name;
}

static void
remove_orphans (PkModelReplica *self)
{
  GHashTableIter rows;
  gpointer key;

  g_hash_table_iter_init (&rows, self->rows);
  while (g_hash_table_iter_next (&rows, &key, NULL))
    {
      GHashTableIter places;
      gpointer place;
      gboolean is_held = FALSE;
      g_hash_table_iter_init (&places, self->places);
      while (!is_held && g_hash_table_iter_next (&places, &place, NULL))
        is_held = g_str_has_suffix (place, key);
      if (!is_held)
        g_hash_table_iter_remove (&rows);
    }
}

static void
drop_scope (PkModelReplica *self, const char *name)
{
  g_autofree char *prefix = g_strconcat (name, " ", NULL);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_remove (self->held, name);
  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (g_str_has_prefix (key, prefix))
      g_hash_table_iter_remove (&iter);
}

static void
take_row (PkModelReplica *self, const PkFeedRow *row)
{
  g_autofree char *key = row_key (pk_record_get_entity (row->record),
                                  pk_record_get_id (row->record));
  GString *json = g_string_new (NULL);

  pk_codec_append_record (json, row->record);
  g_hash_table_replace (self->rows, g_strdup (key), g_string_free (json, FALSE));
  self->n_rows++;
  for (guint i = 0; i < row->n_scopes; i++)
    {
      gint64 *seq = g_new (gint64, 1);
      *seq = pk_record_get_seq (row->record);
      g_hash_table_replace (self->places,
                            g_strconcat (scope_name (self, row->scopes[i]), " ", key, NULL),
                            seq);
    }
}

static void
take_gone (PkModelReplica *self, const PkFeedLine *line)
{
  for (guint i = 0; i < line->ids->len; i++)
    {
      g_autofree char *key = row_key (line->entity, &g_array_index (line->ids, PkId, i));
      g_autofree char *place = g_strconcat (scope_name (self, line->scope), " ", key, NULL);
      g_hash_table_remove (self->places, place);
    }
}

static void
take_commit (PkModelReplica *self, const PkFeedLine *line)
{
  for (guint i = 0; i < self->scopes->len; i++)
    {
      const PkFeedScope *scope = self->scopes->pdata[i];
      if (scope->snapshot != NULL)
        continue;
      gint64 *cursor = g_new (gint64, 1);
      *cursor = line->seq;
      g_hash_table_replace (self->held, g_strdup (scope->name), cursor);
    }
  self->seq = line->seq;
  remove_orphans (self);
}

static void
take_line (PkModelReplica *self, PkFeedLine *line)
{
  switch (line->kind)
    {
    case PK_FEED_BEGIN:
      self->epoch = line->epoch;
      self->grants = line->grants;
      g_clear_pointer (&self->scopes, g_ptr_array_unref);
      self->scopes = g_steal_pointer (&line->scopes);
      return;
    case PK_FEED_DROP:
      for (guint i = 0; line->dropped[i] != NULL; i++)
        drop_scope (self, line->dropped[i]);
      return;
    case PK_FEED_ROWS:
      for (guint i = 0; i < line->rows->len; i++)
        take_row (self, line->rows->pdata[i]);
      return;
    case PK_FEED_GONE:
      take_gone (self, line);
      return;
    case PK_FEED_COMMIT:
      take_commit (self, line);
      return;
    case PK_FEED_VERDICTS:
    default:
      return;
    }
}

static gboolean
take_piece (const char *text, gsize size, gpointer data, GError **error G_GNUC_UNUSED)
{
  PkModelReplica *self = data;
  const char *end = text + size;

  self->n_bytes += size;
  while (text < end)
    {
      const char *stop = memchr (text, '\n', (gsize) (end - text));
      g_autoptr (GError) local_error = NULL;
      g_assert_nonnull (stop);
      g_autoptr (PkFeedLine) line = pk_feed_line_read (text, (gsize) (stop - text), &local_error);
      g_assert_no_error (local_error);
      take_line (self, line);
      text = stop + 1;
    }
  return TRUE;
}

/**
 * pk_model_replica_pull:
 *
 * Pulls once, and believes what comes.
 *
 * Returns: whether there was anything new
 */
gboolean
pk_model_replica_pull (PkModelReplica *self, PkPullFixture *fixture, const PkId *person)
{
  g_autoptr (PkPullRequest) request = pk_pull_request_new ();
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  GHashTableIter iter;
  gpointer name, cursor;
  gboolean has_news = FALSE;

  request->epoch = self->epoch;
  request->grants = self->grants;
  g_hash_table_iter_init (&iter, self->held);
  while (g_hash_table_iter_next (&iter, &name, &cursor))
    pk_pull_request_add (request, name, *(gint64 *) cursor);
  pk_pull_request_append_json (json, request);
  g_autoptr (PkPullRequest) read = pk_pull_request_read (json->str, json->len, &error);
  g_assert_no_error (error);
  self->n_rows = 0;
  self->n_bytes = 0;
  pk_sync_pull (fixture->service, person, read, take_piece, self, &has_news, &error);
  g_assert_no_error (error);
  return has_news;
}

typedef struct
{
  PkModelReplica *replica;
  PkStore *store;
  const PkStoreScope *scope;
  guint n;
} Comparison;

static gboolean
compare_line_cb (const PkLogLine *line, gpointer data)
{
  Comparison *self = data;
  g_autofree char *key = row_key (line->entity, &line->id);
  g_autofree char *place = g_strconcat (self->scope->name, " ", key, NULL);
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  if (line->state != PK_LOG_IN)
    {
      g_assert_false (g_hash_table_contains (self->replica->places, place));
      return TRUE;
    }
  g_autoptr (PkRecord) record = pk_store_find (self->store, line->entity, &line->id, &error);
  g_assert_nonnull (record);
  pk_codec_append_record (json, record);
  g_assert_cmpstr (g_hash_table_lookup (self->replica->rows, key), ==, json->str);
  gint64 *seq = g_hash_table_lookup (self->replica->places, place);
  g_assert_nonnull (seq);
  g_assert_cmpint (*seq, ==, line->seq);
  self->n++;
  return TRUE;
}

/**
 * pk_model_replica_assert_equals_store:
 *
 * Invariants 1 and 6: every record of the person's scopes is there with its values, and nothing else is.
 */
void
pk_model_replica_assert_equals_store (PkModelReplica *self,
                                      PkPullFixture *fixture,
                                      const PkId *person)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) granted = pk_store_get_grants (fixture->store, person, &error);
  Comparison comparison = { self, fixture->store, NULL, 0 };

  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (self->held), ==, granted->len);
  for (guint i = 0; i < granted->len; i++)
    {
      comparison.scope = granted->pdata[i];
      guint before = comparison.n;
      pk_store_visit_log (fixture->store,
                          comparison.scope->number,
                          0,
                          G_MAXINT64,
                          compare_line_cb,
                          &comparison,
                          &error);
      g_assert_no_error (error);
      g_assert_cmpint (comparison.n - before, ==, comparison.scope->count);
    }
  g_assert_cmpuint (g_hash_table_size (self->places), ==, comparison.n);
}

/**
 * pk_model_replica_has:
 *
 * Returns: whether the replica holds a record with that id
 */
gboolean
pk_model_replica_has (PkModelReplica *self, PkRecord *record)
{
  g_autofree char *key = row_key (pk_record_get_entity (record), pk_record_get_id (record));

  return g_hash_table_contains (self->rows, key);
}

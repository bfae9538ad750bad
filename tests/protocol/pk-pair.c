/* A server and its clients in one process, for what both sides must do together. */
#include "config.h"

#include "pk-pair.h"

#include "pk-model-tables.h"
#include "pk-service-import.h"
#include "pk-snapshot.h"
#include "pk-store-backup.h"
#include "pk-store-records.h"

#include <glib/gstdio.h>

/**
 * pk_pair_import:
 *
 * Writes one record on the server, as an operator would.
 */
void
pk_pair_import (PkPair *self, PkRecord *record)
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

static PkRecord *
make_record (PkPair *self, PkEntityId entity, PkId *id_out)
{
  PkId id = pk_id_source_next (self->ids);

  if (id_out != NULL)
    *id_out = id;
  return pk_record_new (pk_entity_by_id (entity), &id);
}

static void
import_unit (PkPair *self, const char *name, PkId *id_out)
{
  g_autoptr (PkRecord) unit = make_record (self, PK_ENTITY_UNIT, id_out);

  pk_record_set_text (unit, PK_UNIT_NAME, name);
  pk_record_set_int (unit, PK_UNIT_KIND, PK_UNIT_KIND_UNIT);
  pk_pair_import (self, unit);
}

static void
import_person (PkPair *self, const char *name, PkId *id_out)
{
  g_autoptr (PkRecord) person = make_record (self, PK_ENTITY_PERSON, id_out);

  pk_record_set_text (person, PK_PERSON_NAME, name);
  pk_record_set_ref (person, PK_PERSON_UNIT_ID, &self->unit);
  pk_record_set_int (person, PK_PERSON_IS_ACTIVE, TRUE);
  pk_pair_import (self, person);
}

static void
import_building (PkPair *self)
{
  g_autoptr (PkRecord) building = make_record (self, PK_ENTITY_BUILDING, &self->building);

  pk_record_set_text (building, PK_BUILDING_NAME, "Dale skole");
  pk_record_set_int (building, PK_BUILDING_USE, PK_BUILDING_USE_SCHOOL);
  pk_record_set_int (building, PK_BUILDING_STATUS, PK_BUILDING_STATUS_IN_USE);
  pk_record_set_ref (building, PK_BUILDING_CARETAKER_ID, &self->kari);
  pk_pair_import (self, building);
}

/**
 * pk_pair_new:
 *
 * Returns: (transfer full): a server with two units, two persons and a building
 */
PkPair *
pk_pair_new (void)
{
  PkPair *self = g_new0 (PkPair, 1);
  g_autoptr (GError) error = NULL;

  self->dir = g_dir_make_tmp ("pakobla-pair-XXXXXX", &error);
  g_assert_no_error (error);
  self->clock = pk_clock_new_manual (G_GINT64_CONSTANT (1795000000000000));
  self->ids = pk_id_source_new_seeded (self->clock, 11);
  self->store = pk_store_open (self->dir, PK_STORE_READ_WRITE, self->ids, &error);
  g_assert_no_error (error);
  self->service = pk_service_new (self->store, self->clock, self->ids);
  import_unit (self, "Drift", &self->unit);
  import_unit (self, "Park", &self->other_unit);
  import_person (self, "Kari Nordmann", &self->kari);
  import_person (self, "Ola Nordmann", &self->ola);
  import_building (self);
  return self;
}

/**
 * pk_pair_remove_folder:
 *
 * Removes a folder with all that is in it.
 */
void
pk_pair_remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      pk_pair_remove_folder (child);
    }
  g_remove (path);
}

/**
 * pk_pair_free:
 *
 * Closes the store and removes its folder.
 */
void
pk_pair_free (PkPair *self)
{
  pk_service_free (self->service);
  pk_store_close (self->store);
  pk_pair_remove_folder (self->dir);
  pk_id_source_unref (self->ids);
  pk_clock_unref (self->clock);
  g_free (self->dir);
  g_free (self);
}

/**
 * pk_pair_make_task:
 * @unit: (nullable): where it belongs
 *
 * Returns: (transfer full): a task that is not written yet
 */
PkRecord *
pk_pair_make_task (PkPair *self, const PkId *unit, const char *title)
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
  return task;
}

/**
 * pk_pair_find:
 *
 * Returns: (transfer full) (nullable): the record as the server has it
 */
PkRecord *
pk_pair_find (PkPair *self, guint entity, const PkId *id)
{
  g_autoptr (GError) error = NULL;
  PkRecord *record = pk_store_find (self->store, pk_entity_by_id (entity), id, &error);

  g_assert_no_error (error);
  return record;
}

/**
 * pk_pair_make_snapshots:
 *
 * Makes snapshots of all scopes that want one.
 */
void
pk_pair_make_snapshots (PkPair *self, gint64 least_rows)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) stale = pk_snapshot_find_stale (self->service, least_rows, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < stale->len; i++)
    {
      PkSnapshotRow *row =
          pk_snapshot_make (self->service, g_array_index (stale, gint64, i), &error);
      g_assert_no_error (error);
      pk_snapshot_publish (self->service, row, &error);
      g_assert_no_error (error);
      pk_snapshot_row_free (row);
    }
}

/**
 * pk_pair_restore:
 *
 * Puts the server back to a backup.
 */
void
pk_pair_restore (PkPair *self, const char *backup)
{
  g_autoptr (GError) error = NULL;

  pk_store_restore (self->store, backup, &error);
  g_assert_no_error (error);
  pk_service_free (self->service);
  self->service = pk_service_new (self->store, self->clock, self->ids);
}

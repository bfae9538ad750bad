/* What an operator asks of the store: facts, backup, restore. */
#include "config.h"

#include "pk-service-operator.h"

#include "pk-model-tables.h"
#include "pk-problem.h"
#include "pk-sql.h"
#include "pk-store-backup.h"
#include "pk-store-blobs.h"
#include "pk-store-devices.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"

#include <glib/gstdio.h>

#define DATABASE "pakobla.db"

static gint64
get_database_size (PkStore *store)
{
  g_autofree char *path = g_build_filename (pk_store_get_dir (store), DATABASE, NULL);
  GStatBuf info;

  return g_stat (path, &info) == 0 ? info.st_size : 0;
}

/**
 * pk_service_get_facts:
 * @facts_out: (out caller-allocates)
 */
gboolean
pk_service_get_facts (PkService *service, PkServiceFacts *facts_out, GError **error)
{
  PkStore *store = pk_service_get_store (service);
  g_autoptr (GPtrArray) devices = pk_store_list_devices (store, NULL, error);

  if (devices == NULL)
    return FALSE;
  *facts_out = (PkServiceFacts){ .database_bytes = get_database_size (store),
                                 .n_devices = devices->len };
  return pk_store_get_epoch (store, &facts_out->epoch, error) &&
         pk_store_get_seq (store, &facts_out->seq, error) &&
         pk_store_count_blobs (store, &facts_out->n_blobs, &facts_out->blob_bytes, error);
}

/**
 * pk_service_get_epoch:
 * @epoch_out: (out): the id of the server's history
 */
gboolean
pk_service_get_epoch (PkService *service, PkId *epoch_out, GError **error)
{
  return pk_store_get_epoch (pk_service_get_store (service), epoch_out, error);
}

/**
 * pk_service_count:
 * @count_out: (out): how many records there are of an entity
 */
gboolean
pk_service_count (PkService *service, guint entity, gint64 *count_out, GError **error)
{
  return pk_store_count (pk_service_get_store (service),
                         pk_entity_by_id (entity),
                         count_out,
                         error);
}

/**
 * pk_service_get_dir:
 *
 * Returns: (transfer none): the folder of all data
 */
const char *
pk_service_get_dir (PkService *service)
{
  return pk_store_get_dir (pk_service_get_store (service));
}

/**
 * pk_service_list_devices:
 *
 * Returns: (transfer container) (nullable) (element-type PkDevice): all there are
 */
GPtrArray *
pk_service_list_devices (PkService *service, GError **error)
{
  return pk_store_list_devices (pk_service_get_store (service), NULL, error);
}

/**
 * pk_service_dup_person_name:
 *
 * Returns: (transfer full) (nullable): what the person is called; NULL where nobody is
 */
char *
pk_service_dup_person_name (PkService *service, const PkId *person)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_PERSON);
  g_autoptr (PkRecord)
      record = pk_store_find (pk_service_get_store (service), entity, person, NULL);

  return record != NULL ? g_strdup (pk_record_get_text (record, PK_PERSON_NAME)) : NULL;
}

/**
 * pk_service_backup:
 * @path: of a folder that is not there yet
 * @facts_out: (out caller-allocates): what is in it
 *
 * Writes a whole copy of the database, as it is at one moment, with the contents that it knows; writers go on meanwhile.
 *
 * Errors: %PK_PROBLEM_EXISTS
 */
gboolean
pk_service_backup (PkService *service, const char *path, PkStoreBackup *facts_out, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      pk_problem_set (error, PK_PROBLEM_EXISTS, "/path", "There is something already");
      return FALSE;
    }
  return pk_store_backup (pk_service_get_store (service), path, facts_out, error);
}

/**
 * pk_service_restore:
 * @path: of what pk_service_backup() wrote
 *
 * Goes back to a backup, contents too, with a new epoch, so that clients push again what it does not know. On the writing thread.
 *
 * Errors: %PK_PROBLEM_INVALID where it is none or is damaged, and those of the driver; then nothing has changed
 */
gboolean
pk_service_restore (PkService *service, const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (pk_store_restore (pk_service_get_store (service), path, &local))
    return TRUE;
  if (g_error_matches (local, PK_SQL_ERROR, PK_SQL_ERROR_FULL))
    g_propagate_error (error, g_steal_pointer (&local));
  else
    pk_problem_set (error, PK_PROBLEM_INVALID, "/path", "%s", local->message);
  return FALSE;
}

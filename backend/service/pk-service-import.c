/* Many records at once, by an operator: the same road as every other change, with the questions left out. */
#include "config.h"

#include "pk-service-import.h"

#include "pk-hash.h"
#include "pk-rules.h"
#include "pk-service-numbers.h"
#include "pk-service-write.h"
#include "pk-store-blobs.h"
#include "pk-store-records.h"

/* What others follow comes first in the model, so it is placed first; within an entity the order stays. */
static GPtrArray *
sort_records (GPtrArray *records)
{
  GPtrArray *sorted = g_ptr_array_sized_new (records->len);

  for (guint i = 0; i < pk_model.n_entities; i++)
    for (guint j = 0; j < records->len; j++)
      if (pk_record_get_entity (records->pdata[j]) == &pk_model.entities[i])
        g_ptr_array_add (sorted, records->pdata[j]);
  return sorted;
}

static gboolean
find_before (PkService *service, const PkRecord *record, PkRecord **before_out, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *before_out = pk_store_find (pk_service_get_store (service),
                               pk_record_get_entity (record),
                               pk_record_get_id (record),
                               &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
fill_actor (PkRecord *record, const PkId *actor)
{
  const PkEntity *entity = pk_record_get_entity (record);

  for (guint i = 0; i < entity->n_fields; i++)
    if (entity->fields[i].set_by == PK_SET_BY_ACTOR)
      pk_record_set_ref (record, i, actor);
}

/* What is brought in from before has its number from the year that it is of. */
static gint64
find_time (const PkRecord *record, gint64 fallback)
{
  return pk_record_get_entity (record)->id == PK_ENTITY_TASK
             ? pk_record_get_int (record, PK_TASK_CREATED_AT, fallback)
             : fallback;
}

/* An operator stores the contents first: what is here has arrived. */
static gboolean
mark_stored (PkService *service, PkRecord *record, GError **error)
{
  gboolean has_it = FALSE;

  if (pk_record_get_entity (record)->id != PK_ENTITY_DOCUMENT)
    return TRUE;
  const char *sha256 = pk_record_get_text (record, PK_DOCUMENT_SHA256);
  if (sha256 != NULL && pk_sha256_is_valid (sha256) &&
      !pk_store_find_blob (pk_service_get_store (service), sha256, &has_it, NULL, error))
    return FALSE;
  pk_record_set_int (record, PK_DOCUMENT_IS_STORED, has_it);
  return TRUE;
}

static gboolean
import_record (PkService *service,
               PkWrite *write,
               PkRecord *record,
               const PkId *actor,
               PkImportFlags flags,
               GError **error)
{
  PkWriteNote note = { .kind = PK_HISTORY_KIND_IMPORTED };
  PkRuleContext context = { .actor = actor ? *actor : (PkId){ { 0 } },
                            .now_us = pk_write_get_now_us (write) };
  g_autoptr (PkRecord) before = NULL;

  if (!find_before (service, record, &before, error))
    return FALSE;
  if (!(flags & PK_IMPORT_KEEP_SERVER_FIELDS))
    {
      fill_actor (record, actor);
      pk_rules_derive (record, before, &context);
    }
  return pk_service_fill_numbers (service,
                                  record,
                                  before,
                                  find_time (record, context.now_us),
                                  error) &&
         mark_stored (service, record, error) && pk_codec_check_record (record, error) &&
         pk_write_put (write, record, before, &note, 1, error);
}

/**
 * pk_service_import_records:
 * @records: (element-type PkRecord): each gets its number
 * @actor: (nullable): whom the history names
 * @at_us: when, for the history
 *
 * Errors: %PK_PROBLEM_REQUIRED; the text names the record
 * Returns: %TRUE if all are written; else none is
 */
gboolean
pk_service_import_records (PkService *service,
                           GPtrArray *records,
                           const PkId *actor,
                           gint64 at_us,
                           PkImportFlags flags,
                           GError **error)
{
  PkWriteFlags write_flags = PK_WRITE_BULK |
                             (flags & PK_IMPORT_WITH_HISTORY ? 0 : PK_WRITE_NO_HISTORY);
  g_autoptr (PkWrite) write = pk_write_begin (service, actor, write_flags, error);
  g_autoptr (GPtrArray) sorted = sort_records (records);

  if (write == NULL)
    return FALSE;
  pk_write_set_now_us (write, at_us);
  for (guint i = 0; i < sorted->len; i++)
    if (!import_record (service, write, sorted->pdata[i], actor, flags, error))
      {
        PkRecord *record = sorted->pdata[i];
        char text[PK_ID_TEXT_LENGTH + 1];
        pk_id_to_text (pk_record_get_id (record), text);
        g_prefix_error (error, "%s %s: ", pk_record_get_entity (record)->name, text);
        return FALSE;
      }
  return pk_write_commit (write, NULL, error);
}

/**
 * pk_service_store_content:
 * @sha256_out: (out) (transfer full): the content's name
 *
 * Stores a document's content. Storing it twice changes nothing.
 *
 * Returns: %TRUE if it is durable
 */
gboolean
pk_service_store_content (PkService *service, GBytes *content, char **sha256_out, GError **error)
{
  return pk_store_put_blob_bytes (pk_service_get_store (service),
                                  content,
                                  pk_service_now_us (service),
                                  sha256_out,
                                  error);
}

/**
 * pk_service_visit:
 * @entity: a `PkEntityId`
 *
 * Shows @visitor every record of an entity, whoever may see it.
 *
 * Returns: %TRUE if the query ran
 */
gboolean
pk_service_visit (PkService *service,
                  guint entity,
                  PkRecordVisitor visitor,
                  gpointer data,
                  GError **error)
{
  return pk_store_visit (pk_service_get_store (service),
                         pk_entity_by_id (entity),
                         visitor,
                         data,
                         error);
}

/* Contents and the documents that point to them: who may read, and what follows when a content has arrived. */
#include "config.h"

#include "pk-service-documents.h"

#include "pk-problem.h"
#include "pk-service-write.h"
#include "pk-store-blobs.h"
#include "pk-store-records.h"

#define MAX_DOCUMENTS 1000

static GPtrArray *
find_documents (PkService *service, const char *sha256, GError **error)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_DOCUMENT);
  g_autoptr (PkValues) filters = pk_values_new (entity->fields, entity->n_fields);
  PkListQuery query = { .entity = entity, .filters = filters, .limit = MAX_DOCUMENTS };

  for (guint i = 0; i < entity->n_indexes; i++)
    if (g_str_has_prefix (entity->indexes[i], "sha256"))
      query.order = i;
  pk_values_take (filters, PK_DOCUMENT_SHA256, pk_value_text (sha256));
  return pk_store_list (pk_service_get_store (service), &query, error);
}

/**
 * pk_service_may_read_content:
 * @may_out: (out): whether @actor may see a stored document that points to the content
 */
gboolean
pk_service_may_read_content (PkService *service,
                             const PkActor *actor,
                             const char *sha256,
                             gboolean *may_out,
                             GError **error)
{
  g_autoptr (GPtrArray) documents = find_documents (service, sha256, error);

  *may_out = FALSE;
  if (documents == NULL)
    return FALSE;
  for (guint i = 0; i < documents->len && !*may_out; i++)
    {
      g_autoptr (GError) local = NULL;
      if (pk_record_get_int (documents->pdata[i], PK_DOCUMENT_IS_STORED, 0) == 0)
        continue;
      *may_out = pk_access_check_see (service,
                                      actor,
                                      pk_record_get_entity (documents->pdata[i]),
                                      pk_record_get_id (documents->pdata[i]),
                                      &local);
      if (local != NULL && !g_error_matches (local, PK_PROBLEM_ERROR, PK_PROBLEM_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
has_new_content (const PkRecord *record, const PkRecord *before)
{
  return pk_record_get_entity (record)->id == PK_ENTITY_DOCUMENT &&
         (before == NULL || g_strcmp0 (pk_record_get_text (record, PK_DOCUMENT_SHA256),
                                       pk_record_get_text (before, PK_DOCUMENT_SHA256)) != 0);
}

/**
 * pk_service_settle_content:
 * @record: any record that is about to be written
 * @before: (nullable): as the store has it
 *
 * A document that points to another content than before has it from the start where the server has it and @actor may read it
 * already. Else it waits for an upload, as if the content were not here: whoever knows a hash alone learns nothing.
 */
gboolean
pk_service_settle_content (PkService *service,
                           const PkActor *actor,
                           PkRecord *record,
                           const PkRecord *before,
                           GError **error)
{
  gboolean is_here, may_read = FALSE;

  if (!has_new_content (record, before))
    return TRUE;
  const char *sha256 = pk_record_get_text (record, PK_DOCUMENT_SHA256);
  if (!pk_store_find_blob (pk_service_get_store (service), sha256, &is_here, NULL, error) ||
      (is_here && !pk_service_may_read_content (service, actor, sha256, &may_read, error)))
    return FALSE;
  pk_record_set_int (record, PK_DOCUMENT_IS_STORED, may_read);
  return TRUE;
}

static gboolean
mark_stored (PkWrite *write, PkRecord *before, GError **error)
{
  g_autoptr (PkRecord) after = pk_record_copy (before);

  pk_record_set_int (after, PK_DOCUMENT_IS_STORED, 1);
  return pk_write_put (write, after, before, NULL, 0, error);
}

/**
 * pk_service_content_arrived:
 * @person: who has sent it
 * @sha256: of a content that the store has
 *
 * Marks the documents that @person made and that point to it: now others may see it too. One write; nothing where there is none.
 */
gboolean
pk_service_content_arrived (PkService *service,
                            const PkId *person,
                            const char *sha256,
                            GError **error)
{
  g_autoptr (GPtrArray) documents = find_documents (service, sha256, error);
  g_autoptr (PkWrite) write = NULL;

  if (documents == NULL)
    return FALSE;
  for (guint i = 0; i < documents->len; i++)
    {
      PkRecord *document = documents->pdata[i];
      const PkId *maker = pk_record_get_ref (document, PK_DOCUMENT_CREATED_BY);
      if (maker == NULL || !pk_id_equal (maker, person) ||
          pk_record_get_int (document, PK_DOCUMENT_IS_STORED, 0) != 0)
        continue;
      if (write == NULL)
        write = pk_write_begin (service, person, PK_WRITE_NO_HISTORY, error);
      if (write == NULL || !mark_stored (write, document, error))
        return FALSE;
    }
  return write == NULL || pk_write_commit (write, NULL, error);
}

/**
 * pk_service_dup_content_path:
 *
 * Returns: (transfer full): the file of a content
 */
char *
pk_service_dup_content_path (PkService *service, const char *sha256)
{
  return pk_store_dup_blob_path (pk_service_get_store (service), sha256);
}

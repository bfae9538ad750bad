/*
 * A person's own documents whose content the server does not have: one that has just been made, or one whose content it has lost since (a
 * backup was restored), or had before it knew the document. What is here of them waits for its upload, again. On the writer's thread.
 */
#include "config.h"

#include "pk-writer-private.h"

#include "pk-blob-cache.h"
#include "pk-hash.h"

/**
 * pk_writer_note_unstored:
 * @document: any record that is about to be seen
 *
 * Notes a document of this person whose content the server does not have: one that has just been made, or one whose content it has lost
 * since (a backup was restored), or had before it knew the document.
 */
void
pk_writer_note_unstored (PkWriter *self, PkRecord *document)
{
  if (pk_record_get_entity (document)->id != PK_ENTITY_DOCUMENT ||
      pk_record_get_int (document, PK_DOCUMENT_IS_STORED, 0) != 0)
    return;
  const PkId *maker = pk_record_get_ref (document, PK_DOCUMENT_CREATED_BY);
  if (maker != NULL && pk_id_equal (maker, &self->person))
    g_ptr_array_add (self->unstored, pk_record_ref (document));
}

/* One that waits, or was refused, stays as it is. */
static gboolean
queue_again (PkWriter *self, const PkRecord *document, const char *sha256, GError **error)
{
  PkStatement *insert = pk_sql_prepare (
      self->outbox,
      "INSERT INTO upload (sha256, size, document, media_type) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT (sha256) DO NOTHING",
      error);

  if (insert == NULL)
    return FALSE;
  pk_statement_bind_text (insert, 1, sha256);
  pk_statement_bind_int (insert, 2, pk_record_get_int (document, PK_DOCUMENT_SIZE_BYTES, 0));
  pk_statement_bind_id (insert, 3, pk_record_get_id (document));
  pk_statement_bind_text (insert, 4, pk_record_get_text (document, PK_DOCUMENT_MEDIA_TYPE));
  pk_change_set_set_outbox (self->changes);
  return pk_statement_run (insert, error);
}

/**
 * pk_writer_queue_unstored:
 *
 * Before the commit: contents of the documents that were noted wait for their upload, as far as they are here.
 *
 * Returns: %TRUE if they are queued
 */
gboolean
pk_writer_queue_unstored (PkWriter *self, GError **error)
{
  for (guint i = 0; i < self->unstored->len; i++)
    {
      const PkRecord *document = self->unstored->pdata[i];
      const char *sha256 = pk_record_get_text (document, PK_DOCUMENT_SHA256);
      if (pk_sha256_is_valid (sha256) && pk_blob_cache_has (self->directory, sha256) &&
          !queue_again (self, document, sha256, error))
        return FALSE;
    }
  g_ptr_array_set_size (self->unstored, 0);
  return TRUE;
}

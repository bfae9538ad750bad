/* Uploads under way: how far each has come. Their bytes are files beside the database. */
#include "config.h"

#include "pk-store-blobs.h"
#include "pk-store-private.h"

#define UPLOAD_COLUMNS                                                                             \
  "SELECT id, person, sha256, size, received, created_us, expires_us, data FROM upload"

/**
 * pk_upload_new:
 * @size: of the whole content
 *
 * Returns: (transfer full): an upload of which nothing has come
 */
PkUpload *
pk_upload_new (const PkId *id, const PkId *person, gint64 size)
{
  PkUpload *self = g_new0 (PkUpload, 1);

  self->id = *id;
  self->person = *person;
  self->size = size;
  return self;
}

/**
 * pk_upload_free:
 *
 * Frees the row.
 */
void
pk_upload_free (PkUpload *self)
{
  if (self == NULL)
    return;
  g_free (self->sha256);
  g_free (self->data);
  g_free (self);
}

static PkUpload *
read_upload (PkStatement *row)
{
  PkUpload *upload = g_new0 (PkUpload, 1);

  pk_statement_get_id (row, 0, &upload->id);
  pk_statement_get_id (row, 1, &upload->person);
  upload->sha256 = g_strdup (pk_statement_get_text (row, 2));
  upload->size = pk_statement_get_int (row, 3);
  upload->offset = pk_statement_get_int (row, 4);
  upload->created_us = pk_statement_get_int (row, 5);
  upload->expires_us = pk_statement_get_int (row, 6);
  upload->data = g_strdup (pk_statement_get_text (row, 7));
  return upload;
}

/**
 * pk_store_put_upload:
 *
 * Returns: %TRUE if the row is written, new or not
 */
gboolean
pk_store_put_upload (PkStore *self, const PkUpload *upload, GError **error)
{
  PkStatement *put = pk_sql_prepare (
      self->sql,
      "INSERT INTO upload (id, person, sha256, size, received, created_us, expires_us, data)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET"
      " received = excluded.received, expires_us = excluded.expires_us, data = excluded.data",
      error);

  if (put == NULL)
    return FALSE;
  pk_statement_bind_id (put, 1, &upload->id);
  pk_statement_bind_id (put, 2, &upload->person);
  pk_statement_bind_text (put, 3, upload->sha256);
  pk_statement_bind_int (put, 4, upload->size);
  pk_statement_bind_int (put, 5, upload->offset);
  pk_statement_bind_int (put, 6, upload->created_us);
  pk_statement_bind_int (put, 7, upload->expires_us);
  pk_statement_bind_text (put, 8, upload->data);
  return pk_statement_run (put, error);
}

/**
 * pk_store_find_upload:
 *
 * Returns: (transfer full) (nullable): the upload; NULL without an error where there is none
 */
PkUpload *
pk_store_find_upload (PkStore *self, const PkId *id, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql, UPLOAD_COLUMNS " WHERE id = ?1", error);
  gboolean has_row;

  if (query == NULL)
    return NULL;
  pk_statement_bind_id (query, 1, id);
  if (!pk_store_step (query, &has_row, error) || !has_row)
    return NULL;
  PkUpload *upload = read_upload (query);
  pk_statement_reset (query);
  return upload;
}

/**
 * pk_store_find_open_upload:
 * @upload_out: (out) (transfer full) (nullable): the newest upload of this content by this person; NULL where there is none
 *
 * Returns: %TRUE if the query ran
 */
gboolean
pk_store_find_open_upload (PkStore *self,
                           const PkId *person,
                           const char *sha256,
                           PkUpload **upload_out,
                           GError **error)
{
  PkStatement *query = pk_sql_prepare (
      self->sql,
      UPLOAD_COLUMNS " WHERE person = ?1 AND sha256 = ?2 ORDER BY created_us DESC LIMIT 1",
      error);
  gboolean has_row;

  *upload_out = NULL;
  if (query == NULL)
    return FALSE;
  pk_statement_bind_id (query, 1, person);
  pk_statement_bind_text (query, 2, sha256);
  if (!pk_store_step (query, &has_row, error))
    return FALSE;
  if (has_row)
    *upload_out = read_upload (query);
  pk_statement_reset (query);
  return TRUE;
}

/**
 * pk_store_delete_upload:
 *
 * Returns: %TRUE if the row is not there any more; the file is the caller's to remove
 */
gboolean
pk_store_delete_upload (PkStore *self, const PkId *id, GError **error)
{
  PkStatement *remove = pk_sql_prepare (self->sql, "DELETE FROM upload WHERE id = ?1", error);

  if (remove == NULL)
    return FALSE;
  pk_statement_bind_id (remove, 1, id);
  return pk_statement_run (remove, error);
}

/**
 * pk_store_list_expired_uploads:
 *
 * Returns: (transfer full) (nullable) (element-type PkUpload): those that expired before @now_us
 */
GPtrArray *
pk_store_list_expired_uploads (PkStore *self, gint64 now_us, GError **error)
{
  g_autoptr (GPtrArray) uploads = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_upload_free);
  PkStatement *query = pk_sql_prepare (self->sql, UPLOAD_COLUMNS " WHERE expires_us < ?1", error);
  gboolean has_row;

  if (query == NULL)
    return NULL;
  pk_statement_bind_int (query, 1, now_us);
  while (pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return g_steal_pointer (&uploads);
      g_ptr_array_add (uploads, read_upload (query));
    }
  return NULL;
}

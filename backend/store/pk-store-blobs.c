/*
 * Contents on disk: written beside their place, synced, renamed, and only then named in a row. A row without a file can not
 * come about; a file without a row is harmless and is taken over by the next upload of the same content.
 */
#include "config.h"

#include "pk-store-blobs.h"

#include "pk-hash.h"
#include "pk-store-files-private.h"
#include "pk-store-private.h"

#include <glib/gstdio.h>

/**
 * pk_store_dup_blob_path:
 * @sha256: 64 hexadecimal digits, checked by the caller
 *
 * Returns: (transfer full): where the content is, or would be
 */
char *
pk_store_dup_blob_path (PkStore *self, const char *sha256)
{
  return pk_store_dup_content_path (self->dir, sha256);
}

/**
 * pk_store_dup_upload_path:
 *
 * Returns: (transfer full): where the bytes of an upload are gathered
 */
char *
pk_store_dup_upload_path (PkStore *self, const PkId *id)
{
  char text[PK_ID_TEXT_LENGTH + 1];

  return g_build_filename (self->dir, "uploads", pk_id_to_text (id, text), NULL);
}

/**
 * pk_store_find_blob:
 * @has_out: (out): whether the whole content is stored
 * @size_out: (out) (optional): its bytes
 *
 * Returns: %TRUE if the query ran
 */
gboolean
pk_store_find_blob (PkStore *self,
                    const char *sha256,
                    gboolean *has_out,
                    gint64 *size_out,
                    GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql, "SELECT size FROM blob WHERE sha256 = ?1", error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_text (query, 1, sha256);
  if (!pk_store_step (query, has_out, error))
    return FALSE;
  if (size_out != NULL)
    *size_out = *has_out ? pk_statement_get_int (query, 0) : 0;
  pk_statement_reset (query);
  return TRUE;
}

static gboolean
insert_blob (PkStore *self, const char *sha256, gint64 size, gint64 now_us, GError **error)
{
  PkStatement *insert = pk_sql_prepare (self->sql,
                                        "INSERT INTO blob (sha256, size, stored_us)"
                                        " VALUES (?1, ?2, ?3) ON CONFLICT (sha256) DO NOTHING",
                                        error);

  if (insert == NULL)
    return FALSE;
  pk_statement_bind_text (insert, 1, sha256);
  pk_statement_bind_int (insert, 2, size);
  pk_statement_bind_int (insert, 3, now_us);
  return pk_statement_run (insert, error);
}

/**
 * pk_store_take_blob_file:
 * @path: a file on the same file system, which is moved away; it need not be synced
 * @sha256: what its content hashes to, as the caller has checked
 *
 * Stores a content. Storing it twice changes nothing.
 *
 * Returns: %TRUE if the content is durable; so is its row, once the transaction is (there need be none)
 */
gboolean
pk_store_take_blob_file (PkStore *self,
                         const char *path,
                         const char *sha256,
                         gint64 now_us,
                         GError **error)
{
  g_autofree char *target = pk_store_dup_blob_path (self, sha256);
  GStatBuf info;

  if (g_stat (path, &info) != 0)
    return pk_store_fail_file ("Looking at", path, error);
  if (!pk_store_move_durably (path, target, error))
    return FALSE;
  return insert_blob (self, sha256, info.st_size, now_us, error);
}

/**
 * pk_store_put_blob_bytes:
 * @sha256_out: (out) (optional) (transfer full): the content's name
 *
 * Stores a content that is in memory. Storing it twice changes nothing.
 *
 * Returns: %TRUE if the content is durable
 */
gboolean
pk_store_put_blob_bytes (PkStore *self,
                         GBytes *content,
                         gint64 now_us,
                         char **sha256_out,
                         GError **error)
{
  gsize size;
  const char *bytes = g_bytes_get_data (content, &size);
  g_autofree char *sha256 = pk_sha256_of_bytes (bytes, size);
  PkId name = pk_id_source_next (self->ids);
  g_autofree char *path = pk_store_dup_upload_path (self, &name);
  gboolean has_it;

  if (!pk_store_find_blob (self, sha256, &has_it, NULL, error))
    return FALSE;
  if (!has_it && (!g_file_set_contents_full (path,
                                             bytes ? bytes : "",
                                             (gssize) size,
                                             G_FILE_SET_CONTENTS_NONE,
                                             0600,
                                             error) ||
                  !pk_store_take_blob_file (self, path, sha256, now_us, error)))
    return FALSE;
  if (sha256_out != NULL)
    *sha256_out = g_steal_pointer (&sha256);
  return TRUE;
}

/**
 * pk_store_count_blobs:
 * @count_out: (out): how many contents there are
 * @bytes_out: (out): how many bytes they have together
 *
 * Returns: %TRUE if the query ran
 */
gboolean
pk_store_count_blobs (PkStore *self, gint64 *count_out, gint64 *bytes_out, GError **error)
{
  return pk_sql_get_int (self->sql, "SELECT count(*) FROM blob", count_out, error) &&
         pk_sql_get_int (self->sql, "SELECT coalesce (sum (size), 0) FROM blob", bytes_out, error);
}

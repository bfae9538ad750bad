/*
 * Contents and the writer: what waits to be uploaded, what is pinned, what may go. The queue and the pins are the person's, so they are
 * in the outbox's file. On the writer's thread.
 */
#include "config.h"

#include "pk-blob-queue.h"
#include "pk-writer-private.h"

#include "pk-blob-cache.h"
#include "pk-hash.h"

#include <glib/gstdio.h>

/**
 * pk_pending_upload_free:
 *
 * Frees the upload.
 */
void
pk_pending_upload_free (PkPendingUpload *self)
{
  if (self == NULL)
    return;
  g_free (self->sha256);
  g_free (self->media_type);
  g_free (self->url);
  g_free (self);
}

static gboolean
run (PkStatement *statement, GError **error)
{
  return statement != NULL && pk_statement_run (statement, error);
}

static gboolean
tell_outbox (PkWriter *self, gboolean is_done)
{
  if (!is_done)
    return FALSE;
  pk_change_set_set_outbox (self->changes);
  pk_writer_tell (self);
  return TRUE;
}

/**
 * pk_writer_queue_upload:
 * @upload: whose content is in the cache; place and url are not read
 *
 * Queues the content; once for each content. Call it before the document's mutation is submitted, so that a crash between the two
 * leaves nothing that is never sent.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_queue_upload (PkWriter *self, const PkPendingUpload *upload, GError **error)
{
  PkStatement *insert = pk_sql_prepare (
      self->outbox,
      "INSERT INTO upload (sha256, size, document, media_type) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT (sha256) DO UPDATE SET fault = NULL",
      error);

  if (insert == NULL)
    return FALSE;
  pk_statement_bind_text (insert, 1, upload->sha256);
  pk_statement_bind_int (insert, 2, upload->size_bytes);
  pk_statement_bind_id (insert, 3, &upload->document);
  pk_statement_bind_text (insert, 4, upload->media_type);
  return tell_outbox (self, run (insert, error));
}

static PkPendingUpload *
read_upload (PkStatement *row)
{
  PkPendingUpload *self = g_new0 (PkPendingUpload, 1);

  self->place = pk_statement_get_int (row, 0);
  self->sha256 = g_strdup (pk_statement_get_text (row, 1));
  self->size_bytes = pk_statement_get_int (row, 2);
  pk_statement_get_id (row, 3, &self->document);
  self->media_type = g_strdup (pk_statement_get_text (row, 4));
  self->url = g_strdup (pk_statement_get_text (row, 5));
  return self;
}

/**
 * pk_writer_list_uploads:
 *
 * Returns: (transfer full) (element-type PkPendingUpload) (nullable): what waits, the smallest first, so that photos do not wait for films
 */
GPtrArray *
pk_writer_list_uploads (PkWriter *self, guint max, GError **error)
{
  g_autoptr (GPtrArray)
      uploads = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_pending_upload_free);
  g_autoptr (GError) local_error = NULL;
  PkStatement *query =
      pk_sql_prepare (self->outbox,
                      "SELECT place, sha256, size, document, media_type, url FROM upload"
                      " WHERE fault IS NULL ORDER BY size, place LIMIT ?1",
                      error);

  if (query == NULL)
    return NULL;
  pk_statement_bind_int (query, 1, max);
  while (pk_statement_next (query, &local_error))
    g_ptr_array_add (uploads, read_upload (query));
  if (local_error == NULL)
    return g_steal_pointer (&uploads);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pk_writer_set_upload_url:
 * @url: (nullable): of the upload that was begun
 *
 * Keeps where the upload goes on after a restart.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_set_upload_url (PkWriter *self, gint64 place, const char *url, GError **error)
{
  PkStatement *set =
      pk_sql_prepare (self->outbox, "UPDATE upload SET url = ?2 WHERE place = ?1", error);

  if (set == NULL)
    return FALSE;
  pk_statement_bind_int (set, 1, place);
  pk_statement_bind_text (set, 2, url);
  return pk_statement_run (set, error);
}

/**
 * pk_writer_refuse_upload:
 * @fault: why the server will not have it
 *
 * The content stays here and is not tried again by itself.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_refuse_upload (PkWriter *self, gint64 place, const char *fault, GError **error)
{
  PkStatement *set =
      pk_sql_prepare (self->outbox, "UPDATE upload SET fault = ?2 WHERE place = ?1", error);

  if (set == NULL)
    return FALSE;
  pk_statement_bind_int (set, 1, place);
  pk_statement_bind_text (set, 2, fault);
  return tell_outbox (self, pk_statement_run (set, error));
}

/**
 * pk_writer_finish_upload:
 *
 * The server has the content.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_finish_upload (PkWriter *self, gint64 place, GError **error)
{
  PkStatement *remove = pk_sql_prepare (self->outbox, "DELETE FROM upload WHERE place = ?1", error);

  if (remove == NULL)
    return FALSE;
  pk_statement_bind_int (remove, 1, place);
  return tell_outbox (self, pk_statement_run (remove, error));
}

/**
 * pk_writer_set_pinned:
 * @entity: task or building
 *
 * Keeps the contents of the record's documents on this device, or lets them go again.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_set_pinned (PkWriter *self,
                      const PkEntity *entity,
                      const PkId *id,
                      gboolean is_pinned,
                      GError **error)
{
  PkStatement *set = pk_sql_prepare (
      self->outbox,
      is_pinned ? "INSERT INTO pin (entity, id) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
                : "DELETE FROM pin WHERE entity = ?1 AND id = ?2",
      error);

  if (set == NULL)
    return FALSE;
  pk_statement_bind_int (set, 1, entity->id);
  pk_statement_bind_id (set, 2, id);
  return tell_outbox (self, pk_statement_run (set, error));
}

#define CONTENTS_OF_PIN                                                                            \
  "SELECT sha256 FROM document WHERE is_stored = 1 AND id IN ("                                    \
  "SELECT document_id FROM document_link WHERE task_id = ?1"                                       \
  " UNION SELECT document_id FROM document_link WHERE building_id = ?1"                            \
  " UNION SELECT document_id FROM photo WHERE task_id = ?1"                                        \
  " UNION SELECT document_id FROM photo WHERE building_id = ?1"                                    \
  " UNION SELECT picture_id FROM building WHERE id = ?1"                                           \
  " UNION SELECT plan_id FROM location WHERE building_id = ?1)"

static gboolean
add_contents (PkWriter *self, const PkId *pinned, GHashTable *names, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *query = pk_sql_prepare (self->sql, CONTENTS_OF_PIN, error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_id (query, 1, pinned);
  while (pk_statement_next (query, &local_error))
    if (pk_sha256_is_valid (pk_statement_get_text (query, 0)))
      g_hash_table_add (names, g_strdup (pk_statement_get_text (query, 0)));
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Names of all contents that pins hold. */
static GHashTable *
list_pinned (PkWriter *self, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) local_error = NULL;
  PkStatement *query = pk_sql_prepare (self->outbox, "SELECT id FROM pin", error);
  PkId id;

  if (query == NULL)
    return NULL;
  while (pk_statement_next (query, &local_error))
    if (pk_statement_get_id (query, 0, &id) && !add_contents (self, &id, names, error))
      {
        pk_statement_reset (query);
        return NULL;
      }
  if (local_error == NULL)
    return g_steal_pointer (&names);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pk_writer_list_wanted_blobs:
 *
 * Returns: (transfer full) (element-type utf8) (nullable): contents of pinned records that are not here
 */
GPtrArray *
pk_writer_list_wanted_blobs (PkWriter *self, guint max, GError **error)
{
  g_autoptr (GHashTable) pinned = list_pinned (self, error);
  g_autoptr (GPtrArray) wanted = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer name;

  if (pinned == NULL)
    return NULL;
  g_hash_table_iter_init (&iter, pinned);
  while (wanted->len < max && g_hash_table_iter_next (&iter, &name, NULL))
    if (!pk_blob_cache_has (self->directory, name))
      g_ptr_array_add (wanted, g_strdup (name));
  return g_steal_pointer (&wanted);
}

/**
 * pk_writer_note_blob_used:
 *
 * Notes that the person looked at the content.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_note_blob_used (PkWriter *self, const char *sha256, GError **error)
{
  PkStatement *note =
      pk_sql_prepare (self->outbox,
                      "INSERT INTO blob (sha256, used_at) VALUES (?1, ?2)"
                      " ON CONFLICT (sha256) DO UPDATE SET used_at = excluded.used_at",
                      error);

  if (note == NULL)
    return FALSE;
  pk_statement_bind_text (note, 1, sha256);
  pk_statement_bind_int (note, 2, pk_clock_now_us (self->clock));
  return pk_statement_run (note, error);
}

static gboolean
has_row (PkSql *sql, const char *text, const char *sha256, gboolean *has_out, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *query = pk_sql_prepare (sql, text, error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_text (query, 1, sha256);
  *has_out = pk_statement_next (query, &local_error);
  pk_statement_reset (query);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
is_unsent (PkWriter *self, const char *sha256, gboolean *is_unsent_out, GError **error)
{
  return has_row (self->outbox,
                  "SELECT 1 FROM upload WHERE sha256 = ?1",
                  sha256,
                  is_unsent_out,
                  error);
}

static gboolean
remove_if_orphan (PkWriter *self, const char *sha256, GError **error)
{
  gboolean is_used, is_kept;

  if (!pk_sha256_is_valid (sha256))
    return TRUE;
  if (!has_row (self->sql, "SELECT 1 FROM document WHERE sha256 = ?1", sha256, &is_used, error) ||
      !is_unsent (self, sha256, &is_kept, error))
    return FALSE;
  if (is_used || is_kept)
    return TRUE;
  g_autofree char *path = pk_blob_cache_get_path (self->directory, sha256);
  g_autofree char *part = pk_blob_cache_get_part_path (self->directory, sha256);
  g_unlink (path);
  g_unlink (part);
  return TRUE;
}

/**
 * pk_writer_note_blob_arrived:
 *
 * Notes that a content was fetched and is in its place, and tells of the documents that it belongs to, so that whoever shows one
 * follows.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_note_blob_arrived (PkWriter *self, const char *sha256, GError **error)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_DOCUMENT);
  g_autoptr (GError) local_error = NULL;
  PkStatement *query =
      pk_sql_prepare (self->sql, "SELECT id, rid FROM document WHERE sha256 = ?1", error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_text (query, 1, sha256);
  while (pk_statement_next (query, &local_error))
    {
      PkChange change = { entity, { { 0 } }, pk_statement_get_int (query, 1), PK_CHANGE_CHANGED };
      pk_statement_get_id (query, 0, &change.id);
      pk_change_set_add (self->changes, &change);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  /* Its last document may have gone while it came. */
  if (!remove_if_orphan (self, sha256, error) || !pk_writer_note_blob_used (self, sha256, error))
    return FALSE;
  pk_writer_tell (self);
  return TRUE;
}

/**
 * pk_writer_remove_orphan_blobs:
 *
 * After the commit: contents whose last document went leave the disk, unless they are not uploaded yet.
 *
 * Returns: %TRUE unless a file could not be read
 */
gboolean
pk_writer_remove_orphan_blobs (PkWriter *self, GError **error)
{
  gboolean is_done = TRUE;

  for (guint i = 0; i < self->removed_blobs->len; i++)
    is_done = remove_if_orphan (self, self->removed_blobs->pdata[i], error) && is_done;
  g_ptr_array_set_size (self->removed_blobs, 0);
  return is_done;
}

static gboolean
sweep_blob (PkWriter *self, const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *sha256 = g_strndup (name, 64);
  gint64 latest_us = pk_clock_now_us (self->clock) - G_TIME_SPAN_DAY;
  GStatBuf status;

  /* What has just come may be about to be queued. */
  if (g_stat (path, &status) != 0 || (gint64) status.st_mtime * G_TIME_SPAN_SECOND > latest_us)
    return TRUE;
  return remove_if_orphan (self, sha256, error);
}

/**
 * pk_writer_sweep_blobs:
 *
 * Once after the files were opened: contents of no document leave the disk, which a crash between a commit and their removal has left there.
 *
 * Returns: %TRUE unless a file could not be read
 */
gboolean
pk_writer_sweep_blobs (PkWriter *self, GError **error)
{
  g_autofree char *folder = g_build_filename (self->directory, "blobs", NULL);
  gboolean is_done = TRUE;
  const char *name;
  gint64 seq;

  /* Of a replica that is still being fetched nobody can say which documents it will have. */
  if (self->has_swept)
    return TRUE;
  if (!pk_meta_get_int (self->sql, "seq", 0, &seq, error))
    return FALSE;
  if (seq == 0)
    return TRUE;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && is_done && (name = g_dir_read_name (dir)) != NULL)
    is_done = sweep_blob (self, folder, name, error);
  self->has_swept = is_done;
  return is_done;
}

typedef struct
{
  char *name; /* (owned) */
  gint64 size_bytes;
  gint64 used_us;
} Blob;

static void
free_blob (gpointer data)
{
  Blob *self = data;

  g_free (self->name);
  g_free (self);
}

static int
compare_use (gconstpointer a, gconstpointer b)
{
  const Blob *first = *(Blob *const *) a, *second = *(Blob *const *) b;

  return first->used_us < second->used_us ? -1 : first->used_us > second->used_us;
}

static gint64
find_use (PkWriter *self, const char *name, gint64 fallback)
{
  PkStatement *query =
      pk_sql_prepare (self->outbox, "SELECT used_at FROM blob WHERE sha256 = ?1", NULL);
  gint64 used_us = fallback;

  if (query == NULL)
    return fallback;
  pk_statement_bind_text (query, 1, name);
  if (pk_statement_next (query, NULL))
    used_us = pk_statement_get_int (query, 0);
  pk_statement_reset (query);
  return used_us;
}

static GPtrArray *
list_blobs (PkWriter *self, gint64 *total_out)
{
  GPtrArray *blobs = g_ptr_array_new_with_free_func (free_blob);
  g_autofree char *path = g_build_filename (self->directory, "blobs", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  *total_out = 0;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      GStatBuf status;
      if (!pk_sha256_is_valid (name) || g_stat (file, &status) != 0)
        continue;
      Blob *blob = g_new0 (Blob, 1);
      blob->name = g_strdup (name);
      blob->size_bytes = status.st_size;
      blob->used_us = find_use (self, name, (gint64) status.st_mtime * G_TIME_SPAN_SECOND);
      *total_out += status.st_size;
      g_ptr_array_add (blobs, blob);
    }
  g_ptr_array_sort (blobs, compare_use);
  return blobs;
}

/* Not uploaded yet, or uploaded before its document was known: the server cannot say of the latter that it is stored. */
static gboolean
is_needed (PkWriter *self, const char *sha256, gboolean *is_needed_out, GError **error)
{
  return is_unsent (self, sha256, is_needed_out, error) &&
         (*is_needed_out ||
          has_row (self->sql,
                   "SELECT 1 FROM document WHERE sha256 = ?1 AND is_stored IS NOT 1",
                   sha256,
                   is_needed_out,
                   error));
}

/**
 * pk_writer_evict_blobs:
 * @limit_bytes: how much may stay
 *
 * Removes the contents that were used longest ago until the limit is kept; never what is pinned or not uploaded yet.
 *
 * Returns: %TRUE unless a file could not be read
 */
gboolean
pk_writer_evict_blobs (PkWriter *self, gint64 limit_bytes, GError **error)
{
  gint64 total;
  g_autoptr (GPtrArray) blobs = list_blobs (self, &total);
  g_autoptr (GHashTable) pinned = list_pinned (self, error);

  if (pinned == NULL)
    return FALSE;
  for (guint i = 0; i < blobs->len && total > limit_bytes; i++)
    {
      const Blob *blob = blobs->pdata[i];
      g_autofree char *path = pk_blob_cache_get_path (self->directory, blob->name);
      gboolean is_kept;
      if (!is_needed (self, blob->name, &is_kept, error))
        return FALSE;
      if (!is_kept && !g_hash_table_contains (pinned, blob->name) && g_unlink (path) == 0)
        total -= blob->size_bytes;
    }
  return TRUE;
}

/*
 * Fetching contents and snapshots: into a .part file that the next try goes on with, verified by its name (SHA-256) on a thread, and
 * only then put in its place.
 */
#include "config.h"

#include "pk-blob-cache.h"
#include "pk-blob-queue.h"
#include "pk-sync-session-private.h"

#include <glib/gstdio.h>

#define CHUNK_BYTES (256 * 1024)
#define MAX_BYTES   (G_GINT64_CONSTANT (1) << 40)

typedef struct
{
  PkSyncErrand errand;
  SoupMessage *message; /* (owned) (nullable) */
  GInputStream *body;   /* (owned) (nullable) */
  GOutputStream *part;  /* (owned) (nullable) */
  char *part_path;      /* (owned) */
  char *path;           /* (owned) */
  gint64 n_bytes;       /* in the part */
} Fetch;

static void
fetch_free (Fetch *self)
{
  pk_sync_errand_clear (&self->errand);
  g_clear_object (&self->message);
  g_clear_object (&self->body);
  g_clear_object (&self->part);
  g_free (self->part_path);
  g_free (self->path);
  g_free (self);
}

static gboolean
is_snapshot (Fetch *fetch)
{
  return fetch->errand.effect.kind == PK_SYNC_EFFECT_FETCH_SNAPSHOT;
}

static void
fail (Fetch *fetch, PkSyncFailure failure, const GError *error)
{
  if (failure == PK_SYNC_FAILURE_CHECKSUM)
    g_unlink (fetch->part_path);
  pk_sync_errand_fail_by (&fetch->errand, failure, error);
  fetch_free (fetch);
}

static void
fail_by_words (Fetch *fetch, PkSyncFailure failure, const char *words)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, words);

  fail (fetch, failure, error);
}

static void
verify_in_thread (GTask *task,
                  G_GNUC_UNUSED gpointer source,
                  gpointer data,
                  G_GNUC_UNUSED GCancellable *cancellable)
{
  Fetch *fetch = data;
  const char *sha256 = fetch->errand.effect.sha256;
  GError *error = NULL;
  gboolean is_done;

  if (is_snapshot (fetch))
    {
      g_autofree char *found = pk_sha256_of_file (fetch->part_path, NULL, &error);
      is_done = g_strcmp0 (found, sha256) == 0 && g_rename (fetch->part_path, fetch->path) == 0;
    }
  else
    is_done = pk_blob_cache_finish_part (pk_replica_get_directory (fetch->errand.session->replica),
                                         sha256,
                                         &error);
  if (!is_done && error == NULL)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The bytes are other ones");
  if (is_done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gpointer
note_arrived (PkWriter *writer, gpointer data, GError **error)
{
  return pk_writer_note_blob_arrived (writer, data, error) ? PK_DONE : NULL;
}

/* Whoever shows a document with this content follows; where that cannot be written, the next look finds it. */
static void
tell_arrived (PkSyncSession *session, const char *sha256)
{
  PkReplicaJob job = { PK_PRIORITY_SYNC, g_strdup (sha256), g_free, NULL };

  pk_replica_write_async (session->replica, note_arrived, &job, NULL, NULL, NULL);
}

static void
verified_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fetch *fetch = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      fail (fetch, PK_SYNC_FAILURE_CHECKSUM, error);
      return;
    }
  if (!is_snapshot (fetch))
    tell_arrived (fetch->errand.session, fetch->errand.effect.sha256);
  pk_sync_errand_answer (&fetch->errand,
                         (PkSyncEvent){ .kind = is_snapshot (fetch) ? PK_SYNC_EVENT_SNAPSHOT_FETCHED
                                                                    : PK_SYNC_EVENT_DOWNLOADED });
  fetch_free (fetch);
}

static void
verify (Fetch *fetch)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, verified_cb, fetch);

  g_task_set_task_data (task, fetch, NULL);
  g_task_run_in_thread (task, verify_in_thread);
}

static void read_more (Fetch *fetch);

static void
end_of_body (Fetch *fetch)
{
  gint64 size = fetch->errand.effect.size;
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_close (fetch->part, NULL, &error))
    fail (fetch, PK_SYNC_FAILURE_LOCAL, error);
  else if (size > 0 && fetch->n_bytes < size)
    fail_by_words (fetch, PK_SYNC_FAILURE_NETWORK, "The answer was cut");
  else
    verify (fetch);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fetch *fetch = user_data;
  g_autoptr (GError) error = NULL;
  gssize n = g_output_stream_write_bytes_finish (G_OUTPUT_STREAM (source), result, &error);

  if (n < 0)
    {
      fail (fetch, PK_SYNC_FAILURE_LOCAL, error);
      return;
    }
  fetch->n_bytes += n;
  pk_sync_errand_answer (&fetch->errand,
                         (PkSyncEvent){ .kind = PK_SYNC_EVENT_PROGRESS,
                                        .number = fetch->n_bytes,
                                        .size = fetch->errand.effect.size });
  GBytes *all = g_object_get_data (G_OBJECT (fetch->part), "bytes");
  if ((gsize) n < g_bytes_get_size (all))
    {
      g_autoptr (GBytes)
          rest = g_bytes_new_from_bytes (all, (gsize) n, g_bytes_get_size (all) - (gsize) n);
      g_object_set_data_full (G_OBJECT (fetch->part),
                              "bytes",
                              g_bytes_ref (rest),
                              (GDestroyNotify) g_bytes_unref);
      g_output_stream_write_bytes_async (fetch->part,
                                         rest,
                                         G_PRIORITY_DEFAULT,
                                         fetch->errand.cancellable,
                                         written_cb,
                                         fetch);
      return;
    }
  read_more (fetch);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fetch *fetch = user_data;
  gint64 size = fetch->errand.effect.size;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes)
      bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes == NULL)
    {
      fail (fetch, PK_SYNC_FAILURE_NETWORK, error);
      return;
    }
  gsize length = g_bytes_get_size (bytes);
  if (length == 0)
    end_of_body (fetch);
  else if (fetch->n_bytes + (gint64) length > (size > 0 ? size : MAX_BYTES))
    fail_by_words (fetch, PK_SYNC_FAILURE_CHECKSUM, "More bytes came than there are");
  else
    {
      g_object_set_data_full (G_OBJECT (fetch->part),
                              "bytes",
                              g_bytes_ref (bytes),
                              (GDestroyNotify) g_bytes_unref);
      g_output_stream_write_bytes_async (fetch->part,
                                         bytes,
                                         G_PRIORITY_DEFAULT,
                                         fetch->errand.cancellable,
                                         written_cb,
                                         fetch);
    }
}

static void
read_more (Fetch *fetch)
{
  g_input_stream_read_bytes_async (fetch->body,
                                   CHUNK_BYTES,
                                   G_PRIORITY_DEFAULT,
                                   fetch->errand.cancellable,
                                   read_cb,
                                   fetch);
}

/* A server that knows no ranges sends the whole: then it begins anew. */
static gboolean
goes_on (Fetch *fetch)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (fetch->message);
  goffset start = 0;
  goffset end = 0; /* the library writes it unasked */

  return soup_message_get_status (fetch->message) == SOUP_STATUS_PARTIAL_CONTENT &&
         soup_message_headers_get_content_range (headers, &start, &end, NULL) &&
         start == fetch->n_bytes;
}

static gboolean
open_part (Fetch *fetch, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (fetch->part_path);
  g_autofree char *directory = g_path_get_dirname (fetch->part_path);

  g_mkdir_with_parents (directory, 0700);
  if (goes_on (fetch))
    fetch->part = G_OUTPUT_STREAM (g_file_append_to (file, G_FILE_CREATE_PRIVATE, NULL, error));
  else
    {
      fetch->n_bytes = 0;
      g_unlink (fetch->part_path);
      fetch->part = G_OUTPUT_STREAM (g_file_create (file, G_FILE_CREATE_PRIVATE, NULL, error));
    }
  return fetch->part != NULL;
}

static void
opened_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fetch *fetch = user_data;
  g_autoptr (GError) error = NULL;
  PkSyncFault fault;

  fetch->body = pk_sync_http_open_finish (fetch->errand.session->http, result, &fault, &error);
  if (fetch->body == NULL)
    {
      if (fault.failure == PK_SYNC_FAILURE_CHECKSUM)
        g_unlink (fetch->part_path);
      pk_sync_errand_fail (&fetch->errand, &fault, error);
      fetch_free (fetch);
    }
  else if (open_part (fetch, &error))
    read_more (fetch);
  else
    fail (fetch, PK_SYNC_FAILURE_LOCAL, error);
}

static void
ask (Fetch *fetch)
{
  PkSyncSession *session = fetch->errand.session;
  g_autofree char *path = g_strconcat (is_snapshot (fetch) ? "/api/sync/snapshots/"
                                                           : "/api/content/",
                                       fetch->errand.effect.sha256,
                                       NULL);

  fetch->message = pk_sync_http_make (session->http, "GET", path);
  if (fetch->n_bytes > 0)
    soup_message_headers_set_range (soup_message_get_request_headers (fetch->message),
                                    fetch->n_bytes,
                                    -1);
  pk_sync_http_open_async (session->http,
                           fetch->message,
                           NULL,
                           fetch->errand.cancellable,
                           opened_cb,
                           fetch);
}

static gint64
size_of (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 ? (gint64) status.st_size : 0;
}

/**
 * pk_sync_fetch_start:
 *
 * Carries out %PK_SYNC_EFFECT_FETCH_SNAPSHOT and %PK_SYNC_EFFECT_DOWNLOAD.
 */
void
pk_sync_fetch_start (PkSyncSession *session, const PkSyncEffect *effect)
{
  Fetch *fetch = g_new0 (Fetch, 1);
  const char *directory = pk_replica_get_directory (session->replica);

  pk_sync_errand_init (&fetch->errand, session, effect);
  if (is_snapshot (fetch))
    {
      fetch->path = pk_sync_session_dup_snapshot_path (session, effect->sha256);
      fetch->part_path = g_strconcat (fetch->path, ".part", NULL);
    }
  else
    {
      fetch->path = pk_blob_cache_get_path (directory, effect->sha256);
      fetch->part_path = pk_blob_cache_get_part_path (directory, effect->sha256);
    }
  fetch->n_bytes = size_of (fetch->part_path);
  if (g_file_test (fetch->path, G_FILE_TEST_EXISTS))
    {
      pk_sync_errand_answer (&fetch->errand,
                             (PkSyncEvent){ .kind = is_snapshot (fetch)
                                                        ? PK_SYNC_EVENT_SNAPSHOT_FETCHED
                                                        : PK_SYNC_EVENT_DOWNLOADED });
      fetch_free (fetch);
    }
  else if (effect->size > 0 && fetch->n_bytes >= effect->size)
    verify (fetch);
  else
    ask (fetch);
}

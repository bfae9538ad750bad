/*
 * Uploads by tus 1.0: the server is asked how much it has (and told what is coming), then gets the next chunk. The last chunk is
 * followed by a note in the outbox that the content is safe; only then may it leave this device.
 */
#include "config.h"

#include "pk-blob-cache.h"
#include "pk-blob-queue.h"
#include "pk-sync-session-private.h"

#define MAX_ANSWER_BYTES (64 * 1024)

typedef struct
{
  PkSyncErrand errand;
  SoupMessage *message; /* (owned) (nullable) */
  gint64 place;
  gint64 size;
  gint64 offset; /* that the server has now */
} Upload;

static void
upload_free (Upload *self)
{
  pk_sync_errand_clear (&self->errand);
  g_clear_object (&self->message);
  g_free (self);
}

static PkPendingUpload *
find (Upload *upload)
{
  return g_hash_table_lookup (upload->errand.session->uploads, upload->errand.effect.sha256);
}

static void
fail (Upload *upload, PkSyncFailure failure, const char *words)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, words);

  pk_sync_errand_fail_by (&upload->errand, failure, error);
  upload_free (upload);
}

static gpointer
note_finished (PkWriter *writer, gpointer data, GError **error)
{
  Upload *upload = data;

  return pk_writer_finish_upload (writer, upload->place, error) ? PK_DONE : NULL;
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Upload *upload = user_data;
  g_autoptr (GError) error = NULL;

  if (pk_replica_job_finish (PK_REPLICA (source), result, &error) != NULL)
    {
      g_hash_table_remove (upload->errand.session->uploads, upload->errand.effect.sha256);
      pk_sync_errand_answer (
          &upload->errand,
          (PkSyncEvent){ .kind = PK_SYNC_EVENT_UPLOADED, .number = upload->offset });
    }
  else
    pk_sync_errand_fail_by (&upload->errand, PK_SYNC_FAILURE_LOCAL, error);
  upload_free (upload);
}

static void
take_offset (Upload *upload)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (upload->message);
  const char *text = soup_message_headers_get_one (headers, "Upload-Offset");
  PkReplicaJob job = { .priority = PK_PRIORITY_SYNC, .data = upload };
  guint64 offset = 0;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &offset, NULL))
    {
      fail (upload, PK_SYNC_FAILURE_SERVER, "The server says no offset");
      return;
    }
  upload->offset = (gint64) offset;
  if (upload->offset >= upload->size && upload->errand.session->is_running)
    {
      pk_replica_write_async (upload->errand.session->replica,
                              note_finished,
                              &job,
                              NULL,
                              finished_cb,
                              upload);
      return;
    }
  pk_sync_errand_answer (&upload->errand,
                         (PkSyncEvent){ .kind = PK_SYNC_EVENT_UPLOADED, .number = upload->offset });
  upload_free (upload);
}

static gboolean
take_location (Upload *upload)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (upload->message);
  const char *location = soup_message_headers_get_one (headers, "Location");
  PkPendingUpload *pending = find (upload);

  if (location != NULL &&
      g_str_has_prefix (location, pk_sync_http_get_server (upload->errand.session->http)))
    location += strlen (pk_sync_http_get_server (upload->errand.session->http));
  /* Bytes go nowhere but to our own server. */
  if (pending == NULL || location == NULL || !g_str_has_prefix (location, "/api/uploads/"))
    return FALSE;
  g_free (pending->url);
  pending->url = g_strdup (location);
  return TRUE;
}

static void
answered_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Upload *upload = user_data;
  g_autoptr (GError) error = NULL;
  PkSyncFault fault;
  g_autoptr (GBytes)
      answer = pk_sync_http_fetch_finish (upload->errand.session->http, result, &fault, &error);

  if (answer == NULL)
    {
      pk_sync_errand_fail (&upload->errand, &fault, error);
      upload_free (upload);
    }
  else if (upload->errand.effect.number < 0 && !take_location (upload))
    fail (upload, PK_SYNC_FAILURE_SERVER, "The server says no place for the upload");
  else
    take_offset (upload);
}

static void
send_message (Upload *upload)
{
  soup_message_headers_replace (soup_message_get_request_headers (upload->message),
                                "Tus-Resumable",
                                "1.0.0");
  pk_sync_http_fetch_async (upload->errand.session->http,
                            upload->message,
                            NULL,
                            MAX_ANSWER_BYTES,
                            upload->errand.cancellable,
                            answered_cb,
                            upload);
}

static void
create (Upload *upload)
{
  const char *sha256 = upload->errand.effect.sha256;
  g_autofree char *length = g_strdup_printf ("%" G_GINT64_FORMAT, upload->size);
  g_autofree char *name = g_base64_encode ((const guchar *) sha256, strlen (sha256));
  g_autofree char *metadata = g_strconcat ("sha256 ", name, NULL);

  upload->message = pk_sync_http_make (upload->errand.session->http, "POST", "/api/uploads");
  SoupMessageHeaders *headers = soup_message_get_request_headers (upload->message);
  soup_message_headers_replace (headers, "Upload-Length", length);
  soup_message_headers_replace (headers, "Upload-Metadata", metadata);
  send_message (upload);
}

static void
send_chunk (Upload *upload, GBytes *chunk)
{
  PkPendingUpload *pending = find (upload);
  g_autofree char *offset = g_strdup_printf ("%" G_GINT64_FORMAT, upload->errand.effect.number);

  upload->message = pk_sync_http_make (upload->errand.session->http, "PATCH", pending->url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (upload->message);
  soup_message_headers_replace (headers, "Upload-Offset", offset);
  soup_message_set_request_body_from_bytes (upload->message,
                                            "application/offset+octet-stream",
                                            chunk);
  send_message (upload);
}

static void
read_in_thread (GTask *task,
                G_GNUC_UNUSED gpointer source,
                gpointer data,
                GCancellable *cancellable)
{
  Upload *upload = data;
  const char *directory = pk_replica_get_directory (upload->errand.session->replica);
  g_autofree char *path = pk_blob_cache_get_path (directory, upload->errand.effect.sha256);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GError *error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, &error);
  GBytes *chunk = NULL;

  if (stream != NULL && g_seekable_seek (G_SEEKABLE (stream),
                                         upload->errand.effect.number,
                                         G_SEEK_SET,
                                         cancellable,
                                         &error))
    chunk = g_input_stream_read_bytes (G_INPUT_STREAM (stream),
                                       (gsize) upload->errand.effect.size,
                                       cancellable,
                                       &error);
  if (chunk != NULL)
    g_task_return_pointer (task, chunk, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
chunk_read_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Upload *upload = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) chunk = g_task_propagate_pointer (G_TASK (result), &error);

  if (chunk == NULL)
    {
      pk_sync_errand_fail_by (&upload->errand, PK_SYNC_FAILURE_LOCAL, error);
      upload_free (upload);
    }
  else if (find (upload) == NULL || g_bytes_get_size (chunk) == 0)
    fail (upload, PK_SYNC_FAILURE_LOCAL, "The content is not what it was");
  else
    send_chunk (upload, chunk);
}

static void
read_chunk (Upload *upload)
{
  g_autoptr (GTask) task = g_task_new (NULL, upload->errand.cancellable, chunk_read_cb, upload);

  g_task_set_task_data (task, upload, NULL);
  g_task_run_in_thread (task, read_in_thread);
}

/**
 * pk_sync_upload_start:
 *
 * Carries out %PK_SYNC_EFFECT_UPLOAD.
 */
void
pk_sync_upload_start (PkSyncSession *session, const PkSyncEffect *effect)
{
  Upload *upload = g_new0 (Upload, 1);

  pk_sync_errand_init (&upload->errand, session, effect);
  PkPendingUpload *pending = find (upload);
  if (pending == NULL)
    {
      fail (upload, PK_SYNC_FAILURE_REFUSED, "Nobody knows the content");
      return;
    }
  upload->place = pending->place;
  upload->size = pending->size_bytes;
  if (effect->number < 0)
    create (upload);
  else if (pending->url == NULL)
    fail (upload, PK_SYNC_FAILURE_MISSING, "The upload has no place yet");
  else
    read_chunk (upload);
}

typedef struct
{
  gint64 place;
  char *fault; /* (owned) */
} Refusal;

static void
refusal_free (gpointer data)
{
  Refusal *self = data;

  g_free (self->fault);
  g_free (self);
}

static gpointer
note_refused (PkWriter *writer, gpointer data, GError **error)
{
  Refusal *refusal = data;

  return pk_writer_refuse_upload (writer, refusal->place, refusal->fault, error) ? PK_DONE : NULL;
}

/**
 * pk_sync_upload_refuse:
 *
 * The server will not have the content: its author reads why. It stays on this device.
 */
void
pk_sync_upload_refuse (PkSyncSession *session, const char *sha256)
{
  PkPendingUpload *pending = g_hash_table_lookup (session->uploads, sha256);
  PkReplicaJob job = { .priority = PK_PRIORITY_SYNC, .free_data = refusal_free };

  if (pending == NULL)
    return;
  Refusal *refusal = g_new0 (Refusal, 1);
  refusal->place = pending->place;
  refusal->fault = g_strdup (session->detail ? session->detail : "refused");
  job.data = refusal;
  g_hash_table_remove (session->uploads, sha256);
  pk_replica_write_async (session->replica, note_refused, &job, NULL, NULL, NULL);
}

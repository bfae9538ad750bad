/*
 * A pull: reads the answer line by line as it comes; a checkpoint is kept until its commit line is here, then read on a thread and
 * applied by the writer in one transaction, while the network waits (back-pressure). Whatever else comes – a page of a hotel, a
 * cut, nonsense – leaves the replica as it was.
 */
#include "config.h"

#include "pk-line-reader.h"
#include "pk-sync-own-work.h"
#include "pk-sync-session-private.h"
#include "pk-zstd-decoder.h"

#include <glib/gstdio.h>

#define CHUNK_BYTES           (64 * 1024)
#define MAX_LINE_BYTES        (64 * 1024 * 1024)
#define MAX_CHECKPOINT_BYTES  (512 * 1024 * 1024)
#define COMMIT_START          "{\"commit\""
#define NOTE_CONTACT_EVERY_US (5 * G_TIME_SPAN_MINUTE)

typedef struct
{
  PkSyncErrand errand;
  PkPullRequest *request; /* (owned) (nullable) */
  SoupMessage *message;   /* (owned) (nullable) */
  GInputStream *stream;   /* (owned) (nullable) */
  PkLineReader *reader;   /* (owned) */
  GByteArray *checkpoint; /* (owned): lines up to the commit, as they came */
  GBytes *rest;           /* (owned) (nullable): what came behind the commit */
  GPtrArray *lines;       /* (owned) (nullable): PkFeedLine of the checkpoint */
  GPtrArray *wanted;      /* (owned) (nullable): PkFeedScope */
  gint64 n_bytes;
  gboolean is_complete; /* the checkpoint ends with its commit */
  gboolean has_applied;
  gboolean wants_more; /* a repair has something to ask for */
  PkId epoch;
} Pull;

static void
pull_free (Pull *self)
{
  pk_sync_errand_clear (&self->errand);
  g_clear_pointer (&self->request, pk_pull_request_free);
  g_clear_object (&self->message);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->reader, pk_line_reader_free);
  g_clear_pointer (&self->checkpoint, g_byte_array_unref);
  g_clear_pointer (&self->rest, g_bytes_unref);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->wanted, g_ptr_array_unref);
  g_free (self);
}

static void
fail (Pull *pull, PkSyncFailure failure, const GError *error)
{
  pk_sync_errand_fail (&pull->errand,
                       &(PkSyncFault){ .failure = failure, .id = pull->epoch },
                       error);
  pull_free (pull);
}

static gint64
size_of (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 ? (gint64) status.st_size : 0;
}

static void
offer (Pull *pull, const PkFeedScope *scope)
{
  PkSyncSession *session = pull->errand.session;
  g_autofree char *path = pk_sync_session_dup_snapshot_path (session, scope->snapshot);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  PkSnapshotOffer *offered = g_new0 (PkSnapshotOffer, 1);
  gboolean is_here = g_file_test (path, G_FILE_TEST_EXISTS);

  offered->sha256 = g_strdup (scope->snapshot);
  offered->size = scope->snapshot_size;
  g_ptr_array_add (session->offers, offered);
  pk_sync_errand_answer (
      &pull->errand,
      (PkSyncEvent){ .kind = PK_SYNC_EVENT_SNAPSHOT_OFFERED,
                     .sha256 = scope->snapshot,
                     .size = scope->snapshot_size,
                     .rows = scope->snapshot_rows,
                     .number = is_here ? scope->snapshot_size : size_of (part) });
}

static void
finish (Pull *pull)
{
  PkSyncSession *session = pull->errand.session;
  gboolean is_alive = pk_sync_machine_has_request (session->machine, pull->errand.effect.request);

  g_ptr_array_set_size (session->offers, is_alive ? 0 : (int) session->offers->len);
  for (guint i = 0; is_alive && pull->wanted != NULL && i < pull->wanted->len; i++)
    if (pk_sha256_is_valid (((PkFeedScope *) pull->wanted->pdata[i])->snapshot))
      offer (pull, pull->wanted->pdata[i]);
  PkSyncEvent pulled = { .kind = PK_SYNC_EVENT_PULLED,
                         .flag = pull->has_applied,
                         .number = pull->wants_more ? 1 : 0 };
  if (pull->has_applied)
    pk_sync_errand_answer_after_look (&pull->errand, pulled);
  else
    pk_sync_errand_answer (&pull->errand, pulled);
  pull_free (pull);
}

static gpointer
note_contact (PkWriter *writer, G_GNUC_UNUSED gpointer data, GError **error)
{
  return pk_writer_note_contact (writer, error) ? PK_DONE : NULL;
}

/* The lease and "last contact" need no precision, and the disk no write for each poll. */
static void
note_contact_sometimes (PkSyncSession *session)
{
  gint64 now_us = pk_clock_now_us (pk_replica_get_clock (session->replica));
  PkReplicaJob job = { .priority = PK_PRIORITY_UPKEEP };

  if (!session->is_running || ABS (now_us - session->noted_contact_us) < NOTE_CONTACT_EVERY_US)
    return;
  session->noted_contact_us = now_us;
  pk_replica_write_async (session->replica, note_contact, &job, NULL, NULL, NULL);
}

static void take_rest (Pull *pull);

static gpointer
apply (PkWriter *writer, gpointer data, GError **error)
{
  Pull *pull = data;

  if (!pk_writer_apply (writer, pull->request, pull->lines, error))
    return NULL;
  g_clear_pointer (&pull->wanted, g_ptr_array_unref);
  pull->wanted = pk_writer_list_wanted_snapshots (writer);
  pull->wants_more = pk_writer_wants_pull (writer);
  return PK_DONE;
}

static void
applied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Pull *pull = user_data;
  g_autoptr (GError) error = NULL;

  if (pk_replica_job_finish (PK_REPLICA (source), result, &error) == NULL)
    {
      gboolean is_epoch = g_error_matches (error, PK_REPLICA_ERROR, PK_REPLICA_ERROR_EPOCH);
      fail (pull, is_epoch ? PK_SYNC_FAILURE_EPOCH : pk_sync_failure_of_local (error), error);
      return;
    }
  g_clear_pointer (&pull->lines, g_ptr_array_unref);
  g_byte_array_set_size (pull->checkpoint, 0);
  pull->is_complete = FALSE;
  pull->has_applied = TRUE;
  take_rest (pull);
}

static void
parse_in_thread (GTask *task,
                 G_GNUC_UNUSED gpointer source,
                 gpointer data,
                 G_GNUC_UNUSED GCancellable *cancellable)
{
  Pull *pull = data;
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_feed_line_free);
  const char *text = (const char *) pull->checkpoint->data;
  gsize size = pull->checkpoint->len;

  while (size > 0)
    {
      const char *end = memchr (text, '\n', size);
      GError *error = NULL;
      PkFeedLine *line = pk_feed_line_read (text, (gsize) (end - text), &error);
      if (line == NULL)
        {
          g_ptr_array_unref (lines);
          g_task_return_error (task, error);
          return;
        }
      g_ptr_array_add (lines, line);
      size -= (gsize) (end - text) + 1;
      text = end + 1;
    }
  g_task_return_pointer (task, lines, (GDestroyNotify) g_ptr_array_unref);
}

static void
parsed_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Pull *pull = user_data;
  PkReplicaJob job = { .priority = PK_PRIORITY_SYNC, .data = pull };
  g_autoptr (GError) error = NULL;

  pull->lines = g_task_propagate_pointer (G_TASK (result), &error);
  if (pull->lines == NULL || !pull->errand.session->is_running)
    {
      fail (pull, PK_SYNC_FAILURE_SERVER, error);
      return;
    }
  PkFeedLine *first = pull->lines->pdata[0];
  if (first->kind == PK_FEED_BEGIN)
    pull->epoch = first->epoch;
  pk_replica_write_async (pull->errand.session->replica, apply, &job, NULL, applied_cb, pull);
}

static void
take_checkpoint (Pull *pull)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, parsed_cb, pull);

  g_task_set_task_data (task, pull, NULL);
  g_task_run_in_thread (task, parse_in_thread);
}

/* Lines behind a commit wait for it to be applied. */
static gboolean
take_line (const char *line, gsize size, gpointer user_data, GError **error)
{
  Pull *pull = user_data;
  GByteArray *to = pull->checkpoint;

  if (size == 0)
    return TRUE;
  if (pull->is_complete)
    {
      g_autoptr (GByteArray) behind = g_byte_array_new ();
      if (pull->rest != NULL)
        g_byte_array_append (behind,
                             g_bytes_get_data (pull->rest, NULL),
                             (guint) g_bytes_get_size (pull->rest));
      g_byte_array_append (behind, (const guint8 *) line, (guint) size);
      g_byte_array_append (behind, (const guint8 *) "\n", 1);
      g_clear_pointer (&pull->rest, g_bytes_unref);
      pull->rest = g_byte_array_free_to_bytes (g_steal_pointer (&behind));
      return TRUE;
    }
  if (to->len + size > MAX_CHECKPOINT_BYTES)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "A checkpoint is too long");
      return FALSE;
    }
  g_byte_array_append (to, (const guint8 *) line, (guint) size);
  g_byte_array_append (to, (const guint8 *) "\n", 1);
  pull->is_complete = size > strlen (COMMIT_START) &&
                      memcmp (line, COMMIT_START, strlen (COMMIT_START)) == 0;
  return TRUE;
}

static void read_more (Pull *pull);

static void
go_on (Pull *pull)
{
  if (pull->is_complete)
    take_checkpoint (pull);
  else
    read_more (pull);
}

static void
take_rest (Pull *pull)
{
  g_autoptr (GBytes) rest = g_steal_pointer (&pull->rest);
  g_autoptr (PkLineReader) reader = pk_line_reader_new (MAX_LINE_BYTES);
  g_autoptr (GError) error = NULL;

  if (rest != NULL && !pk_line_reader_feed (reader,
                                            g_bytes_get_data (rest, NULL),
                                            g_bytes_get_size (rest),
                                            take_line,
                                            pull,
                                            &error))
    fail (pull, PK_SYNC_FAILURE_SERVER, error);
  else
    go_on (pull);
}

static void
take_bytes (Pull *pull, GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (!pk_line_reader_feed (pull->reader, data, size, take_line, pull, &error))
    fail (pull, PK_SYNC_FAILURE_SERVER, error);
  else
    go_on (pull);
}

static void
end_of_answer (Pull *pull)
{
  g_autoptr (GError) error = NULL;

  gboolean is_nothing_new = soup_message_get_status (pull->message) == SOUP_STATUS_NO_CONTENT;
  if (pull->checkpoint->len == 0 && pk_line_reader_is_empty (pull->reader) &&
      (pull->has_applied || is_nothing_new))
    {
      note_contact_sometimes (pull->errand.session);
      finish (pull);
      return;
    }
  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "The answer was cut");
  fail (pull, PK_SYNC_FAILURE_NETWORK, error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Pull *pull = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes)
      bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes == NULL)
    {
      fail (pull, PK_SYNC_FAILURE_NETWORK, error);
      return;
    }
  if (g_bytes_get_size (bytes) == 0)
    {
      end_of_answer (pull);
      return;
    }
  pull->n_bytes += (gint64) g_bytes_get_size (bytes);
  pk_sync_errand_answer (&pull->errand,
                         (PkSyncEvent){ .kind = PK_SYNC_EVENT_PROGRESS, .number = pull->n_bytes });
  take_bytes (pull, bytes);
}

static void
read_more (Pull *pull)
{
  g_input_stream_read_bytes_async (pull->stream,
                                   CHUNK_BYTES,
                                   G_PRIORITY_DEFAULT,
                                   pull->errand.cancellable,
                                   read_cb,
                                   pull);
}

static void
unpack (Pull *pull)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (pull->message);
  const char *coding = soup_message_headers_get_one (headers, "Content-Encoding");

  if (g_strcmp0 (coding, "zstd") != 0)
    return;
  g_autoptr (GConverter) decoder = pk_zstd_decoder_new ();
  g_autoptr (GInputStream) packed = g_steal_pointer (&pull->stream);
  pull->stream = g_converter_input_stream_new (packed, decoder);
}

static void
opened_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Pull *pull = user_data;
  g_autoptr (GError) error = NULL;
  PkSyncFault fault;

  pull->stream = pk_sync_http_open_finish (pull->errand.session->http, result, &fault, &error);
  if (pull->stream == NULL)
    {
      pk_sync_errand_fail (&pull->errand, &fault, error);
      pull_free (pull);
      return;
    }
  unpack (pull);
  read_more (pull);
}

static void
ask (Pull *pull)
{
  PkSyncSession *session = pull->errand.session;
  g_autoptr (GString) json = g_string_new (NULL);

  pull->message = pk_sync_http_make (session->http, "POST", "/api/sync/pull");
  pk_pull_request_append_json (json, pull->request);
  g_autoptr (GBytes) body = g_bytes_new (json->str, json->len);
  soup_message_set_request_body_from_bytes (pull->message, "application/json", body);
  soup_message_headers_replace (soup_message_get_request_headers (pull->message),
                                "Accept-Encoding",
                                "zstd, gzip");
  pk_sync_http_open_async (session->http,
                           pull->message,
                           "application/x-ndjson",
                           pull->errand.cancellable,
                           opened_cb,
                           pull);
}

static gpointer
make_request (PkWriter *writer, gpointer data, GError **error)
{
  Pull *pull = data;
  PkPullFlags flags = pull->errand.effect.flag ? PK_PULL_ALL_AS_ROWS : PK_PULL_DEFAULT;

  pull->request = pk_writer_make_pull_request (writer, flags, error);
  return pull->request != NULL ? PK_DONE : NULL;
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Pull *pull = user_data;
  g_autoptr (GError) error = NULL;

  if (pk_replica_job_finish (PK_REPLICA (source), result, &error) == NULL)
    fail (pull, PK_SYNC_FAILURE_LOCAL, error);
  else
    ask (pull);
}

/**
 * pk_sync_pull_start:
 *
 * Carries out %PK_SYNC_EFFECT_PULL.
 */
void
pk_sync_pull_start (PkSyncSession *session, const PkSyncEffect *effect)
{
  Pull *pull = g_new0 (Pull, 1);
  PkReplicaJob job = { .priority = PK_PRIORITY_SYNC, .data = pull };

  pk_sync_errand_init (&pull->errand, session, effect);
  pull->reader = pk_line_reader_new (MAX_LINE_BYTES);
  pull->checkpoint = g_byte_array_new ();
  pk_replica_write_async (session->replica, make_request, &job, NULL, made_cb, pull);
}

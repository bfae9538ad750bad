/* The stream of server-sent events: only says that there is something; the data takes the road of the pull. */
#include "config.h"

#include "pk-line-reader.h"
#include "pk-sync-session-private.h"

#define CHUNK_BYTES    4096
#define MAX_LINE_BYTES 4096

typedef struct
{
  PkSyncErrand errand;
  GInputStream *body;   /* (owned) (nullable) */
  PkLineReader *reader; /* (owned) */
  gboolean has_news;
} Stream;

static void
stream_free (Stream *self)
{
  pk_sync_errand_clear (&self->errand);
  g_clear_object (&self->body);
  g_clear_pointer (&self->reader, pk_line_reader_free);
  g_free (self);
}

static gboolean
take_line (const char *line, gsize size, gpointer user_data, G_GNUC_UNUSED GError **error)
{
  Stream *stream = user_data;

  if (size >= 5 && memcmp (line, "data:", 5) == 0)
    stream->has_news = TRUE;
  return TRUE;
}

static void read_more (Stream *stream);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Stream *stream = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes)
      bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  gsize size = bytes != NULL ? g_bytes_get_size (bytes) : 0;

  if (size > 0)
    pk_line_reader_feed (stream->reader,
                         g_bytes_get_data (bytes, NULL),
                         size,
                         take_line,
                         stream,
                         &error);
  if (size == 0 || error != NULL)
    {
      pk_sync_errand_fail_by (&stream->errand, PK_SYNC_FAILURE_NETWORK, error);
      stream_free (stream);
      return;
    }
  pk_sync_errand_answer (&stream->errand,
                         (PkSyncEvent){ .kind = stream->has_news ? PK_SYNC_EVENT_STREAM_NEWS
                                                                 : PK_SYNC_EVENT_STREAM_ALIVE });
  stream->has_news = FALSE;
  read_more (stream);
}

static void
read_more (Stream *stream)
{
  g_input_stream_read_bytes_async (stream->body,
                                   CHUNK_BYTES,
                                   G_PRIORITY_DEFAULT,
                                   stream->errand.cancellable,
                                   read_cb,
                                   stream);
}

static void
opened_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Stream *stream = user_data;
  g_autoptr (GError) error = NULL;
  PkSyncFault fault;

  stream->body = pk_sync_http_open_finish (stream->errand.session->http, result, &fault, &error);
  if (stream->body == NULL)
    {
      pk_sync_errand_fail (&stream->errand, &fault, error);
      stream_free (stream);
      return;
    }
  pk_sync_errand_answer (&stream->errand, (PkSyncEvent){ .kind = PK_SYNC_EVENT_STREAM_OPEN });
  read_more (stream);
}

/**
 * pk_sync_stream_start:
 *
 * Carries out %PK_SYNC_EFFECT_OPEN_EVENTS.
 */
void
pk_sync_stream_start (PkSyncSession *session, const PkSyncEffect *effect)
{
  Stream *stream = g_new0 (Stream, 1);

  pk_sync_errand_init (&stream->errand, session, effect);
  stream->reader = pk_line_reader_new (MAX_LINE_BYTES);
  g_autoptr (SoupMessage) message = pk_sync_http_make (session->http, "GET", "/api/sync/events");
  pk_sync_http_open_async (session->http,
                           message,
                           "text/event-stream",
                           stream->errand.cancellable,
                           opened_cb,
                           stream);
}

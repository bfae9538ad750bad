/*
 * Server-sent events. An idle stream costs its socket and a listener's few bytes: libsoup hands its connection over when the
 * stream begins, and nothing runs for it but a heartbeat. What was not written yet is not doubled: a client that reads slowly
 * gets one piece of news, not a queue of them. Looks for news keep their distance, so that many commits cost one look.
 */
#include "config.h"

#include "pk-events.h"

#include "pk-exchange-private.h"
#include "pk-http-private.h"
#include "pk-problem.h"
#include "pk-service-news.h"
#include "pk-streams.h"

#include <unistd.h>

#define HEARTBEAT_S    25
#define MAX_WAITING_US (120 * G_USEC_PER_SEC)
#define LOOK_EVERY_MS  200
#define MAX_LISTENERS  20000
#define MAX_PER_DEVICE 4

typedef struct
{
  gatomicrefcount references;
  PkEvents *events;
  PkStream *stream; /* (nullable): NULL before it begins, and when the client is gone */
  PkSeat *seat;     /* (nullable): while it has a stream */
  PkId person;
  PkId device;
  gint64 grants;  /* -1: not known */
  GArray *scopes; /* (owned) (nullable) */
  gint64 beat_s;  /* monotonic: when something was written */
} Listener;

struct _PkEvents
{
  PkServicePool *pool;        /* (owned) */
  PkConnections *connections; /* not owned */
  PkStreams *streams;         /* (owned) */
  GPtrArray *listeners;       /* (owned): Listener */
  GPtrArray *opening;         /* (owned): Opening: connections that libsoup has still */
  gint64 seq;                 /* told up to here */
  gint64 looked_us;           /* monotonic: when the last look began */
  guint look_source;          /* 0: no look is put off */
  gboolean is_looking;
  gboolean is_dirty; /* something was committed, or somebody came, after the look began */
  guint beat_source;
  GCancellable *cancellable; /* (owned) */
};

/* A look that is under way, with those it is for. */
typedef struct
{
  PkEvents *events;
  PkNews *look;         /* (owned) */
  GPtrArray *listeners; /* (owned): Listener, in the order of the look's states */
} Looking;

/* A stream that begins when libsoup is not at work on its connection. */
typedef struct
{
  PkEvents *events;
  PkExchange *exchange; /* (owned) */
  guint source;
} Opening;

static void start_look (PkEvents *self);

static void
unref_listener (gpointer data)
{
  Listener *self = data;

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->scopes, g_array_unref);
  g_free (self);
}

static Listener *
ref_listener (Listener *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

static gint64
now_s (void)
{
  return g_get_monotonic_time () / G_USEC_PER_SEC;
}

static void
write_text (Listener *self, const char *text)
{
  if (self->stream != NULL && pk_stream_write (self->stream, text))
    self->beat_s = now_s ();
}

static void
end (Listener *self)
{
  if (self->stream != NULL)
    pk_connections_give_back (self->events->connections, g_steal_pointer (&self->seat));
  g_clear_pointer (&self->stream, pk_stream_close);
}

static void
end_at (PkEvents *self, guint place)
{
  end (self->listeners->pdata[place]);
  g_ptr_array_remove_index_fast (self->listeners, place);
}

static void
left_cb (PkStream *stream G_GNUC_UNUSED, gpointer user_data)
{
  Listener *self = user_data;

  end (self);
  g_ptr_array_remove_fast (self->events->listeners, self);
}

static void
free_opening (gpointer data)
{
  Opening *self = data;
  PkSeat *seat = NULL;
  int fd = self->source != 0 ? pk_http_take_connection (self->exchange, &seat) : -1;

  g_clear_handle_id (&self->source, g_source_remove);
  if (fd >= 0)
    {
      close (fd);
      pk_connections_give_back (self->events->connections, seat);
    }
  pk_exchange_unref (self->exchange);
  g_free (self);
}

static gboolean
beat_cb (gpointer user_data)
{
  PkEvents *self = user_data;
  gint64 now = now_s ();

  for (guint i = self->listeners->len; i > 0; i--)
    {
      Listener *listener = self->listeners->pdata[i - 1];
      if (pk_stream_get_waiting_us (listener->stream) > MAX_WAITING_US)
        end_at (self, i - 1);
      else if (now - listener->beat_s >= HEARTBEAT_S)
        write_text (listener, ":\n\n");
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
look_cb (gpointer user_data)
{
  PkEvents *self = user_data;

  self->look_source = 0;
  start_look (self);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (PkServicePool *pool G_GNUC_UNUSED, gint64 seq G_GNUC_UNUSED, gpointer user_data)
{
  start_look (user_data);
}

/**
 * pk_events_new:
 * @connections: (nullable): told of connections that are taken over
 *
 * Returns: (transfer full): for nobody yet
 */
PkEvents *
pk_events_new (PkServicePool *pool, PkConnections *connections)
{
  PkEvents *self = g_new0 (PkEvents, 1);

  self->pool = g_object_ref (pool);
  self->connections = connections;
  self->streams = pk_streams_new ();
  self->opening = g_ptr_array_new_with_free_func (free_opening);
  self->listeners = g_ptr_array_new_with_free_func (unref_listener);
  self->seq = pk_service_pool_get_seq (pool);
  self->cancellable = g_cancellable_new ();
  self->beat_source = g_timeout_add_seconds (1, beat_cb, self);
  g_signal_connect (pool, "changed", G_CALLBACK (changed_cb), self);
  return self;
}

/**
 * pk_events_free:
 *
 * Streams that are still open hear nothing more.
 */
void
pk_events_free (PkEvents *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_signal_handlers_disconnect_by_data (self->pool, self);
  g_source_remove (self->beat_source);
  g_clear_handle_id (&self->look_source, g_source_remove);
  pk_events_end_all (self);
  g_ptr_array_unref (self->opening);
  g_ptr_array_unref (self->listeners);
  pk_streams_free (self->streams);
  g_object_unref (self->pool);
  g_free (self);
}

static void
free_looking (Looking *self)
{
  pk_news_free (self->look);
  g_ptr_array_unref (self->listeners);
  g_free (self);
}

static gpointer
look_func (PkService *service,
           gpointer data,
           GCancellable *cancellable G_GNUC_UNUSED,
           GError **error)
{
  Looking *looking = data;

  return pk_news_run (looking->look, service, error) ? looking : NULL;
}

static void
tell (Looking *looking)
{
  for (guint i = 0; i < looking->listeners->len; i++)
    {
      Listener *listener = looking->listeners->pdata[i];
      PkNewsReader *state = &g_array_index (looking->look->states, PkNewsReader, i);
      g_clear_pointer (&listener->scopes, g_array_unref);
      listener->scopes = g_steal_pointer (&state->scopes);
      listener->grants = state->grants;
      if (state->has_news)
        write_text (listener, "data: news\n\n");
    }
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Looking *looking = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_done = pk_service_pool_finish (PK_SERVICE_POOL (source), result, &error) != NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      free_looking (looking);
      return;
    }
  PkEvents *self = looking->events;
  if (is_done)
    {
      self->seq = looking->look->seq;
      tell (looking);
    }
  else
    g_warning ("Looking for news: %s", error->message);
  free_looking (looking);
  self->is_looking = FALSE;
  if (self->is_dirty)
    start_look (self);
}

/* The first look after a quiet while begins at once. */
static gboolean
is_put_off (PkEvents *self)
{
  gint64 wait_us = self->looked_us + LOOK_EVERY_MS * G_TIME_SPAN_MILLISECOND -
                   g_get_monotonic_time ();

  if (self->look_source == 0 && wait_us > 0)
    self->look_source =
        g_timeout_add ((guint) (wait_us / G_TIME_SPAN_MILLISECOND) + 1, look_cb, self);
  return self->look_source != 0;
}

static void
start_look (PkEvents *self)
{
  self->is_dirty = self->is_looking;
  if (self->is_looking || self->listeners->len == 0 || is_put_off (self))
    return;
  self->looked_us = g_get_monotonic_time ();
  Looking *looking = g_new0 (Looking, 1);
  looking->events = self;
  looking->look = pk_news_new (self->seq);
  looking->listeners = g_ptr_array_new_with_free_func (unref_listener);
  for (guint i = 0; i < self->listeners->len; i++)
    {
      Listener *listener = self->listeners->pdata[i];
      g_ptr_array_add (looking->listeners, ref_listener (listener));
      pk_news_add (looking->look, &listener->person, listener->grants, listener->scopes);
    }
  PkServiceJob job = { look_func, looking, NULL, NULL, PK_PRIORITY_INTERACTIVE };
  self->is_looking = TRUE;
  pk_service_pool_read_async (self->pool, &job, self->cancellable, looked_cb, looking);
}

static gboolean
check_room (PkEvents *self, const PkId *device, GError **error)
{
  guint n_own = 0;

  for (guint i = 0; i < self->listeners->len; i++)
    n_own += pk_id_equal (&((Listener *) self->listeners->pdata[i])->device, device) ? 1 : 0;
  if (n_own < MAX_PER_DEVICE && self->listeners->len + self->opening->len < MAX_LISTENERS)
    return TRUE;
  pk_problem_set (error, PK_PROBLEM_TOO_MANY, NULL, "Too many streams are open");
  return FALSE;
}

static void
add_listener (PkEvents *self, PkExchange *exchange, int fd, PkSeat *seat, GBytes *head)
{
  Listener *listener = g_new0 (Listener, 1);

  g_atomic_ref_count_init (&listener->references);
  listener->events = self;
  listener->person = *pk_exchange_get_person (exchange);
  listener->device = *pk_exchange_get_device (exchange);
  listener->grants = -1;
  listener->seat = seat;
  listener->stream = pk_streams_add (self->streams, fd, head, left_cb, listener);
  g_ptr_array_add (self->listeners, listener);
  write_text (listener, ":\n\n");
}

static gboolean
open_cb (gpointer user_data)
{
  Opening *opening = user_data;
  PkEvents *self = opening->events;
  g_autoptr (GBytes) head = pk_exchange_dup_head (opening->exchange);
  PkSeat *seat = NULL;
  int fd = pk_http_take_connection (opening->exchange, &seat);

  if (fd >= 0)
    {
      if (self->listeners->len == 0 && !self->is_looking)
        self->seq = pk_service_pool_get_seq (self->pool);
      add_listener (self, opening->exchange, fd, seat, head);
      start_look (self);
    }
  opening->source = 0;
  g_ptr_array_remove_fast (self->opening, opening);
  return G_SOURCE_REMOVE;
}

/**
 * pk_events_get:
 *
 * Opens a stream; its first bytes are sent at once.
 */
gboolean
pk_events_get (PkExchange *exchange, GError **error)
{
  PkEvents *self = pk_exchange_get_http (exchange)->events;

  if (!check_room (self, pk_exchange_get_device (exchange), error))
    return FALSE;
  Opening *opening = g_new0 (Opening, 1);
  pk_exchange_set_header (exchange, "X-Accel-Buffering", "no");
  pk_exchange_reply (exchange, 200, "text/event-stream", NULL);
  opening->events = self;
  opening->exchange = pk_exchange_ref (exchange);
  opening->source = g_idle_add_full (G_PRIORITY_DEFAULT, open_cb, opening, NULL);
  g_ptr_array_add (self->opening, opening);
  return TRUE;
}

/**
 * pk_events_end_device:
 *
 * Ends the streams of a device that may not listen any more.
 */
void
pk_events_end_device (PkEvents *self, const PkId *device)
{
  for (guint i = self->listeners->len; i > 0; i--)
    if (pk_id_equal (&((Listener *) self->listeners->pdata[i - 1])->device, device))
      end_at (self, i - 1);
}

/**
 * pk_events_end_all:
 *
 * Ends every stream.
 */
void
pk_events_end_all (PkEvents *self)
{
  while (self->listeners->len > 0)
    end_at (self, self->listeners->len - 1);
}

/**
 * pk_events_count:
 *
 * Returns: how many streams are open
 */
guint
pk_events_count (PkEvents *self)
{
  return self->listeners->len;
}

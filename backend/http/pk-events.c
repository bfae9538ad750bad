/*
 * Server-sent events. An idle stream costs its connection and a listener's few bytes: nothing runs for it but a heartbeat.
 * What was not written yet is not doubled: a client that reads slowly gets one piece of news, not a queue of them.
 */
#include "config.h"

#include "pk-events.h"

#include "pk-exchange-private.h"
#include "pk-http-private.h"
#include "pk-problem.h"
#include "pk-service-news.h"

#include <string.h>

#define HEARTBEAT_S    25
#define MAX_LISTENERS  20000
#define MAX_PER_DEVICE 4

typedef struct
{
  gatomicrefcount references;
  PkExchange *exchange; /* (owned) (nullable): NULL when the client is gone */
  PkEvents *events;
  PkId person;
  PkId device;
  gint64 grants;  /* -1: not known */
  GArray *scopes; /* (owned) (nullable) */
  gint64 beat_s;  /* monotonic: when something was written */
  guint n_unwritten;
} Listener;

struct _PkEvents
{
  PkServicePool *pool;  /* (owned) */
  GPtrArray *listeners; /* (owned): Listener */
  gint64 seq;           /* told up to here */
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

static void start_look (PkEvents *self);

static void
unref_listener (gpointer data)
{
  Listener *self = data;

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->exchange, pk_exchange_unref);
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
  if (self->exchange == NULL || self->n_unwritten > 1)
    return;
  SoupServerMessage *message = pk_exchange_get_message (self->exchange);
  self->n_unwritten++;
  self->beat_s = now_s ();
  soup_message_body_append (soup_server_message_get_response_body (message),
                            SOUP_MEMORY_STATIC,
                            text,
                            strlen (text));
  soup_server_message_unpause (message);
}

static void
wrote_chunk_cb (SoupServerMessage *message G_GNUC_UNUSED, gpointer user_data)
{
  Listener *self = user_data;

  if (self->n_unwritten > 0)
    self->n_unwritten--;
}

static void
end (Listener *self)
{
  if (self->exchange == NULL)
    return;
  SoupServerMessage *message = pk_exchange_get_message (self->exchange);
  soup_message_body_complete (soup_server_message_get_response_body (message));
  soup_server_message_unpause (message);
}

static void
forget (Listener *self)
{
  g_autoptr (PkExchange) exchange = g_steal_pointer (&self->exchange);

  if (exchange != NULL)
    g_signal_handlers_disconnect_by_data (pk_exchange_get_message (exchange), self);
}

static void
finished_cb (SoupServerMessage *message G_GNUC_UNUSED, gpointer user_data)
{
  Listener *self = user_data;

  forget (self);
  g_ptr_array_remove_fast (self->events->listeners, self);
}

static gboolean
beat_cb (gpointer user_data)
{
  PkEvents *self = user_data;
  gint64 now = now_s ();

  for (guint i = 0; i < self->listeners->len; i++)
    {
      Listener *listener = self->listeners->pdata[i];
      if (now - listener->beat_s >= HEARTBEAT_S)
        write_text (listener, ":\n\n");
    }
  return G_SOURCE_CONTINUE;
}

static void
changed_cb (PkServicePool *pool G_GNUC_UNUSED, gint64 seq G_GNUC_UNUSED, gpointer user_data)
{
  start_look (user_data);
}

/**
 * pk_events_new:
 *
 * Returns: (transfer full): for nobody yet
 */
PkEvents *
pk_events_new (PkServicePool *pool)
{
  PkEvents *self = g_new0 (PkEvents, 1);

  self->pool = g_object_ref (pool);
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
  for (guint i = 0; i < self->listeners->len; i++)
    forget (self->listeners->pdata[i]);
  g_ptr_array_unref (self->listeners);
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

static void
start_look (PkEvents *self)
{
  self->is_dirty = self->is_looking;
  if (self->is_looking || self->listeners->len == 0)
    return;
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
  if (n_own < MAX_PER_DEVICE && self->listeners->len < MAX_LISTENERS)
    return TRUE;
  pk_problem_set (error, PK_PROBLEM_TOO_MANY, NULL, "Too many streams are open");
  return FALSE;
}

static Listener *
add_listener (PkEvents *self, PkExchange *exchange)
{
  Listener *listener = g_new0 (Listener, 1);

  g_atomic_ref_count_init (&listener->references);
  listener->exchange = pk_exchange_ref (exchange);
  listener->events = self;
  listener->person = *pk_exchange_get_person (exchange);
  listener->device = *pk_exchange_get_device (exchange);
  listener->grants = -1;
  g_ptr_array_add (self->listeners, listener);
  return listener;
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
  SoupServerMessage *message = pk_exchange_get_message (exchange);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  if (!check_room (self, pk_exchange_get_device (exchange), error))
    return FALSE;
  if (self->listeners->len == 0 && !self->is_looking)
    self->seq = pk_service_pool_get_seq (self->pool);
  Listener *listener = add_listener (self, exchange);
  pk_exchange_set_header (exchange, "X-Accel-Buffering", "no");
  pk_exchange_reply (exchange, 200, "text/event-stream", NULL);
  pk_exchange_begin_stream (exchange);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  g_signal_connect (message, "finished", G_CALLBACK (finished_cb), listener);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (wrote_chunk_cb), listener);
  write_text (listener, ":\n\n");
  start_look (self);
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
  for (guint i = 0; i < self->listeners->len; i++)
    {
      Listener *listener = self->listeners->pdata[i];
      if (pk_id_equal (&listener->device, device))
        end (listener);
    }
}

/**
 * pk_events_end_all:
 *
 * Ends every stream.
 */
void
pk_events_end_all (PkEvents *self)
{
  for (guint i = 0; i < self->listeners->len; i++)
    end (self->listeners->pdata[i]);
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

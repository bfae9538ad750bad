/*
 * A connection is always in one of five phases, and each has its time: idle between two requests, sending headers, sending a
 * body, waiting for us (no limit: that is our time), and taking the answer. A body that is written straight to a file may be
 * long, so its time begins anew with each PROGRESS_BYTES; all others have theirs once. An answer's time begins anew with every
 * byte that the client takes, so that an event stream lives as long as its heartbeats are taken.
 *
 * One sweep ends those whose time is over: it shuts the socket down, so that libsoup sees the end of the stream, and the next
 * sweep closes what libsoup has not. That is needed: up to 3.2.3 libsoup never closes a connection that the client left between
 * two requests, so the sweep looks for those, too. libsoup does not say that it closed a connection; the sweep sees it.
 */
#include "config.h"

#include "pk-connections.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define HEADERS_MS      (30 * 1000)
#define BODY_MS         (120 * 1000)
#define IDLE_MS         (180 * 1000)
#define ANSWER_MS       (120 * 1000)
#define MAX_CONNECTIONS 24000
#define MAX_KEPT        256
#define OTHER_FILES     256 /* that the store, uploads and answers may hold open beside connections */
#define PROGRESS_BYTES  (64 * 1024)
/* Many people share one address (a town hall behind one router), so that one may have much, but never all. */
#define SHARE_OF_ONE 2
#define MAX_SWEEP_MS 1000
#define MIN_SWEEP_MS 10

/* How much of the server one address has. */
struct _PkSeat
{
  GHashTable *seats; /* it is in */
  guint n;           /* requests under way */
  char address[];
};

typedef struct
{
  GSocket *socket; /* (owned) */
  PkSeat *seat;    /* (nullable): of the address whose request is under way */
  gint64 until_us; /* monotonic; 0: as long as it takes */
  gsize progress;  /* bytes since the time began */
  gboolean is_idle;
  gboolean is_over; /* shut down, to be closed */
} Connection;

struct _PkConnections
{
  SoupServer *server; /* (owned) (nullable): NULL when it is over */
  PkConnectionLimits limits;
  GHashTable *connections; /* (owned): GSocket → Connection */
  guint n_taken;           /* that others look after */
  GHashTable *seats;       /* (owned): address → PkSeat */
  guint sweep_source;
};

/* A request of an address is not under way any more. */
static void
leave_seat (PkSeat *seat)
{
  if (seat != NULL && --seat->n == 0)
    g_hash_table_remove (seat->seats, seat->address);
}

static void
free_connection (gpointer data)
{
  Connection *self = data;

  leave_seat (self->seat);
  g_object_unref (self->socket);
  g_free (self);
}

static void
clear (gpointer data)
{
  PkConnections *self = data;

  g_hash_table_unref (self->connections);
  g_hash_table_unref (self->seats);
}

static void
unref (gpointer data, GClosure *closure G_GNUC_UNUSED)
{
  g_rc_box_release_full (data, clear);
}

static Connection *
find (PkConnections *self, SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  return socket != NULL ? g_hash_table_lookup (self->connections, socket) : NULL;
}

static void
begin (PkConnections *self, SoupServerMessage *message, guint limit_ms)
{
  Connection *connection = find (self, message);

  if (connection == NULL)
    return;
  connection->progress = 0;
  connection->is_idle = FALSE;
  connection->until_us = limit_ms > 0
                             ? g_get_monotonic_time () + limit_ms * G_GINT64_CONSTANT (1000)
                             : 0;
}

static void
got_headers_cb (SoupServerMessage *message, gpointer user_data)
{
  PkConnections *self = user_data;

  begin (self, message, self->limits.body_ms);
}

static void
got_body_cb (SoupServerMessage *message, gpointer user_data)
{
  begin (user_data, message, 0);
}

static void
wrote_headers_cb (SoupServerMessage *message, gpointer user_data)
{
  PkConnections *self = user_data;

  begin (self, message, self->limits.answer_ms);
}

static void
wrote_body_data_cb (SoupServerMessage *message, guint size G_GNUC_UNUSED, gpointer user_data)
{
  PkConnections *self = user_data;

  begin (self, message, self->limits.answer_ms);
}

static void
finished_cb (SoupServerMessage *message, gpointer user_data)
{
  PkConnections *self = user_data;

  Connection *connection = find (self, message);

  begin (self, message, self->limits.idle_ms);
  if (connection == NULL)
    return;
  connection->is_idle = TRUE;
  leave_seat (g_steal_pointer (&connection->seat));
}

static void
follow (PkConnections *self, SoupServerMessage *message)
{
  static const struct
  {
    const char *signal;
    GCallback callback;
  } phases[] = {
    { "got-headers", G_CALLBACK (got_headers_cb) },
    { "got-body", G_CALLBACK (got_body_cb) },
    { "wrote-headers", G_CALLBACK (wrote_headers_cb) },
    { "wrote-body-data", G_CALLBACK (wrote_body_data_cb) },
    { "finished", G_CALLBACK (finished_cb) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    g_signal_connect_data (message,
                           phases[i].signal,
                           phases[i].callback,
                           g_rc_box_acquire (self),
                           unref,
                           0);
}

static void
add (PkConnections *self, GSocket *socket)
{
  Connection *connection = g_new0 (Connection, 1);

  connection->socket = g_object_ref (socket);
  g_hash_table_insert (self->connections, socket, connection);
}

static gboolean
is_closed (gpointer key, gpointer value G_GNUC_UNUSED, gpointer user_data G_GNUC_UNUSED)
{
  return g_socket_is_closed (key);
}

/* libsoup says this as soon as somebody is connected, and again when the next request on the connection begins. */
static void
request_started_cb (SoupServer *server G_GNUC_UNUSED,
                    SoupServerMessage *message,
                    gpointer user_data)
{
  PkConnections *self = user_data;
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket == NULL)
    return;
  if (!g_hash_table_contains (self->connections, socket))
    add (self, socket);
  if (pk_connections_count (self) > self->limits.max_connections)
    g_hash_table_foreach_remove (self->connections, is_closed, NULL);
  if (pk_connections_count (self) > self->limits.max_connections)
    {
      g_socket_shutdown (socket, TRUE, TRUE, NULL);
      return;
    }
  follow (self, message);
  begin (self, message, self->limits.headers_ms);
}

static gboolean
is_left (Connection *self)
{
  char byte;

  return self->is_idle &&
         recv (g_socket_get_fd (self->socket), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* TRUE when there is nothing left to look after. */
static gboolean
sweep (gpointer key G_GNUC_UNUSED, gpointer value, gpointer user_data)
{
  Connection *self = value;
  const gint64 *now_us = user_data;

  if (g_socket_is_closed (self->socket))
    return TRUE;
  if (self->is_over)
    {
      g_socket_close (self->socket, NULL);
      return TRUE;
    }
  self->is_over = (self->until_us != 0 && self->until_us <= *now_us) || is_left (self);
  if (self->is_over)
    g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
  return FALSE;
}

static gboolean
sweep_cb (gpointer user_data)
{
  PkConnections *self = user_data;
  gint64 now_us = g_get_monotonic_time ();

  g_hash_table_foreach_remove (self->connections, sweep, &now_us);
  return G_SOURCE_CONTINUE;
}

/* Every connection is an open file; the store must be able to open its own. */
static guint
count_possible (void)
{
  struct rlimit files;

  if (getrlimit (RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY)
    return MAX_CONNECTIONS;
  rlim_t own = MIN (files.rlim_cur / 2, OTHER_FILES);
  return (guint) MIN (files.rlim_cur - own, MAX_CONNECTIONS);
}

static void
set_limits (PkConnectionLimits *own, const PkConnectionLimits *given)
{
  *own = *given;
  if (own->headers_ms == 0)
    own->headers_ms = HEADERS_MS;
  if (own->body_ms == 0)
    own->body_ms = BODY_MS;
  if (own->idle_ms == 0)
    own->idle_ms = IDLE_MS;
  if (own->answer_ms == 0)
    own->answer_ms = ANSWER_MS;
  if (own->max_connections == 0)
    own->max_connections = count_possible ();
  if (own->max_per_address == 0)
    own->max_per_address = MAX (own->max_connections / SHARE_OF_ONE, 1);
}

/**
 * pk_connections_new:
 * @limits: 0 is the default of each
 *
 * Returns: (transfer full): what follows all connections of @server from now on
 */
PkConnections *
pk_connections_new (SoupServer *server, const PkConnectionLimits *limits)
{
  PkConnections *self = g_rc_box_new0 (PkConnections);

  self->server = g_object_ref (server);
  set_limits (&self->limits, limits);
  guint shortest_ms = MIN (MIN (self->limits.headers_ms, self->limits.body_ms),
                           MIN (self->limits.idle_ms, self->limits.answer_ms));
  self->connections = g_hash_table_new_full (NULL, NULL, NULL, free_connection);
  self->seats = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->sweep_source =
      g_timeout_add (CLAMP (shortest_ms / 4, MIN_SWEEP_MS, MAX_SWEEP_MS), sweep_cb, self);
  g_signal_connect (server, "request-started", G_CALLBACK (request_started_cb), self);
  return self;
}

/**
 * pk_connections_free:
 *
 * Follows nobody any more; the connections stay as they are.
 */
void
pk_connections_free (PkConnections *self)
{
  g_signal_handlers_disconnect_by_data (self->server, self);
  g_clear_object (&self->server);
  g_clear_handle_id (&self->sweep_source, g_source_remove);
  g_hash_table_remove_all (self->connections);
  g_rc_box_release_full (self, clear);
}

/**
 * pk_connections_claim:
 * @message: a request whose headers are there
 * @address: who sends it
 *
 * Counts the request for its address until it is answered, however that ends.
 *
 * Returns: %FALSE if that address has as many under way as one may have
 */
gboolean
pk_connections_claim (PkConnections *self, SoupServerMessage *message, const char *address)
{
  Connection *connection = find (self, message);

  if (connection == NULL)
    return TRUE;
  leave_seat (g_steal_pointer (&connection->seat));
  PkSeat *seat = g_hash_table_lookup (self->seats, address);
  if (seat != NULL && seat->n >= self->limits.max_per_address)
    return FALSE;
  if (seat == NULL)
    {
      gsize size = strlen (address) + 1;
      seat = g_malloc0 (sizeof (PkSeat) + size);
      seat->seats = self->seats;
      memcpy (seat->address, address, size);
      g_hash_table_insert (self->seats, seat->address, seat);
    }
  seat->n++;
  connection->seat = seat;
  return TRUE;
}

/**
 * pk_connections_note_progress:
 * @bytes: that came of a body
 *
 * Gives a long body that keeps coming more time.
 */
void
pk_connections_note_progress (PkConnections *self, SoupServerMessage *message, gsize bytes)
{
  Connection *connection = find (self, message);

  if (connection == NULL)
    return;
  connection->progress += bytes;
  if (connection->progress >= PROGRESS_BYTES)
    begin (self, message, self->limits.body_ms);
}

/**
 * pk_connections_take:
 *
 * Somebody else looks after a connection from here on; it still counts, for its address too.
 *
 * Returns: (nullable): to be given back
 */
PkSeat *
pk_connections_take (PkConnections *self, GSocket *socket)
{
  Connection *connection = g_hash_table_lookup (self->connections, socket);
  PkSeat *seat = connection != NULL ? g_steal_pointer (&connection->seat) : NULL;

  g_hash_table_remove (self->connections, socket);
  self->n_taken++;
  return seat;
}

/**
 * pk_connections_give_back:
 * @seat: (nullable): what it was taken with
 *
 * A connection that was taken is no more.
 */
void
pk_connections_give_back (PkConnections *self, PkSeat *seat)
{
  g_assert (self->n_taken > 0);
  self->n_taken--;
  leave_seat (seat);
}

/**
 * pk_connections_are_many:
 *
 * The main loop looks at each connection of libsoup's whenever anything happens at one of them, so that thousands that are kept
 * for a next request make each of them slow.
 *
 * Returns: whether another one should not be kept open after its answer
 */
gboolean
pk_connections_are_many (PkConnections *self)
{
  if (g_hash_table_size (self->connections) > MAX_KEPT)
    g_hash_table_foreach_remove (self->connections, is_closed, NULL);
  return g_hash_table_size (self->connections) > MAX_KEPT;
}

/**
 * pk_connections_count:
 *
 * Returns: how many are connected; one that was closed counts until the next sweep
 */
guint
pk_connections_count (PkConnections *self)
{
  return g_hash_table_size (self->connections) + self->n_taken;
}

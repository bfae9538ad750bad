/*
 * See the header. Each connection has a thread that blocks in poll(): a delay is a poll of no file. What is drawn is drawn under the
 * lock; a fault counts when it happens, not when it is drawn.
 */
#include "config.h"

#include "pk-fault-proxy.h"

#include <errno.h>
#include <gio/gio.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_THREADS    256
#define PIECE_BYTES    8192
#define LOOK_EVERY_MS  200
#define MAX_DELAY_MS   60
#define MAX_STALL_MS   2500
#define MAX_REPEAT_MS  400
#define MAX_LOG2_BYTES 16

typedef enum
{
  UP,
  DOWN,
  N_WAYS
} Way;

struct _PkFaultProxy
{
  GSocketService *service; /* (owned) */
  GRand *chance;           /* (owned): under the lock */
  GMutex lock;
  guint16 port;
  guint16 target;
  int is_calm;
  int is_ending;
  int n_open;
  int counts[PK_N_FAULTS];
};

/* One connection, on its thread. */
typedef struct
{
  PkFaultProxy *proxy;
  PkFault fault;
  Way way;        /* in which the fault comes */
  gint64 left;    /* bytes until then */
  GRand *chance;  /* (owned) */
  GByteArray *up; /* (owned): the request that is passing, of PK_FAULT_REPEAT */
  int fds[N_WAYS];
} Flow;

static const struct
{
  const char *word;
  guint per_hundred;
} faults[PK_N_FAULTS] = {
  { "none", 43 },       { "delay", 10 }, { "stall", 7 },  { "reset", 11 }, { "cut", 11 },
  { "lost answer", 8 }, { "repeat", 6 }, { "portal", 4 }, { "down", 0 },
};

/**
 * pk_fault_get_word:
 *
 * Returns: (transfer none): for people
 */
const char *
pk_fault_get_word (PkFault fault)
{
  return faults[fault].word;
}

static PkFault
draw_fault (GRand *chance)
{
  guint drawn = (guint) g_rand_int_range (chance, 0, 100);
  guint sum = 0;

  for (guint i = 0; i < PK_N_FAULTS; i++)
    {
      sum += faults[i].per_hundred;
      if (drawn < sum)
        return i;
    }
  return PK_FAULT_NONE;
}

static void
begin_flow (Flow *self, PkFaultProxy *proxy)
{
  g_mutex_lock (&proxy->lock);
  self->chance = g_rand_new_with_seed (g_rand_int (proxy->chance));
  g_mutex_unlock (&proxy->lock);
  self->proxy = proxy;
  self->fault = draw_fault (self->chance);
  self->way = g_rand_boolean (self->chance) ? UP : DOWN;
  self->left = (gint64) 1 << g_rand_int_range (self->chance, 0, MAX_LOG2_BYTES);
  self->left += g_rand_int_range (self->chance, 0, (gint32) self->left);
  if (self->fault == PK_FAULT_LOST_ANSWER)
    self->way = UP;
  self->up = g_byte_array_new ();
}

static void
end_flow (Flow *self)
{
  g_rand_free (self->chance);
  g_byte_array_unref (self->up);
}

static gboolean
is_calm (Flow *self)
{
  return g_atomic_int_get (&self->proxy->is_calm) != 0;
}

static void
count (Flow *self, PkFault fault)
{
  g_atomic_int_inc (&self->proxy->counts[fault]);
}

static void
wait_ms (Flow *self, int most_ms)
{
  poll (NULL, 0, g_rand_int_range (self->chance, 1, most_ms));
}

static gboolean
send_all (int fd, const guint8 *bytes, gsize size)
{
  while (size > 0)
    {
      struct pollfd ready = { .fd = fd, .events = POLLOUT };
      gssize n = send (fd, bytes, size, MSG_NOSIGNAL);
      if (n < 0 && (errno == EAGAIN || errno == EINTR))
        {
          poll (&ready, 1, LOOK_EVERY_MS);
          continue;
        }
      if (n <= 0)
        return FALSE;
      bytes += n;
      size -= (gsize) n;
    }
  return TRUE;
}

static GSocketConnection *
connect_target (PkFaultProxy *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress)
      address = g_inet_socket_address_new_from_string ("127.0.0.1", self->target);

  g_socket_client_set_enable_proxy (client, FALSE);
  return g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
}

static int
get_fd (GSocketConnection *connection)
{
  return g_socket_get_fd (g_socket_connection_get_socket (connection));
}

/* What comes back is read and dropped until nothing has come for a moment. */
static void
send_again (Flow *self)
{
  g_autoptr (GSocketConnection) again = connect_target (self->proxy);
  guint8 dropped[PIECE_BYTES];

  if (again == NULL || !send_all (get_fd (again), self->up->data, self->up->len))
    return;
  count (self, PK_FAULT_REPEAT);
  struct pollfd ready = { .fd = get_fd (again), .events = POLLIN };
  while (poll (&ready, 1, LOOK_EVERY_MS) > 0 && recv (ready.fd, dropped, sizeof dropped, 0) > 0)
    continue;
}

/* How long the request is that begins the bytes; 0: its end has not come, or cannot be told. */
static gsize
measure_request (const GByteArray *bytes)
{
  g_autofree char *text = g_strndup ((const char *) bytes->data, bytes->len);
  char *end = strstr (text, "\r\n\r\n");

  if (end == NULL)
    return 0;
  *end = '\0';
  g_autofree char *small = g_ascii_strdown (text, -1);
  const char *length = strstr (small, "\r\ncontent-length:");
  gsize size = (gsize) (end - text) + 4;
  return length == NULL ? size : size + strtoul (length + strlen ("\r\ncontent-length:"), NULL, 10);
}

static void
note_request (Flow *self, const guint8 *bytes, gsize size)
{
  g_byte_array_append (self->up, bytes, (guint) size);
  gsize whole = measure_request (self->up);
  if (whole == 0 || whole > self->up->len)
    return;
  g_byte_array_set_size (self->up, (guint) whole);
  if (!is_calm (self) && g_rand_int_range (self->chance, 0, 3) == 0)
    {
      if (g_rand_boolean (self->chance))
        wait_ms (self, MAX_REPEAT_MS);
      send_again (self);
    }
  g_byte_array_set_size (self->up, 0);
}

static void
reset (Flow *self)
{
  struct linger now = { .l_onoff = 1, .l_linger = 0 };

  for (guint i = 0; i < N_WAYS; i++)
    setsockopt (self->fds[i], SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

/* Where the byte has passed at which it was to happen; returns whether the connection goes on. */
static gboolean
let_happen (Flow *self)
{
  count (self, self->fault);
  switch (self->fault)
    {
    case PK_FAULT_STALL:
      wait_ms (self, MAX_STALL_MS);
      self->fault = PK_FAULT_NONE;
      return TRUE;
    case PK_FAULT_RESET:
      reset (self);
      return FALSE;
    case PK_FAULT_CUT:
      return FALSE;
    default:
      return TRUE;
    }
}

static gboolean
has_moment (const Flow *self)
{
  return self->fault == PK_FAULT_STALL || self->fault == PK_FAULT_RESET ||
         self->fault == PK_FAULT_CUT || self->fault == PK_FAULT_LOST_ANSWER;
}

static gboolean
pass_on (Flow *self, Way way)
{
  guint8 bytes[PIECE_BYTES];
  gboolean waits = has_moment (self) && way == self->way && self->left > 0;
  gsize most = waits ? MIN (sizeof bytes, (gsize) self->left) : sizeof bytes;
  gssize n = recv (self->fds[way], bytes, most, 0);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return TRUE;
  if (n <= 0)
    return FALSE;
  if (self->fault == PK_FAULT_DELAY && !is_calm (self))
    {
      count (self, PK_FAULT_DELAY);
      wait_ms (self, MAX_DELAY_MS);
    }
  if (self->fault == PK_FAULT_LOST_ANSWER && way == DOWN && self->left <= 0 && !is_calm (self))
    {
      wait_ms (self, MAX_REPEAT_MS);
      return FALSE;
    }
  if (!send_all (self->fds[way == UP ? DOWN : UP], bytes, (gsize) n))
    return FALSE;
  if (self->fault == PK_FAULT_REPEAT && way == UP)
    note_request (self, bytes, (gsize) n);
  self->left -= waits ? n : 0;
  return !waits || self->left > 0 || is_calm (self) || let_happen (self);
}

static void
run_flow (Flow *self)
{
  while (!g_atomic_int_get (&self->proxy->is_ending))
    {
      struct pollfd ready[N_WAYS] = { { .fd = self->fds[UP], .events = POLLIN },
                                      { .fd = self->fds[DOWN], .events = POLLIN } };
      if (poll (ready, N_WAYS, LOOK_EVERY_MS) < 0 && errno != EINTR)
        return;
      for (guint way = 0; way < N_WAYS; way++)
        if (ready[way].revents != 0 && !pass_on (self, way))
          return;
    }
}

static void
answer_as_portal (Flow *self)
{
  static const char page[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 43\r\n"
                             "Connection: close\r\n\r\n"
                             "<html><body>Accept our terms</body></html>\n";
  struct pollfd ready = { .fd = self->fds[UP], .events = POLLIN };
  guint8 dropped[PIECE_BYTES];

  if (poll (&ready, 1, MAX_STALL_MS) <= 0 || recv (ready.fd, dropped, sizeof dropped, 0) <= 0)
    return;
  count (self, PK_FAULT_PORTAL);
  send_all (self->fds[UP], (const guint8 *) page, sizeof page - 1);
}

static void
carry (Flow *self, GSocketConnection *connection)
{
  self->fds[UP] = self->fds[DOWN] = get_fd (connection);
  if (self->fault == PK_FAULT_PORTAL && !is_calm (self))
    {
      answer_as_portal (self);
      return;
    }
  g_autoptr (GSocketConnection) target = connect_target (self->proxy);
  if (target == NULL)
    {
      count (self, PK_FAULT_DOWN);
      reset (self);
      return;
    }
  self->fds[DOWN] = get_fd (target);
  count (self, PK_FAULT_NONE);
  run_flow (self);
}

/* On a thread of its own. */
static gboolean
run_cb (G_GNUC_UNUSED GThreadedSocketService *service,
        GSocketConnection *connection,
        G_GNUC_UNUSED GObject *source,
        gpointer data)
{
  PkFaultProxy *proxy = data;
  Flow flow = { 0 };

  g_atomic_int_inc (&proxy->n_open);
  begin_flow (&flow, proxy);
  carry (&flow, connection);
  end_flow (&flow);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_atomic_int_add (&proxy->n_open, -1);
  return TRUE;
}

/**
 * pk_fault_proxy_new:
 * @target: port on loopback
 *
 * Returns: (transfer full): a network that listens; it needs the main context to go round
 */
PkFaultProxy *
pk_fault_proxy_new (guint16 target, guint32 seed)
{
  PkFaultProxy *self = g_new0 (PkFaultProxy, 1);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->lock);
  self->target = target;
  self->chance = g_rand_new_with_seed (seed);
  self->service = g_threaded_socket_service_new (MAX_THREADS);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service),
                                 any,
                                 G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP,
                                 NULL,
                                 &address,
                                 &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  g_signal_connect (self->service, "run", G_CALLBACK (run_cb), self);
  g_socket_service_start (self->service);
  return self;
}

/**
 * pk_fault_proxy_free:
 *
 * Cuts everything, and waits until all threads have let go.
 */
void
pk_fault_proxy_free (PkFaultProxy *self)
{
  g_atomic_int_set (&self->is_ending, TRUE);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  while (g_atomic_int_get (&self->n_open) > 0)
    poll (NULL, 0, 1);
  g_object_unref (self->service);
  g_rand_free (self->chance);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * pk_fault_proxy_get_port:
 *
 * Returns: where it listens, on loopback
 */
guint16
pk_fault_proxy_get_port (PkFaultProxy *self)
{
  return self->port;
}

/**
 * pk_fault_proxy_calm_down:
 *
 * From now on nothing happens to what passes, also on connections that are open.
 */
void
pk_fault_proxy_calm_down (PkFaultProxy *self)
{
  g_atomic_int_set (&self->is_calm, TRUE);
}

/**
 * pk_fault_proxy_count:
 *
 * Returns: how often it happened; of %PK_FAULT_NONE how many connections there were
 */
guint
pk_fault_proxy_count (PkFaultProxy *self, PkFault fault)
{
  return (guint) g_atomic_int_get (&self->counts[fault]);
}

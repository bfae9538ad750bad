/* See the header. Nothing here blocks: what cannot be written at once is kept until the socket takes more. */
#include "config.h"

#include "pk-load-net.h"

#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_EVENTS 256

struct _PkLoadNet
{
  int epoll;
  struct sockaddr_in address;
  GPtrArray *closed; /* (owned): connections to be freed when no event names them any more */
};

struct _PkLoadConnection
{
  PkLoadNet *net;
  int socket; /* -1: closed */
  PkLoadAnswered answered;
  gpointer data;
  GString *out; /* (owned) */
  gsize sent;
  GString *in; /* (owned) */
  PkLoadAnswer answer;
  gsize length; /* of the answer's body */
  gboolean has_head;
  gboolean is_stream;
  gboolean is_waiting; /* for an answer, or more of a stream */
};

static void
free_connection (gpointer data)
{
  PkLoadConnection *self = data;

  g_string_free (self->out, TRUE);
  g_string_free (self->in, TRUE);
  g_free (self);
}

/**
 * pk_load_net_new:
 * @address: such as "http://127.0.0.1:8470"
 *
 * Returns: (transfer full) (nullable): no connections yet
 */
PkLoadNet *
pk_load_net_new (const char *address, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, error);

  if (uri == NULL)
    return NULL;
  PkLoadNet *self = g_new0 (PkLoadNet, 1);
  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  g_assert_cmpint (self->epoll, >=, 0);
  self->address.sin_family = AF_INET;
  self->address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  self->address.sin_port = htons ((guint16) g_uri_get_port (uri));
  self->closed = g_ptr_array_new_with_free_func (free_connection);
  return self;
}

/**
 * pk_load_net_free:
 *
 * Frees it; its connections must be closed.
 */
void
pk_load_net_free (PkLoadNet *self)
{
  if (self == NULL)
    return;
  close (self->epoll);
  g_ptr_array_unref (self->closed);
  g_free (self);
}

/**
 * pk_load_connect:
 * @answered: told of each answer, and of each piece of a stream
 *
 * Begins to connect.
 *
 * Returns: (transfer full): the connection; close it with [func@load_close]
 */
PkLoadConnection *
pk_load_connect (PkLoadNet *net, PkLoadAnswered answered, gpointer data)
{
  PkLoadConnection *self = g_new0 (PkLoadConnection, 1);
  struct epoll_event event = { EPOLLIN | EPOLLOUT | EPOLLET, { .ptr = self } };
  int on = 1;

  self->net = net;
  self->answered = answered;
  self->data = data;
  self->out = g_string_new (NULL);
  self->in = g_string_new (NULL);
  self->socket = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (self->socket < 0)
    g_error ("There are not enough open files (raise ulimit -n): %s", g_strerror (errno));
  setsockopt (self->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  g_assert_cmpint (epoll_ctl (net->epoll, EPOLL_CTL_ADD, self->socket, &event), ==, 0);
  if (connect (self->socket, (struct sockaddr *) &net->address, sizeof net->address) != 0 &&
      errno != EINPROGRESS)
    g_error ("Connecting: %s", g_strerror (errno));
  return self;
}

/**
 * pk_load_close:
 *
 * Closes the connection; its function is not called any more.
 */
void
pk_load_close (PkLoadConnection *self)
{
  if (self == NULL)
    return;
  if (self->socket >= 0)
    close (self->socket);
  self->socket = -1;
  self->is_waiting = FALSE;
  g_ptr_array_add (self->net->closed, self);
}

/**
 * pk_load_is_waiting:
 *
 * Returns: whether the answer to the last request has not come yet
 */
gboolean
pk_load_is_waiting (PkLoadConnection *self)
{
  return self->is_waiting;
}

/**
 * pk_load_is_open:
 *
 * Returns: whether the server has not closed the connection
 */
gboolean
pk_load_is_open (PkLoadConnection *self)
{
  return self->socket >= 0;
}

static void
flush (PkLoadConnection *self)
{
  while (self->sent < self->out->len)
    {
      ssize_t n = send (self->socket,
                        self->out->str + self->sent,
                        self->out->len - self->sent,
                        MSG_NOSIGNAL);
      if (n <= 0)
        return;
      self->sent += (gsize) n;
    }
}

/**
 * pk_load_request:
 * @type: (nullable): of the body
 * @body: (nullable): sent with it
 *
 * Sends a request; the answer to the one before must have come.
 */
void
pk_load_request (PkLoadConnection *self,
                 const char *method,
                 const char *path,
                 const char *token,
                 const char *type,
                 const GString *body)
{
  g_assert_false (self->is_waiting);
  g_string_printf (self->out,
                   "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: zstd\r\n"
                   "Authorization: Bearer %s\r\n",
                   method,
                   path,
                   token);
  if (body != NULL)
    g_string_append_printf (self->out,
                            "Content-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n",
                            type,
                            body->len);
  g_string_append (self->out, "\r\n");
  if (body != NULL)
    g_string_append_len (self->out, body->str, (gssize) body->len);
  self->sent = 0;
  self->has_head = FALSE;
  self->is_waiting = TRUE;
  flush (self);
}

static const char *
find_header (const char *head, const char *name)
{
  const char *found = strcasestr (head, name);

  return found != NULL ? found + strlen (name) : NULL;
}

static gboolean
read_head (PkLoadConnection *self)
{
  char *end = strstr (self->in->str, "\r\n\r\n");

  if (end == NULL)
    return FALSE;
  *end = '\0';
  const char *length = find_header (self->in->str, "\r\nContent-Length:");
  const char *retry = find_header (self->in->str, "\r\nRetry-After:");
  self->answer = (PkLoadAnswer){ 0 };
  self->answer.status = (guint) strtoul (self->in->str + strlen ("HTTP/1.1 "), NULL, 10);
  self->answer.retry_after_s = retry ? (guint) strtoul (retry, NULL, 10) : 0;
  self->length = length ? strtoul (length, NULL, 10) : 0;
  self->is_stream = strcasestr (self->in->str, "text/event-stream") != NULL;
  self->has_head = TRUE;
  g_string_erase (self->in, 0, end + 4 - self->in->str);
  return TRUE;
}

static void
tell (PkLoadConnection *self, gsize size)
{
  self->answer.body = self->in->str;
  self->answer.size = size;
  self->answered (&self->answer, self->data);
  if (self->socket >= 0)
    g_string_set_size (self->in, 0);
}

static void
take (PkLoadConnection *self)
{
  if (!self->is_waiting || (!self->has_head && !read_head (self)))
    return;
  if (self->is_stream)
    {
      tell (self, self->in->len);
      return;
    }
  if (self->in->len < self->length)
    return;
  self->is_waiting = FALSE;
  tell (self, self->length);
}

static void
fail (PkLoadConnection *self)
{
  gboolean was_waiting = self->is_waiting;

  self->answer = (PkLoadAnswer){ 0 };
  self->is_waiting = FALSE;
  close (self->socket);
  self->socket = -1;
  if (was_waiting)
    self->answered (&self->answer, self->data);
}

static void
read_all (PkLoadConnection *self)
{
  char piece[16384];

  while (self->socket >= 0)
    {
      ssize_t n = recv (self->socket, piece, sizeof piece, 0);
      if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
      if (n <= 0)
        {
          fail (self);
          return;
        }
      g_string_append_len (self->in, piece, n);
      take (self);
    }
}

/**
 * pk_load_net_run:
 * @timeout_ms: the longest wait for something to happen
 *
 * Takes what has come, and tells of it.
 */
void
pk_load_net_run (PkLoadNet *self, int timeout_ms)
{
  struct epoll_event events[MOST_EVENTS];
  int n = epoll_wait (self->epoll, events, MOST_EVENTS, timeout_ms);

  for (int i = 0; i < n; i++)
    {
      PkLoadConnection *connection = events[i].data.ptr;
      if (connection->socket >= 0 && (events[i].events & EPOLLOUT))
        flush (connection);
      if (connection->socket >= 0 && (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
        read_all (connection);
    }
  g_ptr_array_set_size (self->closed, 0);
}

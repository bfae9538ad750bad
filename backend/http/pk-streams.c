/*
 * See the header. What a client does not take at once is kept until its socket takes more; meanwhile nothing is added to it, so that
 * a slow reader costs no more than one piece.
 */
#include "config.h"

#include "pk-streams.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_EVENTS 64

struct _PkStreams
{
  int epoll;
  guint source;
  GHashTable *streams; /* (owned): set of PkStream */
  GPtrArray *closed;   /* (owned): freed when no event names them any more */
  gboolean is_taking;  /* events */
};

struct _PkStream
{
  PkStreams *streams; /* not owned */
  int fd;             /* (owned) */
  PkStreamLeft left;
  gpointer data;
  GBytes *rest;      /* (owned) (nullable): not taken yet */
  gint64 waiting_us; /* monotonic: since when; 0: all was taken */
};

static void
free_stream (gpointer data)
{
  PkStream *self = data;

  close (self->fd);
  g_clear_pointer (&self->rest, g_bytes_unref);
  g_free (self);
}

static void
watch (PkStream *self, int operation)
{
  struct epoll_event event = { EPOLLRDHUP | (self->rest ? EPOLLOUT : 0U), { .ptr = self } };

  if (epoll_ctl (self->streams->epoll, operation, self->fd, &event) != 0)
    g_warning ("A stream is not watched: %s", g_strerror (errno));
}

/* What could be sent; FALSE where the client is gone. */
static gboolean
send_some (PkStream *self, const char *text, gsize size, gsize *sent_out)
{
  gssize sent = send (self->fd, text, size, MSG_DONTWAIT | MSG_NOSIGNAL);

  *sent_out = sent > 0 ? (gsize) sent : 0;
  return sent >= 0 || errno == EAGAIN || errno == EINTR;
}

static void
keep (PkStream *self, GBytes *rest)
{
  gboolean was_waiting = self->rest != NULL;

  g_clear_pointer (&self->rest, g_bytes_unref);
  self->rest = rest;
  if (rest == NULL || self->waiting_us == 0)
    self->waiting_us = rest != NULL ? g_get_monotonic_time () : 0;
  if (was_waiting != (rest != NULL))
    watch (self, EPOLL_CTL_MOD);
}

static gboolean
send_bytes (PkStream *self, GBytes *bytes)
{
  gsize size, sent;
  const char *text = g_bytes_get_data (bytes, &size);

  if (!send_some (self, text, size, &sent))
    return FALSE;
  keep (self, sent < size ? g_bytes_new_from_bytes (bytes, sent, size - sent) : NULL);
  return TRUE;
}

static gboolean
send_rest (PkStream *self)
{
  g_autoptr (GBytes) rest = g_bytes_ref (self->rest);

  return send_bytes (self, rest);
}

static void
take_event (PkStream *self, guint32 events)
{
  gboolean is_there = !(events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR));

  if (is_there && self->rest != NULL && (events & EPOLLOUT))
    is_there = send_rest (self);
  if (!is_there)
    self->left (self, self->data);
}

static gboolean
ready_cb (int fd, GIOCondition condition G_GNUC_UNUSED, gpointer user_data)
{
  PkStreams *self = user_data;
  struct epoll_event events[MOST_EVENTS];
  int n = epoll_wait (fd, events, MOST_EVENTS, 0);

  self->is_taking = TRUE;
  for (int i = 0; i < n; i++)
    if (g_hash_table_contains (self->streams, events[i].data.ptr))
      take_event (events[i].data.ptr, events[i].events);
  self->is_taking = FALSE;
  g_ptr_array_set_size (self->closed, 0);
  return G_SOURCE_CONTINUE;
}

/**
 * pk_streams_new:
 *
 * Returns: (transfer full): no streams yet
 */
PkStreams *
pk_streams_new (void)
{
  PkStreams *self = g_new0 (PkStreams, 1);

  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll < 0)
    g_error ("No epoll set can be made: %s", g_strerror (errno));
  self->streams = g_hash_table_new (NULL, NULL);
  self->closed = g_ptr_array_new_with_free_func (free_stream);
  self->source = g_unix_fd_add (self->epoll, G_IO_IN, ready_cb, self);
  return self;
}

/**
 * pk_streams_free:
 *
 * Frees the set; its streams must have been closed.
 */
void
pk_streams_free (PkStreams *self)
{
  g_assert (g_hash_table_size (self->streams) == 0);
  g_source_remove (self->source);
  g_hash_table_unref (self->streams);
  g_ptr_array_unref (self->closed);
  close (self->epoll);
  g_free (self);
}

/**
 * pk_streams_add:
 * @fd: (transfer full): a socket
 * @head: sent first
 * @left: told when the client has left
 *
 * Takes over a connection.
 *
 * Returns: (transfer none): the stream, to be closed with [func@stream_close]
 */
PkStream *
pk_streams_add (PkStreams *self, int fd, GBytes *head, PkStreamLeft left, gpointer data)
{
  PkStream *stream = g_new0 (PkStream, 1);

  stream->streams = self;
  stream->fd = fd;
  stream->left = left;
  stream->data = data;
  g_hash_table_add (self->streams, stream);
  watch (stream, EPOLL_CTL_ADD);
  send_bytes (stream, head);
  return stream;
}

/**
 * pk_stream_write:
 * @text: a piece
 *
 * Sends a piece, unless the one before is not taken yet. Where the client is gone that is told later.
 *
 * Returns: whether it is on its way
 */
gboolean
pk_stream_write (PkStream *self, const char *text)
{
  g_autoptr (GBytes) bytes = NULL;

  if (self->rest != NULL)
    return FALSE;
  bytes = g_bytes_new (text, strlen (text));
  return send_bytes (self, bytes);
}

/**
 * pk_stream_get_waiting_us:
 *
 * Returns: for how long the client has taken nothing of what waits for it
 */
gint64
pk_stream_get_waiting_us (PkStream *self)
{
  return self->waiting_us > 0 ? g_get_monotonic_time () - self->waiting_us : 0;
}

/**
 * pk_stream_close:
 *
 * Ends the stream; @left is not called for it any more.
 */
void
pk_stream_close (PkStream *self)
{
  epoll_ctl (self->streams->epoll, EPOLL_CTL_DEL, self->fd, NULL);
  shutdown (self->fd, SHUT_RDWR);
  g_hash_table_remove (self->streams->streams, self);
  if (self->streams->is_taking)
    g_ptr_array_add (self->streams->closed, self);
  else
    free_stream (self);
}

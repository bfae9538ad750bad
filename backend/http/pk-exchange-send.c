/*
 * The answer on its way: headers that every answer has, and files that are read block by block as the client takes them.
 * A file's next block is read when libsoup says that the last one is written: a slow reader costs one block of memory.
 */
#include "config.h"

#include "pk-exchange-private.h"
#include "pk-http-private.h"

#include <errno.h>
#include <unistd.h>

#define BLOCK_BYTES (256 * 1024)

static const char *const common_headers[][2] = {
  { "X-Content-Type-Options", "nosniff" },
  { "Referrer-Policy", "no-referrer" },
  { "Cross-Origin-Resource-Policy", "same-origin" },
  { "Cross-Origin-Opener-Policy", "same-origin" },
  { "Pakobla-Protocol", "1" },
};

static void
set_headers (PkExchange *self, SoupMessageHeaders *headers)
{
  const GPtrArray *own = self->answer.headers;

  for (guint i = 0; i < G_N_ELEMENTS (common_headers); i++)
    soup_message_headers_replace (headers, common_headers[i][0], common_headers[i][1]);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers,
                                "Content-Security-Policy",
                                "default-src 'none'; frame-ancestors 'none'");
  for (guint i = 0; i + 1 < own->len; i += 2)
    if (g_str_equal (own->pdata[i], "Set-Cookie"))
      soup_message_headers_append (headers, own->pdata[i], own->pdata[i + 1]);
    else
      soup_message_headers_replace (headers, own->pdata[i], own->pdata[i + 1]);
  if (self->answer.type != NULL)
    soup_message_headers_replace (headers, "Content-Type", self->answer.type);
}

static gssize
read_block (PkExchange *self, guint8 *block, gsize size)
{
  gssize got;

  do
    got = pread (self->answer.fd, block, size, self->answer.offset);
  while (got < 0 && errno == EINTR);
  return got;
}

/* Queues the next block; FALSE when all is queued or the file cannot be read to its end. */
static gboolean
append_block (PkExchange *self)
{
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);

  if (self->answer.size == 0)
    {
      soup_message_body_complete (body);
      return FALSE;
    }
  gsize size = (gsize) MIN (self->answer.size, BLOCK_BYTES);
  g_autofree guint8 *block = g_malloc (size);
  gssize got = read_block (self, block, size);
  if (got <= 0)
    {
      g_warning ("A file that is being sent cannot be read: %s",
                 g_strerror (got < 0 ? errno : EIO));
      GSocket *socket = soup_server_message_get_socket (self->message);
      if (socket != NULL)
        g_socket_shutdown (socket, TRUE, TRUE, NULL);
      return FALSE;
    }
  self->answer.offset += got;
  self->answer.size -= got;
  soup_message_body_append_take (body, g_steal_pointer (&block), (gsize) got);
  return TRUE;
}

static void
wrote_chunk_cb (SoupServerMessage *message, gpointer user_data)
{
  PkExchange *self = user_data;

  if (self->is_gone)
    return;
  append_block (self);
  soup_server_message_unpause (message);
}

static void
send_file (PkExchange *self, SoupMessageHeaders *headers)
{
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);

  soup_message_headers_set_content_length (headers, self->answer.size);
  if (soup_server_message_get_method (self->message) == SOUP_METHOD_HEAD)
    return;
  soup_message_body_set_accumulate (body, FALSE);
  g_signal_connect_data (self->message,
                         "wrote-chunk",
                         G_CALLBACK (wrote_chunk_cb),
                         pk_exchange_ref (self),
                         (GClosureNotify) (void (*) (void)) pk_exchange_unref,
                         0);
  append_block (self);
}

/**
 * pk_exchange_send:
 *
 * Hands the answer to libsoup. On the main thread.
 */
void
pk_exchange_send (PkExchange *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);

  set_headers (self, headers);
  if (self->http->connections != NULL && pk_connections_are_many (self->http->connections))
    soup_message_headers_replace (headers, "Connection", "close");
  soup_server_message_set_status (self->message, self->answer.status, NULL);
  if (self->answer.fd >= 0)
    {
      send_file (self, headers);
      return;
    }
  gsize size = self->answer.body != NULL ? g_bytes_get_size (self->answer.body) : 0;
  if (soup_server_message_get_method (self->message) == SOUP_METHOD_HEAD)
    soup_message_headers_set_content_length (headers, (goffset) size);
  else if (size > 0)
    soup_message_body_append_bytes (soup_server_message_get_response_body (self->message),
                                    self->answer.body);
}

static void
append_header (const char *name, const char *value, gpointer user_data)
{
  g_string_append_printf (user_data, "%s: %s\r\n", name, value);
}

/**
 * pk_exchange_dup_head:
 *
 * Returns: (transfer full): the answer's status and headers as they are sent before a body that lasts until the connection ends,
 *   for a route that writes to the connection itself
 */
GBytes *
pk_exchange_dup_head (PkExchange *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *date = soup_date_time_to_string (now, SOUP_DATE_HTTP);
  GString *head = g_string_new (NULL);

  set_headers (self, headers);
  soup_message_headers_replace (headers, "Date", date);
  soup_message_headers_replace (headers, "Connection", "close");
  soup_server_message_set_status (self->message, self->answer.status, NULL);
  g_string_append_printf (head,
                          "HTTP/1.1 %u %s\r\n",
                          self->answer.status,
                          soup_status_get_phrase (self->answer.status));
  soup_message_headers_foreach (headers, append_header, head);
  g_string_append (head, "\r\n");
  return g_string_free_to_bytes (head);
}

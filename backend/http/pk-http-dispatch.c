/*
 * From libsoup's signals to a handler. libsoup would keep a whole body in memory whatever its size, so its own gathering is
 * turned off as soon as the headers are there, and bytes are counted here. Everything that can be refused is refused before
 * the body: path, method, token, type, length.
 */
#include "config.h"

#include "pk-http-private.h"

#include "pk-exchange-private.h"
#include "pk-problem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MAX_URL_BYTES    (8 * 1024)
#define MAX_HEADER_BYTES (16 * 1024)
#define MAX_HEADERS      64
#define CROWD_RETRY_S    "5"
/* A client that goes on sending after its request was refused is cut off here. */
#define MAX_REFUSED_BYTES (32 * 1024 * 1024)

static G_DEFINE_QUARK (exchange, exchange);

static gboolean
check_headers (SoupServerMessage *message, GError **error)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageHeadersIter iter;
  const char *name, *value;
  gsize bytes = 0;
  guint count = 0;

  soup_message_headers_iter_init (&iter, headers);
  for (; soup_message_headers_iter_next (&iter, &name, &value); count++)
    bytes += strlen (name) + strlen (value);
  if (count > MAX_HEADERS || bytes > MAX_HEADER_BYTES)
    pk_problem_set (error, PK_PROBLEM_TOO_LARGE, NULL, "Too many headers, or too long ones");
  else if (soup_message_headers_get_one (headers, "Transfer-Encoding") != NULL &&
           soup_message_headers_get_one (headers, "Content-Length") != NULL)
    pk_problem_set (error, PK_PROBLEM_MALFORMED, NULL, "The length of the body is said twice");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_url (SoupServerMessage *message, GError **error)
{
  GUri *uri = soup_server_message_get_uri (message);
  const char *query = g_uri_get_query (uri);

  if (strlen (g_uri_get_path (uri)) + (query != NULL ? strlen (query) : 0) <= MAX_URL_BYTES)
    return TRUE;
  pk_problem_set (error, PK_PROBLEM_TOO_LARGE, NULL, "The address is too long");
  return FALSE;
}

static gboolean
is_loopback_name (const char *host)
{
  static const char *const names[] = { "localhost", "127.0.0.1", "::1" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (host, names[i]) == 0)
      return TRUE;
  return FALSE;
}

/* A page elsewhere may give its own name this machine's address (DNS rebinding): the demo has no secret that would stop it. */
static gboolean
check_host (PkExchange *self, GError **error)
{
  const char *host = g_uri_get_host (soup_server_message_get_uri (self->message));

  if (!self->http->is_demo || self->route->auth == PK_AUTH_OPERATOR ||
      (host != NULL && is_loopback_name (host)))
    return TRUE;
  pk_problem_set (error, PK_PROBLEM_FORBIDDEN, NULL, "The demo answers to loopback names only");
  return FALSE;
}

static gboolean
check_body (PkExchange *self, GError **error)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);
  SoupEncoding encoding = soup_message_headers_get_encoding (headers);
  goffset length = soup_message_headers_get_content_length (headers);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  gboolean has_body = encoding == SOUP_ENCODING_CHUNKED || length > 0;

  if (length > 0 && (guint64) length > self->route->max_body)
    pk_problem_set (error,
                    PK_PROBLEM_TOO_LARGE,
                    NULL,
                    "At most %" G_GSIZE_FORMAT " bytes are taken here",
                    self->route->max_body);
  else if (has_body && !pk_route_accepts_type (self->route, type))
    pk_problem_set (error, PK_PROBLEM_MEDIA_TYPE, NULL, "The body's type is not taken here");
  else if (soup_message_headers_get_one (headers, "Content-Encoding") != NULL)
    pk_problem_set (error, PK_PROBLEM_MEDIA_TYPE, NULL, "Compressed bodies are not taken here");
  else
    return TRUE;
  return FALSE;
}

/* The address that is counted: behind a proxy the one that it vouches for, the last of the list. */
static char *
dup_address (PkExchange *self)
{
  const char *forwarded = pk_exchange_get_header (self, "X-Forwarded-For");
  const char *remote = soup_server_message_get_remote_host (self->message);

  if (!self->http->has_proxy || forwarded == NULL)
    return g_strdup (remote != NULL ? remote : "");
  const char *last = strrchr (forwarded, ',');
  return g_strstrip (g_strdup (last != NULL ? last + 1 : forwarded));
}

/* Operators come over a socket of their own, which only the server's own user can open. */
static gboolean
check_crowd (PkExchange *self, const char *address, GError **error)
{
  if (self->route->auth == PK_AUTH_OPERATOR ||
      pk_connections_claim (self->http->connections, self->message, address))
    return TRUE;
  pk_exchange_set_header (self, "Retry-After", CROWD_RETRY_S);
  pk_problem_set (error,
                  PK_PROBLEM_TOO_MANY,
                  NULL,
                  "Too many requests of this address are under way");
  return FALSE;
}

static gboolean
check_sign_in (PkExchange *self, const char *address, GError **error)
{
  PkRateLimit *limit = self->route->auth == PK_AUTH_SIGN_IN ? self->http->sign_ins
                       : self->route->auth == PK_AUTH_TOKEN ? self->http->refreshes
                                                            : NULL;
  guint wait_s = 0;

  if (limit == NULL || pk_rate_limit_take (limit, address, &wait_s))
    return TRUE;
  g_autofree char *seconds = g_strdup_printf ("%u", wait_s);
  pk_exchange_set_header (self, "Retry-After", seconds);
  pk_problem_set (error, PK_PROBLEM_TOO_MANY, NULL, "Try again in %u seconds", wait_s);
  return FALSE;
}

/*
 * What a streamed body is written to is written by one request at a time. One whose client is gone only has to keep what came: others
 * may see already how far that is, so that who goes on from there waits for its end.
 */
static gboolean
claim (PkExchange *self, GError **error)
{
  if (self->route->body != PK_BODY_STREAM)
    return TRUE;
  PkExchange *holder = g_hash_table_lookup (self->http->busy, self->parameters[0]);
  if (holder == NULL)
    {
      pk_exchange_claim (self);
      return TRUE;
    }
  if (holder->is_gone && holder->heir == NULL)
    {
      holder->heir = pk_exchange_ref (self);
      return TRUE;
    }
  pk_problem_set (error, PK_PROBLEM_OFFSET, NULL, "Another request is writing to this upload");
  return FALSE;
}

static gboolean
find_route (PkExchange *self, const PkRouteTable *table, GError **error)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (self->message));
  const char *method = soup_server_message_get_method (self->message);
  g_autoptr (GError) local = NULL;

  self->route =
      pk_route_find (table->routes, table->n_routes, method, path, self->parameters, &local);
  if (self->route != NULL)
    return TRUE;
  if (pk_problem_get_code (local) == PK_PROBLEM_METHOD)
    {
      g_autofree char *allow = pk_route_list_methods (table->routes, table->n_routes, path);
      pk_exchange_set_header (self, "Allow", allow);
    }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
admit (PkExchange *self, const PkRouteTable *table, gboolean *is_known_out, GError **error)
{
  g_autofree char *address = dup_address (self);

  if (!check_url (self->message, error) || !check_headers (self->message, error) ||
      !find_route (self, table, error) || !check_host (self, error))
    return FALSE;
  if (self->http->is_draining)
    {
      pk_problem_set (error, PK_PROBLEM_BUSY, NULL, "The server is stopping");
      return FALSE;
    }
  if (!check_crowd (self, address, error) || !check_sign_in (self, address, error))
    return FALSE;
  if (pk_http_asks_for_person (self->route) && !pk_http_recognize (self, is_known_out, error))
    return FALSE;
  return check_body (self, error) && claim (self, error);
}

/**
 * pk_http_refuse:
 *
 * Answers with a problem before the body has come; what is still sent of it is dropped.
 */
void
pk_http_refuse (PkExchange *self, const GError *error)
{
  pk_exchange_fail (self, error);
  g_clear_pointer (&self->gathered, g_byte_array_unref);
  pk_exchange_send (self);
}

static gboolean
write_to_sink (PkExchange *self, GBytes *chunk, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (chunk, &size);

  if ((gint64) size > self->sink_end - self->sink_offset)
    {
      pk_problem_set (error, PK_PROBLEM_TOO_LARGE, NULL, "More came than was announced");
      return FALSE;
    }
  if (self->checksum != NULL)
    g_checksum_update (self->checksum, (const guchar *) data, (gssize) size);
  while (size > 0)
    {
      gssize done = pwrite (self->sink, data, size, self->sink_offset);
      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        {
          pk_problem_set (error, PK_PROBLEM_NO_SPACE, NULL, "%s", g_strerror (errno));
          return FALSE;
        }
      self->sink_offset += done;
      data += done;
      size -= (gsize) done;
    }
  return TRUE;
}

static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  PkExchange *self = user_data;
  g_autoptr (GError) error = NULL;

  self->received += g_bytes_get_size (chunk);
  if (self->answer.status != 0)
    {
      GSocket *socket = soup_server_message_get_socket (message);
      if (self->received > MAX_REFUSED_BYTES && socket != NULL)
        g_socket_shutdown (socket, TRUE, FALSE, NULL);
      return;
    }
  if (self->received > self->route->max_body)
    {
      pk_problem_set (&error, PK_PROBLEM_TOO_LARGE, NULL, "The body is longer than is taken here");
      self->received = 0;
      pk_http_refuse (self, error);
      return;
    }
  if (self->route->body == PK_BODY_STREAM)
    {
      if (!write_to_sink (self, chunk, &error))
        pk_http_refuse (self, error);
      else
        pk_connections_note_progress (self->http->connections, message, g_bytes_get_size (chunk));
      return;
    }
  if (self->gathered == NULL)
    self->gathered = g_byte_array_new ();
  g_byte_array_append (self->gathered,
                       g_bytes_get_data (chunk, NULL),
                       (guint) g_bytes_get_size (chunk));
}

static void
log_request (PkExchange *self)
{
  double seconds = (double) (g_get_monotonic_time () - self->began_us) / 1e6;

  g_log_structured (G_LOG_DOMAIN,
                    G_LOG_LEVEL_INFO,
                    "PK_METHOD",
                    soup_server_message_get_method (self->message),
                    "PK_ROUTE",
                    self->route != NULL ? self->route->pattern : "",
                    "MESSAGE",
                    "%s %s %u %.1f ms",
                    soup_server_message_get_method (self->message),
                    self->route != NULL ? self->route->pattern : "(no route)",
                    soup_server_message_get_status (self->message),
                    seconds * 1e3);
}

/* All is sent, or the client hung up. */
static void
finished_cb (SoupServerMessage *message, gpointer user_data)
{
  g_autoptr (PkExchange) self = pk_exchange_ref (user_data);

  self->is_gone = TRUE;
  self->http->n_active--;
  if (self->sink >= 0 && self->answer.status == 0 && !self->is_paused)
    pk_http_run (self);
  log_request (self);
  g_signal_handlers_disconnect_by_data (message, self);
  g_object_set_qdata (G_OBJECT (message), exchange_quark (), NULL);
}

/**
 * pk_http_take_connection:
 * @seat_out: (out) (nullable): for pk_connections_give_back()
 *
 * Takes a connection over from libsoup, with which the exchange is over. Not from within a function that libsoup calls.
 *
 * Returns: the socket, the caller's; -1 where the client is gone already
 */
int
pk_http_take_connection (PkExchange *self, PkSeat **seat_out)
{
  g_autoptr (SoupServerMessage) message = g_object_ref (self->message);
  GSocket *of_message = soup_server_message_get_socket (message);

  if (self->is_gone || of_message == NULL)
    return -1;
  g_autoptr (GSocket) socket = g_object_ref (of_message);
  int fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 0);
  if (fd >= 0)
    *seat_out = pk_connections_take (self->http->connections, socket);
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  finished_cb (message, self);
  return fd;
}

static void
headers_cb (SoupServer *server G_GNUC_UNUSED,
            SoupServerMessage *message,
            const char *path G_GNUC_UNUSED,
            GHashTable *query G_GNUC_UNUSED,
            gpointer user_data)
{
  PkRouteTable *table = user_data;
  PkExchange *self = pk_exchange_new (table->http, message);
  g_autoptr (GError) error = NULL;
  gboolean is_known = TRUE;

  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  g_object_set_qdata_full (G_OBJECT (message),
                           exchange_quark (),
                           self,
                           (GDestroyNotify) pk_exchange_unref);
  table->http->n_active++;
  g_signal_connect (message, "finished", G_CALLBACK (finished_cb), self);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), self);
  if (!admit (self, table, &is_known, &error))
    pk_http_refuse (self, error);
  else if (self->route->body == PK_BODY_STREAM && !self->is_holder)
    pk_http_await (self);
  else if (!is_known || self->route->open != NULL)
    pk_http_prepare (self);
}

static void
body_cb (SoupServer *server G_GNUC_UNUSED,
         SoupServerMessage *message,
         const char *path G_GNUC_UNUSED,
         GHashTable *query G_GNUC_UNUSED,
         gpointer user_data G_GNUC_UNUSED)
{
  PkExchange *self = g_object_get_qdata (G_OBJECT (message), exchange_quark ());

  if (self != NULL && self->answer.status == 0)
    pk_http_run (self);
}

/**
 * pk_http_serve:
 * @routes: static
 *
 * Lets @server answer by the table @routes.
 */
void
pk_http_serve (PkHttp *self, SoupServer *server, const PkRoute *routes, guint n_routes)
{
  PkRouteTable *table = g_new (PkRouteTable, 1);

  *table = (PkRouteTable){ self, routes, n_routes };
  soup_server_add_early_handler (server, NULL, headers_cb, table, g_free);
  soup_server_add_handler (server, NULL, body_cb, table, NULL);
}

/*
 * The server's face: listens, and stops without cutting anyone off. The listening socket is made here because libsoup's own
 * would keep only ten connections waiting, so that a burst stalls for a second. Main thread.
 */
#include "config.h"

#include "pk-http.h"

#include "pk-http-private.h"

#define BACKLOG             1024
#define SIGN_IN_BURST       30
#define SIGN_INS_PER_MINUTE 30

/**
 * pk_http_new:
 *
 * Returns: (transfer full) (nullable): a server that does not listen yet
 */
PkHttp *
pk_http_new (const PkHttpOptions *options, GError **error G_GNUC_UNUSED)
{
  g_autoptr (PkHttp) self = g_new0 (PkHttp, 1);
  guint n_routes;
  const PkRoute *routes = pk_http_get_routes (&n_routes);

  self->data_dir = g_strdup (options->data_dir);
  self->public_url = g_strdup (options->public_url);
  self->is_demo = options->is_demo;
  self->clock = pk_clock_new_system ();
  self->ids = pk_id_source_new (self->clock);
  self->sign_ins = pk_rate_limit_new (self->clock, SIGN_IN_BURST, SIGN_INS_PER_MINUTE);
  self->server = soup_server_new ("server-header", "pakoblad", NULL);
  pk_http_serve (self, self->server, routes, n_routes);
  return g_steal_pointer (&self);
}

/**
 * pk_http_free:
 */
void
pk_http_free (PkHttp *self)
{
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->sign_ins, pk_rate_limit_free);
  g_clear_pointer (&self->ids, pk_id_source_unref);
  g_clear_pointer (&self->clock, pk_clock_unref);
  g_free (self->url);
  g_free (self->public_url);
  g_free (self->data_dir);
  g_free (self);
}

static GSocket *
make_socket (guint16 port, GError **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (socket == NULL || !g_socket_bind (socket, address, TRUE, error))
    return NULL;
  g_socket_set_listen_backlog (socket, BACKLOG);
  return g_socket_listen (socket, error) ? g_steal_pointer (&socket) : NULL;
}

static char *
make_url (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);

  return g_strdup_printf ("http://127.0.0.1:%u",
                          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
}

/**
 * pk_http_listen:
 * @port: 0 for a free one
 *
 * Accepts connections on loopback; a proxy with TLS stands before it.
 */
gboolean
pk_http_listen (PkHttp *self, guint16 port, GError **error)
{
  g_autoptr (GSocket) socket = make_socket (port, error);

  if (socket == NULL || !soup_server_listen_socket (self->server, socket, 0, error))
    return FALSE;
  self->url = make_url (socket);
  if (self->public_url == NULL)
    self->public_url = g_strdup (self->url);
  return TRUE;
}

/**
 * pk_http_get_url:
 *
 * Returns: (transfer none): the address that is listened on, such as "http://127.0.0.1:8470"
 */
const char *
pk_http_get_url (PkHttp *self)
{
  return self->url;
}

/**
 * pk_http_begin_drain:
 *
 * New requests are told that the server is busy; those under way are answered.
 */
void
pk_http_begin_drain (PkHttp *self)
{
  self->is_draining = TRUE;
}

/**
 * pk_http_is_drained:
 *
 * Returns: whether all requests under way are answered
 */
gboolean
pk_http_is_drained (PkHttp *self)
{
  return self->n_active == 0;
}

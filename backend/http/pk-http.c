/*
 * The server's face: listens, and stops without cutting anyone off. The listening socket is made here because libsoup's own
 * would keep only ten connections waiting, so that a burst stalls for a second. Main thread.
 */
#include "config.h"

#include "pk-http.h"

#include "pk-admin.h"
#include "pk-http-private.h"
#include "pk-service-import.h"
#include "pk-service-uploads.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define BACKLOG              1024
#define N_READERS            4
#define SNAPSHOT_ROWS        1000
#define SNAPSHOT_DELAY_S     10
#define UPKEEP_S             (60 * 60)
#define REPORTS_S            (5 * 60)
#define SIGN_INS_PER_MINUTE  60
#define REFRESHES_PER_MINUTE 600

static gpointer
upkeep_func (PkService *service,
             gpointer data,
             GCancellable *cancellable G_GNUC_UNUSED,
             GError **error)
{
  return pk_service_upkeep (service, error) && pk_service_clean_uploads (service, error) ? data
                                                                                         : NULL;
}

static void
kept_up_cb (GObject *source, GAsyncResult *result, gpointer user_data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  if (pk_service_pool_finish (PK_SERVICE_POOL (source), result, &error) == NULL)
    g_warning ("Upkeep: %s", error != NULL ? error->message : "nothing was done");
}

static gboolean
upkeep_cb (gpointer user_data)
{
  PkHttp *self = user_data;
  PkServiceJob job = { upkeep_func, self, NULL, NULL, PK_PRIORITY_UPKEEP };

  pk_service_pool_write_async (self->pool, &job, NULL, kept_up_cb, NULL);
  return G_SOURCE_CONTINUE;
}

static gpointer
write_reports (PkService *service,
               gpointer data,
               GCancellable *cancellable G_GNUC_UNUSED,
               GError **error)
{
  return pk_device_reports_flush (data, service, error) ? data : NULL;
}

static gboolean
reports_cb (gpointer user_data)
{
  PkHttp *self = user_data;
  PkServiceJob job = { write_reports, self->reports, NULL, NULL, PK_PRIORITY_UPKEEP };

  pk_service_pool_write_async (self->pool, &job, NULL, kept_up_cb, NULL);
  return G_SOURCE_CONTINUE;
}

/**
 * pk_http_open_store:
 *
 * Opens the store in the data folder, and what lives on it.
 */
gboolean
pk_http_open_store (PkHttp *self, GError **error)
{
  self->pool = pk_service_pool_new (self->data_dir, N_READERS, self->clock, self->ids, error);
  if (self->pool == NULL)
    return FALSE;
  self->events = pk_events_new (self->pool, self->connections);
  self->keeper = pk_snapshot_keeper_new (self->pool, SNAPSHOT_ROWS, SNAPSHOT_DELAY_S);
  pk_snapshot_keeper_look (self->keeper);
  self->upkeep_source = g_timeout_add_seconds (UPKEEP_S, upkeep_cb, self);
  self->reports_source = g_timeout_add_seconds (REPORTS_S, reports_cb, self);
  return TRUE;
}

/**
 * pk_http_begin_anew:
 *
 * The store holds another history: nobody is known any more, and who waited for news asks again.
 */
void
pk_http_begin_anew (PkHttp *self)
{
  pk_known_tokens_forget_all (self->tokens);
  pk_events_end_all (self->events);
  g_clear_pointer (&self->events, pk_events_free);
  self->events = pk_events_new (self->pool, self->connections);
  pk_snapshot_keeper_look (self->keeper);
}

/**
 * pk_http_close_store:
 *
 * Ends what lives on the store, waits for what is being done, checkpoints and closes it.
 */
void
pk_http_close_store (PkHttp *self)
{
  g_clear_handle_id (&self->upkeep_source, g_source_remove);
  g_clear_handle_id (&self->reports_source, g_source_remove);
  g_clear_pointer (&self->events, pk_events_free);
  g_clear_object (&self->keeper);
  if (self->pool != NULL)
    pk_service_pool_shutdown (self->pool);
  g_clear_object (&self->pool);
}

/**
 * pk_http_new:
 *
 * Returns: (transfer full) (nullable): a server that does not listen yet
 */
PkHttp *
pk_http_new (const PkHttpOptions *options, GError **error)
{
  g_autoptr (PkHttp) self = g_new0 (PkHttp, 1);
  guint n_routes;
  const PkRoute *routes = pk_http_get_routes (&n_routes);

  self->data_dir = g_strdup (options->data_dir);
  self->public_url = g_strdup (options->public_url);
  self->has_proxy = options->public_url != NULL;
  self->is_demo = options->is_demo;
  self->clock = pk_clock_new_system ();
  self->ids = pk_id_source_new (self->clock);
  guint sign_ins = options->sign_ins_per_minute;
  if (sign_ins == 0)
    sign_ins = SIGN_INS_PER_MINUTE;
  self->sign_ins = pk_rate_limit_new (self->clock, sign_ins, sign_ins);
  self->refreshes = pk_rate_limit_new (self->clock, REFRESHES_PER_MINUTE, REFRESHES_PER_MINUTE);
  self->work = options->work;
  self->reports = pk_device_reports_new ();
  self->metrics_token = g_strdup (options->metrics_token);
  self->started_us = pk_clock_now_us (self->clock);
  self->tokens = pk_known_tokens_new (self->clock);
  self->busy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (options->issuer != NULL)
    self->oidc =
        pk_oidc_new (options->issuer, options->client_id, options->client_secret, self->clock);
  self->server = soup_server_new ("server-header", "pakoblad", NULL);
  PkConnectionLimits limits = options->connections;
  /* Without a proxy there is one address: this machine. */
  if (!self->has_proxy && limits.max_per_address == 0)
    limits.max_per_address = G_MAXUINT;
  self->connections = pk_connections_new (self->server, &limits);
  self->admin_limits = options->admin;
  if (!pk_http_open_store (self, error))
    return NULL;
  pk_http_serve (self, self->server, routes, n_routes);
  return g_steal_pointer (&self);
}

/**
 * pk_http_free:
 */
void
pk_http_free (PkHttp *self)
{
  g_clear_pointer (&self->events, pk_events_free);
  g_clear_pointer (&self->connections, pk_connections_free);
  g_clear_pointer (&self->operators, pk_connections_free);
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  if (self->admin_server != NULL)
    soup_server_disconnect (self->admin_server);
  g_clear_object (&self->admin_server);
  g_clear_pointer (&self->refreshes, pk_rate_limit_free);
  pk_http_close_store (self);
  g_clear_pointer (&self->oidc, pk_oidc_free);
  g_clear_pointer (&self->busy, g_hash_table_unref);
  g_clear_pointer (&self->tokens, pk_known_tokens_free);
  g_clear_pointer (&self->sign_ins, pk_rate_limit_free);
  g_clear_pointer (&self->ids, pk_id_source_unref);
  g_clear_pointer (&self->clock, pk_clock_unref);
  g_clear_pointer (&self->openapi, g_bytes_unref);
  g_clear_pointer (&self->reports, pk_device_reports_free);
  g_free (self->metrics_token);
  g_free (self->url);
  g_free (self->public_url);
  g_free (self->data_dir);
  g_free (self);
}

/* Where several processes serve one store they listen at one address, and the system shares the connections out. Not by
 * g_socket_bind(), which takes that back for streams. */
static gboolean
bind_beside_others (GSocket *socket, GSocketAddress *address, GError **error)
{
  struct sockaddr_in native;

  if (!g_socket_set_option (socket, SOL_SOCKET, SO_REUSEADDR, 1, error) ||
      !g_socket_set_option (socket, SOL_SOCKET, SO_REUSEPORT, 1, error) ||
      !g_socket_address_to_native (address, &native, sizeof native, error))
    return FALSE;
  if (bind (g_socket_get_fd (socket), (struct sockaddr *) &native, sizeof native) == 0)
    return TRUE;
  int saved = errno;
  g_set_error (error,
               G_IO_ERROR,
               (int) g_io_error_from_errno (saved),
               "Listening: %s",
               g_strerror (saved));
  return FALSE;
}

static GSocket *
make_socket (guint16 port, gboolean is_shared, GError **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (socket == NULL || !(is_shared ? bind_beside_others (socket, address, error)
                                    : g_socket_bind (socket, address, TRUE, error)))
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
  g_autoptr (GSocket) socket = make_socket (port, pk_service_pool_is_shared (self->pool), error);

  if (socket == NULL || !soup_server_listen_socket (self->server, socket, 0, error))
    return FALSE;
  self->url = make_url (socket);
  if (self->public_url == NULL)
    self->public_url = g_strdup (self->url);
  return pk_admin_listen (self, error);
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
  pk_events_end_all (self->events);
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

/**
 * pk_http_get_pool:
 *
 * Returns: (transfer none): the threads of the store, for what is done before the server listens
 */
PkServicePool *
pk_http_get_pool (PkHttp *self)
{
  return self->pool;
}

/* The administrative socket: its routes, and what is short. Persons and devices are in pk-admin-persons.c. */
#include "config.h"

#include "pk-admin.h"

#include "pk-admin-private.h"
#include "pk-admin-sync.h"
#include "pk-exchange-private.h"
#include "pk-http-private.h"
#include "pk-problem.h"
#include "pk-service-operator.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define SOCKET_NAME "admin.sock"
/* One that is forgotten must not keep the others out for ever, nor all of them the server from its files. */
#define MAX_OPERATORS 16
#define MAX_JSON      (64 * 1024)
#define MAX_CSV       (32 * 1024 * 1024)
#define BACKLOG       16

/**
 * pk_admin_append_text:
 * @value: (nullable): nothing is added where it is NULL
 */
void
pk_admin_append_text (GString *out, const char *name, const char *value)
{
  if (value == NULL)
    return;
  pk_json_append_name (out, name);
  pk_json_append_text (out, value);
}

/**
 * pk_admin_append_number:
 */
void
pk_admin_append_number (GString *out, const char *name, gint64 number)
{
  pk_json_append_name (out, name);
  g_string_append_printf (out, "%" G_GINT64_FORMAT, number);
}

static gboolean
append_counts (GString *out, PkService *service, GError **error)
{
  pk_json_append_name (out, "entities");
  g_string_append_c (out, '{');
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      gint64 count;
      if (!pk_service_count (service, pk_model.entities[i].id, &count, error))
        return FALSE;
      pk_admin_append_number (out, pk_model.entities[i].name, count);
    }
  g_string_append_c (out, '}');
  return TRUE;
}

static gboolean
append_store (GString *out, PkService *service, GError **error)
{
  PkServiceFacts facts;

  if (!pk_service_get_facts (service, &facts, error))
    return FALSE;
  pk_json_append_name (out, "epoch");
  pk_json_append_id (out, &facts.epoch);
  pk_admin_append_number (out, "head_seq", facts.seq);
  pk_admin_append_text (out, "data_dir", pk_service_get_dir (service));
  pk_admin_append_number (out, "database_bytes", facts.database_bytes);
  pk_json_append_name (out, "blobs");
  g_string_append_c (out, '{');
  pk_admin_append_number (out, "count", facts.n_blobs);
  pk_admin_append_number (out, "bytes", facts.blob_bytes);
  g_string_append_c (out, '}');
  pk_admin_append_number (out, "devices", facts.n_devices);
  return append_counts (out, service, error);
}

static gboolean
get_status (PkExchange *exchange, GError **error)
{
  PkHttp *http = pk_exchange_get_http (exchange);
  g_autoptr (GString) out = g_string_new ("{");

  pk_admin_append_text (out, "version", PK_VERSION);
  pk_admin_append_number (out, "model_version", PK_MODEL_VERSION);
  pk_json_append_name (out, "started_at");
  pk_json_append_time (out, http->started_us);
  pk_admin_append_text (out, "url", http->url);
  if (!append_store (out, pk_exchange_get_service (exchange), error))
    return FALSE;
  g_string_append_c (out, '}');
  pk_exchange_reply_json (exchange, 200, g_steal_pointer (&out));
  return TRUE;
}

/**
 * pk_admin_read_object:
 *
 * Errors: %PK_PROBLEM_MALFORMED
 * Returns: (transfer full) (nullable): the request's body, an object
 */
JsonNode *
pk_admin_read_object (PkExchange *exchange, GError **error)
{
  g_autoptr (JsonNode) node = pk_exchange_read_json (exchange, error);

  if (node == NULL || JSON_NODE_HOLDS_OBJECT (node))
    return g_steal_pointer (&node);
  pk_problem_set (error, PK_PROBLEM_MALFORMED, "", "An object was expected");
  return NULL;
}

/**
 * pk_admin_get_text:
 *
 * Returns: (transfer none) (nullable): a member of an object, if it is a text
 */
const char *
pk_admin_get_text (JsonNode *object, const char *name)
{
  JsonNode *node = json_object_get_member (json_node_get_object (object), name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/**
 * pk_admin_read_path:
 *
 * Errors: %PK_PROBLEM_INVALID
 * Returns: (transfer none) (nullable): the member "path", which must be absolute
 */
const char *
pk_admin_read_path (JsonNode *body, GError **error)
{
  const char *path = pk_admin_get_text (body, "path");

  if (path != NULL && g_path_is_absolute (path))
    return path;
  pk_problem_set (error, PK_PROBLEM_INVALID, "/path", "An absolute path was expected");
  return NULL;
}

/* On a reading thread: a reader's view is one state, and writers go on meanwhile. */
static gboolean
post_backup (PkExchange *exchange, GError **error)
{
  g_autoptr (JsonNode) body = pk_admin_read_object (exchange, error);
  const char *path = body != NULL ? pk_admin_read_path (body, error) : NULL;
  PkStoreBackup facts;

  if (path == NULL || !pk_service_backup (pk_exchange_get_service (exchange), path, &facts, error))
    return FALSE;
  GString *out = g_string_new ("{");
  pk_admin_append_text (out, "path", path);
  pk_admin_append_number (out, "bytes", facts.bytes);
  pk_admin_append_number (out, "contents", facts.n_contents);
  pk_admin_append_text (out, "sha256", facts.sha256);
  pk_admin_append_number (out, "head_seq", facts.seq);
  g_string_append_c (out, '}');
  pk_exchange_reply_json (exchange, 200, out);
  return TRUE;
}

static void
begin_anew (PkExchange *exchange)
{
  if (exchange->answer.status == 200)
    pk_http_begin_anew (pk_exchange_get_http (exchange));
}

static gboolean
post_restore (PkExchange *exchange, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  g_autoptr (JsonNode) body = pk_admin_read_object (exchange, error);
  const char *path = body != NULL ? pk_admin_read_path (body, error) : NULL;
  PkServiceFacts facts;

  if (path == NULL || !pk_service_restore (service, path, error) ||
      !pk_service_get_facts (service, &facts, error))
    return FALSE;
  GString *out = g_string_new ("{");
  pk_admin_append_text (out, "path", path);
  pk_admin_append_number (out, "head_seq", facts.seq);
  pk_json_append_name (out, "epoch");
  pk_json_append_id (out, &facts.epoch);
  g_string_append_c (out, '}');
  pk_exchange_reply_json (exchange, 200, out);
  exchange->then = begin_anew;
  return TRUE;
}

static gboolean
check_work (gboolean is_there, GError **error)
{
  if (!is_there)
    pk_problem_set (error, PK_PROBLEM_NOT_FOUND, NULL, "This server was built without imports");
  return is_there;
}

static gboolean
post_buildings (PkExchange *exchange, GError **error)
{
  PkHttp *http = pk_exchange_get_http (exchange);
  const char *preview = pk_exchange_get_query (exchange, "preview");
  gsize size;
  const char *csv = g_bytes_get_data (pk_exchange_get_body (exchange), &size);

  if (!check_work (http->work.import_buildings != NULL, error))
    return FALSE;
  char *report = http->work.import_buildings (pk_exchange_get_service (exchange),
                                              csv,
                                              size,
                                              pk_exchange_get_query (exchange, "mapping"),
                                              g_strcmp0 (preview, "1") == 0,
                                              error);
  if (report == NULL)
    return FALSE;
  pk_exchange_reply_text (exchange, 200, "application/json", report);
  return TRUE;
}

static gboolean
post_demo_data (PkExchange *exchange, GError **error)
{
  PkHttp *http = pk_exchange_get_http (exchange);
  gsize size;
  const char *json = g_bytes_get_data (pk_exchange_get_body (exchange), &size);
  g_autofree char *options = g_strndup (size > 0 ? json : "{}", size > 0 ? size : 2);

  if (!check_work (http->work.load_demo != NULL, error) ||
      (size > 0 && !pk_json_check (json, size, error)))
    return FALSE;
  char *report = http->work.load_demo (pk_exchange_get_service (exchange), options, error);
  if (report == NULL)
    return FALSE;
  pk_exchange_reply_text (exchange, 200, "application/json", report);
  return TRUE;
}

#define OPERATOR PK_AUTH_OPERATOR

/* clang-format off */
static const PkRoute routes[] = {
  { "GET", "/admin/status", get_status, OPERATOR, PK_RUN_READER, PK_BODY_NONE, 0, NULL },
  { "GET", "/admin/users", pk_admin_get_users, OPERATOR, PK_RUN_READER, PK_BODY_NONE, 0, NULL },
  { "POST", "/admin/users", pk_admin_post_user, OPERATOR, PK_RUN_WRITER, PK_BODY_JSON, MAX_JSON, NULL },
  { "GET", "/admin/devices", pk_admin_get_devices, OPERATOR, PK_RUN_READER, PK_BODY_NONE, 0, NULL },
  { "POST", "/admin/devices/*/revoke", pk_admin_revoke_device, OPERATOR, PK_RUN_WRITER, PK_BODY_OPTIONAL_JSON, MAX_JSON, NULL },
  { "GET", "/admin/sync", pk_admin_get_sync, OPERATOR, PK_RUN_READER, PK_BODY_NONE, 0, NULL },
  { "GET", "/admin/quarantine", pk_admin_get_quarantine, OPERATOR, PK_RUN_READER, PK_BODY_NONE, 0, NULL },
  { "GET", "/admin/policy", pk_admin_get_policy, OPERATOR, PK_RUN_READER, PK_BODY_NONE, 0, NULL },
  { "POST", "/admin/policy", pk_admin_post_policy, OPERATOR, PK_RUN_WRITER, PK_BODY_JSON, MAX_JSON, NULL },
  { "POST", "/admin/backup", post_backup, OPERATOR, PK_RUN_READER, PK_BODY_JSON, MAX_JSON, NULL },
  { "POST", "/admin/restore", post_restore, OPERATOR, PK_RUN_WRITER, PK_BODY_JSON, MAX_JSON, NULL },
  { "POST", "/admin/import-buildings", post_buildings, OPERATOR, PK_RUN_WRITER, PK_BODY_CSV, MAX_CSV, NULL },
  { "POST", "/admin/demo-data", post_demo_data, OPERATOR, PK_RUN_WRITER, PK_BODY_OPTIONAL_JSON, MAX_JSON, NULL },
};
/* clang-format on */

/**
 * pk_admin_get_routes:
 * @n_out: (out): how many
 *
 * Returns: (transfer none) (array length=n_out): the table of the administrative socket
 */
const PkRoute *
pk_admin_get_routes (guint *n_out)
{
  *n_out = G_N_ELEMENTS (routes);
  return routes;
}

static GSocket *
make_socket (const char *path, GError **error)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);

  if (socket == NULL)
    return NULL;
  g_unlink (path);
  mode_t before = umask (0177);
  gboolean is_bound = g_socket_bind (socket, address, TRUE, error);
  umask (before);
  g_socket_set_listen_backlog (socket, BACKLOG);
  return is_bound && g_socket_listen (socket, error) ? g_steal_pointer (&socket) : NULL;
}

/* Of several processes in one folder, one answers operators. */
static gboolean
is_answered (const char *path)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);

  return socket != NULL && g_socket_connect (socket, address, NULL, NULL);
}

/**
 * pk_admin_listen:
 *
 * Opens DIR/admin.sock, for its owner alone.
 */
gboolean
pk_admin_listen (PkHttp *http, GError **error)
{
  g_autofree char *path = g_build_filename (http->data_dir, SOCKET_NAME, NULL);

  if (pk_service_pool_is_shared (http->pool) && is_answered (path))
    return TRUE;
  g_autoptr (GSocket) socket = make_socket (path, error);

  if (socket == NULL)
    {
      g_prefix_error (error, "Opening %s: ", path);
      return FALSE;
    }
  PkConnectionLimits limits = http->admin_limits;
  if (limits.max_connections == 0)
    limits.max_connections = MAX_OPERATORS;
  http->admin_server = soup_server_new ("server-header", "pakoblad", NULL);
  http->operators = pk_connections_new (http->admin_server, &limits);
  pk_http_serve (http, http->admin_server, routes, G_N_ELEMENTS (routes));
  return soup_server_listen_socket (http->admin_server, socket, 0, error);
}

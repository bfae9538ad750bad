/* Every route of the server, in one table: the first pattern that fits a path wins. */
#include "config.h"

#include "pk-api-records.h"
#include "pk-api-sync.h"
#include "pk-door.h"
#include "pk-events.h"
#include "pk-http-private.h"
#include "pk-metrics.h"
#include "pk-oauth.h"
#include "pk-oidc.h"
#include "pk-openapi.h"
#include "pk-uploads.h"

#include <string.h>

#define KIB 1024
#define MIB (1024 * 1024)

static gboolean
get_health (PkExchange *exchange, GError **error G_GNUC_UNUSED)
{
  pk_exchange_reply_text (exchange, 200, "text/plain; charset=utf-8", g_strdup ("ok\n"));
  return TRUE;
}

static gboolean
get_openapi (PkExchange *exchange, GError **error G_GNUC_UNUSED)
{
  pk_exchange_set_header (exchange, "Cache-Control", "max-age=300");
  PkHttp *http = pk_exchange_get_http (exchange);
  if (http->openapi == NULL)
    {
      char *json = pk_openapi_to_json ();
      http->openapi = g_bytes_new_take (json, strlen (json));
    }
  pk_exchange_reply (exchange, 200, "application/json", g_bytes_ref (http->openapi));
  return TRUE;
}

/* clang-format off */
static const PkRoute routes[] = {
  { "GET", "/healthz", get_health, PK_AUTH_NONE, PK_RUN_HERE, PK_BODY_NONE, 0, NULL },
  { "GET", "/metrics", pk_metrics_get, PK_AUTH_NONE, PK_RUN_READER, PK_BODY_NONE, 0, NULL },

  { "GET", "/.well-known/oauth-authorization-server", pk_oauth_get_metadata, PK_AUTH_NONE, PK_RUN_HERE, PK_BODY_NONE, 0, NULL },
  { "GET", "/oauth/authorize", pk_oauth_get_authorize, PK_AUTH_SIGN_IN, PK_RUN_ASYNC, PK_BODY_NONE, 0, NULL },
  { "GET", "/oauth/callback", pk_oidc_get_callback, PK_AUTH_SIGN_IN, PK_RUN_ASYNC, PK_BODY_NONE, 0, NULL },
  { "POST", "/oauth/token", pk_oauth_post_token, PK_AUTH_TOKEN, PK_RUN_WRITER, PK_BODY_FORM, 16 * KIB, NULL },
  { "POST", "/oauth/revoke", pk_oauth_post_revoke, PK_AUTH_TOKEN, PK_RUN_WRITER, PK_BODY_FORM, 16 * KIB, NULL },

  { "GET", "/demo/style.css", pk_door_get_style, PK_AUTH_NONE, PK_RUN_HERE, PK_BODY_NONE, 0, NULL },
  { "GET", "/demo/persons", pk_door_get_persons, PK_AUTH_SIGN_IN, PK_RUN_READER, PK_BODY_NONE, 0, NULL },
  { "POST", "/demo/sign-in", pk_door_post_sign_in, PK_AUTH_SIGN_IN, PK_RUN_WRITER, PK_BODY_JSON, 16 * KIB, NULL },

  { "GET", "/api/openapi.json", get_openapi, PK_AUTH_NONE, PK_RUN_HERE, PK_BODY_NONE, 0, NULL },
  { "POST", "/api/sync/push", pk_api_sync_push, PK_AUTH_REVOKED, PK_RUN_WRITER, PK_BODY_NDJSON, 8 * MIB, NULL },
  { "POST", "/api/sync/pull", pk_api_sync_pull, PK_AUTH_PERSON, PK_RUN_READER, PK_BODY_JSON, 1 * MIB, NULL },
  { "GET", "/api/sync/quarantine", pk_api_sync_get_quarantine, PK_AUTH_PERSON, PK_RUN_READER, PK_BODY_NONE, 0, NULL },
  { "GET", "/api/sync/events", pk_events_get, PK_AUTH_PERSON, PK_RUN_ASYNC, PK_BODY_NONE, 0, NULL },
  { "GET", "/api/sync/snapshots/*", pk_api_sync_get_snapshot, PK_AUTH_PERSON, PK_RUN_READER, PK_BODY_NONE, 0, NULL },

  { "OPTIONS", "/api/uploads", pk_uploads_options, PK_AUTH_NONE, PK_RUN_HERE, PK_BODY_NONE, 0, NULL },
  { "POST", "/api/uploads", pk_uploads_create, PK_AUTH_PERSON, PK_RUN_WRITER, PK_BODY_NONE, 0, NULL },
  { "HEAD", "/api/uploads/*", pk_uploads_head, PK_AUTH_PERSON, PK_RUN_READER, PK_BODY_NONE, 0, NULL },
  { "PATCH", "/api/uploads/*", pk_uploads_patch, PK_AUTH_PERSON, PK_RUN_READER, PK_BODY_STREAM, PK_UPLOAD_MAX_BYTES, pk_uploads_open },
  { "DELETE", "/api/uploads/*", pk_uploads_delete, PK_AUTH_PERSON, PK_RUN_WRITER, PK_BODY_NONE, 0, NULL },
  { "GET", "/api/content/*", pk_content_get, PK_AUTH_PERSON, PK_RUN_READER, PK_BODY_NONE, 0, NULL },

  { "GET", "/api/*", pk_api_list, PK_AUTH_PERSON, PK_RUN_READER, PK_BODY_NONE, 0, NULL },
  { "POST", "/api/*", pk_api_create, PK_AUTH_PERSON, PK_RUN_WRITER, PK_BODY_JSON, 1 * MIB, NULL },
  { "GET", "/api/*/*", pk_api_get, PK_AUTH_PERSON, PK_RUN_READER, PK_BODY_NONE, 0, NULL },
  { "PATCH", "/api/*/*", pk_api_patch, PK_AUTH_PERSON, PK_RUN_WRITER, PK_BODY_PATCH, 1 * MIB, NULL },
  { "DELETE", "/api/*/*", pk_api_delete, PK_AUTH_PERSON, PK_RUN_WRITER, PK_BODY_NONE, 0, NULL },
  { "POST", "/api/*/*/*", pk_api_command, PK_AUTH_PERSON, PK_RUN_WRITER, PK_BODY_OPTIONAL_JSON, 1 * MIB, NULL },
};
/* clang-format on */

/**
 * pk_http_get_routes:
 * @n_out: (out): how many
 *
 * Returns: (transfer none) (array length=n_out): the table of the public server
 */
const PkRoute *
pk_http_get_routes (guint *n_out)
{
  *n_out = G_N_ELEMENTS (routes);
  return routes;
}

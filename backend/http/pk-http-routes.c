/* Every route of the server, in one table: the first pattern that fits a path wins. */
#include "config.h"

#include "pk-http-private.h"

static gboolean
get_health (PkExchange *exchange, GError **error G_GNUC_UNUSED)
{
  pk_exchange_reply_text (exchange, 200, "text/plain", g_strdup ("ok\n"));
  return TRUE;
}

static const PkRoute routes[] = {
  { "GET", "/healthz", get_health, PK_AUTH_NONE, PK_RUN_HERE, PK_BODY_NONE, 0, NULL },
};

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

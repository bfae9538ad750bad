#pragma once

#include "pk-exchange.h"
#include "pk-http.h"
#include "pk-rate-limit.h"

G_BEGIN_DECLS

struct _PkHttp
{
  char *data_dir;   /* (owned) */
  char *public_url; /* (owned): without a slash at its end; NULL until it listens */
  char *url;        /* (owned) (nullable): the address that is listened on */
  gboolean is_demo;
  gboolean is_draining;
  guint n_active;        /* requests being answered, idle event streams left out */
  SoupServer *server;    /* (owned) (nullable) */
  PkClock *clock;        /* (owned) */
  PkIdSource *ids;       /* (owned) */
  PkRateLimit *sign_ins; /* (owned): by address */
};

typedef struct
{
  PkHttp *http;
  const PkRoute *routes; /* static */
  guint n_routes;
} PkRouteTable;

void pk_http_serve (PkHttp *self, SoupServer *server, const PkRoute *routes, guint n_routes);
void pk_http_run (PkExchange *exchange);
gboolean pk_http_authenticate (PkExchange *exchange, GError **error);
const PkRoute *pk_http_get_routes (guint *n_out);

G_END_DECLS

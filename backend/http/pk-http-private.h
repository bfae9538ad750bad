#pragma once

#include "pk-connections.h"
#include "pk-device-reports.h"
#include "pk-events.h"
#include "pk-exchange.h"
#include "pk-http.h"
#include "pk-known-tokens.h"
#include "pk-oidc.h"
#include "pk-rate-limit.h"
#include "pk-service-pool.h"
#include "pk-snapshot-keeper.h"

G_BEGIN_DECLS

struct _PkHttp
{
  char *data_dir;   /* (owned) */
  char *public_url; /* (owned): without a slash at its end; NULL until it listens */
  char *url;        /* (owned) (nullable): the address that is listened on */
  gboolean is_demo;
  gboolean has_proxy; /* a public address was given: something stands before this server */
  gboolean is_draining;
  guint n_active;  /* requests being answered, idle event streams left out */
  GBytes *openapi; /* (owned) (nullable): made when it is asked for */
  gint64 started_us;
  PkHttpWork work;
  SoupServer *admin_server;   /* (owned) (nullable) */
  SoupServer *server;         /* (owned) (nullable) */
  PkConnections *connections; /* (owned) (nullable): of @server */
  PkConnections *operators;   /* (owned) (nullable): of @admin_server */
  PkConnectionLimits admin_limits;
  PkClock *clock;           /* (owned) */
  PkIdSource *ids;          /* (owned) */
  PkRateLimit *sign_ins;    /* (owned): by address */
  PkRateLimit *refreshes;   /* (owned): by address */
  PkServicePool *pool;      /* (owned) */
  PkSnapshotKeeper *keeper; /* (owned) */
  guint upkeep_source;
  guint reports_source;
  PkDeviceReports *reports; /* (owned) */
  char *metrics_token;      /* (owned) (nullable) */
  PkKnownTokens *tokens;    /* (owned) */
  PkEvents *events;         /* (owned) */
  PkOidc *oidc;             /* (owned) (nullable) */
  GHashTable *busy; /* (owned): name of what a streamed body is written to → PkExchange that does */
};

typedef struct
{
  PkHttp *http;
  const PkRoute *routes; /* static */
  guint n_routes;
} PkRouteTable;

void pk_http_begin_anew (PkHttp *self);
gboolean pk_http_open_store (PkHttp *self, GError **error);
void pk_http_close_store (PkHttp *self);
void pk_http_serve (PkHttp *self, SoupServer *server, const PkRoute *routes, guint n_routes);
void pk_http_run (PkExchange *exchange);
void pk_http_continue (PkExchange *exchange, PkRun run, PkHandler handler);
void pk_http_prepare (PkExchange *exchange);
void pk_http_await (PkExchange *exchange);
gboolean pk_http_asks_for_person (const PkRoute *route);
gboolean pk_http_recognize (PkExchange *exchange, gboolean *is_known_out, GError **error);
gboolean pk_http_look_up_token (PkExchange *exchange, GError **error);
void pk_http_remember_token (PkExchange *exchange);
int pk_http_take_connection (PkExchange *exchange, PkSeat **seat_out);
void pk_http_refuse (PkExchange *exchange, const GError *error);
const PkRoute *pk_http_get_routes (guint *n_out);

G_END_DECLS

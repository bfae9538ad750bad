#pragma once

#include "pk-service-pool.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the administrative socket offers beyond this room; any may be NULL. On the writing thread; what they return is JSON. */
typedef struct
{
  char *(*import_buildings) (PkService *service,
                             const char *csv,
                             gsize size,
                             const char *mapping,
                             gboolean is_preview,
                             GError **error);
  char *(*load_demo) (PkService *service, const char *options, GError **error);
} PkHttpWork;

/* How long a client may take, and how many there may be; 0: the default. */
typedef struct
{
  guint headers_ms; /* from the connection, or a request's first byte, to the end of its headers */
  guint body_ms;    /* from there to the end of the body */
  guint idle_ms;    /* between two requests */
  guint answer_ms;  /* without taking a byte of the answer */
  guint max_connections; /* at once; more are closed unheard */
  guint max_per_address; /* requests under way at once, event streams too; more are refused */
} PkConnectionLimits;

typedef struct
{
  const char *data_dir;
  const char *
      public_url; /* (nullable): what people's browsers call this server; NULL: the address that is listened on */
  gboolean is_demo;      /* persons are picked from a list instead of signing in: loopback only */
  const char *issuer;    /* (nullable): the OpenID provider */
  const char *client_id; /* (nullable) */
  const char *client_secret; /* (nullable) */
  PkHttpWork work;
  PkConnectionLimits connections;
  PkConnectionLimits admin;  /* of the administrative socket */
  guint sign_ins_per_minute; /* by one address; 0: the default */
  const char *metrics_token; /* (nullable): opens /metrics to whoever is not on this machine */
} PkHttpOptions;

/* The server's face: everything that speaks HTTP. Lives on the main thread. */
typedef struct _PkHttp PkHttp;

PkHttp *pk_http_new (const PkHttpOptions *options, GError **error);
void pk_http_free (PkHttp *self);
gboolean pk_http_listen (PkHttp *self, guint16 port, GError **error);
const char *pk_http_get_url (PkHttp *self);
PkServicePool *pk_http_get_pool (PkHttp *self);
void pk_http_begin_drain (PkHttp *self);
gboolean pk_http_is_drained (PkHttp *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkHttp, pk_http_free)

G_END_DECLS

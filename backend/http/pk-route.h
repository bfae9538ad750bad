#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PkExchange PkExchange;

/*
 * Answers a request: fills the exchange's answer and returns TRUE, or returns FALSE with a problem. A handler of
 * PK_RUN_ASYNC that returns TRUE calls pk_exchange_finish() itself, later, on the main thread.
 */
typedef gboolean (*PkHandler) (PkExchange *exchange, GError **error);

typedef enum
{
  PK_AUTH_NONE,     /* open to anyone */
  PK_AUTH_PERSON,   /* a valid access token */
  PK_AUTH_REVOKED,  /* the same, and also that of a revoked device */
  PK_AUTH_OPERATOR, /* whoever can open the administrative socket */
  PK_AUTH_SIGN_IN,  /* open, but each address may only try so often */
  PK_AUTH_TOKEN     /* what is presented is in the body; each address may only try so often */
} PkAuth;

typedef enum
{
  PK_RUN_HERE,   /* on the main thread: touches memory only */
  PK_RUN_READER, /* on a reading thread of the store's pool */
  PK_RUN_WRITER, /* on the store's writing thread */
  PK_RUN_ASYNC   /* on the main thread, finishes later */
} PkRun;

typedef enum
{
  PK_BODY_NONE,
  PK_BODY_JSON,
  PK_BODY_NDJSON,
  PK_BODY_FORM,
  PK_BODY_CSV,
  PK_BODY_PATCH, /* JSON merge patch (RFC 7396) or JSON */
  PK_BODY_OPTIONAL_JSON,
  PK_BODY_STREAM, /* not kept: the sink gets it as it comes */
  PK_N_BODIES
} PkBody;

/* One row of the table from which dispatch, 404, 405, 413 and 415 follow. In a pattern "*" stands for one segment. */
typedef struct
{
  const char *method;
  const char *pattern;
  PkHandler handler;
  PkAuth auth;
  PkRun run;
  PkBody body;
  gsize max_body; /* bytes */
  PkHandler open; /* (nullable): of PK_BODY_STREAM: called before the body comes */
} PkRoute;

#define PK_ROUTE_MAX_PARAMETERS 3

const PkRoute *pk_route_find (const PkRoute *routes,
                              guint n_routes,
                              const char *method,
                              const char *path,
                              char **parameters_out,
                              GError **error);
char *pk_route_list_methods (const PkRoute *routes, guint n_routes, const char *path);
gboolean pk_route_accepts_type (const PkRoute *route, const char *media_type);

G_END_DECLS

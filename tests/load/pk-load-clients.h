#pragma once

#include "pk-bench-town.h"
#include "pk-load-net.h"
#include "pk-mutation.h"

G_BEGIN_DECLS

/* One person's device: a stream of events, a connection for the rest, and an outbox. */
typedef struct
{
  struct _PkLoad *load; /* not owned */
  PkId person;
  PkId device;
  PkId unit;
  char *token;              /* (owned) */
  GString *pull;            /* (owned): the body of its request */
  PkLoadConnection *events; /* (owned) (nullable) */
  PkLoadConnection *rest;   /* (owned) (nullable) */
  gboolean hears;           /* the stream has begun */
  gboolean has_pulled;
  gint64 began_us; /* of the request that is under way */
  gint64 due_us;   /* when it is sent again; 0: not at all */

  GArray *acknowledged; /* (owned): PkId of mutations, in their order */
  PkId record;          /* the task that it has made last */
  gint64 n;
  PkId prev;
  PkId sent;
  GString *line;        /* (owned): the push that is under way, or was the last */
  GString *verdict;     /* (owned): of the last push */
  gboolean is_busy;     /* a push is under way */
  gboolean is_repeated; /* it has been answered before */
} PkLoadClient;

GPtrArray *pk_load_clients_new (PkBenchTown *town, guint n, GError **error);
GPtrArray *pk_load_clients_new_leader (PkBenchTown *town, GError **error);
void pk_load_client_write_push (PkLoadClient *self, PkIdSource *ids);
gboolean pk_load_clients_check (PkBenchTown *town, GPtrArray *clients, GError **error);

G_END_DECLS

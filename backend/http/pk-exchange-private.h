#pragma once

#include "pk-exchange.h"
#include "pk-service.h"

G_BEGIN_DECLS

typedef struct
{
  guint status;     /* 0: none yet */
  const char *type; /* (nullable): static */
  GBytes *body;     /* (owned) (nullable) */
  int fd;           /* (owned): -1 where the body is no file */
  gint64 offset;
  gint64 size;
  GPtrArray *headers; /* (owned): name, value, name, value … */
} PkAnswer;

struct _PkExchange
{
  gatomicrefcount references;
  PkHttp *http;               /* outlives every exchange */
  SoupServerMessage *message; /* (owned) */
  PkHandler handler;          /* (nullable): the one that runs, where it is not the route's */
  const PkRoute *route;       /* (nullable): NULL where none was found */
  char *parameters[PK_ROUTE_MAX_PARAMETERS]; /* (owned) */
  GHashTable *queries;                       /* (owned): text → text */
  GHashTable *form;                          /* (owned) (nullable) */
  int sink; /* (owned): file that a streamed body is written to; -1: none */
  gint64 sink_offset;
  gint64 sink_end;     /* no byte beyond it */
  GChecksum *checksum; /* (owned) (nullable): of what a streamed body has brought */
  gboolean is_verified;
  gboolean is_holder; /* nobody else may write meanwhile to what the first parameter names */
  PkExchange *heir;   /* (owned) (nullable): who waits to write there next */
  PkHandler
      next; /* (nullable): goes on on the writing thread; set by a handler that has not answered */
  GByteArray *gathered; /* (owned) (nullable) */
  GBytes *body;         /* (owned) (nullable) */
  gsize received;
  PkId person;
  PkId device;
  PkId family;             /* of the token */
  char *token_hash;        /* (owned) (nullable) */
  gint64 token_expires_us; /* set where the store was asked */
  PkService *service;      /* (nullable): set while the handler runs on a thread of the pool */
  GError *refusal;         /* (owned) (nullable): what the pool's thread found */
  gint64 began_us;         /* monotonic */
  gboolean is_paused;
  gboolean is_gone; /* the client hung up, or all is sent */
  void (*then) (
      PkExchange *
          self); /* (nullable): once, on the main thread, after the handler on the pool; it goes on by itself where nothing is answered */
  gpointer state; /* (owned) (nullable) */
  GDestroyNotify free_state;
  PkAnswer answer;
};

void pk_exchange_claim (PkExchange *self);
void pk_exchange_send (PkExchange *self);

G_END_DECLS

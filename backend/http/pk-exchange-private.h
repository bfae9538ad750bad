#pragma once

#include "pk-exchange.h"

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
  PkHttp *http;                              /* outlives every exchange */
  SoupServerMessage *message;                /* (owned) */
  const PkRoute *route;                      /* (nullable): NULL where none was found */
  char *parameters[PK_ROUTE_MAX_PARAMETERS]; /* (owned) */
  GHashTable *queries;                       /* (owned): text → text */
  GHashTable *form;                          /* (owned) (nullable) */
  GByteArray *gathered;                      /* (owned) (nullable) */
  GBytes *body;                              /* (owned) (nullable) */
  gsize received;
  PkId person;
  PkId device;
  gint64 began_us; /* monotonic */
  gboolean is_paused;
  gboolean is_gone; /* the client hung up, or all is sent */
  gpointer state;   /* (owned) (nullable) */
  GDestroyNotify free_state;
  PkAnswer answer;
};

void pk_exchange_send (PkExchange *self);

G_END_DECLS

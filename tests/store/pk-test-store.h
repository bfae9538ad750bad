#pragma once

#include "pk-record.h"
#include "pk-store.h"

G_BEGIN_DECLS

/* A store in a folder of its own, removed at the end. */
typedef struct
{
  char *dir;       /* (owned) */
  PkClock *clock;  /* (owned): moved by hand */
  PkIdSource *ids; /* (owned): seeded */
  PkStore *store;  /* (owned): the writer */
} PkTestStore;

typedef void (*PkTestStoreFunc) (PkTestStore *self, gconstpointer data);

void pk_test_store_set_up (PkTestStore *self);
void pk_test_store_tear_down (PkTestStore *self);
void pk_test_store_add (const char *name, PkTestStoreFunc func);
void pk_test_store_reopen (PkTestStore *self);
PkRecord *pk_test_task (PkTestStore *self, const char *title);

G_END_DECLS

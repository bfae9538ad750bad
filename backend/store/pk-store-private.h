#pragma once

#include "pk-store.h"
#include "pk-table.h"

G_BEGIN_DECLS

typedef struct _PkScopeCounters PkScopeCounters;

struct _PkStore
{
  PkSql *sql;       /* (owned) */
  PkTables *tables; /* (owned) */
  char *dir;        /* (owned) */
  PkStoreMode mode;
  PkIdSource *ids;           /* (owned) */
  gint64 seq;                /* writer, in a transaction: the last number given */
  gint64 saved_seq;          /* writer, in a transaction: what the file says */
  GArray *seq_marks;         /* (owned): seq at each open savepoint */
  PkScopeCounters *counters; /* (owned): counts and fingerprints that are not written yet */
  GHashTable *update_texts;  /* (owned): entity and changed fields → SQL text */
  GHashTable *other_texts;   /* (owned): SQL texts of the model, by a key of the caller */
  GHashTable *scope_numbers; /* (owned): name → number, of scopes that were met */
  gboolean has_new_scopes;   /* some of these are of the open transaction */
};

gboolean pk_store_set_up_schema (PkStore *self, GError **error);

PkScopeCounters *pk_scope_counters_new (void);
void pk_scope_counters_free (PkScopeCounters *self);
void pk_scope_counters_forget (PkScopeCounters *self);
void pk_scope_counters_mark (PkScopeCounters *self);
void pk_scope_counters_release (PkScopeCounters *self);
void pk_scope_counters_rewind (PkScopeCounters *self);
gboolean pk_scope_counters_write (PkScopeCounters *self, PkSql *sql, GError **error);

/* A statement of which nothing is known but that it may fail: the common end of short functions. */
gboolean pk_store_run (PkStatement *statement, GError **error);
gboolean pk_store_step (PkStatement *statement, gboolean *has_row_out, GError **error);

G_END_DECLS

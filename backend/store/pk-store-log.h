#pragma once

#include "pk-hash.h"
#include "pk-model-tables.h"
#include "pk-record.h"
#include "pk-store.h"

G_BEGIN_DECLS

typedef enum
{
  PK_LOG_IN = 0,
  PK_LOG_OUT = 1,    /* left the scope; it may live on in others */
  PK_LOG_DELETED = 2 /* is no more */
} PkLogState;

/* A scope, by the number that the log knows it by. */
typedef struct
{
  gint64 number;
  char *name; /* (owned) */
  gint64 count;
  PkFingerprint fingerprint; /* of the records in it, each with its seq */
  gint64 last_seq;           /* of the newest line */
  gint64 horizon; /* lines of what left were pruned up to here: an older cursor begins anew */
} PkStoreScope;

/* One line of the log: there is one per (scope, record). For what is in, seq is the record's own. */
typedef struct
{
  const PkEntity *entity;
  PkId id;
  gint64 seq;
  PkLogState state;
} PkLogLine;

typedef gboolean (*PkLogVisitor) (const PkLogLine *line, gpointer data);

PkStoreScope *pk_store_find_scope (PkStore *self, const char *name, GError **error);
PkStoreScope *pk_store_get_scope (PkStore *self, gint64 number, GError **error);
void pk_store_scope_free (PkStoreScope *self);
gboolean
pk_store_intern_scope (PkStore *self, const char *name, gint64 *number_out, GError **error);
GPtrArray *pk_store_list_scopes (PkStore *self, GError **error);

gboolean pk_store_place (PkStore *self,
                         const PkEntity *entity,
                         const PkId *id,
                         gint64 seq,
                         GArray *scopes,
                         gboolean *has_moved_out,
                         GError **error);
gboolean pk_store_add_later (PkStore *self, PkRecord *row, GArray *scopes, GError **error);
GArray *pk_store_get_places (PkStore *self, const PkEntity *entity, const PkId *id, GError **error);
gboolean pk_store_get_last_place (PkStore *self,
                                  const PkEntity *entity,
                                  const PkId *id,
                                  gint64 *seq_out,
                                  GError **error);
gboolean pk_store_visit_log (PkStore *self,
                             gint64 scope,
                             gint64 after_seq,
                             gint64 up_to_seq,
                             PkLogVisitor visitor,
                             gpointer data,
                             GError **error);
gboolean pk_store_prune_log (PkStore *self, gint64 up_to_seq, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkStoreScope, pk_store_scope_free)

G_END_DECLS

#pragma once

#include "pk-service-private.h"
#include "pk-service-write.h"

G_BEGIN_DECLS

struct _PkWrite
{
  PkService *service; /* not owned */
  PkStore *store;     /* not owned */
  gboolean has_actor;
  PkId actor;
  PkWriteFlags flags;
  gint64 now_us;
  gint64 first_seq;  /* the last number before this write */
  gboolean is_over;  /* committed, or undone by a commit that failed */
  GHashTable *stale; /* (owned): set of PkId: persons whose grants must be worked out anew */
  gboolean is_all_stale;
  GHashTable *
      readers; /* (owned): set of PkId: persons and units about whom others may read more or less */
};

/* Moving: what a change of one record means for the scopes of others. */
gboolean pk_write_move (PkWrite *self, const PkEntity *entity, const PkId *id, GError **error);
gboolean pk_write_move_others (PkWrite *self,
                               PkRecord *record,
                               const PkRecord *before,
                               gboolean has_moved,
                               GError **error);
gboolean pk_write_release_others (PkWrite *self, PkRecord *record, GError **error);

/* Telling: rows of the history. */
gboolean pk_write_tell_change (PkWrite *self,
                               const PkRecord *record,
                               const PkRecord *before,
                               const PkWriteNote *notes,
                               guint n_notes,
                               GError **error);
gboolean pk_write_tell_delete (PkWrite *self,
                               const PkRecord *record,
                               const PkWriteNote *note,
                               GError **error);

/* Grants: whose must be worked out anew. */
gboolean
pk_write_mark_stale (PkWrite *self, const PkRecord *record, const PkRecord *before, GError **error);
gboolean pk_write_refresh_stale (PkWrite *self, GError **error);

/* Guarded fields: who may read them has changed. */
void pk_write_mark_readers (PkWrite *self, const PkRecord *record, const PkRecord *before);
gboolean pk_write_refresh_readers (PkWrite *self, GError **error);

G_END_DECLS

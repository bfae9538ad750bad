#pragma once

#include "pk-record.h"
#include "pk-service.h"

G_BEGIN_DECLS

/*
 * The one way in: a transaction in which records change. Each change gets its number, its scopes, its lines in the log and in
 * the history; records that follow it move with it; grants are worked out anew where they depend on it. Nothing is asked
 * about rights here (see pk-service-access.h). Freed without a commit, nothing has happened.
 */
typedef struct _PkWrite PkWrite;

typedef enum
{
  PK_WRITE_DEFAULT = 0,
  PK_WRITE_NO_HISTORY = 1 << 0,
  PK_WRITE_BULK = 1 << 1 /* thousands of records: grants are worked out once, at the end */
} PkWriteFlags;

/* What the history is told beside the values. */
typedef struct
{
  int kind;                /* a PkHistoryKind */
  const PkId *mutation;    /* (nullable) */
  guint field;             /* of the value that gave way */
  const PkId *other;       /* (nullable): whose value gave way */
  const PkValue *gave_way; /* (nullable): the value that gave way */
} PkWriteNote;

PkWrite *pk_write_begin (PkService *service, const PkId *actor, PkWriteFlags flags, GError **error);
void pk_write_free (PkWrite *self);
gint64 pk_write_get_now_us (PkWrite *self);
void pk_write_set_now_us (PkWrite *self, gint64 now_us);
void pk_write_set_actor (PkWrite *self, const PkId *actor);

gboolean pk_write_put (PkWrite *self,
                       PkRecord *record,
                       const PkRecord *before,
                       const PkWriteNote *notes,
                       guint n_notes,
                       GError **error);
gboolean pk_write_delete (PkWrite *self, PkRecord *record, const PkWriteNote *note, GError **error);
gboolean pk_write_savepoint (PkWrite *self, GError **error);
gboolean pk_write_release (PkWrite *self, GError **error);
void pk_write_rollback_to_savepoint (PkWrite *self);
gboolean pk_write_commit (PkWrite *self, gint64 *seq_out, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkWrite, pk_write_free)

G_END_DECLS

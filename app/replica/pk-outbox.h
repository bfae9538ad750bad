#pragma once

#include "pk-mutation.h"
#include "pk-reader.h"

G_BEGIN_DECLS

typedef enum
{
  PK_OUTBOX_PENDING, /* not sent yet, or to be sent again */
  PK_OUTBOX_SENT,    /* sent, no answer yet */
  PK_OUTBOX_LATER,   /* the server could not judge it yet */
  PK_OUTBOX_APPLIED,
  PK_OUTBOX_MERGED,     /* applied, and another change came between */
  PK_OUTBOX_REJECTED,   /* needs attention */
  PK_OUTBOX_REPLACED,   /* was rejected, corrected and sent again as another */
  PK_OUTBOX_DISCARDED,  /* was rejected, and the person let it go */
  PK_OUTBOX_QUARANTINED /* the server keeps it; here only what it was about is left */
} PkOutboxState;

/* One mutation of this person on this device, and what became of it. Plain data. */
typedef struct
{
  gint64 place; /* order of making on this device; never changes */
  PkOutboxState state;
  PkId id;
  gint64 n; /* as the server counts */
  const PkEntity *entity;
  PkId record;
  gint64 at_us;
  char *line;           /* (owned): the JSON that is pushed */
  PkMutation *mutation; /* (owned) (nullable): NULL where the line was not or cannot be read */
  PkVerdict *verdict;   /* (owned) (nullable) */
  gint64 judged_us;     /* 0: not yet */
  gint64 replaces;      /* place of the rejected one that this corrects; 0: none */
  gboolean is_seen;     /* merged: the person has looked at it */
} PkOutboxEntry;

typedef enum
{
  PK_OUTBOX_WAITING,   /* pending, sent, later: oldest first */
  PK_OUTBOX_ATTENTION, /* rejected */
  PK_OUTBOX_COMBINED,  /* merged, or taken over by the server; newest first */
  PK_OUTBOX_OF_RECORD  /* all of one record, newest first */
} PkOutboxList;

void pk_outbox_entry_free (PkOutboxEntry *self);
PkMutation *pk_outbox_entry_dup_mutation (const PkOutboxEntry *self);

/* On the main thread: at most @limit entries. @record is for PK_OUTBOX_OF_RECORD alone. */
GPtrArray *pk_reader_list_outbox (PkReader *self,
                                  PkOutboxList list,
                                  const PkId *record,
                                  guint limit,
                                  GError **error);
PkOutboxEntry *pk_reader_find_outbox (PkReader *self, gint64 place, GError **error);

/* What the sync pill and its dialog say. */
typedef struct
{
  gint64 n_waiting;
  gint64 n_later; /* of these the server could not judge */
  gint64 n_attention;
  gint64 n_merged_unseen;
  gint64 last_contact_us; /* 0: never */
  gint64 n_uploads;
  gint64 upload_bytes;
  gint64 seq; /* of the server's state that is held; 0: none yet */
  gboolean needs_bootstrap;
  gboolean is_search_ready;
  gint64
      lease_until_us; /* reading is locked from then on until the person has signed in again; 0: never */
} PkReplicaSummary;

gboolean pk_replica_summary_is_locked (const PkReplicaSummary *self, gint64 now_us);

typedef enum
{
  PK_BLOB_NONE,     /* not on this device */
  PK_BLOB_ARRIVING, /* some of it */
  PK_BLOB_HERE,
  PK_BLOB_HERE_NOT_UPLOADED /* only here */
} PkBlobState;

PkBlobState pk_reader_get_blob (PkReader *self, const char *sha256, char **path_out);
gboolean pk_reader_is_pinned (PkReader *self, const PkEntity *entity, const PkId *id);
gboolean pk_reader_read_summary (PkReader *self, PkReplicaSummary *out, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkOutboxEntry, pk_outbox_entry_free)

G_END_DECLS

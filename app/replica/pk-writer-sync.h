#pragma once

#include "pk-feed.h"
#include "pk-writer.h"

G_BEGIN_DECLS

/* What synchronisation asks of the writer. Same thread and rules as pk-writer.h. */

/* Who this device is. The id is made by the server at sign-in, or handed out anew after a fork. */
gboolean pk_writer_get_device (PkWriter *self, PkId *device_out);
gboolean pk_writer_get_epoch (PkWriter *self, PkId *epoch_out, GError **error);
gboolean pk_writer_set_device (PkWriter *self, const PkId *device, GError **error);
gboolean pk_writer_note_contact (PkWriter *self, GError **error);
gboolean pk_writer_renew_lease (PkWriter *self, GError **error);

/*
 * Push: an array of PkOutboxEntry, marked as sent. @from_n 0: from the first that was never judged; else from that number on, judged
 * or not (the server asked for it). From %PK_PUSH_EVERYTHING down: all that a revoked device hands in, without the first that it
 * cannot, one for each step. @with_later: those that could not be judged last time come first.
 */
#define PK_PUSH_EVERYTHING (-1)
GPtrArray *pk_writer_take_unsent (PkWriter *self,
                                  gint64 from_n,
                                  guint max,
                                  gboolean with_later,
                                  GError **error);
gboolean pk_writer_put_back_sent (PkWriter *self, GError **error);
gboolean pk_writer_take_verdicts (PkWriter *self, GPtrArray *verdicts, GError **error);

/*
 * Pull: the lines of one checkpoint, the last one being its commit, in one transaction. The first checkpoint of an answer
 * begins with its begin line. The cursors must still be those of @request (or of the checkpoint before).
 */
typedef enum
{
  PK_PULL_DEFAULT = 0,
  PK_PULL_ALL_AS_ROWS = 1 << 0 /* a snapshot was missing or broken: ask for its scope from 0 */
} PkPullFlags;

PkPullRequest *pk_writer_make_pull_request (PkWriter *self, PkPullFlags flags, GError **error);
gboolean
pk_writer_apply (PkWriter *self, const PkPullRequest *request, GPtrArray *lines, GError **error);

/* Whether a repair has something to ask for at once. */
gboolean pk_writer_wants_pull (PkWriter *self);

/* The server lost time: keep everything, push again what the last 30 days acknowledged, ask from the beginning. */
gboolean pk_writer_change_epoch (PkWriter *self, const PkId *epoch, GError **error);
/* The device was cloned or rolled back: a new id, and what was never acknowledged is numbered anew from 1. */
gboolean pk_writer_change_device (PkWriter *self, const PkId *device, GError **error);
/* The first that waits cannot even be sent: it needs attention, and those behind it move up, since the server never saw it. */
gboolean pk_writer_set_aside_first (PkWriter *self, const GError *fault, GError **error);

/* Scopes of the last begin line whose snapshot is to be fetched: an array of PkFeedScope. */
GPtrArray *pk_writer_list_wanted_snapshots (PkWriter *self);
/* Compressed snapshots that are on disk and verified; each says itself of which scope it is, and at which seq. */
gboolean pk_writer_install_snapshots (PkWriter *self, const char *const *paths, GError **error);

/* The device was revoked: everything but the outbox goes from the disk; with @with_outbox that too. */
gboolean pk_writer_erase (PkWriter *self, gboolean with_outbox, GError **error);

G_END_DECLS

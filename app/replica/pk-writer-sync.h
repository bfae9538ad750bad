#pragma once

#include "pk-feed.h"
#include "pk-writer.h"

G_BEGIN_DECLS

/* What synchronisation asks of the writer. Same thread and rules as pk-writer.h. */

/* Who this device is. The id is made by the server at sign-in, or handed out anew after a fork. */
gboolean pk_writer_get_device (PkWriter *self, PkId *device_out);
gboolean pk_writer_set_device (PkWriter *self, const PkId *device, GError **error);
gboolean pk_writer_note_contact (PkWriter *self, gint64 lease_until_us, GError **error);

/* Push: at most @max lines in order of n, marked as sent. An array of PkOutboxEntry; "later" ones are tried again after an hour. */
GPtrArray *pk_writer_take_unsent (PkWriter *self, guint max, GError **error);
gboolean pk_writer_put_back_sent (PkWriter *self, GError **error);
gboolean pk_writer_take_verdicts (PkWriter *self, GPtrArray *verdicts, GError **error);

/*
 * Pull: the lines of one checkpoint, the last one being its commit, in one transaction. The first checkpoint of an answer
 * begins with its begin line. The cursors must still be those of @request (or of the checkpoint before).
 */
PkPullRequest *pk_writer_make_pull_request (PkWriter *self, GError **error);
gboolean
pk_writer_apply (PkWriter *self, const PkPullRequest *request, GPtrArray *lines, GError **error);

/* The server lost time: keep everything, push again what the last 30 days acknowledged, ask from the beginning. */
gboolean pk_writer_change_epoch (PkWriter *self, const PkId *epoch, GError **error);
/* The device was cloned or rolled back: a new id, and what was never acknowledged is numbered anew from 1. */
gboolean pk_writer_change_device (PkWriter *self, const PkId *device, GError **error);

/* Bootstrap: compressed snapshots that are on disk and verified. The feed's begin line gives name and sequence of each. */
typedef struct
{
  const char *path; /* (not owned): a .zst file */
  const char *scope;
} PkSnapshotFile;

gboolean pk_writer_install_snapshots (PkWriter *self,
                                      const PkId *epoch,
                                      const PkSnapshotFile *files,
                                      guint n_files,
                                      GError **error);

/* The device was revoked: everything but the outbox goes from the disk; with @with_outbox that too. */
gboolean pk_writer_erase (PkWriter *self, gboolean with_outbox, GError **error);

G_END_DECLS

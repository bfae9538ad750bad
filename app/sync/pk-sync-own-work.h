#pragma once

#include "pk-sync-machine.h"
#include "pk-writer-sync.h"

G_BEGIN_DECLS

/* What the machine asks of this device alone, on the writer's thread: snapshots, device, epoch, what is set aside, erasing. */
gboolean pk_sync_own_work_run (PkWriter *writer,
                               const PkSyncEffect *effect,
                               const char *const *snapshots,
                               const GError *push_fault,
                               GError **error);
PkSyncEventKind pk_sync_own_work_get_answer (PkSyncEffectKind kind);
PkSyncFailure pk_sync_own_work_judge (PkSyncEffectKind kind, const GError *error);

/* What an error of the replica means, whatever was written to it. */
PkSyncFailure pk_sync_failure_of_local (const GError *error);

G_END_DECLS

#pragma once

#include "pk-service-pool.h"

G_BEGIN_DECLS

/*
 * Keeps the snapshots fresh in the background: looks some time after changes, and makes one scope's snapshot at a time. Lives on
 * the main context.
 */
#define PK_TYPE_SNAPSHOT_KEEPER (pk_snapshot_keeper_get_type ())
G_DECLARE_FINAL_TYPE (PkSnapshotKeeper, pk_snapshot_keeper, PK, SNAPSHOT_KEEPER, GObject)

PkSnapshotKeeper *pk_snapshot_keeper_new (PkServicePool *pool, gint64 least_rows, guint delay_s);
void pk_snapshot_keeper_look (PkSnapshotKeeper *self);
gboolean pk_snapshot_keeper_is_idle (PkSnapshotKeeper *self);

G_END_DECLS

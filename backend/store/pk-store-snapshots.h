#pragma once

#include "pk-snapshot-row.h"
#include "pk-store.h"

G_BEGIN_DECLS

char *pk_store_dup_snapshot_path (PkStore *self, const char *sha256);
gboolean pk_store_put_snapshot (PkStore *self, const PkSnapshotRow *row, GError **error);
PkSnapshotRow *pk_store_find_snapshot (PkStore *self, gint64 scope, GError **error);
GPtrArray *pk_store_find_snapshots_by_sha256 (PkStore *self, const char *sha256, GError **error);
gboolean pk_store_has_guarded (PkStore *self, gint64 scope, gboolean *has_out, GError **error);
gboolean pk_store_delete_snapshot (PkStore *self, gint64 scope, GError **error);
gboolean pk_store_write_scope_file (PkStore *self,
                                    gint64 scope,
                                    const char *path,
                                    gint64 *rows_out,
                                    GError **error);

G_END_DECLS

#pragma once

#include "pk-service.h"
#include "pk-snapshot-row.h"

G_BEGIN_DECLS

/*
 * Snapshots: for each scope of some size an immutable file with its records at one seq, shared by everyone who holds the scope,
 * so that a first sync copies tables instead of parsing text. A file is SQLite as pk_store_write_scope_file() writes it,
 * compressed with zstd, named by the SHA-256 of the compressed bytes.
 */
GArray *pk_snapshot_find_stale (PkService *service, gint64 least_rows, GError **error);
PkSnapshotRow *pk_snapshot_make (PkService *service, gint64 scope, GError **error);
gboolean pk_snapshot_publish (PkService *service, const PkSnapshotRow *row, GError **error);
char *pk_snapshot_dup_path (PkService *service, const char *sha256);
gboolean pk_snapshot_may_read (PkService *service,
                               const PkId *person,
                               const char *sha256,
                               gboolean *may_read_out,
                               GError **error);

G_END_DECLS

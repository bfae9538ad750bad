#pragma once

#include "pk-store.h"

G_BEGIN_DECLS

/* The newest snapshot of a scope: a file DIR/snapshots/<sha256>. */
typedef struct
{
  gint64 scope; /* its number */
  char *sha256; /* (owned): of the compressed file */
  gint64 size;  /* of the compressed file */
  gint64 seq;
  gint64 rows;
  gint64 made_us;
} PkSnapshotRow;

PkSnapshotRow *pk_snapshot_row_new (gint64 scope, const char *sha256);
void pk_snapshot_row_free (PkSnapshotRow *self);
char *pk_store_dup_snapshot_path (PkStore *self, const char *sha256);
gboolean pk_store_put_snapshot (PkStore *self, const PkSnapshotRow *row, GError **error);
PkSnapshotRow *pk_store_find_snapshot (PkStore *self, gint64 scope, GError **error);
GPtrArray *pk_store_find_snapshots_by_sha256 (PkStore *self, const char *sha256, GError **error);
gboolean pk_store_delete_snapshot (PkStore *self, gint64 scope, GError **error);
gboolean pk_store_write_scope_file (PkStore *self,
                                    gint64 scope,
                                    const char *path,
                                    gint64 *rows_out,
                                    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkSnapshotRow, pk_snapshot_row_free)

G_END_DECLS

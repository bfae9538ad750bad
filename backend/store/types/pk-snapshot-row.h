#pragma once

#include "pk-id.h"

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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkSnapshotRow, pk_snapshot_row_free)

G_END_DECLS

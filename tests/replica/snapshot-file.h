#pragma once

#include "pk-hash.h"
#include "pk-sql.h"
#include "pk-table.h"

G_BEGIN_DECLS

/* A snapshot as the server makes it: begun, filled with records in order of id, finished and compressed. */
typedef struct
{
  char *path;       /* (owned): the file, not compressed */
  PkSql *sql;       /* (owned) */
  PkTables *tables; /* (owned) */
  gint64 count;
  PkFingerprint fingerprint;
} SnapshotFile;

void snapshot_file_begin (SnapshotFile *self, const char *path);
void snapshot_file_add (SnapshotFile *self, PkRecord *record);
void snapshot_file_end (SnapshotFile *self, const char *scope, gint64 seq, const char *compressed);

G_END_DECLS

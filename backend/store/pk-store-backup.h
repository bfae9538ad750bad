#pragma once

#include "pk-store.h"

G_BEGIN_DECLS

/*
 * A backup is a folder: pakobla.db, the contents that it knows under blobs/ab/abcd… (of the same inode as the store's where both
 * are on one file system: contents never change), and SHA256SUMS, which is written last and names every file, so that
 * `sha256sum -c SHA256SUMS` tells whether a copy of the folder is whole.
 */
typedef struct
{
  gint64 seq; /* of the last change that is in it */
  gint64 n_contents;
  gint64 bytes;    /* of the database and the contents together */
  char sha256[65]; /* of the database */
} PkStoreBackup;

gboolean
pk_store_backup (PkStore *self, const char *path, PkStoreBackup *facts_out, GError **error);
gboolean pk_store_check_backup (const char *path, GError **error);
gboolean pk_store_restore (PkStore *self, const char *path, GError **error);

G_END_DECLS

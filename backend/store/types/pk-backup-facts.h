#pragma once

#include "pk-id.h"

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

G_END_DECLS

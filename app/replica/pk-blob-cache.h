#pragma once

#include "pk-problem.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Documents' content on disk: blobs/<sha256>, and <sha256>.part while it arrives. Any thread; no database. What waits to be uploaded,
 * what is pinned and what may go is the writer's: pk-blob-queue.h.
 */
char *pk_blob_cache_get_path (const char *directory, const char *sha256);
char *pk_blob_cache_get_part_path (const char *directory, const char *sha256);
gboolean pk_blob_cache_has (const char *directory, const char *sha256);

/* Takes a copy of a file into the cache. */
gboolean pk_blob_cache_add_file (const char *directory,
                                 const char *path,
                                 char **sha256_out,
                                 gint64 *size_out,
                                 GError **error);
/* Content has arrived in the .part file: verified and renamed, or removed with an error. */
gboolean pk_blob_cache_finish_part (const char *directory, const char *sha256, GError **error);

G_END_DECLS

#pragma once

#include "pk-writer.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Documents' content on disk: blobs/<sha256>, and <sha256>.part while it arrives. What is not uploaded yet is never evicted, nor
 * what is pinned. Functions that take a writer run on its thread; the others on any.
 */
typedef struct
{
  gint64 place;
  char *sha256; /* (owned) */
  gint64 size_bytes;
  PkId document;
  char *media_type; /* (owned) */
  char *url;        /* (owned) (nullable): of the upload that was begun */
} PkUpload;

char *pk_blob_cache_get_path (const char *directory, const char *sha256);
char *pk_blob_cache_get_part_path (const char *directory, const char *sha256);
gboolean pk_blob_cache_has (const char *directory, const char *sha256);

/* Takes a copy of a file into the cache. @sha256_out: (out) (transfer full) */
gboolean pk_blob_cache_add_file (const char *directory,
                                 const char *path,
                                 char **sha256_out,
                                 gint64 *size_out,
                                 GError **error);
/* Content has arrived in the .part file: verified and renamed, or removed with an error. */
gboolean pk_blob_cache_finish_part (const char *directory, const char *sha256, GError **error);

gboolean pk_writer_queue_upload (PkWriter *self, const PkUpload *upload, GError **error);
GPtrArray *pk_writer_list_uploads (PkWriter *self, guint max, GError **error);
gboolean pk_writer_set_upload_url (PkWriter *self, gint64 place, const char *url, GError **error);
gboolean pk_writer_finish_upload (PkWriter *self, gint64 place, GError **error);

gboolean pk_writer_set_pinned (PkWriter *self,
                               const PkEntity *entity,
                               const PkId *id,
                               gboolean is_pinned,
                               GError **error);
GPtrArray *pk_writer_list_wanted_blobs (PkWriter *self, guint max, GError **error);
gboolean pk_writer_note_blob_used (PkWriter *self, const char *sha256, GError **error);
gboolean pk_writer_evict_blobs (PkWriter *self, gint64 limit_bytes, GError **error);

void pk_upload_free (PkUpload *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkUpload, pk_upload_free)

G_END_DECLS

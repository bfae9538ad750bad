#pragma once

#include "pk-writer.h"

G_BEGIN_DECLS

/* A content that waits to be sent. Plain data. */
typedef struct
{
  gint64 place;
  char *sha256; /* (owned) */
  gint64 size_bytes;
  PkId document;
  char *media_type; /* (owned) */
  char *url;        /* (owned) (nullable): of the upload that was begun */
} PkPendingUpload;

void pk_pending_upload_free (PkPendingUpload *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkPendingUpload, pk_pending_upload_free)

/* All on the writer's thread. What is not uploaded yet is never evicted, nor what is pinned. */
gboolean pk_writer_queue_upload (PkWriter *self, const PkPendingUpload *upload, GError **error);
GPtrArray *pk_writer_list_uploads (PkWriter *self, guint max, GError **error);
gboolean pk_writer_set_upload_url (PkWriter *self, gint64 place, const char *url, GError **error);
gboolean pk_writer_refuse_upload (PkWriter *self, gint64 place, const char *fault, GError **error);
gboolean pk_writer_finish_upload (PkWriter *self, gint64 place, GError **error);

gboolean pk_writer_set_pinned (PkWriter *self,
                               const PkEntity *entity,
                               const PkId *id,
                               gboolean is_pinned,
                               GError **error);
GPtrArray *pk_writer_list_wanted_blobs (PkWriter *self, guint max, GError **error);
gboolean pk_writer_note_blob_arrived (PkWriter *self, const char *sha256, GError **error);
gboolean pk_writer_note_blob_used (PkWriter *self, const char *sha256, GError **error);
gboolean pk_writer_evict_blobs (PkWriter *self, gint64 limit_bytes, GError **error);

G_END_DECLS

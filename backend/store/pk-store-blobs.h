#pragma once

#include "pk-store.h"
#include "pk-upload.h"

G_BEGIN_DECLS

/* Contents, each stored once under DIR/blobs/ab/abcd…, named by its SHA-256. A row says that the file is whole. */
char *pk_store_dup_blob_path (PkStore *self, const char *sha256);
gboolean pk_store_find_blob (PkStore *self,
                             const char *sha256,
                             gboolean *has_out,
                             gint64 *size_out,
                             GError **error);
gboolean pk_store_put_blob_bytes (PkStore *self,
                                  GBytes *content,
                                  gint64 now_us,
                                  char **sha256_out,
                                  GError **error);
gboolean pk_store_take_blob_file (PkStore *self,
                                  const char *path,
                                  const char *sha256,
                                  gint64 now_us,
                                  GError **error);
gboolean pk_store_count_blobs (PkStore *self, gint64 *count_out, gint64 *bytes_out, GError **error);

/* Uploads under way (tus): the bytes are in DIR/uploads/<id>. */
char *pk_store_dup_upload_path (PkStore *self, const PkId *id);
gboolean pk_store_put_upload (PkStore *self, const PkUpload *upload, GError **error);
PkUpload *pk_store_find_upload (PkStore *self, const PkId *id, GError **error);
gboolean pk_store_find_open_upload (PkStore *self,
                                    const PkId *person,
                                    const char *sha256,
                                    PkUpload **upload_out,
                                    GError **error);
gboolean pk_store_delete_upload (PkStore *self, const PkId *id, GError **error);
GPtrArray *pk_store_list_expired_uploads (PkStore *self, gint64 now_us, GError **error);

G_END_DECLS

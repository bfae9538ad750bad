#pragma once

#include "pk-service-documents.h"
#include "pk-upload.h"

G_BEGIN_DECLS

/*
 * Contents on their way: begun, continued by the same person under the same name, kept when whole. The bytes are written by the
 * caller to the upload's file; its offset is told here after the file is synced, so that it is never beyond the bytes.
 */
PkUpload *pk_service_begin_upload (PkService *service,
                                   const PkId *person,
                                   const char *sha256,
                                   gint64 size,
                                   GError **error);
PkUpload *
pk_service_find_upload (PkService *service, const PkId *person, const PkId *id, GError **error);
char *pk_service_dup_upload_path (PkService *service, const PkUpload *upload);
gboolean pk_service_keep_upload (PkService *service,
                                 PkUpload *upload,
                                 gint64 offset,
                                 gboolean is_verified,
                                 GError **error);
gboolean pk_service_drop_upload (PkService *service, const PkUpload *upload, GError **error);
gboolean pk_service_clean_uploads (PkService *service, GError **error);

G_END_DECLS

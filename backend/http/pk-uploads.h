#pragma once

#include "pk-exchange.h"

G_BEGIN_DECLS

/* Resumable uploads: tus 1.0.0 with creation, checksum, expiration and termination. */
gboolean pk_uploads_options (PkExchange *exchange, GError **error);
gboolean pk_uploads_create (PkExchange *exchange, GError **error);
gboolean pk_uploads_head (PkExchange *exchange, GError **error);
gboolean pk_uploads_open (PkExchange *exchange, GError **error);
gboolean pk_uploads_patch (PkExchange *exchange, GError **error);
gboolean pk_uploads_delete (PkExchange *exchange, GError **error);

gboolean pk_content_get (PkExchange *exchange, GError **error);

#define PK_UPLOAD_MAX_BYTES (G_GINT64_CONSTANT (10) * 1024 * 1024 * 1024)

G_END_DECLS

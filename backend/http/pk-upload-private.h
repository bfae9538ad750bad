#pragma once

#include "pk-exchange.h"
#include "pk-service-uploads.h"

G_BEGIN_DECLS

gboolean pk_upload_check_version (PkExchange *exchange, GError **error);
void pk_upload_set_headers (PkExchange *exchange, const PkUpload *upload);
PkUpload *pk_upload_find (PkExchange *exchange, GError **error);

G_END_DECLS

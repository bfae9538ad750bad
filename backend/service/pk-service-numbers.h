#pragma once

#include "pk-record.h"
#include "pk-service.h"

G_BEGIN_DECLS

/* Numbers that people know a record by: the server alone gives them. */
gboolean pk_service_fill_numbers (PkService *service,
                                  PkRecord *record,
                                  const PkRecord *before,
                                  gint64 now_us,
                                  GError **error);

G_END_DECLS

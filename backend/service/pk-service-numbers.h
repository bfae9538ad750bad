#pragma once

#include "pk-record.h"
#include "pk-service.h"

G_BEGIN_DECLS

/* What the server alone gives: a task's number, whether a document's content is here. */
gboolean pk_service_fill_numbers (PkService *service,
                                  PkRecord *record,
                                  const PkRecord *before,
                                  gint64 now_us,
                                  GError **error);

G_END_DECLS

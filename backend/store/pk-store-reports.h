#pragma once

#include "pk-device-report.h"
#include "pk-store.h"

G_BEGIN_DECLS

gboolean pk_store_put_report (PkStore *self, const PkDeviceReport *report, GError **error);
GArray *pk_store_list_reports (PkStore *self, GError **error);

G_END_DECLS

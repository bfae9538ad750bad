#pragma once

#include "pk-service.h"

G_BEGIN_DECLS

/* What the administrative socket asks of this room. On the writer's thread; the answers are JSON. */
char *pk_admin_work_import_buildings (PkService *service,
                                      const char *csv,
                                      gsize size,
                                      const char *mapping,
                                      gboolean is_preview,
                                      GError **error);
char *pk_admin_work_load_demo (PkService *service, const char *options, GError **error);

G_END_DECLS

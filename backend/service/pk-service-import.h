#pragma once

#include "pk-list-query.h"
#include "pk-service.h"

G_BEGIN_DECLS

typedef enum
{
  PK_IMPORT_DEFAULT = 0,
  PK_IMPORT_WITH_HISTORY = 1 << 0,
  PK_IMPORT_KEEP_SERVER_FIELDS =
      1 << 1 /* what actor, rules and server would set is taken as it is given */
} PkImportFlags;

/*
 * Many records at once, by an operator: no question about rights, the same scopes, log and fingerprints as any write. One
 * transaction; ids are given; references may point forward within the call. Existing records are replaced.
 */
gboolean pk_service_import_records (PkService *service,
                                    GPtrArray *records,
                                    const PkId *actor,
                                    gint64 at_us,
                                    PkImportFlags flags,
                                    GError **error);
gboolean
pk_service_store_content (PkService *service, GBytes *content, char **sha256_out, GError **error);
gboolean pk_service_visit (PkService *service,
                           guint entity,
                           PkRecordVisitor visitor,
                           gpointer data,
                           GError **error);
gboolean pk_service_upkeep (PkService *service, GError **error);

G_END_DECLS

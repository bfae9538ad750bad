#pragma once

#include "pk-service-access.h"

G_BEGIN_DECLS

/*
 * Contents and the documents that point to them. A hash is only served to, and only taken as known from, someone who may see a
 * stored document that points to it: knowing a hash is no right to what it names.
 */
gboolean pk_service_may_read_content (PkService *service,
                                      const PkActor *actor,
                                      const char *sha256,
                                      gboolean *may_out,
                                      GError **error);
gboolean pk_service_settle_content (PkService *service,
                                    const PkActor *actor,
                                    PkRecord *record,
                                    const PkRecord *before,
                                    GError **error);
char *pk_service_dup_content_path (PkService *service, const char *sha256);
gboolean pk_service_content_arrived (PkService *service,
                                     const PkId *person,
                                     const char *sha256,
                                     GError **error);

G_END_DECLS

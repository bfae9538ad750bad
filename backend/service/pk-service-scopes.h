#pragma once

#include "pk-record.h"
#include "pk-service.h"

G_BEGIN_DECLS

/* Which scopes a record is in, by its entity's rules; numbers, sorted, each once. */
GArray *pk_scopes_of_record (PkService *service, const PkRecord *record, GError **error);
gboolean pk_scopes_test (const PkScopeRule *rule, const PkEntity *entity, const PkRecord *record);

G_END_DECLS

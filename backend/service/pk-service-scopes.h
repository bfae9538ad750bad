#pragma once

#include "pk-record.h"
#include "pk-service.h"

G_BEGIN_DECLS

/* Which scopes a record is in, by its entity's rules; numbers, sorted, each once. */
GArray *pk_scopes_of_record (PkService *service, const PkRecord *record, GError **error);

G_END_DECLS

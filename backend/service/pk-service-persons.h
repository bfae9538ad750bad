#pragma once

#include "pk-record.h"
#include "pk-service.h"

G_BEGIN_DECLS

/* Persons as another system knows them. */
PkRecord *pk_service_find_person_by (PkService *service,
                                     const char *email,
                                     const char *number,
                                     GError **error);

G_END_DECLS

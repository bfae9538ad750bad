#pragma once

#include "pk-service.h"

G_BEGIN_DECLS

/*
 * Which scopes a person holds. Worked out in the write that changes what they depend on, and once a day since memberships
 * begin and end; kept in the store (pk-store-grants.h), with an epoch that grows when they change.
 */
GArray *pk_grants_work_out (PkService *service, const PkId *person, GError **error);
gboolean pk_grants_refresh (PkService *service,
                            const PkId *person,
                            gboolean *has_changed_out,
                            GError **error);
gboolean pk_grants_refresh_all (PkService *service, guint *n_changed_out, GError **error);

G_END_DECLS

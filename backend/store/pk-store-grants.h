#pragma once

#include "pk-store.h"

G_BEGIN_DECLS

/* Which scopes a person holds, worked out by the service and kept here, so that a request reads and never works it out. */
GPtrArray *pk_store_get_grants (PkStore *self, const PkId *person, GError **error);
GArray *pk_store_get_grant_numbers (PkStore *self, const PkId *person, GError **error);
gboolean
pk_store_get_grant_epoch (PkStore *self, const PkId *person, gint64 *epoch_out, GError **error);
gboolean pk_store_set_grants (PkStore *self,
                              const PkId *person,
                              GArray *scopes,
                              gboolean *has_changed_out,
                              GError **error);
gboolean pk_store_is_same_scopes (GArray *a, GArray *b);
gboolean pk_store_is_visible (PkStore *self,
                              const PkId *person,
                              guint entity,
                              const PkId *id,
                              gboolean *is_visible_out,
                              GError **error);

G_END_DECLS

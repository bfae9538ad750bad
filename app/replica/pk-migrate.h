#pragma once

#include "pk-writer-private.h"

G_BEGIN_DECLS

/* Files of older programs (pk-migrate.c); the steps are in pk-schema-plan.c. */
gboolean pk_migrate_check (PkWriter *self, GError **error);
gboolean pk_migrate_outbox (PkWriter *self, GError **error);
gboolean pk_migrate_replica (PkWriter *self, GError **error);
gboolean pk_migrate_rebuild (PkWriter *self, guint *generation, GError **error);
gboolean pk_migrate_drop_outdated (PkWriter *self, GError **error);
gboolean pk_migrate_find_grants (PkWriter *self, gint64 *grants_out, GError **error);

G_END_DECLS

#pragma once

#include "pk-backup-facts.h"
#include "pk-store.h"

G_BEGIN_DECLS

gboolean
pk_store_backup (PkStore *self, const char *path, PkStoreBackup *facts_out, GError **error);
gboolean pk_store_check_backup (const char *path, GError **error);
gboolean pk_store_restore (PkStore *self, const char *path, GError **error);

G_END_DECLS

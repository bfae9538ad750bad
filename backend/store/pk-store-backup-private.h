#pragma once

#include "pk-sql.h"
#include "pk-store.h"

G_BEGIN_DECLS

#define PK_BACKUP_DATABASE "pakobla.db"
#define PK_BACKUP_SUMS     "SHA256SUMS"

/* Called for each content that a backup's database knows. */
typedef gboolean (*PkContentFunc) (gpointer data, const char *sha256, gint64 size, GError **error);

gboolean pk_backup_copy_database (PkSql *database, const char *path, GError **error);
gboolean pk_backup_visit (PkSql *database, PkContentFunc func, gpointer data, GError **error);

gboolean pk_backup_copy_pages (PkStore *self, const char *path, GError **error);

G_END_DECLS

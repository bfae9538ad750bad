#pragma once

#include "pk-sql.h"

G_BEGIN_DECLS

/* Files that must be there after a power cut. Errors are the driver's: PK_SQL_ERROR_FULL, PK_SQL_ERROR_IO. */
gboolean pk_store_fail_file (const char *what, const char *path, GError **error);
gboolean pk_store_make_folder (const char *path, GError **error);
gboolean pk_store_sync_path (const char *path, GError **error);
gboolean pk_store_move_durably (const char *from, const char *to, GError **error);
gboolean pk_store_twin_file (const char *from, const char *to, GError **error);
char *pk_store_dup_content_path (const char *folder, const char *sha256);
void pk_store_remove_folder (const char *path);

G_END_DECLS

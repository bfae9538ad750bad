/*
 * A backup takes the place of what the store holds, while readers stay open: SQLite's own copying of pages, in one transaction of
 * the writer. From then on history is another one.
 */
#include "config.h"

#include "pk-store-meta.h"
#include "pk-store-private.h"

#include <sqlite3.h>

static gboolean
fail (GError **error, PkSqlError code, const char *path, const char *what)
{
  g_set_error (error, PK_SQL_ERROR, code, "%s: %s", path, what);
  return FALSE;
}

static gboolean
check_backup (PkSql *backup, const char *path, GError **error)
{
  PkStatement *check = pk_sql_prepare (backup, "PRAGMA integrity_check (1)", error);
  gboolean has_row, is_whole;
  gint64 epochs;

  if (check == NULL || !pk_store_step (check, &has_row, error))
    return FALSE;
  is_whole = has_row && g_strcmp0 (pk_statement_get_text (check, 0), "ok") == 0;
  pk_statement_reset (check);
  if (!is_whole)
    return fail (error, PK_SQL_ERROR_CORRUPT, path, "The backup is damaged");
  if (!pk_sql_get_int (backup, "SELECT count(*) FROM meta WHERE key = 'epoch'", &epochs, error))
    return FALSE;
  return epochs == 1 || fail (error, PK_SQL_ERROR_CORRUPT, path, "This is no backup of a store");
}

/**
 * pk_store_check_backup:
 * @path: a file
 *
 * Errors: %PK_SQL_ERROR_CORRUPT if it is damaged or something else than a backup of a store, such as an empty file
 * Returns: %TRUE if the file can be restored
 */
gboolean
pk_store_check_backup (const char *path, GError **error)
{
  g_autoptr (PkSql) backup = pk_sql_open (path, PK_SQL_READ_ONLY, error);

  return backup != NULL && check_backup (backup, path, error);
}

static gboolean
copy_pages (PkStore *self, PkSql *backup, const char *path, GError **error)
{
  sqlite3 *target = pk_sql_get_handle (self->sql);
  sqlite3_backup *copy = sqlite3_backup_init (target, "main", pk_sql_get_handle (backup), "main");

  if (copy == NULL)
    return fail (error, PK_SQL_ERROR_BUSY, path, sqlite3_errmsg (target));
  sqlite3_backup_step (copy, -1);
  int result = sqlite3_backup_finish (copy);
  return result == SQLITE_OK || fail (error, PK_SQL_ERROR_FAILED, path, sqlite3_errstr (result));
}

static gboolean
renew (PkStore *self, GError **error)
{
  PkId epoch;

  if (!pk_store_begin (self, error))
    return FALSE;
  if (pk_store_renew_epoch (self, &epoch, error))
    return pk_store_commit (self, error);
  pk_store_rollback (self);
  return FALSE;
}

/**
 * pk_store_restore:
 * @path: what [func@store_backup] wrote
 *
 * Puts a backup in the place of all that the writer's store holds, brings it up to date and renews the epoch. Contents and
 * snapshots stay as they are. The backup is checked first; a failure leaves the store as it was.
 *
 * Returns: %TRUE if the store is the backup's
 */
gboolean
pk_store_restore (PkStore *self, const char *path, GError **error)
{
  g_return_val_if_fail (self->mode == PK_STORE_READ_WRITE, FALSE);

  g_autoptr (PkSql) backup = pk_sql_open (path, PK_SQL_READ_ONLY, error);
  if (backup == NULL || !check_backup (backup, path, error) ||
      !copy_pages (self, backup, path, error))
    return FALSE;
  g_hash_table_remove_all (self->scope_numbers);
  pk_scope_counters_forget (self->counters);
  return pk_store_set_up_schema (self, error) && renew (self, error);
}

/*
 * A backup takes the place of what the store holds, while readers stay open. All that can fail is done beside the store first:
 * the backup is checked to its last byte, its contents are brought in (a file without a row is harmless), its database is copied,
 * brought up to date and given another epoch. Then SQLite copies the pages, in one transaction of the writer.
 */
#include "config.h"

#include "pk-hash.h"
#include "pk-store-backup-private.h"
#include "pk-store-backup.h"
#include "pk-store-blobs.h"
#include "pk-store-files-private.h"
#include "pk-store-meta.h"
#include "pk-store-private.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

/* A backup that is being read. */
typedef struct
{
  PkStore *store; /* (nullable): NULL: it is only checked */
  const char *folder;
} Reading;

static gboolean
fail (GError **error, PkSqlError code, const char *path, const char *what)
{
  g_set_error (error, PK_SQL_ERROR, code, "%s: %s", path, what);
  return FALSE;
}

static gboolean
check_hash (const char *path, const char *sha256, GError **error)
{
  g_autofree char *found = pk_sha256_of_file (path, NULL, error);

  if (found == NULL)
    return FALSE;
  return g_str_equal (found, sha256) ||
         fail (error, PK_SQL_ERROR_CORRUPT, path, "The file is not what was saved");
}

static char *
find_database_sum (const char *sums)
{
  const char *place = strstr (sums, "  " PK_BACKUP_DATABASE "\n");
  g_autofree char *sha256 = place != NULL && place - sums >= 64 ? g_strndup (place - 64, 64) : NULL;

  return sha256 != NULL && pk_sha256_is_valid (sha256) ? g_steal_pointer (&sha256) : NULL;
}

/* Before SQLite looks at it: a backup is a folder with a sum for its database. */
static gboolean
check_file (const char *folder, const char *path, GError **error)
{
  g_autofree char *sums_path = g_build_filename (folder, PK_BACKUP_SUMS, NULL);
  g_autofree char *sums = NULL;

  if (!g_file_get_contents (sums_path, &sums, NULL, NULL))
    return fail (error, PK_SQL_ERROR_CORRUPT, folder, "This is no backup, or no whole one");
  g_autofree char *sha256 = find_database_sum (sums);
  if (sha256 == NULL)
    return fail (error, PK_SQL_ERROR_CORRUPT, sums_path, "The database is not named here");
  return check_hash (path, sha256, error);
}

static gboolean
check_database (PkSql *backup, const char *path, GError **error)
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

static gboolean
check_content (gpointer data, const char *sha256, gint64 size G_GNUC_UNUSED, GError **error)
{
  Reading *reading = data;
  g_autofree char *path = pk_store_dup_content_path (reading->folder, sha256);

  return check_hash (path, sha256, error);
}

static gboolean
is_same_file (const char *a, const char *b)
{
  GStatBuf first, second;

  return g_stat (a, &first) == 0 && g_stat (b, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

/* A content that the store has is as good as the backup's, unless it was damaged. */
static gboolean
take_content (gpointer data, const char *sha256, gint64 size G_GNUC_UNUSED, GError **error)
{
  Reading *reading = data;
  g_autofree char *from = pk_store_dup_content_path (reading->folder, sha256);
  g_autofree char *to = pk_store_dup_content_path (reading->store->dir, sha256);
  g_autofree char *between = g_build_filename (reading->store->dir, "uploads", sha256, NULL);

  if (is_same_file (from, to) || check_hash (to, sha256, NULL))
    return TRUE;
  g_unlink (between);
  return pk_store_twin_file (from, between, error) && pk_store_move_durably (between, to, error);
}

/* Checks a backup and, where @store is given, brings its contents in. */
static gboolean
read_backup (PkStore *store, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, PK_BACKUP_DATABASE, NULL);
  Reading reading = { store, folder };

  if (!check_file (folder, path, error))
    return FALSE;
  g_autoptr (PkSql) backup = pk_sql_open (path, PK_SQL_READ_ONLY, error);
  if (backup == NULL || !check_database (backup, path, error) ||
      !pk_backup_visit (backup, check_content, &reading, error))
    return FALSE;
  return store == NULL || pk_backup_visit (backup, take_content, &reading, error);
}

/**
 * pk_store_check_backup:
 * @path: a folder
 *
 * Reads a whole backup.
 *
 * Errors: %PK_SQL_ERROR_CORRUPT if a file of it is damaged, or it is something else than a backup of a store
 * Returns: %TRUE if it can be restored
 */
gboolean
pk_store_check_backup (const char *path, GError **error)
{
  return read_backup (NULL, path, error);
}

/* Another history, without snapshots: their files are not in a backup. */
static gboolean
renew (PkStore *self, GError **error)
{
  PkId epoch;

  if (!pk_store_begin (self, error))
    return FALSE;
  if (pk_sql_exec (self->sql, "DELETE FROM snapshot", error) &&
      pk_store_renew_epoch (self, &epoch, error))
    return pk_store_commit (self, error);
  pk_store_rollback (self);
  return FALSE;
}

/* A store of its own in @folder: the backup's database, as this program wants it, with another epoch. */
static gboolean
prepare (PkStore *self, const char *backup, const char *folder, GError **error)
{
  g_autofree char *from = g_build_filename (backup, PK_BACKUP_DATABASE, NULL);
  g_autofree char *to = g_build_filename (folder, PK_BACKUP_DATABASE, NULL);
  g_autoptr (PkSql) source = pk_sql_open (from, PK_SQL_READ_ONLY, error);

  if (source == NULL || !pk_store_make_folder (folder, error) ||
      !pk_backup_copy_database (source, to, error))
    return FALSE;
  g_autoptr (PkStore) copy = pk_store_open (folder, PK_STORE_READ_WRITE, self->ids, error);
  return copy != NULL && renew (copy, error);
}

/**
 * pk_backup_copy_pages:
 * @path: of a database of SQLite's
 *
 * Puts it in the place of a store's on SQLite, while readers stay open.
 */
gboolean
pk_backup_copy_pages (PkStore *self, const char *path, GError **error)
{
  g_autoptr (PkSql) source = pk_sql_open (path, PK_SQL_READ_ONLY, error);
  sqlite3 *target = pk_sql_get_handle (self->sql);

  if (source == NULL)
    return FALSE;
  sqlite3_backup *copy = sqlite3_backup_init (target, "main", pk_sql_get_handle (source), "main");
  if (copy == NULL)
    return fail (error, PK_SQL_ERROR_BUSY, path, sqlite3_errmsg (target));
  sqlite3_backup_step (copy, -1);
  int result = sqlite3_backup_finish (copy);
  return result == SQLITE_OK ||
         fail (error,
               result == SQLITE_FULL ? PK_SQL_ERROR_FULL : PK_SQL_ERROR_FAILED,
               path,
               sqlite3_errstr (result));
}

static gboolean
take_over (PkStore *self, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, PK_BACKUP_DATABASE, NULL);

  return self->engine->copy_in (self, path, error);
}

/**
 * pk_store_restore:
 * @path: what [func@store_backup] wrote
 *
 * Puts a backup in the place of all that the writer's store holds, contents too, brings it up to date and renews the epoch.
 * Contents that the backup does not know stay as files without rows. The backup is checked to its last byte first; a failure
 * leaves the store as it was.
 *
 * Returns: %TRUE if the store is the backup's
 */
gboolean
pk_store_restore (PkStore *self, const char *path, GError **error)
{
  g_return_val_if_fail (self->mode == PK_STORE_READ_WRITE, FALSE);

  g_autofree char *folder = g_build_filename (self->dir, "restoring", NULL);
  if (!read_backup (self, path, error))
    return FALSE;
  pk_store_remove_folder (folder);
  gboolean is_done = prepare (self, path, folder, error) && take_over (self, folder, error);
  pk_store_remove_folder (folder);
  g_hash_table_remove_all (self->scope_numbers);
  pk_scope_counters_forget (self->counters);
  return is_done;
}

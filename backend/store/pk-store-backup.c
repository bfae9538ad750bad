/*
 * Making a backup while the server runs. The copy of the database is one state; the contents that it knows are whole files before
 * their rows are there and are never changed or taken away, so that naming them afterwards is early enough. All is made beside
 * its place and renamed at the end: what has the backup's name is whole.
 */
#include "config.h"

#include "pk-store-backup.h"

#include "pk-hash.h"
#include "pk-store-backup-private.h"
#include "pk-store-files-private.h"
#include "pk-store-meta.h"
#include "pk-store-private.h"
#include "pk-store-unfinished.h"

#include <glib/gstdio.h>

/* A backup that is being made. */
typedef struct
{
  PkStore *store;
  const char *folder;
  GString *sums; /* (owned): text of SHA256SUMS */
  PkStoreBackup facts;
} Making;

/**
 * pk_backup_visit:
 * @database: a backup's
 *
 * Calls @func for each content that the database knows, until it fails.
 *
 * Errors: %PK_SQL_ERROR_CORRUPT for a name that is none
 */
gboolean
pk_backup_visit (PkSql *database, PkContentFunc func, gpointer data, GError **error)
{
  PkStatement *query =
      pk_sql_prepare (database, "SELECT sha256, size FROM blob ORDER BY sha256", error);
  gboolean has_row;

  while (query != NULL && pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return TRUE;
      g_autofree char *sha256 = g_strdup (pk_statement_get_text (query, 0));
      if (sha256 == NULL || !pk_sha256_is_valid (sha256))
        {
          g_set_error_literal (error, PK_SQL_ERROR, PK_SQL_ERROR_CORRUPT, "A content has no name");
          return FALSE;
        }
      if (!func (data, sha256, pk_statement_get_int (query, 1), error))
        return FALSE;
    }
  return FALSE;
}

static gboolean
vacuum (PkSql *database, const char *path, GError **error)
{
  PkStatement *statement = pk_sql_prepare (database, "VACUUM INTO ?1", error);

  if (statement == NULL)
    return FALSE;
  pk_statement_bind_text (statement, 1, path);
  return pk_statement_run (statement, error);
}

/**
 * pk_backup_copy_database:
 * @database: of a reader: one that may only ask counts the copy as a write of its own, though it writes another file
 * @path: a file that does not exist yet
 *
 * Writes a consistent copy of a whole database.
 *
 * Returns: %TRUE if the copy is complete and durable
 */
gboolean
pk_backup_copy_database (PkSql *database, const char *path, GError **error)
{
  gint64 may_only_ask;

  if (!pk_sql_get_int (database, "PRAGMA query_only", &may_only_ask, error) ||
      !pk_sql_exec (database, "PRAGMA query_only = OFF", error))
    return FALSE;
  gboolean is_done = vacuum (database, path, error);
  if (may_only_ask && !pk_sql_exec (database, "PRAGMA query_only = ON", is_done ? error : NULL))
    is_done = FALSE;
  return is_done && pk_store_sync_path (path, error);
}

static gboolean
check_size (const char *path, gint64 size, GError **error)
{
  GStatBuf info;

  if (g_stat (path, &info) != 0)
    return pk_store_fail_file ("Looking at", path, error);
  if (info.st_size == size)
    return TRUE;
  g_set_error (error, PK_SQL_ERROR, PK_SQL_ERROR_CORRUPT, "%s has not the size it had", path);
  return FALSE;
}

static gboolean
add_content (gpointer data, const char *sha256, gint64 size, GError **error)
{
  Making *making = data;
  g_autofree char *from = pk_store_dup_content_path (making->store->dir, sha256);
  g_autofree char *to = pk_store_dup_content_path (making->folder, sha256);
  g_autofree char *folder = g_path_get_dirname (to);

  if (!check_size (from, size, error) || !pk_store_make_folder (folder, error) ||
      !pk_store_twin_file (from, to, error))
    return FALSE;
  making->facts.n_contents++;
  making->facts.bytes += size;
  g_string_append_printf (making->sums, "%s  blobs/%.2s/%s\n", sha256, sha256, sha256);
  return TRUE;
}

static gboolean
read_seq (PkSql *database, gint64 *seq_out, GError **error)
{
  return pk_sql_get_int (database,
                         "SELECT coalesce (max (CAST (value AS INTEGER)), 0) FROM meta"
                         " WHERE key = 'seq'",
                         seq_out,
                         error);
}

static gboolean
add_contents (Making *making, const char *path, GError **error)
{
  g_autoptr (PkSql) database = pk_sql_open (path, PK_SQL_READ_ONLY, error);

  return database != NULL && read_seq (database, &making->facts.seq, error) &&
         pk_backup_visit (database, add_content, making, error);
}

static gboolean
add_database (Making *making, const char *path, GError **error)
{
  gint64 size;
  g_autofree char *sha256 = pk_sha256_of_file (path, &size, error);

  if (sha256 == NULL)
    return FALSE;
  g_strlcpy (making->facts.sha256, sha256, sizeof making->facts.sha256);
  making->facts.bytes += size;
  g_string_append_printf (making->sums, "%s  " PK_BACKUP_DATABASE "\n", sha256);
  return TRUE;
}

/* Once for each of the 256 folders, not once for each content. */
static gboolean
sync_folders (const char *blobs, GError **error)
{
  g_autoptr (GDir) entries = g_dir_open (blobs, 0, error);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (blobs, name, NULL);
      if (!pk_store_sync_path (path, error))
        return FALSE;
    }
  return entries != NULL && pk_store_sync_path (blobs, error);
}

static gboolean
write_sums (Making *making, GError **error)
{
  g_autofree char *path = g_build_filename (making->folder, PK_BACKUP_SUMS, NULL);
  g_autofree char *blobs = g_build_filename (making->folder, "blobs", NULL);

  return g_file_set_contents_full (path,
                                   making->sums->str,
                                   (gssize) making->sums->len,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600,
                                   error) &&
         sync_folders (blobs, error) && pk_store_sync_path (making->folder, error);
}

static gboolean
fill (Making *making, GError **error)
{
  g_autofree char *path = g_build_filename (making->folder, PK_BACKUP_DATABASE, NULL);
  g_autofree char *blobs = g_build_filename (making->folder, "blobs", NULL);

  return pk_store_make_folder (blobs, error) &&
         making->store->engine->copy_out (making->store, path, error) &&
         add_contents (making, path, error) && add_database (making, path, error) &&
         write_sums (making, error);
}

static gboolean
make (PkStore *self, const char *folder, const char *path, PkStoreBackup *facts_out, GError **error)
{
  g_autoptr (GString) sums = g_string_new (NULL);
  Making making = { self, folder, sums, { 0 } };

  if (!fill (&making, error) || !pk_store_move_durably (folder, path, error))
    return FALSE;
  if (facts_out != NULL)
    *facts_out = making.facts;
  return TRUE;
}

/**
 * pk_store_backup:
 * @path: a folder that does not exist yet, in one that does
 * @facts_out: (out caller-allocates) (optional): what is in it
 *
 * Writes a consistent copy of the database and its contents, without snapshots and uploads under way. What a failure leaves of it
 * is taken away at once, what a crash leaves of it when the store is opened again; until then its name is @path and ".partial-…".
 *
 * Returns: %TRUE if the copy is complete and durable
 */
gboolean
pk_store_backup (PkStore *self, const char *path, PkStoreBackup *facts_out, GError **error)
{
  g_autofree char *folder = g_strconcat (path, ".partial-XXXXXX", NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST, "%s is there already", path);
      return FALSE;
    }
  if (g_mkdtemp_full (folder, 0700) == NULL)
    return pk_store_fail_file ("Making the folder", folder, error);
  g_autoptr (PkUnfinished) note = pk_unfinished_begin (self->dir, folder, error);
  if (note != NULL && make (self, folder, path, facts_out, error))
    return TRUE;
  pk_store_remove_folder (folder);
  return FALSE;
}

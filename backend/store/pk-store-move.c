/*
 * From DIR/pakobla.db into PostgreSQL, for good. All rows are copied in one transaction and compared; then the folder says where its
 * database is from now on, and the old file gets another name. Until that name is written nothing has happened.
 */
#include "config.h"

#include "pk-store-move.h"

#include "pk-store-copy-private.h"

#include <errno.h>
#include <glib/gstdio.h>

static gboolean
check_empty (PkStore *to, GError **error)
{
  gint64 n;

  if (!pk_sql_get_int (to->sql,
                       "SELECT (SELECT count(*) FROM scope_row) + (SELECT count(*) FROM person)",
                       &n,
                       error))
    return FALSE;
  if (n == 0)
    return TRUE;
  g_set_error_literal (error,
                       PK_SQL_ERROR,
                       PK_SQL_ERROR_CONSTRAINT,
                       "There is a store in that database already");
  return FALSE;
}

static gboolean
copy (PkStore *from, PkStore *to, PkStoreMove *facts, GError **error)
{
  return check_empty (to, error) && pk_store_copy_in (to, from->sql, error) &&
         pk_store_copy_check (to, from->sql, &facts->n_rows, error) &&
         pk_sql_get_int (to->sql, "SELECT count(*) FROM scope_row", &facts->n_scopes, error);
}

static gboolean
copy_in_one (PkStore *from, PkStore *to, PkStoreMove *facts, GError **error)
{
  if (!pk_sql_begin (from->sql, error))
    return FALSE;
  gboolean is_done = pk_store_begin (to, error) && copy (from, to, facts, error) &&
                     pk_store_commit (to, error);
  pk_store_rollback (to);
  pk_sql_rollback (from->sql);
  return is_done;
}

static gboolean
switch_over (const char *dir, const char *address, GError **error)
{
  g_autofree char *path = g_build_filename (dir, PK_STORE_ADDRESS, NULL);
  g_autofree char *old = g_build_filename (dir, "pakobla.db", NULL);
  g_autofree char *moved = g_build_filename (dir, "pakobla.db.moved", NULL);
  g_autofree char *line = g_strconcat (address, "\n", NULL);

  if (!g_file_set_contents_full (path,
                                 line,
                                 -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0600,
                                 error))
    return FALSE;
  if (g_rename (old, moved) != 0)
    g_message ("%s keeps its name: %s", old, g_strerror (errno));
  return TRUE;
}

/**
 * pk_store_move:
 * @dir: of a store on SQLite that no program has open
 * @address: of a database of PostgreSQL's that is empty
 * @facts_out: (out caller-allocates)
 *
 * Moves a store into PostgreSQL. It keeps its history: devices go on as if nothing had been.
 *
 * Errors: %PK_SQL_ERROR_BUSY where somebody writes, %PK_SQL_ERROR_CONSTRAINT where the database is not empty,
 *   %PK_SQL_ERROR_CORRUPT where the copy is not what was copied. Then nothing has happened
 */
gboolean
pk_store_move (const char *dir,
               const char *address,
               PkIdSource *ids,
               PkStoreMove *facts_out,
               GError **error)
{
  g_autofree char *present = pk_store_dup_address (dir);

  if (present != NULL)
    {
      g_set_error (error, PK_SQL_ERROR, PK_SQL_ERROR_CONSTRAINT, "%s has moved already", dir);
      return FALSE;
    }
  g_autoptr (PkStore) from = pk_store_open (dir, PK_STORE_READ_WRITE, ids, error);
  if (from == NULL)
    return FALSE;
  g_autoptr (PkStore) to = pk_store_open_at (dir, address, PK_STORE_READ_WRITE, ids, error);
  if (to == NULL || !copy_in_one (from, to, facts_out, error))
    return FALSE;
  g_clear_pointer (&from, pk_store_close);
  return switch_over (dir, address, error);
}

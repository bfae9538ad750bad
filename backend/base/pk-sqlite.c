/*
 * SQLite behind pk-sql.h: the one place that knows its result codes.
 *
 * WAL with synchronous=FULL. A reader never checkpoints: Debian 12's SQLite (3.40.1) has a race when two connections commit
 * and checkpoint at once, so only the one writing connection of a file does (fixed upstream in 3.51.3).
 */
#include "config.h"

#include "pk-sqlite-private.h"

#define BUSY_TIMEOUT_MS 5000

static PkSqlError
error_code (int result)
{
  switch (result & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return PK_SQL_ERROR_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return PK_SQL_ERROR_CORRUPT;
    case SQLITE_FULL:
      return PK_SQL_ERROR_FULL;
    case SQLITE_CONSTRAINT:
      return PK_SQL_ERROR_CONSTRAINT;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return PK_SQL_ERROR_IO;
    case SQLITE_READONLY:
      return PK_SQL_ERROR_READ_ONLY;
    default:
      return PK_SQL_ERROR_FAILED;
    }
}

/**
 * pk_sqlite_take_result:
 * @result: of a function of SQLite's
 * @what: for the message
 *
 * Returns: %TRUE if @result is none of the failures; else @error is set
 */
gboolean
pk_sqlite_take_result (PkSqlite *self, int result, const char *what, GError **error)
{
  if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW)
    return TRUE;
  g_set_error (error,
               PK_SQL_ERROR,
               error_code (result),
               "%s: %s (%d)",
               what,
               self->handle ? sqlite3_errmsg (self->handle) : sqlite3_errstr (result),
               result);
  return FALSE;
}

static gboolean
set_up (PkSqlite *self, PkSqlFlags flags, GError **error)
{
  sqlite3_extended_result_codes (self->handle, 1);
  sqlite3_busy_timeout (self->handle, BUSY_TIMEOUT_MS);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  if (flags & PK_SQL_READ_ONLY)
    {
      sqlite3_db_config (self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
      return pk_sql_exec (&self->base,
                          "PRAGMA query_only = ON; PRAGMA mmap_size = 268435456",
                          error);
    }
  if (flags & PK_SQL_NO_JOURNAL)
    return pk_sql_exec (&self->base, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", error);
  return pk_sql_exec (
      &self->base,
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
      "PRAGMA wal_autocheckpoint = 16000; PRAGMA temp_store = MEMORY;"
      "PRAGMA cache_size = -32768",
      error);
}

static int
open_flags (PkSqlFlags flags)
{
  if (flags & PK_SQL_READ_ONLY)
    return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
  if (flags & PK_SQL_MUST_EXIST)
    return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
}

/* The first look into the file: another connection may be changing the schema at this very moment, then it is looked again. */
static gboolean
read_schema (PkSqlite *self, GError **error)
{
  const char *text = "SELECT count(*) FROM sqlite_schema";
  int result = SQLITE_SCHEMA;

  for (int i = 0; i < PK_SQLITE_SCHEMA_LOOKS && (result & 0xff) == SQLITE_SCHEMA; i++)
    result = sqlite3_exec (self->handle, text, NULL, NULL, NULL);
  return pk_sqlite_take_result (self, result, text, error);
}

static PkSqlite *
of_sqlite (PkSql *sql)
{
  g_assert (sql->driver == &pk_sqlite_driver);
  return (PkSqlite *) sql;
}

/**
 * pk_sql_open:
 * @path: a file, or ":memory:"
 *
 * Opens a connection for the calling thread. A file that is no database is found out here, not later.
 *
 * Errors: %PK_SQL_ERROR_CORRUPT, %PK_SQL_ERROR_IO, %PK_SQL_ERROR_FULL
 * Returns: (transfer full): the connection; close it with [func@sql_close]
 */
PkSql *
pk_sql_open (const char *path, PkSqlFlags flags, GError **error)
{
  static gsize has_begun = 0;

  /* Counting how much memory SQLite holds costs a lock at each allocation, and nobody asks. */
  if (g_once_init_enter (&has_begun))
    g_once_init_leave (&has_begun, 1 + (gsize) sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0));
  PkSqlite *sqlite = g_new0 (PkSqlite, 1);
  g_autoptr (PkSql) self = &sqlite->base;
  pk_sql_init (self, &pk_sqlite_driver, path);
  int result = sqlite3_open_v2 (path, &sqlite->handle, open_flags (flags), NULL);
  if (!pk_sqlite_take_result (sqlite, result, "Opening the database", error) ||
      !set_up (sqlite, flags, error) || !read_schema (sqlite, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * pk_sql_get_handle:
 *
 * For what only SQLite's own API can do (registering a tokenizer, blob I/O); never for running text.
 *
 * Returns: (transfer none): the `sqlite3 *`
 */
gpointer
pk_sql_get_handle (PkSql *self)
{
  return of_sqlite (self)->handle;
}

/**
 * pk_sql_get_fts5:
 *
 * Returns: (transfer none) (nullable): the `fts5_api *`, for registering a tokenizer
 */
gpointer
pk_sql_get_fts5 (PkSql *self)
{
  PkStatement *query = pk_sql_prepare (self, "SELECT fts5 (?1)", NULL);
  gpointer api = NULL;

  if (query == NULL)
    return NULL;
  sqlite3_bind_pointer (((PkSqliteStatement *) query)->handle, 1, &api, "fts5_api_ptr", NULL);
  pk_statement_run (query, NULL);
  return api;
}

/**
 * pk_sql_attach:
 * @name: the schema's name, an identifier of ours
 *
 * Returns: %TRUE if the file is attached
 */
gboolean
pk_sql_attach (PkSql *self, const char *path, const char *name, GError **error)
{
  PkStatement *attach = pk_sql_prepare (self, "ATTACH ?1 AS ?2", error);
  if (attach == NULL)
    return FALSE;
  pk_statement_bind_text (attach, 1, path);
  pk_statement_bind_text (attach, 2, name);
  return pk_statement_run (attach, error);
}

/**
 * pk_sql_detach:
 *
 * Finalises all statements first, since one of them may read the schema.
 *
 * Returns: %TRUE if the file is detached
 */
gboolean
pk_sql_detach (PkSql *self, const char *name, GError **error)
{
  pk_sql_forget_statements (self);
  PkStatement *detach = pk_sql_prepare (self, "DETACH ?1", error);
  if (detach == NULL)
    return FALSE;
  pk_statement_bind_text (detach, 1, name);
  return pk_statement_run (detach, error);
}

/**
 * pk_sql_get_last_rowid:
 *
 * Returns: rowid of the last inserted row
 */
gint64
pk_sql_get_last_rowid (PkSql *self)
{
  return sqlite3_last_insert_rowid (of_sqlite (self)->handle);
}

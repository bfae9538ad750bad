/*
 * SQLite, wrapped so that mistakes are hard: bound values only, errors with their context, one thread per connection, one
 * place that knows SQLite's result codes.
 *
 * WAL with synchronous=FULL. A reader never checkpoints: Debian 12's SQLite (3.40.1) has a race when two connections commit
 * and checkpoint at once, so only the one writing connection of a file does (fixed upstream in 3.51.3).
 */
#include "config.h"

#include "pk-sql-private.h"

#define BUSY_TIMEOUT_MS 5000

G_DEFINE_QUARK (pk_sql_error, pk_sql_error)

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
 * pk_sql_take_result:
 * @result: of a function of SQLite's
 * @what: for the message
 *
 * Returns: %TRUE if @result is none of the failures; else @error is set
 */
gboolean
pk_sql_take_result (PkSql *self, int result, const char *what, GError **error)
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

/**
 * pk_sql_assert_owner:
 *
 * Asserts that the caller runs on the thread that owns the connection.
 */
void
pk_sql_assert_owner (PkSql *self)
{
  g_assert (self->owner == g_thread_self ());
}

static void
free_statement (gpointer data)
{
  PkStatement *self = data;

  sqlite3_finalize (self->handle);
  g_free (self->text);
  g_free (self);
}

static gboolean
set_up (PkSql *self, PkSqlFlags flags, GError **error)
{
  sqlite3_extended_result_codes (self->handle, 1);
  sqlite3_busy_timeout (self->handle, BUSY_TIMEOUT_MS);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  if (flags & PK_SQL_READ_ONLY)
    {
      sqlite3_db_config (self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
      return pk_sql_exec (self, "PRAGMA query_only = ON; PRAGMA mmap_size = 268435456", error);
    }
  if (flags & PK_SQL_NO_JOURNAL)
    return pk_sql_exec (self, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", error);
  return pk_sql_exec (
      self,
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
read_schema (PkSql *self, GError **error)
{
  const char *text = "SELECT count(*) FROM sqlite_schema";
  int result = SQLITE_SCHEMA;

  for (int i = 0; i < PK_SQL_SCHEMA_LOOKS && (result & 0xff) == SQLITE_SCHEMA; i++)
    result = sqlite3_exec (self->handle, text, NULL, NULL, NULL);
  return pk_sql_take_result (self, result, text, error);
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
  g_autoptr (PkSql) self = g_new0 (PkSql, 1);

  /* Counting how much memory SQLite holds costs a lock at each allocation, and nobody asks. */
  if (g_once_init_enter (&has_begun))
    g_once_init_leave (&has_begun, 1 + (gsize) sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0));
  self->path = g_strdup (path);
  self->owner = g_thread_self ();
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_statement);
  self->shortcuts = g_hash_table_new (NULL, NULL);
  int result = sqlite3_open_v2 (path, &self->handle, open_flags (flags), NULL);
  if (!pk_sql_take_result (self, result, "Opening the database", error) ||
      !set_up (self, flags, error) || !read_schema (self, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * pk_sql_close:
 *
 * Finalises all statements and closes; an open transaction is rolled back.
 */
void
pk_sql_close (PkSql *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->shortcuts);
  g_hash_table_unref (self->statements);
  int result = sqlite3_close (self->handle);
  g_assert (result == SQLITE_OK);
  g_free (self->path);
  g_free (self);
}

/**
 * pk_sql_adopt:
 *
 * Makes the calling thread the owner; the former owner must not use it any more.
 */
void
pk_sql_adopt (PkSql *self)
{
  self->owner = g_thread_self ();
}

/**
 * pk_sql_interrupt:
 *
 * Ends the running statement with an error. Any thread.
 */
void
pk_sql_interrupt (PkSql *self)
{
  sqlite3_interrupt (self->handle);
}

/**
 * pk_sql_get_path:
 *
 * Returns: the path that was opened
 */
const char *
pk_sql_get_path (PkSql *self)
{
  return self->path;
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
  return self->handle;
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
  sqlite3_bind_pointer (query->handle, 1, &api, "fts5_api_ptr", NULL);
  pk_statement_run (query, NULL);
  return api;
}

/**
 * pk_sql_exec:
 * @text: one or more statements without parameters, a literal or from pk_query_*
 *
 * Returns: %TRUE if all of them ran
 */
gboolean
pk_sql_exec (PkSql *self, const char *text, GError **error)
{
  pk_sql_assert_owner (self);
  return pk_sql_take_result (self,
                             sqlite3_exec (self->handle, text, NULL, NULL, NULL),
                             text,
                             error);
}

/* Texts are long and come from the same place each time: comparing with the one that was there costs less than hashing it. */
static PkStatement *
find_statement (PkSql *self, const char *text)
{
  PkStatement *statement = g_hash_table_lookup (self->shortcuts, text);

  if (statement != NULL && g_str_equal (statement->text, text))
    return statement;
  statement = g_hash_table_lookup (self->statements, text);
  if (statement != NULL)
    g_hash_table_insert (self->shortcuts, (gpointer) text, statement);
  return statement;
}

/**
 * pk_sql_prepare:
 * @text: one statement, a literal or from pk_query_*
 *
 * Returns: (transfer none) (nullable): the statement, reset and without bindings; it belongs to @self
 */
PkStatement *
pk_sql_prepare (PkSql *self, const char *text, GError **error)
{
  pk_sql_assert_owner (self);
  PkStatement *statement = find_statement (self, text);
  if (statement != NULL)
    {
      sqlite3_reset (statement->handle);
      sqlite3_clear_bindings (statement->handle);
      return statement;
    }

  sqlite3_stmt *handle = NULL;
  int result = SQLITE_SCHEMA;
  for (int i = 0; i < PK_SQL_SCHEMA_LOOKS && (result & 0xff) == SQLITE_SCHEMA; i++)
    result = sqlite3_prepare_v3 (self->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
  if (!pk_sql_take_result (self, result, text, error))
    return NULL;
  statement = g_new0 (PkStatement, 1);
  statement->sql = self;
  statement->handle = handle;
  statement->text = g_strdup (text);
  g_hash_table_insert (self->statements, statement->text, statement);
  return statement;
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
  pk_sql_assert_owner (self);
  g_hash_table_remove_all (self->shortcuts);
  g_hash_table_remove_all (self->statements);
  PkStatement *detach = pk_sql_prepare (self, "DETACH ?1", error);
  if (detach == NULL)
    return FALSE;
  pk_statement_bind_text (detach, 1, name);
  return pk_statement_run (detach, error);
}

/**
 * pk_sql_get_int:
 * @text: a query without parameters that gives one number
 * @value_out: (out): the number; 0 where there is no row
 *
 * Returns: %TRUE if the query ran
 */
gboolean
pk_sql_get_int (PkSql *self, const char *text, gint64 *value_out, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *query = pk_sql_prepare (self, text, error);
  if (query == NULL)
    return FALSE;
  *value_out = pk_statement_next (query, &local_error) ? pk_statement_get_int (query, 0) : 0;
  pk_statement_reset (query);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * pk_sql_get_changes:
 *
 * Returns: rows that the last INSERT, UPDATE or DELETE changed
 */
guint
pk_sql_get_changes (PkSql *self)
{
  return (guint) sqlite3_changes (self->handle);
}

/**
 * pk_sql_get_last_rowid:
 *
 * Returns: rowid of the last inserted row
 */
gint64
pk_sql_get_last_rowid (PkSql *self)
{
  return sqlite3_last_insert_rowid (self->handle);
}

/**
 * pk_sql_begin:
 *
 * Begins a writing transaction at once, so that it cannot fail half-way for want of the lock.
 *
 * Returns: %TRUE if it has begun
 */
gboolean
pk_sql_begin (PkSql *self, GError **error)
{
  g_assert (!pk_sql_in_transaction (self));
  return pk_sql_exec (self, "BEGIN IMMEDIATE", error);
}

/**
 * pk_sql_commit:
 *
 * Commits; where that fails, everything is rolled back.
 *
 * Returns: %TRUE if what was written is durable
 */
gboolean
pk_sql_commit (PkSql *self, GError **error)
{
  if (pk_sql_exec (self, "COMMIT", error))
    return TRUE;
  pk_sql_rollback (self);
  return FALSE;
}

/**
 * pk_sql_rollback:
 *
 * Undoes the transaction, if there is one.
 */
void
pk_sql_rollback (PkSql *self)
{
  pk_sql_assert_owner (self);
  self->depth = 0;
  if (pk_sql_in_transaction (self))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
}

/**
 * pk_sql_in_transaction:
 *
 * Returns: whether a transaction is open
 */
gboolean
pk_sql_in_transaction (PkSql *self)
{
  return !sqlite3_get_autocommit (self->handle);
}

/**
 * pk_sql_savepoint:
 *
 * Opens a savepoint; they nest.
 *
 * Returns: %TRUE if it is open
 */
gboolean
pk_sql_savepoint (PkSql *self, GError **error)
{
  if (!pk_sql_exec (self, "SAVEPOINT step", error))
    return FALSE;
  self->depth++;
  return TRUE;
}

/**
 * pk_sql_release:
 *
 * Keeps what was done since the last savepoint.
 *
 * Returns: %TRUE if it is closed
 */
gboolean
pk_sql_release (PkSql *self, GError **error)
{
  g_assert (self->depth > 0);
  self->depth--;
  return pk_sql_exec (self, "RELEASE step", error);
}

/**
 * pk_sql_rollback_to_savepoint:
 *
 * Undoes what was done since the last savepoint and closes it.
 */
void
pk_sql_rollback_to_savepoint (PkSql *self)
{
  pk_sql_assert_owner (self);
  if (self->depth == 0)
    return;
  self->depth--;
  sqlite3_exec (self->handle, "ROLLBACK TO step; RELEASE step", NULL, NULL, NULL);
}

/**
 * pk_sql_checkpoint:
 *
 * Moves the whole WAL into the file and empties it. Only for the one writing connection.
 *
 * Returns: %TRUE if it was done, also if a reader kept it from finishing
 */
gboolean
pk_sql_checkpoint (PkSql *self, GError **error)
{
  pk_sql_assert_owner (self);
  int result =
      sqlite3_wal_checkpoint_v2 (self->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  return result == SQLITE_BUSY || pk_sql_take_result (self, result, "Checkpoint", error);
}

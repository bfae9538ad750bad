/* What SQLite does for pk-sql.c and pk-statement.c. */
#include "config.h"

#include "pk-sqlite-private.h"

static PkSqlite *
of_sql (PkSql *sql)
{
  return (PkSqlite *) sql;
}

static sqlite3_stmt *
of_statement (PkStatement *statement)
{
  return ((PkSqliteStatement *) statement)->handle;
}

static void
free_statement (PkStatement *statement)
{
  sqlite3_finalize (of_statement (statement));
  pk_statement_clear (statement);
  g_free (statement);
}

static void
bind_int (PkStatement *statement, int place, gint64 value)
{
  int result = sqlite3_bind_int64 (of_statement (statement), place, value);
  g_assert (result == SQLITE_OK);
}

static void
bind_real (PkStatement *statement, int place, double value)
{
  int result = sqlite3_bind_double (of_statement (statement), place, value);
  g_assert (result == SQLITE_OK);
}

static void
bind_text (PkStatement *statement, int place, const char *value)
{
  int result = sqlite3_bind_text (of_statement (statement), place, value, -1, SQLITE_TRANSIENT);
  g_assert (result == SQLITE_OK);
}

static void
bind_blob (PkStatement *statement, int place, gconstpointer bytes, gsize size)
{
  int result = sqlite3_bind_blob64 (of_statement (statement), place, bytes, size, SQLITE_TRANSIENT);
  g_assert (result == SQLITE_OK);
}

static void
reset (PkStatement *statement)
{
  sqlite3_reset (of_statement (statement));
}

static void
clear (PkStatement *statement)
{
  sqlite3_reset (of_statement (statement));
  sqlite3_clear_bindings (of_statement (statement));
}

/* Another connection may be changing the schema at this very moment: before the first row it is simply looked again. */
static int
step (sqlite3_stmt *handle)
{
  int result = sqlite3_step (handle);

  for (int i = 0; i < PK_SQLITE_SCHEMA_LOOKS && (result & 0xff) == SQLITE_SCHEMA; i++)
    {
      sqlite3_reset (handle);
      result = sqlite3_step (handle);
    }
  return result;
}

static gboolean
next (PkStatement *statement, GError **error)
{
  sqlite3_stmt *handle = of_statement (statement);
  int result = step (handle);

  if (result == SQLITE_ROW)
    return TRUE;
  pk_sqlite_take_result (of_sql (statement->sql), result, statement->text, error);
  sqlite3_reset (handle);
  return FALSE;
}

static gboolean
run (PkStatement *statement, GError **error)
{
  sqlite3_stmt *handle = of_statement (statement);
  int result;

  do
    result = step (handle);
  while (result == SQLITE_ROW);
  gboolean is_done =
      pk_sqlite_take_result (of_sql (statement->sql), result, statement->text, error);
  sqlite3_reset (handle);
  return is_done;
}

static gboolean
is_null (PkStatement *statement, int column)
{
  return sqlite3_column_type (of_statement (statement), column) == SQLITE_NULL;
}

static gint64
get_int (PkStatement *statement, int column)
{
  return sqlite3_column_int64 (of_statement (statement), column);
}

static double
get_real (PkStatement *statement, int column)
{
  return sqlite3_column_double (of_statement (statement), column);
}

static const char *
get_text (PkStatement *statement, int column)
{
  return (const char *) sqlite3_column_text (of_statement (statement), column);
}

static gconstpointer
get_blob (PkStatement *statement, int column, gsize *size_out)
{
  gconstpointer bytes = sqlite3_column_blob (of_statement (statement), column);

  *size_out = (gsize) sqlite3_column_bytes (of_statement (statement), column);
  return bytes;
}

static const PkStatementDriver statement_driver = {
  .free = free_statement,
  .bind_int = bind_int,
  .bind_real = bind_real,
  .bind_text = bind_text,
  .bind_blob = bind_blob,
  .clear = clear,
  .next = next,
  .run = run,
  .reset = reset,
  .is_null = is_null,
  .get_int = get_int,
  .get_real = get_real,
  .get_text = get_text,
  .get_blob = get_blob,
};

static void
close_file (PkSql *sql)
{
  int result = sqlite3_close (of_sql (sql)->handle);

  g_assert (result == SQLITE_OK);
  g_free (sql);
}

static void
interrupt (PkSql *sql)
{
  sqlite3_interrupt (of_sql (sql)->handle);
}

static gboolean
exec (PkSql *sql, const char *text, GError **error)
{
  PkSqlite *self = of_sql (sql);

  return pk_sqlite_take_result (self,
                                sqlite3_exec (self->handle, text, NULL, NULL, NULL),
                                text,
                                error);
}

static PkStatement *
prepare (PkSql *sql, const char *text, GError **error)
{
  PkSqlite *self = of_sql (sql);
  sqlite3_stmt *handle = NULL;
  int result = SQLITE_SCHEMA;

  for (int i = 0; i < PK_SQLITE_SCHEMA_LOOKS && (result & 0xff) == SQLITE_SCHEMA; i++)
    result = sqlite3_prepare_v3 (self->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
  if (!pk_sqlite_take_result (self, result, text, error))
    return NULL;
  PkSqliteStatement *statement = g_new0 (PkSqliteStatement, 1);
  pk_statement_init (&statement->base, &statement_driver, sql, text);
  statement->handle = handle;
  return &statement->base;
}

static gboolean
begin (PkSql *sql, GError **error)
{
  return exec (sql, "BEGIN IMMEDIATE", error);
}

static gboolean
begin_reading (PkSql *sql, GError **error)
{
  return exec (sql, "BEGIN", error);
}

static gboolean
commit (PkSql *sql, GError **error)
{
  return exec (sql, "COMMIT", error);
}

static void
roll_back (PkSql *sql)
{
  sqlite3_exec (of_sql (sql)->handle, "ROLLBACK", NULL, NULL, NULL);
}

static void
roll_back_to_savepoint (PkSql *sql)
{
  sqlite3_exec (of_sql (sql)->handle, "ROLLBACK TO step; RELEASE step", NULL, NULL, NULL);
}

static gboolean
in_transaction (PkSql *sql)
{
  return !sqlite3_get_autocommit (of_sql (sql)->handle);
}

/* Moves the whole WAL into the file and empties it; a reader that keeps it from finishing is no failure. */
static gboolean
checkpoint (PkSql *sql, GError **error)
{
  PkSqlite *self = of_sql (sql);
  int result =
      sqlite3_wal_checkpoint_v2 (self->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

  return result == SQLITE_BUSY || pk_sqlite_take_result (self, result, "Checkpoint", error);
}

static guint
get_changes (PkSql *sql)
{
  return (guint) sqlite3_changes (of_sql (sql)->handle);
}

const PkSqlDriver pk_sqlite_driver = {
  .close = close_file,
  .interrupt = interrupt,
  .exec = exec,
  .prepare = prepare,
  .begin = begin,
  .begin_reading = begin_reading,
  .commit = commit,
  .rollback = roll_back,
  .rollback_to_savepoint = roll_back_to_savepoint,
  .in_transaction = in_transaction,
  .checkpoint = checkpoint,
  .get_changes = get_changes,
};

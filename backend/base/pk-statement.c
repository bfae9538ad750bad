/* Statements: values are bound, rows are stepped through, columns are read. The texts are pk-sql.c's. */
#include "config.h"

#include "pk-sql-private.h"

/**
 * pk_statement_bind_int:
 *
 * Binds a whole number.
 */
void
pk_statement_bind_int (PkStatement *self, int place, gint64 value)
{
  int result = sqlite3_bind_int64 (self->handle, place, value);
  g_assert (result == SQLITE_OK);
}

/**
 * pk_statement_bind_real:
 *
 * Binds a floating-point number.
 */
void
pk_statement_bind_real (PkStatement *self, int place, double value)
{
  int result = sqlite3_bind_double (self->handle, place, value);
  g_assert (result == SQLITE_OK);
}

/**
 * pk_statement_bind_text:
 * @value: (nullable): UTF-8, copied
 *
 * Binds a text.
 */
void
pk_statement_bind_text (PkStatement *self, int place, const char *value)
{
  int result = sqlite3_bind_text (self->handle, place, value, -1, SQLITE_TRANSIENT);
  g_assert (result == SQLITE_OK);
}

/**
 * pk_statement_bind_blob:
 * @bytes: (nullable): copied
 *
 * Binds bytes.
 */
void
pk_statement_bind_blob (PkStatement *self, int place, gconstpointer bytes, gsize size)
{
  int result = sqlite3_bind_blob64 (self->handle, place, bytes, size, SQLITE_TRANSIENT);
  g_assert (result == SQLITE_OK);
}

/**
 * pk_statement_bind_id:
 * @id: (nullable): copied
 *
 * Binds the 16 bytes of an id.
 */
void
pk_statement_bind_id (PkStatement *self, int place, const PkId *id)
{
  pk_statement_bind_blob (self, place, id, id ? sizeof *id : 0);
}

/**
 * pk_statement_bind_null:
 *
 * Binds NULL.
 */
void
pk_statement_bind_null (PkStatement *self, int place)
{
  int result = sqlite3_bind_null (self->handle, place);
  g_assert (result == SQLITE_OK);
}

/* Another connection may be changing the schema at this very moment: before the first row it is simply looked again. */
static int
step (PkStatement *self)
{
  int result = sqlite3_step (self->handle);

  for (int i = 0; i < PK_SQL_SCHEMA_LOOKS && (result & 0xff) == SQLITE_SCHEMA; i++)
    {
      sqlite3_reset (self->handle);
      result = sqlite3_step (self->handle);
    }
  return result;
}

/**
 * pk_statement_next:
 *
 * Steps to the next row. After the last row, and after an error, the statement is reset.
 *
 * Returns: %TRUE if there is a row; %FALSE at the end, and with @error set if it failed
 */
gboolean
pk_statement_next (PkStatement *self, GError **error)
{
  pk_sql_assert_owner (self->sql);
  int result = step (self);
  if (result == SQLITE_ROW)
    return TRUE;
  pk_sql_take_result (self->sql, result, sqlite3_sql (self->handle), error);
  sqlite3_reset (self->handle);
  return FALSE;
}

/**
 * pk_statement_run:
 *
 * Runs a statement whose rows, if any, nobody wants, and resets it.
 *
 * Returns: %TRUE if it ran
 */
gboolean
pk_statement_run (PkStatement *self, GError **error)
{
  pk_sql_assert_owner (self->sql);
  int result;
  do
    result = step (self);
  while (result == SQLITE_ROW);
  gboolean is_done = pk_sql_take_result (self->sql, result, sqlite3_sql (self->handle), error);
  sqlite3_reset (self->handle);
  return is_done;
}

/**
 * pk_statement_reset:
 *
 * Ends a query before its last row, so that it holds no snapshot of the database.
 */
void
pk_statement_reset (PkStatement *self)
{
  sqlite3_reset (self->handle);
}

/**
 * pk_statement_is_null:
 *
 * Returns: whether the column is NULL
 */
gboolean
pk_statement_is_null (PkStatement *self, int column)
{
  return sqlite3_column_type (self->handle, column) == SQLITE_NULL;
}

/**
 * pk_statement_get_int:
 *
 * Returns: the column as a whole number; 0 for NULL
 */
gint64
pk_statement_get_int (PkStatement *self, int column)
{
  return sqlite3_column_int64 (self->handle, column);
}

/**
 * pk_statement_get_real:
 *
 * Returns: the column as a floating-point number; 0 for NULL
 */
double
pk_statement_get_real (PkStatement *self, int column)
{
  return sqlite3_column_double (self->handle, column);
}

/**
 * pk_statement_get_text:
 *
 * Returns: (nullable) (transfer none): the column as text; lives until the next step
 */
const char *
pk_statement_get_text (PkStatement *self, int column)
{
  return (const char *) sqlite3_column_text (self->handle, column);
}

/**
 * pk_statement_get_blob:
 * @size_out: (out): bytes
 *
 * Returns: (nullable) (transfer none): the column's bytes; they live until the next step
 */
gconstpointer
pk_statement_get_blob (PkStatement *self, int column, gsize *size_out)
{
  gconstpointer bytes = sqlite3_column_blob (self->handle, column);

  *size_out = (gsize) sqlite3_column_bytes (self->handle, column);
  return bytes;
}

/**
 * pk_statement_get_id:
 * @id_out: (out): the id; all zero where the column holds none
 *
 * Returns: whether the column holds 16 bytes
 */
gboolean
pk_statement_get_id (PkStatement *self, int column, PkId *id_out)
{
  gsize size;
  gconstpointer bytes = pk_statement_get_blob (self, column, &size);

  if (bytes == NULL || size != sizeof *id_out)
    {
      *id_out = (PkId){ { 0 } };
      return FALSE;
    }
  *id_out = *(const PkId *) bytes;
  return TRUE;
}

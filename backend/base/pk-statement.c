/* Statements: values are bound, rows are stepped through, columns are read. The texts are pk-sql.c's, the work a driver's. */
#include "config.h"

#include "pk-sql-driver.h"

/**
 * pk_statement_init:
 *
 * For a driver: makes the common part of a new statement.
 */
void
pk_statement_init (PkStatement *self, const PkStatementDriver *driver, PkSql *sql, const char *text)
{
  self->driver = driver;
  self->sql = sql;
  self->text = g_strdup (text);
}

/**
 * pk_statement_clear:
 *
 * For a driver: frees what the common part owns.
 */
void
pk_statement_clear (PkStatement *self)
{
  g_free (self->text);
}

/**
 * pk_statement_bind_int:
 *
 * Binds a whole number.
 */
void
pk_statement_bind_int (PkStatement *self, int place, gint64 value)
{
  self->driver->bind_int (self, place, value);
}

/**
 * pk_statement_bind_real:
 *
 * Binds a floating-point number.
 */
void
pk_statement_bind_real (PkStatement *self, int place, double value)
{
  self->driver->bind_real (self, place, value);
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
  self->driver->bind_text (self, place, value);
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
  self->driver->bind_blob (self, place, bytes, size);
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
  self->driver->bind_blob (self, place, NULL, 0);
}

/**
 * pk_statement_stream:
 *
 * To be said before a run whose rows are many: an engine that sends rows over a socket then holds few of them at a time.
 */
void
pk_statement_stream (PkStatement *self)
{
  if (self->driver->stream != NULL)
    self->driver->stream (self);
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
  g_assert (self->sql->owner == g_thread_self ());
  return self->driver->next (self, error);
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
  g_assert (self->sql->owner == g_thread_self ());
  return self->driver->run (self, error);
}

/**
 * pk_statement_reset:
 *
 * Ends a query before its last row, so that it holds no snapshot of the database.
 */
void
pk_statement_reset (PkStatement *self)
{
  self->driver->reset (self);
}

/**
 * pk_statement_is_null:
 *
 * Returns: whether the column is NULL
 */
gboolean
pk_statement_is_null (PkStatement *self, int column)
{
  return self->driver->is_null (self, column);
}

/**
 * pk_statement_get_int:
 *
 * Returns: the column as a whole number; 0 for NULL
 */
gint64
pk_statement_get_int (PkStatement *self, int column)
{
  return self->driver->get_int (self, column);
}

/**
 * pk_statement_get_real:
 *
 * Returns: the column as a floating-point number; 0 for NULL
 */
double
pk_statement_get_real (PkStatement *self, int column)
{
  return self->driver->get_real (self, column);
}

/**
 * pk_statement_get_text:
 *
 * Returns: (nullable) (transfer none): the column as text; lives until the next step
 */
const char *
pk_statement_get_text (PkStatement *self, int column)
{
  return self->driver->get_text (self, column);
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
  return self->driver->get_blob (self, column, size_out);
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

/*
 * SQL, wrapped so that mistakes are hard: bound values only, errors with their context, one thread per connection. What is the
 * same for every engine is here; what an engine does itself stands behind pk-sql-driver.h.
 */
#include "config.h"

#include "pk-sql.h"

#include "pk-sql-driver.h"

G_DEFINE_QUARK (pk_sql_error, pk_sql_error)

static void
assert_owner (PkSql *self)
{
  g_assert (self->owner == g_thread_self ());
}

static void
free_statement (gpointer data)
{
  PkStatement *self = data;

  self->driver->free (self);
}

/**
 * pk_sql_init:
 * @path: what was opened, for messages
 *
 * For a driver: makes the common part of a new connection, which the calling thread owns.
 */
void
pk_sql_init (PkSql *self, const PkSqlDriver *driver, const char *path)
{
  self->driver = driver;
  self->path = g_strdup (path);
  self->owner = g_thread_self ();
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_statement);
  self->shortcuts = g_hash_table_new (NULL, NULL);
}

/**
 * pk_sql_close:
 *
 * Frees all statements and closes; an open transaction is rolled back.
 */
void
pk_sql_close (PkSql *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->shortcuts);
  g_hash_table_unref (self->statements);
  g_free (self->path);
  self->driver->close (self);
}

/**
 * pk_sql_forget_statements:
 *
 * For a driver: frees all prepared statements.
 */
void
pk_sql_forget_statements (PkSql *self)
{
  g_hash_table_remove_all (self->shortcuts);
  g_hash_table_remove_all (self->statements);
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
  self->driver->interrupt (self);
}

/**
 * pk_sql_get_path:
 *
 * Returns: the path or address that was opened
 */
const char *
pk_sql_get_path (PkSql *self)
{
  return self->path;
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
  assert_owner (self);
  return self->driver->exec (self, text, error);
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
  assert_owner (self);
  PkStatement *statement = find_statement (self, text);
  if (statement != NULL)
    {
      statement->driver->clear (statement);
      return statement;
    }
  statement = self->driver->prepare (self, text, error);
  if (statement != NULL)
    g_hash_table_insert (self->statements, statement->text, statement);
  return statement;
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
  return self->driver->get_changes (self);
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
  assert_owner (self);
  g_assert (!pk_sql_in_transaction (self));
  return self->driver->begin (self, error);
}

/**
 * pk_sql_begin_reading:
 *
 * Begins a transaction in which all reading sees one state. Ended by [func@sql_rollback].
 *
 * Returns: %TRUE if it has begun
 */
gboolean
pk_sql_begin_reading (PkSql *self, GError **error)
{
  assert_owner (self);
  return self->driver->begin_reading (self, error);
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
  assert_owner (self);
  if (self->driver->commit (self, error))
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
  assert_owner (self);
  self->depth = 0;
  if (pk_sql_in_transaction (self))
    self->driver->rollback (self);
}

/**
 * pk_sql_in_transaction:
 *
 * Returns: whether a transaction is open
 */
gboolean
pk_sql_in_transaction (PkSql *self)
{
  return self->driver->in_transaction (self);
}

/**
 * pk_sql_is_lost:
 *
 * Returns: whether the connection is no use any more and must be opened anew
 */
gboolean
pk_sql_is_lost (PkSql *self)
{
  return self->driver->is_lost != NULL && self->driver->is_lost (self);
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
  PkStatement *mark = pk_sql_prepare (self, "SAVEPOINT step", error);

  if (mark == NULL || !pk_statement_run (mark, error))
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
  PkStatement *release = pk_sql_prepare (self, "RELEASE step", error);
  self->depth--;
  return release != NULL && pk_statement_run (release, error);
}

/**
 * pk_sql_rollback_to_savepoint:
 *
 * Undoes what was done since the last savepoint and closes it.
 */
void
pk_sql_rollback_to_savepoint (PkSql *self)
{
  assert_owner (self);
  if (self->depth == 0)
    return;
  self->depth--;
  self->driver->rollback_to_savepoint (self);
}

/**
 * pk_sql_checkpoint:
 *
 * What the engine does now and then for a file, such as moving the whole WAL into it. Only for the one writing connection.
 *
 * Returns: %TRUE if it was done, also if a reader kept it from finishing
 */
gboolean
pk_sql_checkpoint (PkSql *self, GError **error)
{
  assert_owner (self);
  return self->driver->checkpoint (self, error);
}

/* Small facts about a file, kept in the file: table meta (name, value). Both files have one. On the owner's thread. */
#include "config.h"

#include "pk-writer-private.h"

static PkStatement *
find (PkSql *sql, const char *name, GError **error)
{
  PkStatement *query = pk_sql_prepare (sql, "SELECT value FROM meta WHERE name = ?1", error);

  if (query != NULL)
    pk_statement_bind_text (query, 1, name);
  return query;
}

static PkStatement *
prepare_set (PkSql *sql, const char *name, GError **error)
{
  PkStatement *set = pk_sql_prepare (
      sql,
      "INSERT INTO meta (name, value) VALUES (?1, ?2)"
      " ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value",
      error);

  if (set != NULL)
    pk_statement_bind_text (set, 1, name);
  return set;
}

/**
 * pk_meta_get_int:
 * @fallback: where the name is not there
 *
 * Returns: %TRUE unless the file could not be read
 */
gboolean
pk_meta_get_int (PkSql *sql, const char *name, gint64 fallback, gint64 *out, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *query = find (sql, name, error);

  if (query == NULL)
    return FALSE;
  *out = pk_statement_next (query, &local_error) ? pk_statement_get_int (query, 0) : fallback;
  pk_statement_reset (query);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * pk_meta_set_int:
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_meta_set_int (PkSql *sql, const char *name, gint64 value, GError **error)
{
  PkStatement *set = prepare_set (sql, name, error);

  if (set == NULL)
    return FALSE;
  pk_statement_bind_int (set, 2, value);
  return pk_statement_run (set, error);
}

/**
 * pk_meta_get_id:
 * @out: (out): all zero where the name is not there
 *
 * Returns: %TRUE unless the file could not be read
 */
gboolean
pk_meta_get_id (PkSql *sql, const char *name, PkId *out, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *query = find (sql, name, error);

  *out = (PkId){ { 0 } };
  if (query == NULL)
    return FALSE;
  if (pk_statement_next (query, &local_error))
    pk_statement_get_id (query, 0, out);
  pk_statement_reset (query);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * pk_meta_set_id:
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_meta_set_id (PkSql *sql, const char *name, const PkId *id, GError **error)
{
  PkStatement *set = prepare_set (sql, name, error);

  if (set == NULL)
    return FALSE;
  pk_statement_bind_id (set, 2, id);
  return pk_statement_run (set, error);
}

/*
 * Moving rows between a database of SQLite's and one of PostgreSQL's. The tables and columns are those that SQLite lists: both
 * have the same, but for what only one of them needs (see pk-store-postgres.c): the last number is a row here and a constant with
 * a line there, and a scope's counts are of another type.
 */
#include "config.h"

#include "pk-store-copy-private.h"

#include "pk-hash.h"
#include "pk-query-copy.h"
#include "pk-store-log.h"

static void
clear_column (gpointer data)
{
  g_free (((PkCopyColumn *) data)->name);
}

/* Those that have nothing of their own kind. */
static GPtrArray *
list_tables (PkSql *sqlite, GError **error)
{
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (g_free);
  PkStatement *query = pk_sql_prepare (sqlite,
                                       "SELECT name FROM sqlite_schema WHERE type = 'table' AND"
                                       " name NOT LIKE 'sqlite_%' AND name NOT IN ('meta', 'scope')"
                                       " ORDER BY name",
                                       error);
  gboolean has_row;

  while (query != NULL && pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return g_steal_pointer (&tables);
      g_ptr_array_add (tables, g_strdup (pk_statement_get_text (query, 0)));
    }
  return NULL;
}

static GArray *
list_columns (PkSql *sqlite, const char *table, GError **error)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (PkCopyColumn));
  PkStatement *query =
      pk_sql_prepare (sqlite, "SELECT name, type FROM pragma_table_info(?1)", error);
  gboolean has_row;

  g_array_set_clear_func (columns, clear_column);
  if (query == NULL)
    return NULL;
  pk_statement_bind_text (query, 1, table);
  while (pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return g_steal_pointer (&columns);
      PkCopyColumn column = { g_strdup (pk_statement_get_text (query, 0)),
                              g_ascii_tolower (pk_statement_get_text (query, 1)[0]) };
      g_array_append_val (columns, column);
    }
  return NULL;
}

static void
copy_value (PkStatement *from, PkStatement *to, guint place, char type)
{
  int column = (int) place, parameter = column + 1;
  gconstpointer bytes;
  gsize size;

  if (pk_statement_is_null (from, column))
    return;
  switch (type)
    {
    case 'i':
      pk_statement_bind_int (to, parameter, pk_statement_get_int (from, column));
      return;
    case 'r':
      pk_statement_bind_real (to, parameter, pk_statement_get_real (from, column));
      return;
    case 't':
      pk_statement_bind_text (to, parameter, pk_statement_get_text (from, column));
      return;
    default:
      bytes = pk_statement_get_blob (from, column, &size);
      pk_statement_bind_blob (to, parameter, size > 0 ? bytes : "", size);
    }
}

static gboolean
pour_rows (PkStatement *from, PkSql *to, const char *insert, const char *types, GError **error)
{
  gboolean has_row;

  pk_statement_stream (from);
  while (pk_store_step (from, &has_row, error))
    {
      if (!has_row)
        return TRUE;
      PkStatement *put = pk_sql_prepare (to, insert, error);
      if (put == NULL)
        return FALSE;
      for (guint i = 0; types[i] != '\0'; i++)
        copy_value (from, put, i, types[i]);
      if (!pk_statement_run (put, error))
        return FALSE;
    }
  return FALSE;
}

static gboolean
pour_table (PkSql *from, PkSql *to, const char *table, GArray *columns, GError **error)
{
  g_autofree char *out = pk_query_copy_out (table, columns);
  g_autofree char *in = pk_query_copy_in (table, columns);
  g_autofree char *clear = pk_query_copy_clear (table);
  g_autoptr (GString) types = g_string_new (NULL);

  for (guint i = 0; i < columns->len; i++)
    g_string_append_c (types, g_array_index (columns, PkCopyColumn, i).type);
  if (!pk_sql_exec (to, clear, error))
    return FALSE;
  PkStatement *query = pk_sql_prepare (from, out, error);
  if (query == NULL || !pour_rows (query, to, in, types->str, error))
    {
      g_prefix_error (error, "%s: ", table);
      return FALSE;
    }
  return TRUE;
}

static gboolean
pour_tables (PkSql *sqlite, PkSql *from, PkSql *to, GError **error)
{
  g_autoptr (GPtrArray) tables = list_tables (sqlite, error);

  for (guint i = 0; tables != NULL && i < tables->len; i++)
    {
      g_autoptr (GArray) columns = list_columns (sqlite, tables->pdata[i], error);
      if (columns == NULL || !pour_table (from, to, tables->pdata[i], columns, error))
        return FALSE;
    }
  return tables != NULL;
}

static gboolean
pour_query (PkSql *from,
            const char *query,
            PkSql *to,
            const char *insert,
            const char *types,
            GError **error)
{
  PkStatement *statement = pk_sql_prepare (from, query, error);

  return statement != NULL && pour_rows (statement, to, insert, types, error);
}

/* So that the next row does not get a number that is taken. */
static gboolean
move_sequence (PkStore *self, const char *table, const char *column, GError **error)
{
  g_autofree char *text = pk_query_copy_greatest (table, column);
  gint64 greatest;

  if (!pk_sql_get_int (self->sql, text, &greatest, error))
    return FALSE;
  PkStatement *set =
      pk_sql_prepare (self->sql, "SELECT setval (pg_get_serial_sequence (?1, ?2), ?3)", error);
  if (set == NULL)
    return FALSE;
  pk_statement_bind_text (set, 1, table);
  pk_statement_bind_text (set, 2, column);
  pk_statement_bind_int (set, 3, greatest);
  return pk_statement_run (set, error);
}

static gboolean
move_sequences (PkStore *self, GError **error)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    if (!move_sequence (self, pk_model.entities[i].name, "rid", error))
      return FALSE;
  return move_sequence (self, "scope_row", "number", error);
}

/* Numbers go on above the greatest that is here. */
static gboolean
take_last_number (PkStore *self, PkSql *sqlite, GError **error)
{
  gint64 seq;

  if (!pk_sql_get_int (sqlite,
                       "SELECT coalesce (max (CAST (value AS INTEGER)), 0) FROM meta"
                       " WHERE key = 'seq'",
                       &seq,
                       error))
    return FALSE;
  PkStatement *raise = pk_sql_prepare (self->sql,
                                       "UPDATE meta SET value = greatest (value::bigint, ?1"
                                       " - pg_current_xact_id ()::text::bigint)::text"
                                       " WHERE key = 'number-base'",
                                       error);
  if (raise == NULL)
    return FALSE;
  pk_statement_bind_int (raise, 1, seq);
  if (!pk_statement_run (raise, error))
    return FALSE;
  PkStatement *insert = pk_sql_prepare (self->sql,
                                        "INSERT INTO log_change (number) VALUES (?1)"
                                        " ON CONFLICT (number) DO NOTHING",
                                        error);
  if (insert == NULL)
    return FALSE;
  pk_statement_bind_int (insert, 1, seq);
  return pk_statement_run (insert, error);
}

/**
 * pk_store_copy_in:
 * @self: a writer on PostgreSQL, in a transaction
 * @sqlite: a store of SQLite's that is up to date
 *
 * Puts all rows of @sqlite in the place of those that are here.
 */
gboolean
pk_store_copy_in (PkStore *self, PkSql *sqlite, GError **error)
{
  return pk_sql_exec (self->sql,
                      "DELETE FROM meta WHERE key <> 'number-base'; DELETE FROM scope_change;"
                      "DELETE FROM scope_row",
                      error) &&
         pour_tables (sqlite, sqlite, self->sql, error) &&
         pour_query (sqlite,
                     "SELECT key, value FROM meta WHERE key <> 'seq'",
                     self->sql,
                     "INSERT INTO meta (key, value) VALUES (?1, ?2)",
                     "tt",
                     error) &&
         pour_query (sqlite,
                     "SELECT number, name, count, fp_high, fp_low, last_seq, horizon FROM scope",
                     self->sql,
                     "INSERT INTO scope_row (number, name, count, fp, last_seq, horizon)"
                     " VALUES (?1, ?2, ?3, fp_of (?4, ?5), ?6, ?7)",
                     "itiiiii",
                     error) &&
         move_sequences (self, error) && take_last_number (self, sqlite, error);
}

/**
 * pk_store_copy_out:
 * @self: on PostgreSQL, in a transaction that sees one state
 * @sqlite: a store of SQLite's that is up to date, in a transaction
 *
 * Puts all rows that are here in the place of those of @sqlite.
 */
gboolean
pk_store_copy_out (PkStore *self, PkSql *sqlite, GError **error)
{
  return pk_sql_exec (sqlite, "DELETE FROM meta; DELETE FROM scope", error) &&
         pour_tables (sqlite, self->sql, sqlite, error) &&
         pour_query (self->sql,
                     "SELECT key, value FROM meta WHERE key <> 'number-base' UNION ALL"
                     " SELECT 'seq', coalesce (max (number), 0)::text FROM log_change",
                     sqlite,
                     "INSERT INTO meta (key, value) VALUES (?1, ?2)",
                     "tt",
                     error) &&
         pour_query (self->sql,
                     "SELECT number, name, count, fp_high, fp_low, last_seq, horizon FROM scope",
                     sqlite,
                     "INSERT INTO scope (number, name, count, fp_high, fp_low, last_seq, horizon)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                     "itiiiii",
                     error);
}

static gboolean
fail_check (GError **error, const char *what)
{
  g_set_error (error, PK_SQL_ERROR, PK_SQL_ERROR_CORRUPT, "%s is not the same after copying", what);
  return FALSE;
}

static gboolean
check_counts (PkStore *self, PkSql *sqlite, gint64 *n_rows_out, GError **error)
{
  g_autoptr (GPtrArray) tables = list_tables (sqlite, error);

  *n_rows_out = 0;
  for (guint i = 0; tables != NULL && i < tables->len; i++)
    {
      g_autofree char *text = pk_query_copy_count (tables->pdata[i]);
      gint64 here, there;
      if (!pk_sql_get_int (self->sql, text, &here, error) ||
          !pk_sql_get_int (sqlite, text, &there, error))
        return FALSE;
      if (here != there)
        return fail_check (error, tables->pdata[i]);
      *n_rows_out += here;
    }
  return tables != NULL;
}

/* What one scope comes to, added up from its lines. */
typedef struct
{
  gint64 count;
  PkFingerprint fingerprint;
} Sum;

static gboolean
add_line (const PkLogLine *line, gpointer data)
{
  Sum *sum = data;

  if (line->state != PK_LOG_IN)
    return TRUE;
  sum->count++;
  pk_fingerprint_add (&sum->fingerprint, line->entity->id, &line->id, line->seq);
  return TRUE;
}

static gboolean
check_scope (PkStore *self, PkStatement *there, GError **error)
{
  Sum sum = { 0, { 0, 0 } };
  PkFingerprint fingerprint = { (guint64) pk_statement_get_int (there, 2),
                                (guint64) pk_statement_get_int (there, 3) };

  if (!pk_store_visit_log (self,
                           pk_statement_get_int (there, 0),
                           0,
                           G_MAXINT64,
                           add_line,
                           &sum,
                           error))
    return FALSE;
  return (sum.count == pk_statement_get_int (there, 1) &&
          pk_fingerprint_equal (&sum.fingerprint, &fingerprint)) ||
         fail_check (error, pk_statement_get_text (there, 4));
}

/**
 * pk_store_copy_check:
 * @n_rows_out: (out): how many rows there are
 *
 * Compares the rows of each table by their number, and each scope's count and fingerprint, added up from the lines that are here,
 * with what @sqlite says.
 *
 * Errors: %PK_SQL_ERROR_CORRUPT
 */
gboolean
pk_store_copy_check (PkStore *self, PkSql *sqlite, gint64 *n_rows_out, GError **error)
{
  PkStatement *query;
  gboolean has_row;

  if (!check_counts (self, sqlite, n_rows_out, error))
    return FALSE;
  query = pk_sql_prepare (sqlite, "SELECT number, count, fp_high, fp_low, name FROM scope", error);
  while (query != NULL && pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return TRUE;
      if (!check_scope (self, query, error))
        return FALSE;
    }
  return FALSE;
}

/* SQL text of copying tables, whose names come from the database's own list of tables and columns. */
#include "config.h"

#include "pk-query-copy.h"

static void
append_names (GString *text, GArray *columns)
{
  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (text,
                            "%s%s",
                            i > 0 ? ", " : "",
                            g_array_index (columns, PkCopyColumn, i).name);
}

/**
 * pk_query_copy_out:
 * @columns: (element-type PkCopyColumn): of the table
 *
 * Returns: (transfer full): all rows
 */
char *
pk_query_copy_out (const char *table, GArray *columns)
{
  GString *text = g_string_new ("SELECT ");

  append_names (text, columns);
  g_string_append_printf (text, " FROM %s", table);
  return g_string_free (text, FALSE);
}

/**
 * pk_query_copy_in:
 * @columns: (element-type PkCopyColumn): of the table
 *
 * Returns: (transfer full): INSERT of one row, ?1 … in the order of the columns
 */
char *
pk_query_copy_in (const char *table, GArray *columns)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "INSERT INTO %s (", table);
  append_names (text, columns);
  g_string_append (text, ") VALUES (");
  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (text, "%s?%u", i > 0 ? ", " : "", i + 1);
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

/**
 * pk_query_copy_clear:
 *
 * Returns: (transfer full): DELETE of all rows
 */
char *
pk_query_copy_clear (const char *table)
{
  return g_strdup_printf ("DELETE FROM %s", table);
}

/**
 * pk_query_copy_count:
 *
 * Returns: (transfer full): how many rows there are
 */
char *
pk_query_copy_count (const char *table)
{
  return g_strdup_printf ("SELECT count(*) FROM %s", table);
}

/**
 * pk_query_copy_greatest:
 *
 * Returns: (transfer full): the greatest number in a column; at least 1
 */
char *
pk_query_copy_greatest (const char *table, const char *column)
{
  return g_strdup_printf ("SELECT coalesce (max (%s), 1) FROM %s", column, table);
}

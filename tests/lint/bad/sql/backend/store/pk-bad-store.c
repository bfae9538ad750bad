/* Text from outside becomes SQL, straight and through a helper. */
#include "config.h"

#define COUNT_ALL "SELECT count(*) FROM task"

static const char *const steps[] = { "CREATE TABLE a (b)", "CREATE TABLE c (d)" };

static gboolean
run_text (PkSql *sql, const char *text, GError **error)
{
  return pk_sql_exec (sql, text, error);
}

static void
good_calls (PkSql *sql, gboolean is_open)
{
  g_autofree char *insert = pk_query_insert (entity);

  pk_sql_prepare (sql, "SELECT 1 "
                       "FROM task WHERE id = ?1", NULL);
  pk_sql_prepare (sql, insert, NULL);
  pk_sql_exec (sql, COUNT_ALL, NULL);
  pk_sql_exec (sql, is_open ? "BEGIN" : "COMMIT", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    run_text (sql, steps[i], NULL);
}

static void
bad_calls (PkSql *sql, const char *name, const char *wish)
{
  g_autofree char *text = g_strdup_printf ("SELECT id FROM %s", name);

  pk_sql_prepare (sql, text, NULL);
  run_text (sql, g_strconcat ("PRAGMA ", wish, NULL), NULL);
  sqlite3_exec (handle, wish, NULL, NULL, NULL);
}

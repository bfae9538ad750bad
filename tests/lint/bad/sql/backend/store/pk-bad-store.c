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
cached_calls (Store *self, MakeText make, const char *wish)
{
  const char *text = g_hash_table_lookup (self->good_texts, key);

  g_hash_table_insert (self->good_texts, key, pk_query_select (entity, "id"));
  g_hash_table_insert (self->bad_texts, key, g_strdup (wish));
  pk_sql_prepare (sql, text, NULL);
  pk_sql_prepare (sql, g_hash_table_lookup (self->bad_texts, key), NULL);
}

static void
bad_calls (PkSql *sql, const char *name, const char *wish)
{
  g_autofree char *text = g_strdup_printf ("SELECT id FROM %s", name);

  pk_sql_prepare (sql, text, NULL);
  run_text (sql, g_strconcat ("PRAGMA ", wish, NULL), NULL);
  sqlite3_exec (handle, wish, NULL, NULL, NULL);
}

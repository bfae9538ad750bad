/* Where the tests' stores have their rows: each in a schema of its own, so that one server is enough for a whole program. */
#include "config.h"

#include "pk-test-database.h"

#include "pk-store.h"
#if PK_HAS_POSTGRES
#include "pk-postgres.h"
#endif

/**
 * pk_test_database_is_postgres:
 *
 * Returns: whether stores are on PostgreSQL
 */
gboolean
pk_test_database_is_postgres (void)
{
  return PK_HAS_POSTGRES && g_getenv ("PK_TEST_POSTGRES") != NULL;
}

/* Letters are small in the names of schemas. */
static char *
dup_name (const char *dir)
{
  g_autofree char *base = g_path_get_basename (dir);
  char *name = g_ascii_strdown (base, -1);

  return g_strdelimit (name, "-", '_');
}

#if PK_HAS_POSTGRES
static void
make_schema (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkSql)
      sql = pk_postgres_open (g_getenv ("PK_TEST_POSTGRES"), PK_SQL_READ_WRITE, &error);

  g_assert_no_error (error);
  PkStatement *set = pk_sql_prepare (sql, "SELECT set_config ('pk.name', ?1, false)", &error);
  g_assert_no_error (error);
  pk_statement_bind_text (set, 1, name);
  g_assert_true (pk_statement_run (set, &error));
  pk_sql_exec (sql,
               "DO $$ BEGIN EXECUTE format ('CREATE SCHEMA %I', current_setting ('pk.name')); END "
               "$$",
               &error);
  g_assert_no_error (error);
}
#else
static void
make_schema (const char *name G_GNUC_UNUSED)
{
}
#endif

/**
 * pk_test_database_dup_address:
 * @dir: of a store
 *
 * Returns: (transfer full): the address of the store's schema
 */
char *
pk_test_database_dup_address (const char *dir)
{
  g_autofree char *name = dup_name (dir);

  return g_strdup_printf ("%s&options=-csearch_path%%3D%s", g_getenv ("PK_TEST_POSTGRES"), name);
}

/**
 * pk_test_database_set_up:
 * @dir: a folder that is there, for a store that is not there yet
 *
 * Gives the store its place. Nothing has to be done afterwards: the server is thrown away.
 */
void
pk_test_database_set_up (const char *dir)
{
  g_autofree char *name = dup_name (dir);
  g_autofree char *path = g_build_filename (dir, PK_STORE_ADDRESS, NULL);
  g_autofree char *address = NULL;

  if (!pk_test_database_is_postgres ())
    return;
  make_schema (name);
  address = pk_test_database_dup_address (dir);
  g_assert_true (g_file_set_contents (path, address, -1, NULL));
}

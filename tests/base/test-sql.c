/* The SQL wrapper: bound values come back, failures have codes, transactions hold. */
#include "config.h"

#include "pk-sql.h"

#include <glib/gstdio.h>

static PkSql *
open_memory (void)
{
  g_autoptr (GError) error = NULL;
  PkSql *sql = pk_sql_open (":memory:", PK_SQL_READ_WRITE, &error);

  g_assert_no_error (error);
  g_assert_true (
      pk_sql_exec (sql, "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL) STRICT", &error));
  return sql;
}

static gint64
count_rows (PkSql *sql)
{
  gint64 count = -1;

  g_assert_true (pk_sql_get_int (sql, "SELECT count(*) FROM t", &count, NULL));
  return count;
}

static void
test_bound_values_come_back_unchanged (void)
{
  g_autoptr (PkSql) sql = open_memory ();
  g_autoptr (GError) error = NULL;
  PkStatement *insert = pk_sql_prepare (sql, "INSERT INTO t (v) VALUES (?1)", &error);

  pk_statement_bind_text (insert, 1, "x'); DROP TABLE t; --");
  g_assert_true (pk_statement_run (insert, &error));
  PkStatement *query = pk_sql_prepare (sql, "SELECT v FROM t", &error);
  g_assert_true (pk_statement_next (query, &error));
  g_assert_cmpstr (pk_statement_get_text (query, 0), ==, "x'); DROP TABLE t; --");
  g_assert_false (pk_statement_next (query, &error));
  g_assert_no_error (error);
}

static void
test_a_text_that_changed_in_its_place_is_another_statement (void)
{
  g_autoptr (PkSql) sql = open_memory ();
  char text[] = "SELECT 1 AS a";

  for (char digit = '1'; digit <= '3'; digit++)
    {
      text[7] = digit;
      PkStatement *query = pk_sql_prepare (sql, text, NULL);
      g_assert_true (pk_statement_next (query, NULL));
      g_assert_cmpint (pk_statement_get_int (query, 0), ==, digit - '0');
    }
}

static void
test_a_refused_row_has_a_code (void)
{
  g_autoptr (PkSql) sql = open_memory ();
  g_autoptr (GError) error = NULL;

  g_assert_false (pk_sql_exec (sql, "INSERT INTO t (v) VALUES (NULL)", &error));
  g_assert_error (error, PK_SQL_ERROR, PK_SQL_ERROR_CONSTRAINT);
}

static void
test_a_savepoint_undoes_only_its_own_part (void)
{
  g_autoptr (PkSql) sql = open_memory ();

  g_assert_true (pk_sql_begin (sql, NULL));
  g_assert_true (pk_sql_exec (sql, "INSERT INTO t (v) VALUES ('a')", NULL));
  g_assert_true (pk_sql_savepoint (sql, NULL));
  g_assert_true (pk_sql_exec (sql, "INSERT INTO t (v) VALUES ('b')", NULL));
  pk_sql_rollback_to_savepoint (sql);
  g_assert_true (pk_sql_commit (sql, NULL));
  g_assert_cmpint (count_rows (sql), ==, 1);
}

static void
test_a_file_that_is_no_database_is_found_out_at_once (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "bad.db", NULL);
  g_autofree char *noise = g_strnfill (8192, 'x');
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (g_get_user_data_dir (), 0700);
  g_assert_true (g_file_set_contents (path, noise, 8192, NULL));
  g_autoptr (PkSql) sql = pk_sql_open (path, PK_SQL_READ_WRITE, &error);
  g_assert_null (sql);
  g_assert_error (error, PK_SQL_ERROR, PK_SQL_ERROR_CORRUPT);
}

static void
test_a_reader_cannot_write (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "read.db", NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (g_get_user_data_dir (), 0700);
  g_autoptr (PkSql) writer = pk_sql_open (path, PK_SQL_READ_WRITE, &error);
  g_assert_no_error (error);
  g_assert_true (pk_sql_exec (writer, "CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT", &error));
  g_autoptr (PkSql) reader = pk_sql_open (path, PK_SQL_READ_ONLY, &error);
  g_assert_no_error (error);
  g_assert_false (pk_sql_exec (reader, "INSERT INTO t VALUES (1)", &error));
  g_assert_error (error, PK_SQL_ERROR, PK_SQL_ERROR_READ_ONLY);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/sql/bound-values-come-back-unchanged", test_bound_values_come_back_unchanged);
  g_test_add_func ("/sql/a-text-that-changed-in-its-place-is-another-statement",
                   test_a_text_that_changed_in_its_place_is_another_statement);
  g_test_add_func ("/sql/a-refused-row-has-a-code", test_a_refused_row_has_a_code);
  g_test_add_func ("/sql/a-savepoint-undoes-only-its-own-part",
                   test_a_savepoint_undoes_only_its_own_part);
  g_test_add_func ("/sql/a-file-that-is-no-database-is-found-out-at-once",
                   test_a_file_that_is_no_database_is_found_out_at_once);
  g_test_add_func ("/sql/a-reader-cannot-write", test_a_reader_cannot_write);
  return g_test_run ();
}

/*
 * The way from version to version of the client's files: what older programs wrote is opened with made-up steps, and killed at each
 * statement on the way. However often, the next start finds all records and all that waits.
 */
#include "config.h"

#include "pk-old-file.h"
#include "pk-sql.h"
#include "pk-test.h"
#include "pk-writer-private.h"
#include "replica-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STORED_VERSION "1"
#define KILLED         9
#define LATER_SEQ      100

static const PkSchemaStep adding[] = {
  { PK_SCHEMA_ADD, FALSE, "ALTER TABLE scope ADD COLUMN note TEXT" },
};
static const PkSchemaStep asking[] = {
  { PK_SCHEMA_ADD, FALSE, "ALTER TABLE scope ADD COLUMN note TEXT" },
  { PK_SCHEMA_ADD, TRUE, "CREATE TABLE extra (name TEXT) STRICT; DELETE FROM search_state" },
};
static const PkSchemaStep rebuilding[] = {
  { PK_SCHEMA_ADD, FALSE, "ALTER TABLE scope ADD COLUMN note TEXT" },
  { PK_SCHEMA_REBUILD, TRUE, NULL },
};
static const PkSchemaStep outbox_adding[] = {
  { PK_SCHEMA_ADD,
    FALSE,
    "ALTER TABLE mutation ADD COLUMN note TEXT; ALTER TABLE upload ADD COLUMN note TEXT" },
};

static const PkSchemaPlan plan_adding = { adding, 1, PK_MODEL_VERSION };
static const PkSchemaPlan plan_asking = { asking, 2, PK_MODEL_VERSION };
static const PkSchemaPlan plan_rebuilding = { rebuilding, 2, PK_MODEL_VERSION };
static const PkSchemaPlan plan_of_model = { NULL, 0, PK_MODEL_VERSION + 1 };
static const PkSchemaPlan plan_of_outbox = { outbox_adding, 1, 0 };

static void
unpack (Fixture *fixture)
{
  g_autofree char *replica = g_build_filename (fixture->directory, "replica-1.db", NULL);
  g_autofree char *outbox = g_build_filename (fixture->directory, "outbox.db", NULL);

  pk_test_remove_tree (fixture->directory);
  g_assert_cmpint (g_mkdir (fixture->directory, 0700), ==, 0);
  g_free (pk_old_file_unpack ("replica", STORED_VERSION, replica));
  g_free (pk_old_file_unpack ("outbox", STORED_VERSION, outbox));
}

static void
begin (Fixture *fixture)
{
  fixture_set_up (fixture);
  fixture_crash (fixture);
  fixture->seq = LATER_SEQ;
  unpack (fixture);
}

static PkWriter *
open_writer (Fixture *fixture, const PkSchemaPlan *plan, GError **error)
{
  return pk_writer_open_planned (fixture->directory,
                                 fixture->clock,
                                 fixture->ids,
                                 &fixture->person,
                                 fixture->flags,
                                 plan,
                                 &plan_of_outbox,
                                 error);
}

static void
open_files (Fixture *fixture, const PkSchemaPlan *plan)
{
  g_autoptr (GError) error = NULL;

  fixture->writer = open_writer (fixture, plan, &error);
  g_assert_no_error (error);
  fixture->reader = pk_reader_open (fixture->directory, &error);
  g_assert_no_error (error);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char **) a, *(char **) b);
}

static void
assert_titles (Fixture *fixture, const char *expected)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_TASK);
  g_autoptr (PkTaskQuery) query = pk_task_query_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rids = pk_reader_query_tasks (fixture->reader, query, &error);
  g_autoptr (GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);

  g_assert_no_error (error);
  for (guint i = 0; i < rids->len; i++)
    {
      gint64 rid = g_array_index (rids, gint64, i);
      g_autoptr (PkRecord) task = pk_reader_find_by_rid (fixture->reader, entity, rid, &error);
      g_ptr_array_add (titles, g_strdup (pk_record_get_text (task, PK_TASK_TITLE)));
    }
  g_ptr_array_sort (titles, compare_texts);
  g_ptr_array_add (titles, NULL);
  g_autofree char *found = g_strjoinv (", ", (char **) titles->pdata);
  g_assert_cmpstr (found, ==, expected);
}

static void
assert_all_is_there (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  assert_titles (fixture, "Dør, Lampe i gangen, Snø på taket");
  g_autoptr (GPtrArray) waiting = pk_writer_take_unsent (fixture->writer, 0, 10, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (waiting->len, ==, 2);
  for (guint i = 0; i < waiting->len; i++)
    {
      g_autoptr (PkMutation) mutation = pk_outbox_entry_dup_mutation (waiting->pdata[i]);
      g_assert_nonnull (mutation);
    }
  g_assert_true (pk_writer_put_back_sent (fixture->writer, &error));
}

static guint
count_asked_scopes (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (fixture->writer, PK_PULL_DEFAULT, &error);

  g_assert_no_error (error);
  return request->scopes->len;
}

static void
assert_answer (Fixture *fixture, const char *text, gint64 expected)
{
  g_autofree char *path =
      pk_replica_path (fixture->directory, pk_replica_find_generation (fixture->directory), "");
  sqlite3 *database = NULL;
  sqlite3_stmt *query = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &database, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (database, text, -1, &query, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (query), ==, SQLITE_ROW);
  g_assert_cmpint (sqlite3_column_int64 (query, 0), ==, expected);
  sqlite3_finalize (query);
  sqlite3_close (database);
}

static void
test_adding (void)
{
  Fixture fixture;

  begin (&fixture);
  open_files (&fixture, &plan_adding);
  assert_all_is_there (&fixture);
  g_assert_cmpuint (count_asked_scopes (&fixture), ==, 1);
  assert_answer (&fixture, "SELECT value FROM meta WHERE name = 'version'", 2);
  assert_answer (&fixture,
                 "SELECT count(*) FROM pragma_table_info('scope') WHERE name = 'note'",
                 1);
  fixture_crash (&fixture);
  open_files (&fixture, &plan_adding);
  assert_all_is_there (&fixture);
  fixture_tear_down (&fixture);
}

/* The server has the lamp still, with a place that it had not before; the door has gone. */
static void
send_lamp_again (Fixture *fixture)
{
  static const char *const scopes[] = { "everyone", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray)
      waiting = pk_reader_list_outbox (fixture->reader, PK_OUTBOX_WAITING, NULL, 1, &error);
  g_autoptr (PkRecord) seen = pk_reader_find (fixture->reader,
                                              pk_entity_by_id (PK_ENTITY_TASK),
                                              &((PkOutboxEntry *) waiting->pdata[0])->record,
                                              &error);
  g_assert_no_error (error);
  g_autoptr (PkRecord) again = pk_record_copy (seen);
  pk_record_set_text (again, PK_TASK_TITLE, "Lampe");
  pk_record_set_text (again, PK_TASK_PLACE, "Gangen");
  g_autoptr (GPtrArray) lines = fixture_begin (fixture, scopes);
  fixture_add_row (fixture, lines, again, (guint[]){ 0 }, 1);
  fixture_add_commit (fixture, lines, NULL, 0);
  g_assert_true (fixture_apply (fixture, lines, &error));
  g_assert_no_error (error);
}

static void
test_asking (gconstpointer data)
{
  Fixture fixture;

  begin (&fixture);
  open_files (&fixture, data);
  assert_all_is_there (&fixture);
  g_assert_cmpuint (count_asked_scopes (&fixture), ==, 0);
  send_lamp_again (&fixture);
  assert_titles (&fixture, "Lampe i gangen, Snø på taket");
  assert_answer (&fixture, "SELECT count(*) FROM task WHERE place = 'Gangen'", 1);
  assert_answer (&fixture, "SELECT count(*) FROM member", 1);
  g_assert_cmpuint (count_asked_scopes (&fixture), ==, 1);
  fixture_tear_down (&fixture);
}

static gint64
get_asked_grants (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (fixture->writer, PK_PULL_DEFAULT, &error);

  g_assert_no_error (error);
  return request->grants;
}

/* Snapshots may bring all that there is: then nothing is new, and without an answer what is gone would stay. */
static void
test_the_state_is_asked_for (void)
{
  Fixture fixture;

  begin (&fixture);
  open_files (&fixture, &plan_adding);
  gint64 grants = get_asked_grants (&fixture);
  g_assert_cmpint (grants, >, 0);
  fixture_crash (&fixture);
  unpack (&fixture);
  open_files (&fixture, &plan_asking);
  g_assert_cmpint (get_asked_grants (&fixture), ==, 0);
  send_lamp_again (&fixture);
  g_assert_cmpint (get_asked_grants (&fixture), >, 0);
  fixture_tear_down (&fixture);
}

static void
test_rebuilding (void)
{
  Fixture fixture;

  begin (&fixture);
  open_files (&fixture, &plan_rebuilding);
  g_autofree char *old = pk_replica_path (fixture.directory, 1, "");
  g_assert_cmpuint (pk_replica_find_generation (fixture.directory), ==, 2);
  g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
  assert_answer (&fixture, "SELECT value FROM meta WHERE name = 'version'", 3);
  fixture_tear_down (&fixture);
}

static void
run_on (const char *path, const char *text)
{
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database, text, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (database);
}

static void
test_a_wider_model (void)
{
  Fixture fixture;

  begin (&fixture);
  g_autofree char *path = pk_replica_path (fixture.directory, 1, "");
  run_on (
      path,
      "ALTER TABLE task DROP COLUMN place; DROP TABLE photo; ALTER TABLE unit DROP COLUMN email");
  open_files (&fixture, &plan_of_model);
  assert_all_is_there (&fixture);
  g_assert_cmpuint (count_asked_scopes (&fixture), ==, 0);
  assert_answer (&fixture, "SELECT value FROM meta WHERE name = 'model'", PK_MODEL_VERSION + 1);
  assert_answer (&fixture, "SELECT count(*) FROM photo", 0);
  send_lamp_again (&fixture);
  assert_answer (&fixture, "SELECT count(*) FROM task WHERE place = 'Gangen'", 1);
  fixture_tear_down (&fixture);
}

static char *
dup_columns (const char *path)
{
  sqlite3 *database = NULL;
  sqlite3_stmt *query = NULL;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  g_assert_cmpint (
      sqlite3_prepare_v2 (database,
                          "SELECT group_concat (line, char (10)) FROM (SELECT made.name || '.' ||"
                          " field.name || ' ' || field.type AS line FROM sqlite_schema AS made,"
                          " pragma_table_info (made.name) AS field"
                          " WHERE made.sql LIKE 'CREATE TABLE%' ORDER BY line)",
                          -1,
                          &query,
                          NULL),
      ==,
      SQLITE_OK);
  g_assert_cmpint (sqlite3_step (query), ==, SQLITE_ROW);
  char *lines = g_strdup ((const char *) sqlite3_column_text (query, 0));
  sqlite3_finalize (query);
  sqlite3_close (database);
  return lines;
}

/* Whoever changes what a new file is made of without adding a step is told here. */
static void
test_the_same_columns (void)
{
  Fixture fixture;

  fixture_set_up (&fixture);
  fixture_crash (&fixture);
  g_autofree char *replica = pk_replica_path (fixture.directory, 1, "");
  g_autofree char *outbox = pk_outbox_path (fixture.directory);
  g_autofree char *fresh_replica = dup_columns (replica);
  g_autofree char *fresh_outbox = dup_columns (outbox);
  unpack (&fixture);
  fixture_reopen (&fixture);
  fixture_crash (&fixture);
  g_autofree char *newest =
      pk_replica_path (fixture.directory, pk_replica_find_generation (fixture.directory), "");
  g_autofree char *old_replica = dup_columns (newest);
  g_autofree char *old_outbox = dup_columns (outbox);
  g_assert_cmpstr (old_replica, ==, fresh_replica);
  g_assert_cmpstr (old_outbox, ==, fresh_outbox);
  fixture_tear_down (&fixture);
}

static void
test_a_newer_replica (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  begin (&fixture);
  g_autofree char *replica = pk_replica_path (fixture.directory, 1, "");
  g_autofree char *outbox = pk_outbox_path (fixture.directory);
  run_on (replica, "UPDATE meta SET value = 1000 WHERE name = 'model'");
  g_autofree char *replica_before = pk_old_file_sum (replica);
  g_autofree char *outbox_before = pk_old_file_sum (outbox);
  g_assert_null (open_writer (&fixture, &plan_adding, &error));
  g_assert_error (error, PK_REPLICA_ERROR, PK_REPLICA_ERROR_TOO_NEW);
  g_autofree char *replica_after = pk_old_file_sum (replica);
  g_autofree char *outbox_after = pk_old_file_sum (outbox);
  g_assert_cmpstr (replica_before, ==, replica_after);
  g_assert_cmpstr (outbox_before, ==, outbox_after);
  fixture_tear_down (&fixture);
}

static guint n_statements, fatal_statement;

static int
statement_cb (G_GNUC_UNUSED unsigned kind,
              G_GNUC_UNUSED void *context,
              G_GNUC_UNUSED void *statement,
              G_GNUC_UNUSED void *text)
{
  if (++n_statements == fatal_statement)
    _exit (KILLED);
  return 0;
}

static int
opened_cb (sqlite3 *database,
           G_GNUC_UNUSED char **fault,
           G_GNUC_UNUSED const struct sqlite3_api_routines *routines)
{
  return sqlite3_trace_v2 (database, SQLITE_TRACE_STMT, statement_cb, NULL);
}

/* Opens in a process of its own that ends, without a word, before the n-th statement; FALSE where there are not so many. */
static gboolean
open_and_die (Fixture *fixture, const PkSchemaPlan *plan, guint n)
{
  pid_t child = fork ();
  int status = 0;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      fatal_statement = n;
      sqlite3_auto_extension ((void (*) (void)) opened_cb);
      PkWriter *writer = open_writer (fixture, plan, NULL);
      _exit (writer != NULL ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_true (WEXITSTATUS (status) == 0 || WEXITSTATUS (status) == KILLED);
  return WEXITSTATUS (status) == KILLED;
}

static void
test_killed (gconstpointer data)
{
  Fixture fixture;
  const char *text = g_getenv ("PK_STEPS_STRIDE");
  guint stride = text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : 1;
  guint n = 1;

  begin (&fixture);
  for (; open_and_die (&fixture, data, n); n += stride)
    {
      open_files (&fixture, data);
      assert_all_is_there (&fixture);
      g_assert_cmpuint (count_asked_scopes (&fixture), ==, data == &plan_adding ? 1 : 0);
      fixture_crash (&fixture);
      unpack (&fixture);
    }
  g_test_message ("killed before every %u. of some %u statements", stride, n - 1);
  g_assert_cmpuint (n, >, 20);
  fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/replica-steps/what-only-adds-is-done-in-the-file", test_adding);
  g_test_add_data_func ("/replica-steps/where-the-server-may-know-more-it-is-asked-for-everything",
                        &plan_asking,
                        test_asking);
  g_test_add_data_func ("/replica-steps/a-rebuilt-file-is-asked-for-everything",
                        &plan_rebuilding,
                        test_asking);
  g_test_add_func ("/replica-steps/the-state-is-asked-for-until-it-is-whole",
                   test_the_state_is_asked_for);
  g_test_add_func ("/replica-steps/anything-else-makes-a-new-file-beside-the-old", test_rebuilding);
  g_test_add_func ("/replica-steps/a-wider-model-needs-no-step", test_a_wider_model);
  g_test_add_func ("/replica-steps/an-old-file-ends-with-the-columns-of-a-new-one",
                   test_the_same_columns);
  g_test_add_func ("/replica-steps/beside-a-newer-replica-the-outbox-is-not-touched",
                   test_a_newer_replica);
  g_test_add_data_func ("/replica-steps/killed-anywhere-while-adding", &plan_adding, test_killed);
  g_test_add_data_func ("/replica-steps/killed-anywhere-while-asking", &plan_asking, test_killed);
  g_test_add_data_func ("/replica-steps/killed-anywhere-while-rebuilding",
                        &plan_rebuilding,
                        test_killed);
  return g_test_run ();
}

/* The schema: made from nothing, brought up from older ones, left alone when newer; and every look-up goes by an index. */
#include "config.h"

#include "pk-query-store.h"
#include "pk-sql.h"
#include "pk-store-backup.h"
#include "pk-store-blobs.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"
#include "pk-store-tokens.h"
#include "pk-test-store.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILLED 9

typedef PkTestStore Fixture;

static PkSql *
open_file (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->dir, "pakobla.db", NULL);
  g_autoptr (GError) error = NULL;
  PkSql *sql = pk_sql_open (path, PK_SQL_READ_WRITE, &error);

  g_assert_no_error (error);
  return sql;
}

static void
test_a_new_store_is_empty_and_has_an_epoch (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  PkId epoch, again;
  gint64 count, seq;

  g_assert_true (pk_store_get_epoch (self->store, &epoch, NULL));
  g_assert_true (pk_store_get_seq (self->store, &seq, NULL));
  g_assert_cmpint (seq, ==, 0);
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      g_assert_true (pk_store_count (self->store, &pk_model.entities[i], &count, NULL));
      g_assert_cmpint (count, ==, 0);
    }
  pk_test_store_reopen (self);
  g_assert_true (pk_store_get_epoch (self->store, &again, NULL));
  g_assert_true (pk_id_equal (&epoch, &again));
}

static void
age (Fixture *self)
{
  g_clear_pointer (&self->store, pk_store_close);
  g_autoptr (PkSql) sql = open_file (self);
  g_autoptr (GError) error = NULL;

  pk_sql_exec (sql,
               "PRAGMA user_version = 1; DROP TABLE token; DROP TABLE blob; DROP TABLE upload;"
               "DROP TABLE snapshot; DROP TABLE photo; ALTER TABLE task DROP COLUMN tags;"
               "DROP INDEX task_0; DROP INDEX mutation_later; DROP TABLE quarantine;"
               "ALTER TABLE mutation DROP COLUMN later_record; DROP TABLE device_report",
               &error);
  g_assert_no_error (error);
}

static void
test_an_older_database_keeps_what_it_has_and_gains_what_it_lacks (Fixture *self,
                                                                  gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord) task = pk_test_task (self, "Old");
  g_autoptr (GError) error = NULL;
  gint64 count, bytes;

  g_assert_true (pk_store_put (self->store, task, NULL, NULL));
  age (self);
  self->store = pk_store_open (self->dir, PK_STORE_READ_WRITE, self->ids, &error);
  g_assert_no_error (error);
  g_autoptr (PkRecord) kept = pk_store_find (self->store,
                                             pk_entity_by_id (PK_ENTITY_TASK),
                                             pk_record_get_id (task),
                                             &error);
  g_assert_true (pk_record_equal (kept, task));
  pk_record_set_text (task, PK_TASK_TAGS, "new");
  g_assert_true (pk_store_put (self->store, task, kept, &error));
  g_assert_true (pk_store_count_blobs (self->store, &count, &bytes, &error));
  g_assert_true (pk_store_count (self->store, pk_entity_by_id (PK_ENTITY_PHOTO), &count, &error));
  g_assert_no_error (error);
}

static gint64
count_indexes (Fixture *self)
{
  g_autoptr (PkSql) sql = open_file (self);
  gint64 count;

  g_assert_true (pk_sql_get_int (sql,
                                 "SELECT count(*) FROM sqlite_schema WHERE name = 'task_0'",
                                 &count,
                                 NULL));
  return count;
}

static void
test_what_fits_the_model_is_not_gone_through_again (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkSql) sql = open_file (self);

  g_assert_true (pk_sql_exec (sql, "DROP INDEX task_0", NULL));
  pk_test_store_reopen (self);
  g_assert_cmpint (count_indexes (self), ==, 0);
  g_assert_true (
      pk_sql_exec (sql, "UPDATE meta SET value = 'another model' WHERE key = 'schema'", NULL));
  pk_test_store_reopen (self);
  g_assert_cmpint (count_indexes (self), ==, 1);
}

static void
test_a_newer_database_is_left_alone (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->store, pk_store_close);
  {
    g_autoptr (PkSql) sql = open_file (self);
    g_assert_true (pk_sql_exec (sql, "PRAGMA user_version = 1000", NULL));
  }
  self->store = pk_store_open (self->dir, PK_STORE_READ_WRITE, self->ids, &error);
  g_assert_null (self->store);
  g_assert_error (error, PK_SQL_ERROR, PK_SQL_ERROR_FAILED);
}

static void
test_a_backup_comes_back_as_another_history (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *path = g_build_filename (self->dir, "backup", NULL);
  g_autoptr (PkRecord) before = pk_test_task (self, "Before");
  g_autoptr (PkRecord) after = pk_test_task (self, "After");
  g_autoptr (GError) error = NULL;
  PkId epoch, renewed;
  gint64 count;

  g_assert_true (pk_store_get_epoch (self->store, &epoch, NULL));
  g_assert_true (pk_store_put (self->store, before, NULL, NULL));
  g_assert_true (pk_store_backup (self->store, path, NULL, NULL));
  g_assert_true (pk_store_put (self->store, after, NULL, NULL));
  g_autoptr (PkStore) reader = pk_store_open (self->dir, PK_STORE_READ_ONLY, self->ids, NULL);
  g_assert_true (pk_store_count (reader, pk_entity_by_id (PK_ENTITY_TASK), &count, NULL));
  g_assert_cmpint (count, ==, 2);

  pk_store_restore (self->store, path, &error);
  g_assert_no_error (error);
  g_assert_true (pk_store_count (reader, pk_entity_by_id (PK_ENTITY_TASK), &count, NULL));
  g_assert_cmpint (count, ==, 1);
  g_assert_true (pk_store_get_epoch (self->store, &renewed, NULL));
  g_assert_false (pk_id_equal (&epoch, &renewed));
}

static void
write_text (const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_unlink (path);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static char *
dup_content_path (const char *folder, const char *sha256)
{
  char start[3] = { sha256[0], sha256[1], '\0' };

  return g_build_filename (folder, "blobs", start, sha256, NULL);
}

static void
test_contents_come_back_with_a_backup (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GBytes) content = g_bytes_new_static ("A drawing", 9);
  g_autofree char *backup = g_build_filename (self->dir, "backup", NULL);
  g_autofree char *sha256 = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  PkStoreBackup facts;

  pk_store_put_blob_bytes (self->store, content, 1, &sha256, &error);
  g_assert_no_error (error);
  pk_store_backup (self->store, backup, &facts, &error);
  g_assert_no_error (error);
  g_assert_cmpint (facts.n_contents, ==, 1);
  g_autofree char *saved = dup_content_path (backup, sha256);
  g_autofree char *kept = dup_content_path (self->dir, sha256);
  g_unlink (kept);

  write_text (saved, "A drawinG");
  g_assert_false (pk_store_restore (self->store, backup, &error));
  g_assert_error (error, PK_SQL_ERROR, PK_SQL_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_false (g_file_test (kept, G_FILE_TEST_EXISTS));

  write_text (saved, "A drawing");
  write_text (kept, "Something that broke");
  pk_store_restore (self->store, backup, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (kept, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "A drawing");
}

static void
test_a_backup_that_fails_leaves_nothing (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GBytes) content = g_bytes_new_static ("A drawing", 9);
  g_autofree char *folder = g_build_filename (self->dir, "backups", NULL);
  g_autofree char *backup = g_build_filename (folder, "today", NULL);
  g_autofree char *sha256 = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (pk_store_put_blob_bytes (self->store, content, 1, &sha256, NULL));
  g_autofree char *kept = dup_content_path (self->dir, sha256);
  g_unlink (kept);
  g_assert_false (pk_store_backup (self->store, backup, NULL, &error));
  g_assert_error (error, PK_SQL_ERROR, PK_SQL_ERROR_IO);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static int
statement_cb (G_GNUC_UNUSED unsigned kind,
              G_GNUC_UNUSED void *context,
              void *statement,
              G_GNUC_UNUSED void *text)
{
  if (g_str_has_prefix (sqlite3_sql (statement), "SELECT sha256, size FROM blob"))
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

/* In a process of its own that ends, without a word, when the database is copied and the contents are not. */
static void
back_up_and_die (Fixture *self, const char *backup)
{
  pid_t child = fork ();
  int status = 0;

  if (child == 0)
    {
      sqlite3_auto_extension ((void (*) (void)) opened_cb);
      PkStore *store = pk_store_open (self->dir, PK_STORE_READ_WRITE, self->ids, NULL);
      pk_store_backup (store, backup, NULL, NULL);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (WEXITSTATUS (status), ==, KILLED);
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static void
test_what_a_killed_backup_leaves_goes_at_the_next_start (Fixture *self,
                                                         gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *folder = g_build_filename (self->dir, "backups", NULL);
  g_autofree char *backup = g_build_filename (folder, "today", NULL);
  g_autofree char *other = g_build_filename (folder, "another", NULL);
  g_autofree char *notes = g_build_filename (self->dir, "unfinished", NULL);
  g_autofree char *note = g_build_filename (notes, "note-forged", NULL);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (other, 0700), ==, 0);
  g_clear_pointer (&self->store, pk_store_close);
  back_up_and_die (self, backup);
  g_assert_cmpuint (count_entries (folder), ==, 2);
  write_text (note, other);
  pk_test_store_reopen (self);
  g_assert_cmpuint (count_entries (folder), ==, 1);
  g_assert_true (g_file_test (other, G_FILE_TEST_IS_DIR));
  g_assert_cmpuint (count_entries (notes), ==, 0);
  g_assert_true (pk_store_backup (self->store, backup, NULL, NULL));
  g_assert_cmpuint (count_entries (notes), ==, 0);
  g_assert_cmpuint (count_entries (folder), ==, 2);
}

static void
test_what_is_no_backup_changes_nothing (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *path = g_build_filename (self->dir, "backup", NULL);
  g_autofree char *database = g_build_filename (path, "pakobla.db", NULL);
  g_autofree char *sums = g_build_filename (path, "SHA256SUMS", NULL);
  g_autofree char *noise = g_strnfill (8192, 'x');
  g_autoptr (PkRecord) task = pk_test_task (self, "Task");
  g_autoptr (GError) error = NULL;
  gint64 count;

  g_assert_true (pk_store_put (self->store, task, NULL, NULL));
  g_assert_true (pk_store_backup (self->store, path, NULL, NULL));
  write_text (database, noise);
  g_assert_false (pk_store_restore (self->store, path, &error));
  g_assert_error (error, PK_SQL_ERROR, PK_SQL_ERROR_CORRUPT);
  g_clear_error (&error);
  g_unlink (sums);
  g_assert_false (pk_store_restore (self->store, path, &error));
  g_assert_error (error, PK_SQL_ERROR, PK_SQL_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_false (pk_store_restore (self->store, database, &error));
  g_assert_error (error, PK_SQL_ERROR, PK_SQL_ERROR_CORRUPT);
  g_assert_true (pk_store_count (self->store, pk_entity_by_id (PK_ENTITY_TASK), &count, NULL));
  g_assert_cmpint (count, ==, 1);
}

static char *
explain (PkSql *sql, const char *text)
{
  g_autofree char *question = g_strconcat ("EXPLAIN QUERY PLAN ", text, NULL);
  g_autoptr (GString) plan = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  PkStatement *query = pk_sql_prepare (sql, question, &error);

  g_assert_no_error (error);
  while (pk_statement_next (query, &error))
    g_string_append_printf (plan, "%s; ", pk_statement_get_text (query, 3));
  g_assert_no_error (error);
  return g_string_free (g_steal_pointer (&plan), FALSE);
}

static void
check_ref (PkSql *sql, const PkEntity *entity, const char *name)
{
  g_autofree char *text = pk_query_ids_by_ref (entity, (guint) pk_entity_find_field (entity, name));
  g_autofree char *plan = explain (sql, text);

  g_test_message ("%s.%s: %s", entity->name, name, plan);
  g_assert_nonnull (strstr (plan, "SEARCH"));
  g_assert_null (strstr (plan, "SCAN"));
}

static void
test_neighbours_are_found_by_an_index (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkSql) sql = open_file (self);

  for (guint i = 0; i < pk_model.n_entities; i++)
    for (guint j = 0; j < pk_model.entities[i].n_scopes; j++)
      {
        const PkEntity *entity = &pk_model.entities[i];
        const PkScopeRule *rule = &entity->scopes[j];
        if (rule->kind == PK_SCOPE_LINKS)
          check_ref (sql, pk_entity_by_name (rule->target), rule->field);
        else if (rule->kind == PK_SCOPE_FOLLOW || rule->path != NULL)
          check_ref (sql, entity, rule->field);
      }
  check_ref (sql, pk_entity_by_id (PK_ENTITY_UNIT), "leader_id");
  check_ref (sql, pk_entity_by_id (PK_ENTITY_UNIT), "parent_id");
  check_ref (sql, pk_entity_by_id (PK_ENTITY_BUILDING), "caretaker_id");
  check_ref (sql, pk_entity_by_id (PK_ENTITY_MEMBERSHIP), "person_id");
}

static void
check_order (PkSql *sql, const PkEntity *entity, guint order, gboolean is_descending)
{
  g_auto (GStrv) words = g_strsplit (entity->indexes[order], ",", -1);
  PkListPart part = { .entity = entity,
                      .columns = (const char *const *) words,
                      .n_columns = g_strv_length (words),
                      .bound = is_descending ? PK_LIST_BELOW : PK_LIST_ABOVE,
                      .is_descending = is_descending,
                      .has_person = TRUE };
  g_autofree char *text = pk_query_list (&part);
  g_autofree char *plan = explain (sql, text);

  g_test_message ("%s by %s: %s", entity->name, entity->indexes[order], plan);
  g_assert_null (strstr (plan, "TEMP B-TREE"));
  g_assert_nonnull (strstr (plan, "USING INDEX"));
}

static void
test_no_list_is_sorted_when_it_is_asked_for (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkSql) sql = open_file (self);

  for (guint i = 0; i < pk_model.n_entities; i++)
    for (guint j = 0; j < pk_model.entities[i].n_indexes; j++)
      {
        check_order (sql, &pk_model.entities[i], j, FALSE);
        check_order (sql, &pk_model.entities[i], j, TRUE);
      }
}

static void
test_a_token_is_found_used_and_revoked_with_its_family (Fixture *self,
                                                        gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkToken) token = pk_token_new ("00ff", "refresh");

  token->family = pk_id_source_next (self->ids);
  token->person = pk_id_source_next (self->ids);
  token->expires_us = 100;
  g_assert_true (pk_store_put_token (self->store, token, NULL));
  token->used_us = 7;
  g_assert_true (pk_store_put_token (self->store, token, NULL));
  {
    g_autoptr (PkToken) found = pk_store_find_token (self->store, "00ff", NULL);
    g_assert_cmpint (found->used_us, ==, 7);
    g_assert_true (pk_id_equal (&found->person, &token->person));
  }
  g_assert_true (pk_store_delete_token_family (self->store, &token->family, NULL));
  g_assert_null (pk_store_find_token (self->store, "00ff", NULL));
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/schema/a-new-store-is-empty-and-has-an-epoch", test_a_new_store_is_empty_and_has_an_epoch },
    { "/schema/an-older-database-keeps-what-it-has-and-gains-what-it-lacks",
      test_an_older_database_keeps_what_it_has_and_gains_what_it_lacks },
    { "/schema/what-fits-the-model-is-not-gone-through-again",
      test_what_fits_the_model_is_not_gone_through_again },
    { "/schema/a-newer-database-is-left-alone", test_a_newer_database_is_left_alone },
    { "/schema/a-backup-comes-back-as-another-history",
      test_a_backup_comes_back_as_another_history },
    { "/schema/what-a-killed-backup-leaves-goes-at-the-next-start",
      test_what_a_killed_backup_leaves_goes_at_the_next_start },
    { "/schema/contents-come-back-with-a-backup", test_contents_come_back_with_a_backup },
    { "/schema/a-backup-that-fails-leaves-nothing", test_a_backup_that_fails_leaves_nothing },
    { "/schema/what-is-no-backup-changes-nothing", test_what_is_no_backup_changes_nothing },
    { "/schema/neighbours-are-found-by-an-index", test_neighbours_are_found_by_an_index },
    { "/schema/no-list-is-sorted-when-it-is-asked-for",
      test_no_list_is_sorted_when_it_is_asked_for },
    { "/schema/a-token-is-found-used-and-revoked-with-its-family",
      test_a_token_is_found_used_and_revoked_with_its_family },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    pk_test_store_add (tests[i].name, tests[i].func);
  return g_test_run ();
}

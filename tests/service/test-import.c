/* Imports: many at once, in any order, with numbers and authors as they are given or not. */
#include "config.h"

#include "pk-problem.h"
#include "pk-store-meta.h"
#include "pk-test-world.h"

typedef PkTestWorld Fixture;

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
}

static gboolean
import (Fixture *self, GPtrArray *records, PkImportFlags flags, GError **error)
{
  return pk_service_import_records (self->service,
                                    records,
                                    &self->persons[0],
                                    pk_service_now_us (self->service),
                                    flags,
                                    error);
}

static void
test_what_follows_may_come_before_what_it_follows (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GPtrArray) records = new_list ();
  g_autoptr (GError) error = NULL;
  PkRecord *task = pk_test_world_new_task (self, "Task");
  PkRecord *message = pk_test_world_new_record (self, PK_ENTITY_MESSAGE);

  pk_record_set_ref (message, PK_MESSAGE_TASK_ID, pk_record_get_id (task));
  pk_record_set_int (message, PK_MESSAGE_AUDIENCE, PK_AUDIENCE_INTERNAL);
  pk_record_set_text (message, PK_MESSAGE_BODY, "Text");
  pk_record_set_int (message, PK_MESSAGE_SENT_AT, 1);
  g_ptr_array_add (records, message);
  g_ptr_array_add (records, task);
  import (self, records, PK_IMPORT_DEFAULT, &error);
  g_assert_no_error (error);
  g_autoptr (PkRecord) stored = pk_test_world_find (self, PK_ENTITY_TASK, pk_record_get_id (task));
  g_assert_true (pk_id_equal (pk_record_get_ref (stored, PK_TASK_CREATED_BY), &self->persons[0]));
  g_assert_cmpstr (pk_record_get_text (stored, PK_TASK_NUMBER), ==, "2026-000001");
  pk_test_world_check (self);
}

static void
test_what_the_server_would_set_is_taken_as_given (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GPtrArray) records = new_list ();
  g_autoptr (GError) error = NULL;
  PkRecord *task = pk_test_world_new_task (self, "Task");

  pk_record_set_text (task, PK_TASK_NUMBER, "2019-000042");
  pk_record_set_ref (task, PK_TASK_CREATED_BY, &self->persons[3]);
  g_ptr_array_add (records, task);
  import (self, records, PK_IMPORT_KEEP_SERVER_FIELDS | PK_IMPORT_WITH_HISTORY, &error);
  g_assert_no_error (error);
  g_autoptr (PkRecord) stored = pk_test_world_find (self, PK_ENTITY_TASK, pk_record_get_id (task));
  g_assert_cmpstr (pk_record_get_text (stored, PK_TASK_NUMBER), ==, "2019-000042");
  g_assert_true (pk_id_equal (pk_record_get_ref (stored, PK_TASK_CREATED_BY), &self->persons[3]));
  pk_test_world_check (self);
}

static void
test_one_bad_record_keeps_all_out (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GPtrArray) records = new_list ();
  g_autoptr (GError) error = NULL;
  gint64 before, after;

  g_assert_true (pk_store_get_seq (self->store, &before, NULL));
  g_ptr_array_add (records, pk_test_world_new_task (self, "Good"));
  g_ptr_array_add (records, pk_test_world_new_task (self, NULL));
  g_assert_false (import (self, records, PK_IMPORT_DEFAULT, &error));
  g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_REQUIRED);
  g_assert_true (pk_store_get_seq (self->store, &after, NULL));
  g_assert_cmpint (before, ==, after);
  pk_test_world_check (self);
}

static void
test_content_is_stored_once_and_a_document_knows_of_it (Fixture *self,
                                                        gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GBytes) content = g_bytes_new_static ("content", 7);
  g_autofree char *sha256 = NULL;
  g_autofree char *again = NULL;
  PkRecord *document = pk_test_world_new_record (self, PK_ENTITY_DOCUMENT);
  PkId id = *pk_record_get_id (document);

  g_assert_true (pk_service_store_content (self->service, content, &sha256, NULL));
  g_assert_true (pk_service_store_content (self->service, content, &again, NULL));
  g_assert_cmpstr (sha256, ==, again);
  pk_record_set_text (document, PK_DOCUMENT_TITLE, "Document");
  pk_record_set_text (document, PK_DOCUMENT_FILE_NAME, "a.txt");
  pk_record_set_text (document, PK_DOCUMENT_MEDIA_TYPE, "text/plain");
  pk_record_set_int (document, PK_DOCUMENT_KIND, PK_DOCUMENT_KIND_OTHER);
  pk_record_set_int (document, PK_DOCUMENT_SIZE_BYTES, 7);
  pk_record_set_text (document, PK_DOCUMENT_SHA256, sha256);
  pk_record_set_int (document, PK_DOCUMENT_CONFIDENTIALITY, PK_CONFIDENTIALITY_OPEN);
  pk_record_set_int (document, PK_DOCUMENT_CREATED_AT, 1);
  pk_test_world_import (self, document);
  g_autoptr (PkRecord) stored = pk_test_world_find (self, PK_ENTITY_DOCUMENT, &id);
  g_assert_cmpint (pk_record_get_int (stored, PK_DOCUMENT_IS_STORED, -1), ==, TRUE);
}

static void
test_many_tasks_come_in_quickly (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  guint n_tasks = g_test_perf () ? 100000 : 2000;
  g_autoptr (GPtrArray) records = new_list ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n_tasks; i++)
    {
      g_autofree char *title = g_strdup_printf ("Task %u", i);
      g_ptr_array_add (records, pk_test_world_new_task (self, title));
    }
  g_test_timer_start ();
  import (self, records, PK_IMPORT_DEFAULT, &error);
  double seconds = g_test_timer_elapsed ();
  g_assert_no_error (error);
  g_test_minimized_result (seconds, "%u tasks: %.3f s", n_tasks, seconds);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/import/what-follows-may-come-before-what-it-follows",
      test_what_follows_may_come_before_what_it_follows },
    { "/import/what-the-server-would-set-is-taken-as-given",
      test_what_the_server_would_set_is_taken_as_given },
    { "/import/one-bad-record-keeps-all-out", test_one_bad_record_keeps_all_out },
    { "/import/content-is-stored-once-and-a-document-knows-of-it",
      test_content_is_stored_once_and_a_document_knows_of_it },
    { "/import/many-tasks-come-in-quickly", test_many_tasks_come_in_quickly },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    pk_test_world_add (tests[i].name, tests[i].func);
  return g_test_run ();
}

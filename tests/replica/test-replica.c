/* The replica as the main thread sees it: workers, signals, readers that follow a new file. */
#include "config.h"

#include "pk-replica.h"
#include "pk-rows.h"
#include "pk-writer-sync.h"
#include "replica-fixture.h"
#include "snapshot-file.h"

typedef struct
{
  Fixture fixture; /* only its files, clock and ids: its writer is closed */
  PkReplica *replica;
  PkChangeSet *last; /* (owned) (nullable) */
  guint n_signals;
  gboolean is_done;
  GError *error;
  gpointer result;
} Main;

static void
changed_cb (PkReplica *replica G_GNUC_UNUSED, PkChangeSet *changes, gpointer data)
{
  Main *self = data;

  g_clear_pointer (&self->last, pk_change_set_unref);
  self->last = pk_change_set_ref (changes);
  self->n_signals++;
}

static void
set_up (Main *self)
{
  g_autoptr (GError) error = NULL;

  *self = (Main){ 0 };
  fixture_set_up (&self->fixture);
  fixture_crash (&self->fixture);
  self->replica = pk_replica_open (self->fixture.directory,
                                   self->fixture.clock,
                                   self->fixture.ids,
                                   &self->fixture.person,
                                   PK_REPLICA_NO_SYNC,
                                   &error);
  g_assert_no_error (error);
  g_signal_connect (self->replica, "changed", G_CALLBACK (changed_cb), self);
}

static void
tear_down (Main *self)
{
  pk_replica_close (self->replica);
  /* Answers of what was queued are still on their way to this thread, and hold the replica. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (self->replica);
  g_clear_pointer (&self->last, pk_change_set_unref);
  g_clear_error (&self->error);
  fixture_tear_down (&self->fixture);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Main *self = data;

  self->result = pk_replica_job_finish (PK_REPLICA (source), result, &self->error);
  self->is_done = TRUE;
}

static void
wait_until_done (Main *self)
{
  while (!self->is_done)
    g_main_context_iteration (NULL, TRUE);
  self->is_done = FALSE;
  g_assert_no_error (self->error);
}

static void
wait_for_signal (Main *self, guint n)
{
  while (self->n_signals < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
settle (Main *self)
{
  while (pk_replica_is_busy (self->replica))
    g_main_context_iteration (NULL, TRUE);
}

static void
submit (Main *self, PkMutation *mutation)
{
  g_autoptr (GPtrArray) mutations = g_ptr_array_new ();

  g_ptr_array_add (mutations, mutation);
  pk_replica_submit_async (self->replica, mutations, NULL, done_cb, self);
  wait_until_done (self);
}

static void
test_a_change_is_told_and_can_be_read_at_once (void)
{
  Main main;
  g_autoptr (GError) error = NULL;

  set_up (&main);
  g_autoptr (PkMutation) mutation = fixture_create_task (&main.fixture, "Ny");
  submit (&main, mutation);
  wait_for_signal (&main, 1);
  const PkChange *change = pk_change_set_find (main.last, &mutation->record);
  g_assert_cmpint (change->kind, ==, PK_CHANGE_ADDED);
  g_assert_true (pk_change_set_has_outbox (main.last));
  g_autoptr (GPtrArray) rows =
      pk_reader_read_task_rows (pk_replica_get_reader (main.replica), &change->rid, 1, &error);
  g_assert_true (((PkTaskRow *) rows->pdata[0])->is_pending);
  settle (&main);
  tear_down (&main);
}

static void
query_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Main *self = data;

  self->result = pk_replica_query_tasks_finish (PK_REPLICA (source), result, &self->error);
  self->is_done = TRUE;
}

static void
test_lists_are_computed_beside_the_main_thread (void)
{
  Main main;
  g_autoptr (PkTaskQuery) query = pk_task_query_new ();

  set_up (&main);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (PkMutation) mutation = fixture_create_task (&main.fixture, "Ny");
      submit (&main, mutation);
    }
  pk_replica_query_tasks_async (main.replica, query, NULL, query_cb, &main);
  wait_until_done (&main);
  g_autoptr (GArray) rids = main.result;
  g_assert_cmpuint (rids->len, ==, 20);
  settle (&main);
  tear_down (&main);
}

static gpointer
install (PkWriter *writer, gpointer data, GError **error)
{
  const char *const paths[] = { data, NULL };

  return pk_writer_install_snapshots (writer, paths, error) ? PK_DONE : NULL;
}

static void
test_readers_follow_to_a_new_file (void)
{
  Main main;
  SnapshotFile file;
  g_autoptr (GError) error = NULL;
  g_autoptr (PkTaskQuery) query = pk_task_query_new ();

  set_up (&main);
  g_autofree char *plain = g_build_filename (main.fixture.directory, "blobs", "s.db", NULL);
  g_autofree char *packed = g_strconcat (plain, ".zst", NULL);
  g_autoptr (PkRecord) task = fixture_make_task (&main.fixture, "Fra tjeneren");
  pk_record_set_seq (task, 3);
  snapshot_file_begin (&file, plain);
  snapshot_file_add (&file, task);
  snapshot_file_end (&file, "everyone", 4, packed);
  PkReader *reader = pk_replica_get_reader (main.replica);

  pk_replica_write_async (main.replica,
                          install,
                          &(PkReplicaJob){ .priority = PK_PRIORITY_SYNC, .data = packed },
                          NULL,
                          done_cb,
                          &main);
  wait_until_done (&main);
  wait_for_signal (&main, 1);
  g_assert_true (pk_change_set_is_everything (main.last));
  g_autofree char *name =
      pk_reader_dup_name (reader, pk_entity_by_id (PK_ENTITY_TASK), pk_record_get_id (task));
  g_assert_cmpstr (name, ==, "Fra tjeneren");
  pk_replica_query_tasks_async (main.replica, query, NULL, query_cb, &main);
  wait_until_done (&main);
  g_autoptr (GArray) rids = main.result;
  g_assert_cmpuint (rids->len, ==, 1);
  settle (&main);
  g_assert_no_error (error);
  tear_down (&main);
}

static void
test_what_was_queued_is_done_before_it_closes (void)
{
  Main main;
  g_autoptr (GPtrArray) mutations = g_ptr_array_new ();

  set_up (&main);
  g_autoptr (PkMutation) mutation = fixture_create_task (&main.fixture, "Siste");
  g_ptr_array_add (mutations, mutation);
  pk_replica_submit_async (main.replica, mutations, NULL, done_cb, &main);
  pk_replica_close (main.replica);
  wait_until_done (&main);
  settle (&main);
  fixture_reopen (&main.fixture);
  g_autofree char *title = fixture_get_title (&main.fixture, &mutation->record);
  g_assert_cmpstr (title, ==, "Siste");
  tear_down (&main);
}

static gpointer
nothing_job (PkWriter *writer G_GNUC_UNUSED,
             gpointer data G_GNUC_UNUSED,
             GError **error G_GNUC_UNUSED)
{
  return PK_DONE;
}

static void
gone_cb (gpointer data, GObject *replica G_GNUC_UNUSED)
{
  *(GThread **) data = g_thread_self ();
}

/* Somebody signs out while a job ends: whichever thread has the last reference then, it is closed on the main thread. */
static void
test_it_is_closed_at_home_though_a_job_just_ended (void)
{
  for (guint i = 0; i < 40; i++)
    {
      PkReplicaJob job = { .priority = PK_PRIORITY_INTERACTIVE };
      GThread *closed_by = NULL;
      Main main;
      set_up (&main);
      g_object_weak_ref (G_OBJECT (main.replica), gone_cb, &closed_by);
      pk_replica_write_async (main.replica, nothing_job, &job, NULL, done_cb, &main);
      wait_until_done (&main);
      g_object_unref (main.replica);
      while (closed_by == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_true (closed_by == g_thread_self ());
      fixture_tear_down (&main.fixture);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/replica/a-change-is-told-and-can-be-read-at-once",
                   test_a_change_is_told_and_can_be_read_at_once);
  g_test_add_func ("/replica/lists-are-computed-beside-the-main-thread",
                   test_lists_are_computed_beside_the_main_thread);
  g_test_add_func ("/replica/readers-follow-to-a-new-file", test_readers_follow_to_a_new_file);
  g_test_add_func ("/replica/what-was-queued-is-done-before-it-closes",
                   test_what_was_queued_is_done_before_it_closes);
  g_test_add_func ("/replica/it-is-closed-at-home-though-a-job-just-ended",
                   test_it_is_closed_at_home_though_a_job_just_ended);
  return g_test_run ();
}

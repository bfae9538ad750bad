/* Workers: one thread, priority first, nothing lost at shutdown. */
#include "config.h"

#include "pk-worker.h"

typedef struct
{
  GMutex gate;
  GString *order;
} Fixture;

static void
wait_at_gate (GTask *task,
              gpointer source G_GNUC_UNUSED,
              gpointer data,
              GCancellable *cancellable G_GNUC_UNUSED)
{
  Fixture *fixture = data;

  g_mutex_lock (&fixture->gate);
  g_mutex_unlock (&fixture->gate);
  g_task_return_boolean (task, TRUE);
}

static void
note_name (GTask *task,
           gpointer source G_GNUC_UNUSED,
           gpointer data,
           GCancellable *cancellable G_GNUC_UNUSED)
{
  Fixture *fixture = data;

  g_string_append (fixture->order, g_task_get_name (task));
  g_task_return_boolean (task, TRUE);
}

static void
queue_named (PkWorker *worker, Fixture *fixture, PkPriority priority, const char *name)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_name (task, name);
  g_task_set_task_data (task, fixture, NULL);
  pk_worker_queue (worker, priority, task, note_name);
}

static void
test_what_a_person_waits_for_runs_first (void)
{
  Fixture fixture = { .order = g_string_new (NULL) };
  g_autoptr (PkWorker) worker = pk_worker_new ("test");
  g_autoptr (GTask) gate = g_task_new (NULL, NULL, NULL, NULL);

  g_mutex_init (&fixture.gate);
  g_mutex_lock (&fixture.gate);
  g_task_set_task_data (gate, &fixture, NULL);
  pk_worker_queue (worker, PK_PRIORITY_INTERACTIVE, gate, wait_at_gate);
  queue_named (worker, &fixture, PK_PRIORITY_UPKEEP, "c");
  queue_named (worker, &fixture, PK_PRIORITY_SYNC, "b");
  queue_named (worker, &fixture, PK_PRIORITY_INTERACTIVE, "a");
  queue_named (worker, &fixture, PK_PRIORITY_UPKEEP, "d");
  g_mutex_unlock (&fixture.gate);
  pk_worker_shutdown (worker);

  g_assert_cmpstr (fixture.order->str, ==, "abcd");
  g_string_free (fixture.order, TRUE);
  g_mutex_clear (&fixture.gate);
}

static void
note_current (GTask *task,
              gpointer source G_GNUC_UNUSED,
              gpointer data,
              GCancellable *cancellable G_GNUC_UNUSED)
{
  g_assert_true (pk_worker_is_current (data));
  g_task_return_boolean (task, TRUE);
}

static void
test_work_that_waits_at_shutdown_still_runs_on_the_worker (void)
{
  g_autoptr (PkWorker) worker = pk_worker_new ("test");

  for (int i = 0; i < 100; i++)
    {
      g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
      g_task_set_task_data (task, worker, NULL);
      pk_worker_queue (worker, PK_PRIORITY_UPKEEP, task, note_current);
    }
  pk_worker_shutdown (worker);
  g_assert_cmpuint (pk_worker_get_n_queued (worker), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/worker/what-a-person-waits-for-runs-first",
                   test_what_a_person_waits_for_runs_first);
  g_test_add_func ("/worker/work-that-waits-at-shutdown-still-runs-on-the-worker",
                   test_work_that_waits_at_shutdown_still_runs_on_the_worker);
  return g_test_run ();
}

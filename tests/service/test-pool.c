/* The pool: jobs run on threads of their own and come back, commits are told, and a queue that is full says so. */
#include "config.h"

#include "pk-problem.h"
#include "pk-service-import.h"
#include "pk-service-pool.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"
#include "pk-test-world.h"

typedef struct
{
  PkTestWorld world;
  PkServicePool *pool; /* (owned) */
  GMutex gate;         /* held while the writer must not go on */
  guint n_done;
  guint n_busy;
  gint64 changed_seq;
} Fixture;

static void
changed_cb (PkServicePool *pool G_GNUC_UNUSED, gint64 seq, Fixture *self)
{
  self->changed_seq = seq;
}

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  pk_test_world_set_up (&self->world);
  g_clear_pointer (&self->world.service, pk_service_free);
  g_clear_pointer (&self->world.store, pk_store_close);
  g_mutex_init (&self->gate);
  self->pool = pk_service_pool_new (self->world.dir, 2, self->world.clock, self->world.ids, &error);
  g_assert_no_error (error);
  g_signal_connect (self->pool, "changed", G_CALLBACK (changed_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_service_pool_shutdown (self->pool);
  g_clear_object (&self->pool);
  g_mutex_clear (&self->gate);
  pk_test_world_tear_down (&self->world);
}

static gpointer
import_task (PkService *service,
             gpointer data,
             GCancellable *cancellable G_GNUC_UNUSED,
             GError **error)
{
  Fixture *self = data;
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);

  g_mutex_lock (&self->gate);
  g_mutex_unlock (&self->gate);
  g_ptr_array_add (records, pk_test_world_new_task (&self->world, "Task"));
  pk_service_import_records (service, records, NULL, 0, PK_IMPORT_DEFAULT, error);
  return NULL;
}

static gpointer
count_tasks (PkService *service,
             gpointer data G_GNUC_UNUSED,
             GCancellable *cancellable G_GNUC_UNUSED,
             GError **error)
{
  gint64 *count = g_new (gint64, 1);

  pk_store_count (pk_service_get_store (service), pk_entity_by_id (PK_ENTITY_TASK), count, error);
  return count;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *self = data;
  g_autoptr (GError) error = NULL;

  pk_service_pool_finish (PK_SERVICE_POOL (source), result, &error);
  if (error == NULL)
    self->n_done++;
  else if (g_error_matches (error, PK_PROBLEM_ERROR, PK_PROBLEM_BUSY))
    self->n_busy++;
  else
    g_assert_no_error (error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *count = pk_service_pool_finish (PK_SERVICE_POOL (source), result, &error);

  g_assert_no_error (error);
  *(gint64 *) data = *count;
}

static void
write_task (Fixture *self)
{
  PkServiceJob job = { .func = import_task, .data = self };

  pk_service_pool_write_async (self->pool, &job, NULL, written_cb, self);
}

static void
test_what_is_written_is_told_and_read (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  PkServiceJob job = { .func = count_tasks, .free_result = g_free };
  gint64 before = pk_service_pool_get_seq (self->pool), count = -1;

  write_task (self);
  while (self->n_done == 0 || self->changed_seq == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (self->changed_seq, >, before);
  g_assert_false (pk_service_pool_is_current (self->pool, before));
  g_assert_true (pk_service_pool_is_current (self->pool, self->changed_seq));
  pk_service_pool_read_async (self->pool, &job, NULL, read_cb, &count);
  while (count < 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (count, ==, 1);
}

static gpointer
change_series (PkService *service,
               gpointer data,
               GCancellable *cancellable G_GNUC_UNUSED,
               GError **error)
{
  PkStore *store = pk_service_get_store (service);
  const char *series = data;
  gint64 number;

  if (!pk_store_begin (store, error) || !pk_store_next_number (store, series, &number, error))
    return NULL;
  if (g_str_equal (series, "bad"))
    pk_problem_set (error, PK_PROBLEM_FORBIDDEN, NULL, "This one is not done");
  else
    pk_store_commit (store, error);
  return NULL;
}

static void
shared_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *self = data;
  g_autoptr (GError) error = NULL;

  pk_service_pool_finish (PK_SERVICE_POOL (source), result, &error);
  if (error == NULL)
    self->n_done++;
  else
    self->n_busy++;
}

static gpointer
get_number (PkService *service,
            gpointer data,
            GCancellable *cancellable G_GNUC_UNUSED,
            GError **error)
{
  PkStore *store = pk_service_get_store (service);
  gint64 *number = g_new0 (gint64, 1);

  if (pk_store_begin (store, error) && pk_store_next_number (store, data, number, error))
    pk_store_rollback (store);
  return number;
}

static gint64
look_at_series (Fixture *self, const char *series)
{
  PkServiceJob job = { .func = get_number, .data = (gpointer) series, .free_result = g_free };
  gint64 number = -1;

  pk_service_pool_write_async (self->pool, &job, NULL, read_cb, &number);
  while (number < 0)
    g_main_context_iteration (NULL, TRUE);
  return number - 1;
}

static void
test_jobs_that_share_a_transaction_fail_alone (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const series[] = { "good", "bad", "good", "bad", "good" };

  g_mutex_lock (&self->gate);
  write_task (self);
  for (guint i = 0; i < G_N_ELEMENTS (series); i++)
    {
      PkServiceJob job = { .func = change_series, .data = (gpointer) series[i], .may_share = TRUE };
      pk_service_pool_write_async (self->pool, &job, NULL, shared_cb, self);
    }
  g_mutex_unlock (&self->gate);
  while (self->n_done + self->n_busy < G_N_ELEMENTS (series) + 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->n_busy, ==, 2);
  g_assert_cmpint (look_at_series (self, "good"), ==, 3);
  g_assert_cmpint (look_at_series (self, "bad"), ==, 0);
}

static void
test_a_queue_that_is_full_says_so_and_loses_nothing (Fixture *self,
                                                     gconstpointer data G_GNUC_UNUSED)
{
  const guint n_jobs = 400;
  PkServiceJob job = { .func = count_tasks, .free_result = g_free };
  gint64 count = -1;

  g_mutex_lock (&self->gate);
  for (guint i = 0; i < n_jobs; i++)
    write_task (self);
  g_mutex_unlock (&self->gate);
  while (self->n_done + self->n_busy < n_jobs)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->n_busy, >, 0);
  pk_service_pool_read_async (self->pool, &job, NULL, read_cb, &count);
  while (count < 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (count, ==, self->n_done);
}

static void
test_a_pool_that_is_shut_takes_no_more_jobs (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  write_task (self);
  pk_service_pool_shutdown (self->pool);
  write_task (self);
  while (self->n_done + self->n_busy < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->n_done, ==, 1);
  g_assert_cmpuint (self->n_busy, ==, 1);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/pool/what-is-written-is-told-and-read", test_what_is_written_is_told_and_read },
    { "/pool/jobs-that-share-a-transaction-fail-alone",
      test_jobs_that_share_a_transaction_fail_alone },
    { "/pool/a-queue-that-is-full-says-so-and-loses-nothing",
      test_a_queue_that_is_full_says_so_and_loses_nothing },
    { "/pool/a-pool-that-is-shut-takes-no-more-jobs", test_a_pool_that_is_shut_takes_no_more_jobs },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}

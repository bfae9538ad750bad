/*
 * How many pushes a second become durable: on SQLite, on PostgreSQL by one process and by two side by side. Each process pushes for
 * a person of its own and waits for each answer, without HTTP around it. Syncing to disk is on, where with_postgres.py --durable
 * has started the server.
 */
#include "config.h"

#include "pk-bench.h"
#include "pk-mutation.h"
#include "pk-service-devices.h"
#include "pk-service-push.h"
#include "pk-store.h"
#include "pk-test-world.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_TASKS   50
#define N_PUSHES  400
#define N_WORKERS 2
#define MOST_RUNS 8

typedef struct
{
  PkTestWorld world;
  PkId tasks[N_WORKERS][N_TASKS];
  PkId devices[N_WORKERS];
} Town;

static void
set_up (Town *self)
{
  pk_test_world_set_up (&self->world);
  for (guint worker = 0; worker < N_WORKERS; worker++)
    {
      for (guint i = 0; i < N_TASKS; i++)
        {
          PkRecord *task = pk_test_world_new_task (&self->world, "A lamp");
          pk_record_set_ref (task, PK_TASK_ASSIGNEE_ID, &self->world.persons[1 + worker]);
          self->tasks[worker][i] = *pk_record_get_id (task);
          pk_test_world_import (&self->world, task);
        }
      g_assert_true (pk_service_register_device (self->world.service,
                                                 &self->world.persons[1 + worker],
                                                 NULL,
                                                 NULL,
                                                 &self->devices[worker],
                                                 NULL));
    }
  g_clear_pointer (&self->world.service, pk_service_free);
  g_clear_pointer (&self->world.store, pk_store_close);
}

static PkMutation *
make_mutation (Town *self, PkIdSource *ids, guint worker, guint n, const PkId *prev)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_TASK);
  PkMutation *mutation =
      pk_mutation_new (PK_OP_SET, entity, NULL, &self->tasks[worker][n % N_TASKS]);
  g_autofree char *title = g_strdup_printf ("Lamp %u", n);

  mutation->n = n;
  mutation->id = pk_id_source_next (ids);
  mutation->prev = *prev;
  mutation->model = PK_MODEL_VERSION;
  mutation->at_us = pk_clock_now_us (self->world.clock);
  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text (title));
  pk_values_take (mutation->was, PK_TASK_TITLE, pk_value_text (title));
  return mutation;
}

static void
push (Town *self, PkService *service, guint worker, GPtrArray *mutations)
{
  for (guint n_runs = 1;; n_runs++)
    {
      g_autoptr (GError) error = NULL;
      pk_service_set_alone (service, n_runs > 2);
      g_autoptr (PkPushResult) result = pk_service_push (service,
                                                         &self->world.persons[1 + worker],
                                                         &self->devices[worker],
                                                         mutations,
                                                         &error);
      if (result != NULL)
        {
          g_assert_cmpint (((PkVerdict *) result->verdicts->pdata[0])->kind, <=, PK_VERDICT_MERGED);
          return;
        }
      g_assert_true (pk_store_is_conflict (error) && n_runs < MOST_RUNS);
      pk_store_rollback (pk_service_get_store (service));
    }
}

static void
work (Town *self, guint worker, guint n_pushes)
{
  g_autoptr (PkIdSource) ids = pk_id_source_new (self->world.clock);
  g_autoptr (GError) error = NULL;
  g_autoptr (PkStore) store = pk_store_open (self->world.dir, PK_STORE_READ_WRITE, ids, &error);
  PkId prev = { { 0 } };

  g_assert_no_error (error);
  g_autoptr (PkService) service = pk_service_new (store, self->world.clock, ids);
  for (guint n = 1; n <= n_pushes; n++)
    {
      g_autoptr (GPtrArray)
          mutations = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
      g_ptr_array_add (mutations, make_mutation (self, ids, worker, n, &prev));
      prev = ((PkMutation *) mutations->pdata[0])->id;
      push (self, service, worker, mutations);
    }
}

/* Pushes a second by @n_workers processes at once. */
static double
measure (guint n_workers)
{
  Town town = { 0 };
  gint64 began_us;
  pid_t children[N_WORKERS];
  int status;

  set_up (&town);
  began_us = g_get_monotonic_time ();
  for (guint i = 0; i < n_workers; i++)
    {
      children[i] = fork ();
      if (children[i] != 0)
        continue;
      work (&town, i, N_PUSHES);
      _exit (EXIT_SUCCESS);
    }
  for (guint i = 0; i < n_workers; i++)
    {
      waitpid (children[i], &status, 0);
      g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == EXIT_SUCCESS);
    }
  double seconds = (double) (g_get_monotonic_time () - began_us) / G_USEC_PER_SEC;
  pk_test_world_tear_down (&town.world);
  return n_workers * N_PUSHES / seconds;
}

int
main (void)
{
  g_autoptr (PkBench) bench = pk_bench_new ("Pushes of one change each, durable one by one");
  g_autofree char *address = g_strdup (g_getenv ("PK_TEST_POSTGRES"));

  g_unsetenv ("PK_TEST_POSTGRES");
  double on_sqlite = measure (1);
  g_setenv ("PK_TEST_POSTGRES", address, TRUE);
  double by_one = measure (1), by_two = measure (2);
  pk_bench_report (bench, "push-sqlite", on_sqlite, "/s", on_sqlite, "SQLite");
  pk_bench_report (bench, "push-postgres-1", by_one, "/s", on_sqlite, "SQLite");
  pk_bench_report (bench, "push-postgres-2", by_two, "/s", by_one, "one process");
  return pk_bench_finish (bench) ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Two pools on one store, as two processes have them: what one writes the other tells of, and nothing is lost where both write. */
#include "config.h"

#include "pk-mutation.h"
#include "pk-service-devices.h"
#include "pk-service-pool.h"
#include "pk-service-push.h"
#include "pk-store-meta.h"
#include "pk-store-others.h"
#include "pk-test-database.h"
#include "pk-test-world.h"
#include "pk-test.h"

#define N_PUSHES 40

typedef struct
{
  PkTestWorld world;
  PkServicePool *pools[2]; /* (owned) */
  guint n_told[2];
  guint n_done;
} Fixture;

static void
changed_cb (guint *n_told)
{
  (*n_told)++;
}

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  pk_test_world_set_up (&self->world);
  for (guint i = 0; i < 2; i++)
    {
      self->pools[i] =
          pk_service_pool_new (self->world.dir, 2, self->world.clock, self->world.ids, &error);
      g_assert_no_error (error);
      g_signal_connect_swapped (self->pools[i],
                                "changed",
                                G_CALLBACK (changed_cb),
                                &self->n_told[i]);
    }
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  for (guint i = 0; i < 2; i++)
    {
      pk_service_pool_shutdown (self->pools[i]);
      g_clear_object (&self->pools[i]);
    }
  pk_test_world_tear_down (&self->world);
}

/* A push of one device. */
typedef struct
{
  Fixture *fixture;
  PkId person;
  PkId device;
  GPtrArray *mutations; /* (owned) */
} Pushing;

static void
free_pushing (gpointer data)
{
  Pushing *self = data;

  g_ptr_array_unref (self->mutations);
  g_free (self);
}

static gpointer
push_func (PkService *service,
           gpointer data,
           GCancellable *cancellable G_GNUC_UNUSED,
           GError **error)
{
  Pushing *self = data;

  return pk_service_push (service, &self->person, &self->device, self->mutations, error);
}

static void
pushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PkPushResult)
      pushed = pk_service_pool_finish (PK_SERVICE_POOL (source), result, &error);

  g_assert_no_error (error);
  g_assert_cmpint (pushed->code, ==, -1);
  g_assert_cmpint (((PkVerdict *) pushed->verdicts->pdata[0])->kind, <=, PK_VERDICT_MERGED);
  self->n_done++;
}

static void
start_push (Fixture *self, guint pool, const PkId *person, const PkId *device, PkMutation *mutation)
{
  Pushing *pushing = g_new0 (Pushing, 1);

  pushing->fixture = self;
  pushing->person = *person;
  pushing->device = *device;
  pushing->mutations = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  g_ptr_array_add (pushing->mutations, mutation);
  PkServiceJob job = { .func = push_func,
                       .data = pushing,
                       .free_data = free_pushing,
                       .free_result = (GDestroyNotify) pk_push_result_free,
                       .priority = PK_PRIORITY_SYNC,
                       .may_share = TRUE };
  pk_service_pool_write_async (self->pools[pool], &job, NULL, pushed_cb, self);
}

static PkMutation *
retitle (Fixture *self, const PkRecord *task, gint64 n, const PkId *prev, const char *title)
{
  PkMutation *mutation =
      pk_mutation_new (PK_OP_SET, pk_record_get_entity (task), NULL, pk_record_get_id (task));

  mutation->n = n;
  mutation->id = pk_id_source_next (self->world.ids);
  mutation->prev = *prev;
  mutation->model = PK_MODEL_VERSION;
  mutation->at_us = pk_clock_now_us (self->world.clock);
  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text (title));
  pk_values_take (mutation->was,
                  PK_TASK_TITLE,
                  pk_value_text (pk_record_get_text (task, PK_TASK_TITLE)));
  return mutation;
}

static PkRecord *
add_task (Fixture *self)
{
  PkRecord *task = pk_test_world_new_task (&self->world, "A lamp");

  pk_test_world_import (&self->world, pk_record_ref (task));
  return task;
}

static PkId
add_device (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  PkId device;

  pk_service_register_device (self->world.service,
                              &self->world.persons[1],
                              NULL,
                              NULL,
                              &device,
                              &error);
  g_assert_no_error (error);
  return device;
}

static gint64
get_seq (Fixture *self)
{
  gint64 seq;

  g_assert_true (pk_store_get_seq (self->world.store, &seq, NULL));
  return seq;
}

static void
test_what_one_writes_the_other_tells_of (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord) task = add_task (self);
  PkId device = add_device (self), none = { { 0 } };

  start_push (self, 0, &self->world.persons[1], &device, retitle (self, task, 1, &none, "Out"));
  pk_test_wait_until (self->n_done == 1);
  pk_test_wait_until (pk_service_pool_is_current (self->pools[1], get_seq (self)));
  g_assert_cmpuint (self->n_told[1], >, 0);
}

static void
test_both_write_and_all_is_there (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord) shared = add_task (self);
  PkId none = { { 0 } };

  for (guint i = 0; i < N_PUSHES; i++)
    {
      g_autoptr (PkRecord) own = i % 4 == 0 ? pk_record_ref (shared) : add_task (self);
      g_autofree char *title = g_strdup_printf ("Lamp %u", i);
      PkId device = add_device (self);
      start_push (self,
                  i % 2,
                  &self->world.persons[1],
                  &device,
                  retitle (self, own, 1, &none, title));
    }
  pk_test_wait_until (self->n_done == N_PUSHES);
  pk_test_world_check (&self->world);
  for (guint i = 0; i < 2; i++)
    pk_test_wait_until (pk_service_pool_is_current (self->pools[i], get_seq (self)));
}

static void
test_work_is_claimed_by_one (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkStore)
      other = pk_store_open (self->world.dir, PK_STORE_READ_ONLY, self->world.ids, NULL);
  gboolean is_ours;

  g_assert_true (pk_store_claim (self->world.store, "sweep", &is_ours, NULL));
  g_assert_true (is_ours);
  g_assert_true (pk_store_claim (other, "sweep", &is_ours, NULL));
  g_assert_false (is_ours);
  g_assert_true (pk_store_yield (self->world.store, "sweep", NULL));
  g_assert_true (pk_store_claim (other, "sweep", &is_ours, NULL));
  g_assert_true (is_ours);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/others/what-one-writes-the-other-tells-of",
              Fixture,
              NULL,
              set_up,
              test_what_one_writes_the_other_tells_of,
              tear_down);
  g_test_add ("/others/both-write-and-all-is-there",
              Fixture,
              NULL,
              set_up,
              test_both_write_and_all_is_there,
              tear_down);
  g_test_add ("/others/work-is-claimed-by-one",
              Fixture,
              NULL,
              set_up,
              test_work_is_claimed_by_one,
              tear_down);
  return g_test_run ();
}

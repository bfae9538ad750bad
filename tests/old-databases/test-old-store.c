/*
 * Stores that older servers wrote, opened by today's. With --make VERSION FOLDER it writes today's store there instead, to be
 * kept for the servers to come.
 */
#include "config.h"

#include "pk-old-file.h"
#include "pk-service-devices.h"
#include "pk-service-push.h"
#include "pk-sql.h"
#include "pk-store-devices.h"
#include "pk-store-records.h"
#include "pk-test-world.h"

#define A_DAY_LATER_US G_GINT64_CONSTANT (1795086400000000)
#define MAX_RECORDS    1000

static const char *const versions[] = { "2", "4" };

static PkMutation *
new_title (PkTestWorld *world, const PkRecord *task, const PkDevice *device, const char *title)
{
  PkMutation *mutation =
      pk_mutation_new (PK_OP_SET, pk_entity_by_id (PK_ENTITY_TASK), NULL, pk_record_get_id (task));

  mutation->id = pk_id_source_next (world->ids);
  mutation->prev = device->last_mutation;
  mutation->n = device->last_n + 1;
  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text (title));
  pk_values_take (mutation->was,
                  PK_TASK_TITLE,
                  pk_value_text (pk_record_get_text (task, PK_TASK_TITLE)));
  return mutation;
}

static PkDevice *
find_device (PkTestWorld *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = pk_store_list_devices (world->store, &world->persons[1], &error);

  g_assert_no_error (error);
  g_assert_cmpuint (devices->len, ==, 1);
  return pk_store_find_device (world->store, &((PkDevice *) devices->pdata[0])->id, &error);
}

static void
push_title (PkTestWorld *world, const PkRecord *task, const char *title)
{
  g_autoptr (PkDevice) device = find_device (world);
  g_autoptr (PkMutation) mutation = new_title (world, task, device, title);
  g_autoptr (GPtrArray) batch = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (batch, mutation);
  g_autoptr (PkPushResult)
      result = pk_service_push (world->service, &world->persons[1], &device->id, batch, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result->verdicts->len, ==, 1);
  g_assert_cmpint (((PkVerdict *) result->verdicts->pdata[0])->kind, ==, PK_VERDICT_APPLIED);
}

static void
make (const char *version, const char *folder)
{
  PkTestWorld world;
  PkId device;

  pk_test_world_set_up (&world);
  g_assert_true (
      pk_service_register_device (world.service, &world.persons[1], NULL, NULL, &device, NULL));
  g_autoptr (PkRecord) task = pk_test_world_new_task (&world, "Lyset er gått");
  pk_test_world_import (&world, pk_record_ref (task));
  push_title (&world, task, "Lyset i gymsalen er gått");
  g_clear_pointer (&world.service, pk_service_free);
  g_clear_pointer (&world.store, pk_store_close);
  g_autofree char *path = g_build_filename (world.dir, "pakobla.db", NULL);
  pk_old_file_pack (path, "store", version, folder);
  pk_test_world_tear_down (&world);
}

static char *
dup_path (PkTestWorld *world)
{
  return g_build_filename (world->dir, "pakobla.db", NULL);
}

static char *
begin (PkTestWorld *world, const char *version)
{
  *world = (PkTestWorld){ .dir = g_dir_make_tmp ("pk-old-XXXXXX", NULL) };
  world->clock = pk_clock_new_manual (A_DAY_LATER_US);
  world->ids = pk_id_source_new_seeded (world->clock, 99);
  g_autofree char *path = dup_path (world);
  return pk_old_file_unpack ("store", version, path);
}

static GPtrArray *
list (PkTestWorld *world, const PkEntity *entity)
{
  g_autoptr (PkValues) filters = pk_values_new (entity->fields, entity->n_fields);
  PkListQuery query = { .entity = entity, .filters = filters, .limit = MAX_RECORDS };
  g_autoptr (GError) error = NULL;
  GPtrArray *records = pk_store_list (world->store, &query, &error);

  g_assert_no_error (error);
  return records;
}

/* Its one task belongs to the person whose device pushed. */
static void
open_store (PkTestWorld *world)
{
  g_autoptr (GError) error = NULL;

  world->store = pk_store_open (world->dir, PK_STORE_READ_WRITE, world->ids, &error);
  g_assert_no_error (error);
  world->service = pk_service_new (world->store, world->clock, world->ids);
  g_autoptr (GPtrArray) tasks = list (world, pk_entity_by_id (PK_ENTITY_TASK));
  g_assert_cmpuint (tasks->len, ==, 1);
  world->persons[1] = *pk_record_get_ref (tasks->pdata[0], PK_TASK_ASSIGNEE_ID);
}

static void
test_every_record (gconstpointer data)
{
  PkTestWorld world;
  g_autofree char *sum = begin (&world, data);
  guint n_records = 0;

  open_store (&world);
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      g_autoptr (GPtrArray) records = list (&world, &pk_model.entities[i]);
      gint64 count;
      g_assert_true (pk_store_count (world.store, &pk_model.entities[i], &count, NULL));
      g_assert_cmpint (records->len, ==, count);
      n_records += records->len;
    }
  g_assert_cmpuint (n_records, >=, 16);
  pk_test_world_check (&world);
  pk_test_world_tear_down (&world);
}

static void
test_a_device_goes_on (gconstpointer data)
{
  PkTestWorld world;
  g_autofree char *sum = begin (&world, data);

  open_store (&world);
  g_autoptr (PkDevice) device = find_device (&world);
  g_autoptr (PkJudgement)
      judgement = pk_store_find_judgement (world.store, &device->last_mutation, NULL);
  g_assert_cmpint (device->last_n, ==, 1);
  g_assert_cmpint (judgement->verdict->kind, ==, PK_VERDICT_APPLIED);

  g_autoptr (GPtrArray) tasks = list (&world, pk_entity_by_id (PK_ENTITY_TASK));
  g_assert_cmpuint (tasks->len, ==, 1);
  g_assert_cmpstr (pk_record_get_text (tasks->pdata[0], PK_TASK_TITLE),
                   ==,
                   "Lyset i gymsalen er gått");
  push_title (&world, tasks->pdata[0], "Nytt");
  pk_test_world_check (&world);
  pk_test_world_tear_down (&world);
}

static void
test_a_newer_one (gconstpointer data)
{
  PkTestWorld world;
  g_autofree char *old = begin (&world, data);
  g_autofree char *path = dup_path (&world);
  g_autoptr (GError) error = NULL;

  {
    g_autoptr (PkSql) sql = pk_sql_open (path, PK_SQL_READ_WRITE, &error);
    g_assert_true (pk_sql_exec (sql, "PRAGMA user_version = 1000", &error));
  }
  g_autofree char *before = pk_old_file_sum (path);
  g_assert_cmpstr (before, !=, old);
  world.store = pk_store_open (world.dir, PK_STORE_READ_WRITE, world.ids, &error);
  g_assert_null (world.store);
  g_assert_error (error, PK_SQL_ERROR, PK_SQL_ERROR_FAILED);
  g_autofree char *after = pk_old_file_sum (path);
  g_assert_cmpstr (before, ==, after);
  pk_test_world_tear_down (&world);
}

static void
add (const char *version, const char *sentence, GTestDataFunc func)
{
  g_autofree char *name = g_strdup_printf ("/old-store/%s/%s", version, sentence);

  g_test_add_data_func (name, version, func);
}

int
main (int argc, char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--make"))
    {
      make (argv[2], argv[3]);
      return 0;
    }
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      add (versions[i], "every-record-is-there-and-all-adds-up", test_every_record);
      add (versions[i], "a-device-goes-on-where-it-was", test_a_device_goes_on);
      add (versions[i], "a-newer-one-is-refused-untouched", test_a_newer_one);
    }
  return g_test_run ();
}

/* A seeded municipality of any size, made by the product's own generator and write path. */
#include "config.h"

#include "pk-bench-town.h"

#include "pk-bench.h"
#include "pk-demo-load.h"
#include "pk-model-tables.h"
#include "pk-service-import.h"
#include "pk-snapshot.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-store-records.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define TODAY "2026-11-23"

static char *
bench_folder (const char *name)
{
  const char *folder = g_getenv ("PK_BENCH_DIR") ? g_getenv ("PK_BENCH_DIR") : "bench";

  return g_build_filename (folder, name, NULL);
}

static gboolean
run (const char *const *command, GError **error)
{
  int status = 0;

  return g_spawn_sync (NULL,
                       (char **) command,
                       NULL,
                       G_SPAWN_SEARCH_PATH,
                       NULL,
                       NULL,
                       NULL,
                       NULL,
                       &status,
                       error) &&
         g_spawn_check_wait_status (status, error);
}

typedef struct
{
  PkId root;
  PkId leader;
} Top;

static gboolean
find_root_cb (PkRecord *unit, gpointer data)
{
  Top *top = data;

  if (pk_record_get_ref (unit, PK_UNIT_PARENT_ID) != NULL)
    return TRUE;
  top->root = *pk_record_get_id (unit);
  if (pk_record_get_ref (unit, PK_UNIT_LEADER_ID) != NULL)
    top->leader = *pk_record_get_ref (unit, PK_UNIT_LEADER_ID);
  return FALSE;
}

static gboolean
find_leader (PkService *service, PkId *leader_out, GError **error)
{
  Top top = { { { 0 } }, { { 0 } } };

  if (!pk_service_visit (service, PK_ENTITY_UNIT, find_root_cb, &top, error))
    return FALSE;
  *leader_out = top.leader;
  return !pk_id_is_null (&top.leader) ||
         (g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "The municipality has no leader"),
          FALSE);
}

static gboolean
make_snapshots (PkService *service, GError **error)
{
  g_autoptr (GArray) stale = pk_snapshot_find_stale (service, 1000, error);

  if (stale == NULL)
    return FALSE;
  for (guint i = 0; i < stale->len; i++)
    {
      g_autoptr (PkSnapshotRow)
          row = pk_snapshot_make (service, g_array_index (stale, gint64, i), error);
      if (row == NULL || !pk_snapshot_publish (service, row, error))
        return FALSE;
    }
  return TRUE;
}

static PkService *
open_service (const char *dir, GError **error)
{
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (PkIdSource) ids = pk_id_source_new (clock);
  PkStore *store = pk_store_open (dir, PK_STORE_READ_WRITE, ids, error);

  return store ? pk_service_new (store, clock, ids) : NULL;
}

static void
close_service (PkService *service)
{
  PkStore *store = pk_service_get_store (service);

  pk_service_free (service);
  pk_store_close (store);
}

static gboolean
make_town (const char *dir, guint n_tasks, GError **error)
{
  PkDemoOptions options = { .seed = 1,
                            .today = TODAY,
                            .n_tasks = n_tasks,
                            .flags = PK_DEMO_WITHOUT_FILES | PK_DEMO_BARE_TASKS };
  PkDemoLoaded loaded;

  if (g_mkdir_with_parents (dir, 0700) != 0)
    return FALSE;
  PkService *service = open_service (dir, error);
  if (service == NULL)
    return FALSE;
  gint64 start_us = g_get_monotonic_time ();
  gboolean is_made = pk_demo_load (service, &options, &loaded, error);
  gint64 loaded_us = g_get_monotonic_time ();
  is_made = is_made && make_snapshots (service, error);
  gint64 end_us = g_get_monotonic_time ();
  close_service (service);
  if (is_made)
    g_print ("# %u tasks written in %.1f s, snapshots made in %.1f s\n",
             n_tasks,
             (double) (loaded_us - start_us) / 1e6,
             (double) (end_us - loaded_us) / 1e6);
  return is_made;
}

static gboolean
copy_town (const char *from, const char *to, GError **error)
{
  const char *const remove[] = { "rm", "-rf", to, NULL };
  const char *const copy[] = { "cp", "-r", from, to, NULL };

  return run (remove, error) && run (copy, error);
}

/**
 * pk_bench_town_open:
 * @n_tasks: how many tasks it has
 *
 * Makes the municipality unless an earlier run has, and copies it.
 *
 * Returns: (transfer full) (nullable): the copy
 */
PkBenchTown *
pk_bench_town_open (guint n_tasks, GError **error)
{
  g_autofree char *name = g_strdup_printf ("town-%u", n_tasks);
  g_autofree char *made = bench_folder (name);
  g_autofree char *part = g_strconcat (made, ".part", NULL);
  g_autofree char *copy = g_strconcat (made, ".run", NULL);
  const char *const remove[] = { "rm", "-rf", part, NULL };

  if (!g_file_test (made, G_FILE_TEST_IS_DIR) &&
      (!run (remove, error) || !make_town (part, n_tasks, error) || g_rename (part, made) != 0))
    return NULL;
  if (!copy_town (made, copy, error))
    return NULL;
  PkService *service = open_service (copy, error);
  if (service == NULL)
    return NULL;
  g_autoptr (PkBenchTown) self = g_new0 (PkBenchTown, 1);
  self->dir = g_steal_pointer (&copy);
  self->n_tasks = n_tasks;
  gboolean is_found = find_leader (service, &self->person, error);
  close_service (service);
  return is_found ? g_steal_pointer (&self) : NULL;
}

/**
 * pk_bench_town_free:
 *
 * Frees the description; the folder stays until the next run.
 */
void
pk_bench_town_free (PkBenchTown *self)
{
  if (self == NULL)
    return;
  g_free (self->dir);
  g_free (self);
}

typedef struct
{
  GPtrArray *records;
  guint most;
  const char *mark;     /* (nullable) */
  const PkId *assignee; /* (nullable) */
} Touch;

static gboolean
touch_cb (PkRecord *task, gpointer data)
{
  Touch *touch = data;
  PkRecord *changed = pk_record_copy (task);

  if (touch->mark != NULL)
    pk_record_set_text (changed, PK_TASK_WAITING_FOR, touch->mark);
  if (touch->assignee != NULL)
    pk_record_set_ref (changed, PK_TASK_ASSIGNEE_ID, touch->assignee);
  g_ptr_array_add (touch->records, changed);
  return touch->records->len < touch->most;
}

static void
free_record (gpointer data)
{
  pk_record_unref (data);
}

static gboolean
change_tasks (PkService *service, Touch *touch, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (free_record);

  touch->records = records;
  return pk_service_visit (service, PK_ENTITY_TASK, touch_cb, touch, error) &&
         pk_service_import_records (service,
                                    records,
                                    NULL,
                                    g_get_real_time (),
                                    PK_IMPORT_KEEP_SERVER_FIELDS,
                                    error);
}

/**
 * pk_bench_town_touch:
 * @service: the writing service of the copy
 * @mark: a text that is written into each of the tasks
 *
 * Changes @n_tasks tasks, as an import would.
 *
 * Returns: %TRUE if they are changed
 */
gboolean
pk_bench_town_touch (PkBenchTown *self G_GNUC_UNUSED,
                     PkService *service,
                     guint n_tasks,
                     const char *mark,
                     GError **error)
{
  Touch touch = { .most = n_tasks, .mark = mark };

  return change_tasks (service, &touch, error);
}

/**
 * pk_bench_town_assign:
 *
 * Gives the person @n_tasks of the tasks to do.
 *
 * Returns: %TRUE if they are given
 */
gboolean
pk_bench_town_assign (PkBenchTown *self, guint n_tasks, GError **error)
{
  Touch touch = { .most = n_tasks, .assignee = &self->person };
  PkService *service = open_service (self->dir, error);

  if (service == NULL)
    return FALSE;
  gboolean is_given = change_tasks (service, &touch, error);
  close_service (service);
  return is_given;
}

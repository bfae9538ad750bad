/* What the store's tests share. */
#include "config.h"

#include "pk-test-store.h"

#include "pk-model-tables.h"
#include "pk-test-database.h"
#include "pk-test.h"

/**
 * pk_test_store_set_up:
 *
 * Makes an empty store.
 */
void
pk_test_store_set_up (PkTestStore *self)
{
  g_autoptr (GError) error = NULL;

  self->dir = g_dir_make_tmp ("pk-store-XXXXXX", &error);
  g_assert_no_error (error);
  pk_test_database_set_up (self->dir);
  self->clock = pk_clock_new_manual (G_GINT64_CONSTANT (1795000000000000));
  self->ids = pk_id_source_new_seeded (self->clock, 7);
  self->store = pk_store_open (self->dir, PK_STORE_READ_WRITE, self->ids, &error);
  g_assert_no_error (error);
}

/**
 * pk_test_store_tear_down:
 *
 * Closes and removes the store.
 */
void
pk_test_store_tear_down (PkTestStore *self)
{
  g_clear_pointer (&self->store, pk_store_close);
  pk_test_remove_tree (self->dir);
  g_clear_pointer (&self->dir, g_free);
  g_clear_pointer (&self->ids, pk_id_source_unref);
  g_clear_pointer (&self->clock, pk_clock_unref);
}

static void
set_up (PkTestStore *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_test_store_set_up (self);
}

static void
tear_down (PkTestStore *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_test_store_tear_down (self);
}

/**
 * pk_test_store_add:
 * @name: the test's path
 *
 * Adds a test that has a store of its own.
 */
void
pk_test_store_add (const char *name, PkTestStoreFunc func)
{
  g_test_add (name, PkTestStore, NULL, set_up, func, tear_down);
}

/**
 * pk_test_store_reopen:
 *
 * Closes the store and opens it again, as a new process would.
 */
void
pk_test_store_reopen (PkTestStore *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->store, pk_store_close);
  self->store = pk_store_open (self->dir, PK_STORE_READ_WRITE, self->ids, &error);
  g_assert_no_error (error);
}

/**
 * pk_test_task:
 *
 * Returns: (transfer full): a task that is complete, with an id of its own
 */
PkRecord *
pk_test_task (PkTestStore *self, const char *title)
{
  PkId id = pk_id_source_next (self->ids);
  PkRecord *task = pk_record_new (pk_entity_by_id (PK_ENTITY_TASK), &id);

  pk_record_set_text (task, PK_TASK_TITLE, title);
  pk_record_set_int (task, PK_TASK_KIND, PK_TASK_KIND_TASK);
  pk_record_set_int (task, PK_TASK_PRIORITY, PK_TASK_PRIORITY_NORMAL);
  pk_record_set_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
  pk_record_set_int (task, PK_TASK_IS_OPEN, 1);
  pk_record_set_int (task, PK_TASK_CHANNEL, PK_CHANNEL_INTERNAL);
  pk_record_set_int (task, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_OPEN);
  pk_record_set_int (task, PK_TASK_CREATED_AT, pk_clock_now_us (self->clock));
  return task;
}

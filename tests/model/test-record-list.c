/* Lists of detail pages that change no more than what changed, and the next step of a task. */
#include "config.h"

#include "pk-model-tables.h"
#include "pk-next-step.h"
#include "pk-record-item.h"

#include <gio/gio.h>

static PkRecordItem *
make_point (guint8 number, PkCheckState state)
{
  PkId id = { { 1, number } };
  g_autoptr (PkRecord) record = pk_record_new (pk_entity_by_id (PK_ENTITY_CHECKLIST_ITEM), &id);

  pk_record_set_int (record, PK_CHECKLIST_ITEM_STATE, state);
  pk_record_set_int (record, PK_CHECKLIST_ITEM_IS_REQUIRED, number % 2);
  return pk_record_item_new (record, NULL, FALSE);
}

static void
show (GListStore *list, const guint8 *numbers, guint n, PkCheckState state)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (items, make_point (numbers[i], state));
  pk_record_list_update (list, items);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
what_stays_keeps_its_object (void)
{
  g_autoptr (GListStore) list = pk_record_list_new ();
  guint n_splices = 0, n_changes = 0;

  show (list, (guint8[]){ 1, 2, 3 }, 3, PK_CHECK_STATE_OPEN);
  g_autoptr (PkRecordItem) first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_autoptr (PkRecordItem) last = g_list_model_get_item (G_LIST_MODEL (list), 2);
  g_signal_connect_swapped (list, "items-changed", G_CALLBACK (count_cb), &n_splices);
  g_signal_connect_swapped (first, "changed", G_CALLBACK (count_cb), &n_changes);

  show (list, (guint8[]){ 1, 4, 3 }, 3, PK_CHECK_STATE_OPEN);
  g_autoptr (PkRecordItem) first_now = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_autoptr (PkRecordItem) last_now = g_list_model_get_item (G_LIST_MODEL (list), 2);
  g_assert_true (first == first_now);
  g_assert_true (last == last_now);
  g_assert_cmpuint (n_splices, ==, 1);
  g_assert_cmpuint (n_changes, ==, 0);
}

static void
what_changed_tells_without_a_splice (void)
{
  g_autoptr (GListStore) list = pk_record_list_new ();
  guint n_splices = 0, n_changes = 0;

  show (list, (guint8[]){ 1, 2 }, 2, PK_CHECK_STATE_OPEN);
  g_autoptr (PkRecordItem) first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_signal_connect_swapped (list, "items-changed", G_CALLBACK (count_cb), &n_splices);
  g_signal_connect_swapped (first, "changed", G_CALLBACK (count_cb), &n_changes);
  show (list, (guint8[]){ 1, 2 }, 2, PK_CHECK_STATE_DONE);
  g_assert_cmpuint (n_splices, ==, 0);
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_cmpint (
      pk_record_get_int (pk_record_item_get_record (first), PK_CHECKLIST_ITEM_STATE, -1),
      ==,
      PK_CHECK_STATE_DONE);
}

static void
a_list_becomes_empty_and_full_again (void)
{
  g_autoptr (GListStore) list = pk_record_list_new ();

  show (list, (guint8[]){ 1, 2 }, 2, PK_CHECK_STATE_OPEN);
  show (list, NULL, 0, PK_CHECK_STATE_OPEN);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  show (list, (guint8[]){ 3, 2, 1 }, 3, PK_CHECK_STATE_OPEN);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 3);
}

static PkStep
step_of (PkTaskStatus status, PkCheckState state)
{
  PkId id = { { 2 } };
  g_autoptr (PkRecord) task = pk_record_new (pk_entity_by_id (PK_ENTITY_TASK), &id);
  g_autoptr (GListStore) list = pk_record_list_new ();

  pk_record_set_int (task, PK_TASK_STATUS, status);
  show (list, (guint8[]){ 1, 2 }, 2, state);
  return pk_next_step_of (task, G_LIST_MODEL (list)).step;
}

static void
the_next_step_follows_status_and_checklist (void)
{
  g_assert_cmpint (step_of (PK_TASK_STATUS_NEW, PK_CHECK_STATE_OPEN), ==, PK_STEP_ACCEPT);
  g_assert_cmpint (step_of (PK_TASK_STATUS_ACCEPTED, PK_CHECK_STATE_OPEN), ==, PK_STEP_START);
  g_assert_cmpint (step_of (PK_TASK_STATUS_IN_PROGRESS, PK_CHECK_STATE_OPEN), ==, PK_STEP_CHECK);
  g_assert_cmpint (step_of (PK_TASK_STATUS_IN_PROGRESS, PK_CHECK_STATE_DONE), ==, PK_STEP_REPORT);
  g_assert_cmpint (step_of (PK_TASK_STATUS_IN_PROGRESS, PK_CHECK_STATE_DEVIATION),
                   ==,
                   PK_STEP_REPORT);
  g_assert_cmpint (step_of (PK_TASK_STATUS_WAITING, PK_CHECK_STATE_OPEN), ==, PK_STEP_CONTINUE);
  g_assert_cmpint (step_of (PK_TASK_STATUS_DONE, PK_CHECK_STATE_OPEN), ==, PK_STEP_CLOSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/record-list/what-stays-keeps-its-object", what_stays_keeps_its_object);
  g_test_add_func ("/record-list/what-changed-tells-without-a-splice",
                   what_changed_tells_without_a_splice);
  g_test_add_func ("/record-list/a-list-becomes-empty-and-full-again",
                   a_list_becomes_empty_and_full_again);
  g_test_add_func ("/next-step/the-next-step-follows-status-and-checklist",
                   the_next_step_follows_status_and_checklist);
  return g_test_run ();
}

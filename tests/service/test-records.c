/* Lists: every record once, in order, however the pages are cut, and nothing that is not the person's. */
#include "config.h"

#include "pk-service-records.h"
#include "pk-test-world.h"

#define N_TASKS 60

typedef PkTestWorld Fixture;

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_test_world_set_up (self);
  for (guint i = 0; i < N_TASKS; i++)
    {
      g_autofree char *title = g_strdup_printf ("Task %02u", (i * 7) % N_TASKS);
      g_autofree char *due_on = g_strdup_printf ("2026-12-%02u", 1 + i % 5);
      PkRecord *task = pk_test_world_new_task (self, title);
      if (i % 3 != 0)
        pk_record_set_text (task, PK_TASK_DUE_ON, due_on);
      if (i % 2 == 0)
        {
          pk_record_set_ref (task, PK_TASK_UNIT_ID, &self->units[3]);
          pk_record_set_null (task, PK_TASK_BUILDING_ID);
          pk_record_set_null (task, PK_TASK_ASSIGNEE_ID);
        }
      pk_test_world_import (self, task);
    }
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_test_world_tear_down (self);
}

static guint
walk (Fixture *self, const PkActor *actor, PkListQuery *query)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, NULL);
  g_autofree char *cursor = NULL;

  for (guint pages = 0; pages < N_TASKS; pages++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PkListPage) page = pk_service_list (self->service, actor, query, cursor, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < page->records->len; i++)
        g_assert_true (g_hash_table_add (
            seen,
            g_memdup2 (pk_record_get_id (page->records->pdata[i]), sizeof (PkId))));
      g_clear_pointer (&cursor, g_free);
      cursor = g_steal_pointer (&page->next);
      if (cursor == NULL)
        return g_hash_table_size (seen);
    }
  g_assert_not_reached ();
}

static void
test_pages_show_each_record_once_in_every_order (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkActor) actor = pk_actor_load (self->service, &self->persons[4], NULL);
  PkListQuery query = { .entity = pk_entity_by_id (PK_ENTITY_TASK), .limit = 7 };

  for (query.order = 0; query.order < query.entity->n_indexes; query.order++)
    for (query.is_descending = FALSE; query.is_descending <= TRUE; query.is_descending++)
      g_assert_cmpuint (walk (self, actor, &query), ==, N_TASKS);
}

static void
test_a_list_holds_only_what_the_person_sees (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkActor) caretaker = pk_actor_load (self->service, &self->persons[2], NULL);
  g_autoptr (PkActor) stranger = pk_actor_load (self->service, &self->persons[3], NULL);
  PkListQuery query = { .entity = pk_entity_by_id (PK_ENTITY_TASK), .limit = 7 };

  g_assert_cmpuint (walk (self, caretaker, &query), ==, N_TASKS / 2);
  g_assert_cmpuint (walk (self, stranger, &query), ==, N_TASKS / 2);
}

static void
test_filters_and_titles_narrow_a_list (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkActor) actor = pk_actor_load (self->service, &self->persons[4], NULL);
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_TASK);
  g_autoptr (PkValues) filters = pk_values_new (entity->fields, entity->n_fields);
  PkListQuery query = { .entity = entity, .filters = filters, .limit = 7 };

  pk_values_take (filters, PK_TASK_DUE_ON, PK_VALUE_INIT);
  g_assert_cmpuint (walk (self, actor, &query), ==, N_TASKS / 3);
  query.filters = NULL;
  query.title = "tas";
  g_assert_cmpuint (walk (self, actor, &query), ==, N_TASKS);
  query.title = "Task 1";
  g_assert_cmpuint (walk (self, actor, &query), ==, 1);
  query.title = "Tb";
  g_assert_cmpuint (walk (self, actor, &query), ==, 0);
}

static void
test_a_cursor_of_another_list_is_refused (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkActor) actor = pk_actor_load (self->service, &self->persons[4], NULL);
  PkListQuery query = { .entity = pk_entity_by_id (PK_ENTITY_TASK), .limit = 7 };
  static const char *const cursors[] = { "", "x", "AAAA", "IiIi", "e30=" };

  for (guint i = 0; i < G_N_ELEMENTS (cursors); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (pk_service_list (self->service, actor, &query, cursors[i], &error));
      g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_INVALID);
    }
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/records/pages-show-each-record-once-in-every-order",
      test_pages_show_each_record_once_in_every_order },
    { "/records/a-list-holds-only-what-the-person-sees",
      test_a_list_holds_only_what_the_person_sees },
    { "/records/filters-and-titles-narrow-a-list", test_filters_and_titles_narrow_a_list },
    { "/records/a-cursor-of-another-list-is-refused", test_a_cursor_of_another_list_is_refused },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}

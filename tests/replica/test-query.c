/*
 * Lists and search. Plans are asserted, not milliseconds: every scan goes by an index and none sorts. With PK_TEST_ROWS in the environment
 * the vector test takes that many rows.
 */
#include "config.h"

#include "pk-query-list.h"
#include "pk-rows.h"
#include "pk-search.h"
#include "pk-sql.h"
#include "replica-fixture.h"

#include <stdlib.h>
#include <string.h>

static void
fill_upkeep (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  gboolean has_more = TRUE;

  while (has_more)
    g_assert_true (pk_writer_do_upkeep (fixture->writer, &has_more, &error));
}

static PkSql *
open_again (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->directory, "replica-1.db", NULL);
  PkSql *sql = pk_sql_open (path, PK_SQL_READ_ONLY, &error);

  g_assert_no_error (error);
  return sql;
}

/* EXPLAIN is put before texts of pk_query_* alone. */
static void
assert_plan (PkSql *sql, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pk_query_explain = g_strconcat ("EXPLAIN QUERY PLAN ", text, NULL);
  PkStatement *plan = pk_sql_prepare (sql, pk_query_explain, &error);
  guint n = 0;

  g_assert_no_error (error);
  while (pk_statement_next (plan, &error))
    {
      const char *detail = pk_statement_get_text (plan, 3);
      if (n++ == 0 && strstr (detail, " USING ") == NULL)
        g_test_fail_printf ("No index: %s: %s", text, detail);
      if (strstr (detail, "TEMP B-TREE") != NULL)
        g_test_fail_printf ("Sorts: %s: %s", text, detail);
    }
  g_assert_no_error (error);
}

static void
assert_plans_of (PkSql *sql, const PkTaskQuery *query)
{
  PkTaskStep steps[PK_TASK_MOST_STEPS];
  guint n_steps = pk_task_query_plan (query, steps);

  for (guint i = 0; i < n_steps; i++)
    {
      g_autofree char *text = pk_query_tasks (query, &steps[i]);
      assert_plan (sql, text);
    }
}

static void
test_no_list_of_tasks_sorts (void)
{
  Fixture fixture;
  guint n = 0;

  fixture_set_up (&fixture);
  g_autoptr (PkSql) sql = open_again (&fixture);
  for (PkTaskList list = PK_TASKS_ALL; list <= PK_TASKS_PART_OF; list++)
    for (PkTaskOpen open = PK_TASKS_OPEN; open <= PK_TASKS_OPEN_AND_CLOSED; open++)
      for (PkTaskDue due = PK_DUE_ANY; due <= PK_DUE_AFTER_OR_NONE; due++)
        for (PkTaskOrder order = PK_TASK_ORDER_DUE; order <= PK_TASK_ORDER_STATUS; order++)
          for (guint filters = 0; filters < 4; filters++)
            {
              g_autoptr (PkTaskQuery) query = pk_task_query_new ();
              query->list = list;
              query->open = open;
              query->due = due;
              query->order = order;
              query->is_descending = (filters & 1) != 0;
              if (filters & 2)
                {
                  query->statuses = 0x5;
                  query->priorities = 0x3;
                  query->is_unassigned = TRUE;
                }
              assert_plans_of (sql, query);
              n++;
            }
  g_assert_cmpuint (n, ==, 6 * 3 * 6 * 4 * 4);
  fixture_tear_down (&fixture);
}

static void
test_no_other_list_sorts (void)
{
  Fixture fixture;
  static const struct
  {
    PkEntityId entity;
    const char *order;
    int filter;
  } lists[] = {
    { PK_ENTITY_BUILDING, "title_key", -1 },
    { PK_ENTITY_BUILDING, "title_key", PK_BUILDING_USE },
    { PK_ENTITY_BUILDING, "title_key", PK_BUILDING_PROPERTY_ID },
    { PK_ENTITY_BUILDING, "address", -1 },
    { PK_ENTITY_BUILDING, "built_year", PK_BUILDING_STATUS },
    { PK_ENTITY_DOCUMENT, "title_key", PK_DOCUMENT_KIND },
    { PK_ENTITY_DOCUMENT, "created_at", -1 },
    { PK_ENTITY_PERSON, "title_key", PK_PERSON_UNIT_ID },
    { PK_ENTITY_PERSON, "title_key", -1 },
    { PK_ENTITY_LOCATION, "sort_key", PK_LOCATION_BUILDING_ID },
    { PK_ENTITY_COMPONENT, "part_code", PK_COMPONENT_BUILDING_ID },
    { PK_ENTITY_ARTICLE, "title_key", PK_ARTICLE_CATEGORY_ID },
  };

  fixture_set_up (&fixture);
  g_autoptr (PkSql) sql = open_again (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (lists) * 2; i++)
    {
      g_autoptr (PkRecordQuery)
          query = pk_record_query_new (pk_entity_by_id (lists[i / 2].entity), lists[i / 2].order);
      PkValue none = PK_VALUE_INIT;
      if (lists[i / 2].filter >= 0)
        pk_record_query_set_filter (query, (guint) lists[i / 2].filter, &none);
      pk_record_query_set_descending (query, i % 2);
      g_autofree char *text = pk_query_records (query);
      assert_plan (sql, text);
    }
  fixture_tear_down (&fixture);
}

static void
give_dated (Fixture *fixture, GPtrArray *lines, const char *title, const char *due_on)
{
  g_autoptr (PkRecord) task = fixture_make_task (fixture, title);

  pk_record_set_text (task, PK_TASK_DUE_ON, due_on);
  pk_record_set_ref (task, PK_TASK_ASSIGNEE_ID, &fixture->person);
  pk_clock_advance (fixture->clock, G_TIME_SPAN_MILLISECOND);
  fixture_add_row (fixture, lines, task, (guint[]){ 0 }, 1);
}

static void
give_four (Fixture *fixture)
{
  const char *const scopes[] = { "everyone", NULL };
  g_autoptr (GPtrArray) lines = fixture_begin (fixture, scopes);
  g_autoptr (GError) error = NULL;

  give_dated (fixture, lines, "Uten frist", NULL);
  give_dated (fixture, lines, "Senere", "2026-12-24");
  give_dated (fixture, lines, "Ærfugl i lekkasjen", "2026-11-23");
  give_dated (fixture, lines, "Ålesund", "2026-11-01");
  fixture_add_commit (fixture, lines, NULL, 0);
  g_assert_true (fixture_apply (fixture, lines, &error));
}

static void
assert_titles (Fixture *fixture, const PkTaskQuery *query, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rids = pk_reader_query_tasks (fixture->reader, query, &error);
  g_autoptr (GString) titles = g_string_new (NULL);
  gint64 count;

  g_assert_no_error (error);
  g_autoptr (GPtrArray) rows = pk_reader_read_task_rows (fixture->reader,
                                                         (const gint64 *) (gpointer) rids->data,
                                                         rids->len,
                                                         &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (titles,
                            "%s%s",
                            i > 0 ? ", " : "",
                            ((PkTaskRow *) rows->pdata[i])->title);
  g_assert_cmpstr (titles->str, ==, expected);
  g_assert_true (pk_reader_count_tasks (fixture->reader, query, &count, &error));
  g_assert_cmpint (count, ==, rids->len);
}

static void
test_tasks_without_a_date_come_last_in_both_directions (void)
{
  Fixture fixture;
  g_autoptr (PkTaskQuery) query = pk_task_query_new ();

  fixture_set_up (&fixture);
  give_four (&fixture);
  query->list = PK_TASKS_ASSIGNED;
  query->subject = fixture.person;
  assert_titles (&fixture, query, "Ålesund, Ærfugl i lekkasjen, Senere, Uten frist");
  query->is_descending = TRUE;
  assert_titles (&fixture, query, "Senere, Ærfugl i lekkasjen, Ålesund, Uten frist");
  query->order = PK_TASK_ORDER_TITLE;
  query->is_descending = FALSE;
  assert_titles (&fixture, query, "Senere, Uten frist, Ærfugl i lekkasjen, Ålesund");
  query->order = PK_TASK_ORDER_CREATED;
  assert_titles (&fixture, query, "Uten frist, Senere, Ærfugl i lekkasjen, Ålesund");
  fixture_tear_down (&fixture);
}

static void
test_due_lists_divide_the_tasks (void)
{
  Fixture fixture;
  g_autoptr (PkTaskQuery) query = pk_task_query_new ();

  fixture_set_up (&fixture);
  give_four (&fixture);
  query->list = PK_TASKS_ASSIGNED;
  query->subject = fixture.person;
  g_strlcpy (query->today, "2026-11-23", sizeof query->today);
  query->due = PK_DUE_OVERDUE;
  assert_titles (&fixture, query, "Ålesund");
  query->due = PK_DUE_TODAY;
  assert_titles (&fixture, query, "Ærfugl i lekkasjen");
  query->due = PK_DUE_UNTIL_TODAY;
  assert_titles (&fixture, query, "Ålesund, Ærfugl i lekkasjen");
  query->due = PK_DUE_AFTER_OR_NONE;
  assert_titles (&fixture, query, "Senere, Uten frist");
  query->due = PK_DUE_AFTER_TODAY;
  g_strlcpy (query->until, "2026-12-01", sizeof query->until);
  assert_titles (&fixture, query, "");
  fixture_tear_down (&fixture);
}

static void
assert_finds (Fixture *fixture, const char *text, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray)
      hits = pk_reader_search (fixture->reader, text, PK_SEARCH_EVERYTHING, 10, &error);

  g_assert_no_error (error);
  if (hits->len != n)
    g_test_fail_printf ("«%s» finds %u, not %u", text, hits->len, n);
}

static void
test_search_finds_stems_and_beginnings (void)
{
  Fixture fixture;

  fixture_set_up (&fixture);
  give_four (&fixture);
  g_assert_false (pk_reader_is_search_ready (fixture.reader));
  fill_upkeep (&fixture);
  g_assert_true (pk_reader_is_search_ready (fixture.reader));

  assert_finds (&fixture, "lek", 1);
  assert_finds (&fixture, "lekkasjer", 1);
  assert_finds (&fixture, "LEKKASJE ærf", 1);
  assert_finds (&fixture, "arfugl", 0);
  assert_finds (&fixture, "åle", 1);
  assert_finds (&fixture, "ale", 0);
  assert_finds (&fixture, "senere lekkasje", 0);
  assert_finds (&fixture, "\"*) OR NEAR(", 0);
  assert_finds (&fixture, "", 0);
  fixture_tear_down (&fixture);
}

static void
test_search_follows_changes (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  give_four (&fixture);
  fill_upkeep (&fixture);
  g_autoptr (PkMutation) mutation = fixture_create_task (&fixture, "Vannlekkasje i kjeller");
  fixture_submit (&fixture, mutation);
  assert_finds (&fixture, "vannlekkasjer", 1);
  g_autoptr (PkMutation) change =
      fixture_set_title (&fixture, &mutation->record, "Vannlekkasje i kjeller", "Tett sluk");
  fixture_submit (&fixture, change);
  assert_finds (&fixture, "vannlekkasje", 0);
  assert_finds (&fixture, "sluket", 1);
  g_autoptr (PkMutation)
      gone = pk_mutation_new (PK_OP_DELETE, mutation->entity, NULL, &mutation->record);
  fixture_submit (&fixture, gone);
  assert_finds (&fixture, "sluk", 0);
  g_assert_no_error (error);
  fixture_tear_down (&fixture);
}

static void
add_many (Fixture *fixture, guint n)
{
  const char *const scopes[] = { "everyone", NULL };
  g_autoptr (GPtrArray) lines = fixture_begin (fixture, scopes);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *title = g_strdup_printf ("Oppgave %u", i);
      g_autofree char *due_on = i % 3 == 0
                                    ? NULL
                                    : g_strdup_printf ("2026-%02u-%02u", 1 + i % 12, 1 + i % 28);
      give_dated (fixture, lines, title, due_on);
    }
  fixture_add_commit (fixture, lines, NULL, 0);
  g_assert_true (fixture_apply (fixture, lines, &error));
}

/* As many as a pull brings after a while: told anew, all but the last, which goes. */
static void
retell (Fixture *fixture, GPtrArray *tasks, const char *title)
{
  const char *const scopes[] = { "everyone", NULL };
  g_autoptr (GPtrArray) lines = fixture_begin (fixture, scopes);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < tasks->len; i++)
    {
      if (title == NULL && i == tasks->len - 1)
        {
          fixture_add_gone (lines, tasks->pdata[i], 0);
          continue;
        }
      pk_record_set_text (tasks->pdata[i], PK_TASK_TITLE, title != NULL ? title : "Radiator");
      fixture_add_row (fixture, lines, tasks->pdata[i], (guint[]){ 0 }, 1);
    }
  fixture_add_commit (fixture, lines, NULL, 0);
  g_assert_true (fixture_apply (fixture, lines, &error));
}

static void
count_changes_cb (PkChangeSet *changes, gpointer data)
{
  *(guint *) data += pk_change_set_get_n (changes);
}

static void
test_search_follows_many_changes_in_upkeep (void)
{
  Fixture fixture;
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  guint n_told = 0;

  fixture_set_up (&fixture);
  for (guint i = 0; i < 300; i++)
    g_ptr_array_add (tasks, fixture_make_task (&fixture, "Takrenne"));
  retell (&fixture, tasks, "Takrenne");
  fill_upkeep (&fixture);
  assert_finds (&fixture, "takrenne", 10);
  retell (&fixture, tasks, "Gjerde");
  retell (&fixture, tasks, NULL);
  fixture_crash (&fixture);
  fixture_reopen (&fixture);
  pk_writer_set_listener (fixture.writer, count_changes_cb, &n_told);
  fill_upkeep (&fixture);
  assert_finds (&fixture, "takrenne", 0);
  assert_finds (&fixture, "gjerde", 0);
  assert_finds (&fixture, "radiator", 10);
  g_assert_cmpuint (n_told, ==, 299);
  fixture_tear_down (&fixture);
}

static void
test_a_long_list_is_a_vector_of_rows_in_order (void)
{
  const char *wish = g_getenv ("PK_TEST_ROWS");
  guint n_rows = wish != NULL ? (guint) atoi (wish) : 3000, n_dated = 0;
  g_autoptr (PkTaskQuery) query = pk_task_query_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *last = g_strdup ("");
  Fixture fixture;

  fixture_set_up (&fixture);
  for (guint i = 0; i < n_rows; i += 1000)
    add_many (&fixture, 1000);
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GArray) rids = pk_reader_query_tasks (fixture.reader, query, &error);
  g_test_message ("%u rids in %" G_GINT64_FORMAT " us",
                  rids->len,
                  g_get_monotonic_time () - start_us);
  g_assert_cmpuint (rids->len, ==, n_rows);
  for (guint i = 0; i < rids->len; i += PK_PAGE_ROWS)
    {
      guint n = MIN (PK_PAGE_ROWS, rids->len - i);
      g_autoptr (GPtrArray) rows =
          pk_reader_read_task_rows (fixture.reader, &g_array_index (rids, gint64, i), n, &error);
      for (guint j = 0; j < n; j++)
        {
          const PkTaskRow *row = rows->pdata[j];
          if (row->due_on == NULL)
            continue;
          g_assert_cmpuint (n_dated, ==, i + j);
          g_assert_cmpstr (last, <=, row->due_on);
          g_free (last);
          last = g_strdup (row->due_on);
          n_dated++;
        }
    }
  fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/query/no-list-of-tasks-sorts", test_no_list_of_tasks_sorts);
  g_test_add_func ("/query/no-other-list-sorts", test_no_other_list_sorts);
  g_test_add_func ("/query/tasks-without-a-date-come-last-in-both-directions",
                   test_tasks_without_a_date_come_last_in_both_directions);
  g_test_add_func ("/query/due-lists-divide-the-tasks", test_due_lists_divide_the_tasks);
  g_test_add_func ("/query/search-finds-stems-and-beginnings",
                   test_search_finds_stems_and_beginnings);
  g_test_add_func ("/query/search-follows-changes", test_search_follows_changes);
  g_test_add_func ("/query/search-follows-many-changes-in-upkeep",
                   test_search_follows_many_changes_in_upkeep);
  g_test_add_func ("/query/a-long-list-is-a-vector-of-rows-in-order",
                   test_a_long_list_is_a_vector_of_rows_in_order);
  return g_test_run ();
}

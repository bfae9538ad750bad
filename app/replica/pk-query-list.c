/*
 * SQL of the lists' scans. Texts are put together from constants and the model's names alone; what the person chose is bound.
 *
 * Every order is one that an index gives, so that no plan sorts. Where a filter must not tempt SQLite to another index, its column has
 * a unary plus. NULLs come last in both directions, which no index gives: tasks without a date are a step of their own. The order by
 * status is one step for each status, in the order of its declaration.
 *
 * Parameters of tasks: ?1 subject, ?2 today, ?3 until, ?4 category, ?5 assignee, ?6 search expression.
 * Parameters of records: ?1 … the filters, ?9 search expression.
 */
#include "config.h"

#include "pk-query-list.h"

#include "pk-query-replica.h"
#include "pk-record-query-private.h"

#include <string.h>

#define N_STATUSES   (PK_TASK_STATUS_CANCELLED + 1)
#define ALL_STATUSES ((1u << N_STATUSES) - 1)

static const char *
subject_column (PkTaskList list)
{
  switch (list)
    {
    case PK_TASKS_ASSIGNED:
      return "assignee_id";
    case PK_TASKS_REGISTERED:
      return "created_by";
    case PK_TASKS_UNIT:
      return "unit_id";
    case PK_TASKS_BUILDING:
      return "building_id";
    case PK_TASKS_PART_OF:
      return "parent_id";
    case PK_TASKS_ALL:
    default:
      return NULL;
    }
}

/* Whether the index (subject, is_open, due_on) gives the order. */
static gboolean
goes_by_subject (const PkTaskQuery *query)
{
  return (query->list == PK_TASKS_ASSIGNED || query->list == PK_TASKS_UNIT ||
          query->list == PK_TASKS_BUILDING) &&
         query->open != PK_TASKS_OPEN_AND_CLOSED && query->order == PK_TASK_ORDER_DUE;
}

/* Whether the index (is_open, due_on) gives the order. */
static gboolean
goes_by_open (const PkTaskQuery *query)
{
  return !goes_by_subject (query) && query->list != PK_TASKS_PART_OF &&
         query->open != PK_TASKS_OPEN_AND_CLOSED && query->order == PK_TASK_ORDER_DUE;
}

static guint
add_dates (const PkTaskQuery *query, int status, PkTaskStep *steps)
{
  gboolean with_dated = TRUE;
  gboolean with_undated = query->due == PK_DUE_ANY || query->due == PK_DUE_AFTER_OR_NONE;
  guint n = 0;

  if (with_dated)
    steps[n++] = (PkTaskStep){ TRUE, FALSE, status };
  if (with_undated)
    steps[n++] = (PkTaskStep){ FALSE, TRUE, status };
  return n;
}

/**
 * pk_task_query_plan:
 * @steps: (out): the statements to run, in order
 *
 * Returns: how many steps there are
 */
guint
pk_task_query_plan (const PkTaskQuery *query, PkTaskStep steps[PK_TASK_MOST_STEPS])
{
  guint n = 0;

  if (query->list == PK_TASKS_PART_OF || query->order == PK_TASK_ORDER_CREATED ||
      query->order == PK_TASK_ORDER_TITLE)
    {
      steps[0] = (PkTaskStep){ FALSE, FALSE, -1 };
      return 1;
    }
  if (query->order == PK_TASK_ORDER_DUE)
    return add_dates (query, -1, steps);
  for (int i = 0; i < N_STATUSES; i++)
    {
      int status = query->is_descending ? N_STATUSES - 1 - i : i;
      if (query->statuses == 0 || (query->statuses & (1u << status)) != 0)
        n += add_dates (query, status, steps + n);
    }
  return n;
}

static void
append_codes (GString *text, const char *column, const PkEnum *values, guint bits)
{
  gboolean is_first = TRUE;

  if (bits == 0)
    return;
  g_string_append_printf (text, " AND +%s IN (", column);
  for (guint i = 0; i < values->n_values; i++)
    if (bits & (1u << i))
      {
        g_string_append_printf (text, "%s'%s'", is_first ? "" : ", ", values->values[i].code);
        is_first = FALSE;
      }
  g_string_append (text, ")");
}

/* What the dates must be. */
static const char *
due_condition (const PkTaskQuery *query, const PkTaskStep *step)
{
  switch (query->due)
    {
    case PK_DUE_OVERDUE:
      return "< ?2";
    case PK_DUE_TODAY:
      return "= ?2";
    case PK_DUE_UNTIL_TODAY:
      return "<= ?2";
    case PK_DUE_AFTER_TODAY:
    case PK_DUE_AFTER_OR_NONE:
      return "> ?2";
    case PK_DUE_ANY:
    default:
      return step->is_dated ? "IS NOT NULL" : NULL;
    }
}

/* Where the order is not by date, the date must not choose the index. */
static void
append_due (GString *text, const PkTaskQuery *query, const PkTaskStep *step)
{
  const char *column = step->is_dated || step->is_undated ? "due_on" : "+due_on";
  const char *condition = step->is_undated ? "IS NULL" : due_condition (query, step);

  if (condition == NULL)
    return;
  if (query->due == PK_DUE_AFTER_OR_NONE && !step->is_dated && !step->is_undated)
    g_string_append_printf (text, " AND (%s %s OR %s IS NULL)", column, condition, column);
  else
    g_string_append_printf (text, " AND %s %s", column, condition);
  if (query->due == PK_DUE_AFTER_TODAY && query->until[0] != '\0' && !step->is_undated)
    g_string_append_printf (text, " AND %s <= ?3", column);
}

static void
append_filters (GString *text, const PkTaskQuery *query)
{
  const PkEntity *task = pk_entity_by_id (PK_ENTITY_TASK);

  append_codes (text,
                "status",
                task->fields[PK_TASK_STATUS].values,
                query->statuses & ALL_STATUSES);
  append_codes (text, "priority", task->fields[PK_TASK_PRIORITY].values, query->priorities);
  append_codes (text, "kind", task->fields[PK_TASK_KIND].values, query->kinds);
  if (!pk_id_is_null (&query->category))
    g_string_append (text, " AND +category_id = ?4");
  if (!pk_id_is_null (&query->assignee))
    g_string_append (text, " AND +assignee_id = ?5");
  if (query->is_unassigned)
    g_string_append (text, " AND +assignee_id IS NULL");
  if (query->text != NULL)
    g_string_append (text,
                     " AND +rid IN (SELECT rowid FROM task_search WHERE task_search MATCH ?6)");
}

/* Where the order comes from another index, that index alone is walked and the subject's rows are looked up in a set of rids. */
static void
append_subject (GString *text, const PkTaskQuery *query, gboolean is_indexed)
{
  const char *column = subject_column (query->list);

  if (column == NULL)
    return;
  if (is_indexed)
    g_string_append_printf (text, " AND %s = ?1", column);
  else if (query->list == PK_TASKS_REGISTERED)
    g_string_append_printf (text, " AND +%s = ?1", column);
  else
    g_string_append_printf (text, " AND +rid IN (SELECT rid FROM task WHERE %s = ?1)", column);
}

static void
append_place (GString *text,
              const PkTaskQuery *query,
              gboolean is_indexed,
              gboolean is_open_indexed)
{
  g_string_append (text, " WHERE true");
  append_subject (text, query, is_indexed);
  if (query->open != PK_TASKS_OPEN_AND_CLOSED)
    g_string_append_printf (text,
                            " AND %sis_open = %d",
                            is_open_indexed ? "" : "+",
                            query->open == PK_TASKS_OPEN);
}

static void
append_order (GString *text, const PkTaskQuery *query, const PkTaskStep *step)
{
  const char *direction = query->is_descending ? " DESC" : "";

  if (query->list == PK_TASKS_PART_OF)
    g_string_append_printf (text, " ORDER BY rid%s", direction);
  else if (query->order == PK_TASK_ORDER_CREATED)
    g_string_append_printf (text,
                            " ORDER BY created_at%s, is_open%s, rid%s",
                            direction,
                            direction,
                            direction);
  else if (query->order == PK_TASK_ORDER_TITLE)
    g_string_append_printf (text,
                            " ORDER BY title_key%s, is_open%s, rid%s",
                            direction,
                            direction,
                            direction);
  else if (step->is_undated)
    g_string_append_printf (text, " ORDER BY rid%s", direction);
  else
    g_string_append_printf (text, " ORDER BY due_on%s, rid%s", direction, direction);
}

/**
 * pk_query_tasks:
 * @step: one of [func@task_query_plan]
 *
 * Returns: (transfer full): SELECT of rids
 */
char *
pk_query_tasks (const PkTaskQuery *query, const PkTaskStep *step)
{
  GString *text = g_string_new ("SELECT rid FROM task");
  gboolean by_subject = goes_by_subject (query);

  append_place (text,
                query,
                by_subject || query->list == PK_TASKS_PART_OF,
                by_subject || goes_by_open (query));
  if (step->status >= 0)
    {
      const PkEntity *task = pk_entity_by_id (PK_ENTITY_TASK);
      g_string_append_printf (text,
                              " AND status = '%s'",
                              task->fields[PK_TASK_STATUS].values->values[step->status].code);
    }
  append_due (text, query, step);
  append_filters (text, query);
  append_order (text, query, step);
  return g_string_free (text, FALSE);
}

/**
 * pk_query_count_tasks:
 *
 * Returns: (transfer full): SELECT of how many there are, whatever the order
 */
char *
pk_query_count_tasks (const PkTaskQuery *query)
{
  PkTaskStep whole = { FALSE, FALSE, -1 };
  GString *text = g_string_new ("SELECT count(*) FROM task");

  append_place (text, query, TRUE, TRUE);
  append_due (text, query, &whole);
  append_filters (text, query);
  return g_string_free (text, FALSE);
}

/* Whether the index begins with the filter's field (where there is one) and then the order; what comes after that field. */
static const char *
match_index (const char *index, const char *field, const char *order)
{
  gsize length = field != NULL ? strlen (field) : 0;

  if (field != NULL)
    {
      if (strncmp (index, field, length) != 0 || index[length] != ',')
        return NULL;
      index += length + 1;
    }
  length = strlen (order);
  return strncmp (index, order, length) == 0 && (index[length] == ',' || index[length] == '\0')
             ? index
             : NULL;
}

static const char *
find_order (const PkRecordQuery *query, int *filter_out)
{
  const PkEntity *entity = query->entity;
  const char *order = NULL;

  for (int filter = (int) query->n_filters - 1; filter >= -1; filter--)
    {
      const char *field = filter < 0 ? NULL : entity->fields[query->filters[filter].field].name;
      *filter_out = filter;
      for (guint i = 0; i < entity->n_indexes; i++)
        if ((order = match_index (entity->indexes[i], field, query->order)) != NULL)
          return order;
    }
  return NULL;
}

/**
 * pk_query_records:
 *
 * Returns: (transfer full) (nullable): SELECT of rids; %NULL where no index gives the order
 */
char *
pk_query_records (const PkRecordQuery *query)
{
  const char *name = query->entity->name;
  int by_filter;
  const char *order = find_order (query, &by_filter);

  g_return_val_if_fail (order != NULL, NULL);

  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "SELECT rid FROM %s WHERE true", name);
  for (guint i = 0; i < query->n_filters; i++)
    g_string_append_printf (text,
                            " AND %s%s IS ?%u",
                            (int) i == by_filter ? "" : "+",
                            query->entity->fields[query->filters[i].field].name,
                            i + 1);
  if (query->text != NULL)
    g_string_append_printf (text,
                            " AND +rid IN (SELECT rowid FROM %s_search WHERE %s_search MATCH ?9)",
                            name,
                            name);
  pk_query_append_order (text, order, query->is_descending);
  return g_string_free (text, FALSE);
}

/* In these orders lists of open tasks are walked whole: the index says of each row whether it is open. */
static gboolean
has_is_open (const PkEntity *entity, const char *columns)
{
  return entity->id == PK_ENTITY_TASK &&
         (g_str_equal (columns, "title_key,id") || g_str_equal (columns, "created_at,id"));
}

/**
 * pk_query_replica_index:
 * @index: which of the model's indexes of the entity
 *
 * The replica's are narrower than the server's: rows of one place in an order go by rid, which each index has in any case.
 *
 * Returns: (transfer full): CREATE INDEX IF NOT EXISTS
 */
char *
pk_query_replica_index (const PkEntity *entity, guint index)
{
  const char *columns = entity->indexes[index];
  gsize length = strlen (columns) - (g_str_has_suffix (columns, ",id") ? strlen (",id") : 0);

  return g_strdup_printf ("CREATE INDEX IF NOT EXISTS %s_by_%u ON %s (%.*s%s)",
                          entity->name,
                          index,
                          entity->name,
                          (int) length,
                          columns,
                          has_is_open (entity, columns) ? ", is_open" : "");
}

static const char *const own_indexes[PK_N_OWN_INDEXES][2] = {
  { "task_by_open", "CREATE INDEX IF NOT EXISTS task_by_open ON task (is_open, due_on)" },
  { "document_by_content", "CREATE INDEX IF NOT EXISTS document_by_content ON document (sha256)" },
};

static const char *const old_own_indexes[PK_N_OWN_INDEXES][2] = {
  { "task_open", "DROP INDEX IF EXISTS task_open" },
  { "document_content", "DROP INDEX IF EXISTS document_content" },
};

/**
 * pk_query_own_index:
 * @index: below %PK_N_OWN_INDEXES
 * @name_out: (out) (optional): what it is called
 *
 * Returns: (transfer none): CREATE INDEX that the replica has beside those of the model
 */
const char *
pk_query_own_index (guint index, const char **name_out)
{
  if (name_out != NULL)
    *name_out = own_indexes[index][0];
  return own_indexes[index][1];
}

/**
 * pk_query_drop_own_index:
 * @index: below %PK_N_OWN_INDEXES
 * @name_out: (out): what it was called
 *
 * Returns: (transfer none): DROP INDEX of what stood in its place in files of older programs
 */
const char *
pk_query_drop_own_index (guint index, const char **name_out)
{
  *name_out = old_own_indexes[index][0];
  return old_own_indexes[index][1];
}

/**
 * pk_query_drop_index:
 *
 * Returns: (transfer full): DROP INDEX of what files of older programs have in the place of [func@query_replica_index]
 */
char *
pk_query_drop_index (const PkEntity *entity, guint index)
{
  return g_strdup_printf ("DROP INDEX IF EXISTS %s_%u", entity->name, index);
}

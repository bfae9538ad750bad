/*
 * Rows of tasks: one or more queries after another, each with a heading where it has one and found anything. The queries run
 * as one job on the reader's worker. Headings have the numbers -1, -2 … Main thread.
 */
#include "config.h"

#include "pk-task-filter.h"

#include "pk-faces.h"
#include "pk-replica.h"
#include "pk-text.h"

#include <glib/gi18n.h>

#define SOON_DAYS 7
#define MAX_PARTS 8

typedef struct
{
  const char *heading; /* (nullable): msgid */
  PkTaskQuery query;   /* its text belongs to the source; its days are set when it is asked */
  int from_days;       /* the query's "today", counted from the day it is */
  int until_days;      /* its "until"; 0: none */
} Part;

typedef struct
{
  GArray *numbers; /* (owned) */
  guint counts[MAX_PARTS];
} Answer;

#define PK_TYPE_TASK_SOURCE (pk_task_source_get_type ())
G_DECLARE_FINAL_TYPE (PkTaskSource, pk_task_source, PK, TASK_SOURCE, GObject)

struct _PkTaskSource
{
  GObject parent_instance;
  PkLibrary *library; /* (owned) */
  char *text;         /* (owned) (nullable) */
  Part parts[MAX_PARTS];
  guint n_parts;
  guint counts[MAX_PARTS]; /* of the last answer */
};

static void source_iface_init (PkRowSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PkTaskSource,
                               pk_task_source,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PK_TYPE_ROW_SOURCE, source_iface_init))

static void
answer_free (Answer *answer)
{
  g_clear_pointer (&answer->numbers, g_array_unref);
  g_free (answer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

/* On the reader's worker. */
static gpointer
run_queries (PkReader *reader, gpointer data, GError **error)
{
  GPtrArray *queries = data;
  g_autoptr (Answer) answer = g_new0 (Answer, 1);

  answer->numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < queries->len; i++)
    {
      g_autoptr (GArray) rids = pk_reader_query_tasks (reader, queries->pdata[i], error);
      if (rids == NULL)
        return NULL;
      gint64 heading = -(gint64) (i + 1);
      answer->counts[i] = rids->len;
      if (rids->len > 0 && queries->len > 1)
        g_array_append_val (answer->numbers, heading);
      g_array_append_vals (answer->numbers, rids->data, rids->len);
    }
  return g_steal_pointer (&answer);
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PkTaskSource *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (Answer) answer = pk_replica_job_finish (PK_REPLICA (object), result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  memcpy (self->counts, answer->counts, sizeof self->counts);
  g_task_return_pointer (task, g_steal_pointer (&answer->numbers), (GDestroyNotify) g_array_unref);
}

static void
set_day (char place[PK_DATE_SIZE], const char *today, int n_days)
{
  g_autofree char *day = pk_text_add_days (today, n_days);

  g_strlcpy (place, day, PK_DATE_SIZE);
}

static void
set_days (PkTaskSource *self)
{
  g_autofree char *today = pk_library_dup_today (self->library);

  for (guint i = 0; i < self->n_parts; i++)
    {
      Part *part = &self->parts[i];
      set_day (part->query.today, today, part->from_days);
      if (part->until_days != 0)
        set_day (part->query.until, today, part->until_days);
    }
}

static void
query_async (PkRowSource *source,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  PkTaskSource *self = PK_TASK_SOURCE (source);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GPtrArray *queries = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_task_query_free);

  g_task_set_source_tag (task, query_async);
  set_days (self);
  for (guint i = 0; i < self->n_parts; i++)
    g_ptr_array_add (queries, pk_task_query_copy (&self->parts[i].query));
  PkReplicaJob job = { PK_PRIORITY_INTERACTIVE,
                       queries,
                       (GDestroyNotify) g_ptr_array_unref,
                       (GDestroyNotify) answer_free };
  pk_replica_read_async (pk_library_get_replica (self->library),
                         run_queries,
                         &job,
                         cancellable,
                         answered_cb,
                         task);
}

static GArray *
query_finish (PkRowSource *source G_GNUC_UNUSED, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fill_heading (PkTaskSource *self, guint part, PkRowItem *item)
{
  g_autofree char *count = pk_text_number (self->counts[part]);
  /* Translators: a group in a list, and how many rows it has: "Overdue · 12" */
  g_autofree char *title =
      g_strdup_printf (C_ ("group", "%s · %s"), _ (self->parts[part].heading), count);

  pk_row_item_fill_heading (item, title);
}

static void
fill (PkRowSource *source, const gint64 *numbers, PkRowItem **items, guint n)
{
  PkTaskSource *self = PK_TASK_SOURCE (source);
  g_autofree char *today = pk_library_dup_today (self->library);
  g_autoptr (GError) error = NULL;
  gint64 rids[PK_PAGE_ROWS];
  PkRowItem *rows[PK_PAGE_ROWS];
  guint n_rids = 0;

  for (guint i = 0; i < n; i++)
    if (numbers[i] > 0)
      {
        rids[n_rids] = numbers[i];
        rows[n_rids++] = items[i];
      }
    else if ((guint) -numbers[i] <= self->n_parts)
      fill_heading (self, (guint) (-numbers[i] - 1), items[i]);

  PkReader *reader = pk_replica_get_reader (pk_library_get_replica (self->library));
  g_autoptr (GPtrArray) found = pk_reader_read_task_rows (reader, rids, n_rids, &error);
  if (found == NULL)
    {
      g_warning ("Reading a page of tasks: %s", error->message);
      return;
    }
  for (guint i = 0; i < n_rids; i++)
    if (found->pdata[i] != NULL)
      pk_faces_fill_task (rows[i], found->pdata[i], today);
}

static void
library_changed_cb (PkTaskSource *self, guint64 entities)
{
  guint64 mine = PK_LIBRARY_BIT (PK_ENTITY_TASK) | PK_LIBRARY_BIT (PK_ENTITY_BUILDING) |
                 PK_LIBRARY_BIT (PK_ENTITY_CATEGORY) | PK_LIBRARY_BIT (PK_ENTITY_PERSON) |
                 PK_LIBRARY_OUTBOX;

  if (entities & mine)
    pk_row_source_emit_stale (PK_ROW_SOURCE (self));
}

static void
source_iface_init (PkRowSourceInterface *iface)
{
  iface->query_async = query_async;
  iface->query_finish = query_finish;
  iface->fill = fill;
}

static void
pk_task_source_finalize (GObject *object)
{
  PkTaskSource *self = PK_TASK_SOURCE (object);

  g_clear_object (&self->library);
  g_clear_pointer (&self->text, g_free);
  G_OBJECT_CLASS (pk_task_source_parent_class)->finalize (object);
}

static void
pk_task_source_class_init (PkTaskSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_task_source_finalize;
}

static void
pk_task_source_init (PkTaskSource *self G_GNUC_UNUSED)
{
}

static PkTaskSource *
new_source (PkLibrary *library)
{
  PkTaskSource *self = g_object_new (PK_TYPE_TASK_SOURCE, NULL);

  self->library = g_object_ref (library);
  g_signal_connect_object (library,
                           "changed",
                           G_CALLBACK (library_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  return self;
}

static Part *
add_part (PkTaskSource *self, const char *heading, const PkTaskQuery *base, PkTaskDue due)
{
  Part *part = &self->parts[self->n_parts++];

  part->heading = heading;
  part->query = *base;
  part->query.due = due;
  return part;
}

static void
add_due_parts (PkTaskSource *self, const PkTaskQuery *base)
{
  add_part (self, N_ ("Overdue"), base, PK_DUE_OVERDUE);
  add_part (self, N_ ("Today"), base, PK_DUE_TODAY);
  add_part (self, N_ ("Next seven days"), base, PK_DUE_AFTER_TODAY)->until_days = SOON_DAYS;
  add_part (self, N_ ("Later, or without a date"), base, PK_DUE_AFTER_OR_NONE)->from_days =
      SOON_DAYS;
}

static void
add_status_parts (PkTaskSource *self, const PkTaskQuery *base)
{
  const PkField *field = &pk_entity_by_id (PK_ENTITY_TASK)->fields[PK_TASK_STATUS];
  guint wanted = base->statuses != 0 ? base->statuses : (1u << (PK_TASK_STATUS_CANCELLED + 1)) - 1;

  for (guint status = 0; status < (PK_TASK_STATUS_CANCELLED + 1); status++)
    if (wanted & (1u << status))
      add_part (self, field->values->values[status].label, base, base->due)->query.statuses =
          1u << status;
}

static void
fill_view (PkTaskSource *self, const PkTaskFilter *filter, PkTaskQuery *query)
{
  const PkId *person = pk_library_get_person (self->library);
  g_autoptr (PkRecord) me = pk_library_find (self->library, PK_ENTITY_PERSON, person);
  const PkId *unit = me == NULL ? NULL : pk_record_get_ref (me, PK_PERSON_UNIT_ID);

  query->list = PK_TASKS_ASSIGNED;
  query->subject = *person;
  query->open = PK_TASKS_OPEN;
  switch (filter->view)
    {
    case PK_TASK_VIEW_MINE:
      break;
    case PK_TASK_VIEW_REGISTERED:
      query->list = PK_TASKS_REGISTERED;
      break;
    case PK_TASK_VIEW_UNASSIGNED:
      query->is_unassigned = TRUE;
      /* fall through */
    case PK_TASK_VIEW_UNIT:
      query->list = PK_TASKS_UNIT;
      query->subject = unit == NULL ? *person : *unit;
      break;
    case PK_TASK_VIEW_WAITING:
      query->statuses = 1u << PK_TASK_STATUS_WAITING;
      break;
    case PK_TASK_VIEW_DONE:
      query->open = PK_TASKS_CLOSED;
      break;
    case PK_TASK_VIEW_ALL:
    default:
      query->list = PK_TASKS_ALL;
      query->open = PK_TASKS_OPEN_AND_CLOSED;
      break;
    }
}

/**
 * pk_task_source_new:
 * @library: what is read
 * @filter: which tasks, in which order
 *
 * Returns: (transfer full): rows of tasks
 */
PkRowSource *
pk_task_source_new (PkLibrary *library, const PkTaskFilter *filter)
{
  PkTaskSource *self = new_source (library);
  gboolean is_closed = filter->view == PK_TASK_VIEW_DONE || filter->view == PK_TASK_VIEW_ALL;
  PkTaskQuery query = { .priorities = filter->priorities, .kinds = filter->kinds };

  fill_view (self, filter, &query);
  self->text = g_strdup (filter->text);
  query.text = self->text;
  query.due = filter->is_overdue_only ? PK_DUE_OVERDUE : PK_DUE_ANY;
  query.order = filter->sort == PK_TASK_SORT_DUE      ? PK_TASK_ORDER_DUE
                : filter->sort == PK_TASK_SORT_TITLE  ? PK_TASK_ORDER_TITLE
                : filter->sort == PK_TASK_SORT_STATUS ? PK_TASK_ORDER_STATUS
                                                      : PK_TASK_ORDER_CREATED;
  query.is_descending = filter->sort == PK_TASK_SORT_NEWEST;

  if (filter->sort == PK_TASK_SORT_STATUS)
    add_status_parts (self, &query);
  else if (filter->sort == PK_TASK_SORT_DUE && !filter->is_overdue_only && !is_closed)
    add_due_parts (self, &query);
  else
    add_part (self, NULL, &query, query.due);
  return PK_ROW_SOURCE (self);
}

/**
 * pk_task_source_new_my_day:
 * @library: what is read
 *
 * Returns: (transfer full): the person's open tasks: now, soon, waiting, and the rest
 */
PkRowSource *
pk_task_source_new_my_day (PkLibrary *library)
{
  PkTaskSource *self = new_source (library);
  guint active = (1u << PK_TASK_STATUS_NEW) | (1u << PK_TASK_STATUS_ACCEPTED) |
                 (1u << PK_TASK_STATUS_IN_PROGRESS);
  PkTaskQuery query = { .list = PK_TASKS_ASSIGNED,
                        .subject = *pk_library_get_person (library),
                        .open = PK_TASKS_OPEN,
                        .statuses = active };

  add_part (self, N_ ("Now"), &query, PK_DUE_UNTIL_TODAY);
  add_part (self, N_ ("Soon"), &query, PK_DUE_AFTER_TODAY)->until_days = SOON_DAYS;
  query.statuses = 1u << PK_TASK_STATUS_WAITING;
  add_part (self, N_ ("Waiting"), &query, PK_DUE_ANY);
  query.statuses = active;
  add_part (self, N_ ("Later, or without a date"), &query, PK_DUE_AFTER_OR_NONE)->from_days =
      SOON_DAYS;
  return PK_ROW_SOURCE (self);
}

/**
 * pk_task_source_new_of_building:
 * @library: what is read
 * @building: its id
 *
 * Returns: (transfer full): the building's open tasks, the nearest due first
 */
PkRowSource *
pk_task_source_new_of_building (PkLibrary *library, const PkId *building)
{
  PkTaskSource *self = new_source (library);
  PkTaskQuery query = { .list = PK_TASKS_BUILDING, .subject = *building, .open = PK_TASKS_OPEN };

  add_part (self, NULL, &query, PK_DUE_ANY);
  return PK_ROW_SOURCE (self);
}

/**
 * pk_task_view_get_label:
 * @view: which tasks
 *
 * Returns: (transfer none): what people call it
 */
const char *
pk_task_view_get_label (PkTaskView view)
{
  static const char *const labels[] = {
    [PK_TASK_VIEW_MINE] = N_ ("Mine"),       [PK_TASK_VIEW_REGISTERED] = N_ ("Registered by me"),
    [PK_TASK_VIEW_UNIT] = N_ ("My unit"),    [PK_TASK_VIEW_UNASSIGNED] = N_ ("Unassigned"),
    [PK_TASK_VIEW_WAITING] = N_ ("Waiting"), [PK_TASK_VIEW_DONE] = N_ ("Done"),
    [PK_TASK_VIEW_ALL] = N_ ("All"),
  };

  return _ (labels[view]);
}

/**
 * pk_task_sort_get_label:
 * @sort: an order
 *
 * Returns: (transfer none): what people call it
 */
const char *
pk_task_sort_get_label (PkTaskSort sort)
{
  static const char *const labels[] = {
    [PK_TASK_SORT_DUE] = N_ ("By due date"),
    [PK_TASK_SORT_NEWEST] = N_ ("Newest first"),
    [PK_TASK_SORT_TITLE] = N_ ("By title"),
    [PK_TASK_SORT_STATUS] = N_ ("By status"),
  };

  return _ (labels[sort]);
}

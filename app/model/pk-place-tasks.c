/*
 * The open tasks of a building, room or component. A room's are those of its building that point to it: no index is needed for what
 * is at most some hundred open tasks. Main thread; the scan runs on the reader's worker.
 */
#include "config.h"

#include "pk-place-tasks.h"

#include "pk-faces.h"
#include "pk-replica.h"
#include "pk-rows.h"

#include <string.h>

struct _PkPlaceTasks
{
  GObject parent_instance;
  PkLibrary *library; /* (owned) */
  guint most;
  PkId building;
  guint field;
  PkId id;
  GListStore *rows; /* (owned): PkRowItem */
  gint64 n_open;
  gint64 n_overdue;
  gboolean is_ready;
  GCancellable *cancellable; /* (owned) (nullable): of the question that is asked now */
};

typedef struct
{
  PkTaskQuery query;
  guint field;
  PkId id;
  guint most;
} Question;

typedef struct
{
  GPtrArray *tasks; /* (owned): PkTaskRow */
  gint64 n_open;
  gint64 n_overdue;
} Answer;

G_DEFINE_FINAL_TYPE (PkPlaceTasks, pk_place_tasks, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_clear_pointer (&answer->tasks, g_ptr_array_unref);
  g_free (answer);
}

static gboolean
is_at_place (PkReader *reader, gint64 rid, const Question *question, Answer *answer)
{
  g_autoptr (PkRecord)
      task = pk_reader_find_by_rid (reader, pk_entity_by_id (PK_ENTITY_TASK), rid, NULL);
  const PkId *place = task != NULL ? pk_record_get_ref (task, question->field) : NULL;
  const char *due = task != NULL ? pk_record_get_text (task, PK_TASK_DUE_ON) : NULL;

  if (place == NULL || !pk_id_equal (place, &question->id))
    return FALSE;
  answer->n_open++;
  if (due != NULL && strcmp (due, question->query.today) < 0)
    answer->n_overdue++;
  return TRUE;
}

/* Rows of all the numbers, read by the page. */
static GPtrArray *
read_rows (PkReader *reader, GArray *rids, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_task_row_unref);

  for (guint from = 0; from < rids->len; from += PK_PAGE_ROWS)
    {
      guint n = MIN (PK_PAGE_ROWS, rids->len - from);
      const gint64 *first = &g_array_index (rids, gint64, from);
      g_autoptr (GPtrArray) page = pk_reader_read_task_rows (reader, first, n, error);
      if (page == NULL)
        return NULL;
      for (guint i = 0; i < n; i++)
        if (page->pdata[i] != NULL)
          g_ptr_array_add (rows, pk_task_row_ref (page->pdata[i]));
    }
  return g_steal_pointer (&rows);
}

static gpointer
ask_in_worker (PkReader *reader, gpointer data, GError **error)
{
  const Question *question = data;
  g_autoptr (GArray) rids = pk_reader_query_tasks (reader, &question->query, error);
  g_autoptr (GArray) shown = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (rids == NULL)
    return NULL;
  Answer *answer = g_new0 (Answer, 1);
  for (guint i = 0; i < rids->len; i++)
    {
      gint64 rid = g_array_index (rids, gint64, i);
      if (is_at_place (reader, rid, question, answer) && shown->len < question->most)
        g_array_append_val (shown, rid);
    }
  answer->tasks = read_rows (reader, shown, error);
  if (answer->tasks != NULL)
    return answer;
  answer_free (answer);
  return NULL;
}

static void
show_answer (PkPlaceTasks *self, const Answer *answer)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *today = pk_library_dup_today (self->library);

  for (guint i = 0; i < answer->tasks->len; i++)
    {
      PkTaskRow *row = g_ptr_array_index (answer->tasks, i);
      PkRowItem *item = pk_row_item_new (PK_ENTITY_TASK, &row->id);
      /* Where one is already need not be said in every line. */
      g_clear_pointer (&row->place, g_free);
      pk_faces_fill_task (item, row, today);
      g_ptr_array_add (items, item);
    }
  g_list_store_splice (self->rows,
                       0,
                       g_list_model_get_n_items (G_LIST_MODEL (self->rows)),
                       items->pdata,
                       items->len);
  self->n_open = answer->n_open;
  self->n_overdue = answer->n_overdue;
  self->is_ready = TRUE;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  Answer *answer = pk_replica_job_finish (PK_REPLICA (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PkPlaceTasks *self = user_data;
  g_clear_object (&self->cancellable);
  if (answer == NULL)
    {
      g_warning ("Reading the tasks of a place: %s", error->message);
      return;
    }
  show_answer (self, answer);
  answer_free (answer);
}

static void
ask (PkPlaceTasks *self)
{
  Question *question = g_new0 (Question, 1);
  g_autofree char *today = pk_library_dup_today (self->library);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  question->query.list = PK_TASKS_BUILDING;
  question->query.subject = self->building;
  question->query.open = PK_TASKS_OPEN;
  g_strlcpy (question->query.today, today, PK_DATE_SIZE);
  question->field = self->field;
  question->id = self->id;
  question->most = self->most;
  PkReplicaJob job = { .priority = PK_PRIORITY_INTERACTIVE,
                       .data = question,
                       .free_data = g_free,
                       .free_result = answer_free };
  pk_replica_read_async (pk_library_get_replica (self->library),
                         ask_in_worker,
                         &job,
                         self->cancellable,
                         answered_cb,
                         self);
}

static void
library_changed_cb (PkPlaceTasks *self, guint64 entities)
{
  if (!pk_id_is_null (&self->id) && (entities & PK_LIBRARY_BIT (PK_ENTITY_TASK)) != 0)
    ask (self);
}

static void
pk_place_tasks_dispose (GObject *object)
{
  PkPlaceTasks *self = PK_PLACE_TASKS (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->rows);
  g_clear_object (&self->library);
  G_OBJECT_CLASS (pk_place_tasks_parent_class)->dispose (object);
}

static void
pk_place_tasks_class_init (PkPlaceTasksClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_place_tasks_dispose;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed",
                                          G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          0);
}

static void
pk_place_tasks_init (PkPlaceTasks *self)
{
  self->rows = g_list_store_new (PK_TYPE_ROW_ITEM);
}

/**
 * pk_place_tasks_new:
 * @library: where to read
 * @most: how many rows are shown
 *
 * Returns: (transfer full): the tasks of no place yet
 */
PkPlaceTasks *
pk_place_tasks_new (PkLibrary *library, guint most)
{
  PkPlaceTasks *self = g_object_new (PK_TYPE_PLACE_TASKS, NULL);

  self->library = g_object_ref (library);
  self->most = most;
  g_signal_connect_object (library,
                           "changed",
                           G_CALLBACK (library_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * pk_place_tasks_set_place:
 * @self: tasks of a place
 * @building: the building that the place is in
 * @field: PK_TASK_BUILDING_ID, PK_TASK_LOCATION_ID or PK_TASK_COMPONENT_ID
 * @id: what the field points to
 *
 * Shows the tasks of another place.
 */
void
pk_place_tasks_set_place (PkPlaceTasks *self, const PkId *building, guint field, const PkId *id)
{
  g_return_if_fail (PK_IS_PLACE_TASKS (self) && building != NULL && id != NULL);

  if (pk_id_equal (&self->id, id) && self->field == field)
    return;
  self->building = *building;
  self->field = field;
  self->id = *id;
  self->is_ready = FALSE;
  g_list_store_remove_all (self->rows);
  ask (self);
}

/**
 * pk_place_tasks_set_most:
 * @self: tasks of a place
 * @most: how many rows are shown
 *
 * Shows more rows, or fewer.
 */
void
pk_place_tasks_set_most (PkPlaceTasks *self, guint most)
{
  g_return_if_fail (PK_IS_PLACE_TASKS (self));

  if (self->most == most)
    return;
  self->most = most;
  if (!pk_id_is_null (&self->id))
    ask (self);
}

/**
 * pk_place_tasks_get_rows:
 * @self: tasks of a place
 *
 * Returns: (transfer none): #PkRowItem of the first few, by due day
 */
GListModel *
pk_place_tasks_get_rows (PkPlaceTasks *self)
{
  g_return_val_if_fail (PK_IS_PLACE_TASKS (self), NULL);
  return G_LIST_MODEL (self->rows);
}

/**
 * pk_place_tasks_get_n_open:
 * @self: tasks of a place
 *
 * Returns: how many are open
 */
gint64
pk_place_tasks_get_n_open (PkPlaceTasks *self)
{
  g_return_val_if_fail (PK_IS_PLACE_TASKS (self), 0);
  return self->n_open;
}

/**
 * pk_place_tasks_get_n_overdue:
 * @self: tasks of a place
 *
 * Returns: how many of the open ones are overdue
 */
gint64
pk_place_tasks_get_n_overdue (PkPlaceTasks *self)
{
  g_return_val_if_fail (PK_IS_PLACE_TASKS (self), 0);
  return self->n_overdue;
}

/**
 * pk_place_tasks_is_ready:
 * @self: tasks of a place
 *
 * Returns: whether they were counted
 */
gboolean
pk_place_tasks_is_ready (PkPlaceTasks *self)
{
  g_return_val_if_fail (PK_IS_PLACE_TASKS (self), FALSE);
  return self->is_ready;
}

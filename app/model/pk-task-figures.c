/* The figures of a person's day. Counted anew when tasks change; one count is under way at most. Main thread. */
#include "config.h"

#include "pk-task-figures.h"

#include "pk-replica.h"

struct _PkTaskFigures
{
  GObject parent_instance;
  PkLibrary *library;        /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable): of the count under way */
  gboolean is_stale;
  gboolean is_ready;
  gint64 counts[PK_N_TASK_FIGURES];
};

G_DEFINE_FINAL_TYPE (PkTaskFigures, pk_task_figures, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void count (PkTaskFigures *self);

/* On the reader's worker. */
static gpointer
run_counts (PkReader *reader, gpointer data, GError **error)
{
  PkTaskQuery *queries = data;
  g_autofree gint64 *counts = g_new0 (gint64, PK_N_TASK_FIGURES);

  for (guint i = 0; i < PK_N_TASK_FIGURES; i++)
    if (!pk_reader_count_tasks (reader, &queries[i], &counts[i], error))
      return NULL;
  return g_steal_pointer (&counts);
}

static void
counted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkTaskFigures) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *counts = pk_replica_job_finish (PK_REPLICA (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (counts == NULL)
    {
      g_warning ("Counting tasks: %s", error->message);
      return;
    }
  self->is_ready = TRUE;
  memcpy (self->counts, counts, sizeof self->counts);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  if (self->is_stale)
    count (self);
}

static PkTaskQuery *
make_queries (PkTaskFigures *self)
{
  PkTaskQuery *queries = g_new0 (PkTaskQuery, PK_N_TASK_FIGURES);
  const PkId *person = pk_library_get_person (self->library);
  g_autofree char *today = pk_library_dup_today (self->library);
  g_autoptr (PkRecord) me = pk_library_find (self->library, PK_ENTITY_PERSON, person);
  const PkId *unit = me == NULL ? NULL : pk_record_get_ref (me, PK_PERSON_UNIT_ID);

  for (guint i = 0; i < PK_N_TASK_FIGURES; i++)
    {
      queries[i].list = PK_TASKS_ASSIGNED;
      queries[i].subject = *person;
      queries[i].open = PK_TASKS_OPEN;
      g_strlcpy (queries[i].today, today, PK_DATE_SIZE);
    }
  queries[PK_FIGURE_OVERDUE].due = PK_DUE_OVERDUE;
  queries[PK_FIGURE_TODAY].due = PK_DUE_TODAY;
  queries[PK_FIGURE_UNIT].list = PK_TASKS_UNIT;
  queries[PK_FIGURE_UNIT].is_unassigned = TRUE;
  if (unit != NULL)
    queries[PK_FIGURE_UNIT].subject = *unit;
  return queries;
}

static void
count (PkTaskFigures *self)
{
  self->is_stale = self->cancellable != NULL;
  if (self->is_stale)
    return;
  self->cancellable = g_cancellable_new ();
  PkReplicaJob job = { PK_PRIORITY_INTERACTIVE, make_queries (self), g_free, g_free };
  pk_replica_read_async (pk_library_get_replica (self->library),
                         run_counts,
                         &job,
                         self->cancellable,
                         counted_cb,
                         g_object_ref (self));
}

static void
library_changed_cb (PkTaskFigures *self, guint64 entities)
{
  if (entities & (PK_LIBRARY_BIT (PK_ENTITY_TASK) | PK_LIBRARY_BIT (PK_ENTITY_PERSON)))
    count (self);
}

static void
pk_task_figures_finalize (GObject *object)
{
  PkTaskFigures *self = PK_TASK_FIGURES (object);

  g_clear_object (&self->library);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (pk_task_figures_parent_class)->finalize (object);
}

static void
pk_task_figures_class_init (PkTaskFiguresClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_task_figures_finalize;

  /**
   * PkTaskFigures::changed:
   *
   * The tasks were counted.
   */
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
pk_task_figures_init (PkTaskFigures *self G_GNUC_UNUSED)
{
}

/**
 * pk_task_figures_new:
 * @library: what is read
 *
 * Returns: (transfer full): figures that follow @library
 */
PkTaskFigures *
pk_task_figures_new (PkLibrary *library)
{
  PkTaskFigures *self = g_object_new (PK_TYPE_TASK_FIGURES, NULL);

  self->library = g_object_ref (library);
  g_signal_connect_object (library,
                           "changed",
                           G_CALLBACK (library_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  count (self);
  return self;
}

/**
 * pk_task_figures_get:
 * @self: figures
 * @figure: which
 *
 * Returns: how many; 0 until they are counted
 */
gint64
pk_task_figures_get (PkTaskFigures *self, PkTaskFigure figure)
{
  return self->counts[figure];
}

/**
 * pk_task_figures_is_ready:
 * @self: figures
 *
 * Returns: %TRUE once they are counted
 */
gboolean
pk_task_figures_is_ready (PkTaskFigures *self)
{
  return self->is_ready;
}

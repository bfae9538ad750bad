/*
 * The replica, seen from the main thread: hands work to the writer's and the reader's worker, and tells what commits changed.
 *
 * The writer's listener runs on its worker: it puts the change set into a box that both threads lock and wakes the main context, which
 * joins whatever has come and emits one signal. Upkeep is queued a slice at a time with the lowest priority, so that a person's act
 * waits for one slice at most. Readers of a file that was replaced open the new one before their next use.
 */
#include "config.h"

#include "pk-replica.h"

#include "pk-reader-private.h"
#include "pk-writer-private.h"

struct _PkReplica
{
  GObject parent_instance;
  char *directory; /* (owned) */
  PkClock *clock;  /* (owned) */
  PkIdSource *ids; /* (owned) */
  PkId person;
  PkWriter *writer;       /* (owned): the writing worker's */
  PkReader *reader;       /* (owned): the main thread's */
  PkReader *scanner;      /* (owned): the reading worker's */
  PkWorker *write_worker; /* (owned) */
  PkWorker *read_worker;  /* (owned) */
  GMainContext *context;  /* (owned) */
  GThread *home;          /* (not owned): who reads in small, and closes */
  GMutex gate;            /* guards the three below */
  PkChangeSet *changes;   /* (owned) (nullable) */
  GSource *wake_up;       /* (owned) (nullable) */
  guint generation;       /* of the newest file */
  gboolean has_upkeep;    /* main thread: a slice is queued */
};

G_DEFINE_FINAL_TYPE (PkReplica, pk_replica, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  PkWriterFunc write;
  PkReaderFunc read;
  PkReplicaJob job;
} Order;

static void
free_order (gpointer data)
{
  Order *self = data;

  if (self->job.free_data != NULL)
    self->job.free_data (self->job.data);
  g_free (self);
}

static void
return_result (GTask *task, gpointer result, const Order *order, GError *error)
{
  if (error == NULL)
    g_task_return_pointer (task, result, result == PK_DONE ? NULL : order->job.free_result);
  else
    g_task_return_error (task, error);
}

static void
run_write (GTask *task, gpointer source, gpointer data, GCancellable *cancellable G_GNUC_UNUSED)
{
  PkReplica *self = source;
  Order *order = data;
  GError *error = NULL;

  gpointer result = order->write (self->writer, order->job.data, &error);
  return_result (task, result, order, error);
}

static guint
get_generation (PkReplica *self)
{
  g_mutex_lock (&self->gate);
  guint generation = self->generation;
  g_mutex_unlock (&self->gate);
  return generation;
}

static gboolean
refresh (PkReplica *self, PkReader *reader, GError **error)
{
  return pk_reader_get_generation (reader) == get_generation (self) ||
         pk_reader_reopen (reader, error);
}

static gpointer
mend (PkWriter *writer, gpointer data G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  pk_writer_mend (writer);
  return PK_DONE;
}

/* The reader met damage that the writer has not seen yet. */
static void
report_damage (PkReplica *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, NULL, NULL);
  Order *order = g_new0 (Order, 1);

  order->write = mend;
  g_task_set_task_data (task, order, free_order);
  pk_worker_queue (self->write_worker, PK_PRIORITY_INTERACTIVE, task, run_write);
}

static void
run_read (GTask *task, gpointer source, gpointer data, GCancellable *cancellable G_GNUC_UNUSED)
{
  PkReplica *self = source;
  Order *order = data;
  GError *error = NULL;
  gpointer result = NULL;

  if (refresh (self, self->scanner, &error))
    result = order->read (self->scanner, order->job.data, &error);
  if (g_error_matches (error, PK_SQL_ERROR, PK_SQL_ERROR_CORRUPT) &&
      pk_reader_get_generation (self->scanner) == get_generation (self))
    report_damage (self);
  return_result (task, result, order, error);
}

static gpointer
do_upkeep (PkWriter *writer, gpointer data G_GNUC_UNUSED, GError **error)
{
  gboolean has_more;

  if (!pk_writer_do_upkeep (writer, &has_more, error))
    return NULL;
  return has_more ? PK_DONE : GINT_TO_POINTER (2);
}

static void queue_upkeep (PkReplica *self);

static void
upkeep_done_cb (GObject *source, GAsyncResult *result, gpointer data G_GNUC_UNUSED)
{
  PkReplica *self = PK_REPLICA (source);
  g_autoptr (GError) error = NULL;
  gpointer more = pk_replica_job_finish (self, result, &error);

  self->has_upkeep = FALSE;
  if (error != NULL)
    g_message ("Upkeep of the replica: %s", error->message);
  if (more == PK_DONE && self->writer != NULL)
    queue_upkeep (self);
}

static void
queue_upkeep (PkReplica *self)
{
  PkReplicaJob job = { .priority = PK_PRIORITY_UPKEEP };

  if (self->has_upkeep || self->writer == NULL)
    return;
  self->has_upkeep = TRUE;
  pk_replica_write_async (self, do_upkeep, &job, NULL, upkeep_done_cb, NULL);
}

static gboolean
wake_up_cb (gpointer data)
{
  PkReplica *self = data;
  g_autoptr (PkChangeSet) changes = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&self->gate);
  changes = g_steal_pointer (&self->changes);
  g_clear_pointer (&self->wake_up, g_source_unref);
  g_mutex_unlock (&self->gate);
  if (changes == NULL || self->writer == NULL)
    return G_SOURCE_REMOVE;
  if (!refresh (self, self->reader, &error))
    g_warning ("The replica cannot be read: %s", error->message);
  g_signal_emit (self, signals[CHANGED], 0, changes);
  queue_upkeep (self);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (PkChangeSet *changes, gpointer data)
{
  PkReplica *self = data;

  g_mutex_lock (&self->gate);
  if (self->changes == NULL)
    self->changes = pk_change_set_new ();
  pk_change_set_add_all (self->changes, changes);
  if (self->writer != NULL)
    self->generation = pk_writer_get_generation (self->writer);
  if (self->wake_up == NULL)
    {
      self->wake_up = g_idle_source_new ();
      g_source_set_priority (self->wake_up, G_PRIORITY_DEFAULT);
      g_source_set_callback (self->wake_up, wake_up_cb, g_object_ref (self), g_object_unref);
      g_source_attach (self->wake_up, self->context);
    }
  g_mutex_unlock (&self->gate);
}

static gboolean
must_yield (gpointer data)
{
  return pk_worker_has_queued (((PkReplica *) data)->write_worker, PK_PRIORITY_INTERACTIVE);
}

/* Closing waits for the worker, so that what is let go after it is the last reference indeed. */
static gboolean
let_go_cb (gpointer data)
{
  pk_replica_close (data);
  return G_SOURCE_REMOVE;
}

/* A job's reference was the last: a worker cannot wait for its own end, so the thread that reads in small closes it. */
static void
let_go_at_home (PkReplica *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, let_go_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);
}

static void
pk_replica_dispose (GObject *object)
{
  PkReplica *self = PK_REPLICA (object);

  if (self->write_worker != NULL && self->home != g_thread_self ())
    {
      let_go_at_home (self);
      return;
    }
  pk_replica_close (self);
  G_OBJECT_CLASS (pk_replica_parent_class)->dispose (object);
}

static void
pk_replica_finalize (GObject *object)
{
  PkReplica *self = PK_REPLICA (object);

  g_clear_object (&self->write_worker);
  g_clear_object (&self->read_worker);
  g_clear_pointer (&self->changes, pk_change_set_unref);
  g_clear_pointer (&self->wake_up, g_source_unref);
  g_clear_pointer (&self->clock, pk_clock_unref);
  g_clear_pointer (&self->ids, pk_id_source_unref);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->gate);
  g_free (self->directory);
  G_OBJECT_CLASS (pk_replica_parent_class)->finalize (object);
}

static void
pk_replica_class_init (PkReplicaClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_replica_dispose;
  G_OBJECT_CLASS (klass)->finalize = pk_replica_finalize;

  /**
   * PkReplica::changed:
   * @changes: what commits changed since the last time
   *
   * On the main context.
   */
  signals[CHANGED] = g_signal_new ("changed",
                                   PK_TYPE_REPLICA,
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   1,
                                   PK_TYPE_CHANGE_SET);
}

static void
pk_replica_init (PkReplica *self)
{
  g_mutex_init (&self->gate);
  self->context = g_main_context_ref_thread_default ();
  self->home = g_thread_self ();
}

static gpointer
adopt_writer (PkWriter *writer, gpointer data G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  pk_writer_adopt (writer);
  return PK_DONE;
}

static gpointer
adopt_scanner (PkReader *reader, gpointer data G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  pk_reader_adopt (reader);
  return PK_DONE;
}

static void
adopt_scanner_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  /* Before the first use: the file may be another one by then, so that it is the worker that looks. */
  pk_reader_adopt (((PkReplica *) source)->scanner);
  run_read (task, source, data, cancellable);
}

static void
hand_over (PkReplica *self)
{
  PkReplicaJob job = { .priority = PK_PRIORITY_INTERACTIVE };
  g_autoptr (GTask) task = g_task_new (self, NULL, NULL, NULL);
  Order *order = g_new0 (Order, 1);

  pk_replica_write_async (self, adopt_writer, &job, NULL, NULL, NULL);
  order->read = adopt_scanner;
  g_task_set_task_data (task, order, free_order);
  pk_worker_queue (self->read_worker, PK_PRIORITY_INTERACTIVE, task, adopt_scanner_cb);
}

/**
 * pk_replica_open:
 * @directory: of one person on one server
 *
 * Opens the files; a few milliseconds, so that the first window can show rows at once. The calling thread's main context gets the
 * signals.
 *
 * Errors: those of [func@writer_open]
 * Returns: (transfer full) (nullable): the replica
 */
PkReplica *
pk_replica_open (const char *directory,
                 PkClock *clock,
                 PkIdSource *ids,
                 const PkId *person,
                 PkReplicaFlags flags,
                 GError **error)
{
  g_autoptr (PkReplica) self = g_object_new (PK_TYPE_REPLICA, NULL);

  self->directory = g_strdup (directory);
  self->clock = pk_clock_ref (clock);
  self->ids = pk_id_source_ref (ids);
  self->person = *person;
  self->writer = pk_writer_open (directory, clock, ids, person, flags, error);
  if (self->writer == NULL)
    return NULL;
  self->generation = pk_writer_get_generation (self->writer);
  self->reader = pk_reader_open (directory, error);
  self->scanner = self->reader != NULL ? pk_reader_open (directory, error) : NULL;
  if (self->scanner == NULL)
    return NULL;
  self->write_worker = pk_worker_new ("replica-writer");
  self->read_worker = pk_worker_new ("replica-reader");
  pk_writer_set_listener (self->writer, changed_cb, self);
  pk_writer_set_yield (self->writer, must_yield, self);
  hand_over (self);
  queue_upkeep (self);
  return g_steal_pointer (&self);
}

/**
 * pk_replica_adopt:
 *
 * Makes the calling thread the one that reads in small; the thread that opened the replica must not use it any more.
 */
void
pk_replica_adopt (PkReplica *self)
{
  g_return_if_fail (PK_IS_REPLICA (self));

  pk_reader_adopt (self->reader);
  self->home = g_thread_self ();
}

/**
 * pk_replica_close:
 *
 * Does what is queued, then closes the files. Nothing may be asked of it afterwards.
 */
void
pk_replica_close (PkReplica *self)
{
  g_return_if_fail (PK_IS_REPLICA (self));

  if (self->read_worker != NULL)
    pk_worker_shutdown (self->read_worker);
  if (self->write_worker != NULL)
    pk_worker_shutdown (self->write_worker);
  g_mutex_lock (&self->gate);
  g_autoptr (GSource) wake_up = g_steal_pointer (&self->wake_up);
  g_mutex_unlock (&self->gate);
  g_clear_pointer (&self->reader, pk_reader_free);
  if (self->scanner != NULL)
    pk_reader_adopt (self->scanner);
  g_clear_pointer (&self->scanner, pk_reader_free);
  if (self->writer != NULL)
    pk_writer_adopt (self->writer);
  g_clear_pointer (&self->writer, pk_writer_free);
  if (wake_up != NULL)
    g_source_destroy (wake_up);
}

/**
 * pk_replica_is_busy:
 *
 * Returns: whether upkeep is under way, or changes are not told yet
 */
gboolean
pk_replica_is_busy (PkReplica *self)
{
  g_return_val_if_fail (PK_IS_REPLICA (self), FALSE);

  g_mutex_lock (&self->gate);
  gboolean is_busy = self->has_upkeep || self->wake_up != NULL;
  g_mutex_unlock (&self->gate);
  return is_busy;
}

/**
 * pk_replica_get_reader:
 *
 * Returns: (transfer none): the main thread's reader; for bounded reads
 */
PkReader *
pk_replica_get_reader (PkReplica *self)
{
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (PK_IS_REPLICA (self) && self->reader != NULL, NULL);

  if (!refresh (self, self->reader, &error))
    g_warning ("The replica cannot be read: %s", error->message);
  return self->reader;
}

/**
 * pk_replica_get_person:
 *
 * Returns: (transfer none): whose replica it is
 */
const PkId *
pk_replica_get_person (PkReplica *self)
{
  return &self->person;
}

/**
 * pk_replica_get_directory:
 *
 * Returns: (transfer none): where the files are
 */
const char *
pk_replica_get_directory (PkReplica *self)
{
  return self->directory;
}

/**
 * pk_replica_get_clock:
 *
 * Returns: (transfer none): the clock
 */
PkClock *
pk_replica_get_clock (PkReplica *self)
{
  return self->clock;
}

/**
 * pk_replica_get_id_source:
 *
 * Returns: (transfer none): where new ids come from
 */
PkIdSource *
pk_replica_get_id_source (PkReplica *self)
{
  return self->ids;
}

static gpointer
submit (PkWriter *writer, gpointer data, GError **error)
{
  return pk_writer_submit (writer, data, error) ? PK_DONE : NULL;
}

/**
 * pk_replica_submit_async:
 * @mutations: (element-type PkMutation) (transfer none): not touched by the caller afterwards
 *
 * Saves and shows what the person did: [func@writer_submit].
 */
void
pk_replica_submit_async (PkReplica *self,
                         GPtrArray *mutations,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  PkReplicaJob job = { .priority = PK_PRIORITY_INTERACTIVE,
                       .data = g_ptr_array_ref (mutations),
                       .free_data = (GDestroyNotify) g_ptr_array_unref };

  pk_replica_write_async (self, submit, &job, cancellable, callback, user_data);
}

/**
 * pk_replica_submit_finish:
 *
 * Errors: those of [func@writer_submit]
 * Returns: %TRUE if it is saved
 */
gboolean
pk_replica_submit_finish (PkReplica *self, GAsyncResult *result, GError **error)
{
  return pk_replica_job_finish (self, result, error) != NULL;
}

static void
queue_order (PkReplica *self,
             PkWorker *worker,
             const Order *order,
             GTaskThreadFunc func,
             GTask *task)
{
  g_task_set_task_data (task, g_memdup2 (order, sizeof *order), free_order);
  if (self->writer == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "The replica is closed");
  else
    pk_worker_queue (worker, order->job.priority, task, func);
}

/**
 * pk_replica_write_async:
 * @func: runs on the writing worker
 * @job: copied
 *
 * Runs @func with the writer.
 */
void
pk_replica_write_async (PkReplica *self,
                        PkWriterFunc func,
                        const PkReplicaJob *job,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Order order = { .write = func, .job = *job };

  g_task_set_source_tag (task, pk_replica_write_async);
  queue_order (self, self->write_worker, &order, run_write, task);
}

/**
 * pk_replica_read_async:
 * @func: runs on the reading worker
 * @job: copied
 *
 * Runs @func with the reader for scans.
 */
void
pk_replica_read_async (PkReplica *self,
                       PkReaderFunc func,
                       const PkReplicaJob *job,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Order order = { .read = func, .job = *job };

  g_task_set_source_tag (task, pk_replica_read_async);
  queue_order (self, self->read_worker, &order, run_read, task);
}

/**
 * pk_replica_job_finish:
 *
 * Returns: (transfer full) (nullable): what the function gave; %NULL with an error where it failed
 */
gpointer
pk_replica_job_finish (PkReplica *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
query_tasks (PkReader *reader, gpointer data, GError **error)
{
  return pk_reader_query_tasks (reader, data, error);
}

/**
 * pk_replica_query_tasks_async:
 * @query: copied
 *
 * Computes the vector of a list of tasks.
 */
void
pk_replica_query_tasks_async (PkReplica *self,
                              const PkTaskQuery *query,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  PkReplicaJob job = { .priority = PK_PRIORITY_INTERACTIVE,
                       .data = pk_task_query_copy (query),
                       .free_data = (GDestroyNotify) pk_task_query_free,
                       .free_result = (GDestroyNotify) g_array_unref };

  pk_replica_read_async (self, query_tasks, &job, cancellable, callback, user_data);
}

/**
 * pk_replica_query_tasks_finish:
 *
 * Returns: (transfer full) (element-type gint64) (nullable): rids in order
 */
GArray *
pk_replica_query_tasks_finish (PkReplica *self, GAsyncResult *result, GError **error)
{
  return pk_replica_job_finish (self, result, error);
}

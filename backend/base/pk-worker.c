/* A thread with a queue that is ordered by priority, then by arrival. */
#include "config.h"

#include "pk-worker.h"

typedef struct
{
  PkPriority priority;
  guint64 arrival;
  GTask *task; /* (owned) (nullable): NULL ends the thread */
  GTaskThreadFunc func;
} Job;

struct _PkWorker
{
  GObject parent_instance;
  GThread *thread;                      /* (owned) (nullable): NULL after shutdown */
  GAsyncQueue *queue;                   /* (owned) */
  guint64 arrivals;                     /* (atomic by the queue's lock) */
  int n_queued[PK_PRIORITY_UPKEEP + 1]; /* (atomic) */
};

G_DEFINE_FINAL_TYPE (PkWorker, pk_worker, G_TYPE_OBJECT)

static int
compare_jobs (gconstpointer a, gconstpointer b, gpointer user_data G_GNUC_UNUSED)
{
  const Job *first = a, *second = b;

  if (first->priority != second->priority)
    return first->priority < second->priority ? -1 : 1;
  return first->arrival < second->arrival ? -1 : first->arrival > second->arrival;
}

static void
run_job (Job *job)
{
  if (!g_task_return_error_if_cancelled (job->task))
    job->func (job->task,
               g_task_get_source_object (job->task),
               g_task_get_task_data (job->task),
               g_task_get_cancellable (job->task));
  g_object_unref (job->task);
}

/* The worker outlives its thread: it joins it. */
static gpointer
run_thread (gpointer data)
{
  PkWorker *self = data;

  while (TRUE)
    {
      g_autofree Job *job = g_async_queue_pop (self->queue);
      g_atomic_int_add (&self->n_queued[job->priority], -1);
      if (job->task == NULL)
        return NULL;
      run_job (job);
    }
}

static void
push_job (PkWorker *self, PkPriority priority, GTask *task, GTaskThreadFunc func)
{
  Job *job = g_new (Job, 1);

  g_atomic_int_inc (&self->n_queued[priority]);
  g_async_queue_lock (self->queue);
  *job = (Job){ priority, self->arrivals++, task, func };
  g_async_queue_push_sorted_unlocked (self->queue, job, compare_jobs, NULL);
  g_async_queue_unlock (self->queue);
}

static void
pk_worker_dispose (GObject *object)
{
  pk_worker_shutdown (PK_WORKER (object));
  G_OBJECT_CLASS (pk_worker_parent_class)->dispose (object);
}

static void
pk_worker_finalize (GObject *object)
{
  g_async_queue_unref (PK_WORKER (object)->queue);
  G_OBJECT_CLASS (pk_worker_parent_class)->finalize (object);
}

static void
pk_worker_class_init (PkWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_worker_dispose;
  G_OBJECT_CLASS (klass)->finalize = pk_worker_finalize;
}

static void
pk_worker_init (PkWorker *self)
{
  self->queue = g_async_queue_new ();
}

/**
 * pk_worker_new:
 * @name: of the thread; at most 15 bytes show in debuggers
 *
 * Returns: (transfer full): a worker whose thread runs
 */
PkWorker *
pk_worker_new (const char *name)
{
  PkWorker *self = g_object_new (PK_TYPE_WORKER, NULL);

  self->thread = g_thread_new (name, run_thread, self);
  return self;
}

/**
 * pk_worker_queue:
 * @task: a reference is taken until it has run
 * @func: must return the task's result
 *
 * Queues @task. Any thread.
 */
void
pk_worker_queue (PkWorker *self, PkPriority priority, GTask *task, GTaskThreadFunc func)
{
  g_return_if_fail (PK_IS_WORKER (self));
  g_return_if_fail (G_IS_TASK (task));
  g_return_if_fail (self->thread != NULL);

  push_job (self, priority, g_object_ref (task), func);
}

/**
 * pk_worker_is_current:
 *
 * Returns: whether the caller runs on the worker's thread
 */
gboolean
pk_worker_is_current (PkWorker *self)
{
  return self->thread == g_thread_self ();
}

/**
 * pk_worker_get_n_queued:
 *
 * Returns: tasks that wait
 */
guint
pk_worker_get_n_queued (PkWorker *self)
{
  int length = g_async_queue_length (self->queue);

  return length > 0 ? (guint) length : 0;
}

/**
 * pk_worker_has_queued:
 *
 * For a long task that others may wait for. Any thread.
 *
 * Returns: whether a task of the priority waits
 */
gboolean
pk_worker_has_queued (PkWorker *self, PkPriority priority)
{
  return g_atomic_int_get (&self->n_queued[priority]) > 0;
}

/**
 * pk_worker_shutdown:
 *
 * Runs what is queued, then ends the thread and waits for it. Must not be called from the worker itself.
 */
void
pk_worker_shutdown (PkWorker *self)
{
  g_return_if_fail (PK_IS_WORKER (self));

  if (self->thread == NULL)
    return;
  g_assert (!pk_worker_is_current (self));
  push_job (self, PK_PRIORITY_UPKEEP, NULL, NULL);
  /* What is queued still asks whether it runs on this thread. */
  g_thread_join (self->thread);
  self->thread = NULL;
}

/*
 * The threads of a store. Each worker's handle is opened on the worker itself, by its first job; what
 * crosses threads is a job's data and its result. The number of the last commit is read by anybody, without a row.
 */
#include "config.h"

#include "pk-service-pool.h"

#include "pk-problem.h"
#include "pk-sql.h"
#include "pk-store-meta.h"

#define MOST_WAITING 256
#define MOST_SHARING 64

/* One thread: its worker, and what belongs to it. */
typedef struct
{
  PkWorker *worker;   /* (owned) */
  PkStore *store;     /* (owned) (nullable): touched by the worker alone */
  PkService *service; /* (owned) (nullable): touched by the worker alone */
} Seat;

struct _PkServicePool
{
  GObject parent_instance;
  char *dir;             /* (owned) */
  PkClock *clock;        /* (owned) */
  PkIdSource *ids;       /* (owned) */
  GMainContext *context; /* (owned): where "changed" is told */
  Seat writer;
  Seat *readers; /* (owned) */
  guint n_readers;
  GAsyncQueue
      *sharing; /* (owned): GTask: jobs that wait for the writer and may share a transaction */
  gint64 seq;   /* (atomic): of the last commit */
  gboolean is_shut;
};

/* A job under way. */
typedef struct
{
  PkServicePool *pool; /* the task holds it */
  PkServiceJob job;
  Seat *seat;
} Run;

G_DEFINE_FINAL_TYPE (PkServicePool, pk_service_pool, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
free_run (gpointer data)
{
  Run *run = data;

  if (run->job.free_data != NULL)
    run->job.free_data (run->job.data);
  g_free (run);
}

static gboolean
open_seat (PkServicePool *self, Seat *seat, GError **error)
{
  PkStoreMode mode = seat == &self->writer ? PK_STORE_READ_WRITE : PK_STORE_READ_ONLY;

  if (seat->service != NULL)
    return TRUE;
  seat->store = pk_store_open (self->dir, mode, self->ids, error);
  if (seat->store == NULL)
    return FALSE;
  seat->service = pk_service_new (seat->store, self->clock, self->ids);
  return TRUE;
}

static gboolean
tell_changed_cb (gpointer data)
{
  PkServicePool *self = data;

  g_signal_emit (self, signals[CHANGED], 0, pk_service_pool_get_seq (self));
  return G_SOURCE_REMOVE;
}

static void
look_for_commit (PkServicePool *self)
{
  gint64 seq;

  if (!pk_store_get_seq (self->writer.store, &seq, NULL) || seq == pk_service_pool_get_seq (self))
    return;
  __atomic_store_n (&self->seq, seq, __ATOMIC_RELEASE);
  g_main_context_invoke_full (self->context,
                              G_PRIORITY_DEFAULT,
                              tell_changed_cb,
                              g_object_ref (self),
                              g_object_unref);
}

/* Errors of the driver become problems here, where the last line that knows the driver stands. */
static void
translate (GError **error)
{
  if (*error == NULL || !g_error_matches (*error, PK_SQL_ERROR, PK_SQL_ERROR_FULL))
    return;
  g_clear_error (error);
  pk_problem_set (error, PK_PROBLEM_NO_SPACE, NULL, "The server's disk is full");
}

/* Takes the error. */
static void
end_job (GTask *task, Run *run, gpointer result, GError *error)
{
  if (error == NULL)
    {
      g_task_return_pointer (task, result, run->job.free_result);
      return;
    }
  if (result != NULL && run->job.free_result != NULL)
    run->job.free_result (result);
  translate (&error);
  g_task_return_error (task, error);
}

static gpointer
call_job (Run *run, GCancellable *cancellable, GError **error)
{
  gpointer result = run->job.func (run->seat->service, run->job.data, cancellable, error);

  pk_store_rollback (run->seat->store); /* what a job that failed has left open */
  return result;
}

static void
run_job (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  PkServicePool *self = source;
  Run *run = data;
  GError *error = NULL;
  gpointer result = NULL;

  if (open_seat (self, run->seat, &error))
    result = call_job (run, cancellable, &error);
  if (run->seat == &self->writer && self->writer.store != NULL)
    look_for_commit (self);
  end_job (task, run, result, error);
}

/* Some jobs that are done, in one transaction that is not committed yet. */
typedef struct
{
  GPtrArray *tasks; /* GTask */
  gpointer results[MOST_SHARING];
  GError *errors[MOST_SHARING];
} Share;

static GPtrArray *
take_sharing (PkServicePool *self)
{
  GPtrArray *tasks = g_ptr_array_new_with_free_func (g_object_unref);

  while (tasks->len < MOST_SHARING)
    {
      g_autoptr (GTask) task = g_async_queue_try_pop (self->sharing);
      if (task == NULL)
        break;
      if (!g_task_return_error_if_cancelled (task))
        g_ptr_array_add (tasks, g_steal_pointer (&task));
    }
  return tasks;
}

static void
call_all (Share *share)
{
  for (guint i = 0; i < share->tasks->len; i++)
    {
      GTask *task = share->tasks->pdata[i];
      share->results[i] =
          call_job (g_task_get_task_data (task), g_task_get_cancellable (task), &share->errors[i]);
    }
}

static void
fail_all (Share *share, const GError *error)
{
  for (guint i = 0; i < share->tasks->len; i++)
    if (share->errors[i] == NULL)
      share->errors[i] = g_error_copy (error);
}

/* Nobody is told before all is durable. */
static void
run_sharing (PkServicePool *self, GPtrArray *tasks)
{
  Share share = { .tasks = tasks };
  g_autoptr (GError) error = NULL;

  if (open_seat (self, &self->writer, &error) && pk_store_begin_shared (self->writer.store, &error))
    {
      call_all (&share);
      pk_store_commit_shared (self->writer.store, &error);
    }
  if (error != NULL)
    fail_all (&share, error);
  if (self->writer.store != NULL)
    look_for_commit (self);
  for (guint i = 0; i < tasks->len; i++)
    end_job (tasks->pdata[i],
             g_task_get_task_data (tasks->pdata[i]),
             share.results[i],
             share.errors[i]);
}

/* Whoever comes first takes those with him that wait by now; their own turns find nothing left to do. */
static void
run_waiting (GTask *task, gpointer source, gpointer data G_GNUC_UNUSED, GCancellable *cancellable)
{
  PkServicePool *self = source;
  g_autoptr (GPtrArray) tasks = take_sharing (self);

  if (tasks->len == 1)
    run_job (tasks->pdata[0], self, g_task_get_task_data (tasks->pdata[0]), cancellable);
  else if (tasks->len > 1)
    run_sharing (self, tasks);
  g_task_return_boolean (task, TRUE);
}

static void
pk_service_pool_finalize (GObject *object)
{
  PkServicePool *self = PK_SERVICE_POOL (object);

  pk_service_pool_shutdown (self);
  g_async_queue_unref (self->sharing);
  g_free (self->readers);
  g_free (self->dir);
  g_clear_pointer (&self->clock, pk_clock_unref);
  g_clear_pointer (&self->ids, pk_id_source_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  G_OBJECT_CLASS (pk_service_pool_parent_class)->finalize (object);
}

static void
pk_service_pool_class_init (PkServicePoolClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_service_pool_finalize;

  /**
   * PkServicePool::changed:
   * @seq: number of the last change
   *
   * After a commit that changed something; several commits may be told at once.
   */
  signals[CHANGED] = g_signal_new ("changed",
                                   PK_TYPE_SERVICE_POOL,
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   1,
                                   G_TYPE_INT64);
}

static void
pk_service_pool_init (PkServicePool *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->sharing = g_async_queue_new_full (g_object_unref);
}

/**
 * pk_service_pool_new:
 * @dir: the store's folder; made where there is none
 * @n_readers: how many threads read, at least one
 *
 * Opens the store, brings it up to date and starts the threads. Blocks.
 *
 * Errors: of the driver
 * Returns: (transfer full) (nullable): the pool
 */
PkServicePool *
pk_service_pool_new (const char *dir,
                     guint n_readers,
                     PkClock *clock,
                     PkIdSource *ids,
                     GError **error)
{
  g_autoptr (PkServicePool) self = NULL;
  g_autoptr (PkStore) store = pk_store_open (dir, PK_STORE_READ_WRITE, ids, error);
  gint64 seq;

  g_return_val_if_fail (n_readers > 0, NULL);
  if (store == NULL || !pk_store_get_seq (store, &seq, error))
    return NULL;
  self = g_object_new (PK_TYPE_SERVICE_POOL, NULL);
  self->dir = g_strdup (dir);
  self->clock = pk_clock_ref (clock);
  self->ids = pk_id_source_ref (ids);
  self->seq = seq;
  self->n_readers = n_readers;
  self->readers = g_new0 (Seat, n_readers);
  self->writer.worker = pk_worker_new ("store-writer");
  for (guint i = 0; i < n_readers; i++)
    self->readers[i].worker = pk_worker_new ("store-reader");
  return g_steal_pointer (&self);
}

static void
queue_run (PkServicePool *self,
           Seat *seat,
           const PkServiceJob *job,
           PkPriority priority,
           GTask *task,
           GTaskThreadFunc func)
{
  Run *run = g_new (Run, 1);

  *run = (Run){ self, *job, seat };
  g_task_set_task_data (task, run, free_run);
  if (seat != &self->writer || !job->may_share)
    {
      pk_worker_queue (seat->worker, priority, task, func);
      return;
    }
  g_autoptr (GTask) turn = g_task_new (self, NULL, NULL, NULL);
  g_async_queue_push (self->sharing, g_object_ref (task));
  pk_worker_queue (seat->worker, priority, turn, run_waiting);
}

static void
start (PkServicePool *self,
       Seat *seat,
       const PkServiceJob *job,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, start);
  if (!self->is_shut && pk_worker_get_n_queued (seat->worker) < MOST_WAITING)
    {
      queue_run (self, seat, job, job->priority, task, run_job);
      return;
    }
  GError *error = NULL;
  pk_problem_set (&error, PK_PROBLEM_BUSY, NULL, "Too many requests are waiting");
  g_task_return_error (task, error);
  if (job->free_data != NULL)
    job->free_data (job->data);
}

/**
 * pk_service_pool_read_async:
 * @job: copied; its data is the pool's from here on
 *
 * Runs a job on the reading thread that has the least to do. Completes on the caller's context.
 *
 * Errors: %PK_PROBLEM_BUSY, %PK_PROBLEM_NO_SPACE, and those of the job
 */
void
pk_service_pool_read_async (PkServicePool *self,
                            const PkServiceJob *job,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (PK_IS_SERVICE_POOL (self));

  Seat *seat = &self->readers[0];
  for (guint i = 1; !self->is_shut && i < self->n_readers; i++)
    if (pk_worker_get_n_queued (self->readers[i].worker) < pk_worker_get_n_queued (seat->worker))
      seat = &self->readers[i];
  start (self, seat, job, cancellable, callback, user_data);
}

/**
 * pk_service_pool_write_async:
 * @job: copied; its data is the pool's from here on
 *
 * Runs a job on the writing thread. Completes on the caller's context.
 *
 * Errors: %PK_PROBLEM_BUSY, %PK_PROBLEM_NO_SPACE, and those of the job
 */
void
pk_service_pool_write_async (PkServicePool *self,
                             const PkServiceJob *job,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (PK_IS_SERVICE_POOL (self));

  start (self, &self->writer, job, cancellable, callback, user_data);
}

/**
 * pk_service_pool_finish:
 *
 * Returns: (transfer full) (nullable): what the job returned; NULL with @error set where it failed
 */
gpointer
pk_service_pool_finish (PkServicePool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pk_service_pool_get_seq:
 *
 * Returns: the number of the last change that is durable; any thread
 */
gint64
pk_service_pool_get_seq (PkServicePool *self)
{
  return __atomic_load_n (&self->seq, __ATOMIC_ACQUIRE);
}

/**
 * pk_service_pool_is_current:
 *
 * Returns: whether nothing has changed since @seq; any thread
 */
gboolean
pk_service_pool_is_current (PkServicePool *self, gint64 seq)
{
  return seq == pk_service_pool_get_seq (self);
}

/**
 * pk_service_pool_get_n_waiting:
 *
 * Returns: jobs that wait for a thread
 */
guint
pk_service_pool_get_n_waiting (PkServicePool *self)
{
  guint n_waiting = self->is_shut ? 0 : pk_worker_get_n_queued (self->writer.worker);

  for (guint i = 0; !self->is_shut && i < self->n_readers; i++)
    n_waiting += pk_worker_get_n_queued (self->readers[i].worker);
  return n_waiting;
}

/**
 * pk_service_pool_get_dir:
 *
 * Returns: (transfer none): the store's folder
 */
const char *
pk_service_pool_get_dir (PkServicePool *self)
{
  return self->dir;
}

/* The thread is gone, so that its handle can be taken over and closed here. */
static void
shut_seat (Seat *seat)
{
  if (seat->worker == NULL)
    return;
  pk_worker_shutdown (seat->worker);
  g_clear_object (&seat->worker);
  g_clear_pointer (&seat->service, pk_service_free);
  if (seat->store != NULL)
    pk_store_adopt (seat->store);
  g_clear_pointer (&seat->store, pk_store_close);
}

/**
 * pk_service_pool_shutdown:
 *
 * Lets all jobs that wait run, checkpoints, closes the store and ends the threads. Blocks. Later jobs are told that the server is
 * busy.
 */
void
pk_service_pool_shutdown (PkServicePool *self)
{
  if (self->is_shut)
    return;
  self->is_shut = TRUE;
  for (guint i = 0; i < self->n_readers; i++)
    shut_seat (&self->readers[i]);
  shut_seat (&self->writer);
}

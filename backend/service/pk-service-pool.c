/*
 * The threads of a store. Each worker's handle is opened on the worker itself, by its first job; what
 * crosses threads is a job's data and its result. The number of the last commit is read by anybody, without a row.
 */
#include "config.h"

#include "pk-service-pool.h"

#include "pk-problem.h"
#include "pk-sql.h"
#include "pk-store-meta.h"
#include "pk-store-others.h"

#define MOST_WAITING 256
#define MOST_SHARING 64
/* A job that came into conflict with another process is run again; from the third time on nobody else may write meanwhile. */
#define MOST_RUNS        8
#define RUNS_WITH_OTHERS 2
/* Until it is looked whether a transaction that was older than the newest change is over. */
#define SETTLE_MS 50
/* Commits until what they left to be put together is. */
#define COMMITS_BETWEEN_FOLDS 200

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
      *sharing;    /* (owned): GTask: jobs that wait for the writer and may share a transaction */
  gint64 seq;      /* (atomic): of the last commit */
  gint64 greatest; /* (atomic): the same, but where a transaction of another process is not over */
  PkStoreBell *bell;  /* (owned): other processes */
  GMutex head_lock;   /* of those who change these two */
  gboolean is_shared; /* with other processes */
  guint n_commits;    /* the writer's */
  guint settle_timer;
  gboolean is_looking;
  gboolean wants_look; /* the bell rang meanwhile */
  int wants_to_tell;   /* (atomic): other processes do not know of our last commit */
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

static void start_look (PkServicePool *self);

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
settle_cb (gpointer user_data)
{
  PkServicePool *self = user_data;

  self->settle_timer = 0;
  start_look (self);
  return G_SOURCE_REMOVE;
}

/* Changes are told at once. Those above the settled number are told again when it has reached them, and nobody rings for a
 * transaction that is undone: it is looked for. */
static gboolean
tell_changed_cb (gpointer data)
{
  PkServicePool *self = data;
  gint64 greatest = __atomic_load_n (&self->greatest, __ATOMIC_ACQUIRE);

  if (self->is_shut)
    return G_SOURCE_REMOVE;
  g_signal_emit (self, signals[CHANGED], 0, pk_service_pool_get_seq (self));
  if (greatest > pk_service_pool_get_seq (self) && self->settle_timer == 0)
    self->settle_timer = g_timeout_add (SETTLE_MS, settle_cb, self);
  if (__atomic_load_n (&self->wants_to_tell, __ATOMIC_ACQUIRE) != 0)
    start_look (self);
  return G_SOURCE_REMOVE;
}

/* Notes how far the log has come. Where several threads look, the one that saw less may come last. */
static void
take_head (PkServicePool *self, const PkStoreHead *head)
{
  g_mutex_lock (&self->head_lock);
  gboolean is_older = self->is_shared && (head->seq < self->seq || head->greatest < self->greatest);
  gboolean is_same = head->seq == self->seq && head->greatest == self->greatest;
  if (!is_older)
    {
      __atomic_store_n (&self->greatest, head->greatest, __ATOMIC_RELEASE);
      __atomic_store_n (&self->seq, head->seq, __ATOMIC_RELEASE);
    }
  g_mutex_unlock (&self->head_lock);
  if (!is_older && !is_same)
    g_main_context_invoke_full (self->context,
                                G_PRIORITY_DEFAULT,
                                tell_changed_cb,
                                g_object_ref (self),
                                g_object_unref);
}

static void
look_for_commit (PkServicePool *self)
{
  PkStoreHead head;
  g_autoptr (GError) error = NULL;

  if (!pk_store_get_head (self->writer.store, &head, NULL))
    return;
  if (head.greatest != __atomic_load_n (&self->greatest, __ATOMIC_ACQUIRE))
    __atomic_store_n (&self->wants_to_tell, 1, __ATOMIC_RELEASE);
  take_head (self, &head);
  if (!self->is_shared || ++self->n_commits % COMMITS_BETWEEN_FOLDS != 0)
    return;
  if (!pk_store_checkpoint (self->writer.store, &error))
    g_message ("Putting counts together: %s", error->message);
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

/**
 * pk_service_pool_can_run_again:
 *
 * Returns: whether a job that returns this error is run again by the pool: it must not have answered yet
 */
gboolean
pk_service_pool_can_run_again (const GError *error)
{
  return pk_store_is_conflict (error);
}

static void
close_lost_seat (Seat *seat)
{
  if (seat->store == NULL || !pk_store_is_lost (seat->store))
    return;
  g_clear_pointer (&seat->service, pk_service_free);
  g_clear_pointer (&seat->store, pk_store_close);
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

/* Other processes may have come between: then all is as if the job had not begun. */
static gpointer
call_until_settled (PkServicePool *self, Run *run, GCancellable *cancellable, GError **error)
{
  for (guint n_runs = 1;; n_runs++)
    {
      g_autoptr (GError) local_error = NULL;
      pk_service_set_alone (run->seat->service, n_runs > RUNS_WITH_OTHERS);
      gpointer result = call_job (run, cancellable, &local_error);
      if (!self->is_shared || n_runs == MOST_RUNS || !pk_service_pool_can_run_again (local_error))
        {
          if (local_error != NULL)
            g_propagate_error (error, g_steal_pointer (&local_error));
          return result;
        }
      g_debug ("Once more: %s", local_error->message);
      if (result != NULL && run->job.free_result != NULL)
        run->job.free_result (result);
    }
}

static void
run_job (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  PkServicePool *self = source;
  Run *run = data;
  GError *error = NULL;
  gpointer result = NULL;

  if (open_seat (self, run->seat, &error))
    result = call_until_settled (self, run, cancellable, &error);
  if (run->seat == &self->writer && self->writer.store != NULL)
    look_for_commit (self);
  close_lost_seat (run->seat);
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

/* Each for itself, since another process came between them all. */
static void
run_one_by_one (PkServicePool *self, Share *share)
{
  for (guint i = 0; i < share->tasks->len; i++)
    {
      GTask *task = share->tasks->pdata[i];
      Run *run = g_task_get_task_data (task);
      if (share->results[i] != NULL && run->job.free_result != NULL)
        run->job.free_result (share->results[i]);
      g_clear_error (&share->errors[i]);
      share->results[i] =
          call_until_settled (self, run, g_task_get_cancellable (task), &share->errors[i]);
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
  if (error != NULL && self->is_shared && pk_service_pool_can_run_again (error))
    run_one_by_one (self, &share);
  else if (error != NULL)
    fail_all (&share, error);
  if (self->writer.store != NULL)
    look_for_commit (self);
  for (guint i = 0; i < tasks->len; i++)
    end_job (tasks->pdata[i],
             g_task_get_task_data (tasks->pdata[i]),
             share.results[i],
             share.errors[i]);
  close_lost_seat (&self->writer);
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
bell_cb (gpointer data)
{
  start_look (data);
}

static void
pk_service_pool_finalize (GObject *object)
{
  PkServicePool *self = PK_SERVICE_POOL (object);

  pk_service_pool_shutdown (self);
  g_async_queue_unref (self->sharing);
  g_free (self->readers);
  g_mutex_clear (&self->head_lock);
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
  g_mutex_init (&self->head_lock);
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
  PkStoreHead head;

  g_return_val_if_fail (n_readers > 0, NULL);
  if (store == NULL || !pk_store_get_head (store, &head, error))
    return NULL;
  self = g_object_new (PK_TYPE_SERVICE_POOL, NULL);
  self->dir = g_strdup (dir);
  self->clock = pk_clock_ref (clock);
  self->ids = pk_id_source_ref (ids);
  self->seq = head.seq;
  self->greatest = head.greatest;
  self->is_shared = pk_store_has_others (store);
  self->n_readers = n_readers;
  self->readers = g_new0 (Seat, n_readers);
  self->writer.worker = pk_worker_new ("store-writer");
  for (guint i = 0; i < n_readers; i++)
    self->readers[i].worker = pk_worker_new ("store-reader");
  if (self->is_shared)
    self->bell = pk_store_bell_new (dir, bell_cb, self);
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

/* On a reading thread, so that the writer loses no time: tells of our changes, and takes those of others. */
static gpointer
look_func (PkService *service,
           gpointer data,
           GCancellable *cancellable G_GNUC_UNUSED,
           GError **error)
{
  PkServicePool *self = data;
  PkStore *store = pk_service_get_store (service);
  PkStoreHead head;

  if (__atomic_exchange_n (&self->wants_to_tell, 0, __ATOMIC_ACQ_REL) != 0 &&
      !pk_store_tell_others (store, error))
    return NULL;
  if (!pk_store_get_head (store, &head, error))
    return NULL;
  take_head (self, &head);
  return self;
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data G_GNUC_UNUSED)
{
  PkServicePool *self = PK_SERVICE_POOL (source);
  g_autoptr (GError) error = NULL;

  if (pk_service_pool_finish (self, result, &error) == NULL)
    g_message ("Looking for changes of other processes: %s", error->message);
  self->is_looking = FALSE;
  gint64 greatest = __atomic_load_n (&self->greatest, __ATOMIC_ACQUIRE);
  if (self->wants_look && !self->is_shut)
    start_look (self);
  else if (!self->is_shut && greatest > pk_service_pool_get_seq (self) && self->settle_timer == 0)
    self->settle_timer = g_timeout_add (SETTLE_MS, settle_cb, self);
}

static void
start_look (PkServicePool *self)
{
  PkServiceJob job = { look_func, self, NULL, NULL, PK_PRIORITY_INTERACTIVE };

  self->wants_look = self->is_looking;
  if (self->is_looking || !self->is_shared || self->is_shut)
    return;
  self->is_looking = TRUE;
  pk_service_pool_read_async (self, &job, NULL, looked_cb, NULL);
}

/**
 * pk_service_pool_is_shared:
 *
 * Returns: whether other processes may serve the same store
 */
gboolean
pk_service_pool_is_shared (PkServicePool *self)
{
  return self->is_shared;
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
  return seq == pk_service_pool_get_seq (self) &&
         seq == __atomic_load_n (&self->greatest, __ATOMIC_ACQUIRE);
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
  g_clear_pointer (&self->bell, pk_store_bell_free);
  g_clear_handle_id (&self->settle_timer, g_source_remove);
  for (guint i = 0; i < self->n_readers; i++)
    shut_seat (&self->readers[i]);
  shut_seat (&self->writer);
}

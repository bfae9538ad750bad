/*
 * Running commands: prepare (a thread of its own, files only) → plan (main thread) → write (the replica's writer, one submit).
 * The plan is kept by the run, never by the command, so that a check leaves nothing behind.
 */
#include "config.h"

#include "pk-command.h"

#include "pk-glib-backports.h"
#include "pk-plan-private.h"
#include "pk-replica.h"

typedef struct
{
  char *toast; /* (owned) (nullable) */
  PkId record;
} PkCommandPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PkCommand, pk_command, G_TYPE_OBJECT)

/* One run; belongs to its task. The writer only reads it while the main thread waits for the answer. */
typedef struct
{
  PkCommandContext *context; /* (owned) */
  PkPlan *plan;              /* (owned) (nullable): before it is made */
  PkCommand *command;        /* (unowned): the task's source */
} Run;

static PkCommandPrivate *
private_of (PkCommand *self)
{
  return pk_command_get_instance_private (self);
}

static void
run_free (gpointer data)
{
  Run *self = data;

  pk_command_context_unref (self->context);
  g_clear_pointer (&self->plan, pk_plan_free);
  g_free (self);
}

static gboolean
write_plan (G_GNUC_UNUSED PkCommand *self, PkWriter *writer, PkPlan *plan, GError **error)
{
  /* A content without its record is only dead weight; a record whose content is never sent is a lie. */
  for (guint i = 0; i < plan->uploads->len; i++)
    if (!pk_writer_queue_upload (writer, g_ptr_array_index (plan->uploads, i), error))
      return FALSE;
  return plan->mutations->len == 0 || pk_writer_submit (writer, plan->mutations, error);
}

static gpointer
write_on_writer (PkWriter *writer, gpointer data, GError **error)
{
  Run *run = data;

  return PK_COMMAND_GET_CLASS (run->command)->write (run->command, writer, run->plan, error)
             ? PK_DONE
             : NULL;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PkCommand *self = g_task_get_source_object (task);
  PkPlan *plan = ((Run *) g_task_get_task_data (task))->plan;
  PkCommandClass *klass = PK_COMMAND_GET_CLASS (self);
  g_autoptr (GError) error = NULL;

  if (pk_replica_job_finish (PK_REPLICA (source), result, &error) == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_set_str (&private_of (self)->toast, plan->toast);
  private_of (self)->record = plan->record;
  if (klass->make_undo != NULL)
    g_task_return_pointer (task, klass->make_undo (self), g_object_unref);
  else if (plan->inverse->len == 0)
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_pointer (task,
                           pk_undo_command_new (plan->inverse, plan->mutations, &plan->record),
                           g_object_unref);
}

static void
plan_and_write (GTask *task)
{
  PkCommand *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  run->plan = pk_plan_new (run->context);
  if (!pk_command_plan (self, run->context, run->plan, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }
  PkReplicaJob job = { .priority = PK_PRIORITY_INTERACTIVE, .data = run };
  pk_replica_write_async (pk_command_context_get_replica (run->context),
                          write_on_writer,
                          &job,
                          g_task_get_cancellable (task),
                          written_cb,
                          task);
}

static void
prepare_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (PK_COMMAND_GET_CLASS (source)->prepare (source, data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
prepared_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      plan_and_write (task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
pk_command_finalize (GObject *object)
{
  g_free (private_of (PK_COMMAND (object))->toast);
  G_OBJECT_CLASS (pk_command_parent_class)->finalize (object);
}

static void
pk_command_class_init (PkCommandClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_command_finalize;
  klass->write = write_plan;
}

static void
pk_command_init (G_GNUC_UNUSED PkCommand *self)
{
}

/**
 * pk_command_plan:
 *
 * Puts what the command does into @plan, also as a part of another command.
 *
 * Returns: %TRUE if it is allowed
 */
gboolean
pk_command_plan (PkCommand *self, PkCommandContext *context, PkPlan *plan, GError **error)
{
  return PK_COMMAND_GET_CLASS (self)->plan (self, context, plan, error);
}

/**
 * pk_command_check:
 *
 * Tells whether it can be done now, without doing it: for buttons, and for the sentence under a field. What needs files
 * first is not asked.
 *
 * Errors: %PK_PROBLEM_ERROR
 * Returns: %TRUE if it can
 */
gboolean
pk_command_check (PkCommand *self, PkCommandContext *context, GError **error)
{
  g_autoptr (PkPlan) plan = pk_plan_new (context);

  return PK_COMMAND_GET_CLASS (self)->prepare != NULL ||
         pk_command_plan (self, context, plan, error);
}

/**
 * pk_command_run_async:
 * @context: with a replica
 *
 * Does it.
 */
void
pk_command_run_async (PkCommand *self,
                      PkCommandContext *context,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (PK_IS_COMMAND (self));
  g_return_if_fail (pk_command_context_get_replica (context) != NULL);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Run *run = g_new0 (Run, 1);

  g_task_set_source_tag (task, pk_command_run_async);
  run->context = pk_command_context_ref (context);
  run->command = self;
  g_task_set_task_data (task, run, run_free);
  if (PK_COMMAND_GET_CLASS (self)->prepare == NULL)
    {
      plan_and_write (task);
      return;
    }
  const char *directory = pk_replica_get_directory (pk_command_context_get_replica (context));
  g_autoptr (GTask) prepare = g_task_new (self, cancellable, prepared_cb, task);
  g_task_set_task_data (prepare, g_strdup (directory), g_free);
  g_task_run_in_thread (prepare, prepare_in_thread);
}

/**
 * pk_command_run_finish:
 *
 * Errors: %PK_PROBLEM_ERROR, %PK_REPLICA_ERROR, %PK_SQL_ERROR, %G_IO_ERROR; then nothing happened
 * Returns: (transfer full) (nullable): how to take it back; NULL with an error, and where there is nothing to take back
 */
PkCommand *
pk_command_run_finish (PkCommand *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pk_command_get_toast:
 *
 * Returns: (transfer none) (nullable): what was done, in words; NULL before it has run, or where nothing had to be done
 */
const char *
pk_command_get_toast (PkCommand *self)
{
  return private_of (self)->toast;
}

/**
 * pk_command_get_record:
 *
 * Returns: (transfer none): the record that was made or changed; all zero before it has run
 */
const PkId *
pk_command_get_record (PkCommand *self)
{
  return &private_of (self)->record;
}

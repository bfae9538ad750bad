/*
 * What people do with a task. Status goes by the model's commands alone; taking a step back is therefore a road of commands
 * that leads from the status after to the status before.
 */
#include "config.h"

#include "pk-task-commands.h"

#include "pk-plan-private.h"

#include <glib/gi18n.h>

static PkMutation *
new_step (PkRecord *task, PkCommandId command)
{
  return pk_mutation_new (PK_OP_COMMAND,
                          pk_record_get_entity (task),
                          pk_command_spec_by_id (command),
                          pk_record_get_id (task));
}

static void
give (PkMutation *step, const char *argument, PkValue value)
{
  for (guint i = 0; i < step->fields->n_fields; i++)
    if (g_str_equal (step->fields->fields[i].name, argument))
      pk_values_take (step->fields, i, value);
}

static PkTaskStatus
status_of (PkRecord *task)
{
  return (PkTaskStatus) pk_record_get_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
}

static PkMutation *
new_wait (PkRecord *before)
{
  PkMutation *step = new_step (before, PK_COMMAND_WAIT);
  const char *what = pk_record_get_text (before, PK_TASK_WAITING_FOR);

  give (step, "waiting_for", pk_value_text (what ? what : "–"));
  return step;
}

static PkMutation *
new_close (PkRecord *before, PkCommandId command)
{
  PkMutation *step = new_step (before, command);
  const char *reason = pk_record_get_text (before, PK_TASK_OUTCOME_REASON);

  give (step,
        "outcome",
        pk_value_int (pk_record_get_int (before, PK_TASK_OUTCOME, PK_TASK_OUTCOME_SOLVED)));
  if (reason != NULL || command == PK_COMMAND_CANCEL)
    give (step, "outcome_reason", pk_value_text (reason ? reason : "–"));
  return step;
}

static PkMutation *
new_last_step (PkRecord *before)
{
  switch (status_of (before))
    {
    case PK_TASK_STATUS_ACCEPTED:
      return new_step (before, PK_COMMAND_ACCEPT);
    case PK_TASK_STATUS_IN_PROGRESS:
      return new_step (before, PK_COMMAND_START);
    case PK_TASK_STATUS_WAITING:
      return new_wait (before);
    case PK_TASK_STATUS_DONE:
      return new_close (before, PK_COMMAND_COMPLETE);
    case PK_TASK_STATUS_CANCELLED:
      return new_close (before, PK_COMMAND_CANCEL);
    case PK_TASK_STATUS_NEW:
    default:
      return NULL;
    }
}

/* The road back to @before from @after; the last step is told first. */
static void
undo_status (PkPlan *plan, PkRecord *before, PkTaskStatus after)
{
  PkTaskStatus target = status_of (before);
  gboolean is_closed = after == PK_TASK_STATUS_DONE || after == PK_TASK_STATUS_CANCELLED;
  PkTaskStatus here = is_closed ? PK_TASK_STATUS_IN_PROGRESS : after;
  gboolean via_new = target == PK_TASK_STATUS_ACCEPTED || target == PK_TASK_STATUS_NEW;

  if (here != target && target != PK_TASK_STATUS_NEW)
    pk_plan_undo_by (plan, new_last_step (before));
  if (here != target && via_new && here != PK_TASK_STATUS_NEW)
    pk_plan_undo_by (plan, new_step (before, PK_COMMAND_PUT_BACK));
  if (is_closed)
    pk_plan_undo_by (plan, new_step (before, PK_COMMAND_REOPEN));
}

static const char *
toast_of (PkCommandId command)
{
  switch (command)
    {
    case PK_COMMAND_ACCEPT:
      return _ ("Task accepted");
    case PK_COMMAND_PUT_BACK:
      return _ ("Task put back");
    case PK_COMMAND_START:
      return _ ("Task started");
    case PK_COMMAND_WAIT:
      return _ ("Task put on hold");
    case PK_COMMAND_COMPLETE:
      return _ ("Task completed");
    case PK_COMMAND_CANCEL:
      return _ ("Task cancelled");
    case PK_COMMAND_REOPEN:
      return _ ("Task reopened");
    case PK_COMMAND_ASSIGN:
      return _ ("Task assigned");
    case PK_COMMAND_CHECK_ITEM:
    default:
      return _ ("Checklist updated");
    }
}

static gboolean
plan_status (PkSimpleCommand *self, PkCommandContext *context, PkPlan *plan, GError **error)
{
  if (!pk_plan_command (plan, self->record, self->spec, self->values, error))
    return FALSE;
  undo_status (plan, self->record, (PkTaskStatus) self->spec->to);
  pk_plan_set_toast (plan, toast_of ((PkCommandId) self->spec->id));
  /* Taken back before the task is opened again, since it is told last. */
  return self->text == NULL || pk_plan_create_message (plan,
                                                       context,
                                                       self->record,
                                                       PK_AUDIENCE_PUBLIC,
                                                       self->text,
                                                       error);
}

static PkSimpleCommand *
new_status_command (PkRecord *task, PkCommandId command)
{
  return pk_simple_command_new_named (plan_status, task, command);
}

static char *
dup_filled (const char *text)
{
  g_autofree char *copy = g_strdup (text ? text : "");

  return *g_strstrip (copy) != '\0' ? g_steal_pointer (&copy) : NULL;
}

static void
set_argument (PkSimpleCommand *self, const char *name, PkValue value)
{
  for (guint i = 0; i < self->spec->n_arguments; i++)
    if (g_str_equal (self->spec->arguments[i].name, name))
      {
        pk_values_take (self->values, i, value);
        return;
      }
  pk_value_clear (&value);
}

static void
set_text_argument (PkSimpleCommand *self, const char *name, const char *text)
{
  g_autofree char *filled = dup_filled (text);

  if (filled != NULL)
    set_argument (self, name, pk_value_text (filled));
}

/**
 * pk_accept_command_new:
 *
 * Returns: (transfer full): takes a new task on
 */
PkCommand *
pk_accept_command_new (PkRecord *task)
{
  return PK_COMMAND (new_status_command (task, PK_COMMAND_ACCEPT));
}

/**
 * pk_put_back_command_new:
 *
 * Returns: (transfer full): makes a task that was taken on new again
 */
PkCommand *
pk_put_back_command_new (PkRecord *task)
{
  return PK_COMMAND (new_status_command (task, PK_COMMAND_PUT_BACK));
}

/**
 * pk_start_command_new:
 *
 * Returns: (transfer full): begins the work
 */
PkCommand *
pk_start_command_new (PkRecord *task)
{
  return PK_COMMAND (new_status_command (task, PK_COMMAND_START));
}

/**
 * pk_wait_command_new:
 * @waiting_for: whom or what
 *
 * Returns: (transfer full): puts the task on hold
 */
PkCommand *
pk_wait_command_new (PkRecord *task, const char *waiting_for)
{
  PkSimpleCommand *self = new_status_command (task, PK_COMMAND_WAIT);

  set_text_argument (self, "waiting_for", waiting_for);
  return PK_COMMAND (self);
}

static PkCommand *
new_close_command (PkRecord *task,
                   PkCommandId command,
                   PkTaskOutcome outcome,
                   const char *reason,
                   const char *message_to_reporter)
{
  PkSimpleCommand *self = new_status_command (task, command);

  set_argument (self, "outcome", pk_value_int (outcome));
  set_text_argument (self, "outcome_reason", reason);
  self->text = dup_filled (message_to_reporter);
  return PK_COMMAND (self);
}

/**
 * pk_complete_command_new:
 * @reason: (nullable)
 * @message_to_reporter: (nullable): a public message, sent in the same step
 *
 * Returns: (transfer full): completes the task
 */
PkCommand *
pk_complete_command_new (PkRecord *task,
                         PkTaskOutcome outcome,
                         const char *reason,
                         const char *message_to_reporter)
{
  return new_close_command (task, PK_COMMAND_COMPLETE, outcome, reason, message_to_reporter);
}

/**
 * pk_cancel_command_new:
 * @reason: must be given
 * @message_to_reporter: (nullable): a public message, sent in the same step
 *
 * Returns: (transfer full): cancels the task
 */
PkCommand *
pk_cancel_command_new (PkRecord *task,
                       PkTaskOutcome outcome,
                       const char *reason,
                       const char *message_to_reporter)
{
  return new_close_command (task, PK_COMMAND_CANCEL, outcome, reason, message_to_reporter);
}

/**
 * pk_reopen_command_new:
 *
 * Returns: (transfer full): goes on with a task that was closed
 */
PkCommand *
pk_reopen_command_new (PkRecord *task)
{
  return PK_COMMAND (new_status_command (task, PK_COMMAND_REOPEN));
}

static gboolean
plan_assign (PkSimpleCommand *self,
             G_GNUC_UNUSED PkCommandContext *context,
             PkPlan *plan,
             GError **error)
{
  if (!pk_plan_command (plan, self->record, self->spec, self->values, error))
    return FALSE;
  PkMutation *back = new_step (self->record, PK_COMMAND_ASSIGN);
  give (back, "assignee_id", pk_value_copy (pk_record_get (self->record, PK_TASK_ASSIGNEE_ID)));
  give (back, "unit_id", pk_value_copy (pk_record_get (self->record, PK_TASK_UNIT_ID)));
  pk_plan_undo_by (plan, back);
  pk_plan_set_toast (plan, toast_of (PK_COMMAND_ASSIGN));
  return TRUE;
}

/**
 * pk_assign_command_new:
 * @person: (nullable): nobody
 * @unit: (nullable): the unit stays as it is
 *
 * Returns: (transfer full): says who does it
 */
PkCommand *
pk_assign_command_new (PkRecord *task, const PkId *person, const PkId *unit)
{
  PkSimpleCommand *self = pk_simple_command_new_named (plan_assign, task, PK_COMMAND_ASSIGN);

  set_argument (self, "assignee_id", pk_value_id (person));
  if (unit != NULL)
    set_argument (self, "unit_id", pk_value_id (unit));
  return PK_COMMAND (self);
}

static gboolean
plan_check (PkSimpleCommand *self,
            G_GNUC_UNUSED PkCommandContext *context,
            PkPlan *plan,
            GError **error)
{
  if (!pk_plan_command (plan, self->record, self->spec, self->values, error))
    return FALSE;
  PkMutation *back = new_step (self->record, PK_COMMAND_CHECK_ITEM);
  give (back, "state", pk_value_copy (pk_record_get (self->record, PK_CHECKLIST_ITEM_STATE)));
  give (back, "note", pk_value_copy (pk_record_get (self->record, PK_CHECKLIST_ITEM_NOTE)));
  pk_plan_undo_by (plan, back);
  pk_plan_set_toast (plan, toast_of (PK_COMMAND_CHECK_ITEM));
  return TRUE;
}

/**
 * pk_check_item_command_new:
 * @note: (nullable): the note stays as it is
 *
 * Returns: (transfer full): ticks a checklist item
 */
PkCommand *
pk_check_item_command_new (PkRecord *item, PkCheckState state, const char *note)
{
  PkSimpleCommand *self = pk_simple_command_new_named (plan_check, item, PK_COMMAND_CHECK_ITEM);

  set_argument (self, "state", pk_value_int (state));
  set_text_argument (self, "note", note);
  return PK_COMMAND (self);
}

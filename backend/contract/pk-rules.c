/*
 * What mutations do to records: pure, the same on both sides.
 *
 * Three steps: take over what the person gave (never a field that others set), change the status if a command says so, and
 * derive what follows. Whatever needs a second record (is a required checklist item still open?) is asked by the service.
 */
#include "config.h"

#include "pk-rules.h"

static gboolean
fault (GError **error, PkProblem code, const char *pointer, const char *what)
{
  pk_problem_set (error, code, pointer, "%s", what);
  return FALSE;
}

static gboolean
take_field (PkRecord *record, guint place, const PkValue *value, GError **error)
{
  const PkField *field = &pk_record_get_entity (record)->fields[place];

  if (field->set_by == PK_SET_BY_ACTOR)
    return TRUE;
  if (field->set_by != PK_SET_BY_CLIENT)
    {
      g_autofree char *pointer = g_strconcat ("/fields/", field->name, NULL);
      return fault (error,
                    PK_PROBLEM_READ_ONLY,
                    pointer,
                    "The field follows from others, or is set by the server");
    }
  pk_record_take (record, place, pk_value_copy (value));
  return TRUE;
}

static gboolean
take_fields (PkRecord *record, const PkValues *fields, GError **error)
{
  for (guint i = 0; i < fields->n_fields; i++)
    if (fields->is_set[i] && !take_field (record, i, &fields->values[i], error))
      return FALSE;
  return TRUE;
}

static void
fill_int (PkRecord *record, guint field, gint64 number)
{
  if (pk_record_get (record, field)->kind == PK_VALUE_NULL)
    pk_record_set_int (record, field, number);
}

static void
fill_task (PkRecord *task, const PkRuleContext *context)
{
  fill_int (task, PK_TASK_KIND, PK_TASK_KIND_TASK);
  fill_int (task, PK_TASK_PRIORITY, PK_TASK_PRIORITY_NORMAL);
  fill_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
  fill_int (task, PK_TASK_CHANNEL, PK_CHANNEL_INTERNAL);
  fill_int (task, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_INTERNAL);
  fill_int (task, PK_TASK_CREATED_AT, context->now_us);
}

static void
fill_new (PkRecord *record, const PkRuleContext *context)
{
  const PkEntity *entity = pk_record_get_entity (record);

  for (guint i = 0; i < entity->n_fields; i++)
    if (entity->fields[i].set_by == PK_SET_BY_ACTOR)
      pk_record_set_ref (record, i, &context->actor);
  switch ((PkEntityId) entity->id)
    {
    case PK_ENTITY_TASK:
      fill_task (record, context);
      return;
    case PK_ENTITY_MESSAGE:
      fill_int (record, PK_MESSAGE_SENT_AT, context->now_us);
      return;
    case PK_ENTITY_PHOTO:
      fill_int (record, PK_PHOTO_TAKEN_AT, context->now_us);
      return;
    case PK_ENTITY_CHECKLIST_ITEM:
      fill_int (record, PK_CHECKLIST_ITEM_STATE, PK_CHECK_STATE_OPEN);
      fill_int (record, PK_CHECKLIST_ITEM_IS_REQUIRED, FALSE);
      return;
    case PK_ENTITY_DOCUMENT:
      fill_int (record, PK_DOCUMENT_CREATED_AT, context->now_us);
      fill_int (record, PK_DOCUMENT_CONFIDENTIALITY, PK_CONFIDENTIALITY_INTERNAL);
      fill_int (record, PK_DOCUMENT_IS_STORED, FALSE);
      return;
    default:
      return;
    }
}

/**
 * pk_rules_create:
 * @mutation: a create without a fault
 *
 * Errors: %PK_PROBLEM_READ_ONLY, %PK_PROBLEM_REQUIRED
 * Returns: (transfer full) (nullable): the new record
 */
PkRecord *
pk_rules_create (const PkMutation *mutation, const PkRuleContext *context, GError **error)
{
  g_assert (mutation->op == PK_OP_CREATE);
  g_autoptr (PkRecord) record = pk_record_new (mutation->entity, &mutation->record);

  if (!take_fields (record, mutation->fields, error))
    return NULL;
  fill_new (record, context);
  pk_rules_derive (record, NULL, context);
  if (!pk_codec_check_record (record, error))
    {
      pk_problem_prefix_pointer (error ? *error : NULL, "/fields");
      return NULL;
    }
  return g_steal_pointer (&record);
}

static gboolean
is_closed (gint64 status)
{
  return status == PK_TASK_STATUS_DONE || status == PK_TASK_STATUS_CANCELLED;
}

static void
derive_task (PkRecord *task, const PkRecord *before, const PkRuleContext *context)
{
  gboolean closed = is_closed (pk_record_get_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW));
  gboolean was_closed = before != NULL &&
                        is_closed (pk_record_get_int (before, PK_TASK_STATUS, PK_TASK_STATUS_NEW));

  pk_record_set_int (task, PK_TASK_IS_OPEN, !closed);
  if (closed && !was_closed)
    pk_record_set_int (task, PK_TASK_COMPLETED_AT, context->now_us);
  else if (!closed)
    pk_record_set_null (task, PK_TASK_COMPLETED_AT);
}

static void
derive_check (PkRecord *item, const PkRecord *before, const PkRuleContext *context)
{
  gint64 state = pk_record_get_int (item, PK_CHECKLIST_ITEM_STATE, PK_CHECK_STATE_OPEN);
  gint64 state_before =
      before ? pk_record_get_int (before, PK_CHECKLIST_ITEM_STATE, PK_CHECK_STATE_OPEN)
             : PK_CHECK_STATE_OPEN;

  if (state == PK_CHECK_STATE_OPEN)
    {
      pk_record_set_null (item, PK_CHECKLIST_ITEM_DONE_BY);
      pk_record_set_null (item, PK_CHECKLIST_ITEM_DONE_AT);
    }
  else if (state != state_before)
    {
      pk_record_set_ref (item, PK_CHECKLIST_ITEM_DONE_BY, &context->actor);
      pk_record_set_int (item, PK_CHECKLIST_ITEM_DONE_AT, context->now_us);
    }
}

/**
 * pk_rules_derive:
 * @record: the record after a change
 * @before: (nullable): before it
 *
 * Sets the fields that follow from others.
 */
void
pk_rules_derive (PkRecord *record, const PkRecord *before, const PkRuleContext *context)
{
  switch ((PkEntityId) pk_record_get_entity (record)->id)
    {
    case PK_ENTITY_TASK:
      derive_task (record, before, context);
      return;
    case PK_ENTITY_CHECKLIST_ITEM:
      derive_check (record, before, context);
      return;
    default:
      return;
    }
}

/**
 * pk_rules_allow_status:
 *
 * Returns: whether one of the commands leads from one status to the other
 */
gboolean
pk_rules_allow_status (PkTaskStatus from, PkTaskStatus to)
{
  for (guint i = 0; i < pk_model.n_commands; i++)
    if (pk_model.commands[i].to == (int) to && (pk_model.commands[i].from & (1u << from)) != 0)
      return TRUE;
  return FALSE;
}

static void
take_arguments (PkRecord *record, const PkMutation *mutation)
{
  const PkEntity *entity = pk_record_get_entity (record);

  for (guint i = 0; i < mutation->fields->n_fields; i++)
    {
      const PkValue *value = pk_values_get (mutation->fields, i);
      int field = pk_entity_find_field (entity, mutation->command->arguments[i].name);
      if (value != NULL && field >= 0)
        pk_record_take (record, (guint) field, pk_value_copy (value));
    }
}

static void
take_status (PkRecord *task, const PkCommandSpec *command)
{
  if (command->to < 0)
    return;
  pk_record_set_int (task, PK_TASK_STATUS, command->to);
  if (command->to != PK_TASK_STATUS_WAITING)
    pk_record_set_null (task, PK_TASK_WAITING_FOR);
  if (!is_closed (command->to))
    {
      pk_record_set_null (task, PK_TASK_OUTCOME);
      pk_record_set_null (task, PK_TASK_OUTCOME_REASON);
    }
}

static gboolean
run_command (PkRecord *record, const PkMutation *mutation, GError **error)
{
  const PkCommandSpec *command = mutation->command;

  for (guint i = 0; i < command->n_arguments; i++)
    if (command->arguments[i].required && pk_values_get (mutation->fields, i) == NULL)
      {
        g_autofree char *pointer = g_strconcat ("/fields/", command->arguments[i].name, NULL);
        return fault (error, PK_PROBLEM_REQUIRED, pointer, "The command needs the value");
      }
  if (command->from != 0)
    {
      guint status = (guint) pk_record_get_int (record, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
      if ((command->from & (1u << status)) == 0)
        return fault (error,
                      PK_PROBLEM_WRONG_STATUS,
                      "/op",
                      "The task is in a state that does not allow it");
      take_status (record, command);
    }
  take_arguments (record, mutation);
  return TRUE;
}

static gboolean
check_set (const PkMutation *mutation, GError **error)
{
  for (guint i = 0; i < mutation->fields->n_fields; i++)
    if (mutation->fields->is_set[i] && mutation->entity->fields[i].merge == PK_MERGE_STATUS)
      {
        g_autofree char *pointer = g_strconcat ("/fields/", mutation->entity->fields[i].name, NULL);
        return fault (error, PK_PROBLEM_READ_ONLY, pointer, "The status is changed by commands");
      }
  return TRUE;
}

/**
 * pk_rules_change:
 * @mutation: a set or a command without a fault
 * @record: the record as it is
 *
 * Errors: %PK_PROBLEM_READ_ONLY, %PK_PROBLEM_REQUIRED, %PK_PROBLEM_WRONG_STATUS
 * Returns: (transfer full) (nullable): the record as it will be
 */
PkRecord *
pk_rules_change (const PkMutation *mutation,
                 const PkRecord *record,
                 const PkRuleContext *context,
                 GError **error)
{
  g_autoptr (PkRecord) changed = pk_record_copy (record);
  gboolean is_done;

  if (mutation->op == PK_OP_COMMAND)
    is_done = run_command (changed, mutation, error);
  else
    is_done = check_set (mutation, error) && take_fields (changed, mutation->fields, error);
  if (!is_done)
    return NULL;
  pk_rules_derive (changed, record, context);
  return g_steal_pointer (&changed);
}

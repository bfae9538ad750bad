/* What people add: tasks, deviations, messages. */
#include "config.h"

#include "pk-task-commands.h"

#include "pk-document-commands.h"
#include "pk-plan-private.h"
#include "pk-replica.h"

#include <glib/gi18n.h>

/**
 * pk_plan_create_message:
 *
 * Adds a message on a task.
 *
 * Returns: %TRUE if it is allowed
 */
gboolean
pk_plan_create_message (PkPlan *self,
                        PkCommandContext *context,
                        PkRecord *task,
                        PkAudience audience,
                        const char *body,
                        GError **error)
{
  PkId id = pk_command_context_next_id (context);
  g_autoptr (PkRecord) message = pk_record_new (pk_entity_by_id (PK_ENTITY_MESSAGE), &id);

  pk_record_set_ref (message, PK_MESSAGE_TASK_ID, pk_record_get_id (task));
  pk_record_set_int (message, PK_MESSAGE_AUDIENCE, audience);
  pk_record_set_text (message, PK_MESSAGE_BODY, body);
  pk_record_set_int (message, PK_MESSAGE_SENT_AT, pk_command_context_now_us (context));
  return pk_plan_create (self, message, error);
}

static gboolean
plan_message_to_all (PkSimpleCommand *self, PkCommandContext *context, PkPlan *plan, GError **error)
{
  pk_plan_set_toast (plan, _ ("Message sent"));
  return pk_plan_create_message (plan,
                                 context,
                                 self->record,
                                 PK_AUDIENCE_PUBLIC,
                                 self->text,
                                 error);
}

static gboolean
plan_note_to_colleagues (PkSimpleCommand *self,
                         PkCommandContext *context,
                         PkPlan *plan,
                         GError **error)
{
  pk_plan_set_toast (plan, _ ("Note added for colleagues"));
  return pk_plan_create_message (plan,
                                 context,
                                 self->record,
                                 PK_AUDIENCE_INTERNAL,
                                 self->text,
                                 error);
}

static char *
dup_stripped (const char *text)
{
  return g_strstrip (g_strdup (text ? text : ""));
}

/**
 * pk_send_message_command_new:
 *
 * Returns: (transfer full): writes a message on the task
 */
PkCommand *
pk_send_message_command_new (PkRecord *task, PkAudience audience, const char *body)
{
  PkSimpleCommand *self = pk_simple_command_new (
      audience == PK_AUDIENCE_PUBLIC ? plan_message_to_all : plan_note_to_colleagues,
      task);

  self->text = dup_stripped (body);
  return PK_COMMAND (self);
}

/**
 * pk_create_task_command_draft:
 *
 * Returns: (transfer full): a task of the person's own, with an id, without a title
 */
PkRecord *
pk_create_task_command_draft (PkCommandContext *context)
{
  PkId id = pk_command_context_next_id (context);
  PkRecord *task = pk_record_new (pk_entity_by_id (PK_ENTITY_TASK), &id);
  const PkId *unit = pk_command_context_get_unit (context);

  pk_record_set_int (task, PK_TASK_KIND, PK_TASK_KIND_TASK);
  pk_record_set_int (task, PK_TASK_PRIORITY, PK_TASK_PRIORITY_NORMAL);
  pk_record_set_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
  pk_record_set_int (task, PK_TASK_CHANNEL, PK_CHANNEL_INTERNAL);
  pk_record_set_int (task, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_INTERNAL);
  pk_record_set_int (task, PK_TASK_CREATED_AT, pk_command_context_now_us (context));
  pk_record_set_ref (task, PK_TASK_CREATED_BY, pk_command_context_get_actor (context));
  if (unit != NULL)
    pk_record_set_ref (task, PK_TASK_UNIT_ID, unit);
  return task;
}

static gboolean
plan_task (PkSimpleCommand *self,
           G_GNUC_UNUSED PkCommandContext *context,
           PkPlan *plan,
           GError **error)
{
  pk_plan_set_toast (plan, _ ("Task created"));
  return pk_plan_create (plan, self->record, error);
}

/**
 * pk_create_task_command_new:
 * @draft: from pk_create_task_command_draft(), filled in
 *
 * Returns: (transfer full): registers the task
 */
PkCommand *
pk_create_task_command_new (PkRecord *draft)
{
  return PK_COMMAND (pk_simple_command_new (plan_task, draft));
}

#define PK_TYPE_ENTRY_COMMAND (pk_entry_command_get_type ())
G_DECLARE_FINAL_TYPE (PkEntryCommand, pk_entry_command, PK, ENTRY_COMMAND, PkCommand)

struct _PkEntryCommand
{
  PkCommand parent_instance;

  PkQuickEntry *entry; /* (owned) */
};

G_DEFINE_FINAL_TYPE (PkEntryCommand, pk_entry_command, PK_TYPE_COMMAND)

static void
set_found (PkRecord *task, guint field, const PkId *id)
{
  if (!pk_id_is_null (id))
    pk_record_set_ref (task, field, id);
}

/* Who it is for, if the line does not say: oneself. */
static void
set_doer (PkRecord *task, const PkQuickEntry *entry, PkCommandContext *context)
{
  if (pk_id_is_null (&entry->unit) && pk_id_is_null (&entry->person))
    {
      pk_record_set_ref (task, PK_TASK_ASSIGNEE_ID, pk_command_context_get_actor (context));
      return;
    }
  set_found (task, PK_TASK_ASSIGNEE_ID, &entry->person);
  if (!pk_id_is_null (&entry->unit))
    pk_record_set_ref (task, PK_TASK_UNIT_ID, &entry->unit);
}

static gboolean
plan_entry (PkCommand *command, PkCommandContext *context, PkPlan *plan, GError **error)
{
  const PkQuickEntry *entry = ((PkEntryCommand *) command)->entry;
  g_autoptr (PkRecord) task = pk_create_task_command_draft (context);

  pk_record_set_text (task, PK_TASK_TITLE, *entry->title != '\0' ? entry->title : NULL);
  set_found (task, PK_TASK_BUILDING_ID, &entry->building);
  set_found (task, PK_TASK_LOCATION_ID, &entry->location);
  set_doer (task, entry, context);
  pk_record_set_text (task, PK_TASK_DUE_ON, entry->due_on);
  pk_record_set_text (task, PK_TASK_TAGS, entry->tags);
  if (entry->priority >= 0)
    pk_record_set_int (task, PK_TASK_PRIORITY, entry->priority);
  pk_plan_set_toast (plan, _ ("Task created"));
  return pk_plan_create (plan, task, error);
}

static void
pk_entry_command_finalize (GObject *object)
{
  g_clear_pointer (&((PkEntryCommand *) object)->entry, pk_quick_entry_free);
  G_OBJECT_CLASS (pk_entry_command_parent_class)->finalize (object);
}

static void
pk_entry_command_class_init (PkEntryCommandClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_entry_command_finalize;
  PK_COMMAND_CLASS (klass)->plan = plan_entry;
}

static void
pk_entry_command_init (G_GNUC_UNUSED PkEntryCommand *self)
{
}

/**
 * pk_create_task_command_new_from_entry:
 *
 * Returns: (transfer full): registers what was written in one line; without "@" it is the person's own
 */
PkCommand *
pk_create_task_command_new_from_entry (const PkQuickEntry *entry)
{
  PkEntryCommand *self = g_object_new (PK_TYPE_ENTRY_COMMAND, NULL);

  self->entry = pk_quick_entry_copy (entry);
  return PK_COMMAND (self);
}

static void
copy_ref (PkRecord *task, guint field, PkRecord *place, guint place_field)
{
  const PkId *id = pk_record_get_ref (place, place_field);

  if (id != NULL)
    pk_record_set_ref (task, field, id);
}

static void
set_place (PkRecord *task, PkRecord *place)
{
  switch ((PkEntityId) pk_record_get_entity (place)->id)
    {
    case PK_ENTITY_BUILDING:
      pk_record_set_ref (task, PK_TASK_BUILDING_ID, pk_record_get_id (place));
      return;
    case PK_ENTITY_LOCATION:
      copy_ref (task, PK_TASK_BUILDING_ID, place, PK_LOCATION_BUILDING_ID);
      pk_record_set_ref (task, PK_TASK_LOCATION_ID, pk_record_get_id (place));
      return;
    case PK_ENTITY_COMPONENT:
      copy_ref (task, PK_TASK_BUILDING_ID, place, PK_COMPONENT_BUILDING_ID);
      copy_ref (task, PK_TASK_LOCATION_ID, place, PK_COMPONENT_LOCATION_ID);
      pk_record_set_ref (task, PK_TASK_COMPONENT_ID, pk_record_get_id (place));
      return;
    default:
      return;
    }
}

/* The unit that answers for the building gets it; where none is known, one's own. */
static void
set_unit_of_building (PkRecord *task, PkRecord *place, PkCommandContext *context)
{
  PkReplica *replica = pk_command_context_get_replica (context);
  const PkId *id = pk_record_get_ref (task, PK_TASK_BUILDING_ID);
  g_autoptr (PkRecord) building = NULL;

  if (pk_record_get_entity (place)->id == PK_ENTITY_BUILDING)
    building = pk_record_ref (place);
  else if (replica != NULL && id != NULL)
    building = pk_reader_find (pk_replica_get_reader (replica),
                               pk_entity_by_id (PK_ENTITY_BUILDING),
                               id,
                               NULL);
  if (building != NULL)
    copy_ref (task, PK_TASK_UNIT_ID, building, PK_BUILDING_UNIT_ID);
}

static gboolean
plan_deviation (PkSimpleCommand *self, PkCommandContext *context, PkPlan *plan, GError **error)
{
  g_autoptr (PkRecord) task = pk_create_task_command_draft (context);
  const PkEntity *entity = pk_record_get_entity (task);

  for (guint i = 0; i < entity->n_fields; i++)
    if (self->values->is_set[i])
      pk_record_take (task, i, pk_value_copy (&self->values->values[i]));
  set_place (task, self->record);
  set_unit_of_building (task, self->record, context);
  pk_plan_set_toast (plan, _ ("Deviation registered"));
  return pk_plan_create (plan, task, error);
}

/**
 * pk_make_deviation_command_new:
 * @place: a building, a location or a component
 * @description: (nullable)
 *
 * Returns: (transfer full): registers a deviation at the place, for the unit that answers for the building
 */
PkCommand *
pk_make_deviation_command_new (PkRecord *place,
                               const char *title,
                               const char *description,
                               PkTaskPriority priority)
{
  PkSimpleCommand *self = pk_simple_command_new (plan_deviation, place);
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_TASK);
  g_autofree char *name = dup_stripped (title);

  self->values = pk_values_new (entity->fields, entity->n_fields);
  pk_values_take (self->values, PK_TASK_KIND, pk_value_int (PK_TASK_KIND_DEVIATION));
  pk_values_take (self->values, PK_TASK_PRIORITY, pk_value_int (priority));
  pk_values_take (self->values, PK_TASK_TITLE, pk_value_text (*name != '\0' ? name : NULL));
  if (description != NULL && *description != '\0')
    pk_values_take (self->values, PK_TASK_DESCRIPTION, pk_value_text (description));
  return PK_COMMAND (self);
}

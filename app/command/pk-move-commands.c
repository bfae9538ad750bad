/*
 * Where a task belongs. A room brings its building; what stands in another building or room than the task's is let go of, so that the
 * place never contradicts itself. Another unit takes a task over as new work: who does it stays only where it is one of theirs.
 */
#include "config.h"

#include "pk-move-commands.h"

#include "pk-plan-private.h"
#include "pk-replica.h"
#include "pk-task-commands.h"

#include <glib/gi18n.h>

static PkRecord *
find (PkCommandContext *context, guint entity, const PkId *id)
{
  PkReplica *replica = pk_command_context_get_replica (context);

  if (replica == NULL || id == NULL)
    return NULL;
  return pk_reader_find (pk_replica_get_reader (replica), pk_entity_by_id (entity), id, NULL);
}

static gboolean
points_to (const PkRecord *record, guint field, const PkId *id)
{
  const PkId *other = record != NULL ? pk_record_get_ref (record, field) : NULL;

  return other == NULL || id == NULL ? other == id : pk_id_equal (other, id);
}

/* The room's building, where it is known; else the one that was given. */
static const PkId *
building_of (const PkRecord *room, const PkId *building)
{
  const PkId *of_room = room != NULL ? pk_record_get_ref (room, PK_LOCATION_BUILDING_ID) : NULL;

  return of_room != NULL ? of_room : building;
}

static gboolean
stands_there (const PkRecord *component, const PkId *building, const PkId *location)
{
  return component != NULL && points_to (component, PK_COMPONENT_BUILDING_ID, building) &&
         (location == NULL || points_to (component, PK_COMPONENT_LOCATION_ID, location));
}

static const PkId *
wanted (PkSimpleCommand *self, guint field)
{
  const PkValue *value = pk_values_get (self->values, field);

  return value != NULL && value->kind == PK_VALUE_ID ? &value->id : NULL;
}

static gboolean
plan_place (PkSimpleCommand *self, PkCommandContext *context, PkPlan *plan, GError **error)
{
  const PkId *location = wanted (self, PK_TASK_LOCATION_ID);
  g_autoptr (PkRecord) room = find (context, PK_ENTITY_LOCATION, location);
  const PkId *building = building_of (room, wanted (self, PK_TASK_BUILDING_ID));
  g_autoptr (PkRecord) component =
      find (context, PK_ENTITY_COMPONENT, pk_record_get_ref (self->record, PK_TASK_COMPONENT_ID));
  g_autoptr (PkValues) values = pk_values_copy (self->values);

  pk_values_take (values, PK_TASK_BUILDING_ID, pk_value_id (building));
  if (!stands_there (component, building, location))
    pk_values_take (values, PK_TASK_COMPONENT_ID, PK_VALUE_INIT);
  if (!pk_plan_set (plan, self->record, values, error))
    return FALSE;
  plan->record = *pk_record_get_id (self->record);
  if (plan->mutations->len > 0)
    pk_plan_set_toast (plan, _ ("Place changed"));
  return TRUE;
}

/**
 * pk_move_to_place_command_new:
 * @task: as the person saw it
 * @building: (nullable): none
 * @location: (nullable): a room, floor or outdoor area; brings its own building
 *
 * Returns: (transfer full): says where the task is
 */
PkCommand *
pk_move_to_place_command_new (PkRecord *task, const PkId *building, const PkId *location)
{
  const PkEntity *entity = pk_record_get_entity (task);
  PkSimpleCommand *self = pk_simple_command_new (plan_place, task);

  self->values = pk_values_new (entity->fields, entity->n_fields);
  pk_values_take (self->values, PK_TASK_BUILDING_ID, pk_value_id (building));
  pk_values_take (self->values, PK_TASK_LOCATION_ID, pk_value_id (location));
  return PK_COMMAND (self);
}

static gboolean
plan_component (PkSimpleCommand *self, PkCommandContext *context, PkPlan *plan, GError **error)
{
  const PkId *id = wanted (self, PK_TASK_COMPONENT_ID);
  g_autoptr (PkRecord) component = find (context, PK_ENTITY_COMPONENT, id);
  g_autoptr (PkValues) values = pk_values_copy (self->values);
  const PkId *building = component != NULL ? pk_record_get_ref (component, PK_COMPONENT_BUILDING_ID)
                                           : NULL;
  const PkId *location = component != NULL ? pk_record_get_ref (component, PK_COMPONENT_LOCATION_ID)
                                           : NULL;

  if (building != NULL)
    pk_values_take (values, PK_TASK_BUILDING_ID, pk_value_id (building));
  if (location != NULL)
    pk_values_take (values, PK_TASK_LOCATION_ID, pk_value_id (location));
  if (!pk_plan_set (plan, self->record, values, error))
    return FALSE;
  plan->record = *pk_record_get_id (self->record);
  if (plan->mutations->len > 0)
    pk_plan_set_toast (plan, _ ("Component changed"));
  return TRUE;
}

/**
 * pk_move_to_component_command_new:
 * @task: as the person saw it
 * @component: (nullable): what the task is about; brings the building and the room that it stands in
 *
 * Returns: (transfer full): says which component the task is about
 */
PkCommand *
pk_move_to_component_command_new (PkRecord *task, const PkId *component)
{
  const PkEntity *entity = pk_record_get_entity (task);
  PkSimpleCommand *self = pk_simple_command_new (plan_component, task);

  self->values = pk_values_new (entity->fields, entity->n_fields);
  pk_values_take (self->values, PK_TASK_COMPONENT_ID, pk_value_id (component));
  return PK_COMMAND (self);
}

/* Handing over is the command "assign", which may take the task out of the person's own sight. */
static gboolean
plan_unit (PkSimpleCommand *self, PkCommandContext *context, PkPlan *plan, GError **error)
{
  const PkId *unit = wanted (self, PK_TASK_UNIT_ID);
  const PkId *assignee = pk_record_get_ref (self->record, PK_TASK_ASSIGNEE_ID);
  g_autoptr (PkRecord) person = find (context, PK_ENTITY_PERSON, assignee);
  gboolean is_theirs = person != NULL && points_to (person, PK_PERSON_UNIT_ID, unit);
  g_autoptr (PkCommand) assign = NULL;

  if (points_to (self->record, PK_TASK_UNIT_ID, unit))
    return TRUE;
  pk_plan_set_toast (plan, _ ("Task handed over"));
  assign = pk_assign_command_new (self->record, is_theirs ? assignee : NULL, unit);
  return pk_command_plan (assign, context, plan, error);
}

/**
 * pk_move_to_unit_command_new:
 * @task: as the person saw it
 * @unit: who takes care of it from now on
 *
 * Returns: (transfer full): hands the task over to a unit
 */
PkCommand *
pk_move_to_unit_command_new (PkRecord *task, const PkId *unit)
{
  const PkEntity *entity = pk_record_get_entity (task);
  PkSimpleCommand *self = pk_simple_command_new (plan_unit, task);

  self->values = pk_values_new (entity->fields, entity->n_fields);
  pk_values_take (self->values, PK_TASK_UNIT_ID, pk_value_id (unit));
  return PK_COMMAND (self);
}

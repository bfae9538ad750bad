/* Look-ups in the model's tables. The tables are small: a linear search beats a hash table that must be kept. */
#include "config.h"

#include "pk-model.h"

/**
 * pk_entity_by_id:
 * @id: a `PkEntityId`, or any number read from outside
 *
 * Returns: (nullable): the entity with that number
 */
const PkEntity *
pk_entity_by_id (guint id)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    if (pk_model.entities[i].id == id)
      return &pk_model.entities[i];
  return NULL;
}

/**
 * pk_entity_by_name:
 * @name: as in the log and in JSON, such as "task"
 *
 * Returns: (nullable): the entity
 */
const PkEntity *
pk_entity_by_name (const char *name)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    if (g_str_equal (pk_model.entities[i].name, name))
      return &pk_model.entities[i];
  return NULL;
}

/**
 * pk_entity_by_plural:
 * @plural: as in an API path, such as "checklist-items"
 *
 * Returns: (nullable): the entity
 */
const PkEntity *
pk_entity_by_plural (const char *plural)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    if (g_str_equal (pk_model.entities[i].plural, plural))
      return &pk_model.entities[i];
  return NULL;
}

/**
 * pk_field_is_guarded:
 *
 * Returns: whether the field is not for everybody who sees the record; to others it is sent empty, even where it is required
 */
gboolean
pk_field_is_guarded (const PkField *field)
{
  return field->access > PK_ACCESS_INTERNAL;
}

/**
 * pk_entity_find_field:
 * @name: a field's name
 *
 * Returns: the place of the field in a record of @entity, or -1
 */
int
pk_entity_find_field (const PkEntity *entity, const char *name)
{
  g_return_val_if_fail (entity != NULL, -1);

  for (guint i = 0; i < entity->n_fields; i++)
    if (g_str_equal (entity->fields[i].name, name))
      return (int) i;
  return -1;
}

/**
 * pk_command_spec_by_name:
 *
 * Returns: (nullable): the command with that name
 */
const PkCommandSpec *
pk_command_spec_by_name (const char *name)
{
  for (guint i = 0; i < pk_model.n_commands; i++)
    if (g_str_equal (pk_model.commands[i].name, name))
      return &pk_model.commands[i];
  return NULL;
}

/**
 * pk_command_spec_by_id:
 * @id: a `PkCommandId`
 *
 * Returns: (nullable): the command with that number
 */
const PkCommandSpec *
pk_command_spec_by_id (guint id)
{
  return id >= 1 && id <= pk_model.n_commands ? &pk_model.commands[id - 1] : NULL;
}

/**
 * pk_enum_find:
 * @code: a value's code
 *
 * Returns: the place of the value in @values, or -1
 */
int
pk_enum_find (const PkEnum *values, const char *code)
{
  g_return_val_if_fail (values != NULL, -1);

  for (guint i = 0; i < values->n_values; i++)
    if (g_str_equal (values->values[i].code, code))
      return (int) i;
  return -1;
}

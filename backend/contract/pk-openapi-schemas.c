/* The schemas of OpenAPI: each entity as it is read, made and changed; each command's arguments; the problem. Pure. */
#include "config.h"

#include "pk-openapi-private.h"

#include <math.h>

/**
 * pk_openapi_add_text:
 * @value: (nullable): nothing is added where it is NULL
 */
void
pk_openapi_add_text (JsonBuilder *builder, const char *name, const char *value)
{
  if (value == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/**
 * pk_openapi_add_ref:
 * @section: of the components, such as "schemas"
 *
 * Adds an object that points to a component.
 */
void
pk_openapi_add_ref (JsonBuilder *builder, const char *section, const char *name)
{
  g_autofree char *target = g_strdup_printf ("#/components/%s/%s", section, name);

  json_builder_begin_object (builder);
  pk_openapi_add_text (builder, "$ref", target);
  json_builder_end_object (builder);
}

/**
 * pk_openapi_type_name:
 * @name: such as "checklist_item"
 *
 * Returns: (transfer full): such as "ChecklistItem"
 */
char *
pk_openapi_type_name (const char *name)
{
  g_auto (GStrv) words = g_strsplit (name, "_", -1);

  for (char **word = words; *word != NULL; word++)
    (*word)[0] = g_ascii_toupper ((*word)[0]);
  return g_strjoinv ("", words);
}

static void
add_number (JsonBuilder *builder, const char *name, double number)
{
  json_builder_set_member_name (builder, name);
  if (fabs (number) < 9e15 && fabs (number - round (number)) < 1e-9)
    json_builder_add_int_value (builder, (gint64) round (number));
  else
    json_builder_add_double_value (builder, number);
}

static void
add_type (JsonBuilder *builder, const char *type, gboolean is_nullable)
{
  json_builder_set_member_name (builder, "type");
  if (!is_nullable)
    {
      json_builder_add_string_value (builder, type);
      return;
    }
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, type);
  json_builder_add_string_value (builder, "null");
  json_builder_end_array (builder);
}

static void
add_enum (JsonBuilder *builder, const PkEnum *values, gboolean is_nullable)
{
  json_builder_set_member_name (builder, "enum");
  json_builder_begin_array (builder);
  for (guint i = 0; i < values->n_values; i++)
    json_builder_add_string_value (builder, values->values[i].code);
  if (is_nullable)
    json_builder_add_null_value (builder);
  json_builder_end_array (builder);
}

static gboolean
has_number_limits (const PkField *field)
{
  return (field->type == PK_TYPE_INT || field->type == PK_TYPE_REAL) && field->min < field->max;
}

static void
add_limits (JsonBuilder *builder, const PkField *field)
{
  gboolean is_text = field->type == PK_TYPE_TEXT || field->type == PK_TYPE_LONG_TEXT;

  if (is_text && field->max > 0)
    add_number (builder, "maxLength", field->max);
  if (!has_number_limits (field))
    return;
  add_number (builder, "minimum", field->min);
  add_number (builder, "maximum", field->max);
}

static const char *
get_json_type (PkType type)
{
  switch (type)
    {
    case PK_TYPE_INT:
      return "integer";
    case PK_TYPE_REAL:
      return "number";
    case PK_TYPE_BOOL:
      return "boolean";
    case PK_TYPE_SET:
      return "array";
    case PK_TYPE_TEXT:
    case PK_TYPE_LONG_TEXT:
    case PK_TYPE_DATE:
    case PK_TYPE_TIME:
    case PK_TYPE_ID:
    case PK_TYPE_ENUM:
      break;
    }
  return "string";
}

static const char *
get_format (PkType type)
{
  switch (type)
    {
    case PK_TYPE_DATE:
      return "date";
    case PK_TYPE_TIME:
      return "date-time";
    case PK_TYPE_ID:
      return "uuid";
    case PK_TYPE_INT:
      return "int64";
    case PK_TYPE_REAL:
      return "double";
    case PK_TYPE_TEXT:
    case PK_TYPE_LONG_TEXT:
    case PK_TYPE_BOOL:
    case PK_TYPE_ENUM:
    case PK_TYPE_SET:
      break;
    }
  return NULL;
}

/**
 * pk_openapi_add_field:
 *
 * Adds the schema of a field's values.
 */
void
pk_openapi_add_field (JsonBuilder *builder, const PkField *field, gboolean is_nullable)
{
  json_builder_begin_object (builder);
  add_type (builder, get_json_type (field->type), is_nullable);
  pk_openapi_add_text (builder, "format", get_format (field->type));
  pk_openapi_add_text (builder, "title", field->label);
  pk_openapi_add_text (builder, "description", field->help);
  if (field->values != NULL)
    add_enum (builder, field->values, is_nullable);
  add_limits (builder, field);
  if (field->type == PK_TYPE_SET)
    {
      json_builder_set_member_name (builder, "items");
      json_builder_begin_object (builder);
      add_type (builder, "string", FALSE);
      json_builder_end_object (builder);
    }
  if (field->set_by == PK_SET_BY_SERVER || field->set_by == PK_SET_BY_RULE)
    {
      json_builder_set_member_name (builder, "readOnly");
      json_builder_add_boolean_value (builder, TRUE);
    }
  json_builder_end_object (builder);
}

static gboolean
is_writable (const PkField *field)
{
  return field->set_by == PK_SET_BY_CLIENT || field->set_by == PK_SET_BY_ACTOR;
}

static void
add_id (JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "id");
  json_builder_begin_object (builder);
  add_type (builder, "string", FALSE);
  pk_openapi_add_text (builder, "format", "uuid");
  json_builder_end_object (builder);
}

static void
begin_object_schema (JsonBuilder *builder, const char *title)
{
  json_builder_begin_object (builder);
  add_type (builder, "object", FALSE);
  pk_openapi_add_text (builder, "title", title);
  json_builder_set_member_name (builder, "additionalProperties");
  json_builder_add_boolean_value (builder, FALSE);
}

static void
add_required (JsonBuilder *builder, const PkField *fields, guint n_fields, const char *first)
{
  guint n_required = first != NULL ? 2 : 0;

  for (guint i = 0; i < n_fields; i++)
    n_required += fields[i].required && is_writable (&fields[i]) ? 1 : 0;
  if (n_required == 0)
    return;
  json_builder_set_member_name (builder, "required");
  json_builder_begin_array (builder);
  if (first != NULL)
    {
      json_builder_add_string_value (builder, first);
      json_builder_add_string_value (builder, "seq");
    }
  for (guint i = 0; i < n_fields; i++)
    if (fields[i].required && is_writable (&fields[i]))
      json_builder_add_string_value (builder, fields[i].name);
  json_builder_end_array (builder);
}

/* A record as it is read. */
static void
add_record (JsonBuilder *builder, const PkEntity *entity, const char *name)
{
  json_builder_set_member_name (builder, name);
  begin_object_schema (builder, entity->label);
  add_required (builder, entity->fields, entity->n_fields, "id");
  json_builder_set_member_name (builder, "properties");
  json_builder_begin_object (builder);
  add_id (builder);
  json_builder_set_member_name (builder, "seq");
  json_builder_begin_object (builder);
  add_type (builder, "integer", FALSE);
  pk_openapi_add_text (builder, "format", "int64");
  json_builder_end_object (builder);
  for (guint i = 0; i < entity->n_fields; i++)
    {
      json_builder_set_member_name (builder, entity->fields[i].name);
      pk_openapi_add_field (builder, &entity->fields[i], !entity->fields[i].required);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_fields (JsonBuilder *builder, const PkField *fields, guint n_fields, gboolean is_nullable)
{
  for (guint i = 0; i < n_fields; i++)
    {
      if (!is_writable (&fields[i]))
        continue;
      json_builder_set_member_name (builder, fields[i].name);
      pk_openapi_add_field (builder, &fields[i], is_nullable || !fields[i].required);
    }
}

/* What makes a record: its fields, and an id where the caller has one. */
static void
add_new (JsonBuilder *builder, const PkEntity *entity, const char *name)
{
  g_autofree char *new_name = g_strconcat ("New", name, NULL);

  json_builder_set_member_name (builder, new_name);
  begin_object_schema (builder, entity->label);
  add_required (builder, entity->fields, entity->n_fields, NULL);
  json_builder_set_member_name (builder, "properties");
  json_builder_begin_object (builder);
  add_id (builder);
  add_fields (builder, entity->fields, entity->n_fields, FALSE);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

/* What changes a record: some fields, and what was seen of them. */
static void
add_change (JsonBuilder *builder, const PkEntity *entity, const char *name)
{
  g_autofree char *change_name = g_strconcat (name, "Change", NULL);

  json_builder_set_member_name (builder, change_name);
  begin_object_schema (builder, entity->label);
  json_builder_set_member_name (builder, "properties");
  json_builder_begin_object (builder);
  add_fields (builder, entity->fields, entity->n_fields, TRUE);
  json_builder_set_member_name (builder, "was");
  json_builder_begin_object (builder);
  add_type (builder, "object", FALSE);
  pk_openapi_add_text (builder,
                       "description",
                       "What was seen of the same fields: a change between is merged");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_page (JsonBuilder *builder, const PkEntity *entity, const char *name)
{
  g_autofree char *page_name = g_strconcat (name, "Page", NULL);

  json_builder_set_member_name (builder, page_name);
  begin_object_schema (builder, entity->label);
  json_builder_set_member_name (builder, "required");
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, "items");
  json_builder_add_string_value (builder, "next");
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "properties");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "items");
  json_builder_begin_object (builder);
  add_type (builder, "array", FALSE);
  json_builder_set_member_name (builder, "items");
  pk_openapi_add_ref (builder, "schemas", name);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "next");
  json_builder_begin_object (builder);
  add_type (builder, "string", TRUE);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_command (JsonBuilder *builder, const PkCommandSpec *command)
{
  g_autofree char *base = pk_openapi_type_name (command->name);
  g_autofree char *name = g_strconcat (base, "Command", NULL);

  json_builder_set_member_name (builder, name);
  begin_object_schema (builder, command->label);
  add_required (builder, command->arguments, command->n_arguments, NULL);
  json_builder_set_member_name (builder, "properties");
  json_builder_begin_object (builder);
  add_fields (builder, command->arguments, command->n_arguments, FALSE);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_problem_member (JsonBuilder *builder, const char *name, const char *type)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  add_type (builder, type, FALSE);
  json_builder_end_object (builder);
}

static void
add_problem (JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "Problem");
  json_builder_begin_object (builder);
  add_type (builder, "object", FALSE);
  pk_openapi_add_text (builder,
                       "description",
                       "RFC 9457; \"pointer\" is a JSON pointer to the fault");
  json_builder_set_member_name (builder, "properties");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "type");
  json_builder_begin_object (builder);
  add_type (builder, "string", FALSE);
  json_builder_set_member_name (builder, "enum");
  json_builder_begin_array (builder);
  for (guint i = 0; i < pk_model.n_problems; i++)
    {
      g_autofree char *type = g_strconcat ("/problems/", pk_model.problems[i].code, NULL);
      json_builder_add_string_value (builder, type);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  add_problem_member (builder, "title", "string");
  add_problem_member (builder, "status", "integer");
  add_problem_member (builder, "detail", "string");
  add_problem_member (builder, "pointer", "string");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

/**
 * pk_openapi_add_schemas:
 *
 * Adds the members of components/schemas.
 */
void
pk_openapi_add_schemas (JsonBuilder *builder)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      const PkEntity *entity = &pk_model.entities[i];
      g_autofree char *name = pk_openapi_type_name (entity->name);
      add_record (builder, entity, name);
      add_page (builder, entity, name);
      if (g_str_equal (entity->write, "server"))
        continue;
      add_new (builder, entity, name);
      add_change (builder, entity, name);
    }
  for (guint i = 0; i < pk_model.n_commands; i++)
    add_command (builder, &pk_model.commands[i]);
  add_problem (builder);
}

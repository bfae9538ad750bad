/* The JSON API as OpenAPI 3.1: its paths. Every entity has the same ones; commands have one each. Pure. */
#include "config.h"

#include "pk-openapi.h"

#include "pk-openapi-private.h"

#include <string.h>

typedef struct
{
  const char *method; /* in lower case */
  const char *verb;   /* of the operation's id */
  const char *status;
  const char *answer; /* (nullable): end of the schema's name, after the entity's; NULL: no body */
  const char *body;   /* (nullable): what its schema's name has beside the entity's */
  gboolean is_one;    /* of one record */
} Operation;

static const Operation operations[] = {
  { "get", "list", "200", "Page", NULL, FALSE },   { "post", "create", "201", "", "New", FALSE },
  { "get", "get", "200", "", NULL, TRUE },         { "patch", "change", "200", "", "Change", TRUE },
  { "delete", "delete", "204", NULL, NULL, TRUE },
};

static void
begin_member (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
}

static void
add_content (JsonBuilder *builder, const char *media_type, const char *schema)
{
  begin_member (builder, "content");
  begin_member (builder, media_type);
  json_builder_set_member_name (builder, "schema");
  pk_openapi_add_ref (builder, "schemas", schema);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_responses (JsonBuilder *builder, const char *status, const char *schema)
{
  begin_member (builder, "responses");
  begin_member (builder, status);
  pk_openapi_add_text (builder, "description", "Done");
  if (schema != NULL)
    add_content (builder, "application/json", schema);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "4XX");
  pk_openapi_add_ref (builder, "responses", "Problem");
  json_builder_set_member_name (builder, "5XX");
  pk_openapi_add_ref (builder, "responses", "Problem");
  json_builder_end_object (builder);
}

static void
add_body (JsonBuilder *builder, const char *media_type, const char *schema, gboolean is_required)
{
  begin_member (builder, "requestBody");
  json_builder_set_member_name (builder, "required");
  json_builder_add_boolean_value (builder, is_required);
  add_content (builder, media_type, schema);
  json_builder_end_object (builder);
}

static void
add_query (JsonBuilder *builder, const char *name, const char *type, const char *description)
{
  json_builder_begin_object (builder);
  pk_openapi_add_text (builder, "name", name);
  pk_openapi_add_text (builder, "in", "query");
  pk_openapi_add_text (builder, "description", description);
  begin_member (builder, "schema");
  pk_openapi_add_text (builder, "type", type);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_order (JsonBuilder *builder, const PkEntity *entity)
{
  json_builder_begin_object (builder);
  pk_openapi_add_text (builder, "name", "order");
  pk_openapi_add_text (builder, "in", "query");
  pk_openapi_add_text (builder, "description", "A minus before it turns the order round");
  begin_member (builder, "schema");
  pk_openapi_add_text (builder, "type", "string");
  json_builder_set_member_name (builder, "enum");
  json_builder_begin_array (builder);
  for (guint i = 0; i < entity->n_indexes; i++)
    {
      const char *name = entity->indexes[i];
      gsize length = g_str_has_suffix (name, ",id") ? strlen (name) - 3 : strlen (name);
      g_autofree char *forward = g_strndup (name, length);
      g_autofree char *back = g_strconcat ("-", forward, NULL);
      json_builder_add_string_value (builder, forward);
      json_builder_add_string_value (builder, back);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_filters (JsonBuilder *builder, const PkEntity *entity)
{
  for (guint i = 0; i < entity->n_fields; i++)
    {
      const PkField *field = &entity->fields[i];
      if (field->type == PK_TYPE_LONG_TEXT || field->type == PK_TYPE_SET)
        continue;
      json_builder_begin_object (builder);
      pk_openapi_add_text (builder, "name", field->name);
      pk_openapi_add_text (builder, "in", "query");
      json_builder_set_member_name (builder, "allowEmptyValue");
      json_builder_add_boolean_value (builder, TRUE);
      json_builder_set_member_name (builder, "schema");
      pk_openapi_add_field (builder, field, FALSE);
      json_builder_end_object (builder);
    }
}

static void
add_list_parameters (JsonBuilder *builder, const PkEntity *entity)
{
  json_builder_set_member_name (builder, "parameters");
  json_builder_begin_array (builder);
  add_query (builder, "limit", "integer", "From 1 to 200; 50 where it is not told");
  add_query (builder, "after", "string", "\"next\" of the page before");
  add_query (builder, "begins", "string", "What the title begins with");
  add_order (builder, entity);
  add_filters (builder, entity);
  json_builder_end_array (builder);
}

static void
add_condition (JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "parameters");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  pk_openapi_add_text (builder, "name", "If-Match");
  pk_openapi_add_text (builder, "in", "header");
  pk_openapi_add_text (builder, "description", "The record's ETag: refused where it has changed");
  begin_member (builder, "schema");
  pk_openapi_add_text (builder, "type", "string");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
}

static void
begin_operation (JsonBuilder *builder,
                 const char *method,
                 const char *verb,
                 const char *type,
                 const PkEntity *entity,
                 const char *summary)
{
  g_autofree char *id = g_strconcat (verb, type, NULL);

  begin_member (builder, method);
  pk_openapi_add_text (builder, "operationId", id);
  pk_openapi_add_text (builder, "summary", summary);
  json_builder_set_member_name (builder, "tags");
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, entity->plural);
  json_builder_end_array (builder);
}

static char *
make_body_name (const Operation *operation, const char *type)
{
  if (operation->body == NULL)
    return NULL;
  return g_str_equal (operation->body, "New") ? g_strconcat ("New", type, NULL)
                                              : g_strconcat (type, operation->body, NULL);
}

static void
add_operation (JsonBuilder *builder, const PkEntity *entity, const Operation *operation)
{
  g_autofree char *type = pk_openapi_type_name (entity->name);
  g_autofree char *answer = operation->answer != NULL ? g_strconcat (type, operation->answer, NULL)
                                                      : NULL;
  g_autofree char *body = make_body_name (operation, type);
  g_autofree char *summary = g_strconcat (entity->label, ": ", operation->verb, NULL);
  gboolean is_change = g_str_equal (operation->method, "patch");

  begin_operation (builder, operation->method, operation->verb, type, entity, summary);
  if (g_str_equal (operation->verb, "list"))
    add_list_parameters (builder, entity);
  else if (operation->is_one && !g_str_equal (operation->method, "get"))
    add_condition (builder);
  if (body != NULL)
    add_body (builder, is_change ? "application/merge-patch+json" : "application/json", body, TRUE);
  add_responses (builder, operation->status, answer);
  json_builder_end_object (builder);
}

static void
add_id_parameter (JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "parameters");
  json_builder_begin_array (builder);
  pk_openapi_add_ref (builder, "parameters", "Id");
  json_builder_end_array (builder);
}

static void
add_path (JsonBuilder *builder, const PkEntity *entity, gboolean is_one)
{
  g_autofree char *path = g_strconcat ("/api/", entity->plural, is_one ? "/{id}" : NULL, NULL);

  begin_member (builder, path);
  if (is_one)
    add_id_parameter (builder);
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      gboolean is_read = g_str_equal (operations[i].method, "get");
      if (operations[i].is_one == is_one && (is_read || !g_str_equal (entity->write, "server")))
        add_operation (builder, entity, &operations[i]);
    }
  json_builder_end_object (builder);
}

static void
add_command_path (JsonBuilder *builder, const PkCommandSpec *command)
{
  const PkEntity *entity = pk_entity_by_name (command->entity);
  g_autofree char *word = g_strdelimit (g_strdup (command->name), "_", '-');
  g_autofree char *path = g_strdup_printf ("/api/%s/{id}/%s", entity->plural, word);
  g_autofree char *type = pk_openapi_type_name (command->name);
  g_autofree char *schema = g_strconcat (type, "Command", NULL);
  g_autofree char *answer = pk_openapi_type_name (entity->name);
  gboolean is_required = FALSE;

  for (guint i = 0; i < command->n_arguments; i++)
    is_required = is_required || command->arguments[i].required;
  begin_member (builder, path);
  add_id_parameter (builder);
  begin_operation (builder, "post", "command", type, entity, command->label);
  add_condition (builder);
  add_body (builder, "application/json", schema, is_required);
  add_responses (builder, "200", answer);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_components (JsonBuilder *builder)
{
  begin_member (builder, "components");
  begin_member (builder, "securitySchemes");
  begin_member (builder, "token");
  pk_openapi_add_text (builder, "type", "http");
  pk_openapi_add_text (builder, "scheme", "bearer");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  begin_member (builder, "parameters");
  begin_member (builder, "Id");
  pk_openapi_add_text (builder, "name", "id");
  pk_openapi_add_text (builder, "in", "path");
  json_builder_set_member_name (builder, "required");
  json_builder_add_boolean_value (builder, TRUE);
  begin_member (builder, "schema");
  pk_openapi_add_text (builder, "type", "string");
  pk_openapi_add_text (builder, "format", "uuid");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  begin_member (builder, "responses");
  begin_member (builder, "Problem");
  pk_openapi_add_text (builder, "description", "What is wrong");
  add_content (builder, "application/problem+json", "Problem");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  begin_member (builder, "schemas");
  pk_openapi_add_schemas (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_head (JsonBuilder *builder)
{
  pk_openapi_add_text (builder, "openapi", "3.1.0");
  begin_member (builder, "info");
  pk_openapi_add_text (builder, "title", "Påkobla");
  pk_openapi_add_text (builder, "version", PK_VERSION);
  pk_openapi_add_text (builder,
                       "description",
                       "Records of the municipality, as far as whoever asks may see them.");
  begin_member (builder, "license");
  pk_openapi_add_text (builder, "name", "EUPL-1.2");
  pk_openapi_add_text (builder, "identifier", "EUPL-1.2");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "servers");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  pk_openapi_add_text (builder, "url", "/");
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "security");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "token");
  json_builder_begin_array (builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
}

static void
add_tags (JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "tags");
  json_builder_begin_array (builder);
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      json_builder_begin_object (builder);
      pk_openapi_add_text (builder, "name", pk_model.entities[i].plural);
      pk_openapi_add_text (builder, "description", pk_model.entities[i].label);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * pk_openapi_to_json:
 *
 * Returns: (transfer full): the description, as JSON
 */
char *
pk_openapi_to_json (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_head (builder);
  add_tags (builder);
  begin_member (builder, "paths");
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      add_path (builder, &pk_model.entities[i], FALSE);
      add_path (builder, &pk_model.entities[i], TRUE);
    }
  for (guint i = 0; i < pk_model.n_commands; i++)
    add_command_path (builder, &pk_model.commands[i]);
  json_builder_end_object (builder);
  add_components (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* Reads what a list's address asks for; every fault is a problem with a pointer to the parameter. Pure. */
#include "config.h"

#include "pk-api-query.h"

#include "pk-codec.h"
#include "pk-problem.h"

#include <string.h>

static gboolean
fault (GError **error, PkProblem code, const char *name, const char *what)
{
  g_autofree char *pointer = g_strconcat ("/", name, NULL);

  pk_problem_set (error, code, pointer, "%s", what);
  return FALSE;
}

static gboolean
read_limit (const char *text, guint *limit_out, GError **error)
{
  guint64 limit;

  if (!g_ascii_string_to_unsigned (text, 10, 1, PK_API_MAX_LIMIT, &limit, NULL))
    return fault (error, PK_PROBLEM_INVALID, "limit", "A number from 1 to 200 was expected");
  *limit_out = (guint) limit;
  return TRUE;
}

/* "due_on" names the index "due_on,id"; a minus before it turns the order round. */
static gboolean
read_order (const char *text, PkListQuery *query, GError **error)
{
  query->is_descending = *text == '-';
  if (query->is_descending)
    text++;
  for (guint i = 0; i < query->entity->n_indexes; i++)
    {
      g_autofree char *name = g_strdup (query->entity->indexes[i]);
      if (g_str_has_suffix (name, ",id"))
        name[strlen (name) - strlen (",id")] = '\0';
      if (!g_str_equal (name, text))
        continue;
      query->order = i;
      return TRUE;
    }
  return fault (error, PK_PROBLEM_INVALID, "order", "The list is not offered in this order");
}

static JsonNode *
make_node (const PkField *field, const char *text)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  if (field->type == PK_TYPE_BOOL && (g_str_equal (text, "true") || g_str_equal (text, "false")))
    json_node_set_boolean (node, *text == 't');
  else if (field->type == PK_TYPE_INT || field->type == PK_TYPE_REAL)
    {
      json_node_free (node);
      node = pk_json_parse (text, strlen (text), NULL);
      if (node == NULL)
        node = json_node_init_string (json_node_alloc (), text);
    }
  else
    json_node_set_string (node, text);
  return node;
}

static gboolean
read_filter (PkApiQuery *self, const char *name, const char *text, GError **error)
{
  int place = pk_entity_find_field (self->query.entity, name);
  PkValue value = PK_VALUE_INIT;

  if (place < 0)
    return fault (error, PK_PROBLEM_UNKNOWN_FIELD, name, "There is no such field or parameter");
  const PkField *field = &self->query.entity->fields[place];
  if (field->type == PK_TYPE_LONG_TEXT || field->type == PK_TYPE_SET)
    return fault (error, PK_PROBLEM_INVALID, name, "The list is not narrowed by this field");
  if (*text != '\0')
    {
      g_autoptr (JsonNode) node = make_node (field, text);
      g_autofree char *pointer = g_strconcat ("/", name, NULL);
      if (!pk_codec_read_value (field, node, pointer, &value, error))
        return FALSE;
    }
  pk_values_take (self->filters, (guint) place, value);
  return TRUE;
}

static gboolean
read_parameter (PkApiQuery *self, const char *name, const char *text, GError **error)
{
  if (g_str_equal (name, "limit"))
    return read_limit (text, &self->query.limit, error);
  if (g_str_equal (name, "order"))
    return read_order (text, &self->query, error);
  if (g_str_equal (name, "after"))
    self->cursor = text;
  else if (g_str_equal (name, "begins"))
    self->query.title = text;
  else
    return read_filter (self, name, text, error);
  return TRUE;
}

/**
 * pk_api_query_read:
 * @parameters: (element-type utf8 utf8): of the address; must outlive the result
 *
 * Errors: %PK_PROBLEM_INVALID, %PK_PROBLEM_UNKNOWN_FIELD
 * Returns: (transfer full) (nullable): what is asked for
 */
PkApiQuery *
pk_api_query_read (GHashTable *parameters, const PkEntity *entity, GError **error)
{
  g_autoptr (PkApiQuery) self = g_new0 (PkApiQuery, 1);
  GHashTableIter iter;
  gpointer name, text;

  self->query.entity = entity;
  self->query.limit = PK_API_DEFAULT_LIMIT;
  self->filters = pk_values_new (entity->fields, entity->n_fields);
  self->query.filters = self->filters;
  g_hash_table_iter_init (&iter, parameters);
  while (g_hash_table_iter_next (&iter, &name, &text))
    if (!read_parameter (self, name, text != NULL ? text : "", error))
      return NULL;
  return g_steal_pointer (&self);
}

/**
 * pk_api_query_free:
 */
void
pk_api_query_free (PkApiQuery *self)
{
  pk_values_free (self->filters);
  g_free (self);
}

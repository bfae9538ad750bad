/* Ranges of records and what is in them, and both as JSON: [[from,to,wants rows]…] and [[from,to,count,fingerprint]…]. */
#include "config.h"

#include "pk-id-range.h"

#include "pk-problem.h"

#include <string.h>

/**
 * pk_id_range_whole:
 *
 * Returns: the range that holds everything
 */
PkIdRange
pk_id_range_whole (void)
{
  return (PkIdRange){ .to = { .entity = PK_ID_RANGE_END } };
}

/**
 * pk_id_range_key_compare:
 *
 * Returns: which comes first, as strcmp() says it
 */
int
pk_id_range_key_compare (const PkIdRangeKey *a, const PkIdRangeKey *b)
{
  if (a->entity != b->entity)
    return a->entity < b->entity ? -1 : 1;
  return pk_id_compare (&a->id, &b->id);
}

/**
 * pk_id_range_holds:
 * @entity: the entity's number
 *
 * Returns: whether the record is in the range
 */
gboolean
pk_id_range_holds (const PkIdRange *self, guint entity, const PkId *id)
{
  PkIdRangeKey key = { entity, *id };

  return pk_id_range_key_compare (&self->from, &key) <= 0 &&
         pk_id_range_key_compare (&key, &self->to) < 0;
}

static void
append_key (GString *out, const PkIdRangeKey *key)
{
  char text[PK_ID_TEXT_LENGTH + 1];

  if (key->entity == 0 || key->entity == PK_ID_RANGE_END)
    g_string_append (out, "\"\"");
  else
    g_string_append_printf (out, "\"%u/%s\"", key->entity, pk_id_to_text (&key->id, text));
}

static void
append_bounds (GString *out, const PkIdRange *range)
{
  g_string_append_c (out, '[');
  append_key (out, &range->from);
  g_string_append_c (out, ',');
  append_key (out, &range->to);
}

/**
 * pk_id_range_append_list:
 * @ranges: (element-type PkIdRange)
 *
 * Appends the ranges as JSON.
 */
void
pk_id_range_append_list (GString *out, GArray *ranges)
{
  g_string_append_c (out, '[');
  for (guint i = 0; i < ranges->len; i++)
    {
      const PkIdRange *range = &g_array_index (ranges, PkIdRange, i);
      if (i > 0)
        g_string_append_c (out, ',');
      append_bounds (out, range);
      g_string_append (out, range->wants_rows ? ",true]" : ",false]");
    }
  g_string_append_c (out, ']');
}

/**
 * pk_id_range_append_sums:
 * @sums: (element-type PkIdRangeSum)
 *
 * Appends the ranges with what is in them as JSON.
 */
void
pk_id_range_append_sums (GString *out, GArray *sums)
{
  char text[PK_FINGERPRINT_TEXT_LENGTH + 1];

  g_string_append_c (out, '[');
  for (guint i = 0; i < sums->len; i++)
    {
      const PkIdRangeSum *sum = &g_array_index (sums, PkIdRangeSum, i);
      if (i > 0)
        g_string_append_c (out, ',');
      append_bounds (out, &sum->range);
      g_string_append_printf (out,
                              ",%" G_GINT64_FORMAT ",\"%s\"]",
                              sum->count,
                              pk_fingerprint_to_text (&sum->fingerprint, text));
    }
  g_string_append_c (out, ']');
}

static gboolean
fault (GError **error)
{
  pk_problem_set (error, PK_PROBLEM_INVALID, "/ranges", "A list of ranges was expected");
  return FALSE;
}

static const char *
node_text (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static gboolean
read_key (JsonNode *node, guint end, PkIdRangeKey *out)
{
  const char *text = node_text (node);
  char *rest = NULL;

  *out = (PkIdRangeKey){ .entity = end };
  if (text == NULL || *text == '\0')
    return text != NULL;
  guint64 entity = g_ascii_isdigit (*text) ? g_ascii_strtoull (text, &rest, 10) : 0;
  out->entity = (guint) MIN (entity, PK_ID_RANGE_END);
  return entity > 0 && entity < PK_ID_RANGE_END && *rest == '/' && pk_id_parse (rest + 1, &out->id);
}

/* The cells of one item, where they are as many as they should be and the bounds are in order. */
static JsonArray *
read_bounds (JsonNode *node, guint n_cells, PkIdRange *out, GError **error)
{
  JsonArray *cells = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (cells == NULL || json_array_get_length (cells) != n_cells ||
      !read_key (json_array_get_element (cells, 0), 0, &out->from) ||
      !read_key (json_array_get_element (cells, 1), PK_ID_RANGE_END, &out->to) ||
      pk_id_range_key_compare (&out->from, &out->to) >= 0)
    {
      fault (error);
      return NULL;
    }
  return cells;
}

static gboolean
read_range (JsonNode *node, GArray *into, GError **error)
{
  PkIdRange range = { 0 };
  JsonArray *cells = read_bounds (node, 3, &range, error);

  if (cells == NULL)
    return FALSE;
  JsonNode *flag = json_array_get_element (cells, 2);
  if (!JSON_NODE_HOLDS_VALUE (flag) || json_node_get_value_type (flag) != G_TYPE_BOOLEAN)
    return fault (error);
  range.wants_rows = json_node_get_boolean (flag);
  g_array_append_val (into, range);
  return TRUE;
}

static gboolean
read_sum (JsonNode *node, GArray *into, GError **error)
{
  PkIdRangeSum sum = { 0 };
  JsonArray *cells = read_bounds (node, 4, &sum.range, error);

  if (cells == NULL)
    return FALSE;
  JsonNode *count = json_array_get_element (cells, 2);
  const char *text = node_text (json_array_get_element (cells, 3));
  if (!JSON_NODE_HOLDS_VALUE (count) || json_node_get_value_type (count) != G_TYPE_INT64 ||
      json_node_get_int (count) < 0 || text == NULL ||
      !pk_fingerprint_parse (text, &sum.fingerprint))
    return fault (error);
  sum.count = json_node_get_int (count);
  g_array_append_val (into, sum);
  return TRUE;
}

static GArray *
read_items (JsonNode *node,
            guint item_size,
            gboolean (*read_item) (JsonNode *, GArray *, GError **),
            GError **error)
{
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, item_size);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node) ||
      json_array_get_length (json_node_get_array (node)) > PK_ID_RANGE_MAX)
    {
      fault (error);
      return NULL;
    }
  JsonArray *array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_item (json_array_get_element (array, i), items, error))
      return NULL;
  return g_steal_pointer (&items);
}

/**
 * pk_id_range_read_list:
 * @node: (nullable): what pk_id_range_append_list() wrote
 *
 * Errors: %PK_PROBLEM_INVALID
 * Returns: (transfer full) (nullable) (element-type PkIdRange): the ranges, at most %PK_ID_RANGE_MAX
 */
GArray *
pk_id_range_read_list (JsonNode *node, GError **error)
{
  return read_items (node, sizeof (PkIdRange), read_range, error);
}

/**
 * pk_id_range_read_sums:
 * @node: (nullable): what pk_id_range_append_sums() wrote
 *
 * Errors: %PK_PROBLEM_INVALID
 * Returns: (transfer full) (nullable) (element-type PkIdRangeSum): the sums, at most %PK_ID_RANGE_MAX
 */
GArray *
pk_id_range_read_sums (JsonNode *node, GError **error)
{
  return read_items (node, sizeof (PkIdRangeSum), read_sum, error);
}

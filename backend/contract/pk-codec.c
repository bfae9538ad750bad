/*
 * The door for values: JSON in, checked PkValues out, and back. A value that passed here is of its field's kind and within
 * its field's limits.
 */
#include "config.h"

#include "pk-codec.h"

#include "pk-time.h"

#include <math.h>
#include <string.h>

static gboolean
fault (GError **error, PkProblem code, const char *pointer, const char *what)
{
  pk_problem_set (error, code, pointer, "%s", what);
  return FALSE;
}

static const char *
get_text (JsonNode *node)
{
  return pk_json_cell_of_node (node).text;
}

/* Bytes are never fewer than characters. */
static gboolean
is_longer (const char *text, double max)
{
  return (double) strlen (text) > max && (double) g_utf8_strlen (text, -1) > max;
}

static gboolean
read_text (const PkField *field,
           const PkJsonCell *cell,
           const char *pointer,
           PkValue *out,
           GError **error)
{
  const char *text = cell->text;

  if (text == NULL)
    return fault (error, PK_PROBLEM_INVALID, pointer, "A text was expected");
  if (is_longer (text, field->max))
    return fault (error, PK_PROBLEM_TOO_LONG, pointer, "The text is too long");
  if (field->required && *text == '\0')
    return fault (error, PK_PROBLEM_REQUIRED, pointer, "The text is empty");
  *out = pk_value_text (text);
  return TRUE;
}

static gboolean
read_int (const PkField *field,
          const PkJsonCell *cell,
          const char *pointer,
          PkValue *out,
          GError **error)
{
  gint64 number = cell->number;

  if (cell->kind != PK_JSON_INT)
    return fault (error, PK_PROBLEM_INVALID, pointer, "A whole number was expected");
  if ((double) number < field->min || (double) number > field->max)
    return fault (error, PK_PROBLEM_INVALID, pointer, "The number is out of range");
  *out = pk_value_int (number);
  return TRUE;
}

static gboolean
read_real (const PkField *field,
           const PkJsonCell *cell,
           const char *pointer,
           PkValue *out,
           GError **error)
{
  double real = cell->kind == PK_JSON_INT ? (double) cell->number : cell->real;

  if (cell->kind != PK_JSON_REAL && cell->kind != PK_JSON_INT)
    return fault (error, PK_PROBLEM_INVALID, pointer, "A number was expected");
  if (!isfinite (real) || real < field->min || real > field->max)
    return fault (error, PK_PROBLEM_INVALID, pointer, "The number is out of range");
  *out = pk_value_real (real);
  return TRUE;
}

static gboolean
read_bool (const PkJsonCell *cell, const char *pointer, PkValue *out, GError **error)
{
  if (cell->kind != PK_JSON_BOOL)
    return fault (error, PK_PROBLEM_INVALID, pointer, "true or false was expected");
  *out = pk_value_int (cell->number);
  return TRUE;
}

static gboolean
read_date (const PkJsonCell *cell, const char *pointer, PkValue *out, GError **error)
{
  const char *text = cell->text;

  if (text == NULL || !pk_date_is_valid (text))
    return fault (error, PK_PROBLEM_INVALID, pointer, "A day such as 2026-11-23 was expected");
  *out = pk_value_text (text);
  return TRUE;
}

static gboolean
read_time (const PkJsonCell *cell, const char *pointer, PkValue *out, GError **error)
{
  const char *text = cell->text;
  gint64 time_us;

  if (text == NULL || !pk_time_parse (text, &time_us))
    return fault (error,
                  PK_PROBLEM_INVALID,
                  pointer,
                  "A time such as 2026-11-23T08:14:00Z was expected");
  *out = pk_value_int (time_us);
  return TRUE;
}

static gboolean
read_id (const PkJsonCell *cell, const char *pointer, PkValue *out, GError **error)
{
  PkId id;

  if (!pk_id_parse (cell->text, &id))
    return fault (error, PK_PROBLEM_INVALID, pointer, "The text of a UUID was expected");
  *out = pk_value_id (&id);
  return TRUE;
}

static gboolean
read_enum (const PkField *field,
           const PkJsonCell *cell,
           const char *pointer,
           PkValue *out,
           GError **error)
{
  const char *code = cell->text;
  int place = code ? pk_enum_find (field->values, code) : -1;

  if (place < 0)
    return fault (error,
                  PK_PROBLEM_INVALID,
                  pointer,
                  "The value is none of those that the field knows");
  *out = pk_value_int (place);
  return TRUE;
}

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static char *
join_words (GPtrArray *words)
{
  GString *joined = g_string_new (NULL);
  const char *last = NULL;

  g_ptr_array_sort (words, compare_words);
  for (guint i = 0; i < words->len; i++)
    {
      const char *word = words->pdata[i];
      if (last != NULL && g_str_equal (last, word))
        continue;
      if (last != NULL)
        g_string_append_c (joined, '\n');
      g_string_append (joined, word);
      last = word;
    }
  return g_string_free (joined, FALSE);
}

static gboolean
read_set (const PkField *field, JsonNode *node, const char *pointer, PkValue *out, GError **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return fault (error, PK_PROBLEM_INVALID, pointer, "A list of words was expected");
  JsonArray *array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *word = get_text (json_array_get_element (array, i));
      if (word == NULL || *word == '\0' || strchr (word, '\n') != NULL)
        return fault (error, PK_PROBLEM_INVALID, pointer, "A word of the list is empty or no text");
      g_ptr_array_add (words, (gpointer) word);
    }
  g_autofree char *joined = join_words (words);
  if (g_utf8_strlen (joined, -1) > (glong) MIN (field->max, G_MAXINT))
    return fault (error, PK_PROBLEM_TOO_LONG, pointer, "The list is too long");
  *out = *joined ? pk_value_text (joined) : PK_VALUE_INIT;
  return TRUE;
}

/**
 * pk_codec_read_cell:
 * @cell: no array: a set is read by [func@codec_read_value]
 * @pointer: where the value stands, for the fault
 * @value_out: (out): the value; null for JSON null
 *
 * Errors: as [func@codec_read_value]
 * Returns: %TRUE if the value is of the field's type and within its limits
 */
gboolean
pk_codec_read_cell (const PkField *field,
                    const PkJsonCell *cell,
                    const char *pointer,
                    PkValue *value_out,
                    GError **error)
{
  *value_out = PK_VALUE_INIT;
  if (cell->kind == PK_JSON_NULL)
    return !field->required ||
           fault (error, PK_PROBLEM_REQUIRED, pointer, "The field cannot be emptied");
  switch (field->type)
    {
    case PK_TYPE_INT:
      return read_int (field, cell, pointer, value_out, error);
    case PK_TYPE_REAL:
      return read_real (field, cell, pointer, value_out, error);
    case PK_TYPE_BOOL:
      return read_bool (cell, pointer, value_out, error);
    case PK_TYPE_DATE:
      return read_date (cell, pointer, value_out, error);
    case PK_TYPE_TIME:
      return read_time (cell, pointer, value_out, error);
    case PK_TYPE_ID:
      return read_id (cell, pointer, value_out, error);
    case PK_TYPE_ENUM:
      return read_enum (field, cell, pointer, value_out, error);
    case PK_TYPE_SET:
      return fault (error, PK_PROBLEM_INVALID, pointer, "A list of words was expected");
    case PK_TYPE_TEXT:
    case PK_TYPE_LONG_TEXT:
    default:
      return read_text (field, cell, pointer, value_out, error);
    }
}

/**
 * pk_codec_read_value:
 * @pointer: where the value stands, for the fault
 * @value_out: (out): the value; null for JSON null
 *
 * Errors: %PK_PROBLEM_INVALID, %PK_PROBLEM_TOO_LONG, %PK_PROBLEM_REQUIRED
 * Returns: %TRUE if the value is of the field's type and within its limits
 */
gboolean
pk_codec_read_value (const PkField *field,
                     JsonNode *node,
                     const char *pointer,
                     PkValue *value_out,
                     GError **error)
{
  PkJsonCell cell = pk_json_cell_of_node (node);

  *value_out = PK_VALUE_INIT;
  if (field->type == PK_TYPE_SET && cell.kind == PK_JSON_OTHER)
    return read_set (field, node, pointer, value_out, error);
  return pk_codec_read_cell (field, &cell, pointer, value_out, error);
}

static void
append_set (GString *out, const char *words)
{
  g_auto (GStrv) list = g_strsplit (words, "\n", -1);

  g_string_append_c (out, '[');
  for (guint i = 0; list[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      pk_json_append_text (out, list[i]);
    }
  g_string_append_c (out, ']');
}

static void
append_int (GString *out, const PkField *field, gint64 number)
{
  if (field->type == PK_TYPE_BOOL)
    g_string_append (out, number ? "true" : "false");
  else if (field->type == PK_TYPE_TIME)
    pk_json_append_time (out, number);
  else if (field->type == PK_TYPE_ENUM)
    pk_json_append_text (out, field->values->values[number].code);
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, number);
}

/**
 * pk_codec_append_value:
 * @value: null, or of the field's kind
 *
 * Appends the value as JSON that [func@codec_read_value] reads.
 */
void
pk_codec_append_value (GString *out, const PkField *field, const PkValue *value)
{
  switch (value->kind)
    {
    case PK_VALUE_INT:
      append_int (out, field, value->number);
      return;
    case PK_VALUE_REAL:
      pk_json_append_real (out, value->real);
      return;
    case PK_VALUE_TEXT:
      if (field->type == PK_TYPE_SET)
        append_set (out, value->text);
      else
        pk_json_append_text (out, value->text);
      return;
    case PK_VALUE_ID:
      pk_json_append_id (out, &value->id);
      return;
    case PK_VALUE_NULL:
    default:
      g_string_append (out, "null");
    }
}

/**
 * pk_codec_value_to_text:
 *
 * The form that the history keeps: the JSON value.
 *
 * Returns: (transfer full) (nullable): NULL for the null value
 */
char *
pk_codec_value_to_text (const PkField *field, const PkValue *value)
{
  if (value->kind == PK_VALUE_NULL)
    return NULL;
  GString *text = g_string_new (NULL);
  pk_codec_append_value (text, field, value);
  return g_string_free (text, FALSE);
}

/**
 * pk_codec_value_from_text:
 * @text: (nullable): what [func@codec_value_to_text] gave
 *
 * Returns: %TRUE if @text is a value of the field
 */
gboolean
pk_codec_value_from_text (const PkField *field,
                          const char *text,
                          PkValue *value_out,
                          GError **error)
{
  *value_out = PK_VALUE_INIT;
  if (text == NULL)
    return TRUE;
  g_autoptr (JsonNode) node = pk_json_parse (text, strlen (text), error);
  return node != NULL && pk_codec_read_value (field, node, "", value_out, error);
}

static int
find_field (const PkField *fields, guint n_fields, const char *name)
{
  for (guint i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].name, name))
      return (int) i;
  return -1;
}

/**
 * pk_codec_read_values:
 * @node: an object with some of the fields
 * @pointer: where the object stands
 *
 * Errors: %PK_PROBLEM_UNKNOWN_FIELD, and those of [func@codec_read_value]
 * Returns: (transfer full) (nullable): the values
 */
PkValues *
pk_codec_read_values (const PkField *fields,
                      guint n_fields,
                      JsonNode *node,
                      const char *pointer,
                      GError **error)
{
  g_autoptr (PkValues) values = pk_values_new (fields, n_fields);
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      fault (error, PK_PROBLEM_INVALID, pointer, "An object was expected");
      return NULL;
    }
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &member))
    {
      g_autofree char *place = g_strconcat (pointer, "/", name, NULL);
      int field = find_field (fields, n_fields, name);
      PkValue value;
      if (field < 0)
        {
          fault (error, PK_PROBLEM_UNKNOWN_FIELD, place, "There is no such field");
          return NULL;
        }
      if (!pk_codec_read_value (&fields[field], member, place, &value, error))
        return NULL;
      pk_values_take (values, (guint) field, value);
    }
  return g_steal_pointer (&values);
}

/**
 * pk_codec_append_values:
 *
 * Appends an object with the fields that are set.
 */
void
pk_codec_append_values (GString *out, const PkValues *values)
{
  g_string_append_c (out, '{');
  for (guint i = 0; i < values->n_fields; i++)
    {
      if (!values->is_set[i])
        continue;
      pk_json_append_name (out, values->fields[i].name);
      pk_codec_append_value (out, &values->fields[i], &values->values[i]);
    }
  g_string_append_c (out, '}');
}

/**
 * pk_codec_append_record:
 *
 * Appends an object with id, seq and all fields.
 */
void
pk_codec_append_record (GString *out, const PkRecord *record)
{
  const PkEntity *entity = pk_record_get_entity (record);

  g_string_append_c (out, '{');
  pk_json_append_name (out, "id");
  pk_json_append_id (out, pk_record_get_id (record));
  pk_json_append_name (out, "seq");
  g_string_append_printf (out, "%" G_GINT64_FORMAT, pk_record_get_seq (record));
  for (guint i = 0; i < entity->n_fields; i++)
    {
      pk_json_append_name (out, entity->fields[i].name);
      pk_codec_append_value (out, &entity->fields[i], pk_record_get (record, i));
    }
  g_string_append_c (out, '}');
}

static gboolean
read_member (PkRecord *record, const char *name, JsonNode *member, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);
  int field = pk_entity_find_field (entity, name);
  g_autofree char *pointer = g_strconcat ("/", name, NULL);
  PkValue value;

  if (field < 0)
    return fault (error, PK_PROBLEM_UNKNOWN_FIELD, pointer, "There is no such field");
  if (pk_field_is_guarded (&entity->fields[field]) && JSON_NODE_HOLDS_NULL (member))
    return TRUE;
  if (!pk_codec_read_value (&entity->fields[field], member, pointer, &value, error))
    return FALSE;
  pk_record_take (record, (guint) field, value);
  return TRUE;
}

/**
 * pk_codec_read_record:
 * @node: an object with "id" and fields, as [func@codec_append_record] writes it; "seq" may be missing
 *
 * Required fields may be missing: [func@codec_check_record] asks for them once rules have filled in theirs.
 *
 * Errors: as [func@codec_read_values]
 * Returns: (transfer full) (nullable): the record
 */
PkRecord *
pk_codec_read_record (const PkEntity *entity, JsonNode *node, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;
  PkId id;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      fault (error, PK_PROBLEM_INVALID, "", "An object was expected");
      return NULL;
    }
  JsonObject *object = json_node_get_object (node);
  JsonNode *id_node = json_object_get_member (object, "id");
  if (id_node == NULL || !pk_id_parse (get_text (id_node), &id))
    {
      fault (error, PK_PROBLEM_INVALID, "/id", "The text of a UUID was expected");
      return NULL;
    }
  g_autoptr (PkRecord) record = pk_record_new (entity, &id);
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &member))
    {
      if (g_str_equal (name, "id"))
        continue;
      if (g_str_equal (name, "seq"))
        {
          pk_record_set_seq (record, json_node_get_int (member));
          continue;
        }
      if (!read_member (record, name, member, error))
        return NULL;
    }
  return g_steal_pointer (&record);
}

static gboolean
check_record (const PkRecord *record, const PkRecord *before, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);

  for (guint i = 0; i < entity->n_fields; i++)
    {
      const PkField *field = &entity->fields[i];
      gboolean was_withheld = before != NULL && pk_field_is_guarded (field) &&
                              pk_record_get (before, i)->kind == PK_VALUE_NULL;
      if (!field->required || was_withheld || pk_record_get (record, i)->kind != PK_VALUE_NULL)
        continue;
      g_autofree char *pointer = g_strconcat ("/", field->name, NULL);
      return fault (error, PK_PROBLEM_REQUIRED, pointer, "A value is needed");
    }
  return TRUE;
}

/**
 * pk_codec_check_record:
 *
 * Errors: %PK_PROBLEM_REQUIRED with the first field that must not be empty and is
 * Returns: %TRUE if all required fields have values
 */
gboolean
pk_codec_check_record (const PkRecord *record, GError **error)
{
  return check_record (record, NULL, error);
}

/**
 * pk_codec_check_changed:
 * @before: the record as a device holds it: what is not for the person is empty there
 *
 * Errors: as [func@codec_check_record]
 * Returns: %TRUE if all required fields have values, but for those that were withheld
 */
gboolean
pk_codec_check_changed (const PkRecord *record, const PkRecord *before, GError **error)
{
  return check_record (record, before, error);
}

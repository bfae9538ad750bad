/* Values of fields, alone and in sparse lists. */
#include "config.h"

#include "pk-value.h"

/**
 * pk_value_int:
 *
 * Returns: a value for int, bool, time and enum
 */
PkValue
pk_value_int (gint64 number)
{
  return (PkValue){ .kind = PK_VALUE_INT, .number = number };
}

/**
 * pk_value_real:
 *
 * Returns: a value for real
 */
PkValue
pk_value_real (double real)
{
  return (PkValue){ .kind = PK_VALUE_REAL, .real = real };
}

/**
 * pk_value_text:
 * @text: (nullable): copied; NULL gives the null value
 *
 * Returns: a value for text, long_text, date and set
 */
PkValue
pk_value_text (const char *text)
{
  return text ? (PkValue){ .kind = PK_VALUE_TEXT, .text = g_strdup (text) } : PK_VALUE_INIT;
}

/**
 * pk_value_id:
 * @id: (nullable): copied; NULL gives the null value
 *
 * Returns: a value for id
 */
PkValue
pk_value_id (const PkId *id)
{
  return id ? (PkValue){ .kind = PK_VALUE_ID, .id = *id } : PK_VALUE_INIT;
}

/**
 * pk_value_copy:
 *
 * Returns: the same value, with a text of its own
 */
PkValue
pk_value_copy (const PkValue *self)
{
  PkValue copy = *self;

  if (self->kind == PK_VALUE_TEXT)
    copy.text = g_strdup (self->text);
  return copy;
}

/**
 * pk_value_clear:
 *
 * Frees what the value owns and makes it null.
 */
void
pk_value_clear (PkValue *self)
{
  if (self->kind == PK_VALUE_TEXT)
    g_free (self->text);
  *self = PK_VALUE_INIT;
}

/**
 * pk_value_equal:
 *
 * Returns: whether both are null, or of one kind and the same
 */
gboolean
pk_value_equal (const PkValue *a, const PkValue *b)
{
  if (a->kind != b->kind)
    return FALSE;
  switch (a->kind)
    {
    case PK_VALUE_INT:
      return a->number == b->number;
    case PK_VALUE_REAL:
      return !(a->real < b->real) && !(a->real > b->real);
    case PK_VALUE_TEXT:
      return g_str_equal (a->text, b->text);
    case PK_VALUE_ID:
      return pk_id_equal (&a->id, &b->id);
    case PK_VALUE_NULL:
    default:
      return TRUE;
    }
}

/**
 * pk_value_kind_of:
 *
 * Returns: the kind that holds values of @type
 */
PkValueKind
pk_value_kind_of (PkType type)
{
  switch (type)
    {
    case PK_TYPE_INT:
    case PK_TYPE_BOOL:
    case PK_TYPE_TIME:
    case PK_TYPE_ENUM:
      return PK_VALUE_INT;
    case PK_TYPE_REAL:
      return PK_VALUE_REAL;
    case PK_TYPE_ID:
      return PK_VALUE_ID;
    case PK_TYPE_TEXT:
    case PK_TYPE_LONG_TEXT:
    case PK_TYPE_DATE:
    case PK_TYPE_SET:
    default:
      return PK_VALUE_TEXT;
    }
}

/**
 * pk_values_new:
 * @fields: an entity's fields or a command's arguments; constant
 *
 * Returns: (transfer full): a list in which nothing is set
 */
PkValues *
pk_values_new (const PkField *fields, guint n_fields)
{
  PkValues *self = g_new0 (PkValues, 1);

  self->fields = fields;
  self->n_fields = n_fields;
  self->values = g_new0 (PkValue, n_fields);
  self->is_set = g_new0 (gboolean, n_fields);
  return self;
}

/**
 * pk_values_copy:
 *
 * Returns: (transfer full): a list with the same values
 */
PkValues *
pk_values_copy (const PkValues *self)
{
  PkValues *copy = pk_values_new (self->fields, self->n_fields);

  for (guint i = 0; i < self->n_fields; i++)
    if (self->is_set[i])
      pk_values_take (copy, i, pk_value_copy (&self->values[i]));
  return copy;
}

/**
 * pk_values_free:
 *
 * Frees the list and its values.
 */
void
pk_values_free (PkValues *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_fields; i++)
    pk_value_clear (&self->values[i]);
  g_free (self->values);
  g_free (self->is_set);
  g_free (self);
}

/**
 * pk_values_take:
 * @value: (transfer full): may be the null value: the field is emptied
 *
 * Sets a field.
 */
void
pk_values_take (PkValues *self, guint place, PkValue value)
{
  g_return_if_fail (place < self->n_fields);

  pk_value_clear (&self->values[place]);
  self->values[place] = value;
  self->is_set[place] = TRUE;
}

/**
 * pk_values_get:
 *
 * Returns: (nullable): the value, or NULL where the field is not set
 */
const PkValue *
pk_values_get (const PkValues *self, guint place)
{
  return place < self->n_fields && self->is_set[place] ? &self->values[place] : NULL;
}

/**
 * pk_values_unset:
 *
 * Takes the field out of the list.
 */
void
pk_values_unset (PkValues *self, guint place)
{
  g_return_if_fail (place < self->n_fields);

  pk_value_clear (&self->values[place]);
  self->is_set[place] = FALSE;
}

/**
 * pk_values_count:
 *
 * Returns: how many fields are set
 */
guint
pk_values_count (const PkValues *self)
{
  guint count = 0;

  for (guint i = 0; i < self->n_fields; i++)
    count += self->is_set[i] ? 1 : 0;
  return count;
}

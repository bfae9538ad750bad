/* The one form that a record has in memory, on both sides. */
#include "config.h"

#include "pk-record.h"

#include "pk-sort-key.h"

struct _PkRecord
{
  const PkEntity *entity;
  PkId id;
  gint64 seq;
  PkValue *values; /* (owned): one per field */
};

/**
 * pk_record_new:
 *
 * Returns: (transfer full): a record without values
 */
PkRecord *
pk_record_new (const PkEntity *entity, const PkId *id)
{
  PkRecord *self = g_atomic_rc_box_new0 (PkRecord);

  self->entity = entity;
  self->id = *id;
  self->values = g_new0 (PkValue, entity->n_fields);
  return self;
}

/**
 * pk_record_copy:
 *
 * Returns: (transfer full): a record of its own with the same values
 */
PkRecord *
pk_record_copy (const PkRecord *self)
{
  PkRecord *copy = pk_record_new (self->entity, &self->id);

  copy->seq = self->seq;
  for (guint i = 0; i < self->entity->n_fields; i++)
    copy->values[i] = pk_value_copy (&self->values[i]);
  return copy;
}

/**
 * pk_record_ref:
 *
 * Returns: (transfer full): @self
 */
PkRecord *
pk_record_ref (PkRecord *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_record (gpointer data)
{
  PkRecord *self = data;

  for (guint i = 0; i < self->entity->n_fields; i++)
    pk_value_clear (&self->values[i]);
  g_free (self->values);
}

/**
 * pk_record_unref:
 *
 * Gives up one reference.
 */
void
pk_record_unref (PkRecord *self)
{
  g_atomic_rc_box_release_full (self, clear_record);
}

/**
 * pk_record_equal:
 *
 * Returns: whether entity, id and all values are the same; seq is not looked at
 */
gboolean
pk_record_equal (const PkRecord *a, const PkRecord *b)
{
  if (a->entity != b->entity || !pk_id_equal (&a->id, &b->id))
    return FALSE;
  for (guint i = 0; i < a->entity->n_fields; i++)
    if (!pk_value_equal (&a->values[i], &b->values[i]))
      return FALSE;
  return TRUE;
}

/**
 * pk_record_get_entity:
 *
 * Returns: the entity
 */
const PkEntity *
pk_record_get_entity (const PkRecord *self)
{
  return self->entity;
}

/**
 * pk_record_get_id:
 *
 * Returns: (transfer none): the id
 */
const PkId *
pk_record_get_id (const PkRecord *self)
{
  return &self->id;
}

/**
 * pk_record_get_seq:
 *
 * Returns: the server's number of the last change, 0 where the server has not seen the record
 */
gint64
pk_record_get_seq (const PkRecord *self)
{
  return self->seq;
}

/**
 * pk_record_set_seq:
 *
 * Sets the server's number of the last change.
 */
void
pk_record_set_seq (PkRecord *self, gint64 seq)
{
  self->seq = seq;
}

/**
 * pk_record_get:
 *
 * Returns: (transfer none): the value of a field
 */
const PkValue *
pk_record_get (const PkRecord *self, guint field)
{
  g_assert (field < self->entity->n_fields);
  return &self->values[field];
}

/**
 * pk_record_take:
 * @value: (transfer full): null, or of the field's kind
 *
 * Sets a field.
 */
void
pk_record_take (PkRecord *self, guint field, PkValue value)
{
  g_assert (field < self->entity->n_fields);
  g_assert (value.kind == PK_VALUE_NULL ||
            value.kind == pk_value_kind_of (self->entity->fields[field].type));
  pk_value_clear (&self->values[field]);
  self->values[field] = value;
}

/**
 * pk_record_get_text:
 *
 * Returns: (nullable) (transfer none): a text, date or set
 */
const char *
pk_record_get_text (const PkRecord *self, guint field)
{
  const PkValue *value = pk_record_get (self, field);

  return value->kind == PK_VALUE_TEXT ? value->text : NULL;
}

/**
 * pk_record_get_int:
 *
 * Returns: a whole number, truth, time or enum place; @fallback where the field is empty
 */
gint64
pk_record_get_int (const PkRecord *self, guint field, gint64 fallback)
{
  const PkValue *value = pk_record_get (self, field);

  return value->kind == PK_VALUE_INT ? value->number : fallback;
}

/**
 * pk_record_get_real:
 *
 * Returns: a number; @fallback where the field is empty
 */
double
pk_record_get_real (const PkRecord *self, guint field, double fallback)
{
  const PkValue *value = pk_record_get (self, field);

  return value->kind == PK_VALUE_REAL ? value->real : fallback;
}

/**
 * pk_record_get_ref:
 *
 * Returns: (nullable) (transfer none): the id that the field points to
 */
const PkId *
pk_record_get_ref (const PkRecord *self, guint field)
{
  const PkValue *value = pk_record_get (self, field);

  return value->kind == PK_VALUE_ID ? &value->id : NULL;
}

/**
 * pk_record_set_text:
 * @text: (nullable): copied
 *
 * Sets a text, date or set.
 */
void
pk_record_set_text (PkRecord *self, guint field, const char *text)
{
  pk_record_take (self, field, pk_value_text (text));
}

/**
 * pk_record_set_int:
 *
 * Sets a whole number, truth, time or enum place.
 */
void
pk_record_set_int (PkRecord *self, guint field, gint64 number)
{
  pk_record_take (self, field, pk_value_int (number));
}

/**
 * pk_record_set_real:
 *
 * Sets a number.
 */
void
pk_record_set_real (PkRecord *self, guint field, double real)
{
  pk_record_take (self, field, pk_value_real (real));
}

/**
 * pk_record_set_ref:
 * @id: (nullable): copied
 *
 * Sets the id that the field points to.
 */
void
pk_record_set_ref (PkRecord *self, guint field, const PkId *id)
{
  pk_record_take (self, field, pk_value_id (id));
}

/**
 * pk_record_set_null:
 *
 * Empties a field.
 */
void
pk_record_set_null (PkRecord *self, guint field)
{
  pk_record_take (self, field, PK_VALUE_INIT);
}

/**
 * pk_record_dup_title_key:
 *
 * Returns: (transfer full): what the record is sorted by where lists go by title
 */
char *
pk_record_dup_title_key (const PkRecord *self)
{
  const char *title = pk_record_get_text (self, self->entity->title);

  return pk_sort_key (title ? title : "");
}

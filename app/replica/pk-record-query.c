/* The question that a list of any entity but tasks asks. Its SQL is made in pk-query-list.c. Any thread. */
#include "config.h"

#include "pk-record-query-private.h"

G_DEFINE_BOXED_TYPE (PkRecordQuery, pk_record_query, pk_record_query_copy, pk_record_query_free)

/**
 * pk_record_query_new:
 * @order: the first column of one of the entity's indexes
 *
 * Returns: (transfer full): all records of the entity
 */
PkRecordQuery *
pk_record_query_new (const PkEntity *entity, const char *order)
{
  PkRecordQuery *self = g_new0 (PkRecordQuery, 1);

  self->entity = entity;
  self->order = g_strdup (order);
  return self;
}

/**
 * pk_record_query_copy:
 *
 * Returns: (transfer full): a copy
 */
PkRecordQuery *
pk_record_query_copy (const PkRecordQuery *self)
{
  PkRecordQuery *copy = g_memdup2 (self, sizeof *self);

  copy->order = g_strdup (self->order);
  copy->text = g_strdup (self->text);
  for (guint i = 0; i < self->n_filters; i++)
    copy->filters[i].value = pk_value_copy (&self->filters[i].value);
  return copy;
}

/**
 * pk_record_query_free:
 *
 * Frees the query.
 */
void
pk_record_query_free (PkRecordQuery *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_filters; i++)
    pk_value_clear (&self->filters[i].value);
  g_free (self->order);
  g_free (self->text);
  g_free (self);
}

static gboolean
equal_filters (const PkRecordQuery *a, const PkRecordQuery *b)
{
  if (a->n_filters != b->n_filters)
    return FALSE;
  for (guint i = 0; i < a->n_filters; i++)
    if (a->filters[i].field != b->filters[i].field ||
        !pk_value_equal (&a->filters[i].value, &b->filters[i].value))
      return FALSE;
  return TRUE;
}

/**
 * pk_record_query_equal:
 *
 * Returns: whether both ask the same
 */
gboolean
pk_record_query_equal (const PkRecordQuery *a, const PkRecordQuery *b)
{
  return a->entity == b->entity && g_strcmp0 (a->order, b->order) == 0 &&
         a->is_descending == b->is_descending && g_strcmp0 (a->text, b->text) == 0 &&
         equal_filters (a, b);
}

/**
 * pk_record_query_get_entity:
 *
 * Returns: (transfer none): the entity
 */
const PkEntity *
pk_record_query_get_entity (const PkRecordQuery *self)
{
  return self->entity;
}

/**
 * pk_record_query_set_descending:
 *
 * Turns the order round.
 */
void
pk_record_query_set_descending (PkRecordQuery *self, gboolean is_descending)
{
  self->is_descending = is_descending;
}

/**
 * pk_record_query_set_text:
 * @text: (nullable): words as the person typed them
 *
 * Keeps only what the search index finds.
 */
void
pk_record_query_set_text (PkRecordQuery *self, const char *text)
{
  g_free (self->text);
  self->text = text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

/**
 * pk_record_query_set_filter:
 * @value: (nullable): what the field must be; %NULL takes the filter away
 *
 * Keeps only records with the value. At most four fields.
 */
void
pk_record_query_set_filter (PkRecordQuery *self, guint field, const PkValue *value)
{
  guint place = 0;

  while (place < self->n_filters && self->filters[place].field != field)
    place++;
  if (place < self->n_filters)
    {
      pk_value_clear (&self->filters[place].value);
      self->filters[place] = self->filters[--self->n_filters];
    }
  if (value == NULL)
    return;
  g_return_if_fail (self->n_filters < PK_RECORD_QUERY_MOST_FILTERS);
  self->filters[self->n_filters++] = (PkRecordFilter){ field, pk_value_copy (value) };
}

/*
 * Pages of lists. A page that continues after a record is read in parts: first what agrees with that record in all columns of
 * the order but the last, then in all but the last two …; each part is one range of one index, so that a page far down costs
 * as much as the first.
 */
#include "config.h"

#include "pk-query-store.h"
#include "pk-sort-key.h"
#include "pk-store-private.h"
#include "pk-store-records.h"

#define MOST_COLUMNS 9

typedef struct
{
  PkStore *store;
  const PkListQuery *query;
  const char *columns[MOST_COLUMNS];
  guint n_columns;
  GPtrArray *records; /* (owned) */
} Page;

static char **
split_order (const PkListQuery *query)
{
  return query->order < query->entity->n_indexes
             ? g_strsplit (query->entity->indexes[query->order], ",", -1)
             : g_new0 (char *, 1);
}

static void
take_columns (Page *page, char **words)
{
  for (guint i = 0; words[i] != NULL && page->n_columns < MOST_COLUMNS - 1; i++)
    page->columns[page->n_columns++] = words[i];
  if (page->n_columns == 0 || !g_str_equal (page->columns[page->n_columns - 1], "id"))
    page->columns[page->n_columns++] = "id";
}

/* What the record that the page continues after has in one of the order's columns. */
static PkValue
value_of (const Page *page, guint column)
{
  const PkRecord *after = page->query->after;
  const char *name = page->columns[column];

  if (g_str_equal (name, "id"))
    return pk_value_id (pk_record_get_id (after));
  if (g_str_equal (name, "title_key"))
    {
      g_autofree char *key = pk_record_dup_title_key (after);
      return pk_value_text (key);
    }
  int field = pk_entity_find_field (page->query->entity, name);
  g_assert (field >= 0);
  return pk_value_copy (pk_record_get (after, (guint) field));
}

static void
bind_column (const Page *page, PkStatement *statement, guint column)
{
  g_auto (PkValue) value = value_of (page, column);
  int field = pk_entity_find_field (page->query->entity, page->columns[column]);
  int place = (int) (PK_LIST_COLUMN + column);

  if (field >= 0)
    pk_table_bind_value (statement, place, &page->query->entity->fields[field], &value);
  else if (value.kind == PK_VALUE_ID)
    pk_statement_bind_id (statement, place, &value.id);
  else
    pk_statement_bind_text (statement, place, value.text);
}

static void
bind_title (const Page *page, PkStatement *statement)
{
  g_autofree char *first = pk_sort_key (page->query->title);
  g_autofree char *end = g_strconcat (first, "\xf4\x8f\xbf\xbf", NULL);

  pk_statement_bind_text (statement, PK_LIST_TITLE, first);
  pk_statement_bind_text (statement, PK_LIST_TITLE_END, end);
}

static guint64
filter_bits (const PkListQuery *query)
{
  guint64 bits = 0;

  for (guint i = 0; query->filters != NULL && i < query->entity->n_fields; i++)
    if (pk_values_get (query->filters, i) != NULL)
      bits |= G_GUINT64_CONSTANT (1) << i;
  return bits;
}

static guint64
empty_filter_bits (const PkListQuery *query, guint64 filters)
{
  guint64 bits = 0;

  for (guint i = 0; i < query->entity->n_fields; i++)
    if ((filters >> i & 1) && pk_values_get (query->filters, i)->kind == PK_VALUE_NULL)
      bits |= G_GUINT64_CONSTANT (1) << i;
  return bits;
}

static guint
empty_column_bits (const Page *page, guint n_columns)
{
  guint bits = 0;

  for (guint i = 0; i < n_columns; i++)
    {
      g_auto (PkValue) value = value_of (page, i);
      if (value.kind == PK_VALUE_NULL)
        bits |= 1u << i;
    }
  return bits;
}

static void
bind_part (const Page *page, const PkListPart *part, PkStatement *statement)
{
  const PkListQuery *query = page->query;
  guint n_bound = part->n_equal;

  if (part->bound == PK_LIST_ABOVE || part->bound == PK_LIST_BELOW)
    n_bound++;
  for (guint i = 0; i < n_bound; i++)
    if (!(part->empty_columns >> i & 1))
      bind_column (page, statement, i);
  for (guint i = 0; i < query->entity->n_fields; i++)
    if ((part->filters & ~part->empty_filters) >> i & 1)
      pk_table_bind_value (statement,
                           (int) (PK_LIST_FIELD + i),
                           &query->entity->fields[i],
                           pk_values_get (query->filters, i));
  if (part->has_title)
    bind_title (page, statement);
  if (part->has_person)
    pk_statement_bind_id (statement, PK_LIST_PERSON, query->person);
  pk_statement_bind_int (statement, PK_LIST_LIMIT, query->limit - page->records->len);
}

static gboolean
read_part (Page *page, guint n_equal, PkListBound bound, GError **error)
{
  const PkListQuery *query = page->query;
  PkListPart part = { .entity = query->entity,
                      .columns = page->columns,
                      .n_columns = page->n_columns,
                      .n_equal = n_equal,
                      .bound = bound,
                      .is_descending = query->is_descending,
                      .filters = filter_bits (query),
                      .has_person = query->person != NULL,
                      .has_title = query->title != NULL };
  part.empty_filters = empty_filter_bits (query, part.filters);
  part.empty_columns = empty_column_bits (page, n_equal);
  g_autofree char *text = pk_query_list (&part);
  gboolean has_row;

  if (page->records->len >= query->limit)
    return TRUE;
  PkStatement *statement = pk_sql_prepare (page->store->sql, text, error);
  if (statement == NULL)
    return FALSE;
  bind_part (page, &part, statement);
  while (pk_store_step (statement, &has_row, error))
    {
      if (!has_row)
        return TRUE;
      g_ptr_array_add (page->records, pk_table_read_row (statement, 0, query->entity));
    }
  return FALSE;
}

static gboolean
read_level (Page *page, guint level, GError **error)
{
  g_auto (PkValue) value = value_of (page, level);
  gboolean is_empty = value.kind == PK_VALUE_NULL;

  if (!page->query->is_descending)
    return read_part (page, level, is_empty ? PK_LIST_NOT_EMPTY : PK_LIST_ABOVE, error);
  if (is_empty)
    return TRUE;
  return read_part (page, level, PK_LIST_BELOW, error) &&
         read_part (page, level, PK_LIST_EMPTY, error);
}

/**
 * pk_store_list:
 *
 * Returns: (transfer full) (nullable) (element-type PkRecord): at most @query->limit records in the order asked for
 */
GPtrArray *
pk_store_list (PkStore *self, const PkListQuery *query, GError **error)
{
  g_auto (GStrv) words = split_order (query);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  Page page = { .store = self, .query = query, .records = records };

  if (!pk_store_settle_rows (self, query->entity, error) ||
      (query->person != NULL && !pk_store_settle_log (self, error)))
    return NULL;
  take_columns (&page, words);
  if (query->after == NULL)
    return read_part (&page, 0, PK_LIST_FROM_START, error) ? g_steal_pointer (&records) : NULL;
  for (guint level = page.n_columns; level > 0; level--)
    if (!read_level (&page, level - 1, error))
      return NULL;
  return g_steal_pointer (&records);
}

/*
 * Lines of rows as our servers write them, value by value: nearly all of what a pull brings is in them. Whatever is written in another
 * way is left to the reader of all lines, which also says what is wrong.
 */
#include "config.h"

#include "pk-feed-private.h"

#include <string.h>

#define LINE_START "{\"rows\":"

typedef struct
{
  PkJsonScanner *scanner;
  PkFeedLine *line;
  GArray *places; /* int: of the entity's fields; -1: one that this program does not know */
} Reading;

static gboolean
skip_name (Reading *self, const char *name)
{
  PkJsonCell cell;

  return pk_json_scanner_read_cell (self->scanner, &cell, NULL) && cell.kind == PK_JSON_TEXT &&
         g_str_equal (cell.text, name) && pk_json_scanner_accept (self->scanner, ':');
}

static gboolean
read_id (Reading *self, PkId *out)
{
  PkJsonCell cell;

  return pk_json_scanner_read_cell (self->scanner, &cell, NULL) && cell.kind == PK_JSON_TEXT &&
         pk_id_parse (cell.text, out);
}

static gboolean
read_number (Reading *self, gint64 *out)
{
  PkJsonCell cell;

  if (!pk_json_scanner_read_cell (self->scanner, &cell, NULL) || cell.kind != PK_JSON_INT)
    return FALSE;
  *out = cell.number;
  return cell.number >= 0;
}

static gboolean
read_fields (Reading *self)
{
  PkJsonCell cell;

  if (!pk_json_scanner_accept (self->scanner, '['))
    return FALSE;
  do
    {
      if (!pk_json_scanner_read_cell (self->scanner, &cell, NULL) || cell.kind != PK_JSON_TEXT)
        return FALSE;
      int place = pk_entity_find_field (self->line->entity, cell.text);
      g_array_append_val (self->places, place);
    }
  while (pk_json_scanner_accept (self->scanner, ','));
  return pk_json_scanner_accept (self->scanner, ']');
}

static gboolean
read_scopes (Reading *self, PkFeedRow *row)
{
  guint numbers[PK_FEED_MOST_SCOPES_OF_ROW];
  gint64 number;

  if (!pk_json_scanner_accept (self->scanner, '['))
    return FALSE;
  do
    {
      if (row->n_scopes == G_N_ELEMENTS (numbers) || !read_number (self, &number) ||
          number > PK_FEED_MOST_SCOPES)
        return FALSE;
      numbers[row->n_scopes++] = (guint) number;
    }
  while (pk_json_scanner_accept (self->scanner, ','));
  row->scopes = g_memdup2 (numbers, row->n_scopes * sizeof (guint));
  return pk_json_scanner_accept (self->scanner, ']');
}

static gboolean
read_value (Reading *self, const PkField *field, PkValue *value)
{
  PkJsonCell cell;

  if (!pk_json_scanner_read_cell (self->scanner, &cell, NULL))
    return FALSE;
  if (cell.kind == PK_JSON_NULL && field != NULL && pk_field_is_guarded (field))
    return TRUE;
  if (cell.kind != PK_JSON_OTHER)
    return field == NULL || pk_codec_read_cell (field, &cell, field->name, value, NULL);
  g_autoptr (JsonNode) node = pk_json_scanner_read_node (self->scanner, NULL);
  return node != NULL &&
         (field == NULL || pk_codec_read_value (field, node, field->name, value, NULL));
}

static gboolean
read_values (Reading *self, PkRecord *record)
{
  for (guint i = 0; i < self->places->len; i++)
    {
      int place = g_array_index (self->places, int, i);
      PkValue value = PK_VALUE_INIT;
      if (!pk_json_scanner_accept (self->scanner, ',') ||
          !read_value (self, place >= 0 ? &self->line->entity->fields[place] : NULL, &value))
        return FALSE;
      if (place >= 0)
        pk_record_take (record, (guint) place, value);
    }
  return TRUE;
}

static gboolean
read_row (Reading *self)
{
  PkFeedRow *row = NULL;
  gint64 seq;
  PkId id;

  if (!pk_json_scanner_accept (self->scanner, '[') || !read_id (self, &id) ||
      !pk_json_scanner_accept (self->scanner, ',') || !read_number (self, &seq) ||
      !pk_json_scanner_accept (self->scanner, ','))
    return FALSE;
  row = g_new0 (PkFeedRow, 1);
  g_ptr_array_add (self->line->rows, row);
  row->record = pk_record_new (self->line->entity, &id);
  pk_record_set_seq (row->record, seq);
  return read_scopes (self, row) && read_values (self, row->record) &&
         pk_json_scanner_accept (self->scanner, ']');
}

static gboolean
read_rows (Reading *self)
{
  if (!pk_json_scanner_accept (self->scanner, '['))
    return FALSE;
  do
    if (!read_row (self))
      return FALSE;
  while (pk_json_scanner_accept (self->scanner, ','));
  return pk_json_scanner_accept (self->scanner, ']');
}

static gboolean
read_entity (Reading *self)
{
  PkJsonCell cell;

  if (!pk_json_scanner_read_cell (self->scanner, &cell, NULL) || cell.kind != PK_JSON_TEXT)
    return FALSE;
  self->line->entity = pk_entity_by_name (cell.text);
  return self->line->entity != NULL;
}

static gboolean
read_all (Reading *self)
{
  PkJsonScanner *scanner = self->scanner;

  return pk_json_scanner_accept (scanner, '{') && skip_name (self, "rows") && read_entity (self) &&
         pk_json_scanner_accept (scanner, ',') && skip_name (self, "fields") &&
         read_fields (self) && pk_json_scanner_accept (scanner, ',') && skip_name (self, "data") &&
         read_rows (self) && pk_json_scanner_accept (scanner, '}') &&
         pk_json_scanner_is_at_end (scanner);
}

/**
 * pk_feed_rows_read:
 * @line: JSON, without the line's end
 *
 * Returns: (transfer full) (nullable): the line; %NULL where it is none of rows, or not written as ours are, or wrong
 */
PkFeedLine *
pk_feed_rows_read (const char *line, gsize size)
{
  if (size < strlen (LINE_START) || memcmp (line, LINE_START, strlen (LINE_START)) != 0)
    return NULL;
  g_autoptr (PkJsonScanner) scanner = pk_json_scanner_new (line, size, NULL);
  g_autoptr (PkFeedLine) self = g_new0 (PkFeedLine, 1);
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (int));
  Reading reading = { scanner, self, places };

  self->kind = PK_FEED_ROWS;
  self->rows = g_ptr_array_new_with_free_func (pk_feed_row_free);
  return scanner != NULL && read_all (&reading) ? g_steal_pointer (&self) : NULL;
}

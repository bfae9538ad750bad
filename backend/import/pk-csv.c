/*
 * CSV as it comes: RFC 4180, and beside its CRLF also LF and CR alone (old Macintosh and some database exports), a byte
 * order mark, another separator, lines without anything on them.
 *
 * The reader is a state machine over single bytes, so that a file cut into pieces anywhere gives the same rows. It is strict
 * where being lenient would move text into a wrong column: a quote inside an unquoted field and text after a closing quote
 * are errors with line and column. It never holds more than one row.
 */
#include "config.h"

#include "pk-csv.h"

#include <string.h>

#define DEFAULT_ROW_BYTES (1024 * 1024)
#define DEFAULT_FIELDS    1000
#define DEFAULT_ROWS      1000000

typedef enum
{
  FIELD_START,
  PLAIN,
  QUOTED,
  QUOTE_IN_QUOTED /* the end of the field, or the first half of a doubled quote */
} State;

struct _PkCsvReader
{
  PkCsvLimits limits;
  PkCsvRowFunc row_func;
  gpointer user_data;
  char separator;
  State state;
  gboolean follows_return; /* an LF now belongs to the CR before it */
  guint mark_length;       /* bytes of a byte order mark seen so far; 3 when that is decided */
  GString *text;           /* (owned): the row's fields, each with its NUL */
  GArray *starts;          /* (owned): where each field begins in @text */
  guint64 line;            /* of the byte to come */
  guint64 column;          /* characters, from 1 */
  guint64 row_line;        /* where the row began */
  guint64 n_rows;
};

static const guint8 byte_order_mark[] = { 0xef, 0xbb, 0xbf };

G_DEFINE_QUARK (pk_csv_error, pk_csv_error)

static gboolean
fail (PkCsvReader *self, PkCsvError code, const char *what, GError **error)
{
  g_set_error (error,
               PK_CSV_ERROR,
               code,
               "Line %" G_GUINT64_FORMAT ", column %" G_GUINT64_FORMAT ": %s",
               self->line,
               self->column,
               what);
  return FALSE;
}

static gboolean
begin_field (PkCsvReader *self, GError **error)
{
  gsize start = self->text->len;

  if (self->starts->len >= self->limits.fields)
    return fail (self, PK_CSV_ERROR_TOO_LARGE, "The row has too many fields", error);
  g_array_append_val (self->starts, start);
  self->state = FIELD_START;
  return TRUE;
}

static void
clear_row (PkCsvReader *self)
{
  gsize first = 0;

  g_string_truncate (self->text, 0);
  g_array_set_size (self->starts, 0);
  g_array_append_val (self->starts, first);
  self->state = FIELD_START;
}

static gboolean
is_blank_row (PkCsvReader *self)
{
  return self->starts->len == 1 && self->text->len == 0 && self->state == FIELD_START;
}

static gboolean
report_row (PkCsvReader *self, GError **error)
{
  g_autofree const char **fields = g_new (const char *, self->starts->len + 1);

  if (++self->n_rows > self->limits.rows)
    return fail (self, PK_CSV_ERROR_TOO_LARGE, "The file has too many rows", error);
  for (guint i = 0; i < self->starts->len; i++)
    {
      fields[i] = self->text->str + g_array_index (self->starts, gsize, i);
      if (!g_utf8_validate (fields[i], -1, NULL))
        {
          g_set_error (error,
                       PK_CSV_ERROR,
                       PK_CSV_ERROR_MALFORMED,
                       "Line %" G_GUINT64_FORMAT ", field %u: the text is no UTF-8",
                       self->row_line,
                       i + 1);
          return FALSE;
        }
    }
  fields[self->starts->len] = NULL;
  return self->row_func (self->row_line, fields, self->starts->len, self->user_data, error);
}

static gboolean
end_row (PkCsvReader *self, GError **error)
{
  if (!is_blank_row (self))
    {
      g_string_append_c (self->text, '\0');
      if (!report_row (self, error))
        return FALSE;
    }
  clear_row (self);
  return TRUE;
}

static gboolean
append (PkCsvReader *self, char c, GError **error)
{
  if (self->text->len >= self->limits.row_bytes)
    return fail (self, PK_CSV_ERROR_TOO_LARGE, "The row is too long", error);
  g_string_append_c (self->text, c);
  return TRUE;
}

static void
advance (PkCsvReader *self, char c)
{
  gboolean is_second_half = c == '\n' && self->follows_return;

  if (!is_second_half && (c == '\n' || c == '\r'))
    {
      self->line++;
      self->column = 1;
    }
  else if (!is_second_half && ((guchar) c & 0xc0) != 0x80)
    self->column++;
  self->follows_return = c == '\r';
}

static gboolean
take_outside_quotes (PkCsvReader *self, char c, GError **error)
{
  if (c == self->separator)
    {
      g_string_append_c (self->text, '\0');
      return begin_field (self, error);
    }
  if (c == '\n' && self->follows_return)
    return TRUE;
  if (c == '\n' || c == '\r')
    return end_row (self, error);
  if (self->state == QUOTE_IN_QUOTED)
    return fail (self, PK_CSV_ERROR_MALFORMED, "Text follows a closing quote", error);
  if (c == '"')
    {
      if (self->state == PLAIN)
        return fail (self, PK_CSV_ERROR_MALFORMED, "A quote stands inside the text", error);
      self->state = QUOTED;
      return TRUE;
    }
  self->state = PLAIN;
  return append (self, c, error);
}

static gboolean
take (PkCsvReader *self, char c, GError **error)
{
  if (c == '\0')
    return fail (self, PK_CSV_ERROR_MALFORMED, "A NUL character", error);
  if (is_blank_row (self))
    self->row_line = self->line;
  if (self->state == QUOTED)
    {
      if (c != '"')
        return append (self, c, error);
      self->state = QUOTE_IN_QUOTED;
      return TRUE;
    }
  if (self->state == QUOTE_IN_QUOTED && c == '"')
    {
      self->state = QUOTED;
      return append (self, c, error);
    }
  return take_outside_quotes (self, c, error);
}

/* A byte order mark may itself come in pieces; bytes that only looked like its beginning are given back. */
static gboolean
take_first (PkCsvReader *self, char c, GError **error)
{
  if ((guchar) c == byte_order_mark[self->mark_length])
    {
      self->mark_length++;
      return TRUE;
    }
  guint n_held = self->mark_length;
  self->mark_length = sizeof byte_order_mark;
  for (guint i = 0; i < n_held; i++)
    {
      if (!take (self, (char) byte_order_mark[i], error))
        return FALSE;
      advance (self, (char) byte_order_mark[i]);
    }
  if (!take (self, c, error))
    return FALSE;
  advance (self, c);
  return TRUE;
}

/**
 * pk_csv_reader_new:
 * @separator: between fields, usually ',' or ';'
 * @limits: (nullable): NULL for the defaults
 * @row_func: called for every row that is not blank
 *
 * Returns: (transfer full): a reader at the beginning of a file
 */
PkCsvReader *
pk_csv_reader_new (char separator,
                   const PkCsvLimits *limits,
                   PkCsvRowFunc row_func,
                   gpointer user_data)
{
  PkCsvReader *self = g_new0 (PkCsvReader, 1);

  g_return_val_if_fail (separator != '\0' && strchr ("\"\r\n", separator) == NULL, NULL);
  if (limits != NULL)
    self->limits = *limits;
  if (self->limits.row_bytes == 0)
    self->limits.row_bytes = DEFAULT_ROW_BYTES;
  if (self->limits.fields == 0)
    self->limits.fields = DEFAULT_FIELDS;
  if (self->limits.rows == 0)
    self->limits.rows = DEFAULT_ROWS;
  self->separator = separator;
  self->row_func = row_func;
  self->user_data = user_data;
  self->text = g_string_new (NULL);
  self->starts = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->line = 1;
  self->column = 1;
  clear_row (self);
  return self;
}

/**
 * pk_csv_reader_free:
 *
 * Ends a reader; a row that has not ended is forgotten.
 */
void
pk_csv_reader_free (PkCsvReader *self)
{
  g_string_free (self->text, TRUE);
  g_array_unref (self->starts);
  g_free (self);
}

/**
 * pk_csv_reader_feed:
 * @bytes: the next piece of the file
 *
 * Reads on. After an error the reader is of no more use.
 *
 * Errors: %PK_CSV_ERROR with line and column, or what the row function set
 * Returns: %TRUE if all of it was read
 */
gboolean
pk_csv_reader_feed (PkCsvReader *self, const char *bytes, gsize size, GError **error)
{
  for (gsize i = 0; i < size; i++)
    {
      if (self->mark_length < sizeof byte_order_mark)
        {
          if (!take_first (self, bytes[i], error))
            return FALSE;
          continue;
        }
      if (!take (self, bytes[i], error))
        return FALSE;
      advance (self, bytes[i]);
    }
  return TRUE;
}

/**
 * pk_csv_reader_finish:
 *
 * Says that the file has ended: the last row needs no line end.
 *
 * Errors: %PK_CSV_ERROR_MALFORMED if a quoted field has not ended
 * Returns: %TRUE if the file was whole
 */
gboolean
pk_csv_reader_finish (PkCsvReader *self, GError **error)
{
  guint n_held = self->mark_length < sizeof byte_order_mark ? self->mark_length : 0;

  for (guint i = 0; i < n_held; i++)
    if (!take (self, (char) byte_order_mark[i], error))
      return FALSE;
  self->mark_length = sizeof byte_order_mark;
  if (self->state == QUOTED)
    {
      g_set_error (
          error,
          PK_CSV_ERROR,
          PK_CSV_ERROR_MALFORMED,
          "The file ends inside the quotes of the row that begins on line %" G_GUINT64_FORMAT,
          self->row_line);
      return FALSE;
    }
  return end_row (self, error);
}

/**
 * pk_csv_guess_separator:
 * @bytes: the beginning of a file
 *
 * Returns: which of comma, semicolon and tab stands most often outside quotes on the first line; a comma if none does
 */
char
pk_csv_guess_separator (const char *bytes, gsize size)
{
  static const char candidates[] = ",;\t";
  guint counts[sizeof candidates] = { 0 };
  gboolean is_quoted = FALSE;
  guint best = 0;

  for (gsize i = 0; i < size; i++)
    {
      if (bytes[i] == '"')
        is_quoted = !is_quoted;
      if (is_quoted || bytes[i] == '\0')
        continue;
      if (bytes[i] == '\r' || bytes[i] == '\n')
        break;
      const char *place = strchr (candidates, bytes[i]);
      if (place != NULL)
        counts[place - candidates]++;
    }
  for (guint i = 1; i < sizeof candidates - 1; i++)
    if (counts[i] > counts[best])
      best = i;
  return candidates[best];
}

/**
 * pk_csv_append_field:
 * @text: any text
 *
 * Appends a field, in quotes where it needs them. A field that is empty is written as quotes, so that a row of one empty
 * field is not taken for a blank line.
 */
void
pk_csv_append_field (GString *out, const char *text, char separator)
{
  char special[] = { '"', '\r', '\n', separator, '\0' };

  if (*text != '\0' && strpbrk (text, special) == NULL && (guchar) *text != byte_order_mark[0])
    {
      g_string_append (out, text);
      return;
    }
  g_string_append_c (out, '"');
  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *at);
    }
  g_string_append_c (out, '"');
}

/*
 * JSON from outside. json-glib's own parser takes comments, duplicate names and any depth, and goes over the text twice; this one goes
 * over it once, of what means the same to every JSON reader (RFC 8259) and nothing else, and makes json-glib's nodes where a caller
 * wants to look around in the value. What comes in thousands is read cell by cell.
 */
#include "config.h"

#include "pk-json-scan.h"

#include <string.h>

#define SAFE_DIGITS 18 /* of a whole number that fits */

struct _PkJsonScanner
{
  const char *start;
  const char *at;
  const char *end;
  GString *text; /* (owned): the last text or number */
};

static JsonNode *scan_value (PkJsonScanner *self, guint depth, GError **error);

static gboolean
fail (PkJsonScanner *self, const char *what, GError **error)
{
  g_set_error (error,
               PK_JSON_ERROR,
               PK_JSON_ERROR_MALFORMED,
               "%s at byte %zu",
               what,
               (size_t) (self->at - self->start));
  return FALSE;
}

static void
skip_space (PkJsonScanner *self)
{
  while (self->at < self->end &&
         (*self->at == ' ' || *self->at == '\t' || *self->at == '\r' || *self->at == '\n'))
    self->at++;
}

static gboolean
accept (PkJsonScanner *self, char c)
{
  skip_space (self);
  if (self->at >= self->end || *self->at != c)
    return FALSE;
  self->at++;
  return TRUE;
}

static gboolean
scan_unit (PkJsonScanner *self, gunichar *unit_out, GError **error)
{
  *unit_out = 0;
  if (self->end - self->at < 4)
    return fail (self, "Short escape", error);
  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (self->at[i]);
      if (digit < 0)
        return fail (self, "Wrong escape", error);
      *unit_out = *unit_out * 16 + (gunichar) digit;
    }
  self->at += 4;
  return TRUE;
}

/* What is beyond the first 65 536 characters is written as two. */
static gboolean
scan_character (PkJsonScanner *self, GError **error)
{
  gunichar c, second;

  if (!scan_unit (self, &c, error))
    return FALSE;
  if (c == 0)
    return fail (self, "A NUL character", error);
  if (c >= 0xd800 && c < 0xdc00 && self->end - self->at >= 2 && self->at[0] == '\\' &&
      self->at[1] == 'u')
    {
      self->at += 2;
      if (!scan_unit (self, &second, error))
        return FALSE;
      if (second >= 0xdc00 && second < 0xe000)
        c = 0x10000 + ((c - 0xd800) << 10) + (second - 0xdc00);
    }
  if (c >= 0xd800 && c < 0xe000)
    return fail (self, "Half a character", error);
  g_string_append_unichar (self->text, c);
  return TRUE;
}

static gboolean
scan_escape (PkJsonScanner *self, GError **error)
{
  static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";

  if (self->at >= self->end)
    return fail (self, "The text does not end", error);
  char c = *self->at++;
  if (c == 'u')
    return scan_character (self, error);
  const char *name = c != '\0' ? strchr (names, c) : NULL;
  if (name == NULL)
    return fail (self, "Unknown escape", error);
  g_string_append_c (self->text, meanings[name - names]);
  return TRUE;
}

/* The text is in the scanner afterwards. */
static gboolean
scan_text (PkJsonScanner *self, GError **error)
{
  g_string_truncate (self->text, 0);
  if (!accept (self, '"'))
    return fail (self, "A text was expected", error);
  while (self->at < self->end)
    {
      const char *run = self->at;
      while (self->at < self->end && *self->at != '"' && *self->at != '\\' &&
             (guchar) *self->at >= 0x20)
        self->at++;
      g_string_append_len (self->text, run, self->at - run);
      if (self->at == self->end)
        break;
      char c = *self->at++;
      if (c == '"')
        return TRUE;
      if (c != '\\')
        return fail (self, "A control character in a text", error);
      if (!scan_escape (self, error))
        return FALSE;
    }
  return fail (self, "The text does not end", error);
}

static gsize
count_digits (PkJsonScanner *self)
{
  const char *start = self->at;

  while (self->at < self->end && g_ascii_isdigit (*self->at))
    self->at++;
  return (gsize) (self->at - start);
}

static gboolean
scan_fraction (PkJsonScanner *self, GError **error)
{
  if (self->at < self->end && *self->at == '.')
    {
      self->at++;
      if (count_digits (self) == 0)
        return fail (self, "A digit was expected", error);
    }
  if (self->at < self->end && (*self->at == 'e' || *self->at == 'E'))
    {
      self->at++;
      if (self->at < self->end && (*self->at == '+' || *self->at == '-'))
        self->at++;
      if (count_digits (self) == 0)
        return fail (self, "A digit was expected", error);
    }
  return TRUE;
}

static gboolean
fill_number (PkJsonScanner *self, const char *start, gboolean is_whole, PkJsonCell *cell)
{
  g_string_truncate (self->text, 0);
  g_string_append_len (self->text, start, self->at - start);
  if (is_whole &&
      g_ascii_string_to_signed (self->text->str, 10, G_MININT64, G_MAXINT64, &cell->number, NULL))
    {
      cell->kind = PK_JSON_INT;
      return TRUE;
    }
  cell->kind = PK_JSON_REAL;
  cell->real = g_ascii_strtod (self->text->str, NULL);
  return TRUE;
}

static gboolean
scan_number (PkJsonScanner *self, PkJsonCell *cell, GError **error)
{
  const char *start = self->at;
  gboolean is_negative = self->at < self->end && *self->at == '-';

  self->at += is_negative;
  const char *digits = self->at;
  gboolean leads_with_zero = self->at < self->end && *self->at == '0';
  gsize n = count_digits (self);
  if (n == 0 || (n > 1 && leads_with_zero))
    return fail (self, "A number was expected", error);
  const char *end_of_whole = self->at;
  if (!scan_fraction (self, error))
    return FALSE;
  if (self->at != end_of_whole || n > SAFE_DIGITS)
    return fill_number (self, start, self->at == end_of_whole, cell);
  gint64 number = 0;
  for (gsize i = 0; i < n; i++)
    number = number * 10 + (digits[i] - '0');
  *cell = (PkJsonCell){ .kind = PK_JSON_INT, .number = is_negative ? -number : number };
  return TRUE;
}

static gboolean
scan_word (PkJsonScanner *self, const char *word, GError **error)
{
  gsize length = strlen (word);

  if ((gsize) (self->end - self->at) < length || memcmp (self->at, word, length) != 0)
    return fail (self, "A value was expected", error);
  self->at += length;
  return TRUE;
}

/* A value that holds no others; the text of one is the scanner's. What is an array or an object is left where it is. */
static gboolean
scan_cell (PkJsonScanner *self, PkJsonCell *cell, GError **error)
{
  skip_space (self);
  if (self->at >= self->end)
    return fail (self, "A value was expected", error);
  *cell = (PkJsonCell){ .kind = PK_JSON_OTHER };
  switch (*self->at)
    {
    case '{':
    case '[':
      return TRUE;
    case '"':
      cell->kind = PK_JSON_TEXT;
      if (!scan_text (self, error))
        return FALSE;
      cell->text = self->text->str;
      return TRUE;
    case 't':
    case 'f':
      cell->kind = PK_JSON_BOOL;
      cell->number = *self->at == 't';
      return scan_word (self, cell->number ? "true" : "false", error);
    case 'n':
      cell->kind = PK_JSON_NULL;
      return scan_word (self, "null", error);
    default:
      return scan_number (self, cell, error);
    }
}

static JsonNode *
make_node (const PkJsonCell *cell)
{
  switch (cell->kind)
    {
    case PK_JSON_TEXT:
      return json_node_init_string (json_node_alloc (), cell->text);
    case PK_JSON_BOOL:
      return json_node_init_boolean (json_node_alloc (), cell->number != 0);
    case PK_JSON_INT:
      return json_node_init_int (json_node_alloc (), cell->number);
    case PK_JSON_REAL:
      return json_node_init_double (json_node_alloc (), cell->real);
    case PK_JSON_NULL:
    case PK_JSON_OTHER:
    default:
      return json_node_init_null (json_node_alloc ());
    }
}

static JsonNode *
scan_array (PkJsonScanner *self, guint depth, GError **error)
{
  g_autoptr (JsonArray) array = json_array_new ();

  if (accept (self, ']'))
    return json_node_init_array (json_node_alloc (), array);
  do
    {
      JsonNode *element = scan_value (self, depth, error);
      if (element == NULL)
        return NULL;
      json_array_add_element (array, element);
    }
  while (accept (self, ','));
  if (accept (self, ']'))
    return json_node_init_array (json_node_alloc (), array);
  fail (self, "A comma or ] was expected", error);
  return NULL;
}

static gboolean
scan_member (PkJsonScanner *self, JsonObject *object, guint depth, GError **error)
{
  skip_space (self);
  if (!scan_text (self, error))
    return FALSE;
  if (json_object_has_member (object, self->text->str))
    return fail (self, "The name stands twice", error);
  g_autofree char *name = g_strdup (self->text->str);
  if (!accept (self, ':'))
    return fail (self, "A colon was expected", error);
  JsonNode *value = scan_value (self, depth, error);
  if (value != NULL)
    json_object_set_member (object, name, value);
  return value != NULL;
}

static JsonNode *
scan_object (PkJsonScanner *self, guint depth, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();

  if (accept (self, '}'))
    return json_node_init_object (json_node_alloc (), object);
  do
    if (!scan_member (self, object, depth, error))
      return NULL;
  while (accept (self, ','));
  if (accept (self, '}'))
    return json_node_init_object (json_node_alloc (), object);
  fail (self, "A comma or } was expected", error);
  return NULL;
}

static JsonNode *
scan_value (PkJsonScanner *self, guint depth, GError **error)
{
  PkJsonCell cell;

  skip_space (self);
  if (depth > PK_JSON_MAX_DEPTH || self->at >= self->end)
    {
      fail (self, depth > PK_JSON_MAX_DEPTH ? "Too many levels" : "A value was expected", error);
      return NULL;
    }
  if (accept (self, '{'))
    return scan_object (self, depth + 1, error);
  if (accept (self, '['))
    return scan_array (self, depth + 1, error);
  return scan_cell (self, &cell, error) ? make_node (&cell) : NULL;
}

/**
 * pk_json_scanner_new:
 * @data: stays the caller's, and must outlive the scanner
 * @size: bytes of @data
 *
 * Errors: %PK_JSON_ERROR_MALFORMED where @data is no UTF-8
 * Returns: (transfer full) (nullable): a scanner at the beginning
 */
PkJsonScanner *
pk_json_scanner_new (const char *data, gsize size, GError **error)
{
  g_autoptr (PkJsonScanner) self = g_new0 (PkJsonScanner, 1);

  *self = (PkJsonScanner){ data, data, data + size, g_string_sized_new (256) };
  if (!g_utf8_validate_len (data, size, &self->at))
    {
      fail (self, "No valid UTF-8", error);
      return NULL;
    }
  self->at = data;
  return g_steal_pointer (&self);
}

/**
 * pk_json_scanner_free:
 *
 * Frees the scanner, not the text it went over.
 */
void
pk_json_scanner_free (PkJsonScanner *self)
{
  g_string_free (self->text, TRUE);
  g_free (self);
}

/**
 * pk_json_scanner_accept:
 * @c: a bracket, a brace, a comma or a colon
 *
 * Returns: whether it came next; then it is behind
 */
gboolean
pk_json_scanner_accept (PkJsonScanner *self, char c)
{
  return accept (self, c);
}

/**
 * pk_json_scanner_read_cell:
 * @cell_out: (out): the value; its text lives until the next one is read. %PK_JSON_OTHER: an array or an object is next
 *
 * Errors: %PK_JSON_ERROR_MALFORMED with the place
 * Returns: %TRUE if there is a value
 */
gboolean
pk_json_scanner_read_cell (PkJsonScanner *self, PkJsonCell *cell_out, GError **error)
{
  return scan_cell (self, cell_out, error);
}

/**
 * pk_json_scanner_read_node:
 *
 * Errors: %PK_JSON_ERROR_MALFORMED with the place
 * Returns: (transfer full) (nullable): the next value, whatever it is
 */
JsonNode *
pk_json_scanner_read_node (PkJsonScanner *self, GError **error)
{
  return scan_value (self, 0, error);
}

/**
 * pk_json_scanner_is_at_end:
 *
 * Returns: whether nothing but space follows
 */
gboolean
pk_json_scanner_is_at_end (PkJsonScanner *self)
{
  skip_space (self);
  return self->at == self->end;
}

/**
 * pk_json_cell_of_node:
 *
 * Returns: the node's value; its text is the node's. An array or an object is %PK_JSON_OTHER
 */
PkJsonCell
pk_json_cell_of_node (JsonNode *node)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (JSON_NODE_HOLDS_NULL (node))
    return (PkJsonCell){ .kind = PK_JSON_NULL };
  if (type == G_TYPE_STRING)
    return (PkJsonCell){ .kind = PK_JSON_TEXT, .text = json_node_get_string (node) };
  if (type == G_TYPE_INT64)
    return (PkJsonCell){ .kind = PK_JSON_INT, .number = json_node_get_int (node) };
  if (type == G_TYPE_DOUBLE)
    return (PkJsonCell){ .kind = PK_JSON_REAL, .real = json_node_get_double (node) };
  if (type == G_TYPE_BOOLEAN)
    return (PkJsonCell){ .kind = PK_JSON_BOOL, .number = json_node_get_boolean (node) };
  return (PkJsonCell){ .kind = PK_JSON_OTHER };
}

/**
 * pk_json_parse:
 * @size: bytes of @data
 *
 * Errors: %PK_JSON_ERROR_MALFORMED with the place, where @data is not one JSON value and nothing else
 * Returns: (transfer full) (nullable): the value
 */
JsonNode *
pk_json_parse (const char *data, gsize size, GError **error)
{
  g_autoptr (PkJsonScanner) scanner = pk_json_scanner_new (data, size, error);
  g_autoptr (JsonNode) node = scanner != NULL ? scan_value (scanner, 0, error) : NULL;

  if (node == NULL)
    return NULL;
  if (pk_json_scanner_is_at_end (scanner))
    return g_steal_pointer (&node);
  fail (scanner, "Something follows the value", error);
  return NULL;
}

/**
 * pk_json_check:
 * @size: bytes of @data
 *
 * Errors: %PK_JSON_ERROR_MALFORMED with the place
 * Returns: %TRUE if @data is one JSON value and nothing else
 */
gboolean
pk_json_check (const char *data, gsize size, GError **error)
{
  g_autoptr (JsonNode) node = pk_json_parse (data, size, error);

  return node != NULL;
}

/*
 * JSON from outside. json-glib's own parser takes comments, duplicate names and any depth, and goes over the text twice; this one makes
 * json-glib's nodes in one pass, of what means the same to every JSON reader (RFC 8259) and nothing else.
 */
#include "config.h"

#include "pk-json.h"

#include "pk-time.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const char *start;
  const char *at;
  const char *end;
  GString *text; /* (owned): the last text or number */
} Scanner;

G_DEFINE_QUARK (pk_json_error, pk_json_error)

static JsonNode *scan_value (Scanner *self, guint depth, GError **error);

static gboolean
fail (Scanner *self, const char *what, GError **error)
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
skip_space (Scanner *self)
{
  while (self->at < self->end &&
         (*self->at == ' ' || *self->at == '\t' || *self->at == '\r' || *self->at == '\n'))
    self->at++;
}

static gboolean
accept (Scanner *self, char c)
{
  skip_space (self);
  if (self->at >= self->end || *self->at != c)
    return FALSE;
  self->at++;
  return TRUE;
}

static gboolean
scan_unit (Scanner *self, gunichar *unit_out, GError **error)
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
scan_character (Scanner *self, GError **error)
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
scan_escape (Scanner *self, GError **error)
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
scan_text (Scanner *self, GError **error)
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

static JsonNode *
scan_text_node (Scanner *self, GError **error)
{
  return scan_text (self, error) ? json_node_init_string (json_node_alloc (), self->text->str)
                                 : NULL;
}

static gsize
count_digits (Scanner *self)
{
  const char *start = self->at;

  while (self->at < self->end && g_ascii_isdigit (*self->at))
    self->at++;
  return (gsize) (self->at - start);
}

static gboolean
scan_fraction (Scanner *self, GError **error)
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

static JsonNode *
scan_number (Scanner *self, GError **error)
{
  const char *start = self->at;
  gint64 number;

  if (self->at < self->end && *self->at == '-')
    self->at++;
  gboolean leads_with_zero = self->at < self->end && *self->at == '0';
  gsize n = count_digits (self);
  if (n == 0 || (n > 1 && leads_with_zero))
    {
      fail (self, "A number was expected", error);
      return NULL;
    }
  const char *end_of_whole = self->at;
  if (!scan_fraction (self, error))
    return NULL;
  g_string_truncate (self->text, 0);
  g_string_append_len (self->text, start, self->at - start);
  if (self->at == end_of_whole &&
      g_ascii_string_to_signed (self->text->str, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return json_node_init_int (json_node_alloc (), number);
  return json_node_init_double (json_node_alloc (), g_ascii_strtod (self->text->str, NULL));
}

static gboolean
scan_word (Scanner *self, const char *word, GError **error)
{
  gsize length = strlen (word);

  if ((gsize) (self->end - self->at) < length || memcmp (self->at, word, length) != 0)
    return fail (self, "A value was expected", error);
  self->at += length;
  return TRUE;
}

static JsonNode *
scan_array (Scanner *self, guint depth, GError **error)
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
scan_member (Scanner *self, JsonObject *object, guint depth, GError **error)
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
scan_object (Scanner *self, guint depth, GError **error)
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
scan_value (Scanner *self, guint depth, GError **error)
{
  skip_space (self);
  if (depth > PK_JSON_MAX_DEPTH || self->at >= self->end)
    {
      fail (self, depth > PK_JSON_MAX_DEPTH ? "Too many levels" : "A value was expected", error);
      return NULL;
    }
  switch (*self->at)
    {
    case '{':
      self->at++;
      return scan_object (self, depth + 1, error);
    case '[':
      self->at++;
      return scan_array (self, depth + 1, error);
    case '"':
      return scan_text_node (self, error);
    case 't':
      return scan_word (self, "true", error) ? json_node_init_boolean (json_node_alloc (), TRUE)
                                             : NULL;
    case 'f':
      return scan_word (self, "false", error) ? json_node_init_boolean (json_node_alloc (), FALSE)
                                              : NULL;
    case 'n':
      return scan_word (self, "null", error) ? json_node_init_null (json_node_alloc ()) : NULL;
    default:
      return scan_number (self, error);
    }
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
  Scanner scanner = { data, data, data + size, NULL };

  if (!g_utf8_validate_len (data, size, &scanner.at))
    {
      fail (&scanner, "No valid UTF-8", error);
      return NULL;
    }
  g_autoptr (GString) text = g_string_sized_new (256);
  scanner.at = data;
  scanner.text = text;
  g_autoptr (JsonNode) node = scan_value (&scanner, 0, error);
  if (node == NULL)
    return NULL;
  skip_space (&scanner);
  if (scanner.at == scanner.end)
    return g_steal_pointer (&node);
  fail (&scanner, "Something follows the value", error);
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

/**
 * pk_json_append_text:
 * @text: (nullable): UTF-8; NULL gives null
 *
 * Appends a quoted and escaped text.
 */
void
pk_json_append_text (GString *out, const char *text)
{
  if (text == NULL)
    {
      g_string_append (out, "null");
      return;
    }
  g_string_append_c (out, '"');
  const char *run = text;
  for (const char *at = text; *at != '\0'; at++)
    {
      guchar c = (guchar) *at;
      if (c >= 0x20 && c != '"' && c != '\\')
        continue;
      g_string_append_len (out, run, at - run);
      run = at + 1;
      if (c == '\n')
        g_string_append (out, "\\n");
      else if (c < 0x20)
        g_string_append_printf (out, "\\u%04x", c);
      else
        {
          g_string_append_c (out, '\\');
          g_string_append_c (out, (char) c);
        }
    }
  g_string_append (out, run);
  g_string_append_c (out, '"');
}

/**
 * pk_json_append_real:
 *
 * Appends the shortest text that reads back as @value, whatever the locale; null for what JSON cannot say.
 */
void
pk_json_append_real (GString *out, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    {
      g_string_append (out, "null");
      return;
    }
  g_ascii_formatd (text, sizeof text, "%.15g", value);
  if (g_ascii_strtod (text, NULL) < value || g_ascii_strtod (text, NULL) > value)
    g_ascii_dtostr (text, sizeof text, value);
  g_string_append (out, text);
}

/**
 * pk_json_append_time:
 *
 * Appends an instant as quoted RFC 3339.
 */
void
pk_json_append_time (GString *out, gint64 time_us)
{
  char text[PK_TIME_TEXT_LENGTH + 1];

  g_string_append_c (out, '"');
  g_string_append_len (out, pk_time_to_text (time_us, text), PK_TIME_TEXT_LENGTH);
  g_string_append_c (out, '"');
}

/**
 * pk_json_append_id:
 *
 * Appends an id as quoted text.
 */
void
pk_json_append_id (GString *out, const PkId *id)
{
  char text[PK_ID_TEXT_LENGTH + 1];

  g_string_append_c (out, '"');
  g_string_append_len (out, pk_id_to_text (id, text), PK_ID_TEXT_LENGTH);
  g_string_append_c (out, '"');
}

/**
 * pk_json_append_name:
 * @name: a name of ours, which needs no escaping
 *
 * Appends `"name":`, after a comma unless it is the first of its object.
 */
void
pk_json_append_name (GString *out, const char *name)
{
  if (out->len > 0 && out->str[out->len - 1] != '{' && out->str[out->len - 1] != '[')
    g_string_append_c (out, ',');
  g_string_append_c (out, '"');
  g_string_append (out, name);
  g_string_append (out, "\":");
}

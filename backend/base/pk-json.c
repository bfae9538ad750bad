/*
 * JSON from outside, checked before it is parsed. json-glib takes comments, duplicate names and any depth, so a scanner looks
 * at the bytes first; what it lets through means the same to every JSON reader (RFC 8259).
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
} Scanner;

G_DEFINE_QUARK (pk_json_error, pk_json_error)

static gboolean scan_value (Scanner *self, guint depth, GError **error);

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
  while (self->at < self->end && strchr (" \t\r\n", *self->at) != NULL && *self->at != '\0')
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
scan_escape (Scanner *self, GError **error)
{
  if (self->at >= self->end)
    return fail (self, "The text does not end", error);
  char c = *self->at++;
  if (c != 'u')
    return strchr ("\"\\/bfnrt", c) != NULL && c != '\0' ? TRUE
                                                         : fail (self, "Unknown escape", error);
  if (self->end - self->at < 4)
    return fail (self, "Short escape", error);
  for (int i = 0; i < 4; i++)
    if (!g_ascii_isxdigit (self->at[i]))
      return fail (self, "Wrong escape", error);
  if (strncmp (self->at, "0000", 4) == 0)
    return fail (self, "A NUL character", error);
  self->at += 4;
  return TRUE;
}

static gboolean
scan_text (Scanner *self, GError **error)
{
  if (!accept (self, '"'))
    return fail (self, "A text was expected", error);
  while (self->at < self->end)
    {
      guchar c = (guchar) *self->at++;
      if (c == '"')
        return TRUE;
      if (c < 0x20)
        return fail (self, "A control character in a text", error);
      if (c == '\\' && !scan_escape (self, error))
        return FALSE;
    }
  return fail (self, "The text does not end", error);
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
scan_number (Scanner *self, GError **error)
{
  if (self->at < self->end && *self->at == '-')
    self->at++;
  gboolean leads_with_zero = self->at < self->end && *self->at == '0';
  gsize n = count_digits (self);
  if (n == 0 || (n > 1 && leads_with_zero))
    return fail (self, "A number was expected", error);
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
scan_word (Scanner *self, const char *word, GError **error)
{
  gsize length = strlen (word);

  if ((gsize) (self->end - self->at) < length || memcmp (self->at, word, length) != 0)
    return fail (self, "A value was expected", error);
  self->at += length;
  return TRUE;
}

static gboolean
scan_array (Scanner *self, guint depth, GError **error)
{
  if (accept (self, ']'))
    return TRUE;
  do
    if (!scan_value (self, depth, error))
      return FALSE;
  while (accept (self, ','));
  return accept (self, ']') ? TRUE : fail (self, "A comma or ] was expected", error);
}

static gboolean
scan_member (Scanner *self, GHashTable *names, guint depth, GError **error)
{
  skip_space (self);
  const char *start = self->at;
  if (!scan_text (self, error))
    return FALSE;
  if (!g_hash_table_add (names, g_strndup (start, (gsize) (self->at - start))))
    return fail (self, "The name stands twice", error);
  if (!accept (self, ':'))
    return fail (self, "A colon was expected", error);
  return scan_value (self, depth, error);
}

static gboolean
scan_object (Scanner *self, guint depth, GError **error)
{
  if (accept (self, '}'))
    return TRUE;
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  do
    if (!scan_member (self, names, depth, error))
      return FALSE;
  while (accept (self, ','));
  return accept (self, '}') ? TRUE : fail (self, "A comma or } was expected", error);
}

static gboolean
scan_value (Scanner *self, guint depth, GError **error)
{
  if (depth > PK_JSON_MAX_DEPTH)
    return fail (self, "Too many levels", error);
  skip_space (self);
  if (self->at >= self->end)
    return fail (self, "A value was expected", error);
  switch (*self->at)
    {
    case '{':
      self->at++;
      return scan_object (self, depth + 1, error);
    case '[':
      self->at++;
      return scan_array (self, depth + 1, error);
    case '"':
      return scan_text (self, error);
    case 't':
      return scan_word (self, "true", error);
    case 'f':
      return scan_word (self, "false", error);
    case 'n':
      return scan_word (self, "null", error);
    default:
      return scan_number (self, error);
    }
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
  Scanner scanner = { data, data, data + size };

  if (!g_utf8_validate_len (data, size, &scanner.at))
    return fail (&scanner, "No valid UTF-8", error);
  scanner.at = data;
  if (!scan_value (&scanner, 0, error))
    return FALSE;
  skip_space (&scanner);
  return scanner.at == scanner.end ? TRUE : fail (&scanner, "Something follows the value", error);
}

/**
 * pk_json_parse:
 * @size: bytes of @data
 *
 * Errors: %PK_JSON_ERROR_MALFORMED with the place
 * Returns: (transfer full) (nullable): the value
 */
JsonNode *
pk_json_parse (const char *data, gsize size, GError **error)
{
  if (!pk_json_check (data, size, error))
    return NULL;

  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) local_error = NULL;
  if (!json_parser_load_from_data (parser, data, (gssize) size, &local_error))
    {
      g_set_error_literal (error, PK_JSON_ERROR, PK_JSON_ERROR_MALFORMED, local_error->message);
      return NULL;
    }
  return json_parser_steal_root (parser);
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

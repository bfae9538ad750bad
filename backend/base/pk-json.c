/* Writing JSON. Reading is pk-json-scan.c's. */
#include "config.h"

#include "pk-json.h"

#include "pk-time.h"

#include <math.h>

G_DEFINE_QUARK (pk_json_error, pk_json_error)

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

/*
 * Typed text and values. People write 1 250,5 and 26.9.2004; the model has 1250.5 and 2004-09-26. What a field allows is the codec's to
 * say, so that a value that passes here passes at the server. Pure.
 */
#include "config.h"

#include "pk-input.h"

#include "pk-codec.h"

#include <glib/gi18n.h>
#include <stdio.h>

static gboolean
fault (GError **error, PkProblem code, const char *what)
{
  pk_problem_set (error, code, "", "%s", what);
  return FALSE;
}

/* Without the spaces of any kind between thousands, and with a point for the comma. */
static char *
dup_plain_number (const char *text)
{
  GString *plain = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar letter = g_utf8_get_char (at);
      if (letter == ',')
        g_string_append_c (plain, '.');
      else if (letter == 0x2212)
        g_string_append_c (plain, '-');
      else if (!g_unichar_isspace (letter))
        g_string_append_unichar (plain, letter);
    }
  return g_string_free (plain, FALSE);
}

static gboolean
parse_number (const PkField *field, const char *text, PkValue *value_out, GError **error)
{
  g_autofree char *plain = dup_plain_number (text);
  gint64 number;
  char *end;

  if (field->type == PK_TYPE_INT)
    {
      if (!g_ascii_string_to_signed (plain, 10, G_MININT64, G_MAXINT64, &number, NULL))
        return fault (error, PK_PROBLEM_INVALID, "A whole number was expected");
      *value_out = pk_value_int (number);
      return TRUE;
    }
  double real = g_ascii_strtod (plain, &end);
  if (end == plain || *end != '\0')
    return fault (error, PK_PROBLEM_INVALID, "A number was expected");
  *value_out = pk_value_real (real);
  return TRUE;
}

static gboolean
parse_day (const char *text, PkValue *value_out, GError **error)
{
  int day, month, year, n_read = 0;
  char iso[32];

  if (sscanf (text, "%4d-%2d-%2d%n", &year, &month, &day, &n_read) != 3 &&
      sscanf (text, "%2d.%2d.%4d%n", &day, &month, &year, &n_read) != 3)
    return fault (error, PK_PROBLEM_INVALID, "A day was expected");
  if (text[n_read] != '\0' || year < 1000 || day < 1 || month < 1 || month > 12 ||
      !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return fault (error, PK_PROBLEM_INVALID, "There is no such day");
  g_snprintf (iso, sizeof iso, "%04d-%02d-%02d", year, month, day);
  *value_out = pk_value_text (iso);
  return TRUE;
}

static gboolean
parse_enum (const PkField *field, const char *text, PkValue *value_out, GError **error)
{
  int place = pk_enum_find (field->values, text);

  if (place < 0)
    return fault (error, PK_PROBLEM_INVALID, "There is no such choice");
  *value_out = pk_value_int (place);
  return TRUE;
}

static gboolean
parse_id (const char *text, PkValue *value_out, GError **error)
{
  PkId id;

  if (!pk_id_parse (text, &id))
    return fault (error, PK_PROBLEM_INVALID, "An id was expected");
  *value_out = pk_value_id (&id);
  return TRUE;
}

static gboolean
parse (const PkField *field, const char *text, PkValue *value_out, GError **error)
{
  switch (field->type)
    {
    case PK_TYPE_INT:
    case PK_TYPE_REAL:
      return parse_number (field, text, value_out, error);
    case PK_TYPE_DATE:
      return parse_day (text, value_out, error);
    case PK_TYPE_ENUM:
      return parse_enum (field, text, value_out, error);
    case PK_TYPE_ID:
      return parse_id (text, value_out, error);
    case PK_TYPE_TEXT:
    case PK_TYPE_LONG_TEXT:
      *value_out = pk_value_text (text);
      return TRUE;
    case PK_TYPE_BOOL:
    case PK_TYPE_TIME:
    case PK_TYPE_SET:
    default:
      return fault (error, PK_PROBLEM_INVALID, "This is not typed");
    }
}

/**
 * pk_input_parse:
 * @field: what is typed into
 * @text: as it was typed; an enum's code, an id's text
 * @value_out: (out): the value; nothing typed is no value
 *
 * Errors: %PK_PROBLEM_INVALID, %PK_PROBLEM_REQUIRED, %PK_PROBLEM_TOO_LONG and the codec's
 * Returns: %TRUE if the field may have the value
 */
gboolean
pk_input_parse (const PkField *field, const char *text, PkValue *value_out, GError **error)
{
  g_autofree char *typed = g_strstrip (g_strdup (text));
  g_auto (PkValue) value = PK_VALUE_INIT;

  *value_out = PK_VALUE_INIT;
  if (*typed == '\0')
    return !field->required || fault (error, PK_PROBLEM_REQUIRED, "It must be filled in");
  if (!parse (field, typed, &value, error))
    return FALSE;
  g_autofree char *written = pk_codec_value_to_text (field, &value);
  return pk_codec_value_from_text (field, written, value_out, error);
}

/**
 * pk_input_dup_fault:
 * @field: what was typed into
 * @error: of pk_input_parse()
 *
 * Returns: (transfer full): what is wrong, and what to write instead, in words for people
 */
char *
pk_input_dup_fault (const PkField *field, const GError *error)
{
  if (g_error_matches (error, PK_PROBLEM_ERROR, PK_PROBLEM_REQUIRED))
    return g_strdup (_ ("It must be filled in."));
  if (g_error_matches (error, PK_PROBLEM_ERROR, PK_PROBLEM_TOO_LONG))
    return g_strdup_printf (
        ngettext ("It can have %d character.", "It can have %d characters.", (gulong) field->max),
        (int) field->max);
  if (field->type == PK_TYPE_DATE)
    return g_strdup (_ ("Write a day, such as 26.9.2026."));
  if (field->type == PK_TYPE_INT || field->type == PK_TYPE_REAL)
    /* Translators: the least and the greatest number that can be written */
    return g_strdup_printf (_ ("Write a number from %1$.0f to %2$.0f."), field->min, field->max);
  return g_strdup (_ ("It cannot be this."));
}

/**
 * pk_input_dup_text:
 * @field: of the value
 * @value: as it is
 *
 * Returns: (transfer full): the text that a person would type for it; empty for no value
 */
char *
pk_input_dup_text (const PkField *field, const PkValue *value)
{
  int day, month, year;

  switch (value->kind)
    {
    case PK_VALUE_INT:
      return field->type == PK_TYPE_ENUM ? g_strdup (field->values->values[value->number].code)
                                         : g_strdup_printf ("%" G_GINT64_FORMAT, value->number);
    case PK_VALUE_REAL:
      return g_strdup_printf ("%.15g", value->real);
    case PK_VALUE_TEXT:
      if (field->type == PK_TYPE_DATE &&
          sscanf (value->text, "%4d-%2d-%2d", &year, &month, &day) == 3)
        return g_strdup_printf ("%02d.%02d.%04d", day, month, year);
      return g_strdup (value->text);
    case PK_VALUE_ID:
      return pk_id_dup_text (&value->id);
    case PK_VALUE_NULL:
    default:
      return g_strdup ("");
    }
}

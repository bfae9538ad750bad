/*
 * The order of Norwegian words as a text that sorts by its bytes, the same on every machine and in every locale, so that
 * server, snapshot and replica can share an index.
 *
 * Letters lose case and foreign accents; æ, ø and å (with ä, ö as their equals) come after z, as the alphabet has them; runs of
 * digits are ordered by their value, so that room 9 comes before room 10.
 */
#include "config.h"

#include "pk-sort-key.h"

#define MAX_LETTERS 64

static const char *
norwegian_letter (gunichar c)
{
  switch (c)
    {
    case 0xe6: /* æ */
    case 0xe4: /* ä */
      return "{";
    case 0xf8: /* ø */
    case 0xf6: /* ö */
      return "|";
    case 0xe5: /* å */
      return "}";
    default:
      return NULL;
    }
}

static const char *
append_number (GString *key, const char *text)
{
  while (*text == '0' && g_ascii_isdigit (text[1]))
    text++;
  const char *end = text;
  while (g_ascii_isdigit (*end))
    end++;
  /* The length goes first: more digits, greater number. */
  g_string_append_c (key, (char) ('0' + MIN (end - text, 9)));
  g_string_append_len (key, text, end - text);
  return end;
}

static void
append_letter (GString *key, gunichar c)
{
  gunichar base[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
  gunichar lower = g_unichar_tolower (c);
  const char *own = norwegian_letter (lower);

  if (own != NULL)
    g_string_append (key, own);
  else if (g_unichar_isspace (lower) || g_unichar_ispunct (lower))
    {
      if (key->len > 0 && key->str[key->len - 1] != ' ')
        g_string_append_c (key, ' ');
    }
  else if (g_unichar_fully_decompose (lower, TRUE, base, G_N_ELEMENTS (base)) > 0)
    g_string_append_unichar (key, base[0]);
}

/**
 * pk_sort_key:
 * @text: UTF-8
 *
 * Returns: (transfer full): a text whose bytes are in the order of the Norwegian alphabet
 */
char *
pk_sort_key (const char *text)
{
  GString *key = g_string_new (NULL);

  for (int n = 0; *text != '\0' && n < MAX_LETTERS; n++)
    {
      if (g_ascii_isdigit (*text))
        {
          text = append_number (key, text);
          continue;
        }
      append_letter (key, g_utf8_get_char (text));
      text = g_utf8_next_char (text);
    }
  return g_string_free (key, FALSE);
}

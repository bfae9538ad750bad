/*
 * Numbers, years and uses as they stand in registers from many hands: "9 804,05", "1,234.5", "2005.0", "pre 1919",
 * "1960-1969", "11th Century onwards", "Primary/Secondary Classroom", "Sykehjem".
 */
#include "config.h"

#include "pk-building-values.h"

#include <math.h>
#include <string.h>

#define FIRST_YEAR 1000
#define LAST_YEAR  2200

static gboolean
is_blank (gunichar c)
{
  return g_unichar_isspace (c) || c == 0xa0 || c == 0x202f || c == 0x2009;
}

/* Digits and marks without the blanks that group thousands; NULL if there is anything else. */
static char *
strip_number (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      if (is_blank (c))
        continue;
      if (c >= 0x80 || strchr ("0123456789.,-", (int) c) == NULL)
        return NULL;
      g_string_append_c (out, (char) c);
    }
  return out->len > 0 ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}

static guint
count (const char *text, char c)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == c;
  return n;
}

/* Which mark, if any, begins the decimals: the last of two kinds; of one kind, by what groups of three digits allow. */
static char
find_decimal (const char *text, char decimal)
{
  const char *point = strrchr (text, '.'), *comma = strrchr (text, ',');

  if (point != NULL && comma != NULL)
    return point > comma ? '.' : ',';
  if (point == NULL && comma == NULL)
    return '\0';
  char mark = point != NULL ? '.' : ',';
  const char *last = point != NULL ? point : comma;
  if (count (text, mark) > 1)
    return '\0';
  gboolean may_group = strlen (last + 1) == 3 && last - text <= 3 && *text != '0';
  return may_group && mark != decimal ? '\0' : mark;
}

/* Groups of thousands have three digits each. */
static gboolean
has_whole_groups (const char *text, char decimal)
{
  guint n = 0;
  gboolean is_grouped = FALSE;

  for (; *text != '\0' && *text != decimal; text++)
    {
      if (*text == '.' || *text == ',')
        {
          if (n == 0 || n > 3 || (is_grouped && n != 3))
            return FALSE;
          is_grouped = TRUE;
          n = 0;
        }
      else
        n++;
    }
  return !is_grouped || n == 3;
}

/**
 * pk_building_read_number:
 * @decimal: '.' or ',': what the file's country writes where a text could be read both ways, such as "1,234"
 * @number_out: (out): the number
 *
 * Reads a number with point or comma and with or without thousands.
 *
 * Returns: %FALSE if it is no number
 */
gboolean
pk_building_read_number (const char *text, char decimal, double *number_out)
{
  g_autofree char *stripped = strip_number (text);
  g_autoptr (GString) plain = g_string_new (NULL);
  char *end;

  if (stripped == NULL)
    return FALSE;
  const char *digits = *stripped == '-' ? stripped + 1 : stripped;
  char mark = find_decimal (digits, decimal);
  if (strchr (digits, '-') != NULL || !has_whole_groups (digits, mark))
    return FALSE;
  for (const char *at = stripped; *at != '\0'; at++)
    if (*at == mark)
      g_string_append_c (plain, '.');
    else if (*at != '.' && *at != ',')
      g_string_append_c (plain, *at);
  if (strpbrk (plain->str, "0123456789") == NULL)
    return FALSE;
  double number = g_ascii_strtod (plain->str, &end);
  if (*end != '\0' || !isfinite (number))
    return FALSE;
  *number_out = number;
  return TRUE;
}

static int
parse_digits (const char *text, int n)
{
  int year = 0;

  for (int i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return -1;
      year = year * 10 + (text[i] - '0');
    }
  return g_ascii_isdigit (text[n]) ? -1 : year;
}

static gboolean
take_year (int year, gboolean is_exact, int *year_out, gboolean *is_exact_out)
{
  if (year < FIRST_YEAR || year > LAST_YEAR)
    return FALSE;
  *year_out = year;
  *is_exact_out = is_exact;
  return TRUE;
}

static const char *
skip_word (const char *text, const char *const *words)
{
  for (; *words != NULL; words++)
    if (g_str_has_prefix (text, *words))
      {
        text += strlen (*words);
        while (*text == ' ' || *text == '.')
          text++;
        return text;
      }
  return NULL;
}

static gboolean
read_century (const char *text, int *year_out, gboolean *is_exact_out)
{
  char *end;
  guint64 century = g_ascii_strtoull (text, &end, 10);

  if (end == text || century < 11 || century > 21)
    return FALSE;
  if (strstr (end, "century") == NULL && strstr (end, "århundre") == NULL)
    return FALSE;
  return take_year ((int) (century - 1) * 100 + 1, FALSE, year_out, is_exact_out);
}

/**
 * pk_building_read_year:
 * @year_out: (out): the first year that the text allows; the last one where it says "before"
 * @is_exact_out: (out): whether the text is that year and nothing else
 *
 * Reads when something was built.
 *
 * Returns: %FALSE if no year can be read
 */
gboolean
pk_building_read_year (const char *text, int *year_out, gboolean *is_exact_out)
{
  static const char *const before[] = { "pre", "before", "før", "until", "inntil", "<", NULL };
  static const char *const after[] = { "post", "after", "etter", ">", NULL };
  static const char *const about[] = { "circa", "ca", "about", "omkring", "ant", "c", "~", NULL };
  g_autofree char *folded = g_utf8_strdown (text, -1);
  const char *at = g_strstrip (folded), *rest;

  if ((rest = skip_word (at, before)) != NULL)
    return take_year (parse_digits (rest, 4) - 1, FALSE, year_out, is_exact_out);
  if ((rest = skip_word (at, after)) != NULL)
    return take_year (parse_digits (rest, 4) + 1, FALSE, year_out, is_exact_out);
  if ((rest = skip_word (at, about)) != NULL)
    return take_year (parse_digits (rest, 4), FALSE, year_out, is_exact_out);
  if (read_century (at, year_out, is_exact_out))
    return TRUE;
  int year = strlen (at) >= 4 ? parse_digits (at, 4) : -1;
  if (year < 0)
    return FALSE;
  gboolean is_exact = at[4] == '\0' || strcmp (at + 4, ".0") == 0;
  return take_year (year, is_exact, year_out, is_exact_out);
}

/* A part of the text, in lower case, and the use it speaks of; what comes first wins. */
static const struct
{
  const char *part;
  const char *use;
} uses[] = {
  { "kindergarten", "kindergarten" },
  { "barnehage", "kindergarten" },
  { "nursery", "kindergarten" },
  { "dormitor", "housing" },
  { "residen", "housing" },
  { "bolig", "housing" },
  { "bofellesskap", "housing" },
  { "housing", "housing" },
  { "laborator", "laboratory" },
  { "university", "education" },
  { "college", "education" },
  { "høgskole", "education" },
  { "universitet", "education" },
  { "school", "school" },
  { "skole", "school" },
  { "classroom", "school" },
  { "sykehjem", "care_home" },
  { "care home", "care_home" },
  { "omsorg", "care_home" },
  { "aldershjem", "care_home" },
  { "health", "health_centre" },
  { "helse", "health_centre" },
  { "legevakt", "health_centre" },
  { "hospital", "health_centre" },
  { "swimming", "swimming" },
  { "svømme", "swimming" },
  { "idrett", "sport" },
  { "gym", "sport" },
  { "sport", "sport" },
  { "library", "library" },
  { "bibliotek", "library" },
  { "fire station", "fire_station" },
  { "brannstasjon", "fire_station" },
  { "church", "church" },
  { "kirke", "church" },
  { "kapell", "church" },
  { "gravlund", "church" },
  { "parking", "parking" },
  { "parkering", "parking" },
  { "culture", "culture" },
  { "kultur", "culture" },
  { "museum", "culture" },
  { "theat", "culture" },
  { "depot", "depot" },
  { "verksted", "depot" },
  { "lager", "depot" },
  { "warehouse", "depot" },
  { "garasje", "depot" },
  { "pumpe", "technical" },
  { "renseanlegg", "technical" },
  { "teknisk", "technical" },
  { "rådhus", "town_hall" },
  { "town hall", "town_hall" },
  { "kontor", "town_hall" },
  { "office", "town_hall" },
  { "administrasjon", "town_hall" },
};

/**
 * pk_building_find_use:
 * @text: what a building is used for, in Norwegian or English, or one of our codes
 *
 * Returns: (nullable): the code of a use
 */
const char *
pk_building_find_use (const char *text)
{
  g_autofree char *folded = g_utf8_strdown (text, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (uses); i++)
    if (g_str_equal (folded, uses[i].use))
      return uses[i].use;
  for (gsize i = 0; i < G_N_ELEMENTS (uses); i++)
    if (strstr (folded, uses[i].part) != NULL)
      return uses[i].use;
  return NULL;
}

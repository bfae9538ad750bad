/* See the header. A word is as it stands in the line, lower case, without a comma behind it. */
#include "config.h"

#include "pk-day-words.h"

#include <stdio.h>
#include <string.h>

typedef struct
{
  const char *word;
  int number;
} Word;

static const Word weekdays[] = {
  { "mandag", 1 },  { "måndag", 1 }, { "monday", 1 },    { "tirsdag", 2 }, { "tysdag", 2 },
  { "tuesday", 2 }, { "onsdag", 3 }, { "wednesday", 3 }, { "torsdag", 4 }, { "thursday", 4 },
  { "fredag", 5 },  { "friday", 5 }, { "lørdag", 6 },    { "laurdag", 6 }, { "saturday", 6 },
  { "søndag", 7 },  { "sundag", 7 }, { "sunday", 7 },
};

static const Word months[] = {
  { "januar", 1 },    { "jan", 1 },      { "februar", 2 }, { "feb", 2 },       { "mars", 3 },
  { "april", 4 },     { "apr", 4 },      { "mai", 5 },     { "juni", 6 },      { "jun", 6 },
  { "juli", 7 },      { "august", 8 },   { "aug", 8 },     { "september", 9 }, { "sep", 9 },
  { "sept", 9 },      { "oktober", 10 }, { "okt", 10 },    { "november", 11 }, { "nov", 11 },
  { "desember", 12 }, { "des", 12 },
};

static const Word counts[] = {
  { "en", 1 },  { "ein", 1 },  { "ei", 1 },  { "én", 1 },   { "to", 2 },
  { "tre", 3 }, { "fire", 4 }, { "fem", 5 }, { "seks", 6 }, { "sju", 7 },
  { "syv", 7 }, { "åtte", 8 }, { "ni", 9 },  { "ti", 10 },
};

static const Word spans[] = {
  { "dag", 1 },  { "dager", 1 }, { "dagar", 1 }, { "uke", 7 },
  { "uker", 7 }, { "veke", 7 },  { "veker", 7 },
};

static int
find (const Word *list, guint n, const char *word)
{
  for (guint i = 0; i < n; i++)
    if (g_str_equal (list[i].word, word))
      return list[i].number;
  return 0;
}

#define FIND(list, word) find (list, G_N_ELEMENTS (list), word)

static gboolean
is_one_of (const char *word, const char *const *list)
{
  return g_strv_contains (list, word);
}

static char *
say (const GDate *date)
{
  return g_strdup_printf ("%04d-%02d-%02d",
                          g_date_get_year (date),
                          g_date_get_month (date),
                          g_date_get_day (date));
}

static gboolean
read_date (const char *text, GDate *out)
{
  int year = 0, month = 0, day = 0;

  if (sscanf (text, "%4d-%2d-%2d", &year, &month, &day) != 3 ||
      !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return FALSE;
  g_date_set_dmy (out, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  return TRUE;
}

static char *
say_in_days (const GDate *today, guint days)
{
  GDate date = *today;

  g_date_add_days (&date, days);
  return say (&date);
}

/* The next such day that is not today: for today there is «i dag». */
static char *
say_weekday (const GDate *today, int weekday, gboolean is_next_week)
{
  int here = (int) g_date_get_weekday (today);

  if (is_next_week)
    return say_in_days (today, (guint) (7 - here + weekday));
  return say_in_days (today, (guint) ((weekday - here + 6) % 7 + 1));
}

/* A day that is over is meant for next year. */
static char *
say_day_of_year (const GDate *today, int day, int month, int year)
{
  GDate date;

  g_date_clear (&date, 1);
  if (day < 1 || day > 31 || month < 1 || month > 12)
    return NULL;
  if (year > 0 && year < 100)
    year += 2000;
  for (int y = year > 0 ? year : g_date_get_year (today), tries = 0; tries < 9; y++, tries++)
    {
      gboolean is_valid = y < 2200 &&
                          g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) y);
      if (year > 0 && (!is_valid || y > year))
        return NULL;
      if (!is_valid)
        continue;
      g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) y);
      if (year > 0 || g_date_compare (&date, today) >= 0)
        return say (&date);
    }
  return NULL;
}

static gboolean
read_number (const char **text, int digits, int *out)
{
  int n = 0;
  int value = 0;

  while (n < digits && g_ascii_isdigit ((*text)[n]))
    value = value * 10 + ((*text)[n++] - '0');
  *text += n;
  *out = value;
  return n > 0;
}

/* 24.12. and 24.12.2026 speak for themselves; 24.12 could be a room, unless a day was asked for («innen 24.12»). */
static char *
read_dotted (const char *word, const GDate *today, gboolean is_asked)
{
  int day = 0, month = 0, year = 0;
  gboolean is_plain = FALSE;

  if (!read_number (&word, 2, &day) || *word++ != '.' || !read_number (&word, 2, &month))
    return NULL;
  if (*word == '\0')
    is_plain = TRUE;
  else if (*word++ != '.')
    return NULL;
  else if (*word != '\0' && (!read_number (&word, 4, &year) || year < 20))
    return NULL;
  if (*word != '\0' || (is_plain && !is_asked))
    return NULL;
  return say_day_of_year (today, day, month, year);
}

static char *
read_day_and_month (const char *const *words, guint n, const GDate *today, guint *n_read)
{
  const char *word = words[0];
  int day = 0, year = 0;

  if (n < 2 || !read_number (&word, 2, &day) || !g_str_equal (word, "."))
    return NULL;
  int month = FIND (months, words[1]);
  if (month == 0)
    return NULL;
  *n_read = 2;
  if (n > 2 && strlen (words[2]) == 4)
    {
      const char *rest = words[2];
      if (read_number (&rest, 4, &year) && *rest == '\0' && year >= 2020)
        *n_read = 3;
      else
        year = 0;
    }
  return say_day_of_year (today, day, month, year);
}

/* The Friday of the week: what is due in a week is due before it ends. */
static char *
read_week (const char *const *words, guint n, const GDate *today, guint *n_read)
{
  static const char *const week[] = { "uke", "veke", "week", NULL };
  const char *text = n > 1 ? words[1] : "";
  int number = 0;

  if (n < 2 || !is_one_of (words[0], week) || !read_number (&text, 2, &number) || *text != '\0' ||
      number < 1 || number > 53)
    return NULL;
  *n_read = 2;
  GDate monday = *today;
  g_date_subtract_days (&monday, (guint) g_date_get_weekday (today) - 1);
  for (int i = 0; i < 60; i++, g_date_add_days (&monday, 7))
    if ((int) g_date_get_iso8601_week_of_year (&monday) == number)
      return say_in_days (&monday, 4);
  return NULL;
}

/* «om 3 dager», «om en uke» */
static char *
read_span (const char *const *words, guint n, const GDate *today, guint *n_read)
{
  int count = 0;

  if (n < 3 || !g_str_equal (words[0], "om"))
    return NULL;
  const char *text = words[1];
  if (!read_number (&text, 3, &count) || *text != '\0')
    count = FIND (counts, words[1]);
  int days = FIND (spans, words[2]);
  if (count == 0 || days == 0)
    return NULL;
  *n_read = 3;
  return say_in_days (today, (guint) (count * days));
}

/* «neste uke» is its Monday; «neste fredag» is the one of next week. */
static char *
read_next (const char *const *words, guint n, const GDate *today, guint *n_read)
{
  static const char *const next[] = { "neste", "next", NULL };
  static const char *const week[] = { "uke", "veke", "week", NULL };

  if (n < 2 || !is_one_of (words[0], next))
    return NULL;
  *n_read = 2;
  if (is_one_of (words[1], week))
    return say_weekday (today, 1, TRUE);
  int weekday = FIND (weekdays, words[1]);
  return weekday > 0 ? say_weekday (today, weekday, TRUE) : NULL;
}

static char *
read_two (const char *const *words, guint n, const GDate *today, guint *n_read)
{
  static const char *const tomorrow[] = { "morgen", "morgon", NULL };
  static const char *const after[] = { "overmorgen", "overmorgon", NULL };

  if (n < 2 || !g_str_equal (words[0], "i"))
    return NULL;
  *n_read = 2;
  if (g_str_equal (words[1], "dag"))
    return say (today);
  if (is_one_of (words[1], tomorrow))
    return say_in_days (today, 1);
  return is_one_of (words[1], after) ? say_in_days (today, 2) : NULL;
}

static char *
read_one (const char *word, const GDate *today, gboolean is_asked)
{
  static const char *const now[] = { "idag", "today", NULL };
  static const char *const tomorrow[] = { "imorgen", "imorgon", "tomorrow", NULL };
  static const char *const after[] = { "overmorgen", "overmorgon", NULL };
  int weekday = FIND (weekdays, word);

  if (weekday > 0)
    return say_weekday (today, weekday, FALSE);
  if (is_one_of (word, now))
    return say (today);
  if (is_one_of (word, tomorrow))
    return say_in_days (today, 1);
  if (is_one_of (word, after))
    return say_in_days (today, 2);
  return read_dotted (word, today, is_asked);
}

/**
 * pk_day_words_read:
 * @words: the line from here on
 * @today: "2026-11-23"
 * @is_asked: whether a word before them asks for a day («innen»)
 * @n_read_out: (out): how many words the day takes
 *
 * Reads the day that the words begin with.
 *
 * Returns: (transfer full) (nullable): the day; NULL where the words begin with something else
 */
char *
pk_day_words_read (const char *const *words,
                   guint n_words,
                   const char *today,
                   gboolean is_asked,
                   guint *n_read_out)
{
  char *(*const readers[]) (
      const char *const *,
      guint,
      const GDate *,
      guint *) = { read_two, read_next, read_span, read_week, read_day_and_month };
  GDate date;

  g_date_clear (&date, 1);
  if (n_words == 0 || !read_date (today, &date))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      char *day = readers[i](words, n_words, &date, n_read_out);
      if (day != NULL)
        return day;
    }
  *n_read_out = 1;
  return read_one (words[0], &date, is_asked);
}

/* Days and times as people say them: «today 14:00», «2 days overdue». Pure; any thread. */
#include "config.h"

#include "pk-words.h"

#include "pk-time.h"

#include <glib/gi18n.h>
#include <stdio.h>

static gboolean
read_day (const char *text, GDate *date)
{
  unsigned year = 0, month = 0, day = 0;

  g_date_clear (date, 1);
  if (text == NULL || !pk_date_is_valid (text) ||
      sscanf (text, "%u-%u-%u", &year, &month, &day) != 3)
    return FALSE;
  g_date_set_dmy (date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  return TRUE;
}

static char *
format_day (const GDate *date, const char *format)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GDateTime) noon = g_date_time_new (zone,
                                                g_date_get_year (date),
                                                (int) g_date_get_month (date),
                                                g_date_get_day (date),
                                                12,
                                                0,
                                                0);

  return g_date_time_format (noon, format);
}

/**
 * pk_words_days_between:
 * @from: a day
 * @to: a day
 *
 * Counts days; 0 where one of them is not a day.
 *
 * Returns: how many days @to lies after @from; negative before
 */
int
pk_words_days_between (const char *from, const char *to)
{
  GDate first, second;

  if (!read_day (from, &first) || !read_day (to, &second))
    return 0;
  return g_date_days_between (&first, &second);
}

/**
 * pk_words_day:
 * @day: a day
 * @today: what day it is
 *
 * Says a day as it stands inside a sentence: «today», «tomorrow», «Friday», «4 December», «4 December 2027».
 *
 * Returns: (transfer full): the words
 */
char *
pk_words_day (const char *day, const char *today)
{
  GDate date, now;

  if (!read_day (day, &date) || !read_day (today, &now))
    return g_strdup (day != NULL ? day : "");
  int days = g_date_days_between (&now, &date);
  if (days == 0)
    return g_strdup (C_ ("day", "today"));
  if (days == 1)
    return g_strdup (C_ ("day", "tomorrow"));
  if (days == -1)
    return g_strdup (C_ ("day", "yesterday"));
  if (days > 1 && days < 7)
    return format_day (&date, "%A");
  if (g_date_get_year (&date) == g_date_get_year (&now) || ABS (days) < 120)
    /* Translators: a day in this year, as in «4 December»; Norwegian: %-d. %B */
    return format_day (&date, C_ ("date format", "%-d %B"));
  /* Translators: a day in another year, as in «4 December 2027»; Norwegian: %-d. %B %Y */
  return format_day (&date, C_ ("date format", "%-d %B %Y"));
}

/**
 * pk_words_capital:
 * @words: some words
 *
 * Makes the first letter a capital, as at the beginning of a line.
 *
 * Returns: (transfer full): the words
 */
char *
pk_words_capital (const char *words)
{
  if (words == NULL || *words == '\0')
    return g_strdup ("");
  g_autofree char *first = g_utf8_substring (words, 0, 1);
  g_autofree char *upper = g_utf8_strup (first, -1);

  return g_strconcat (upper, g_utf8_next_char (words), NULL);
}

/**
 * pk_words_day_capital:
 * @day: a day
 * @today: what day it is
 *
 * Says a day as it stands alone; see pk_words_day().
 *
 * Returns: (transfer full): the words
 */
char *
pk_words_day_capital (const char *day, const char *today)
{
  g_autofree char *words = pk_words_day (day, today);

  return pk_words_capital (words);
}

/**
 * pk_words_exact_day:
 * @day: a day
 *
 * Says a day so that nobody needs to count: for tooltips.
 *
 * Returns: (transfer full): the words
 */
char *
pk_words_exact_day (const char *day)
{
  GDate date;

  if (!read_day (day, &date))
    return g_strdup (day != NULL ? day : "");
  /* Translators: an exact day, as in «Friday 4 December 2026»; Norwegian: %A %-d. %B %Y */
  return format_day (&date, C_ ("date format", "%A %-d %B %Y"));
}

/**
 * pk_words_deadline:
 * @day: when it is due
 * @today: what day it is
 *
 * Says how near a due day is: «3 days overdue», «Due today», «Due Friday».
 *
 * Returns: (transfer full): the words
 */
char *
pk_words_deadline (const char *day, const char *today)
{
  int days = pk_words_days_between (today, day);

  if (days < 0)
    return g_strdup_printf (ngettext ("%d day overdue", "%d days overdue", (gulong) -days), -days);
  g_autofree char *words = pk_words_day (day, today);
  /* Translators: %s is a day in words: today, Friday, 4 December */
  return g_strdup_printf (_ ("Due %s"), words);
}

/**
 * pk_words_time:
 * @time_us: an instant
 * @now_us: the present
 * @zone: the person's time zone
 *
 * Says when something happened: «just now», «today 14:00», «yesterday 09:12», «4 November 09:12», «4 November 2025».
 *
 * Returns: (transfer full): the words
 */
char *
pk_words_time (gint64 time_us, gint64 now_us, GTimeZone *zone)
{
  g_autofree char *day = pk_date_from_time (time_us, zone);
  g_autofree char *today = pk_date_from_time (now_us, zone);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
  int days = pk_words_days_between (today, day);

  if (local == NULL)
    return g_strdup ("");
  if (time_us <= now_us && now_us - time_us < G_TIME_SPAN_MINUTE)
    return g_strdup (_ ("just now"));
  /* Translators: a time of the day; Norwegian: %H.%M */
  g_autofree char *clock = g_date_time_format (local, C_ ("time format", "%H:%M"));
  g_autofree char *words = pk_words_day (day, today);
  if (ABS (days) > 300)
    return g_steal_pointer (&words);
  if (days < -1 && days > -7)
    {
      g_autofree char *weekday = g_date_time_format (local, "%A");
      /* Translators: %1$s is a day of the week, %2$s a time of the day: «Friday 14:00» */
      return g_strdup_printf (_ ("%1$s %2$s"), weekday, clock);
    }
  return g_strdup_printf (_ ("%1$s %2$s"), words, clock);
}

/**
 * pk_words_exact_time:
 * @time_us: an instant
 * @zone: the person's time zone
 *
 * Says an instant so that nobody needs to count: for tooltips.
 *
 * Returns: (transfer full): the words
 */
char *
pk_words_exact_time (gint64 time_us, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;

  if (local == NULL)
    return g_strdup ("");
  /* Translators: an exact instant, as in «Friday 4 December 2026 14:00»; Norwegian: %A %-d. %B %Y kl. %H.%M */
  return g_date_time_format (local, C_ ("date format", "%A %-d %B %Y %H:%M"));
}

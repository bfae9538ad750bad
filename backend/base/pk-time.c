/* Instants and days as text, strict both ways: what is written can be read, and nothing else can. */
#include "config.h"

#include "pk-time.h"

#include <string.h>

static gboolean
read_digits (const char *text, int n, int *value_out)
{
  int value = 0;

  for (int i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return FALSE;
      value = value * 10 + (text[i] - '0');
    }
  *value_out = value;
  return TRUE;
}

static gint64
days_from_civil (int year, int month, int day)
{
  /* Howard Hinnant's algorithm: days since 1970-01-01 in the proleptic Gregorian calendar */
  year -= month <= 2;
  gint64 era = year / 400;
  gint64 year_of_era = year - era * 400;
  gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

static gboolean
read_day (const char *text, gint64 *days_out)
{
  int year, month, day;

  if (!read_digits (text, 4, &year) || text[4] != '-' || !read_digits (text + 5, 2, &month) ||
      text[7] != '-' || !read_digits (text + 8, 2, &day))
    return FALSE;
  if (year < 1 || !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return FALSE;
  *days_out = days_from_civil (year, month, day);
  return TRUE;
}

static gboolean
read_fraction (const char **text, int *us_out)
{
  int us = 0, scale = 100000;

  if (**text != '.')
    return TRUE;
  const char *start = ++*text;
  for (; g_ascii_isdigit (**text); ++*text, scale /= 10)
    us += (**text - '0') * scale;
  *us_out = us;
  return *text > start && *text - start <= 9;
}

/**
 * pk_time_parse:
 * @text: RFC 3339 in UTC: "2026-11-23T08:14:00Z", with up to nine decimals
 * @time_us_out: (out): microseconds since 1970 UTC
 *
 * Returns: %FALSE if @text is anything else
 */
gboolean
pk_time_parse (const char *text, gint64 *time_us_out)
{
  gint64 days;
  int hour, minute, second, us = 0;

  if (strlen (text) < 20 || !read_day (text, &days) || text[10] != 'T' ||
      !read_digits (text + 11, 2, &hour) || text[13] != ':' ||
      !read_digits (text + 14, 2, &minute) || text[16] != ':' ||
      !read_digits (text + 17, 2, &second))
    return FALSE;
  const char *rest = text + 19;
  if (hour > 23 || minute > 59 || second > 59 || !read_fraction (&rest, &us) ||
      !g_str_equal (rest, "Z"))
    return FALSE;
  *time_us_out = ((days * 24 + hour) * 60 + minute) * 60 * G_USEC_PER_SEC +
                 second * G_USEC_PER_SEC + us;
  return TRUE;
}

static char *
write_digits (char *text, int value, int n)
{
  for (int i = n - 1; i >= 0; i--, value /= 10)
    text[i] = (char) ('0' + value % 10);
  return text + n;
}

/**
 * pk_time_to_text:
 * @time_us: from year 1 to year 9999
 * @text: (out): room for the text and its end
 *
 * Returns: @text
 */
char *
pk_time_to_text (gint64 time_us, char text[PK_TIME_TEXT_LENGTH + 1])
{
  const gint64 us_per_day = G_GINT64_CONSTANT (86400000000);
  gint64 days = time_us / us_per_day, rest = time_us % us_per_day;
  GDateDay day;
  GDate date;

  if (rest < 0)
    {
      rest += us_per_day;
      days--;
    }
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) CLAMP (days + 719163, 1, 3652059));
  day = g_date_get_day (&date);
  char *end = write_digits (text, g_date_get_year (&date), 4);
  *end++ = '-';
  end = write_digits (end, (int) g_date_get_month (&date), 2);
  *end++ = '-';
  end = write_digits (end, day, 2);
  *end++ = 'T';
  end = write_digits (end, (int) (rest / 3600000000), 2);
  *end++ = ':';
  end = write_digits (end, (int) (rest / 60000000 % 60), 2);
  *end++ = ':';
  end = write_digits (end, (int) (rest / 1000000 % 60), 2);
  *end++ = '.';
  end = write_digits (end, (int) (rest % 1000000), 6);
  *end++ = 'Z';
  *end = '\0';
  return text;
}

/**
 * pk_date_is_valid:
 *
 * Returns: whether @text is a day such as "2026-11-23"
 */
gboolean
pk_date_is_valid (const char *text)
{
  gint64 days;

  return strlen (text) == 10 && read_day (text, &days);
}

/**
 * pk_date_from_time:
 * @zone: where the day is asked for; deadlines of the municipality are in Europe/Oslo
 *
 * Returns: (transfer full): the day of an instant
 */
char *
pk_date_from_time (gint64 time_us, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);

  return g_date_time_format (local, "%Y-%m-%d");
}

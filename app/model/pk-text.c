/* Small pieces of text: days counted on, the clock, grouped numbers, parts with a dot between. Any thread. */
#include "config.h"

#include "pk-text.h"

#include <glib/gi18n.h>
#include <stdio.h>

/**
 * pk_text_add_days:
 * @day: "2026-11-23"
 * @n_days: may be negative
 *
 * Returns: (transfer full): the day so many days later
 */
char *
pk_text_add_days (const char *day, int n_days)
{
  GDate date;
  int year, month, number;

  if (sscanf (day, "%4d-%2d-%2d", &year, &month, &number) != 3 ||
      !g_date_valid_dmy ((GDateDay) number, (GDateMonth) month, (GDateYear) year))
    return g_strdup (day);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) number, (GDateMonth) month, (GDateYear) year);
  if (n_days >= 0)
    g_date_add_days (&date, (guint) n_days);
  else
    g_date_subtract_days (&date, (guint) -n_days);
  return g_strdup_printf ("%04d-%02d-%02d",
                          g_date_get_year (&date),
                          (int) g_date_get_month (&date),
                          g_date_get_day (&date));
}

/**
 * pk_text_clock:
 * @at_us: an instant
 *
 * Returns: (transfer full): the time of day here, "08:14"
 */
char *
pk_text_clock (gint64 at_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) at = utc == NULL ? NULL : g_date_time_to_local (utc);

  /* Translators: a time of day, see strftime: "08:14" */
  return at == NULL ? g_strdup ("") : g_date_time_format (at, C_ ("time format", "%H:%M"));
}

/**
 * pk_text_number:
 * @number: a count
 *
 * Returns: (transfer full): the number grouped as the locale has it
 */
char *
pk_text_number (gint64 number)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, number);
}

/**
 * pk_text_join:
 * @out: what is written so far
 * @part: (nullable): what comes next
 *
 * Appends @part after a middle dot; nothing where there is no part.
 */
void
pk_text_join (GString *out, const char *part)
{
  if (part == NULL || part[0] == '\0')
    return;
  if (out->len > 0)
    g_string_append (out, " · ");
  g_string_append (out, part);
}

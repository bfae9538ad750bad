/* How long it is until tomorrow. */
#include "config.h"

#include "pk-day-watch.h"
#include "pk-time.h"

static guint
seconds_from (const char *text)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Oslo");
  gint64 now_us;

  g_assert_nonnull (zone);
  g_assert_true (pk_time_parse (text, &now_us));
  return pk_day_watch_count_seconds (now_us, zone);
}

static void
test_the_day_ends_where_the_person_is (void)
{
  g_assert_cmpuint (seconds_from ("2026-11-23T08:20:00.000000Z"), ==, (14 * 60 + 40) * 60);
  g_assert_cmpuint (seconds_from ("2026-11-23T22:59:59.000000Z"), ==, 1);
  g_assert_cmpuint (seconds_from ("2026-11-23T22:59:59.900000Z"), ==, 1);
  g_assert_cmpuint (seconds_from ("2026-11-23T23:00:00.000000Z"), ==, 24 * 60 * 60);
}

static void
test_a_day_may_have_another_length (void)
{
  g_assert_cmpuint (seconds_from ("2026-10-24T22:00:00.000000Z"), ==, 25 * 60 * 60);
  g_assert_cmpuint (seconds_from ("2026-03-28T23:00:00.000000Z"), ==, 23 * 60 * 60);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/day-watch/the-day-ends-where-the-person-is",
                   test_the_day_ends_where_the_person_is);
  g_test_add_func ("/day-watch/a-day-may-have-another-length", test_a_day_may_have_another_length);
  return g_test_run ();
}

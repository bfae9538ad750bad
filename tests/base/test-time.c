/* Instants and days as text. */
#include "config.h"

#include "pk-time.h"

static void
test_an_instant_reads_back (void)
{
  const gint64 instants[] = {
    0, 1, -1, 951782400000000, 1700000000123456, -62135596800000000, 253402300799999999
  };

  for (guint i = 0; i < G_N_ELEMENTS (instants); i++)
    {
      char text[PK_TIME_TEXT_LENGTH + 1];
      gint64 read = 42;
      g_assert_true (pk_time_parse (pk_time_to_text (instants[i], text), &read));
      g_assert_cmpint (read, ==, instants[i]);
    }
}

static void
test_what_is_no_instant_is_refused (void)
{
  const char *const bad[] = { "",
                              "2026-11-23",
                              "2026-11-23T08:14:00",
                              "2026-11-23T08:14:00+01:00",
                              "2026-13-01T00:00:00Z",
                              "2026-02-29T00:00:00Z",
                              "2026-11-23T24:00:00Z",
                              "2026-11-23T08:14:00.Z",
                              "2026-11-23 08:14:00Z" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      gint64 read;
      g_assert_false (pk_time_parse (bad[i], &read));
    }
}

static void
test_only_real_days_are_days (void)
{
  g_assert_true (pk_date_is_valid ("2024-02-29"));
  g_assert_false (pk_date_is_valid ("2026-02-29"));
  g_assert_false (pk_date_is_valid ("2026-2-9"));
  g_assert_false (pk_date_is_valid ("pre 1919"));
}

static void
test_the_day_is_the_one_of_the_place (void)
{
  g_autoptr (GTimeZone) oslo = g_time_zone_new_identifier ("Europe/Oslo");
  g_autofree char *day = pk_date_from_time (G_GINT64_CONSTANT (1782770400000000), oslo);

  g_assert_cmpstr (day, ==, "2026-06-30");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/time/an-instant-reads-back", test_an_instant_reads_back);
  g_test_add_func ("/time/what-is-no-instant-is-refused", test_what_is_no_instant_is_refused);
  g_test_add_func ("/time/only-real-days-are-days", test_only_real_days_are_days);
  g_test_add_func ("/time/the-day-is-the-one-of-the-place", test_the_day_is_the_one_of_the_place);
  return g_test_run ();
}

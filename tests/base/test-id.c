/* Ids: unique, ordered, readable. */
#include "config.h"

#include "pk-id.h"

#include <string.h>

static void
test_ids_of_one_source_never_go_back (void)
{
  g_autoptr (PkClock) clock = pk_clock_new_manual (1700000000000000);
  g_autoptr (PkIdSource) source = pk_id_source_new_seeded (clock, 1);
  PkId last = pk_id_source_next (source);

  for (int i = 0; i < 10000; i++)
    {
      if (i % 1000 == 0)
        pk_clock_advance (clock, i % 2000 == 0 ? 5000 : -4000);
      PkId next = pk_id_source_next (source);
      g_assert_cmpint (pk_id_compare (&last, &next), <, 0);
      last = next;
    }
}

static void
test_an_id_is_a_version_7_uuid (void)
{
  g_autoptr (PkClock) clock = pk_clock_new_manual (G_GINT64_CONSTANT (1645557742000000));
  g_autoptr (PkIdSource) source = pk_id_source_new (clock);
  PkId id = pk_id_source_next (source);
  g_autofree char *text = pk_id_dup_text (&id);

  /* the time of RFC 9562, appendix A.6 */
  g_assert_true (g_str_has_prefix (text, "017f22e2-79b0-7"));
  g_assert_nonnull (strchr ("89ab", text[19]));
}

static void
test_an_id_reads_back_and_nothing_else_is_read (void)
{
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (PkIdSource) source = pk_id_source_new (clock);
  PkId id = pk_id_source_next (source), read;
  g_autofree char *text = pk_id_dup_text (&id);

  g_assert_true (pk_id_parse (text, &read));
  g_assert_true (pk_id_equal (&id, &read));
  g_assert_false (pk_id_parse (NULL, &read));
  g_assert_false (pk_id_parse ("", &read));
  g_assert_false (pk_id_parse ("017f22e2-79b0-7cc3-98c4-dc0c0c07398", &read));
  g_assert_false (pk_id_parse ("017f22e2x79b0-7cc3-98c4-dc0c0c07398f", &read));
  g_assert_false (pk_id_parse ("017f22e2-79b0-7cc3-98c4-dc0c0c07398g", &read));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/id/ids-of-one-source-never-go-back", test_ids_of_one_source_never_go_back);
  g_test_add_func ("/id/an-id-is-a-version-7-uuid", test_an_id_is_a_version_7_uuid);
  g_test_add_func ("/id/an-id-reads-back-and-nothing-else-is-read",
                   test_an_id_reads_back_and_nothing_else_is_read);
  return g_test_run ();
}

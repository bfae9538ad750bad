/* The Norwegian order of words. */
#include "config.h"

#include "pk-sort-key.h"

static void
assert_before (const char *a, const char *b)
{
  g_autofree char *first = pk_sort_key (a), *second = pk_sort_key (b);

  g_assert_cmpstr (first, <, second);
}

static void
test_letters_follow_the_norwegian_alphabet (void)
{
  assert_before ("Zetland", "Ærfugl");
  assert_before ("Ærfugl", "Øya");
  assert_before ("Øya", "Ålesund");
  assert_before ("ananas", "Bø");
  assert_before ("Bæ", "Bø");
  assert_before ("Bø", "Bå");
}

static void
test_case_and_foreign_accents_make_no_difference (void)
{
  g_autofree char *plain = pk_sort_key ("Andre etasje"), *accented = pk_sort_key ("ANDRÉ ETASJE");

  g_assert_cmpstr (plain, ==, accented);
}

static void
test_numbers_go_by_value (void)
{
  assert_before ("Rom 9", "Rom 10");
  assert_before ("Rom 099", "Rom 100");
  assert_before ("1. etasje", "2. etasje");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/sort-key/letters-follow-the-norwegian-alphabet",
                   test_letters_follow_the_norwegian_alphabet);
  g_test_add_func ("/sort-key/case-and-foreign-accents-make-no-difference",
                   test_case_and_foreign_accents_make_no_difference);
  g_test_add_func ("/sort-key/numbers-go-by-value", test_numbers_go_by_value);
  return g_test_run ();
}

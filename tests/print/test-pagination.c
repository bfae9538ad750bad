/* Where strips stand: in order, none cut, none lost, for any heights. */
#include "config.h"

#include "pk-pagination.h"

#include <math.h>

#define PAGE 700.0

static void
check (const PkStrip *strips, guint n, guint n_pages, const PkStripPlace *places)
{
  guint page = 0;
  double end = 0;

  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (places[i].page, >=, page);
      g_assert_cmpuint (places[i].page, <=, page + 1);
      if (places[i].page != page)
        end = 0;
      page = places[i].page;
      g_assert_cmpfloat (places[i].y, >=, end);
      end = places[i].y + strips[i].height;
      g_assert_true (end <= PAGE + 0.001 || places[i].y <= 0);
    }
  g_assert_cmpuint (n_pages, ==, page + 1);
}

static void
strips_follow_each_other_and_none_is_cut (void)
{
  PkStrip strips[100] = { 0 };
  PkStripPlace places[100];

  for (guint i = 0; i < 100; i++)
    strips[i] = (PkStrip){ .height = 30, .gap = 5 };
  guint n_pages = pk_pagination_place (strips, 100, PAGE, places);
  check (strips, 100, n_pages, places);
  /* 30 + 19 · 35 is 695, so each page has room for twenty. */
  g_assert_cmpuint (n_pages, ==, 5);
  g_assert_cmpuint (places[19].page, ==, 0);
  g_assert_cmpuint (places[20].page, ==, 1);
  g_assert_cmpfloat (places[20].y, <=, 0);
}

static void
a_heading_is_never_the_last_thing_on_a_page (void)
{
  PkStrip strips[] = {
    { .height = 660 },
    { .height = 20, .gap = 10, .is_glued = TRUE },
    { .height = 30, .gap = 5 },
  };
  PkStripPlace places[3];

  g_assert_cmpuint (pk_pagination_place (strips, 3, PAGE, places), ==, 2);
  g_assert_cmpuint (places[1].page, ==, 1);
  g_assert_cmpuint (places[2].page, ==, 1);
  check (strips, 3, 2, places);
}

static void
what_is_higher_than_a_page_has_one_of_its_own (void)
{
  PkStrip strips[] = { { .height = 20 }, { .height = 900, .gap = 5 }, { .height = 20, .gap = 5 } };
  PkStripPlace places[3];

  g_assert_cmpuint (pk_pagination_place (strips, 3, PAGE, places), ==, 3);
  g_assert_cmpuint (places[1].page, ==, 1);
  g_assert_cmpfloat (places[1].y, <=, 0);
  g_assert_cmpuint (places[2].page, ==, 2);
}

static void
those_that_are_glued_stand_together_only_where_there_is_room_at_all (void)
{
  PkStrip strips[40] = { 0 };
  PkStripPlace places[40];

  for (guint i = 0; i < 40; i++)
    strips[i] = (PkStrip){ .height = 30, .is_glued = TRUE };
  guint n_pages = pk_pagination_place (strips, 40, PAGE, places);
  check (strips, 40, n_pages, places);
  g_assert_cmpuint (n_pages, ==, 2);
}

static void
nothing_is_one_empty_page (void)
{
  g_assert_cmpuint (pk_pagination_place (NULL, 0, PAGE, NULL), ==, 1);
}

static void
any_strips_stand_in_order_and_whole (void)
{
  PkStrip strips[60] = { 0 };
  PkStripPlace places[60];

  for (guint round = 0; round < 2000; round++)
    {
      guint n = (guint) g_test_rand_int_range (1, 60);
      for (guint i = 0; i < n; i++)
        strips[i] = (PkStrip){ .height = g_test_rand_double_range (1, PAGE),
                               .gap = g_test_rand_double_range (0, 20),
                               .is_glued = g_test_rand_bit () };
      check (strips, n, pk_pagination_place (strips, n, PAGE, places), places);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pagination/strips-follow-each-other-and-none-is-cut",
                   strips_follow_each_other_and_none_is_cut);
  g_test_add_func ("/pagination/a-heading-is-never-the-last-thing-on-a-page",
                   a_heading_is_never_the_last_thing_on_a_page);
  g_test_add_func ("/pagination/what-is-higher-than-a-page-has-one-of-its-own",
                   what_is_higher_than_a_page_has_one_of_its_own);
  g_test_add_func (
      "/pagination/those-that-are-glued-stand-together-only-where-there-is-room-at-all",
      those_that_are_glued_stand_together_only_where_there_is_room_at_all);
  g_test_add_func ("/pagination/nothing-is-one-empty-page", nothing_is_one_empty_page);
  g_test_add_func ("/pagination/any-strips-stand-in-order-and-whole",
                   any_strips_stand_in_order_and_whole);
  return g_test_run ();
}

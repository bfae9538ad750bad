/* Days, times and articles in words. */
#include "config.h"

#include "pk-markdown.h"
#include "pk-words.h"

#include <glib.h>

#define TODAY "2026-11-23"

static void
near_days_have_names (void)
{
  const struct
  {
    const char *day;
    const char *words;
  } days[] = { { "2026-11-23", "today" },      { "2026-11-24", "tomorrow" },
               { "2026-11-22", "yesterday" },  { "2026-11-27", "Friday" },
               { "2026-12-04", "4 December" }, { "2027-11-23", "23 November 2027" } };

  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    {
      g_autofree char *words = pk_words_day (days[i].day, TODAY);
      g_assert_cmpstr (words, ==, days[i].words);
    }
}

static void
a_day_that_is_none_is_shown_as_it_stands (void)
{
  g_autofree char *words = pk_words_day ("2026-02-31", TODAY);
  g_autofree char *nothing = pk_words_day (NULL, TODAY);

  g_assert_cmpstr (words, ==, "2026-02-31");
  g_assert_cmpstr (nothing, ==, "");
}

static void
a_deadline_that_has_passed_counts_its_days (void)
{
  g_autofree char *one = pk_words_deadline ("2026-11-22", TODAY);
  g_autofree char *two = pk_words_deadline ("2026-11-21", TODAY);
  g_autofree char *due = pk_words_deadline ("2026-11-23", TODAY);

  g_assert_cmpstr (one, ==, "1 day overdue");
  g_assert_cmpstr (two, ==, "2 days overdue");
  g_assert_cmpstr (due, ==, "Due today");
}

static void
times_grow_coarser_with_distance (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  const gint64 now = G_GINT64_CONSTANT (1795444200) * G_USEC_PER_SEC;
  g_autofree char *just = pk_words_time (now - G_USEC_PER_SEC, now, zone);
  g_autofree char *today = pk_words_time (now - 2 * G_TIME_SPAN_HOUR, now, zone);
  g_autofree char *yesterday = pk_words_time (now - G_TIME_SPAN_DAY, now, zone);

  g_assert_cmpstr (just, ==, "just now");
  g_assert_true (g_str_has_prefix (today, "today "));
  g_assert_true (g_str_has_prefix (yesterday, "yesterday "));
}

static void
articles_become_blocks (void)
{
  g_autoptr (GPtrArray) blocks = pk_markdown_parse (
      "# Title\nFirst line\nsecond **bold** line\n\n- a point\n  - below it\n2. second\n> mind");
  const PkMarkdownKind kinds[] = { PK_MARKDOWN_HEADING, PK_MARKDOWN_PARAGRAPH, PK_MARKDOWN_BULLET,
                                   PK_MARKDOWN_BULLET,  PK_MARKDOWN_NUMBER,    PK_MARKDOWN_QUOTE };

  g_assert_cmpuint (blocks->len, ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < blocks->len; i++)
    g_assert_cmpint (((PkMarkdownBlock *) g_ptr_array_index (blocks, i))->kind, ==, kinds[i]);
  const PkMarkdownBlock *paragraph = g_ptr_array_index (blocks, 1);
  g_assert_cmpstr (paragraph->markup, ==, "First line second <b>bold</b> line");
  g_assert_cmpuint (((PkMarkdownBlock *) g_ptr_array_index (blocks, 3))->level, ==, 1);
  g_assert_cmpuint (((PkMarkdownBlock *) g_ptr_array_index (blocks, 4))->number, ==, 2);
}

static void
no_text_becomes_markup_that_it_did_not_ask_for (void)
{
  static const char *const texts[] = {
    "<b>not bold</b> & co",
    "2 * 3 * 4 = 24",
    "**",
    "*",
    "`",
    "[",
    "[a](javascript:x)",
    "snake_case_name",
    "**unclosed *nested",
    "[a](https://x.no/?a=1&b=\"2\")",
    "***",
    "`code with <tags>`",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GPtrArray) blocks = pk_markdown_parse (texts[i]);
      for (guint j = 0; j < blocks->len; j++)
        {
          const PkMarkdownBlock *block = g_ptr_array_index (blocks, j);
          g_assert_null (strstr (block->markup, "javascript:x\""));
          g_assert_null (strstr (block->markup, "<tags>"));
          g_assert_true (g_utf8_validate (block->markup, -1, NULL));
        }
    }
  g_autoptr (GPtrArray) plain = pk_markdown_parse (texts[0]);
  g_assert_cmpstr (((PkMarkdownBlock *) g_ptr_array_index (plain, 0))->markup,
                   ==,
                   "&lt;b&gt;not bold&lt;/b&gt; &amp; co");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/words/near-days-have-names", near_days_have_names);
  g_test_add_func ("/words/a-day-that-is-none-is-shown-as-it-stands",
                   a_day_that_is_none_is_shown_as_it_stands);
  g_test_add_func ("/words/a-deadline-that-has-passed-counts-its-days",
                   a_deadline_that_has_passed_counts_its_days);
  g_test_add_func ("/words/times-grow-coarser-with-distance", times_grow_coarser_with_distance);
  g_test_add_func ("/markdown/articles-become-blocks", articles_become_blocks);
  g_test_add_func ("/markdown/no-text-becomes-markup-that-it-did-not-ask-for",
                   no_text_becomes_markup_that_it_did_not_ask_for);
  return g_test_run ();
}

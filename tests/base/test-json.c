/* JSON from outside: what is strict is read, what is not gets the place of the fault. */
#include "config.h"

#include "pk-json.h"

#include <string.h>

static void
test_what_the_standard_allows_is_read (void)
{
  const char *const good[] = { "{}",
                               "[]",
                               " [1, -0.5e+3, \"\\u00e6\\n\", true, null] ",
                               "\"\"",
                               "{\"a\":{\"b\":[{}]}}" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = pk_json_parse (good[i], strlen (good[i]), &error);
      g_assert_no_error (error);
      g_assert_nonnull (node);
    }
}

static void
test_what_the_standard_forbids_is_refused (void)
{
  const char *const bad[] = { "",          "{",           "[1,]", "{\"a\":1,\"a\":2}",
                              "/* */ 1",   "01",          "1 2",  "\"a\nb\"",
                              "\"\\x\"",   "\"\\u0000\"", "nul",  "[1",
                              "{\"a\" 1}", "+1",          "1.",   "\"\xff\"",
                              "{a:1}",     "'a'",         "NaN",  "--1" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = pk_json_parse (bad[i], strlen (bad[i]), &error);
      g_assert_error (error, PK_JSON_ERROR, PK_JSON_ERROR_MALFORMED);
      g_assert_null (node);
    }
}

static void
test_depth_has_a_limit (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autoptr (GError) error = NULL;

  g_assert_false (pk_json_check (deep, strlen (deep), &error));
  g_assert_error (error, PK_JSON_ERROR, PK_JSON_ERROR_MALFORMED);
}

static void
test_text_that_is_written_reads_back (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *text = "Bytt «pære» \\ \"nå\"\n\t\x01 – æøå 🔧";

  pk_json_append_text (out, text);
  g_autoptr (JsonNode) node = pk_json_parse (out->str, out->len, NULL);
  g_assert_nonnull (node);
  g_assert_cmpstr (json_node_get_string (node), ==, text);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/json/what-the-standard-allows-is-read", test_what_the_standard_allows_is_read);
  g_test_add_func ("/json/what-the-standard-forbids-is-refused",
                   test_what_the_standard_forbids_is_refused);
  g_test_add_func ("/json/depth-has-a-limit", test_depth_has_a_limit);
  g_test_add_func ("/json/text-that-is-written-reads-back", test_text_that_is_written_reads_back);
  return g_test_run ();
}

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
  const char *const bad[] = { "",
                              "{",
                              "[1,]",
                              "{\"a\":1,\"a\":2}",
                              "/* */ 1",
                              "01",
                              "1 2",
                              "\"a\nb\"",
                              "\"\\x\"",
                              "\"\\u0000\"",
                              "nul",
                              "[1",
                              "{\"a\" 1}",
                              "+1",
                              "1.",
                              "\"\xff\"",
                              "{a:1}",
                              "'a'",
                              "NaN",
                              "--1",
                              "\"\\ud83d\"",
                              "\"\\udd27\"",
                              "{\"a\":1,\"\\u0061\":2}" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = pk_json_parse (bad[i], strlen (bad[i]), &error);
      g_assert_error (error, PK_JSON_ERROR, PK_JSON_ERROR_MALFORMED);
      g_assert_null (node);
    }
}

static void
test_values_are_what_the_text_says (void)
{
  const char *text =
      "[\"\\u00e6\\ud83d\\udd27\\/\\t\", -12, 9223372036854775807, 9223372036854775808,"
      " 1.5e1, true, null, {\"b\":1,\"a\":\"\"}]";
  g_autoptr (JsonNode) node = pk_json_parse (text, strlen (text), NULL);

  g_assert_nonnull (node);
  JsonArray *array = json_node_get_array (node);
  g_assert_cmpstr (json_array_get_string_element (array, 0), ==, "æ🔧/\t");
  g_assert_cmpint (json_array_get_int_element (array, 1), ==, -12);
  g_assert_cmpint (json_array_get_int_element (array, 2), ==, G_MAXINT64);
  g_assert_cmpint (json_node_get_value_type (json_array_get_element (array, 3)), ==, G_TYPE_DOUBLE);
  g_assert_cmpfloat_with_epsilon (json_array_get_double_element (array, 4), 15, 1e-9);
  g_assert_true (json_array_get_boolean_element (array, 5));
  g_assert_true (json_array_get_null_element (array, 6));
  JsonObject *object = json_array_get_object_element (array, 7);
  g_assert_cmpint (json_object_get_int_member (object, "b"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (object, "a"), ==, "");
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
  g_test_add_func ("/json/values-are-what-the-text-says", test_values_are_what_the_text_says);
  g_test_add_func ("/json/depth-has-a-limit", test_depth_has_a_limit);
  g_test_add_func ("/json/text-that-is-written-reads-back", test_text_that_is_written_reads_back);
  return g_test_run ();
}

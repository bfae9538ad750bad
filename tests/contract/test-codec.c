/* The door for values: each fault has a code and a pointer, and nothing wrong comes in. */
#include "config.h"

#include "pk-codec.h"

#include <string.h>

typedef struct
{
  const char *json;
  PkProblem code;
  const char *pointer;
} Case;

static void
assert_fault (const Case *c)
{
  const PkEntity *task = pk_entity_by_id (PK_ENTITY_TASK);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = pk_json_parse (c->json, strlen (c->json), &error);

  g_assert_no_error (error);
  g_autoptr (PkValues)
      values = pk_codec_read_values (task->fields, task->n_fields, node, "/fields", &error);
  g_assert_null (values);
  g_assert_error (error, PK_PROBLEM_ERROR, (int) c->code);
  g_assert_cmpstr (pk_problem_get_pointer (error), ==, c->pointer);
}

static void
test_each_fault_is_pointed_at (void)
{
  const Case cases[] = {
    { "[]", PK_PROBLEM_INVALID, "/fields" },
    { "{\"nope\":1}", PK_PROBLEM_UNKNOWN_FIELD, "/fields/nope" },
    { "{\"title\":1}", PK_PROBLEM_INVALID, "/fields/title" },
    { "{\"title\":null}", PK_PROBLEM_REQUIRED, "/fields/title" },
    { "{\"title\":\"\"}", PK_PROBLEM_REQUIRED, "/fields/title" },
    { "{\"due_on\":\"2026-02-29\"}", PK_PROBLEM_INVALID, "/fields/due_on" },
    { "{\"created_at\":\"yesterday\"}", PK_PROBLEM_INVALID, "/fields/created_at" },
    { "{\"unit_id\":\"x\"}", PK_PROBLEM_INVALID, "/fields/unit_id" },
    { "{\"status\":\"almost\"}", PK_PROBLEM_INVALID, "/fields/status" },
    { "{\"tags\":\"a\"}", PK_PROBLEM_INVALID, "/fields/tags" },
    { "{\"tags\":[\"\"]}", PK_PROBLEM_INVALID, "/fields/tags" },
    { "{\"is_open\":1}", PK_PROBLEM_INVALID, "/fields/is_open" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_fault (&cases[i]);
}

static void
test_length_is_counted_in_characters (void)
{
  const PkField *title = &pk_entity_by_id (PK_ENTITY_TASK)->fields[PK_TASK_TITLE];
  g_autoptr (GString) text = g_string_new ("\"");

  for (int i = 0; i < 200; i++)
    g_string_append (text, "å");
  g_string_append_c (text, '"');
  g_autoptr (JsonNode) node = pk_json_parse (text->str, text->len, NULL);
  g_auto (PkValue) value = PK_VALUE_INIT;
  g_assert_true (pk_codec_read_value (title, node, "", &value, NULL));
}

static void
test_a_set_is_sorted_and_without_doubles (void)
{
  const PkField *tags = &pk_entity_by_id (PK_ENTITY_TASK)->fields[PK_TASK_TAGS];
  g_auto (PkValue) value = PK_VALUE_INIT;

  g_assert_true (pk_codec_value_from_text (tags, "[\"b\",\"a\",\"b\"]", &value, NULL));
  g_assert_cmpstr (value.text, ==, "a\nb");
}

static void
test_a_problem_travels_whole (void)
{
  g_autoptr (GError) error = NULL;
  guint status = 0;

  pk_problem_set (&error, PK_PROBLEM_TOO_LONG, "/fields/title", "The text has %d characters", 300);
  g_autofree char *json = pk_problem_to_json (error, &status);
  g_assert_cmpuint (status, ==, 422);
  g_autoptr (GError) read = pk_problem_from_json (json, strlen (json));
  g_assert_error (read, PK_PROBLEM_ERROR, PK_PROBLEM_TOO_LONG);
  g_assert_cmpstr (pk_problem_get_pointer (read), ==, "/fields/title");
  g_assert_cmpstr (read->message, ==, error->message);
}

static void
test_inner_errors_do_not_travel (void)
{
  g_autoptr (GError) error = g_error_new (G_FILE_ERROR, G_FILE_ERROR_ACCES, "/secret/path");
  guint status = 0;
  g_autofree char *json = pk_problem_to_json (error, &status);

  g_assert_cmpuint (status, ==, 500);
  g_assert_null (strstr (json, "secret"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/codec/each-fault-is-pointed-at", test_each_fault_is_pointed_at);
  g_test_add_func ("/codec/length-is-counted-in-characters", test_length_is_counted_in_characters);
  g_test_add_func ("/codec/a-set-is-sorted-and-without-doubles",
                   test_a_set_is_sorted_and_without_doubles);
  g_test_add_func ("/codec/a-problem-travels-whole", test_a_problem_travels_whole);
  g_test_add_func ("/codec/inner-errors-do-not-travel", test_inner_errors_do_not_travel);
  return g_test_run ();
}

/* Mutations and verdicts as lines. */
#include "config.h"

#include "pk-mutation.h"

#include <string.h>

#define ID "019a0000-0000-7000-8000-000000000001"

static void
test_a_mutation_reads_back (void)
{
  const PkEntity *task = pk_entity_by_id (PK_ENTITY_TASK);
  PkId id;
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GString) again = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (pk_id_parse (ID, &id));
  g_autoptr (PkMutation) mutation = pk_mutation_new (PK_OP_SET, task, NULL, &id);
  mutation->n = 3;
  mutation->id = id;
  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text ("Ny «tittel»"));
  pk_values_take (mutation->was, PK_TASK_TITLE, pk_value_text ("Gammel"));
  pk_mutation_append_json (line, mutation);
  g_autoptr (PkMutation) read = pk_mutation_read (line->str, line->len, &error);
  g_assert_no_error (error);
  g_assert_no_error (read->fault);
  pk_mutation_append_json (again, read);
  g_assert_cmpstr (line->str, ==, again->str);
}

static void
test_without_an_envelope_the_push_is_refused (void)
{
  const char *const bad[] = { "",
                              "[]",
                              "{\"n\":0,\"id\":\"" ID "\",\"prev\":\"" ID "\"}",
                              "{\"n\":1,\"prev\":\"" ID "\"}",
                              "{\"n\":1,\"id\":\"" ID "\"}",
                              "{\"n\":1.5,\"id\":\"" ID "\",\"prev\":\"" ID "\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (pk_mutation_read (bad[i], strlen (bad[i]), &error));
      g_assert_nonnull (error);
    }
}

static void
test_a_fault_in_the_body_is_kept_for_the_verdict (void)
{
  const char *line = "{\"n\":1,\"id\":\"" ID "\",\"prev\":\"" ID
                     "\",\"op\":\"set\",\"entity\":\"task\",\"record\":\"" ID
                     "\",\"fields\":{\"title\":7},\"at\":\"2026-11-23T08:14:00Z\",\"model\":1}";
  g_autoptr (GError) error = NULL;
  g_autoptr (PkMutation) read = pk_mutation_read (line, strlen (line), &error);

  g_assert_no_error (error);
  g_assert_cmpint (read->n, ==, 1);
  g_assert_error (read->fault, PK_PROBLEM_ERROR, PK_PROBLEM_INVALID);
  g_assert_cmpstr (pk_problem_get_pointer (read->fault), ==, "/fields/title");
}

static void
test_every_cut_of_a_line_is_refused (void)
{
  const char *line = "{\"n\":1,\"id\":\"" ID "\",\"prev\":\"" ID
                     "\",\"op\":\"accept\",\"entity\":\"task\",\"record\":\"" ID
                     "\",\"fields\":{},\"at\":\"2026-11-23T08:14:00Z\",\"model\":1}";

  for (gsize size = 0; size < strlen (line); size++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (pk_mutation_read (line, size, &error));
      g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_MALFORMED);
    }
}

static void
test_a_verdict_reads_back (void)
{
  PkId id;
  g_autoptr (GError) fault = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GString) again = g_string_new (NULL);

  g_assert_true (pk_id_parse (ID, &id));
  g_autoptr (PkVerdict) verdict = pk_verdict_new (9, &id, PK_VERDICT_REJECTED, 0);
  pk_problem_set (&fault, PK_PROBLEM_FORBIDDEN, "/record", "Not yours");
  pk_verdict_set_fault (verdict, fault);
  verdict->fields = g_strsplit ("title,due_on", ",", -1);
  pk_verdict_append_json (line, verdict);
  g_autoptr (PkVerdict) read = pk_verdict_read (line->str, line->len, &error);
  g_assert_no_error (error);
  pk_verdict_append_json (again, read);
  g_assert_cmpstr (line->str, ==, again->str);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/mutation/a-mutation-reads-back", test_a_mutation_reads_back);
  g_test_add_func ("/mutation/without-an-envelope-the-push-is-refused",
                   test_without_an_envelope_the_push_is_refused);
  g_test_add_func ("/mutation/a-fault-in-the-body-is-kept-for-the-verdict",
                   test_a_fault_in_the_body_is_kept_for_the_verdict);
  g_test_add_func ("/mutation/every-cut-of-a-line-is-refused", test_every_cut_of_a_line_is_refused);
  g_test_add_func ("/mutation/a-verdict-reads-back", test_a_verdict_reads_back);
  return g_test_run ();
}

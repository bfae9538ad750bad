/* Links to records: what is made can be read, and what mail programs make of it; nothing else. */
#include "config.h"

#include "pk-link.h"
#include "pk-problem.h"

#define ID   "01936f3e-8a4b-7c22-9d10-0123456789ab"
#define LINK "pakobla:task/" ID

static void
assert_task (const char *text)
{
  g_autoptr (GError) error = NULL;
  PkLink link;
  PkId id;

  g_assert_true (pk_id_parse (ID, &id));
  g_assert_true (pk_link_parse (text, &link, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (link.entity, ==, PK_ENTITY_TASK);
  g_assert_true (pk_id_equal (&link.id, &id));
}

static void
assert_refused (const char *text, PkProblem code)
{
  g_autoptr (GError) error = NULL;
  PkLink link = { 0 };

  g_assert_false (pk_link_parse (text, &link, &error));
  g_assert_error (error, PK_PROBLEM_ERROR, (int) code);
  g_assert_cmpuint (link.entity, ==, 0);
}

static void
test_a_link_that_was_made_is_read_back (void)
{
  static const guint entities[] = { PK_ENTITY_BUILDING, PK_ENTITY_COMPONENT, PK_ENTITY_DOCUMENT,
                                    PK_ENTITY_LOCATION, PK_ENTITY_PERSON,    PK_ENTITY_TASK };
  PkId id;

  g_assert_true (pk_id_parse (ID, &id));
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    {
      g_autofree char *text = pk_link_make (entities[i], &id);
      g_autoptr (GError) error = NULL;
      PkLink link;
      g_assert_true (pk_link_parse (text, &link, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (link.entity, ==, entities[i]);
      g_assert_true (pk_id_equal (&link.id, &id));
    }
  g_autofree char *task = pk_link_make (PK_ENTITY_TASK, &id);
  g_assert_cmpstr (task, ==, LINK);
}

static void
test_what_mail_programs_do_to_a_link_does_no_harm (void)
{
  assert_task (LINK);
  assert_task ("PAKOBLA:TASK/01936F3E-8A4B-7C22-9D10-0123456789AB");
  assert_task ("pakobla://task/" ID);
  assert_task ("pakobla://task/" ID "/");
  assert_task (LINK "?utm_source=mail");
  assert_task (LINK "#top");
}

static void
test_what_is_no_link_is_refused (void)
{
  assert_refused (NULL, PK_PROBLEM_MALFORMED);
  assert_refused ("", PK_PROBLEM_MALFORMED);
  assert_refused ("task/" ID, PK_PROBLEM_MALFORMED);
  assert_refused ("https://example.org/task/" ID, PK_PROBLEM_MALFORMED);
  assert_refused ("pakobla:", PK_PROBLEM_MALFORMED);
  assert_refused ("pakobla:///", PK_PROBLEM_MALFORMED);
  assert_refused ("pakobla:task", PK_PROBLEM_MALFORMED);
  assert_refused ("pakobla:task/", PK_PROBLEM_MALFORMED);
  assert_refused ("pakobla:task/26-04100", PK_PROBLEM_MALFORMED);
  assert_refused ("pakobla:/" ID, PK_PROBLEM_MALFORMED);
  assert_refused (LINK "/complete", PK_PROBLEM_MALFORMED);
  assert_refused (LINK "0", PK_PROBLEM_MALFORMED);
  assert_refused ("pakobla:task/../" ID, PK_PROBLEM_MALFORMED);
  assert_refused ("pakobla:task/00000000-0000-0000-0000-000000000000", PK_PROBLEM_MALFORMED);
}

static void
test_a_link_to_what_has_no_page_is_told_from_a_broken_one (void)
{
  assert_refused ("pakobla:message/" ID, PK_PROBLEM_UNKNOWN_ENTITY);
  assert_refused ("pakobla:parking/" ID, PK_PROBLEM_UNKNOWN_ENTITY);
}

static void
test_a_very_long_text_is_read_no_further_than_a_link_can_be (void)
{
  g_autofree char *letters = g_strnfill (1 << 20, 'a');
  g_autofree char *text = g_strconcat ("pakobla:", letters, NULL);

  assert_refused (text, PK_PROBLEM_MALFORMED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/link/a-link-that-was-made-is-read-back",
                   test_a_link_that_was_made_is_read_back);
  g_test_add_func ("/link/what-mail-programs-do-to-a-link-does-no-harm",
                   test_what_mail_programs_do_to_a_link_does_no_harm);
  g_test_add_func ("/link/what-is-no-link-is-refused", test_what_is_no_link_is_refused);
  g_test_add_func ("/link/a-link-to-what-has-no-page-is-told-from-a-broken-one",
                   test_a_link_to_what_has_no_page_is_told_from_a_broken_one);
  g_test_add_func ("/link/a-very-long-text-is-read-no-further-than-a-link-can-be",
                   test_a_very_long_text_is_read_no_further_than_a_link_can_be);
  return g_test_run ();
}

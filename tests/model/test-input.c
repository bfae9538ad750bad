/* What people type, as values. */
#include "config.h"

#include "pk-input.h"
#include "pk-model-tables.h"
#include "pk-problem.h"

static const PkField *
field_of (guint place)
{
  return &pk_entity_by_id (PK_ENTITY_BUILDING)->fields[place];
}

/* The code of the problem; -1: there is none. */
static int
parse (const PkField *field, const char *text, PkValue *value_out)
{
  g_autoptr (GError) error = NULL;

  if (pk_input_parse (field, text, value_out, &error))
    return -1;
  g_assert_nonnull (error);
  return (int) pk_problem_get_code (error);
}

static void
test_numbers_are_read_as_people_write_them (void)
{
  g_auto (PkValue) year = PK_VALUE_INIT;
  g_auto (PkValue) area = PK_VALUE_INIT;

  g_assert_cmpint (parse (field_of (PK_BUILDING_BUILT_YEAR), " 1 974 ", &year), ==, -1);
  g_assert_cmpint (year.number, ==, 1974);
  g_assert_cmpint (parse (field_of (PK_BUILDING_AREA_M2), "12\u00a0345,5", &area), ==, -1);
  g_assert_cmpfloat_with_epsilon (area.real, 12345.5, 0.001);
}

static void
test_what_a_field_cannot_be_is_refused (void)
{
  PkValue value;

  g_assert_cmpint (parse (field_of (PK_BUILDING_BUILT_YEAR), "999", &value),
                   ==,
                   PK_PROBLEM_INVALID);
  g_assert_cmpint (parse (field_of (PK_BUILDING_BUILT_YEAR), "lenge siden", &value),
                   ==,
                   PK_PROBLEM_INVALID);
  g_assert_cmpint (parse (field_of (PK_BUILDING_AREA_M2), "12 m", &value), ==, PK_PROBLEM_INVALID);
  g_assert_cmpint (parse (field_of (PK_BUILDING_NAME), "  ", &value), ==, PK_PROBLEM_REQUIRED);
  g_assert_cmpint (parse (field_of (PK_BUILDING_ENERGY_LABEL), "altfor lang tekst", &value),
                   ==,
                   PK_PROBLEM_TOO_LONG);
  g_assert_cmpint (parse (field_of (PK_BUILDING_USE), "castle", &value), ==, PK_PROBLEM_INVALID);
}

static void
test_nothing_is_no_value_where_a_field_may_be_empty (void)
{
  PkValue value = pk_value_int (1);

  g_assert_cmpint (parse (field_of (PK_BUILDING_BUILT_YEAR), "", &value), ==, -1);
  g_assert_cmpint (value.kind, ==, PK_VALUE_NULL);
}

static void
test_days_are_read_in_both_ways_and_written_in_one (void)
{
  const PkField *field = &pk_entity_by_id (PK_ENTITY_COMPONENT)->fields[PK_COMPONENT_INSTALLED_ON];
  g_auto (PkValue) day = PK_VALUE_INIT;
  g_auto (PkValue) same = PK_VALUE_INIT;
  PkValue none;

  g_assert_cmpint (parse (field, "26.9.2004", &day), ==, -1);
  g_assert_cmpstr (day.text, ==, "2004-09-26");
  g_assert_cmpint (parse (field, "2004-09-26", &same), ==, -1);
  g_assert_cmpstr (same.text, ==, "2004-09-26");
  g_assert_cmpint (parse (field, "31.2.2004", &none), ==, PK_PROBLEM_INVALID);
  g_autofree char *text = pk_input_dup_text (field, &day);
  g_assert_cmpstr (text, ==, "26.09.2004");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/input/numbers-are-read-as-people-write-them",
                   test_numbers_are_read_as_people_write_them);
  g_test_add_func ("/input/what-a-field-cannot-be-is-refused",
                   test_what_a_field_cannot_be_is_refused);
  g_test_add_func ("/input/nothing-is-no-value-where-a-field-may-be-empty",
                   test_nothing_is_no_value_where_a_field_may_be_empty);
  g_test_add_func ("/input/days-are-read-in-both-ways-and-written-in-one",
                   test_days_are_read_in_both_ways_and_written_in_one);
  return g_test_run ();
}

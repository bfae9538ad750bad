/* The building register: values as people write them, columns by their names, and a plan in which every row is accounted for. */
#include "config.h"

#include "pk-building-plan.h"
#include "pk-building-values.h"

#include "pk-json.h"
#include "pk-model-tables.h"
#include "pk-problem.h"

#include <string.h>

#define SAMPLE "shared/samples/csv/bdg1_meta_open.csv"

static void
assert_number (const char *text, char decimal, double expected)
{
  double number = -1;

  if (!pk_building_read_number (text, decimal, &number))
    g_test_fail_printf ("'%s' was not read", text);
  g_assert_cmpfloat_with_epsilon (number, expected, 1e-9);
}

static void
test_numbers_are_read_as_they_are_written (void)
{
  static const char *const wrong[] = { "",    "abc", "1-2",       "1,2,3", "12 m2",
                                       "--1", ".",   "1.2.3,4,5", "0x10",  "1e5" };
  double number;

  assert_number ("9804.05359", '.', 9804.05359);
  assert_number ("9 804,05", ',', 9804.05);
  assert_number ("9\xc2\xa0"
                 "804,05",
                 ',',
                 9804.05);
  assert_number ("1,234.5", '.', 1234.5);
  assert_number ("1.234,5", ',', 1234.5);
  assert_number ("1,234", '.', 1234);
  assert_number ("1,234", ',', 1.234);
  assert_number ("1.234", ',', 1234);
  assert_number ("1,234,567", '.', 1234567);
  assert_number ("12000", '.', 12000);
  assert_number ("-3,5", ',', -3.5);
  assert_number ("0,125", '.', 0.125);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    if (pk_building_read_number (wrong[i], '.', &number))
      g_test_fail_printf ("'%s' was read as %g", wrong[i], number);
}

static void
test_years_keep_what_they_do_not_say (void)
{
  static const struct
  {
    const char *text;
    int year; /* 0: none */
    gboolean is_exact;
  } cases[] = {
    { "1967", 1967, TRUE },
    { "2005.0", 2005, TRUE },
    { "pre 1919", 1918, FALSE },
    { "Post 1976", 1977, FALSE },
    { "før 1900", 1899, FALSE },
    { "1960-1969", 1960, FALSE },
    { "ca. 1890", 1890, FALSE },
    { "11th Century onwards", 1001, FALSE },
    { "ukjent", 0, FALSE },
    { "19", 0, FALSE },
    { "0000", 0, FALSE },
    { "12345", 0, FALSE },
    { "", 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int year = 0;
      gboolean is_exact = FALSE;
      pk_building_read_year (cases[i].text, &year, &is_exact);
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (year, ==, cases[i].year);
      g_assert_cmpint (is_exact, ==, cases[i].is_exact);
    }
}

static void
test_uses_are_known_in_two_languages (void)
{
  g_assert_cmpstr (pk_building_find_use ("Primary/Secondary Classroom"), ==, "school");
  g_assert_cmpstr (pk_building_find_use ("College Laboratory"), ==, "laboratory");
  g_assert_cmpstr (pk_building_find_use ("College Classroom"), ==, "education");
  g_assert_cmpstr (pk_building_find_use ("SVØMMEHALL"), ==, "swimming");
  g_assert_cmpstr (pk_building_find_use ("care_home"), ==, "care_home");
  g_assert_null (pk_building_find_use ("Observatorium"));
}

/* Buildings that are there already, by reference. */
static PkRecord *
lookup_cb (const char *source, const char *reference, gpointer user_data)
{
  (void) source;
  return g_hash_table_lookup (user_data, reference);
}

static PkBuildingPlan *
try_plan_with (const char *csv,
               gsize size,
               const char *mapping,
               PkBuildingLinks *links,
               GHashTable *existing,
               GError **error)
{
  g_autoptr (PkClock) clock = pk_clock_new_manual (G_GINT64_CONSTANT (1700000000000000));
  g_autoptr (PkIdSource) ids = pk_id_source_new_seeded (clock, 1);

  return pk_building_plan_new (csv,
                               size,
                               "test",
                               mapping,
                               ids,
                               links,
                               existing != NULL ? lookup_cb : NULL,
                               existing,
                               error);
}

static PkBuildingPlan *
try_plan (const char *csv, gsize size, const char *mapping, GHashTable *existing, GError **error)
{
  return try_plan_with (csv, size, mapping, NULL, existing, error);
}

static PkBuildingPlan *
make_plan (const char *csv, gsize size, const char *mapping, GHashTable *existing)
{
  g_autoptr (GError) error = NULL;
  PkBuildingPlan *plan = try_plan (csv, size, mapping, existing, &error);

  if (plan == NULL)
    g_error ("%s", error->message);
  g_assert_cmpuint (plan->rows->len, ==, plan->n[0] + plan->n[1] + plan->n[2] + plan->n[3]);
  return plan;
}

static void
carry_out (const PkBuildingPlan *plan, GHashTable *existing)
{
  for (guint i = 0; i < plan->rows->len; i++)
    {
      const PkPlanRow *row = plan->rows->pdata[i];
      if (row->outcome == PK_PLAN_NEW || row->outcome == PK_PLAN_UPDATE)
        g_hash_table_replace (existing, g_strdup (row->reference), pk_record_ref (row->record));
    }
}

static GHashTable *
new_register (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) pk_record_unref);
}

static char *
load (const char *path, gsize *size)
{
  g_autoptr (GError) error = NULL;
  char *data;

  if (!g_file_get_contents (path, &data, size, &error))
    g_error ("%s", error->message);
  return data;
}

static const PkPlanRow *
get_row (const PkBuildingPlan *plan, guint place)
{
  return plan->rows->pdata[place];
}

static void
test_every_row_of_a_quirky_register_is_accounted_for (void)
{
  gsize size;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "registers", "quirks.csv", NULL);
  g_autofree char *csv = load (path, &size);
  g_autoptr (PkBuildingPlan) plan = make_plan (csv, size, NULL, NULL);
  const PkRecord *first = get_row (plan, 0)->record;

  g_assert_cmpuint (plan->rows->len, ==, 11);
  g_assert_cmpuint (plan->n[PK_PLAN_NEW], ==, 6);
  g_assert_cmpuint (plan->n[PK_PLAN_DUPLICATE], ==, 1);
  g_assert_cmpuint (plan->n[PK_PLAN_REJECTED], ==, 4);
  g_assert_cmpint (pk_record_get_int (first, PK_BUILDING_BUILT_YEAR, 0), ==, 1918);
  g_assert_cmpstr (pk_record_get_text (first, PK_BUILDING_BUILT_NOTE), ==, "pre 1919");
  g_assert_cmpfloat_with_epsilon (pk_record_get_real (first, PK_BUILDING_AREA_M2, 0), 2927, 1e-9);
  g_assert_cmpfloat_with_epsilon (
      pk_record_get_real (get_row (plan, 2)->record, PK_BUILDING_AREA_M2, 0),
      1000,
      1e-9);
  g_assert_cmpstr (pk_record_get_text (get_row (plan, 1)->record, PK_BUILDING_NAME),
                   ==,
                   "Rådhuset, nordfløy");
  g_assert_cmpint (get_row (plan, 3)->fault, ==, PK_FAULT_UNKNOWN_USE);
  g_assert_cmpint (get_row (plan, 4)->fault, ==, PK_FAULT_NOT_A_NUMBER);
  g_assert_cmpstr (get_row (plan, 4)->column, ==, "sqm");
  g_assert_cmpstr (get_row (plan, 4)->value, ==, "mange");
  g_assert_cmpint (get_row (plan, 6)->fault, ==, PK_FAULT_TWICE);
  g_assert_cmpint (get_row (plan, 7)->fault, ==, PK_FAULT_NO_REFERENCE);
  g_assert_cmpint (get_row (plan, 8)->fault, ==, PK_FAULT_FIELDS);
  g_assert_cmpint (get_row (plan, 9)->fault, ==, PK_FAULT_AREAS_DIFFER);
  g_assert_cmpfloat_with_epsilon (
      pk_record_get_real (get_row (plan, 10)->record, PK_BUILDING_AREA_M2, 0),
      1250.5,
      1e-9);
  g_assert_cmpuint (get_row (plan, 10)->line, ==, 12);
}

static void
test_importing_twice_changes_nothing (void)
{
  gsize size;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "registers", "quirks.csv", NULL);
  g_autofree char *csv = load (path, &size);
  g_autoptr (GHashTable) existing = new_register ();
  g_autoptr (PkBuildingPlan) first = make_plan (csv, size, NULL, existing);

  carry_out (first, existing);
  g_autoptr (PkBuildingPlan) second = make_plan (csv, size, NULL, existing);
  g_assert_cmpuint (second->n[PK_PLAN_NEW], ==, 0);
  g_assert_cmpuint (second->n[PK_PLAN_UPDATE], ==, 0);
  g_assert_cmpuint (second->n[PK_PLAN_DUPLICATE], ==, 7);
  g_assert_cmpuint (second->n[PK_PLAN_REJECTED], ==, 4);
}

static void
test_a_changed_row_is_an_update_that_says_what_changed (void)
{
  static const char before[] = "id;navn;areal\n1;Vågen;1 200,5\n2;Myra;300\n";
  static const char after[] = "id;navn;areal\n1;Vågen;1 250\n2;Myra;\n";
  g_autoptr (GHashTable) existing = new_register ();
  g_autoptr (PkBuildingPlan) first = make_plan (before, sizeof before - 1, NULL, existing);

  carry_out (first, existing);
  g_autoptr (PkBuildingPlan) second = make_plan (after, sizeof after - 1, NULL, existing);
  g_assert_cmpint (get_row (second, 0)->outcome, ==, PK_PLAN_UPDATE);
  g_assert_cmphex (get_row (second, 0)->changed, ==, 1 << PK_BUILDING_AREA_M2);
  g_assert_true (pk_id_equal (pk_record_get_id (get_row (second, 0)->record),
                              pk_record_get_id (get_row (first, 0)->record)));
  /* an empty field says nothing */
  g_assert_cmpint (get_row (second, 1)->outcome, ==, PK_PLAN_DUPLICATE);
}

static void
test_a_mapping_file_says_what_names_do_not (void)
{
  static const char csv[] = "K1;K2;K3;navn\n7;Adm;1 000;x\n";
  static const char mapping[] = "{\"source\":\"fdv\",\"columns\":{\"reference\":\"K1\",\"use\":"
                                "\"K2\",\"area_m2\":\"K3\",\"name\":null},"
                                "\"uses\":{\"Adm\":\"town_hall\"}}";
  g_autoptr (PkBuildingPlan) plan = make_plan (csv, sizeof csv - 1, mapping, NULL);
  const PkRecord *record = get_row (plan, 0)->record;

  g_assert_cmpstr (plan->source, ==, "fdv");
  g_assert_cmpstr (pk_record_get_text (record, PK_BUILDING_NAME), ==, "7");
  g_assert_cmpint (pk_record_get_int (record, PK_BUILDING_USE, -1), ==, PK_BUILDING_USE_TOWN_HALL);
  g_assert_cmpfloat_with_epsilon (pk_record_get_real (record, PK_BUILDING_AREA_M2, 0), 1000, 1e-9);
}

static void
assert_refused (const char *csv, const char *mapping, PkProblem code, const char *pointer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkBuildingPlan) plan = try_plan (csv, strlen (csv), mapping, NULL, &error);

  g_assert_null (plan);
  g_assert_error (error, PK_PROBLEM_ERROR, (int) code);
  g_assert_cmpstr (pk_problem_get_pointer (error), ==, pointer);
}

static void
test_a_file_that_makes_no_sense_is_refused_whole (void)
{
  assert_refused ("", NULL, PK_PROBLEM_MALFORMED, "");
  assert_refused ("id,navn\n1,\"a", NULL, PK_PROBLEM_MALFORMED, "");
  assert_refused ("a,b\n1,2\n", NULL, PK_PROBLEM_REQUIRED, "/mapping/columns/reference");
  assert_refused ("id\n1\n", "{", PK_PROBLEM_MALFORMED, "/mapping");
  assert_refused ("id\n1\n", "[]", PK_PROBLEM_INVALID, "/mapping");
  assert_refused ("id\n1\n",
                  "{\"columns\":{\"colour\":\"id\"}}",
                  PK_PROBLEM_INVALID,
                  "/mapping/columns/colour");
  assert_refused ("id\n1\n",
                  "{\"columns\":{\"name\":\"b\"}}",
                  PK_PROBLEM_INVALID,
                  "/mapping/columns/name");
  assert_refused ("id\n1\n", "{\"uses\":{\"x\":\"castle\"}}", PK_PROBLEM_INVALID, "/mapping/uses");
}

static void
test_a_file_in_windows_1252_is_read (void)
{
  static const char csv[] = "id;navn\r\n1;B\xf8lgen\r\n";
  g_autoptr (PkBuildingPlan) plan = make_plan (csv, sizeof csv - 1, NULL, NULL);

  g_assert_false (plan->was_utf8);
  g_assert_cmpstr (pk_record_get_text (get_row (plan, 0)->record, PK_BUILDING_NAME), ==, "Bølgen");
}

static void
test_the_report_adds_up (void)
{
  gsize size;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "registers", "quirks.csv", NULL);
  g_autofree char *csv = load (path, &size);
  g_autoptr (PkBuildingPlan) plan = make_plan (csv, size, NULL, NULL);
  g_autofree char *json = pk_building_plan_to_json (plan, TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = pk_json_parse (json, strlen (json), &error);

  g_assert_no_error (error);
  JsonObject *report = json_node_get_object (node);
  g_assert_cmpint (json_object_get_int_member (report, "rows"),
                   ==,
                   json_object_get_int_member (report, "imported") +
                       json_object_get_int_member (report, "duplicates") +
                       json_object_get_int_member (report, "rejected"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (report, "rejects")),
                    ==,
                    4);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (report, "unused")), ==, 1);
  g_assert_true (json_object_get_boolean_member (report, "preview"));
}

static PkRecord *
make_record (guint entity, guint8 number)
{
  PkId id = { { 0 } };

  id.bytes[15] = number;
  return pk_record_new (pk_entity_by_id (entity), &id);
}

/* Two units of one name, one of another; a caretaker; and a property that is there. */
static PkBuildingLinks *
make_links (void)
{
  PkBuildingLinks *links = pk_building_links_new ();
  static const char *const units[] = { "Drift nord", "Drift", "Drift" };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autoptr (PkRecord) unit = make_record (PK_ENTITY_UNIT, (guint8) (i + 1));
      pk_record_set_text (unit, PK_UNIT_NAME, units[i]);
      pk_building_links_add (links, unit);
    }
  g_autoptr (PkRecord) person = make_record (PK_ENTITY_PERSON, 4);
  pk_record_set_text (person, PK_PERSON_EMAIL, "per@example.org");
  pk_record_set_int (person, PK_PERSON_IS_ACTIVE, 1);
  pk_building_links_add (links, person);
  g_autoptr (PkRecord) property = make_record (PK_ENTITY_PROPERTY, 5);
  pk_record_set_text (property, PK_PROPERTY_NAME, "Nordlandet");
  pk_record_set_text (property, PK_PROPERTY_CADASTRAL_REF, "1505-6/12");
  pk_building_links_add (links, property);
  return links;
}

static guint8
number_of (const PkRecord *record, guint field)
{
  const PkId *id = pk_record_get_ref (record, field);

  return id != NULL ? id->bytes[15] : 0;
}

static void
test_buildings_land_in_a_property_a_unit_and_with_a_caretaker (void)
{
  static const char csv[] = "id;eiendom;enhet;vaktmester\n"
                            "1;nordlandet;DRIFT  NORD;per@example.org\n"
                            "2;Gomalandet;DN;Per\n"
                            "3;gomalandet;;\n"
                            "4;;Drift;\n"
                            "5;Nytt sted;Ukjent;\n"
                            "6;1505-6/12;;noen@example.org\n";
  static const char mapping[] = "{\"units\":{\"DN\":\"Drift nord\"},"
                                "\"caretakers\":{\"Per\":\"per@example.org\"},"
                                "\"defaults\":{\"unit\":\"drift nord\"}}";
  g_autoptr (PkBuildingLinks) links = make_links ();
  g_autoptr (GHashTable) existing = new_register ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PkBuildingPlan)
      plan = try_plan_with (csv, sizeof csv - 1, mapping, links, existing, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (number_of (get_row (plan, i)->record, PK_BUILDING_UNIT_ID), ==, 1);
  g_assert_cmpint (number_of (get_row (plan, 0)->record, PK_BUILDING_PROPERTY_ID), ==, 5);
  g_assert_cmpint (number_of (get_row (plan, 0)->record, PK_BUILDING_CARETAKER_ID), ==, 4);
  g_assert_cmpint (number_of (get_row (plan, 1)->record, PK_BUILDING_CARETAKER_ID), ==, 4);
  g_assert_true (
      pk_id_equal (pk_record_get_ref (get_row (plan, 1)->record, PK_BUILDING_PROPERTY_ID),
                   pk_record_get_ref (get_row (plan, 2)->record, PK_BUILDING_PROPERTY_ID)));
  g_assert_cmpint (get_row (plan, 3)->fault, ==, PK_FAULT_UNKNOWN_UNIT);
  g_assert_cmpint (get_row (plan, 4)->fault, ==, PK_FAULT_UNKNOWN_UNIT);
  g_assert_cmpint (get_row (plan, 5)->fault, ==, PK_FAULT_UNKNOWN_CARETAKER);
  g_assert_cmpuint (plan->properties->len, ==, 2);
  g_assert_true (pk_building_plan_needs (plan, plan->properties->pdata[0]));
  g_assert_false (pk_building_plan_needs (plan, plan->properties->pdata[1]));
  g_assert_cmpuint (pk_building_plan_count_without (plan, PK_BUILDING_CARETAKER_ID), ==, 1);
  carry_out (plan, existing);
  g_autoptr (PkBuildingPlan)
      again = try_plan_with (csv, sizeof csv - 1, mapping, links, existing, &error);
  g_assert_cmpuint (again->n[PK_PLAN_DUPLICATE], ==, 3);
  g_assert_cmpuint (again->n[PK_PLAN_UPDATE], ==, 0);
}

static void
test_a_default_that_means_nothing_is_refused (void)
{
  static const struct
  {
    const char *mapping, *pointer;
  } cases[] = {
    { "{\"defaults\":{\"unit\":\"Ukjent\"}}", "/mapping/defaults/unit" },
    { "{\"defaults\":{\"unit\":\"Drift\"}}", "/mapping/defaults/unit" },
    { "{\"defaults\":{\"caretaker\":\"x\"}}", "/mapping/defaults/caretaker" },
    { "{\"defaults\":{\"colour\":\"x\"}}", "/mapping/defaults/colour" },
    { "{\"defaults\":{\"unit\":7}}", "/mapping/defaults/unit" },
    { "{\"units\":7}", "/mapping/units" },
    { "{\"units\":{\"a\":7}}", "/mapping/units" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PkBuildingLinks) links = make_links ();
      g_autoptr (GError) error = NULL;
      g_assert_null (try_plan_with ("id\n1\n", 5, cases[i].mapping, links, NULL, &error));
      g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_INVALID);
      g_assert_cmpstr (pk_problem_get_pointer (error), ==, cases[i].pointer);
    }
}

/* Beside the source tree, or one folder further up where that is a work tree. */
static char *
find_sample (void)
{
  static const char *const folders[] = { "..", "../.." };

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path =
          g_build_filename (g_getenv ("PK_SOURCE_ROOT"), folders[i], SAMPLE, NULL);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  return NULL;
}

static void
test_a_real_register_of_507_buildings_is_read (void)
{
  g_autofree char *path = find_sample ();
  gsize size;

  if (path == NULL)
    {
      g_test_skip ("The sample is not here: ../" SAMPLE);
      return;
    }
  g_autofree char *csv = load (path, &size);
  g_autoptr (GHashTable) existing = new_register ();
  g_autoptr (PkBuildingLinks) links = make_links ();
  g_autoptr (GError) error = NULL;
  const char *mapping =
      "{\"defaults\":{\"property\":\"Building Data Genome\",\"unit\":\"Drift nord\"}}";
  g_autoptr (PkBuildingPlan) plan = try_plan_with (csv, size, mapping, links, existing, &error);
  double area = 0;
  g_assert_no_error (error);
  g_assert_cmpuint (plan->rows->len, ==, 507);
  g_assert_cmpuint (plan->n[PK_PLAN_NEW], ==, 507);
  for (guint i = 0; i < plan->rows->len; i++)
    {
      const PkPlanRow *row = get_row (plan, i);
      g_assert_cmpint (row->fault, ==, PK_FAULT_NONE);
      g_assert_cmpint (pk_record_get_int (row->record, PK_BUILDING_USE, -1),
                       !=,
                       PK_BUILDING_USE_OTHER);
      g_assert_cmpint (number_of (row->record, PK_BUILDING_UNIT_ID), ==, 1);
      g_assert_nonnull (pk_record_get_ref (row->record, PK_BUILDING_PROPERTY_ID));
      area += pk_record_get_real (row->record, PK_BUILDING_AREA_M2, 0);
    }
  g_assert_cmpfloat (area, >, 1e6);
  g_assert_cmpuint (plan->properties->len, ==, 1);
  carry_out (plan, existing);
  g_autoptr (PkBuildingPlan) again = try_plan_with (csv, size, mapping, links, existing, &error);
  g_assert_cmpuint (again->n[PK_PLAN_DUPLICATE], ==, 507);
}

/* Rows at random: whatever they hold, the counts add up and a second import of the same file changes nothing. */
static void
test_any_register_adds_up_and_settles (void)
{
  static const char *const values[] = { "",     "1",        "2",       "x", "1,5",       "-4",
                                        "1999", "pre 1900", "\"a,b\"", "æ", "9999999999" };

  for (int round = 0; round < 200; round++)
    {
      g_autoptr (GString) csv = g_string_new ("id,navn,bruk,byggeår,sqm,sqft,etasjer\n");
      g_autoptr (GHashTable) existing = new_register ();
      int n_rows = g_test_rand_int_range (0, 12);
      for (int i = 0; i < n_rows * 7; i++)
        g_string_append_printf (csv,
                                "%s%s",
                                values[g_test_rand_int_range (0, G_N_ELEMENTS (values))],
                                i % 7 == 6 ? "\n" : ",");
      g_autoptr (PkBuildingPlan) first = make_plan (csv->str, csv->len, NULL, existing);
      carry_out (first, existing);
      g_autoptr (PkBuildingPlan) second = make_plan (csv->str, csv->len, NULL, existing);
      g_assert_cmpuint (second->n[PK_PLAN_NEW], ==, 0);
      g_assert_cmpuint (second->n[PK_PLAN_UPDATE], ==, 0);
      g_assert_cmpuint (second->n[PK_PLAN_REJECTED], ==, first->n[PK_PLAN_REJECTED]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/building-plan/numbers-are-read-as-they-are-written",
                   test_numbers_are_read_as_they_are_written);
  g_test_add_func ("/building-plan/years-keep-what-they-do-not-say",
                   test_years_keep_what_they_do_not_say);
  g_test_add_func ("/building-plan/uses-are-known-in-two-languages",
                   test_uses_are_known_in_two_languages);
  g_test_add_func ("/building-plan/every-row-of-a-quirky-register-is-accounted-for",
                   test_every_row_of_a_quirky_register_is_accounted_for);
  g_test_add_func ("/building-plan/importing-twice-changes-nothing",
                   test_importing_twice_changes_nothing);
  g_test_add_func ("/building-plan/a-changed-row-is-an-update-that-says-what-changed",
                   test_a_changed_row_is_an_update_that_says_what_changed);
  g_test_add_func ("/building-plan/a-mapping-file-says-what-names-do-not",
                   test_a_mapping_file_says_what_names_do_not);
  g_test_add_func ("/building-plan/a-file-that-makes-no-sense-is-refused-whole",
                   test_a_file_that_makes_no_sense_is_refused_whole);
  g_test_add_func ("/building-plan/a-file-in-windows-1252-is-read",
                   test_a_file_in_windows_1252_is_read);
  g_test_add_func ("/building-plan/buildings-land-in-a-property-a-unit-and-with-a-caretaker",
                   test_buildings_land_in_a_property_a_unit_and_with_a_caretaker);
  g_test_add_func ("/building-plan/a-default-that-means-nothing-is-refused",
                   test_a_default_that_means_nothing_is_refused);
  g_test_add_func ("/building-plan/the-report-adds-up", test_the_report_adds_up);
  g_test_add_func ("/building-plan/a-real-register-of-507-buildings-is-read",
                   test_a_real_register_of_507_buildings_is_read);
  g_test_add_func ("/building-plan/any-register-adds-up-and-settles",
                   test_any_register_adds_up_and_settles);
  return g_test_run ();
}

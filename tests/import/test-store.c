/* The demo municipality and the building register through the service into a real store. */
#include "config.h"

#include "pk-building-import.h"
#include "pk-demo-load.h"

#include "pk-json.h"
#include "pk-model-tables.h"
#include "pk-problem.h"
#include "pk-service-import.h"
#include "pk-store.h"
#include "pk-test-database.h"
#include "pk-test.h"

#include <string.h>

#define TODAY "2026-11-23"

typedef struct
{
  char *folder;
  PkClock *clock;
  PkIdSource *ids;
  PkStore *store;
  PkService *service;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  (void) data;
  self->folder = g_dir_make_tmp ("pakobla-import-XXXXXX", &error);
  g_assert_no_error (error);
  pk_test_database_set_up (self->folder);
  self->clock = pk_clock_new_manual (G_GINT64_CONSTANT (1795420800000000));
  self->ids = pk_id_source_new_seeded (self->clock, 9);
  self->store = pk_store_open (self->folder, PK_STORE_READ_WRITE, self->ids, &error);
  g_assert_no_error (error);
  self->service = pk_service_new (self->store, self->clock, self->ids);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  (void) data;
  pk_service_free (self->service);
  pk_store_close (self->store);
  pk_id_source_unref (self->ids);
  pk_clock_unref (self->clock);
  pk_test_remove_tree (self->folder);
  g_free (self->folder);
}

static gboolean
count_cb (PkRecord *record, gpointer data)
{
  (void) record;
  *(guint *) data += 1;
  return TRUE;
}

static guint
count (Fixture *self, guint entity)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  pk_service_visit (self->service, entity, count_cb, &n, &error);
  g_assert_no_error (error);
  return n;
}

static void
test_the_demo_fills_an_empty_store_and_no_other (Fixture *self, gconstpointer data)
{
  PkDemoOptions options = { .seed = 1, .today = TODAY, .n_people = 200, .n_tasks = 150 };
  PkDemoLoaded loaded = { 0 };
  g_autoptr (GError) error = NULL;

  (void) data;
  g_assert_true (pk_demo_load (self->service, &options, &loaded, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (self, PK_ENTITY_TASK), ==, 150);
  g_assert_cmpuint (count (self, PK_ENTITY_BUILDING), ==, 59);
  g_assert_cmpuint (loaded.n_contents, >, 200);
  g_test_message ("%" G_GUINT64_FORMAT " records in %" G_GINT64_FORMAT " ms",
                  loaded.n_records,
                  loaded.duration_us / 1000);
  g_assert_false (pk_demo_load (self->service, &options, NULL, &error));
  g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_EXISTS);
}

static gint64
import (Fixture *self, const char *csv, gboolean is_preview, const char *member)
{
  PkBuildingImportOptions options = { .is_preview = is_preview };
  g_autoptr (GError) error = NULL;
  g_autofree char *json =
      pk_building_import_run (self->service, csv, strlen (csv), &options, &error);

  g_assert_no_error (error);
  g_autoptr (JsonNode) node = pk_json_parse (json, strlen (json), &error);
  g_assert_no_error (error);
  return json_object_get_int_member (json_node_get_object (node), member);
}

static void
test_a_register_is_imported_once (Fixture *self, gconstpointer data)
{
  static const char first[] = "id,navn,sqm\r1,Vågen,100\r2,Myra,200\r3,Draget,x\r";
  static const char later[] = "id,navn,sqm\r1,Vågen,150\r2,Myra,200\r";

  (void) data;
  g_assert_cmpint (import (self, first, TRUE, "new"), ==, 2);
  g_assert_cmpuint (count (self, PK_ENTITY_BUILDING), ==, 0);
  g_assert_cmpint (import (self, first, FALSE, "imported"), ==, 2);
  g_assert_cmpuint (count (self, PK_ENTITY_BUILDING), ==, 2);
  guint n_history = count (self, PK_ENTITY_HISTORY);
  g_assert_cmpint (import (self, first, FALSE, "duplicates"), ==, 2);
  g_assert_cmpuint (count (self, PK_ENTITY_HISTORY), ==, n_history);
  g_assert_cmpint (import (self, later, FALSE, "updated"), ==, 1);
  g_assert_cmpuint (count (self, PK_ENTITY_BUILDING), ==, 2);
  g_assert_cmpuint (count (self, PK_ENTITY_HISTORY), >, n_history);
}

static void
test_a_register_with_a_mistake_changes_nothing (Fixture *self, gconstpointer data)
{
  static const char csv[] = "id,navn\n1,Vågen\n2,\"Myra";
  PkBuildingImportOptions options = { 0 };
  g_autoptr (GError) error = NULL;

  (void) data;
  g_assert_null (pk_building_import_run (self->service, csv, sizeof csv - 1, &options, &error));
  g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_MALFORMED);
  g_assert_cmpuint (count (self, PK_ENTITY_BUILDING), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/import/the-demo-fills-an-empty-store-and-no-other",
              Fixture,
              NULL,
              set_up,
              test_the_demo_fills_an_empty_store_and_no_other,
              tear_down);
  g_test_add ("/import/a-register-is-imported-once",
              Fixture,
              NULL,
              set_up,
              test_a_register_is_imported_once,
              tear_down);
  g_test_add ("/import/a-register-with-a-mistake-changes-nothing",
              Fixture,
              NULL,
              set_up,
              test_a_register_with_a_mistake_changes_nothing,
              tear_down);
  return g_test_run ();
}

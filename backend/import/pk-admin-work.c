/* The operators' requests that imports answer. */
#include "config.h"

#include "pk-admin-work.h"
#include "pk-building-import.h"
#include "pk-demo-load.h"

#include "pk-json.h"
#include "pk-problem.h"
#include "pk-time.h"

#include <string.h>

#define MOST_PEOPLE 100000
#define MOST_TASKS  1000000

/**
 * pk_admin_work_import_buildings:
 * @mapping: (nullable): a mapping file
 * @is_preview: whether nothing is to be changed
 *
 * Imports a building register, or shows what would happen.
 *
 * Errors: as [func@building_import_run]
 * Returns: (transfer full) (nullable): the report
 */
char *
pk_admin_work_import_buildings (PkService *service,
                                const char *csv,
                                gsize size,
                                const char *mapping,
                                gboolean is_preview,
                                GError **error)
{
  PkBuildingImportOptions options = { .mapping_json = mapping, .is_preview = is_preview };

  return pk_building_import_run (service, csv, size, &options, error);
}

static gboolean
read_size (JsonObject *object, const char *name, guint most, guint *size_out, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  g_autofree char *pointer = g_strconcat ("/", name, NULL);

  if (node == NULL)
    return TRUE;
  gint64 size = json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : -1;
  if (size < 0 || size > most)
    {
      pk_problem_set (error, PK_PROBLEM_INVALID, pointer, "A number from 0 to %u is needed", most);
      return FALSE;
    }
  *size_out = (guint) size;
  return TRUE;
}

static gboolean
read_options (JsonNode *root, PkDemoOptions *options, GError **error)
{
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      pk_problem_set (error, PK_PROBLEM_MALFORMED, "", "An object was expected");
      return FALSE;
    }
  JsonObject *object = json_node_get_object (root);
  JsonNode *today = json_object_get_member (object, "today");
  guint seed = 1;
  if (!read_size (object, "seed", G_MAXINT, &seed, error) ||
      !read_size (object, "people", MOST_PEOPLE, &options->n_people, error) ||
      !read_size (object, "tasks", MOST_TASKS, &options->n_tasks, error))
    return FALSE;
  options->seed = seed;
  options->today = today != NULL && json_node_get_value_type (today) == G_TYPE_STRING
                       ? json_node_get_string (today)
                       : NULL;
  if (today == NULL || (options->today != NULL && pk_date_is_valid (options->today)))
    return TRUE;
  pk_problem_set (error, PK_PROBLEM_INVALID, "/today", "A day such as 2026-11-23 is needed");
  return FALSE;
}

/**
 * pk_admin_work_load_demo:
 * @options: JSON: {seed, today, people, tasks}, each optional
 *
 * Fills an empty store with the demo municipality.
 *
 * Errors: %PK_PROBLEM_EXISTS if there are people already; %PK_PROBLEM_INVALID
 * Returns: (transfer full) (nullable): {records, contents, seconds}
 */
char *
pk_admin_work_load_demo (PkService *service, const char *options, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonNode) root = pk_json_parse (options, strlen (options), &local_error);
  PkDemoOptions demo = { 0 };
  PkDemoLoaded loaded;

  if (root == NULL)
    {
      pk_problem_set (error, PK_PROBLEM_MALFORMED, "", "%s", local_error->message);
      return NULL;
    }
  if (!read_options (root, &demo, error) || !pk_demo_load (service, &demo, &loaded, error))
    return NULL;
  GString *out = g_string_new ("{");
  pk_json_append_name (out, "records");
  g_string_append_printf (out, "%" G_GUINT64_FORMAT, loaded.n_records);
  pk_json_append_name (out, "contents");
  g_string_append_printf (out, "%" G_GUINT64_FORMAT, loaded.n_contents);
  pk_json_append_name (out, "seconds");
  pk_json_append_real (out, (double) loaded.duration_us / G_USEC_PER_SEC);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

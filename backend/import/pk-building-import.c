/* A building register into the store: the plan is worked out against what is there, then carried out in one transaction. */
#include "config.h"

#include "pk-building-import.h"
#include "pk-building-plan.h"

#include "pk-model-tables.h"
#include "pk-problem.h"
#include "pk-service-import.h"

static char *
make_key (const char *source, const char *reference)
{
  return g_strconcat (source, "\n", reference, NULL);
}

static gboolean
note_building_cb (PkRecord *record, gpointer data)
{
  const char *source = pk_record_get_text (record, PK_BUILDING_SOURCE);
  const char *reference = pk_record_get_text (record, PK_BUILDING_SOURCE_REF);

  if (source != NULL && reference != NULL)
    g_hash_table_replace (data, make_key (source, reference), pk_record_ref (record));
  return TRUE;
}

static PkRecord *
lookup_building_cb (const char *source, const char *reference, gpointer user_data)
{
  g_autofree char *key = make_key (source, reference);

  return g_hash_table_lookup (user_data, key);
}

static gboolean
note_link_cb (PkRecord *record, gpointer data)
{
  pk_building_links_add (data, record);
  return TRUE;
}

static gboolean
find_links (PkService *service, PkBuildingLinks *links, GError **error)
{
  static const guint entities[] = { PK_ENTITY_UNIT, PK_ENTITY_PERSON, PK_ENTITY_PROPERTY };

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (!pk_service_visit (service, entities[i], note_link_cb, links, error))
      return FALSE;
  return TRUE;
}

static PkBuildingPlan *
make_plan (PkService *service,
           const char *csv,
           gsize size,
           const PkBuildingImportOptions *options,
           PkBuildingLinks *links,
           GError **error)
{
  g_autoptr (GHashTable) existing =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) pk_record_unref);

  if (!find_links (service, links, error) ||
      !pk_service_visit (service, PK_ENTITY_BUILDING, note_building_cb, existing, error))
    return NULL;
  return pk_building_plan_new (csv,
                               size,
                               options->source != NULL ? options->source : "csv",
                               options->mapping_json,
                               pk_service_get_ids (service),
                               links,
                               lookup_building_cb,
                               existing,
                               error);
}

static gboolean
carry_out (PkService *service, const PkBuildingPlan *plan, const PkId *actor, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new ();

  for (guint i = 0; i < plan->properties->len; i++)
    if (pk_building_plan_needs (plan, plan->properties->pdata[i]))
      g_ptr_array_add (records, plan->properties->pdata[i]);
  for (guint i = 0; i < plan->rows->len; i++)
    {
      const PkPlanRow *row = plan->rows->pdata[i];
      if (row->outcome == PK_PLAN_NEW || row->outcome == PK_PLAN_UPDATE)
        g_ptr_array_add (records, row->record);
    }
  return records->len == 0 || pk_service_import_records (service,
                                                         records,
                                                         actor,
                                                         pk_service_now_us (service),
                                                         PK_IMPORT_WITH_HISTORY,
                                                         error);
}

/**
 * pk_building_import_run:
 * @service: the writer's
 * @csv: the file
 * @options: how
 *
 * Imports a building register, or says what an import would do. Importing the same file twice changes nothing.
 *
 * Errors: %PK_PROBLEM_ERROR for a file or mapping that makes no sense; those of the store. Nothing is changed then.
 * Returns: (transfer full) (nullable): the report as JSON
 */
char *
pk_building_import_run (PkService *service,
                        const char *csv,
                        gsize size,
                        const PkBuildingImportOptions *options,
                        GError **error)
{
  if (size > PK_BUILDING_IMPORT_MAX_BYTES)
    {
      pk_problem_set (error, PK_PROBLEM_TOO_LARGE, "", "A register may have 32 MiB");
      return NULL;
    }
  g_autoptr (PkBuildingLinks) links = pk_building_links_new ();
  g_autoptr (PkBuildingPlan) plan = make_plan (service, csv, size, options, links, error);
  if (plan == NULL)
    return NULL;
  if (!options->is_preview && !carry_out (service, plan, options->actor, error))
    return NULL;
  return pk_building_plan_to_json (plan, options->is_preview);
}

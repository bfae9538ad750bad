/*
 * What an import of a building register would do, worked out without touching anything. The same plan is shown as a preview
 * and carried out.
 *
 * A building is known by (source, reference). Every row of the file ends as exactly one of new, update, duplicate and
 * rejected; whoever imports the same file twice gets duplicates only.
 */
#include "config.h"

#include "pk-building-plan.h"
#include "pk-building-row.h"
#include "pk-csv.h"

#include "pk-model-tables.h"
#include "pk-problem.h"

#include <string.h>

typedef struct
{
  PkBuildingPlan *plan;
  const char *mapping_json;
  PkIdSource *ids;
  PkBuildingLookup lookup;
  gpointer user_data;
  GHashTable *seen; /* (owned): reference → PkPlanRow of the file so far, borrowed */
} Planner;

static void
free_row (gpointer data)
{
  PkPlanRow *row = data;

  g_free (row->reference);
  g_clear_pointer (&row->record, pk_record_unref);
  g_free (row->column);
  g_free (row->value);
  g_free (row);
}

/* What is meant where rows say nothing must be clear before the first row. */
static gboolean
check_defaults (const PkBuildingPlan *plan, GError **error)
{
  for (guint i = 0; i < PK_N_LINKS; i++)
    {
      const char *text = plan->mapping->defaults[i];
      g_autofree char *pointer =
          g_strconcat ("/mapping/defaults/", pk_building_link_name ((PkBuildingLink) i), NULL);
      gboolean is_fine = text == NULL || plan->links == NULL ||
                         pk_building_links_find (plan->links, (PkBuildingLink) i, text) != NULL;
      if (!is_fine && i == PK_LINK_PROPERTY)
        is_fine = !pk_building_links_is_ambiguous (plan->links, PK_LINK_PROPERTY, text);
      if (!is_fine)
        {
          pk_problem_set (error,
                          PK_PROBLEM_INVALID,
                          pointer,
                          "Nothing, or more than one, is called %s",
                          text);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
take_header (Planner *self, const char *const *fields, GError **error)
{
  PkBuildingPlan *plan = self->plan;

  plan->mapping = pk_building_mapping_new (fields, self->mapping_json, error);
  if (plan->mapping == NULL)
    return FALSE;
  if (plan->mapping->source != NULL)
    {
      g_free (plan->source);
      plan->source = g_strdup (plan->mapping->source);
    }
  return check_defaults (plan, error);
}

static PkRecord *
begin_record (Planner *self, const char *reference)
{
  const PkRecord *existing = self->lookup != NULL
                                 ? self->lookup (self->plan->source, reference, self->user_data)
                                 : NULL;
  PkId id = existing != NULL ? *pk_record_get_id (existing) : pk_id_source_next (self->ids);

  if (existing != NULL)
    return pk_record_copy (existing);
  PkRecord *record = pk_record_new (pk_entity_by_id (PK_ENTITY_BUILDING), &id);
  pk_record_set_text (record, PK_BUILDING_SOURCE, self->plan->source);
  pk_record_set_text (record, PK_BUILDING_SOURCE_REF, reference);
  pk_record_set_int (record, PK_BUILDING_STATUS, PK_BUILDING_STATUS_IN_USE);
  return record;
}

static guint64
find_changes (const PkRecord *before, const PkRecord *after)
{
  guint64 changed = 0;

  for (guint i = 0; i < PK_BUILDING_N_FIELDS; i++)
    if (!pk_value_equal (pk_record_get (before, i), pk_record_get (after, i)))
      changed |= G_GUINT64_CONSTANT (1) << i;
  return changed;
}

/* The reference stood before: with the same values it is a duplicate, with others nobody can know which is right. */
static PkPlanOutcome
judge_again (PkPlanRow *row, const PkPlanRow *first)
{
  if (first->record != NULL && find_changes (first->record, row->record) == 0)
    return PK_PLAN_DUPLICATE;
  row->fault = PK_FAULT_TWICE;
  g_clear_pointer (&row->column, g_free);
  g_free (row->value);
  row->value = g_strdup (row->reference);
  return PK_PLAN_REJECTED;
}

static PkPlanOutcome
judge (Planner *self, PkPlanRow *row, const char *const *fields)
{
  const PkRecord *existing =
      self->lookup != NULL ? self->lookup (self->plan->source, row->reference, self->user_data)
                           : NULL;
  const PkPlanRow *first = g_hash_table_lookup (self->seen, row->reference);

  row->record = begin_record (self, row->reference);
  if (!pk_building_row_read (self->plan, fields, row->record, row))
    return PK_PLAN_REJECTED;
  if (first != NULL)
    return judge_again (row, first);
  g_hash_table_insert (self->seen, row->reference, row);
  if (existing == NULL)
    return PK_PLAN_NEW;
  row->changed = find_changes (existing, row->record);
  return row->changed != 0 ? PK_PLAN_UPDATE : PK_PLAN_DUPLICATE;
}

static PkPlanOutcome
plan_row (Planner *self, PkPlanRow *row, const char *const *fields, guint n_fields)
{
  int place = self->plan->mapping->places[PK_COLUMN_REFERENCE];
  double max = pk_entity_by_id (PK_ENTITY_BUILDING)->fields[PK_BUILDING_SOURCE_REF].max;

  row->reference = g_strstrip (g_strdup ((guint) place < n_fields ? fields[place] : ""));
  if (n_fields != g_strv_length (self->plan->mapping->header))
    row->fault = PK_FAULT_FIELDS;
  else if (*row->reference == '\0')
    row->fault = PK_FAULT_NO_REFERENCE;
  else if ((double) g_utf8_strlen (row->reference, -1) > max)
    row->fault = PK_FAULT_TOO_LONG;
  return row->fault != PK_FAULT_NONE ? PK_PLAN_REJECTED : judge (self, row, fields);
}

static gboolean
row_read_cb (guint64 line,
             const char *const *fields,
             guint n_fields,
             gpointer user_data,
             GError **error)
{
  Planner *self = user_data;

  if (self->plan->mapping == NULL)
    return take_header (self, fields, error);
  PkPlanRow *row = g_new0 (PkPlanRow, 1);
  row->line = line;
  g_ptr_array_add (self->plan->rows, row);
  row->outcome = plan_row (self, row, fields, n_fields);
  if (row->outcome == PK_PLAN_REJECTED || row->outcome == PK_PLAN_DUPLICATE)
    {
      const PkPlanRow *first = row->reference != NULL
                                   ? g_hash_table_lookup (self->seen, row->reference)
                                   : NULL;
      if (first != row || row->outcome == PK_PLAN_REJECTED)
        g_clear_pointer (&row->record, pk_record_unref);
    }
  self->plan->n[row->outcome]++;
  return TRUE;
}

static gboolean
read_rows (Planner *self, const char *csv, gsize size, GError **error)
{
  g_autoptr (PkCsvReader)
      reader = pk_csv_reader_new (self->plan->separator, NULL, row_read_cb, self);
  g_autoptr (GError) local_error = NULL;

  if (pk_csv_reader_feed (reader, csv, size, &local_error) &&
      pk_csv_reader_finish (reader, &local_error))
    return TRUE;
  if (local_error->domain != PK_CSV_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  PkProblem code = local_error->code == PK_CSV_ERROR_TOO_LARGE ? PK_PROBLEM_TOO_LARGE
                                                               : PK_PROBLEM_MALFORMED;
  pk_problem_set (error, code, "", "%s", local_error->message);
  return FALSE;
}

/**
 * pk_building_plan_new:
 * @csv: the file; UTF-8, or else read as Windows-1252
 * @source: what the register is called, unless the mapping says so
 * @mapping_json: (nullable): a mapping file
 * @ids: for new buildings and properties
 * @links: (nullable): what they can be tied to; must outlive the plan
 * @lookup: (nullable): finds what is there
 *
 * Works out what an import would do.
 *
 * Errors: %PK_PROBLEM_ERROR: MALFORMED and TOO_LARGE with line and column, INVALID and REQUIRED for the mapping
 * Returns: (transfer full) (nullable): the plan
 */
PkBuildingPlan *
pk_building_plan_new (const char *csv,
                      gsize size,
                      const char *source,
                      const char *mapping_json,
                      PkIdSource *ids,
                      PkBuildingLinks *links,
                      PkBuildingLookup lookup,
                      gpointer user_data,
                      GError **error)
{
  g_autoptr (PkBuildingPlan) plan = g_new0 (PkBuildingPlan, 1);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *converted = NULL;
  gsize converted_size = 0;
  Planner self = { plan, mapping_json, ids, lookup, user_data, seen };

  plan->source = g_strdup (source);
  plan->links = links;
  plan->ids = ids;
  plan->properties = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  plan->rows = g_ptr_array_new_with_free_func (free_row);
  plan->separator = pk_csv_guess_separator (csv, size);
  plan->was_utf8 = g_utf8_validate_len (csv, size, NULL);
  if (!plan->was_utf8)
    converted =
        g_convert (csv, (gssize) size, "UTF-8", "WINDOWS-1252", NULL, &converted_size, NULL);
  if (!read_rows (&self,
                  converted != NULL ? converted : csv,
                  converted != NULL ? converted_size : size,
                  error))
    return NULL;
  if (plan->mapping == NULL)
    {
      pk_problem_set (error, PK_PROBLEM_MALFORMED, "", "The file is empty");
      return NULL;
    }
  return g_steal_pointer (&plan);
}

static gboolean
is_carried_out (const PkPlanRow *row)
{
  return row->outcome == PK_PLAN_NEW || row->outcome == PK_PLAN_UPDATE;
}

/**
 * pk_building_plan_needs:
 * @property: a new one
 *
 * Returns: whether a building that is imported stands on it
 */
gboolean
pk_building_plan_needs (const PkBuildingPlan *self, const PkRecord *property)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      const PkPlanRow *row = self->rows->pdata[i];
      const PkId *id = is_carried_out (row)
                           ? pk_record_get_ref (row->record, PK_BUILDING_PROPERTY_ID)
                           : NULL;
      if (id != NULL && pk_id_equal (id, pk_record_get_id (property)))
        return TRUE;
    }
  return FALSE;
}

/**
 * pk_building_plan_count_without:
 * @field: a PkBuildingField
 *
 * Returns: how many of the buildings that are imported have no value there
 */
guint
pk_building_plan_count_without (const PkBuildingPlan *self, guint field)
{
  guint n = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const PkPlanRow *row = self->rows->pdata[i];
      n += is_carried_out (row) && pk_record_get (row->record, field)->kind == PK_VALUE_NULL;
    }
  return n;
}

/**
 * pk_building_plan_free:
 *
 * Frees a plan.
 */
void
pk_building_plan_free (PkBuildingPlan *self)
{
  g_clear_pointer (&self->mapping, pk_building_mapping_free);
  g_free (self->source);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->properties);
  g_free (self);
}

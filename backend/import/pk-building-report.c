/* A plan as the JSON report that pakobla-admin prints and keeps. Faults are codes with column and value; sentences come later. */
#include "config.h"

#include "pk-building-plan.h"

#include "pk-codec.h"
#include "pk-model-tables.h"

#define MAX_SAMPLES 5

static const char *const fault_codes[PK_N_FAULTS] = {
  "none",         "wrong_number_of_fields", "no_reference",      "reference_twice",
  "not_a_number", "out_of_range",           "too_long",          "unknown_use",
  "areas_differ", "unknown_unit",           "unknown_caretaker", "which_property",
};

/**
 * pk_plan_fault_code:
 *
 * Returns: the fault in reports
 */
const char *
pk_plan_fault_code (PkPlanFault fault)
{
  return fault_codes[fault];
}

static void
append_count (GString *out, const char *name, guint n)
{
  pk_json_append_name (out, name);
  g_string_append_printf (out, "%u", n);
}

static void
append_member (GString *out, const char *name, const char *text)
{
  pk_json_append_name (out, name);
  pk_json_append_text (out, text);
}

static void
append_columns (GString *out, const PkBuildingMapping *mapping)
{
  pk_json_append_name (out, "columns");
  g_string_append_c (out, '{');
  for (int i = 0; i < PK_N_COLUMNS; i++)
    if (mapping->places[i] >= 0)
      append_member (out,
                     pk_building_column_name ((PkBuildingColumn) i),
                     mapping->header[mapping->places[i]]);
  g_string_append_c (out, '}');
  pk_json_append_name (out, "unused");
  g_string_append_c (out, '[');
  for (int i = 0; mapping->header[i] != NULL; i++)
    {
      if (pk_building_mapping_uses (mapping, i))
        continue;
      if (out->str[out->len - 1] != '[')
        g_string_append_c (out, ',');
      pk_json_append_text (out, mapping->header[i]);
    }
  g_string_append_c (out, ']');
}

static void
begin_row (GString *out, const PkPlanRow *row)
{
  if (out->str[out->len - 1] != '[')
    g_string_append_c (out, ',');
  g_string_append_printf (out, "{\"line\":%" G_GUINT64_FORMAT, row->line);
  append_member (out, "reference", row->reference);
}

static void
append_fault (GString *out, const PkPlanRow *row)
{
  begin_row (out, row);
  append_member (out, "reason", fault_codes[row->fault]);
  append_member (out, "column", row->column);
  append_member (out, "value", row->value);
  g_string_append_c (out, '}');
}

static void
append_update (GString *out, const PkPlanRow *row)
{
  gboolean is_first = TRUE;

  begin_row (out, row);
  pk_json_append_name (out, "fields");
  g_string_append_c (out, '[');
  for (guint i = 0; i < PK_BUILDING_N_FIELDS; i++)
    {
      if ((row->changed >> i & 1) == 0)
        continue;
      g_string_append (out, is_first ? "" : ",");
      pk_json_append_text (out, pk_entity_by_id (PK_ENTITY_BUILDING)->fields[i].name);
      is_first = FALSE;
    }
  g_string_append (out, "]}");
}

static gboolean
is_rejected (const PkPlanRow *row)
{
  return row->outcome == PK_PLAN_REJECTED;
}

static gboolean
has_remark (const PkPlanRow *row)
{
  return row->outcome != PK_PLAN_REJECTED && row->fault != PK_FAULT_NONE;
}

static gboolean
is_update (const PkPlanRow *row)
{
  return row->outcome == PK_PLAN_UPDATE;
}

static void
append_rows (GString *out,
             const PkBuildingPlan *plan,
             const char *name,
             gboolean (*belongs) (const PkPlanRow *row),
             void (*append) (GString *out, const PkPlanRow *row))
{
  pk_json_append_name (out, name);
  g_string_append_c (out, '[');
  for (guint i = 0; i < plan->rows->len; i++)
    if (belongs (plan->rows->pdata[i]))
      append (out, plan->rows->pdata[i]);
  g_string_append_c (out, ']');
}

static void
append_samples (GString *out, const PkBuildingPlan *plan)
{
  guint n = 0;

  pk_json_append_name (out, "samples");
  g_string_append_c (out, '[');
  for (guint i = 0; i < plan->rows->len && n < MAX_SAMPLES; i++)
    {
      const PkPlanRow *row = plan->rows->pdata[i];
      if (row->outcome != PK_PLAN_NEW)
        continue;
      g_string_append (out, n++ > 0 ? "," : "");
      pk_codec_append_record (out, row->record);
    }
  g_string_append_c (out, ']');
}

static guint
count_properties (const PkBuildingPlan *plan)
{
  guint n = 0;

  for (guint i = 0; i < plan->properties->len; i++)
    n += pk_building_plan_needs (plan, plan->properties->pdata[i]);
  return n;
}

/**
 * pk_building_plan_to_json:
 * @is_preview: whether nothing was changed
 *
 * Returns: (transfer full): the report; rows = imported + duplicates + rejected, imported = new + updated
 */
char *
pk_building_plan_to_json (const PkBuildingPlan *self, gboolean is_preview)
{
  GString *out = g_string_new ("{");
  char separator[] = { self->separator, '\0' };

  append_member (out, "source", self->source);
  pk_json_append_name (out, "preview");
  g_string_append (out, is_preview ? "true" : "false");
  append_member (out, "separator", separator);
  append_member (out, "encoding", self->was_utf8 ? "UTF-8" : "Windows-1252");
  append_count (out, "rows", self->rows->len);
  append_count (out, "imported", self->n[PK_PLAN_NEW] + self->n[PK_PLAN_UPDATE]);
  append_count (out, "new", self->n[PK_PLAN_NEW]);
  append_count (out, "updated", self->n[PK_PLAN_UPDATE]);
  append_count (out, "duplicates", self->n[PK_PLAN_DUPLICATE]);
  append_count (out, "rejected", self->n[PK_PLAN_REJECTED]);
  append_count (out, "properties", count_properties (self));
  append_count (out,
                "without_property",
                pk_building_plan_count_without (self, PK_BUILDING_PROPERTY_ID));
  append_count (out, "without_unit", pk_building_plan_count_without (self, PK_BUILDING_UNIT_ID));
  append_columns (out, self->mapping);
  append_rows (out, self, "rejects", is_rejected, append_fault);
  append_rows (out, self, "updates", is_update, append_update);
  append_rows (out, self, "remarks", has_remark, append_fault);
  append_samples (out, self);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

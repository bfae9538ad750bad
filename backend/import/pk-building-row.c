/*
 * A row's fields into a building's. A value that cannot be read rejects the row: better a row that a person looks at than a
 * building with a hole. An empty field says nothing and changes nothing.
 */
#include "config.h"

#include "pk-building-row.h"

#include "pk-building-values.h"

#include "pk-model-tables.h"

#include <math.h>
#include <string.h>

#define AREA_TOLERANCE 0.02 /* of the area: m² and sqft of one building are rounded differently */

typedef struct
{
  PkBuildingPlan *plan;
  const char *const *fields;
  PkRecord *record;
  PkPlanRow *row;
} Reader;

static char *
dup_value (Reader *self, PkBuildingColumn column)
{
  int place = self->plan->mapping->places[column];

  if (place < 0)
    return NULL;
  char *value = g_strstrip (g_strdup (self->fields[place]));
  if (*value != '\0')
    return value;
  g_free (value);
  return NULL;
}

static gboolean
fault (Reader *self, PkPlanFault what, PkBuildingColumn column, const char *value)
{
  int place = self->plan->mapping->places[column];

  self->row->fault = what;
  g_free (self->row->column);
  g_free (self->row->value);
  self->row->column = g_strdup (place >= 0 ? self->plan->mapping->header[place]
                                           : pk_building_column_name (column));
  self->row->value = g_utf8_substring (value, 0, MIN (g_utf8_strlen (value, -1), 80));
  return FALSE;
}

static gboolean
read_text (Reader *self, PkBuildingColumn column, guint field)
{
  g_autofree char *value = dup_value (self, column);
  double max = pk_record_get_entity (self->record)->fields[field].max;

  if (value == NULL)
    return TRUE;
  if ((double) g_utf8_strlen (value, -1) > max)
    return fault (self, PK_FAULT_TOO_LONG, column, value);
  pk_record_set_text (self->record, field, value);
  return TRUE;
}

static char
get_decimal (Reader *self)
{
  return self->plan->separator == ',' ? '.' : ',';
}

static gboolean
parse_number (Reader *self,
              PkBuildingColumn column,
              const char *value,
              guint field,
              double scale,
              double *number_out)
{
  const PkField *spec = &pk_record_get_entity (self->record)->fields[field];

  if (!pk_building_read_number (value, get_decimal (self), number_out))
    return fault (self, PK_FAULT_NOT_A_NUMBER, column, value);
  *number_out *= scale;
  if (*number_out < spec->min || *number_out > spec->max)
    return fault (self, PK_FAULT_RANGE, column, value);
  return TRUE;
}

static gboolean
read_real (Reader *self, PkBuildingColumn column, guint field)
{
  g_autofree char *value = dup_value (self, column);
  double number;

  if (value == NULL)
    return TRUE;
  if (!parse_number (self, column, value, field, 1, &number))
    return FALSE;
  pk_record_set_real (self->record, field, number);
  return TRUE;
}

static gboolean
read_int (Reader *self, PkBuildingColumn column, guint field)
{
  g_autofree char *value = dup_value (self, column);
  double number;

  if (value == NULL)
    return TRUE;
  if (!parse_number (self, column, value, field, 1, &number))
    return FALSE;
  if (fabs (number - rint (number)) > 1e-6)
    return fault (self, PK_FAULT_NOT_A_NUMBER, column, value);
  pk_record_set_int (self->record, field, (gint64) rint (number));
  return TRUE;
}

static gboolean
read_area (Reader *self)
{
  g_autofree char *metres = dup_value (self, PK_COLUMN_AREA_M2);
  g_autofree char *feet = dup_value (self, PK_COLUMN_AREA_SQFT);
  double area = 0, converted = 0;

  if (metres != NULL &&
      !parse_number (self, PK_COLUMN_AREA_M2, metres, PK_BUILDING_AREA_M2, 1, &area))
    return FALSE;
  if (feet != NULL && !parse_number (self,
                                     PK_COLUMN_AREA_SQFT,
                                     feet,
                                     PK_BUILDING_AREA_M2,
                                     PK_SQUARE_METRES_PER_SQUARE_FOOT,
                                     &converted))
    return FALSE;
  if (metres != NULL && feet != NULL && fabs (area - converted) > AREA_TOLERANCE * MAX (area, 1))
    fault (self, PK_FAULT_AREAS_DIFFER, PK_COLUMN_AREA_SQFT, feet);
  if (metres == NULL && feet != NULL)
    area = rint (converted * 100) / 100;
  if (metres != NULL || feet != NULL)
    pk_record_set_real (self->record, PK_BUILDING_AREA_M2, area);
  return TRUE;
}

static gboolean
read_built (Reader *self)
{
  g_autofree char *value = dup_value (self, PK_COLUMN_BUILT);
  const PkField *note = &pk_record_get_entity (self->record)->fields[PK_BUILDING_BUILT_NOTE];
  int year;
  gboolean is_exact = FALSE;

  if (value == NULL)
    return TRUE;
  if ((double) g_utf8_strlen (value, -1) > note->max)
    return fault (self, PK_FAULT_TOO_LONG, PK_COLUMN_BUILT, value);
  if (pk_building_read_year (value, &year, &is_exact))
    pk_record_set_int (self->record, PK_BUILDING_BUILT_YEAR, year);
  else
    pk_record_set_null (self->record, PK_BUILDING_BUILT_YEAR);
  pk_record_set_text (self->record, PK_BUILDING_BUILT_NOTE, is_exact ? NULL : value);
  return TRUE;
}

static gboolean
read_use (Reader *self)
{
  g_autofree char *value = dup_value (self, PK_COLUMN_USE);
  const PkEnum *uses = pk_record_get_entity (self->record)->fields[PK_BUILDING_USE].values;
  gboolean is_new = pk_record_get (self->record, PK_BUILDING_USE)->kind == PK_VALUE_NULL;

  if (value == NULL && !is_new)
    return TRUE;
  const char *code = value != NULL ? g_hash_table_lookup (self->plan->mapping->uses, value) : NULL;
  if (code == NULL && value != NULL)
    code = pk_building_find_use (value);
  if (code == NULL && value != NULL)
    fault (self, PK_FAULT_UNKNOWN_USE, PK_COLUMN_USE, value);
  int place = pk_enum_find (uses, code != NULL ? code : "other");
  pk_record_set_int (self->record, PK_BUILDING_USE, place);
  return TRUE;
}

static PkRecord *
add_property (Reader *self, const char *text)
{
  g_autofree char *cadastral = dup_value (self, PK_COLUMN_CADASTRAL_REF);
  PkId id = pk_id_source_next (self->plan->ids);
  PkRecord *property = pk_record_new (pk_entity_by_id (PK_ENTITY_PROPERTY), &id);

  pk_record_set_text (property, PK_PROPERTY_NAME, text);
  pk_record_set_text (property, PK_PROPERTY_SOURCE, self->plan->source);
  pk_record_set_text (property, PK_PROPERTY_SOURCE_REF, text);
  if (cadastral != NULL)
    pk_record_set_text (property, PK_PROPERTY_CADASTRAL_REF, cadastral);
  g_ptr_array_add (self->plan->properties, property);
  pk_building_links_add (self->plan->links, property);
  return property;
}

/* What the row says, in our words, or else what holds for all; NULL where neither says anything. */
static char *
dup_link (Reader *self, PkBuildingLink link, PkBuildingColumn column, guint field)
{
  const PkBuildingMapping *mapping = self->plan->mapping;
  g_autofree char *value = dup_value (self, column);
  const char *word = value != NULL ? g_hash_table_lookup (mapping->words[link], value) : NULL;
  gboolean has_one = pk_record_get (self->record, field)->kind != PK_VALUE_NULL;

  if (word != NULL)
    return g_strdup (word);
  if (value != NULL)
    return g_steal_pointer (&value);
  return has_one ? NULL : g_strdup (mapping->defaults[link]);
}

static gboolean
read_link (Reader *self,
           PkBuildingLink link,
           PkBuildingColumn column,
           guint field,
           PkPlanFault what)
{
  g_autofree char *text = dup_link (self, link, column, field);
  const PkId *id = text != NULL ? pk_building_links_find (self->plan->links, link, text) : NULL;

  if (text == NULL)
    return TRUE;
  if (id == NULL)
    return fault (self, what, column, text);
  pk_record_set_ref (self->record, field, id);
  return TRUE;
}

static gboolean
read_property (Reader *self)
{
  PkBuildingColumn column = self->plan->mapping->places[PK_COLUMN_PROPERTY] >= 0
                                ? PK_COLUMN_PROPERTY
                                : PK_COLUMN_CADASTRAL_REF;
  g_autofree char *text = dup_link (self, PK_LINK_PROPERTY, column, PK_BUILDING_PROPERTY_ID);
  const PkEntity *property = pk_entity_by_id (PK_ENTITY_PROPERTY);
  double max =
      property->fields[column == PK_COLUMN_PROPERTY ? PK_PROPERTY_NAME : PK_PROPERTY_CADASTRAL_REF]
          .max;

  if (text == NULL)
    return TRUE;
  const PkId *id = pk_building_links_find (self->plan->links, PK_LINK_PROPERTY, text);
  if (id == NULL && pk_building_links_is_ambiguous (self->plan->links, PK_LINK_PROPERTY, text))
    return fault (self, PK_FAULT_WHICH_PROPERTY, column, text);
  if (id == NULL && (double) g_utf8_strlen (text, -1) > max)
    return fault (self, PK_FAULT_TOO_LONG, column, text);
  if (id == NULL)
    id = pk_record_get_id (add_property (self, text));
  pk_record_set_ref (self->record, PK_BUILDING_PROPERTY_ID, id);
  return TRUE;
}

static gboolean
read_links (Reader *self)
{
  return self->plan->links == NULL || (read_property (self) &&
                                       read_link (self,
                                                  PK_LINK_UNIT,
                                                  PK_COLUMN_UNIT,
                                                  PK_BUILDING_UNIT_ID,
                                                  PK_FAULT_UNKNOWN_UNIT) &&
                                       read_link (self,
                                                  PK_LINK_CARETAKER,
                                                  PK_COLUMN_CARETAKER,
                                                  PK_BUILDING_CARETAKER_ID,
                                                  PK_FAULT_UNKNOWN_CARETAKER));
}

static gboolean
read_name (Reader *self)
{
  if (!read_text (self, PK_COLUMN_NAME, PK_BUILDING_NAME))
    return FALSE;
  if (pk_record_get_text (self->record, PK_BUILDING_NAME) == NULL)
    pk_record_set_text (self->record, PK_BUILDING_NAME, self->row->reference);
  return TRUE;
}

/**
 * pk_building_row_read:
 * @fields: as many as the header has
 * @record: without values, or with those of the building that is there
 * @row: with its reference; gets a fault with column and value, which is only a remark where the row was read
 *
 * Reads a row into a building.
 *
 * Returns: %FALSE if the row is to be rejected
 */
gboolean
pk_building_row_read (PkBuildingPlan *plan,
                      const char *const *fields,
                      PkRecord *record,
                      PkPlanRow *row)
{
  Reader self = { plan, fields, record, row };

  return read_name (&self) && read_text (&self, PK_COLUMN_NUMBER, PK_BUILDING_NUMBER) &&
         read_text (&self, PK_COLUMN_ADDRESS, PK_BUILDING_ADDRESS) &&
         read_text (&self, PK_COLUMN_POSTAL_CODE, PK_BUILDING_POSTAL_CODE) &&
         read_text (&self, PK_COLUMN_POSTAL_PLACE, PK_BUILDING_POSTAL_PLACE) &&
         read_real (&self, PK_COLUMN_LATITUDE, PK_BUILDING_LATITUDE) &&
         read_real (&self, PK_COLUMN_LONGITUDE, PK_BUILDING_LONGITUDE) &&
         read_int (&self, PK_COLUMN_FLOORS, PK_BUILDING_FLOORS) &&
         read_int (&self, PK_COLUMN_OCCUPANTS, PK_BUILDING_OCCUPANTS) &&
         read_text (&self, PK_COLUMN_HEATING, PK_BUILDING_HEATING) &&
         read_text (&self, PK_COLUMN_ENERGY_LABEL, PK_BUILDING_ENERGY_LABEL) &&
         read_text (&self, PK_COLUMN_NOTE, PK_BUILDING_NOTE) && read_built (&self) &&
         read_area (&self) && read_links (&self) && read_use (&self);
}

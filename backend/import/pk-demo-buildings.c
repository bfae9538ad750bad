/* Properties and buildings. What is inside them is made in pk-demo-rooms.c, their files in pk-demo-files.c. */
#include "config.h"

#include "pk-demo-files.h"
#include "pk-demo-private.h"

#include <string.h>

#define CARETAKERS_WITH_BUILDINGS 3

static const char *
get_text (JsonObject *spec, const char *name)
{
  return json_object_get_string_member_with_default (spec, name, NULL);
}

static PkDemoUnit *
find_unit (PkDemo *self, JsonObject *spec, const char *member, GError **error)
{
  const char *key = json_object_get_string_member (spec, member);
  PkDemoUnit *unit = g_hash_table_lookup (self->units_by_key, key);

  if (unit == NULL)
    pk_demo_fail (error, "A building names a unit that is not there", key);
  return unit;
}

/* The leader of a team leads; the buildings are shared out among the next few, and the others help where it is needed. */
static PkDemoPerson *
pick_caretaker (PkDemo *self, PkDemoUnit *team)
{
  guint n = MIN (team->people->len, 1 + CARETAKERS_WITH_BUILDINGS);

  return team->people->pdata[n > 1 ? 1 + self->buildings->len % (n - 1) : 0];
}

static PkDemoBuilding *
read_building (PkDemo *self, JsonObject *property, JsonObject *spec, GError **error)
{
  PkDemoUnit *unit = find_unit (self, spec, "unit", error);
  PkDemoUnit *team = unit != NULL ? find_unit (self, spec, "team", error) : NULL;

  if (team == NULL)
    return NULL;
  PkDemoBuilding *building = g_new0 (PkDemoBuilding, 1);
  building->id = pk_demo_next_id (self);
  building->name = get_text (spec, "name");
  building->use = get_text (spec, "use");
  building->address = get_text (property, "address");
  building->spec = spec;
  building->unit = unit;
  building->team = team;
  building->caretaker = pick_caretaker (self, team);
  building->n_floors = (int) json_object_get_int_member (spec, "floors");
  building->rooms = g_ptr_array_new_with_free_func (pk_demo_room_free);
  building->components = g_ptr_array_new_with_free_func (pk_demo_component_free);
  g_ptr_array_add (self->buildings, building);
  g_ptr_array_add (unit->buildings, building);
  return building;
}

static void
set_place (PkDemo *self, PkRecord *record, PkDemoBuilding *building, JsonObject *property)
{
  JsonObject *all = json_node_get_object (self->properties);
  JsonArray *at = json_object_get_array_member (building->spec, "at");

  pk_record_set_text (record, PK_BUILDING_ADDRESS, building->address);
  pk_record_set_text (record, PK_BUILDING_POSTAL_CODE, get_text (property, "postal_code"));
  pk_record_set_text (record, PK_BUILDING_POSTAL_PLACE, get_text (all, "postal_place"));
  pk_record_set_real (record, PK_BUILDING_LATITUDE, json_array_get_double_element (at, 0));
  pk_record_set_real (record, PK_BUILDING_LONGITUDE, json_array_get_double_element (at, 1));
}

static void
set_figures (PkDemo *self, PkRecord *record, PkDemoBuilding *building)
{
  JsonObject *spec = building->spec;
  g_autofree char *number = g_strdup_printf ("%u", 182100000 + pk_demo_random (self, 900000));

  pk_record_set_text (record, PK_BUILDING_NUMBER, number);
  pk_record_set_int (record, PK_BUILDING_BUILT_YEAR, json_object_get_int_member (spec, "year"));
  pk_record_set_text (record, PK_BUILDING_BUILT_NOTE, get_text (spec, "year_note"));
  pk_record_set_real (record,
                      PK_BUILDING_AREA_M2,
                      (double) json_object_get_int_member (spec, "area"));
  pk_record_set_int (record, PK_BUILDING_FLOORS, building->n_floors);
  pk_record_set_int (record, PK_BUILDING_OCCUPANTS, json_object_get_int_member (spec, "people"));
  pk_record_set_text (record, PK_BUILDING_HEATING, get_text (spec, "heating"));
  pk_record_set_text (record, PK_BUILDING_ENERGY_LABEL, get_text (spec, "energy"));
  pk_demo_set_code (record, PK_BUILDING_CONDITION, get_text (spec, "condition"));
}

static char *
write_note (PkDemo *self, PkDemoBuilding *building)
{
  JsonArray *notes = json_object_get_array_member (json_node_get_object (self->properties),
                                                   "notes");
  const char *first = pk_demo_pick (self, notes), *second = pk_demo_pick (self, notes);

  if (first == second)
    return g_strdup_printf ("%s\n\nVaktmester har nøkkel nr. %u.",
                            first,
                            100 + self->buildings->len);
  return g_strdup_printf ("%s\n\n%s\n\nBygget brukes av %s.",
                          first,
                          second,
                          json_object_get_string_member (building->unit->spec, "name"));
}

static gboolean
give_building (PkDemo *self,
               PkDemoBuilding *building,
               JsonObject *property,
               const PkId *property_id,
               GError **error)
{
  g_autoptr (PkRecord) record = pk_demo_record (self, PK_ENTITY_BUILDING, &building->id);
  PkId picture;

  if (!pk_demo_draw_picture (self, building, &picture, error))
    return FALSE;
  g_autofree char *note = write_note (self, building);
  g_autofree char *reference = g_strdup_printf ("bygg-%03u", self->buildings->len);
  pk_record_set_ref (record, PK_BUILDING_PROPERTY_ID, property_id);
  pk_record_set_text (record, PK_BUILDING_NAME, building->name);
  pk_demo_set_code (record, PK_BUILDING_USE, building->use);
  pk_demo_set_code (record, PK_BUILDING_STATUS, "in_use");
  set_place (self, record, building, property);
  set_figures (self, record, building);
  pk_record_set_ref (record, PK_BUILDING_UNIT_ID, &building->unit->id);
  pk_record_set_ref (record, PK_BUILDING_CARETAKER_ID, &building->caretaker->id);
  if (!pk_id_is_null (&picture))
    pk_record_set_ref (record, PK_BUILDING_PICTURE_ID, &picture);
  pk_record_set_text (record, PK_BUILDING_NOTE, note);
  pk_record_set_text (record, PK_BUILDING_SOURCE, "demo");
  pk_record_set_text (record, PK_BUILDING_SOURCE_REF, reference);
  return pk_demo_give (self, g_steal_pointer (&record), error) &&
         pk_demo_link_picture (self, building, &picture, error);
}

static gboolean
make_building (PkDemo *self,
               JsonObject *property,
               const PkId *property_id,
               JsonObject *spec,
               GError **error)
{
  PkDemoBuilding *building = read_building (self, property, spec, error);

  return building != NULL && give_building (self, building, property, property_id, error) &&
         pk_demo_make_rooms (self, building, error) &&
         pk_demo_make_components (self, building, error) &&
         pk_demo_make_papers (self, building, error) && pk_demo_end_group (self, error);
}

static gboolean
make_property (PkDemo *self, JsonObject *spec, GError **error)
{
  JsonObject *all = json_node_get_object (self->properties);
  JsonArray *buildings = json_object_get_array_member (spec, "buildings");
  PkRecord *record = pk_demo_record (self, PK_ENTITY_PROPERTY, NULL);
  PkId id = *pk_record_get_id (record);

  pk_record_set_text (record, PK_PROPERTY_NAME, get_text (spec, "name"));
  pk_record_set_text (record, PK_PROPERTY_CADASTRAL_REF, get_text (spec, "cadastral"));
  pk_record_set_text (record, PK_PROPERTY_MUNICIPALITY_NO, get_text (all, "municipality"));
  pk_record_set_text (record, PK_PROPERTY_ADDRESS, get_text (spec, "address"));
  pk_record_set_real (record,
                      PK_PROPERTY_AREA_M2,
                      (double) json_object_get_int_member (spec, "area"));
  pk_record_set_text (record, PK_PROPERTY_SOURCE, "demo");
  pk_record_set_text (record, PK_PROPERTY_SOURCE_REF, get_text (spec, "cadastral"));
  if (!pk_demo_give (self, record, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (buildings); i++)
    if (!make_building (self, spec, &id, json_array_get_object_element (buildings, i), error))
      return FALSE;
  return TRUE;
}

/**
 * pk_demo_make_buildings:
 *
 * Makes properties, buildings, and what is in the buildings.
 *
 * Returns: %TRUE unless the sink failed or a declaration is wrong
 */
gboolean
pk_demo_make_buildings (PkDemo *self, GError **error)
{
  JsonArray *properties = json_object_get_array_member (json_node_get_object (self->properties),
                                                        "properties");

  pk_demo_begin_theme (self, 4);
  for (guint i = 0; i < json_array_get_length (properties); i++)
    if (!make_property (self, json_array_get_object_element (properties, i), error))
      return FALSE;
  return TRUE;
}

/* What is inside a building: floors with their plans, rooms by the kind of building, outdoor areas, and components. */
#include "config.h"

#include "pk-demo-files.h"
#include "pk-demo-private.h"

#include <string.h>

#define BASEMENT  0
#define OUTDOORS  90
#define NET_SHARE 0.86 /* of a floor's gross area that its rooms take */

/**
 * pk_demo_room_free:
 *
 * Frees a #PkDemoRoom.
 */
void
pk_demo_room_free (gpointer data)
{
  PkDemoRoom *room = data;

  g_free (room->name);
  g_free (room->number);
  g_free (room);
}

/**
 * pk_demo_component_free:
 *
 * Frees a #PkDemoComponent.
 */
void
pk_demo_component_free (gpointer data)
{
  PkDemoComponent *component = data;

  g_free (component->name);
  g_free (component);
}

static double
get_area (PkDemoBuilding *building)
{
  return (double) json_object_get_int_member (building->spec, "area");
}

static gboolean
has_basement (PkDemoBuilding *building)
{
  return get_area (building) >= 600 && !g_str_equal (building->use, "parking") &&
         !g_str_equal (building->use, "technical") && !g_str_equal (building->use, "depot");
}

static JsonArray *
get_list (PkDemo *self, const char *group, const char *use, const char *fallback)
{
  JsonObject *lists = json_object_get_object_member (json_node_get_object (self->building_types),
                                                     group);

  return json_object_get_array_member (lists, json_object_has_member (lists, use) ? use : fallback);
}

static void
add_room (PkDemo *self,
          PkDemoBuilding *building,
          GPtrArray *floor_rooms,
          int level,
          JsonArray *spec)
{
  PkDemoRoom *room = g_new0 (PkDemoRoom, 1);
  double share = 0.9 + pk_demo_random (self, 21) / 100.0;

  room->level = level;
  room->kind = json_array_get_string_element (spec, 0);
  room->number = g_strdup_printf ("%d%02u", level, floor_rooms->len + 1);
  room->name = g_strdup_printf ("%s %s", room->kind, room->number);
  room->area_m2 = (double) json_array_get_int_element (spec, 1) * share;
  g_ptr_array_add (building->rooms, room);
  g_ptr_array_add (floor_rooms, room);
}

static guint
count_of (JsonArray *spec)
{
  return json_array_get_length (spec) > 2 ? (guint) json_array_get_int_element (spec, 2) : 1;
}

static double
sum_areas (JsonArray *specs)
{
  double sum = 0;

  for (guint i = 0; i < json_array_get_length (specs); i++)
    {
      JsonArray *spec = json_array_get_array_element (specs, i);
      sum += (double) json_array_get_int_element (spec, 1) * count_of (spec);
    }
  return sum;
}

/* Rooms that there are several of become more on a large floor; then all are stretched until they fill it. */
static GPtrArray *
lay_out_floor (PkDemo *self, PkDemoBuilding *building, int level, double net_area, JsonArray *specs)
{
  GPtrArray *rooms = g_ptr_array_new ();
  double factor = CLAMP (net_area / sum_areas (specs), 0.3, 3), sum = 0;

  for (guint i = level > 1 ? 1 : 0; i < json_array_get_length (specs); i++)
    {
      JsonArray *spec = json_array_get_array_element (specs, i);
      guint n = count_of (spec);
      if (n > 1)
        n = MAX (1, (guint) (n * factor + 0.5));
      for (guint j = 0; j < n; j++)
        add_room (self, building, rooms, level, spec);
    }
  for (guint i = 0; i < rooms->len; i++)
    sum += ((PkDemoRoom *) rooms->pdata[i])->area_m2;
  for (guint i = 0; i < rooms->len; i++)
    {
      PkDemoRoom *room = rooms->pdata[i];
      room->area_m2 = (double) (gint64) (room->area_m2 * net_area / sum * 10 + 0.5) / 10;
    }
  return rooms;
}

static char *
name_floor (int level)
{
  return level == BASEMENT ? g_strdup ("Underetasje") : g_strdup_printf ("%d. etasje", level);
}

static PkRecord *
new_location (PkDemo *self,
              PkDemoBuilding *building,
              const PkId *id,
              PkLocationKind kind,
              const char *name)
{
  PkRecord *record = pk_demo_record (self, PK_ENTITY_LOCATION, id);

  pk_record_set_ref (record, PK_LOCATION_BUILDING_ID, &building->id);
  pk_record_set_int (record, PK_LOCATION_KIND, kind);
  pk_record_set_text (record, PK_LOCATION_NAME, name);
  return record;
}

static gboolean
give_room (PkDemo *self, PkDemoBuilding *building, PkDemoRoom *room, guint place, GError **error)
{
  PkRecord *record = new_location (self, building, &room->id, PK_LOCATION_KIND_ROOM, room->name);
  g_autofree char *sort_key = g_strdup_printf ("%02d-%02u", room->level, place);

  pk_record_set_ref (record, PK_LOCATION_PARENT_ID, &room->floor);
  pk_record_set_text (record, PK_LOCATION_NUMBER, room->number);
  pk_record_set_text (record, PK_LOCATION_SORT_KEY, sort_key);
  pk_record_set_real (record, PK_LOCATION_AREA_M2, room->area_m2);
  pk_record_set_text (record, PK_LOCATION_USE, room->kind);
  return pk_demo_give (self, record, error);
}

static gboolean
make_floor (PkDemo *self, PkDemoBuilding *building, int level, JsonArray *specs, GError **error)
{
  int n_levels = building->n_floors + (has_basement (building) ? 1 : 0);
  double area = get_area (building) / MAX (n_levels, 1);
  g_autoptr (GPtrArray) rooms = lay_out_floor (self, building, level, area * NET_SHARE, specs);
  g_autofree char *name = name_floor (level), *number = g_strdup_printf ("%d", level);
  g_autofree char *sort_key = g_strdup_printf ("%02d", level);
  PkId id = pk_demo_next_id (self), plan;

  for (guint i = 0; i < rooms->len; i++)
    {
      PkDemoRoom *room = rooms->pdata[i];
      room->id = pk_demo_next_id (self);
      room->floor = id;
    }
  if (!pk_demo_draw_plan (self, building, name, rooms, &plan, error))
    return FALSE;
  PkRecord *record = new_location (self, building, &id, PK_LOCATION_KIND_FLOOR, name);
  pk_record_set_text (record, PK_LOCATION_NUMBER, number);
  pk_record_set_text (record, PK_LOCATION_SORT_KEY, sort_key);
  pk_record_set_real (record, PK_LOCATION_AREA_M2, (double) (gint64) (area * 10) / 10);
  if (!pk_id_is_null (&plan))
    pk_record_set_ref (record, PK_LOCATION_PLAN_ID, &plan);
  if (!pk_demo_give (self, record, error))
    return FALSE;
  for (guint i = 0; i < rooms->len; i++)
    if (!give_room (self, building, rooms->pdata[i], i + 1, error))
      return FALSE;
  return pk_demo_link_plan (self, building, &id, &plan, name, error);
}

static gboolean
make_outdoor_area (PkDemo *self,
                   PkDemoBuilding *building,
                   const char *name,
                   guint place,
                   GError **error)
{
  PkDemoRoom *area = g_new0 (PkDemoRoom, 1);
  g_autofree char *sort_key = g_strdup_printf ("%d-%02u", OUTDOORS, place);

  area->id = pk_demo_next_id (self);
  area->level = OUTDOORS;
  area->kind = name;
  area->name = g_strdup (name);
  area->area_m2 = 120 + pk_demo_random (self, 900);
  g_ptr_array_add (building->rooms, area);
  PkRecord *record = new_location (self, building, &area->id, PK_LOCATION_KIND_OUTDOOR, name);
  pk_record_set_text (record, PK_LOCATION_SORT_KEY, sort_key);
  pk_record_set_real (record, PK_LOCATION_AREA_M2, area->area_m2);
  pk_record_set_text (record, PK_LOCATION_USE, name);
  return pk_demo_give (self, record, error);
}

/**
 * pk_demo_make_rooms:
 *
 * Makes a building's floors, rooms, plans and outdoor areas.
 *
 * Returns: %TRUE unless the sink failed
 */
gboolean
pk_demo_make_rooms (PkDemo *self, PkDemoBuilding *building, GError **error)
{
  JsonArray *basement = json_object_get_array_member (json_node_get_object (self->building_types),
                                                      "basement");
  JsonArray *rooms = get_list (self, "rooms", building->use, "other");
  JsonArray *outdoors = get_list (self, "outdoor", building->use, "*");

  if (has_basement (building) && !make_floor (self, building, BASEMENT, basement, error))
    return FALSE;
  for (int level = 1; level <= building->n_floors; level++)
    if (!make_floor (self, building, level, rooms, error))
      return FALSE;
  for (guint i = 0; i < json_array_get_length (outdoors); i++)
    if (!make_outdoor_area (self,
                            building,
                            json_array_get_string_element (outdoors, i),
                            i + 1,
                            error))
      return FALSE;
  return TRUE;
}

static gboolean
holds (JsonObject *spec, const char *member, gint64 value, gboolean is_minimum)
{
  if (!json_object_has_member (spec, member))
    return TRUE;
  gint64 limit = json_object_get_int_member (spec, member);
  return is_minimum ? value >= limit : value <= limit;
}

static gboolean
is_for_use (JsonObject *spec, const char *use)
{
  if (!json_object_has_member (spec, "uses"))
    return TRUE;
  JsonArray *uses = json_object_get_array_member (spec, "uses");
  for (guint i = 0; i < json_array_get_length (uses); i++)
    if (g_str_equal (json_array_get_string_element (uses, i), use))
      return TRUE;
  return FALSE;
}

static gboolean
is_for_heating (JsonObject *spec, const char *heating)
{
  const char *wanted = json_object_get_string_member_with_default (spec, "heating", NULL);
  const char *room = json_object_get_string_member_with_default (spec, "room", "");

  if (wanted != NULL)
    {
      g_autofree char *folded = g_utf8_strdown (heating, -1), *part = g_utf8_strdown (wanted, -1);
      return strstr (folded, part) != NULL;
    }
  gboolean is_heating_room = g_str_equal (room, "Fyrrom") || g_str_equal (room, "Ventilasjonsrom");
  return !(is_heating_room && g_str_equal (heating, "Uoppvarmet"));
}

static gboolean
belongs_in (JsonObject *spec, PkDemoBuilding *building)
{
  return is_for_use (spec, building->use) &&
         holds (spec, "min_area", (gint64) get_area (building), TRUE) &&
         holds (spec, "min_floors", building->n_floors, TRUE) &&
         holds (spec, "max_floors", building->n_floors, FALSE) &&
         holds (spec, "built_after", json_object_get_int_member (building->spec, "year"), TRUE) &&
         is_for_heating (spec, json_object_get_string_member (building->spec, "heating"));
}

static PkDemoRoom *
find_room (PkDemo *self, PkDemoBuilding *building, const char *kind)
{
  static const char *const others[] = { "Teknisk rom", "Maskinrom", "Tavlerom", "Lager" };
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  for (gsize other = 0; *kind != '\0' && found->len == 0 && other <= G_N_ELEMENTS (others); other++)
    {
      for (guint i = 0; i < building->rooms->len; i++)
        {
          PkDemoRoom *room = building->rooms->pdata[i];
          if (g_str_equal (room->kind, kind))
            g_ptr_array_add (found, room);
        }
      kind = other < G_N_ELEMENTS (others) ? others[other] : kind;
    }
  return found->len > 0 ? found->pdata[pk_demo_random (self, found->len)] : NULL;
}

static const char *
grade_by_age (PkDemo *self, int years)
{
  if (years < 6)
    return "tg0";
  if (years < 15)
    return pk_demo_chance (self, 70) ? "tg1" : "tg0";
  if (years < 25)
    return pk_demo_chance (self, 55) ? "tg2" : "tg1";
  return pk_demo_chance (self, 30) ? "tg3" : "tg2";
}

static void
set_age (PkDemo *self, PkRecord *record, PkDemoBuilding *building, JsonObject *spec)
{
  int this_year = g_date_get_year (&self->today);
  int built = (int) json_object_get_int_member (building->spec, "year");
  int age = (int) pk_demo_random (self, (guint) CLAMP (this_year - built, 1, 32));
  guint month = 1 + pk_demo_random (self, 9), day = 1 + pk_demo_random (self, 28);
  gint64 warranty = json_object_get_int_member (spec, "warranty");
  g_autofree char *installed = g_strdup_printf ("%d-%02u-%02u", this_year - age - 1, month, day);

  pk_record_set_text (record, PK_COMPONENT_INSTALLED_ON, installed);
  pk_demo_set_code (record, PK_COMPONENT_CONDITION, grade_by_age (self, age));
  if (warranty == 0)
    return;
  g_autofree char *until =
      g_strdup_printf ("%d-%02u-%02u", this_year - age - 1 + (int) warranty, month, day);
  pk_record_set_text (record, PK_COMPONENT_WARRANTY_UNTIL, until);
}

/* A maker is written "Maker Model": the first word is the maker's. */
static void
set_make (PkDemo *self, PkRecord *record, JsonObject *spec)
{
  const char *make = pk_demo_pick (self, json_object_get_array_member (spec, "makers"));
  gsize length = strcspn (make, " ");
  g_autofree char *maker = g_strndup (make, length);
  g_autofree char *serial = g_strdup_printf ("%c%c-%06u",
                                             'A' + (int) pk_demo_random (self, 26),
                                             'A' + (int) pk_demo_random (self, 26),
                                             pk_demo_random (self, 1000000));

  pk_record_set_text (record, PK_COMPONENT_MANUFACTURER, maker);
  if (make[length] != '\0')
    pk_record_set_text (record, PK_COMPONENT_MODEL, make + length + 1);
  pk_record_set_text (record, PK_COMPONENT_SERIAL, serial);
}

static gboolean
make_component (PkDemo *self,
                PkDemoBuilding *building,
                JsonObject *spec,
                guint n,
                guint count,
                GError **error)
{
  PkDemoComponent *component = g_new0 (PkDemoComponent, 1);
  const char *name = json_object_get_string_member (spec, "name");
  const char *system = json_object_get_string_member (spec, "system");
  g_autofree char *tag = g_strdup_printf ("+A=%s.%03u-%s%03u",
                                          system,
                                          n,
                                          json_object_get_string_member (spec, "type"),
                                          n);

  component->id = pk_demo_next_id (self);
  component->name = count > 1 ? g_strdup_printf ("%s %u", name, n) : g_strdup (name);
  component->part_code = json_object_get_string_member (spec, "part");
  component->room = find_room (self, building, json_object_get_string_member (spec, "room"));
  g_ptr_array_add (building->components, component);
  PkRecord *record = pk_demo_record (self, PK_ENTITY_COMPONENT, &component->id);
  pk_record_set_ref (record, PK_COMPONENT_BUILDING_ID, &building->id);
  if (component->room != NULL)
    pk_record_set_ref (record, PK_COMPONENT_LOCATION_ID, &component->room->id);
  pk_record_set_text (record, PK_COMPONENT_NAME, component->name);
  pk_record_set_text (record, PK_COMPONENT_PART_CODE, component->part_code);
  pk_record_set_text (record, PK_COMPONENT_TAG, tag);
  pk_demo_set_code (record,
                    PK_COMPONENT_STATUS,
                    pk_demo_chance (self, 3) ? "out_of_order" : "in_use");
  set_make (self, record, spec);
  set_age (self, record, building, spec);
  return pk_demo_give (self, record, error);
}

/**
 * pk_demo_make_components:
 *
 * Makes the components that a building of this use, size, age and heating has.
 *
 * Returns: %TRUE unless the sink failed
 */
gboolean
pk_demo_make_components (PkDemo *self, PkDemoBuilding *building, GError **error)
{
  JsonArray *specs = json_object_get_array_member (json_node_get_object (self->building_types),
                                                   "components");

  for (guint i = 0; i < json_array_get_length (specs); i++)
    {
      JsonObject *spec = json_array_get_object_element (specs, i);
      gint64 per_m2 = json_object_get_int_member (spec, "per_m2");
      guint n = 1;
      if (!belongs_in (spec, building))
        continue;
      if (per_m2 > 0)
        n = (guint) CLAMP (get_area (building) / (double) per_m2, 1, 6);
      for (guint j = 1; j <= n; j++)
        if (!make_component (self, building, spec, j, n, error))
          return FALSE;
    }
  return TRUE;
}

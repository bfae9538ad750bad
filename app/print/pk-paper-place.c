/* The dossier of a building, a room or a component on paper. Main thread. */
#include "config.h"

#include "pk-paper.h"

#include "pk-building-parts.h"
#include "pk-paper-private.h"
#include "pk-place-tree.h"
#include "pk-value-words.h"

#include <glib/gi18n.h>

/* Which facts, in which order. */
static const struct
{
  guint entity;
  guint field;
} facts[] = {
  { PK_ENTITY_BUILDING, PK_BUILDING_USE },
  { PK_ENTITY_BUILDING, PK_BUILDING_NUMBER },
  { PK_ENTITY_BUILDING, PK_BUILDING_PROPERTY_ID },
  { PK_ENTITY_BUILDING, PK_BUILDING_STATUS },
  { PK_ENTITY_BUILDING, PK_BUILDING_BUILT_YEAR },
  { PK_ENTITY_BUILDING, PK_BUILDING_AREA_M2 },
  { PK_ENTITY_BUILDING, PK_BUILDING_FLOORS },
  { PK_ENTITY_BUILDING, PK_BUILDING_OCCUPANTS },
  { PK_ENTITY_BUILDING, PK_BUILDING_HEATING },
  { PK_ENTITY_BUILDING, PK_BUILDING_ENERGY_LABEL },
  { PK_ENTITY_BUILDING, PK_BUILDING_CONDITION },
  { PK_ENTITY_BUILDING, PK_BUILDING_CARETAKER_ID },
  { PK_ENTITY_BUILDING, PK_BUILDING_UNIT_ID },
  { PK_ENTITY_LOCATION, PK_LOCATION_BUILDING_ID },
  { PK_ENTITY_LOCATION, PK_LOCATION_PARENT_ID },
  { PK_ENTITY_LOCATION, PK_LOCATION_KIND },
  { PK_ENTITY_LOCATION, PK_LOCATION_NUMBER },
  { PK_ENTITY_LOCATION, PK_LOCATION_USE },
  { PK_ENTITY_LOCATION, PK_LOCATION_AREA_M2 },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_BUILDING_ID },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_LOCATION_ID },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_STATUS },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_CONDITION },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_PART_CODE },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_TAG },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_MANUFACTURER },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_MODEL },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_SERIAL },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_INSTALLED_ON },
  { PK_ENTITY_COMPONENT, PK_COMPONENT_WARRANTY_UNTIL },
};

static char *
about_of (PkRecord *record)
{
  const PkEntity *entity = pk_record_get_entity (record);

  if (entity->id != PK_ENTITY_BUILDING)
    return g_strdup (_ (entity->label));
  const char *code = pk_record_get_text (record, PK_BUILDING_POSTAL_CODE);
  const char *place = pk_record_get_text (record, PK_BUILDING_POSTAL_PLACE);
  const char *address = pk_record_get_text (record, PK_BUILDING_ADDRESS);
  g_autofree char *post = code != NULL && place != NULL ? g_strdup_printf ("%s %s", code, place)
                                                        : g_strdup (place);

  return address != NULL ? g_strjoin (", ", address, post, NULL) : g_steal_pointer (&post);
}

static void
add_note (PkSheet *sheet, PkRecord *record)
{
  int field = pk_entity_find_field (pk_record_get_entity (record), "note");
  const char *note = field < 0 ? NULL : pk_record_get_text (record, (guint) field);

  if (note == NULL || *note == '\0')
    return;
  pk_sheet_add_heading (sheet, _ ("Good to know"));
  pk_sheet_add_text (sheet, note);
}

static GPtrArray *
list_components (PkLibrary *library, PkRecord *record)
{
  switch (pk_record_get_entity (record)->id)
    {
    case PK_ENTITY_BUILDING:
      return pk_place_list_parts (library, pk_record_get_id (record));
    case PK_ENTITY_LOCATION:
      return pk_place_list_components (library, pk_record_get_id (record));
    default:
      return g_ptr_array_new ();
    }
}

/* Those of a building by their parts, as its page has them. */
static void
add_components (PkSheet *sheet, PkLibrary *library, PkRecord *record)
{
  g_autoptr (GPtrArray) components = list_components (library, record);
  gboolean is_building = pk_record_get_entity (record)->id == PK_ENTITY_BUILDING;
  g_autoptr (GListStore) rows = g_list_store_new (PK_TYPE_ROW_ITEM);
  g_autofree char *last = NULL;

  for (guint i = 0; i < components->len; i++)
    {
      PkRecord *component = components->pdata[i];
      const char *code = pk_record_get_text (component, PK_COMPONENT_PART_CODE);
      g_autofree char *key = is_building ? pk_building_part_dup_group (code) : g_strdup ("");
      if (g_strcmp0 (last, key) != 0)
        {
          g_autofree char *title =
              *key != '\0' ? g_strdup_printf ("%s %s", key, pk_building_part_get_name (code))
                           : g_strdup (_ ("Components"));
          g_autoptr (PkRowItem) heading = pk_row_item_new (0, NULL);
          pk_row_item_fill_heading (heading, title);
          g_list_store_append (rows, heading);
        }
      g_autoptr (PkRowItem) item = pk_place_item_new (library, component);
      g_list_store_append (rows, item);
      g_free (last);
      last = g_steal_pointer (&key);
    }
  pk_paper_add_rows (sheet, G_LIST_MODEL (rows));
}

/**
 * pk_paper_new_place:
 * @detail: a building, room or component that is shown
 * @tasks: the open tasks there, of #PkRowItem
 *
 * Returns: (transfer full): its dossier
 */
PkSheet *
pk_paper_new_place (PkDetail *detail, GListModel *tasks)
{
  PkRecord *record = pk_detail_get_record (detail);
  PkLibrary *library = pk_detail_get_library (detail);
  const PkEntity *entity = pk_record_get_entity (record);
  g_autofree char *about = about_of (record);
  PkSheet *sheet = pk_sheet_new (pk_record_get_text (record, entity->title), about);

  pk_paper_sign (sheet, library);
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    if (facts[i].entity == entity->id)
      pk_paper_add_field (sheet, library, record, facts[i].field);
  add_note (sheet, record);
  if (g_list_model_get_n_items (tasks) > 0)
    pk_sheet_add_heading (sheet, _ ("Open tasks"));
  pk_paper_add_rows (sheet, tasks);
  add_components (sheet, library, record);
  pk_paper_add_documents (sheet, detail);
  return sheet;
}

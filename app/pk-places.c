/* The one table of what the window can show: places in the sidebar, details by entity. Main thread. */
#include "config.h"

#include "pk-places.h"

#include "pk-building-page.h"
#include "pk-buildings-page.h"
#include "pk-document-page.h"
#include "pk-documents-page.h"
#include "pk-model-tables.h"
#include "pk-my-day-page.h"
#include "pk-person-page.h"
#include "pk-search-page.h"
#include "pk-task-page.h"
#include "pk-tasks-page.h"
#include "pk-window-private.h"

#include <glib/gi18n.h>

static GtkWidget *
make_my_day (PkWindow *window)
{
  return pk_my_day_page_new (pk_window_get_client (window), pk_window_get_sync (window));
}

static GtkWidget *
make_tasks (PkWindow *window)
{
  return pk_tasks_page_new (pk_window_get_client (window));
}

static GtkWidget *
make_person (PkWindow *window)
{
  return pk_person_page_new (pk_window_get_client (window));
}

static GtkWidget *
make_task (PkWindow *window)
{
  return pk_task_page_new (pk_window_get_client (window));
}

static GtkWidget *
make_buildings (PkWindow *window)
{
  return pk_buildings_page_new (pk_window_get_client (window));
}

static GtkWidget *
make_building (PkWindow *window)
{
  return pk_building_page_new (pk_window_get_client (window));
}

static GtkWidget *
make_location (PkWindow *window)
{
  return pk_location_page_new (pk_window_get_client (window));
}

static GtkWidget *
make_component (PkWindow *window)
{
  return pk_component_page_new (pk_window_get_client (window));
}

static GtkWidget *
make_documents (PkWindow *window)
{
  return pk_documents_page_new (pk_window_get_client (window));
}

static GtkWidget *
make_document (PkWindow *window)
{
  return pk_document_page_new (pk_window_get_client (window));
}

static const PkPlace places[] = {
  { "my-day", N_ ("My day"), "pk-my-day-symbolic", make_my_day },
  { "tasks", N_ ("Tasks"), "pk-tasks-symbolic", make_tasks },
  { "buildings", N_ ("Buildings"), "pk-building-symbolic", make_buildings },
  { "documents", N_ ("Documents"), "pk-documents-symbolic", make_documents },
};

static const PkDetailKind details[] = {
  { PK_ENTITY_BUILDING, "building", make_building },
  { PK_ENTITY_COMPONENT, "component", make_component },
  { PK_ENTITY_DOCUMENT, "document", make_document },
  { PK_ENTITY_LOCATION, "location", make_location },
  { PK_ENTITY_PERSON, "person", make_person },
  { PK_ENTITY_TASK, "task", make_task },
};

/**
 * pk_places_get:
 * @n_out: (out): how many
 *
 * Returns: (transfer none) (array length=n_out): the places in the sidebar's order
 */
const PkPlace *
pk_places_get (guint *n_out)
{
  *n_out = G_N_ELEMENTS (places);
  return places;
}

/**
 * pk_places_new_row:
 * @place: a place
 *
 * Returns: (transfer floating): its row in the sidebar
 */
GtkWidget *
pk_places_new_row (const PkPlace *place)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (_ (place->label));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (place->icon_name));
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_name (row, place->name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (place->label),
                                  -1);
  return row;
}

/**
 * pk_places_find:
 * @name: of a place
 *
 * Returns: (transfer none): the place; the first one where there is none of that name
 */
const PkPlace *
pk_places_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_strcmp0 (places[i].name, name) == 0)
      return &places[i];
  return &places[0];
}

/**
 * pk_places_find_detail:
 * @entity: a PkEntityId
 *
 * Returns: (transfer none) (nullable): the page for its records
 */
const PkDetailKind *
pk_places_find_detail (guint entity)
{
  for (guint i = 0; i < G_N_ELEMENTS (details); i++)
    if (details[i].entity == entity)
      return &details[i];
  return NULL;
}

/**
 * pk_places_make_search:
 * @window: the window
 *
 * Returns: (transfer floating): the page that shows what was found
 */
GtkWidget *
pk_places_make_search (PkWindow *window)
{
  return pk_search_page_new (pk_window_get_client (window));
}

/**
 * pk_places_search:
 * @page: from pk_places_make_search()
 * @text: as the person typed it
 *
 * Searches while the person types.
 */
void
pk_places_search (GtkWidget *page, const char *text)
{
  pk_search_page_set_text (PK_SEARCH_PAGE (page), text);
}

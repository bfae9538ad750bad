#pragma once

#include "pk-record-page.h"

G_BEGIN_DECLS

/* Everything about a place in one dossier: a building, a location (floor, room, outdoors) or a component. */
#define PK_TYPE_BUILDING_PAGE (pk_building_page_get_type ())
G_DECLARE_FINAL_TYPE (PkBuildingPage, pk_building_page, PK, BUILDING_PAGE, PkRecordPage)

GtkWidget *pk_building_page_new (PkClient *client);
GtkWidget *pk_location_page_new (PkClient *client);
GtkWidget *pk_component_page_new (PkClient *client);

G_END_DECLS

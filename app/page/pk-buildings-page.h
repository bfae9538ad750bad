#pragma once

#include "pk-client.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The place "Buildings": a tree of properties, buildings, floors, rooms and components, and a search over them. */
#define PK_TYPE_BUILDINGS_PAGE (pk_buildings_page_get_type ())
G_DECLARE_FINAL_TYPE (PkBuildingsPage, pk_buildings_page, PK, BUILDINGS_PAGE, GtkWidget)

GtkWidget *pk_buildings_page_new (PkClient *client);
void pk_buildings_page_search (PkBuildingsPage *self, const char *text);

G_END_DECLS

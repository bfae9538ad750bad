#pragma once

#include "pk-library.h"
#include "pk-row-item.h"

G_BEGIN_DECLS

/*
 * Property → building → floor → room → component, as lists of #PkRowItem that are read when somebody looks: the root is found on
 * a worker, children are bounded reads. Lists that were given out follow what changes. Signal "ready": the root was read.
 */
#define PK_TYPE_PLACE_TREE (pk_place_tree_get_type ())
G_DECLARE_FINAL_TYPE (PkPlaceTree, pk_place_tree, PK, PLACE_TREE, GObject)

PkPlaceTree *pk_place_tree_new (PkLibrary *library);
GListModel *pk_place_tree_get_roots (PkPlaceTree *self);
GListModel *pk_place_tree_create_children (PkPlaceTree *self, PkRowItem *item);
gboolean pk_place_tree_is_ready (PkPlaceTree *self);

/* Items of places, for lists elsewhere: rooms of a floor, components of a room or building. */
PkRowItem *pk_place_item_new (PkLibrary *library, PkRecord *record);
GPtrArray *pk_place_list_floors (PkLibrary *library, const PkId *building);
GPtrArray *pk_place_list_rooms (PkLibrary *library, const PkId *floor);
GPtrArray *pk_place_list_components (PkLibrary *library, const PkId *location);
GPtrArray *pk_place_list_parts (PkLibrary *library, const PkId *building);
gboolean pk_place_has_components (PkLibrary *library, const PkId *building);
void pk_place_list_show (GListStore *store, PkLibrary *library, GPtrArray *records);

G_END_DECLS

#pragma once

#include "pk-part.h"

G_BEGIN_DECLS

typedef enum
{
  PK_GROUPS_ROOMS,     /* of a building by floor; of a floor */
  PK_GROUPS_COMPONENTS /* of a building by building part; of a room */
} PkGroupsKind;

#define PK_TYPE_PLACE_GROUPS (pk_place_groups_get_type ())
G_DECLARE_FINAL_TYPE (PkPlaceGroups, pk_place_groups, PK, PLACE_GROUPS, PkPart)

/* What lies in a place, in groups that are opened one by one. */
GtkWidget *pk_place_groups_new (PkClient *client, PkDetail *detail, PkGroupsKind kind);

G_END_DECLS

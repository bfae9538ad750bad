#pragma once

#include "pk-part.h"
#include "pk-place-tasks.h"

G_BEGIN_DECLS

#define PK_TYPE_PLACE_HEAD (pk_place_head_get_type ())
G_DECLARE_FINAL_TYPE (PkPlaceHead, pk_place_head, PK, PLACE_HEAD, PkPart)

/* The top of the dossier of a building, room or component: picture or plan, name, figures and facts. */
GtkWidget *pk_place_head_new (PkClient *client, PkDetail *detail, PkPlaceTasks *tasks);
GtkWidget *pk_place_head_get_picture (PkPlaceHead *self);
void pk_place_head_edit_name (PkPlaceHead *self);

G_END_DECLS

#pragma once

#include "pk-part.h"

G_BEGIN_DECLS

/*
 * What a place looks like: a building opens with its picture, else with the plan of its first floor; a floor with its plan. Who may
 * change the picture of a building drops, pastes or chooses another one here. Hidden where there is nothing to see or do.
 */
#define PK_TYPE_PLACE_PICTURE (pk_place_picture_get_type ())
G_DECLARE_FINAL_TYPE (PkPlacePicture, pk_place_picture, PK, PLACE_PICTURE, PkPart)

GtkWidget *pk_place_picture_new (PkClient *client, PkDetail *detail);
void pk_place_picture_choose (PkPlacePicture *self);
void pk_place_picture_paste (PkPlacePicture *self);
void pk_place_picture_remove (PkPlacePicture *self);

G_END_DECLS

#pragma once

#include "pk-part.h"

G_BEGIN_DECLS

#define PK_TYPE_PLACE_NOTES (pk_place_notes_get_type ())
G_DECLARE_FINAL_TYPE (PkPlaceNotes, pk_place_notes, PK, PLACE_NOTES, PkPart)

/* What is good to know about a building or component, and who takes care of it. */
GtkWidget *pk_place_notes_new (PkClient *client, PkDetail *detail);
void pk_place_notes_edit (PkPlaceNotes *self);

G_END_DECLS

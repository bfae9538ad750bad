#pragma once

#include "pk-part.h"

G_BEGIN_DECLS

#define PK_TYPE_HISTORY_PART (pk_history_part_get_type ())
G_DECLARE_FINAL_TYPE (PkHistoryPart, pk_history_part, PK, HISTORY_PART, PkPart)

/* Who did what to a record and why, newest first; a value that gave way stands beside the one that won, with a button to bring it back. */
GtkWidget *pk_history_part_new (PkClient *client, PkDetail *detail);

G_END_DECLS

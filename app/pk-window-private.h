#pragma once

#include "pk-split.h"
#include "pk-window.h"

G_BEGIN_DECLS

/* What the window's actions need of it. */
void pk_window_add_actions (PkWindow *self);
PkClient *pk_window_get_client (PkWindow *self);
PkSyncModel *pk_window_get_sync (PkWindow *self);
PkSplit *pk_window_get_split (PkWindow *self);
GtkWidget *pk_window_get_place_page (PkWindow *self, const char *name);
void pk_window_go_back (PkWindow *self);

G_END_DECLS

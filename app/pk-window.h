#pragma once

#include "pk-background-model.h"
#include "pk-client.h"
#include "pk-sync-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The window: places, list, detail, and the header bars above them. It knows which page is which and nothing of what they do.
 * Emits "opened" when the detail pane shows another record. Before somebody has signed in it shows one page alone. Actions "win."; those of the place are "place.", of the detail "page.".
 */
#define PK_TYPE_WINDOW (pk_window_get_type ())
G_DECLARE_FINAL_TYPE (PkWindow, pk_window, PK, WINDOW, AdwApplicationWindow)

PkWindow *pk_window_new (GtkApplication *application, PkSyncModel *sync);
void pk_window_set_client (PkWindow *self, PkClient *client);
void pk_window_set_background (PkWindow *self, PkBackgroundModel *background);
void pk_window_show_alone (PkWindow *self, GtkWidget *page);
void pk_window_say (PkWindow *self, const char *text);
void pk_window_show_place (PkWindow *self, const char *place);
void pk_window_begin_search (PkWindow *self, const char *words);
void pk_window_open (PkWindow *self, guint entity, const PkId *id);
const PkId *pk_window_get_open (PkWindow *self, guint entity);

G_END_DECLS

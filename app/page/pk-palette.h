#pragma once

#include "pk-client.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Everything that can be done or found, by typing: the actions that are possible now, then what the search finds. */
void pk_palette_present (GtkWindow *parent, PkClient *client);

G_END_DECLS

#pragma once

#include "pk-library.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Search and choose one record of an entity; activates @action with its id. For persons the first choice is oneself. */
GtkWidget *pk_find_popover_new (PkLibrary *library, guint entity, const char *action);

G_END_DECLS

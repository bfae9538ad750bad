#pragma once

#include "pk-client.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One line of plain words becomes a task; what was understood is shown while it is typed. */
void pk_quick_entry_dialog_present (GtkWindow *parent, PkClient *client, const char *target);

G_END_DECLS

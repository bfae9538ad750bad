#pragma once

#include "pk-client.h"
#include "pk-sync-model.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How it stands with sync: what needs the person, what was merged with both values, what waits to be sent. */
GtkWidget *pk_sync_dialog_present (GtkWindow *parent, PkClient *client, PkSyncModel *sync);

G_END_DECLS

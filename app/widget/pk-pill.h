#pragma once

#include "pk-sync-model.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The quiet pill that says how it stands with sync. A click activates win.show-sync. Compact: only the shape, words in the tooltip. */
#define PK_TYPE_PILL (pk_pill_get_type ())
G_DECLARE_FINAL_TYPE (PkPill, pk_pill, PK, PILL, GtkButton)

GtkWidget *pk_pill_new (void);
void pk_pill_set_model (PkPill *self, PkSyncModel *model);

G_END_DECLS

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A calendar that activates @action with the chosen day ("2026-11-27"), or with "" to take the day away. */
GtkWidget *pk_day_popover_new (const char *action);

G_END_DECLS

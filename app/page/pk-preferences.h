#pragma once

#include "pk-background-model.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Light or dark, and what else is a person's own choice on this device. */
void pk_preferences_present (GtkWindow *parent, PkBackgroundModel *background);
void pk_preferences_apply_colour_scheme (void);

G_END_DECLS

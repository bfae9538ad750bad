#pragma once

#include "pk-client.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * How files and pictures come to a widget: dropped on it, pasted, or chosen. What becomes of them is for who listens:
 * "file" (GFile) for each file, "picture" (GBytes, PNG) for a picture that is no file. The person is told where there is nothing.
 */
#define PK_TYPE_BRINGER (pk_bringer_get_type ())
G_DECLARE_FINAL_TYPE (PkBringer, pk_bringer, PK, BRINGER, GObject)

PkBringer *pk_bringer_new (GtkWidget *widget, PkClient *client);
void pk_bringer_choose (PkBringer *self, const char *title);
void pk_bringer_paste (PkBringer *self);
void pk_bringer_stop (PkBringer *self);
gboolean pk_bringer_is_photo (GFile *file);

G_END_DECLS

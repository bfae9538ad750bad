#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void pk_first_frame_watch (GtkWindow *window);

G_END_DECLS

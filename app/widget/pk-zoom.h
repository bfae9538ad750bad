#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What views that zoom have in common: the actions "view.zoom-in", "view.zoom-out" and "view.zoom-fit", their keys and steps. */
void pk_zoom_install (GtkWidgetClass *widget_class, GtkWidgetActionActivateFunc activate);
double pk_zoom_after_action (double zoom, const char *action);
double pk_zoom_after_scroll (double zoom, double dy);
gboolean pk_zoom_is_asked (GtkEventController *scroll);
void pk_zoom_update_actions (GtkWidget *view, double zoom, double least, double most);
guint pk_zoom_add_failed_signal (GType type);

G_END_DECLS

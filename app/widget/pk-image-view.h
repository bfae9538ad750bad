#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PK_TYPE_IMAGE_VIEW (pk_image_view_get_type ())
G_DECLARE_FINAL_TYPE (PkImageView, pk_image_view, PK, IMAGE_VIEW, GtkWidget)

/*
 * A picture or a floor plan that is zoomed and moved by pointer, pinch and keyboard. Actions: view.zoom-in, view.zoom-out,
 * view.zoom-fit. A drawing (SVG) is drawn anew when it is zoomed, so that it stays sharp.
 */
GtkWidget *pk_image_view_new (void);
void pk_image_view_set_path (PkImageView *self, const char *path, const char *name);
gboolean pk_image_view_has_picture (PkImageView *self);
double pk_image_view_get_zoom (PkImageView *self);
void pk_image_view_set_zoom (PkImageView *self, double zoom);

G_END_DECLS

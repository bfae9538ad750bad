#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * A small picture of a document with its name below: of a photo the photo itself, else a sheet with the kind's shape. A badge
 * with words says where the content is, when there is something to say. A button: a click opens it.
 */
#define PK_TYPE_THUMBNAIL (pk_thumbnail_get_type ())
G_DECLARE_FINAL_TYPE (PkThumbnail, pk_thumbnail, PK, THUMBNAIL, GtkButton)

GtkWidget *pk_thumbnail_new (void);
void pk_thumbnail_set_title (PkThumbnail *self, const char *title, const char *detail);
void pk_thumbnail_set_picture (PkThumbnail *self, const char *path, const char *icon_name);
void pk_thumbnail_set_badge (PkThumbnail *self, const char *icon_name, const char *words);

G_END_DECLS

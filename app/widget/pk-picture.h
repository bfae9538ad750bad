#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A picture of a file, decoded for a size: upright, and never larger than asked for. */
typedef struct
{
  GdkTexture *texture; /* (owned) */
  int width;           /* of the whole picture, upright */
  int height;
  gboolean is_vector; /* asking for more pixels gives more detail */
} PkPicture;

PkPicture *pk_picture_load (const char *path, int longest_side, GError **error);
void pk_picture_load_async (const char *path,
                            int longest_side,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
PkPicture *pk_picture_load_finish (GAsyncResult *result, GError **error);
void pk_picture_free (PkPicture *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkPicture, pk_picture_free)

G_END_DECLS

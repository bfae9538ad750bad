/*
 * Decoding of pictures (JPEG, PNG, SVG …) at the size they are shown in, on GLib's task threads. Nothing here touches a
 * widget; the texture is immutable and may cross threads. A picture from outside is never decoded larger than LARGEST_SIDE.
 */
#include "config.h"

#include "pk-picture.h"

#include <math.h>

/* 4096 × 4096 pixels are 64 MB: what a page may hold of one picture. */
#define LARGEST_SIDE 4096

typedef struct
{
  char *path; /* (owned) */
  int longest_side;
} Request;

static void
request_free (Request *request)
{
  g_free (request->path);
  g_free (request);
}

static GdkPixbuf *
decode (const char *path,
        int width,
        int height,
        int longest_side,
        gboolean is_vector,
        GError **error)
{
  double scale = (double) MIN (longest_side, LARGEST_SIDE) / MAX (1, MAX (width, height));

  if (scale >= 1 && !is_vector)
    return gdk_pixbuf_new_from_file (path, error);
  return gdk_pixbuf_new_from_file_at_scale (path,
                                            MAX (1, (int) lround (width * scale)),
                                            MAX (1, (int) lround (height * scale)),
                                            TRUE,
                                            error);
}

/* The pixels as they are: newer GTK has no call of its own for it. */
static GdkTexture *
texture_of (GdkPixbuf *pixbuf)
{
  g_autoptr (GBytes) pixels = gdk_pixbuf_read_pixel_bytes (pixbuf);

  return gdk_memory_texture_new (gdk_pixbuf_get_width (pixbuf),
                                 gdk_pixbuf_get_height (pixbuf),
                                 gdk_pixbuf_get_has_alpha (pixbuf) ? GDK_MEMORY_R8G8B8A8
                                                                   : GDK_MEMORY_R8G8B8,
                                 pixels,
                                 (gsize) gdk_pixbuf_get_rowstride (pixbuf));
}

/**
 * pk_picture_load:
 * @path: a file with a picture
 * @longest_side: pixels of the longer side that are wanted
 * @error: return location for an error
 *
 * Decodes a picture, turned upright as its camera said. Any thread; takes from milliseconds to half a second.
 *
 * Errors: %G_IO_ERROR_NOT_SUPPORTED (not a picture), those of GdkPixbuf and GIO.
 * Returns: (transfer full) (nullable): the picture
 */
PkPicture *
pk_picture_load (const char *path, int longest_side, GError **error)
{
  int width = 0, height = 0;
  GdkPixbufFormat *format = gdk_pixbuf_get_file_info (path, &width, &height);

  if (format == NULL || width <= 0 || height <= 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s is not a picture", path);
      return NULL;
    }
  gboolean is_vector = gdk_pixbuf_format_is_scalable (format);
  g_autoptr (GdkPixbuf) decoded = decode (path, width, height, longest_side, is_vector, error);
  if (decoded == NULL)
    return NULL;

  g_autoptr (GdkPixbuf) upright = gdk_pixbuf_apply_embedded_orientation (decoded);
  gboolean is_turned = (gdk_pixbuf_get_width (upright) > gdk_pixbuf_get_height (upright)) !=
                       (gdk_pixbuf_get_width (decoded) > gdk_pixbuf_get_height (decoded));
  PkPicture *self = g_new0 (PkPicture, 1);
  self->texture = texture_of (upright);
  self->width = is_turned ? height : width;
  self->height = is_turned ? width : height;
  self->is_vector = is_vector;
  return self;
}

static void
load_in_thread (GTask *task,
                gpointer source G_GNUC_UNUSED,
                gpointer data,
                GCancellable *cancellable G_GNUC_UNUSED)
{
  const Request *request = data;
  g_autoptr (GError) error = NULL;
  PkPicture *picture = pk_picture_load (request->path, request->longest_side, &error);

  if (picture == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, picture, (GDestroyNotify) pk_picture_free);
}

/**
 * pk_picture_load_async:
 * @path: a file with a picture
 * @longest_side: pixels of the longer side that are wanted
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async): called when it is there
 * @user_data: for @callback
 *
 * Decodes a picture on a thread of its own; see pk_picture_load().
 */
void
pk_picture_load_async (const char *path,
                       int longest_side,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->path = g_strdup (path);
  request->longest_side = longest_side;
  g_task_set_source_tag (task, pk_picture_load_async);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_task_run_in_thread (task, load_in_thread);
}

/**
 * pk_picture_load_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends pk_picture_load_async().
 *
 * Returns: (transfer full) (nullable): the picture
 */
PkPicture *
pk_picture_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pk_picture_free:
 * @self: (nullable): a picture
 *
 * Frees a picture.
 */
void
pk_picture_free (PkPicture *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->texture);
  g_free (self);
}

/* See the header. What comes in is untrusted: its size is bounded before anything is unpacked. */
#include "config.h"

#include "pk-photo.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#define MAX_BYTES  (256 * 1024 * 1024)
#define MAX_PIXELS (300 * 1000 * 1000)
#define QUALITY    "85"

typedef struct
{
  int max_side;
  gboolean is_too_large;
} Limits;

static void
size_prepared_cb (GdkPixbufLoader *loader, int width, int height, gpointer user_data)
{
  Limits *limits = user_data;
  int longest = MAX (width, height);

  if (width <= 0 || height <= 0 || (gint64) width * height > MAX_PIXELS)
    {
      limits->is_too_large = TRUE;
      gdk_pixbuf_loader_set_size (loader, 0, 0);
    }
  else if (longest > limits->max_side)
    gdk_pixbuf_loader_set_size (loader,
                                MAX (1, (int) ((gint64) width * limits->max_side / longest)),
                                MAX (1, (int) ((gint64) height * limits->max_side / longest)));
}

/* By the first bytes; the two that cameras and screens make need no data of the system to be known. */
static GdkPixbufLoader *
new_loader (GBytes *image)
{
  gsize size;
  const char *data = g_bytes_get_data (image, &size);

  if (size > 3 && memcmp (data, "\xff\xd8\xff", 3) == 0)
    return gdk_pixbuf_loader_new_with_type ("jpeg", NULL);
  if (size > 8 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    return gdk_pixbuf_loader_new_with_type ("png", NULL);
  return NULL;
}

static GdkPixbuf *
load (GBytes *image, Limits *limits, GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = new_loader (image);

  if (loader == NULL)
    loader = gdk_pixbuf_loader_new ();
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), limits);
  if (!gdk_pixbuf_loader_write_bytes (loader, image, error))
    {
      gdk_pixbuf_loader_close (loader, NULL);
      return NULL;
    }
  if (!gdk_pixbuf_loader_close (loader, error))
    return NULL;
  GdkPixbuf *pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (pixbuf == NULL || limits->is_too_large)
    {
      g_set_error_literal (error,
                           G_IO_ERROR,
                           G_IO_ERROR_INVALID_DATA,
                           "The picture is too large, or none");
      return NULL;
    }
  return gdk_pixbuf_apply_embedded_orientation (pixbuf);
}

/* JPEG has no transparency: white paper shows through. */
static GdkPixbuf *
flatten (GdkPixbuf *pixbuf)
{
  if (!gdk_pixbuf_get_has_alpha (pixbuf))
    return g_object_ref (pixbuf);
  return gdk_pixbuf_composite_color_simple (pixbuf,
                                            gdk_pixbuf_get_width (pixbuf),
                                            gdk_pixbuf_get_height (pixbuf),
                                            GDK_INTERP_NEAREST,
                                            255,
                                            64,
                                            0xffffff,
                                            0xffffff);
}

/**
 * pk_photo_make:
 * @image: a file of any kind that gdk-pixbuf reads
 * @max_side: pixels
 *
 * Errors: %G_IO_ERROR, %GDK_PIXBUF_ERROR
 * Returns: (transfer full) (nullable): a JPEG file
 */
GBytes *
pk_photo_make (GBytes *image, guint max_side, GError **error)
{
  Limits limits = { .max_side = (int) max_side };
  char *jpeg = NULL;
  gsize size = 0;

  if (g_bytes_get_size (image) > MAX_BYTES)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The file is too large");
      return NULL;
    }
  g_autoptr (GdkPixbuf) loaded = load (image, &limits, error);
  if (loaded == NULL)
    return NULL;
  g_autoptr (GdkPixbuf) flat = flatten (loaded);
  g_autoptr (GdkPixbuf) bare = gdk_pixbuf_copy (flat); /* pixels only, no options of the file */
  if (!gdk_pixbuf_save_to_buffer (bare, &jpeg, &size, "jpeg", error, "quality", QUALITY, NULL))
    return NULL;
  return g_bytes_new_take (jpeg, size);
}

/* A frame of a given form around a picture of a file, decoded at most as large as it is shown. Main thread. */
#include "config.h"

#include "pk-picture-frame.h"

#include "pk-glib-backports.h"
#include "pk-picture.h"

struct _PkPictureFrame
{
  GtkWidget parent_instance;
  const PkFrameSize *size; /* (static) */
  GtkWidget *overlay;      /* (owned by the widget tree) */
  GtkWidget *picture;
  GtkWidget *shape;
  gboolean is_drawing;
  char *path;                /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): of the decoding under way */
};

G_DEFINE_FINAL_TYPE (PkPictureFrame, pk_picture_frame, GTK_TYPE_WIDGET)

static void
set_sheet (PkPictureFrame *self, gboolean is_sheet)
{
  if (is_sheet)
    gtk_widget_add_css_class (self->picture, "pk-sheet");
  else
    gtk_widget_remove_css_class (self->picture, "pk-sheet");
}

static void
loaded_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkPicture) picture = pk_picture_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PkPictureFrame *self = user_data;
  g_clear_object (&self->cancellable);
  if (picture == NULL)
    {
      g_debug ("Showing a picture in a frame: %s", error->message);
      return;
    }
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (picture->texture));
  set_sheet (self, picture->is_vector || self->is_drawing);
  gtk_widget_set_visible (self->shape, FALSE);
}

static void
stop_loading (PkPictureFrame *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static GtkSizeRequestMode
pk_picture_frame_get_request_mode (GtkWidget *widget G_GNUC_UNUSED)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
pk_picture_frame_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline G_GNUC_UNUSED,
                          int *natural_baseline G_GNUC_UNUSED)
{
  const PkFrameSize *size = PK_PICTURE_FRAME (widget)->size;
  int width = for_size > 0 ? for_size : size->least_width;
  int height = (int) (width * size->height_per_width);

  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL
                            ? size->least_width
                            : CLAMP (height, size->least_height, size->most_height);
}

static void
pk_picture_frame_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_allocate (PK_PICTURE_FRAME (widget)->overlay, width, height, baseline, NULL);
}

static void
pk_picture_frame_dispose (GObject *object)
{
  PkPictureFrame *self = PK_PICTURE_FRAME (object);

  stop_loading (self);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (pk_picture_frame_parent_class)->dispose (object);
}

static void
pk_picture_frame_class_init (PkPictureFrameClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pk_picture_frame_dispose;
  widget_class->get_request_mode = pk_picture_frame_get_request_mode;
  widget_class->measure = pk_picture_frame_measure;
  widget_class->size_allocate = pk_picture_frame_size_allocate;
}

static void
pk_picture_frame_init (PkPictureFrame *self)
{
  self->overlay = gtk_overlay_new ();
  self->picture = gtk_picture_new ();
  gtk_picture_set_content_fit (GTK_PICTURE (self->picture), GTK_CONTENT_FIT_COVER);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->picture),
                               GTK_ACCESSIBLE_STATE_HIDDEN,
                               TRUE,
                               -1);
  self->shape = gtk_image_new ();
  gtk_widget_add_css_class (self->shape, "pk-frame-shape");
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), self->picture);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), self->shape);
  gtk_widget_set_overflow (self->overlay, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_parent (self->overlay, GTK_WIDGET (self));
}

/**
 * pk_picture_frame_new:
 * @size: a static form
 * @css_class: of what is within the frame
 *
 * Returns: (transfer floating): a frame around nothing yet
 */
GtkWidget *
pk_picture_frame_new (const PkFrameSize *size, const char *css_class)
{
  PkPictureFrame *self = g_object_new (PK_TYPE_PICTURE_FRAME, NULL);

  self->size = size;
  gtk_widget_add_css_class (self->overlay, css_class);
  return GTK_WIDGET (self);
}

/**
 * pk_picture_frame_add_overlay:
 * @self: a frame
 * @child: such as a badge
 *
 * Lays a widget over the picture.
 */
void
pk_picture_frame_add_overlay (PkPictureFrame *self, GtkWidget *child)
{
  g_return_if_fail (PK_IS_PICTURE_FRAME (self));
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), child);
}

/**
 * pk_picture_frame_set_is_drawing:
 * @self: a frame
 * @is_drawing: whether to show the picture whole, on white
 *
 * Says what the next picture is.
 */
void
pk_picture_frame_set_is_drawing (PkPictureFrame *self, gboolean is_drawing)
{
  g_return_if_fail (PK_IS_PICTURE_FRAME (self));

  self->is_drawing = is_drawing;
  gtk_picture_set_content_fit (GTK_PICTURE (self->picture),
                               is_drawing ? GTK_CONTENT_FIT_CONTAIN : GTK_CONTENT_FIT_COVER);
}

/**
 * pk_picture_frame_show:
 * @self: a frame
 * @path: (nullable): a picture's file; %NULL shows the shape alone
 * @icon_name: the shape
 *
 * Shows a picture as soon as it is decoded.
 */
void
pk_picture_frame_show (PkPictureFrame *self, const char *path, const char *icon_name)
{
  g_return_if_fail (PK_IS_PICTURE_FRAME (self));

  gtk_image_set_from_icon_name (GTK_IMAGE (self->shape), icon_name);
  if (!g_set_str (&self->path, path))
    return;
  stop_loading (self);
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), NULL);
  set_sheet (self, FALSE);
  gtk_widget_set_visible (self->shape, TRUE);
  if (path == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  pk_picture_load_async (path, self->size->longest_side, self->cancellable, loaded_cb, self);
}

/* A photo or document, small. The picture is decoded elsewhere and fills its frame; until then a shape stands there. Main thread. */
#include "config.h"

#include "pk-thumbnail.h"

#include "pk-glib-backports.h"
#include "pk-picture.h"

/* Pixels of the longer side: enough for a wide card on a screen with two pixels for one. */
#define LONGEST_SIDE 480
#define LEAST_WIDTH  110

struct _PkThumbnail
{
  GtkButton parent_instance;
  GtkWidget *picture;
  GtkWidget *shape;
  GtkWidget *badge;
  GtkWidget *badge_icon;
  GtkWidget *badge_words;
  GtkWidget *title;
  char *path;                /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (PkThumbnail, pk_thumbnail, GTK_TYPE_BUTTON)

static void
loaded_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkPicture) picture = pk_picture_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PkThumbnail *self = user_data;
  g_clear_object (&self->cancellable);
  if (picture == NULL)
    {
      g_debug ("Showing a small picture: %s", error->message);
      return;
    }
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (picture->texture));
  if (picture->is_vector)
    gtk_widget_add_css_class (self->picture, "pk-sheet");
  else
    gtk_widget_remove_css_class (self->picture, "pk-sheet");
  gtk_widget_set_visible (self->shape, FALSE);
}

static GtkWidget *
new_badge (PkThumbnail *self)
{
  self->badge = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  self->badge_icon = gtk_image_new ();
  self->badge_words = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->badge_words), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (self->badge), self->badge_icon);
  gtk_box_append (GTK_BOX (self->badge), self->badge_words);
  gtk_widget_add_css_class (self->badge, "pk-badge");
  gtk_widget_set_halign (self->badge, GTK_ALIGN_START);
  gtk_widget_set_valign (self->badge, GTK_ALIGN_END);
  gtk_widget_set_visible (self->badge, FALSE);
  return self->badge;
}

static GtkSizeRequestMode
frame_request_mode (GtkWidget *frame G_GNUC_UNUSED)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* Four to three, whatever the picture's shape is. */
static void
frame_measure (GtkWidget *frame G_GNUC_UNUSED,
               GtkOrientation orientation,
               int for_size,
               int *minimum,
               int *natural,
               int *minimum_baseline G_GNUC_UNUSED,
               int *natural_baseline G_GNUC_UNUSED)
{
  int width = for_size > 0 ? for_size : LEAST_WIDTH;

  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? LEAST_WIDTH : width * 3 / 4;
}

static void
frame_allocate (GtkWidget *frame, int width, int height, int baseline)
{
  gtk_widget_allocate (gtk_widget_get_first_child (frame), width, height, baseline, NULL);
}

static GtkWidget *
new_frame (PkThumbnail *self)
{
  GtkWidget *overlay = gtk_overlay_new ();
  GtkWidget *frame = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->picture = gtk_picture_new ();
  gtk_picture_set_content_fit (GTK_PICTURE (self->picture), GTK_CONTENT_FIT_COVER);
  gtk_picture_set_can_shrink (GTK_PICTURE (self->picture), TRUE);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->picture),
                               GTK_ACCESSIBLE_STATE_HIDDEN,
                               TRUE,
                               -1);
  self->shape = gtk_image_new ();
  gtk_image_set_icon_size (GTK_IMAGE (self->shape), GTK_ICON_SIZE_LARGE);
  gtk_widget_add_css_class (self->shape, "dim-label");
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->picture);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->shape);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), new_badge (self));
  gtk_widget_set_overflow (overlay, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (overlay, "pk-thumbnail-frame");
  gtk_box_append (GTK_BOX (frame), overlay);
  gtk_widget_set_layout_manager (
      frame,
      gtk_custom_layout_new (frame_request_mode, frame_measure, frame_allocate));
  return frame;
}

static void
pk_thumbnail_dispose (GObject *object)
{
  PkThumbnail *self = PK_THUMBNAIL (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (pk_thumbnail_parent_class)->dispose (object);
}

static void
pk_thumbnail_class_init (PkThumbnailClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_thumbnail_dispose;
}

static void
pk_thumbnail_init (PkThumbnail *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  self->title = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_widget_add_css_class (self->title, "caption");
  gtk_box_append (GTK_BOX (box), new_frame (self));
  gtk_box_append (GTK_BOX (box), self->title);
  gtk_button_set_child (GTK_BUTTON (self), box);
  gtk_widget_add_css_class (GTK_WIDGET (self), "flat");
  gtk_widget_add_css_class (GTK_WIDGET (self), "pk-thumbnail");
}

/**
 * pk_thumbnail_new:
 *
 * Returns: (transfer floating): a thumbnail without a picture
 */
GtkWidget *
pk_thumbnail_new (void)
{
  return g_object_new (PK_TYPE_THUMBNAIL, NULL);
}

/**
 * pk_thumbnail_set_title:
 * @self: a thumbnail
 * @title: what it is called
 * @detail: (nullable): kind and size
 *
 * Names what is shown.
 */
void
pk_thumbnail_set_title (PkThumbnail *self, const char *title, const char *detail)
{
  g_return_if_fail (PK_IS_THUMBNAIL (self));
  g_autofree char *name = g_strjoin (", ", title, detail, NULL);

  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * pk_thumbnail_set_picture:
 * @self: a thumbnail
 * @path: (nullable): a picture's file; %NULL shows the shape alone
 * @icon_name: the shape
 *
 * Shows a picture as soon as it is decoded.
 */
void
pk_thumbnail_set_picture (PkThumbnail *self, const char *path, const char *icon_name)
{
  g_return_if_fail (PK_IS_THUMBNAIL (self));

  gtk_image_set_from_icon_name (GTK_IMAGE (self->shape), icon_name);
  if (!g_set_str (&self->path, path))
    return;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), NULL);
  gtk_widget_set_visible (self->shape, TRUE);
  if (path == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  pk_picture_load_async (path, LONGEST_SIDE, self->cancellable, loaded_cb, self);
}

/**
 * pk_thumbnail_set_badge:
 * @self: a thumbnail
 * @icon_name: (nullable): a shape
 * @words: (nullable): what there is to say; %NULL takes the badge away
 *
 * Says where the content is.
 */
void
pk_thumbnail_set_badge (PkThumbnail *self, const char *icon_name, const char *words)
{
  g_return_if_fail (PK_IS_THUMBNAIL (self));
  gtk_image_set_from_icon_name (GTK_IMAGE (self->badge_icon), icon_name);
  gtk_label_set_label (GTK_LABEL (self->badge_words), words != NULL ? words : "");
  gtk_widget_set_visible (self->badge, words != NULL);
}

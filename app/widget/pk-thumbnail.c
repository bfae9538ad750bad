/* A photo or document, small. Main thread. */
#include "config.h"

#include "pk-thumbnail.h"

#include "pk-picture-frame.h"

/* Four to three, whatever the picture's shape is; pixels enough for a wide card on a screen with two for one. */
static const PkFrameSize card = { .longest_side = 480,
                                  .least_width = 110,
                                  .least_height = 0,
                                  .most_height = G_MAXINT,
                                  .height_per_width = 0.75 };

struct _PkThumbnail
{
  GtkButton parent_instance;
  GtkWidget *frame;
  GtkWidget *badge;
  GtkWidget *badge_icon;
  GtkWidget *badge_words;
  GtkWidget *title;
};

G_DEFINE_FINAL_TYPE (PkThumbnail, pk_thumbnail, GTK_TYPE_BUTTON)

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

static void
pk_thumbnail_class_init (PkThumbnailClass *klass G_GNUC_UNUSED)
{
}

static void
pk_thumbnail_init (PkThumbnail *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  self->title = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_widget_add_css_class (self->title, "caption");
  self->frame = pk_picture_frame_new (&card, "pk-thumbnail-frame");
  pk_picture_frame_add_overlay (PK_PICTURE_FRAME (self->frame), new_badge (self));
  gtk_box_append (GTK_BOX (box), self->frame);
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
  pk_picture_frame_show (PK_PICTURE_FRAME (self->frame), path, icon_name);
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

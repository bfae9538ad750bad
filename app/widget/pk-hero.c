/* A wide picture. Decoded elsewhere, at most twice as large as it is shown. Main thread. */
#include "config.h"

#include "pk-hero.h"

#include "pk-glib-backports.h"
#include "pk-picture.h"

#define LONGEST_SIDE 1600
#define LEAST_WIDTH  240
#define LEAST_HEIGHT 150
#define MOST_HEIGHT  280

struct _PkHero
{
  GtkButton parent_instance;
  GtkWidget *picture;
  GtkWidget *shape;
  char *path;                /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (PkHero, pk_hero, GTK_TYPE_BUTTON)

static void
loaded_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkPicture) picture = pk_picture_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PkHero *self = user_data;
  g_clear_object (&self->cancellable);
  if (picture == NULL)
    {
      g_debug ("Showing a wide picture: %s", error->message);
      return;
    }
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (picture->texture));
  gtk_widget_set_visible (self->shape, FALSE);
}

static GtkSizeRequestMode
frame_request_mode (GtkWidget *frame G_GNUC_UNUSED)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
frame_measure (GtkWidget *frame G_GNUC_UNUSED,
               GtkOrientation orientation,
               int for_size,
               int *minimum,
               int *natural,
               int *minimum_baseline G_GNUC_UNUSED,
               int *natural_baseline G_GNUC_UNUSED)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL
                            ? LEAST_WIDTH
                            : CLAMP (for_size * 3 / 8, LEAST_HEIGHT, MOST_HEIGHT);
}

static void
frame_allocate (GtkWidget *frame, int width, int height, int baseline)
{
  gtk_widget_allocate (gtk_widget_get_first_child (frame), width, height, baseline, NULL);
}

static void
pk_hero_dispose (GObject *object)
{
  PkHero *self = PK_HERO (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->path, g_free);
  G_OBJECT_CLASS (pk_hero_parent_class)->dispose (object);
}

static void
pk_hero_class_init (PkHeroClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_hero_dispose;
}

static void
pk_hero_init (PkHero *self)
{
  GtkWidget *frame = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *overlay = gtk_overlay_new ();

  self->picture = gtk_picture_new ();
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->picture),
                               GTK_ACCESSIBLE_STATE_HIDDEN,
                               TRUE,
                               -1);
  self->shape = gtk_image_new ();
  gtk_widget_add_css_class (self->shape, "pk-hero-shape");
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->picture);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->shape);
  gtk_widget_set_overflow (overlay, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (overlay, "pk-hero");
  gtk_box_append (GTK_BOX (frame), overlay);
  gtk_widget_set_layout_manager (
      frame,
      gtk_custom_layout_new (frame_request_mode, frame_measure, frame_allocate));
  gtk_button_set_child (GTK_BUTTON (self), frame);
  gtk_widget_add_css_class (GTK_WIDGET (self), "flat");
  gtk_widget_add_css_class (GTK_WIDGET (self), "pk-hero-button");
}

/**
 * pk_hero_new:
 *
 * Returns: (transfer floating): a wide picture of nothing yet
 */
GtkWidget *
pk_hero_new (void)
{
  return g_object_new (PK_TYPE_HERO, NULL);
}

/**
 * pk_hero_set_picture:
 * @self: a wide picture
 * @path: (nullable): a picture's file
 * @icon_name: the shape to show without one
 * @is_drawing: whether it is a drawing, which is shown whole and on white
 *
 * Shows a picture as soon as it is decoded.
 */
void
pk_hero_set_picture (PkHero *self, const char *path, const char *icon_name, gboolean is_drawing)
{
  g_return_if_fail (PK_IS_HERO (self));

  gtk_image_set_from_icon_name (GTK_IMAGE (self->shape), icon_name);
  gtk_picture_set_content_fit (GTK_PICTURE (self->picture),
                               is_drawing ? GTK_CONTENT_FIT_CONTAIN : GTK_CONTENT_FIT_COVER);
  if (is_drawing && path != NULL)
    gtk_widget_add_css_class (self->picture, "pk-sheet");
  else
    gtk_widget_remove_css_class (self->picture, "pk-sheet");
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
 * pk_hero_set_name:
 * @self: a wide picture
 * @name: what it shows
 *
 * Names the picture for who does not see it.
 */
void
pk_hero_set_name (PkHero *self, const char *name)
{
  g_return_if_fail (PK_IS_HERO (self));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * pk_hero_set_target:
 * @self: a wide picture
 * @action: (nullable): what a click activates; %NULL makes it a picture only
 * @target: (nullable): the action's string
 *
 * Says what a click opens.
 */
void
pk_hero_set_target (PkHero *self, const char *action, const char *target)
{
  g_return_if_fail (PK_IS_HERO (self));
  if (target != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "s", target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), action);
  gtk_widget_set_can_target (GTK_WIDGET (self), action != NULL);
  gtk_widget_set_focusable (GTK_WIDGET (self), action != NULL);
}

/* A wide picture that a click opens. Main thread. */
#include "config.h"

#include "pk-hero.h"

#include "pk-picture-frame.h"

/* At most twice as large as it is shown. */
static const PkFrameSize wide = { .longest_side = 1600,
                                  .least_width = 240,
                                  .least_height = 150,
                                  .most_height = 280,
                                  .height_per_width = 0.375 };

struct _PkHero
{
  GtkButton parent_instance;
  GtkWidget *frame;
};

G_DEFINE_FINAL_TYPE (PkHero, pk_hero, GTK_TYPE_BUTTON)

static void
pk_hero_class_init (PkHeroClass *klass G_GNUC_UNUSED)
{
}

static void
pk_hero_init (PkHero *self)
{
  self->frame = pk_picture_frame_new (&wide, "pk-hero");
  gtk_button_set_child (GTK_BUTTON (self), self->frame);
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
  pk_picture_frame_set_is_drawing (PK_PICTURE_FRAME (self->frame), is_drawing);
  pk_picture_frame_show (PK_PICTURE_FRAME (self->frame), path, icon_name);
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

/* One fact: caption, value, and what it opens or how it is changed. Main thread. */
#include "config.h"

#include "pk-fact.h"

#include "pk-even-layout.h"

#include <glib/gi18n.h>

struct _PkFact
{
  GtkWidget parent_instance;
  GtkWidget *frame;   /* (owned by the widget tree): a box, a button or a menu button */
  GtkWidget *content; /* (owned): lies in the frame */
  GtkWidget *caption;
  GtkWidget *icon;
  GtkWidget *value;
  const char *tone; /* (static) (nullable): a style class */
};

G_DEFINE_FINAL_TYPE (PkFact, pk_fact, GTK_TYPE_WIDGET)

static void
update_name (PkFact *self)
{
  g_autofree char *name = g_strdup_printf ("%s: %s",
                                           gtk_label_get_label (GTK_LABEL (self->caption)),
                                           gtk_label_get_label (GTK_LABEL (self->value)));
  GtkWidget *toggle = GTK_IS_MENU_BUTTON (self->frame) ? gtk_widget_get_first_child (self->frame)
                                                       : NULL;

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->frame),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name,
                                  -1);
  if (toggle != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (toggle),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    name,
                                    -1);
}

static void
take_content_out (PkFact *self)
{
  if (GTK_IS_MENU_BUTTON (self->frame))
    gtk_menu_button_set_child (GTK_MENU_BUTTON (self->frame), NULL);
  else if (GTK_IS_BUTTON (self->frame))
    gtk_button_set_child (GTK_BUTTON (self->frame), NULL);
  else if (self->frame != NULL)
    gtk_box_remove (GTK_BOX (self->frame), self->content);
}

static void
set_frame (PkFact *self, GtkWidget *frame)
{
  take_content_out (self);
  g_clear_pointer (&self->frame, gtk_widget_unparent);
  self->frame = frame;
  if (GTK_IS_MENU_BUTTON (frame))
    gtk_menu_button_set_child (GTK_MENU_BUTTON (frame), self->content);
  else if (GTK_IS_BUTTON (frame))
    gtk_button_set_child (GTK_BUTTON (frame), self->content);
  else
    gtk_box_append (GTK_BOX (frame), self->content);
  gtk_widget_set_halign (self->content, GTK_ALIGN_FILL);
  for (GtkWidget *above = gtk_widget_get_parent (self->content); above != frame && above != NULL;
       above = gtk_widget_get_parent (above))
    {
      gtk_widget_set_halign (above, GTK_ALIGN_FILL);
      gtk_widget_set_hexpand (above, TRUE);
    }
  gtk_widget_add_css_class (frame, "pk-fact");
  if (!GTK_IS_BOX (frame))
    gtk_widget_add_css_class (frame, "flat");
  gtk_widget_set_parent (frame, GTK_WIDGET (self));
  update_name (self);
}

static GtkMenuButton *
need_menu_button (PkFact *self)
{
  if (!GTK_IS_MENU_BUTTON (self->frame))
    set_frame (self, gtk_menu_button_new ());
  return GTK_MENU_BUTTON (self->frame);
}

static void
pk_fact_dispose (GObject *object)
{
  PkFact *self = PK_FACT (object);

  g_clear_pointer (&self->frame, gtk_widget_unparent);
  g_clear_object (&self->content);
  G_OBJECT_CLASS (pk_fact_parent_class)->dispose (object);
}

static void
pk_fact_class_init (PkFactClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_fact_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "pk-fact-holder");
}

static void
pk_fact_init (PkFact *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->content = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 2));
  self->caption = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->caption), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->caption), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->caption, "caption");
  gtk_widget_add_css_class (self->caption, "dim-label");
  self->icon = gtk_image_new ();
  gtk_widget_set_visible (self->icon, FALSE);
  self->value = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->value), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->value), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (self->value, TRUE);
  gtk_box_append (GTK_BOX (line), self->icon);
  gtk_box_append (GTK_BOX (line), self->value);
  gtk_box_append (GTK_BOX (self->content), self->caption);
  gtk_box_append (GTK_BOX (self->content), line);
}

/**
 * pk_fact_new:
 * @caption: what the fact is about
 *
 * Returns: (transfer floating): a fact without a value yet
 */
GtkWidget *
pk_fact_new (const char *caption)
{
  PkFact *self = g_object_new (PK_TYPE_FACT, NULL);

  gtk_label_set_label (GTK_LABEL (self->caption), caption);
  set_frame (self, gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  pk_fact_set_value (self, NULL, NULL);
  return GTK_WIDGET (self);
}

/**
 * pk_fact_set_value:
 * @self: a fact
 * @value: (nullable): for people; a dash stands for nothing
 * @tooltip: (nullable): the exact value behind a short one
 *
 * Shows a value.
 */
void
pk_fact_set_value (PkFact *self, const char *value, const char *tooltip)
{
  g_return_if_fail (PK_IS_FACT (self));
  gboolean is_empty = value == NULL || *value == '\0';

  gtk_label_set_label (GTK_LABEL (self->value), is_empty ? "–" : value);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip != NULL ? tooltip : value);
  if (is_empty)
    gtk_widget_add_css_class (self->value, "dim-label");
  else
    gtk_widget_remove_css_class (self->value, "dim-label");
  update_name (self);
}

/**
 * pk_fact_set_icon:
 * @self: a fact
 * @icon_name: (nullable): symbolic
 *
 * Puts a shape before the value.
 */
void
pk_fact_set_icon (PkFact *self, const char *icon_name)
{
  g_return_if_fail (PK_IS_FACT (self));
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), icon_name);
  gtk_widget_set_visible (self->icon, icon_name != NULL);
}

/**
 * pk_fact_set_tone:
 * @self: a fact
 * @css_class: (nullable): a static style class: error, warning, success
 *
 * Colours the value; its words say the same.
 */
void
pk_fact_set_tone (PkFact *self, const char *css_class)
{
  g_return_if_fail (PK_IS_FACT (self));

  if (self->tone != NULL)
    gtk_widget_remove_css_class (gtk_widget_get_parent (self->value), self->tone);
  self->tone = css_class;
  if (css_class != NULL)
    gtk_widget_add_css_class (gtk_widget_get_parent (self->value), css_class);
}

/**
 * pk_fact_set_action:
 * @self: a fact
 * @action: (nullable): what a click activates; %NULL makes it a plain text
 * @target: (nullable): the action's string
 *
 * Makes the fact a button that opens what it names.
 */
void
pk_fact_set_action (PkFact *self, const char *action, const char *target)
{
  g_return_if_fail (PK_IS_FACT (self));

  if (action == NULL)
    {
      if (!GTK_IS_BOX (self->frame))
        set_frame (self, gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
      return;
    }
  if (!GTK_IS_BUTTON (self->frame))
    set_frame (self, gtk_button_new ());
  if (target != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->frame), "s", target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->frame), action);
}

/**
 * pk_fact_set_menu:
 * @self: a fact
 * @menu: what it can be changed to
 *
 * Makes the fact a button with a menu.
 */
void
pk_fact_set_menu (PkFact *self, GMenuModel *menu)
{
  g_return_if_fail (PK_IS_FACT (self));
  gtk_menu_button_set_menu_model (need_menu_button (self), menu);
}

/**
 * pk_fact_set_popover:
 * @self: a fact
 * @popover: (transfer floating): where it is changed
 *
 * Makes the fact a button with a popover.
 */
void
pk_fact_set_popover (PkFact *self, GtkWidget *popover)
{
  g_return_if_fail (PK_IS_FACT (self));
  gtk_menu_button_set_popover (need_menu_button (self), popover);
}

/**
 * pk_facts_box_new:
 *
 * Returns: (transfer floating): a box for facts, in as many even columns as fit
 */
GtkWidget *
pk_facts_box_new (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_set_layout_manager (box, pk_even_layout_new (155, 6, 2));
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "pk-facts");
  return box;
}

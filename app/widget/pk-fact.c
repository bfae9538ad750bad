/*
 * One fact: caption, value, and what it opens or how it is changed. What can be both opened and changed has a small button at its
 * end for changing; what can only be changed is that button. Main thread.
 */
#include "config.h"

#include "pk-fact.h"

#include "pk-compat.h"
#include "pk-even-layout.h"
#include "pk-glib-backports.h"

#include <glib/gi18n.h>

typedef enum
{
  FORM_PLAIN,
  FORM_OPENS,
  FORM_CHANGES,
  FORM_BOTH
} Form;

struct _PkFact
{
  GtkWidget parent_instance;
  Form form;
  GtkWidget *line;    /* (owned by the widget tree): of frame and change */
  GtkWidget *frame;   /* in the line: a box or a button */
  GtkWidget *change;  /* (nullable): in the line: the small button */
  GtkWidget *content; /* (owned): lies in the frame */
  GtkWidget *caption;
  GtkWidget *icon;
  GtkWidget *value;
  GtkWidget *arrow;   /* shown where a click changes the value */
  GMenuModel *menu;   /* (owned) (nullable): what the popover was made of */
  GtkWidget *popover; /* (owned by the widget tree) (nullable): a child, whatever the form */
  char *action;       /* (owned) (nullable) */
  GVariant *target;   /* (owned) (nullable) */
  const char *tone;   /* (static) (nullable): a style class */
};

G_DEFINE_FINAL_TYPE (PkFact, pk_fact, GTK_TYPE_WIDGET)

static void
name_button (GtkWidget *button, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
update_name (PkFact *self)
{
  const char *caption = gtk_label_get_label (GTK_LABEL (self->caption));
  g_autofree char *name =
      g_strdup_printf ("%s: %s", caption, gtk_label_get_label (GTK_LABEL (self->value)));

  name_button (self->frame, name);
  if (self->change == NULL)
    return;
  /* Translators: %s is what can be changed, such as Building */
  g_autofree char *change = g_strdup_printf (_ ("Change: %s"), caption);
  name_button (self->change, change);
  pk_compat_set_name (self->change, change);
}

static void
change_clicked_cb (PkFact *self)
{
  pk_fact_open_change (self);
}

static void
opens_change (PkFact *self, GtkWidget *button)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_HAS_POPUP,
                                  TRUE,
                                  -1);
  g_signal_connect_object (button,
                           "clicked",
                           G_CALLBACK (change_clicked_cb),
                           self,
                           G_CONNECT_SWAPPED);
}

static void
take_content_out (PkFact *self)
{
  if (GTK_IS_BUTTON (self->frame))
    gtk_button_set_child (GTK_BUTTON (self->frame), NULL);
  else if (self->frame != NULL)
    gtk_box_remove (GTK_BOX (self->frame), self->content);
  self->frame = NULL;
  self->change = NULL;
  g_clear_pointer (&self->line, gtk_widget_unparent);
}

static void
add_frame (PkFact *self, GtkWidget *frame)
{
  self->frame = frame;
  if (GTK_IS_BUTTON (frame))
    gtk_button_set_child (GTK_BUTTON (frame), self->content);
  else
    gtk_box_append (GTK_BOX (frame), self->content);
  gtk_widget_add_css_class (frame, "pk-fact");
  if (GTK_IS_BUTTON (frame))
    gtk_widget_add_css_class (frame, "flat");
  gtk_widget_set_hexpand (frame, TRUE);
  gtk_box_append (GTK_BOX (self->line), frame);
}

static void
add_change (PkFact *self)
{
  self->change = gtk_button_new_from_icon_name ("document-edit-symbolic");
  gtk_widget_set_valign (self->change, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->change, "flat");
  gtk_widget_add_css_class (self->change, "pk-fact-change");
  opens_change (self, self->change);
  gtk_box_append (GTK_BOX (self->line), self->change);
}

static Form
form_of (PkFact *self)
{
  if (self->action != NULL)
    return self->popover != NULL ? FORM_BOTH : FORM_OPENS;
  return self->popover != NULL ? FORM_CHANGES : FORM_PLAIN;
}

static void
build_form (PkFact *self)
{
  take_content_out (self);
  self->form = form_of (self);
  self->line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_parent (self->line, GTK_WIDGET (self));
  add_frame (self,
             self->form == FORM_PLAIN ? gtk_box_new (GTK_ORIENTATION_VERTICAL, 0)
                                      : gtk_button_new ());
  gtk_widget_set_visible (self->arrow, self->form == FORM_CHANGES);
  if (self->form == FORM_CHANGES)
    opens_change (self, self->frame);
  if (self->form == FORM_BOTH)
    add_change (self);
}

static void
update_form (PkFact *self)
{
  if (self->line == NULL || self->form != form_of (self))
    build_form (self);
  if (self->form == FORM_OPENS || self->form == FORM_BOTH)
    {
      gtk_actionable_set_action_target_value (GTK_ACTIONABLE (self->frame), self->target);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->frame), self->action);
    }
  update_name (self);
}

/* The focus goes back to where it came from. */
static void
popover_closed_cb (PkFact *self)
{
  GtkWidget *button = self->form == FORM_BOTH ? self->change : self->frame;

  if (GTK_IS_BUTTON (button) && gtk_widget_get_mapped (button))
    gtk_widget_grab_focus (button);
}

static void
take_popover (PkFact *self, GtkWidget *popover)
{
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  self->popover = popover;
  if (popover != NULL)
    {
      gtk_widget_set_parent (popover, GTK_WIDGET (self));
      g_signal_connect_object (popover,
                               "closed",
                               G_CALLBACK (popover_closed_cb),
                               self,
                               G_CONNECT_SWAPPED);
    }
  update_form (self);
}

static void
pk_fact_dispose (GObject *object)
{
  PkFact *self = PK_FACT (object);

  take_content_out (self);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_object (&self->content);
  g_clear_object (&self->menu);
  g_clear_pointer (&self->target, g_variant_unref);
  g_clear_pointer (&self->action, g_free);
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
  self->arrow = gtk_image_new_from_icon_name ("pan-down-symbolic");
  gtk_widget_add_css_class (self->arrow, "pk-fact-arrow");
  gtk_widget_set_visible (self->arrow, FALSE);
  gtk_box_append (GTK_BOX (line), self->icon);
  gtk_box_append (GTK_BOX (line), self->value);
  gtk_box_append (GTK_BOX (line), self->arrow);
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
  update_form (self);
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
 * Lets a click open what the fact names.
 */
void
pk_fact_set_action (PkFact *self, const char *action, const char *target)
{
  g_return_if_fail (PK_IS_FACT (self));

  g_set_str (&self->action, action);
  g_clear_pointer (&self->target, g_variant_unref);
  if (target != NULL)
    self->target = g_variant_ref_sink (g_variant_new_string (target));
  update_form (self);
}

/**
 * pk_fact_set_menu:
 * @self: a fact
 * @menu: (nullable): what it can be changed to
 *
 * Lets the fact be changed by a menu.
 */
void
pk_fact_set_menu (PkFact *self, GMenuModel *menu)
{
  g_return_if_fail (PK_IS_FACT (self));

  if (g_set_object (&self->menu, menu))
    take_popover (self, menu != NULL ? gtk_popover_menu_new_from_model (menu) : NULL);
}

/**
 * pk_fact_set_popover:
 * @self: a fact
 * @popover: (transfer floating) (nullable): where it is changed
 *
 * Lets the fact be changed in a popover.
 */
void
pk_fact_set_popover (PkFact *self, GtkWidget *popover)
{
  g_return_if_fail (PK_IS_FACT (self));

  g_clear_object (&self->menu);
  if (popover != self->popover)
    take_popover (self, popover);
}

/**
 * pk_fact_get_popover:
 * @self: a fact
 *
 * Returns: (transfer none) (nullable): where it is changed
 */
GtkWidget *
pk_fact_get_popover (PkFact *self)
{
  g_return_val_if_fail (PK_IS_FACT (self), NULL);
  return self->popover;
}

/**
 * pk_fact_is_changeable:
 * @self: a fact
 *
 * Returns: whether it can be changed here
 */
gboolean
pk_fact_is_changeable (PkFact *self)
{
  g_return_val_if_fail (PK_IS_FACT (self), FALSE);
  return self->popover != NULL;
}

/**
 * pk_fact_open_change:
 * @self: a fact
 *
 * Opens where the fact is changed, as a click would.
 *
 * Returns: %FALSE where it cannot be changed
 */
gboolean
pk_fact_open_change (PkFact *self)
{
  g_return_val_if_fail (PK_IS_FACT (self), FALSE);

  if (self->popover == NULL || !gtk_widget_get_visible (GTK_WIDGET (self)))
    return FALSE;
  gtk_popover_popup (GTK_POPOVER (self->popover));
  return TRUE;
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

  gtk_widget_set_layout_manager (box, pk_even_layout_new (140, 6, 2));
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "pk-facts");
  return box;
}

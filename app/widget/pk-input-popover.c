/* A popover to change one field in by typing; see the header. Main thread. */
#include "config.h"

#include "pk-input-popover.h"

#include <glib/gi18n.h>

struct _PkInputPopover
{
  GtkPopover parent_instance;
  const PkField *field;
  char *action; /* (owned) */
  char *text;   /* (owned): as it is, as a person would type it */
  GtkWidget *entry;
  GtkWidget *fault;
};

G_DEFINE_FINAL_TYPE (PkInputPopover, pk_input_popover, GTK_TYPE_POPOVER)

static void
show_fault (PkInputPopover *self, const char *words)
{
  gtk_label_set_label (GTK_LABEL (self->fault), words != NULL ? words : "");
  gtk_widget_set_visible (self->fault, words != NULL);
  if (words != NULL)
    gtk_widget_add_css_class (self->entry, "error");
  else
    gtk_widget_remove_css_class (self->entry, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry),
                               GTK_ACCESSIBLE_STATE_INVALID,
                               words != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                             : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static void
typed_cb (PkInputPopover *self)
{
  show_fault (self, NULL);
}

static GtkWidget *
new_line (PkInputPopover *self, const char *caption)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *save = gtk_button_new_with_mnemonic (_ ("_Save"));

  self->entry = gtk_entry_new ();
  gtk_entry_set_input_purpose (GTK_ENTRY (self->entry),
                               self->field->type == PK_TYPE_INT    ? GTK_INPUT_PURPOSE_DIGITS
                               : self->field->type == PK_TYPE_REAL ? GTK_INPUT_PURPOSE_NUMBER
                                                                   : GTK_INPUT_PURPOSE_FREE_FORM);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry),
                                self->field->type == PK_TYPE_TEXT ? 28 : 14);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  caption,
                                  -1);
  gtk_widget_set_hexpand (self->entry, TRUE);
  gtk_widget_add_css_class (save, "suggested-action");
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (pk_input_popover_save), self);
  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (typed_cb), self);
  g_signal_connect_swapped (save, "clicked", G_CALLBACK (pk_input_popover_save), self);
  gtk_box_append (GTK_BOX (line), self->entry);
  gtk_box_append (GTK_BOX (line), save);
  return line;
}

static void
build (PkInputPopover *self, const char *caption)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *heading = gtk_label_new (caption);

  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "heading");
  self->fault = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->fault), 0);
  gtk_label_set_wrap (GTK_LABEL (self->fault), TRUE);
  gtk_widget_add_css_class (self->fault, "error");
  gtk_widget_add_css_class (self->fault, "caption");
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), new_line (self, caption));
  gtk_box_append (GTK_BOX (box), self->fault);
  gtk_widget_add_css_class (box, "pk-input");
  gtk_popover_set_child (GTK_POPOVER (self), box);
  show_fault (self, NULL);
}

static void
pk_input_popover_show (GtkWidget *widget)
{
  PkInputPopover *self = PK_INPUT_POPOVER (widget);

  pk_input_popover_type (self, self->text);
  GTK_WIDGET_CLASS (pk_input_popover_parent_class)->show (widget);
  gtk_widget_grab_focus (self->entry);
}

static void
pk_input_popover_finalize (GObject *object)
{
  PkInputPopover *self = PK_INPUT_POPOVER (object);

  g_free (self->action);
  g_free (self->text);
  G_OBJECT_CLASS (pk_input_popover_parent_class)->finalize (object);
}

static void
pk_input_popover_class_init (PkInputPopoverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_input_popover_finalize;
  GTK_WIDGET_CLASS (klass)->show = pk_input_popover_show;
}

static void
pk_input_popover_init (PkInputPopover *self)
{
  self->text = g_strdup ("");
}

/**
 * pk_input_popover_new:
 * @field: what is changed
 * @caption: what the field is called
 * @action: takes the field's name and the text
 *
 * Returns: (transfer floating): the popover
 */
GtkWidget *
pk_input_popover_new (const PkField *field, const char *caption, const char *action)
{
  PkInputPopover *self = g_object_new (PK_TYPE_INPUT_POPOVER, NULL);

  self->field = field;
  self->action = g_strdup (action);
  build (self, caption);
  return GTK_WIDGET (self);
}

/**
 * pk_input_popover_set_value:
 * @self: a popover
 * @value: as it is
 *
 * Says what stands in the line when the popover is shown the next time.
 */
void
pk_input_popover_set_value (PkInputPopover *self, const PkValue *value)
{
  g_return_if_fail (PK_IS_INPUT_POPOVER (self));
  g_free (self->text);
  self->text = pk_input_dup_text (self->field, value);
}

/**
 * pk_input_popover_type:
 * @self: a popover
 * @text: what to write in the line
 *
 * Writes as a person would.
 */
void
pk_input_popover_type (PkInputPopover *self, const char *text)
{
  g_return_if_fail (PK_IS_INPUT_POPOVER (self));
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
}

/**
 * pk_input_popover_save:
 * @self: a popover
 *
 * Saves what is written, as Enter does; says what is wrong where it cannot be saved.
 *
 * Returns: whether it was saved
 */
gboolean
pk_input_popover_save (PkInputPopover *self)
{
  g_return_val_if_fail (PK_IS_INPUT_POPOVER (self), FALSE);
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  g_autoptr (GError) error = NULL;
  g_auto (PkValue) value = PK_VALUE_INIT;

  if (!pk_input_parse (self->field, text, &value, &error))
    {
      g_autofree char *words = pk_input_dup_fault (self->field, error);
      show_fault (self, words);
      return FALSE;
    }
  gtk_popover_popdown (GTK_POPOVER (self));
  gtk_widget_activate_action (GTK_WIDGET (self), self->action, "(ss)", self->field->name, text);
  return TRUE;
}

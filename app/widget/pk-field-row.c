/* One field of a record: label, value, perhaps a verb. Main thread. */
#include "config.h"

#include "pk-field-row.h"

#include "pk-compat.h"

struct _PkFieldRow
{
  GtkListBoxRow parent_instance;
  GtkWidget *box;
  GtkWidget *label;
  GtkWidget *value;
  GtkWidget *verb; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (PkFieldRow, pk_field_row, GTK_TYPE_LIST_BOX_ROW)

static void
pk_field_row_class_init (PkFieldRowClass *klass G_GNUC_UNUSED)
{
}

static void
pk_field_row_init (PkFieldRow *self)
{
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_add_css_class (self->label, "caption");
  gtk_widget_add_css_class (self->label, "dim-label");
  self->value = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->value), 0);
  gtk_label_set_wrap (GTK_LABEL (self->value), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->value), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (self->value), TRUE);
  gtk_label_set_mnemonic_widget (GTK_LABEL (self->label), self->value);
  gtk_box_append (GTK_BOX (texts), self->label);
  gtk_box_append (GTK_BOX (texts), self->value);
  gtk_widget_set_hexpand (texts, TRUE);

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_add_css_class (self->box, "pk-field");
  gtk_box_append (GTK_BOX (self->box), texts);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), self->box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
}

/**
 * pk_field_row_new:
 * @label: of the field
 * @value: (nullable): for people
 *
 * Returns: (transfer floating): a row for a boxed list; hidden where there is no value
 */
GtkWidget *
pk_field_row_new (const char *label, const char *value)
{
  PkFieldRow *self = g_object_new (PK_TYPE_FIELD_ROW, NULL);

  gtk_label_set_label (GTK_LABEL (self->label), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->value),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label,
                                  -1);
  pk_field_row_set_value (self, value);
  return GTK_WIDGET (self);
}

/**
 * pk_field_row_set_value:
 * @self: a row
 * @value: (nullable): for people
 *
 * Shows another value; the row hides where there is none.
 */
void
pk_field_row_set_value (PkFieldRow *self, const char *value)
{
  gtk_label_set_label (GTK_LABEL (self->value), value == NULL ? "" : value);
  gtk_widget_set_visible (GTK_WIDGET (self), value != NULL && value[0] != '\0');
}

/**
 * pk_field_row_set_action:
 * @self: a row
 * @icon_name: symbolic
 * @tooltip: what it does; also its name for screen readers
 * @detailed_action: what it activates
 *
 * Puts a small verb at the end of the row, such as calling the number.
 */
void
pk_field_row_set_action (PkFieldRow *self,
                         const char *icon_name,
                         const char *tooltip,
                         const char *detailed_action)
{
  if (self->verb == NULL)
    {
      self->verb = gtk_button_new ();
      gtk_widget_add_css_class (self->verb, "flat");
      gtk_widget_set_valign (self->verb, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (self->box), self->verb);
    }
  gtk_button_set_icon_name (GTK_BUTTON (self->verb), icon_name);
  pk_compat_set_name (self->verb, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->verb),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  tooltip,
                                  -1);
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (self->verb), detailed_action);
}

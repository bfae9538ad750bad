/* A figure and its word; a click opens the rows behind it. Main thread. */
#include "config.h"

#include "pk-figure.h"

struct _PkFigure
{
  GtkButton parent_instance;
  GtkWidget *value;
  GtkWidget *word;
};

G_DEFINE_FINAL_TYPE (PkFigure, pk_figure, GTK_TYPE_BUTTON)

static void
pk_figure_class_init (PkFigureClass *klass G_GNUC_UNUSED)
{
}

static void
pk_figure_init (PkFigure *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->value = gtk_label_new ("–");
  gtk_widget_add_css_class (self->value, "title-2");
  gtk_widget_add_css_class (self->value, "numeric");
  self->word = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->word), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->word, "caption");
  gtk_widget_add_css_class (self->word, "dim-label");
  gtk_box_append (GTK_BOX (box), self->value);
  gtk_box_append (GTK_BOX (box), self->word);
  gtk_button_set_child (GTK_BUTTON (self), box);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "pk-figure");
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
}

static void
update_name (PkFigure *self)
{
  g_autofree char *name = g_strdup_printf ("%s: %s",
                                           gtk_label_get_label (GTK_LABEL (self->word)),
                                           gtk_label_get_label (GTK_LABEL (self->value)));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * pk_figure_new:
 * @word: what is counted
 * @detailed_action: (nullable): what a click activates
 *
 * Returns: (transfer floating): a figure without a value yet
 */
GtkWidget *
pk_figure_new (const char *word, const char *detailed_action)
{
  PkFigure *self = g_object_new (PK_TYPE_FIGURE, NULL);

  gtk_label_set_label (GTK_LABEL (self->word), word);
  if (detailed_action != NULL)
    gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (self), detailed_action);
  update_name (self);
  return GTK_WIDGET (self);
}

/**
 * pk_figure_set_value:
 * @self: a figure
 * @value: for people
 *
 * Shows a value.
 */
void
pk_figure_set_value (PkFigure *self, const char *value)
{
  gtk_label_set_label (GTK_LABEL (self->value), value);
  update_name (self);
}

/**
 * pk_figure_set_number:
 * @self: a figure
 * @number: a count
 *
 * Shows a count, grouped as the locale has it.
 */
void
pk_figure_set_number (PkFigure *self, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%'" G_GINT64_FORMAT, number);

  pk_figure_set_value (self, text);
}

/**
 * pk_figure_set_is_bad:
 * @self: a figure
 * @is_bad: whether the number asks for action
 *
 * Colours the number; the word says what it is.
 */
void
pk_figure_set_is_bad (PkFigure *self, gboolean is_bad)
{
  if (is_bad)
    gtk_widget_add_css_class (self->value, "error");
  else
    gtk_widget_remove_css_class (self->value, "error");
}

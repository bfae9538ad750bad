/*
 * The one row: state mark · title · below it, dimmed, place · who · category · at the right a chip and a small cloud where
 * something waits to be sent. A heading shows its title alone. Main thread.
 */
#include "config.h"

#include "pk-row.h"

#include "pk-compat.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _PkRow
{
  GtkWidget parent_instance;
  GtkWidget *mark;
  GtkWidget *title;
  GtkWidget *subtitle;
  GtkWidget *cloud;
  GtkWidget *chip;
  PkRowItem *item; /* (owned) (nullable) */
  gulong changed_id;
};

G_DEFINE_FINAL_TYPE (PkRow, pk_row, GTK_TYPE_WIDGET)

static const char *const tone_classes[] = {
  [PK_TONE_PLAIN] = NULL,     [PK_TONE_QUIET] = "dim-label", [PK_TONE_ACTIVE] = "accent",
  [PK_TONE_GOOD] = "success", [PK_TONE_WARNING] = "warning", [PK_TONE_BAD] = "error",
};

static void
set_tone (GtkWidget *widget, PkTone tone)
{
  for (guint i = 0; i < G_N_ELEMENTS (tone_classes); i++)
    if (tone_classes[i] != NULL && i != tone)
      gtk_widget_remove_css_class (widget, tone_classes[i]);
  if (tone_classes[tone] != NULL)
    gtk_widget_add_css_class (widget, tone_classes[tone]);
}

static void
set_class (GtkWidget *widget, const char *css_class, gboolean is_on)
{
  if (is_on)
    gtk_widget_add_css_class (widget, css_class);
  else
    gtk_widget_remove_css_class (widget, css_class);
}

static void
show_text (GtkWidget *label, const char *text)
{
  gtk_label_set_label (GTK_LABEL (label), text == NULL ? "" : text);
  gtk_widget_set_visible (label, text != NULL && text[0] != '\0');
}

static void
show_face (PkRow *self)
{
  const PkRowFace *face = pk_row_item_get_face (self->item);
  gboolean is_heading = pk_row_item_is_heading (self->item);

  gtk_widget_set_visible (self->mark, face->icon_name != NULL);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->mark), face->icon_name);
  gtk_widget_set_tooltip_text (self->mark, face->state);
  set_tone (self->mark, face->icon_tone);
  show_text (self->title, face->title);
  show_text (self->subtitle, face->subtitle);
  show_text (self->chip, face->chip);
  gtk_widget_set_tooltip_text (self->chip, face->chip_tooltip);
  set_tone (self->chip, face->chip_tone);
  gtk_widget_set_visible (self->cloud, face->is_waiting);
  set_class (self->title, "heading", is_heading);
  set_class (self->title, "dim-label", is_heading || face->is_closed);
  set_class (GTK_WIDGET (self), "pk-heading", is_heading);

  if (gtk_widget_get_parent (GTK_WIDGET (self)) != NULL)
    {
      g_autofree char *label = pk_row_item_dup_label (self->item);
      pk_compat_set_row_label (GTK_WIDGET (self), label);
    }
}

static GtkWidget *
new_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
add_texts (PkRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->title = new_label ("pk-row-title");
  self->subtitle = new_label ("dim-label");
  gtk_widget_add_css_class (self->subtitle, "caption");
  gtk_box_append (GTK_BOX (box), self->title);
  gtk_box_append (GTK_BOX (box), self->subtitle);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (box, GTK_WIDGET (self));
}

static void
pk_row_dispose (GObject *object)
{
  PkRow *self = PK_ROW (object);
  GtkWidget *child;

  pk_row_set_item (self, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (pk_row_parent_class)->dispose (object);
}

static void
pk_row_class_init (PkRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_row_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "pk-row");
}

static void
pk_row_init (PkRow *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 12);
  self->mark = gtk_image_new ();
  gtk_widget_set_parent (self->mark, GTK_WIDGET (self));
  add_texts (self);

  self->cloud = gtk_image_new_from_icon_name ("pk-waiting-symbolic");
  gtk_widget_add_css_class (self->cloud, "dim-label");
  gtk_widget_set_tooltip_text (self->cloud, _ ("Waits to be sent"));
  gtk_widget_set_parent (self->cloud, GTK_WIDGET (self));

  self->chip = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->chip, "pk-chip");
  gtk_widget_add_css_class (self->chip, "numeric");
  gtk_widget_add_css_class (self->chip, "caption");
  gtk_widget_set_valign (self->chip, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (self->chip, GTK_WIDGET (self));
}

/**
 * pk_row_new:
 *
 * Returns: (transfer floating): an empty row
 */
GtkWidget *
pk_row_new (void)
{
  return g_object_new (PK_TYPE_ROW, NULL);
}

/**
 * pk_row_set_item:
 * @self: a row
 * @item: (nullable): what it shows
 *
 * Shows @item and follows its changes.
 */
void
pk_row_set_item (PkRow *self, PkRowItem *item)
{
  g_return_if_fail (PK_IS_ROW (self));

  if (self->changed_id != 0)
    g_signal_handler_disconnect (self->item, self->changed_id);
  self->changed_id = 0;
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  self->changed_id = g_signal_connect_swapped (item, "changed", G_CALLBACK (show_face), self);
  show_face (self);
}

/**
 * pk_row_get_item:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what it shows
 */
PkRowItem *
pk_row_get_item (PkRow *self)
{
  return self->item;
}

static void
setup_cb (GtkListItemFactory *factory G_GNUC_UNUSED, GtkListItem *item)
{
  gtk_list_item_set_child (item, pk_row_new ());
}

static void
bind_cb (GtkListItemFactory *factory G_GNUC_UNUSED, GtkListItem *item)
{
  PkRowItem *row_item = gtk_list_item_get_item (item);

  /* A heading stays selectable: the keyboard gets past a row only where it can be selected. */
  gtk_list_item_set_activatable (item, !pk_row_item_is_heading (row_item));
  pk_row_set_item (PK_ROW (gtk_list_item_get_child (item)), row_item);
}

static void
unbind_cb (GtkListItemFactory *factory G_GNUC_UNUSED, GtkListItem *item)
{
  pk_row_set_item (PK_ROW (gtk_list_item_get_child (item)), NULL);
}

/**
 * pk_row_factory_new:
 *
 * Returns: (transfer full): makes #PkRow for the #PkRowItem of a list
 */
GtkListItemFactory *
pk_row_factory_new (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  return factory;
}

static GtkWidget *
create_box_row_cb (gpointer item, gpointer user_data G_GNUC_UNUSED)
{
  GtkWidget *box_row = gtk_list_box_row_new ();
  GtkWidget *row = pk_row_new ();

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (box_row), row);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (box_row), !pk_row_item_is_heading (item));
  gtk_widget_add_css_class (box_row, "pk-box-row");
  pk_row_set_item (PK_ROW (row), item);
  return box_row;
}

static void
box_row_activated_cb (GtkListBox *box, GtkListBoxRow *box_row)
{
  pk_row_open (GTK_WIDGET (box), pk_row_get_item (PK_ROW (gtk_list_box_row_get_child (box_row))));
}

/**
 * pk_row_list_box_new:
 * @rows: (element-type PkRowItem): a short list
 * @accessible_label: what the list is, for screen readers
 *
 * Returns: (transfer floating): a boxed list that follows @rows
 */
GtkWidget *
pk_row_list_box_new (GListModel *rows, const char *accessible_label)
{
  GtkWidget *box = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (box), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (box, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (box),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  accessible_label,
                                  -1);
  gtk_list_box_bind_model (GTK_LIST_BOX (box), rows, create_box_row_cb, NULL, NULL);
  g_signal_connect (box, "row-activated", G_CALLBACK (box_row_activated_cb), NULL);
  return box;
}

/**
 * pk_row_open:
 * @from: a widget in the window
 * @item: (nullable): what to open
 *
 * Opens the record of a row in the detail pane.
 */
void
pk_row_open (GtkWidget *from, PkRowItem *item)
{
  const char *action = item == NULL ? NULL : pk_row_item_get_open_action (item);

  if (action == NULL)
    return;
  char text[PK_ID_TEXT_LENGTH + 1];
  gtk_widget_activate_action (from, action, "s", pk_id_to_text (pk_row_item_get_id (item), text));
}

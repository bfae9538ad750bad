/* A popover to choose a record in; see the header. What there is to choose is read when the popover is shown. Main thread. */
#include "config.h"

#include "pk-find-popover.h"

#include "pk-glib-backports.h"
#include "pk-row.h"

#include <glib/gi18n.h>

#define WIDTH       300
#define MOST_HEIGHT 340

struct _PkFindPopover
{
  GtkPopover parent_instance;
  PkLibrary *library; /* (owned) */
  guint entity;
  PkChoices *choices; /* (owned) */
  char *action;       /* (owned) */
  char *prefix;       /* (owned) (nullable): goes before the id */
  PkId near_to;
  GtkWidget *entry;
  GtkWidget *list;
  GtkWidget *none;
  GtkWidget *nothing;
};

G_DEFINE_FINAL_TYPE (PkFindPopover, pk_find_popover, GTK_TYPE_POPOVER)

static void
activate (PkFindPopover *self, const char *id)
{
  GVariant *target = self->prefix != NULL ? g_variant_new ("(ss)", self->prefix, id)
                                          : g_variant_new_string (id);

  g_variant_ref_sink (target);
  gtk_popover_popdown (GTK_POPOVER (self));
  gtk_widget_activate_action_variant (GTK_WIDGET (self), self->action, target);
  g_variant_unref (target);
}

static void
choose (PkFindPopover *self, const PkId *id)
{
  g_autofree char *text = pk_id_dup_text (id);

  activate (self, text);
}

static void
search_changed_cb (PkFindPopover *self)
{
  pk_choices_search (self->choices, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

static void
row_activated_cb (PkFindPopover *self, GtkListBoxRow *row)
{
  g_autoptr (PkRowItem) item = g_list_model_get_item (pk_choices_get_rows (self->choices),
                                                      (guint) gtk_list_box_row_get_index (row));

  if (item != NULL)
    choose (self, pk_row_item_get_id (item));
}

static void
me_cb (PkFindPopover *self)
{
  choose (self, pk_library_get_person (self->library));
}

static void
nothing_cb (PkFindPopover *self)
{
  activate (self, "");
}

static void
show_none (PkFindPopover *self)
{
  gboolean is_empty = g_list_model_get_n_items (pk_choices_get_rows (self->choices)) == 0;

  gtk_widget_set_visible (self->none, is_empty && pk_choices_is_ready (self->choices));
  gtk_widget_set_visible (gtk_widget_get_ancestor (self->list, GTK_TYPE_SCROLLED_WINDOW),
                          !is_empty);
}

static GtkWidget *
create_row (gpointer item, gpointer user_data G_GNUC_UNUSED)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *content = pk_row_new ();
  g_autofree char *label = pk_row_item_dup_label (item);

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), content);
  pk_row_set_item (PK_ROW (content), item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return row;
}

static GtkWidget *
new_list (PkFindPopover *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_list_box_bind_model (GTK_LIST_BOX (self->list),
                           pk_choices_get_rows (self->choices),
                           create_row,
                           NULL,
                           NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Found"),
                                  -1);
  gtk_widget_add_css_class (self->list, "pk-choices");
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), MOST_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  return scroller;
}

static GtkWidget *
new_entry (PkFindPopover *self)
{
  self->entry = gtk_search_entry_new ();
  g_object_set (self->entry, "placeholder-text", _ ("Search"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Search"),
                                  -1);
  gtk_widget_set_size_request (self->entry, WIDTH, -1);
  gtk_search_entry_set_search_delay (GTK_SEARCH_ENTRY (self->entry), 0);
  g_signal_connect_swapped (self->entry, "search-changed", G_CALLBACK (search_changed_cb), self);
  g_signal_connect_swapped (self->entry,
                            "activate",
                            G_CALLBACK (pk_find_popover_choose_first),
                            self);
  return self->entry;
}

static GtkWidget *
new_button (PkFindPopover *self, const char *label, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "pk-choose");
  gtk_widget_set_halign (gtk_button_get_child (GTK_BUTTON (button)), GTK_ALIGN_START);
  g_signal_connect_swapped (button, "clicked", callback, self);
  return button;
}

static void
build (PkFindPopover *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->none = gtk_label_new (_ ("Nothing found"));
  gtk_widget_add_css_class (self->none, "dim-label");
  gtk_widget_set_visible (self->none, FALSE);
  self->nothing = new_button (self, "", G_CALLBACK (nothing_cb));
  gtk_widget_set_visible (self->nothing, FALSE);
  gtk_box_append (GTK_BOX (box), new_entry (self));
  if (self->entity == PK_ENTITY_PERSON)
    gtk_box_append (GTK_BOX (box), new_button (self, _ ("_Me"), G_CALLBACK (me_cb)));
  gtk_box_append (GTK_BOX (box), new_list (self));
  gtk_box_append (GTK_BOX (box), self->none);
  gtk_box_append (GTK_BOX (box), self->nothing);
  gtk_popover_set_child (GTK_POPOVER (self), box);
}

static void
pk_find_popover_show (GtkWidget *widget)
{
  PkFindPopover *self = PK_FIND_POPOVER (widget);

  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  pk_choices_load (self->choices, &self->near_to);
  GTK_WIDGET_CLASS (pk_find_popover_parent_class)->show (widget);
  gtk_widget_grab_focus (self->entry);
}

static void
pk_find_popover_dispose (GObject *object)
{
  PkFindPopover *self = PK_FIND_POPOVER (object);

  g_clear_object (&self->choices);
  g_clear_object (&self->library);
  g_clear_pointer (&self->action, g_free);
  g_clear_pointer (&self->prefix, g_free);
  G_OBJECT_CLASS (pk_find_popover_parent_class)->dispose (object);
}

static void
pk_find_popover_class_init (PkFindPopoverClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_find_popover_dispose;
  GTK_WIDGET_CLASS (klass)->show = pk_find_popover_show;
}

static void
pk_find_popover_init (PkFindPopover *self G_GNUC_UNUSED)
{
}

/**
 * pk_find_popover_new:
 * @library: where to search
 * @entity: a PkEntityId; see pk_choices_new()
 * @action: takes the id as a string
 *
 * Makes a popover to choose a record in.
 *
 * Returns: (transfer floating): the popover
 */
GtkWidget *
pk_find_popover_new (PkLibrary *library, guint entity, const char *action)
{
  PkFindPopover *self = g_object_new (PK_TYPE_FIND_POPOVER, NULL);

  self->library = g_object_ref (library);
  self->entity = entity;
  self->action = g_strdup (action);
  self->choices = pk_choices_new (library, entity);
  build (self);
  g_signal_connect_object (self->choices,
                           "changed",
                           G_CALLBACK (show_none),
                           self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/**
 * pk_find_popover_set_prefix:
 * @self: a popover
 * @prefix: (nullable): such as a field's name
 *
 * Lets the action take two strings: @prefix and the id.
 */
void
pk_find_popover_set_prefix (PkFindPopover *self, const char *prefix)
{
  g_return_if_fail (PK_IS_FIND_POPOVER (self));
  g_set_str (&self->prefix, prefix);
}

/**
 * pk_find_popover_set_nothing:
 * @self: a popover
 * @label: (nullable): of the button that chooses nothing, with a mnemonic; %NULL offers none
 *
 * Says what choosing nothing is called.
 */
void
pk_find_popover_set_nothing (PkFindPopover *self, const char *label)
{
  g_return_if_fail (PK_IS_FIND_POPOVER (self));
  gtk_button_set_label (GTK_BUTTON (self->nothing), label != NULL ? label : "");
  gtk_widget_set_halign (gtk_button_get_child (GTK_BUTTON (self->nothing)), GTK_ALIGN_START);
  gtk_widget_set_visible (self->nothing, label != NULL);
}

/**
 * pk_find_popover_set_near:
 * @self: a popover
 * @near_to: (nullable): see pk_choices_load()
 *
 * Says what is near from the next time it is shown.
 */
void
pk_find_popover_set_near (PkFindPopover *self, const PkId *near_to)
{
  g_return_if_fail (PK_IS_FIND_POPOVER (self));
  self->near_to = near_to != NULL ? *near_to : (PkId){ { 0 } };
}

/**
 * pk_find_popover_get_choices:
 * @self: a popover
 *
 * Returns: (transfer none): what there is to choose
 */
PkChoices *
pk_find_popover_get_choices (PkFindPopover *self)
{
  g_return_val_if_fail (PK_IS_FIND_POPOVER (self), NULL);
  return self->choices;
}

/**
 * pk_find_popover_choose_first:
 * @self: a popover
 *
 * Chooses what stands first, as Enter in the line does.
 *
 * Returns: %FALSE where nothing was found
 */
gboolean
pk_find_popover_choose_first (PkFindPopover *self)
{
  g_return_val_if_fail (PK_IS_FIND_POPOVER (self), FALSE);
  g_autoptr (PkRowItem) first = g_list_model_get_item (pk_choices_get_rows (self->choices), 0);

  if (first == NULL)
    return FALSE;
  choose (self, pk_row_item_get_id (first));
  return TRUE;
}

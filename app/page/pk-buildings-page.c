/*
 * The tree of places. Branches are read when they are opened; what was open stays open when data arrives. While somebody searches, what
 * was found stands in the place of the tree. Arrow keys open and close branches (GTK's own). Main thread.
 */
#include "config.h"

#include "pk-buildings-page.h"

#include "pk-compat.h"
#include "pk-finder.h"
#include "pk-page.h"
#include "pk-place-tree.h"
#include "pk-row.h"
#include "pk-section.h"

#include <glib/gi18n.h>

#define MOST_FOUND 50
/* So few properties are opened from the beginning. */
#define FEW 3

struct _PkBuildingsPage
{
  GtkWidget parent_instance;
  PkClient *client;       /* (owned) */
  PkPlaceTree *tree;      /* (owned) */
  PkFinder *finder;       /* (owned) */
  GtkTreeListModel *rows; /* (owned) */
  GtkWidget *box;         /* (owned by the widget tree) */
  GtkWidget *entry;
  GtkWidget *stack;
  GtkWidget *list;
};

static void page_iface_init (PkPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PkBuildingsPage,
                               pk_buildings_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PK_TYPE_PAGE, page_iface_init))

static GListModel *
create_children (gpointer item, gpointer user_data)
{
  return pk_place_tree_create_children (user_data, item);
}

static void
setup_cb (GtkSignalListItemFactory *factory G_GNUC_UNUSED,
          GtkListItem *item,
          gpointer user_data G_GNUC_UNUSED)
{
  GtkWidget *expander = gtk_tree_expander_new ();
  GtkWidget *row = pk_row_new ();

  gtk_widget_set_hexpand (row, TRUE);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), row);
  gtk_list_item_set_child (item, expander);
}

static void
bind_cb (GtkSignalListItemFactory *factory G_GNUC_UNUSED,
         GtkListItem *item,
         gpointer user_data G_GNUC_UNUSED)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (item));
  GtkTreeListRow *row = gtk_list_item_get_item (item);
  g_autoptr (PkRowItem) place = gtk_tree_list_row_get_item (row);
  g_autofree char *label = pk_row_item_dup_label (place);

  gtk_tree_expander_set_list_row (expander, row);
  pk_row_set_item (PK_ROW (gtk_tree_expander_get_child (expander)), place);
  pk_compat_set_row_label (GTK_WIDGET (expander), label);
}

static void
unbind_cb (GtkSignalListItemFactory *factory G_GNUC_UNUSED,
           GtkListItem *item,
           gpointer user_data G_GNUC_UNUSED)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (item));

  gtk_tree_expander_set_list_row (expander, NULL);
  pk_row_set_item (PK_ROW (gtk_tree_expander_get_child (expander)), NULL);
}

static void
activate_cb (GtkListView *list, guint position, PkBuildingsPage *self)
{
  g_autoptr (GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);
  g_autoptr (PkRowItem) place = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;

  if (place == NULL)
    return;
  if (pk_row_item_get_entity (place) == PK_ENTITY_PROPERTY)
    gtk_tree_list_row_set_expanded (row, !gtk_tree_list_row_get_expanded (row));
  else
    pk_row_open (GTK_WIDGET (list), place);
}

static void
found_activate_cb (GtkListView *list, guint position, PkBuildingsPage *self)
{
  g_autoptr (PkRowItem) item = g_list_model_get_item (pk_finder_get_rows (self->finder), position);

  if (item != NULL)
    pk_row_open (GTK_WIDGET (list), item);
}

static void
show_what_there_is (PkBuildingsPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  guint n_found = g_list_model_get_n_items (pk_finder_get_rows (self->finder));
  guint n = g_list_model_get_n_items (pk_place_tree_get_roots (self->tree));
  const char *name = *text != '\0' ? (n_found > 0 ? "found" : "not-found")
                     : n > 0       ? "tree"
                                   : (pk_place_tree_is_ready (self->tree) ? "empty" : "loading");

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), name);
}

static void
open_the_first (PkBuildingsPage *self)
{
  guint n = g_list_model_get_n_items (pk_place_tree_get_roots (self->tree));

  for (guint i = n; n <= FEW && i-- > 0;)
    {
      g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_child_row (self->rows, i);
      if (row != NULL)
        gtk_tree_list_row_set_expanded (row, TRUE);
    }
}

static void
ready_cb (PkBuildingsPage *self)
{
  if (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (self->stack)), "loading") == 0)
    open_the_first (self);
  show_what_there_is (self);
}

static void
search_changed_cb (PkBuildingsPage *self)
{
  pk_finder_search (self->finder, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

static GtkWidget *
scrolled (GtkWidget *child)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), child);
  return scroller;
}

static GtkWidget *
new_tree (PkBuildingsPage *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  self->rows = gtk_tree_list_model_new (g_object_ref (pk_place_tree_get_roots (self->tree)),
                                        FALSE,
                                        FALSE,
                                        create_children,
                                        g_object_ref (self->tree),
                                        g_object_unref);
  self->list = gtk_list_view_new (
      GTK_SELECTION_MODEL (gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->rows)))),
      factory);
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (self->list), TRUE);
  gtk_widget_add_css_class (self->list, "pk-rows");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Buildings"),
                                  -1);
  g_signal_connect_object (self->list, "activate", G_CALLBACK (activate_cb), self, 0);
  return scrolled (self->list);
}

static GtkWidget *
new_found (PkBuildingsPage *self)
{
  GtkWidget *list = gtk_list_view_new (GTK_SELECTION_MODEL (gtk_single_selection_new (
                                           g_object_ref (pk_finder_get_rows (self->finder)))),
                                       pk_row_factory_new ());

  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (list), TRUE);
  gtk_widget_add_css_class (list, "pk-rows");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Found"),
                                  -1);
  g_signal_connect_object (list, "activate", G_CALLBACK (found_activate_cb), self, 0);
  return scrolled (list);
}

static void
add_states (PkBuildingsPage *self)
{
  GtkStack *stack = GTK_STACK (self->stack);
  GtkWidget *spinner = gtk_spinner_new ();

  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (spinner, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Reading the buildings"),
                                  -1);
  gtk_stack_add_named (stack, spinner, "loading");
  gtk_stack_add_named (stack, new_tree (self), "tree");
  gtk_stack_add_named (stack, new_found (self), "found");
  gtk_stack_add_named (stack,
                       pk_empty_new ("edit-find-symbolic",
                                     _ ("Nothing found"),
                                     _ ("Search for a name, an address, a number or a tag."),
                                     NULL,
                                     NULL),
                       "not-found");
  gtk_stack_add_named (stack,
                       pk_empty_new ("pk-building-symbolic",
                                     _ ("No buildings here yet"),
                                     _ ("Buildings that you look after come here by themselves."),
                                     NULL,
                                     NULL),
                       "empty");
}

static const char *
get_title (PkPage *page G_GNUC_UNUSED)
{
  return _ ("Buildings");
}

static void
focus_start (PkPage *page)
{
  gtk_widget_grab_focus (PK_BUILDINGS_PAGE (page)->list);
}

static void
page_iface_init (PkPageInterface *iface)
{
  iface->get_title = get_title;
  iface->focus_start = focus_start;
}

static void
pk_buildings_page_dispose (GObject *object)
{
  PkBuildingsPage *self = PK_BUILDINGS_PAGE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->rows);
  g_clear_object (&self->tree);
  g_clear_object (&self->finder);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (pk_buildings_page_parent_class)->dispose (object);
}

static void
pk_buildings_page_class_init (PkBuildingsPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_buildings_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pk_buildings_page_init (PkBuildingsPage *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->entry = gtk_search_entry_new ();
  self->stack = gtk_stack_new ();
  g_object_set (self->entry, "placeholder-text", _ ("Search buildings and components"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Search buildings and components"),
                                  -1);
  gtk_widget_add_css_class (self->entry, "pk-search");
  gtk_widget_set_vexpand (self->stack, TRUE);
  g_signal_connect_object (self->entry,
                           "search-changed",
                           G_CALLBACK (search_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->box), self->entry);
  gtk_box_append (GTK_BOX (self->box), self->stack);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

/**
 * pk_buildings_page_new:
 * @client: what it reads
 *
 * Returns: (transfer floating): the place "Buildings"
 */
GtkWidget *
pk_buildings_page_new (PkClient *client)
{
  PkBuildingsPage *self = g_object_new (PK_TYPE_BUILDINGS_PAGE, NULL);
  PkLibrary *library = pk_client_get_library (client);

  self->client = g_object_ref (client);
  self->tree = pk_place_tree_new (library);
  self->finder =
      pk_finder_new (library, (1U << PK_ENTITY_BUILDING) | (1U << PK_ENTITY_COMPONENT), MOST_FOUND);
  add_states (self);
  g_signal_connect_object (self->tree, "ready", G_CALLBACK (ready_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->finder,
                           "searched",
                           G_CALLBACK (show_what_there_is),
                           self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/**
 * pk_buildings_page_search:
 * @self: the place "Buildings"
 * @text: what to search for
 *
 * Searches, as if it had been typed.
 */
void
pk_buildings_page_search (PkBuildingsPage *self, const char *text)
{
  g_return_if_fail (PK_IS_BUILDINGS_PAGE (self));
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
}

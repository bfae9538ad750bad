/* A popover to choose a record in: one line to search, the few that fit best below. Main thread. */
#include "config.h"

#include "pk-find-popover.h"

#include "pk-finder.h"
#include "pk-row.h"

#include <glib/gi18n.h>

#define MOST 6

typedef struct
{
  PkFinder *finder; /* (owned) */
  char *action;     /* (owned) */
  GtkWidget *popover;
  GtkWidget *entry;
} Chooser;

static void
chooser_free (gpointer data)
{
  Chooser *chooser = data;

  g_clear_object (&chooser->finder);
  g_free (chooser->action);
  g_free (chooser);
}

static void
choose (Chooser *chooser, const PkId *id)
{
  g_autofree char *text = pk_id_dup_text (id);

  gtk_widget_activate_action (chooser->popover, chooser->action, "s", text);
  gtk_popover_popdown (GTK_POPOVER (chooser->popover));
}

static void
search_changed_cb (GtkSearchEntry *entry, Chooser *chooser)
{
  pk_finder_search (chooser->finder, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
row_activated_cb (GtkListBox *list G_GNUC_UNUSED, GtkListBoxRow *row, Chooser *chooser)
{
  g_autoptr (PkRowItem) item = g_list_model_get_item (pk_finder_get_rows (chooser->finder),
                                                      (guint) gtk_list_box_row_get_index (row));

  if (item != NULL)
    choose (chooser, pk_row_item_get_id (item));
}

static void
entry_activated_cb (GtkSearchEntry *entry G_GNUC_UNUSED, Chooser *chooser)
{
  g_autoptr (PkRowItem) first = g_list_model_get_item (pk_finder_get_rows (chooser->finder), 0);

  if (first != NULL)
    choose (chooser, pk_row_item_get_id (first));
}

static void
shown_cb (GtkWidget *popover G_GNUC_UNUSED, Chooser *chooser)
{
  gtk_editable_set_text (GTK_EDITABLE (chooser->entry), "");
  gtk_widget_grab_focus (chooser->entry);
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
new_list (Chooser *chooser)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_bind_model (GTK_LIST_BOX (list),
                           pk_finder_get_rows (chooser->finder),
                           create_row,
                           NULL,
                           NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Found"),
                                  -1);
  gtk_widget_add_css_class (list, "navigation-sidebar");
  g_signal_connect (list, "row-activated", G_CALLBACK (row_activated_cb), chooser);
  return list;
}

static GtkWidget *
new_me_button (PkLibrary *library, const char *action)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Me"));
  g_autofree char *me = pk_id_dup_text (pk_library_get_person (library));

  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", me);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

/**
 * pk_find_popover_new:
 * @library: where to search
 * @entity: a PkEntityId
 * @action: takes the id as a string
 *
 * Makes a popover to choose a record in.
 *
 * Returns: (transfer floating): the popover
 */
GtkWidget *
pk_find_popover_new (PkLibrary *library, guint entity, const char *action)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  Chooser *chooser = g_new0 (Chooser, 1);

  chooser->finder = pk_finder_new (library, 1U << entity, MOST);
  chooser->action = g_strdup (action);
  chooser->popover = popover;
  chooser->entry = gtk_search_entry_new ();
  g_object_set (chooser->entry, "placeholder-text", _ ("Search"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chooser->entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Search"),
                                  -1);
  gtk_widget_set_size_request (chooser->entry, 240, -1);
  g_signal_connect (chooser->entry, "search-changed", G_CALLBACK (search_changed_cb), chooser);
  g_signal_connect (chooser->entry, "activate", G_CALLBACK (entry_activated_cb), chooser);
  g_signal_connect (popover, "show", G_CALLBACK (shown_cb), chooser);
  gtk_box_append (GTK_BOX (box), chooser->entry);
  if (entity == PK_ENTITY_PERSON)
    gtk_box_append (GTK_BOX (box), new_me_button (library, action));
  gtk_box_append (GTK_BOX (box), new_list (chooser));
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  g_object_set_data_full (G_OBJECT (popover), "chooser", chooser, chooser_free);
  return popover;
}

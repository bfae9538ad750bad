/* The only place where interfaces newer than GTK 4.8 and libadwaita 1.2, or deprecated since, are used. Main thread. */
#include "config.h"

#include "pk-compat.h"

#include <adwaita.h>

/**
 * pk_compat_set_row_label:
 * @row_child: what a factory put into a list row
 * @label: the whole row in words
 *
 * Gives a list row its accessible name. GTK leaves rows without one; before 4.12 it had no call for it, and what it has now wants the
 * list item, so the name is set on the widget around the child.
 */
void
pk_compat_set_row_label (GtkWidget *row_child, const char *label)
{
  GtkWidget *row = gtk_widget_get_parent (row_child);

  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/**
 * pk_compat_name_buttons:
 * @root: a widget
 *
 * Lets buttons with a mnemonic be called by what they show. GTK 4.8 names them twice, once with the underscore. To be called after
 * their labels are set.
 */
void
pk_compat_name_buttons (GtkWidget *root)
{
  if (GTK_IS_BUTTON (root) && gtk_button_get_use_underline (GTK_BUTTON (root)))
    gtk_accessible_reset_property (GTK_ACCESSIBLE (root), GTK_ACCESSIBLE_PROPERTY_LABEL);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    pk_compat_name_buttons (child);
}

/**
 * pk_compat_set_name:
 * @button: shows an icon only
 * @name: what it does
 *
 * Names a button for those who point at it and for those who hear it: GTK 4.8 reads the tooltip out as the name, newer GTK does not.
 */
void
pk_compat_set_name (GtkWidget *button, const char *name)
{
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/**
 * pk_compat_scroll_to:
 * @list: a list
 * @position: of the row
 *
 * Brings a row into view.
 */
void
pk_compat_scroll_to (GtkListView *list, guint position)
{
  gtk_widget_activate_action (GTK_WIDGET (list), "list.scroll-to-item", "u", position);
}

/**
 * pk_compat_set_end_buttons:
 * @header: an AdwHeaderBar
 * @is_shown: whether the window's buttons are at its end
 *
 * Shows the window's buttons. A newer header bar gives its layout only to those that are there when it is set, so it is set anew.
 */
void
pk_compat_set_end_buttons (GtkWidget *header, gboolean is_shown)
{
  AdwHeaderBar *bar = ADW_HEADER_BAR (header);
  g_autofree char *layout = g_strdup (adw_header_bar_get_decoration_layout (bar));

  if (adw_header_bar_get_show_end_title_buttons (bar) == is_shown)
    return;
  adw_header_bar_set_show_end_title_buttons (bar, is_shown);
  adw_header_bar_set_decoration_layout (bar, NULL);
  adw_header_bar_set_decoration_layout (bar, layout);
}

/**
 * pk_compat_add_expander_button:
 * @row: an AdwExpanderRow
 * @button: (transfer floating): what else can be done with it
 *
 * Puts a button at the end of a row that opens.
 */
void
pk_compat_add_expander_button (GtkWidget *row, GtkWidget *button)
{
#if ADW_CHECK_VERSION(1, 4, 0)
  adw_expander_row_add_suffix (ADW_EXPANDER_ROW (row), button);
#else
  adw_expander_row_add_action (ADW_EXPANDER_ROW (row), button);
#endif
}

/* The only place where interfaces newer than GTK 4.8 and libadwaita 1.2, or deprecated since, are used. Main thread. */
#include "config.h"

#include "pk-compat.h"

#include <adwaita.h>

/**
 * pk_compat_set_row_label:
 * @row_child: what a factory put into a list row
 * @label: the whole row in words
 *
 * Gives a list row its accessible name. GTK before 4.12 has no call for it and leaves rows without a name, so the name is set on
 * the widget around the child.
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

static GtkWindow *
find_window (GtkWidget *from)
{
  GtkRoot *root = gtk_widget_get_root (from);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

/**
 * pk_compat_open_uri:
 * @from: a widget in the window that asks
 * @uri: what to open in the person's own program for it
 *
 * Opens an address or a file.
 */
void
pk_compat_open_uri (GtkWidget *from, const char *uri)
{
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  gtk_show_uri (find_window (from), uri, GDK_CURRENT_TIME);
  G_GNUC_END_IGNORE_DEPRECATIONS
}

G_GNUC_BEGIN_IGNORE_DEPRECATIONS

static void
file_chosen_cb (GtkNativeDialog *chooser, int response, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    g_task_return_pointer (task,
                           gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)),
                           g_object_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "No file was chosen");
  gtk_native_dialog_destroy (chooser);
}

static GTask *
start_choosing (GtkFileChooserNative *chooser,
                GtkWidget *from,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  GTask *task = g_task_new (from, cancellable, callback, user_data);

  g_task_set_task_data (task, chooser, g_object_unref);
  g_signal_connect (chooser, "response", G_CALLBACK (file_chosen_cb), task);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
  return task;
}

/**
 * pk_compat_open_file_async:
 * @from: a widget in the window that asks
 * @title: of the dialog
 * @media_types: (nullable): which media types may be chosen; ends with %NULL
 * @cancellable: (nullable): stops it
 * @callback: called when a file is chosen
 * @user_data: for @callback
 *
 * Lets the person choose a file, through the portal where there is one.
 */
void
pk_compat_open_file_async (GtkWidget *from,
                           const char *title,
                           const char *const *media_types,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title,
                                                               find_window (from),
                                                               GTK_FILE_CHOOSER_ACTION_OPEN,
                                                               NULL,
                                                               NULL);

  if (media_types != NULL)
    {
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
      for (guint i = 0; media_types[i] != NULL; i++)
        gtk_file_filter_add_mime_type (filter, media_types[i]);
      gtk_file_chooser_set_filter (GTK_FILE_CHOOSER (chooser), filter);
    }
  start_choosing (chooser, from, cancellable, callback, user_data);
}

/**
 * pk_compat_open_file_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Errors: %G_IO_ERROR_CANCELLED (nothing was chosen).
 * Returns: (transfer full) (nullable): the file
 */
GFile *
pk_compat_open_file_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pk_compat_save_file_async:
 * @from: a widget in the window that asks
 * @title: of the dialog
 * @name: the file name that is offered
 * @cancellable: (nullable): stops it
 * @callback: called when a place is chosen
 * @user_data: for @callback
 *
 * Lets the person choose where to write a file.
 */
void
pk_compat_save_file_async (GtkWidget *from,
                           const char *title,
                           const char *name,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title,
                                                               find_window (from),
                                                               GTK_FILE_CHOOSER_ACTION_SAVE,
                                                               NULL,
                                                               NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  start_choosing (chooser, from, cancellable, callback, user_data);
}

/**
 * pk_compat_save_file_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Errors: %G_IO_ERROR_CANCELLED (nothing was chosen).
 * Returns: (transfer full) (nullable): the file to write
 */
GFile *
pk_compat_save_file_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pk_compat_show_about:
 * @parent: the window that asks
 * @name: of the program, for people
 * @icon_name: of the program
 * @version: of the program
 * @website: where it lives
 * @comments: what it is, in a sentence
 *
 * Shows who made the program and under which licence.
 */
void
pk_compat_show_about (GtkWindow *parent,
                      const char *name,
                      const char *icon_name,
                      const char *version,
                      const char *website,
                      const char *comments)
{
  GtkWidget *about = adw_about_window_new ();

  g_object_set (about,
                "application-name",
                name,
                "application-icon",
                icon_name,
                "version",
                version,
                "website",
                website,
                "comments",
                comments,
                "license-type",
                GTK_LICENSE_CUSTOM,
                "license",
                "EUPL-1.2 – <a href=\"https://eupl.eu/1.2/no/\">eupl.eu</a>",
                NULL);
  gtk_window_set_transient_for (GTK_WINDOW (about), parent);
  gtk_window_present (GTK_WINDOW (about));
}

static GtkWidget *
find_last_group (GtkWindow *shortcuts)
{
  return g_object_get_data (G_OBJECT (shortcuts), "pk-last-group");
}

/**
 * pk_compat_shortcuts_new:
 * @parent: the window that asks
 *
 * Returns: (transfer none): an empty window for shortcuts; GTK holds it until it is closed
 */
GtkWindow *
pk_compat_shortcuts_new (GtkWindow *parent)
{
  GtkWidget *window = g_object_new (GTK_TYPE_SHORTCUTS_WINDOW, "modal", TRUE, NULL);
  GtkWidget *section =
      g_object_new (GTK_TYPE_SHORTCUTS_SECTION, "section-name", "all", "max-height", 12, NULL);

  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
#if GTK_CHECK_VERSION(4, 14, 0)
  gtk_shortcuts_window_add_section (GTK_SHORTCUTS_WINDOW (window), GTK_SHORTCUTS_SECTION (section));
#else
  g_autoptr (GtkBuilder) builder = gtk_builder_new ();
  GtkBuildableIface *iface = g_type_interface_peek (GTK_WIDGET_GET_CLASS (window),
                                                    GTK_TYPE_BUILDABLE);
  iface->add_child (GTK_BUILDABLE (window), builder, G_OBJECT (section), NULL);
#endif
  g_object_set_data (G_OBJECT (window), "pk-section", section);
  return GTK_WINDOW (window);
}

static void
append_to (GtkWidget *parent, GtkWidget *child)
{
#if GTK_CHECK_VERSION(4, 14, 0)
  if (GTK_IS_SHORTCUTS_SECTION (parent))
    gtk_shortcuts_section_add_group (GTK_SHORTCUTS_SECTION (parent), GTK_SHORTCUTS_GROUP (child));
  else
    gtk_shortcuts_group_add_shortcut (GTK_SHORTCUTS_GROUP (parent), GTK_SHORTCUTS_SHORTCUT (child));
#else
  g_autoptr (GtkBuilder) builder = gtk_builder_new ();
  GtkBuildableIface *iface = g_type_interface_peek (GTK_WIDGET_GET_CLASS (parent),
                                                    GTK_TYPE_BUILDABLE);
  iface->add_child (GTK_BUILDABLE (parent), builder, G_OBJECT (child), NULL);
#endif
}

/**
 * pk_compat_shortcuts_add_group:
 * @shortcuts: from pk_compat_shortcuts_new()
 * @title: what the shortcuts that follow have in common
 *
 * Begins a group.
 */
void
pk_compat_shortcuts_add_group (GtkWindow *shortcuts, const char *title)
{
  GtkWidget *group = g_object_new (GTK_TYPE_SHORTCUTS_GROUP, "title", title, NULL);

  append_to (g_object_get_data (G_OBJECT (shortcuts), "pk-section"), group);
  g_object_set_data (G_OBJECT (shortcuts), "pk-last-group", group);
}

/**
 * pk_compat_shortcuts_add:
 * @shortcuts: from pk_compat_shortcuts_new(), with a group begun
 * @title: what the shortcut does
 * @accelerator: in GTK's form
 *
 * Adds a shortcut to the last group.
 */
void
pk_compat_shortcuts_add (GtkWindow *shortcuts, const char *title, const char *accelerator)
{
  append_to (
      find_last_group (shortcuts),
      g_object_new (GTK_TYPE_SHORTCUTS_SHORTCUT, "title", title, "accelerator", accelerator, NULL));
}

/**
 * pk_compat_shortcuts_present:
 * @shortcuts: filled
 *
 * Shows it.
 */
void
pk_compat_shortcuts_present (GtkWindow *shortcuts)
{
  GtkWidget *section = g_object_get_data (G_OBJECT (shortcuts), "pk-section");

  gtk_widget_set_visible (section, TRUE);
  gtk_window_present (shortcuts);
}

/**
 * pk_compat_preferences_new:
 * @parent: the window that asks
 *
 * Returns: (transfer none): an empty window for preference pages (adw_preferences_window_add())
 */
GtkWidget *
pk_compat_preferences_new (GtkWindow *parent)
{
  return g_object_new (ADW_TYPE_PREFERENCES_WINDOW,
                       "transient-for",
                       parent,
                       "modal",
                       TRUE,
                       "search-enabled",
                       FALSE,
                       NULL);
}

/**
 * pk_compat_preferences_add:
 * @preferences: from pk_compat_preferences_new()
 * @page: an AdwPreferencesPage
 *
 * Adds a page.
 */
void
pk_compat_preferences_add (GtkWidget *preferences, GtkWidget *page)
{
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (preferences), ADW_PREFERENCES_PAGE (page));
}

G_GNUC_END_IGNORE_DEPRECATIONS

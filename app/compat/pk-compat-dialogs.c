/* About, shortcuts, preferences: dialogs in the window where libadwaita has them (1.5), windows where it has not. Main thread. */
#include "config.h"

#include "pk-compat.h"

#include <adwaita.h>

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
#if ADW_CHECK_VERSION(1, 5, 0)
  GObject *about = G_OBJECT (adw_about_dialog_new ());
#else
  GObject *about = G_OBJECT (adw_about_window_new ());
#endif

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
#if ADW_CHECK_VERSION(1, 5, 0)
  adw_dialog_present (ADW_DIALOG (about), GTK_WIDGET (parent));
#else
  gtk_window_set_transient_for (GTK_WINDOW (about), parent);
  gtk_window_present (GTK_WINDOW (about));
#endif
}

G_GNUC_BEGIN_IGNORE_DEPRECATIONS

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

G_GNUC_END_IGNORE_DEPRECATIONS

/**
 * pk_compat_show_preferences:
 * @parent: the window that asks
 * @title: of the dialog
 * @page: (transfer floating): an AdwPreferencesPage
 *
 * Shows preferences: in the window where libadwaita has such dialogs, in a window of their own where it has not.
 */
void
pk_compat_show_preferences (GtkWindow *parent, const char *title, GtkWidget *page)
{
#if ADW_CHECK_VERSION(1, 5, 0)
  AdwDialog *dialog = adw_preferences_dialog_new ();

  adw_dialog_set_title (dialog, title);
  adw_preferences_dialog_add (ADW_PREFERENCES_DIALOG (dialog), ADW_PREFERENCES_PAGE (page));
  adw_dialog_present (dialog, GTK_WIDGET (parent));
#else
  GtkWidget *window = g_object_new (ADW_TYPE_PREFERENCES_WINDOW,
                                    "transient-for",
                                    parent,
                                    "modal",
                                    TRUE,
                                    "search-enabled",
                                    FALSE,
                                    "title",
                                    title,
                                    "default-width",
                                    520,
                                    "default-height",
                                    640,
                                    NULL);

  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), ADW_PREFERENCES_PAGE (page));
  gtk_window_present (GTK_WINDOW (window));
#endif
}

#if ADW_CHECK_VERSION(1, 5, 0)

/* Its own heading, where that needs two lines, is measured for less than it wants, with a warning (libadwaita 1.7). */
static GtkWidget *
new_words (const char *heading, const char *body)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  const char *const texts[] = { heading, body };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      GtkWidget *label = gtk_label_new (texts[i]);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 44);
      gtk_widget_add_css_class (label, i == 0 ? "title-2" : "body");
      gtk_box_append (GTK_BOX (box), label);
    }
  return box;
}

#endif

/**
 * pk_compat_tell:
 * @parent: the window it stands over
 * @heading: what it is about
 * @body: a sentence or two: what happened and what to do
 * @close: the word on the button
 *
 * Says something in a dialog, which stays until the person has closed it.
 */
void
pk_compat_tell (GtkWindow *parent, const char *heading, const char *body, const char *close)
{
#if ADW_CHECK_VERSION(1, 5, 0)
  AdwDialog *dialog = adw_alert_dialog_new (NULL, NULL);

  adw_dialog_set_title (dialog, heading);
  gtk_accessible_update_property (GTK_ACCESSIBLE (dialog),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  body,
                                  -1);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), new_words (heading, body));
  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", close);
  adw_dialog_present (dialog, GTK_WIDGET (parent));
#else
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, body);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", close);
  gtk_window_present (GTK_WINDOW (dialog));
#endif
}

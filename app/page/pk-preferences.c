/* Preferences: few, because what can be found out is not asked. Kept in GSettings. Main thread. */
#include "config.h"

#include "pk-preferences.h"

#include "pk-compat.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* As the schema's enum has them. */
static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT,
                                          ADW_COLOR_SCHEME_FORCE_LIGHT,
                                          ADW_COLOR_SCHEME_FORCE_DARK };

static GSettings *
open_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source == NULL ? NULL : g_settings_schema_source_lookup (source, PK_APPLICATION_ID, TRUE);

  return schema == NULL ? NULL : g_settings_new (PK_APPLICATION_ID);
}

static void
scheme_chosen_cb (GtkDropDown *choice)
{
  GSettings *settings = g_object_get_data (G_OBJECT (choice), "pk-settings");
  guint selected = gtk_drop_down_get_selected (choice);

  if (settings != NULL && selected < G_N_ELEMENTS (schemes))
    g_settings_set_enum (settings, "colour-scheme", (int) selected);
  if (selected < G_N_ELEMENTS (schemes))
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (), schemes[selected]);
}

static GtkWidget *
new_scheme_row (void)
{
  GtkWidget *row = adw_action_row_new ();
  const char *names[] = { _ ("Like the desktop"), _ ("Light"), _ ("Dark"), NULL };
  GtkWidget *choice = gtk_drop_down_new_from_strings (names);
  g_autoptr (GSettings) settings = open_settings ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Light or dark"));
  if (settings != NULL)
    gtk_drop_down_set_selected (GTK_DROP_DOWN (choice),
                                (guint) g_settings_get_enum (settings, "colour-scheme"));
  g_object_set_data_full (G_OBJECT (choice),
                          "pk-settings",
                          g_steal_pointer (&settings),
                          g_object_unref);
  gtk_widget_set_valign (choice, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Light or dark"),
                                  -1);
  g_signal_connect (choice, "notify::selected", G_CALLBACK (scheme_chosen_cb), NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), choice);
  return row;
}

/**
 * pk_preferences_present:
 * @parent: the window that asks
 *
 * Shows the preferences.
 */
void
pk_preferences_present (GtkWindow *parent)
{
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("Appearance"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_scheme_row ());
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  pk_compat_show_preferences (parent, _ ("Preferences"), page);
}

/**
 * pk_preferences_apply_colour_scheme:
 *
 * Takes over what the person chose last.
 */
void
pk_preferences_apply_colour_scheme (void)
{
  g_autoptr (GSettings) settings = open_settings ();

  if (settings == NULL)
    return;
  int scheme = g_settings_get_enum (settings, "colour-scheme");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), schemes[scheme]);
}

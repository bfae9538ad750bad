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

static GtkWidget *
new_row (const char *title, const char *subtitle, GtkWidget *suffix)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (suffix, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (suffix),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title,
                                  -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), suffix);
  if (GTK_IS_SWITCH (suffix))
    adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), suffix);
  return row;
}

static GtkWidget *
new_switch_row (GSettings *settings, const char *key, const char *title, const char *subtitle)
{
  GtkWidget *choice = gtk_switch_new ();

  g_settings_bind (settings, key, choice, "active", G_SETTINGS_BIND_DEFAULT);
  return new_row (title, subtitle, choice);
}

static GtkWidget *
new_hour_row (GSettings *settings, const char *key, const char *title)
{
  g_autoptr (GStrvBuilder) hours = g_strv_builder_new ();

  for (int hour = 0; hour < 24; hour++)
    {
      g_autoptr (GDateTime) time = g_date_time_new_utc (2000, 1, 1, hour, 0, 0);
      g_autofree char *words = g_date_time_format (time, C_ ("time format", "%H:%M"));
      g_strv_builder_add (hours, words);
    }
  g_auto (GStrv) names = g_strv_builder_end (hours);
  GtkWidget *choice = gtk_drop_down_new_from_strings ((const char *const *) names);
  GtkWidget *row = new_row (title, NULL, choice);
  g_settings_bind (settings, key, choice, "selected", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "has-quiet-hours", row, "sensitive", G_SETTINGS_BIND_GET);
  return row;
}

static GtkWidget *
new_notification_group (GSettings *settings)
{
  GtkWidget *group = adw_preferences_group_new ();
  AdwPreferencesGroup *rows = ADW_PREFERENCES_GROUP (group);

  adw_preferences_group_set_title (rows, _ ("Notifications"));
  adw_preferences_group_add (rows,
                             new_switch_row (settings,
                                             "show-notifications",
                                             _ ("Tell what is new"),
                                             _ ("Tasks given to you, messages, what is due today, "
                                                "and changes that need you")));
  adw_preferences_group_add (rows,
                             new_switch_row (settings,
                                             "has-quiet-hours",
                                             _ ("Quiet hours"),
                                             _ ("What is new then is told when they are over")));
  adw_preferences_group_add (rows, new_hour_row (settings, "quiet-from", _ ("Quiet from")));
  adw_preferences_group_add (rows, new_hour_row (settings, "quiet-until", _ ("Quiet until")));
  return group;
}

static void
background_changed_cb (GtkSwitch *choice, PkBackgroundModel *background)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (choice), ADW_TYPE_ACTION_ROW);
  const char *problem = pk_background_model_get_problem (background);
  gboolean is_busy = pk_background_model_get_is_busy (background);

  gtk_widget_set_sensitive (GTK_WIDGET (choice), !is_busy);
  if (!is_busy)
    {
      gtk_switch_set_active (choice, pk_background_model_get_is_on (background));
      gtk_switch_set_state (choice, pk_background_model_get_is_on (background));
    }
  gtk_widget_set_visible (g_object_get_data (G_OBJECT (choice), "pk-warning"), problem != NULL);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                               problem != NULL
                                   ? problem
                                   : _ ("It starts with the computer, and your tasks are there "
                                        "before you ask"));
}

/* The switch moves at once; its state follows when the desktop has answered. */
static gboolean
background_asked_cb (GtkSwitch *choice G_GNUC_UNUSED,
                     gboolean is_wanted,
                     PkBackgroundModel *background)
{
  pk_background_model_ask (background, is_wanted);
  return TRUE;
}

static GtkWidget *
new_background_group (PkBackgroundModel *background)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *choice = gtk_switch_new ();
  GtkWidget *warning = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  GtkWidget *row = new_row (_ ("Keep Påkobla up to date in the background"), "", choice);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("Background"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  /* Beside the switch: an empty place for what stands before the words would move them. */
  gtk_widget_insert_before (warning, gtk_widget_get_parent (choice), choice);
  g_object_set_data (G_OBJECT (choice), "pk-warning", warning);
  background_changed_cb (GTK_SWITCH (choice), background);
  g_signal_connect_object (choice, "state-set", G_CALLBACK (background_asked_cb), background, 0);
  g_signal_connect_object (background,
                           "changed",
                           G_CALLBACK (background_changed_cb),
                           choice,
                           G_CONNECT_SWAPPED);
  return group;
}

/**
 * pk_preferences_present:
 * @parent: the window that asks
 * @background: (nullable): whether the program goes on without a window; %NULL where it cannot
 *
 * Shows the preferences.
 */
void
pk_preferences_present (GtkWindow *parent, PkBackgroundModel *background)
{
  GtkWidget *page = adw_preferences_page_new ();
  AdwPreferencesPage *groups = ADW_PREFERENCES_PAGE (page);
  GtkWidget *group = adw_preferences_group_new ();
  g_autoptr (GSettings) settings = open_settings ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("Appearance"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_scheme_row ());
  adw_preferences_page_add (groups, ADW_PREFERENCES_GROUP (group));
  if (settings != NULL)
    adw_preferences_page_add (groups, ADW_PREFERENCES_GROUP (new_notification_group (settings)));
  if (background != NULL)
    adw_preferences_page_add (groups, ADW_PREFERENCES_GROUP (new_background_group (background)));
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

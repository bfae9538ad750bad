/*
 * What the desktop asks for without looking at the window. The bus starts the program for that, as a service: it opens what is on this
 * device, answers, and ends a while after the last question. Main thread.
 */
#include "config.h"

#include "pk-application-private.h"

#define STAY_SECONDS 60
#define KEEP_KEY     "keep-in-background"

static gboolean
stayed_cb (gpointer user_data)
{
  PkApplication *self = user_data;

  self->stay_id = 0;
  g_application_release (G_APPLICATION (self));
  return G_SOURCE_REMOVE;
}

/**
 * pk_application_stay:
 * @self: the program
 *
 * Stays for a while, also without a window: whoever asked once asks again soon.
 */
void
pk_application_stay (PkApplication *self)
{
  if (self->stay_id == 0)
    g_application_hold (G_APPLICATION (self));
  g_clear_handle_id (&self->stay_id, g_source_remove);
  self->stay_id = g_timeout_add_seconds (STAY_SECONDS, stayed_cb, self);
}

/**
 * pk_application_end_stay:
 * @self: the program
 *
 * Ends with its window, whoever asked last.
 */
void
pk_application_end_stay (PkApplication *self)
{
  if (self->stay_id != 0)
    g_application_release (G_APPLICATION (self));
  g_clear_handle_id (&self->stay_id, g_source_remove);
}

/* Nothing is asked of keyring or network. What could not be opened once is not tried with each letter that somebody types. */
static void
search_asked_cb (PkApplication *self)
{
  pk_application_stay (self);
  if (self->problem == NULL)
    pk_application_open_account (self);
}

static void
search_chosen_cb (PkApplication *self, const char *link)
{
  g_application_activate (G_APPLICATION (self));
  pk_application_open_link (self, link);
}

static void
search_launched_cb (PkApplication *self, const char *words)
{
  g_application_activate (G_APPLICATION (self));
  if (self->client != NULL)
    pk_window_begin_search (self->window, words);
}

/**
 * pk_application_keep:
 * @self: the program
 * @is_kept: whether it goes on without a window
 *
 * Goes on, or ends with its window.
 */
void
pk_application_keep (PkApplication *self, gboolean is_kept)
{
  if (is_kept == self->is_kept)
    return;
  self->is_kept = is_kept;
  if (is_kept)
    g_application_hold (G_APPLICATION (self));
  else
    g_application_release (G_APPLICATION (self));
}

/**
 * pk_application_show_desktop:
 * @self: the program
 *
 * Gives what the desktop asks for the replica that is open, or takes it away. Nobody signed in: nothing goes on without a window.
 */
void
pk_application_show_desktop (PkApplication *self)
{
  PkLibrary *library = self->client == NULL ? NULL : pk_client_get_library (self->client);

  if (self->search != NULL)
    pk_search_provider_set_library (self->search, library);
  if (library == NULL || pk_background_model_get_is_on (self->background_model))
    pk_application_keep (self, library != NULL);
}

static void
background_changed_cb (PkApplication *self)
{
  gboolean is_on = pk_background_model_get_is_on (self->background_model);

  if (pk_background_model_get_is_busy (self->background_model))
    return;
  if (self->settings != NULL)
    g_settings_set_boolean (self->settings, KEEP_KEY, is_on);
  pk_application_keep (self, is_on && self->client != NULL);
}

static GSettings *
open_settings (void)
{
  GSettingsSchemaSource *schemas = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      schemas == NULL ? NULL : g_settings_schema_source_lookup (schemas, PK_APPLICATION_ID, TRUE);

  return schema == NULL ? NULL : g_settings_new (PK_APPLICATION_ID);
}

/* A service that the person wants to go on without a window does what a window's program does. */
static gboolean
begin_desktop_cb (gpointer user_data)
{
  PkApplication *self = user_data;
  gboolean is_on;

  self->desktop_id = 0;
  self->settings = open_settings ();
  is_on = self->settings != NULL && g_settings_get_boolean (self->settings, KEEP_KEY);
  pk_background_model_set (self->background_model, is_on, NULL);
  self->background = pk_background_new (self->background_model,
                                        g_application_get_dbus_connection (G_APPLICATION (self)),
                                        pk_background_find_way ());
  g_signal_connect_object (self->background_model,
                           "changed",
                           G_CALLBACK (background_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  if ((is_on || self->is_kept) && pk_application_open_account (self))
    pk_application_begin_sync (self);
  pk_application_show_desktop (self);
  return G_SOURCE_REMOVE;
}

/**
 * pk_application_plan_desktop:
 * @self: the program, which starts
 *
 * Begins what the desktop sees of the program, after the first frame.
 */
void
pk_application_plan_desktop (PkApplication *self)
{
  self->desktop_id = g_idle_add_full (G_PRIORITY_LOW, begin_desktop_cb, self, NULL);
}

/**
 * pk_application_close_desktop:
 * @self: the program, which ends
 *
 * Ends it.
 */
void
pk_application_close_desktop (PkApplication *self)
{
  g_clear_handle_id (&self->desktop_id, g_source_remove);
  g_clear_handle_id (&self->stay_id, g_source_remove);
  g_clear_object (&self->background);
  g_clear_object (&self->settings);
  pk_application_show_desktop (self);
}

/**
 * pk_application_run_in_background:
 * @self: the program
 *
 * Runs without a window, where it does not run already: the person signed in to the computer.
 *
 * Returns: the status of the program
 */
int
pk_application_run_in_background (PkApplication *self)
{
  g_autoptr (GError) error = NULL;

  if (!g_application_register (G_APPLICATION (self), NULL, &error))
    {
      g_printerr ("pakobla: %s\n", error->message);
      return 1;
    }
  if (!g_application_get_is_remote (G_APPLICATION (self)))
    pk_application_keep (self, TRUE);
  return 0;
}

static void
start_search (PkApplication *self)
{
  self->search = pk_search_provider_new ();
  g_signal_connect_object (self->search,
                           "asked",
                           G_CALLBACK (search_asked_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search,
                           "chosen",
                           G_CALLBACK (search_chosen_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search,
                           "launched",
                           G_CALLBACK (search_launched_cb),
                           self,
                           G_CONNECT_SWAPPED);
}

/**
 * pk_application_register_on_bus:
 *
 * Puts what is the program's on the session bus, before it has its name there.
 *
 * Errors: those of the bus
 * Returns: %TRUE if it is there
 */
gboolean
pk_application_register_on_bus (GApplication *application,
                                GDBusConnection *connection,
                                const char *path,
                                GError **error)
{
  PkApplication *self = PK_APPLICATION (application);
  GApplicationClass *parent = g_type_class_peek (ADW_TYPE_APPLICATION);
  g_autofree char *search_path = g_strconcat (path, "/SearchProvider", NULL);

  if (!parent->dbus_register (application, connection, path, error))
    return FALSE;
  start_search (self);
  return pk_search_provider_export (self->search, connection, search_path, error);
}

/**
 * pk_application_leave_bus:
 *
 * Takes what is the program's off the bus.
 */
void
pk_application_leave_bus (GApplication *application, GDBusConnection *connection, const char *path)
{
  PkApplication *self = PK_APPLICATION (application);
  GApplicationClass *parent = g_type_class_peek (ADW_TYPE_APPLICATION);

  if (self->search != NULL)
    pk_search_provider_unexport (self->search);
  g_clear_object (&self->search);
  parent->dbus_unregister (application, connection, path);
}

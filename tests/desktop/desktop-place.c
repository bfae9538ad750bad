/* The program on a desktop of its own; see the header. */
#include "config.h"

#include "desktop-place.h"

#include "pk-session-store.h"
#include "pk-test.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define SERVER "http://127.0.0.1:1"
#define DEVICE "01936f3e-8a4b-7c22-9d10-0123456789ab"

/* One for all tests of a process: the toolkit keeps its connection. GLib ends it with the process. */
static GTestDBus *bus;

static GDBusConnection *
connect_peer (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *peer =

      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (bus),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL,
                                              NULL,
                                              &error);
  g_assert_no_error (error);
  return peer;
}

/* What is installed in share/dbus-1/services, but for the path of the program. */
static void
start_bus (const char *root)
{
  g_autofree char *folder = g_build_filename (root, "services", NULL);
  g_autofree char *path = g_build_filename (folder, PK_APPLICATION_ID ".service", NULL);
  g_autofree char *text = g_strdup_printf ("[D-BUS Service]\n"
                                           "Name=" PK_APPLICATION_ID "\n"
                                           "Exec=%s --gapplication-service\n",
                                           g_getenv ("PK_TEST_PROGRAM"));
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_add_service_dir (bus, folder);
  g_test_dbus_up (bus);
}

/* GLib takes the screen away from whoever starts a bus. What the bus starts needs it as well. */
static void
give_screen (const char *display)
{
  GVariantBuilder environment;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = connect_peer ();

  g_setenv ("DISPLAY", display, TRUE);
  g_variant_builder_init (&environment, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&environment, "{ss}", "DISPLAY", display);
  g_autoptr (GVariant)
      answer = g_dbus_connection_call_sync (connection,
                                            "org.freedesktop.DBus",
                                            "/org/freedesktop/DBus",
                                            "org.freedesktop.DBus",
                                            "UpdateActivationEnvironment",
                                            g_variant_new ("(a{ss})", &environment),
                                            NULL,
                                            G_DBUS_CALL_FLAGS_NONE,
                                            -1,
                                            NULL,
                                            &error);
  g_assert_no_error (error);
}

/**
 * desktop_place_begin:
 *
 * Lets nothing of the person's own be read or written, and starts a session bus. To be called before anything asks for a folder.
 */
void
desktop_place_begin (void)
{
  static const struct
  {
    const char *variable, *folder;
  } folders[] = {
    { "HOME", "" },
    { "XDG_CACHE_HOME", "cache" },
    { "XDG_CONFIG_HOME", "config" },
    { "XDG_DATA_HOME", "data" },
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *root = g_dir_make_tmp ("pakobla-desktop-XXXXXX", &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (root, folders[i].folder, NULL);
      g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
      g_setenv (folders[i].variable, path, TRUE);
    }
  g_autofree char *display = g_strdup (g_getenv ("DISPLAY"));
  start_bus (root);
  give_screen (display);
}

/**
 * desktop_place_end:
 * @status: of g_test_run()
 *
 * Leaves nothing behind.
 *
 * Returns: @status
 */
int
desktop_place_end (int status)
{
  pk_test_remove_tree (g_getenv ("HOME"));
  return status;
}

static PkAccount *
new_account (DesktopPlace *self, char person[PK_ID_TEXT_LENGTH + 1])
{
  PkAccount account = { .server = (char *) SERVER,
                        .person = pk_id_to_text (&self->world.person, person),
                        .device = (char *) DEVICE,
                        .name = (char *) "Kari Nordmann" };

  return pk_account_copy (&account);
}

/* Where the program will look for it. */
static void
move_replica (DesktopPlace *self)
{
  char person[PK_ID_TEXT_LENGTH + 1];
  g_autoptr (PkAccount) account = new_account (self, person);
  g_autofree char *data = g_build_filename (g_get_user_data_dir (), "pakobla", NULL);

  self->replica = pk_session_store_get_replica (data, account);
  g_autofree char *parent = g_path_get_dirname (self->replica);
  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_clear_object (&self->world.client);
  g_clear_object (&self->world.library);
  pk_replica_close (self->world.replica);
  g_clear_object (&self->world.replica);
  g_assert_cmpint (g_rename (self->world.directory, self->replica), ==, 0);
}

/**
 * desktop_place_sign_in:
 *
 * Remembers who was signed in last, as the program does.
 */
void
desktop_place_sign_in (DesktopPlace *self)
{
  char person[PK_ID_TEXT_LENGTH + 1];
  g_autoptr (PkAccount) account = new_account (self, person);
  g_autofree char *data = g_build_filename (g_get_user_data_dir (), "pakobla", NULL);
  g_autoptr (GError) error = NULL;

  pk_session_store_save (data, account, NULL, &error);
  g_assert_no_error (error);
}

/**
 * desktop_place_set_up:
 * @flags: whether somebody is signed in
 *
 * Puts the replica where the program looks for it.
 */
void
desktop_place_set_up (DesktopPlace *self, DesktopFlags flags)
{
  *self = (DesktopPlace){ 0 };
  world_set_up (&self->world, WORLD_FULL);
  move_replica (self);
  if (flags & DESKTOP_SIGNED_IN)
    desktop_place_sign_in (self);
  self->peer = connect_peer ();
}

/**
 * desktop_place_start:
 *
 * Starts the program in this process, without a window.
 */
void
desktop_place_start (DesktopPlace *self)
{
  g_autoptr (GError) error = NULL;

  self->application = pk_application_new ();
  g_application_register (G_APPLICATION (self->application), NULL, &error);
  g_assert_no_error (error);
  g_assert_false (g_application_get_is_remote (G_APPLICATION (self->application)));
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DesktopPlace *self = user_data;
  g_autoptr (GError) error = NULL;

  self->answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_assert_no_error (error);
  self->is_answered = TRUE;
}

/**
 * desktop_place_call:
 * @parameters: (transfer floating) (nullable): of the call
 *
 * Calls the program as another one does, and waits for its answer.
 */
void
desktop_place_call (DesktopPlace *self,
                    const char *path,
                    const char *interface,
                    const char *method,
                    GVariant *parameters)
{
  g_clear_pointer (&self->answer, g_variant_unref);
  self->is_answered = FALSE;
  g_dbus_connection_call (self->peer,
                          PK_APPLICATION_ID,
                          path,
                          interface,
                          method,
                          parameters,
                          NULL,
                          G_DBUS_CALL_FLAGS_NONE,
                          -1,
                          NULL,
                          answered_cb,
                          self);
  pk_test_wait_until (self->is_answered);
}

static GVariant *
ask_bus (DesktopPlace *self, const char *method, const char *type, GError **error)
{
  return g_dbus_connection_call_sync (self->peer,
                                      "org.freedesktop.DBus",
                                      "/org/freedesktop/DBus",
                                      "org.freedesktop.DBus",
                                      method,
                                      g_variant_new ("(s)", PK_APPLICATION_ID),
                                      G_VARIANT_TYPE (type),
                                      G_DBUS_CALL_FLAGS_NONE,
                                      -1,
                                      NULL,
                                      error);
}

/**
 * desktop_place_is_running:
 *
 * Returns: whether the program has its name on the bus
 */
gboolean
desktop_place_is_running (DesktopPlace *self)
{
  g_autoptr (GError) error = NULL;
  gboolean is_running = FALSE;
  g_autoptr (GVariant) answer = ask_bus (self, "NameHasOwner", "(b)", &error);

  g_assert_no_error (error);
  g_variant_get (answer, "(b)", &is_running);
  return is_running;
}

static void
quit_cb (gpointer application)
{
  g_application_quit (application);
}

/* A program that runs unregisters itself when it ends: so it runs for a moment, as a service that shows nothing. */
static void
stop_program (DesktopPlace *self)
{
  char *arguments[] = { (char *) "pakobla", (char *) "--gapplication-service", NULL };
  GtkWindow *window;

  while ((window = gtk_application_get_active_window (GTK_APPLICATION (self->application))) != NULL)
    gtk_window_destroy (window);
  g_idle_add_once (quit_cb, self->application);
  g_application_run (G_APPLICATION (self->application), 2, arguments);
  g_clear_object (&self->application);
}

/* The program that the bus has started ends as a desktop ends it. */
static void
stop_service (DesktopPlace *self)
{
  g_autoptr (GError) error = NULL;
  guint32 pid = 0;
  g_autoptr (GVariant) answer = ask_bus (self, "GetConnectionUnixProcessID", "(u)", &error);

  g_assert_no_error (error);
  g_variant_get (answer, "(u)", &pid);
  kill ((pid_t) pid, SIGTERM);
  while (desktop_place_is_running (self))
    continue;
}

/**
 * desktop_place_tear_down:
 *
 * Takes it all away.
 */
void
desktop_place_tear_down (DesktopPlace *self)
{
  g_autofree char *data = g_build_filename (g_get_user_data_dir (), "pakobla", NULL);

  if (self->application != NULL)
    stop_program (self);
  else if (desktop_place_is_running (self))
    stop_service (self);
  g_clear_pointer (&self->answer, g_variant_unref);
  g_clear_object (&self->peer);
  pk_test_remove_tree (data);
  g_clear_object (&self->world.sync);
  g_clear_pointer (&self->world.directory, g_free);
  g_clear_pointer (&self->world.ids, pk_id_source_unref);
  g_clear_pointer (&self->world.clock, pk_clock_unref);
  g_free (self->replica);
}

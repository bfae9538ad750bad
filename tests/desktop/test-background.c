/* The program without a window: who lets it start, what it does then, and what it says where it may not. */
#include "config.h"

#include "desktop-place.h"
#include "pk-background.h"
#include "pk-test.h"

#include <glib/gstdio.h>
#include <string.h>

#define PORTAL_NAME      "org.freedesktop.portal.Desktop"
#define PORTAL_PATH      "/org/freedesktop/portal/desktop"
#define APPLICATION_PATH "/no/kommune/kristiansund/Pakobla"
#define WINDOW_PATH      APPLICATION_PATH "/window/1"

/* A portal that answers as it is told to. */
typedef struct
{
  DesktopPlace place;
  PkBackgroundModel *model;
  PkBackground *background;
  guint name;
  guint registration;
  guint32 response;
  gboolean may_run, may_start;
  char *asked; /* (owned) (nullable): options of the last call, printed */
} Fixture;

static const char face[] =
    "<node><interface name='org.freedesktop.portal.Background'>"
    "<method name='RequestBackground'><arg type='s' direction='in'/>"
    "<arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method>"
    "</interface></node>";

static void
emit_answer (Fixture *self, GDBusConnection *connection, const char *to, const char *handle)
{
  GVariantBuilder results;
  g_autoptr (GError) error = NULL;

  g_variant_builder_init (&results, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&results, "{sv}", "background", g_variant_new_boolean (self->may_run));
  g_variant_builder_add (&results, "{sv}", "autostart", g_variant_new_boolean (self->may_start));
  g_dbus_connection_emit_signal (connection,
                                 to,
                                 handle,
                                 "org.freedesktop.portal.Request",
                                 "Response",
                                 g_variant_new ("(ua{sv})", self->response, &results),
                                 &error);
  g_assert_no_error (error);
}

static void
asked_cb (GDBusConnection *connection,
          const char *sender,
          const char *path G_GNUC_UNUSED,
          const char *interface G_GNUC_UNUSED,
          const char *method G_GNUC_UNUSED,
          GVariant *parameters,
          GDBusMethodInvocation *invocation,
          gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GVariant) options = g_variant_get_child_value (parameters, 1);
  g_autofree char *token = NULL;
  g_autofree char *name = g_strdelimit (g_strdup (sender + 1), ".", '_');

  g_free (self->asked);
  self->asked = g_variant_print (options, FALSE);
  g_assert_true (g_variant_lookup (options, "handle_token", "s", &token));
  g_autofree char *handle = g_strconcat (PORTAL_PATH "/request/", name, "/", token, NULL);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", handle));
  emit_answer (self, connection, sender, handle);
}

static void
named_cb (GDBusConnection *connection G_GNUC_UNUSED,
          const char *name G_GNUC_UNUSED,
          gpointer is_named)
{
  *(gboolean *) is_named = TRUE;
}

static void
start_portal (Fixture *self)
{
  static const GDBusInterfaceVTable table = { .method_call = asked_cb };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (face, NULL);
  g_autoptr (GError) error = NULL;
  gboolean is_named = FALSE;

  self->registration = g_dbus_connection_register_object (self->place.peer,
                                                          PORTAL_PATH,
                                                          node->interfaces[0],
                                                          &table,
                                                          self,
                                                          NULL,
                                                          &error);
  g_assert_no_error (error);
  self->name = g_bus_own_name_on_connection (self->place.peer,
                                             PORTAL_NAME,
                                             G_BUS_NAME_OWNER_FLAGS_NONE,
                                             named_cb,
                                             NULL,
                                             &is_named,
                                             NULL);
  pk_test_wait_until (is_named);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  desktop_place_set_up (&self->place, (DesktopFlags) GPOINTER_TO_INT (data));
  self->model = pk_background_model_new ();
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_clear_object (&self->background);
  g_clear_object (&self->model);
  if (self->name != 0)
    {
      g_bus_unown_name (self->name);
      g_dbus_connection_unregister_object (self->place.peer, self->registration);
    }
  g_free (self->asked);
  desktop_place_tear_down (&self->place);
}

static void
ask (Fixture *self, gboolean is_wanted)
{
  pk_background_model_ask (self->model, is_wanted);
  pk_test_wait_until (!pk_background_model_get_is_busy (self->model));
}

/* The bus of the program, not the one of the portal. */
static void
use_portal (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);

  g_assert_no_error (error);
  self->background = pk_background_new (self->model, bus, PK_BACKGROUND_BY_PORTAL);
}

static void
test_the_portal_starts_the_program_without_a_window (Fixture *self,
                                                     gconstpointer data G_GNUC_UNUSED)
{
  self->may_run = self->may_start = TRUE;
  start_portal (self);
  use_portal (self);
  ask (self, TRUE);
  g_assert_true (pk_background_model_get_is_on (self->model));
  g_assert_null (pk_background_model_get_problem (self->model));
  g_assert_nonnull (strstr (self->asked, "'commandline': <['pakobla', '--background']>"));
  g_assert_nonnull (strstr (self->asked, "'autostart': <true>"));
  g_assert_nonnull (strstr (self->asked, "'reason': <'To have"));

  ask (self, FALSE);
  g_assert_false (pk_background_model_get_is_on (self->model));
  g_assert_nonnull (strstr (self->asked, "'autostart': <false>"));
}

static void
test_a_portal_that_refuses_is_told (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  start_portal (self);
  use_portal (self);
  ask (self, TRUE);
  g_assert_false (pk_background_model_get_is_on (self->model));
  g_assert_nonnull (strstr (pk_background_model_get_problem (self->model), "does not allow it"));

  self->may_run = TRUE;
  ask (self, TRUE);
  g_assert_true (pk_background_model_get_is_on (self->model));
  g_assert_nonnull (strstr (pk_background_model_get_problem (self->model), "by itself"));
}

static void
test_no_portal_is_told (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "Asking the portal for the background*");
  use_portal (self);
  ask (self, TRUE);
  g_test_assert_expected_messages ();
  g_assert_false (pk_background_model_get_is_on (self->model));
  g_assert_nonnull (strstr (pk_background_model_get_problem (self->model), "no way"));
}

static void
test_outside_a_sandbox_a_file_starts_the_program (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *path = pk_background_get_file ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  self->background = pk_background_new (self->model, NULL, PK_BACKGROUND_BY_FILE);
  ask (self, TRUE);
  g_assert_true (pk_background_model_get_is_on (self->model));
  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  g_autofree char *command = g_key_file_get_string (file, "Desktop Entry", "Exec", NULL);
  g_auto (GStrv) words = NULL;
  g_assert_true (g_shell_parse_argv (command, NULL, &words, &error));
  g_assert_true (g_file_test (words[0], G_FILE_TEST_IS_EXECUTABLE));
  g_assert_cmpstr (words[1], ==, "--background");

  ask (self, FALSE);
  g_assert_false (pk_background_model_get_is_on (self->model));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static GSubprocess *
start_in_background (void)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *program = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE,
                                           &error,
                                           g_getenv ("PK_TEST_PROGRAM"),
                                           "--background",
                                           NULL);

  g_assert_no_error (error);
  return program;
}

static gboolean
has_window (Fixture *self)
{
  g_autoptr (GVariant) actions = g_dbus_connection_call_sync (self->place.peer,
                                                              PK_APPLICATION_ID,
                                                              WINDOW_PATH,
                                                              "org.gtk.Actions",
                                                              "List",
                                                              NULL,
                                                              NULL,
                                                              G_DBUS_CALL_FLAGS_NO_AUTO_START,
                                                              -1,
                                                              NULL,
                                                              NULL);

  return actions != NULL;
}

/* What it has in memory for itself, and its part of what it shares. */
static void
tell_memory (GSubprocess *program, const char *when)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/smaps_rollup",
                                           g_subprocess_get_identifier (program));
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  const char *pss = strstr (text, "\nPss:");
  g_test_message ("Memory %s: %.1f MB",
                  when,
                  pss == NULL ? 0. : g_ascii_strtod (pss + strlen ("\nPss:"), NULL) / 1024);
}

static gboolean
tick_cb (gpointer user_data G_GNUC_UNUSED)
{
  return G_SOURCE_CONTINUE;
}

static void
test_the_window_comes_and_goes_in_the_same_process (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GSubprocess) program = start_in_background ();
  guint ticks = g_timeout_add (20, tick_cb, NULL);

  pk_test_wait_until (desktop_place_is_running (&self->place));
  g_assert_false (has_window (self));
  tell_memory (program, "without a window");
  gint64 began_us = g_get_monotonic_time ();
  desktop_place_call (&self->place,
                      APPLICATION_PATH,
                      "org.freedesktop.Application",
                      "Activate",
                      g_variant_new ("(a{sv})", NULL));
  pk_test_wait_until (has_window (self));
  g_test_message ("The window came in %.0f ms",
                  (double) (g_get_monotonic_time () - began_us) / 1000);
  tell_memory (program, "with a window");
  desktop_place_call (&self->place,
                      APPLICATION_PATH,
                      "org.freedesktop.Application",
                      "ActivateAction",
                      g_variant_new_parsed ("('quit', @av [], @a{sv} {})"));
  pk_test_wait_until (!has_window (self));
  g_assert_true (desktop_place_is_running (&self->place));
  tell_memory (program, "when the window is closed");

  /* The second one finds the first. */
  g_autoptr (GSubprocess) second = start_in_background ();
  g_autoptr (GError) error = NULL;
  g_assert_true (g_subprocess_wait_check (second, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (desktop_place_is_running (&self->place));
  g_subprocess_send_signal (program, SIGTERM);
  g_assert_true (g_subprocess_wait_check (program, NULL, &error));
  g_assert_no_error (error);
  g_source_remove (ticks);
}

static void
test_nobody_signed_in_leaves_nothing_running (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GSubprocess) program = start_in_background ();
  g_autoptr (GError) error = NULL;

  g_assert_true (g_subprocess_wait_check (program, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (desktop_place_is_running (&self->place));
}

int
main (int argc, char *argv[])
{
  desktop_place_begin ();
  g_test_init (&argc, &argv, NULL);

#define ADD(name, flags, test)                                                                     \
  g_test_add ("/background/" name, Fixture, GINT_TO_POINTER (flags), set_up, test, tear_down)
  ADD ("the-portal-starts-the-program-without-a-window",
       DESKTOP_SIGNED_IN,
       test_the_portal_starts_the_program_without_a_window);
  ADD ("a-portal-that-refuses-is-told", DESKTOP_SIGNED_IN, test_a_portal_that_refuses_is_told);
  ADD ("no-portal-is-told", DESKTOP_SIGNED_IN, test_no_portal_is_told);
  ADD ("outside-a-sandbox-a-file-starts-the-program",
       DESKTOP_SIGNED_IN,
       test_outside_a_sandbox_a_file_starts_the_program);
  ADD ("the-window-comes-and-goes-in-the-same-process",
       DESKTOP_SIGNED_IN,
       test_the_window_comes_and_goes_in_the_same_process);
  ADD ("nobody-signed-in-leaves-nothing-running",
       DESKTOP_SIGNED_OUT,
       test_nobody_signed_in_leaves_nothing_running);
#undef ADD
  return desktop_place_end (g_test_run ());
}

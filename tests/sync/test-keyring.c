/*
 * The real keyring, private to this test: on a bus of its own (dbus-run-session), with files of its own. Where it is locked, that is a state which
 * is told, and work goes on; tokens are in no file in plain.
 */
#include "config.h"

#include "pk-replica.h"
#include "pk-scripted-server.h"
#include "pk-sync-session.h"
#include "pk-test.h"

#include <glib/gstdio.h>
#include <string.h>

#define SECRETS         "org.freedesktop.secrets"
#define SECRETS_PATH    "/org/freedesktop/secrets"
#define SECRETS_SERVICE "org.freedesktop.Secret.Service"

typedef struct
{
  PkScriptedServer *server;
  PkReplica *replica;
} Fixture;

static void
appeared_cb (GDBusConnection *connection G_GNUC_UNUSED,
             const char *name G_GNUC_UNUSED,
             const char *owner G_GNUC_UNUSED,
             gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* A password makes the person's own keyring, open. */
static GSubprocess *
start_keyring (void)
{
  g_autoptr (GError) error = NULL;
  gboolean is_there = FALSE;

  GSubprocess *keyring = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                               G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                               G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                                           &error,
                                           "gnome-keyring-daemon",
                                           "--foreground",
                                           "--unlock",
                                           "--components=secrets",
                                           NULL);
  g_assert_no_error (error);
  GOutputStream *password = g_subprocess_get_stdin_pipe (keyring);
  g_assert_true (g_output_stream_write_all (password, "secret", 6, NULL, NULL, &error));
  g_assert_true (g_output_stream_close (password, NULL, &error));
  guint watch = g_bus_watch_name (G_BUS_TYPE_SESSION,
                                  SECRETS,
                                  G_BUS_NAME_WATCHER_FLAGS_NONE,
                                  appeared_cb,
                                  NULL,
                                  &is_there,
                                  NULL);
  pk_test_wait_until (is_there);
  g_bus_unwatch_name (watch);
  return keyring;
}

static GVariant *
call (const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  GVariant *answer = g_dbus_connection_call_sync (bus,
                                                  SECRETS,
                                                  SECRETS_PATH,
                                                  SECRETS_SERVICE,
                                                  method,
                                                  arguments,
                                                  NULL,
                                                  G_DBUS_CALL_FLAGS_NONE,
                                                  -1,
                                                  NULL,
                                                  &error);

  g_assert_no_error (error);
  return answer;
}

static void
lock_keyring (void)
{
  g_autoptr (GVariant) alias = call ("ReadAlias", g_variant_new ("(s)", "default"));
  const char *path;

  g_variant_get (alias, "(&o)", &path);
  g_assert_cmpstr (path, !=, "/");
  const char *const paths[] = { path, NULL };
  g_autoptr (GVariant) answer = call ("Lock", g_variant_new ("(^ao)", paths));
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *directory = g_build_filename (g_get_user_data_dir (), "replica", NULL);
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (PkIdSource) ids = pk_id_source_new (clock);
  g_autoptr (GError) error = NULL;

  fixture->server = pk_scripted_server_new ();
  g_mkdir_with_parents (directory, 0700);
  fixture->replica =
      pk_replica_open (directory, clock, ids, &fixture->server->person, PK_REPLICA_NO_SYNC, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  pk_replica_close (fixture->replica);
  g_clear_object (&fixture->replica);
  pk_scripted_server_free (fixture->server);
  g_autofree char *directory = g_build_filename (g_get_user_data_dir (), "replica", NULL);
  pk_test_remove_tree (directory);
}

static PkAccount *
sign_in (PkAuthorizer *authorizer, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pk_authorizer_sign_in_demo_async (authorizer, "caretaker", NULL, pk_test_keep_result_cb, &result);
  pk_test_wait_until (result != NULL);
  return pk_authorizer_finish (authorizer, result, error);
}

static PkAccount *
look_up (PkAuthorizer *authorizer, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pk_authorizer_look_up_async (authorizer, NULL, pk_test_keep_result_cb, &result);
  pk_test_wait_until (result != NULL);
  return pk_authorizer_finish (authorizer, result, error);
}

/* Tokens are kept as JSON, by these names. */
static void
assert_no_tokens_below (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autofree char *content = NULL;
  gsize size = 0;

  for (const char *name = dir ? g_dir_read_name (dir) : NULL; name; name = g_dir_read_name (dir))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      assert_no_tokens_below (child);
    }
  if (dir != NULL || !g_file_get_contents (path, &content, &size, NULL))
    return;
  g_test_message ("%s has %" G_GSIZE_FORMAT " bytes", path, size);
  g_assert_null (memmem (content, size, "refresh_token", 13));
  g_assert_null (memmem (content, size, "access_token", 12));
}

static void
an_open_keyring_knows_who_was_here (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkAuthorizer) first = pk_authorizer_new (fixture->server->uri, PK_AUTHORIZER_DEFAULT);
  g_autoptr (PkAuthorizer) next = pk_authorizer_new (fixture->server->uri, PK_AUTHORIZER_DEFAULT);
  g_autoptr (GError) error = NULL;
  g_autoptr (PkAccount) account = sign_in (first, &error);
  g_assert_no_error (error);
  g_autoptr (PkAccount) again = look_up (next, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (again->person, ==, account->person);
  g_assert_false (pk_authorizer_get_is_keyring_locked (first));
  g_assert_false (pk_authorizer_get_is_keyring_locked (next));
  assert_no_tokens_below (g_get_user_data_dir ());
}

static void
a_locked_keyring_is_told_as_such (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkAuthorizer) first = pk_authorizer_new (fixture->server->uri, PK_AUTHORIZER_DEFAULT);
  g_autoptr (PkAuthorizer) next = pk_authorizer_new (fixture->server->uri, PK_AUTHORIZER_DEFAULT);
  g_autoptr (GError) error = NULL, locked = NULL;
  g_autoptr (PkAccount) account = sign_in (first, &error);

  g_assert_no_error (error);
  lock_keyring ();
  g_assert_null (look_up (next, &locked));
  g_assert_error (locked, PK_AUTHORIZER_ERROR, PK_AUTHORIZER_ERROR_NO_SECRETS);
  g_assert_true (pk_authorizer_get_is_keyring_locked (next));
  g_autoptr (PkAccount) last = pk_authorizer_dup_last_account (next);
  g_assert_cmpstr (last->person, ==, account->person);
}

static void
submit (Fixture *fixture)
{
  PkId id = pk_id_source_next (pk_replica_get_id_source (fixture->replica));
  g_autoptr (GPtrArray)
      mutations = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  PkMutation *mutation =
      pk_mutation_new (PK_OP_CREATE, pk_entity_by_id (PK_ENTITY_TASK), NULL, &id);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text ("Uten nøkkel"));
  g_ptr_array_add (mutations, mutation);
  pk_replica_submit_async (fixture->replica, mutations, NULL, pk_test_keep_result_cb, &result);
  pk_test_wait_until (result != NULL);
  g_assert_true (pk_replica_submit_finish (fixture->replica, result, &error));
}

static void
work_goes_on_without_the_keyring (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkAuthorizer)
      authorizer = pk_authorizer_new (fixture->server->uri, PK_AUTHORIZER_DEFAULT);
  g_autoptr (GError) error = NULL;

  lock_keyring ();
  g_autoptr (PkSyncSession) session = pk_sync_session_new (fixture->replica, authorizer);
  pk_sync_session_start (session);
  submit (fixture);
  g_autoptr (PkAccount) account = sign_in (authorizer, &error);
  g_assert_no_error (error);
  g_assert_nonnull (account);
  pk_sync_session_signed_in (session);
  pk_test_wait_until (fixture->server->mutations->len == 1);
  g_assert_true (pk_sync_status_get_is_keyring_locked (pk_sync_session_get_status (session)));
  assert_no_tokens_below (g_get_user_data_dir ());
  pk_sync_session_stop (session);
}

int
main (int argc, char **argv)
{
  g_autofree char *program = g_find_program_in_path ("gnome-keyring-daemon");
  g_autofree char *directory = g_dir_make_tmp ("pk-keyring-XXXXXX", NULL);

  g_setenv ("XDG_DATA_HOME", directory, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", directory, TRUE);
  g_setenv ("HOME", directory, TRUE);
  g_unsetenv ("DISPLAY"); /* nobody is asked for the password */
  g_unsetenv ("WAYLAND_DISPLAY");
  g_test_init (&argc, &argv, NULL);
  if (program == NULL)
    {
      g_print ("1..0 # SKIP gnome-keyring-daemon is not installed\n");
      return 0;
    }
#define ADD(name) g_test_add ("/keyring/" #name, Fixture, NULL, set_up, name, tear_down)
  /* In this order: what was locked stays locked. */
  ADD (an_open_keyring_knows_who_was_here);
  ADD (a_locked_keyring_is_told_as_such);
  ADD (work_goes_on_without_the_keyring);
  g_autoptr (GSubprocess) keyring = start_keyring ();
  int status = g_test_run ();
  g_subprocess_force_exit (keyring);
  g_subprocess_wait (keyring, NULL, NULL);
  pk_test_remove_tree (directory);
  return status;
}

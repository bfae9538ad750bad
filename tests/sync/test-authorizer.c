/* Signing in, without and with a file for the tokens, against a server over real HTTP on loopback. */
#include "config.h"

#include "pk-authorizer.h"
#include "pk-scripted-server.h"
#include "pk-test.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  PkScriptedServer *server;
} Fixture;

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->server = pk_scripted_server_new ();
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  pk_scripted_server_free (fixture->server);
}

static void
browse_cb (PkAuthorizer *authorizer, const char *uri, gpointer user_data)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GHashTable) form = soup_form_decode (g_uri_get_query (parsed));
  const char *redirect = g_hash_table_lookup (form, "redirect_uri");
  const char *state = g_hash_table_lookup (form, "state");
  SoupSession *browser = user_data;

  g_assert_true (g_str_has_prefix (uri, pk_authorizer_get_server (authorizer)));
  g_assert_cmpstr (g_hash_table_lookup (form, "code_challenge_method"), ==, "S256");
  g_assert_cmpuint (strlen (g_hash_table_lookup (form, "code_challenge")), ==, 43);
  g_assert_true (g_str_has_prefix (redirect, "http://127.0.0.1:"));
  g_autofree char *forged = g_strconcat (redirect, "?code=stolen&state=guessed", NULL);
  g_autofree char *right = g_strconcat (redirect, "?code=the-code&state=", state, NULL);
  g_autoptr (SoupMessage) first = soup_message_new ("GET", forged);
  g_autoptr (SoupMessage) second = soup_message_new ("GET", right);
  soup_session_send_async (browser, first, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  soup_session_send_async (browser, second, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}

static void
the_browser_brings_the_code_back (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkAuthorizer)
      authorizer = pk_authorizer_new (fixture->server->uri, PK_AUTHORIZER_MEMORY_ONLY);
  g_autoptr (SoupSession) browser = soup_session_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  soup_session_set_proxy_resolver (browser, NULL);
  g_signal_connect (authorizer, "open-uri", G_CALLBACK (browse_cb), browser);
  pk_authorizer_sign_in_async (authorizer, NULL, pk_test_keep_result_cb, &result);
  pk_test_wait_until (result != NULL);
  g_autoptr (PkAccount) account = pk_authorizer_finish (authorizer, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (account->name, ==, "Kari");
}

static void
giving_up_in_the_browser_is_no_fault (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkAuthorizer)
      authorizer = pk_authorizer_new (fixture->server->uri, PK_AUTHORIZER_MEMORY_ONLY);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pk_authorizer_sign_in_async (authorizer, cancellable, pk_test_keep_result_cb, &result);
  g_cancellable_cancel (cancellable);
  pk_test_wait_until (result != NULL);
  g_assert_null (pk_authorizer_finish (authorizer, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
without_a_keyring_signing_in_works_until_the_end (Fixture *fixture,
                                                  G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkAuthorizer)
      authorizer = pk_authorizer_new (fixture->server->uri, PK_AUTHORIZER_DEFAULT);
  g_autoptr (GAsyncResult) signed_in = NULL;
  g_autoptr (GAsyncResult) looked_up = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (g_getenv ("DBUS_SESSION_BUS_ADDRESS"), ==, "unix:path=/nonexistent");
  pk_authorizer_sign_in_demo_async (authorizer,
                                    "caretaker",
                                    NULL,
                                    pk_test_keep_result_cb,
                                    &signed_in);
  pk_test_wait_until (signed_in != NULL);
  g_autoptr (PkAccount) account = pk_authorizer_finish (authorizer, signed_in, &error);
  g_assert_no_error (error);
  g_assert_nonnull (account);
  g_assert_true (pk_authorizer_get_is_keyring_locked (authorizer));
  g_autoptr (PkAccount) last = pk_authorizer_dup_last_account (authorizer);
  g_assert_cmpstr (last->person, ==, account->person);
  pk_authorizer_look_up_async (authorizer, NULL, pk_test_keep_result_cb, &looked_up);
  pk_test_wait_until (looked_up != NULL);
  g_assert_null (pk_authorizer_finish (authorizer, looked_up, &error));
  g_assert_error (error, PK_AUTHORIZER_ERROR, PK_AUTHORIZER_ERROR_NO_SECRETS);
}

static void
no_token_is_ever_in_a_file (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr (PkAuthorizer)
      authorizer = pk_authorizer_new (fixture->server->uri, PK_AUTHORIZER_DEFAULT);
  g_autoptr (GAsyncResult) result = NULL;

  pk_authorizer_sign_in_demo_async (authorizer, "caretaker", NULL, pk_test_keep_result_cb, &result);
  pk_test_wait_until (result != NULL);
  g_autoptr (PkAccount) account = pk_authorizer_finish (authorizer, result, NULL);
  g_autofree char *host = g_strdup (fixture->server->uri + strlen ("http://"));
  g_strdelimit (host, ":", '_');
  path = g_build_filename (g_get_user_data_dir (), "pakobla", host, "account.ini", NULL);
  g_file_get_contents (path, &text, NULL, NULL);
  g_autofree char *refresh = g_strdup_printf ("r%u", fixture->server->token);
  g_assert_nonnull (text);
  g_assert_null (strstr (text, "token"));
  g_assert_null (strstr (text, refresh));
}

static PkAccount *
sign_in (PkAuthorizer *authorizer)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pk_authorizer_sign_in_demo_async (authorizer, "caretaker", NULL, pk_test_keep_result_cb, &result);
  pk_test_wait_until (result != NULL);
  PkAccount *account = pk_authorizer_finish (authorizer, result, &error);
  g_assert_no_error (error);
  return account;
}

static PkAccount *
look_up (PkAuthorizer *authorizer, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pk_authorizer_look_up_async (authorizer, NULL, pk_test_keep_result_cb, &result);
  pk_test_wait_until (result != NULL);
  return pk_authorizer_finish (authorizer, result, error);
}

static void
a_person_of_the_demo_stays_signed_in_at_the_next_start (Fixture *fixture,
                                                        G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "new", "demo.json", NULL);
  g_autoptr (PkAuthorizer) first = pk_authorizer_new_with_file (fixture->server->uri, path);
  g_autoptr (PkAuthorizer) next = pk_authorizer_new_with_file (fixture->server->uri, path);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PkAccount) account = sign_in (first);
  g_autoptr (PkAccount) again = look_up (next, &error);
  GStatBuf file;

  g_assert_no_error (error);
  g_assert_cmpstr (again->device, ==, account->device);
  g_assert_cmpint (g_stat (path, &file), ==, 0);
  g_assert_cmpuint (file.st_mode & 0777, ==, 0600);
  pk_authorizer_refresh_async (next, NULL, pk_test_keep_result_cb, &result);
  pk_test_wait_until (result != NULL);
  g_autoptr (PkAccount) refreshed = pk_authorizer_finish (next, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (refreshed->device, ==, account->device);
  g_assert_false (pk_authorizer_get_is_keyring_locked (next));
}

static void
after_signing_out_the_file_is_gone (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "demo-out.json", NULL);
  g_autoptr (PkAuthorizer) authorizer = pk_authorizer_new_with_file (fixture->server->uri, path);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PkAccount) account = sign_in (authorizer);

  pk_authorizer_sign_out_async (authorizer, NULL, pk_test_keep_result_cb, &result);
  pk_test_wait_until (result != NULL);
  g_assert_null (pk_authorizer_finish (authorizer, result, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_null (look_up (authorizer, &error));
  g_assert_error (error, PK_AUTHORIZER_ERROR, PK_AUTHORIZER_ERROR_NOBODY);
}

static void
a_file_of_nonsense_is_nobody (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  static const char *const nonsense[] = { "", "{", "[]", "{\"refresh_token\":7}", "\377\376" };
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "demo-bad.json", NULL);

  g_assert_cmpint (g_mkdir_with_parents (g_get_user_data_dir (), 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      g_autoptr (PkAuthorizer)
          authorizer = pk_authorizer_new_with_file (fixture->server->uri, path);
      g_autoptr (GError) error = NULL;
      g_assert_true (g_file_set_contents (path, nonsense[i], -1, NULL));
      g_assert_null (look_up (authorizer, &error));
      g_assert_error (error, PK_AUTHORIZER_ERROR, PK_AUTHORIZER_ERROR_NOBODY);
    }
}

int
main (int argc, char **argv)
{
  /* No test may touch the keyring of whoever runs it. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(name) g_test_add ("/sync/authorizer/" #name, Fixture, NULL, set_up, name, tear_down)
  ADD (the_browser_brings_the_code_back);
  ADD (giving_up_in_the_browser_is_no_fault);
  ADD (without_a_keyring_signing_in_works_until_the_end);
  ADD (no_token_is_ever_in_a_file);
  ADD (a_person_of_the_demo_stays_signed_in_at_the_next_start);
  ADD (after_signing_out_the_file_is_gone);
  ADD (a_file_of_nonsense_is_nobody);
  return g_test_run ();
}

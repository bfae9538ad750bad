/* Signing in with a real OpenID provider, by a browser in small; and the API's description before its official schema. */
#include "config.h"

#include "pk-http-fixture.h"

#include "pk-oauth-request.h"

#include <string.h>

#define VERIFIER "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"
#define REDIRECT "http://127.0.0.1:9/"

typedef struct
{
  PkHttpFixture *server; /* (owned) */
  GSubprocess *provider; /* (owned) */
  char *issuer;          /* (owned) */
  guint16 port;          /* of the server */
} Fixture;

static gboolean
has_packages (void)
{
  const char *dir = g_getenv ("PK_HTTP_TESTS");
  g_autofree char *node = g_find_program_in_path ("node");
  g_autofree char *packages = dir != NULL
                                  ? g_build_filename (dir, "node_modules", "oidc-provider", NULL)
                                  : NULL;

  if (node != NULL && packages != NULL && g_file_test (packages, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_test_skip ("node or its packages are missing: run npm ci in tests/http");
  return FALSE;
}

static GSubprocess *
start (const char *script, const char *first, const char *second, const char *third)
{
  g_autofree char *path = g_build_filename (g_getenv ("PK_HTTP_TESTS"), script, NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                               G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                           &error,
                                           "node",
                                           path,
                                           first,
                                           second,
                                           third,
                                           NULL);

  g_assert_no_error (error);
  return process;
}

typedef struct
{
  gboolean is_done;
  char *text; /* (owned) (nullable) */
} Wait;

static gboolean
is_done (gpointer data)
{
  return ((Wait *) data)->is_done;
}

static void
line_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  wait->text =
      g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, NULL);
  wait->is_done = TRUE;
}

static char *
read_line (GSubprocess *process)
{
  g_autoptr (GDataInputStream)
      stream = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  Wait wait = { FALSE, NULL };

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (stream), FALSE);
  g_data_input_stream_read_line_async (stream, G_PRIORITY_DEFAULT, NULL, line_cb, &wait);
  pk_http_fixture_wait (is_done, &wait);
  g_assert_nonnull (wait.text);
  return wait.text;
}

static void
start_provider (Fixture *fixture, const char *port)
{
  g_autofree char *redirect = g_strdup_printf ("http://127.0.0.1:%u/oauth/callback", fixture->port);

  fixture->provider = start ("oidc-provider.mjs", port, redirect, NULL);
  g_free (fixture->issuer);
  fixture->issuer = read_line (fixture->provider);
}

static void
stop_provider (Fixture *fixture)
{
  g_subprocess_force_exit (fixture->provider);
  g_subprocess_wait (fixture->provider, NULL, NULL);
  g_clear_object (&fixture->provider);
}

static guint16
find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

static PkHttpOptions
make_options (Fixture *fixture)
{
  return (PkHttpOptions){ .issuer = fixture->issuer,
                          .client_id = "pakobla",
                          .client_secret = "a secret & more" };
}

static void
set_up (Fixture *fixture)
{
  fixture->port = find_port ();
  start_provider (fixture, "0");
  PkHttpOptions options = make_options (fixture);
  fixture->server = pk_http_fixture_new_on_port (&options, fixture->port);
}

static void
tear_down (Fixture *fixture)
{
  stop_provider (fixture);
  pk_http_fixture_free (fixture->server);
  g_free (fixture->issuer);
}

/* A browser that signs in as @login. */
static GSubprocess *
start_agent (Fixture *fixture, const char *login, const char *pace)
{
  g_autofree char *challenge = pk_challenge_make (VERIFIER);
  g_autofree char *query = soup_form_encode ("response_type",
                                             "code",
                                             "client_id",
                                             "pakobla-desktop",
                                             "redirect_uri",
                                             REDIRECT,
                                             "code_challenge",
                                             challenge,
                                             "code_challenge_method",
                                             "S256",
                                             "state",
                                             "abc",
                                             NULL);
  g_autofree char *url =
      g_strconcat (pk_http_get_url (fixture->server->http), "/oauth/authorize?", query, NULL);

  return start ("user-agent.mjs", url, login, pace);
}

/* The parameters that the device gets back. */
static GHashTable *
read_location (GSubprocess *agent)
{
  g_autofree char *location = read_line (agent);

  g_test_message ("%s", location);
  g_assert_true (g_str_has_prefix (location, REDIRECT "?"));
  return soup_form_decode (strchr (location, '?') + 1);
}

static GHashTable *
sign_in (Fixture *fixture, const char *login)
{
  g_autoptr (GSubprocess) agent = start_agent (fixture, login, NULL);

  return read_location (agent);
}

static void
assert_signed_in (Fixture *fixture, GHashTable *parameters, const char *expected)
{
  static const char *const form[] = { "Content-Type: application/x-www-form-urlencoded", NULL };
  const char *code = g_hash_table_lookup (parameters, "code");
  g_assert_nonnull (code);
  g_autofree char *body = soup_form_encode ("grant_type",
                                            "authorization_code",
                                            "code",
                                            code,
                                            "code_verifier",
                                            VERIFIER,
                                            "redirect_uri",
                                            REDIRECT,
                                            NULL);
  g_autoptr (PkReply)
      reply = pk_http_fixture_send (fixture->server, "POST", "/oauth/token", NULL, form, body, -1);
  g_autofree char *name = pk_reply_dup_text (reply, "name");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (name, ==, expected);
  g_assert_cmpstr (g_hash_table_lookup (parameters, "state"), ==, "abc");
}

static void
test_signing_in (void)
{
  Fixture fixture = { 0 };

  if (!has_packages ())
    return;
  set_up (&fixture);
  g_autoptr (GHashTable) kari = sign_in (&fixture, "kari");
  assert_signed_in (&fixture, kari, "kari");
  g_autoptr (GHashTable) ola = sign_in (&fixture, "ola");
  assert_signed_in (&fixture, ola, "ola");
  g_autoptr (GHashTable) nobody = sign_in (&fixture, "nobody");
  g_assert_cmpstr (g_hash_table_lookup (nobody, "error"), ==, "access_denied");
  g_assert_null (g_hash_table_lookup (nobody, "code"));
  tear_down (&fixture);
}

/* The browser comes back to another process than the one that it began at, of several at one address. */
static void
test_another_process (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GError) error = NULL;

  if (!has_packages ())
    return;
  set_up (&fixture);
  PkHttpOptions options = make_options (&fixture);
  g_autoptr (GSubprocess) agent = start_agent (&fixture, "kari", "--slow");
  g_autofree char *path = read_line (agent);
  g_assert_cmpstr (path, ==, "/oauth/callback");
  pk_http_fixture_restart (fixture.server, &options, fixture.port);
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (agent), "on\n", 3, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GHashTable) parameters = read_location (agent);
  assert_signed_in (&fixture, parameters, "kari");
  tear_down (&fixture);
}

static void
test_new_keys (void)
{
  Fixture fixture = { 0 };

  if (!has_packages ())
    return;
  set_up (&fixture);
  g_autoptr (GHashTable) before = sign_in (&fixture, "kari");
  assert_signed_in (&fixture, before, "kari");
  const char *port = strrchr (fixture.issuer, ':') + 1;
  g_autofree char *same_port = g_strdup (port);
  stop_provider (&fixture);
  start_provider (&fixture, same_port);
  g_autoptr (GHashTable) after = sign_in (&fixture, "ola");
  assert_signed_in (&fixture, after, "ola");
  tear_down (&fixture);
}

static void
test_no_provider (void)
{
  PkHttpOptions options = { .issuer = "http://127.0.0.1:9", .client_id = "pakobla" };
  g_autoptr (PkHttpFixture) server = pk_http_fixture_new (&options);
  g_autofree char *challenge = pk_challenge_make (VERIFIER);
  g_autofree char *query = soup_form_encode ("response_type",
                                             "code",
                                             "client_id",
                                             "pakobla-desktop",
                                             "redirect_uri",
                                             REDIRECT,
                                             "code_challenge",
                                             challenge,
                                             "code_challenge_method",
                                             "S256",
                                             "state",
                                             "abc",
                                             NULL);
  g_autofree char *path = g_strconcat ("/oauth/authorize?", query, NULL);

  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "*OpenID provider*");
  g_autoptr (PkReply) reply = pk_http_fixture_get (server, path, NULL);
  g_test_assert_expected_messages ();
  pk_reply_assert_problem (reply, 503, "busy", NULL);
}

static void
test_description (void)
{
  g_autoptr (PkHttpFixture) server = pk_http_fixture_new (NULL);
  g_autoptr (PkReply) reply = pk_http_fixture_get (server, "/api/openapi.json", NULL);
  g_autofree char *file = g_build_filename (server->dir, "openapi.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (reply->status, ==, 200);
  if (!has_packages ())
    return;
  g_assert_true (g_file_set_contents (file, reply->body, (gssize) reply->size, &error));
  g_autoptr (GSubprocess) judge = start ("check-openapi.mjs", file, NULL, NULL);
  g_autofree char *line = read_line (judge);
  g_assert_true (g_str_has_prefix (line, "3.1 "));
}

int
main (int argc, char **argv)
{
  /* The isolated folders hold no settings that a proxy could be read from. */
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/provider/who-signs-in-there-is-known-here", test_signing_in);
  g_test_add_func ("/provider/it-may-end-at-another-process", test_another_process);
  g_test_add_func ("/provider/new-keys-are-fetched", test_new_keys);
  g_test_add_func ("/provider/a-provider-that-is-down-is-told", test_no_provider);
  g_test_add_func ("/openapi/the-description-is-valid", test_description);
  return g_test_run ();
}

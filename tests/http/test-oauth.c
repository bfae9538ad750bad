/* Sign-in of our own devices: codes, tokens that are used once, devices that are lost. */
#include "config.h"

#include "pk-http-fixture.h"

#include "pk-oauth-request.h"

#include <string.h>

#define VERIFIER "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"
#define REDIRECT "http://127.0.0.1:49152/"

static const char *const form[] = { "Content-Type: application/x-www-form-urlencoded", NULL };

static char *
make_query (const char *redirect, const char *challenge, const PkId *person)
{
  char text[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *fields = soup_form_encode ("response_type",
                                              "code",
                                              "client_id",
                                              "pakobla-desktop",
                                              "redirect_uri",
                                              redirect,
                                              "code_challenge",
                                              challenge,
                                              "code_challenge_method",
                                              "S256",
                                              "state",
                                              "æ=&",
                                              "demo_person",
                                              pk_id_to_text (person, text),
                                              NULL);

  return g_strconcat ("/oauth/authorize?", fields, NULL);
}

static char *
get_code (PkHttpFixture *fixture)
{
  g_autofree char *challenge = pk_challenge_make (VERIFIER);
  g_autofree char *path = make_query (REDIRECT, challenge, &fixture->kari);
  g_autoptr (PkReply) reply = pk_http_fixture_get (fixture, path, NULL);

  g_assert_cmpuint (reply->status, ==, 303);
  const char *location = soup_message_headers_get_one (reply->headers, "Location");
  g_assert_true (g_str_has_prefix (location, REDIRECT "?"));
  g_autoptr (GHashTable) query = soup_form_decode (strchr (location, '?') + 1);
  g_assert_cmpstr (g_hash_table_lookup (query, "state"), ==, "æ=&");
  return g_strdup (g_hash_table_lookup (query, "code"));
}

static PkReply *
take_code (PkHttpFixture *fixture, const char *code, const char *verifier, const char *redirect)
{
  g_autofree char *body = soup_form_encode ("grant_type",
                                            "authorization_code",
                                            "code",
                                            code,
                                            "code_verifier",
                                            verifier,
                                            "redirect_uri",
                                            redirect,
                                            NULL);

  return pk_http_fixture_send (fixture, "POST", "/oauth/token", NULL, form, body, -1);
}

static PkReply *
refresh (PkHttpFixture *fixture, const char *token)
{
  g_autofree char *body =
      soup_form_encode ("grant_type", "refresh_token", "refresh_token", token, NULL);

  return pk_http_fixture_send (fixture, "POST", "/oauth/token", NULL, form, body, -1);
}

static void
assert_refused (PkReply *reply)
{
  g_autofree char *fault = pk_reply_dup_text (reply, "error");

  g_assert_cmpuint (reply->status, ==, 400);
  g_assert_cmpstr (fault, ==, "invalid_grant");
}

static guint
try_token (PkHttpFixture *fixture, const char *token)
{
  g_autoptr (PkReply) reply = pk_http_fixture_get (fixture, "/api/units", token);

  return reply->status;
}

static void
test_code_gives_tokens (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autofree char *code = get_code (fixture);
  g_autoptr (PkReply) reply = take_code (fixture, code, VERIFIER, REDIRECT);
  g_autofree char *access = pk_reply_dup_text (reply, "access_token");
  g_autofree char *name = pk_reply_dup_text (reply, "name");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (name, ==, "kari");
  g_assert_cmpuint (try_token (fixture, access), ==, 200);
  g_assert_cmpstr (soup_message_headers_get_one (reply->headers, "Cache-Control"), ==, "no-store");
}

static void
test_code_is_taken_once (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autofree char *code = get_code (fixture);
  g_autoptr (PkReply) first = take_code (fixture, code, VERIFIER, REDIRECT);
  g_autofree char *first_refresh = pk_reply_dup_text (first, "refresh_token");
  g_autoptr (PkReply) second = take_code (fixture, code, VERIFIER, REDIRECT);
  g_autoptr (PkReply) after = refresh (fixture, first_refresh);

  g_assert_cmpuint (first->status, ==, 200);
  assert_refused (second);
  assert_refused (after);
}

static void
test_code_belongs_to_its_sign_in (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autofree char *first = get_code (fixture);
  g_autofree char *second = get_code (fixture);
  g_autofree char *third = get_code (fixture);
  g_autoptr (PkReply) verifier = take_code (fixture, first, VERIFIER "x", REDIRECT);
  g_autoptr (PkReply) redirect = take_code (fixture, second, VERIFIER, "http://127.0.0.1:1/");
  g_autoptr (PkReply) short_verifier = take_code (fixture, third, "short", REDIRECT);

  assert_refused (verifier);
  assert_refused (redirect);
  assert_refused (short_verifier);
}

static void
test_requests_that_are_not_redirected (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autofree char *challenge = pk_challenge_make (VERIFIER);
  static const char *const redirects[] = {
    "https://evil.example/",
    "http://evil.example/",
    "http://127.0.0.1@evil.example/",
    "http://127.0.0.1.evil.example/",
    "http://127.0.0.1/#fragment",
    "javascript:alert(1)",
    "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (redirects); i++)
    {
      g_autofree char *path = make_query (redirects[i], challenge, &fixture->kari);
      g_autoptr (PkReply) reply = pk_http_fixture_get (fixture, path, NULL);
      pk_reply_assert_problem (reply, 422, "invalid", "/redirect_uri");
    }
  g_autofree char *plain = make_query (REDIRECT, "short", &fixture->kari);
  g_autoptr (PkReply) reply = pk_http_fixture_get (fixture, plain, NULL);
  pk_reply_assert_problem (reply, 422, "invalid", "/code_challenge");
}

static void
test_refresh_rotates (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autofree char *code = get_code (fixture);
  g_autoptr (PkReply) first = take_code (fixture, code, VERIFIER, REDIRECT);
  g_autofree char *first_refresh = pk_reply_dup_text (first, "refresh_token");
  g_autofree char *device = pk_reply_dup_text (first, "device");
  g_autoptr (PkReply) second = refresh (fixture, first_refresh);
  g_autofree char *second_refresh = pk_reply_dup_text (second, "refresh_token");
  g_autofree char *same_device = pk_reply_dup_text (second, "device");

  g_assert_cmpuint (second->status, ==, 200);
  g_assert_cmpstr (first_refresh, !=, second_refresh);
  g_assert_cmpstr (device, ==, same_device);
  /* The answer was lost: the device asks once more, and when it uses that, what was lost is worth nothing. */
  g_autoptr (PkReply) again = refresh (fixture, first_refresh);
  g_autofree char *again_refresh = pk_reply_dup_text (again, "refresh_token");
  g_assert_cmpuint (again->status, ==, 200);
  g_autoptr (PkReply) third = refresh (fixture, again_refresh);
  g_assert_cmpuint (third->status, ==, 200);
  g_autoptr (PkReply) lost = refresh (fixture, second_refresh);
  assert_refused (lost);
}

/* The network sent it twice, and only the first answer arrived. */
static void
test_repeated_refresh_signs_nobody_out (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autofree char *code = get_code (fixture);
  g_autoptr (PkReply) first = take_code (fixture, code, VERIFIER, REDIRECT);
  g_autofree char *first_refresh = pk_reply_dup_text (first, "refresh_token");
  g_autoptr (PkReply) second = refresh (fixture, first_refresh);
  g_autofree char *second_refresh = pk_reply_dup_text (second, "refresh_token");
  g_autoptr (PkReply) repeat = refresh (fixture, first_refresh);
  g_autofree char *repeat_refresh = pk_reply_dup_text (repeat, "refresh_token");
  g_autoptr (PkReply) third = refresh (fixture, second_refresh);

  g_assert_cmpuint (repeat->status, ==, 200);
  g_assert_cmpuint (third->status, ==, 200);
  /* Now the repeat's answer is worth nothing. */
  g_autoptr (PkReply) late = refresh (fixture, repeat_refresh);
  assert_refused (late);
}

static void
test_reuse_revokes_the_family (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autofree char *code = get_code (fixture);
  g_autoptr (PkReply) first = take_code (fixture, code, VERIFIER, REDIRECT);
  g_autofree char *first_refresh = pk_reply_dup_text (first, "refresh_token");
  g_autoptr (PkReply) second = refresh (fixture, first_refresh);
  g_autofree char *second_refresh = pk_reply_dup_text (second, "refresh_token");
  g_autoptr (PkReply) third = refresh (fixture, second_refresh);
  g_autofree char *third_refresh = pk_reply_dup_text (third, "refresh_token");
  g_autofree char *third_access = pk_reply_dup_text (third, "access_token");

  g_assert_cmpuint (try_token (fixture, third_access), ==, 200);
  g_autoptr (PkReply) stolen = refresh (fixture, first_refresh);
  g_autoptr (PkReply) after = refresh (fixture, third_refresh);
  assert_refused (stolen);
  assert_refused (after);
  g_assert_cmpuint (try_token (fixture, third_access), ==, 401);
}

static void
test_revoke_ends_it (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autofree char *body = soup_form_encode ("token", fixture->kari_token, NULL);
  g_autoptr (PkReply)
      reply = pk_http_fixture_send (fixture, "POST", "/oauth/revoke", NULL, form, body, -1);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (try_token (fixture, fixture->kari_token), ==, 401);
  g_assert_cmpuint (try_token (fixture, fixture->ola_token), ==, 200);
}

static void
test_a_revoked_device_is_told (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  char text[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *path = g_strdup_printf ("/admin/devices/%s/revoke",
                                           pk_id_to_text (&fixture->kari_device, text));
  g_autoptr (PkReply) revoked = pk_http_fixture_admin (fixture, "POST", path, "{}");
  g_autoptr (PkReply) reply = pk_http_fixture_get (fixture, "/api/units", fixture->kari_token);

  g_assert_cmpuint (revoked->status, ==, 204);
  pk_reply_assert_problem (reply, 403, "device_revoked", NULL);
}

static void
test_too_many_sign_ins (void)
{
  PkHttpOptions options = { .is_demo = TRUE, .sign_ins_per_minute = 5 };
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (&options);
  guint n_refused = 0;

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (PkReply) reply =
          pk_http_fixture_json (fixture, "POST", "/demo/sign-in", NULL, "{\"person\":\"x\"}");
      if (reply->status != 429)
        continue;
      n_refused++;
      g_assert_nonnull (soup_message_headers_get_one (reply->headers, "Retry-After"));
    }
  g_assert_cmpuint (n_refused, ==, 7);
  g_assert_cmpuint (try_token (fixture, fixture->kari_token), ==, 200);
}

static void
test_the_demo_is_shut_elsewhere (void)
{
  PkHttpOptions options = { .issuer = "http://127.0.0.1:1", .client_id = "x" };
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (&options);
  g_autoptr (PkReply) list = pk_http_fixture_get (fixture, "/demo/persons", NULL);
  g_autoptr (PkReply) door =
      pk_http_fixture_json (fixture, "POST", "/demo/sign-in", NULL, "{\"person\":\"caretaker\"}");
  g_autoptr (PkReply)
      callback = pk_http_fixture_get (fixture, "/oauth/callback?code=a&state=b", NULL);

  pk_reply_assert_problem (list, 404, "not_found", NULL);
  pk_reply_assert_problem (door, 404, "not_found", NULL);
  pk_reply_assert_problem (callback, 401, "unauthorized", NULL);
}

static void
test_the_page_is_safe (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autofree char *challenge = pk_challenge_make (VERIFIER);
  g_autofree char *fields = soup_form_encode ("response_type",
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
                                              "\"><script>",
                                              "q",
                                              "\"><svg onload>",
                                              NULL);
  g_autofree char *path = g_strconcat ("/oauth/authorize?", fields, NULL);
  g_autoptr (PkReply) reply = pk_http_fixture_get (fixture, path, NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_null (strstr (reply->body, "<script"));
  g_assert_null (strstr (reply->body, "<svg"));
  g_assert_nonnull (strstr (reply->body, "Demo – ingen ekte data"));
  g_assert_nonnull (
      strstr (soup_message_headers_get_one (reply->headers, "Content-Security-Policy"),
              "default-src 'none'"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/oauth/a-code-gives-tokens", test_code_gives_tokens);
  g_test_add_func ("/oauth/a-code-is-taken-once", test_code_is_taken_once);
  g_test_add_func ("/oauth/a-code-belongs-to-its-sign-in", test_code_belongs_to_its_sign_in);
  g_test_add_func ("/oauth/nobody-is-sent-to-another-machine",
                   test_requests_that_are_not_redirected);
  g_test_add_func ("/oauth/a-refresh-token-gives-the-next", test_refresh_rotates);
  g_test_add_func ("/oauth/a-repeated-refresh-signs-nobody-out",
                   test_repeated_refresh_signs_nobody_out);
  g_test_add_func ("/oauth/a-used-refresh-token-revokes-its-family", test_reuse_revokes_the_family);
  g_test_add_func ("/oauth/revoking-a-token-ends-the-sign-in", test_revoke_ends_it);
  g_test_add_func ("/oauth/a-revoked-device-is-told-so", test_a_revoked_device_is_told);
  g_test_add_func ("/oauth/too-many-sign-ins-are-refused", test_too_many_sign_ins);
  g_test_add_func ("/oauth/the-demo-door-is-shut-outside-the-demo",
                   test_the_demo_is_shut_elsewhere);
  g_test_add_func ("/oauth/the-page-escapes-what-it-is-given", test_the_page_is_safe);
  return g_test_run ();
}

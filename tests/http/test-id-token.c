/* An id_token is refused for every single thing that can be wrong with it. */
#include "config.h"

#include "pk-id-token.h"

#include <jansson.h>
#include <jose/jose.h>
#include <string.h>

#define NOW 1790000000

typedef struct
{
  json_t *key;    /* (owned): private */
  char *key_set;  /* (owned): public */
  json_t *claims; /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  fixture->key = json_pack ("{s:s,s:s}", "alg", "ES256", "kid", "one");
  g_assert_true (jose_jwk_gen (NULL, fixture->key));
  json_t *public_key = json_deep_copy (fixture->key);
  g_assert_true (jose_jwk_pub (NULL, public_key));
  json_t *set = json_pack ("{s:[o]}", "keys", public_key);
  fixture->key_set = json_dumps (set, 0);
  json_decref (set);
  fixture->claims = json_pack ("{s:s,s:s,s:I,s:I,s:s,s:s,s:s}",
                               "iss",
                               "https://issuer.example",
                               "aud",
                               "pakobla",
                               "exp",
                               (json_int_t) NOW + 300,
                               "iat",
                               (json_int_t) NOW,
                               "nonce",
                               "n",
                               "sub",
                               "kari",
                               "email",
                               "kari@example.org");
}

static void
tear_down (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  json_decref (fixture->key);
  json_decref (fixture->claims);
  free (fixture->key_set);
}

static char *
sign (Fixture *fixture, json_t *key, const char *kid)
{
  json_t *payload = jose_b64_enc_dump (fixture->claims);
  json_t *jws = json_pack ("{s:o}", "payload", payload);
  json_t *header = json_pack ("{s:{s:s}}", "protected", "kid", kid);

  g_assert_true (jose_jws_sig (NULL, jws, header, key));
  char *compact = g_strdup_printf ("%s.%s.%s",
                                   json_string_value (json_object_get (jws, "protected")),
                                   json_string_value (json_object_get (jws, "payload")),
                                   json_string_value (json_object_get (jws, "signature")));
  json_decref (header);
  json_decref (jws);
  return compact;
}

static PkIdToken *
read_token (Fixture *fixture, const char *compact, gboolean *is_key_unknown, GError **error)
{
  const PkIdTokenCheck check = { "https://issuer.example", "pakobla", "n", NOW };

  return pk_id_token_read (compact, fixture->key_set, &check, is_key_unknown, error);
}

static void
assert_refused (Fixture *fixture, const char *compact, const char *why)
{
  g_autoptr (GError) error = NULL;
  gboolean is_key_unknown;
  g_autoptr (PkIdToken) token = read_token (fixture, compact, &is_key_unknown, &error);

  g_assert_null (token);
  g_assert_nonnull (strstr (error->message, why));
}

static void
test_good (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *compact = sign (fixture, fixture->key, "one");
  g_autoptr (GError) error = NULL;
  gboolean is_key_unknown;
  g_autoptr (PkIdToken) token = read_token (fixture, compact, &is_key_unknown, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (token->email, ==, "kari@example.org");
}

static void
test_claims (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const struct
  {
    const char *name;
    const char *value; /* JSON */
    const char *why;
  } faults[] = {
    { "iss", "\"https://issuer.example/\"", "another issuer" },
    { "iss", "7", "another issuer" },
    { "aud", "\"other\"", "somebody else" },
    { "aud", "[\"other\"]", "somebody else" },
    { "aud", "[\"pakobla\",\"other\"]", "somebody else" },
    { "aud", "null", "somebody else" },
    { "exp", "1789999000", "expired" },
    { "exp", "\"never\"", "expired" },
    { "exp", "null", "expired" },
    { "iat", "1790009000", "future" },
    { "nbf", "1790009000", "not valid yet" },
    { "nonce", "\"m\"", "another sign-in" },
    { "nonce", "null", "another sign-in" },
    { "sub", "null", "nobody" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      json_t *right = json_deep_copy (fixture->claims);
      json_object_set_new (fixture->claims,
                           faults[i].name,
                           json_loads (faults[i].value, JSON_DECODE_ANY, NULL));
      g_autofree char *compact = sign (fixture, fixture->key, "one");
      g_test_message ("%s: %s", faults[i].name, faults[i].value);
      assert_refused (fixture, compact, faults[i].why);
      json_decref (fixture->claims);
      fixture->claims = right;
    }
}

static void
test_unverified_email (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  json_object_set_new (fixture->claims, "email_verified", json_false ());
  g_autofree char *compact = sign (fixture, fixture->key, "one");
  gboolean is_key_unknown;
  g_autoptr (PkIdToken) token = read_token (fixture, compact, &is_key_unknown, NULL);

  g_assert_nonnull (token);
  g_assert_null (token->email);
}

static void
test_signatures (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *good = sign (fixture, fixture->key, "one");
  g_autofree char *unknown = sign (fixture, fixture->key, "two");
  json_t *other = json_pack ("{s:s}", "alg", "ES256");
  g_assert_true (jose_jwk_gen (NULL, other));
  g_autofree char *forged = sign (fixture, other, "one");
  g_auto (GStrv) parts = g_strsplit (good, ".", 3);
  g_autofree char *unsigned_token = g_strdup_printf ("eyJhbGciOiJub25lIn0.%s.",
                                                     parts[1]); /* {"alg":"none"} */
  g_autofree char *two_parts = g_strdup_printf ("%s.%s", parts[0], parts[1]);
  json_t *secret =
      json_pack ("{s:s,s:s}", "kty", "oct", "k", "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U");
  g_autofree char *symmetric = sign (fixture, secret, "one");
  g_autoptr (GError) error = NULL;
  gboolean is_key_unknown = FALSE;
  g_autoptr (PkIdToken) token = read_token (fixture, unknown, &is_key_unknown, &error);

  g_assert_null (token);
  g_assert_true (is_key_unknown);
  assert_refused (fixture, forged, "signature");
  assert_refused (fixture, unsigned_token, "algorithm");
  assert_refused (fixture, symmetric, "algorithm");
  assert_refused (fixture, two_parts, "cannot be read");
  assert_refused (fixture, "", "cannot be read");
  good[strlen (good) - 3] ^= 1;
  assert_refused (fixture, good, "");
  json_decref (other);
  json_decref (secret);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/id-token/a-right-one-tells-who", Fixture, NULL, set_up, test_good, tear_down);
  g_test_add ("/id-token/every-claim-is-checked", Fixture, NULL, set_up, test_claims, tear_down);
  g_test_add ("/id-token/an-unverified-address-is-left-out",
              Fixture,
              NULL,
              set_up,
              test_unverified_email,
              tear_down);
  g_test_add ("/id-token/every-signature-is-checked",
              Fixture,
              NULL,
              set_up,
              test_signatures,
              tear_down);
  return g_test_run ();
}

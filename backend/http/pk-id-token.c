/*
 * An id_token: signature by the provider's keys, then every claim that has to be checked. Signatures are libjose's work; which
 * algorithms may be used is decided here, never by the token. Pure: time and keys are given.
 */
#include "config.h"

#include "pk-id-token.h"

#include "pk-problem.h"

#include <jansson.h>
#include <jose/b64.h>
#include <jose/jws.h>
#include <string.h>

#define MAX_TOKEN_BYTES (32 * 1024)
#define CLOCK_SKEW_S    60

typedef json_t Json;

static void
unref_json (Json *json)
{
  json_decref (json);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Json, unref_json)

static const struct
{
  const char *algorithm;
  const char *key_type;
} algorithms[] = {
  { "RS256", "RSA" }, { "RS384", "RSA" }, { "RS512", "RSA" }, { "PS256", "RSA" },
  { "ES256", "EC" },  { "ES384", "EC" },  { "ES512", "EC" },
};

/**
 * pk_id_token_free:
 */
void
pk_id_token_free (PkIdToken *self)
{
  g_free (self->subject);
  g_free (self->email);
  g_free (self->number);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *why)
{
  pk_problem_set (error, PK_PROBLEM_UNAUTHORIZED, NULL, "The id_token is refused: %s", why);
  return FALSE;
}

static const char *
get_text (Json *object, const char *name)
{
  return json_string_value (json_object_get (object, name));
}

static Json *
split (const char *compact)
{
  if (strlen (compact) > MAX_TOKEN_BYTES)
    return NULL;
  g_auto (GStrv) parts = g_strsplit (compact, ".", 4);
  if (g_strv_length (parts) != 3)
    return NULL;
  return json_pack ("{s:s,s:s,s:s}",
                    "protected",
                    parts[0],
                    "payload",
                    parts[1],
                    "signature",
                    parts[2]);
}

static const char *
get_key_type (const char *algorithm)
{
  for (guint i = 0; algorithm != NULL && i < G_N_ELEMENTS (algorithms); i++)
    if (g_str_equal (algorithms[i].algorithm, algorithm))
      return algorithms[i].key_type;
  return NULL;
}

static gboolean
is_key_for (Json *key, const char *key_type, const char *id, const char *algorithm)
{
  const char *key_id = get_text (key, "kid");
  const char *use = get_text (key, "use");
  const char *key_algorithm = get_text (key, "alg");

  return g_strcmp0 (get_text (key, "kty"), key_type) == 0 &&
         (id == NULL || g_strcmp0 (key_id, id) == 0) && (use == NULL || g_str_equal (use, "sig")) &&
         (key_algorithm == NULL || g_str_equal (key_algorithm, algorithm));
}

static gboolean
check_signature (Json *jws, Json *keys, gboolean *is_key_unknown_out, GError **error)
{
  g_autoptr (Json) header = jose_b64_dec_load (json_object_get (jws, "protected"));
  const char *algorithm = header != NULL ? get_text (header, "alg") : NULL;
  const char *key_type = get_key_type (algorithm);
  Json *list = json_object_get (keys, "keys");

  if (key_type == NULL)
    return refuse (error, "its algorithm is not taken here");
  if (json_object_get (header, "crit") != NULL)
    return refuse (error, "it has headers that must be understood");
  *is_key_unknown_out = TRUE;
  for (size_t i = 0; i < json_array_size (list); i++)
    {
      Json *key = json_array_get (list, i);
      if (!is_key_for (key, key_type, get_text (header, "kid"), algorithm))
        continue;
      *is_key_unknown_out = FALSE;
      if (jose_jws_ver (NULL, jws, NULL, key, false))
        return TRUE;
    }
  return refuse (error, *is_key_unknown_out ? "its key is not known" : "its signature is wrong");
}

static gboolean
is_for_us (Json *claims, const char *audience)
{
  Json *value = json_object_get (claims, "aud");

  if (json_is_string (value))
    return g_str_equal (json_string_value (value), audience);
  for (size_t i = 0; i < json_array_size (value); i++)
    if (g_strcmp0 (json_string_value (json_array_get (value, i)), audience) == 0)
      return json_array_size (value) == 1 || g_strcmp0 (get_text (claims, "azp"), audience) == 0;
  return FALSE;
}

static gboolean
check_claims (Json *claims, const PkIdTokenCheck *check, GError **error)
{
  Json *expires = json_object_get (claims, "exp");
  Json *issued = json_object_get (claims, "iat");
  Json *not_before = json_object_get (claims, "nbf");

  if (g_strcmp0 (get_text (claims, "iss"), check->issuer) != 0)
    return refuse (error, "it is from another issuer");
  if (!is_for_us (claims, check->audience))
    return refuse (error, "it is for somebody else");
  if (!json_is_integer (expires) || json_integer_value (expires) <= check->now_s - CLOCK_SKEW_S)
    return refuse (error, "it has expired");
  if (!json_is_integer (issued) || json_integer_value (issued) > check->now_s + CLOCK_SKEW_S)
    return refuse (error, "it is from the future");
  if (not_before != NULL && json_integer_value (not_before) > check->now_s + CLOCK_SKEW_S)
    return refuse (error, "it is not valid yet");
  if (g_strcmp0 (get_text (claims, "nonce"), check->nonce) != 0)
    return refuse (error, "it belongs to another sign-in");
  if (get_text (claims, "sub") == NULL)
    return refuse (error, "it says of nobody");
  return TRUE;
}

/**
 * pk_id_token_read:
 * @compact: as it came from the provider
 * @keys: the provider's JWK set
 * @is_key_unknown_out: (out): whether newer keys may help
 *
 * Errors: %PK_PROBLEM_UNAUTHORIZED
 * Returns: (transfer full) (nullable): who it is
 */
PkIdToken *
pk_id_token_read (const char *compact,
                  const char *keys,
                  const PkIdTokenCheck *check,
                  gboolean *is_key_unknown_out,
                  GError **error)
{
  g_autoptr (Json) jws = split (compact);
  g_autoptr (Json) set = json_loads (keys, JSON_REJECT_DUPLICATES, NULL);

  *is_key_unknown_out = FALSE;
  if (jws == NULL || set == NULL)
    {
      refuse (error, "it cannot be read");
      return NULL;
    }
  if (!check_signature (jws, set, is_key_unknown_out, error))
    return NULL;
  g_autoptr (Json) claims = jose_b64_dec_load (json_object_get (jws, "payload"));
  if (!check_claims (claims, check, error))
    return NULL;
  PkIdToken *self = g_new0 (PkIdToken, 1);
  self->subject = g_strdup (get_text (claims, "sub"));
  if (!json_is_false (json_object_get (claims, "email_verified")))
    self->email = g_strdup (get_text (claims, "email"));
  self->number = g_strdup (get_text (claims, "employee_number"));
  return self;
}

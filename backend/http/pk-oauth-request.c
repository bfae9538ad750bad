/* What a device asks for when it sends its person to sign in: checked here, and nowhere else. */
#include "config.h"

#include "pk-oauth-request.h"

#include "pk-problem.h"

#include <libsoup/soup.h>
#include <string.h>

#define MAX_TEXT  512
#define CLIENT_ID "pakobla-desktop"

static gboolean
refuse (GError **error, const char *name, const char *why)
{
  g_autofree char *pointer = g_strconcat ("/", name, NULL);

  pk_problem_set (error, PK_PROBLEM_INVALID, pointer, "%s", why);
  return FALSE;
}

/* RFC 8252, 7.3: any port, but only this machine; a browser follows nothing else from here. */
static gboolean
is_loopback_uri (const char *text)
{
  g_autoptr (GUri) uri = text ? g_uri_parse (text, G_URI_FLAGS_ENCODED, NULL) : NULL;

  if (uri == NULL || strlen (text) > MAX_TEXT || !g_str_equal (g_uri_get_scheme (uri), "http"))
    return FALSE;
  const char *host = g_uri_get_host (uri);
  return host != NULL && (g_str_equal (host, "127.0.0.1") || g_str_equal (host, "::1")) &&
         g_uri_get_userinfo (uri) == NULL && g_uri_get_fragment (uri) == NULL;
}

static gboolean
is_challenge (const char *text)
{
  if (text == NULL || strlen (text) != 43)
    return FALSE;
  for (; *text != '\0'; text++)
    if (!g_ascii_isalnum (*text) && *text != '-' && *text != '_')
      return FALSE;
  return TRUE;
}

static gboolean
check (GHashTable *parameters, GError **error)
{
  const char *state = g_hash_table_lookup (parameters, "state");
  const char *device = g_hash_table_lookup (parameters, "device");
  const char *name = g_hash_table_lookup (parameters, "device_name");
  PkId id;

  if (g_strcmp0 (g_hash_table_lookup (parameters, "client_id"), CLIENT_ID) != 0)
    return refuse (error, "client_id", "The program is not known here");
  if (!is_loopback_uri (g_hash_table_lookup (parameters, "redirect_uri")))
    return refuse (error, "redirect_uri", "It must be http on 127.0.0.1 or ::1");
  if (g_strcmp0 (g_hash_table_lookup (parameters, "response_type"), "code") != 0)
    return refuse (error, "response_type", "Only \"code\" is offered");
  if (g_strcmp0 (g_hash_table_lookup (parameters, "code_challenge_method"), "S256") != 0)
    return refuse (error, "code_challenge_method", "Only \"S256\" is offered");
  if (!is_challenge (g_hash_table_lookup (parameters, "code_challenge")))
    return refuse (error, "code_challenge", "It must be a SHA-256 as base64url");
  if (state == NULL || *state == '\0' || strlen (state) > MAX_TEXT)
    return refuse (error, "state", "A state of at most 512 bytes is needed");
  if (device != NULL && !pk_id_parse (device, &id))
    return refuse (error, "device", "It must be a UUID");
  if (name != NULL && strlen (name) > MAX_TEXT)
    return refuse (error, "device_name", "At most 512 bytes");
  return TRUE;
}

/**
 * pk_oauth_request_new:
 * @parameters: (element-type utf8 utf8): of the authorization request
 *
 * Errors: %PK_PROBLEM_INVALID, with a pointer to the parameter
 * Returns: (transfer full) (nullable): what is asked for
 */
PkOauthRequest *
pk_oauth_request_new (GHashTable *parameters, GError **error)
{
  if (!check (parameters, error))
    return NULL;
  PkOauthRequest *self = g_new0 (PkOauthRequest, 1);
  const char *device = g_hash_table_lookup (parameters, "device");
  self->redirect_uri = g_strdup (g_hash_table_lookup (parameters, "redirect_uri"));
  self->state = g_strdup (g_hash_table_lookup (parameters, "state"));
  self->challenge = g_strdup (g_hash_table_lookup (parameters, "code_challenge"));
  self->device_name = g_strdup (g_hash_table_lookup (parameters, "device_name"));
  if (device != NULL)
    pk_id_parse (device, &self->device);
  return self;
}

/**
 * pk_oauth_request_free:
 */
void
pk_oauth_request_free (PkOauthRequest *self)
{
  g_free (self->redirect_uri);
  g_free (self->state);
  g_free (self->challenge);
  g_free (self->device_name);
  g_free (self);
}

static void
put (GHashTable *table, const char *name, const char *value)
{
  if (value != NULL)
    g_hash_table_insert (table, (gpointer) name, (gpointer) value);
}

/**
 * pk_oauth_request_to_text:
 *
 * Returns: (transfer full): the authorization request again, form-encoded
 */
char *
pk_oauth_request_to_text (const PkOauthRequest *self)
{
  g_autoptr (GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *device = pk_id_is_null (&self->device) ? NULL : pk_id_dup_text (&self->device);

  put (table, "client_id", CLIENT_ID);
  put (table, "response_type", "code");
  put (table, "code_challenge_method", "S256");
  put (table, "redirect_uri", self->redirect_uri);
  put (table, "state", self->state);
  put (table, "code_challenge", self->challenge);
  put (table, "device_name", self->device_name);
  put (table, "device", device);
  return soup_form_encode_hash (table);
}

/**
 * pk_oauth_request_from_text:
 * @text: from pk_oauth_request_to_text()
 *
 * Returns: (transfer full) (nullable): what was asked for
 */
PkOauthRequest *
pk_oauth_request_from_text (const char *text, GError **error)
{
  g_autoptr (GHashTable) table = soup_form_decode (text);

  return pk_oauth_request_new (table, error);
}

/**
 * pk_oauth_request_make_redirect:
 * @code: (nullable)
 * @fault: (nullable): an error of OAuth, such as "access_denied"
 *
 * Returns: (transfer full): where the browser goes on
 */
char *
pk_oauth_request_make_redirect (const PkOauthRequest *self, const char *code, const char *fault)
{
  g_autofree char *query = code != NULL
                               ? soup_form_encode ("code", code, "state", self->state, NULL)
                               : soup_form_encode ("error", fault, "state", self->state, NULL);

  return g_strconcat (self->redirect_uri,
                      strchr (self->redirect_uri, '?') != NULL ? "&" : "?",
                      query,
                      NULL);
}

/**
 * pk_challenge_make:
 *
 * Returns: (transfer full): the S256 of @verifier (RFC 7636)
 */
char *
pk_challenge_make (const char *verifier)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;

  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &size);
  char *text = g_base64_encode (digest, size);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

/**
 * pk_oauth_request_verify:
 * @redirect_uri: (nullable)
 * @verifier: (nullable)
 *
 * Returns: whether who brings the code is who began the sign-in
 */
gboolean
pk_oauth_request_verify (const PkOauthRequest *self, const char *redirect_uri, const char *verifier)
{
  if (verifier == NULL || strlen (verifier) < 43 || strlen (verifier) > 128)
    return FALSE;
  g_autofree char *challenge = pk_challenge_make (verifier);
  return g_strcmp0 (redirect_uri, self->redirect_uri) == 0 &&
         g_str_equal (challenge, self->challenge);
}

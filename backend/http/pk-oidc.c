/*
 * The relying party: code with PKCE, state and nonce. What was begun is kept in memory for ten minutes under the hash of a cookie,
 * so that a sign-in ends in the browser in which it began; after a restart people begin again.
 */
#include "config.h"

#include "pk-oidc.h"

#include "pk-exchange-private.h"
#include "pk-http-private.h"
#include "pk-id-token.h"
#include "pk-oauth-request.h"
#include "pk-oauth.h"
#include "pk-oidc-provider.h"
#include "pk-problem.h"
#include "pk-service-persons.h"
#include "pk-service-tokens.h"

#include <string.h>

#define COOKIE      "pakobla_sign_in"
#define PENDING_US  (600 * G_USEC_PER_SEC)
#define MAX_PENDING 10000

typedef struct
{
  PkOauthRequest *sign_in; /* (owned) */
  char *state;             /* (owned) */
  char *nonce;             /* (owned) */
  char *verifier;          /* (owned) */
  gint64 expires_us;
} Pending;

struct _PkOidc
{
  PkOidcProvider *provider; /* (owned) */
  PkClock *clock;           /* (owned) */
  GHashTable *pending;      /* (owned): hash of the cookie → Pending */
};

/* A callback that is being answered. */
typedef struct
{
  PkExchange *exchange; /* (owned) */
  Pending *pending;     /* (owned) */
  char *id_token;       /* (owned) (nullable) */
  gboolean is_renewed;
  PkIdToken *who; /* (owned) (nullable) */
} Callback;

static void
free_pending (gpointer data)
{
  Pending *self = data;

  g_clear_pointer (&self->sign_in, pk_oauth_request_free);
  g_free (self->state);
  g_free (self->nonce);
  g_free (self->verifier);
  g_free (self);
}

static void
free_callback (Callback *self)
{
  pk_exchange_unref (self->exchange);
  free_pending (self->pending);
  g_free (self->id_token);
  g_clear_pointer (&self->who, pk_id_token_free);
  g_free (self);
}

/**
 * pk_oidc_new:
 * @client_secret: (nullable)
 *
 * Returns: (transfer full): a relying party that has not spoken to its provider yet
 */
PkOidc *
pk_oidc_new (const char *issuer, const char *client_id, const char *client_secret, PkClock *clock)
{
  PkOidc *self = g_new0 (PkOidc, 1);

  self->provider = pk_oidc_provider_new (issuer, client_id, client_secret);
  self->clock = pk_clock_ref (clock);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_pending);
  return self;
}

/**
 * pk_oidc_free:
 */
void
pk_oidc_free (PkOidc *self)
{
  g_object_unref (self->provider);
  pk_clock_unref (self->clock);
  g_hash_table_unref (self->pending);
  g_free (self);
}

static char *
make_redirect_uri (PkHttp *http)
{
  return g_strconcat (http->public_url, "/oauth/callback", NULL);
}

static char *
make_authorize_url (PkOidc *self, PkHttp *http, const char *authorize_url, const Pending *pending)
{
  g_autofree char *redirect_uri = make_redirect_uri (http);
  g_autofree char *challenge = pk_challenge_make (pending->verifier);
  g_autofree char *query = soup_form_encode ("response_type",
                                             "code",
                                             "client_id",
                                             pk_oidc_provider_get_client_id (self->provider),
                                             "redirect_uri",
                                             redirect_uri,
                                             "scope",
                                             "openid profile email",
                                             "state",
                                             pending->state,
                                             "nonce",
                                             pending->nonce,
                                             "code_challenge",
                                             challenge,
                                             "code_challenge_method",
                                             "S256",
                                             NULL);

  return g_strconcat (authorize_url, strchr (authorize_url, '?') != NULL ? "&" : "?", query, NULL);
}

static void
set_cookie (PkExchange *exchange, const char *value, int max_age)
{
  PkHttp *http = pk_exchange_get_http (exchange);
  gboolean is_secure = g_str_has_prefix (http->public_url, "https:");
  g_autofree char *cookie =
      g_strdup_printf (COOKIE "=%s; HttpOnly; SameSite=Lax; Path=/oauth; Max-Age=%d%s",
                       value,
                       max_age,
                       is_secure ? "; Secure" : "");

  pk_exchange_set_header (exchange, "Set-Cookie", cookie);
}

static gboolean
has_expired (gpointer key G_GNUC_UNUSED, gpointer value, gpointer user_data)
{
  const Pending *pending = value;

  return pending->expires_us <= *(const gint64 *) user_data;
}

static gboolean
keep_pending (PkOidc *self, PkExchange *exchange, Pending *pending, GError **error)
{
  gint64 now_us = pk_clock_now_us (self->clock);

  if (g_hash_table_size (self->pending) >= MAX_PENDING)
    g_hash_table_foreach_remove (self->pending, has_expired, &now_us);
  if (g_hash_table_size (self->pending) >= MAX_PENDING)
    {
      pk_problem_set (error, PK_PROBLEM_BUSY, NULL, "Too many sign-ins are under way");
      return FALSE;
    }
  g_autofree char *cookie = pk_token_make ();
  pending->expires_us = now_us + PENDING_US;
  g_hash_table_insert (self->pending, pk_token_hash (cookie), pending);
  set_cookie (exchange, cookie, PENDING_US / G_USEC_PER_SEC);
  return TRUE;
}

static Pending *
make_pending (PkOauthRequest *sign_in)
{
  Pending *pending = g_new0 (Pending, 1);

  pending->sign_in = sign_in;
  pending->state = pk_token_make ();
  pending->nonce = pk_token_make ();
  pending->verifier = pk_token_make ();
  return pending;
}

static void
begin_discovered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkExchange) exchange = user_data;
  PkHttp *http = pk_exchange_get_http (exchange);
  g_autoptr (GError) error = NULL;
  const PkOidcEndpoints *endpoints =
      pk_oidc_provider_discover_finish (PK_OIDC_PROVIDER (source), result, &error);
  g_autoptr (PkOauthRequest) sign_in =
      endpoints ? pk_oauth_request_new (pk_exchange_get_queries (exchange), &error) : NULL;

  if (sign_in != NULL)
    {
      Pending *pending = make_pending (g_steal_pointer (&sign_in));
      g_autofree char *url =
          make_authorize_url (http->oidc, http, endpoints->authorize_url, pending);
      if (keep_pending (http->oidc, exchange, pending, &error))
        pk_exchange_reply_redirect (exchange, url);
      else
        free_pending (pending);
    }
  if (error != NULL)
    pk_exchange_fail (exchange, error);
  pk_exchange_finish (exchange);
}

/**
 * pk_oidc_begin:
 *
 * Sends the browser to the provider; finishes the exchange later.
 */
gboolean
pk_oidc_begin (PkOidc *self, PkExchange *exchange)
{
  pk_oidc_provider_discover_async (self->provider, begin_discovered_cb, pk_exchange_ref (exchange));
  return TRUE;
}

static char *
dup_cookie (PkExchange *exchange)
{
  const char *header = pk_exchange_get_header (exchange, "Cookie");
  g_auto (GStrv) parts = g_strsplit (header != NULL ? header : "", ";", 64);

  for (char **part = parts; *part != NULL; part++)
    {
      const char *text = g_strstrip (*part);
      if (g_str_has_prefix (text, COOKIE "="))
        return g_strdup (text + strlen (COOKIE "="));
    }
  return NULL;
}

/* Takes what was begun in this browser; it can be taken once. */
static Pending *
take_pending (PkOidc *self, PkExchange *exchange, GError **error)
{
  g_autofree char *cookie = dup_cookie (exchange);
  g_autofree char *hash = cookie != NULL ? pk_token_hash (cookie) : NULL;
  gpointer key = NULL, value = NULL;

  if (hash == NULL || !g_hash_table_steal_extended (self->pending, hash, &key, &value))
    {
      pk_problem_set (error, PK_PROBLEM_UNAUTHORIZED, NULL, "No sign-in began in this browser");
      return NULL;
    }
  g_free (key);
  Pending *pending = value;
  const char *state = pk_exchange_get_query (exchange, "state");
  if (g_strcmp0 (state, pending->state) == 0 && pending->expires_us > pk_clock_now_us (self->clock))
    return pending;
  free_pending (pending);
  pk_problem_set (error, PK_PROBLEM_UNAUTHORIZED, NULL, "The sign-in is another one, or too old");
  return NULL;
}

static void
go_back (Callback *callback, const char *fault)
{
  g_autofree char *url = pk_oauth_request_make_redirect (callback->pending->sign_in, NULL, fault);

  pk_exchange_reply_redirect (callback->exchange, url);
  pk_exchange_finish (callback->exchange);
  free_callback (callback);
}

static void
fail (Callback *callback, GError *error)
{
  g_message ("A sign-in was refused: %s", error->message);
  g_error_free (error);
  go_back (callback, "access_denied");
}

/* On the writing thread: the person's code for the device. */
static gboolean
welcome (PkExchange *exchange, GError **error)
{
  Callback *callback = pk_exchange_get_state (exchange);
  PkOauthRequest *sign_in = callback->pending->sign_in;
  g_autoptr (GError) local = NULL;
  g_autoptr (PkRecord) person = pk_service_find_person_by (pk_exchange_get_service (exchange),
                                                           callback->who->email,
                                                           callback->who->number,
                                                           &local);

  if (person != NULL)
    return pk_oauth_welcome (exchange, sign_in, pk_record_get_id (person), error);
  if (local != NULL && !g_error_matches (local, PK_PROBLEM_ERROR, PK_PROBLEM_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  g_autofree char *url = pk_oauth_request_make_redirect (sign_in, NULL, "access_denied");
  pk_exchange_reply_redirect (exchange, url);
  return TRUE;
}

static void
free_state (gpointer data)
{
  Callback *callback = data;

  callback->exchange = NULL;
  free_pending (callback->pending);
  g_free (callback->id_token);
  g_clear_pointer (&callback->who, pk_id_token_free);
  g_free (callback);
}

static void got_keys_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
check_token (Callback *callback, PkOidc *oidc, const char *keys)
{
  PkIdTokenCheck check = { .issuer = pk_oidc_provider_get_issuer (oidc->provider),
                           .audience = pk_oidc_provider_get_client_id (oidc->provider),
                           .nonce = callback->pending->nonce,
                           .now_s = pk_clock_now_us (oidc->clock) / G_USEC_PER_SEC };
  gboolean is_key_unknown = FALSE;
  GError *error = NULL;

  callback->who = pk_id_token_read (callback->id_token, keys, &check, &is_key_unknown, &error);
  if (callback->who != NULL)
    {
      g_autoptr (PkExchange) exchange = callback->exchange;
      pk_exchange_set_state (exchange, callback, free_state);
      pk_http_continue (exchange, PK_RUN_WRITER, welcome);
      return;
    }
  if (!is_key_unknown || callback->is_renewed)
    {
      fail (callback, error);
      return;
    }
  g_error_free (error);
  callback->is_renewed = TRUE;
  pk_oidc_provider_get_keys_async (oidc->provider, TRUE, got_keys_cb, callback);
}

static void
got_keys_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Callback *callback = user_data;
  GError *error = NULL;
  const char *keys = pk_oidc_provider_get_keys_finish (PK_OIDC_PROVIDER (source), result, &error);

  if (keys == NULL)
    fail (callback, error);
  else
    check_token (callback, pk_exchange_get_http (callback->exchange)->oidc, keys);
}

static void
exchanged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Callback *callback = user_data;
  PkOidcProvider *provider = PK_OIDC_PROVIDER (source);
  GError *error = NULL;

  callback->id_token = pk_oidc_provider_exchange_finish (provider, result, &error);
  if (callback->id_token == NULL)
    fail (callback, error);
  else
    pk_oidc_provider_get_keys_async (provider, FALSE, got_keys_cb, callback);
}

/**
 * pk_oidc_get_callback:
 *
 * The browser came back from the provider: finds out who it is, and sends it on to the device with a code, or with a fault.
 */
gboolean
pk_oidc_get_callback (PkExchange *exchange, GError **error)
{
  PkHttp *http = pk_exchange_get_http (exchange);
  const char *code = pk_exchange_get_query (exchange, "code");

  if (http->oidc == NULL)
    {
      pk_problem_set (error, PK_PROBLEM_NOT_FOUND, NULL, "No resource has this path");
      return FALSE;
    }
  Pending *pending = take_pending (http->oidc, exchange, error);
  if (pending == NULL)
    return FALSE;
  set_cookie (exchange, "", 0);
  Callback *callback = g_new0 (Callback, 1);
  callback->exchange = pk_exchange_ref (exchange);
  callback->pending = pending;
  if (code == NULL)
    {
      go_back (callback, "access_denied");
      return TRUE;
    }
  g_autofree char *redirect_uri = make_redirect_uri (http);
  pk_oidc_provider_exchange_async (http->oidc->provider,
                                   code,
                                   pending->verifier,
                                   redirect_uri,
                                   exchanged_cb,
                                   callback);
  return TRUE;
}

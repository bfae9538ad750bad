/*
 * The relying party: code with PKCE, state and nonce. What was begun is kept in the store for ten minutes under the hash of a
 * cookie, so that a sign-in ends in the browser in which it began, whichever process answers there. State, nonce and verifier are
 * made of the cookie, which only the browser keeps: whoever reads the store can end no sign-in.
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

#define COOKIE "pakobla_sign_in"

struct _PkOidc
{
  PkOidcProvider *provider; /* (owned) */
  PkClock *clock;           /* (owned) */
};

/* A sign-in that is being begun. */
typedef struct
{
  PkOauthRequest *sign_in; /* (owned) */
  char *authorize_url;     /* (owned): the provider's */
} Start;

/* A callback that is being answered. */
typedef struct
{
  PkOauthRequest *sign_in; /* (owned) (nullable) */
  char *secret;            /* (owned) (nullable): of the cookie */
  char *id_token;          /* (owned) (nullable) */
  gboolean is_renewed;
  PkIdToken *who; /* (owned) (nullable) */
} Callback;

static void
free_start (gpointer data)
{
  Start *self = data;

  pk_oauth_request_free (self->sign_in);
  g_free (self->authorize_url);
  g_free (self);
}

static void
free_callback (gpointer data)
{
  Callback *self = data;

  g_clear_pointer (&self->sign_in, pk_oauth_request_free);
  g_free (self->secret);
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
  g_free (self);
}

static char *
make_redirect_uri (PkHttp *http)
{
  return g_strconcat (http->public_url, "/oauth/callback", NULL);
}

/* "state", "nonce" and "verifier" (RFC 7636: 43 to 128 unreserved characters) of a sign-in. */
static char *
derive (const char *secret, const char *what)
{
  g_autofree char *text = g_strconcat (what, " ", secret, NULL);

  return pk_token_hash (text);
}

static char *
make_authorize_url (PkHttp *http, const char *authorize_url, const char *secret)
{
  g_autofree char *redirect_uri = make_redirect_uri (http);
  g_autofree char *state = derive (secret, "state");
  g_autofree char *nonce = derive (secret, "nonce");
  g_autofree char *verifier = derive (secret, "verifier");
  g_autofree char *challenge = pk_challenge_make (verifier);
  g_autofree char *query = soup_form_encode ("response_type",
                                             "code",
                                             "client_id",
                                             pk_oidc_provider_get_client_id (http->oidc->provider),
                                             "redirect_uri",
                                             redirect_uri,
                                             "scope",
                                             "openid profile email",
                                             "state",
                                             state,
                                             "nonce",
                                             nonce,
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

/* On the writing thread: keeps what the device asks for, and sends the browser on. */
static gboolean
begin (PkExchange *exchange, GError **error)
{
  PkHttp *http = pk_exchange_get_http (exchange);
  const Start *start = pk_exchange_get_state (exchange);
  g_autofree char *data = pk_oauth_request_to_text (start->sign_in);
  g_autofree char *secret =
      pk_service_make_sign_in (pk_exchange_get_service (exchange), data, error);

  if (secret == NULL)
    return FALSE;
  g_autofree char *url = make_authorize_url (http, start->authorize_url, secret);
  set_cookie (exchange, secret, PK_TOKEN_SIGN_IN_SECONDS);
  pk_exchange_reply_redirect (exchange, url);
  return TRUE;
}

static void
begin_discovered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  const PkOidcEndpoints *endpoints =
      pk_oidc_provider_discover_finish (PK_OIDC_PROVIDER (source), result, &error);
  g_autoptr (PkOauthRequest) sign_in =
      endpoints ? pk_oauth_request_new (pk_exchange_get_queries (exchange), &error) : NULL;

  if (sign_in == NULL)
    {
      pk_exchange_fail (exchange, error);
      pk_exchange_finish (exchange);
      return;
    }
  Start *start = g_new0 (Start, 1);
  start->sign_in = g_steal_pointer (&sign_in);
  start->authorize_url = g_strdup (endpoints->authorize_url);
  pk_exchange_set_state (exchange, start, free_start);
  pk_http_continue (exchange, PK_RUN_WRITER, begin);
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

static void
go_back (PkExchange *exchange, const char *fault)
{
  const Callback *callback = pk_exchange_get_state (exchange);
  g_autofree char *url = pk_oauth_request_make_redirect (callback->sign_in, NULL, fault);

  pk_exchange_reply_redirect (exchange, url);
  pk_exchange_finish (exchange);
}

static void
refuse (PkExchange *exchange, const GError *error)
{
  g_message ("A sign-in was refused: %s", error->message);
  go_back (exchange, "access_denied");
}

/* On the writing thread: the person's code for the device. */
static gboolean
welcome (PkExchange *exchange, GError **error)
{
  const Callback *callback = pk_exchange_get_state (exchange);
  g_autoptr (GError) local = NULL;
  g_autoptr (PkRecord) person = pk_service_find_person_by (pk_exchange_get_service (exchange),
                                                           callback->who->email,
                                                           callback->who->number,
                                                           &local);

  if (person != NULL)
    return pk_oauth_welcome (exchange, callback->sign_in, pk_record_get_id (person), error);
  if (local != NULL && !g_error_matches (local, PK_PROBLEM_ERROR, PK_PROBLEM_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  g_autofree char *url = pk_oauth_request_make_redirect (callback->sign_in, NULL, "access_denied");
  pk_exchange_reply_redirect (exchange, url);
  return TRUE;
}

static void got_keys_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
check_token (PkExchange *exchange, const char *keys)
{
  PkOidc *oidc = pk_exchange_get_http (exchange)->oidc;
  Callback *callback = pk_exchange_get_state (exchange);
  g_autofree char *nonce = derive (callback->secret, "nonce");
  PkIdTokenCheck check = { .issuer = pk_oidc_provider_get_issuer (oidc->provider),
                           .audience = pk_oidc_provider_get_client_id (oidc->provider),
                           .nonce = nonce,
                           .now_s = pk_clock_now_us (oidc->clock) / G_USEC_PER_SEC };
  gboolean is_key_unknown = FALSE;
  g_autoptr (GError) error = NULL;

  callback->who = pk_id_token_read (callback->id_token, keys, &check, &is_key_unknown, &error);
  if (callback->who != NULL)
    {
      pk_http_continue (exchange, PK_RUN_WRITER, welcome);
      return;
    }
  if (!is_key_unknown || callback->is_renewed)
    {
      refuse (exchange, error);
      return;
    }
  callback->is_renewed = TRUE;
  pk_oidc_provider_get_keys_async (oidc->provider, TRUE, got_keys_cb, pk_exchange_ref (exchange));
}

static void
got_keys_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkExchange) exchange = user_data;
  g_autoptr (GError) error = NULL;
  const char *keys = pk_oidc_provider_get_keys_finish (PK_OIDC_PROVIDER (source), result, &error);

  if (keys == NULL)
    refuse (exchange, error);
  else
    check_token (exchange, keys);
}

static void
exchanged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkExchange) exchange = user_data;
  Callback *callback = pk_exchange_get_state (exchange);
  PkOidcProvider *provider = PK_OIDC_PROVIDER (source);
  g_autoptr (GError) error = NULL;

  callback->id_token = pk_oidc_provider_exchange_finish (provider, result, &error);
  if (callback->id_token == NULL)
    refuse (exchange, error);
  else
    pk_oidc_provider_get_keys_async (provider, FALSE, got_keys_cb, pk_exchange_ref (exchange));
}

static void
exchange_code (PkExchange *exchange, PkOidcProvider *provider, const char *code)
{
  const Callback *callback = pk_exchange_get_state (exchange);
  g_autofree char *verifier = derive (callback->secret, "verifier");
  g_autofree char *redirect_uri = make_redirect_uri (pk_exchange_get_http (exchange));

  pk_oidc_provider_exchange_async (provider,
                                   code,
                                   verifier,
                                   redirect_uri,
                                   exchanged_cb,
                                   pk_exchange_ref (exchange));
}

/* Another process may have sent the browser there: then this one has not spoken to the provider yet. */
static void
callback_discovered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkExchange) exchange = user_data;
  PkOidcProvider *provider = PK_OIDC_PROVIDER (source);
  g_autoptr (GError) error = NULL;

  if (pk_oidc_provider_discover_finish (provider, result, &error) == NULL)
    refuse (exchange, error);
  else
    exchange_code (exchange, provider, pk_exchange_get_query (exchange, "code"));
}

/* On the main thread, once what was begun is found: asks the provider who it was. */
static void
ask_provider (PkExchange *exchange)
{
  set_cookie (exchange, "", 0);
  if (pk_exchange_get_query (exchange, "code") == NULL)
    go_back (exchange, "access_denied");
  else
    pk_oidc_provider_discover_async (pk_exchange_get_http (exchange)->oidc->provider,
                                     callback_discovered_cb,
                                     pk_exchange_ref (exchange));
}

/* On the writing thread: takes what was begun in this browser; it can be taken once. */
static gboolean
take_begun (PkExchange *exchange, GError **error)
{
  Callback *callback = pk_exchange_get_state (exchange);
  g_autofree char *data =
      pk_service_take_sign_in (pk_exchange_get_service (exchange), callback->secret, error);
  g_autofree char *state = data != NULL ? derive (callback->secret, "state") : NULL;

  if (data == NULL)
    return FALSE;
  if (g_strcmp0 (pk_exchange_get_query (exchange, "state"), state) != 0)
    {
      pk_problem_set (error, PK_PROBLEM_UNAUTHORIZED, NULL, "The sign-in is another one");
      return FALSE;
    }
  g_clear_pointer (&callback->sign_in, pk_oauth_request_free);
  callback->sign_in = pk_oauth_request_from_text (data, error);
  exchange->then = callback->sign_in != NULL ? ask_provider : NULL;
  return callback->sign_in != NULL;
}

/**
 * pk_oidc_get_callback:
 *
 * The browser came back from the provider: finds out who it is, and sends it on to the device with a code, or with a fault.
 */
gboolean
pk_oidc_get_callback (PkExchange *exchange, GError **error)
{
  if (pk_exchange_get_http (exchange)->oidc == NULL)
    {
      pk_problem_set (error, PK_PROBLEM_NOT_FOUND, NULL, "No resource has this path");
      return FALSE;
    }
  Callback *callback = g_new0 (Callback, 1);
  callback->secret = dup_cookie (exchange);
  pk_exchange_set_state (exchange, callback, free_callback);
  pk_http_continue (exchange, PK_RUN_WRITER, take_begun);
  return TRUE;
}

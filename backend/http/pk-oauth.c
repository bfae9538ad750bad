/*
 * The authorization server for our own devices (RFC 6749 with PKCE, loopback redirects of RFC 8252, metadata of RFC 8414). Who
 * the person is, is told by the OpenID provider (pk-oidc.h) or, in the demo, picked from a list (pk-door.h).
 */
#include "config.h"

#include "pk-oauth.h"

#include "pk-door.h"
#include "pk-exchange-private.h"
#include "pk-http-private.h"
#include "pk-oauth-request.h"
#include "pk-oidc.h"
#include "pk-problem.h"

/**
 * pk_oauth_get_authorize:
 *
 * Sends the browser on to where the person signs in. A faulty request is not redirected: its redirect may be the fault.
 */
gboolean
pk_oauth_get_authorize (PkExchange *exchange, GError **error)
{
  PkHttp *http = pk_exchange_get_http (exchange);
  g_autoptr (PkOauthRequest)
      sign_in = pk_oauth_request_new (pk_exchange_get_queries (exchange), error);

  if (sign_in == NULL)
    return FALSE;
  if (http->is_demo)
    {
      gboolean is_picked = pk_exchange_get_query (exchange, "demo_person") != NULL;
      pk_http_continue (exchange, PK_RUN_WRITER, is_picked ? pk_door_pick : pk_door_get_page);
      return TRUE;
    }
  if (http->oidc != NULL)
    return pk_oidc_begin (http->oidc, exchange);
  pk_problem_set (error, PK_PROBLEM_BUSY, NULL, "No OpenID provider is set up");
  return FALSE;
}

static void
append_text (GString *out, const char *name, const char *value)
{
  pk_json_append_name (out, name);
  pk_json_append_text (out, value);
}

static void
remember_tokens (PkExchange *exchange)
{
  const PkTokenPair *tokens = pk_exchange_get_state (exchange);
  g_autofree char *hash = pk_token_hash (tokens->access);
  PkKnownToken known = { .person = tokens->person,
                         .device = tokens->device,
                         .family = tokens->family,
                         .expires_us = tokens->expires_us };

  pk_known_tokens_add (pk_exchange_get_http (exchange)->tokens, hash, &known);
}

static void
free_tokens (gpointer tokens)
{
  pk_token_pair_free (tokens);
}

/**
 * pk_oauth_welcome:
 * @person: who has signed in
 *
 * Sends the browser back to the device with a code. On the writing thread.
 */
gboolean
pk_oauth_welcome (PkExchange *exchange,
                  const PkOauthRequest *sign_in,
                  const PkId *person,
                  GError **error)
{
  g_autofree char *data = pk_oauth_request_to_text (sign_in);
  g_autofree char *code =
      pk_service_make_code (pk_exchange_get_service (exchange), person, data, error);

  if (code == NULL)
    return FALSE;
  g_autofree char *url = pk_oauth_request_make_redirect (sign_in, code, NULL);
  pk_exchange_reply_redirect (exchange, url);
  return TRUE;
}

/**
 * pk_oauth_reply_tokens:
 * @tokens: (transfer full)
 *
 * Answers with what a device gets.
 */
void
pk_oauth_reply_tokens (PkExchange *exchange, PkTokenPair *tokens)
{
  GString *out = g_string_new ("{");

  append_text (out, "access_token", tokens->access);
  append_text (out, "token_type", "Bearer");
  pk_json_append_name (out, "expires_in");
  g_string_append_printf (out, "%d", PK_TOKEN_ACCESS_SECONDS);
  append_text (out, "refresh_token", tokens->refresh);
  pk_json_append_name (out, "person");
  pk_json_append_id (out, &tokens->person);
  pk_json_append_name (out, "device");
  pk_json_append_id (out, &tokens->device);
  append_text (out, "name", tokens->name);
  g_string_append_c (out, '}');
  pk_exchange_reply_json (exchange, 200, out);
  pk_exchange_set_state (exchange, tokens, free_tokens);
  exchange->then = remember_tokens;
}

/* OAuth has its own form of errors (RFC 6749, 5.2). */
static void
reply_fault (PkExchange *exchange, const char *fault, const char *detail)
{
  GString *out = g_string_new ("{");

  append_text (out, "error", fault);
  append_text (out, "error_description", detail);
  g_string_append_c (out, '}');
  pk_exchange_reply_json (exchange, 400, out);
}

static PkTokenPair *
take_code (PkExchange *exchange, PkId *family, GError **error)
{
  PkService *service = pk_exchange_get_service (exchange);
  PkId person;
  g_autofree char *data = pk_service_take_code (service,
                                                pk_exchange_get_form (exchange, "code"),
                                                &person,
                                                family,
                                                error);
  g_autoptr (PkOauthRequest) sign_in = data != NULL ? pk_oauth_request_from_text (data, error)
                                                    : NULL;

  if (sign_in == NULL)
    return NULL;
  if (!pk_oauth_request_verify (sign_in,
                                pk_exchange_get_form (exchange, "redirect_uri"),
                                pk_exchange_get_form (exchange, "code_verifier")))
    {
      pk_problem_set (error, PK_PROBLEM_UNAUTHORIZED, NULL, "The code belongs to another sign-in");
      return NULL;
    }
  return pk_service_make_tokens (service,
                                 family,
                                 &person,
                                 &sign_in->device,
                                 sign_in->device_name,
                                 error);
}

static PkTokenPair *
take_grant (PkExchange *exchange, const char *grant, PkId *family, GError **error)
{
  if (g_str_equal (grant, "authorization_code"))
    return take_code (exchange, family, error);
  return pk_service_refresh_tokens (pk_exchange_get_service (exchange),
                                    pk_exchange_get_form (exchange, "refresh_token"),
                                    family,
                                    error);
}

static void
forget_family (PkExchange *exchange)
{
  pk_known_tokens_forget (pk_exchange_get_http (exchange)->tokens,
                          pk_exchange_get_state (exchange));
}

static void
forget (PkExchange *exchange, const PkId *family)
{
  pk_exchange_set_state (exchange, g_memdup2 (family, sizeof *family), g_free);
  exchange->then = forget_family;
}

/**
 * pk_oauth_post_token:
 *
 * Exchanges a code or a refresh token for a pair of tokens. On the writing thread.
 */
gboolean
pk_oauth_post_token (PkExchange *exchange, GError **error)
{
  const char *grant = pk_exchange_get_form (exchange, "grant_type");
  g_autoptr (GError) local = NULL;
  PkId family;

  if (grant == NULL ||
      (!g_str_equal (grant, "authorization_code") && !g_str_equal (grant, "refresh_token")))
    {
      reply_fault (exchange, "unsupported_grant_type", "A code or a refresh token is taken");
      return TRUE;
    }
  PkTokenPair *tokens = take_grant (exchange, grant, &family, &local);
  if (tokens != NULL)
    {
      pk_oauth_reply_tokens (exchange, tokens);
      return TRUE;
    }
  if (pk_problem_get_code (local) != PK_PROBLEM_UNAUTHORIZED)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  forget (exchange, &family);
  reply_fault (exchange, "invalid_grant", local->message);
  return TRUE;
}

/**
 * pk_oauth_post_revoke:
 *
 * Ends the sign-in that a token belongs to (RFC 7009). On the writing thread.
 */
gboolean
pk_oauth_post_revoke (PkExchange *exchange, GError **error)
{
  const char *token = pk_exchange_get_form (exchange, "token");
  PkId family;

  if (token == NULL)
    {
      reply_fault (exchange, "invalid_request", "A token is needed");
      return TRUE;
    }
  if (!pk_service_revoke_tokens (pk_exchange_get_service (exchange), token, &family, error))
    return FALSE;
  forget (exchange, &family);
  pk_exchange_reply_empty (exchange, 200);
  return TRUE;
}

static void
append_url (GString *out, const char *name, const char *base, const char *path)
{
  g_autofree char *url = g_strconcat (base, path, NULL);

  append_text (out, name, url);
}

/**
 * pk_oauth_get_metadata:
 *
 * Says what is offered (RFC 8414).
 */
gboolean
pk_oauth_get_metadata (PkExchange *exchange, GError **error G_GNUC_UNUSED)
{
  const char *base = pk_exchange_get_http (exchange)->public_url;
  GString *out = g_string_new ("{");

  append_text (out, "issuer", base);
  append_url (out, "authorization_endpoint", base, "/oauth/authorize");
  append_url (out, "token_endpoint", base, "/oauth/token");
  append_url (out, "revocation_endpoint", base, "/oauth/revoke");
  g_string_append (out,
                   ",\"response_types_supported\":[\"code\"],"
                   "\"grant_types_supported\":[\"authorization_code\",\"refresh_token\"],"
                   "\"code_challenge_methods_supported\":[\"S256\"],"
                   "\"token_endpoint_auth_methods_supported\":[\"none\"],"
                   "\"revocation_endpoint_auth_methods_supported\":[\"none\"]}");
  pk_exchange_reply_json (exchange, 200, out);
  return TRUE;
}

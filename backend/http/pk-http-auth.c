/*
 * Who asks: the bearer token of a request. Found in memory as a rule; else asked for in the store, on a reading thread, before
 * the body of the request is let in.
 */
#include "config.h"

#include "pk-http-private.h"

#include "pk-exchange-private.h"
#include "pk-problem.h"
#include "pk-service-tokens.h"

#include <string.h>

static const char *
get_bearer (PkExchange *self)
{
  const char *value = pk_exchange_get_header (self, "Authorization");

  if (value == NULL || g_ascii_strncasecmp (value, "Bearer ", 7) != 0)
    return NULL;
  return strlen (value) <= 7 + 128 ? value + 7 : NULL;
}

/**
 * pk_http_asks_for_person:
 *
 * Returns: whether the route needs a bearer token
 */
gboolean
pk_http_asks_for_person (const PkRoute *route)
{
  return route->auth == PK_AUTH_PERSON || route->auth == PK_AUTH_REVOKED;
}

/**
 * pk_http_recognize:
 * @is_known_out: (out): whether person and device are set; where not, pk_http_look_up_token() has to be asked
 *
 * Errors: %PK_PROBLEM_UNAUTHORIZED
 */
gboolean
pk_http_recognize (PkExchange *self, gboolean *is_known_out, GError **error)
{
  const char *token = get_bearer (self);

  if (token == NULL)
    {
      pk_problem_set (error, PK_PROBLEM_UNAUTHORIZED, NULL, "An access token is needed");
      return FALSE;
    }
  self->token_hash = pk_token_hash (token);
  const PkKnownToken *known = pk_known_tokens_find (self->http->tokens, self->token_hash);
  *is_known_out = known != NULL;
  if (known == NULL)
    return TRUE;
  self->person = known->person;
  self->device = known->device;
  self->family = known->family;
  return TRUE;
}

/**
 * pk_http_look_up_token:
 *
 * Finds person and device in the store. On a reading thread.
 *
 * Errors: %PK_PROBLEM_UNAUTHORIZED, %PK_PROBLEM_DEVICE_REVOKED
 */
gboolean
pk_http_look_up_token (PkExchange *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  PkTokenAccess access;

  if (!pk_service_find_access (self->service, self->token_hash, &access, &local))
    {
      gboolean is_let_in = self->route->auth == PK_AUTH_REVOKED &&
                           g_error_matches (local, PK_PROBLEM_ERROR, PK_PROBLEM_DEVICE_REVOKED);
      if (!is_let_in)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      access.expires_us = 0; /* not remembered: other doors are shut */
    }
  self->person = access.person;
  self->device = access.device;
  self->family = access.family;
  self->token_expires_us = access.expires_us;
  return TRUE;
}

/**
 * pk_http_remember_token:
 *
 * Keeps what pk_http_look_up_token() found. On the main thread.
 */
void
pk_http_remember_token (PkExchange *self)
{
  PkKnownToken token = { .person = self->person,
                         .device = self->device,
                         .family = self->family,
                         .expires_us = self->token_expires_us };

  if (self->token_expires_us != 0)
    pk_known_tokens_add (self->http->tokens, self->token_hash, &token);
}

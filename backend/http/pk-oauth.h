#pragma once

#include "pk-exchange.h"
#include "pk-oauth-tokens.h"

G_BEGIN_DECLS

/* The authorization server for our own devices: what the routes under /oauth/ do. */
gboolean pk_oauth_get_authorize (PkExchange *exchange, GError **error);
gboolean pk_oauth_post_token (PkExchange *exchange, GError **error);
gboolean pk_oauth_post_revoke (PkExchange *exchange, GError **error);
gboolean pk_oauth_get_metadata (PkExchange *exchange, GError **error);

void pk_oauth_reply_tokens (PkExchange *exchange, PkOauthTokens *tokens);

G_END_DECLS

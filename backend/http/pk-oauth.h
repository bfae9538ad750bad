#pragma once

#include "pk-exchange.h"
#include "pk-oauth-request.h"
#include "pk-service-tokens.h"

G_BEGIN_DECLS

/* The authorization server for our own devices: what the routes under /oauth/ do. */
gboolean pk_oauth_get_authorize (PkExchange *exchange, GError **error);
gboolean pk_oauth_post_token (PkExchange *exchange, GError **error);
gboolean pk_oauth_post_revoke (PkExchange *exchange, GError **error);
gboolean pk_oauth_get_metadata (PkExchange *exchange, GError **error);

gboolean pk_oauth_welcome (PkExchange *exchange,
                           const PkOauthRequest *sign_in,
                           const PkId *person,
                           GError **error);
void pk_oauth_reply_tokens (PkExchange *exchange, PkTokenPair *tokens);

G_END_DECLS

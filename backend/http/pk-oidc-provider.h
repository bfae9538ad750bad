#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a provider says of itself (OpenID Connect Discovery), its keys, and its token endpoint. Main thread. */
#define PK_TYPE_OIDC_PROVIDER (pk_oidc_provider_get_type ())
G_DECLARE_FINAL_TYPE (PkOidcProvider, pk_oidc_provider, PK, OIDC_PROVIDER, GObject)

typedef struct
{
  char *authorize_url; /* (owned) */
  char *token_url;     /* (owned) */
  char *keys_url;      /* (owned) */
} PkOidcEndpoints;

PkOidcProvider *
pk_oidc_provider_new (const char *issuer, const char *client_id, const char *client_secret);
const char *pk_oidc_provider_get_issuer (PkOidcProvider *self);
const char *pk_oidc_provider_get_client_id (PkOidcProvider *self);
void pk_oidc_provider_discover_async (PkOidcProvider *self,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
const PkOidcEndpoints *
pk_oidc_provider_discover_finish (PkOidcProvider *self, GAsyncResult *result, GError **error);
void pk_oidc_provider_exchange_async (PkOidcProvider *self,
                                      const char *code,
                                      const char *verifier,
                                      const char *redirect_uri,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
char *pk_oidc_provider_exchange_finish (PkOidcProvider *self, GAsyncResult *result, GError **error);
void pk_oidc_provider_get_keys_async (PkOidcProvider *self,
                                      gboolean is_renewed,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
const char *
pk_oidc_provider_get_keys_finish (PkOidcProvider *self, GAsyncResult *result, GError **error);

G_END_DECLS

#pragma once

#include "pk-clock.h"
#include "pk-exchange.h"

G_BEGIN_DECLS

/* The relying party of an OpenID provider: sends people there, and finds out who came back. Main thread. */
typedef struct _PkOidc PkOidc;

PkOidc *
pk_oidc_new (const char *issuer, const char *client_id, const char *client_secret, PkClock *clock);
void pk_oidc_free (PkOidc *self);
gboolean pk_oidc_begin (PkOidc *self, PkExchange *exchange);
gboolean pk_oidc_get_callback (PkExchange *exchange, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkOidc, pk_oidc_free)

G_END_DECLS

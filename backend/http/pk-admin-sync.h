#pragma once

#include "pk-exchange.h"

G_BEGIN_DECLS

/* How it stands with sync, for operators: each device by itself, the quarantine, the policies. */
gboolean pk_admin_get_sync (PkExchange *exchange, GError **error);
gboolean pk_admin_get_quarantine (PkExchange *exchange, GError **error);
gboolean pk_admin_get_policy (PkExchange *exchange, GError **error);
gboolean pk_admin_post_policy (PkExchange *exchange, GError **error);

G_END_DECLS

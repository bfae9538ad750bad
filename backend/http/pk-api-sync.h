#pragma once

#include "pk-exchange.h"

G_BEGIN_DECLS

/* The routes under /api/sync/ but for the events. */
gboolean pk_api_sync_push (PkExchange *exchange, GError **error);
gboolean pk_api_sync_pull (PkExchange *exchange, GError **error);
gboolean pk_api_sync_get_snapshot (PkExchange *exchange, GError **error);
gboolean pk_api_sync_get_quarantine (PkExchange *exchange, GError **error);

G_END_DECLS

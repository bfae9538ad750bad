#pragma once

#include "pk-exchange.h"

G_BEGIN_DECLS

/* GET /metrics: OpenMetrics text about the server and its devices, without a word about any person. */
gboolean pk_metrics_get (PkExchange *exchange, GError **error);

G_END_DECLS

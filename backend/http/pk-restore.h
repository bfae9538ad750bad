#pragma once

#include "pk-exchange.h"

G_BEGIN_DECLS

/* Back to a backup, in the running server. The route's handler; everything else follows from it. */
gboolean pk_restore_post (PkExchange *exchange, GError **error);

G_END_DECLS

#pragma once

#include "pk-exchange.h"

G_BEGIN_DECLS

/* What an operator on the machine may ask for, over DIR/admin.sock: whoever can open the socket is the operator. */
const PkRoute *pk_admin_get_routes (guint *n_out);
gboolean pk_admin_listen (PkHttp *http, GError **error);

G_END_DECLS

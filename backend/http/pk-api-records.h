#pragma once

#include "pk-exchange.h"

G_BEGIN_DECLS

/* The JSON API: the same for every entity of the model. */
gboolean pk_api_list (PkExchange *exchange, GError **error);
gboolean pk_api_get (PkExchange *exchange, GError **error);
gboolean pk_api_create (PkExchange *exchange, GError **error);
gboolean pk_api_patch (PkExchange *exchange, GError **error);
gboolean pk_api_delete (PkExchange *exchange, GError **error);
gboolean pk_api_command (PkExchange *exchange, GError **error);

G_END_DECLS

#pragma once

#include "pk-exchange.h"

G_BEGIN_DECLS

/* The demo's door: a person is picked, nobody signs in. Only offered with --demo, which listens on loopback only. */
gboolean pk_door_get_page (PkExchange *exchange, GError **error);
gboolean pk_door_get_style (PkExchange *exchange, GError **error);
gboolean pk_door_pick (PkExchange *exchange, GError **error);
gboolean pk_door_get_persons (PkExchange *exchange, GError **error);
gboolean pk_door_post_sign_in (PkExchange *exchange, GError **error);

G_END_DECLS

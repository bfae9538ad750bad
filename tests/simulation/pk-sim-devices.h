#pragma once

#include "pk-sim-client.h"

G_BEGIN_DECLS

/* What the municipality decides about devices: which it revokes, what becomes of refused work, and for how long one may be away. */
void pk_sim_devices_prepare (PkSimWorld *world);
void pk_sim_devices_revoke (PkSimWorld *world, PkSimChance *chance);
gboolean pk_sim_devices_is_revoked (PkSimWorld *world, PkSimClient *client);
gboolean pk_sim_devices_is_quiet (PkSimClient *client);
void pk_sim_devices_sign_in_where_asked (PkSimWorld *world);

G_END_DECLS

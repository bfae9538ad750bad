#pragma once

#include "pk-sim-server.h"

G_BEGIN_DECLS

/* What the server says to a request. */
PkSimAnswer *pk_sim_door_let_in (PkSimServer *self, const PkSimRequest *request);
PkSimAnswer *pk_sim_door_fail (const GError *error, const char *name, const char *value);

G_END_DECLS

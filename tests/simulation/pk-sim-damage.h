#pragma once

#include "pk-sim-client.h"
#include "pk-sim-server.h"

G_BEGIN_DECLS

/* Replicas that are not what they should be, and their repair. */
void pk_sim_damage_client (PkSimWorld *world, PkSimChance *chance);
void pk_sim_damage_make_news (PkSimWorld *world);

G_END_DECLS

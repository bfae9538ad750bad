#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Files and randomness of the shipped objects, led to the simulation by the linker; see pk-sim-wrap.c. */
void pk_sim_wrap_seed (guint64 seed);

G_END_DECLS

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Chance from a seed: splitmix64. The same seed gives the same history on every machine. */
typedef struct
{
  guint64 state;
} PkSimChance;

void pk_sim_chance_seed (PkSimChance *self, guint64 seed);
guint64 pk_sim_chance_draw (PkSimChance *self);
guint pk_sim_chance_below (PkSimChance *self, guint n);
gboolean pk_sim_chance_toss (PkSimChance *self, double probability);

G_END_DECLS

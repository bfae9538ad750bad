/* See the header. */
#include "config.h"

#include "pk-sim-chance.h"

#define STRIDE G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

static guint64
mix (guint64 z)
{
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/**
 * pk_sim_chance_seed:
 *
 * Begins a sequence. Those of neighbouring seeds have nothing in common: were they one sequence at different places, what one draws as a
 * secret the other would draw again.
 */
void
pk_sim_chance_seed (PkSimChance *self, guint64 seed)
{
  self->state = mix (mix (seed + STRIDE) ^ seed);
}

/**
 * pk_sim_chance_draw:
 *
 * Returns: 64 random bits
 */
guint64
pk_sim_chance_draw (PkSimChance *self)
{
  self->state += STRIDE;
  return mix (self->state);
}

/**
 * pk_sim_chance_below:
 * @n: 0 gives 0
 *
 * Returns: a number from 0 to @n - 1
 */
guint
pk_sim_chance_below (PkSimChance *self, guint n)
{
  guint64 drawn = pk_sim_chance_draw (self);

  return n == 0 ? 0 : (guint) (drawn % n);
}

/**
 * pk_sim_chance_toss:
 *
 * Returns: %TRUE with @probability
 */
gboolean
pk_sim_chance_toss (PkSimChance *self, double probability)
{
  return (double) (pk_sim_chance_draw (self) >> 11) * 0x1.0p-53 < probability;
}

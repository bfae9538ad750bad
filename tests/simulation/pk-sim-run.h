#pragma once

#include "pk-sim-town.h"

G_BEGIN_DECLS

/* What became of one schedule. */
typedef struct
{
  char *failure; /* (owned) (nullable) */
  guint64 digest;
  guint n_steps;
  guint n_choices;
  guint n_acts;
  gint64 calm_us; /* how long it took until all was quiet */
} PkSimResult;

void pk_sim_run (PkSimTown *town, const PkSimWish *wish, PkSimResult *result);
void pk_sim_result_clear (PkSimResult *self);

G_END_DECLS

#pragma once

#include "pk-sim-run.h"

G_BEGIN_DECLS

/* Many schedules in several processes, and one of them made small. A process that dies counts as a schedule that failed. */
typedef struct
{
  gint64 from;
  gint64 count;
  guint n_jobs;
  gboolean is_twice;   /* each is run again, and must go as it went */
  guint n_most_failed; /* it ends when so many have failed; 0: never */
} PkSimRange;

typedef struct
{
  gint64 n_done;
  gint64 n_failed;
  gint64 first_failed; /* seed; 0: none */
  double seconds;
} PkSimTally;

void pk_sim_run_many (PkSimTown *town, const PkSimRange *range, PkSimTally *tally);
void pk_sim_shrink (PkSimTown *town, PkSimWish *wish);

G_END_DECLS

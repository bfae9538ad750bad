#pragma once

#include "pk-service.h"

G_BEGIN_DECLS

/*
 * The municipality that benchmarks work on: the demo's people and buildings with any number of tasks, all of them visible to
 * one person, who leads the whole. Made once per size and kept in the benchmark's folder; each run works on a copy.
 */
typedef struct
{
  char *dir; /* (owned): the server's data, a copy of its own */
  PkId person;
  guint n_tasks;
} PkBenchTown;

PkBenchTown *pk_bench_town_open (guint n_tasks, GError **error);
void pk_bench_town_free (PkBenchTown *self);
gboolean pk_bench_town_touch (PkBenchTown *self,
                              PkService *service,
                              guint n_tasks,
                              const char *mark,
                              GError **error);
gboolean pk_bench_town_assign (PkBenchTown *self, guint n_tasks, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkBenchTown, pk_bench_town_free)

G_END_DECLS

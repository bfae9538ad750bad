#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Figures of a benchmark: each is a median of several runs, said beside a reference that was measured in the same run of the
 * program, so that a noisy machine moves both. They are printed as a table and kept in build/bench/results.json (the folder is
 * PK_BENCH_DIR) as an array of {name, value, unit, reference, ratio}; a figure of the same name is replaced.
 */
typedef struct _PkBench PkBench;

PkBench *pk_bench_new (const char *title);
void pk_bench_free (PkBench *self);
void pk_bench_report (PkBench *self,
                      const char *name,
                      double value,
                      const char *unit,
                      double reference,
                      const char *beside);
gboolean pk_bench_finish (PkBench *self);

double pk_bench_median (double *values, guint n);
double pk_bench_get_memory_mb (int pid);
double pk_bench_get_own_memory_mb (int pid);
double pk_bench_get_file_mb (const char *path);
gint64 pk_bench_get_size (const char *name, gint64 otherwise);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkBench, pk_bench_free)

G_END_DECLS

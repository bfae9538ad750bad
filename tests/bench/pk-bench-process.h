#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A program that is measured. Every wait for it is bounded, ends as soon as the program does, and says what was waited for beside the
 * program's last words; then the benchmark ends. The program ends with the benchmark, however that ends, and holds none of its pipes.
 */
typedef struct _PkBenchProcess PkBenchProcess;

/* Of a program's environment. */
typedef struct
{
  const char *name;
  const char *value; /* (nullable): NULL takes the name away */
} PkBenchVariable;

PkBenchProcess *pk_bench_process_start (const char *const *command,
                                        const PkBenchVariable *environment,
                                        const char *log);
void pk_bench_process_stop (PkBenchProcess *self);
int pk_bench_process_get_pid (PkBenchProcess *self);
void pk_bench_process_wait_for_file (PkBenchProcess *self, const char *path);
char *pk_bench_process_wait_for_words (PkBenchProcess *self, const char *pattern);

void pk_bench_wait (gboolean (*is_done) (gpointer data), gpointer data, const char *what);

G_END_DECLS

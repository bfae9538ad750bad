#pragma once

#include "pk-bench-process.h"

G_BEGIN_DECLS

/* A real pakoblad (PK_BENCH_SERVER) on a port of its own. */
typedef struct
{
  PkBenchProcess *process;
  char *address;
} PkBenchServer;

void pk_bench_server_start (PkBenchServer *self, const char *dir);
void pk_bench_server_stop (PkBenchServer *self);

G_END_DECLS

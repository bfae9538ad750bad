#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A real pakoblad (PK_BENCH_SERVER) on a port of its own. */
typedef struct
{
  GSubprocess *process;
  char *address;
} PkBenchServer;

void pk_bench_server_start (PkBenchServer *self, const char *dir);
void pk_bench_server_stop (PkBenchServer *self);

G_END_DECLS

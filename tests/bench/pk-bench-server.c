/* See the header. */
#include "config.h"

#include "pk-bench-server.h"

/**
 * pk_bench_server_start:
 * @dir: its data
 *
 * Starts the server and waits until it listens.
 */
void
pk_bench_server_start (PkBenchServer *self, const char *dir)
{
  const char *const command[] = {
    g_getenv ("PK_BENCH_SERVER"), "--demo", "--data", dir, "--port", "0", NULL,
  };
  g_autofree char *log = g_strconcat (dir, ".log", NULL);

  self->process = pk_bench_process_start (command, NULL, log);
  self->address = pk_bench_process_wait_for_words (self->process, "^listening on (.*)\n");
}

/**
 * pk_bench_server_stop:
 *
 * Lets it end, and forgets it.
 */
void
pk_bench_server_stop (PkBenchServer *self)
{
  pk_bench_process_stop (g_steal_pointer (&self->process));
  g_clear_pointer (&self->address, g_free);
}

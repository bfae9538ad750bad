/*
 * Everything at once: one client without a snapshot pulls all rows of a municipality of PK_LOAD_TASKS tasks (100 000). What the
 * server's own memory grows by meanwhile must not depend on how many there are.
 */
#include "config.h"

#include "pk-bench-process.h"
#include "pk-bench-server.h"
#include "pk-bench.h"
#include "pk-load-clients.h"

#include <stdlib.h>

#define LOOK_EVERY_MS 2
#define PATIENCE_US   (300 * G_USEC_PER_SEC)

typedef struct
{
  guint status;
  gsize size;
} Answer;

static void
pulled_cb (const PkLoadAnswer *answer, gpointer data)
{
  *(Answer *) data = (Answer){ answer->status, answer->size };
}

static void
report (PkBench *bench, guint n_tasks, const char *what, double value, const char *unit)
{
  g_autofree char *name = g_strdup_printf ("pull-%s-at-%u", what, n_tasks);

  pk_bench_report (bench, name, value, unit, 0, NULL);
}

static gboolean
pull_all (PkBench *bench, PkBenchTown *town, PkLoadClient *client, PkBenchServer *server)
{
  g_autoptr (PkLoadNet) net = pk_load_net_new (server->address, NULL);
  int pid = pk_bench_process_get_pid (server->process);
  Answer answer = { 0 };
  PkLoadConnection *connection = pk_load_connect (net, pulled_cb, &answer);
  double before = pk_bench_get_own_memory_mb (pid), most = before;
  gint64 began_us = g_get_monotonic_time ();

  pk_load_request (connection,
                   "POST",
                   "/api/sync/pull",
                   client->token,
                   "application/json",
                   client->pull);
  while (answer.status == 0 && g_get_monotonic_time () < began_us + PATIENCE_US)
    {
      pk_load_net_run (net, LOOK_EVERY_MS);
      most = MAX (most, pk_bench_get_own_memory_mb (pid));
    }
  double ms = (double) (g_get_monotonic_time () - began_us) / 1000;
  pk_load_close (connection);
  report (bench, town->n_tasks, "time", ms, "ms");
  report (bench, town->n_tasks, "size", (double) answer.size / (1024 * 1024), "MB");
  report (bench, town->n_tasks, "memory-before", before, "MB");
  report (bench, town->n_tasks, "memory-growth", most - before, "MB");
  return answer.status == 200;
}

int
main (void)
{
  g_autoptr (PkBench) bench = pk_bench_new ("A pull of everything");
  g_autoptr (GError) error = NULL;
  g_autoptr (PkBenchTown)
      town = pk_bench_town_open ((guint) pk_bench_get_size ("PK_LOAD_TASKS", 100000), &error);
  PkBenchServer server;

  g_assert_no_error (error);
  g_autoptr (GPtrArray) clients = pk_load_clients_new_leader (town, &error);
  g_assert_no_error (error);
  pk_bench_server_start (&server, town->dir);
  gboolean is_done = pull_all (bench, town, clients->pdata[0], &server);
  pk_bench_server_stop (&server);
  return pk_bench_finish (bench) && is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}

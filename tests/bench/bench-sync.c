/*
 * W1 to W4 of the sync protocol with the real parts: a server process, and clients of this process that talk to it over loopback
 * as the program does (session, replica, files on disk).
 *
 *   w1-first-sync     a new client, until it is up to date; beside the floor: the same snapshots unpacked, attached, copied, four
 *                     indexes, synced to the disk
 *   reads-during-first-sync  what 99 of 100 pages of rows kept within, read on the main thread until indexes and search are
 *                     complete too; reads-idle is the same when nothing else happens
 *   write-during-upkeep  the longest that an act of a person took while that upkeep was under way
 *   w2-pull-1000      a client that was away while another changed 1 000 tasks
 *   w3-push-1000      1 000 edits made offline, until every verdict is back and kept
 *   w3-own-changes-back  the same, until the pull that follows has brought the changed rows and their history
 *   w4-nothing-new    a session that runs asks once more: one request over a kept connection, no row read
 *   w4-session-start  a client that was away while nothing happened: from the start of a session
 *
 * W2 to W4 are of clients whose upkeep after the first sync (indexes, search) is done: those who are back after a while. With
 * PK_BENCH_CURVE they alone are measured, in towns of PK_BENCH_TASKS tasks, and have the size in their names.
 */
#include "config.h"

#include "pk-bench-client.h"
#include "pk-bench-reads.h"
#include "pk-bench.h"
#include "pk-model-tables.h"
#include "pk-query.h"
#include "pk-sql.h"
#include "pk-table.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

#define RUNS    3
#define EDITS   1000
#define NOTHING 25

#define PAUSE_US    (30 * 1000)
#define MOST_WRITES 200

static void
run (const char *const *command)
{
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL,
                (char **) command,
                NULL,
                G_SPAWN_SEARCH_PATH,
                NULL,
                NULL,
                NULL,
                NULL,
                NULL,
                &error);
  g_assert_no_error (error);
}

static void
sync_file (const char *path)
{
  int fd = g_open (path, O_RDONLY, 0);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fsync (fd), ==, 0);
  close (fd);
}

static void
copy_snapshot (PkSql *sql, const char *packed, const char *plain)
{
  const char *const unpack[] = { "zstd", "-q", "-d", "-f", packed, "-o", plain, NULL };
  g_autoptr (GError) error = NULL;

  run (unpack);
  g_assert_true (pk_sql_attach (sql, plain, "snap", &error));
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      g_autofree char *text = pk_query_copy_table (&pk_model.entities[i], "snap");
      g_assert_true (pk_sql_exec (sql, text, &error));
    }
  g_assert_true (pk_sql_detach (sql, "snap", &error));
}

/* What any program would have to do with the same files: no network, no membership, no checks, no search. */
static double
time_floor (const PkBenchTown *town)
{
  g_autofree char *snapshots = g_build_filename (town->dir, "snapshots", NULL);
  g_autofree char *path = g_strconcat (town->dir, ".floor.db", NULL);
  g_autofree char *plain = g_strconcat (town->dir, ".plain.db", NULL);
  g_autoptr (GError) error = NULL;
  const char *name;

  g_unlink (path);
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (PkSql) sql = pk_sql_open (path, PK_SQL_NO_JOURNAL, &error);
  g_autoptr (PkTables) tables = pk_tables_new (sql);
  g_assert_true (pk_tables_create (tables, "main", &error));
  g_autoptr (GDir) dir = g_dir_open (snapshots, 0, &error);
  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *packed = g_build_filename (snapshots, name, NULL);
      copy_snapshot (sql, packed, plain);
    }
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *text = pk_query_create_index (pk_entity_by_id (PK_ENTITY_TASK), i);
      g_assert_true (pk_sql_exec (sql, text, &error));
    }
  sync_file (path);
  return pk_bench_ms_since (start_us);
}

static void
measure_first_sync (PkBench *bench, const PkBenchServer *server, const PkBenchTown *town)
{
  double floors[RUNS], syncs[RUNS], memory = 0;

  for (guint i = 0; i < RUNS; i++)
    {
      PkBenchClient client = { 0 };
      floors[i] = time_floor (town);
      pk_bench_client_open (&client, server, town, "client");
      syncs[i] = pk_bench_client_time_session (&client);
      memory = pk_bench_get_memory_mb (0);
      pk_bench_client_stop (&client);
      pk_bench_client_close (&client);
    }
  pk_bench_report (bench,
                   "w1-first-sync",
                   pk_bench_median (syncs, RUNS),
                   "ms",
                   pk_bench_median (floors, RUNS),
                   "the floor");
  pk_bench_report (bench, "w1-memory", memory, "MB", 0, NULL);
}

static gboolean
has_waited (gpointer data)
{
  return g_get_monotonic_time () >= *(gint64 *) data;
}

static void
measure_reads (PkBench *bench, const PkBenchServer *server, const PkBenchTown *town)
{
  PkBenchClient client = { 0 };
  PkBenchReads reads;

  pk_bench_client_open (&client, server, town, "client");
  pk_bench_reads_begin (&reads, client.replica);
  pk_bench_client_time_session (&client);
  pk_bench_wait_for (pk_bench_client_is_idle, &client);
  double during = pk_bench_reads_end (&reads);
  pk_bench_reads_begin (&reads, client.replica);
  gint64 until_us = g_get_monotonic_time () + G_USEC_PER_SEC;
  pk_bench_wait_for (has_waited, &until_us);
  double idle = pk_bench_reads_end (&reads);
  pk_bench_client_stop (&client);
  pk_bench_client_close (&client);
  pk_bench_report (bench, "reads-during-first-sync", during, "ms", 16, "the aim, for 99 of 100");
  pk_bench_report (bench, "reads-idle", idle, "ms", 16, "the aim, for 99 of 100");
}

/* What a person does, a little later each time, while indexes and search are made after the first sync. */
static void
measure_writes (PkBench *bench, const PkBenchServer *server, const PkBenchTown *town)
{
  PkBenchClient client = { 0 };
  double longest = 0;
  guint n = 0;

  pk_bench_client_open (&client, server, town, "client");
  pk_bench_client_time_session (&client);
  pk_bench_client_stop (&client);
  while (!pk_bench_client_is_idle (&client) && n < MOST_WRITES)
    {
      g_autofree char *title = g_strdup_printf ("Under vedlikehold %u", n++);
      gint64 until_us = g_get_monotonic_time () + PAUSE_US;
      pk_bench_wait_for (has_waited, &until_us);
      longest = MAX (longest, pk_bench_client_edit_offline (&client, 1, title));
    }
  pk_bench_wait_for (pk_bench_client_is_idle, &client);
  pk_bench_client_close (&client);
  pk_bench_report (bench, "write-during-upkeep", longest, "ms", 50, "the aim, the longest");
}

typedef struct
{
  double pulls[RUNS];
  double pushes[RUNS];
  double returns[RUNS];
  double starts[RUNS];
  double nothing[NOTHING];
} Times;

static void
time_push (PkBenchClient *writer, guint run, Times *times)
{
  g_autofree char *title = g_strdup_printf ("Endret i kjelleren, runde %u", run);

  pk_bench_client_edit_offline (writer, EDITS, title);
  pk_bench_wait_for (pk_bench_client_is_idle, writer);
  writer->seq = pk_bench_client_get_seq (writer) + EDITS;
  gint64 start_us = g_get_monotonic_time ();
  pk_bench_client_start (writer);
  pk_bench_wait_for (pk_bench_client_is_judged, writer);
  times->pushes[run] = pk_bench_ms_since (start_us);
  pk_bench_wait_for (pk_bench_client_is_up_to_date, writer);
  times->returns[run] = pk_bench_ms_since (start_us);
}

static void
time_changes (PkBenchClient *reader, PkBenchClient *writer, guint run, Times *times)
{
  time_push (writer, run, times);
  reader->seq = pk_bench_client_get_seq (writer);
  times->pulls[run] = pk_bench_client_time_session (reader);
  g_assert_cmpint (pk_bench_client_get_seq (reader), ==, pk_bench_client_get_seq (writer));
  pk_bench_client_stop (reader);
  pk_bench_wait_for (pk_bench_client_is_idle, reader);
  times->starts[run] = pk_bench_client_time_session (reader);
  for (guint i = 0; run == 0 && i < NOTHING; i++)
    times->nothing[i] = pk_bench_client_time_pull (reader);
  pk_bench_client_stop (reader);
  pk_bench_client_stop (writer);
  pk_bench_wait_for (pk_bench_client_is_idle, reader);
  pk_bench_wait_for (pk_bench_client_is_idle, writer);
}

/* One that has everything, its indexes and its search too. */
static void
open_complete (PkBenchClient *self,
               const PkBenchServer *server,
               const PkBenchTown *town,
               const char *name)
{
  pk_bench_client_open (self, server, town, name);
  pk_bench_client_time_session (self);
  pk_bench_client_stop (self);
  pk_bench_wait_for (pk_bench_client_is_idle, self);
}

static void
report (PkBench *bench, const char *name, const char *suffix, double value, double aim)
{
  g_autofree char *whole = g_strconcat (name, suffix, NULL);

  pk_bench_report (bench, whole, value, "ms", aim, aim > 0 ? "the aim" : NULL);
}

/* @suffix: of the figures' names */
static void
measure_changes (PkBench *bench,
                 const PkBenchServer *server,
                 const PkBenchTown *town,
                 const char *suffix)
{
  PkBenchClient reader = { 0 }, writer = { 0 };
  Times times = { 0 };

  open_complete (&reader, server, town, "reader");
  open_complete (&writer, server, town, "writer");
  for (guint i = 0; i < RUNS; i++)
    time_changes (&reader, &writer, i, &times);
  report (bench, "w2-pull-1000", suffix, pk_bench_median (times.pulls, RUNS), 60);
  report (bench, "w3-push-1000", suffix, pk_bench_median (times.pushes, RUNS), 150);
  report (bench, "w3-own-changes-back", suffix, pk_bench_median (times.returns, RUNS), 0);
  report (bench, "w4-nothing-new", suffix, pk_bench_median (times.nothing, NOTHING), 2);
  report (bench, "w4-session-start", suffix, pk_bench_median (times.starts, RUNS), 0);
  pk_bench_client_close (&reader);
  pk_bench_client_close (&writer);
}

static void
measure_all (PkBench *bench, const PkBenchServer *server, const PkBenchTown *town)
{
  measure_first_sync (bench, server, town);
  measure_reads (bench, server, town);
  measure_writes (bench, server, town);
  measure_changes (bench, server, town, "");
  pk_bench_report (bench,
                   "memory-server",
                   pk_bench_get_memory_mb (pk_bench_process_get_pid (server->process)),
                   "MB",
                   0,
                   NULL);
}

int
main (void)
{
  g_autoptr (GError) error = NULL;
  guint n_tasks = (guint) pk_bench_get_size ("PK_BENCH_TASKS", 100000);
  g_autoptr (PkBenchTown) town = pk_bench_town_open (n_tasks, &error);
  g_autoptr (PkBench) bench = pk_bench_new ("Synchronisation over loopback");
  PkBenchServer server = { 0 };

  g_assert_no_error (error);
  pk_bench_server_start (&server, town->dir);
  if (pk_bench_get_size ("PK_BENCH_CURVE", 0) != 0)
    {
      g_autofree char *suffix = g_strdup_printf ("-at-%u", n_tasks);
      measure_changes (bench, &server, town, suffix);
    }
  else
    measure_all (bench, &server, town);
  pk_bench_server_stop (&server);
  return pk_bench_finish (bench) ? EXIT_SUCCESS : EXIT_FAILURE;
}

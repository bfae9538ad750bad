/*
 * How fast the real program is there, offline and with a replica of 100 000 tasks, beside an empty window of the same libraries; and what
 * memory both take. Needs a display. The replica comes from a real server, by a first run of the program.
 *
 *   cold-start       until the first frame that shows rows; beside the first frame of the empty window, measured in turn
 *   memory-client    at that moment; beside the empty window's
 */
#include "config.h"

#include "pk-bench-server.h"
#include "pk-bench-town.h"
#include "pk-bench.h"
#include "pk-replica.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define PAIRS       5
#define PATIENCE_US (120 * G_USEC_PER_SEC)

typedef struct
{
  char *data;    /* (owned): the program's data */
  char *mark;    /* (owned): where a program writes when it is there */
  char *address; /* (owned): of a server that does not run any more */
  char *person;  /* (owned) */
  PkId id;
} Place;

static gboolean
wake_cb (gpointer data G_GNUC_UNUSED)
{
  return G_SOURCE_CONTINUE;
}

/* A program that has ended does not write any more. */
static void
wait_for_file (const char *path, GSubprocess *process)
{
  gint64 start_us = g_get_monotonic_time ();
  guint source = g_timeout_add (2, wake_cb, NULL);

  while (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_assert_nonnull (g_subprocess_get_identifier (process));
      g_assert_cmpint (g_get_monotonic_time () - start_us, <, PATIENCE_US);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (source);
}

static GSubprocess *
start (const Place *place, const char *const *command)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;

  g_unlink (place->mark);
  g_subprocess_launcher_setenv (launcher, "PAKOBLA_FIRST_FRAME", place->mark, TRUE);
  g_subprocess_launcher_setenv (launcher, "GSK_RENDERER", "cairo", TRUE);
  g_subprocess_launcher_setenv (launcher, "GSETTINGS_BACKEND", "memory", TRUE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE);
  GSubprocess *process = g_subprocess_launcher_spawnv (launcher, command, &error);
  g_assert_no_error (error);
  return process;
}

static void
stop (GSubprocess *process)
{
  g_subprocess_send_signal (process, SIGTERM);
  g_subprocess_wait (process, NULL, NULL);
}

static GSubprocess *
start_program (const Place *place, const char *status)
{
  const char *const command[] = {
    g_getenv ("PK_BENCH_PROGRAM"),
    "--server",
    place->address,
    "--demo-person",
    place->person,
    "--data",
    place->data,
    status != NULL ? "--status-file" : NULL,
    status,
    NULL,
  };

  return start (place, command);
}

static gboolean
is_idle (PkReplica *replica)
{
  return !pk_replica_is_busy (replica);
}

/* Indexes and search are made after the first sync; a program that is started on another day has them. */
static void
do_upkeep (const Place *place)
{
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (PkIdSource) ids = pk_id_source_new (clock);
  g_autofree char *name = g_strdelimit (g_strdup (place->address + strlen ("http://")), ":", '_');
  g_autofree char *directory = g_build_filename (place->data, name, place->person, NULL);
  g_autoptr (GError) error = NULL;
  guint source = g_timeout_add (5, wake_cb, NULL);
  g_autoptr (PkReplica)
      replica = pk_replica_open (directory, clock, ids, &place->id, PK_REPLICA_DEFAULT, &error);

  g_assert_no_error (error);
  do
    g_main_context_iteration (NULL, TRUE);
  while (!is_idle (replica));
  pk_replica_close (replica);
  g_source_remove (source);
}

static void
make_replica (Place *place, const PkBenchTown *town)
{
  g_autofree char *status = g_strconcat (town->dir, ".status", NULL);
  const char *const remove[] = { "rm", "-rf", place->data, status, NULL };
  PkBenchServer server = { 0 };
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL,
                (char **) remove,
                NULL,
                G_SPAWN_SEARCH_PATH,
                NULL,
                NULL,
                NULL,
                NULL,
                NULL,
                &error);
  g_assert_no_error (error);
  pk_bench_server_start (&server, town->dir);
  place->address = g_strdup (server.address);
  g_autoptr (GSubprocess) program = start_program (place, status);
  wait_for_file (status, program);
  stop (program);
  pk_bench_server_stop (&server);
  do_upkeep (place);
}

static double
measure (const Place *place, gboolean is_ours, double *memory_mb_out)
{
  const char *const empty[] = { g_getenv ("PK_BENCH_EMPTY"), NULL };
  g_autofree char *text = NULL;
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GSubprocess) process = is_ours ? start_program (place, NULL) : start (place, empty);

  wait_for_file (place->mark, process);
  *memory_mb_out = pk_bench_get_memory_mb (atoi (g_subprocess_get_identifier (process)));
  g_assert_true (g_file_get_contents (place->mark, &text, NULL, NULL));
  stop (process);
  return (double) (g_ascii_strtoll (text, NULL, 10) - start_us) / 1000;
}

int
main (void)
{
  double ours[PAIRS], theirs[PAIRS], our_memory[PAIRS], their_memory[PAIRS];
  g_autoptr (GError) error = NULL;
  g_autoptr (PkBenchTown)
      town = pk_bench_town_open ((guint) pk_bench_get_size ("PK_BENCH_TASKS", 100000), &error);
  g_autoptr (PkBench) bench = pk_bench_new ("The program's start");
  Place place = { 0 };

  g_assert_no_error (error);
  place.data = g_strconcat (town->dir, ".program", NULL);
  place.mark = g_strconcat (town->dir, ".frame", NULL);
  place.person = pk_id_dup_text (&town->person);
  place.id = town->person;
  make_replica (&place, town);
  for (guint i = 0; i < PAIRS; i++)
    {
      theirs[i] = measure (&place, FALSE, &their_memory[i]);
      ours[i] = measure (&place, TRUE, &our_memory[i]);
    }
  pk_bench_report (bench,
                   "cold-start",
                   pk_bench_median (ours, PAIRS),
                   "ms",
                   pk_bench_median (theirs, PAIRS),
                   "an empty window");
  pk_bench_report (bench,
                   "memory-client",
                   pk_bench_median (our_memory, PAIRS),
                   "MB",
                   pk_bench_median (their_memory, PAIRS),
                   "an empty window");
  return pk_bench_finish (bench) ? EXIT_SUCCESS : EXIT_FAILURE;
}

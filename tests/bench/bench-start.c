/*
 * How fast the real program is there, offline and with a replica of 100 000 tasks, beside an empty window of the same libraries; and what
 * memory both take. On a screen of its own (Xvfb). The replica comes from a real server, by a first run of the program; some of the tasks
 * are the person's own, so that the first page has rows.
 *
 *   cold-start       until the first frame that shows rows; beside the first frame of the empty window, measured in turn
 *   cold-start-cpu   what the main thread worked until then: moves less where other programs take turns
 *   memory-client    at that moment; beside the empty window's
 */
#include "config.h"

#include "pk-bench-server.h"
#include "pk-bench-town.h"
#include "pk-bench.h"
#include "pk-replica.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define PAIRS     9
#define OWN_TASKS 60
#define SKIPPED   77

typedef struct
{
  char *data;    /* (owned): the program's data */
  char *mark;    /* (owned): where a program writes when it is there */
  char *log;     /* (owned): what a program says */
  char *display; /* (owned): a screen of our own */
  char *address; /* (owned): of a server that does not run any more */
  char *person;  /* (owned) */
  PkId id;
} Place;

/* Always a screen of our own: what is measured does not depend on the screen that somebody sits before. */
static PkBenchProcess *
start_screen (Place *place)
{
  const char *const command[] = {
    "Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp", NULL,
  };
  g_autofree char *log = g_strconcat (place->data, ".screen.log", NULL);
  PkBenchProcess *screen = pk_bench_process_start (command, NULL, log);
  g_autofree char *number = pk_bench_process_wait_for_words (screen, "^([0-9]+)\n");

  place->display = g_strconcat (":", number, NULL);
  return screen;
}

/* As on a desktop, without what the tests run under: no checks of the allocator, no settings or bus of the person's own. */
static PkBenchProcess *
start (const Place *place, const char *const *command)
{
  const PkBenchVariable environment[] = {
    { "PAKOBLA_FIRST_FRAME", place->mark },
    { "DISPLAY", place->display },
    { "WAYLAND_DISPLAY", NULL },
    { "DBUS_SESSION_BUS_ADDRESS", "disabled:" },
    { "GDK_BACKEND", "x11" },
    { "GSETTINGS_BACKEND", "memory" },
    { "GSK_RENDERER", "cairo" },
    { "GTK_A11Y", "none" },
    { "G_DEBUG", NULL },
    { "G_SLICE", NULL },
    { "MALLOC_CHECK_", NULL },
    { NULL, NULL },
  };

  g_unlink (place->mark);
  return pk_bench_process_start (command, environment, place->log);
}

static PkBenchProcess *
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
is_idle (gpointer data)
{
  return !pk_replica_is_busy (data);
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
  g_autoptr (PkReplica)
      replica = pk_replica_open (directory, clock, ids, &place->id, PK_REPLICA_DEFAULT, &error);

  g_assert_no_error (error);
  pk_bench_wait (is_idle, replica, "the upkeep of the replica");
  pk_replica_close (replica);
}

static void
make_replica (Place *place, const PkBenchTown *town)
{
  g_autofree char *status = g_strconcat (town->dir, ".status", NULL);
  g_autofree char *told = NULL;
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
  PkBenchProcess *program = start_program (place, status);
  pk_bench_process_wait_for_file (program, status);
  g_assert_true (g_file_get_contents (status, &told, NULL, &error));
  g_assert_null (strstr (told, "\"error\""));
  pk_bench_process_stop (program);
  pk_bench_server_stop (&server);
  do_upkeep (place);
}

typedef struct
{
  double frame_ms[PAIRS];
  double worked_ms[PAIRS];
  double memory_mb[PAIRS];
} Figures;

static void
measure (const Place *place, gboolean is_ours, Figures *figures, guint i)
{
  const char *const empty[] = { g_getenv ("PK_BENCH_EMPTY"), NULL };
  g_autofree char *text = NULL;
  char *rest = NULL;
  gint64 start_us = g_get_monotonic_time ();
  PkBenchProcess *process = is_ours ? start_program (place, NULL) : start (place, empty);

  pk_bench_process_wait_for_file (process, place->mark);
  figures->memory_mb[i] = pk_bench_get_memory_mb (pk_bench_process_get_pid (process));
  g_assert_true (g_file_get_contents (place->mark, &text, NULL, NULL));
  pk_bench_process_stop (process);
  figures->frame_ms[i] = (double) (g_ascii_strtoll (text, &rest, 10) - start_us) / 1000;
  figures->worked_ms[i] = (double) g_ascii_strtoll (rest, NULL, 10) / 1000;
}

static void
report (PkBench *bench, const char *name, const char *unit, double *ours, double *theirs)
{
  pk_bench_report (bench,
                   name,
                   pk_bench_median (ours, PAIRS),
                   unit,
                   pk_bench_median (theirs, PAIRS),
                   "an empty window");
}

static void
run (PkBench *bench, Place *place, const PkBenchTown *town)
{
  Figures ours, theirs;

  make_replica (place, town);
  for (guint i = 0; i < PAIRS; i++)
    {
      measure (place, FALSE, &theirs, i);
      measure (place, TRUE, &ours, i);
    }
  report (bench, "cold-start", "ms", ours.frame_ms, theirs.frame_ms);
  report (bench, "cold-start-cpu", "ms", ours.worked_ms, theirs.worked_ms);
  report (bench, "memory-client", "MB", ours.memory_mb, theirs.memory_mb);
}

int
main (void)
{
  g_autofree char *server = g_find_program_in_path ("Xvfb");
  g_autoptr (GError) error = NULL;
  Place place = { 0 };

  if (server == NULL)
    {
      g_printerr ("Xvfb is not installed: the program's start cannot be measured\n");
      return SKIPPED;
    }
  g_autoptr (PkBenchTown)
      town = pk_bench_town_open ((guint) pk_bench_get_size ("PK_BENCH_TASKS", 100000), &error);
  g_autoptr (PkBench) bench = pk_bench_new ("The program's start");
  if (town != NULL)
    pk_bench_town_assign (town, OWN_TASKS, &error);
  g_assert_no_error (error);
  place.data = g_strconcat (town->dir, ".program", NULL);
  place.mark = g_strconcat (town->dir, ".frame", NULL);
  place.log = g_strconcat (town->dir, ".program.log", NULL);
  place.person = pk_id_dup_text (&town->person);
  place.id = town->person;
  PkBenchProcess *screen = start_screen (&place);
  run (bench, &place, town);
  pk_bench_process_stop (screen);
  return pk_bench_finish (bench) ? EXIT_SUCCESS : EXIT_FAILURE;
}

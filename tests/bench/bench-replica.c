/*
 * The client's file at size: first-sync-from-snapshot beside the bare work of the same kind, a thousand changed records, a thousand
 * own changes, the vector of a list, scroll-page, search while typing. PK_BENCH_TASKS says how many tasks (100 000).
 */
#include "config.h"

#include "pk-bench.h"
#include "pk-query.h"
#include "pk-rows.h"
#include "pk-search.h"
#include "replica-fixture.h"
#include "snapshot-file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

static const char *const words[] = { "vannlekkasje", "pære",    "vindu",       "radiator",
                                     "gymsal",       "kjeller", "ventilasjon", "dørlukker",
                                     "brannvarsler", "sluk",    "takrenne",    "lysarmatur",
                                     "toalett",      "heis",    "gjerde" };

static PkRecord *
make_task (Fixture *fixture, guint number)
{
  g_autofree char *title =
      g_strdup_printf ("%s i %s %u", words[number % 15], words[(number / 15) % 15], number);
  g_autofree char *due_on = g_strdup_printf ("2026-%02u-%02u", 1 + number % 12, 1 + number % 28);
  PkRecord *task = fixture_make_task (fixture, title);

  pk_record_set_text (task, PK_TASK_NUMBER, title + strlen (title) - 3);
  pk_record_set_text (task,
                      PK_TASK_DESCRIPTION,
                      "Meldt av skolen. Det drypper fra taket over vinduet, og gulvet er vått "
                      "hver morgen. Vaktmesteren har satt en bøtte der inntil videre.");
  pk_record_set_text (task, PK_TASK_DUE_ON, due_on);
  pk_record_set_text (task, PK_TASK_REPORTER_NAME, "Kari Nordmann");
  pk_record_set_ref (task,
                     PK_TASK_ASSIGNEE_ID,
                     number % 50 == 0 ? &fixture->person : &fixture->epoch);
  pk_record_set_ref (task, PK_TASK_UNIT_ID, &fixture->epoch);
  pk_record_set_ref (task, PK_TASK_BUILDING_ID, &fixture->person);
  pk_record_set_seq (task, number + 1);
  pk_clock_advance (fixture->clock, 60 * G_TIME_SPAN_SECOND);
  return task;
}

static void
write_snapshot (Fixture *fixture, guint n_tasks, const char *plain, const char *compressed)
{
  SnapshotFile file;

  snapshot_file_begin (&file, plain);
  for (guint i = 0; i < n_tasks; i++)
    {
      g_autoptr (PkRecord) task = make_task (fixture, i);
      snapshot_file_add (&file, task);
    }
  snapshot_file_end (&file, "everyone", n_tasks + 1, compressed);
}

/* The bare work: unpack in one call, attach, copy the one table, four indexes, sync. */
static double
run_floor (const char *compressed, const char *directory)
{
  g_autofree char *plain = g_build_filename (directory, "floor-plain.db", NULL);
  g_autofree char *path = g_build_filename (directory, "floor.db", NULL);
  const PkEntity *task = pk_entity_by_id (PK_ENTITY_TASK);
  g_autofree char *create = pk_query_create_table (task, "main");
  g_autofree char *copy = pk_query_copy_table (task, "snapshot");
  g_autofree char *packed = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  gint64 start_us = g_get_monotonic_time ();

  g_file_get_contents (compressed, &packed, &size, &error);
  unsigned long long full = ZSTD_getFrameContentSize (packed, size);
  g_autofree char *bytes = g_malloc (full);
  ZSTD_decompress (bytes, full, packed, size);
  int unpacked = open (plain, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  g_assert_cmpint (write (unpacked, bytes, full), ==, (gssize) full);
  close (unpacked);
  g_autoptr (PkSql) sql = pk_sql_open (path, PK_SQL_NO_JOURNAL, &error);
  g_assert_true (pk_sql_exec (sql, "PRAGMA cache_size = -65536", &error));
  g_assert_true (pk_sql_exec (sql, create, &error));
  g_assert_true (pk_sql_attach (sql, plain, "snapshot", &error));
  g_assert_true (pk_sql_exec (sql, copy, &error));
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *index = pk_query_create_index (task, i);
      if (i == 0 || (i >= 4 && i <= 6))
        g_assert_true (pk_sql_exec (sql, index, &error));
    }
  g_clear_pointer (&sql, pk_sql_close);
  int file = open (path, O_RDONLY | O_CLOEXEC);
  fsync (file);
  close (file);
  double seconds = (double) (g_get_monotonic_time () - start_us) / G_TIME_SPAN_SECOND;
  g_unlink (path);
  g_unlink (plain);
  return seconds;
}

static double
run_install (Fixture *fixture, const char *compressed)
{
  const char *const paths[] = { compressed, NULL };
  g_autoptr (GError) error = NULL;

  fixture_crash (fixture);
  for (guint i = 1; i < 9; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/replica-%u.db", fixture->directory, i);
      g_unlink (path);
    }
  fixture->flags = PK_REPLICA_DEFAULT;
  fixture_reopen (fixture);
  gint64 start_us = g_get_monotonic_time ();
  g_assert_true (pk_writer_install_snapshots (fixture->writer, paths, &error));
  double seconds = (double) (g_get_monotonic_time () - start_us) / G_TIME_SPAN_SECOND;
  g_clear_pointer (&fixture->reader, pk_reader_free);
  fixture->reader = pk_reader_open (fixture->directory, &error);
  return seconds;
}

static double
run_upkeep (Fixture *fixture, double *longest_ms_out)
{
  gboolean has_more = TRUE;
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();

  *longest_ms_out = 0;
  while (has_more)
    {
      gint64 slice_us = g_get_monotonic_time ();
      g_assert_true (pk_writer_do_upkeep (fixture->writer, &has_more, &error));
      *longest_ms_out = MAX (*longest_ms_out, (double) (g_get_monotonic_time () - slice_us) / 1000);
    }
  return (double) (g_get_monotonic_time () - start_us) / G_TIME_SPAN_SECOND;
}

static double
run_pull (Fixture *fixture, guint n_changed)
{
  const char *const scopes[] = { "everyone", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (PkTaskQuery) query = pk_task_query_new ();
  g_autoptr (GArray) rids = pk_reader_query_tasks (fixture->reader, query, &error);
  g_autoptr (GPtrArray) lines = fixture_begin (fixture, scopes);

  for (guint i = 0; i < n_changed; i++)
    {
      gint64 rid = g_array_index (rids, gint64, i * (rids->len / n_changed));
      g_autoptr (PkRecord) task =
          pk_reader_find_by_rid (fixture->reader, pk_entity_by_id (PK_ENTITY_TASK), rid, &error);
      pk_record_set_text (task, PK_TASK_WAITING_FOR, "deler");
      fixture_add_row (fixture, lines, task, (guint[]){ 0 }, 1);
    }
  fixture_add_commit (fixture, lines, NULL, 0);
  gint64 start_us = g_get_monotonic_time ();
  g_assert_true (fixture_apply (fixture, lines, &error));
  return (double) (g_get_monotonic_time () - start_us) / 1000;
}

static double
run_submits (Fixture *fixture, guint n)
{
  gint64 start_us = g_get_monotonic_time ();

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PkMutation) mutation = fixture_create_task (fixture, "Ny oppgave");
      fixture_submit (fixture, mutation);
    }
  return (double) (g_get_monotonic_time () - start_us) / 1000 / n;
}

static double
run_search (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GPtrArray)
      hits = pk_reader_search (fixture->reader, text, PK_SEARCH_EVERYTHING, 20, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (hits->len, >, 0);
  return (double) (g_get_monotonic_time () - start_us) / 1000;
}

static double
run_list (Fixture *fixture, PkTaskList list, PkTaskOrder order)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkTaskQuery) query = pk_task_query_new ();

  query->list = list;
  query->order = order;
  query->subject = fixture->person;
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GArray) rids = pk_reader_query_tasks (fixture->reader, query, &error);
  g_assert_cmpuint (rids->len, >, 0);
  return (double) (g_get_monotonic_time () - start_us) / 1000;
}

static double
run_page (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkTaskQuery) query = pk_task_query_new ();
  g_autoptr (GArray) rids = pk_reader_query_tasks (fixture->reader, query, &error);
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GPtrArray)
      rows = pk_reader_read_task_rows (fixture->reader,
                                       &g_array_index (rids, gint64, rids->len / 2),
                                       PK_PAGE_ROWS,
                                       &error);

  g_assert_no_error (error);
  return (double) (g_get_monotonic_time () - start_us) / 1000;
}

int
main (void)
{
  static const char *const typed[] = { "v", "va", "vann", "vannlekkasjer", "sluk kj" };
  g_autoptr (PkBench) bench = pk_bench_new ("The client's file");
  guint n_tasks = (guint) pk_bench_get_size ("PK_BENCH_TASKS", 100000);
  double floors[3], installs[3], longest_ms;
  Fixture fixture;

  fixture_set_up (&fixture);
  g_autofree char *plain = g_build_filename (fixture.directory, "blobs", "snapshot.db", NULL);
  g_autofree char *compressed = g_strconcat (plain, ".zst", NULL);
  write_snapshot (&fixture, n_tasks, plain, compressed);
  fixture.seq = n_tasks + 1;
  for (guint i = 0; i < 3; i++)
    {
      floors[i] = run_floor (compressed, fixture.directory);
      installs[i] = run_install (&fixture, compressed);
    }
  double floor_s = pk_bench_median (floors, 3);
  pk_bench_report (bench,
                   "first-sync-from-snapshot",
                   pk_bench_median (installs, 3),
                   "s",
                   floor_s,
                   "the bare work");
  g_autofree char *path = g_strdup_printf ("%s/replica-2.db", fixture.directory);
  pk_bench_report (bench,
                   "file-after-first-sync",
                   pk_bench_get_file_mb (path),
                   "MB",
                   60,
                   "the aim");
  pk_bench_report (bench,
                   "apply-1000-before-upkeep",
                   run_pull (&fixture, 1000),
                   "ms",
                   60,
                   "the aim");
  pk_bench_report (bench,
                   "upkeep",
                   run_upkeep (&fixture, &longest_ms),
                   "s",
                   floor_s,
                   "the bare work");
  /* Where nobody waits: it gives way to whoever does (write-during-upkeep). */
  pk_bench_report (bench, "upkeep-longest-slice", longest_ms, "ms", 0, NULL);
  pk_bench_report (bench, "apply-1000", run_pull (&fixture, 1000), "ms", 60, "the aim");
  pk_bench_report (bench, "own-change", run_submits (&fixture, 100), "ms", 16, "a frame");
  pk_bench_report (bench,
                   "list-open-by-date",
                   run_list (&fixture, PK_TASKS_ALL, PK_TASK_ORDER_DUE),
                   "ms",
                   50,
                   "the aim");
  pk_bench_report (bench,
                   "list-open-by-title",
                   run_list (&fixture, PK_TASKS_ALL, PK_TASK_ORDER_TITLE),
                   "ms",
                   50,
                   "the aim");
  pk_bench_report (bench,
                   "list-mine-by-date",
                   run_list (&fixture, PK_TASKS_ASSIGNED, PK_TASK_ORDER_DUE),
                   "ms",
                   50,
                   "the aim");
  pk_bench_report (bench, "scroll-page", run_page (&fixture), "ms", 3, "the aim");
  double slowest_ms = 0;
  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    slowest_ms = MAX (slowest_ms, run_search (&fixture, typed[i]));
  pk_bench_report (bench, "search", slowest_ms, "ms", 50, "the aim, the slowest of what is typed");
  pk_bench_report (bench,
                   "file-with-indexes",
                   pk_bench_get_file_mb (path),
                   "MB",
                   pk_bench_get_file_mb (plain),
                   "the snapshot");
  fixture_tear_down (&fixture);
  return pk_bench_finish (bench) ? 0 : 1;
}

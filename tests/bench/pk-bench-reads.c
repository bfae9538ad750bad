/* See the header. */
#include "config.h"

#include "pk-bench-reads.h"

#include "pk-rows.h"

#define EVERY_MS 4
#define STEP     997 /* rows from page to page */

static int
compare_times (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return first < second ? -1 : first > second;
}

static void
read_page (PkBenchReads *self)
{
  PkReader *reader = pk_replica_get_reader (self->replica);
  g_autoptr (GError) error = NULL;
  gint64 rids[PK_PAGE_ROWS];

  for (guint i = 0; i < PK_PAGE_ROWS; i++)
    rids[i] = 1 + (self->place + i) % 100000;
  self->place += STEP;
  g_autoptr (GPtrArray) rows = pk_reader_read_task_rows (reader, rids, PK_PAGE_ROWS, &error);
  g_assert_no_error (error);
}

static gboolean
due_cb (gpointer data)
{
  PkBenchReads *self = data;

  read_page (self);
  double time_ms = (double) (g_get_monotonic_time () - self->due_us) / 1000;
  g_array_append_val (self->times, time_ms);
  self->due_us = g_get_monotonic_time () + EVERY_MS * 1000;
  g_source_set_ready_time (g_main_current_source (), self->due_us);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch (G_GNUC_UNUSED GSource *source, GSourceFunc callback, gpointer data)
{
  return callback (data);
}

/**
 * pk_bench_reads_begin:
 *
 * Begins to read, on the calling thread's main context.
 */
void
pk_bench_reads_begin (PkBenchReads *self, PkReplica *replica)
{
  static GSourceFuncs funcs = { .dispatch = dispatch };
  g_autoptr (GSource) source = g_source_new (&funcs, sizeof (GSource));

  *self = (PkBenchReads){ .replica = replica, .due_us = g_get_monotonic_time () };
  self->times = g_array_new (FALSE, FALSE, sizeof (double));
  g_source_set_callback (source, due_cb, self, NULL);
  g_source_set_ready_time (source, self->due_us);
  self->source = g_source_attach (source, NULL);
}

/**
 * pk_bench_reads_end:
 *
 * Returns: the time in milliseconds that 99 of 100 pages kept within
 */
double
pk_bench_reads_end (PkBenchReads *self)
{
  g_source_remove (self->source);
  g_array_sort (self->times, compare_times);
  g_assert_cmpuint (self->times->len, >, 0);
  double p99 = g_array_index (self->times, double, (self->times->len - 1) * 99 / 100);
  g_array_unref (self->times);
  return p99;
}

/* What the server's part of synchronisation costs, without the network: 100 000 tasks, 1 000 of them changed, nothing new. */
#include "config.h"

#include "pk-bench-town.h"
#include "pk-bench.h"
#include "pk-model-tables.h"
#include "pk-service-import.h"
#include "pk-service-push.h"
#include "pk-store-devices.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-sync-pull.h"

#include <stdlib.h>

#define RUNS 5

static gboolean
count_bytes (const char *text G_GNUC_UNUSED,
             gsize size,
             gpointer data,
             GError **error G_GNUC_UNUSED)
{
  *(gsize *) data += size;
  return TRUE;
}

static PkPullRequest *
make_request (PkService *service, const PkId *person, gint64 cursor)
{
  PkStore *store = pk_service_get_store (service);
  g_autoptr (GPtrArray) granted = pk_store_get_grants (store, person, NULL);
  PkPullRequest *request = pk_pull_request_new ();

  g_assert_true (pk_store_get_epoch (store, &request->epoch, NULL));
  g_assert_true (pk_store_get_grant_epoch (store, person, &request->grants, NULL));
  for (guint i = 0; i < granted->len; i++)
    pk_pull_request_add (request, ((PkStoreScope *) granted->pdata[i])->name, cursor);
  g_autoptr (GString) json = g_string_new (NULL);
  pk_pull_request_append_json (json, request);
  pk_pull_request_free (request);
  return pk_pull_request_read (json->str, json->len, NULL);
}

static double
time_pull (PkService *service, const PkId *person, gint64 cursor, gsize *bytes_out)
{
  g_autoptr (PkPullRequest) request = make_request (service, person, cursor);
  g_autoptr (GError) error = NULL;
  gboolean has_news;
  gint64 start_us = g_get_monotonic_time ();

  *bytes_out = 0;
  pk_sync_pull (service, person, request, count_bytes, bytes_out, &has_news, &error);
  g_assert_no_error (error);
  return (double) (g_get_monotonic_time () - start_us) / 1000;
}

typedef struct
{
  GPtrArray *mutations;
  PkIdSource *ids;
  PkId prev;
  gint64 n;
  guint most;
  const char *title;
} Edits;

static gboolean
edit_cb (PkRecord *task, gpointer data)
{
  Edits *edits = data;

  if (pk_record_get_int (task, PK_TASK_CONFIDENTIALITY, 0) == PK_CONFIDENTIALITY_CONFIDENTIAL)
    return TRUE;
  PkMutation *edit =
      pk_mutation_new (PK_OP_SET, pk_record_get_entity (task), NULL, pk_record_get_id (task));

  edit->n = ++edits->n;
  edit->id = pk_id_source_next (edits->ids);
  edit->prev = edits->prev;
  edit->at_us = g_get_real_time ();
  edits->prev = edit->id;
  pk_values_take (edit->was, PK_TASK_TITLE, pk_value_copy (pk_record_get (task, PK_TASK_TITLE)));
  pk_values_take (edit->fields, PK_TASK_TITLE, pk_value_text (edits->title));
  g_ptr_array_add (edits->mutations, edit);
  return edits->mutations->len < edits->most;
}

static void
free_mutation (gpointer data)
{
  pk_mutation_unref (data);
}

static double
time_push (PkService *service, const PkId *person, PkIdSource *ids, const char *title)
{
  g_autoptr (GPtrArray) mutations = g_ptr_array_new_with_free_func (free_mutation);
  PkId device = pk_id_source_next (ids);
  Edits edits = { mutations, ids, { { 0 } }, 0, 1000, title };
  g_autoptr (GError) error = NULL;
  g_autoptr (PkDevice) row = pk_device_new (&device, person);

  g_assert_true (pk_store_put_device (pk_service_get_store (service), row, &error));
  g_assert_true (pk_service_visit (service, PK_ENTITY_TASK, edit_cb, &edits, &error));
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (PkPushResult) result = pk_service_push (service, person, &device, mutations, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result->verdicts->len, ==, 1000);
  for (guint i = 0; i < result->verdicts->len; i++)
    g_assert_cmpstr (((PkVerdict *) result->verdicts->pdata[i])->detail, ==, NULL);
  return (double) (g_get_monotonic_time () - start_us) / 1000;
}

static gint64
get_seq (PkService *service)
{
  gint64 seq = 0;

  g_assert_true (pk_store_get_seq (pk_service_get_store (service), &seq, NULL));
  return seq;
}

static void
measure (PkBench *bench, PkBenchTown *town, PkService *service, PkIdSource *ids)
{
  double changed[RUNS], nothing[RUNS], all[RUNS], pushed[RUNS];
  g_autoptr (GError) error = NULL;
  gsize bytes, all_bytes, no_bytes;

  for (guint i = 0; i < RUNS; i++)
    {
      g_autofree char *mark = g_strdup_printf ("run %u", i);
      gint64 before = get_seq (service);
      pk_bench_town_touch (town, service, 1000, mark, &error);
      g_assert_no_error (error);
      changed[i] = time_pull (service, &town->person, before, &bytes);
      nothing[i] = time_pull (service, &town->person, get_seq (service), &no_bytes);
      pushed[i] = time_push (service, &town->person, ids, mark);
      all[i] = i == 0 ? time_pull (service, &town->person, 0, &all_bytes) : all[0];
    }
  double all_ms = pk_bench_median (all, RUNS);
  pk_bench_report (bench, "server-pull-all", all_ms, "ms", 0, NULL);
  pk_bench_report (bench,
                   "server-pull-1000",
                   pk_bench_median (changed, RUNS),
                   "ms",
                   all_ms,
                   "all rows");
  pk_bench_report (bench,
                   "server-pull-1000-size",
                   (double) bytes / 1024,
                   "kB",
                   (double) all_bytes / 1024,
                   "all rows");
  pk_bench_report (bench,
                   "server-pull-nothing",
                   pk_bench_median (nothing, RUNS),
                   "ms",
                   all_ms,
                   "all rows");
  pk_bench_report (bench,
                   "server-push-1000",
                   pk_bench_median (pushed, RUNS),
                   "ms",
                   all_ms,
                   "all rows pulled");
}

int
main (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkBenchTown)
      town = pk_bench_town_open ((guint) pk_bench_get_size ("PK_BENCH_TASKS", 100000), &error);
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (PkIdSource) ids = pk_id_source_new (clock);

  g_assert_no_error (error);
  g_autoptr (PkStore) store = pk_store_open (town->dir, PK_STORE_READ_WRITE, ids, &error);
  g_assert_no_error (error);
  g_autoptr (PkService) service = pk_service_new (store, clock, ids);
  g_autoptr (PkBench) bench = pk_bench_new ("The server's part of synchronisation");
  measure (bench, town, service, ids);
  return pk_bench_finish (bench) ? EXIT_SUCCESS : EXIT_FAILURE;
}

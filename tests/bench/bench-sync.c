/*
 * W1 to W4 of the sync protocol with the real parts: a server process, and clients of this process that talk to it over loopback
 * as the program does (session, replica, files on disk).
 *
 *   w1-first-sync     a new client, until it is up to date; beside the floor: the same snapshots unpacked, attached, copied, four
 *                     indexes, synced to the disk
 *   w2-pull-1000      a client that was away while another changed 1 000 tasks
 *   w3-push-1000      1 000 edits made offline, until every verdict is back and kept
 *   w3-own-changes-back  the same, until the pull that follows has brought the changed rows and their history
 *   w4-nothing-new    a client that was away while nothing happened
 *
 * W2 to W4 are of clients whose upkeep after the first sync (indexes, search) is done: those who are back after a while.
 */
#include "config.h"

#include "pk-authorizer.h"
#include "pk-bench-server.h"
#include "pk-bench-town.h"
#include "pk-bench.h"
#include "pk-model-tables.h"
#include "pk-mutation.h"
#include "pk-outbox.h"
#include "pk-query.h"
#include "pk-replica.h"
#include "pk-sql.h"
#include "pk-sync-session.h"
#include "pk-table.h"
#include "pk-writer-sync.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUNS        3
#define EDITS       1000
#define PATIENCE_US (120 * G_USEC_PER_SEC)

typedef struct
{
  char *dir;
  PkReplica *replica;
  PkAuthorizer *authorizer;
  PkSyncSession *session;
  gint64 seq; /* the state that it must come to hold */
} Client;

typedef gboolean (*Condition) (gpointer data);

static double
ms_since (gint64 start_us)
{
  return (double) (g_get_monotonic_time () - start_us) / 1000;
}

static gboolean
wake_cb (gpointer data G_GNUC_UNUSED)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_for (Condition condition, gpointer data)
{
  gint64 start_us = g_get_monotonic_time ();
  guint source = g_timeout_add (1, wake_cb, NULL);

  while (!condition (data))
    {
      g_assert_cmpint (g_get_monotonic_time () - start_us, <, PATIENCE_US);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (source);
}

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
remove_folder (const char *path)
{
  const char *const command[] = { "rm", "-rf", path, NULL };

  run (command);
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(PkAccount **) user_data = pk_authorizer_finish (PK_AUTHORIZER (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static gpointer
set_device (PkWriter *writer, gpointer data, GError **error)
{
  return pk_writer_set_device (writer, data, error) ? PK_DONE : NULL;
}

static void
job_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(gpointer *) user_data = pk_replica_job_finish (PK_REPLICA (source), result, &error);
  g_assert_no_error (error);
}

static void
open_client (Client *self, const PkBenchServer *server, const PkBenchTown *town, const char *name)
{
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (PkIdSource) ids = pk_id_source_new (clock);
  g_autoptr (GError) error = NULL;
  g_autoptr (PkAccount) account = NULL;
  g_autofree char *person = pk_id_dup_text (&town->person);
  gpointer is_done = NULL;
  PkId device;

  self->dir = g_strconcat (town->dir, ".", name, NULL);
  remove_folder (self->dir);
  g_mkdir_with_parents (self->dir, 0700);
  self->authorizer = pk_authorizer_new (server->address, PK_AUTHORIZER_MEMORY_ONLY);
  pk_authorizer_sign_in_demo_async (self->authorizer, person, NULL, signed_in_cb, &account);
  wait_for (is_set, &account);
  self->replica =
      pk_replica_open (self->dir, clock, ids, &town->person, PK_REPLICA_DEFAULT, &error);
  g_assert_no_error (error);
  g_assert_true (pk_id_parse (account->device, &device));
  PkReplicaJob job = { PK_PRIORITY_INTERACTIVE, &device, NULL, NULL };
  pk_replica_write_async (self->replica, set_device, &job, NULL, job_done_cb, &is_done);
  wait_for (is_set, &is_done);
}

static void
start_session (Client *self)
{
  self->session = pk_sync_session_new (self->replica, self->authorizer);
  pk_sync_session_start (self->session);
}

static void
stop_session (Client *self)
{
  pk_sync_session_stop (self->session);
  g_clear_object (&self->session);
}

static void
close_client (Client *self)
{
  pk_replica_close (self->replica);
  g_clear_object (&self->replica);
  g_clear_object (&self->authorizer);
  g_free (self->dir);
}

/* The status tells what the session knows; the replica tells what is there. */
static gboolean
is_up_to_date (gpointer data)
{
  Client *self = data;
  PkSyncStatus *status = pk_sync_session_get_status (self->session);
  PkReplicaSummary summary;

  if (pk_sync_status_get_state (status) != PK_SYNC_STATE_UP_TO_DATE ||
      pk_sync_status_get_is_first (status))
    return FALSE;
  g_assert_true (pk_reader_read_summary (pk_replica_get_reader (self->replica), &summary, NULL));
  return summary.n_waiting == 0 && summary.seq >= self->seq;
}

static gboolean
is_judged (gpointer data)
{
  Client *self = data;
  PkReplicaSummary summary;

  g_assert_true (pk_reader_read_summary (pk_replica_get_reader (self->replica), &summary, NULL));
  return summary.n_waiting == 0;
}

static double
time_session (Client *self)
{
  gint64 start_us = g_get_monotonic_time ();

  start_session (self);
  wait_for (is_up_to_date, self);
  return ms_since (start_us);
}

static gboolean
is_idle (gpointer data)
{
  return !pk_replica_is_busy (((Client *) data)->replica);
}

static gint64
get_held_seq (Client *self)
{
  PkReplicaSummary summary;

  g_assert_true (pk_reader_read_summary (pk_replica_get_reader (self->replica), &summary, NULL));
  return summary.seq;
}

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  pk_replica_submit_finish (PK_REPLICA (source), result, &error);
  g_assert_no_error (error);
  *(gpointer *) user_data = PK_DONE;
}

static void
free_mutation (gpointer data)
{
  pk_mutation_unref (data);
}

static void
edit_offline (Client *self, const char *title)
{
  g_autoptr (GPtrArray) edits = g_ptr_array_new_with_free_func (free_mutation);
  g_autoptr (PkTaskQuery) query = pk_task_query_new ();
  g_autoptr (GError) error = NULL;
  PkReader *reader = pk_replica_get_reader (self->replica);
  g_autoptr (GArray) rids = pk_reader_query_tasks (reader, query, &error);
  gpointer is_done = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (rids->len, >=, EDITS);
  for (guint i = 0; i < EDITS; i++)
    {
      const PkEntity *entity = pk_entity_by_id (PK_ENTITY_TASK);
      g_autoptr (PkRecord)
          task = pk_reader_find_by_rid (reader, entity, g_array_index (rids, gint64, i), &error);
      PkMutation *edit = pk_mutation_new (PK_OP_SET, entity, NULL, pk_record_get_id (task));
      pk_values_take (edit->was,
                      PK_TASK_TITLE,
                      pk_value_copy (pk_record_get (task, PK_TASK_TITLE)));
      pk_values_take (edit->fields, PK_TASK_TITLE, pk_value_text (title));
      g_ptr_array_add (edits, edit);
    }
  pk_replica_submit_async (self->replica, edits, NULL, submitted_cb, &is_done);
  wait_for (is_set, &is_done);
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
  return ms_since (start_us);
}

static void
measure_first_sync (PkBench *bench, const PkBenchServer *server, const PkBenchTown *town)
{
  double floors[RUNS], syncs[RUNS], memory = 0;

  for (guint i = 0; i < RUNS; i++)
    {
      Client client = { 0 };
      floors[i] = time_floor (town);
      open_client (&client, server, town, "client");
      syncs[i] = time_session (&client);
      memory = pk_bench_get_memory_mb (0);
      stop_session (&client);
      close_client (&client);
    }
  pk_bench_report (bench,
                   "w1-first-sync",
                   pk_bench_median (syncs, RUNS),
                   "ms",
                   pk_bench_median (floors, RUNS),
                   "the floor");
  pk_bench_report (bench, "w1-memory", memory, "MB", 0, NULL);
}

static void
measure_changes (PkBench *bench, const PkBenchServer *server, const PkBenchTown *town)
{
  double pulls[RUNS], pushes[RUNS], returns[RUNS], nothing[RUNS];
  Client reader = { 0 }, writer = { 0 };

  open_client (&reader, server, town, "reader");
  open_client (&writer, server, town, "writer");
  time_session (&reader);
  time_session (&writer);
  stop_session (&reader);
  stop_session (&writer);
  wait_for (is_idle, &reader);
  wait_for (is_idle, &writer);
  for (guint i = 0; i < RUNS; i++)
    {
      g_autofree char *title = g_strdup_printf ("Endret i kjelleren, runde %u", i);
      edit_offline (&writer, title);
      writer.seq = get_held_seq (&writer) + EDITS;
      gint64 start_us = g_get_monotonic_time ();
      start_session (&writer);
      wait_for (is_judged, &writer);
      pushes[i] = ms_since (start_us);
      wait_for (is_up_to_date, &writer);
      returns[i] = ms_since (start_us);
      reader.seq = get_held_seq (&writer);
      pulls[i] = time_session (&reader);
      g_assert_cmpint (get_held_seq (&reader), ==, get_held_seq (&writer));
      stop_session (&reader);
      wait_for (is_idle, &reader);
      nothing[i] = time_session (&reader);
      stop_session (&reader);
      stop_session (&writer);
      wait_for (is_idle, &reader);
      wait_for (is_idle, &writer);
    }
  pk_bench_report (bench, "w2-pull-1000", pk_bench_median (pulls, RUNS), "ms", 60, "the aim");
  pk_bench_report (bench, "w3-push-1000", pk_bench_median (pushes, RUNS), "ms", 150, "the aim");
  pk_bench_report (bench, "w3-own-changes-back", pk_bench_median (returns, RUNS), "ms", 0, NULL);
  pk_bench_report (bench, "w4-nothing-new", pk_bench_median (nothing, RUNS), "ms", 10, "the aim");
  close_client (&reader);
  close_client (&writer);
}

int
main (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkBenchTown)
      town = pk_bench_town_open ((guint) pk_bench_get_size ("PK_BENCH_TASKS", 100000), &error);
  g_autoptr (PkBench) bench = pk_bench_new ("Synchronisation over loopback");
  PkBenchServer server = { 0 };

  g_assert_no_error (error);
  pk_bench_server_start (&server, town->dir);
  measure_first_sync (bench, &server, town);
  measure_changes (bench, &server, town);
  pk_bench_report (bench,
                   "memory-server",
                   pk_bench_get_memory_mb (pk_bench_process_get_pid (server.process)),
                   "MB",
                   0,
                   NULL);
  pk_bench_server_stop (&server);
  return pk_bench_finish (bench) ? EXIT_SUCCESS : EXIT_FAILURE;
}

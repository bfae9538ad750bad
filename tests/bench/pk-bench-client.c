/* See the header. */
#include "config.h"

#include "pk-bench-client.h"

#include "pk-mutation.h"
#include "pk-outbox.h"
#include "pk-sync-session-private.h"
#include "pk-writer-sync.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#define PATIENCE_US (600 * G_USEC_PER_SEC)

/**
 * pk_bench_ms_since:
 *
 * Returns: milliseconds since @start_us
 */
double
pk_bench_ms_since (gint64 start_us)
{
  return (double) (g_get_monotonic_time () - start_us) / 1000;
}

static gboolean
wake_cb (gpointer data G_GNUC_UNUSED)
{
  return G_SOURCE_CONTINUE;
}

/**
 * pk_bench_wait_for:
 *
 * Runs the main context until the condition holds; fails where it does not in ten minutes.
 */
void
pk_bench_wait_for (PkBenchCondition condition, gpointer data)
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

/**
 * pk_bench_client_open:
 * @name: of its folder, beside the town's
 *
 * Signs a new client in that has nothing yet.
 */
void
pk_bench_client_open (PkBenchClient *self,
                      const PkBenchServer *server,
                      const PkBenchTown *town,
                      const char *name)
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
  pk_bench_wait_for (is_set, &account);
  self->replica =
      pk_replica_open (self->dir, clock, ids, &town->person, PK_REPLICA_DEFAULT, &error);
  g_assert_no_error (error);
  g_assert_true (pk_id_parse (account->device, &device));
  PkReplicaJob job = { PK_PRIORITY_INTERACTIVE, &device, NULL, NULL };
  pk_replica_write_async (self->replica, set_device, &job, NULL, job_done_cb, &is_done);
  pk_bench_wait_for (is_set, &is_done);
}

/**
 * pk_bench_client_start:
 *
 * Begins a session.
 */
void
pk_bench_client_start (PkBenchClient *self)
{
  self->session = pk_sync_session_new (self->replica, self->authorizer);
  pk_sync_session_start (self->session);
}

/**
 * pk_bench_client_stop:
 *
 * Ends the session.
 */
void
pk_bench_client_stop (PkBenchClient *self)
{
  pk_sync_session_stop (self->session);
  g_clear_object (&self->session);
}

/**
 * pk_bench_client_close:
 *
 * Closes the files.
 */
void
pk_bench_client_close (PkBenchClient *self)
{
  pk_replica_close (self->replica);
  g_clear_object (&self->replica);
  g_clear_object (&self->authorizer);
  g_free (self->dir);
}

/**
 * pk_bench_client_is_up_to_date:
 *
 * The status tells what the session knows; the replica tells what is there.
 *
 * Returns: whether all of it is here
 */
gboolean
pk_bench_client_is_up_to_date (gpointer data)
{
  PkBenchClient *self = data;
  PkSyncStatus *status = pk_sync_session_get_status (self->session);
  PkReplicaSummary summary;

  if (pk_sync_status_get_state (status) != PK_SYNC_STATE_UP_TO_DATE ||
      pk_sync_status_get_is_first (status))
    return FALSE;
  g_assert_true (pk_reader_read_summary (pk_replica_get_reader (self->replica), &summary, NULL));
  return summary.n_waiting == 0 && summary.seq >= self->seq;
}

/**
 * pk_bench_client_is_judged:
 *
 * Returns: whether nothing waits in the outbox
 */
gboolean
pk_bench_client_is_judged (gpointer data)
{
  PkBenchClient *self = data;
  PkReplicaSummary summary;

  g_assert_true (pk_reader_read_summary (pk_replica_get_reader (self->replica), &summary, NULL));
  return summary.n_waiting == 0;
}

/**
 * pk_bench_client_time_session:
 *
 * Returns: milliseconds from the beginning of a session until all of it is here
 */
double
pk_bench_client_time_session (PkBenchClient *self)
{
  gint64 start_us = g_get_monotonic_time ();

  pk_bench_client_start (self);
  pk_bench_wait_for (pk_bench_client_is_up_to_date, self);
  return pk_bench_ms_since (start_us);
}

/**
 * pk_bench_client_is_idle:
 *
 * Returns: whether no upkeep is under way
 */
gboolean
pk_bench_client_is_idle (gpointer data)
{
  return !pk_replica_is_busy (((PkBenchClient *) data)->replica);
}

/**
 * pk_bench_client_get_seq:
 *
 * Returns: the server's state that the replica holds
 */
gint64
pk_bench_client_get_seq (PkBenchClient *self)
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

/**
 * pk_bench_client_edit_offline:
 * @n: how many tasks, the first of the list by date
 *
 * Gives tasks another title while no session runs.
 *
 * Returns: milliseconds until that is saved and shown
 */
double
pk_bench_client_edit_offline (PkBenchClient *self, guint n, const char *title)
{
  g_autoptr (GPtrArray) edits = g_ptr_array_new_with_free_func (free_mutation);
  g_autoptr (PkTaskQuery) query = pk_task_query_new ();
  g_autoptr (GError) error = NULL;
  PkReader *reader = pk_replica_get_reader (self->replica);
  g_autoptr (GArray) rids = pk_reader_query_tasks (reader, query, &error);
  gpointer is_done = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (rids->len, >=, n);
  for (guint i = 0; i < n; i++)
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
  gint64 start_us = g_get_monotonic_time ();
  pk_replica_submit_async (self->replica, edits, NULL, submitted_cb, &is_done);
  pk_bench_wait_for (is_set, &is_done);
  return pk_bench_ms_since (start_us);
}

static gboolean
is_at_rest (gpointer data)
{
  PkBenchClient *self = data;

  return !pk_sync_machine_lane_is_busy (self->session->machine, PK_SYNC_LANE_CYCLE);
}

/**
 * pk_bench_client_time_pull:
 *
 * One question of a session that runs, over the connection that is open.
 *
 * Returns: milliseconds until the answer is taken
 */
double
pk_bench_client_time_pull (PkBenchClient *self)
{
  pk_bench_wait_for (is_at_rest, self);
  gint64 start_us = g_get_monotonic_time ();
  pk_sync_session_sync_now (self->session);
  g_assert_false (is_at_rest (self));
  while (!is_at_rest (self))
    g_main_context_iteration (NULL, TRUE);
  return pk_bench_ms_since (start_us);
}

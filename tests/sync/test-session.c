/*
 * The session against a server over real HTTP on loopback, with a real replica in a temporary directory. The clock is the real one;
 * nothing sleeps: every wait is for a condition, and ends after a time at the latest.
 */
#include "config.h"

#include "pk-blob-cache.h"
#include "pk-blob-queue.h"
#include "pk-problem.h"
#include "pk-replica.h"
#include "pk-scope.h"
#include "pk-scripted-server.h"
#include "pk-sync-session.h"
#include "pk-test.h"
#include "snapshot-file.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  PkScriptedServer *server;
  char *directory;
  PkReplica *replica;
  PkAuthorizer *authorizer;
  PkSyncSession *session;
} Fixture;

static PkAccount *
sign_in (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pk_authorizer_sign_in_demo_async (fixture->authorizer,
                                    "caretaker",
                                    NULL,
                                    pk_test_keep_result_cb,
                                    &result);
  pk_test_wait_until (result != NULL);
  return pk_authorizer_finish (fixture->authorizer, result, error);
}

static void
open_replica (Fixture *fixture)
{
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (PkIdSource) ids = pk_id_source_new (clock);
  g_autoptr (GError) error = NULL;

  fixture->replica = pk_replica_open (fixture->directory,
                                      clock,
                                      ids,
                                      &fixture->server->person,
                                      PK_REPLICA_NO_SYNC,
                                      &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->server = pk_scripted_server_new ();
  fixture->directory = g_dir_make_tmp ("pk-session-XXXXXX", &error);
  g_assert_no_error (error);
  open_replica (fixture);
  fixture->authorizer = pk_authorizer_new (fixture->server->uri, PK_AUTHORIZER_MEMORY_ONLY);
  g_autoptr (PkAccount) account = sign_in (fixture, &error);
  g_assert_no_error (error);
  fixture->session = pk_sync_session_new (fixture->replica, fixture->authorizer);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  pk_sync_session_stop (fixture->session);
  g_clear_object (&fixture->session);
  g_clear_object (&fixture->authorizer);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  pk_replica_close (fixture->replica);
  g_clear_object (&fixture->replica);
  pk_scripted_server_free (fixture->server);
  pk_test_remove_tree (fixture->directory);
  g_free (fixture->directory);
}

static PkSyncState
state_of (Fixture *fixture)
{
  return pk_sync_status_get_state (pk_sync_session_get_status (fixture->session));
}

static gboolean
has_task (Fixture *fixture)
{
  g_autoptr (PkRecord) task = pk_reader_find (pk_replica_get_reader (fixture->replica),
                                              pk_entity_by_id (PK_ENTITY_TASK),
                                              &fixture->server->task,
                                              NULL);

  return task != NULL;
}

static void
read_summary (Fixture *fixture, PkReplicaSummary *summary)
{
  g_autoptr (GError) error = NULL;

  pk_reader_read_summary (pk_replica_get_reader (fixture->replica), summary, &error);
  g_assert_no_error (error);
}

static gint64
count_waiting (Fixture *fixture)
{
  PkReplicaSummary summary;

  read_summary (fixture, &summary);
  return summary.n_waiting;
}

static void
submit (Fixture *fixture, const char *title)
{
  PkId id = pk_id_source_next (pk_replica_get_id_source (fixture->replica));
  g_autoptr (GPtrArray)
      mutations = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  PkMutation *mutation =
      pk_mutation_new (PK_OP_CREATE, pk_entity_by_id (PK_ENTITY_TASK), NULL, &id);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text (title));
  g_ptr_array_add (mutations, mutation);
  pk_replica_submit_async (fixture->replica, mutations, NULL, pk_test_keep_result_cb, &result);
  pk_test_wait_until (result != NULL);
  pk_replica_submit_finish (fixture->replica, result, &error);
  g_assert_no_error (error);
}

static void
start_and_settle (Fixture *fixture)
{
  pk_sync_session_start (fixture->session);
  pk_test_wait_until (state_of (fixture) == PK_SYNC_STATE_UP_TO_DATE);
}

static void
the_first_sync_brings_what_the_server_has (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  start_and_settle (fixture);
  g_assert_true (has_task (fixture));
  g_assert_false (pk_sync_status_get_is_first (pk_sync_session_get_status (fixture->session)));
  g_assert_cmpint (pk_sync_status_get_last_contact (pk_sync_session_get_status (fixture->session)),
                   >,
                   0);
}

static void
a_packed_answer_is_the_same (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->server->packs = TRUE;
  start_and_settle (fixture);
  g_assert_true (has_task (fixture));
}

static void
pull_once (Fixture *fixture)
{
  guint before = fixture->server->counts[PK_SCRIPT_PULLS];
  PkSyncStatus *status = pk_sync_session_get_status (fixture->session);

  pk_sync_session_sync_now (fixture->session);
  pk_test_wait_until (fixture->server->counts[PK_SCRIPT_PULLS] > before);
  pk_test_wait_until (pk_sync_session_get_status (fixture->session) != status);
}

/* As soon as one pull has failed, the next one: a person who presses the button all the time. */
static void
press_until_pulled (Fixture *fixture, guint pulls)
{
  gint64 end_us = g_get_monotonic_time () + PK_TEST_PATIENCE_SECONDS * G_USEC_PER_SEC;

  while (fixture->server->counts[PK_SCRIPT_PULLS] < pulls && g_get_monotonic_time () < end_us)
    {
      pk_sync_session_sync_now (fixture->session);
      g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpuint (fixture->server->counts[PK_SCRIPT_PULLS], >=, pulls);
}

static void
cut_everywhere (Fixture *fixture, gsize stride)
{
  gsize size = fixture->server->feed->len;
  PkReplicaSummary summary;

  pk_sync_session_start (fixture->session);
  for (gsize n = 0; n < size; n += stride)
    {
      fixture->server->cut = (gssize) n;
      press_until_pulled (fixture, fixture->server->counts[PK_SCRIPT_PULLS] + 1);
      g_assert_false (has_task (fixture));
    }
  /* Two more, so that the last cut has been seen through. */
  press_until_pulled (fixture, fixture->server->counts[PK_SCRIPT_PULLS] + 2);
  g_assert_false (has_task (fixture));
  read_summary (fixture, &summary);
  g_assert_cmpint (summary.seq, ==, 0);
  fixture->server->cut = -1;
  pk_sync_session_sync_now (fixture->session);
  pk_test_wait_until (state_of (fixture) == PK_SYNC_STATE_UP_TO_DATE);
  g_assert_true (has_task (fixture));
}

static void
an_answer_cut_at_any_byte_changes_nothing (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  cut_everywhere (fixture, 1);
}

static void
a_connection_cut_in_an_answer_changes_nothing (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->server->cuts_socket = TRUE;
  cut_everywhere (fixture, 37);
}

static void
nonsense_changes_nothing (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  static const char *const nonsense[] = {
    "{}\n",
    "{\"commit\":{}}\n",
    "{\"commit\":{\"seq\":9,\"scopes\":[]}}\n",
    "[1,2\n{\"commit\":{\"seq\":9,\"scopes\":[]}}\n",
    "{\"rows\":\"task\",\"fields\":[\"title\"],\"data\":[[1]]}"
    "\n{\"commit\":{\"seq\":9,\"scopes\":[]}}\n",
    "\xff\xfe\n"
  };
  g_autofree char *feed = g_strdup (fixture->server->feed->str);

  pk_sync_session_start (fixture->session);
  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      g_string_assign (fixture->server->feed, nonsense[i]);
      pull_once (fixture);
      g_assert_false (has_task (fixture));
    }
  g_string_assign (fixture->server->feed, feed);
  pk_sync_session_sync_now (fixture->session);
  pk_test_wait_until (has_task (fixture));
}

static void
in_each_hotel_it_is_offline_and_stays_signed_in (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  static const PkScriptMood moods[] = { PK_SCRIPT_PORTAL,
                                        PK_SCRIPT_REDIRECT,
                                        PK_SCRIPT_NO_HEADER,
                                        PK_SCRIPT_WRONG_TYPE };

  start_and_settle (fixture);
  submit (fixture, "Sendt");
  pk_test_wait_until (count_waiting (fixture) == 0);
  for (guint i = 0; i < G_N_ELEMENTS (moods); i++)
    {
      fixture->server->mood = moods[i];
      submit (fixture, "Uten nett");
      pk_test_wait_until (state_of (fixture) == PK_SYNC_STATE_OFFLINE);
      g_assert_true (has_task (fixture));
      g_assert_cmpint (count_waiting (fixture), >, 0);
      g_assert_nonnull (pk_authorizer_get_account (fixture->authorizer));
      fixture->server->mood = PK_SCRIPT_WELL;
      pk_sync_session_sync_now (fixture->session);
      pk_test_wait_until (state_of (fixture) == PK_SYNC_STATE_UP_TO_DATE &&
                          count_waiting (fixture) == 0);
    }
  g_assert_cmpuint (fixture->server->counts[PK_SCRIPT_REFRESHES], ==, 0);
}

static void
a_server_in_trouble_is_told_and_waited_for (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->server->mood = PK_SCRIPT_TROUBLE;
  pk_sync_session_start (fixture->session);
  pk_test_wait_until (state_of (fixture) == PK_SYNC_STATE_TROUBLE);
  fixture->server->mood = PK_SCRIPT_WELL;
  pk_sync_session_sync_now (fixture->session);
  pk_test_wait_until (state_of (fixture) == PK_SYNC_STATE_UP_TO_DATE);
}

static void
a_server_that_says_nothing_holds_up_nobody (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  start_and_settle (fixture);
  fixture->server->mood = PK_SCRIPT_SILENT;
  guint before = fixture->server->counts[PK_SCRIPT_PULLS] +
                 fixture->server->counts[PK_SCRIPT_PUSHES];
  submit (fixture, "Mens serveren sover");
  pk_sync_session_sync_now (fixture->session);
  pk_test_wait_until (fixture->server->counts[PK_SCRIPT_PULLS] +
                          fixture->server->counts[PK_SCRIPT_PUSHES] >
                      before);
  submit (fixture, "Enda en");
  g_assert_cmpint (count_waiting (fixture), ==, 2);
}

static void
what_is_done_is_sent_and_acknowledged (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  start_and_settle (fixture);
  submit (fixture, "Første");
  submit (fixture, "Andre");
  pk_test_wait_until (count_waiting (fixture) == 0);
  g_assert_cmpuint (fixture->server->mutations->len, ==, 2);
  PkMutation *first = fixture->server->mutations->pdata[0];
  PkMutation *second = fixture->server->mutations->pdata[1];
  g_assert_cmpint (first->n, ==, 1);
  g_assert_cmpint (second->n, ==, 2);
  g_assert_true (pk_id_equal (&second->prev, &first->id));
}

/* Else a verdict could be of a history that is gone by the time the first answer comes. */
static void
no_work_is_judged_before_the_history_is_known (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  fixture->server->cut = 0;
  pk_sync_session_start (fixture->session);
  press_until_pulled (fixture, 1);
  submit (fixture, "Før noe har kommet");
  pk_test_wait_until (count_waiting (fixture) == 0);
  g_assert_cmpuint (fixture->server->counts[PK_SCRIPT_PUSHES], ==, 2);
  g_assert_cmpuint (fixture->server->mutations->len, ==, 1);
}

static void
a_gap_is_closed (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  start_and_settle (fixture);
  submit (fixture, "Første");
  pk_test_wait_until (count_waiting (fixture) == 0);
  fixture->server->push_fault = "gap";
  submit (fixture, "Andre");
  pk_test_wait_until (count_waiting (fixture) == 0);
  g_assert_cmpuint (fixture->server->mutations->len, ==, 3);
  g_assert_cmpint (((PkMutation *) fixture->server->mutations->pdata[1])->n, ==, 1);
  g_assert_cmpint (((PkMutation *) fixture->server->mutations->pdata[2])->n, ==, 2);
}

static void
a_fork_goes_on_under_a_new_id (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  start_and_settle (fixture);
  submit (fixture, "Første");
  pk_test_wait_until (count_waiting (fixture) == 0);
  fixture->server->push_fault = "forked";
  submit (fixture, "Andre");
  pk_test_wait_until (count_waiting (fixture) == 0);
  PkMutation *last = fixture->server->mutations->pdata[fixture->server->mutations->len - 1];
  g_assert_cmpint (last->n, ==, 1);
  g_assert_true (pk_id_is_null (&last->prev));
}

static void
a_new_epoch_sends_everything_again (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (PkIdSource) ids = pk_id_source_new (clock);

  start_and_settle (fixture);
  submit (fixture, "Før gjenopprettingen");
  pk_test_wait_until (count_waiting (fixture) == 0);
  fixture->server->epoch = pk_id_source_next (ids);
  pk_sync_session_sync_now (fixture->session);
  pk_test_wait_until (fixture->server->mutations->len == 2);
  PkMutation *first = fixture->server->mutations->pdata[0];
  PkMutation *again = fixture->server->mutations->pdata[1];
  g_assert_true (pk_id_equal (&first->id, &again->id));
  pk_test_wait_until (count_waiting (fixture) == 0);
}

static void
an_old_token_is_refreshed_and_nobody_notices (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  start_and_settle (fixture);
  fixture->server->is_strict = TRUE;
  fixture->server->spoiled = fixture->server->token;
  submit (fixture, "Med gammelt token");
  pk_test_wait_until (count_waiting (fixture) == 0);
  g_assert_cmpuint (fixture->server->counts[PK_SCRIPT_REFRESHES], ==, 1);
  pk_test_wait_until (state_of (fixture) == PK_SYNC_STATE_UP_TO_DATE);
}

static void
a_token_that_ends_is_renewed (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  start_and_settle (fixture);
  g_autoptr (GAsyncResult) result = NULL;
  pk_authorizer_refresh_async (fixture->authorizer, NULL, pk_test_keep_result_cb, &result);
  pk_test_wait_until (result != NULL);
  g_autoptr (PkAccount) account = pk_authorizer_finish (fixture->authorizer, result, NULL);
  g_assert_nonnull (account);
  g_assert_cmpstr (account->name, ==, "Kari");
  fixture->server->is_strict = TRUE;
  submit (fixture, "Med nytt token");
  pk_test_wait_until (count_waiting (fixture) == 0);
  /* A request that set out with the token before may ask for one more; never for one each. */
  g_assert_cmpuint (fixture->server->counts[PK_SCRIPT_REFRESHES], >=, 1);
  g_assert_cmpuint (fixture->server->counts[PK_SCRIPT_REFRESHES], <=, 2);
}

static void
a_refused_refresh_asks_the_person_and_keeps_everything (Fixture *fixture,
                                                        G_GNUC_UNUSED gconstpointer data)
{
  start_and_settle (fixture);
  fixture->server->is_strict = TRUE;
  fixture->server->token++;
  fixture->server->refuses_refresh = TRUE;
  submit (fixture, "Mens ingen er logget inn");
  pk_test_wait_until (state_of (fixture) == PK_SYNC_STATE_SIGN_IN_NEEDED);
  g_assert_cmpint (count_waiting (fixture), ==, 1);
  g_assert_true (has_task (fixture));
  fixture->server->refuses_refresh = FALSE;
  g_autoptr (PkAccount) account = sign_in (fixture, NULL);
  g_assert_nonnull (account);
  pk_sync_session_signed_in (fixture->session);
  pk_test_wait_until (count_waiting (fixture) == 0);
}

static char *
read_content (Fixture *fixture, const char *sha256)
{
  g_autofree char *path = pk_blob_cache_get_path (fixture->directory, sha256);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

static void
a_content_is_fetched_and_verified (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *sha256 = pk_scripted_server_add_content (fixture->server,
                                                            "Brannbok for Dale skole");
  g_autofree char *part = pk_blob_cache_get_part_path (fixture->directory, sha256);
  g_autofree char *directory = g_path_get_dirname (part);

  start_and_settle (fixture);
  g_mkdir_with_parents (directory, 0700);
  g_file_set_contents (part, "Brannbok", -1, NULL);
  pk_sync_session_want_content (fixture->session, sha256, 23);
  pk_test_wait_until (pk_blob_cache_has (fixture->directory, sha256));
  g_autofree char *text = read_content (fixture, sha256);
  g_assert_cmpstr (text, ==, "Brannbok for Dale skole");
  g_assert_cmpuint (fixture->server->counts[PK_SCRIPT_RANGES], ==, 1);
}

static void
a_content_with_other_bytes_is_never_shown (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *sha256 = pk_sha256_of_bytes ("right", 5);

  g_hash_table_insert (fixture->server->contents,
                       g_strdup (sha256),
                       g_bytes_new_static ("wrong", 5));
  start_and_settle (fixture);
  pk_sync_session_want_content (fixture->session, sha256, 5);
  pk_test_wait_until (fixture->server->counts[PK_SCRIPT_CONTENTS] > 1);
  g_assert_false (pk_blob_cache_has (fixture->directory, sha256));
}

static gpointer
queue_upload (PkWriter *writer, gpointer data, GError **error)
{
  return pk_writer_queue_upload (writer, data, error) ? PK_DONE : NULL;
}

static void
queue (Fixture *fixture, const char *text, gsize size, char **sha256_out)
{
  g_autofree char *path = g_build_filename (fixture->directory, "file", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PkPendingUpload upload = { .media_type = (char *) "text/plain" };

  g_file_set_contents (path, text, (gssize) size, &error);
  g_assert_no_error (error);
  pk_blob_cache_add_file (fixture->directory, path, sha256_out, &upload.size_bytes, &error);
  g_assert_no_error (error);
  upload.sha256 = *sha256_out;
  upload.document = fixture->server->task;
  PkReplicaJob job = { .priority = PK_PRIORITY_INTERACTIVE, .data = &upload };
  pk_replica_write_async (fixture->replica,
                          queue_upload,
                          &job,
                          NULL,
                          pk_test_keep_result_cb,
                          &result);
  pk_test_wait_until (result != NULL);
  pk_replica_job_finish (fixture->replica, result, &error);
  g_assert_no_error (error);
}

static gboolean
has_arrived (Fixture *fixture, const char *sha256, gsize size)
{
  GByteArray *bytes = g_hash_table_lookup (fixture->server->uploading, sha256);

  if (bytes == NULL || bytes->len != size)
    return FALSE;
  g_autofree char *found = pk_sha256_of_bytes (bytes->data, bytes->len);
  return g_str_equal (found, sha256);
}

static gint64
count_uploads (Fixture *fixture)
{
  PkReplicaSummary summary;

  read_summary (fixture, &summary);
  return summary.n_uploads;
}

static void
a_content_is_sent_in_chunks_also_after_a_cut (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  gsize size = 9 * 1024 * 1024 + 17;
  g_autofree char *text = g_malloc (size);
  g_autofree char *sha256 = NULL;

  for (gsize i = 0; i < size; i++)
    text[i] = (char) (i * 31 + i / 251);
  queue (fixture, text, size, &sha256);
  fixture->server->takes_half = TRUE;
  pk_sync_session_start (fixture->session);
  pk_test_wait_until (has_arrived (fixture, sha256, size));
  pk_test_wait_until (count_uploads (fixture) == 0);
  g_assert_true (pk_blob_cache_has (fixture->directory, sha256));
}

/* As soon as one try has been cut, the next one. */
#define press_until(condition)                                                                     \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 end_us = g_get_monotonic_time () + PK_TEST_PATIENCE_SECONDS * G_USEC_PER_SEC;           \
    while (!(condition) && g_get_monotonic_time () < end_us)                                       \
      {                                                                                            \
        pk_sync_session_sync_now (fixture->session);                                               \
        g_main_context_iteration (NULL, TRUE);                                                     \
      }                                                                                            \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END

static void
a_content_that_is_cut_at_every_chunk_arrives (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *text = g_strnfill (20 * 4096 + 11, 'x');
  g_autofree char *sha256 = pk_scripted_server_add_content (fixture->server, text);

  start_and_settle (fixture);
  fixture->server->step = 4096;
  pk_sync_session_want_content (fixture->session, sha256, (gint64) strlen (text));
  press_until (pk_blob_cache_has (fixture->directory, sha256));
  /* Each chunk came once: one beginning, and then always from where the last one was cut. */
  g_assert_cmpuint (fixture->server->counts[PK_SCRIPT_CONTENTS], ==, 21);
  g_assert_cmpuint (fixture->server->counts[PK_SCRIPT_RANGES], ==, 20);
}

static void
an_upload_that_is_cut_at_every_chunk_arrives (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  gsize size = 10 * 50000 + 7;
  g_autofree char *text = g_strnfill (size, 'y');
  g_autofree char *sha256 = NULL;

  queue (fixture, text, size, &sha256);
  fixture->server->step = 50000;
  pk_sync_session_start (fixture->session);
  press_until (has_arrived (fixture, sha256, size));
  press_until (count_uploads (fixture) == 0);
  g_assert_true (pk_blob_cache_has (fixture->directory, sha256));
}

static void
make_snapshot (Fixture *fixture, guint n_records)
{
  g_autofree char *plain = g_build_filename (fixture->directory, "plain", NULL);
  g_autofree char *packed = g_build_filename (fixture->directory, "packed", NULL);
  g_autofree char *scope = pk_scope_name_person (&fixture->server->person);
  PkIdSource *ids = pk_replica_get_id_source (fixture->replica);
  SnapshotFile file;

  snapshot_file_begin (&file, plain);
  for (guint i = 0; i < n_records; i++)
    {
      g_autofree char *noise = g_strdup_printf ("%" G_GUINT64_FORMAT,
                                                pk_id_source_next_random (ids));
      PkId id = i == 0 ? fixture->server->task : pk_id_source_next (ids);
      g_autoptr (PkRecord) task = pk_record_new (pk_entity_by_id (PK_ENTITY_TASK), &id);
      pk_record_set_seq (task, fixture->server->seq);
      pk_record_set_text (task, PK_TASK_TITLE, noise);
      pk_record_set_int (task, PK_TASK_KIND, PK_TASK_KIND_TASK);
      pk_record_set_int (task, PK_TASK_PRIORITY, PK_TASK_PRIORITY_NORMAL);
      pk_record_set_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
      pk_record_set_int (task, PK_TASK_IS_OPEN, TRUE);
      pk_record_set_int (task, PK_TASK_CHANNEL, PK_CHANNEL_INTERNAL);
      pk_record_set_int (task, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_INTERNAL);
      pk_record_set_int (task, PK_TASK_CREATED_AT, 1000000);
      snapshot_file_add (&file, task);
    }
  snapshot_file_end (&file, scope, fixture->server->seq, packed);
  pk_scripted_server_offer_snapshot (fixture->server, packed);
}

static void
a_snapshot_that_is_cut_at_every_chunk_arrives (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  make_snapshot (fixture, 1500);
  fixture->server->step = 4096;
  pk_sync_session_start (fixture->session);
  press_until (has_task (fixture));
  g_assert_cmpuint (fixture->server->counts[PK_SCRIPT_RANGES], >, 3);
  fixture->server->step = 0;
  pk_test_wait_until (state_of (fixture) == PK_SYNC_STATE_UP_TO_DATE);
}

static void
flip_bytes (Fixture *fixture)
{
  GHashTableIter iter;
  gpointer name, bytes;

  g_hash_table_iter_init (&iter, fixture->server->contents);
  g_assert_true (g_hash_table_iter_next (&iter, &name, &bytes));
  gsize size = g_bytes_get_size (bytes);
  g_autofree char *other = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
  other[size / 2] ^= 1;
  g_hash_table_iter_replace (&iter, g_bytes_new_take (g_steal_pointer (&other), size));
}

static void
a_snapshot_with_another_bit_is_never_installed (Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *feed = g_strdup (fixture->server->feed->str);

  make_snapshot (fixture, 500);
  flip_bytes (fixture);
  pk_sync_session_start (fixture->session);
  press_until (fixture->server->counts[PK_SCRIPT_PULLS] > 4);
  g_assert_false (has_task (fixture));
  /* It asks for the rows instead, and gets them. */
  g_string_assign (fixture->server->feed, feed);
  press_until (has_task (fixture));
}

int
main (int argc, char **argv)
{
  /* No test may touch the keyring of whoever runs it. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(name) g_test_add ("/sync/session/" #name, Fixture, NULL, set_up, name, tear_down)
  ADD (the_first_sync_brings_what_the_server_has);
  ADD (a_packed_answer_is_the_same);
  ADD (an_answer_cut_at_any_byte_changes_nothing);
  ADD (a_connection_cut_in_an_answer_changes_nothing);
  ADD (nonsense_changes_nothing);
  ADD (in_each_hotel_it_is_offline_and_stays_signed_in);
  ADD (a_server_in_trouble_is_told_and_waited_for);
  ADD (a_server_that_says_nothing_holds_up_nobody);
  ADD (what_is_done_is_sent_and_acknowledged);
  ADD (no_work_is_judged_before_the_history_is_known);
  ADD (a_gap_is_closed);
  ADD (a_fork_goes_on_under_a_new_id);
  ADD (a_new_epoch_sends_everything_again);
  ADD (an_old_token_is_refreshed_and_nobody_notices);
  ADD (a_token_that_ends_is_renewed);
  ADD (a_refused_refresh_asks_the_person_and_keeps_everything);
  ADD (a_content_is_fetched_and_verified);
  ADD (a_content_with_other_bytes_is_never_shown);
  ADD (a_content_is_sent_in_chunks_also_after_a_cut);
  ADD (a_content_that_is_cut_at_every_chunk_arrives);
  ADD (an_upload_that_is_cut_at_every_chunk_arrives);
  ADD (a_snapshot_that_is_cut_at_every_chunk_arrives);
  ADD (a_snapshot_with_another_bit_is_never_installed);
  return g_test_run ();
}

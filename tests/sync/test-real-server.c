/*
 * Two clients and the real server in a process of its own, with the demo municipality: what one does, the other sees. The program
 * is given in PK_SERVER_PROGRAM.
 */
#include "config.h"

#include "pk-command.h"
#include "pk-replica.h"
#include "pk-sync-session.h"
#include "pk-task-commands.h"
#include "pk-test-database.h"
#include "pk-test.h"

#include <signal.h>

typedef struct
{
  char *directory;
  PkReplica *replica;
  PkAuthorizer *authorizer;
  PkSyncSession *session;
  PkCommandContext *context;
} Client;

static GSubprocess *
start_server (const char *directory, char **uri_out)
{
  const char *program = g_getenv ("PK_SERVER_PROGRAM");
  g_autoptr (GError) error = NULL;
  GSubprocess *server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                          &error,
                                          program,
                                          "--demo",
                                          "--data",
                                          directory,
                                          "--port",
                                          "0",
                                          NULL);

  g_assert_no_error (error);
  g_autoptr (GDataInputStream)
      out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server));
  do
    {
      g_free (*uri_out);
      *uri_out = g_data_input_stream_read_line (out, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (*uri_out);
    }
  while (!g_str_has_prefix (*uri_out, "listening on "));
  g_autofree char *line = *uri_out;
  *uri_out = g_strdup (line + strlen ("listening on "));
  return server;
}

static void
open_client (Client *self, const char *uri, const char *role)
{
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (PkIdSource) ids = pk_id_source_new (clock);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PkId person;

  self->authorizer = pk_authorizer_new (uri, PK_AUTHORIZER_MEMORY_ONLY);
  pk_authorizer_sign_in_demo_async (self->authorizer, role, NULL, pk_test_keep_result_cb, &result);
  pk_test_wait_until (result != NULL);
  g_autoptr (PkAccount) account = pk_authorizer_finish (self->authorizer, result, &error);
  g_assert_no_error (error);
  g_assert_true (pk_id_parse (account->person, &person));
  self->directory = g_dir_make_tmp ("pk-client-XXXXXX", NULL);
  self->replica =
      pk_replica_open (self->directory, clock, ids, &person, PK_REPLICA_NO_SYNC, &error);
  g_assert_no_error (error);
  self->context = pk_command_context_new (self->replica, clock, ids, &person, NULL);
  self->session = pk_sync_session_new (self->replica, self->authorizer);
  pk_sync_session_start (self->session);
}

static gboolean
is_in_step (Client *self)
{
  PkSyncStatus *status = pk_sync_session_get_status (self->session);

  return pk_sync_status_get_state (status) == PK_SYNC_STATE_UP_TO_DATE &&
         !pk_sync_status_get_is_first (status) && pk_sync_status_get_n_waiting (status) == 0;
}

static void
close_client (Client *self)
{
  pk_sync_session_stop (self->session);
  g_clear_object (&self->session);
  g_clear_object (&self->authorizer);
  g_clear_pointer (&self->context, pk_command_context_unref);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  pk_replica_close (self->replica);
  g_clear_object (&self->replica);
  pk_test_remove_tree (self->directory);
  g_free (self->directory);
}

static gint64
count_tasks (Client *self)
{
  g_autoptr (GError) error = NULL;
  PkTaskQuery query = { 0 };
  gint64 n = 0;

  pk_reader_count_tasks (pk_replica_get_reader (self->replica), &query, &n, &error);
  g_assert_no_error (error);
  return n;
}

static PkRecord *
find_task (Client *self, const PkId *id)
{
  return pk_reader_find (pk_replica_get_reader (self->replica),
                         pk_entity_by_id (PK_ENTITY_TASK),
                         id,
                         NULL);
}

static void
run (Client *self, PkCommand *command)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pk_command_run_async (command, self->context, NULL, pk_test_keep_result_cb, &result);
  pk_test_wait_until (result != NULL);
  g_autoptr (PkCommand) undo = pk_command_run_finish (command, result, &error);
  g_assert_no_error (error);
}

static gboolean
sees_status (Client *self, const PkId *id, PkTaskStatus status)
{
  g_autoptr (PkRecord) task = find_task (self, id);

  return task != NULL && pk_record_get_int (task, PK_TASK_STATUS, -1) == (gint64) status;
}

static void
what_one_does_the_other_sees (void)
{
  g_autofree char *directory = g_dir_make_tmp ("pk-server-XXXXXX", NULL);
  g_autofree char *uri = NULL;
  Client one = { 0 };
  Client two = { 0 };

  if (g_getenv ("PK_SERVER_PROGRAM") == NULL)
    {
      g_test_skip ("PK_SERVER_PROGRAM names no server");
      return;
    }
  pk_test_database_set_up (directory);
  g_autoptr (GSubprocess) server = start_server (directory, &uri);
  open_client (&one, uri, "caretaker");
  open_client (&two, uri, "caretaker");
  pk_test_wait_until (is_in_step (&one) && is_in_step (&two));
  g_assert_cmpint (count_tasks (&one), >, 0);
  g_assert_cmpint (count_tasks (&one), ==, count_tasks (&two));

  g_autoptr (PkRecord) draft = pk_create_task_command_draft (one.context);
  const PkId *id = pk_record_get_id (draft);
  pk_record_set_text (draft, PK_TASK_TITLE, "Bytt pære i gymsalen");
  pk_record_set_ref (draft, PK_TASK_ASSIGNEE_ID, pk_command_context_get_actor (one.context));
  g_autoptr (PkCommand) create = pk_create_task_command_new (draft);
  run (&one, create);
  pk_test_wait_until (sees_status (&two, id, PK_TASK_STATUS_NEW));

  g_autoptr (PkRecord) seen = find_task (&two, id);
  g_autoptr (PkCommand) complete =
      pk_complete_command_new (seen, PK_TASK_OUTCOME_SOLVED, "Ny pære", "Vi har byttet pæren.");
  run (&two, complete);
  pk_test_wait_until (sees_status (&one, id, PK_TASK_STATUS_DONE));
  pk_test_wait_until (is_in_step (&one) && is_in_step (&two));
  g_assert_cmpint (count_tasks (&one), ==, count_tasks (&two));

  close_client (&one);
  close_client (&two);
  g_subprocess_send_signal (server, SIGTERM);
  g_subprocess_wait (server, NULL, NULL);
  pk_test_remove_tree (directory);
}

int
main (int argc, char **argv)
{
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/sync/server/what-one-does-the-other-sees", what_one_does_the_other_sees);
  return g_test_run ();
}

/*
 * A device without a window, made to be killed: the program's own replica, commands and sync session on a folder that outlives it. Its
 * person does things at random, from a seed; each mutation that the outbox has accepted is told on standard output at once:
 *
 *   opened PLACE         the last place of the outbox as it was found
 *   accepted PLACE ID    also those of the last life that were not told any more
 *   signed-in            at the door, once more
 *   in-step              with --quiet: all was pushed, and what there is was pulled
 *
 * With --quiet the person does nothing. The program ends when it is killed.
 */
#include "config.h"

#include "pk-command.h"
#include "pk-record-commands.h"
#include "pk-replica.h"
#include "pk-sync-session.h"
#include "pk-task-commands.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NEWEST       24
#define MAX_WAITING  400
#define MAX_PAUSE_MS 160
#define RETRY_MS     100

typedef struct
{
  char *server;
  char *person;
  char *folder;
  int seed;
  int told;
  gboolean is_quiet;
  GRand *chance;
  PkAuthorizer *authorizer;
  PkReplica *replica;
  PkCommandContext *context;
  PkSyncSession *session;
  PkCommand *command; /* (nullable): under way */
  guint n_acts;
  gboolean is_signing_in;
  gboolean has_told_in_step;
} Client;

/* Whole lines in one write: who reads them gets all or nothing of each. */
G_GNUC_PRINTF (1, 2)
static void
tell (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  gsize size = strlen (line);
  if (write (STDOUT_FILENO, line, size) != (gssize) size)
    exit (EXIT_FAILURE);
}

static PkReader *
get_reader (Client *self)
{
  return pk_replica_get_reader (self->replica);
}

/* Places are given out one by one and never again, and no entry goes within the test's time. */
static void
tell_accepted (Client *self)
{
  for (;;)
    {
      char id[PK_ID_TEXT_LENGTH + 1];
      g_autoptr (GError) error = NULL;
      g_autoptr (PkOutboxEntry)
          entry = pk_reader_find_outbox (get_reader (self), self->told + 1, &error);
      if (error != NULL)
        g_error ("The outbox cannot be read: %s", error->message);
      if (entry == NULL)
        return;
      tell ("accepted %d %s\n", ++self->told, pk_id_to_text (&entry->id, id));
    }
}

static void
tell_last_place (Client *self)
{
  gint64 place = 0;

  for (;;)
    {
      g_autoptr (PkOutboxEntry) entry = pk_reader_find_outbox (get_reader (self), place + 1, NULL);
      if (entry == NULL)
        break;
      place++;
    }
  tell ("opened %" G_GINT64_FORMAT "\n", place);
}

static PkRecord *
draw_task (Client *self)
{
  g_autoptr (PkTaskQuery) query = pk_task_query_new ();

  query->order = PK_TASK_ORDER_CREATED;
  query->is_descending = TRUE;
  g_autoptr (GArray) rids = pk_reader_query_tasks (get_reader (self), query, NULL);
  if (rids == NULL || rids->len == 0)
    return NULL;
  guint i = (guint) g_rand_int_range (self->chance, 0, (gint32) MIN (rids->len, NEWEST));
  return pk_reader_find_by_rid (get_reader (self),
                                pk_entity_by_id (PK_ENTITY_TASK),
                                g_array_index (rids, gint64, i),
                                NULL);
}

static char *
make_words (Client *self, const char *what)
{
  return g_strdup_printf ("%s %08x", what, g_rand_int (self->chance));
}

static PkCommand *
make_task (Client *self)
{
  g_autoptr (PkRecord) draft = pk_create_task_command_draft (self->context);
  g_autofree char *title = make_words (self, "A door that does not close");

  pk_record_set_text (draft, PK_TASK_TITLE, title);
  if (g_rand_boolean (self->chance))
    pk_record_set_ref (draft, PK_TASK_ASSIGNEE_ID, pk_command_context_get_actor (self->context));
  return pk_create_task_command_new (draft);
}

static PkCommand *
edit_text (Client *self, PkRecord *task, guint field)
{
  g_autofree char *words = make_words (self, "The carpenter");
  PkValue value = pk_value_text (words);
  PkCommand *command = pk_edit_field_command_new (task, field, &value);

  pk_value_clear (&value);
  return command;
}

static PkCommand *
move_on (Client *self, PkRecord *task)
{
  g_autofree char *words = make_words (self, "Waits for");

  switch (g_rand_int_range (self->chance, 0, 5))
    {
    case 0:
      return pk_accept_command_new (task);
    case 1:
      return pk_start_command_new (task);
    case 2:
      return pk_wait_command_new (task, words);
    case 3:
      return pk_reopen_command_new (task);
    default:
      return pk_complete_command_new (task, PK_TASK_OUTCOME_SOLVED, words, "It is done.");
    }
}

static PkCommand *
draw_command (Client *self)
{
  g_autoptr (PkRecord) task = draw_task (self);
  g_autofree char *words = make_words (self, "Who has the key?");

  switch (task == NULL ? 0 : g_rand_int_range (self->chance, 0, 8))
    {
    case 0:
    case 1:
      return make_task (self);
    case 2:
    case 3:
      return edit_text (self, task, PK_TASK_TITLE);
    case 4:
      return edit_text (self, task, PK_TASK_DESCRIPTION);
    case 5:
      return pk_send_message_command_new (task, PK_AUDIENCE_INTERNAL, words);
    default:
      return move_on (self, task);
    }
}

static gboolean act_cb (gpointer data);

static void
rest (Client *self)
{
  g_timeout_add ((guint) g_rand_int_range (self->chance, 1, MAX_PAUSE_MS), act_cb, self);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Client *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PkCommand) undo = pk_command_run_finish (PK_COMMAND (source), result, &error);

  g_clear_object (&self->command);
  if (error == NULL)
    tell_accepted (self);
  else if (error->domain != PK_PROBLEM_ERROR)
    g_error ("A command failed: %s", error->message);
  rest (self);
}

static gboolean
act_cb (gpointer data)
{
  Client *self = data;

  if (pk_sync_status_get_n_waiting (pk_sync_session_get_status (self->session)) > MAX_WAITING)
    {
      rest (self);
      return G_SOURCE_REMOVE;
    }
  self->command = draw_command (self);
  pk_command_run_async (self->command, self->context, NULL, done_cb, self);
  return G_SOURCE_REMOVE;
}

static void sign_in (Client *self);

static gboolean
retry_cb (gpointer data)
{
  sign_in (data);
  return G_SOURCE_REMOVE;
}

static void open_replica (Client *self, const PkAccount *account);

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Client *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PkAccount) account = pk_authorizer_finish (PK_AUTHORIZER (source), result, &error);

  if (account == NULL)
    {
      g_timeout_add (RETRY_MS, retry_cb, self);
      return;
    }
  self->is_signing_in = FALSE;
  tell ("signed-in\n");
  if (self->session == NULL)
    open_replica (self, account);
  else
    pk_sync_session_signed_in (self->session);
}

static void
sign_in (Client *self)
{
  self->is_signing_in = TRUE;
  pk_authorizer_sign_in_demo_async (self->authorizer, self->person, NULL, signed_in_cb, self);
}

static void
status_cb (Client *self)
{
  PkSyncStatus *status = pk_sync_session_get_status (self->session);
  PkSyncState state = pk_sync_status_get_state (status);

  if (state == PK_SYNC_STATE_SIGN_IN_NEEDED && !self->is_signing_in)
    sign_in (self);
  if (state == PK_SYNC_STATE_REVOKED || state == PK_SYNC_STATE_TOO_OLD)
    g_error ("The server will not have this device: %s", pk_sync_status_get_detail (status));
  if (!self->is_quiet || self->has_told_in_step || state != PK_SYNC_STATE_UP_TO_DATE ||
      pk_sync_status_get_is_first (status) || pk_sync_status_get_n_waiting (status) > 0)
    return;
  self->has_told_in_step = TRUE;
  tell ("in-step\n");
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Client *self = data;
  g_autoptr (PkAccount) account = pk_authorizer_finish (PK_AUTHORIZER (source), result, NULL);

  if (account == NULL)
    sign_in (self);
  else
    open_replica (self, account);
}

static void
open_replica (Client *self, const PkAccount *account)
{
  g_autoptr (PkClock) clock = pk_clock_new_system ();
  g_autoptr (PkIdSource) ids = pk_id_source_new (clock);
  g_autoptr (GError) error = NULL;
  PkId person;

  if (!pk_id_parse (account->person, &person))
    g_error ("No person: %s", account->person);
  self->replica = pk_replica_open (self->folder, clock, ids, &person, PK_REPLICA_DEFAULT, &error);
  if (self->replica == NULL)
    g_error ("The replica cannot be opened: %s", error->message);
  tell_last_place (self);
  tell_accepted (self);
  self->context = pk_command_context_new (self->replica, clock, ids, &person, NULL);
  self->session = pk_sync_session_new (self->replica, self->authorizer);
  g_signal_connect_swapped (self->session, "notify::status", G_CALLBACK (status_cb), self);
  pk_sync_session_start (self->session);
  if (!self->is_quiet)
    rest (self);
}

static gboolean
read_options (Client *self, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "server", 0, 0, G_OPTION_ARG_STRING, &self->server, NULL, NULL },
    { "person", 0, 0, G_OPTION_ARG_STRING, &self->person, NULL, NULL },
    { "folder", 0, 0, G_OPTION_ARG_FILENAME, &self->folder, NULL, NULL },
    { "seed", 0, 0, G_OPTION_ARG_INT, &self->seed, NULL, NULL },
    { "told", 0, 0, G_OPTION_ARG_INT, &self->told, NULL, NULL },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &self->is_quiet, NULL, NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error);
}

int
main (int argc, char **argv)
{
  Client self = { 0 };
  g_autoptr (GError) error = NULL;

  if (!read_options (&self, &argc, &argv, &error) || self.folder == NULL)
    {
      g_printerr ("kill-client: %s\n", error != NULL ? error->message : "no folder");
      return 2;
    }
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *tokens = g_build_filename (self.folder, "tokens.json", NULL);
  self.chance = g_rand_new_with_seed ((guint32) self.seed);
  self.authorizer = pk_authorizer_new_with_file (self.server, tokens);
  pk_authorizer_look_up_async (self.authorizer, NULL, looked_up_cb, &self);
  g_main_loop_run (loop);
  return EXIT_SUCCESS;
}

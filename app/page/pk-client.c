/* What every page gets, and how pages act. The last undo is kept for Ctrl+Z. Main thread. */
#include "config.h"

#include "pk-client.h"

#include "pk-problem.h"

#include <glib/gi18n.h>

struct _PkClient
{
  GObject parent_instance;
  PkLibrary *library;        /* (owned) */
  PkCommandContext *context; /* (owned) */
  PkCommand *undo;           /* (owned) (nullable): takes back what was done last */
};

G_DEFINE_FINAL_TYPE (PkClient, pk_client, G_TYPE_OBJECT)

enum
{
  SIGNAL_ACTED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
command_ran_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkClient) self = user_data;
  PkCommand *command = PK_COMMAND (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (PkCommand) undo = pk_command_run_finish (command, result, &error);

  if (error != NULL)
    {
      g_autofree char *text = pk_client_dup_error_text (error);
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, text);
      return;
    }
  g_set_object (&self->undo, undo);
  if (pk_command_get_toast (command) != NULL)
    g_signal_emit (self, signals[SIGNAL_ACTED], 0, pk_command_get_toast (command), undo);
}

static void
pk_client_finalize (GObject *object)
{
  PkClient *self = PK_CLIENT (object);

  g_clear_object (&self->library);
  g_clear_object (&self->undo);
  g_clear_pointer (&self->context, pk_command_context_unref);
  G_OBJECT_CLASS (pk_client_parent_class)->finalize (object);
}

static void
pk_client_class_init (PkClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_client_finalize;

  /**
   * PkClient::acted:
   * @text: what was done
   * @undo: (nullable): what takes it back
   *
   * A command has run.
   */
  signals[SIGNAL_ACTED] = g_signal_new ("acted",
                                        G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST,
                                        0,
                                        NULL,
                                        NULL,
                                        NULL,
                                        G_TYPE_NONE,
                                        2,
                                        G_TYPE_STRING,
                                        PK_TYPE_COMMAND);
  /**
   * PkClient::failed:
   * @text: what went wrong and what to do, for people
   *
   * A command could not be carried out; nothing happened.
   */
  signals[SIGNAL_FAILED] = g_signal_new ("failed",
                                         G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST,
                                         0,
                                         NULL,
                                         NULL,
                                         NULL,
                                         G_TYPE_NONE,
                                         1,
                                         G_TYPE_STRING);
}

static void
pk_client_init (PkClient *self G_GNUC_UNUSED)
{
}

/**
 * pk_client_new:
 * @library: what pages read
 * @context: what commands stand on
 *
 * Returns: (transfer full): what every page gets
 */
PkClient *
pk_client_new (PkLibrary *library, PkCommandContext *context)
{
  PkClient *self = g_object_new (PK_TYPE_CLIENT, NULL);

  self->library = g_object_ref (library);
  self->context = pk_command_context_ref (context);
  return self;
}

/**
 * pk_client_get_library:
 * @self: a client
 *
 * Returns: (transfer none): all reading
 */
PkLibrary *
pk_client_get_library (PkClient *self)
{
  return self->library;
}

/**
 * pk_client_get_context:
 * @self: a client
 *
 * Returns: (transfer none): what commands stand on
 */
PkCommandContext *
pk_client_get_context (PkClient *self)
{
  return self->context;
}

/**
 * pk_client_set_context:
 * @self: a client
 * @context: what commands stand on from now on
 *
 * Takes another context: after the first sync more is known of who is signed in.
 */
void
pk_client_set_context (PkClient *self, PkCommandContext *context)
{
  pk_command_context_unref (self->context);
  self->context = pk_command_context_ref (context);
}

/**
 * pk_client_get_clock:
 * @self: a client
 *
 * Returns: (transfer none): the clock
 */
PkClock *
pk_client_get_clock (PkClient *self)
{
  return pk_library_get_clock (self->library);
}

/**
 * pk_client_get_person:
 * @self: a client
 *
 * Returns: (transfer none): who is signed in
 */
const PkId *
pk_client_get_person (PkClient *self)
{
  return pk_library_get_person (self->library);
}

/**
 * pk_client_run:
 * @self: a client
 * @command: what the person does
 *
 * Runs a command; a toast tells of it and offers Undo. Never waits for the network.
 */
void
pk_client_run (PkClient *self, PkCommand *command)
{
  g_return_if_fail (PK_IS_CLIENT (self));
  g_return_if_fail (PK_IS_COMMAND (command));

  pk_command_run_async (command, self->context, NULL, command_ran_cb, g_object_ref (self));
}

/**
 * pk_client_say:
 * @self: a client
 * @text: a short sentence
 *
 * Shows a toast without Undo.
 */
void
pk_client_say (PkClient *self, const char *text)
{
  g_signal_emit (self, signals[SIGNAL_ACTED], 0, text, NULL);
}

/**
 * pk_client_undo:
 * @self: a client
 *
 * Takes back what was done last.
 *
 * Returns: %FALSE where there is nothing to take back
 */
gboolean
pk_client_undo (PkClient *self)
{
  g_autoptr (PkCommand) undo = g_steal_pointer (&self->undo);

  if (undo == NULL)
    return FALSE;
  pk_client_run (self, undo);
  return TRUE;
}

static const char *
get_forbidden_text (const GError *error)
{
  if (g_strcmp0 (pk_problem_get_pointer (error), "/fields") == 0)
    return _ ("You would not see it yourself any more. Ask somebody who has access to both to move "
              "it.");
  return _ ("You do not have access to do this.");
}

static const char *
get_problem_text (PkProblem code)
{
  switch (code)
    {
    case PK_PROBLEM_NOT_FOUND:
      return _ ("It is not here any more.");
    case PK_PROBLEM_REQUIRED:
      return _ ("Something that must be filled in is empty.");
    case PK_PROBLEM_TOO_LONG:
      return _ ("The text is too long.");
    case PK_PROBLEM_WRONG_STATUS:
      return _ ("The task is in a state that does not allow this.");
    case PK_PROBLEM_INCOMPLETE:
      return _ ("Something on the checklist must be done first.");
    case PK_PROBLEM_TOO_LARGE:
      return _ ("The file is too large.");
    case PK_PROBLEM_NO_SPACE:
      return _ ("The server has no room left. Your work is kept here until it has.");
    default:
      return _ ("This cannot be saved as it is. Look through the values and try again.");
    }
}

/**
 * pk_client_dup_error_text:
 * @error: why something could not be done
 *
 * Returns: (transfer full): what went wrong and what to do, in words for people
 */
char *
pk_client_dup_error_text (const GError *error)
{
  if (g_error_matches (error, PK_PROBLEM_ERROR, PK_PROBLEM_FORBIDDEN))
    return g_strdup (get_forbidden_text (error));
  if (error->domain == PK_PROBLEM_ERROR)
    return g_strdup (get_problem_text (pk_problem_get_code (error)));
  if (error->domain == G_IO_ERROR || error->domain == G_FILE_ERROR)
    return g_strdup (_ ("The file could not be read. Choose another one."));
  return g_strdup (_ ("It could not be saved on this device. Free some disk space and try again."));
}

/* See the header. A life ends when the process is reaped and its last line is read, whichever comes last. */
#include "config.h"

#include "pk-victim.h"

#include <signal.h>
#include <sys/prctl.h>

struct _PkVictim
{
  PkVictimCommand command;
  PkVictimHears hears;
  gpointer data;
  char *log;            /* (owned) */
  GSubprocess *process; /* (owned) (nullable) */
  gboolean is_reaped;
  gboolean is_read;
  gboolean is_wanted_dead;
  guint n_kills;
  guint n_own_deaths;
  char *last_words; /* (owned) (nullable): how it died by itself the last time */
};

/**
 * pk_victim_new:
 * @command: gives the words of the command, each time it is started
 * @hears: gets what it says
 * @log: (transfer full): where its standard error goes, of all its lives
 *
 * Returns: (transfer full): a program that does not run yet
 */
PkVictim *
pk_victim_new (PkVictimCommand command, PkVictimHears hears, gpointer data, char *log)
{
  PkVictim *self = g_new0 (PkVictim, 1);

  self->command = command;
  self->hears = hears;
  self->data = data;
  self->log = log;
  return self;
}

static char *
describe_death (GSubprocess *process)
{
  return g_subprocess_get_if_signaled (process)
             ? g_strdup_printf ("signal %d", g_subprocess_get_term_sig (process))
             : g_strdup_printf ("status %d", g_subprocess_get_exit_status (process));
}

static void
settle (PkVictim *self)
{
  if (!self->is_reaped || !self->is_read)
    return;
  if (!self->is_wanted_dead)
    {
      self->n_own_deaths++;
      g_free (self->last_words);
      self->last_words = describe_death (self->process);
    }
  g_clear_object (&self->process);
}

static void
reaped_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PkVictim *self = data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  self->is_reaped = TRUE;
  settle (self);
}

static void
line_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PkVictim *self = data;
  GDataInputStream *said = G_DATA_INPUT_STREAM (source);
  g_autofree char *line = g_data_input_stream_read_line_finish (said, result, NULL, NULL);

  if (line == NULL)
    {
      self->is_read = TRUE;
      settle (self);
      return;
    }
  self->hears (line, self->data);
  g_data_input_stream_read_line_async (said, G_PRIORITY_DEFAULT, NULL, line_cb, self);
}

/* Runs in the child. */
static void
die_with_parent (gpointer data G_GNUC_UNUSED)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/**
 * pk_victim_start:
 *
 * Starts it, or starts it again; it must not be alive.
 */
void
pk_victim_start (PkVictim *self)
{
  g_autoptr (GSubprocessLauncher)
      launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_auto (GStrv) words = self->command (self->data);
  g_autoptr (GError) error = NULL;

  g_assert_null (self->process);
  g_subprocess_launcher_set_stderr_file_path (launcher, self->log);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  self->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) words, &error);
  g_assert_no_error (error);
  self->is_reaped = self->is_read = self->is_wanted_dead = FALSE;
  g_subprocess_wait_async (self->process, NULL, reaped_cb, self);
  g_autoptr (GDataInputStream)
      said = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_data_input_stream_read_line_async (said, G_PRIORITY_DEFAULT, NULL, line_cb, self);
}

static void
wait_until_dead (PkVictim *self)
{
  while (self->process != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/**
 * pk_victim_kill:
 *
 * Kills it with SIGKILL, and waits until it is gone and heard out.
 */
void
pk_victim_kill (PkVictim *self)
{
  if (self->process == NULL)
    return;
  self->n_kills++;
  self->is_wanted_dead = TRUE;
  g_subprocess_force_exit (self->process);
  wait_until_dead (self);
}

/**
 * pk_victim_end:
 *
 * Lets it end in its own way, and waits for that.
 */
void
pk_victim_end (PkVictim *self)
{
  if (self->process == NULL)
    return;
  self->is_wanted_dead = TRUE;
  g_subprocess_send_signal (self->process, SIGTERM);
  wait_until_dead (self);
}

/**
 * pk_victim_free:
 *
 * Kills it where it is alive, and forgets it.
 */
void
pk_victim_free (PkVictim *self)
{
  pk_victim_kill (self);
  g_free (self->last_words);
  g_free (self->log);
  g_free (self);
}

/**
 * pk_victim_is_alive:
 *
 * Returns: whether it runs
 */
gboolean
pk_victim_is_alive (PkVictim *self)
{
  return self->process != NULL;
}

/**
 * pk_victim_get_n_kills:
 *
 * Returns: how often it was killed
 */
guint
pk_victim_get_n_kills (PkVictim *self)
{
  return self->n_kills;
}

/**
 * pk_victim_get_n_own_deaths:
 *
 * Returns: how often it died without being told to
 */
guint
pk_victim_get_n_own_deaths (PkVictim *self)
{
  return self->n_own_deaths;
}

/**
 * pk_victim_get_last_words:
 *
 * Returns: (transfer none) (nullable): how it died the last time that it was not told to
 */
const char *
pk_victim_get_last_words (PkVictim *self)
{
  return self->last_words;
}

/**
 * pk_victim_get_log:
 *
 * Returns: (transfer none): where its standard error goes
 */
const char *
pk_victim_get_log (PkVictim *self)
{
  return self->log;
}

/* See the header. What a program says goes to a file; that file is also where its words are looked for. */
#include "config.h"

#include "pk-bench-process.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#define LOOK_EVERY_MS    2
#define PATIENCE_SECONDS 120
#define LAST_WORDS_BYTES 2000

struct _PkBenchProcess
{
  GSubprocess *process; /* (owned) */
  char *log;            /* (owned) */
  gboolean has_ended;
};

typedef gboolean (*Condition) (gpointer data);

static char *
read_log (PkBenchProcess *self)
{
  char *text = NULL;

  return g_file_get_contents (self->log, &text, NULL, NULL) ? text : g_strdup ("");
}

/* Ends the benchmark: its other programs end with it. */
G_NORETURN static void
fail (PkBenchProcess *self, const char *what, const char *why)
{
  g_printerr ("Waiting for %s: %s\n", what, why);
  if (self != NULL)
    {
      g_autofree char *words = read_log (self);
      gsize size = strlen (words);
      g_printerr ("The last words of the program:\n%s\n",
                  size > LAST_WORDS_BYTES ? words + size - LAST_WORDS_BYTES : words);
    }
  exit (EXIT_FAILURE);
}

static gboolean
wake_cb (gpointer data G_GNUC_UNUSED)
{
  return G_SOURCE_CONTINUE;
}

/* Waits until the condition holds; @self, where there is one, must live as long. */
static void
wait_until (PkBenchProcess *self, Condition is_done, gpointer data, const char *what)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_SECONDS * G_USEC_PER_SEC;
  guint source = g_timeout_add (LOOK_EVERY_MS, wake_cb, NULL);

  while (!is_done (data))
    {
      if (self != NULL && self->has_ended)
        fail (self, what, "the program has ended");
      if (g_get_monotonic_time () > until_us)
        fail (self, what, "not within " G_STRINGIFY (PATIENCE_SECONDS) " seconds");
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (source);
}

/**
 * pk_bench_wait:
 * @what: for people
 *
 * Waits until @is_done, on the main context; ends the benchmark where that takes too long.
 */
void
pk_bench_wait (gboolean (*is_done) (gpointer data), gpointer data, const char *what)
{
  wait_until (NULL, is_done, data, what);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  *(gboolean *) data = TRUE;
}

/* Runs in the child. A benchmark that is killed must not leave programs behind: whoever reads its output would wait for them too. */
static void
end_with_parent (gpointer data G_GNUC_UNUSED)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/**
 * pk_bench_process_start:
 * @command: the words of the command, %NULL-terminated
 * @environment: (nullable): what is other than in ours; ends with an empty one
 * @log: where what it says goes
 *
 * Starts a program.
 *
 * Returns: (transfer full): it, for pk_bench_process_stop()
 */
PkBenchProcess *
pk_bench_process_start (const char *const *command,
                        const PkBenchVariable *environment,
                        const char *log)
{
  g_autoptr (GSubprocessLauncher)
      launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GError) error = NULL;
  PkBenchProcess *self = g_new0 (PkBenchProcess, 1);

  for (const PkBenchVariable *each = environment; each != NULL && each->name != NULL; each++)
    if (each->value != NULL)
      g_subprocess_launcher_setenv (launcher, each->name, each->value, TRUE);
    else
      g_subprocess_launcher_unsetenv (launcher, each->name);
  /* It would not be emptied: an earlier run's words must not be taken for this one's. */
  g_unlink (log);
  g_subprocess_launcher_set_stdout_file_path (launcher, log);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  self->log = g_strdup (log);
  self->process = g_subprocess_launcher_spawnv (launcher, command, &error);
  if (self->process == NULL)
    fail (NULL, command[0], error->message);
  g_subprocess_wait_async (self->process, NULL, ended_cb, &self->has_ended);
  return self;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

/**
 * pk_bench_process_stop:
 * @self: (transfer full): a program
 *
 * Lets it end, and waits for that.
 */
void
pk_bench_process_stop (PkBenchProcess *self)
{
  g_subprocess_send_signal (self->process, SIGTERM);
  wait_until (NULL, is_true, &self->has_ended, "a program to end that was told to");
  g_clear_object (&self->process);
  g_free (self->log);
  g_free (self);
}

/**
 * pk_bench_process_get_pid:
 *
 * Returns: its number
 */
int
pk_bench_process_get_pid (PkBenchProcess *self)
{
  const char *number = g_subprocess_get_identifier (self->process);

  return number == NULL ? 0 : atoi (number);
}

static gboolean
is_there (gpointer data)
{
  return g_file_test (data, G_FILE_TEST_EXISTS);
}

/**
 * pk_bench_process_wait_for_file:
 * @path: that the program writes, whole
 *
 * Waits until it is there.
 */
void
pk_bench_process_wait_for_file (PkBenchProcess *self, const char *path)
{
  wait_until (self, is_there, (gpointer) path, path);
}

typedef struct
{
  PkBenchProcess *self;
  GRegex *pattern;
  char *found; /* (owned) (nullable) */
} Words;

static gboolean
is_said (gpointer data)
{
  Words *words = data;
  g_autofree char *text = read_log (words->self);
  g_autoptr (GMatchInfo) match = NULL;

  if (g_regex_match (words->pattern, text, 0, &match))
    words->found = g_match_info_fetch (match, 1);
  return words->found != NULL;
}

/**
 * pk_bench_process_wait_for_words:
 * @pattern: a regular expression with a group
 *
 * Waits until the program has said what fits.
 *
 * Returns: (transfer full): what the group fits
 */
char *
pk_bench_process_wait_for_words (PkBenchProcess *self, const char *pattern)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE, 0, NULL);
  Words words = { .self = self, .pattern = regex };

  wait_until (self, is_said, &words, pattern);
  return words.found;
}

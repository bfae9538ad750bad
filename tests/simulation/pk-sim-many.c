/* See the header. The processes tell what they do in memory that they share. */
#include "config.h"

#include "pk-sim-many.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_JOBS 64

/* What one process says. */
typedef struct
{
  gint64 seed; /* under way */
  gint64 n_done;
  gint64 n_failed;
  gint64 first_failed;
  char failure[256]; /* of a single run */
} Slip;

static Slip *
share_slips (void)
{
  Slip *slips = mmap (NULL,
                      MOST_JOBS * sizeof (Slip),
                      PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS,
                      -1,
                      0);

  if (slips == MAP_FAILED)
    g_error ("There is no memory to share");
  return slips;
}

static void
note_failure (Slip *slip, const char *what)
{
  slip->n_failed++;
  if (slip->first_failed == 0 || slip->seed < slip->first_failed)
    slip->first_failed = slip->seed;
  printf ("seed %" G_GINT64_FORMAT ": %s\n", slip->seed, what);
  fflush (stdout);
}

static guint
count_failed (const Slip *slips, guint n)
{
  gint64 n_failed = 0;

  for (guint i = 0; i < n; i++)
    n_failed += slips[i].n_failed;
  return (guint) n_failed;
}

/* Nothing but the seed decides what happens. */
static void
run_again (PkSimTown *town, const PkSimWish *wish, guint64 digest, Slip *slip)
{
  PkSimResult again;

  pk_sim_run (town, wish, &again);
  if (again.digest != digest)
    note_failure (slip, "the same schedule goes otherwise the second time");
  pk_sim_result_clear (&again);
}

static void
work (PkSimTown *town, const PkSimRange *range, Slip *slips, guint job)
{
  Slip *slip = &slips[job];

  for (; slip->seed < range->from + range->count; slip->seed += range->n_jobs)
    {
      PkSimWish wish = { .seed = (guint64) slip->seed };
      PkSimResult result;
      if (range->n_most_failed > 0 && count_failed (slips, range->n_jobs) >= range->n_most_failed)
        return;
      pk_sim_run (town, &wish, &result);
      slip->n_done++;
      if (result.failure != NULL)
        note_failure (slip, result.failure);
      if (range->is_twice)
        run_again (town, &wish, result.digest, slip);
      pk_sim_result_clear (&result);
    }
}

static pid_t
start_job (PkSimTown *town, const PkSimRange *range, Slip *slips, guint job)
{
  fflush (stdout);
  pid_t pid = fork ();

  if (pid != 0)
    return pid;
  work (town, range, slips, job);
  fflush (stdout);
  _exit (0);
}

/* A process that died is followed by another, behind the schedule that killed it. */
static void
watch_job (PkSimTown *town, const PkSimRange *range, Slip *slips, guint job, pid_t pid)
{
  int status = 0;

  while (waitpid (pid, &status, 0) == pid && !(WIFEXITED (status) && WEXITSTATUS (status) == 0))
    {
      note_failure (&slips[job], "the program dies");
      slips[job].n_done++;
      slips[job].seed += range->n_jobs;
      pid = start_job (town, range, slips, job);
    }
}

/**
 * pk_sim_run_many:
 * @tally: (out caller-allocates): how it went
 *
 * Runs the schedules of a range of seeds; failures are printed as they come.
 */
void
pk_sim_run_many (PkSimTown *town, const PkSimRange *range, PkSimTally *tally)
{
  gint64 start_us = g_get_monotonic_time ();
  Slip *slips = share_slips ();
  pid_t pids[MOST_JOBS];

  for (guint i = 0; i < range->n_jobs; i++)
    {
      slips[i].seed = range->from + i;
      pids[i] = start_job (town, range, slips, i);
    }
  for (guint i = 0; i < range->n_jobs; i++)
    watch_job (town, range, slips, i, pids[i]);
  memset (tally, 0, sizeof *tally);
  for (guint i = 0; i < range->n_jobs; i++)
    {
      tally->n_done += slips[i].n_done;
      tally->n_failed += slips[i].n_failed;
      if (slips[i].first_failed != 0 &&
          (tally->first_failed == 0 || slips[i].first_failed < tally->first_failed))
        tally->first_failed = slips[i].first_failed;
    }
  tally->seconds = (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC;
  munmap (slips, MOST_JOBS * sizeof (Slip));
}

/* One run in a process of its own: what it says first, "" where all is well. */
static void
try_alone (PkSimTown *town, const PkSimWish *wish, Slip *slip, PkSimResult *result)
{
  int status = 0;

  fflush (stdout);
  pid_t pid = fork ();
  if (pid == 0)
    {
      pk_sim_run (town, wish, result);
      g_strlcpy (slip->failure, result->failure ? result->failure : "", sizeof slip->failure);
      slip->n_done = result->n_choices;
      slip->n_failed = result->n_steps;
      _exit (0);
    }
  if (waitpid (pid, &status, 0) != pid || !WIFEXITED (status))
    g_strlcpy (slip->failure, "the program dies", sizeof slip->failure);
  result->n_choices = (guint) slip->n_done;
  result->n_steps = (guint) slip->n_failed;
}

/* The same invariant is broken, whatever the details are. */
static gboolean
fails_alike (PkSimTown *town, const PkSimWish *wish, Slip *slip, const char *failure)
{
  PkSimResult result = { 0 };

  try_alone (town, wish, slip, &result);
  return slip->failure[0] != '\0' && strncmp (slip->failure, failure, 3) == 0;
}

static void
shrink_steps (PkSimTown *town, PkSimWish *wish, Slip *slip, const char *failure)
{
  for (guint part = MAX (wish->n_steps / 2, 1); part > 0; part /= 2)
    while (wish->n_steps > part)
      {
        wish->n_steps -= part;
        if (fails_alike (town, wish, slip, failure))
          continue;
        wish->n_steps += part;
        break;
      }
}

static void
shrink_faults (PkSimTown *town, PkSimWish *wish, Slip *slip, const char *failure)
{
  for (guint i = 0; i < PK_SIM_N_FAULTS; i++)
    {
      guint64 before = wish->without_faults;
      wish->without_faults |= G_GUINT64_CONSTANT (1) << i;
      if (!fails_alike (town, wish, slip, failure))
        wish->without_faults = before;
    }
}

static void
shrink_choices (PkSimTown *town, PkSimWish *wish, Slip *slip, const char *failure)
{
  PkSimResult result = { 0 };

  try_alone (town, wish, slip, &result);
  for (guint i = result.n_choices; i > 0; i--)
    {
      if (!g_hash_table_add (wish->without, GUINT_TO_POINTER (i)))
        continue;
      if (!fails_alike (town, wish, slip, failure))
        g_hash_table_remove (wish->without, GUINT_TO_POINTER (i));
    }
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  return GPOINTER_TO_INT (a) - GPOINTER_TO_INT (b);
}

static void
print_command (const PkSimWish *wish)
{
  g_autoptr (GList) numbers = g_list_sort (g_hash_table_get_keys (wish->without), compare_numbers);

  printf ("simulate --seed %" G_GUINT64_FORMAT " --steps %u", wish->seed, wish->n_steps);
  for (guint i = 0; i < PK_SIM_N_FAULTS; i++)
    if (wish->without_faults >> i & 1)
      printf (" --without-fault %s", pk_sim_fault_get_name (i));
  for (GList *number = numbers; number != NULL; number = number->next)
    printf ("%s%d", number == numbers ? " --without " : ",", GPOINTER_TO_INT (number->data));
  printf ("\n");
}

/**
 * pk_sim_shrink:
 * @wish: (inout): a run that fails; the smallest one found that fails alike. Its set of numbers must be there
 *
 * Leaves out of a failing schedule what it does not need to fail: steps, then kinds of faults, then single acts and strikes.
 */
void
pk_sim_shrink (PkSimTown *town, PkSimWish *wish)
{
  Slip *slip = share_slips ();
  PkSimResult result = { 0 };

  try_alone (town, wish, slip, &result);
  g_autofree char *failure = g_strdup (slip->failure);
  if (*failure != '\0')
    {
      wish->n_steps = result.n_steps;
      shrink_steps (town, wish, slip, failure);
      shrink_faults (town, wish, slip, failure);
      shrink_choices (town, wish, slip, failure);
      print_command (wish);
    }
  munmap (slip, MOST_JOBS * sizeof (Slip));
}

/*
 * Runs schedules: simulate --from 1 --count 1000 --jobs 2; one of them, told: simulate --seed 17; the smallest part of it that still fails:
 * simulate --seed 17 --shrink.
 */
#include "config.h"

#include "pk-sim-many.h"
#include "pk-sim-wrap.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct
{
  gint64 seed;
  gint64 from;
  gint64 count;
  gint64 jobs;
  gint64 most_failed;
  gint64 after;
  gboolean is_twice;
  gboolean shrinks;
  gint steps;
  char *without;
  char **without_faults;
} Options;

static GLogWriterOutput
say_nothing (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  if (level & (G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_WARNING))
    return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, data);
}

static GHashTable *
read_numbers (const char *text)
{
  GHashTable *numbers = g_hash_table_new (NULL, NULL);
  g_auto (GStrv) words = g_strsplit (text != NULL ? text : "", ",", -1);

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      g_hash_table_add (numbers, GUINT_TO_POINTER ((guint) atoi (*word)));
  return numbers;
}

static guint64
read_faults (char **names)
{
  guint64 faults = 0;

  for (char **name = names; name != NULL && *name != NULL; name++)
    for (guint i = 0; i < PK_SIM_N_FAULTS; i++)
      if (g_str_equal (*name, pk_sim_fault_get_name (i)))
        faults |= G_GUINT64_CONSTANT (1) << i;
  return faults;
}

/* Where a schedule leaves something behind for the next ones, which must not be. */
static void
run_before (PkSimTown *town, const Options *options)
{
  for (gint64 seed = options->seed - options->after; seed < options->seed; seed++)
    {
      PkSimWish wish = { .seed = (guint64) seed };
      PkSimResult result;
      pk_sim_run (town, &wish, &result);
      pk_sim_result_clear (&result);
    }
}

static int
run_one (PkSimTown *town, const Options *options)
{
  g_autoptr (GHashTable) without = read_numbers (options->without);
  PkSimWish wish = { .seed = (guint64) options->seed,
                     .n_steps = (guint) options->steps,
                     .without_faults = read_faults (options->without_faults),
                     .without = without };
  PkSimResult result;

  run_before (town, options);
  if (options->shrinks)
    pk_sim_shrink (town, &wish);
  wish.is_told = TRUE;
  pk_sim_run (town, &wish, &result);
  printf ("seed %" G_GINT64_FORMAT ": %s (%u steps, digest %016" G_GINT64_MODIFIER "x)\n",
          options->seed,
          result.failure != NULL ? result.failure : "all is well",
          result.n_steps,
          result.digest);
  gboolean has_failed = result.failure != NULL;
  pk_sim_result_clear (&result);
  return has_failed;
}

static int
run_many (PkSimTown *town, const Options *options)
{
  PkSimRange range = { .from = options->from,
                       .count = options->count,
                       .n_jobs = (guint) CLAMP (options->jobs, 1, 64),
                       .is_twice = options->is_twice,
                       .n_most_failed = (guint) options->most_failed };
  PkSimTally tally;

  pk_sim_run_many (town, &range, &tally);
  printf ("%" G_GINT64_FORMAT " schedules, %" G_GINT64_FORMAT " failed, first %" G_GINT64_FORMAT
          ", %.1f s, %.0f a second\n",
          tally.n_done,
          tally.n_failed,
          tally.first_failed,
          tally.seconds,
          (double) tally.n_done / MAX (tally.seconds, 0.001));
  return tally.n_failed > 0;
}

int
main (int argc, char *argv[])
{
  Options options = { .from = 1, .count = 100, .jobs = 1 };
  const GOptionEntry entries[] = {
    { "seed", 0, 0, G_OPTION_ARG_INT64, &options.seed, "run one schedule and tell it", "N" },
    { "shrink", 0, 0, G_OPTION_ARG_NONE, &options.shrinks, "make it as small as it fails", NULL },
    { "after", 0, 0, G_OPTION_ARG_INT64, &options.after, "so many others", "N" },
    { "from", 0, 0, G_OPTION_ARG_INT64, &options.from, "first seed of many", "N" },
    { "count", 0, 0, G_OPTION_ARG_INT64, &options.count, "how many", "N" },
    { "jobs", 0, 0, G_OPTION_ARG_INT64, &options.jobs, "processes", "N" },
    { "twice", 0, 0, G_OPTION_ARG_NONE, &options.is_twice, "each again, and compare", NULL },
    { "most-failed", 0, 0, G_OPTION_ARG_INT64, &options.most_failed, "end after so many", "N" },
    { "steps", 0, 0, G_OPTION_ARG_INT, &options.steps, "so many steps, then calm", "N" },
    { "without", 0, 0, G_OPTION_ARG_STRING, &options.without, "acts and strikes", "1,2" },
    { "without-fault",
      0,
      0,
      G_OPTION_ARG_STRING_ARRAY,
      &options.without_faults,
      "a kind of fault",
      "NAME" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 2;
    }
  g_log_set_writer_func (say_nothing, NULL, NULL);
  pk_sim_vfs_register ();
  pk_sim_wrap_seed (1);
  g_autoptr (PkSimTown) town = pk_sim_town_new ();
  int result = options.seed != 0 ? run_one (town, &options) : run_many (town, &options);
  g_free (options.without);
  g_strfreev (options.without_faults);
  return result;
}

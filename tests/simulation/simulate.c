/*
 * Runs schedules: simulate --from 1 --count 1000; one of them: simulate --seed 17; and with --shrink the smallest part of it that still
 * fails, with its trace.
 */
#include "config.h"

#include "pk-sim-run.h"
#include "pk-sim-wrap.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct
{
  gint64 seed;
  gint64 from;
  gint64 count;
  gboolean shrinks;
  gboolean is_quiet;
  gint steps;
  char *without;
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

static int
run_one (PkSimTown *town, const Options *options)
{
  g_autoptr (GHashTable) without = read_numbers (options->without);
  PkSimWish wish = { .seed = (guint64) options->seed,
                     .n_steps = (guint) options->steps,
                     .without = without,
                     .is_told = TRUE };
  PkSimResult result;

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
  gint64 start_us = g_get_monotonic_time ();
  guint n_failed = 0;

  for (gint64 seed = options->from; seed < options->from + options->count; seed++)
    {
      PkSimWish wish = { .seed = (guint64) seed };
      PkSimResult result;
      pk_sim_run (town, &wish, &result);
      if (result.failure != NULL)
        printf ("seed %" G_GINT64_FORMAT ": %s\n", seed, result.failure);
      n_failed += result.failure != NULL;
      pk_sim_result_clear (&result);
      fflush (stdout);
    }
  double seconds = (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC;
  printf ("%" G_GINT64_FORMAT " schedules, %u failed, %.1f s, %.0f a second\n",
          options->count,
          n_failed,
          seconds,
          (double) options->count / seconds);
  return n_failed > 0;
}

int
main (int argc, char *argv[])
{
  Options options = { .from = 1, .count = 100 };
  const GOptionEntry entries[] = {
    { "seed", 0, 0, G_OPTION_ARG_INT64, &options.seed, "run one schedule and tell it", "N" },
    { "from", 0, 0, G_OPTION_ARG_INT64, &options.from, "first seed of many", "N" },
    { "count", 0, 0, G_OPTION_ARG_INT64, &options.count, "how many", "N" },
    { "steps", 0, 0, G_OPTION_ARG_INT, &options.steps, "so many steps, then calm", "N" },
    { "without", 0, 0, G_OPTION_ARG_STRING, &options.without, "acts and strikes left out", "1,2" },
    { "shrink", 0, 0, G_OPTION_ARG_NONE, &options.shrinks, "find the smallest that fails", NULL },
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
  if (options.seed != 0)
    return run_one (town, &options);
  return run_many (town, &options);
}

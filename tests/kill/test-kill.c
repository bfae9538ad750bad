/*
 * Real processes that are killed with SIGKILL under load, on a bad network; see "Kill" in CONTRIBUTING.
 *
 *   PK_KILL_DEVICES  kills of devices, at least: 20
 *   PK_KILL_SERVER   kills of the server, at least: 6
 *   PK_KILL_SEED     of all that is drawn: another one each time, which is printed
 */
#include "config.h"

#include "pk-kill-world.h"
#include "pk-test.h"

#include <stdlib.h>

static guint
get_number (const char *name, guint fallback)
{
  const char *text = g_getenv (name);

  return text == NULL ? fallback : (guint) strtoul (text, NULL, 10);
}

static double
seconds_since (gint64 began_us)
{
  return (double) (g_get_monotonic_time () - began_us) / G_USEC_PER_SEC;
}

static void
tell_network (PkKillWorld *world)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = PK_FAULT_NONE + 1; i < PK_N_FAULTS; i++)
    g_string_append_printf (line,
                            ", %s %u",
                            pk_fault_get_word (i),
                            pk_fault_proxy_count (world->proxy, i));
  g_print ("# connections %u%s\n", pk_fault_proxy_count (world->proxy, PK_FAULT_NONE), line->str);
}

static void
blame_own_death (PkKillWorld *world, PkVictim *victim)
{
  if (pk_victim_get_n_own_deaths (victim) > 0)
    pk_kill_world_blame (world,
                         "It died by itself %u times, of %s: see %s",
                         pk_victim_get_n_own_deaths (victim),
                         pk_victim_get_last_words (victim),
                         pk_victim_get_log (victim));
}

static void
tell_processes (PkKillWorld *world)
{
  guint n_sign_ins = 0;

  blame_own_death (world, world->server);
  for (guint i = 0; i < world->devices->len; i++)
    {
      PkKillDevice *device = world->devices->pdata[i];
      blame_own_death (world, device->victim);
      n_sign_ins += device->n_sign_ins;
    }
  g_print ("# killed devices %u times, the server %u times (%u of its lives got to listen);"
           " sign-ins %u\n",
           pk_kill_world_count_device_kills (world),
           pk_victim_get_n_kills (world->server),
           world->n_listening,
           n_sign_ins);
}

static void
nothing_is_lost (void)
{
  guint seed = get_number ("PK_KILL_SEED", g_random_int ());
  gint64 began_us = g_get_monotonic_time ();

  if (g_getenv ("PK_SERVER_PROGRAM") == NULL || g_getenv ("PK_KILL_CLIENT") == NULL)
    {
      g_test_skip ("PK_SERVER_PROGRAM or PK_KILL_CLIENT names no program");
      return;
    }
  g_autoptr (PkKillWorld) world = pk_kill_world_new (seed);
  g_print ("# seed %u, files in %s\n", seed, world->folder);
  pk_kill_world_storm (world, get_number ("PK_KILL_DEVICES", 20), get_number ("PK_KILL_SERVER", 6));
  tell_processes (world);
  g_print ("# storm %.1f s\n", seconds_since (began_us));
  began_us = g_get_monotonic_time ();
  pk_kill_world_settle (world);
  tell_network (world);
  g_print ("# settled in %.1f s\n", seconds_since (began_us));
  began_us = g_get_monotonic_time ();
  pk_kill_world_stop_server (world);
  pk_kill_world_check (world);
  g_print ("# checked in %.1f s\n", seconds_since (began_us));
  g_assert_cmpuint (world->n_faults, ==, 0);
}

int
main (int argc, char **argv)
{
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/kill/whatever-is-killed-nothing-is-lost-and-all-come-in-step",
                   nothing_is_lost);
  return g_test_run ();
}

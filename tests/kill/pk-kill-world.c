/* See the header. Everything is killed from one loop that looks at the clock; nothing is killed from within a callback. */
#include "config.h"

#include "pk-kill-world.h"

#include "pk-json.h"
#include "pk-test.h"

#include <libsoup/soup.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_EVERY_MS   5
#define N_DEVICES       4
#define PATIENCE_US     (180 * (gint64) G_USEC_PER_SEC)
#define STORM_PER_KILL  (20 * (gint64) G_USEC_PER_SEC)
#define MAX_BLAMES_TOLD 30
#define MS              1000

/**
 * pk_kill_world_blame:
 *
 * Something is not as it should be: says so, and counts it.
 */
void
pk_kill_world_blame (PkKillWorld *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (self->n_faults++ < MAX_BLAMES_TOLD)
    g_printerr ("# FAULT (seed %u): %s\n", self->seed, text);
}

static char **
server_command (gpointer data)
{
  PkKillWorld *self = data;
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_autofree char *port = g_strdup_printf ("%u", self->port);

  g_strv_builder_add_many (words,
                           g_getenv ("PK_SERVER_PROGRAM"),
                           "--demo",
                           "--data",
                           self->server_folder,
                           "--port",
                           port,
                           NULL);
  return g_strv_builder_end (words);
}

static void
server_says (const char *line, gpointer data)
{
  PkKillWorld *self = data;

  if (!g_str_has_prefix (line, "listening on "))
    return;
  self->n_listening++;
  self->port = (guint16) strtoul (strrchr (line, ':') + 1, NULL, 10);
}

static char **
device_command (gpointer data)
{
  PkKillDevice *self = data;
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_autofree char *server = g_strdup_printf ("--server=http://127.0.0.1:%u",
                                             pk_fault_proxy_get_port (self->world->proxy));
  g_autofree char *person = g_strconcat ("--person=", self->person, NULL);
  g_autofree char *folder = g_strconcat ("--folder=", self->folder, NULL);
  g_autofree char *told = g_strdup_printf ("--told=%u", self->ledger->len);
  g_autofree char *seed = g_strdup_printf ("--seed=%d",
                                           g_rand_int_range (self->world->chance, 0, G_MAXINT));

  g_strv_builder_add_many (words,
                           g_getenv ("PK_KILL_CLIENT"),
                           server,
                           person,
                           folder,
                           told,
                           seed,
                           self->world->is_quiet ? "--quiet" : NULL,
                           NULL);
  return g_strv_builder_end (words);
}

static void
note_accepted (PkKillDevice *self, const char *line)
{
  char *end = NULL;
  gint64 place = g_ascii_strtoll (line, &end, 10);
  PkId id;

  if (place != self->ledger->len + 1 || !pk_id_parse (g_strchug (end), &id))
    pk_kill_world_blame (self->world, "Device %u said: accepted %s", self->number, line);
  else
    g_array_append_val (self->ledger, id);
}

static void
device_says (const char *line, gpointer data)
{
  PkKillDevice *self = data;

  if (g_str_has_prefix (line, "accepted "))
    note_accepted (self, line + strlen ("accepted "));
  else if (g_str_equal (line, "signed-in"))
    self->n_sign_ins++;
  else if (g_str_equal (line, "in-step"))
    self->is_in_step = TRUE;
  else if (g_str_has_prefix (line, "opened ") &&
           strtoul (line + strlen ("opened "), NULL, 10) < self->ledger->len)
    pk_kill_world_blame (self->world,
                         "Device %u had accepted %u mutations and %s",
                         self->number,
                         self->ledger->len,
                         line);
}

static gboolean
wake_cb (gpointer data G_GNUC_UNUSED)
{
  return G_SOURCE_CONTINUE;
}

static PkKillDevice *
add_device (PkKillWorld *self, const char *person)
{
  PkKillDevice *device = g_new0 (PkKillDevice, 1);
  g_autofree char *name = g_strdup_printf ("device-%u", self->devices->len);

  device->world = self;
  device->number = self->devices->len;
  device->person = g_strdup (person);
  device->folder = g_build_filename (self->folder, name, NULL);
  device->ledger = g_array_new (FALSE, FALSE, sizeof (PkId));
  g_assert_cmpint (g_mkdir_with_parents (device->folder, 0700), ==, 0);
  device->victim = pk_victim_new (device_command,
                                  device_says,
                                  device,
                                  g_strconcat (device->folder, ".log", NULL));
  g_ptr_array_add (self->devices, device);
  return device;
}

static void
free_device (gpointer data)
{
  PkKillDevice *self = data;

  pk_victim_free (self->victim);
  g_array_unref (self->ledger);
  g_free (self->folder);
  g_free (self->person);
  g_free (self);
}

static JsonArray *
load_caretakers (PkKillWorld *self)
{
  g_autoptr (SoupSession) session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u/demo/persons?role=caretaker",
                                          self->port);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = soup_session_send_and_read (session, message, NULL, &error);

  g_assert_no_error (error);
  g_autoptr (JsonNode)
      node = pk_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  return json_array_ref (json_object_get_array_member (json_node_get_object (node), "persons"));
}

/* One of them has two devices; all work in one unit, so that they meet at the same tasks. */
static void
add_devices (PkKillWorld *self)
{
  g_autoptr (JsonArray) persons = load_caretakers (self);
  JsonObject *first = json_array_get_object_element (persons, 0);
  const char *unit = json_object_get_string_member (first, "unit");

  add_device (self, json_object_get_string_member (first, "id"));
  for (guint i = 0; self->devices->len < N_DEVICES && i < json_array_get_length (persons); i++)
    {
      JsonObject *person = json_array_get_object_element (persons, i);
      if (g_str_equal (json_object_get_string_member (person, "unit"), unit))
        add_device (self, json_object_get_string_member (person, "id"));
    }
  g_assert_cmpint (self->devices->len, ==, N_DEVICES);
}

static void
wait_for_server (PkKillWorld *self, guint n_listening)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;

  while (self->n_listening < n_listening && pk_victim_is_alive (self->server) &&
         g_get_monotonic_time () < until_us)
    g_main_context_iteration (NULL, TRUE);
  if (self->n_listening < n_listening)
    g_error ("The server does not start: see %s", pk_victim_get_log (self->server));
}

/**
 * pk_kill_world_new:
 * @seed: of all that is drawn here
 *
 * Returns: (transfer full): a server with the demo municipality that runs, and devices that do not run yet
 */
PkKillWorld *
pk_kill_world_new (guint seed)
{
  PkKillWorld *self = g_new0 (PkKillWorld, 1);

  self->seed = seed;
  self->chance = g_rand_new_with_seed (seed);
  self->folder = g_dir_make_tmp ("pakobla-kill-XXXXXX", NULL);
  self->server_folder = g_build_filename (self->folder, "server", NULL);
  self->devices = g_ptr_array_new_with_free_func (free_device);
  self->server = pk_victim_new (server_command,
                                server_says,
                                self,
                                g_strconcat (self->server_folder, ".log", NULL));
  g_timeout_add (LOOK_EVERY_MS, wake_cb, NULL);
  pk_victim_start (self->server);
  wait_for_server (self, 1);
  self->proxy = pk_fault_proxy_new (self->port, seed);
  add_devices (self);
  return self;
}

/**
 * pk_kill_world_free:
 *
 * Ends what runs. The files are removed where all was as it should be, and kept where they tell what was not.
 */
void
pk_kill_world_free (PkKillWorld *self)
{
  g_ptr_array_unref (self->devices);
  pk_victim_free (self->server);
  pk_fault_proxy_free (self->proxy);
  while (g_source_remove_by_user_data (NULL))
    continue;
  if (self->n_faults == 0)
    pk_test_remove_tree (self->folder);
  else
    g_printerr ("# The files are in %s\n", self->folder);
  g_rand_free (self->chance);
  g_free (self->server_folder);
  g_free (self->folder);
  g_free (self);
}

/* Some die while they open their files, most in the middle of their work, some get far. */
static gint64
draw_life_us (GRand *chance)
{
  int drawn = g_rand_int_range (chance, 0, 10);

  if (drawn == 0)
    return g_rand_int_range (chance, 0, 60 * MS);
  return drawn < 7 ? g_rand_int_range (chance, 60 * MS, 900 * MS)
                   : g_rand_int_range (chance, 900 * MS, 3000 * MS);
}

static void
live_and_die (PkVictim *victim, gint64 *due_us, GRand *chance)
{
  gint64 now_us = g_get_monotonic_time ();

  if (pk_victim_is_alive (victim) && now_us >= *due_us)
    pk_victim_kill (victim);
  if (pk_victim_is_alive (victim))
    return;
  pk_victim_start (victim);
  *due_us = now_us + draw_life_us (chance);
}

/**
 * pk_kill_world_count_device_kills:
 *
 * Returns: how often devices were killed
 */
guint
pk_kill_world_count_device_kills (PkKillWorld *self)
{
  guint n = 0;

  for (guint i = 0; i < self->devices->len; i++)
    n += pk_victim_get_n_kills (((PkKillDevice *) self->devices->pdata[i])->victim);
  return n;
}

static gboolean
is_storm_over (PkKillWorld *self, guint device_kills, guint server_kills)
{
  return pk_kill_world_count_device_kills (self) >= device_kills &&
         pk_victim_get_n_kills (self->server) >= server_kills;
}

/**
 * pk_kill_world_storm:
 *
 * Lets the devices work, and kills them and the server, at least so often.
 */
void
pk_kill_world_storm (PkKillWorld *self, guint device_kills, guint server_kills)
{
  gint64 until_us = g_get_monotonic_time () + (device_kills + server_kills) * STORM_PER_KILL;

  while (!is_storm_over (self, device_kills, server_kills))
    {
      if (g_get_monotonic_time () > until_us)
        {
          pk_kill_world_blame (self, "The storm takes too long");
          return;
        }
      g_main_context_iteration (NULL, TRUE);
      live_and_die (self->server, &self->server_due_us, self->chance);
      for (guint i = 0; i < self->devices->len; i++)
        {
          PkKillDevice *device = self->devices->pdata[i];
          live_and_die (device->victim, &device->due_us, self->chance);
        }
    }
}

static void
restart_devices (PkKillWorld *self)
{
  for (guint i = 0; i < self->devices->len; i++)
    {
      PkKillDevice *device = self->devices->pdata[i];
      pk_victim_kill (device->victim);
      device->is_in_step = FALSE;
      pk_victim_start (device->victim);
    }
}

static gboolean
are_in_step (PkKillWorld *self)
{
  for (guint i = 0; i < self->devices->len; i++)
    if (!((PkKillDevice *) self->devices->pdata[i])->is_in_step)
      return FALSE;
  return TRUE;
}

static void
wait_until_in_step (PkKillWorld *self)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;

  while (!are_in_step (self) && g_get_monotonic_time () < until_us)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < self->devices->len; i++)
    if (!((PkKillDevice *) self->devices->pdata[i])->is_in_step)
      pk_kill_world_blame (self, "Device %u does not come in step", i);
}

static void
kill_devices (PkKillWorld *self)
{
  for (guint i = 0; i < self->devices->len; i++)
    pk_victim_kill (((PkKillDevice *) self->devices->pdata[i])->victim);
}

/**
 * pk_kill_world_settle:
 *
 * Good weather, and nobody does anything any more: first all push what they have, then all pull what the others had, and beside each
 * device a new one of the same person does.
 */
void
pk_kill_world_settle (PkKillWorld *self)
{
  guint n_old = self->devices->len;

  pk_fault_proxy_calm_down (self->proxy);
  self->is_quiet = TRUE;
  if (!pk_victim_is_alive (self->server))
    pk_victim_start (self->server);
  restart_devices (self);
  wait_until_in_step (self);
  for (guint i = 1; i < n_old; i++)
    add_device (self, ((PkKillDevice *) self->devices->pdata[i])->person);
  restart_devices (self);
  wait_until_in_step (self);
  kill_devices (self);
}

/**
 * pk_kill_world_stop_server:
 *
 * Lets the server end in its own way.
 */
void
pk_kill_world_stop_server (PkKillWorld *self)
{
  pk_victim_end (self->server);
}

/*
 * One schedule: some steps, few or some dozens, with acts and faults, then calm. 10: in the calm, everybody is in step within CALM_WITHIN. 11: when
 * all is quiet, asking brings no rows.
 */
#include "config.h"

#include "pk-sim-run.h"

#include "pk-service-import.h"
#include "pk-sim-act.h"
#include "pk-sim-client.h"
#include "pk-sim-damage.h"
#include "pk-sim-devices.h"
#include "pk-sim-oracle.h"
#include "pk-sim-server.h"
#include "pk-sim-wrap.h"
#include "pk-store-devices.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-sync-pull.h"
#include "pk-writer-private.h"

#define CALM_WITHIN (6 * PK_SIM_HOUR)
#define CALM_EVENTS 100000
#define LOOK_EVERY  (5 * PK_SIM_SECOND)
#define QUIET_FOR   (40 * PK_SIM_SECOND)

static PkSimClient *
draw_client (PkSimWorld *world, PkSimChance *chance)
{
  return world->clients[pk_sim_chance_below (chance, world->n_clients)];
}

static void
kill_client (PkSimWorld *world, PkSimChance *chance)
{
  PkSimClient *client = draw_client (world, chance);

  if (client->writer == NULL)
    return;
  if (pk_sim_chance_toss (chance, 0.3))
    {
      pk_sim_client_die (client);
      return;
    }
  gboolean only_syncs = pk_sim_chance_toss (chance, 0.5);
  pk_sim_disk_arm (client->disk,
                   pk_sim_chance_toss (chance, 0.5) ? PK_SIM_TROUBLE_DIE_BEFORE
                                                    : PK_SIM_TROUBLE_DIE_AFTER,
                   only_syncs,
                   1 + pk_sim_chance_below (chance, only_syncs ? 4 : 30));
}

static void
kill_server (PkSimWorld *world, PkSimChance *chance)
{
  if (pk_sim_chance_toss (chance, 0.3))
    {
      pk_sim_server_die (world->server);
      return;
    }
  gboolean only_syncs = pk_sim_chance_toss (chance, 0.5);
  pk_sim_disk_arm (world->server->disk,
                   pk_sim_chance_toss (chance, 0.5) ? PK_SIM_TROUBLE_DIE_BEFORE
                                                    : PK_SIM_TROUBLE_DIE_AFTER,
                   only_syncs,
                   1 + pk_sim_chance_below (chance, only_syncs ? 3 : 30));
}

static void
make_room (G_GNUC_UNUSED PkSimWorld *world, gpointer data)
{
  pk_sim_disk_make_room (data);
}

static void
trouble_disk (PkSimWorld *world, PkSimChance *chance)
{
  guint which = pk_sim_chance_below (chance, world->n_clients + 1);
  PkSimDisk *disk = which < world->n_clients ? world->clients[which]->disk : world->server->disk;
  gboolean is_full = pk_sim_chance_toss (chance, 0.5);

  pk_sim_disk_arm (disk,
                   is_full ? PK_SIM_TROUBLE_FULL : PK_SIM_TROUBLE_ERROR,
                   FALSE,
                   1 + pk_sim_chance_below (chance, 40));
  pk_sim_world_at (world,
                   (10 + pk_sim_chance_below (chance, 120)) * PK_SIM_SECOND,
                   make_room,
                   disk,
                   NULL);
}

static void
jump_clock (PkSimWorld *world, PkSimChance *chance)
{
  static const gint64 jumps[] = { -400 * PK_SIM_DAY, -PK_SIM_DAY, -PK_SIM_HOUR,
                                  PK_SIM_HOUR,       PK_SIM_DAY,  0 };
  gint64 off_us = jumps[pk_sim_chance_below (chance, G_N_ELEMENTS (jumps))];

  if (pk_sim_chance_toss (chance, 0.3))
    world->server->clock_off_us = off_us;
  else
    draw_client (world, chance)->clock_off_us = off_us;
}

static void
sign_out (PkSimWorld *world, PkSimChance *chance)
{
  PkSimClient *client = draw_client (world, chance);

  if (client->writer == NULL)
    return;
  g_clear_pointer (&client->access, g_free);
  g_clear_pointer (&client->refresh, g_free);
  pk_sim_client_send (client, (PkSyncEvent){ .kind = PK_SYNC_EVENT_SIGNED_OUT });
  pk_sim_client_survive (client);
}

static void
copy_disk (PkSimClient *client)
{
  g_clear_pointer (&client->copy, pk_sim_image_free);
  client->copy = pk_sim_disk_save (client->disk);
  client->n_acts_copied = client->world->oracle->acts->len;
  g_free (client->copy_access);
  g_free (client->copy_refresh);
  client->copy_contact_us = client->contact_us;
  client->copy_access = g_strdup (client->access);
  client->copy_refresh = g_strdup (client->refresh);
}

static void
roll_back (PkSimWorld *world, PkSimChance *chance)
{
  PkSimClient *client = draw_client (world, chance);

  if (client->copy == NULL || client->writer == NULL)
    return;
  pk_sim_oracle_take_back (world->oracle, client);
  world->oracle->has_copies = TRUE;
  pk_sim_world_tell (world, "client %u: gets an old disk", client->number);
  pk_sim_disk_kill (client->disk);
  pk_sim_client_stop (client);
  pk_sim_disk_load (client->disk, client->copy);
  pk_sim_disk_boot (client->disk, FALSE, &world->chance);
  g_free (client->access);
  g_free (client->refresh);
  client->access = g_strdup (client->copy_access);
  client->refresh = g_strdup (client->copy_refresh);
  client->account_device = (PkId){ { 0 } };
  client->contact_us = client->copy_contact_us;
  pk_sim_client_start (client);
}

static void
clone_device (PkSimWorld *world, PkSimChance *chance)
{
  PkSimClient *from = draw_client (world, chance);
  guint number = world->n_clients;

  if (number == PK_SIM_MOST_CLIENTS || from->writer == NULL)
    return;
  PkSimDisk *disk = world->town->disks[number];
  g_autoptr (GError) error = NULL;
  PkSimImage *image = pk_sim_disk_save (from->disk);
  pk_sim_world_tell (world, "client %u: is a clone of client %u", number, from->number);
  pk_sim_disk_load (disk, image);
  pk_sim_disk_boot (disk, FALSE, &world->chance);
  pk_sim_disk_set_tracks (disk, world->rates[PK_SIM_FAULT_POWER_CUT] > 0);
  pk_sim_image_free (image);
  world->oracle->has_copies = TRUE;
  world->clients[number] = pk_sim_client_new (world, number, disk, &from->person);
  world->clients[number]->access = g_strdup (from->access);
  world->clients[number]->refresh = g_strdup (from->refresh);
  world->clients[number]->account_device = from->account_device;
  world->clients[number]->version = from->version;
  world->clients[number]->is_damaged = from->is_damaged;
  world->clients[number]->contact_us = from->contact_us;
  world->n_clients++;
  pk_sim_client_start (world->clients[number]);
}

static void
prune_log (PkSimWorld *world, PkSimChance *chance)
{
  PkStore *store = world->server->store;
  gint64 seq;

  if (store == NULL || !pk_store_get_seq (store, &seq, NULL) || !pk_store_begin (store, NULL))
    return;
  gint64 up_to = seq - pk_sim_chance_below (chance, 10);
  pk_sim_world_tell (world, "server: prunes up to %" G_GINT64_FORMAT, up_to);
  if (pk_store_prune_log (store, up_to, NULL))
    pk_store_commit (store, NULL);
  else
    pk_store_rollback (store);
  pk_sim_server_survive (world->server);
}

static void
be_long_away (PkSimWorld *world, PkSimChance *chance)
{
  world->oracle->was_long_away = TRUE;
  world->now_us += (15 + pk_sim_chance_below (chance, 40)) * PK_SIM_DAY;
  pk_sim_world_tell (world, "weeks pass");
  for (guint i = 0; i < world->n_clients; i++)
    pk_sim_client_look_at_lease (world->clients[i]);
  if (world->server->store == NULL)
    return;
  pk_sim_server_set_clock (world->server);
  pk_service_upkeep (world->server->service, NULL);
  pk_sim_server_survive (world->server);
}

static void
cut_off (PkSimWorld *world, PkSimChance *chance)
{
  draw_client (world, chance)->cut_off_until_us =
      world->now_us + (5 + pk_sim_chance_below (chance, 120)) * PK_SIM_SECOND;
}

static void
upgrade (PkSimWorld *world, PkSimChance *chance)
{
  PkSimClient *client = draw_client (world, chance);

  if (client->writer == NULL || client->version == PK_SIM_LAST_VERSION)
    return;
  client->version++;
  pk_sim_world_tell (world, "client %u: upgrades to %u", client->number, client->version);
  pk_sim_client_stop (client);
  pk_sim_client_start (client);
}

static void
restore (PkSimWorld *world, G_GNUC_UNUSED PkSimChance *chance)
{
  pk_sim_server_restore (world->server);
}

static void
make_snapshots (PkSimWorld *world, G_GNUC_UNUSED PkSimChance *chance)
{
  pk_sim_server_make_snapshots (world->server);
}

typedef struct
{
  PkSimFault fault;
  void (*strike) (PkSimWorld *world, PkSimChance *chance);
} Strike;

static const Strike strikes[] = {
  { PK_SIM_FAULT_PARTITION, cut_off },
  { PK_SIM_FAULT_KILL_CLIENT, kill_client },
  { PK_SIM_FAULT_KILL_SERVER, kill_server },
  { PK_SIM_FAULT_DISK, trouble_disk },
  { PK_SIM_FAULT_CLOCK, jump_clock },
  { PK_SIM_FAULT_SIGN_OUT, sign_out },
  { PK_SIM_FAULT_RESTORE, restore },
  { PK_SIM_FAULT_ROLLBACK, roll_back },
  { PK_SIM_FAULT_CLONE, clone_device },
  { PK_SIM_FAULT_GRANT, pk_sim_act_grant },
  { PK_SIM_FAULT_MOVE, pk_sim_act_move },
  { PK_SIM_FAULT_SNAPSHOT, make_snapshots },
  { PK_SIM_FAULT_PRUNE, prune_log },
  { PK_SIM_FAULT_LONG_AWAY, be_long_away },
  { PK_SIM_FAULT_UPGRADE, upgrade },
  { PK_SIM_FAULT_REVOKE, pk_sim_devices_revoke },
  { PK_SIM_FAULT_DAMAGE, pk_sim_damage_client },
  { PK_SIM_FAULT_ABSENCE, pk_sim_act_absence },
};

static void
step (PkSimWorld *world)
{
  PkSimChance chance;

  for (guint i = 0; i < G_N_ELEMENTS (strikes); i++)
    {
      pk_sim_chance_seed (&chance, pk_sim_chance_draw (&world->chance));
      if (pk_sim_world_strikes (world, strikes[i].fault))
        strikes[i].strike (world, &chance);
    }
  pk_sim_chance_seed (&chance, pk_sim_chance_draw (&world->chance));
  if (!pk_sim_world_chooses (world))
    return;
  guint what = pk_sim_chance_below (&chance, 10);
  if (what == 0)
    pk_sim_act_operator_delete (world, &chance);
  else if (what == 1)
    pk_sim_devices_sign_in_where_asked (world);
  else
    pk_sim_act_person (draw_client (world, &chance), &chance);
}

static void
pass_time (PkSimWorld *world)
{
  static const gint64 most[] = { 100000, 2 * PK_SIM_SECOND, 30 * PK_SIM_SECOND };
  guint kind = pk_sim_chance_below (&world->chance, G_N_ELEMENTS (most));
  gint64 until_us = world->now_us + pk_sim_chance_below (&world->chance, (guint) most[kind]);

  while (pk_sim_world_next (world, until_us) && world->failure == NULL)
    ;
}

static void
prepare (PkSimWorld *world)
{
  gboolean tracks = world->rates[PK_SIM_FAULT_POWER_CUT] > 0;

  pk_sim_disk_set_tracks (world->server->disk, tracks);
  for (guint i = 0; i < world->n_clients; i++)
    pk_sim_disk_set_tracks (world->clients[i]->disk, tracks);
}

static PkSimTownKind
draw_town (PkSimWorld *world)
{
  return pk_sim_chance_toss (&world->chance, 0.6) && world->rates[PK_SIM_FAULT_SNAPSHOT] > 0
             ? PK_SIM_TOWN_WITH_SNAPSHOTS
             : PK_SIM_TOWN_PLAIN;
}

/* What happened since the snapshots were made: changes that are not in them. */
static void
have_history (PkSimWorld *world)
{
  PkSimChance chance;

  pk_sim_chance_seed (&chance, pk_sim_chance_draw (&world->chance));
  for (guint i = pk_sim_chance_below (&chance, 4); i > 0; i--)
    pk_sim_act_move (world, &chance);
  if (pk_sim_chance_toss (&chance, 0.3))
    pk_sim_act_operator_delete (world, &chance);
}

static void
start_client (G_GNUC_UNUSED PkSimWorld *world, gpointer data)
{
  PkSimClient *client = data;

  if (client->writer == NULL && !pk_sim_disk_is_dead (client->disk))
    pk_sim_client_start (client);
}

/* Some come later than others. */
static void
start_clients (PkSimWorld *world)
{
  for (guint i = 0; i < world->n_clients; i++)
    pk_sim_world_at (world,
                     pk_sim_chance_toss (&world->chance, 0.2)
                         ? pk_sim_chance_below (&world->chance, 60) * PK_SIM_SECOND
                         : 0,
                     start_client,
                     world->clients[i],
                     NULL);
}

static void
storm (PkSimWorld *world, guint n_steps)
{
  for (guint i = 0; i < n_steps && world->failure == NULL; i++)
    {
      pass_time (world);
      if (i == n_steps / 4 && world->rates[PK_SIM_FAULT_RESTORE] > 0 && world->server->store)
        pk_sim_server_back_up (world->server);
      if (i % 8 == 7 && world->rates[PK_SIM_FAULT_ROLLBACK] > 0)
        copy_disk (world->clients[i / 8 % world->n_clients]);
      step (world);
    }
}

static gboolean
drop_piece (G_GNUC_UNUSED const char *text,
            G_GNUC_UNUSED gsize size,
            G_GNUC_UNUSED gpointer data,
            G_GNUC_UNUSED GError **error)
{
  return TRUE;
}

static gboolean
has_all (PkSimClient *client)
{
  gboolean has_news = TRUE;
  gint64 n_odd;

  if (!pk_sql_get_int (client->writer->sql,
                       "SELECT count(*) FROM scope WHERE is_suspect OR is_repaired",
                       &n_odd,
                       NULL) ||
      n_odd > 0)
    return FALSE;
  g_autoptr (PkPullRequest)
      request = pk_writer_make_pull_request (client->writer, PK_PULL_DEFAULT, NULL);
  return request != NULL &&
         pk_sync_pull (client->world->server->service,
                       &client->person,
                       request,
                       drop_piece,
                       NULL,
                       &has_news,
                       NULL) &&
         !has_news;
}

static gboolean
is_quiet (PkSimClient *client)
{
  gint64 sendable, later, attention;

  return client->writer != NULL &&
         pk_sync_machine_get_picture (client->machine)->state == PK_SYNC_STATE_UP_TO_DATE &&
         !pk_sync_machine_lane_is_busy (client->machine, PK_SYNC_LANE_CYCLE) &&
         pk_sync_machine_get_picture (client->machine)->n_uploads == 0 &&
         pk_sync_machine_get_picture (client->machine)->n_downloads == 0 &&
         pk_sim_client_count (client, &sendable, &later, &attention) && sendable == 0 && later == 0;
}

static gboolean
is_all_quiet (PkSimWorld *world)
{
  if (world->server->store == NULL)
    return FALSE;
  for (guint i = 0; i < world->n_clients; i++)
    if (pk_sim_devices_is_revoked (world, world->clients[i])
            ? !pk_sim_devices_is_quiet (world->clients[i])
            : !is_quiet (world->clients[i]))
      return FALSE;
  /* What costs more is asked last. */
  for (guint i = 0; i < world->n_clients; i++)
    if (!pk_sim_devices_is_revoked (world, world->clients[i]) && !has_all (world->clients[i]))
      return FALSE;
  return TRUE;
}

static void
describe_scopes (PkSimClient *client)
{
  g_autoptr (GPtrArray) scopes = pk_members_load_scopes (client->writer, NULL);

  for (guint i = 0; scopes != NULL && i < scopes->len; i++)
    {
      const PkHeldScope *scope = scopes->pdata[i];
      if (scope->is_suspect || scope->is_repaired)
        pk_sim_world_tell (client->world,
                           "client %u: %s at %" G_GINT64_FORMAT " is %s",
                           client->number,
                           scope->name,
                           scope->cursor,
                           scope->is_suspect ? "suspect" : "being repaired");
    }
  pk_sim_world_tell (client->world,
                     "client %u: %s",
                     client->number,
                     has_all (client) ? "has all" : "does not have all");
}

static void
describe (PkSimWorld *world)
{
  for (guint i = 0; i < world->n_clients; i++)
    {
      PkSimClient *client = world->clients[i];
      gint64 sendable = -1, later = -1, attention = -1;
      if (client->writer == NULL)
        continue;
      pk_sim_client_count (client, &sendable, &later, &attention);
      pk_sim_world_tell (world,
                         "client %u: state %d, %d wait, %d later, %d need attention",
                         i,
                         (int) pk_sync_machine_get_picture (client->machine)->state,
                         (int) sendable,
                         (int) later,
                         (int) attention);
      describe_scopes (client);
    }
}

static void
wait_for_quiet (PkSimWorld *world)
{
  gint64 end_us = world->now_us + CALM_WITHIN;
  guint64 most_events = world->n_events + CALM_EVENTS;

  while (!is_all_quiet (world) && world->now_us < end_us && world->failure == NULL)
    {
      if (world->n_events > most_events)
        pk_sim_world_fail (world, "10: somebody asks again and again");
      gint64 until_us = world->now_us + LOOK_EVERY;
      while (world->n_events <= most_events && pk_sim_world_next (world, until_us) &&
             world->failure == NULL)
        ;
      pk_sim_devices_sign_in_where_asked (world);
    }
  if (world->failure != NULL || world->now_us < end_us)
    return;
  describe (world);
  pk_sim_world_fail (world, "10: not all are in step, hours after the last fault");
}

static void
check_cost (PkSimWorld *world)
{
  gint64 until_us = world->now_us + QUIET_FOR;

  for (guint i = 0; i < world->n_clients; i++)
    world->clients[i]->n_requests = world->clients[i]->n_requests_with_rows = 0;
  while (pk_sim_world_next (world, until_us))
    ;
  /* Clones share their tokens, and with them whatever device the other one was made into: its verdicts are told once. */
  guint most = world->oracle->has_copies ? 2 : 0;
  for (guint i = 0; i < world->n_clients; i++)
    if (world->clients[i]->n_requests_with_rows > most || world->clients[i]->n_requests > 20)
      pk_sim_world_fail (world,
                         "11: client %u asks %u times and is told something %u times, of nothing",
                         i,
                         world->clients[i]->n_requests,
                         world->clients[i]->n_requests_with_rows);
}

/* Who was damaged compares what it has, and is as good as the others from then on. */
static gboolean
compare_all (PkSimWorld *world)
{
  gboolean is_damaged = FALSE;

  for (guint i = 0; i < world->n_clients; i++)
    is_damaged = is_damaged || world->clients[i]->is_damaged;
  if (is_damaged)
    pk_sim_damage_make_news (world);
  return is_damaged;
}

static void
calm_down (PkSimWorld *world)
{
  world->is_calm = TRUE;
  pk_sim_world_tell (world, "calm");
  pk_sim_disk_arm (world->server->disk, PK_SIM_TROUBLE_NONE, FALSE, 0);
  pk_sim_disk_make_room (world->server->disk);
  for (guint i = 0; i < world->n_clients; i++)
    {
      world->clients[i]->cut_off_until_us = 0;
      pk_sim_disk_arm (world->clients[i]->disk, PK_SIM_TROUBLE_NONE, FALSE, 0);
      pk_sim_disk_make_room (world->clients[i]->disk);
    }
  wait_for_quiet (world);
  if (world->failure == NULL && compare_all (world))
    wait_for_quiet (world);
  if (world->failure == NULL)
    check_cost (world);
  if (world->failure == NULL)
    pk_sim_oracle_check_end (world->oracle);
}

/**
 * pk_sim_run:
 * @result: (out caller-allocates): clear it with pk_sim_result_clear()
 *
 * Runs a schedule.
 */
void
pk_sim_run (PkSimTown *town, const PkSimWish *wish, PkSimResult *result)
{
  g_autoptr (PkSimWorld) world = pk_sim_world_new (town, wish);
  /* The size is drawn too: most failures need few steps and two devices, and many small schedules find them sooner. A large one
   * costs three times as much, and finds what needs a long history. */
  gboolean is_small = pk_sim_chance_toss (&world->chance, 0.95);
  guint n_clients = 2 + (pk_sim_chance_below (&world->chance, is_small ? 8 : 2) == 0) +
                    (!is_small && pk_sim_chance_below (&world->chance, 4) == 0);
  guint fresh = (guint) pk_sim_chance_draw (&world->chance) &
                (guint) pk_sim_chance_draw (&world->chance);
  guint n_steps = is_small ? 4 + pk_sim_chance_below (&world->chance, 7)
                           : 14 + pk_sim_chance_below (&world->chance, 32);

  pk_sim_vfs_seed (pk_sim_chance_draw (&world->chance));
  pk_sim_wrap_seed (pk_sim_chance_draw (&world->chance));
  PkSimTownKind kind = draw_town (world);
  pk_sim_town_populate (town, world, kind, n_clients, fresh);
  prepare (world);
  pk_sim_devices_prepare (world);
  if (kind == PK_SIM_TOWN_WITH_SNAPSHOTS)
    have_history (world);
  start_clients (world);
  if (wish->n_steps > 0)
    n_steps = wish->n_steps;
  storm (world, n_steps);
  gint64 calm_us = world->now_us;
  if (world->failure == NULL)
    calm_down (world);
  *result = (PkSimResult){ .failure = g_strdup (world->failure),
                           .digest = world->digest,
                           .n_steps = n_steps,
                           .n_choices = world->n_choices,
                           .n_acts = world->oracle->acts->len,
                           .calm_us = world->now_us - calm_us };
}

/**
 * pk_sim_result_clear:
 *
 * Frees what it holds.
 */
void
pk_sim_result_clear (PkSimResult *self)
{
  g_clear_pointer (&self->failure, g_free);
}

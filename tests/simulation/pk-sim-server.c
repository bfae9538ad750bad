/* The server of the simulation, behind its door (pk-sim-door). Kills strike at the disk: when it is dead after a call, the server dies. */
#include "config.h"

#include "pk-sim-server.h"

#include "pk-service-tokens.h"
#include "pk-sim-client.h"
#include "pk-sim-door.h"
#include "pk-sim-oracle.h"
#include "pk-snapshot.h"
#include "pk-store-backup.h"
#include "pk-store-meta.h"

#define SERVER_FOLDER  PK_SIM_ROOT "server/store"
#define LEAST_SNAPSHOT 3

typedef struct
{
  guint client;
  guint life;
  guint request;
} Listener;

/**
 * pk_sim_request_new:
 *
 * Returns: (transfer full): an empty request
 */
PkSimRequest *
pk_sim_request_new (PkSimRequestKind kind)
{
  PkSimRequest *self = g_new0 (PkSimRequest, 1);

  self->n_refs = 1;
  self->kind = kind;
  self->body = g_string_new (NULL);
  return self;
}

/**
 * pk_sim_request_ref:
 *
 * Returns: (transfer full): @self
 */
PkSimRequest *
pk_sim_request_ref (PkSimRequest *self)
{
  self->n_refs++;
  return self;
}

/**
 * pk_sim_request_unref:
 *
 * Gives up one reference.
 */
void
pk_sim_request_unref (PkSimRequest *self)
{
  if (--self->n_refs > 0)
    return;
  g_string_free (self->body, TRUE);
  g_free (self->token);
  g_free (self->sha256);
  g_free (self);
}

/**
 * pk_sim_answer_new:
 *
 * Returns: (transfer full): an empty answer of ours
 */
PkSimAnswer *
pk_sim_answer_new (guint status)
{
  PkSimAnswer *self = g_new0 (PkSimAnswer, 1);

  self->is_ours = TRUE;
  self->status = status;
  self->body = g_string_new (NULL);
  return self;
}

/**
 * pk_sim_answer_free:
 *
 * Frees it.
 */
void
pk_sim_answer_free (PkSimAnswer *self)
{
  g_string_free (self->body, TRUE);
  g_free (self->refresh);
  g_free (self);
}

/**
 * pk_sim_server_new:
 *
 * Returns: (transfer full): a server that is down
 */
PkSimServer *
pk_sim_server_new (PkSimWorld *world, PkSimDisk *disk)
{
  PkSimServer *self = g_new0 (PkSimServer, 1);

  self->world = world;
  self->disk = disk;
  self->listeners = g_array_new (FALSE, FALSE, sizeof (Listener));
  return self;
}

static void
stop (PkSimServer *self)
{
  g_clear_pointer (&self->service, pk_service_free);
  g_clear_pointer (&self->store, pk_store_close);
  g_array_set_size (self->listeners, 0);
}

/**
 * pk_sim_server_free:
 *
 * Ends it.
 */
void
pk_sim_server_free (PkSimServer *self)
{
  stop (self);
  g_clear_pointer (&self->ids, pk_id_source_unref);
  g_clear_pointer (&self->clock, pk_clock_unref);
  g_clear_pointer (&self->backup, pk_sim_image_free);
  g_array_unref (self->listeners);
  g_free (self);
}

/**
 * pk_sim_server_set_clock:
 *
 * Moves the server's clock to the world's time, as wrong as it is.
 */
void
pk_sim_server_set_clock (PkSimServer *self)
{
  gint64 right_us = self->world->now_us + self->clock_off_us;

  pk_clock_advance (self->clock, right_us - self->clock_us);
  self->clock_us = right_us;
}

/**
 * pk_sim_server_start:
 *
 * Opens the store.
 *
 * Returns: %TRUE if it runs
 */
gboolean
pk_sim_server_start (PkSimServer *self)
{
  g_autoptr (GError) error = NULL;

  self->life++;
  if (self->clock == NULL)
    {
      self->clock_us = self->world->now_us;
      self->clock = pk_clock_new_manual (self->clock_us);
      self->ids = pk_id_source_new_seeded (self->clock, pk_sim_chance_draw (&self->world->chance));
    }
  self->store = pk_store_open (SERVER_FOLDER, PK_STORE_READ_WRITE, self->ids, &error);
  if (self->store != NULL)
    {
      self->service = pk_service_new (self->store, self->clock, self->ids);
      if (self->has_little_room)
        pk_service_set_quarantine_limit (self->service, PK_SIM_LITTLE_ROOM);
    }
  else
    pk_sim_world_tell (self->world, "server: does not start: %s", error->message);
  return self->store != NULL;
}

static void
start_again (PkSimWorld *world, G_GNUC_UNUSED gpointer data)
{
  PkSimServer *self = world->server;

  if (self->store != NULL)
    return;
  pk_sim_disk_boot (self->disk, self->is_going_to_lose_power, &world->chance);
  self->is_going_to_lose_power = FALSE;
  if (pk_sim_server_start (self))
    pk_sim_oracle_server_started (world->oracle);
  else
    pk_sim_world_fail (world, "12: the server does not start again");
}

/**
 * pk_sim_server_die:
 *
 * The process dies, and is started again after a while.
 */
void
pk_sim_server_die (PkSimServer *self)
{
  PkSimWorld *world = self->world;

  if (self->store == NULL)
    return;
  pk_sim_disk_kill (self->disk);
  self->is_going_to_lose_power = pk_sim_world_strikes (world, PK_SIM_FAULT_POWER_CUT);
  pk_sim_world_tell (world, "server: dies");
  stop (self);
  pk_sim_world_at (world,
                   pk_sim_chance_below (&world->chance, 20) * PK_SIM_SECOND,
                   start_again,
                   NULL,
                   NULL);
}

/**
 * pk_sim_server_survive:
 *
 * After each call: where the disk died in it, so does the process.
 */
void
pk_sim_server_survive (PkSimServer *self)
{
  if (pk_sim_disk_is_dead (self->disk))
    pk_sim_server_die (self);
}

/**
 * pk_sim_server_listen:
 *
 * Whoever asked hears from now on that there is something.
 */
void
pk_sim_server_listen (PkSimServer *self, const PkSimRequest *request)
{
  Listener listener = { request->client, request->life, request->request };

  g_array_append_val (self->listeners, listener);
}

/**
 * pk_sim_server_answer:
 *
 * Returns: (transfer full) (nullable): what it says; NULL where it is down, or dies before it can say it
 */
PkSimAnswer *
pk_sim_server_answer (PkSimServer *self, const PkSimRequest *request)
{
  PkSimAnswer *answer;

  if (self->store == NULL)
    return NULL;
  pk_sim_server_set_clock (self);
  answer = pk_sim_door_let_in (self, request);
  if (pk_sim_disk_is_dead (self->disk))
    {
      pk_sim_server_die (self);
      g_clear_pointer (&answer, pk_sim_answer_free);
      return NULL;
    }
  pk_sim_oracle_observe (self->world->oracle);
  if (request->kind == PK_SIM_REQUEST_PUSH)
    for (guint i = 0; i < self->listeners->len; i++)
      {
        Listener *listener = &g_array_index (self->listeners, Listener, i);
        pk_sim_client_hear_news (self->world, listener->client, listener->life, listener->request);
      }
  return answer;
}

/**
 * pk_sim_server_back_up:
 *
 * Keeps a copy of the whole disk, as a file system that can do that would.
 */
void
pk_sim_server_back_up (PkSimServer *self)
{
  g_clear_pointer (&self->backup, pk_sim_image_free);
  self->backup = pk_sim_disk_save (self->disk);
  pk_sim_oracle_backed_up (self->world->oracle);
}

static void
renew (PkSimServer *self)
{
  PkId epoch;

  g_assert (pk_store_begin (self->store, NULL));
  g_assert (pk_store_renew_epoch (self->store, &epoch, NULL));
  g_assert (pk_store_commit (self->store, NULL));
}

/**
 * pk_sim_server_restore:
 *
 * The server's disk is lost; the backup takes its place, with another epoch, as `pakobla-admin restore` gives it.
 */
void
pk_sim_server_restore (PkSimServer *self)
{
  if (self->backup == NULL)
    return;
  pk_sim_world_tell (self->world, "server: restored from its backup");
  pk_sim_disk_kill (self->disk);
  stop (self);
  pk_sim_disk_load (self->disk, self->backup);
  pk_sim_disk_boot (self->disk, FALSE, &self->world->chance);
  if (!pk_sim_server_start (self))
    {
      pk_sim_world_fail (self->world, "12: the server does not start from its backup");
      return;
    }
  renew (self);
  pk_sim_oracle_restored (self->world->oracle);
}

/**
 * pk_sim_server_make_snapshots:
 *
 * What the keeper of snapshots does, at once.
 */
void
pk_sim_server_make_snapshots (PkSimServer *self)
{
  g_autoptr (GError) error = NULL;

  if (self->store == NULL)
    return;
  g_autoptr (GArray) stale = pk_snapshot_find_stale (self->service, LEAST_SNAPSHOT, &error);
  guint first = stale != NULL ? pk_sim_chance_below (&self->world->chance, stale->len) : 0;
  for (guint i = 0; stale != NULL && i < stale->len && i < 2; i++)
    {
      g_autoptr (PkSnapshotRow)
          row = pk_snapshot_make (self->service,
                                  g_array_index (stale, gint64, (first + i) % stale->len),
                                  &error);
      if (row == NULL || !pk_snapshot_publish (self->service, row, &error))
        break;
      pk_sim_oracle_check_snapshot (self->world->oracle, row->scope);
      pk_sim_world_tell (self->world,
                         "server: snapshot of scope %" G_GINT64_FORMAT " at %" G_GINT64_FORMAT,
                         row->scope,
                         row->seq);
    }
  pk_sim_server_survive (self);
}

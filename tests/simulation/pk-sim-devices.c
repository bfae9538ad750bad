/*
 * Devices that are revoked, the quarantine, and the lease: what an operator does, and what app/pk-application.c does with it on the device.
 * A device that was away for too long shows nothing and asks nobody until its person has signed in; a revoked one is somebody's again when
 * a person signs in on it, and then it is another device.
 */
#include "config.h"

#include "pk-sim-devices.h"

#include "pk-service-devices.h"
#include "pk-service-policy.h"
#include "pk-sim-oracle.h"
#include "pk-writer-private.h"

#define NOTE_CONTACT_EVERY (5 * PK_SIM_MINUTE)
#define UNKNOWN            (-1)

/**
 * pk_sim_devices_prepare:
 *
 * The policy of this schedule, decided before it begins.
 */
void
pk_sim_devices_prepare (PkSimWorld *world)
{
  PkPolicy policy = { PK_POLICY_LEASE_DAYS, TRUE };
  PkSimChance chance;

  pk_sim_chance_seed (&chance, pk_sim_chance_draw (&world->chance));
  if (world->rates[PK_SIM_FAULT_QUARANTINE] <= 0)
    return;
  world->server->has_little_room = pk_sim_chance_toss (&chance, 0.3);
  if (world->server->has_little_room)
    pk_service_set_quarantine_limit (world->server->service, PK_SIM_LITTLE_ROOM);
  if (pk_sim_chance_toss (&chance, 0.7) &&
      !pk_service_set_policy (world->server->service, &policy, NULL))
    pk_sim_world_fail (world, "2: the policy cannot be set");
}

/**
 * pk_sim_devices_revoke:
 *
 * An operator revokes the device that a client speaks for.
 */
void
pk_sim_devices_revoke (PkSimWorld *world, PkSimChance *chance)
{
  PkSimClient *client = world->clients[pk_sim_chance_below (chance, world->n_clients)];
  PkId device = client->account_device;

  if (world->server->store == NULL || pk_id_is_null (&device))
    return;
  pk_sim_server_set_clock (world->server);
  pk_sim_world_tell (world, "operator: revokes the device of client %u", client->number);
  if (pk_service_revoke_device (world->server->service, &device, NULL))
    g_hash_table_add (world->oracle->revoked, g_memdup2 (&device, sizeof device));
  pk_sim_server_survive (world->server);
}

/**
 * pk_sim_devices_is_revoked:
 *
 * A copy that was told to go on as another device speaks for that one at once; its account tells so only after the next refresh.
 *
 * Returns: whether an operator has revoked the device that the client speaks for
 */
gboolean
pk_sim_devices_is_revoked (PkSimWorld *world, PkSimClient *client)
{
  PkId device;

  if (client->writer == NULL || !pk_writer_get_device (client->writer, &device))
    device = client->account_device;
  return g_hash_table_contains (world->oracle->revoked, &device);
}

/**
 * pk_sim_devices_is_quiet:
 *
 * Returns: whether a revoked device has nothing more to do
 */
gboolean
pk_sim_devices_is_quiet (PkSimClient *client)
{
  return client->writer != NULL && client->has_erased &&
         pk_sync_machine_get_picture (client->machine)->state == PK_SYNC_STATE_REVOKED &&
         !pk_sync_machine_lane_is_busy (client->machine, PK_SYNC_LANE_CYCLE);
}

static gboolean
is_locked (PkSimClient *self)
{
  PkReplicaSummary summary = { 0 };

  return pk_meta_get_int (self->writer->outbox, "contact", 0, &summary.last_contact_us, NULL) &&
         pk_meta_get_int (self->writer->outbox, "lease", 0, &summary.lease_until_us, NULL) &&
         pk_replica_summary_is_locked (&summary, pk_clock_now_us (self->clock));
}

/**
 * pk_sim_client_note_contact:
 *
 * As note_contact_sometimes() of pk-session-pull.c.
 */
void
pk_sim_client_note_contact (PkSimClient *self)
{
  gint64 now_us = pk_clock_now_us (self->clock);

  if (ABS (now_us - self->noted_contact_us) < NOTE_CONTACT_EVERY)
    return;
  self->noted_contact_us = now_us;
  gboolean was_locked = is_locked (self);
  if (!pk_writer_note_contact (self->writer, NULL))
    self->contact_us = UNKNOWN;
  else if (!was_locked && self->contact_us != UNKNOWN)
    self->contact_us = now_us;
}

/**
 * pk_sim_client_look_at_lease:
 *
 * As is_locked() and lease_cb() of pk-application.c: a device that may not be read any more is left.
 */
void
pk_sim_client_look_at_lease (PkSimClient *self)
{
  if (self->writer == NULL)
    return;
  pk_sim_client_set_clock (self);
  gboolean locks = is_locked (self);
  if (pk_sim_disk_is_dead (self->disk))
    return;
  pk_sim_oracle_check_lock (self->world->oracle, self, locks);
  if (!locks)
    return;
  pk_sim_world_tell (self->world, "client %u: was away too long", self->number);
  pk_sim_client_stop (self);
  self->is_locked_out = TRUE;
}

/**
 * pk_sim_client_open_again:
 *
 * As is_locked() of pk-application.c after a sign-in: what was locked is open.
 */
void
pk_sim_client_open_again (PkSimClient *self)
{
  gint64 now_us = pk_clock_now_us (self->clock);

  if (!is_locked (self))
    return;
  self->contact_us = pk_writer_renew_lease (self->writer, NULL) ? now_us : UNKNOWN;
  self->noted_contact_us = now_us;
}

/* The program comes back with the person. */
static void
come_back (PkSimClient *client)
{
  if (!pk_sim_client_get_tokens (client))
    return;
  client->is_locked_out = FALSE;
  client->has_signed_in = TRUE;
  pk_sim_client_start (client);
}

static void
sign_in_anew (PkSimClient *client)
{
  if (client->writer != NULL)
    pk_sim_client_stop (client);
  client->is_locked_out = TRUE;
  come_back (client);
}

/**
 * pk_sim_devices_sign_in_where_asked:
 *
 * What people on machines do when they are asked to sign in.
 */
void
pk_sim_devices_sign_in_where_asked (PkSimWorld *world)
{
  for (guint i = 0; i < world->n_clients; i++)
    {
      PkSimClient *client = world->clients[i];
      if (client->is_locked_out)
        come_back (client);
      else if (client->machine == NULL)
        continue;
      else if (pk_sync_machine_get_picture (client->machine)->state == PK_SYNC_STATE_SIGN_IN_NEEDED)
        pk_sim_client_sign_in (client);
      else if (client->has_erased &&
               (!world->is_calm || !pk_sim_devices_is_revoked (world, client)))
        sign_in_anew (client);
    }
}

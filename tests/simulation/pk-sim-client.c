/* See the header. A client dies when its disk is dead after a call, and is started again after a while. */
#include "config.h"

#include "pk-sim-client.h"

#include "pk-blob-queue.h"
#include "pk-sim-contents.h"
#include "pk-sim-oracle.h"
#include "pk-writer-private.h"

#include <string.h>

#define MOST_STEPS 100000

static void
free_offer (gpointer data)
{
  PkSimOffer *offer = data;

  g_free (offer->sha256);
  g_free (offer);
}

/**
 * pk_sim_client_new:
 *
 * Returns: (transfer full): a device that is switched off
 */
PkSimClient *
pk_sim_client_new (PkSimWorld *world, guint number, PkSimDisk *disk, const PkId *person)
{
  PkSimClient *self = g_new0 (PkSimClient, 1);

  self->world = world;
  self->number = number;
  self->disk = disk;
  self->directory = g_strdup_printf (PK_SIM_ROOT "client%u/data", number);
  self->person = *person;
  self->clock_us = world->now_us;
  self->clock = pk_clock_new_manual (self->clock_us);
  self->ids = pk_id_source_new_seeded (self->clock, pk_sim_chance_draw (&world->chance));
  g_queue_init (&self->events);
  self->offers = g_ptr_array_new_with_free_func (free_offer);
  self->uploads = g_hash_table_new_full (g_str_hash,
                                         g_str_equal,
                                         g_free,
                                         (GDestroyNotify) pk_pending_upload_free);
  self->questions = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_pull_request_free);
  return self;
}

static void
stop (PkSimClient *self)
{
  g_clear_pointer (&self->writer, pk_writer_free);
  g_clear_pointer (&self->machine, pk_sync_machine_free);
  g_queue_clear_full (&self->events, g_free);
  g_ptr_array_set_size (self->offers, 0);
  g_hash_table_remove_all (self->uploads);
  g_ptr_array_set_size (self->questions, 0);
  g_clear_error (&self->push_fault);
  self->timer_us = 0;
  self->has_erased = FALSE;
  self->noted_contact_us = 0;
  self->life++;
}

/**
 * pk_sim_client_free:
 *
 * Throws the device away.
 */
void
pk_sim_client_free (PkSimClient *self)
{
  stop (self);
  g_ptr_array_unref (self->offers);
  g_hash_table_unref (self->uploads);
  g_ptr_array_unref (self->questions);
  g_clear_pointer (&self->copy, pk_sim_image_free);
  g_free (self->copy_access);
  g_free (self->copy_refresh);
  g_free (self->repaired);
  g_free (self->access);
  g_free (self->refresh);
  pk_id_source_unref (self->ids);
  pk_clock_unref (self->clock);
  g_free (self->directory);
  g_free (self);
}

/**
 * pk_sim_client_set_clock:
 *
 * Moves the device's clock to the world's time, as wrong as it is.
 */
void
pk_sim_client_set_clock (PkSimClient *self)
{
  gint64 right_us = self->world->now_us + self->clock_off_us;

  pk_clock_advance (self->clock, right_us - self->clock_us);
  self->clock_us = right_us;
}

static void
changed_cb (G_GNUC_UNUSED PkChangeSet *changes, gpointer user_data)
{
  PkSimClient *self = user_data;

  self->has_committed = TRUE;
}

static gboolean
check_account (PkSimClient *self)
{
  PkId known;

  if (pk_id_is_null (&self->account_device))
    return TRUE;
  if (!pk_writer_get_device (self->writer, &known))
    return pk_writer_set_device (self->writer, &self->account_device, NULL);
  return pk_id_equal (&known, &self->account_device) ||
         pk_writer_change_device (self->writer, &self->account_device, NULL);
}

/**
 * pk_sim_client_start:
 *
 * Starts the program: opens the files, and the machine.
 */
void
pk_sim_client_start (PkSimClient *self)
{
  PkSimWorld *world = self->world;
  g_autoptr (GError) error = NULL;

  self->life++;
  pk_sim_client_set_clock (self);
  self->writer = pk_sim_client_open (self, &error);
  if (self->writer == NULL)
    {
      pk_sim_world_tell (world, "client %u: does not start: %s", self->number, error->message);
      if (!pk_sim_disk_is_dead (self->disk))
        pk_sim_disk_kill (self->disk);
      pk_sim_client_die (self);
      return;
    }
  if (self->has_signed_in)
    pk_sim_client_open_again (self);
  else
    pk_sim_client_look_at_lease (self);
  self->has_signed_in = FALSE;
  if (self->is_locked_out)
    return;
  pk_writer_set_listener (self->writer, changed_cb, self);
  self->machine = pk_sync_machine_new (pk_sim_chance_draw (&world->chance));
  self->has_committed = TRUE;
  gboolean is_checked = check_account (self);
  pk_sim_client_send (
      self,
      (PkSyncEvent){ .kind = PK_SYNC_EVENT_STARTED, .flag = is_checked && self->access != NULL });
  pk_sim_client_look (self);
  pk_sim_client_survive (self);
}

static void
start_again (PkSimWorld *world, gpointer data)
{
  PkSimClient *self = data;

  if (self->writer != NULL)
    return;
  pk_sim_disk_boot (self->disk, self->is_going_to_lose_power, &world->chance);
  self->is_going_to_lose_power = FALSE;
  pk_sim_world_tell (world, "client %u: starts", self->number);
  pk_sim_client_start (self);
}

/**
 * pk_sim_client_die:
 *
 * The process dies, and is started again after a while.
 */
void
pk_sim_client_die (PkSimClient *self)
{
  PkSimWorld *world = self->world;

  pk_sim_disk_kill (self->disk);
  self->is_going_to_lose_power = pk_sim_world_strikes (world, PK_SIM_FAULT_POWER_CUT);
  pk_sim_world_tell (world, "client %u: dies", self->number);
  stop (self);
  pk_sim_world_at (world,
                   (1 + pk_sim_chance_below (&world->chance, 30)) * PK_SIM_SECOND,
                   start_again,
                   self,
                   NULL);
}

/**
 * pk_sim_client_stop:
 *
 * The person ends the program.
 */
void
pk_sim_client_stop (PkSimClient *self)
{
  stop (self);
}

/**
 * pk_sim_client_survive:
 *
 * After each call: where the disk died in it, so does the process; else what it committed is looked at.
 */
void
pk_sim_client_survive (PkSimClient *self)
{
  if (self->writer == NULL || self->is_draining)
    return;
  if (pk_sim_disk_is_dead (self->disk))
    pk_sim_client_die (self);
  else if (self->has_committed)
    {
      self->has_committed = FALSE;
      pk_sim_oracle_check_client (self->world->oracle,
                                  self,
                                  pk_sim_chance_toss (&self->world->chance, 0.2));
    }
}

static void
tick (PkSimWorld *world, gpointer data)
{
  guint number = GPOINTER_TO_UINT (data) & 15;
  PkSimClient *self = world->clients[number];

  /* A timer that was replaced, or that the process did not survive. */
  if (self->writer == NULL || self->timer_us == 0 || world->now_us < self->timer_us)
    return;
  self->timer_us = 0;
  pk_sim_client_send (self, (PkSyncEvent){ .kind = PK_SYNC_EVENT_TICK });
  pk_sim_client_survive (self);
}

static void
step (PkSimClient *self, PkSyncEvent *event)
{
  PkSyncEffect effects[PK_SYNC_MAX_EFFECTS];
  PkSimWorld *world = self->world;

  event->now_us = world->now_us;
  guint n = pk_sync_machine_step (self->machine, event, effects);
  for (guint i = 0; i < n && !pk_sim_disk_is_dead (self->disk); i++)
    {
      if (effects[i].kind == PK_SYNC_EFFECT_SET_TIMER)
        {
          self->timer_us = MAX (effects[i].number, world->now_us + 1);
          pk_sim_world_at (world,
                           self->timer_us - world->now_us,
                           tick,
                           GUINT_TO_POINTER (self->number),
                           NULL);
        }
      else if (effects[i].kind != PK_SYNC_EFFECT_TELL)
        pk_sim_client_carry_out (self, &effects[i]);
    }
}

/**
 * pk_sim_client_send:
 *
 * Gives the machine an event, after those that wait.
 */
void
pk_sim_client_send (PkSimClient *self, PkSyncEvent event)
{
  if (self->machine == NULL)
    return;
  g_queue_push_tail (&self->events, g_memdup2 (&event, sizeof event));
  if (self->is_draining)
    return;
  self->is_draining = TRUE;
  for (PkSyncEvent *next = g_queue_pop_head (&self->events); next != NULL;
       next = g_queue_pop_head (&self->events))
    {
      if (!pk_sim_disk_is_dead (self->disk))
        step (self, next);
      g_free (next);
    }
  self->is_draining = FALSE;
}

/**
 * pk_sim_client_count:
 *
 * Returns: %TRUE if the outbox could be counted
 */
gboolean
pk_sim_client_count (PkSimClient *self, gint64 *sendable, gint64 *later, gint64 *attention)
{
  PkStatement *query = pk_sql_prepare (self->writer->outbox,
                                       "SELECT count(*) FILTER (WHERE state IN (0, 1)),"
                                       " count(*) FILTER (WHERE state = 2),"
                                       " count(*) FILTER (WHERE state = 5) FROM mutation",
                                       NULL);

  if (query == NULL || !pk_statement_next (query, NULL))
    return FALSE;
  *sendable = pk_statement_get_int (query, 0);
  *later = pk_statement_get_int (query, 1);
  *attention = pk_statement_get_int (query, 2);
  pk_statement_reset (query);
  return TRUE;
}

/**
 * pk_sim_client_look:
 *
 * Looks what waits in the outbox and tells the machine.
 */
void
pk_sim_client_look (PkSimClient *self)
{
  gint64 sendable, later, attention;

  if (self->writer == NULL || !pk_sim_client_count (self, &sendable, &later, &attention))
    return;
  pk_sim_client_send (self,
                      (PkSyncEvent){ .kind = PK_SYNC_EVENT_OUTBOX,
                                     .number = sendable,
                                     .later = (guint) later,
                                     .attention = (guint) attention });
  if (self->world->rates[PK_SIM_FAULT_CONTENTS] > 0 && self->writer != NULL)
    pk_sim_client_look_for_contents (self);
}

/**
 * pk_sim_client_get_tokens:
 *
 * The person signs in, whether or not the replica is open.
 *
 * Returns: %TRUE if the server answered
 */
gboolean
pk_sim_client_get_tokens (PkSimClient *self)
{
  g_autoptr (PkSimAnswer) tokens = pk_sim_answer_new (200);

  if (!pk_sim_server_sign_in (self->world->server, &self->person, &self->account_device, tokens))
    return FALSE;
  g_free (self->access);
  g_free (self->refresh);
  self->access = g_strdup (tokens->body->str);
  self->refresh = g_strdup (tokens->refresh);
  self->account_device = tokens->device;
  pk_sim_world_tell (self->world, "client %u: signs in", self->number);
  return TRUE;
}

/**
 * pk_sim_client_sign_in:
 *
 * The person signs in while the program works.
 */
void
pk_sim_client_sign_in (PkSimClient *self)
{
  if (self->writer == NULL || !pk_sim_client_get_tokens (self))
    return;
  if (check_account (self))
    pk_sim_client_send (self, (PkSyncEvent){ .kind = PK_SYNC_EVENT_SIGNED_IN });
  pk_sim_client_look (self);
  pk_sim_client_survive (self);
}

/**
 * pk_sim_client_hear_news:
 *
 * The stream of events says that there is something.
 */
void
pk_sim_client_hear_news (PkSimWorld *world, guint client, guint life, guint request)
{
  PkSimClient *self = world->clients[client];

  if (self->life == life && self->cut_off_until_us <= world->now_us)
    pk_sim_client_answer (self, request, (PkSyncEvent){ .kind = PK_SYNC_EVENT_STREAM_NEWS }, FALSE);
}

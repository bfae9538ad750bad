/*
 * How a revoked device takes leave: it hands in what it has, as far as the server takes it, and then erases what it was given. Pure, like
 * all of the machine.
 *
 * What the server does not take – its quarantine is full, it cannot read a line, it stumbles over it – stays at the front of the
 * outbox, for its author; what is behind it is handed in all the same. Each push takes something away or leaves something behind, so that the
 * end comes.
 */
#include "config.h"

#include "pk-sync-machine-private.h"

static guint
count_left (PkSyncMachine *self)
{
  return self->sendable + self->later + self->attention;
}

/**
 * pk_sync_machine_start_farewell:
 *
 * Starts the next push of a revoked device, or its end.
 */
void
pk_sync_machine_start_farewell (PkSyncMachine *self)
{
  guint n_left = count_left (self);

  if (n_left > self->n_left_behind && !self->has_handed_in)
    {
      if (self->now_us < self->push_not_before_us)
        return;
      self->push_from = -1 - (gint64) self->n_left_behind;
      self->n_handed_in = n_left;
      pk_sync_machine_start_push (self);
      return;
    }
  /* A content that was not sent can be handed in by nobody else: it stays, with the outbox. */
  pk_sync_machine_ask (self, PK_SYNC_LANE_CYCLE, PK_SYNC_EFFECT_ERASE, 0)->flag =
      n_left == 0 && self->uploads->len == 0;
}

/**
 * pk_sync_machine_leave_unheard:
 *
 * A revoked device that nobody lets in any more, and where nobody is asked to sign in, erases what it was given; its outbox stays.
 */
void
pk_sync_machine_leave_unheard (PkSyncMachine *self)
{
  const PkSyncLaneState *cycle = &self->lanes[PK_SYNC_LANE_CYCLE];

  if (self->is_revoked && !self->is_signed_in && !self->is_erased && cycle->request == 0 &&
      self->now_us >= cycle->not_before_us)
    pk_sync_machine_ask (self, PK_SYNC_LANE_CYCLE, PK_SYNC_EFFECT_ERASE, 0);
}

/**
 * pk_sync_machine_note_handed_in:
 * @judged: verdicts of the push that was answered
 *
 * Those that are still there were refused for good, and are not handed in again.
 */
void
pk_sync_machine_note_handed_in (PkSyncMachine *self, guint judged)
{
  guint n_left = count_left (self);
  guint n_gone = n_left < self->n_handed_in ? self->n_handed_in - n_left : 0;

  if (self->is_farewell && judged > n_gone)
    self->n_left_behind += judged - n_gone;
  self->is_farewell = FALSE;
}

/**
 * pk_sync_machine_leave_behind:
 *
 * The server will not have the mutation that was pushed alone.
 *
 * Returns: %FALSE where this is no farewell
 */
gboolean
pk_sync_machine_leave_behind (PkSyncMachine *self)
{
  if (!self->is_farewell)
    return FALSE;
  self->n_left_behind++;
  self->push_failures = 0;
  self->push_not_before_us = 0;
  return TRUE;
}

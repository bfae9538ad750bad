/*
 * The machine's main lane: push, then pull, then what the pull asked for. Pure, like all of the machine.
 *
 * A push that goes wrong never stops the pull: it has a back-off of its own. A mutation that the server cannot even read, or
 * that makes it stumble again and again while everything else works, is set aside for its author, so that those behind it
 * get through.
 */
#include "config.h"

#include "pk-sync-machine-private.h"

#include <string.h>

#define PUSH_PATIENCE             (120 * PK_SYNC_SECOND)
#define PULL_PATIENCE             (60 * PK_SYNC_SECOND)
#define POLL_ALONE                (30 * PK_SYNC_SECOND)
#define POLL_BESIDE_STREAM        (15 * PK_SYNC_MINUTE)
#define SNAPSHOT_TRIES            3
#define STUMBLES_BEFORE_SET_ASIDE 6
#define PULLS_BEFORE_SET_ASIDE    3
#define GAPS_BEFORE_BACK_OFF      3

/**
 * pk_sync_machine_wants_push:
 *
 * Returns: whether something is to be sent now
 */
gboolean
pk_sync_machine_wants_push (PkSyncMachine *self)
{
  if (self->now_us < self->push_not_before_us)
    return FALSE;
  return self->sendable > 0 || (self->later > 0 && self->now_us >= self->later_not_before_us);
}

/**
 * pk_sync_machine_poll_time:
 *
 * Returns: when to pull next though nobody said that there is something
 */
gint64
pk_sync_machine_poll_time (PkSyncMachine *self)
{
  if (!self->is_signed_in || self->is_revoked)
    return 0;
  gint64 period = self->is_stream_open || self->is_too_old ? POLL_BESIDE_STREAM : POLL_ALONE;
  return self->pulled_us + period + self->poll_jitter_us;
}

static void
back_off_push (PkSyncMachine *self, gint64 retry_after_us)
{
  self->push_failures++;
  self->push_not_before_us = self->now_us + retry_after_us +
                             pk_sync_machine_draw_delay (self, self->push_failures);
}

/**
 * pk_sync_machine_start_push:
 *
 * Asks for a push, from where it is to go on.
 */
void
pk_sync_machine_start_push (PkSyncMachine *self)
{
  gboolean also_later = self->later > 0 && self->now_us >= self->later_not_before_us;
  PkSyncEffect *push =
      pk_sync_machine_ask (self, PK_SYNC_LANE_CYCLE, PK_SYNC_EFFECT_PUSH, PUSH_PATIENCE);

  push->number = self->push_from;
  push->size = self->batch;
  push->flag = also_later;
  /* Also where the one before failed as a farewell, and nobody is revoked any more. */
  self->is_farewell = self->push_from < 0;
  self->push_from = 0;
}

static void
start_pull (PkSyncMachine *self)
{
  PkSyncEffect *pull =
      pk_sync_machine_ask (self, PK_SYNC_LANE_CYCLE, PK_SYNC_EFFECT_PULL, PULL_PATIENCE);

  pull->flag = self->wants_rows;
  self->wants_pull = FALSE;
  self->has_news = FALSE;
  self->picture.done = 0;
  self->picture.total = 0;
  self->picture.rows = 0;
  self->fetched = 0;
  g_array_set_size (self->snapshots, 0);
}

static void
start_snapshot (PkSyncMachine *self)
{
  PkSyncContent *snapshot = &g_array_index (self->snapshots, PkSyncContent, 0);
  PkSyncEffect *fetch =
      pk_sync_machine_ask (self, PK_SYNC_LANE_CYCLE, PK_SYNC_EFFECT_FETCH_SNAPSHOT, PULL_PATIENCE);

  memcpy (fetch->sha256, snapshot->sha256, sizeof fetch->sha256);
  fetch->number = snapshot->moved;
  fetch->size = snapshot->size;
}

static gboolean
start_own_work (PkSyncMachine *self)
{
  if (self->must_take_epoch)
    pk_sync_machine_ask (self, PK_SYNC_LANE_CYCLE, PK_SYNC_EFFECT_TAKE_EPOCH, 0)->id = self->epoch;
  else if (self->must_take_device)
    pk_sync_machine_ask (self, PK_SYNC_LANE_CYCLE, PK_SYNC_EFFECT_TAKE_DEVICE, 0)->id =
        self->device;
  else if (self->must_set_aside)
    pk_sync_machine_ask (self, PK_SYNC_LANE_CYCLE, PK_SYNC_EFFECT_SET_ASIDE, 0);
  else if (self->must_install && !self->is_revoked)
    pk_sync_machine_ask (self, PK_SYNC_LANE_CYCLE, PK_SYNC_EFFECT_INSTALL_SNAPSHOTS, 0);
  else
    return FALSE;
  return TRUE;
}

/**
 * pk_sync_machine_start_cycle:
 *
 * Starts what comes next on the main lane, if it is free.
 */
void
pk_sync_machine_start_cycle (PkSyncMachine *self)
{
  if (!pk_sync_machine_may_start (self, PK_SYNC_LANE_CYCLE))
    {
      pk_sync_machine_leave_unheard (self);
      return;
    }
  if (start_own_work (self))
    return;
  if (self->is_revoked)
    pk_sync_machine_start_farewell (self);
  else if (pk_sync_machine_wants_push (self))
    pk_sync_machine_start_push (self);
  else if (self->snapshots->len > 0)
    start_snapshot (self);
  else if (self->wants_pull || self->now_us >= pk_sync_machine_poll_time (self))
    start_pull (self);
}

static void
cycle_went_well (PkSyncMachine *self)
{
  PkSyncLaneState *cycle = &self->lanes[PK_SYNC_LANE_CYCLE];

  pk_sync_machine_rest (self, PK_SYNC_LANE_CYCLE);
  cycle->failures = 0;
  cycle->not_before_us = 0;
}

static void
take_outbox (PkSyncMachine *self, const PkSyncEvent *event)
{
  guint sendable = (guint) CLAMP (event->number, 0, G_MAXINT);

  if (event->later > self->later)
    {
      self->later_tries = 0;
      self->later_not_before_us = self->now_us + pk_sync_machine_draw_delay (self, 1);
    }
  /* What could not be pushed was settled otherwise: by a verdict in the feed, or by the person. */
  if (sendable == 0 && event->later == 0)
    {
      self->push_failures = 0;
      self->push_not_before_us = 0;
    }
  self->sendable = sendable;
  self->later = event->later;
  self->attention = event->attention;
}

static void
take_pushed (PkSyncMachine *self, const PkSyncEvent *event)
{
  guint judged = (guint) CLAMP (event->number, 0, G_MAXINT);

  cycle_went_well (self);
  pk_sync_machine_note_contact (self);
  self->token_refusals = 0;
  pk_sync_machine_note_handed_in (self, judged);
  self->wants_pull = TRUE;
  self->gaps = 0;
  self->batch = MIN (self->batch * 2, PK_SYNC_BATCH_MAX);
  if (event->later > 0)
    self->later_not_before_us = self->now_us +
                                pk_sync_machine_draw_delay (self, ++self->later_tries);
  if (judged == 0)
    {
      /* It answered, and judged nothing: asking at once would only turn in circles. */
      back_off_push (self, 0);
      return;
    }
  self->push_failures = 0;
  self->push_not_before_us = 0;
  self->has_failed = FALSE;
}

static void
take_pulled (PkSyncMachine *self, const PkSyncEvent *event)
{
  cycle_went_well (self);
  pk_sync_machine_note_contact (self);
  self->token_refusals = 0;
  self->pulls_since_push_failure++;
  self->is_too_old = FALSE;
  self->has_news = FALSE;
  self->pulled_us = self->now_us;
  self->poll_jitter_us = pk_sync_machine_draw_delay (self, 3);
  if (self->push_failures == 0)
    self->has_failed = FALSE;
  if (self->snapshots->len > 0)
    {
      self->wants_pull = TRUE;
      return;
    }
  self->wants_pull = self->wants_pull || event->number > 0;
  self->has_pulled = TRUE;
  self->wants_rows = FALSE;
  self->snapshot_faults = 0;
}

static void
take_offer (PkSyncMachine *self, const PkSyncEvent *event)
{
  PkSyncContent snapshot = { .size = event->size,
                             .moved = MAX (event->number, 0),
                             .rows = event->rows };

  if (self->lanes[PK_SYNC_LANE_CYCLE].doing != PK_SYNC_EFFECT_PULL || event->sha256 == NULL)
    return;
  g_strlcpy (snapshot.sha256, event->sha256, sizeof snapshot.sha256);
  g_array_append_val (self->snapshots, snapshot);
  self->picture.total += event->size;
  self->picture.rows += event->rows;
}

static void
take_progress (PkSyncMachine *self, const PkSyncEvent *event)
{
  PkSyncLaneState *cycle = &self->lanes[PK_SYNC_LANE_CYCLE];

  if (cycle->deadline_us == 0)
    return;
  pk_sync_machine_note_contact (self);
  cycle->deadline_us = self->now_us +
                       (cycle->doing == PK_SYNC_EFFECT_PUSH ? PUSH_PATIENCE : PULL_PATIENCE);
  self->has_news = TRUE;
  self->picture.done = self->fetched + event->number;
  if (cycle->doing != PK_SYNC_EFFECT_FETCH_SNAPSHOT || self->snapshots->len == 0)
    return;
  PkSyncContent *snapshot = &g_array_index (self->snapshots, PkSyncContent, 0);
  if (event->number > snapshot->moved)
    cycle->failures = 0;
  snapshot->moved = event->number;
}

static void
take_snapshot (PkSyncMachine *self)
{
  cycle_went_well (self);
  pk_sync_machine_note_contact (self);
  if (self->snapshots->len > 0)
    {
      self->fetched += g_array_index (self->snapshots, PkSyncContent, 0).size;
      self->picture.done = self->fetched;
      g_array_remove_index (self->snapshots, 0);
    }
  self->must_install = self->snapshots->len == 0;
}

static void
take_own_work (PkSyncMachine *self, const PkSyncEvent *event)
{
  cycle_went_well (self);
  self->wants_pull = TRUE;
  switch (event->kind)
    {
    case PK_SYNC_EVENT_DEVICE_TAKEN:
      self->must_take_device = FALSE;
      return;
    case PK_SYNC_EVENT_EPOCH_TAKEN:
      self->must_take_epoch = FALSE;
      self->push_from = 0;
      g_array_set_size (self->snapshots, 0);
      self->must_install = FALSE;
      return;
    case PK_SYNC_EVENT_SNAPSHOTS_INSTALLED:
      self->must_install = FALSE;
      self->install_faults = 0;
      return;
    case PK_SYNC_EVENT_SET_ASIDE_DONE:
      self->must_set_aside = FALSE;
      self->push_failures = 0;
      self->push_not_before_us = 0;
      return;
    default:
      self->is_erased = TRUE;
    }
}

/* Which answer belongs to which question. */
static gboolean
fits (PkSyncEffectKind doing, PkSyncEventKind answer)
{
  switch (answer)
    {
    case PK_SYNC_EVENT_PUSHED:
      return doing == PK_SYNC_EFFECT_PUSH;
    case PK_SYNC_EVENT_PULLED:
    case PK_SYNC_EVENT_SNAPSHOT_OFFERED:
      return doing == PK_SYNC_EFFECT_PULL;
    case PK_SYNC_EVENT_SNAPSHOT_FETCHED:
      return doing == PK_SYNC_EFFECT_FETCH_SNAPSHOT;
    case PK_SYNC_EVENT_SNAPSHOTS_INSTALLED:
      return doing == PK_SYNC_EFFECT_INSTALL_SNAPSHOTS;
    case PK_SYNC_EVENT_DEVICE_TAKEN:
      return doing == PK_SYNC_EFFECT_TAKE_DEVICE;
    case PK_SYNC_EVENT_EPOCH_TAKEN:
      return doing == PK_SYNC_EFFECT_TAKE_EPOCH;
    case PK_SYNC_EVENT_SET_ASIDE_DONE:
      return doing == PK_SYNC_EFFECT_SET_ASIDE;
    case PK_SYNC_EVENT_ERASED:
      return doing == PK_SYNC_EFFECT_ERASE;
    default:
      return answer == PK_SYNC_EVENT_PROGRESS;
    }
}

/**
 * pk_sync_machine_cycle_event:
 *
 * An answer to the main lane's request, or news of the outbox.
 */
void
pk_sync_machine_cycle_event (PkSyncMachine *self, const PkSyncEvent *event)
{
  if (event->kind == PK_SYNC_EVENT_OUTBOX)
    {
      take_outbox (self, event);
      return;
    }
  if (!fits (self->lanes[PK_SYNC_LANE_CYCLE].doing, event->kind))
    return;
  switch (event->kind)
    {
    case PK_SYNC_EVENT_PROGRESS:
      take_progress (self, event);
      return;
    case PK_SYNC_EVENT_PUSHED:
      take_pushed (self, event);
      return;
    case PK_SYNC_EVENT_PULLED:
      take_pulled (self, event);
      return;
    case PK_SYNC_EVENT_SNAPSHOT_OFFERED:
      take_offer (self, event);
      return;
    case PK_SYNC_EVENT_SNAPSHOT_FETCHED:
      take_snapshot (self);
      return;
    default:
      take_own_work (self, event);
    }
}

static void
push_refused (PkSyncMachine *self)
{
  if (self->batch > 1)
    self->batch /= 2;
  else if (!pk_sync_machine_leave_behind (self))
    self->must_set_aside = TRUE;
}

static void
push_stumbled (PkSyncMachine *self, gint64 retry_after_us)
{
  if (self->push_failures == 0)
    self->pulls_since_push_failure = 0;
  self->batch = MAX (self->batch / 2, 1);
  back_off_push (self, retry_after_us);
  /* The server is well but for this one: it shall not block the others. A revoked device cannot ask whether it is well. */
  if (self->batch == 1 && self->push_failures >= STUMBLES_BEFORE_SET_ASIDE &&
      (self->is_revoked || self->pulls_since_push_failure >= PULLS_BEFORE_SET_ASIDE) &&
      !pk_sync_machine_leave_behind (self))
    self->must_set_aside = TRUE;
  self->wants_pull = TRUE;
}

static void
push_gap (PkSyncMachine *self, gint64 expected)
{
  self->push_from = MAX (expected, 0);
  /* Numbers of a revoked device do not matter: a server that asks for some was restored to a time before. */
  self->is_revoked = FALSE;
  if (++self->gaps >= GAPS_BEFORE_BACK_OFF)
    back_off_push (self, 0);
}

static void
push_failed (PkSyncMachine *self, const PkSyncEvent *event)
{
  switch (event->failure)
    {
    case PK_SYNC_FAILURE_GAP:
      push_gap (self, event->number);
      return;
    case PK_SYNC_FAILURE_REFUSED:
    case PK_SYNC_FAILURE_MISSING:
    case PK_SYNC_FAILURE_CHECKSUM:
    case PK_SYNC_FAILURE_OFFSET:
      push_refused (self);
      return;
    default:
      push_stumbled (self, event->retry_after_us);
    }
}

static void
drop_snapshots (PkSyncMachine *self)
{
  g_array_set_size (self->snapshots, 0);
  self->wants_pull = TRUE;
  if (++self->snapshot_faults >= SNAPSHOT_TRIES)
    self->wants_rows = TRUE;
}

static void
snapshot_failed (PkSyncMachine *self, const PkSyncEvent *event)
{
  if (event->failure == PK_SYNC_FAILURE_MISSING || event->failure == PK_SYNC_FAILURE_REFUSED)
    {
      drop_snapshots (self);
      return;
    }
  if (event->failure == PK_SYNC_FAILURE_CHECKSUM && self->snapshots->len > 0)
    {
      PkSyncContent *snapshot = &g_array_index (self->snapshots, PkSyncContent, 0);
      snapshot->moved = 0;
      if (++snapshot->failures >= SNAPSHOT_TRIES)
        {
          self->snapshot_faults = SNAPSHOT_TRIES;
          drop_snapshots (self);
        }
    }
  pk_sync_machine_back_off (self, PK_SYNC_LANE_CYCLE, event->retry_after_us);
}

/* A disk that was full may have room the next time; a file that is not there any more will not come back by itself. */
static void
install_failed (PkSyncMachine *self, PkSyncFailure failure)
{
  if (failure == PK_SYNC_FAILURE_LOCAL && ++self->install_faults < SNAPSHOT_TRIES)
    return;
  self->install_faults = 0;
  self->must_install = FALSE;
  drop_snapshots (self);
}

static gboolean
is_about_the_way (PkSyncFailure failure)
{
  return failure == PK_SYNC_FAILURE_NETWORK || failure == PK_SYNC_FAILURE_PORTAL ||
         failure == PK_SYNC_FAILURE_BUSY || failure == PK_SYNC_FAILURE_LOCAL;
}

/**
 * pk_sync_machine_cycle_failed:
 * @doing: what was asked
 *
 * The main lane's request failed.
 */
void
pk_sync_machine_cycle_failed (PkSyncMachine *self, PkSyncEffectKind doing, const PkSyncEvent *event)
{
  self->has_failed = TRUE;
  self->failure = event->failure;
  self->has_news = FALSE;
  if (event->failure == PK_SYNC_FAILURE_EPOCH)
    {
      self->epoch = event->id;
      self->must_take_epoch = TRUE;
      return;
    }
  if (event->failure == PK_SYNC_FAILURE_FORKED)
    {
      self->device = event->id;
      self->must_take_device = TRUE;
      return;
    }
  if (event->failure == PK_SYNC_FAILURE_TOO_OLD && doing == PK_SYNC_EFFECT_PULL)
    {
      self->is_too_old = TRUE;
      self->wants_pull = FALSE;
      self->pulled_us = self->now_us;
      return;
    }
  if (doing == PK_SYNC_EFFECT_INSTALL_SNAPSHOTS)
    install_failed (self, event->failure);
  if (is_about_the_way (event->failure))
    pk_sync_machine_back_off (self, PK_SYNC_LANE_CYCLE, event->retry_after_us);
  else if (doing == PK_SYNC_EFFECT_PUSH)
    push_failed (self, event);
  else if (doing == PK_SYNC_EFFECT_FETCH_SNAPSHOT)
    snapshot_failed (self, event);
  else
    pk_sync_machine_back_off (self, PK_SYNC_LANE_CYCLE, event->retry_after_us);
}

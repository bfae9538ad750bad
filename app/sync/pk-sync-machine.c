/*
 * The client's side of the sync protocol as a pure machine; see the header for its words.
 *
 * A step takes one event, changes the state, and then asks each lane what it can do now. What always holds:
 * - a lane has at most one request under way; an answer with another number is ignored;
 * - whatever goes wrong, something is under way, or a timer is set, or a person is needed (sign in);
 * - nothing that failed is forgotten: what was asked stays wanted until it has succeeded, or was refused for good.
 * One thread, whichever it is.
 */
#include "config.h"

#include "pk-sync-machine.h"

#include "pk-sync-machine-private.h"

#include <string.h>

#define STREAM_PATIENCE (60 * PK_SYNC_SECOND)
#define TOKEN_PATIENCE  (60 * PK_SYNC_SECOND)
#define LONGEST_DELAY   (5 * PK_SYNC_MINUTE)
#define SHORTEST_DELAY  (PK_SYNC_SECOND / 10)

static const char *const effect_names[] = {
  [PK_SYNC_EFFECT_PUSH] = "push",
  [PK_SYNC_EFFECT_PULL] = "pull",
  [PK_SYNC_EFFECT_FETCH_SNAPSHOT] = "fetch-snapshot",
  [PK_SYNC_EFFECT_INSTALL_SNAPSHOTS] = "install-snapshots",
  [PK_SYNC_EFFECT_TAKE_DEVICE] = "take-device",
  [PK_SYNC_EFFECT_TAKE_EPOCH] = "take-epoch",
  [PK_SYNC_EFFECT_SET_ASIDE] = "set-aside",
  [PK_SYNC_EFFECT_ERASE] = "erase",
  [PK_SYNC_EFFECT_OPEN_EVENTS] = "open-events",
  [PK_SYNC_EFFECT_UPLOAD] = "upload",
  [PK_SYNC_EFFECT_REFUSE_UPLOAD] = "refuse-upload",
  [PK_SYNC_EFFECT_DOWNLOAD] = "download",
  [PK_SYNC_EFFECT_REFUSE_DOWNLOAD] = "refuse-download",
  [PK_SYNC_EFFECT_REFRESH_TOKEN] = "refresh-token",
  [PK_SYNC_EFFECT_CANCEL] = "cancel",
  [PK_SYNC_EFFECT_SET_TIMER] = "set-timer",
  [PK_SYNC_EFFECT_TELL] = "tell",
};

static guint64
draw (PkSyncMachine *self)
{
  /* splitmix64 */
  guint64 z = (self->random += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/**
 * pk_sync_machine_draw_delay:
 * @failures: in a row, from 1
 *
 * Full jitter: anything up to a ceiling that doubles with every failure, from 1 s to 5 min.
 *
 * Returns: µs
 */
gint64
pk_sync_machine_draw_delay (PkSyncMachine *self, guint failures)
{
  gint64 ceiling = LONGEST_DELAY;

  if (failures <= 8)
    ceiling = PK_SYNC_SECOND << (failures > 0 ? failures - 1 : 0);
  return MAX (SHORTEST_DELAY, (gint64) (draw (self) % (guint64) ceiling));
}

/**
 * pk_sync_machine_emit:
 *
 * Returns: (transfer none): the next effect of this step, empty but for its kind
 */
PkSyncEffect *
pk_sync_machine_emit (PkSyncMachine *self, PkSyncEffectKind kind)
{
  g_assert (self->effects != NULL && self->n_effects < PK_SYNC_MAX_EFFECTS);
  PkSyncEffect *effect = &self->effects[self->n_effects++];

  memset (effect, 0, sizeof *effect);
  effect->kind = kind;
  return effect;
}

/**
 * pk_sync_machine_ask:
 * @patience_us: without progress for so long, the request is given up; 0: never
 *
 * Starts a request on an idle lane.
 *
 * Returns: (transfer none): the effect, to be filled
 */
PkSyncEffect *
pk_sync_machine_ask (PkSyncMachine *self,
                     PkSyncLane lane,
                     PkSyncEffectKind kind,
                     gint64 patience_us)
{
  PkSyncLaneState *state = &self->lanes[lane];
  PkSyncEffect *effect = pk_sync_machine_emit (self, kind);

  g_assert (state->request == 0);
  if (++self->last_request == 0)
    self->last_request = 1;
  state->request = self->last_request;
  state->doing = kind;
  state->deadline_us = patience_us > 0 ? self->now_us + patience_us : 0;
  state->token = self->token;
  effect->request = state->request;
  return effect;
}

/**
 * pk_sync_machine_rest:
 *
 * The lane's request has ended.
 */
void
pk_sync_machine_rest (PkSyncMachine *self, PkSyncLane lane)
{
  self->lanes[lane].request = 0;
  self->lanes[lane].deadline_us = 0;
  if (lane == PK_SYNC_LANE_EVENTS)
    self->is_stream_open = FALSE;
}

/**
 * pk_sync_machine_back_off:
 * @retry_after_us: what the server asked for; 0: nothing
 *
 * One more failure of the lane in a row: it waits.
 */
void
pk_sync_machine_back_off (PkSyncMachine *self, PkSyncLane lane, gint64 retry_after_us)
{
  PkSyncLaneState *state = &self->lanes[lane];
  gint64 delay = pk_sync_machine_draw_delay (self, ++state->failures);

  if (retry_after_us > 0)
    delay += MIN (retry_after_us, LONGEST_DELAY);
  state->not_before_us = self->now_us + delay;
}

/**
 * pk_sync_machine_may_start:
 *
 * Returns: whether the lane is idle, has waited long enough, and may speak for the person
 */
gboolean
pk_sync_machine_may_start (PkSyncMachine *self, PkSyncLane lane)
{
  return self->is_started && self->is_signed_in && !self->is_erased && !self->wants_token &&
         self->lanes[PK_SYNC_LANE_TOKEN].request == 0 && self->lanes[lane].request == 0 &&
         self->now_us >= self->lanes[lane].not_before_us;
}

/**
 * pk_sync_machine_note_contact:
 *
 * Our server has answered, whatever it said.
 */
void
pk_sync_machine_note_contact (PkSyncMachine *self)
{
  self->is_unreachable = FALSE;
  self->is_hinted_offline = FALSE;
  self->picture.offline_since_us = -1;
  self->picture.last_contact_us = self->now_us;
}

static void
note_unreachable (PkSyncMachine *self)
{
  self->is_unreachable = TRUE;
  if (self->picture.offline_since_us < 0)
    self->picture.offline_since_us = self->now_us;
}

static void
cancel_lane (PkSyncMachine *self, PkSyncLane lane)
{
  if (self->lanes[lane].request == 0)
    return;
  pk_sync_machine_emit (self, PK_SYNC_EFFECT_CANCEL)->request = self->lanes[lane].request;
  pk_sync_machine_rest (self, lane);
}

static int
find_lane (PkSyncMachine *self, guint request)
{
  for (guint i = 0; request != 0 && i < PK_SYNC_N_LANES; i++)
    if (self->lanes[i].request == request)
      return (int) i;
  return -1;
}

static void
forget_waiting (PkSyncMachine *self)
{
  for (guint i = 0; i < PK_SYNC_N_LANES; i++)
    {
      self->lanes[i].failures = 0;
      self->lanes[i].not_before_us = 0;
    }
  self->push_failures = 0;
  self->push_not_before_us = 0;
}

static void
sign_out (PkSyncMachine *self)
{
  self->is_signed_in = FALSE;
  self->wants_token = FALSE;
  self->token_refusals = 0;
  for (guint i = 0; i < PK_SYNC_N_LANES; i++)
    {
      /* What is being done on this machine alone is finished. */
      gboolean is_local = i == PK_SYNC_LANE_CYCLE && self->lanes[i].deadline_us == 0;
      if (!is_local)
        cancel_lane (self, i);
    }
  self->wants_pull = TRUE;
}

static void
token_refused (PkSyncMachine *self, guint generation)
{
  /* Asked with the token before, or said already of this one. */
  if (generation != self->token || self->wants_token ||
      self->lanes[PK_SYNC_LANE_TOKEN].request != 0)
    return;
  if (++self->token_refusals > 1)
    sign_out (self);
  else
    self->wants_token = TRUE;
}

static void
token_failed (PkSyncMachine *self, const PkSyncEvent *event)
{
  self->wants_token = TRUE;
  if (event->failure == PK_SYNC_FAILURE_NETWORK || event->failure == PK_SYNC_FAILURE_PORTAL)
    note_unreachable (self);
  pk_sync_machine_back_off (self, PK_SYNC_LANE_TOKEN, event->retry_after_us);
}

static void
stream_failed (PkSyncMachine *self, const PkSyncEvent *event)
{
  pk_sync_machine_back_off (self, PK_SYNC_LANE_EVENTS, event->retry_after_us);
  /* Whether the server is gone, or only the stream, a pull will tell. */
  self->wants_pull = TRUE;
}

static void
want_again (PkSyncMachine *self, PkSyncLane lane, PkSyncEffectKind doing)
{
  if (lane == PK_SYNC_LANE_CYCLE && doing == PK_SYNC_EFFECT_PULL)
    self->wants_pull = TRUE;
}

static void
fail_lane (PkSyncMachine *self, PkSyncLane lane, const PkSyncEvent *event)
{
  PkSyncEffectKind doing = self->lanes[lane].doing;
  guint generation = self->lanes[lane].token;

  pk_sync_machine_rest (self, lane);
  if (lane == PK_SYNC_LANE_TOKEN)
    {
      token_failed (self, event);
      return;
    }
  want_again (self, lane, doing);
  switch (event->failure)
    {
    case PK_SYNC_FAILURE_UNAUTHORIZED:
      pk_sync_machine_note_contact (self);
      token_refused (self, generation);
      return;
    case PK_SYNC_FAILURE_REVOKED:
      pk_sync_machine_note_contact (self);
      if (self->is_revoked && doing == PK_SYNC_EFFECT_PUSH)
        self->has_handed_in = TRUE; /* it will not take it: the outbox is kept */
      self->is_revoked = TRUE;
      return;
    case PK_SYNC_FAILURE_NETWORK:
    case PK_SYNC_FAILURE_PORTAL:
      if (lane == PK_SYNC_LANE_CYCLE)
        note_unreachable (self);
      break;
    case PK_SYNC_FAILURE_LOCAL:
      break;
    default:
      pk_sync_machine_note_contact (self);
    }
  if (lane == PK_SYNC_LANE_CYCLE)
    pk_sync_machine_cycle_failed (self, doing, event);
  else if (lane == PK_SYNC_LANE_EVENTS)
    stream_failed (self, event);
  else
    pk_sync_machine_content_failed (self, lane, event);
}

static void
give_up_late_lanes (PkSyncMachine *self)
{
  PkSyncEvent late = { .kind = PK_SYNC_EVENT_FAILED, .failure = PK_SYNC_FAILURE_NETWORK };

  for (guint i = 0; i < PK_SYNC_N_LANES; i++)
    if (self->lanes[i].deadline_us != 0 && self->now_us >= self->lanes[i].deadline_us)
      {
        pk_sync_machine_emit (self, PK_SYNC_EFFECT_CANCEL)->request = self->lanes[i].request;
        fail_lane (self, i, &late);
      }
}

static void
take_hint (PkSyncMachine *self, const PkSyncEvent *event)
{
  switch (event->kind)
    {
    case PK_SYNC_EVENT_STARTED:
      self->is_started = TRUE;
      self->is_signed_in = event->flag;
      self->wants_pull = TRUE;
      return;
    case PK_SYNC_EVENT_SIGNED_IN:
      self->is_signed_in = TRUE;
      self->wants_token = FALSE;
      self->token_refusals = 0;
      self->token++;
      self->wants_pull = TRUE;
      forget_waiting (self);
      return;
    case PK_SYNC_EVENT_SIGNED_OUT:
      sign_out (self);
      return;
    case PK_SYNC_EVENT_OFFLINE:
      self->is_hinted_offline = TRUE;
      note_unreachable (self);
      return;
    case PK_SYNC_EVENT_ONLINE:
    case PK_SYNC_EVENT_ASKED:
      self->is_hinted_offline = FALSE;
      self->wants_pull = TRUE;
      forget_waiting (self);
      return;
    default:
      return;
    }
}

static void
take_stream (PkSyncMachine *self, const PkSyncEvent *event)
{
  pk_sync_machine_note_contact (self);
  self->lanes[PK_SYNC_LANE_EVENTS].deadline_us = self->now_us + STREAM_PATIENCE;
  self->is_stream_open = TRUE;
  self->token_refusals = 0;
  if (event->kind == PK_SYNC_EVENT_STREAM_OPEN)
    {
      /* What happened between the last pull and now was told to nobody. */
      self->wants_pull = TRUE;
      return;
    }
  self->lanes[PK_SYNC_LANE_EVENTS].failures = 0;
  if (event->kind == PK_SYNC_EVENT_STREAM_NEWS)
    self->wants_pull = TRUE;
}

static void
take_token (PkSyncMachine *self, const PkSyncEvent *event)
{
  pk_sync_machine_rest (self, PK_SYNC_LANE_TOKEN);
  pk_sync_machine_note_contact (self);
  self->wants_token = FALSE;
  self->lanes[PK_SYNC_LANE_TOKEN].failures = 0;
  self->lanes[PK_SYNC_LANE_TOKEN].not_before_us = 0;
  if (event->kind == PK_SYNC_EVENT_TOKEN_REFRESHED)
    self->token++;
  else
    sign_out (self);
}

static void
take_answer (PkSyncMachine *self, const PkSyncEvent *event)
{
  int lane = find_lane (self, event->request);

  if (lane < 0)
    return;
  if (event->kind == PK_SYNC_EVENT_FAILED)
    fail_lane (self, (PkSyncLane) lane, event);
  else if (lane == PK_SYNC_LANE_EVENTS && event->kind >= PK_SYNC_EVENT_STREAM_OPEN &&
           event->kind <= PK_SYNC_EVENT_STREAM_NEWS)
    take_stream (self, event);
  else if (lane == PK_SYNC_LANE_TOKEN && (event->kind == PK_SYNC_EVENT_TOKEN_REFRESHED ||
                                          event->kind == PK_SYNC_EVENT_TOKEN_REFUSED))
    take_token (self, event);
  else if (lane == PK_SYNC_LANE_CYCLE)
    pk_sync_machine_cycle_event (self, event);
  else if (lane == PK_SYNC_LANE_UPLOAD || lane == PK_SYNC_LANE_DOWNLOAD)
    pk_sync_machine_content_event (self, event);
}

static void
take_event (PkSyncMachine *self, const PkSyncEvent *event)
{
  switch (event->kind)
    {
    case PK_SYNC_EVENT_TICK:
      return;
    case PK_SYNC_EVENT_STARTED:
    case PK_SYNC_EVENT_ONLINE:
    case PK_SYNC_EVENT_OFFLINE:
    case PK_SYNC_EVENT_ASKED:
    case PK_SYNC_EVENT_SIGNED_IN:
    case PK_SYNC_EVENT_SIGNED_OUT:
      take_hint (self, event);
      return;
    case PK_SYNC_EVENT_OUTBOX:
      pk_sync_machine_cycle_event (self, event);
      return;
    case PK_SYNC_EVENT_UPLOAD_WANTED:
    case PK_SYNC_EVENT_DOWNLOAD_WANTED:
      pk_sync_machine_content_event (self, event);
      return;
    default:
      take_answer (self, event);
    }
}

static void
start_lanes (PkSyncMachine *self)
{
  PkSyncLaneState *token = &self->lanes[PK_SYNC_LANE_TOKEN];

  if (self->is_started && self->is_signed_in && self->wants_token && token->request == 0 &&
      self->now_us >= token->not_before_us)
    pk_sync_machine_ask (self, PK_SYNC_LANE_TOKEN, PK_SYNC_EFFECT_REFRESH_TOKEN, TOKEN_PATIENCE);
  pk_sync_machine_start_cycle (self);
  if (self->is_revoked)
    return;
  if (!self->is_too_old && pk_sync_machine_may_start (self, PK_SYNC_LANE_EVENTS))
    pk_sync_machine_ask (self, PK_SYNC_LANE_EVENTS, PK_SYNC_EFFECT_OPEN_EVENTS, STREAM_PATIENCE);
  pk_sync_machine_start_contents (self);
}

static void
sooner (PkSyncMachine *self, gint64 *wake_us, gint64 time_us)
{
  if (time_us > self->now_us && (*wake_us == 0 || time_us < *wake_us))
    *wake_us = time_us;
}

static void
set_timer (PkSyncMachine *self)
{
  gint64 wake_us = 0;

  if (!self->is_started || self->is_erased)
    return;
  for (guint i = 0; i < PK_SYNC_N_LANES; i++)
    sooner (self,
            &wake_us,
            self->lanes[i].request ? self->lanes[i].deadline_us : self->lanes[i].not_before_us);
  if (self->sendable > 0 || self->is_revoked)
    sooner (self, &wake_us, self->push_not_before_us);
  if (self->later > 0)
    sooner (self, &wake_us, self->later_not_before_us);
  sooner (self, &wake_us, pk_sync_machine_poll_time (self));
  for (guint i = 0; i < self->uploads->len; i++)
    sooner (self, &wake_us, g_array_index (self->uploads, PkSyncContent, i).not_before_us);
  for (guint i = 0; i < self->downloads->len; i++)
    sooner (self, &wake_us, g_array_index (self->downloads, PkSyncContent, i).not_before_us);
  if (wake_us == 0 || (wake_us == self->timer_us && self->timer_us > self->now_us))
    return;
  self->timer_us = wake_us;
  pk_sync_machine_emit (self, PK_SYNC_EFFECT_SET_TIMER)->number = wake_us;
}

static PkSyncState
judge_state (PkSyncMachine *self)
{
  PkSyncLaneState *cycle = &self->lanes[PK_SYNC_LANE_CYCLE];

  if (!self->is_started)
    return PK_SYNC_STATE_STARTING;
  if (self->is_revoked)
    return PK_SYNC_STATE_REVOKED;
  if (!self->is_signed_in)
    return PK_SYNC_STATE_SIGN_IN_NEEDED;
  if (self->is_unreachable || self->is_hinted_offline)
    return PK_SYNC_STATE_OFFLINE;
  if (self->is_too_old)
    return PK_SYNC_STATE_TOO_OLD;
  if (self->has_failed &&
      (cycle->failures > 1 || self->push_failures > 1 || self->failure == PK_SYNC_FAILURE_LOCAL))
    return PK_SYNC_STATE_TROUBLE;
  if (cycle->request != 0 && (cycle->doing != PK_SYNC_EFFECT_PULL || self->has_news))
    return PK_SYNC_STATE_SYNCING;
  return self->has_pulled && self->snapshots->len == 0 && self->sendable == 0
             ? PK_SYNC_STATE_UP_TO_DATE
             : PK_SYNC_STATE_SYNCING;
}

static void
tell (PkSyncMachine *self)
{
  PkSyncPicture before = self->picture;
  PkSyncPicture *now = &self->picture;

  now->state = judge_state (self);
  now->n_waiting = self->sendable + self->later;
  now->n_attention = self->attention;
  now->n_uploads = self->uploads->len;
  now->n_downloads = self->downloads->len;
  now->is_first = !self->has_pulled || self->snapshots->len > 0;
  now->is_pushing = self->lanes[PK_SYNC_LANE_CYCLE].request != 0 &&
                    self->lanes[PK_SYNC_LANE_CYCLE].doing == PK_SYNC_EFFECT_PUSH;
  now->failure = self->failure;
  /* A contact alone, and the pushing that nobody sees, are no news. */
  before.last_contact_us = now->last_contact_us;
  if (memcmp (&before, now, sizeof before) != 0)
    pk_sync_machine_emit (self, PK_SYNC_EFFECT_TELL);
}

/**
 * pk_sync_machine_new:
 * @seed: of the randomness in the back-off
 *
 * Returns: (transfer full): a machine that waits for %PK_SYNC_EVENT_STARTED
 */
PkSyncMachine *
pk_sync_machine_new (guint64 seed)
{
  PkSyncMachine *self = g_new0 (PkSyncMachine, 1);

  self->random = seed;
  self->batch = PK_SYNC_BATCH_MAX;
  self->snapshots = g_array_new (FALSE, TRUE, sizeof (PkSyncContent));
  self->uploads = g_array_new (FALSE, TRUE, sizeof (PkSyncContent));
  self->downloads = g_array_new (FALSE, TRUE, sizeof (PkSyncContent));
  self->picture.offline_since_us = -1;
  self->picture.last_contact_us = -1;
  self->picture.is_first = TRUE;
  return self;
}

/**
 * pk_sync_machine_free:
 *
 * Frees it; requests under way are the owner's to stop.
 */
void
pk_sync_machine_free (PkSyncMachine *self)
{
  g_array_unref (self->snapshots);
  g_array_unref (self->uploads);
  g_array_unref (self->downloads);
  g_free (self);
}

/**
 * pk_sync_machine_step:
 * @effects_out: (out caller-allocates): what is to be done now, in this order
 *
 * Takes one event.
 *
 * Returns: how many effects there are
 */
guint
pk_sync_machine_step (PkSyncMachine *self,
                      const PkSyncEvent *event,
                      PkSyncEffect effects_out[PK_SYNC_MAX_EFFECTS])
{
  self->effects = effects_out;
  self->n_effects = 0;
  self->now_us = MAX (self->now_us, event->now_us);

  take_event (self, event);
  give_up_late_lanes (self);
  start_lanes (self);
  set_timer (self);
  tell (self);

  self->effects = NULL;
  return self->n_effects;
}

/**
 * pk_sync_machine_get_picture:
 *
 * Returns: (transfer none): how it stands; valid until the next step
 */
const PkSyncPicture *
pk_sync_machine_get_picture (PkSyncMachine *self)
{
  return &self->picture;
}

/**
 * pk_sync_machine_has_request:
 *
 * Returns: whether the machine still waits for the answer to @request
 */
gboolean
pk_sync_machine_has_request (PkSyncMachine *self, guint request)
{
  return find_lane (self, request) >= 0;
}

/**
 * pk_sync_machine_lane_is_busy:
 *
 * Returns: whether a request of the lane is under way
 */
gboolean
pk_sync_machine_lane_is_busy (PkSyncMachine *self, PkSyncLane lane)
{
  return self->lanes[lane].request != 0;
}

/**
 * pk_sync_machine_get_effect_name:
 *
 * Returns: (transfer none): a word for the log
 */
const char *
pk_sync_machine_get_effect_name (PkSyncEffectKind kind)
{
  return effect_names[kind];
}

/*
 * The machine in all weathers: random events, answers, silence and faults, from a printed seed. While it storms, what must
 * hold of every step is checked by the world; when the storm is over, everything is in step within bounded virtual time.
 */
#include "config.h"

#include "pk-machine-world.h"

#define SECOND      G_GINT64_CONSTANT (1000000)
#define MINUTE      (60 * SECOND)
#define CALM_WITHIN (40 * MINUTE)

/* The other side: how much there is to do. */
typedef struct
{
  PkMachineWorld *world;
  GRand *chance;
  guint sendable;
  guint later;
  guint attention;
  gboolean has_news;
  gboolean is_signed_in;
  guint snapshots;
  gboolean has_epoch_to_tell;
} Other;

static gboolean
toss (Other *other, double probability)
{
  return g_rand_double (other->chance) < probability;
}

static void
tell_outbox (Other *other)
{
  pk_machine_world_outbox (other->world, other->sendable, other->later, other->attention);
}

static void
reply (Other *other, const PkSyncEffect *effect, PkSyncEvent event)
{
  event.request = effect->request;
  pk_machine_world_send (other->world, event);
}

static void
fail (Other *other, const PkSyncEffect *effect)
{
  PkSyncFailure failure =
      (PkSyncFailure) g_rand_int_range (other->chance, 0, PK_SYNC_FAILURE_LOCAL + 1);

  if (failure == PK_SYNC_FAILURE_REVOKED) /* for good: has tests of its own */
    failure = PK_SYNC_FAILURE_NETWORK;
  reply (other,
         effect,
         (PkSyncEvent){ .kind = PK_SYNC_EVENT_FAILED,
                        .failure = failure,
                        .retry_after_us = toss (other, 0.2) ? 20 * SECOND : 0,
                        .number = g_rand_int_range (other->chance, 0, 100) });
}

static void
answer_push (Other *other, const PkSyncEffect *effect)
{
  guint n = MIN (other->sendable, (guint) effect->size);
  guint later = effect->flag ? other->later : 0;

  other->sendable -= n;
  other->later -= later;
  tell_outbox (other);
  reply (other, effect, (PkSyncEvent){ .kind = PK_SYNC_EVENT_PUSHED, .number = n + later });
}

static void
answer_pull (Other *other, const PkSyncEffect *effect)
{
  guint request = effect->request;

  if (other->snapshots > 0 && !effect->flag)
    pk_machine_world_send (other->world,
                           (PkSyncEvent){ .kind = PK_SYNC_EVENT_SNAPSHOT_OFFERED,
                                          .request = request,
                                          .sha256 = PK_TEST_SHA_A,
                                          .size = 100 });
  else
    other->snapshots = 0;
  other->has_news = FALSE;
  pk_machine_world_send (other->world,
                         (PkSyncEvent){ .kind = PK_SYNC_EVENT_PULLED, .request = request });
}

static void
answer_well (Other *other, const PkSyncEffect *effect)
{
  switch (effect->kind)
    {
    case PK_SYNC_EFFECT_PUSH:
      answer_push (other, effect);
      return;
    case PK_SYNC_EFFECT_PULL:
      answer_pull (other, effect);
      return;
    case PK_SYNC_EFFECT_FETCH_SNAPSHOT:
      reply (other, effect, (PkSyncEvent){ .kind = PK_SYNC_EVENT_SNAPSHOT_FETCHED });
      return;
    case PK_SYNC_EFFECT_INSTALL_SNAPSHOTS:
      other->snapshots = 0;
      reply (other, effect, (PkSyncEvent){ .kind = PK_SYNC_EVENT_SNAPSHOTS_INSTALLED });
      return;
    case PK_SYNC_EFFECT_TAKE_DEVICE:
      reply (other, effect, (PkSyncEvent){ .kind = PK_SYNC_EVENT_DEVICE_TAKEN });
      return;
    case PK_SYNC_EFFECT_TAKE_EPOCH:
      other->sendable += 3;
      tell_outbox (other);
      reply (other, effect, (PkSyncEvent){ .kind = PK_SYNC_EVENT_EPOCH_TAKEN });
      return;
    case PK_SYNC_EFFECT_SET_ASIDE:
      other->sendable -= MIN (other->sendable, 1);
      other->attention++;
      tell_outbox (other);
      reply (other, effect, (PkSyncEvent){ .kind = PK_SYNC_EVENT_SET_ASIDE_DONE });
      return;
    case PK_SYNC_EFFECT_OPEN_EVENTS:
      reply (other, effect, (PkSyncEvent){ .kind = PK_SYNC_EVENT_STREAM_ALIVE });
      return;
    case PK_SYNC_EFFECT_UPLOAD:
      reply (other,
             effect,
             (PkSyncEvent){ .kind = PK_SYNC_EVENT_UPLOADED,
                            .number = MAX (effect->number, 0) + effect->size });
      return;
    case PK_SYNC_EFFECT_DOWNLOAD:
      reply (other, effect, (PkSyncEvent){ .kind = PK_SYNC_EVENT_DOWNLOADED });
      return;
    default:
      reply (other, effect, (PkSyncEvent){ .kind = PK_SYNC_EVENT_TOKEN_REFRESHED });
    }
}

static void
live (Other *other)
{
  static const PkSyncEventKind hints[] = { PK_SYNC_EVENT_TICK,      PK_SYNC_EVENT_ONLINE,
                                           PK_SYNC_EVENT_OFFLINE,   PK_SYNC_EVENT_ASKED,
                                           PK_SYNC_EVENT_SIGNED_IN, PK_SYNC_EVENT_SIGNED_OUT };

  if (toss (other, 0.5))
    other->sendable += (guint) g_rand_int_range (other->chance, 0, 50);
  if (toss (other, 0.1))
    other->later++;
  if (toss (other, 0.05))
    other->snapshots = 1;
  tell_outbox (other);
  if (toss (other, 0.2))
    pk_machine_world_send (
        other->world,
        (PkSyncEvent){ .kind = toss (other, 0.5) ? PK_SYNC_EVENT_UPLOAD_WANTED
                                                 : PK_SYNC_EVENT_DOWNLOAD_WANTED,
                       .sha256 = toss (other, 0.5) ? PK_TEST_SHA_A : PK_TEST_SHA_B,
                       .size = 9 << 20,
                       .flag = toss (other, 0.3) });
  if (toss (other, 0.1))
    pk_machine_world_hint (
        other->world,
        hints[g_rand_int_range (other->chance, 0, (gint32) G_N_ELEMENTS (hints))]);
}

/* Any event with any number, also to requests that do not exist or do not fit. */
static void
babble (Other *other)
{
  PkSyncEventKind kind = (PkSyncEventKind) g_rand_int_range (other->chance,
                                                             PK_SYNC_EVENT_PROGRESS,
                                                             PK_SYNC_EVENT_TOKEN_REFUSED + 1);
  guint request = (guint) g_rand_int_range (other->chance, 0, 200);

  if (pk_sync_machine_has_request (other->world->machine, request) && kind == PK_SYNC_EVENT_ERASED)
    return;
  pk_machine_world_send (other->world,
                         (PkSyncEvent){ .kind = kind,
                                        .request = request,
                                        .sha256 = PK_TEST_SHA_B,
                                        .number = g_rand_int_range (other->chance, -5, 1000) });
}

static void
answer_one (Other *other, gboolean is_stormy)
{
  GArray *open = other->world->open;

  if (open->len == 0)
    return;
  PkSyncEffect effect =
      g_array_index (open,
                     PkSyncEffect,
                     (guint) g_rand_int_range (other->chance, 0, (gint32) open->len));
  if (!is_stormy)
    answer_well (other, &effect);
  else if (toss (other, 0.4))
    fail (other, &effect);
  else if (toss (other, 0.5))
    answer_well (other, &effect);
}

static void
pass_time (Other *other, gboolean is_stormy)
{
  gint64 step_us = is_stormy ? g_rand_int_range (other->chance, 1, 5 * SECOND) : SECOND / 4;

  other->world->now_us += step_us;
  if (other->world->timer_us != 0 && other->world->now_us >= other->world->timer_us)
    pk_machine_world_hint (other->world, PK_SYNC_EVENT_TICK);
}

static void
storm (Other *other)
{
  for (int i = 0; i < 300; i++)
    {
      if (toss (other, 0.3))
        live (other);
      if (toss (other, 0.1))
        babble (other);
      answer_one (other, TRUE);
      pass_time (other, TRUE);
    }
}

static gboolean
is_calm (Other *other)
{
  const PkSyncPicture *picture = pk_sync_machine_get_picture (other->world->machine);

  return picture->state == PK_SYNC_STATE_UP_TO_DATE && picture->n_waiting == 0 &&
         picture->n_uploads == 0 && picture->n_downloads == 0 && other->sendable == 0 &&
         other->later == 0 && !other->has_news && other->snapshots == 0;
}

static void
calm_down (Other *other, guint64 seed)
{
  gint64 end_us = other->world->now_us + CALM_WITHIN;
  guint effects = other->world->n_effects;

  /* The person signs in where that is asked for; the rest it must do itself. */
  if (pk_machine_world_state (other->world) == PK_SYNC_STATE_SIGN_IN_NEEDED)
    pk_machine_world_hint (other->world, PK_SYNC_EVENT_SIGNED_IN);
  other->has_news = TRUE;
  tell_outbox (other);
  while (!is_calm (other) && other->world->now_us < end_us)
    {
      answer_one (other, FALSE);
      pass_time (other, FALSE);
    }
  if (!is_calm (other))
    {
      const PkSyncPicture *picture = pk_sync_machine_get_picture (other->world->machine);
      g_test_fail_printf ("seed %" G_GUINT64_FORMAT
                          ": state %d, %u waiting (%u+%u), %u up, %u down, %u snapshots, %u open",
                          seed,
                          picture->state,
                          picture->n_waiting,
                          other->sendable,
                          other->later,
                          picture->n_uploads,
                          picture->n_downloads,
                          other->snapshots,
                          other->world->open->len);
    }
  g_assert_cmpuint (other->world->n_effects - effects, <, 20000);
}

static void
run_weather (guint64 seed)
{
  g_autoptr (PkMachineWorld) world = pk_machine_world_new (seed);
  Other other = { .world = world, .chance = g_rand_new_with_seed ((guint32) seed) };

  if (toss (&other, 0.9))
    pk_machine_world_start (world);
  else
    pk_machine_world_send (world, (PkSyncEvent){ .kind = PK_SYNC_EVENT_STARTED });
  storm (&other);
  calm_down (&other, seed);
  g_rand_free (other.chance);
}

static void
after_any_storm_everything_is_in_step (void)
{
  for (guint64 seed = 1; seed <= 2000 && !g_test_failed (); seed++)
    run_weather (seed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/sync/machine/after-any-storm-everything-is-in-step",
                   after_any_storm_everything_is_in_step);
  return g_test_run ();
}

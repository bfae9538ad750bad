/* The machine, event by event. No I/O, no clock but our own. */
#include "config.h"

#include "pk-machine-world.h"

#define SECOND G_GINT64_CONSTANT (1000000)
#define MINUTE (60 * SECOND)

#define GIVE(kind_, ...) ((PkSyncEvent){ .kind = PK_SYNC_EVENT_##kind_, __VA_ARGS__ })

static PkMachineWorld *
new_synced_world (void)
{
  PkMachineWorld *world = pk_machine_world_new (7);

  pk_machine_world_start (world);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_OPEN_EVENTS, GIVE (STREAM_OPEN));
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
  if (pk_machine_world_find (world, PK_SYNC_EFFECT_PULL))
    pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
  g_assert_cmpint (pk_machine_world_state (world), ==, PK_SYNC_STATE_UP_TO_DATE);
  return world;
}

static void
beat (PkMachineWorld *world)
{
  pk_machine_world_answer (world, PK_SYNC_EFFECT_OPEN_EVENTS, GIVE (STREAM_ALIVE));
}

static void
starting_without_a_sign_in_asks_for_nothing (void)
{
  g_autoptr (PkMachineWorld) world = pk_machine_world_new (1);

  pk_machine_world_send (world, GIVE (STARTED, .flag = FALSE));
  pk_machine_world_outbox (world, 3, 0, 0);
  pk_machine_world_wait (world, 60 * MINUTE);
  g_assert_cmpuint (world->open->len, ==, 0);
  g_assert_cmpint (pk_machine_world_state (world), ==, PK_SYNC_STATE_SIGN_IN_NEEDED);
  pk_machine_world_hint (world, PK_SYNC_EVENT_SIGNED_IN);
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
}

static void
a_cycle_is_push_then_pull (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_outbox (world, 2, 0, 0);
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
  g_assert_null (pk_machine_world_find (world, PK_SYNC_EFFECT_PULL));
  g_assert_cmpint (pk_machine_world_state (world), ==, PK_SYNC_STATE_SYNCING);
  pk_machine_world_outbox (world, 0, 0, 0);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PUSH, GIVE (PUSHED, .number = 2));
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PULL));
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
  g_assert_cmpint (pk_machine_world_state (world), ==, PK_SYNC_STATE_UP_TO_DATE);
}

static void
news_during_a_pull_are_pulled_again (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_answer (world, PK_SYNC_EFFECT_OPEN_EVENTS, GIVE (STREAM_NEWS));
  pk_machine_world_answer (world, PK_SYNC_EFFECT_OPEN_EVENTS, GIVE (STREAM_NEWS));
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PULL));
}

static void
no_answer_is_given_up_and_asked_again (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_outbox (world, 1, 0, 0);
  guint first = world->last.request;
  for (int i = 0; i < 6; i++)
    {
      beat (world);
      pk_machine_world_wait (world, 30 * SECOND);
    }
  g_assert_false (pk_sync_machine_has_request (world->machine, first));
  g_assert_cmpuint (world->counts[PK_SYNC_EFFECT_CANCEL], ==, 1);
  g_assert_cmpuint (world->counts[PK_SYNC_EFFECT_PUSH], ==, 2);
  pk_machine_world_send (world, GIVE (PUSHED, .request = first, .number = 1));
  g_assert_cmpuint (pk_sync_machine_get_picture (world->machine)->n_waiting, ==, 1);
}

static void
a_captive_portal_is_offline_and_never_a_sign_out (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_outbox (world, 4, 0, 1);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_PORTAL);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_OPEN_EVENTS, PK_SYNC_FAILURE_PORTAL);
  const PkSyncPicture *picture = pk_sync_machine_get_picture (world->machine);
  g_assert_cmpint (picture->state, ==, PK_SYNC_STATE_OFFLINE);
  g_assert_cmpint (picture->offline_since_us, ==, world->now_us);
  g_assert_cmpuint (picture->n_waiting, ==, 4);
  g_assert_cmpuint (picture->n_attention, ==, 1);
  g_assert_cmpuint (world->counts[PK_SYNC_EFFECT_REFRESH_TOKEN], ==, 0);
  pk_machine_world_wait (world, 6 * MINUTE);
  g_assert_cmpuint (world->open->len, >, 0);
}

static void
waiting_grows_to_five_minutes_and_never_ends (void)
{
  g_autoptr (PkMachineWorld) world = pk_machine_world_new (99);
  gint64 longest_us = 0;

  pk_machine_world_start (world);
  for (int i = 0; i < 60; i++)
    {
      if (pk_machine_world_find (world, PK_SYNC_EFFECT_OPEN_EVENTS))
        pk_machine_world_fail (world, PK_SYNC_EFFECT_OPEN_EVENTS, PK_SYNC_FAILURE_NETWORK);
      if (!pk_machine_world_find (world, PK_SYNC_EFFECT_PULL))
        continue;
      pk_machine_world_fail (world, PK_SYNC_EFFECT_PULL, PK_SYNC_FAILURE_NETWORK);
      gint64 before_us = world->now_us;
      while (!pk_machine_world_find (world, PK_SYNC_EFFECT_PULL))
        {
          if (pk_machine_world_find (world, PK_SYNC_EFFECT_OPEN_EVENTS))
            pk_machine_world_fail (world, PK_SYNC_EFFECT_OPEN_EVENTS, PK_SYNC_FAILURE_NETWORK);
          pk_machine_world_wait (world, 5 * MINUTE);
        }
      longest_us = MAX (longest_us, world->now_us - before_us);
    }
  g_assert_cmpint (longest_us, >, MINUTE);
  g_assert_cmpint (longest_us, <=, 5 * MINUTE);
}

static void
back_on_the_network_it_tries_at_once (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_outbox (world, 1, 0, 0);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_NETWORK);
  g_assert_null (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
  pk_machine_world_hint (world, PK_SYNC_EVENT_ONLINE);
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
}

static void
a_busy_server_is_left_alone_for_as_long_as_it_asks (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_outbox (world, 1, 0, 0);
  pk_machine_world_answer (
      world,
      PK_SYNC_EFFECT_PUSH,
      GIVE (FAILED, .failure = PK_SYNC_FAILURE_BUSY, .retry_after_us = 40 * SECOND));
  beat (world);
  pk_machine_world_wait (world, 39 * SECOND);
  g_assert_null (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
  beat (world);
  pk_machine_world_wait (world, 3 * SECOND);
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
}

static void
an_old_token_is_refreshed_once_for_all (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_send (world, GIVE (DOWNLOAD_WANTED, .sha256 = PK_TEST_SHA_A, .size = 10));
  pk_machine_world_outbox (world, 1, 0, 0);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_UNAUTHORIZED);
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_REFRESH_TOKEN));
  g_assert_null (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
  pk_machine_world_answer (world, PK_SYNC_EFFECT_REFRESH_TOKEN, GIVE (TOKEN_REFRESHED));
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
  /* This one was asked with the old token: it says nothing about the new one. */
  pk_machine_world_fail (world, PK_SYNC_EFFECT_DOWNLOAD, PK_SYNC_FAILURE_UNAUTHORIZED);
  g_assert_cmpuint (world->counts[PK_SYNC_EFFECT_REFRESH_TOKEN], ==, 1);
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_DOWNLOAD));
}

static void
one_old_token_on_every_lane_is_one_refresh (void)
{
  g_autoptr (PkMachineWorld) world = pk_machine_world_new (5);

  pk_machine_world_start (world);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_OPEN_EVENTS, PK_SYNC_FAILURE_UNAUTHORIZED);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PULL, PK_SYNC_FAILURE_UNAUTHORIZED);
  g_assert_cmpuint (world->counts[PK_SYNC_EFFECT_REFRESH_TOKEN], ==, 1);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_REFRESH_TOKEN, GIVE (TOKEN_REFRESHED));
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PULL));
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_OPEN_EVENTS));
}

static void
a_refused_refresh_asks_the_person_and_keeps_everything (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_outbox (world, 5, 1, 2);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_UNAUTHORIZED);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_REFRESH_TOKEN, GIVE (TOKEN_REFUSED));
  const PkSyncPicture *picture = pk_sync_machine_get_picture (world->machine);
  g_assert_cmpint (picture->state, ==, PK_SYNC_STATE_SIGN_IN_NEEDED);
  g_assert_cmpuint (picture->n_waiting, ==, 6);
  g_assert_cmpuint (world->open->len, ==, 0);
  pk_machine_world_hint (world, PK_SYNC_EVENT_SIGNED_IN);
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
}

static void
a_new_token_that_is_refused_too_asks_the_person (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_outbox (world, 1, 0, 0);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_UNAUTHORIZED);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_REFRESH_TOKEN, GIVE (TOKEN_REFRESHED));
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_UNAUTHORIZED);
  g_assert_cmpint (pk_machine_world_state (world), ==, PK_SYNC_STATE_SIGN_IN_NEEDED);
}

static void
a_gap_is_sent_again_from_what_the_server_expects (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_outbox (world, 3, 0, 0);
  pk_machine_world_answer (world,
                           PK_SYNC_EFFECT_PUSH,
                           GIVE (FAILED, .failure = PK_SYNC_FAILURE_GAP, .number = 17));
  g_assert_cmpint (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH)->number, ==, 17);
}

static void
a_forked_device_takes_its_new_id_and_goes_on (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();
  PkId id = { .bytes = { 1, 2, 3 } };

  pk_machine_world_outbox (world, 3, 0, 0);
  pk_machine_world_answer (world,
                           PK_SYNC_EFFECT_PUSH,
                           GIVE (FAILED, .failure = PK_SYNC_FAILURE_FORKED, .id = id));
  g_assert_true (pk_id_equal (&pk_machine_world_find (world, PK_SYNC_EFFECT_TAKE_DEVICE)->id, &id));
  pk_machine_world_answer (world, PK_SYNC_EFFECT_TAKE_DEVICE, GIVE (DEVICE_TAKEN));
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
}

static void
a_new_epoch_is_taken_before_anything_else (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();
  PkId id = { .bytes = { 9 } };

  pk_machine_world_hint (world, PK_SYNC_EVENT_ASKED);
  pk_machine_world_answer (world,
                           PK_SYNC_EFFECT_PULL,
                           GIVE (FAILED, .failure = PK_SYNC_FAILURE_EPOCH, .id = id));
  g_assert_true (pk_id_equal (&pk_machine_world_find (world, PK_SYNC_EFFECT_TAKE_EPOCH)->id, &id));
  pk_machine_world_outbox (world, 40, 0, 0);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_TAKE_EPOCH, GIVE (EPOCH_TAKEN));
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
}

static void
what_the_server_cannot_read_is_set_aside_alone (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();
  guint pushes = 0;

  pk_machine_world_outbox (world, 500, 0, 0);
  while (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH) && pushes++ < 20)
    pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_REFUSED);
  g_assert_cmpuint (pushes, <=, 10);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_SET_ASIDE, GIVE (SET_ASIDE_DONE));
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
}

static void
a_server_that_stumbles_over_one_still_gives_the_others (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_outbox (world, 8, 0, 0);
  for (int i = 0; i < 400 && !pk_machine_world_find (world, PK_SYNC_EFFECT_SET_ASIDE); i++)
    {
      if (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH))
        pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_SERVER);
      if (pk_machine_world_find (world, PK_SYNC_EFFECT_PULL))
        pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
      beat (world);
      pk_machine_world_wait (world, 20 * SECOND);
    }
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_SET_ASIDE));
}

static void
what_must_wait_is_tried_again_with_growing_patience (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();
  guint tries = 0;

  pk_machine_world_outbox (world, 0, 1, 0);
  for (gint64 end_us = world->now_us + 60 * MINUTE; world->now_us < end_us;)
    {
      beat (world);
      pk_machine_world_wait (world, 30 * SECOND);
      if (pk_machine_world_find (world, PK_SYNC_EFFECT_PULL))
        pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
      const PkSyncEffect *push = pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH);
      if (push == NULL)
        continue;
      g_assert_true (push->flag);
      tries++;
      pk_machine_world_answer (world, PK_SYNC_EFFECT_PUSH, GIVE (PUSHED, .number = 1, .later = 1));
    }
  g_assert_cmpuint (tries, >=, 10);
  g_assert_cmpuint (tries, <=, 80);
}

static void
snapshots_are_fetched_then_installed_then_caught_up (void)
{
  g_autoptr (PkMachineWorld) world = pk_machine_world_new (3);

  pk_machine_world_start (world);
  PkSyncEvent offer = GIVE (SNAPSHOT_OFFERED, .sha256 = PK_TEST_SHA_A, .size = 100, .rows = 7);
  const PkSyncPicture *picture = pk_sync_machine_get_picture (world->machine);

  pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, offer);
  offer.sha256 = PK_TEST_SHA_B;
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, offer);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
  pk_machine_world_answer (world,
                           PK_SYNC_EFFECT_FETCH_SNAPSHOT,
                           GIVE (PROGRESS, .number = 60, .size = 100));
  g_assert_cmpint (picture->done, ==, 60);
  g_assert_cmpint (picture->total, ==, 200);
  g_assert_cmpint (picture->rows, ==, 14);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_FETCH_SNAPSHOT, PK_SYNC_FAILURE_NETWORK);
  pk_machine_world_wait (world, 5 * SECOND);
  const PkSyncEffect *fetch = pk_machine_world_find (world, PK_SYNC_EFFECT_FETCH_SNAPSHOT);
  g_assert_cmpint (fetch->number, ==, 60);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_FETCH_SNAPSHOT, GIVE (SNAPSHOT_FETCHED));
  pk_machine_world_answer (world,
                           PK_SYNC_EFFECT_FETCH_SNAPSHOT,
                           GIVE (PROGRESS, .number = 10, .size = 100));
  g_assert_cmpint (picture->done, ==, 110);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_FETCH_SNAPSHOT, GIVE (SNAPSHOT_FETCHED));
  g_assert_cmpint (picture->done, ==, picture->total);
  g_assert_true (picture->is_first);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_INSTALL_SNAPSHOTS, GIVE (SNAPSHOTS_INSTALLED));
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
  g_assert_false (pk_sync_machine_get_picture (world->machine)->is_first);
}

static void
a_snapshot_that_is_gone_from_the_disk_is_asked_for_again (void)
{
  g_autoptr (PkMachineWorld) world = pk_machine_world_new (3);

  pk_machine_world_start (world);
  pk_machine_world_answer (world,
                           PK_SYNC_EFFECT_PULL,
                           GIVE (SNAPSHOT_OFFERED, .sha256 = PK_TEST_SHA_A, .size = 100));
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
  pk_machine_world_answer (world, PK_SYNC_EFFECT_FETCH_SNAPSHOT, GIVE (SNAPSHOT_FETCHED));
  for (guint i = 0; i < 3; i++)
    {
      pk_machine_world_fail (world, PK_SYNC_EFFECT_INSTALL_SNAPSHOTS, PK_SYNC_FAILURE_LOCAL);
      pk_machine_world_wait (world, 5 * SECOND);
    }
  g_assert_null (pk_machine_world_find (world, PK_SYNC_EFFECT_INSTALL_SNAPSHOTS));
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PULL));
}

static void
a_snapshot_that_is_never_right_gives_way_to_rows (void)
{
  g_autoptr (PkMachineWorld) world = pk_machine_world_new (3);

  pk_machine_world_start (world);
  pk_machine_world_answer (world,
                           PK_SYNC_EFFECT_PULL,
                           GIVE (SNAPSHOT_OFFERED, .sha256 = PK_TEST_SHA_A, .size = 100));
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
  for (int i = 0; i < 3; i++)
    {
      pk_machine_world_fail (world, PK_SYNC_EFFECT_FETCH_SNAPSHOT, PK_SYNC_FAILURE_CHECKSUM);
      pk_machine_world_wait (world, 10 * SECOND);
    }
  const PkSyncEffect *pull = pk_machine_world_find (world, PK_SYNC_EFFECT_PULL);
  g_assert_nonnull (pull);
  g_assert_true (pull->flag);
}

static void
a_silent_stream_is_opened_again_and_polling_stands_in (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();
  guint pulls = world->counts[PK_SYNC_EFFECT_PULL];

  for (int i = 0; i < 20; i++)
    {
      pk_machine_world_wait (world, MINUTE);
      if (pk_machine_world_find (world, PK_SYNC_EFFECT_PULL))
        pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
    }
  g_assert_cmpuint (world->counts[PK_SYNC_EFFECT_OPEN_EVENTS], >, 1);
  g_assert_cmpuint (world->counts[PK_SYNC_EFFECT_PULL] - pulls, >=, 5);
}

static void
a_living_stream_leaves_the_server_in_peace (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();
  guint pulls = world->counts[PK_SYNC_EFFECT_PULL];

  for (int i = 0; i < 25; i++)
    {
      beat (world);
      pk_machine_world_wait (world, 25 * SECOND);
    }
  g_assert_cmpuint (world->counts[PK_SYNC_EFFECT_PULL], ==, pulls);
}

static void
an_upload_goes_chunk_by_chunk_from_where_the_server_is (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();
  gint64 size = 9 * 1024 * 1024;

  pk_machine_world_send (world, GIVE (UPLOAD_WANTED, .sha256 = PK_TEST_SHA_A, .size = size));
  g_assert_cmpint (pk_machine_world_find (world, PK_SYNC_EFFECT_UPLOAD)->number, ==, -1);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_UPLOAD, GIVE (UPLOADED, .number = 4 << 20));
  g_assert_cmpint (pk_machine_world_find (world, PK_SYNC_EFFECT_UPLOAD)->number, ==, 4 << 20);
  pk_machine_world_answer (world,
                           PK_SYNC_EFFECT_UPLOAD,
                           GIVE (FAILED, .failure = PK_SYNC_FAILURE_OFFSET, .number = 1 << 20));
  g_assert_cmpint (pk_machine_world_find (world, PK_SYNC_EFFECT_UPLOAD)->number, ==, 1 << 20);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_UPLOAD, GIVE (UPLOADED, .number = size));
  g_assert_cmpuint (pk_sync_machine_get_picture (world->machine)->n_uploads, ==, 0);
}

/* It can tell how far the upload is, and takes nothing: 507. */
static void
a_server_without_room_is_asked_less_and_less_often (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();
  gint64 end_us = world->now_us + 60 * MINUTE;

  pk_machine_world_send (world, GIVE (UPLOAD_WANTED, .sha256 = PK_TEST_SHA_A, .size = 10));
  while (world->now_us < end_us)
    {
      const PkSyncEffect *upload = pk_machine_world_find (world, PK_SYNC_EFFECT_UPLOAD);
      if (upload == NULL)
        pk_machine_world_wait (world, SECOND);
      else if (upload->number < 0)
        pk_machine_world_answer (world, PK_SYNC_EFFECT_UPLOAD, GIVE (UPLOADED, .number = 4));
      else
        pk_machine_world_fail (world, PK_SYNC_EFFECT_UPLOAD, PK_SYNC_FAILURE_SERVER);
    }
  g_assert_cmpuint (world->counts[PK_SYNC_EFFECT_UPLOAD], <, 200);
  g_assert_cmpuint (pk_sync_machine_get_picture (world->machine)->n_uploads, ==, 1);
}

static void
one_content_that_cannot_be_moved_holds_up_no_other (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_send (world, GIVE (DOWNLOAD_WANTED, .sha256 = PK_TEST_SHA_A, .size = 10));
  pk_machine_world_send (world, GIVE (DOWNLOAD_WANTED, .sha256 = PK_TEST_SHA_B, .size = 10));
  pk_machine_world_fail (world, PK_SYNC_EFFECT_DOWNLOAD, PK_SYNC_FAILURE_MISSING);
  g_assert_cmpstr (pk_machine_world_find (world, PK_SYNC_EFFECT_DOWNLOAD)->sha256,
                   ==,
                   PK_TEST_SHA_B);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_DOWNLOAD, GIVE (DOWNLOADED));
  for (int i = 0; i < 40; i++)
    {
      beat (world);
      pk_machine_world_wait (world, 30 * SECOND);
      if (pk_machine_world_find (world, PK_SYNC_EFFECT_DOWNLOAD))
        pk_machine_world_fail (world, PK_SYNC_EFFECT_DOWNLOAD, PK_SYNC_FAILURE_MISSING);
    }
  g_assert_cmpuint (world->counts[PK_SYNC_EFFECT_REFUSE_DOWNLOAD], ==, 1);
  g_assert_cmpuint (pk_sync_machine_get_picture (world->machine)->n_downloads, ==, 0);
}

static void
trouble_with_pushing_ends_when_nothing_is_left_to_push (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_outbox (world, 1, 0, 0);
  for (guint i = 0; i < 2; i++)
    {
      pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_SERVER);
      pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
      pk_machine_world_wait (world, 10 * SECOND);
    }
  g_assert_cmpint (pk_machine_world_state (world), ==, PK_SYNC_STATE_TROUBLE);
  /* The feed brought its verdict. */
  pk_machine_world_outbox (world, 0, 0, 0);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PUSH, GIVE (PUSHED));
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
  g_assert_cmpint (pk_machine_world_state (world), ==, PK_SYNC_STATE_UP_TO_DATE);
}

static void
a_repair_pulls_again_at_once (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_hint (world, PK_SYNC_EVENT_ASKED);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED, .number = 1));
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PULL));
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
  g_assert_null (pk_machine_world_find (world, PK_SYNC_EFFECT_PULL));
}

static void
a_pull_can_be_told_to_go_on_as_another_device (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_hint (world, PK_SYNC_EVENT_ASKED);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PULL, PK_SYNC_FAILURE_FORKED);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_TAKE_DEVICE, GIVE (DEVICE_TAKEN));
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PULL));
}

static void
a_program_that_is_too_old_still_pushes (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_hint (world, PK_SYNC_EVENT_ASKED);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PULL, PK_SYNC_FAILURE_TOO_OLD);
  g_assert_cmpint (pk_machine_world_state (world), ==, PK_SYNC_STATE_TOO_OLD);
  pk_machine_world_outbox (world, 1, 0, 0);
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
}

static void
a_full_disk_is_told_and_tried_again (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_hint (world, PK_SYNC_EVENT_ASKED);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PULL, PK_SYNC_FAILURE_LOCAL);
  g_assert_cmpint (pk_machine_world_state (world), ==, PK_SYNC_STATE_TROUBLE);
  pk_machine_world_wait (world, 2 * SECOND);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
  g_assert_cmpint (pk_machine_world_state (world), ==, PK_SYNC_STATE_UP_TO_DATE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(name) g_test_add_func ("/sync/machine/" #name, name)
  ADD (starting_without_a_sign_in_asks_for_nothing);
  ADD (a_cycle_is_push_then_pull);
  ADD (news_during_a_pull_are_pulled_again);
  ADD (no_answer_is_given_up_and_asked_again);
  ADD (a_captive_portal_is_offline_and_never_a_sign_out);
  ADD (waiting_grows_to_five_minutes_and_never_ends);
  ADD (back_on_the_network_it_tries_at_once);
  ADD (a_busy_server_is_left_alone_for_as_long_as_it_asks);
  ADD (an_old_token_is_refreshed_once_for_all);
  ADD (one_old_token_on_every_lane_is_one_refresh);
  ADD (a_refused_refresh_asks_the_person_and_keeps_everything);
  ADD (a_new_token_that_is_refused_too_asks_the_person);
  ADD (a_gap_is_sent_again_from_what_the_server_expects);
  ADD (a_forked_device_takes_its_new_id_and_goes_on);
  ADD (a_new_epoch_is_taken_before_anything_else);
  ADD (what_the_server_cannot_read_is_set_aside_alone);
  ADD (a_server_that_stumbles_over_one_still_gives_the_others);
  ADD (what_must_wait_is_tried_again_with_growing_patience);
  ADD (snapshots_are_fetched_then_installed_then_caught_up);
  ADD (a_snapshot_that_is_gone_from_the_disk_is_asked_for_again);
  ADD (a_snapshot_that_is_never_right_gives_way_to_rows);
  ADD (a_silent_stream_is_opened_again_and_polling_stands_in);
  ADD (a_living_stream_leaves_the_server_in_peace);
  ADD (an_upload_goes_chunk_by_chunk_from_where_the_server_is);
  ADD (a_server_without_room_is_asked_less_and_less_often);
  ADD (one_content_that_cannot_be_moved_holds_up_no_other);
  ADD (trouble_with_pushing_ends_when_nothing_is_left_to_push);
  ADD (a_repair_pulls_again_at_once);
  ADD (a_pull_can_be_told_to_go_on_as_another_device);
  ADD (a_program_that_is_too_old_still_pushes);
  ADD (a_full_disk_is_told_and_tried_again);
  return g_test_run ();
}

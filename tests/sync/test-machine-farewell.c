/* How a revoked device takes leave, event by event. */
#include "config.h"

#include "pk-machine-world.h"

#define MINUTE (60 * G_TIME_SPAN_SECOND)

#define GIVE(kind_, ...) ((PkSyncEvent){ .kind = PK_SYNC_EVENT_##kind_, __VA_ARGS__ })

static PkMachineWorld *
new_synced_world (void)
{
  PkMachineWorld *world = pk_machine_world_new (7);

  pk_machine_world_start (world);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PULL, GIVE (PULLED));
  return world;
}

/* One that knows that it is revoked, with so many in its outbox. */
static PkMachineWorld *
new_revoked_world (guint sendable, guint attention)
{
  PkMachineWorld *world = new_synced_world ();

  pk_machine_world_outbox (world, 0, 0, attention);
  pk_machine_world_outbox (world, sendable, 0, attention);
  if (sendable > 0)
    {
      pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_REVOKED);
      return world;
    }
  pk_machine_world_hint (world, PK_SYNC_EVENT_ASKED);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PULL, PK_SYNC_FAILURE_REVOKED);
  return world;
}

static void
a_revoked_device_hands_in_what_it_has_and_is_erased (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_outbox (world, 2, 0, 0);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_REVOKED);
  pk_machine_world_outbox (world, 0, 0, 0);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PUSH, GIVE (PUSHED, .number = 2));
  g_assert_true (pk_machine_world_find (world, PK_SYNC_EFFECT_ERASE)->flag);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_ERASE, GIVE (ERASED));
  g_assert_cmpint (pk_machine_world_state (world), ==, PK_SYNC_STATE_REVOKED);
}

static void
a_revoked_device_that_may_not_hand_in_keeps_its_outbox (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_outbox (world, 2, 0, 0);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_REVOKED);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_REVOKED);
  g_assert_false (pk_machine_world_find (world, PK_SYNC_EFFECT_ERASE)->flag);
}

static void
a_revoked_device_hands_in_what_was_refused_too (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_outbox (world, 0, 0, 3);
  pk_machine_world_hint (world, PK_SYNC_EVENT_ASKED);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PULL, PK_SYNC_FAILURE_REVOKED);
  g_assert_cmpint (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH)->number, ==, -1);
  pk_machine_world_outbox (world, 0, 0, 0);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PUSH, GIVE (PUSHED, .number = 3));
  g_assert_true (pk_machine_world_find (world, PK_SYNC_EFFECT_ERASE)->flag);
}

static void
what_the_server_has_no_room_for_is_handed_in_once (void)
{
  g_autoptr (PkMachineWorld) world = new_revoked_world (3, 0);

  /* Two are taken; one is refused and needs attention. */
  g_assert_cmpint (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH)->number, ==, -1);
  pk_machine_world_outbox (world, 0, 0, 1);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PUSH, GIVE (PUSHED, .number = 3));
  g_assert_null (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
  g_assert_false (pk_machine_world_find (world, PK_SYNC_EFFECT_ERASE)->flag);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_ERASE, GIVE (ERASED));
  g_assert_null (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH));
  g_assert_null (pk_machine_world_find (world, PK_SYNC_EFFECT_ERASE));
}

/* Refused as a whole, in ever smaller parts, until one is alone. */
static void
refuse_until_alone (PkMachineWorld *world)
{
  while (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH)->size > 1)
    pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_REFUSED);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_REFUSED);
}

static void
what_cannot_be_read_stays_and_the_rest_is_handed_in (void)
{
  g_autoptr (PkMachineWorld) world = new_revoked_world (2, 1);

  refuse_until_alone (world);
  g_assert_cmpint (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH)->number, ==, -2);
  pk_machine_world_outbox (world, 1, 0, 1);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PUSH, GIVE (PUSHED, .number = 1));
  g_assert_cmpint (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH)->number, ==, -2);
  pk_machine_world_outbox (world, 0, 0, 1);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_PUSH, GIVE (PUSHED, .number = 1));
  g_assert_false (pk_machine_world_find (world, PK_SYNC_EFFECT_ERASE)->flag);
  g_assert_cmpuint (world->counts[PK_SYNC_EFFECT_SET_ASIDE], ==, 0);
}

static void
what_the_server_stumbles_over_stays_in_the_end (void)
{
  g_autoptr (PkMachineWorld) world = new_revoked_world (1, 0);

  for (guint i = 0; i < 40 && pk_machine_world_find (world, PK_SYNC_EFFECT_ERASE) == NULL; i++)
    {
      if (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH) != NULL)
        pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_SERVER);
      pk_machine_world_wait (world, 6 * MINUTE);
    }
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_ERASE));
  g_assert_false (pk_machine_world_find (world, PK_SYNC_EFFECT_ERASE)->flag);
}

static void
a_server_that_asks_for_numbers_has_revoked_nobody (void)
{
  g_autoptr (PkMachineWorld) world = new_revoked_world (2, 0);

  pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_GAP);
  g_assert_cmpint (pk_machine_world_state (world), !=, PK_SYNC_STATE_REVOKED);
  g_assert_cmpint (pk_machine_world_find (world, PK_SYNC_EFFECT_PUSH)->number, >=, 0);
}

/* What it left behind as a revoked one it would try again for ever. */
static void
a_device_that_is_not_revoked_any_more_sets_aside_again (void)
{
  g_autoptr (PkMachineWorld) world = new_revoked_world (2, 0);

  pk_machine_world_fail (world, PK_SYNC_EFFECT_PUSH, PK_SYNC_FAILURE_GAP);
  refuse_until_alone (world);
  g_assert_nonnull (pk_machine_world_find (world, PK_SYNC_EFFECT_SET_ASIDE));
}

static void
a_revoked_device_that_is_signed_out_is_erased_all_the_same (void)
{
  g_autoptr (PkMachineWorld) world = new_revoked_world (2, 0);

  pk_machine_world_hint (world, PK_SYNC_EVENT_SIGNED_OUT);
  g_assert_false (pk_machine_world_find (world, PK_SYNC_EFFECT_ERASE)->flag);
  pk_machine_world_fail (world, PK_SYNC_EFFECT_ERASE, PK_SYNC_FAILURE_LOCAL);
  pk_machine_world_wait (world, 6 * MINUTE);
  pk_machine_world_answer (world, PK_SYNC_EFFECT_ERASE, GIVE (ERASED));
  g_assert_null (pk_machine_world_find (world, PK_SYNC_EFFECT_ERASE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(name) g_test_add_func ("/sync/machine/farewell/" #name, name)
  ADD (a_revoked_device_hands_in_what_it_has_and_is_erased);
  ADD (a_revoked_device_that_may_not_hand_in_keeps_its_outbox);
  ADD (a_revoked_device_hands_in_what_was_refused_too);
  ADD (what_the_server_has_no_room_for_is_handed_in_once);
  ADD (what_cannot_be_read_stays_and_the_rest_is_handed_in);
  ADD (what_the_server_stumbles_over_stays_in_the_end);
  ADD (a_server_that_asks_for_numbers_has_revoked_nobody);
  ADD (a_device_that_is_not_revoked_any_more_sets_aside_again);
  ADD (a_revoked_device_that_is_signed_out_is_erased_all_the_same);
#undef ADD
  return g_test_run ();
}

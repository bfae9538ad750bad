/* The machine's lanes for contents, event by event. */
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

static void
a_content_that_cannot_be_read_any_more_is_refused_in_the_end (void)
{
  g_autoptr (PkMachineWorld) world = new_synced_world ();

  pk_machine_world_send (world, GIVE (UPLOAD_WANTED, .sha256 = PK_TEST_SHA_A, .size = 10));
  for (guint i = 0; i < 40 && world->counts[PK_SYNC_EFFECT_REFUSE_UPLOAD] == 0; i++)
    {
      const PkSyncEffect *upload = pk_machine_world_find (world, PK_SYNC_EFFECT_UPLOAD);
      if (upload == NULL)
        pk_machine_world_wait (world, 6 * MINUTE);
      else if (upload->number < 0)
        pk_machine_world_answer (world, PK_SYNC_EFFECT_UPLOAD, GIVE (UPLOADED, .number = 0));
      else
        pk_machine_world_fail (world, PK_SYNC_EFFECT_UPLOAD, PK_SYNC_FAILURE_LOCAL);
    }
  g_assert_cmpuint (world->counts[PK_SYNC_EFFECT_REFUSE_UPLOAD], ==, 1);
}

static void
what_a_person_waits_for_is_downloaded_first (void)
{
  g_autoptr (PkMachineWorld) world = pk_machine_world_new (1);

  pk_machine_world_send (world, GIVE (DOWNLOAD_WANTED, .sha256 = PK_TEST_SHA_A, .size = 10));
  pk_machine_world_send (world,
                         GIVE (DOWNLOAD_WANTED, .sha256 = PK_TEST_SHA_B, .size = 10, .flag = TRUE));
  pk_machine_world_start (world);
  g_assert_cmpstr (pk_machine_world_find (world, PK_SYNC_EFFECT_DOWNLOAD)->sha256,
                   ==,
                   PK_TEST_SHA_B);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(name) g_test_add_func ("/sync/machine/content/" #name, name)
  ADD (a_content_that_cannot_be_read_any_more_is_refused_in_the_end);
  ADD (what_a_person_waits_for_is_downloaded_first);
#undef ADD
  return g_test_run ();
}

/*
 * Disks that were cloned or rolled back, and a server that was restored from a backup: nothing that was acknowledged is lost, nothing
 * takes effect twice, and all are in step afterwards.
 */
#include "config.h"

#include "pk-pair.h"

#include "pk-service-devices.h"
#include "pk-store-backup.h"
#include "pk-store-devices.h"
#include "pk-store-records.h"

#include <glib/gstdio.h>

static gboolean
server_has (PkPair *pair, const PkMutation *mutation, const char *title)
{
  g_autoptr (PkRecord) task = pk_pair_find (pair, PK_ENTITY_TASK, &mutation->record);

  return task != NULL && g_strcmp0 (pk_record_get_text (task, PK_TASK_TITLE), title) == 0;
}

static guint
count_history (PkPair *pair, const PkId *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = pk_store_find_by_ref (pair->store,
                                                     pk_entity_by_id (PK_ENTITY_HISTORY),
                                                     PK_HISTORY_RECORD_ID,
                                                     record,
                                                     &error);

  g_assert_no_error (error);
  return rows->len;
}

static char *
make_backup (PkPair *pair)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename (pair->dir);
  char *path = g_strconcat (pair->dir, "/../", name, "-backup", NULL);
  PkStoreBackup facts;

  pk_store_backup (pair->store, path, &facts, &error);
  g_assert_no_error (error);
  return path;
}

static void
test_a_cloned_disk_becomes_two_devices (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) one = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkMutation) first = pk_pair_client_create_task (one, "Før kloningen");
  g_autoptr (PkMutation) waiting = NULL;

  pk_pair_client_sync (one);
  waiting = pk_pair_client_create_task (one, "Venter på begge");
  g_autoptr (PkPairClient) two = pk_pair_client_clone (one);
  g_autoptr (PkMutation) of_one = pk_pair_client_create_task (one, "Fra den ene");
  g_autoptr (PkMutation) of_two = pk_pair_client_create_task (two, "Fra den andre");
  pk_pair_client_sync (one);
  pk_pair_client_sync (two);
  pk_pair_client_sync (one);
  g_assert_cmpuint (one->n_forks, ==, 0);
  g_assert_cmpuint (two->n_forks, ==, 1);
  g_assert_true (server_has (pair, waiting, "Venter på begge"));
  g_assert_true (server_has (pair, of_one, "Fra den ene"));
  g_assert_true (server_has (pair, of_two, "Fra den andre"));
  g_assert_cmpuint (count_history (pair, &waiting->record), ==, 1);
  pk_pair_client_assert_in_step (one);
  pk_pair_client_assert_in_step (two);
}

static void
test_a_disk_that_was_rolled_back_goes_on_as_another_device (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) before = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkMutation) first = pk_pair_client_create_task (before, "Først");

  g_autoptr (PkPairClient) after = pk_pair_client_clone (before);
  pk_pair_client_sync (before);
  g_autoptr (PkMutation) lost = pk_pair_client_create_task (before, "Etter sikkerhetskopien");
  pk_pair_client_sync (before);

  /* The disk is the one from before: it waits with what was judged long ago, and makes something new with a number that was used. */
  g_autoptr (PkMutation) fresh = pk_pair_client_create_task (after, "Etter tilbakestillingen");
  pk_pair_client_sync (after);
  g_assert_cmpuint (after->n_forks, ==, 1);
  g_assert_true (server_has (pair, first, "Først"));
  g_assert_true (server_has (pair, lost, "Etter sikkerhetskopien"));
  g_assert_true (server_has (pair, fresh, "Etter tilbakestillingen"));
  g_assert_cmpuint (count_history (pair, &first->record), ==, 1);
  pk_pair_client_assert_in_step (after);
}

static void
test_clients_heal_a_server_that_was_restored (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) kari = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkPairClient) ola = pk_pair_client_new (pair, &pair->ola);
  g_autoptr (PkMutation) old = pk_pair_client_create_task (kari, "Før kopien");

  pk_pair_client_sync (kari);
  pk_pair_client_sync (ola);
  g_autofree char *backup = make_backup (pair);
  g_autoptr (PkMutation) made = pk_pair_client_create_task (kari, "Etter kopien");
  g_autoptr (PkRecord) task = pk_pair_find (pair, PK_ENTITY_TASK, &old->record);
  g_autoptr (PkMutation) renamed = pk_pair_client_set_title (kari, task, "Før kopien", "Nytt navn");
  pk_pair_client_sync (kari);
  pk_pair_client_sync (ola);
  g_assert_true (server_has (pair, made, "Etter kopien"));

  pk_pair_restore (pair, backup);
  g_assert_false (server_has (pair, made, "Etter kopien"));
  g_assert_true (server_has (pair, old, "Før kopien"));

  /* Ola is first: what Kari made stays with him, though the server lacks it. */
  pk_pair_client_sync (ola);
  g_autoptr (PkRecord)
      kept = pk_reader_find (ola->reader, pk_entity_by_id (PK_ENTITY_TASK), &made->record, NULL);
  g_assert_nonnull (kept);
  pk_pair_client_sync (kari);
  g_assert_true (server_has (pair, made, "Etter kopien"));
  g_assert_true (server_has (pair, old, "Nytt navn"));
  pk_clock_advance (pair->clock, G_TIME_SPAN_HOUR);
  pk_pair_client_sync (ola);
  pk_pair_client_sync (kari);
  pk_pair_client_assert_in_step (kari);
  pk_pair_client_assert_in_step (ola);
}

static void
test_a_device_that_the_backup_does_not_know_goes_on (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autofree char *backup = make_backup (pair);
  g_autoptr (PkPairClient) kari = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkMutation) made = pk_pair_client_create_task (kari, "Etter kopien");
  g_autoptr (PkMutation) waiting = NULL;

  pk_pair_client_sync (kari);
  waiting = pk_pair_client_create_task (kari, "Ikke sendt");
  pk_pair_restore (pair, backup);
  pk_pair_client_sync (kari);
  g_assert_true (server_has (pair, made, "Etter kopien"));
  g_assert_true (server_has (pair, waiting, "Ikke sendt"));
  pk_clock_advance (pair->clock, G_TIME_SPAN_HOUR);
  pk_pair_client_sync (kari);
  pk_pair_client_assert_in_step (kari);
}

static void
test_what_nobody_can_bring_back_goes_after_the_pause (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) kari = pk_pair_client_new (pair, &pair->kari);
  g_autofree char *backup = make_backup (pair);
  g_autoptr (PkRecord) imported = pk_pair_make_task (pair, &pair->unit, "Fra en import");

  pk_pair_import (pair, imported);
  pk_pair_client_sync (kari);
  pk_pair_restore (pair, backup);
  pk_pair_client_sync (kari);
  g_assert_cmpint (pk_pair_client_count (kari, "SELECT count(*) FROM task"), ==, 1);
  pk_clock_advance (pair->clock, G_TIME_SPAN_HOUR);
  pk_pair_client_sync (kari);
  pk_pair_client_assert_in_step (kari);
}

static void
test_a_server_restored_twice_is_healed_twice (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) kari = pk_pair_client_new (pair, &pair->kari);
  g_autofree char *backup = NULL;
  g_autoptr (PkMutation) made = NULL;

  pk_pair_client_sync (kari);
  backup = make_backup (pair);
  made = pk_pair_client_create_task (kari, "Oppgave");
  pk_pair_client_sync (kari);
  for (guint i = 0; i < 2; i++)
    {
      pk_pair_restore (pair, backup);
      pk_clock_advance (pair->clock, 10 * G_TIME_SPAN_DAY);
      pk_pair_client_sync (kari);
      g_assert_true (server_has (pair, made, "Oppgave"));
    }
  pk_clock_advance (pair->clock, G_TIME_SPAN_HOUR);
  pk_pair_client_sync (kari);
  pk_pair_client_assert_in_step (kari);
}

static void
do_upkeep (PkPairClient *client)
{
  gboolean has_more = TRUE;

  while (has_more)
    g_assert_true (pk_writer_do_upkeep (client->writer, &has_more, NULL));
}

static void
test_a_backup_older_than_what_the_outbox_keeps (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) kari = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkMutation) first = pk_pair_client_create_task (kari, "Før kopien");

  pk_pair_client_sync (kari);
  g_autofree char *backup = make_backup (pair);
  g_autoptr (PkMutation) forgotten = pk_pair_client_create_task (kari, "For lenge siden");
  pk_pair_client_sync (kari);
  pk_clock_advance (pair->clock, 40 * G_TIME_SPAN_DAY);
  g_autoptr (PkMutation) recent = pk_pair_client_create_task (kari, "Nylig");
  pk_pair_client_sync (kari);
  do_upkeep (kari);
  pk_pair_restore (pair, backup);
  g_autoptr (PkMutation) waiting = pk_pair_client_create_task (kari, "Venter");
  pk_pair_client_sync (kari);
  g_assert_true (server_has (pair, recent, "Nylig"));
  g_assert_true (server_has (pair, waiting, "Venter"));
  g_assert_cmpuint (kari->n_forks, ==, 1);
}

/* The answer to its push was lost, then the server stumbled for so long that it was set aside, and its number went to the next one. */
static void
test_what_was_given_up_and_had_arrived_is_told_as_done (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (GError) error = NULL, fault = NULL;
  g_autoptr (PkMutation) arrived = pk_pair_client_create_task (client, "Kom fram");
  g_autoptr (PkPairClient) unanswered = pk_pair_client_clone (client);

  pk_pair_client_sync (client);
  pk_problem_set (&fault, PK_PROBLEM_INTERNAL, NULL, "The server stumbles over it");
  g_assert_true (pk_writer_set_aside_first (unanswered->writer, fault, &error));
  g_autoptr (PkMutation) next = pk_pair_client_create_task (unanswered, "Den neste");
  g_autoptr (GPtrArray)
      before = pk_reader_list_outbox (unanswered->reader, PK_OUTBOX_ATTENTION, NULL, 10, &error);
  g_assert_cmpuint (before->len, ==, 1);

  pk_pair_client_sync (unanswered);
  g_assert_cmpuint (unanswered->n_forks, ==, 1);
  g_autoptr (GPtrArray)
      after = pk_reader_list_outbox (unanswered->reader, PK_OUTBOX_ATTENTION, NULL, 10, &error);
  g_assert_cmpuint (after->len, ==, 0);
  g_assert_true (server_has (pair, next, "Den neste"));
  g_assert_cmpuint (count_history (pair, &arrived->record), ==, 1);
  pk_pair_client_assert_in_step (unanswered);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/lost-time/a-cloned-disk-becomes-two-devices",
                   test_a_cloned_disk_becomes_two_devices);
  g_test_add_func ("/lost-time/a-disk-that-was-rolled-back-goes-on-as-another-device",
                   test_a_disk_that_was_rolled_back_goes_on_as_another_device);
  g_test_add_func ("/lost-time/clients-heal-a-server-that-was-restored",
                   test_clients_heal_a_server_that_was_restored);
  g_test_add_func ("/lost-time/a-device-that-the-backup-does-not-know-goes-on",
                   test_a_device_that_the_backup_does_not_know_goes_on);
  g_test_add_func ("/lost-time/what-nobody-can-bring-back-goes-after-the-pause",
                   test_what_nobody_can_bring_back_goes_after_the_pause);
  g_test_add_func ("/lost-time/a-server-restored-twice-is-healed-twice",
                   test_a_server_restored_twice_is_healed_twice);
  g_test_add_func ("/lost-time/a-backup-older-than-what-the-outbox-keeps",
                   test_a_backup_older_than_what_the_outbox_keeps);
  g_test_add_func ("/lost-time/what-was-given-up-and-had-arrived-is-told-as-done",
                   test_what_was_given_up_and_had_arrived_is_told_as_done);
  return g_test_run ();
}

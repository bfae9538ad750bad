/* Work that may not be carried out any more: it moves to the server where the policy says so, and from a revoked device always. */
#include "config.h"

#include "pk-pair.h"

#include "pk-service-devices.h"
#include "pk-service-policy.h"
#include "pk-service-quarantine.h"

#include <string.h>

static void
set_policy (PkPair *pair, gboolean quarantines)
{
  PkPolicy policy = { PK_POLICY_LEASE_DAYS, quarantines };
  g_autoptr (GError) error = NULL;

  pk_service_set_policy (pair->service, &policy, &error);
  g_assert_no_error (error);
}

static void
move_kari (PkPair *pair, const PkId *unit)
{
  g_autoptr (PkRecord) person = pk_pair_find (pair, PK_ENTITY_PERSON, &pair->kari);

  pk_record_set_ref (person, PK_PERSON_UNIT_ID, unit);
  pk_pair_import (pair, person);
}

static GPtrArray *
list (PkPairClient *client, PkOutboxList which)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *entries = pk_reader_list_outbox (client->reader, which, NULL, 100, &error);

  g_assert_no_error (error);
  return entries;
}

static GPtrArray *
list_kept (PkPair *pair, const PkId *person)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *items = pk_quarantine_list (pair->service, person, 100, &error);

  g_assert_no_error (error);
  return items;
}

static void
revoke_device (PkPairClient *client)
{
  g_autoptr (GError) error = NULL;
  PkId device;

  pk_writer_get_device (client->writer, &device);
  pk_service_revoke_device (client->pair->service, &device, &error);
  g_assert_no_error (error);
}

/* One push of all that the device has, as the machine asks for it when it is told. */
static void
hand_in (PkPairClient *client)
{
  g_autoptr (GError) error = NULL;

  pk_pair_client_push_from (client, PK_PUSH_EVERYTHING, &error);
  g_assert_no_error (error);
}

static void
test_work_of_who_lost_the_right_moves_to_the_server (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkRecord) task = pk_pair_make_task (pair, &pair->unit, "Oppgave");

  set_policy (pair, TRUE);
  pk_pair_import (pair, task);
  pk_pair_client_sync (client);
  g_autoptr (PkMutation) work = pk_pair_client_set_title (client, task, "Oppgave", "Mitt arbeid");
  move_kari (pair, &pair->other_unit);
  pk_pair_client_sync (client);

  g_autoptr (GPtrArray) kept = list_kept (pair, &pair->kari);
  g_autoptr (GPtrArray) attention = list (client, PK_OUTBOX_ATTENTION);
  g_autoptr (GPtrArray) told = list (client, PK_OUTBOX_COMBINED);
  g_assert_cmpuint (kept->len, ==, 1);
  g_assert_nonnull (strstr (((PkQuarantined *) kept->pdata[0])->line, "Mitt arbeid"));
  g_assert_cmpint (((PkQuarantined *) kept->pdata[0])->verdict->code, ==, PK_PROBLEM_NOT_FOUND);
  g_assert_cmpuint (attention->len, ==, 0);
  g_assert_cmpuint (told->len, ==, 1);
  const PkOutboxEntry *entry = told->pdata[0];
  g_assert_cmpint (entry->state, ==, PK_OUTBOX_QUARANTINED);
  g_assert_null (strstr (entry->line, "Mitt arbeid"));
  g_assert_nonnull (entry->mutation);
  pk_pair_client_assert_in_step (client);
}

static void
test_without_the_policy_it_stays_with_its_author (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkRecord) task = pk_pair_make_task (pair, &pair->unit, "Oppgave");

  pk_pair_import (pair, task);
  pk_pair_client_sync (client);
  g_autoptr (PkMutation) work = pk_pair_client_set_title (client, task, "Oppgave", "Mitt arbeid");
  move_kari (pair, &pair->other_unit);
  pk_pair_client_sync (client);
  g_autoptr (GPtrArray) kept = list_kept (pair, NULL);
  g_autoptr (GPtrArray) attention = list (client, PK_OUTBOX_ATTENTION);
  g_assert_cmpuint (kept->len, ==, 0);
  g_assert_cmpuint (attention->len, ==, 1);
}

static void
test_a_mistake_is_no_case_for_the_quarantine (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkRecord) task = pk_pair_make_task (pair, &pair->unit, "Oppgave");
  g_autoptr (PkRecord) gone = NULL;

  set_policy (pair, TRUE);
  pk_pair_import (pair, task);
  pk_pair_client_sync (client);
  /* It points to a building that nobody knows. */
  PkMutation *mutation =
      pk_mutation_new (PK_OP_SET, pk_record_get_entity (task), NULL, pk_record_get_id (task));
  PkId nowhere = pk_id_source_next (pair->ids);
  pk_values_take (mutation->fields, PK_TASK_BUILDING_ID, pk_value_id (&nowhere));
  pk_values_take (mutation->was, PK_TASK_BUILDING_ID, PK_VALUE_INIT);
  pk_pair_client_submit (client, mutation);
  pk_mutation_unref (mutation);
  pk_pair_client_sync (client);
  g_autoptr (GPtrArray) kept = list_kept (pair, NULL);
  g_autoptr (GPtrArray) attention = list (client, PK_OUTBOX_ATTENTION);
  g_assert_cmpuint (kept->len, ==, 0);
  g_assert_cmpuint (attention->len, ==, 1);
}

static void
test_a_revoked_device_hands_in_all_it_has (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkRecord) task = pk_pair_make_task (pair, &pair->unit, "Oppgave");
  g_autoptr (PkMutation) refused = NULL;
  g_autoptr (GError) error = NULL;

  pk_pair_import (pair, task);
  g_autoptr (PkMutation) done = pk_pair_client_create_task (client, "I orden");
  pk_pair_client_sync (client);
  refused = pk_pair_client_set_title (client, task, "Oppgave", "Avvist");
  move_kari (pair, &pair->other_unit);
  pk_pair_client_sync (client);
  g_autoptr (PkMutation) waiting = pk_pair_client_create_task (client, "Ikke sendt");
  revoke_device (client);
  for (guint i = 0; i < 2; i++)
    hand_in (client);

  g_autoptr (GPtrArray) kept = list_kept (pair, &pair->kari);
  g_autoptr (GPtrArray) attention = list (client, PK_OUTBOX_ATTENTION);
  g_autoptr (GPtrArray) left = list (client, PK_OUTBOX_WAITING);
  g_assert_cmpuint (kept->len, ==, 2);
  g_assert_cmpuint (attention->len, ==, 0);
  g_assert_cmpuint (left->len, ==, 0);
  g_assert_true (pk_writer_erase (client->writer, TRUE, &error));
  g_autoptr (PkRecord) created = pk_pair_find (pair, PK_ENTITY_TASK, &waiting->record);
  g_assert_null (created);
}

static guint
count_kept (PkPair *pair)
{
  g_autoptr (GPtrArray) kept = list_kept (pair, NULL);

  return kept->len;
}

static void
test_a_revoked_device_cannot_fill_the_quarantine (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkPairClient) lost = NULL;
  g_autoptr (GError) error = NULL;

  pk_pair_client_sync (client);
  pk_service_set_quarantine_limit (pair->service, 3);
  for (guint i = 0; i < 5; i++)
    pk_mutation_unref (pk_pair_client_create_task (client, "Ikke sendt"));
  lost = pk_pair_client_clone (client);
  revoke_device (client);
  hand_in (client);
  g_autoptr (GPtrArray) attention = list (client, PK_OUTBOX_ATTENTION);
  g_assert_cmpuint (count_kept (pair), ==, 3);
  g_assert_cmpuint (attention->len, ==, 2);
  const PkOutboxEntry *entry = attention->pdata[0];
  g_assert_cmpint (entry->verdict->code, ==, PK_PROBLEM_TOO_LARGE);
  g_assert_cmpstr (entry->verdict->pointer, ==, "/device");

  /* The same from a disk where the answer never came: what is kept counts once, and is told again. */
  hand_in (lost);
  g_autoptr (GPtrArray) left = list (lost, PK_OUTBOX_ATTENTION);
  g_assert_cmpuint (count_kept (pair), ==, 3);
  g_assert_cmpuint (left->len, ==, 2);
  /* The limit holds for one device. */
  g_autoptr (PkPairClient) other = pk_pair_client_new (pair, &pair->ola);
  pk_pair_client_sync (other);
  g_autoptr (PkMutation) work = pk_pair_client_create_task (other, "En annen");
  revoke_device (other);
  hand_in (other);
  g_assert_cmpuint (count_kept (pair), ==, 4);
}

static void
test_the_quarantine_is_bounded_by_size_too (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autofree char *much = g_strnfill (10000, 'x');
  g_autoptr (PkRecord) task = pk_pair_make_task (pair, &pair->unit, "Oppgave");
  PkMutation *set;

  pk_pair_import (pair, task);
  pk_pair_client_sync (client);
  pk_service_set_quarantine_limit (pair->service, 2);
  for (guint i = 0; i < 2; i++)
    {
      set = pk_mutation_new (PK_OP_SET, pk_record_get_entity (task), NULL, pk_record_get_id (task));
      pk_values_take (set->fields, PK_TASK_DESCRIPTION, pk_value_text (much));
      pk_values_take (set->was, PK_TASK_DESCRIPTION, PK_VALUE_INIT);
      pk_pair_client_submit (client, set);
      pk_mutation_unref (set);
      much[0] = 'y';
    }
  revoke_device (client);
  hand_in (client);
  g_autoptr (GPtrArray) attention = list (client, PK_OUTBOX_ATTENTION);
  g_assert_cmpuint (count_kept (pair), ==, 1);
  g_assert_cmpuint (attention->len, ==, 1);
}

static void
test_what_took_effect_before_is_not_handed_in (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (PkMutation) made = pk_pair_client_create_task (client, "Svaret gikk tapt");
  g_autoptr (PkPairClient) copy = pk_pair_client_clone (client);

  /* The server judged it, and the answer never came: the copy is what the disk holds. */
  pk_pair_client_sync (client);
  revoke_device (client);
  hand_in (copy);
  g_autoptr (GPtrArray) kept = list_kept (pair, NULL);
  g_autoptr (GPtrArray) left = list (copy, PK_OUTBOX_WAITING);
  g_assert_cmpuint (kept->len, ==, 0);
  g_assert_cmpuint (left->len, ==, 0);
}

static gboolean
is_locked (PkPairClient *client)
{
  g_autoptr (GError) error = NULL;
  PkReplicaSummary summary;

  pk_reader_read_summary (client->reader, &summary, &error);
  g_assert_no_error (error);
  return pk_replica_summary_is_locked (&summary, pk_clock_now_us (client->pair->clock));
}

static void
test_after_the_lease_reading_is_locked_until_the_sign_in (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  g_autoptr (GError) error = NULL;

  g_assert_false (is_locked (client));
  pk_pair_client_sync (client);
  g_assert_true (pk_writer_note_contact (client->writer, &error));
  pk_clock_advance (pair->clock, 29 * G_TIME_SPAN_DAY);
  g_assert_false (is_locked (client));
  g_assert_true (pk_writer_note_contact (client->writer, &error));
  pk_clock_advance (pair->clock, 30 * G_TIME_SPAN_DAY);
  g_assert_true (is_locked (client));

  /* Work is taken and sent all the same, and a contact alone opens nothing. */
  g_autoptr (PkMutation) work = pk_pair_client_create_task (client, "I kjelleren");
  pk_pair_client_sync (client);
  g_assert_true (pk_writer_note_contact (client->writer, &error));
  g_assert_true (is_locked (client));
  g_assert_true (pk_writer_renew_lease (client->writer, &error));
  g_assert_false (is_locked (client));
  pk_clock_advance (pair->clock, -2 * G_TIME_SPAN_DAY);
  g_assert_true (is_locked (client));
}

static void
test_the_lease_is_as_long_as_the_server_says (void)
{
  g_autoptr (PkPair) pair = pk_pair_new ();
  g_autoptr (PkPairClient) client = pk_pair_client_new (pair, &pair->kari);
  PkPolicy policy = { 3, FALSE };
  g_autoptr (GError) error = NULL;

  g_assert_true (pk_service_set_policy (pair->service, &policy, &error));
  pk_pair_client_sync (client);
  g_assert_true (pk_writer_note_contact (client->writer, &error));
  pk_clock_advance (pair->clock, 3 * G_TIME_SPAN_DAY);
  g_assert_true (is_locked (client));
  g_assert_true (pk_writer_renew_lease (client->writer, &error));

  policy.lease_days = 0;
  g_assert_true (pk_service_set_policy (pair->service, &policy, &error));
  g_autoptr (PkMutation) news = pk_pair_client_create_task (client, "Noe nytt");
  pk_pair_client_sync (client);
  g_assert_true (pk_writer_note_contact (client->writer, &error));
  pk_clock_advance (pair->clock, 3000 * G_TIME_SPAN_DAY);
  g_assert_false (is_locked (client));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/quarantine/work-of-who-lost-the-right-moves-to-the-server",
                   test_work_of_who_lost_the_right_moves_to_the_server);
  g_test_add_func ("/quarantine/without-the-policy-it-stays-with-its-author",
                   test_without_the_policy_it_stays_with_its_author);
  g_test_add_func ("/quarantine/a-mistake-is-no-case-for-the-quarantine",
                   test_a_mistake_is_no_case_for_the_quarantine);
  g_test_add_func ("/quarantine/a-revoked-device-hands-in-all-it-has",
                   test_a_revoked_device_hands_in_all_it_has);
  g_test_add_func ("/quarantine/a-revoked-device-cannot-fill-the-quarantine",
                   test_a_revoked_device_cannot_fill_the_quarantine);
  g_test_add_func ("/quarantine/the-quarantine-is-bounded-by-size-too",
                   test_the_quarantine_is_bounded_by_size_too);
  g_test_add_func ("/quarantine/what-took-effect-before-is-not-handed-in",
                   test_what_took_effect_before_is_not_handed_in);
  g_test_add_func ("/lease/after-the-lease-reading-is-locked-until-the-sign-in",
                   test_after_the_lease_reading_is_locked_until_the_sign_in);
  g_test_add_func ("/lease/the-lease-is-as-long-as-the-server-says",
                   test_the_lease_is_as_long_as_the_server_says);
  return g_test_run ();
}

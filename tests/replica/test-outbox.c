/* The outbox: numbers, forks, what is set aside, thirty days, damage. */
#include "config.h"

#include "pk-outbox.h"
#include "pk-writer-private.h"
#include "replica-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static void
submit_titles (Fixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *title = g_strdup_printf ("Oppgave %u", i);
      g_autoptr (PkMutation) mutation = fixture_create_task (fixture, title);
      fixture_submit (fixture, mutation);
    }
}

static void
judge_all (Fixture *fixture, PkVerdictKind kind)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = pk_writer_take_unsent (fixture->writer, 0, 1000, FALSE, &error);
  g_autoptr (GPtrArray)
      verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_verdict_free);

  for (guint i = 0; i < entries->len; i++)
    {
      const PkOutboxEntry *entry = entries->pdata[i];
      g_ptr_array_add (verdicts, pk_verdict_new (entry->n, &entry->id, kind, 0));
    }
  g_assert_true (pk_writer_take_verdicts (fixture->writer, verdicts, &error));
}

static guint
count_list (Fixture *fixture, PkOutboxList list)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = pk_reader_list_outbox (fixture->reader, list, NULL, 1000, &error);

  g_assert_no_error (error);
  return entries->len;
}

static void
test_mutations_form_an_unbroken_chain (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  PkId prev = { { 0 } };

  fixture_set_up (&fixture);
  submit_titles (&fixture, 5);
  g_autoptr (GPtrArray) entries = pk_writer_take_unsent (fixture.writer, 0, 10, FALSE, &error);
  g_assert_cmpuint (entries->len, ==, 5);
  for (guint i = 0; i < 5; i++)
    {
      const PkOutboxEntry *entry = entries->pdata[i];
      g_autoptr (PkMutation) mutation = pk_outbox_entry_dup_mutation (entry);
      g_assert_cmpint (entry->n, ==, i + 1);
      g_assert_true (pk_id_equal (&mutation->prev, &prev));
      prev = entry->id;
    }
  fixture_tear_down (&fixture);
}

static void
test_a_cloned_device_numbers_what_was_never_judged_anew (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  submit_titles (&fixture, 3);
  judge_all (&fixture, PK_VERDICT_APPLIED);
  submit_titles (&fixture, 2);
  g_autoptr (GPtrArray) before = pk_writer_take_unsent (fixture.writer, 0, 10, FALSE, &error);
  PkId device = pk_id_source_next (fixture.ids), found;
  g_assert_true (pk_writer_change_device (fixture.writer, &device, &error));
  g_autoptr (GPtrArray) after = pk_writer_take_unsent (fixture.writer, 0, 10, FALSE, &error);

  g_assert_cmpuint (after->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const PkOutboxEntry *old = before->pdata[i], *new = after->pdata[i];
      g_autoptr (PkMutation) mutation = pk_outbox_entry_dup_mutation (new);
      g_assert_true (pk_id_equal (&old->id, &new->id));
      g_assert_cmpint (new->n, ==, i + 1);
      g_assert_cmpint (mutation->n, ==, i + 1);
      g_assert_true (i > 0 || pk_id_is_null (&mutation->prev));
    }
  g_assert_true (pk_writer_get_device (fixture.writer, &found) && pk_id_equal (&found, &device));
  fixture_tear_down (&fixture);
}

static void
test_what_cannot_be_sent_is_set_aside_and_the_rest_moves_up (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL, fault = NULL;

  fixture_set_up (&fixture);
  submit_titles (&fixture, 3);
  pk_problem_set (&fault, PK_PROBLEM_TOO_LARGE, NULL, "Too large");
  g_assert_true (pk_writer_set_aside_first (fixture.writer, fault, &error));
  g_autoptr (GPtrArray) entries = pk_writer_take_unsent (fixture.writer, 0, 10, FALSE, &error);

  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_cmpint (((PkOutboxEntry *) entries->pdata[0])->n, ==, 1);
  g_assert_cmpint (((PkOutboxEntry *) entries->pdata[1])->n, ==, 2);
  g_assert_cmpuint (count_list (&fixture, PK_OUTBOX_ATTENTION), ==, 1);
  submit_titles (&fixture, 1);
  g_autoptr (GPtrArray) more = pk_writer_take_unsent (fixture.writer, 3, 10, FALSE, &error);
  g_assert_cmpuint (more->len, ==, 1);
  fixture_tear_down (&fixture);
}

/* No epoch has told of the backup yet: nothing was pulled before the server was restored. */
static void
test_what_the_server_has_forgotten_waits_again (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  submit_titles (&fixture, 2);
  judge_all (&fixture, PK_VERDICT_APPLIED);
  submit_titles (&fixture, 1);
  judge_all (&fixture, PK_VERDICT_REJECTED);
  submit_titles (&fixture, 1);
  g_autoptr (GPtrArray) entries = pk_writer_take_unsent (fixture.writer, 2, 10, FALSE, &error);

  g_assert_cmpuint (entries->len, ==, 3);
  for (guint i = 0; i < entries->len; i++)
    g_assert_cmpint (((PkOutboxEntry *) entries->pdata[i])->n, ==, i + 1);
  g_assert_cmpuint (count_list (&fixture, PK_OUTBOX_WAITING), ==, 3);
  g_assert_cmpuint (count_list (&fixture, PK_OUTBOX_ATTENTION), ==, 1);
  fixture_tear_down (&fixture);
}

/* The number that it was given first is one of a history that there is no more: no state would ever reach it. */
static void
test_what_is_judged_anew_settles_at_its_new_number (void)
{
  static const char *const scopes[] = { "everyone", NULL };
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray)
      verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_verdict_free);
  gint64 n_bases;

  fixture_set_up (&fixture);
  g_autoptr (PkMutation) mutation = fixture_create_task (&fixture, "Oppgave");
  fixture_submit (&fixture, mutation);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) sent = pk_writer_take_unsent (fixture.writer, i, 10, FALSE, &error);
      g_assert_cmpuint (sent->len, ==, 1);
      g_ptr_array_set_size (verdicts, 0);
      g_ptr_array_add (verdicts,
                       pk_verdict_new (1, &mutation->id, PK_VERDICT_APPLIED, i == 0 ? 75 : 5));
      g_assert_true (pk_writer_take_verdicts (fixture.writer, verdicts, &error));
    }
  fixture.seq = 9;
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, scopes);
  fixture_add_commit (&fixture, lines, NULL, 0);
  g_assert_true (fixture_apply (&fixture, lines, &error));
  g_assert_true (
      pk_sql_get_int (fixture.writer->sql, "SELECT count(*) FROM base", &n_bases, &error));
  g_assert_cmpint (n_bases, ==, 0);
  fixture_tear_down (&fixture);
}

static void
test_acknowledged_ones_are_kept_thirty_days_and_refused_ones_for_ever (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  gboolean has_more = TRUE;

  fixture_set_up (&fixture);
  submit_titles (&fixture, 2);
  judge_all (&fixture, PK_VERDICT_APPLIED);
  submit_titles (&fixture, 1);
  judge_all (&fixture, PK_VERDICT_REJECTED);
  pk_clock_advance (fixture.clock, 31 * G_TIME_SPAN_DAY);
  while (has_more)
    g_assert_true (pk_writer_do_upkeep (fixture.writer, &has_more, &error));
  g_assert_cmpuint (count_list (&fixture, PK_OUTBOX_ATTENTION), ==, 1);
  fixture_tear_down (&fixture);
}

static void
test_what_the_server_has_told_is_not_asked_for_again (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  gboolean has_more = TRUE;
  const char *const scopes[] = { "everyone", NULL };
  PkId strange;

  fixture_set_up (&fixture);
  submit_titles (&fixture, 3);
  judge_all (&fixture, PK_VERDICT_APPLIED);
  pk_clock_advance (fixture.clock, 31 * G_TIME_SPAN_DAY);
  while (has_more)
    g_assert_true (pk_writer_do_upkeep (fixture.writer, &has_more, &error));
  g_autoptr (PkPullRequest)
      later = pk_writer_make_pull_request (fixture.writer, PK_PULL_DEFAULT, &error);
  g_assert_cmpint (later->judged, ==, 3);

  /* Of a cloned disk. */
  strange = pk_id_source_next (fixture.ids);
  fixture.seq = 50;
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, scopes);
  g_autoptr (PkVerdict) verdict = pk_verdict_new (7, &strange, PK_VERDICT_APPLIED, 40);
  fixture_add_verdict (lines, verdict);
  fixture_add_commit (&fixture, lines, NULL, 0);
  g_assert_true (fixture_apply (&fixture, lines, &error));
  g_autoptr (PkPullRequest)
      last = pk_writer_make_pull_request (fixture.writer, PK_PULL_DEFAULT, &error);
  g_assert_cmpint (last->judged, ==, 7);
  fixture_tear_down (&fixture);
}

static void
test_another_person_is_kept_out (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  submit_titles (&fixture, 1);
  fixture_crash (&fixture);
  PkId other = pk_id_source_next (fixture.ids);
  g_autoptr (PkWriter) writer = pk_writer_open (fixture.directory,
                                                fixture.clock,
                                                fixture.ids,
                                                &other,
                                                PK_REPLICA_NO_SYNC,
                                                &error);
  g_assert_null (writer);
  g_assert_error (error, PK_REPLICA_ERROR, PK_REPLICA_ERROR_PERSON);
  fixture_reopen (&fixture);
  g_assert_cmpuint (count_list (&fixture, PK_OUTBOX_WAITING), ==, 1);
  fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/outbox/mutations-form-an-unbroken-chain",
                   test_mutations_form_an_unbroken_chain);
  g_test_add_func ("/outbox/a-cloned-device-numbers-what-was-never-judged-anew",
                   test_a_cloned_device_numbers_what_was_never_judged_anew);
  g_test_add_func ("/outbox/what-cannot-be-sent-is-set-aside-and-the-rest-moves-up",
                   test_what_cannot_be_sent_is_set_aside_and_the_rest_moves_up);
  g_test_add_func ("/outbox/what-the-server-has-forgotten-waits-again",
                   test_what_the_server_has_forgotten_waits_again);
  g_test_add_func ("/outbox/what-is-judged-anew-settles-at-its-new-number",
                   test_what_is_judged_anew_settles_at_its_new_number);
  g_test_add_func ("/outbox/what-the-server-has-told-is-not-asked-for-again",
                   test_what_the_server_has_told_is_not_asked_for_again);
  g_test_add_func ("/outbox/acknowledged-ones-are-kept-thirty-days-and-refused-ones-for-ever",
                   test_acknowledged_ones_are_kept_thirty_days_and_refused_ones_for_ever);
  g_test_add_func ("/outbox/another-person-is-kept-out", test_another_person_is_kept_out);
  return g_test_run ();
}

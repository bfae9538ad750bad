/* What people see while their work is on its way. */
#include "config.h"

#include "pk-outbox.h"
#include "replica-fixture.h"

#include <glib/gstdio.h>

static const char *const one_scope[] = { "everyone", NULL };

static PkOutboxEntry *
first_of (Fixture *fixture, PkOutboxList list)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = pk_reader_list_outbox (fixture->reader, list, NULL, 10, &error);

  g_assert_no_error (error);
  return entries->len > 0 ? g_ptr_array_steal_index (entries, 0) : NULL;
}

static void
judge (Fixture *fixture, PkVerdictKind kind, gint64 seq)
{
  g_autoptr (PkOutboxEntry) entry = first_of (fixture, PK_OUTBOX_WAITING);
  g_autoptr (PkVerdict) verdict = pk_verdict_new (entry->n, &entry->id, kind, seq);
  g_autoptr (GPtrArray) verdicts = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  if (kind == PK_VERDICT_REJECTED)
    verdict->code = PK_PROBLEM_FORBIDDEN;
  g_ptr_array_add (verdicts, verdict);
  pk_writer_take_verdicts (fixture->writer, verdicts, &error);
  g_assert_no_error (error);
}

static void
assert_title (Fixture *fixture, const PkId *task, const char *expected)
{
  g_autofree char *title = fixture_get_title (fixture, task);

  g_assert_cmpstr (title, ==, expected);
}

static void
test_a_new_task_shows_at_once_and_waits_to_be_sent (void)
{
  Fixture fixture;
  PkReplicaSummary summary;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autoptr (PkMutation) mutation = fixture_create_task (&fixture, "Bytt pære");
  fixture_submit (&fixture, mutation);

  assert_title (&fixture, &mutation->record, "Bytt pære");
  g_assert_true (pk_reader_is_pending (fixture.reader, mutation->entity, &mutation->record));
  pk_reader_read_summary (fixture.reader, &summary, &error);
  g_assert_no_error (error);
  g_assert_cmpint (summary.n_waiting, ==, 1);
  g_assert_true (summary.needs_bootstrap);
  fixture_tear_down (&fixture);
}

static void
test_what_is_saved_is_there_after_a_crash (void)
{
  Fixture fixture;

  fixture_set_up (&fixture);
  g_autoptr (PkMutation) mutation = fixture_create_task (&fixture, "Bytt pære");
  fixture_submit (&fixture, mutation);
  fixture_crash (&fixture);
  fixture_reopen (&fixture);

  assert_title (&fixture, &mutation->record, "Bytt pære");
  fixture_tear_down (&fixture);
}

static void
test_an_own_change_stays_on_top_of_newer_server_rows (void)
{
  Fixture fixture;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = fixture_make_task (&fixture, "Første");
  fixture_give_task (&fixture, task);
  g_autoptr (PkMutation)
      mutation = fixture_set_title (&fixture, pk_record_get_id (task), "Første", "Min");
  fixture_submit (&fixture, mutation);
  pk_record_set_text (task, PK_TASK_PLACE, "Kjelleren");
  fixture_give_task (&fixture, task);

  g_autoptr (PkRecord)
      seen = pk_reader_find (fixture.reader, mutation->entity, &mutation->record, NULL);
  g_assert_cmpstr (pk_record_get_text (seen, PK_TASK_TITLE), ==, "Min");
  g_assert_cmpstr (pk_record_get_text (seen, PK_TASK_PLACE), ==, "Kjelleren");
  fixture_tear_down (&fixture);
}

static void
test_an_acknowledged_change_never_disappears_and_comes_back (void)
{
  Fixture fixture;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = fixture_make_task (&fixture, "Første");
  fixture_give_task (&fixture, task);
  g_autoptr (PkMutation)
      mutation = fixture_set_title (&fixture, pk_record_get_id (task), "Første", "Min");
  fixture_submit (&fixture, mutation);
  judge (&fixture, PK_VERDICT_APPLIED, fixture.seq + 2);
  assert_title (&fixture, &mutation->record, "Min");
  g_assert_false (pk_reader_is_pending (fixture.reader, mutation->entity, &mutation->record));

  /* A state from before the change arrives. */
  fixture_give_task (&fixture, task);
  assert_title (&fixture, &mutation->record, "Min");
  fixture_crash (&fixture);
  fixture_reopen (&fixture);
  assert_title (&fixture, &mutation->record, "Min");

  pk_record_set_text (task, PK_TASK_TITLE, "Min, og kollegaens");
  fixture_give_task (&fixture, task);
  assert_title (&fixture, &mutation->record, "Min, og kollegaens");
  fixture_tear_down (&fixture);
}

static void
test_a_rejected_change_stops_showing_and_needs_attention (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = fixture_make_task (&fixture, "Første");
  fixture_give_task (&fixture, task);
  g_autoptr (PkMutation)
      mutation = fixture_set_title (&fixture, pk_record_get_id (task), "Første", "Min");
  fixture_submit (&fixture, mutation);
  judge (&fixture, PK_VERDICT_REJECTED, 0);

  assert_title (&fixture, &mutation->record, "Første");
  g_autoptr (PkOutboxEntry) entry = first_of (&fixture, PK_OUTBOX_ATTENTION);
  g_assert_cmpint (entry->verdict->code, ==, PK_PROBLEM_FORBIDDEN);
  g_assert_true (pk_id_equal (&entry->mutation->id, &mutation->id));

  g_autoptr (PkMutation)
      corrected = fixture_set_title (&fixture, pk_record_get_id (task), "Første", "Rettet");
  pk_writer_resend (fixture.writer, entry->place, corrected, &error);
  g_assert_no_error (error);
  assert_title (&fixture, &mutation->record, "Rettet");
  g_autoptr (PkOutboxEntry) waiting = first_of (&fixture, PK_OUTBOX_WAITING);
  g_assert_cmpint (waiting->replaces, ==, entry->place);
  g_assert_null (first_of (&fixture, PK_OUTBOX_ATTENTION));
  g_assert_false (pk_writer_discard (fixture.writer, entry->place, &error));
  g_assert_error (error, PK_REPLICA_ERROR, PK_REPLICA_ERROR_STATE);
  fixture_tear_down (&fixture);
}

static void
test_a_change_that_the_rules_refuse_leaves_no_trace (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) mutations = g_ptr_array_new ();

  fixture_set_up (&fixture);
  g_autoptr (PkMutation) good = fixture_create_task (&fixture, "Bytt pære");
  PkId nobody = pk_id_source_next (fixture.ids);
  g_autoptr (PkMutation) bad = fixture_set_title (&fixture, &nobody, "", "x");
  g_ptr_array_add (mutations, good);
  g_ptr_array_add (mutations, bad);
  g_assert_false (pk_writer_submit (fixture.writer, mutations, &error));
  g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_NOT_FOUND);

  assert_title (&fixture, &good->record, NULL);
  g_assert_null (first_of (&fixture, PK_OUTBOX_WAITING));
  fixture_tear_down (&fixture);
}

static void
test_a_task_deleted_here_stays_away_until_the_server_refuses (void)
{
  Fixture fixture;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = fixture_make_task (&fixture, "Første");
  fixture_give_task (&fixture, task);
  g_autoptr (PkMutation) mutation = pk_mutation_new (PK_OP_DELETE,
                                                     pk_entity_by_id (PK_ENTITY_TASK),
                                                     NULL,
                                                     pk_record_get_id (task));
  fixture_submit (&fixture, mutation);
  assert_title (&fixture, &mutation->record, NULL);
  pk_record_set_text (task, PK_TASK_TITLE, "Andre");
  fixture_give_task (&fixture, task);
  assert_title (&fixture, &mutation->record, NULL);
  judge (&fixture, PK_VERDICT_REJECTED, 0);
  assert_title (&fixture, &mutation->record, "Andre");
  fixture_tear_down (&fixture);
}

static void
test_losing_a_record_keeps_the_work_on_it_in_the_outbox (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture);
  g_autoptr (PkRecord) task = fixture_make_task (&fixture, "Første");
  fixture_give_task (&fixture, task);
  g_autoptr (PkMutation)
      mutation = fixture_set_title (&fixture, pk_record_get_id (task), "Første", "Min");
  fixture_submit (&fixture, mutation);
  g_autoptr (GPtrArray) lines = fixture_begin (&fixture, one_scope);
  fixture_add_gone (lines, task, 0);
  fixture_add_commit (&fixture, lines, NULL, 0);
  fixture_apply (&fixture, lines, &error);
  g_assert_no_error (error);

  assert_title (&fixture, &mutation->record, NULL);
  g_autoptr (PkOutboxEntry) entry = first_of (&fixture, PK_OUTBOX_WAITING);
  g_assert_nonnull (entry);
  fixture_tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/optimism/a-new-task-shows-at-once-and-waits-to-be-sent",
                   test_a_new_task_shows_at_once_and_waits_to_be_sent);
  g_test_add_func ("/optimism/what-is-saved-is-there-after-a-crash",
                   test_what_is_saved_is_there_after_a_crash);
  g_test_add_func ("/optimism/an-own-change-stays-on-top-of-newer-server-rows",
                   test_an_own_change_stays_on_top_of_newer_server_rows);
  g_test_add_func ("/optimism/an-acknowledged-change-never-disappears-and-comes-back",
                   test_an_acknowledged_change_never_disappears_and_comes_back);
  g_test_add_func ("/optimism/a-rejected-change-stops-showing-and-needs-attention",
                   test_a_rejected_change_stops_showing_and_needs_attention);
  g_test_add_func ("/optimism/a-change-that-the-rules-refuse-leaves-no-trace",
                   test_a_change_that_the_rules_refuse_leaves_no_trace);
  g_test_add_func ("/optimism/a-task-deleted-here-stays-away-until-the-server-refuses",
                   test_a_task_deleted_here_stays_away_until_the_server_refuses);
  g_test_add_func ("/optimism/losing-a-record-keeps-the-work-on-it-in-the-outbox",
                   test_losing_a_record_keeps_the_work_on_it_in_the_outbox);
  return g_test_run ();
}

/* What people decide about work that the server refused, against a real replica: through the commands that the pages run. */
#include "config.h"

#include "command-fixture.h"
#include "pk-attention-commands.h"
#include "pk-outbox.h"
#include "pk-problem.h"
#include "pk-replica.h"
#include "pk-task-commands.h"
#include "pk-test.h"
#include "pk-writer-sync.h"

static gpointer
refuse_func (PkWriter *writer, gpointer data G_GNUC_UNUSED, GError **error)
{
  g_autoptr (GPtrArray) entries = pk_writer_take_unsent (writer, 0, 10, FALSE, error);
  g_autoptr (GPtrArray)
      verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_verdict_free);
  g_autoptr (GError) fault = NULL;

  pk_problem_set (&fault, PK_PROBLEM_FORBIDDEN, NULL, "Not yours");
  for (guint i = 0; i < entries->len; i++)
    {
      const PkOutboxEntry *entry = entries->pdata[i];
      PkVerdict *verdict = pk_verdict_new (entry->n, &entry->id, PK_VERDICT_REJECTED, 0);
      pk_verdict_set_fault (verdict, fault);
      g_ptr_array_add (verdicts, verdict);
    }
  return pk_writer_take_verdicts (writer, verdicts, error) ? PK_DONE : NULL;
}

static GPtrArray *
list (CommandFixture *fixture, PkOutboxList which)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *entries =
      pk_reader_list_outbox (pk_replica_get_reader (fixture->replica), which, NULL, 10, &error);

  g_assert_no_error (error);
  return entries;
}

static PkOutboxEntry *
find_entry (CommandFixture *fixture, gint64 place)
{
  g_autoptr (GError) error = NULL;
  PkOutboxEntry *entry =
      pk_reader_find_outbox (pk_replica_get_reader (fixture->replica), place, &error);

  g_assert_no_error (error);
  return entry;
}

static void
refuse_a_task (CommandFixture *fixture)
{
  g_autoptr (PkRecord) draft = pk_create_task_command_draft (fixture->context);
  pk_record_set_text (draft, PK_TASK_TITLE, "Tre uker i kjelleren");
  g_autoptr (PkCommand) command = pk_create_task_command_new (draft);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PkCommand) undo = command_fixture_run (fixture, command, &error);

  g_assert_no_error (error);
  g_assert_nonnull (undo);
  pk_replica_write_async (fixture->replica,
                          refuse_func,
                          &(PkReplicaJob){ .priority = PK_PRIORITY_SYNC },
                          NULL,
                          pk_test_keep_result_cb,
                          &result);
  pk_test_wait_until (result != NULL);
  g_assert_nonnull (pk_replica_job_finish (fixture->replica, result, &error));
  g_autoptr (GPtrArray) entries = list (fixture, PK_OUTBOX_ATTENTION);
  g_assert_cmpuint (entries->len, ==, 1);
  fixture->refused = find_entry (fixture, ((PkOutboxEntry *) entries->pdata[0])->place);
}

static void
set_up (CommandFixture *fixture, gconstpointer data)
{
  command_fixture_set_up (fixture, data);
  refuse_a_task (fixture);
}

static char *
dup_title (CommandFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkRecord) task = pk_reader_find (pk_replica_get_reader (fixture->replica),
                                              pk_entity_by_id (PK_ENTITY_TASK),
                                              &fixture->refused->record,
                                              &error);

  g_assert_no_error (error);
  return task ? g_strdup (pk_record_get_text (task, PK_TASK_TITLE)) : NULL;
}

static void
assert_lists (CommandFixture *fixture, guint n_attention, guint n_waiting)
{
  g_autoptr (GPtrArray) attention = list (fixture, PK_OUTBOX_ATTENTION);
  g_autoptr (GPtrArray) waiting = list (fixture, PK_OUTBOX_WAITING);

  g_assert_cmpuint (attention->len, ==, n_attention);
  g_assert_cmpuint (waiting->len, ==, n_waiting);
}

static void
what_was_refused_waits_for_the_person (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *title = dup_title (fixture);

  assert_lists (fixture, 1, 0);
  g_assert_null (title);
  g_assert_cmpint (fixture->refused->verdict->code, ==, PK_PROBLEM_FORBIDDEN);
  g_assert_cmpstr (fixture->refused->mutation->fields->values[PK_TASK_TITLE].text,
                   ==,
                   "Tre uker i kjelleren");
}

static void
what_was_corrected_is_sent_as_another (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_TASK);
  g_autoptr (PkValues) fields = pk_values_new (entity->fields, entity->n_fields);
  g_autoptr (GError) error = NULL;

  pk_values_take (fields, PK_TASK_TITLE, pk_value_text ("Rettet"));
  g_autoptr (PkCommand)
      command = pk_resend_command_new (fixture->refused->place, fixture->refused->mutation, fields);
  g_autoptr (PkCommand) undo = command_fixture_run (fixture, command, &error);
  g_autofree char *title = dup_title (fixture);

  g_assert_no_error (error);
  g_assert_null (undo);
  g_assert_cmpstr (pk_command_get_toast (command), ==, "Sent again");
  g_assert_cmpstr (title, ==, "Rettet");
  assert_lists (fixture, 0, 1);
  g_autoptr (GPtrArray) waiting = list (fixture, PK_OUTBOX_WAITING);
  const PkOutboxEntry *again = waiting->pdata[0];
  g_assert_cmpint (again->replaces, ==, fixture->refused->place);
  g_assert_false (pk_id_equal (&again->id, &fixture->refused->id));
}

static void
what_was_sent_again_cannot_be_sent_twice (CommandFixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GError) error = NULL, twice = NULL;
  g_autoptr (PkCommand)
      command = pk_resend_command_new (fixture->refused->place, fixture->refused->mutation, NULL);
  g_autoptr (PkCommand) undo = command_fixture_run (fixture, command, &error);
  g_autoptr (PkCommand)
      other = pk_resend_command_new (fixture->refused->place, fixture->refused->mutation, NULL);

  g_assert_no_error (error);
  g_assert_null (undo);
  g_assert_null (command_fixture_run (fixture, other, &twice));
  g_assert_error (twice, PK_REPLICA_ERROR, PK_REPLICA_ERROR_STATE);
  assert_lists (fixture, 0, 1);
}

static void
what_was_discarded_comes_back_when_that_is_taken_back (CommandFixture *fixture,
                                                       G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkCommand)
      command = pk_discard_command_new (fixture->refused->place, fixture->refused->mutation);
  g_autoptr (PkCommand) undo = command_fixture_run (fixture, command, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (pk_command_get_toast (command), ==, "Discarded");
  assert_lists (fixture, 0, 0);
  g_autoptr (PkOutboxEntry) kept = find_entry (fixture, fixture->refused->place);
  g_assert_cmpint (kept->state, ==, PK_OUTBOX_DISCARDED);
  g_assert_cmpstr (kept->line, ==, fixture->refused->line);

  g_assert_nonnull (undo);
  g_autoptr (PkCommand) redo = command_fixture_run (fixture, undo, &error);
  g_autofree char *title = dup_title (fixture);
  g_assert_no_error (error);
  g_assert_cmpstr (title, ==, "Tre uker i kjelleren");
  assert_lists (fixture, 0, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(name)                                                                                  \
  g_test_add ("/attention/" #name, CommandFixture, NULL, set_up, name, command_fixture_tear_down)
  ADD (what_was_refused_waits_for_the_person);
  ADD (what_was_corrected_is_sent_as_another);
  ADD (what_was_sent_again_cannot_be_sent_twice);
  ADD (what_was_discarded_comes_back_when_that_is_taken_back);
  return g_test_run ();
}

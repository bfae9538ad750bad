/* Pushes: exactly once, in order, merged without loss, refused without trace. */
#include "config.h"

#include "pk-service-devices.h"
#include "pk-service-push.h"
#include "pk-store-devices.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"
#include "pk-test-world.h"

typedef struct
{
  PkTestWorld world;
  PkId devices[2]; /* of persons 1 and 2 */
  PkId last[2];
  gint64 n[2];
  PkRecord *task; /* (owned): both see it */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_test_world_set_up (&self->world);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (pk_service_register_device (self->world.service,
                                                 &self->world.persons[i + 1],
                                                 NULL,
                                                 NULL,
                                                 &self->devices[i],
                                                 NULL));
      self->n[i] = 0;
      self->last[i] = (PkId){ { 0 } };
    }
  self->task = pk_test_world_new_task (&self->world, "Task");
  pk_test_world_import (&self->world, pk_record_ref (self->task));
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_clear_pointer (&self->task, pk_record_unref);
  pk_test_world_tear_down (&self->world);
}

/* The next mutation of a device, not numbered yet where it is used as one of a batch made by hand. */
static PkMutation *
new_mutation (Fixture *self, guint device, PkOp op, const char *command, const PkRecord *record)
{
  const PkCommandSpec *spec = command ? pk_command_spec_by_name (command) : NULL;
  PkMutation *mutation =
      pk_mutation_new (op, pk_record_get_entity (record), spec, pk_record_get_id (record));

  mutation->id = pk_id_source_next (self->world.ids);
  mutation->prev = self->last[device];
  mutation->n = ++self->n[device];
  self->last[device] = mutation->id;
  return mutation;
}

static PkMutation *
new_title (Fixture *self, guint device, const char *was, const char *title)
{
  PkMutation *mutation = new_mutation (self, device, PK_OP_SET, NULL, self->task);

  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text (title));
  pk_values_take (mutation->was, PK_TASK_TITLE, pk_value_text (was));
  return mutation;
}

static PkPushResult *
push_many (Fixture *self, guint device, PkMutation **mutations, guint n_mutations)
{
  g_autoptr (GPtrArray) batch = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n_mutations; i++)
    g_ptr_array_add (batch, mutations[i]);
  PkPushResult *result = pk_service_push (self->world.service,
                                          &self->world.persons[device + 1],
                                          &self->devices[device],
                                          batch,
                                          &error);
  g_assert_no_error (error);
  return result;
}

static PkPushResult *
push (Fixture *self, guint device, PkMutation *mutation)
{
  return push_many (self, device, &mutation, 1);
}

static const PkVerdict *
first (const PkPushResult *result)
{
  g_assert_cmpuint (result->verdicts->len, >, 0);
  return result->verdicts->pdata[0];
}

static char *
read_title (Fixture *self)
{
  g_autoptr (PkRecord)
      task = pk_test_world_find (&self->world, PK_ENTITY_TASK, pk_record_get_id (self->task));

  return g_strdup (pk_record_get_text (task, PK_TASK_TITLE));
}

static gint64
read_seq (Fixture *self)
{
  gint64 seq;

  g_assert_true (pk_store_get_seq (self->world.store, &seq, NULL));
  return seq;
}

static GPtrArray *
read_history (Fixture *self)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_HISTORY);
  g_autoptr (PkValues) filters = pk_values_new (entity->fields, entity->n_fields);
  PkListQuery query = { .entity = entity, .filters = filters, .limit = 100 };

  pk_values_take (filters, PK_HISTORY_RECORD_ID, pk_value_id (pk_record_get_id (self->task)));
  return pk_store_list (self->world.store, &query, NULL);
}

static void
test_a_change_is_applied_and_told (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkMutation) mutation = new_title (self, 0, "Task", "New title");
  g_autoptr (PkPushResult) result = push (self, 0, mutation);
  g_autofree char *title = read_title (self);
  g_autoptr (GPtrArray) history = read_history (self);

  g_assert_cmpint (first (result)->kind, ==, PK_VERDICT_APPLIED);
  g_assert_cmpint (first (result)->seq, ==, read_seq (self));
  g_assert_cmpstr (title, ==, "New title");
  g_assert_cmpuint (history->len, ==, 1);
  g_assert_cmpstr (pk_record_get_text (history->pdata[0], PK_HISTORY_OLD_VALUE), ==, "\"Task\"");
  g_assert_true (
      pk_id_equal (pk_record_get_ref (history->pdata[0], PK_HISTORY_MUTATION_ID), &mutation->id));
}

static void
test_a_change_that_changes_nothing_is_part_of_what_is_there (Fixture *self,
                                                             gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord)
      before = pk_test_world_find (&self->world, PK_ENTITY_TASK, pk_record_get_id (self->task));
  /* The log goes on elsewhere: a device that does not hear of that would wait for it in vain. */
  pk_test_world_import (&self->world, pk_test_world_new_task (&self->world, "Another"));
  g_autoptr (PkMutation) mutation = new_title (self, 0, "Task", "Task");
  g_autoptr (PkPushResult) result = push (self, 0, mutation);

  g_assert_cmpint (first (result)->kind, ==, PK_VERDICT_APPLIED);
  g_assert_cmpint (first (result)->seq, ==, pk_record_get_seq (before));
  g_assert_cmpint (first (result)->seq, <, read_seq (self));
}

static void
test_a_repeat_gets_the_same_word_and_changes_nothing (Fixture *self,
                                                      gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkMutation) one = new_title (self, 0, "Task", "One");
  g_autoptr (PkMutation) two = new_title (self, 0, "One", "Two");
  PkMutation *both[] = { one, two };
  g_autoptr (PkPushResult) result = push_many (self, 0, both, 2);
  gint64 seq = read_seq (self);

  g_autoptr (PkPushResult) again = push_many (self, 0, both, 2);
  g_autofree char *title = read_title (self);
  g_assert_cmpint (again->code, ==, -1);
  g_assert_cmpuint (again->verdicts->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const PkVerdict *before = result->verdicts->pdata[i], *after = again->verdicts->pdata[i];
      g_assert_cmpint (before->seq, ==, after->seq);
      g_assert_cmpint (before->kind, ==, after->kind);
    }
  g_assert_cmpint (read_seq (self), ==, seq);
  g_assert_cmpstr (title, ==, "Two");
}

static void
test_a_gap_is_told_with_the_number_that_is_missing (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkMutation) one = new_title (self, 0, "Task", "One");
  g_autoptr (PkMutation) two = new_title (self, 0, "One", "Two");
  g_autoptr (PkPushResult) result = push (self, 0, two);
  g_autofree char *title = read_title (self);

  g_assert_cmpint (result->code, ==, PK_PROBLEM_GAP);
  g_assert_cmpint (result->expected_n, ==, 1);
  g_assert_cmpuint (result->verdicts->len, ==, 0);
  g_assert_cmpstr (title, ==, "Task");
}

static void
test_a_device_that_was_cloned_goes_on_as_another (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkMutation) one = new_title (self, 0, "Task", "One");
  g_autoptr (PkPushResult) result = push (self, 0, one);
  g_autoptr (PkMutation) two = new_title (self, 0, "One", "Two");

  two->prev = pk_id_source_next (self->world.ids);
  g_autoptr (PkPushResult) forked = push (self, 0, two);
  g_assert_cmpint (forked->code, ==, PK_PROBLEM_FORKED);
  g_assert_cmpuint (forked->verdicts->len, ==, 0);
  g_assert_false (pk_id_equal (&forked->device, &self->devices[0]));

  self->devices[0] = forked->device;
  two->n = 1;
  two->prev = (PkId){ { 0 } };
  g_autoptr (PkPushResult) after = push (self, 0, two);
  g_assert_cmpint (first (after)->kind, ==, PK_VERDICT_APPLIED);
}

static void
test_what_was_acknowledged_is_harmless_under_another_device (Fixture *self,
                                                             gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkMutation) one = new_title (self, 0, "Task", "One");
  g_autoptr (PkPushResult) result = push (self, 0, one);
  gint64 seq = read_seq (self);

  g_assert_true (pk_service_register_device (self->world.service,
                                             &self->world.persons[1],
                                             NULL,
                                             NULL,
                                             &self->devices[0],
                                             NULL));
  g_autoptr (PkPushResult) again = push (self, 0, one);
  g_assert_cmpint (first (again)->seq, ==, first (result)->seq);
  g_assert_cmpint (read_seq (self), ==, seq);
}

static void
test_the_value_that_gives_way_is_kept_with_its_author (Fixture *self,
                                                       gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkMutation) mine = new_title (self, 0, "Task", "From one");
  g_autoptr (PkMutation) yours = new_title (self, 1, "Task", "From two");
  g_autoptr (PkPushResult) result = push (self, 0, mine);

  pk_clock_advance (self->world.clock, 1000);
  g_autoptr (PkPushResult) merged = push (self, 1, yours);
  g_autofree char *title = read_title (self);
  g_autoptr (GPtrArray) history = read_history (self);
  g_assert_cmpint (first (merged)->kind, ==, PK_VERDICT_MERGED);
  g_assert_cmpstr (first (merged)->fields[0], ==, "title");
  g_assert_cmpstr (title, ==, "From two");
  g_assert_cmpuint (history->len, ==, 2);
  const PkRecord *row = history->pdata[1];
  g_assert_cmpint (pk_record_get_int (row, PK_HISTORY_KIND, -1), ==, PK_HISTORY_KIND_MERGED);
  g_assert_cmpstr (pk_record_get_text (row, PK_HISTORY_OTHER_VALUE), ==, "\"From one\"");
  g_assert_true (
      pk_id_equal (pk_record_get_ref (row, PK_HISTORY_OTHER_ID), &self->world.persons[1]));
}

static void
test_a_refused_change_leaves_no_trace_and_blocks_nothing (Fixture *self,
                                                          gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkMutation) bad = new_mutation (self, 0, PK_OP_SET, NULL, self->task);
  g_autoptr (PkMutation) good = new_title (self, 0, "Task", "Good");
  PkMutation *both[] = { bad, good };

  pk_values_take (bad->fields, PK_TASK_TITLE, pk_value_text ("Bad"));
  pk_values_take (bad->fields, PK_TASK_CATEGORY_ID, pk_value_id (&bad->id));
  g_autoptr (PkPushResult) result = push_many (self, 0, both, 2);
  g_autoptr (GPtrArray) history = read_history (self);
  const PkVerdict *second = result->verdicts->pdata[1];
  g_assert_cmpint (first (result)->kind, ==, PK_VERDICT_REJECTED);
  g_assert_cmpint (first (result)->code, ==, PK_PROBLEM_NOT_FOUND);
  g_assert_cmpstr (first (result)->pointer, ==, "/fields/category_id");
  g_assert_cmpint (second->kind, ==, PK_VERDICT_APPLIED);
  g_assert_cmpuint (history->len, ==, 1);
  pk_test_world_check (&self->world);
}

static PkRecord *
import_item (Fixture *self)
{
  PkRecord *item = pk_test_world_new_record (&self->world, PK_ENTITY_CHECKLIST_ITEM);

  pk_record_set_ref (item, PK_CHECKLIST_ITEM_TASK_ID, pk_record_get_id (self->task));
  pk_record_set_int (item, PK_CHECKLIST_ITEM_POSITION, 1);
  pk_record_set_text (item, PK_CHECKLIST_ITEM_TEXT, "Test the alarm");
  pk_record_set_int (item, PK_CHECKLIST_ITEM_IS_REQUIRED, TRUE);
  pk_record_set_int (item, PK_CHECKLIST_ITEM_STATE, PK_CHECK_STATE_OPEN);
  pk_test_world_import (&self->world, pk_record_ref (item));
  return item;
}

static PkMutation *
new_completion (Fixture *self, guint device, PkTaskOutcome outcome)
{
  PkMutation *mutation = new_mutation (self, device, PK_OP_COMMAND, "complete", self->task);

  pk_values_take (mutation->fields, 0, pk_value_int (outcome));
  return mutation;
}

static void
test_a_task_is_completed_once_its_required_points_are (Fixture *self,
                                                       gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord) item = import_item (self);
  g_autoptr (PkMutation) early = new_completion (self, 0, PK_TASK_OUTCOME_SOLVED);
  g_autoptr (PkMutation) check = new_mutation (self, 0, PK_OP_COMMAND, "check_item", item);
  g_autoptr (PkMutation) late = new_completion (self, 0, PK_TASK_OUTCOME_SOLVED);
  PkMutation *all[] = { early, check, late };

  pk_values_take (check->fields, 0, pk_value_int (PK_CHECK_STATE_DONE));
  g_autoptr (PkPushResult) result = push_many (self, 0, all, 3);
  g_assert_cmpint (first (result)->code, ==, PK_PROBLEM_INCOMPLETE);
  g_assert_cmpint (((PkVerdict *) result->verdicts->pdata[1])->kind, ==, PK_VERDICT_APPLIED);
  g_assert_cmpint (((PkVerdict *) result->verdicts->pdata[2])->kind, ==, PK_VERDICT_APPLIED);
  pk_test_world_check (&self->world);
}

static void
test_two_who_complete_a_task_are_both_heard (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkMutation) mine = new_completion (self, 0, PK_TASK_OUTCOME_SOLVED);
  g_autoptr (PkMutation) yours = new_completion (self, 1, PK_TASK_OUTCOME_NOT_FOUND);
  g_autoptr (PkPushResult) result = push (self, 0, mine);
  g_autoptr (PkPushResult) second = push (self, 1, yours);
  g_autoptr (GPtrArray) history = read_history (self);
  const PkRecord *last = history->pdata[history->len - 1];

  g_assert_cmpint (first (second)->kind, ==, PK_VERDICT_MERGED);
  g_assert_cmpstr (pk_record_get_text (last, PK_HISTORY_OTHER_VALUE), ==, "\"not_found\"");
  g_assert_true (
      pk_id_equal (pk_record_get_ref (last, PK_HISTORY_OTHER_ID), &self->world.persons[2]));
}

static void
test_what_a_newer_program_means_is_judged_later (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkMutation) mutation = new_title (self, 0, "Task", "Newer");

  mutation->model = PK_MODEL_VERSION + 1;
  g_autoptr (PkPushResult) result = push (self, 0, mutation);
  g_assert_cmpint (first (result)->kind, ==, PK_VERDICT_LATER);
  mutation->model = PK_MODEL_VERSION;
  g_autoptr (PkPushResult) again = push (self, 0, mutation);
  g_assert_cmpint (first (again)->kind, ==, PK_VERDICT_APPLIED);
}

static void
test_a_new_task_gets_a_number_and_its_author (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord) draft = pk_test_world_new_record (&self->world, PK_ENTITY_TASK);
  g_autoptr (PkMutation) mutation = new_mutation (self, 0, PK_OP_CREATE, NULL, draft);

  pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text ("Draft"));
  g_autoptr (PkPushResult) result = push (self, 0, mutation);
  g_assert_cmpint (first (result)->kind, ==, PK_VERDICT_APPLIED);
  g_autoptr (PkRecord)
      task = pk_test_world_find (&self->world, PK_ENTITY_TASK, pk_record_get_id (draft));
  g_assert_cmpstr (pk_record_get_text (task, PK_TASK_NUMBER), ==, "2026-000002");
  g_assert_true (
      pk_id_equal (pk_record_get_ref (task, PK_TASK_CREATED_BY), &self->world.persons[1]));
}

static void
test_an_id_of_somebody_else_tells_nothing (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkMutation) mine = new_title (self, 0, "Task", "One");
  g_autoptr (PkMutation) yours = new_title (self, 1, "Task", "Two");
  g_autoptr (PkPushResult) result = push (self, 0, mine);

  yours->id = mine->id;
  g_autoptr (PkPushResult) stolen = push (self, 1, yours);
  g_autofree char *title = read_title (self);
  g_assert_cmpint (first (stolen)->kind, ==, PK_VERDICT_REJECTED);
  g_assert_cmpint (first (stolen)->code, ==, PK_PROBLEM_EXISTS);
  g_assert_cmpstr (title, ==, "One");
}

static void
test_what_a_revoked_device_pushes_changes_nothing (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkMutation) mutation = new_title (self, 0, "Lamp", "Too late");
  g_autoptr (GPtrArray) mutations = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  gint64 before, after;

  g_ptr_array_add (mutations, mutation);
  g_assert_true (pk_service_revoke_device (self->world.service, &self->devices[0], NULL));
  g_assert_true (pk_store_get_seq (self->world.store, &before, NULL));
  g_autoptr (PkPushResult) result = pk_service_push (self->world.service,
                                                     &self->world.persons[1],
                                                     &self->devices[0],
                                                     mutations,
                                                     &error);
  g_assert_no_error (error);
  g_assert_true (pk_store_get_seq (self->world.store, &after, NULL));
  g_assert_cmpint (before, ==, after);
  const PkVerdict *verdict = result->verdicts->pdata[0];
  g_assert_cmpint (verdict->code, ==, PK_PROBLEM_DEVICE_REVOKED);
  g_assert_true (verdict->is_quarantined);
}

static PkMutation *
new_random (Fixture *self, GRand *rand, guint device)
{
  static const char *const commands[] = { "accept", "start", "complete", "reopen", "cancel" };
  const char *command = commands[g_rand_int_range (rand, 0, G_N_ELEMENTS (commands))];
  g_autofree char *text = g_strdup_printf ("Text %u", g_rand_int (rand));
  int what = g_rand_int_range (rand, 0, 4);

  if (what == 0)
    return new_title (self, device, "Task", text);
  if (what == 1)
    {
      PkMutation *mutation = new_mutation (self, device, PK_OP_COMMAND, command, self->task);
      if (mutation->fields->n_fields > 0)
        pk_values_take (mutation->fields, 0, pk_value_int (PK_TASK_OUTCOME_SOLVED));
      return mutation;
    }
  PkMutation *mutation = new_mutation (self, device, PK_OP_SET, NULL, self->task);
  if (what == 2)
    pk_values_take (mutation->fields, PK_TASK_DESCRIPTION, pk_value_text (text));
  else
    pk_values_take (mutation->fields,
                    PK_TASK_ASSIGNEE_ID,
                    pk_value_id (&self->world.persons[g_rand_int_range (rand, 0, 6)]));
  return mutation;
}

static void
push_random (Fixture *self, GRand *rand, GPtrArray *sent[2])
{
  guint device = (guint) g_rand_int_range (rand, 0, 2);
  guint from = sent[device]->len;

  for (int i = g_rand_int_range (rand, 1, 5); i > 0; i--)
    g_ptr_array_add (sent[device], new_random (self, rand, device));
  guint back = (guint) g_rand_int_range (rand, 0, (gint32) MIN (from, 5) + 1);
  g_autoptr (PkPushResult) result = push_many (self,
                                               device,
                                               (PkMutation **) sent[device]->pdata + from - back,
                                               sent[device]->len - from + back);
  g_assert_cmpint (result->code, ==, -1);
  g_assert_cmpuint (result->verdicts->len, ==, sent[device]->len - from + back);
}

static void
test_every_mutation_gets_one_verdict_and_repeats_change_nothing (Fixture *self,
                                                                 gconstpointer data G_GNUC_UNUSED)
{
  guint32 seed = (guint32) g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GPtrArray) one = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  g_autoptr (GPtrArray) two = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  GPtrArray *sent[2] = { one, two };

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 60; i++)
    push_random (self, rand, sent);
  gint64 seq = read_seq (self);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (PkPushResult)
          again = push_many (self, i, (PkMutation **) sent[i]->pdata, sent[i]->len);
      g_autoptr (GPtrArray)
          verdicts = pk_store_list_verdicts (self->world.store, &self->devices[i], 0, 1000, NULL);
      g_assert_cmpuint (again->verdicts->len, ==, sent[i]->len);
      g_assert_cmpuint (verdicts->len, ==, sent[i]->len);
    }
  g_assert_cmpint (read_seq (self), ==, seq);
  pk_test_world_check (&self->world);
}

static void
test_a_thousand_edits_take_little_time (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GPtrArray) batch = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);

  for (guint i = 0; i < 1000; i++)
    g_ptr_array_add (tasks, pk_test_world_new_task (&self->world, "Task"));
  g_assert_true (
      pk_service_import_records (self->world.service, tasks, NULL, 0, PK_IMPORT_DEFAULT, NULL));
  for (guint i = 0; i < 1000; i++)
    {
      PkMutation *mutation = new_mutation (self, 0, PK_OP_SET, NULL, tasks->pdata[i]);
      pk_values_take (mutation->fields, PK_TASK_TITLE, pk_value_text ("Edited"));
      pk_values_take (mutation->was, PK_TASK_TITLE, pk_value_text ("Task"));
      g_ptr_array_add (batch, mutation);
    }
  g_test_timer_start ();
  g_autoptr (PkPushResult) result = push_many (self, 0, (PkMutation **) batch->pdata, batch->len);
  double seconds = g_test_timer_elapsed ();
  g_test_minimized_result (seconds, "1000 edits: %.3f s", seconds);
  g_assert_cmpuint (result->verdicts->len, ==, 1000);
  for (guint i = 0; i < 1000; i++)
    g_assert_cmpint (((PkVerdict *) result->verdicts->pdata[i])->kind, ==, PK_VERDICT_APPLIED);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/push/a-change-is-applied-and-told", test_a_change_is_applied_and_told },
    { "/push/a-change-that-changes-nothing-is-part-of-what-is-there",
      test_a_change_that_changes_nothing_is_part_of_what_is_there },
    { "/push/a-repeat-gets-the-same-word-and-changes-nothing",
      test_a_repeat_gets_the_same_word_and_changes_nothing },
    { "/push/a-gap-is-told-with-the-number-that-is-missing",
      test_a_gap_is_told_with_the_number_that_is_missing },
    { "/push/a-device-that-was-cloned-goes-on-as-another",
      test_a_device_that_was_cloned_goes_on_as_another },
    { "/push/what-was-acknowledged-is-harmless-under-another-device",
      test_what_was_acknowledged_is_harmless_under_another_device },
    { "/push/the-value-that-gives-way-is-kept-with-its-author",
      test_the_value_that_gives_way_is_kept_with_its_author },
    { "/push/a-refused-change-leaves-no-trace-and-blocks-nothing",
      test_a_refused_change_leaves_no_trace_and_blocks_nothing },
    { "/push/a-task-is-completed-once-its-required-points-are",
      test_a_task_is_completed_once_its_required_points_are },
    { "/push/two-who-complete-a-task-are-both-heard", test_two_who_complete_a_task_are_both_heard },
    { "/push/what-a-newer-program-means-is-judged-later",
      test_what_a_newer_program_means_is_judged_later },
    { "/push/a-new-task-gets-a-number-and-its-author",
      test_a_new_task_gets_a_number_and_its_author },
    { "/push/an-id-of-somebody-else-tells-nothing", test_an_id_of_somebody_else_tells_nothing },
    { "/push/what-a-revoked-device-pushes-changes-nothing",
      test_what_a_revoked_device_pushes_changes_nothing },
    { "/push/every-mutation-gets-one-verdict-and-repeats-change-nothing",
      test_every_mutation_gets_one_verdict_and_repeats_change_nothing },
    { "/push/a-thousand-edits-take-little-time", test_a_thousand_edits_take_little_time },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}

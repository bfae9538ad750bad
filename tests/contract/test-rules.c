/* What mutations do to records. */
#include "config.h"

#include "pk-rules.h"

static const PkRuleContext context = { { { 1 } }, 1700000000000000 };
static const PkId record_id = { { 2 } };

static PkRecord *
create_task (const char *title, GError **error)
{
  g_autoptr (PkMutation)
      create = pk_mutation_new (PK_OP_CREATE, pk_entity_by_id (PK_ENTITY_TASK), NULL, &record_id);

  if (title != NULL)
    pk_values_take (create->fields, PK_TASK_TITLE, pk_value_text (title));
  return pk_rules_create (create, &context, error);
}

static PkMutation *
make_command (const char *name)
{
  const PkCommandSpec *spec = pk_command_spec_by_name (name);

  return pk_mutation_new (PK_OP_COMMAND, pk_entity_by_name (spec->entity), spec, &record_id);
}

static void
test_a_new_task_is_open_and_belongs_to_who_made_it (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkRecord) task = create_task ("Bytt pære", &error);

  g_assert_no_error (error);
  g_assert_cmpint (pk_record_get_int (task, PK_TASK_STATUS, -1), ==, PK_TASK_STATUS_NEW);
  g_assert_cmpint (pk_record_get_int (task, PK_TASK_IS_OPEN, -1), ==, 1);
  g_assert_true (pk_id_equal (pk_record_get_ref (task, PK_TASK_CREATED_BY), &context.actor));
  g_assert_cmpint (pk_record_get_int (task, PK_TASK_CREATED_AT, -1), ==, context.now_us);
}

static void
test_a_task_needs_a_title (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (create_task (NULL, &error));
  g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_REQUIRED);
  g_assert_cmpstr (pk_problem_get_pointer (error), ==, "/fields/title");
}

static void
test_completing_closes_and_reopening_opens (void)
{
  g_autoptr (PkRecord) task = create_task ("Bytt pære", NULL);
  g_autoptr (PkMutation) complete = make_command ("complete");
  g_autoptr (PkMutation) reopen = make_command ("reopen");

  pk_values_take (complete->fields, 0, pk_value_int (PK_TASK_OUTCOME_SOLVED));
  g_autoptr (PkRecord) done = pk_rules_change (complete, task, &context, NULL);
  g_assert_cmpint (pk_record_get_int (done, PK_TASK_STATUS, -1), ==, PK_TASK_STATUS_DONE);
  g_assert_cmpint (pk_record_get_int (done, PK_TASK_IS_OPEN, -1), ==, 0);
  g_assert_cmpint (pk_record_get_int (done, PK_TASK_COMPLETED_AT, 0), ==, context.now_us);
  g_assert_cmpint (pk_record_get_int (done, PK_TASK_OUTCOME, -1), ==, PK_TASK_OUTCOME_SOLVED);

  g_autoptr (PkRecord) open = pk_rules_change (reopen, done, &context, NULL);
  g_assert_cmpint (pk_record_get_int (open, PK_TASK_IS_OPEN, -1), ==, 1);
  g_assert_cmpint (pk_record_get_int (open, PK_TASK_COMPLETED_AT, 0), ==, 0);
  g_assert_cmpint (pk_record_get_int (open, PK_TASK_OUTCOME, -1), ==, -1);
}

static void
test_a_command_from_the_wrong_status_is_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkRecord) task = create_task ("Bytt pære", NULL);
  g_autoptr (PkMutation) reopen = make_command ("reopen");

  g_assert_null (pk_rules_change (reopen, task, &context, &error));
  g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_WRONG_STATUS);
}

static void
test_an_outcome_is_compulsory (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkRecord) task = create_task ("Bytt pære", NULL);
  g_autoptr (PkMutation) complete = make_command ("complete");

  g_assert_null (pk_rules_change (complete, task, &context, &error));
  g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_REQUIRED);
  g_assert_cmpstr (pk_problem_get_pointer (error), ==, "/fields/outcome");
}

static void
assert_set_is_refused (guint field, PkValue value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkRecord) task = create_task ("Bytt pære", NULL);
  g_autoptr (PkMutation)
      set = pk_mutation_new (PK_OP_SET, pk_entity_by_id (PK_ENTITY_TASK), NULL, &record_id);

  pk_values_take (set->fields, field, value);
  g_assert_null (pk_rules_change (set, task, &context, &error));
  g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_READ_ONLY);
}

static void
test_fields_of_others_cannot_be_set (void)
{
  assert_set_is_refused (PK_TASK_NUMBER, pk_value_text ("1"));
  assert_set_is_refused (PK_TASK_IS_OPEN, pk_value_int (0));
  assert_set_is_refused (PK_TASK_STATUS, pk_value_int (PK_TASK_STATUS_DONE));
}

static void
test_whoever_checks_an_item_stands_beside_it (void)
{
  g_autoptr (PkMutation) create =
      pk_mutation_new (PK_OP_CREATE, pk_entity_by_id (PK_ENTITY_CHECKLIST_ITEM), NULL, &record_id);
  g_autoptr (PkMutation) check = make_command ("check_item");
  g_autoptr (GError) error = NULL;

  pk_values_take (create->fields, PK_CHECKLIST_ITEM_TASK_ID, pk_value_id (&record_id));
  pk_values_take (create->fields, PK_CHECKLIST_ITEM_POSITION, pk_value_int (1));
  pk_values_take (create->fields, PK_CHECKLIST_ITEM_TEXT, pk_value_text ("Strøm av"));
  g_autoptr (PkRecord) item = pk_rules_create (create, &context, &error);
  g_assert_no_error (error);
  pk_values_take (check->fields, 0, pk_value_int (PK_CHECK_STATE_DONE));
  g_autoptr (PkRecord) checked = pk_rules_change (check, item, &context, &error);
  g_assert_no_error (error);
  g_assert_true (
      pk_id_equal (pk_record_get_ref (checked, PK_CHECKLIST_ITEM_DONE_BY), &context.actor));
}

static void
test_a_closed_task_can_only_be_reopened (void)
{
  for (guint to = PK_TASK_STATUS_NEW; to <= PK_TASK_STATUS_CANCELLED; to++)
    g_assert_cmpint (pk_rules_allow_status (PK_TASK_STATUS_DONE, (PkTaskStatus) to),
                     ==,
                     to == PK_TASK_STATUS_IN_PROGRESS);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/rules/a-new-task-is-open-and-belongs-to-who-made-it",
                   test_a_new_task_is_open_and_belongs_to_who_made_it);
  g_test_add_func ("/rules/a-task-needs-a-title", test_a_task_needs_a_title);
  g_test_add_func ("/rules/completing-closes-and-reopening-opens",
                   test_completing_closes_and_reopening_opens);
  g_test_add_func ("/rules/a-command-from-the-wrong-status-is-refused",
                   test_a_command_from_the_wrong_status_is_refused);
  g_test_add_func ("/rules/an-outcome-is-compulsory", test_an_outcome_is_compulsory);
  g_test_add_func ("/rules/fields-of-others-cannot-be-set", test_fields_of_others_cannot_be_set);
  g_test_add_func ("/rules/whoever-checks-an-item-stands-beside-it",
                   test_whoever_checks_an_item_stands_beside_it);
  g_test_add_func ("/rules/a-closed-task-can-only-be-reopened",
                   test_a_closed_task_can_only_be_reopened);
  return g_test_run ();
}

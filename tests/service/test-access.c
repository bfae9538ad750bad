/* Who may do what, asked of every kind of person for every kind of record. */
#include "config.h"

#include "pk-permission.h"
#include "pk-service-records.h"
#include "pk-store-records.h"
#include "pk-test-world.h"

typedef PkTestWorld Fixture;

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  PkRecord *membership;

  pk_test_world_set_up (self);
  membership = pk_test_world_new_record (self, PK_ENTITY_MEMBERSHIP);
  pk_record_set_ref (membership, PK_MEMBERSHIP_PERSON_ID, &self->persons[3]);
  pk_record_set_text (membership, PK_MEMBERSHIP_ROLE_CODE, "editor");
  pk_test_world_import (self, membership);
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  pk_test_world_tear_down (self);
}

static const PkId *
some_target (Fixture *self, const PkField *field)
{
  if (g_strcmp0 (field->ref, "unit") == 0)
    return &self->units[1];
  if (g_strcmp0 (field->ref, "building") == 0)
    return &self->buildings[0];
  return &self->persons[0];
}

static PkValue
some_value (Fixture *self, const PkField *field)
{
  switch (field->type)
    {
    case PK_TYPE_ID:
      return pk_value_id (some_target (self, field));
    case PK_TYPE_REAL:
      return pk_value_real (1);
    case PK_TYPE_DATE:
      return pk_value_text ("2026-11-23");
    case PK_TYPE_TEXT:
    case PK_TYPE_LONG_TEXT:
    case PK_TYPE_SET:
      return pk_value_text ("a");
    case PK_TYPE_INT:
    case PK_TYPE_BOOL:
    case PK_TYPE_TIME:
    case PK_TYPE_ENUM:
    default:
      return pk_value_int (0);
    }
}

static PkVerdict *
mutate (Fixture *self, guint person, PkMutation *mutation)
{
  g_autoptr (GError) error = NULL;
  PkVerdict *verdict = pk_service_mutate (self->service, &self->persons[person], mutation, &error);

  g_assert_no_error (error);
  return verdict;
}

static PkVerdict *
try_create (Fixture *self, guint person, const PkEntity *entity)
{
  PkId id = pk_id_source_next (self->ids);
  g_autoptr (PkMutation) mutation = pk_mutation_new (PK_OP_CREATE, entity, NULL, &id);

  for (guint i = 0; i < entity->n_fields; i++)
    if (entity->fields[i].required && entity->fields[i].set_by == PK_SET_BY_CLIENT)
      pk_values_take (mutation->fields, i, some_value (self, &entity->fields[i]));
  return mutate (self, person, mutation);
}

static gboolean
may_write (Fixture *self, guint person, const PkEntity *entity)
{
  g_autoptr (PkActor) actor = pk_actor_load (self->service, &self->persons[person], NULL);

  return g_str_equal (entity->write, "anyone") ||
         (g_str_has_prefix (entity->write, "role:") &&
          pk_actor_has_role (actor, entity->write + strlen ("role:")));
}

static gboolean
was_refused_for_role (const PkVerdict *verdict)
{
  return verdict->code == PK_PROBLEM_FORBIDDEN && g_strcmp0 (verdict->pointer, "/entity") == 0;
}

static void
test_records_are_made_by_those_who_write_their_kind (Fixture *self,
                                                     gconstpointer data G_GNUC_UNUSED)
{
  for (guint person = 0; person < PK_TEST_N_PERSONS; person++)
    for (guint i = 0; i < pk_model.n_entities; i++)
      {
        g_autoptr (PkVerdict) verdict = try_create (self, person, &pk_model.entities[i]);
        g_test_message ("%u makes %s", person, pk_model.entities[i].name);
        g_assert_cmpint (was_refused_for_role (verdict),
                         ==,
                         !may_write (self, person, &pk_model.entities[i]));
      }
  pk_test_world_check (self);
}

/* One record of each kind, as far as the municipality has them. */
static gboolean
take_first (PkRecord *record, gpointer data)
{
  *(PkRecord **) data = pk_record_ref (record);
  return FALSE;
}

static void
try_change (Fixture *self, guint person, PkOp op, const PkRecord *record)
{
  const PkEntity *entity = pk_record_get_entity (record);
  g_autoptr (PkActor) actor = pk_actor_load (self->service, &self->persons[person], NULL);
  g_autoptr (PkMutation) mutation = pk_mutation_new (op, entity, NULL, pk_record_get_id (record));
  gboolean is_seen =
      pk_access_check_see (self->service, actor, entity, pk_record_get_id (record), NULL);
  gboolean may = may_write (self, person, entity);

  if (op == PK_OP_SET)
    pk_values_take (mutation->fields,
                    entity->title,
                    pk_value_copy (pk_record_get (record, entity->title)));
  if (op == PK_OP_DELETE && is_seen && may)
    return;
  g_autoptr (PkVerdict) verdict = mutate (self, person, mutation);
  g_test_message ("%u, %s, %s", person, entity->name, pk_mutation_get_op_word (mutation));
  if (!is_seen)
    g_assert_cmpint (verdict->code, ==, PK_PROBLEM_NOT_FOUND);
  else if (!may)
    g_assert_true (was_refused_for_role (verdict));
  else
    g_assert_cmpint (verdict->kind, ==, PK_VERDICT_APPLIED);
}

static void
test_what_is_not_seen_does_not_exist_and_what_is_seen_is_guarded (Fixture *self,
                                                                  gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord) task = pk_test_world_new_task (self, "Task");

  pk_test_world_import (self, pk_record_ref (task));
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      g_autoptr (PkRecord) record = NULL;
      g_assert_true (
          pk_store_visit (self->store, &pk_model.entities[i], take_first, &record, NULL));
      for (guint person = 0; record != NULL && person < PK_TEST_N_PERSONS; person++)
        {
          try_change (self, person, PK_OP_SET, record);
          try_change (self, person, PK_OP_DELETE, record);
        }
    }
}

static PkRecord *
find_record (gpointer data, guint entity, const PkId *id)
{
  return pk_store_find (((Fixture *) data)->store, pk_entity_by_id (entity), id, NULL);
}

static GPtrArray *
list_no_memberships (gpointer data G_GNUC_UNUSED)
{
  return g_ptr_array_new ();
}

static void
compare_field (Fixture *self, guint person, const PkRecord *record, guint field)
{
  const PkEntity *entity = pk_record_get_entity (record);
  g_autoptr (PkActor) actor = pk_actor_load (self->service, &self->persons[person], NULL);
  PkPermissionAsker asker = { .person = self->persons[person],
                              .roles = pk_actor_get_roles (actor),
                              .find = find_record,
                              .list_memberships = list_no_memberships,
                              .data = self };
  g_autoptr (PkMutation) set = pk_mutation_new (PK_OP_SET, entity, NULL, pk_record_get_id (record));

  if (!pk_access_check_see (self->service, actor, entity, pk_record_get_id (record), NULL))
    return;
  pk_values_take (set->fields, field, pk_value_copy (pk_record_get (record, field)));
  g_autoptr (PkVerdict) verdict = mutate (self, person, set);
  g_test_message ("%u sets %s of %s", person, entity->fields[field].name, entity->name);
  /* What the server fills in for whoever acts is passed over in silence, not refused. */
  if (entity->fields[field].set_by != PK_SET_BY_ACTOR)
    g_assert_cmpint (verdict->kind == PK_VERDICT_APPLIED,
                     ==,
                     pk_permission_may_set_field (&asker, record, field));
}

static void
test_a_client_that_asks_the_shared_rule_offers_what_is_granted (Fixture *self,
                                                                gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord) task = pk_test_world_new_task (self, "Task");

  pk_test_world_import (self, pk_record_ref (task));
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      g_autoptr (PkRecord) record = NULL;
      g_assert_true (
          pk_store_visit (self->store, &pk_model.entities[i], take_first, &record, NULL));
      for (guint person = 0; record != NULL && person < PK_TEST_N_PERSONS; person++)
        for (guint field = 0; field < pk_model.entities[i].n_fields; field++)
          compare_field (self, person, record, field);
    }
}

static void
test_why_somebody_is_away_is_for_that_person_alone (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  PkRecord *absence = pk_test_world_new_record (self, PK_ENTITY_ABSENCE);
  PkId id = *pk_record_get_id (absence);

  pk_record_set_ref (absence, PK_ABSENCE_PERSON_ID, &self->persons[5]);
  pk_record_set_int (absence, PK_ABSENCE_KIND, PK_ABSENCE_KIND_SICKNESS);
  pk_record_set_int (absence, PK_ABSENCE_STARTS_AT, 1);
  pk_test_world_import (self, absence);
  for (guint person = 0; person < PK_TEST_N_PERSONS; person++)
    {
      g_autoptr (PkActor) actor = pk_actor_load (self->service, &self->persons[person], NULL);
      g_autoptr (PkRecord) seen =
          pk_service_get (self->service, actor, pk_entity_by_id (PK_ENTITY_ABSENCE), &id, NULL);
      gboolean knows = person == 5;
      if (seen != NULL)
        g_assert_cmpint (pk_record_get_int (seen, PK_ABSENCE_KIND, -1),
                         ==,
                         knows ? PK_ABSENCE_KIND_SICKNESS : -1);
      g_assert_true (!knows || seen != NULL);
    }
}

static void
test_a_task_can_be_handed_over_but_not_pushed_out_of_sight (Fixture *self,
                                                            gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord) task = pk_test_world_new_task (self, "Task");
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_TASK);

  pk_record_set_null (task, PK_TASK_BUILDING_ID);
  pk_record_set_null (task, PK_TASK_ASSIGNEE_ID);
  pk_test_world_import (self, pk_record_ref (task));
  g_autoptr (PkMutation) set = pk_mutation_new (PK_OP_SET, entity, NULL, pk_record_get_id (task));
  pk_values_take (set->fields, PK_TASK_UNIT_ID, pk_value_id (&self->units[3]));
  g_autoptr (PkVerdict) refused = mutate (self, 1, set);
  g_assert_cmpint (refused->code, ==, PK_PROBLEM_FORBIDDEN);

  g_autoptr (PkMutation) assign = pk_mutation_new (PK_OP_COMMAND,
                                                   entity,
                                                   pk_command_spec_by_name ("assign"),
                                                   pk_record_get_id (task));
  pk_values_take (assign->fields, 1, pk_value_id (&self->units[3]));
  g_autoptr (PkVerdict) applied = mutate (self, 1, assign);
  g_assert_cmpint (applied->kind, ==, PK_VERDICT_APPLIED);
  pk_test_world_check (self);
}

static void
test_who_does_not_work_here_any_more_is_nobody (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord) person = pk_test_world_find (self, PK_ENTITY_PERSON, &self->persons[3]);
  PkRecord *gone = pk_record_copy (person);
  g_autoptr (GError) error = NULL;

  pk_record_set_int (gone, PK_PERSON_IS_ACTIVE, FALSE);
  pk_test_world_import (self, gone);
  g_assert_null (pk_actor_load (self->service, &self->persons[3], &error));
  g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_UNAUTHORIZED);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/access/records-are-made-by-those-who-write-their-kind",
      test_records_are_made_by_those_who_write_their_kind },
    { "/access/what-is-not-seen-does-not-exist-and-what-is-seen-is-guarded",
      test_what_is_not_seen_does_not_exist_and_what_is_seen_is_guarded },
    { "/access/a-client-that-asks-the-shared-rule-offers-what-is-granted",
      test_a_client_that_asks_the_shared_rule_offers_what_is_granted },
    { "/access/why-somebody-is-away-is-for-that-person-alone",
      test_why_somebody_is_away_is_for_that_person_alone },
    { "/access/a-task-can-be-handed-over-but-not-pushed-out-of-sight",
      test_a_task_can_be_handed_over_but_not_pushed_out_of_sight },
    { "/access/who-does-not-work-here-any-more-is-nobody",
      test_who_does_not_work_here_any_more_is_nobody },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}

/* Who may change what, asked of the model's declarations with a small municipality in memory. */
#include "config.h"

#include "pk-model-tables.h"
#include "pk-permission.h"

#define PERSON                                                                                     \
  {                                                                                                \
    {                                                                                              \
      1                                                                                            \
    }                                                                                              \
  }
#define LEADER                                                                                     \
  {                                                                                                \
    {                                                                                              \
      2                                                                                            \
    }                                                                                              \
  }
#define UNIT                                                                                       \
  {                                                                                                \
    {                                                                                              \
      3                                                                                            \
    }                                                                                              \
  }

static PkRecord *
find (gpointer data G_GNUC_UNUSED, guint entity, const PkId *id)
{
  const PkId person = PERSON, unit = UNIT, leader = LEADER;
  PkRecord *record = pk_record_new (pk_entity_by_id (entity), id);

  if (entity == PK_ENTITY_PERSON && pk_id_equal (id, &person))
    pk_record_set_ref (record, PK_PERSON_UNIT_ID, &unit);
  if (entity == PK_ENTITY_UNIT)
    pk_record_set_ref (record, PK_UNIT_LEADER_ID, &leader);
  return record;
}

static GPtrArray *
list_memberships (gpointer data G_GNUC_UNUSED)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
}

static PkPermissionAsker
asker_of (PkId person, const char *const *roles)
{
  return (PkPermissionAsker){ .person = person,
                              .roles = roles,
                              .find = find,
                              .list_memberships = list_memberships };
}

static void
test_who_writes_a_kind_follows_from_the_roles (void)
{
  const char *const none[] = { NULL };
  const char *const manager[] = { "editor", "property_manager", NULL };
  PkPermissionAsker anybody = asker_of ((PkId) PERSON, none);
  PkPermissionAsker one = asker_of ((PkId) PERSON, manager);
  const PkEntity *building = pk_entity_by_id (PK_ENTITY_BUILDING);

  g_assert_true (pk_permission_may_write (&anybody, pk_entity_by_id (PK_ENTITY_TASK)));
  g_assert_false (pk_permission_may_write (&anybody, building));
  g_assert_true (pk_permission_may_write (&one, building));
  g_assert_false (pk_permission_may_write (&one, pk_entity_by_id (PK_ENTITY_UNIT)));
  g_assert_false (pk_permission_may_write (&one, pk_entity_by_id (PK_ENTITY_HISTORY)));
}

static void
test_what_others_set_is_not_set_by_people (void)
{
  const char *const none[] = { NULL };
  PkPermissionAsker asker = asker_of ((PkId) PERSON, none);
  const PkId id = { { 9 } };
  g_autoptr (PkRecord) task = pk_record_new (pk_entity_by_id (PK_ENTITY_TASK), &id);

  g_assert_true (pk_permission_may_set_field (&asker, task, PK_TASK_TITLE));
  g_assert_false (pk_permission_may_set_field (&asker, task, PK_TASK_NUMBER));
  g_assert_false (pk_permission_may_set_field (&asker, task, PK_TASK_IS_OPEN));
  g_assert_false (pk_permission_may_set_field (&asker, task, PK_TASK_CREATED_BY));
  g_assert_false (pk_permission_may_set_field (&asker, task, PK_TASK_STATUS));
}

static void
test_a_personal_field_is_for_the_person_and_the_leader (void)
{
  const char *const none[] = { NULL };
  const PkId id = { { 9 } }, person = PERSON;
  g_autoptr (PkRecord) absence = pk_record_new (pk_entity_by_id (PK_ENTITY_ABSENCE), &id);
  PkPermissionAsker own = asker_of ((PkId) PERSON, none);
  PkPermissionAsker leader = asker_of ((PkId) LEADER, none);
  PkPermissionAsker other = asker_of ((PkId){ { 7 } }, none);

  pk_record_set_ref (absence, PK_ABSENCE_PERSON_ID, &person);
  g_assert_true (pk_permission_may_set_field (&own, absence, PK_ABSENCE_KIND));
  g_assert_true (pk_permission_may_set_field (&leader, absence, PK_ABSENCE_KIND));
  g_assert_false (pk_permission_may_set_field (&other, absence, PK_ABSENCE_KIND));
  g_assert_true (pk_permission_may_set_field (&other, absence, PK_ABSENCE_NOTE));
}

static void
test_a_membership_counts_from_its_first_to_its_last_day (void)
{
  const PkId id = { { 9 } };
  g_autoptr (PkRecord) membership = pk_record_new (pk_entity_by_id (PK_ENTITY_MEMBERSHIP), &id);

  g_assert_true (pk_permission_membership_counts (membership, "2026-11-23"));
  pk_record_set_text (membership, PK_MEMBERSHIP_STARTS_ON, "2026-11-23");
  pk_record_set_text (membership, PK_MEMBERSHIP_ENDS_ON, "2026-11-30");
  g_assert_false (pk_permission_membership_counts (membership, "2026-11-22"));
  g_assert_true (pk_permission_membership_counts (membership, "2026-11-23"));
  g_assert_true (pk_permission_membership_counts (membership, "2026-11-30"));
  g_assert_false (pk_permission_membership_counts (membership, "2026-12-01"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/permission/who-writes-a-kind-follows-from-the-roles",
                   test_who_writes_a_kind_follows_from_the_roles);
  g_test_add_func ("/permission/what-others-set-is-not-set-by-people",
                   test_what_others_set_is_not_set_by_people);
  g_test_add_func ("/permission/a-personal-field-is-for-the-person-and-the-leader",
                   test_a_personal_field_is_for_the_person_and_the_leader);
  g_test_add_func ("/permission/a-membership-counts-from-its-first-to-its-last-day",
                   test_a_membership_counts_from_its_first_to_its_last_day);
  return g_test_run ();
}

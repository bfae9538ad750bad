/* Writes: what follows moves along, what is kept equals what is worked out. */
#include "config.h"

#include "pk-service-write.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-test-world.h"

typedef PkTestWorld Fixture;

static void
put (Fixture *self, PkRecord *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkWrite)
      write = pk_write_begin (self->service, &self->persons[0], PK_WRITE_DEFAULT, &error);
  g_autoptr (PkRecord) before =
      pk_test_world_find (self, pk_record_get_entity (record)->id, pk_record_get_id (record));

  pk_write_put (write, record, before, NULL, 0, &error);
  g_assert_no_error (error);
  g_assert_true (pk_write_commit (write, NULL, &error));
}

static void
delete_record (Fixture *self, PkRecord *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkWrite)
      write = pk_write_begin (self->service, &self->persons[0], PK_WRITE_DEFAULT, &error);

  pk_write_delete (write, record, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (pk_write_commit (write, NULL, &error));
}

static gboolean
sees (Fixture *self, guint person, const PkRecord *record)
{
  gboolean is_visible;

  g_assert_true (pk_store_is_visible (self->store,
                                      &self->persons[person],
                                      pk_record_get_entity (record)->id,
                                      pk_record_get_id (record),
                                      &is_visible,
                                      NULL));
  return is_visible;
}

static PkRecord *
new_message (Fixture *self, const PkRecord *task)
{
  PkRecord *message = pk_test_world_new_record (self, PK_ENTITY_MESSAGE);

  pk_record_set_ref (message, PK_MESSAGE_TASK_ID, pk_record_get_id (task));
  pk_record_set_int (message, PK_MESSAGE_AUDIENCE, PK_AUDIENCE_INTERNAL);
  pk_record_set_text (message, PK_MESSAGE_BODY, "Text");
  pk_record_set_int (message, PK_MESSAGE_SENT_AT, 1);
  return message;
}

static PkRecord *
new_document (Fixture *self)
{
  PkRecord *document = pk_test_world_new_record (self, PK_ENTITY_DOCUMENT);

  pk_record_set_text (document, PK_DOCUMENT_TITLE, "Document");
  pk_record_set_text (document, PK_DOCUMENT_FILE_NAME, "a.pdf");
  pk_record_set_text (document, PK_DOCUMENT_MEDIA_TYPE, "application/pdf");
  pk_record_set_int (document, PK_DOCUMENT_KIND, PK_DOCUMENT_KIND_OTHER);
  pk_record_set_int (document, PK_DOCUMENT_SIZE_BYTES, 1);
  pk_record_set_text (document, PK_DOCUMENT_SHA256, "00");
  pk_record_set_int (document, PK_DOCUMENT_CONFIDENTIALITY, PK_CONFIDENTIALITY_OPEN);
  pk_record_set_int (document, PK_DOCUMENT_CREATED_AT, 1);
  return document;
}

static PkRecord *
new_photo (Fixture *self, const PkRecord *document, const PkRecord *task)
{
  PkRecord *photo = pk_test_world_new_record (self, PK_ENTITY_PHOTO);

  pk_record_set_ref (photo, PK_PHOTO_DOCUMENT_ID, pk_record_get_id (document));
  pk_record_set_ref (photo, PK_PHOTO_TASK_ID, pk_record_get_id (task));
  pk_record_set_int (photo, PK_PHOTO_TAKEN_AT, 1);
  return photo;
}

static void
test_what_follows_a_task_is_seen_by_who_sees_the_task (Fixture *self,
                                                       gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord) task = pk_test_world_new_task (self, "Task");
  g_autoptr (PkRecord) message = new_message (self, task);
  g_autoptr (PkRecord) document = new_document (self);
  g_autoptr (PkRecord) photo = new_photo (self, document, task);

  put (self, task);
  put (self, message);
  put (self, document);
  put (self, photo);
  g_assert_true (sees (self, 1, message) && sees (self, 2, photo) && sees (self, 2, document));
  g_assert_false (sees (self, 3, message) || sees (self, 3, photo) || sees (self, 3, document));

  g_autoptr (PkRecord) moved = pk_record_copy (task);
  pk_record_set_ref (moved, PK_TASK_UNIT_ID, &self->units[3]);
  pk_record_set_null (moved, PK_TASK_BUILDING_ID);
  pk_record_set_null (moved, PK_TASK_ASSIGNEE_ID);
  put (self, moved);
  g_assert_true (sees (self, 3, message) && sees (self, 3, photo) && sees (self, 3, document));
  g_assert_false (sees (self, 1, message) || sees (self, 2, photo) || sees (self, 2, document));
  pk_test_world_check (self);
}

static void
test_a_confidential_task_is_seen_by_the_leader_and_who_it_concerns (Fixture *self,
                                                                    gconstpointer data
                                                                        G_GNUC_UNUSED)
{
  g_autoptr (PkRecord) task = pk_test_world_new_task (self, "Task");

  pk_record_set_ref (task, PK_TASK_ASSIGNEE_ID, &self->persons[3]);
  pk_record_set_int (task, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_CONFIDENTIAL);
  put (self, task);
  g_assert_true (sees (self, 1, task) && sees (self, 3, task));
  g_assert_false (sees (self, 0, task) || sees (self, 2, task) || sees (self, 5, task));

  g_autoptr (PkRecord) unit = pk_test_world_find (self, PK_ENTITY_UNIT, &self->units[1]);
  g_autoptr (PkRecord) changed = pk_record_copy (unit);
  pk_record_set_ref (changed, PK_UNIT_LEADER_ID, &self->persons[2]);
  put (self, changed);
  g_assert_true (sees (self, 2, task));
  g_assert_false (sees (self, 1, task));
  pk_test_world_check (self);
}

static void
test_deleting_a_task_takes_what_cannot_be_without_it (Fixture *self,
                                                      gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord) task = pk_test_world_new_task (self, "Task");
  g_autoptr (PkRecord) message = new_message (self, task);
  g_autoptr (PkRecord) document = new_document (self);
  g_autoptr (PkRecord) photo = new_photo (self, document, task);

  pk_record_set_ref (photo, PK_PHOTO_BUILDING_ID, &self->buildings[0]);
  put (self, task);
  put (self, message);
  put (self, document);
  put (self, photo);
  delete_record (self, task);

  g_autoptr (PkRecord)
      no_message = pk_test_world_find (self, PK_ENTITY_MESSAGE, pk_record_get_id (message));
  g_autoptr (PkRecord)
      still_photo = pk_test_world_find (self, PK_ENTITY_PHOTO, pk_record_get_id (photo));
  g_assert_null (no_message);
  g_assert_nonnull (still_photo);
  g_assert_null (pk_record_get_ref (still_photo, PK_PHOTO_TASK_ID));
  g_assert_true (sees (self, 2, document));
  pk_test_world_check (self);
}

static void
test_who_comes_to_a_role_holds_what_it_gives (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord)
      building = pk_test_world_find (self, PK_ENTITY_BUILDING, &self->buildings[2]);
  gint64 before, after;

  g_assert_false (sees (self, 3, building));
  g_assert_true (pk_store_get_grant_epoch (self->store, &self->persons[3], &before, NULL));
  g_autoptr (PkRecord) membership = pk_test_world_new_record (self, PK_ENTITY_MEMBERSHIP);
  pk_record_set_ref (membership, PK_MEMBERSHIP_PERSON_ID, &self->persons[3]);
  pk_record_set_text (membership, PK_MEMBERSHIP_ROLE_CODE, "caretaker");
  pk_record_set_ref (membership, PK_MEMBERSHIP_BUILDING_ID, &self->buildings[2]);
  put (self, membership);
  g_assert_true (sees (self, 3, building));
  g_assert_true (pk_store_get_grant_epoch (self->store, &self->persons[3], &after, NULL));
  g_assert_cmpint (after, >, before);
  delete_record (self, membership);
  g_assert_false (sees (self, 3, building));
  pk_test_world_check (self);
}

static void
test_a_membership_counts_on_its_days_only (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord)
      building = pk_test_world_find (self, PK_ENTITY_BUILDING, &self->buildings[2]);
  g_autoptr (PkRecord) membership = pk_test_world_new_record (self, PK_ENTITY_MEMBERSHIP);
  const gint64 day_us = G_GINT64_CONSTANT (86400000000);
  g_autofree char *today = pk_service_dup_today (self->service);

  pk_record_set_ref (membership, PK_MEMBERSHIP_PERSON_ID, &self->persons[3]);
  pk_record_set_text (membership, PK_MEMBERSHIP_ROLE_CODE, "property_manager");
  pk_record_set_text (membership, PK_MEMBERSHIP_ENDS_ON, today);
  put (self, membership);
  g_assert_true (sees (self, 3, building));
  pk_clock_advance (self->clock, day_us);
  g_assert_true (pk_service_upkeep (self->service, NULL));
  g_assert_false (sees (self, 3, building));
}

static void
test_a_new_building_is_held_by_those_who_hold_all (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (PkRecord) building = pk_test_world_new_record (self, PK_ENTITY_BUILDING);

  pk_record_set_text (building, PK_BUILDING_NAME, "New");
  pk_record_set_int (building, PK_BUILDING_USE, PK_BUILDING_USE_SCHOOL);
  pk_record_set_int (building, PK_BUILDING_STATUS, PK_BUILDING_STATUS_IN_USE);
  put (self, building);
  g_assert_true (sees (self, 4, building) && sees (self, 5, building));
  g_assert_false (sees (self, 2, building));
  pk_test_world_check (self);
}

static PkRecord *
random_record (Fixture *self, GRand *rand, GPtrArray *made, guint entity)
{
  for (guint tries = 0; tries < 20 && made->len > 0; tries++)
    {
      const PkRecord *record = made->pdata[g_rand_int_range (rand, 0, (gint32) made->len)];
      if (pk_record_get_entity (record)->id == entity)
        return pk_test_world_find (self, entity, pk_record_get_id (record));
    }
  return NULL;
}

static void
shuffle_task (Fixture *self, GRand *rand, PkRecord *task)
{
  pk_record_set_ref (task, PK_TASK_UNIT_ID, &self->units[g_rand_int_range (rand, 0, 4)]);
  pk_record_set_ref (task, PK_TASK_ASSIGNEE_ID, &self->persons[g_rand_int_range (rand, 0, 6)]);
  pk_record_set_ref (task, PK_TASK_BUILDING_ID, &self->buildings[g_rand_int_range (rand, 0, 3)]);
  pk_record_set_int (task, PK_TASK_CONFIDENTIALITY, g_rand_int_range (rand, 0, 3));
}

static PkRecord *
make_random (Fixture *self, GRand *rand, GPtrArray *made)
{
  g_autoptr (PkRecord) task = random_record (self, rand, made, PK_ENTITY_TASK);
  g_autoptr (PkRecord) document = random_record (self, rand, made, PK_ENTITY_DOCUMENT);
  int what = g_rand_int_range (rand, 0, 4);

  if (what == 0 && task != NULL)
    return new_message (self, task);
  if (what == 1 && task != NULL && document != NULL)
    return new_photo (self, document, task);
  if (what == 2)
    return new_document (self);
  PkRecord *new_task = pk_test_world_new_task (self, "Task");
  shuffle_task (self, rand, new_task);
  return new_task;
}

static void
change_unit (Fixture *self, GRand *rand)
{
  PkId *id = &self->units[g_rand_int_range (rand, 0, 4)];
  g_autoptr (PkRecord) unit = pk_test_world_find (self, PK_ENTITY_UNIT, id);

  pk_record_set_ref (unit, PK_UNIT_LEADER_ID, &self->persons[g_rand_int_range (rand, 0, 6)]);
  put (self, unit);
}

static void
change_person (Fixture *self, GRand *rand)
{
  PkId *id = &self->persons[g_rand_int_range (rand, 0, 6)];
  g_autoptr (PkRecord) person = pk_test_world_find (self, PK_ENTITY_PERSON, id);

  pk_record_set_ref (person, PK_PERSON_UNIT_ID, &self->units[g_rand_int_range (rand, 0, 4)]);
  put (self, person);
}

static void
delete_random (Fixture *self, GRand *rand, GPtrArray *made)
{
  const guint entities[] = { PK_ENTITY_TASK, PK_ENTITY_DOCUMENT, PK_ENTITY_PHOTO };
  g_autoptr (PkRecord)
      victim = random_record (self, rand, made, entities[g_rand_int_range (rand, 0, 3)]);

  if (victim != NULL)
    delete_record (self, victim);
}

static void
step (Fixture *self, GRand *rand, GPtrArray *made)
{
  int what = g_rand_int_range (rand, 0, 10);
  g_autoptr (PkRecord) task = random_record (self, rand, made, PK_ENTITY_TASK);

  if (what == 0)
    change_unit (self, rand);
  else if (what == 1)
    change_person (self, rand);
  else if (what < 5 && task != NULL)
    {
      shuffle_task (self, rand, task);
      put (self, task);
    }
  else if (what == 5)
    delete_random (self, rand, made);
  else
    {
      PkRecord *record = make_random (self, rand, made);
      put (self, record);
      g_ptr_array_add (made, record);
    }
}

static void
test_whatever_happens_what_is_kept_equals_what_is_worked_out (Fixture *self,
                                                              gconstpointer data G_GNUC_UNUSED)
{
  guint32 seed = (guint32) g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 200; i++)
    {
      step (self, rand, made);
      if (i % 20 == 0)
        pk_test_world_check (self);
    }
  pk_test_world_check (self);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/write/what-follows-a-task-is-seen-by-who-sees-the-task",
      test_what_follows_a_task_is_seen_by_who_sees_the_task },
    { "/write/a-confidential-task-is-seen-by-the-leader-and-who-it-concerns",
      test_a_confidential_task_is_seen_by_the_leader_and_who_it_concerns },
    { "/write/deleting-a-task-takes-what-cannot-be-without-it",
      test_deleting_a_task_takes_what_cannot_be_without_it },
    { "/write/who-comes-to-a-role-holds-what-it-gives",
      test_who_comes_to_a_role_holds_what_it_gives },
    { "/write/a-membership-counts-on-its-days-only", test_a_membership_counts_on_its_days_only },
    { "/write/a-new-building-is-held-by-those-who-hold-all",
      test_a_new_building_is_held_by_those_who_hold_all },
    { "/write/whatever-happens-what-is-kept-equals-what-is-worked-out",
      test_whatever_happens_what_is_kept_equals_what_is_worked_out },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    pk_test_world_add (tests[i].name, tests[i].func);
  return g_test_run ();
}

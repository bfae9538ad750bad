/*
 * Who may read a guarded field changes when somebody else leads a unit, or a person moves to another one, and the record stays as it is. It
 * gets a new number then, so that it is sent again: whole to those who may read it by now, and without the field to those who may not.
 */
#include "config.h"

#include "pk-service-write-private.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"

#define MOST_LEVELS 20

static void
mark (PkWrite *self, const PkId *person_or_unit)
{
  if (person_or_unit != NULL)
    g_hash_table_add (self->readers, g_memdup2 (person_or_unit, sizeof *person_or_unit));
}

static gboolean
differs (const PkRecord *record, const PkRecord *before, guint field)
{
  return record != NULL && before != NULL &&
         !pk_value_equal (pk_record_get (record, field), pk_record_get (before, field));
}

static void
mark_leadership (PkWrite *self, const PkRecord *membership)
{
  if (membership != NULL &&
      g_strcmp0 (pk_record_get_text (membership, PK_MEMBERSHIP_ROLE_CODE), "leader") == 0)
    mark (self, pk_record_get_ref (membership, PK_MEMBERSHIP_UNIT_ID));
}

/**
 * pk_write_mark_readers:
 * @record: (nullable): as it is by now; NULL where it was deleted
 * @before: (nullable): as it was; NULL where it is new
 *
 * Notes about whom others may read more, or less, after this change.
 */
void
pk_write_mark_readers (PkWrite *self, const PkRecord *record, const PkRecord *before)
{
  const PkRecord *any = record ? record : before;

  switch ((PkEntityId) pk_record_get_entity (any)->id)
    {
    case PK_ENTITY_PERSON:
      if (differs (record, before, PK_PERSON_UNIT_ID))
        mark (self, pk_record_get_id (any));
      return;
    case PK_ENTITY_UNIT:
      if (differs (record, before, PK_UNIT_LEADER_ID) ||
          differs (record, before, PK_UNIT_PARENT_ID))
        mark (self, pk_record_get_id (any));
      return;
    case PK_ENTITY_MEMBERSHIP:
      mark_leadership (self, record);
      mark_leadership (self, before);
      return;
    default:
      return;
    }
}

/* The person, or a unit that the person works in or below. */
static gboolean
concerns (PkWrite *self, const PkId *person)
{
  if (g_hash_table_contains (self->readers, person))
    return TRUE;
  g_autoptr (PkRecord)
      record = pk_store_find (self->store, pk_entity_by_id (PK_ENTITY_PERSON), person, NULL);
  const PkId *first = record != NULL ? pk_record_get_ref (record, PK_PERSON_UNIT_ID) : NULL;
  PkId unit = first != NULL ? *first : (PkId){ { 0 } };
  for (guint level = 0; level < MOST_LEVELS && !pk_id_is_null (&unit); level++)
    {
      if (g_hash_table_contains (self->readers, &unit))
        return TRUE;
      g_autoptr (PkRecord)
          above = pk_store_find (self->store, pk_entity_by_id (PK_ENTITY_UNIT), &unit, NULL);
      const PkId *parent = above != NULL ? pk_record_get_ref (above, PK_UNIT_PARENT_ID) : NULL;
      unit = parent != NULL ? *parent : (PkId){ { 0 } };
    }
  return FALSE;
}

static gboolean
collect (PkRecord *record, gpointer data)
{
  g_ptr_array_add (data, pk_record_ref (record));
  return TRUE;
}

static const PkId *
find_subject (const PkRecord *record)
{
  int field = pk_entity_find_field (pk_record_get_entity (record), "person_id");

  return field >= 0 ? pk_record_get_ref (record, (guint) field) : NULL;
}

static gboolean
send_again (PkWrite *self, PkRecord *record, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);
  g_autoptr (PkRecord) after = pk_record_copy (record);

  pk_record_set_seq (after, pk_store_next_seq (self->store));
  g_autoptr (GArray)
      places = pk_store_get_places (self->store, entity, pk_record_get_id (record), error);
  return places != NULL && pk_store_put (self->store, after, record, error) &&
         pk_store_place (self->store,
                         entity,
                         pk_record_get_id (record),
                         pk_record_get_seq (after),
                         places,
                         NULL,
                         error);
}

static gboolean
refresh_entity (PkWrite *self, const PkEntity *entity, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);

  if (!pk_store_visit (self->store, entity, collect, records, error))
    return FALSE;
  for (guint i = 0; i < records->len; i++)
    {
      const PkId *subject = find_subject (records->pdata[i]);
      if (subject != NULL && concerns (self, subject) &&
          !send_again (self, records->pdata[i], error))
        return FALSE;
    }
  return TRUE;
}

/**
 * pk_write_refresh_readers:
 *
 * Gives the guarded records that are concerned new numbers. They are few, and so are changes of this kind.
 *
 * Returns: %TRUE if it is done
 */
gboolean
pk_write_refresh_readers (PkWrite *self, GError **error)
{
  for (guint i = 0; g_hash_table_size (self->readers) > 0 && i < pk_model.n_entities; i++)
    if (pk_model.entities[i].is_guarded && !refresh_entity (self, &pk_model.entities[i], error))
      return FALSE;
  g_hash_table_remove_all (self->readers);
  return TRUE;
}

/* Whose grants a change makes stale. Persons, memberships, units and buildings are what grants are worked out from. */
#include "config.h"

#include "pk-service-grants.h"
#include "pk-service-write-private.h"
#include "pk-store-records.h"

#define MOST_OVERSEERS 10000

static void
mark (PkWrite *self, const PkId *person)
{
  if (person != NULL)
    g_hash_table_add (self->stale, g_memdup2 (person, sizeof *person));
}

static gboolean
differs (const PkRecord *record, const PkRecord *before, guint field)
{
  return record == NULL || before == NULL ||
         !pk_value_equal (pk_record_get (record, field), pk_record_get (before, field));
}

static void
mark_refs (PkWrite *self, const PkRecord *record, const PkRecord *before, guint field)
{
  if (record != NULL)
    mark (self, pk_record_get_ref (record, field));
  if (before != NULL)
    mark (self, pk_record_get_ref (before, field));
}

/* Who holds all buildings, or all units too. */
static gboolean
mark_overseers (PkWrite *self, const char *role, GError **error)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_MEMBERSHIP);
  g_autoptr (PkValues) filters = pk_values_new (entity->fields, entity->n_fields);
  PkListQuery query = { .entity = entity, .filters = filters, .limit = MOST_OVERSEERS };

  for (query.order = 0; !g_str_equal (entity->indexes[query.order], "role_code");)
    query.order++;
  pk_values_take (filters, PK_MEMBERSHIP_ROLE_CODE, pk_value_text (role));
  g_autoptr (GPtrArray) memberships = pk_store_list (self->store, &query, error);
  if (memberships == NULL)
    return FALSE;
  for (guint i = 0; i < memberships->len; i++)
    mark (self, pk_record_get_ref (memberships->pdata[i], PK_MEMBERSHIP_PERSON_ID));
  return TRUE;
}

static gboolean
mark_by_building (PkWrite *self, const PkRecord *record, const PkRecord *before, GError **error)
{
  gboolean is_new_or_gone = record == NULL || before == NULL;

  if (differs (record, before, PK_BUILDING_CARETAKER_ID))
    mark_refs (self, record, before, PK_BUILDING_CARETAKER_ID);
  if (self->flags & PK_WRITE_BULK)
    {
      self->is_all_stale = self->is_all_stale || is_new_or_gone;
      return TRUE;
    }
  return !is_new_or_gone || (mark_overseers (self, "property_manager", error) &&
                             mark_overseers (self, "administrator", error));
}

static void
mark_by_unit (PkWrite *self, const PkRecord *record, const PkRecord *before)
{
  if (differs (record, before, PK_UNIT_LEADER_ID))
    mark_refs (self, record, before, PK_UNIT_LEADER_ID);
  if (differs (record, before, PK_UNIT_PARENT_ID))
    self->is_all_stale = TRUE;
}

/**
 * pk_write_mark_stale:
 * @record: (nullable): as it is by now; NULL where it was deleted
 * @before: (nullable): as it was; NULL where it is new
 *
 * Notes whose grants must be worked out anew after this change.
 *
 * Returns: %TRUE if that was found out
 */
gboolean
pk_write_mark_stale (PkWrite *self, const PkRecord *record, const PkRecord *before, GError **error)
{
  const PkRecord *any = record ? record : before;

  switch ((PkEntityId) pk_record_get_entity (any)->id)
    {
    case PK_ENTITY_PERSON:
      if (differs (record, before, PK_PERSON_UNIT_ID) ||
          differs (record, before, PK_PERSON_IS_ACTIVE))
        mark (self, pk_record_get_id (any));
      return TRUE;
    case PK_ENTITY_MEMBERSHIP:
      mark_refs (self, record, before, PK_MEMBERSHIP_PERSON_ID);
      return TRUE;
    case PK_ENTITY_UNIT:
      mark_by_unit (self, record, before);
      return TRUE;
    case PK_ENTITY_BUILDING:
      return mark_by_building (self, record, before, error);
    default:
      return TRUE;
    }
}

/**
 * pk_write_refresh_stale:
 *
 * Works out the grants that are stale.
 *
 * Returns: %TRUE if none is stale any more
 */
gboolean
pk_write_refresh_stale (PkWrite *self, GError **error)
{
  GHashTableIter iter;
  gpointer person;

  if (self->is_all_stale)
    {
      if (!pk_grants_refresh_all (self->service, NULL, error))
        return FALSE;
      self->is_all_stale = FALSE;
    }
  g_hash_table_iter_init (&iter, self->stale);
  while (g_hash_table_iter_next (&iter, &person, NULL))
    if (!pk_grants_refresh (self->service, person, NULL, error))
      return FALSE;
  g_hash_table_remove_all (self->stale);
  return TRUE;
}

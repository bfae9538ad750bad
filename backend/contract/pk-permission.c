/* Who may change what, by the model's declarations alone. Pure. */
#include "config.h"

#include "pk-permission.h"

#include "pk-model-tables.h"

#include <string.h>

#define MOST_LEVELS 20

/**
 * pk_permission_membership_counts:
 * @membership: a membership
 * @today: the day it is, "2026-11-23"
 *
 * Returns: whether the membership counts on the day
 */
gboolean
pk_permission_membership_counts (const PkRecord *membership, const char *today)
{
  const char *starts_on = pk_record_get_text (membership, PK_MEMBERSHIP_STARTS_ON);
  const char *ends_on = pk_record_get_text (membership, PK_MEMBERSHIP_ENDS_ON);

  return (starts_on == NULL || strcmp (starts_on, today) <= 0) &&
         (ends_on == NULL || strcmp (today, ends_on) <= 0);
}

/**
 * pk_permission_has_role:
 * @asker: who asks
 * @role: a role's code
 *
 * Returns: whether the person has the role
 */
gboolean
pk_permission_has_role (const PkPermissionAsker *asker, const char *role)
{
  return g_strv_contains (asker->roles, role);
}

/**
 * pk_permission_may_write:
 * @asker: who asks
 * @entity: a kind of record
 *
 * Returns: whether the person is one of those who make and change such records
 */
gboolean
pk_permission_may_write (const PkPermissionAsker *asker, const PkEntity *entity)
{
  if (g_str_equal (entity->write, "anyone"))
    return TRUE;
  return g_str_has_prefix (entity->write, "role:") &&
         pk_permission_has_role (asker, entity->write + strlen ("role:"));
}

static gboolean
leads_by_membership (const PkPermissionAsker *asker, const PkId *unit)
{
  if (!pk_permission_has_role (asker, "leader"))
    return FALSE;
  g_autoptr (GPtrArray) memberships = asker->list_memberships (asker->data);
  for (guint i = 0; memberships != NULL && i < memberships->len; i++)
    {
      const PkRecord *membership = memberships->pdata[i];
      const PkId *of_unit = pk_record_get_ref (membership, PK_MEMBERSHIP_UNIT_ID);
      if (of_unit != NULL && pk_id_equal (of_unit, unit) &&
          g_strcmp0 (pk_record_get_text (membership, PK_MEMBERSHIP_ROLE_CODE), "leader") == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
leads (const PkPermissionAsker *asker, const PkId *person)
{
  g_autoptr (PkRecord) record = asker->find (asker->data, PK_ENTITY_PERSON, person);
  const PkId *first = record != NULL ? pk_record_get_ref (record, PK_PERSON_UNIT_ID) : NULL;
  PkId unit = first != NULL ? *first : (PkId){ { 0 } };

  for (guint level = 0; level < MOST_LEVELS && !pk_id_is_null (&unit); level++)
    {
      g_autoptr (PkRecord) of_unit = asker->find (asker->data, PK_ENTITY_UNIT, &unit);
      if (of_unit == NULL)
        return FALSE;
      const PkId *leader = pk_record_get_ref (of_unit, PK_UNIT_LEADER_ID);
      if ((leader != NULL && pk_id_equal (leader, &asker->person)) ||
          leads_by_membership (asker, &unit))
        return TRUE;
      const PkId *parent = pk_record_get_ref (of_unit, PK_UNIT_PARENT_ID);
      unit = parent != NULL ? *parent : (PkId){ { 0 } };
    }
  return FALSE;
}

static const PkId *
find_subject (const PkRecord *record)
{
  const PkEntity *entity = pk_record_get_entity (record);
  int field = pk_entity_find_field (entity, "person_id");

  if (entity->id == PK_ENTITY_PERSON)
    return pk_record_get_id (record);
  return field >= 0 ? pk_record_get_ref (record, (guint) field) : NULL;
}

/**
 * pk_permission_may_read_field:
 * @asker: who asks
 * @record: one that the person sees
 * @field: place of a field
 *
 * By the field's access class: open and internal for all who see the record; personal for the person it is about and that
 * person's leaders; sealed for nobody by this road.
 *
 * Returns: whether the person may read the field
 */
gboolean
pk_permission_may_read_field (const PkPermissionAsker *asker, const PkRecord *record, guint field)
{
  const PkId *subject;

  switch (pk_record_get_entity (record)->fields[field].access)
    {
    case PK_ACCESS_OPEN:
    case PK_ACCESS_INTERNAL:
      return TRUE;
    case PK_ACCESS_PERSONAL:
      subject = find_subject (record);
      return subject != NULL && (pk_id_equal (subject, &asker->person) || leads (asker, subject));
    case PK_ACCESS_SEALED:
    default:
      return FALSE;
    }
}

/**
 * pk_permission_may_set_field:
 * @asker: who asks
 * @record: one that the person sees
 * @field: place of a field
 *
 * Returns: whether the person may give the field another value; a status is changed by commands, not so
 */
gboolean
pk_permission_may_set_field (const PkPermissionAsker *asker, const PkRecord *record, guint field)
{
  const PkEntity *entity = pk_record_get_entity (record);

  return entity->fields[field].set_by == PK_SET_BY_CLIENT &&
         entity->fields[field].merge != PK_MERGE_STATUS &&
         pk_permission_may_write (asker, entity) &&
         pk_permission_may_read_field (asker, record, field);
}

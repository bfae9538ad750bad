/* May this person? By the scopes of records, by who writes an entity, by the access class of fields. */
#include "config.h"

#include "pk-service-access.h"

#include "pk-service-private.h"
#include "pk-store-grants.h"
#include "pk-store-records.h"

#define MOST_LEVELS 20

static gboolean
fault (GError **error, PkProblem code, const char *pointer, const char *what)
{
  pk_problem_set (error, code, pointer, "%s", what);
  return FALSE;
}

static gboolean
fault_at (GError **error, PkProblem code, const PkField *field, const char *what)
{
  g_autofree char *pointer = g_strconcat ("/fields/", field->name, NULL);

  return fault (error, code, pointer, what);
}

/**
 * pk_access_check_see:
 *
 * Errors: %PK_PROBLEM_NOT_FOUND
 * Returns: %TRUE if the record exists and the person holds a scope that it is in
 */
gboolean
pk_access_check_see (PkService *service,
                     const PkActor *actor,
                     const PkEntity *entity,
                     const PkId *id,
                     GError **error)
{
  gboolean is_visible;

  if (!pk_store_is_visible (service->store,
                            pk_actor_get_person (actor),
                            entity->id,
                            id,
                            &is_visible,
                            error))
    return FALSE;
  return is_visible ||
         fault (error, PK_PROBLEM_NOT_FOUND, "/record", "It does not exist, or is not for you");
}

/**
 * pk_access_check_write:
 *
 * Errors: %PK_PROBLEM_FORBIDDEN
 * Returns: %TRUE if the person is one of those who write this kind of record
 */
gboolean
pk_access_check_write (const PkActor *actor, const PkMutation *mutation, GError **error)
{
  const char *write = mutation->entity->write;

  if (g_str_equal (write, "anyone"))
    return TRUE;
  if (g_str_has_prefix (write, "role:"))
    return pk_actor_has_role (actor, write + strlen ("role:")) ||
           fault (error, PK_PROBLEM_FORBIDDEN, "/entity", "This takes a role that you do not have");
  return fault (error, PK_PROBLEM_FORBIDDEN, "/entity", "Only the server writes this");
}

static PkRecord *
find (PkService *service, guint entity, const PkId *id)
{
  return id ? pk_store_find (service->store, pk_entity_by_id (entity), id, NULL) : NULL;
}

static gboolean
leads_by_membership (PkService *service, const PkActor *actor, const PkId *unit)
{
  g_autoptr (GPtrArray) memberships = pk_store_find_by_ref (service->store,
                                                            pk_entity_by_id (PK_ENTITY_MEMBERSHIP),
                                                            PK_MEMBERSHIP_PERSON_ID,
                                                            pk_actor_get_person (actor),
                                                            NULL);

  if (!pk_actor_has_role (actor, "leader"))
    return FALSE;
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
leads (PkService *service, const PkActor *actor, const PkId *person)
{
  g_autoptr (PkRecord) record = find (service, PK_ENTITY_PERSON, person);
  const PkId *first = record ? pk_record_get_ref (record, PK_PERSON_UNIT_ID) : NULL;
  PkId unit = first ? *first : (PkId){ { 0 } };

  for (guint level = 0; level < MOST_LEVELS && !pk_id_is_null (&unit); level++)
    {
      g_autoptr (PkRecord) of_unit = find (service, PK_ENTITY_UNIT, &unit);
      if (of_unit == NULL)
        return FALSE;
      const PkId *leader = pk_record_get_ref (of_unit, PK_UNIT_LEADER_ID);
      if ((leader != NULL && pk_id_equal (leader, pk_actor_get_person (actor))) ||
          leads_by_membership (service, actor, &unit))
        return TRUE;
      const PkId *parent = pk_record_get_ref (of_unit, PK_UNIT_PARENT_ID);
      unit = parent ? *parent : (PkId){ { 0 } };
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
 * pk_access_may_read_field:
 *
 * By the field's access class: open and internal for all who see the record; personal for the person it is about and that
 * person's leaders; sealed for nobody by this road.
 *
 * Returns: whether the person may read, and so also write, the field of a record that the person sees
 */
gboolean
pk_access_may_read_field (PkService *service,
                          const PkActor *actor,
                          const PkRecord *record,
                          guint field)
{
  const PkId *subject;

  switch (pk_record_get_entity (record)->fields[field].access)
    {
    case PK_ACCESS_OPEN:
    case PK_ACCESS_INTERNAL:
      return TRUE;
    case PK_ACCESS_PERSONAL:
      subject = find_subject (record);
      return subject != NULL && (pk_id_equal (subject, pk_actor_get_person (actor)) ||
                                 leads (service, actor, subject));
    case PK_ACCESS_SEALED:
    default:
      return FALSE;
    }
}

/**
 * pk_access_check_fields:
 * @record: as it was, or where it is new as it will be
 * @fields: what the person sets
 *
 * Errors: %PK_PROBLEM_FORBIDDEN with the field
 * Returns: %TRUE if the person may write these fields
 */
gboolean
pk_access_check_fields (PkService *service,
                        const PkActor *actor,
                        const PkRecord *record,
                        const PkValues *fields,
                        GError **error)
{
  for (guint i = 0; i < fields->n_fields; i++)
    if (pk_values_get (fields, i) != NULL && !pk_access_may_read_field (service, actor, record, i))
      return fault_at (error,
                       PK_PROBLEM_FORBIDDEN,
                       &fields->fields[i],
                       "The field is for the person and the person's leader");
  return TRUE;
}

static gboolean
check_ref (PkService *service,
           const PkActor *actor,
           const PkField *field,
           const PkId *id,
           GError **error)
{
  const PkEntity *target = pk_entity_by_name (field->ref);
  gboolean is_visible;

  if (!pk_store_is_visible (service->store,
                            pk_actor_get_person (actor),
                            target->id,
                            id,
                            &is_visible,
                            error))
    return FALSE;
  return is_visible || fault_at (error,
                                 PK_PROBLEM_NOT_FOUND,
                                 field,
                                 "What it points to does not exist, or is not for you");
}

/**
 * pk_access_check_refs:
 * @record: as it will be
 * @before: (nullable): as it was
 *
 * Errors: %PK_PROBLEM_NOT_FOUND with the field
 * Returns: %TRUE if everything that the record newly points to exists and is seen by the person
 */
gboolean
pk_access_check_refs (PkService *service,
                      const PkActor *actor,
                      const PkRecord *record,
                      const PkRecord *before,
                      GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);

  for (guint i = 0; i < entity->n_fields; i++)
    {
      const PkField *field = &entity->fields[i];
      const PkId *id = field->ref ? pk_record_get_ref (record, i) : NULL;
      if (id == NULL || field->set_by != PK_SET_BY_CLIENT ||
          (before != NULL && pk_value_equal (pk_record_get (record, i), pk_record_get (before, i))))
        continue;
      if (!check_ref (service, actor, field, id, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * pk_access_check_kept:
 * @record: as it was written in this transaction
 *
 * Errors: %PK_PROBLEM_FORBIDDEN
 * Returns: %TRUE if the person sees the record still
 */
gboolean
pk_access_check_kept (PkService *service,
                      const PkActor *actor,
                      const PkRecord *record,
                      GError **error)
{
  gboolean is_visible;

  if (!pk_store_is_visible (service->store,
                            pk_actor_get_person (actor),
                            pk_record_get_entity (record)->id,
                            pk_record_get_id (record),
                            &is_visible,
                            error))
    return FALSE;
  return is_visible ||
         fault (error, PK_PROBLEM_FORBIDDEN, "/fields", "The record would not be yours to see");
}

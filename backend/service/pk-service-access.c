/* May this person? By the scopes of records, by who writes an entity, by the access class of fields. */
#include "config.h"

#include "pk-service-access.h"

#include "pk-permission.h"
#include "pk-service-private.h"
#include "pk-store-grants.h"
#include "pk-store-records.h"

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
  const PkEntity *entity = mutation->entity;
  PkPermissionAsker asker = { .person = *pk_actor_get_person (actor),
                              .roles = pk_actor_get_roles (actor) };

  if (pk_permission_may_write (&asker, entity))
    return TRUE;
  return fault (error,
                PK_PROBLEM_FORBIDDEN,
                "/entity",
                g_str_equal (entity->write, "server") ? "Only the server writes this"
                                                      : "This takes a role that you do not have");
}

/* What the rules may look up, in one person's name. */
typedef struct
{
  PkService *service;
  const PkActor *actor;
} Inquiry;

static PkRecord *
find (gpointer data, guint entity, const PkId *id)
{
  return pk_store_find (((Inquiry *) data)->service->store, pk_entity_by_id (entity), id, NULL);
}

static GPtrArray *
list_memberships (gpointer data)
{
  const Inquiry *inquiry = data;

  return pk_store_find_by_ref (inquiry->service->store,
                               pk_entity_by_id (PK_ENTITY_MEMBERSHIP),
                               PK_MEMBERSHIP_PERSON_ID,
                               pk_actor_get_person (inquiry->actor),
                               NULL);
}

/**
 * pk_access_may_read_field:
 *
 * See pk_permission_may_read_field().
 *
 * Returns: whether the person may read, and so also write, the field of a record that the person sees
 */
gboolean
pk_access_may_read_field (PkService *service,
                          const PkActor *actor,
                          const PkRecord *record,
                          guint field)
{
  Inquiry inquiry = { service, actor };
  PkPermissionAsker asker = { *pk_actor_get_person (actor),
                              pk_actor_get_roles (actor),
                              find,
                              list_memberships,
                              &inquiry };

  return pk_permission_may_read_field (&asker, record, field);
}

/**
 * pk_access_withhold:
 * @record: one that the person sees; the caller's own
 *
 * Empties the fields that the person may not read.
 */
void
pk_access_withhold (PkService *service, const PkActor *actor, PkRecord *record)
{
  const PkEntity *entity = pk_record_get_entity (record);

  for (guint i = 0; entity->is_guarded && i < entity->n_fields; i++)
    if (pk_field_is_guarded (&entity->fields[i]) &&
        !pk_access_may_read_field (service, actor, record, i))
      pk_record_set_null (record, i);
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

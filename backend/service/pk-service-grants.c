/*
 * What a person holds: everyone; oneself; one's unit; as a leader the unit and all below it; units and buildings of memberships;
 * buildings that one looks after; with the role property_manager all buildings, with administrator all units too; and each role
 * as a scope of its own. Memberships count on the days that they say.
 */
#include "config.h"

#include "pk-service-grants.h"

#include "pk-permission.h"
#include "pk-scope.h"
#include "pk-service-private.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-store-records.h"

typedef struct
{
  PkService *service;
  PkStore *store;
  char *today;       /* (owned) */
  GHashTable *names; /* (owned): set of scope names */
  GHashTable *below; /* (owned): set of units whose subtree is in already */
} Holding;

static void
hold (Holding *self, char *name)
{
  g_hash_table_add (self->names, name);
}

static gboolean
hold_units_below (Holding *self, const PkId *unit, GError **error)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_UNIT);

  hold (self, pk_scope_name_unit (unit));
  if (!g_hash_table_add (self->below, g_memdup2 (unit, sizeof *unit)))
    return TRUE;
  g_autoptr (GArray)
      children = pk_store_find_ids_by_ref (self->store, entity, PK_UNIT_PARENT_ID, unit, error);
  if (children == NULL)
    return FALSE;
  for (guint i = 0; i < children->len; i++)
    if (!hold_units_below (self, &g_array_index (children, PkId, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
hold_building (PkRecord *record, gpointer data)
{
  hold (data, pk_scope_name_building (pk_record_get_id (record)));
  return TRUE;
}

static gboolean
hold_unit (PkRecord *record, gpointer data)
{
  hold (data, pk_scope_name_unit (pk_record_get_id (record)));
  return TRUE;
}

static gboolean
hold_all (Holding *self, guint entity, PkRecordVisitor visitor, GError **error)
{
  return pk_store_visit (self->store, pk_entity_by_id (entity), visitor, self, error);
}

static gboolean
hold_membership (Holding *self, const PkRecord *membership, GError **error)
{
  const char *role = pk_record_get_text (membership, PK_MEMBERSHIP_ROLE_CODE);
  const PkId *unit = pk_record_get_ref (membership, PK_MEMBERSHIP_UNIT_ID);
  const PkId *building = pk_record_get_ref (membership, PK_MEMBERSHIP_BUILDING_ID);
  gboolean is_admin = g_str_equal (role, "administrator");

  hold (self, pk_scope_name_role (role));
  if (unit != NULL)
    hold (self, pk_scope_name_unit (unit));
  if (unit != NULL && g_str_equal (role, "leader") && !hold_units_below (self, unit, error))
    return FALSE;
  if (building != NULL)
    hold (self, pk_scope_name_building (building));
  if ((is_admin || g_str_equal (role, "property_manager")) &&
      !hold_all (self, PK_ENTITY_BUILDING, hold_building, error))
    return FALSE;
  return !is_admin || hold_all (self, PK_ENTITY_UNIT, hold_unit, error);
}

static gboolean
hold_memberships (Holding *self, const PkId *person, GError **error)
{
  g_autoptr (GPtrArray) memberships = pk_store_find_by_ref (self->store,
                                                            pk_entity_by_id (PK_ENTITY_MEMBERSHIP),
                                                            PK_MEMBERSHIP_PERSON_ID,
                                                            person,
                                                            error);

  if (memberships == NULL)
    return FALSE;
  for (guint i = 0; i < memberships->len; i++)
    if (pk_permission_membership_counts (memberships->pdata[i], self->today) &&
        !hold_membership (self, memberships->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
hold_led_units (Holding *self, const PkId *person, GError **error)
{
  g_autoptr (GArray) units = pk_store_find_ids_by_ref (self->store,
                                                       pk_entity_by_id (PK_ENTITY_UNIT),
                                                       PK_UNIT_LEADER_ID,
                                                       person,
                                                       error);

  if (units == NULL)
    return FALSE;
  for (guint i = 0; i < units->len; i++)
    if (!hold_units_below (self, &g_array_index (units, PkId, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
hold_kept_buildings (Holding *self, const PkId *person, GError **error)
{
  g_autoptr (GArray) buildings = pk_store_find_ids_by_ref (self->store,
                                                           pk_entity_by_id (PK_ENTITY_BUILDING),
                                                           PK_BUILDING_CARETAKER_ID,
                                                           person,
                                                           error);

  if (buildings == NULL)
    return FALSE;
  for (guint i = 0; i < buildings->len; i++)
    hold (self, pk_scope_name_building (&g_array_index (buildings, PkId, i)));
  return TRUE;
}

static gboolean
hold_person (Holding *self, const PkRecord *person, GError **error)
{
  const PkId *id = pk_record_get_id (person);
  const PkId *unit = pk_record_get_ref (person, PK_PERSON_UNIT_ID);

  hold (self, pk_scope_name_everyone ());
  hold (self, pk_scope_name_person (id));
  if (unit != NULL)
    hold (self, pk_scope_name_unit (unit));
  return hold_led_units (self, id, error) && hold_memberships (self, id, error) &&
         hold_kept_buildings (self, id, error);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *) a, second = *(const gint64 *) b;

  return first < second ? -1 : first > second;
}

static GArray *
number_names (Holding *self, GError **error)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      gint64 number;
      if (!pk_store_intern_scope (self->store, name, &number, error))
        return NULL;
      if (number != 0)
        g_array_append_val (numbers, number);
    }
  g_array_sort (numbers, compare_numbers);
  return g_steal_pointer (&numbers);
}

/**
 * pk_grants_work_out:
 *
 * Returns: (transfer full) (nullable) (element-type gint64): numbers of the scopes that the person should hold, sorted; none for
 *   somebody who is unknown or does not work here any more
 */
GArray *
pk_grants_work_out (PkService *service, const PkId *person, GError **error)
{
  g_autofree char *today = pk_service_dup_today (service);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) below = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, NULL);
  Holding holding = { service, service->store, today, names, below };
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PkRecord) record =
      pk_store_find (service->store, pk_entity_by_id (PK_ENTITY_PERSON), person, &local_error);

  if (local_error == NULL && record != NULL && pk_record_get_int (record, PK_PERSON_IS_ACTIVE, 0))
    hold_person (&holding, record, &local_error);
  if (local_error == NULL)
    return number_names (&holding, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pk_grants_refresh:
 * @has_changed_out: (out) (optional): whether the person holds other scopes than before
 *
 * Works out what a person holds and keeps it. Only in a writing transaction.
 *
 * Returns: %TRUE if it is kept
 */
gboolean
pk_grants_refresh (PkService *service,
                   const PkId *person,
                   gboolean *has_changed_out,
                   GError **error)
{
  g_autoptr (GArray) scopes = pk_grants_work_out (service, person, error);

  return scopes != NULL &&
         pk_store_set_grants (service->store, person, scopes, has_changed_out, error);
}

static gboolean
collect_id (PkRecord *record, gpointer data)
{
  g_array_append_val ((GArray *) data, *pk_record_get_id (record));
  return TRUE;
}

/**
 * pk_grants_refresh_all:
 * @n_changed_out: (out) (optional): how many persons hold other scopes than before
 *
 * Works out what everybody holds. Only in a writing transaction.
 *
 * Returns: %TRUE if it is kept
 */
gboolean
pk_grants_refresh_all (PkService *service, guint *n_changed_out, GError **error)
{
  g_autoptr (GArray) persons = g_array_new (FALSE, FALSE, sizeof (PkId));
  guint n_changed = 0;

  if (!pk_store_visit (service->store,
                       pk_entity_by_id (PK_ENTITY_PERSON),
                       collect_id,
                       persons,
                       error))
    return FALSE;
  for (guint i = 0; i < persons->len; i++)
    {
      gboolean has_changed;
      if (!pk_grants_refresh (service, &g_array_index (persons, PkId, i), &has_changed, error))
        return FALSE;
      n_changed += has_changed ? 1 : 0;
    }
  if (n_changed_out != NULL)
    *n_changed_out = n_changed;
  return TRUE;
}

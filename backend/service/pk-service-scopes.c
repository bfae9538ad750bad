/* The scope rules of the model, carried out: from a record, and where a rule says so from its neighbours, to scopes. */
#include "config.h"

#include "pk-service-scopes.h"

#include "pk-scope.h"
#include "pk-store-log.h"
#include "pk-store-records.h"

typedef struct
{
  PkService *service;
  const PkEntity *entity;
  const PkRecord *record;
  GArray *scopes; /* of numbers, sorted */
} Gathering;

static void
add_number (GArray *scopes, gint64 number)
{
  guint place = scopes->len;

  while (place > 0 && g_array_index (scopes, gint64, place - 1) > number)
    place--;
  if (place == 0 || g_array_index (scopes, gint64, place - 1) != number)
    g_array_insert_val (scopes, place, number);
}

static gboolean
add_name (Gathering *self, const char *name, GError **error)
{
  gint64 number;

  if (!pk_store_intern_scope (pk_service_get_store (self->service), name, &number, error))
    return FALSE;
  if (number != 0)
    add_number (self->scopes, number);
  return TRUE;
}

static gboolean
add_id (Gathering *self, PkScopeKind kind, const PkId *id, GError **error)
{
  g_autofree char *name = kind == PK_SCOPE_PERSON ? pk_scope_name_person (id)
                          : kind == PK_SCOPE_UNIT ? pk_scope_name_unit (id)
                                                  : pk_scope_name_building (id);

  return add_name (self, name, error);
}

static const PkId *
get_ref (const Gathering *self, const char *field)
{
  if (g_str_equal (field, "id"))
    return pk_record_get_id (self->record);
  return pk_record_get_ref (self->record, (guint) pk_entity_find_field (self->entity, field));
}

static gboolean
add_path (Gathering *self, const PkScopeRule *rule, const PkId *id, GError **error)
{
  const PkEntity *target = pk_entity_by_name (rule->target);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PkRecord)
      other = pk_store_find (pk_service_get_store (self->service), target, id, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  const PkId *end =
      other ? pk_record_get_ref (other, (guint) pk_entity_find_field (target, rule->path)) : NULL;
  return end == NULL || add_id (self, rule->kind, end, error);
}

static gboolean
add_places (Gathering *self, const PkEntity *entity, const PkId *id, GError **error)
{
  g_autoptr (GArray)
      places = pk_store_get_places (pk_service_get_store (self->service), entity, id, error);

  if (places == NULL)
    return FALSE;
  for (guint i = 0; i < places->len; i++)
    add_number (self->scopes, g_array_index (places, gint64, i));
  return TRUE;
}

static gboolean
add_links (Gathering *self, const PkScopeRule *rule, GError **error)
{
  const PkEntity *target = pk_entity_by_name (rule->target);
  guint field = (guint) pk_entity_find_field (target, rule->field);
  g_autoptr (GArray) ids = pk_store_find_ids_by_ref (pk_service_get_store (self->service),
                                                     target,
                                                     field,
                                                     pk_record_get_id (self->record),
                                                     error);

  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!add_places (self, target, &g_array_index (ids, PkId, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
add_ref (Gathering *self, const PkScopeRule *rule, GError **error)
{
  const PkId *id = get_ref (self, rule->field);

  if (id == NULL)
    return TRUE;
  if (rule->kind == PK_SCOPE_FOLLOW)
    return add_places (self, pk_entity_by_name (rule->target), id, error);
  return rule->path ? add_path (self, rule, id, error) : add_id (self, rule->kind, id, error);
}

static gboolean
add_role (Gathering *self, const char *role, GError **error)
{
  g_autofree char *name = pk_scope_name_role (role);

  return add_name (self, name, error);
}

static gboolean
add_rule (Gathering *self, const PkScopeRule *rule, GError **error)
{
  switch (rule->kind)
    {
    case PK_SCOPE_EVERYONE:
      return add_name (self, "everyone", error);
    case PK_SCOPE_ROLE:
      return add_role (self, rule->field, error);
    case PK_SCOPE_LINKS:
      return add_links (self, rule, error);
    case PK_SCOPE_PERSON:
    case PK_SCOPE_UNIT:
    case PK_SCOPE_BUILDING:
    case PK_SCOPE_FOLLOW:
    default:
      return add_ref (self, rule, error);
    }
}

/**
 * pk_scopes_of_record:
 *
 * The neighbours that a rule goes through are taken as the store has them, so what a record follows must be in place before it.
 *
 * Returns: (transfer full) (nullable) (element-type gint64): numbers of the scopes that the record is in, sorted
 */
GArray *
pk_scopes_of_record (PkService *service, const PkRecord *record, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);
  g_autoptr (GArray) scopes = g_array_new (FALSE, FALSE, sizeof (gint64));
  Gathering gathering = { service, entity, record, scopes };

  for (guint i = 0; i < entity->n_scopes; i++)
    if (pk_scope_rule_applies (&entity->scopes[i], record) &&
        !add_rule (&gathering, &entity->scopes[i], error))
      return NULL;
  return g_steal_pointer (&scopes);
}

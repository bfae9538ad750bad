/*
 * Which pushes may be carried out side by side by several processes. A push names the families of what it changes: a task with all
 * that follows it is one, and so is what follows nothing and is followed by nothing else; the person is one, for the device's
 * numbers. Two pushes that name a family wait for one another, see pk_store_write_beside().
 *
 * Everything else is changed alone: what grants are worked out from, what scopes lead through (units, buildings, persons), what is
 * seen where something else is (documents), and deleting, since whatever pointed there lets go. So all that a judgement goes by
 * is either of its own family or stands still. The one exception is harmless: that a reference leads to something the person may
 * see is judged by how that was when the push began.
 */
#include "config.h"

#include "pk-service-beside.h"

#include "pk-model-tables.h"
#include "pk-mutation.h"
#include "pk-service-private.h"
#include "pk-sql.h"
#include "pk-store-others.h"
#include "pk-store-records.h"

/* The series that tasks get their numbers from. */
static const PkId numbers = { { 'n', 'u', 'm', 'b', 'e', 'r', 's' } };

struct _PkBeside
{
  PkService *service;   /* not owned */
  GPtrArray *mutations; /* (owned) */
  GArray *families; /* (owned): PkId; those found by reading are in the order of the mutations */
  PkId person;
};

static gboolean
is_ground_for_others (PkService *service, const PkEntity *entity)
{
  GArray *edges = pk_service_get_edges (service, entity);

  for (guint i = 0; i < edges->len; i++)
    if (g_array_index (edges, PkEdge, i).kind != PK_EDGE_FOLLOWER)
      return TRUE;
  switch ((PkEntityId) entity->id)
    {
    case PK_ENTITY_PERSON:
    case PK_ENTITY_MEMBERSHIP:
    case PK_ENTITY_UNIT:
    case PK_ENTITY_BUILDING:
      return TRUE;
    default:
      return FALSE;
    }
}

/* The field by which records of the entity follow another; NULL where none do. */
static const PkScopeRule *
find_follow (const PkEntity *entity)
{
  for (guint i = 0; i < entity->n_scopes; i++)
    if (entity->scopes[i].kind == PK_SCOPE_FOLLOW)
      return &entity->scopes[i];
  return NULL;
}

static gboolean
read_parent (PkBeside *self, const PkMutation *mutation, guint field, PkId *out, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PkRecord) record =
      pk_store_find (self->service->store, mutation->entity, &mutation->record, &local_error);
  const PkId *parent = record != NULL ? pk_record_get_ref (record, field) : NULL;

  *out = parent != NULL ? *parent : mutation->record;
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* What a record that follows another belongs to: the other, if that follows nothing itself. */
static gboolean
find_parent (PkBeside *self,
             const PkMutation *mutation,
             const PkScopeRule *rule,
             PkId *out,
             gboolean *can_go_on,
             GError **error)
{
  const PkEntity *parent = pk_entity_by_name (rule->target);
  guint field = (guint) pk_entity_find_field (mutation->entity, rule->field);
  const PkValue *value = pk_values_get (mutation->fields, field);

  if (parent == NULL || find_follow (parent) != NULL ||
      is_ground_for_others (self->service, parent))
    *can_go_on = FALSE;
  else if (mutation->op == PK_OP_CREATE && value != NULL && value->kind == PK_VALUE_ID)
    *out = value->id;
  else if (mutation->op == PK_OP_CREATE || value != NULL)
    *can_go_on = FALSE;
  else
    return read_parent (self, mutation, field, out, error);
  return TRUE;
}

static gboolean
add_family (PkBeside *self, const PkMutation *mutation, gboolean *can_go_on, GError **error)
{
  const PkScopeRule *follow;
  PkId family;

  if (mutation->fault != NULL)
    return TRUE;
  family = mutation->record;
  follow = find_follow (mutation->entity);
  if (mutation->op == PK_OP_DELETE || is_ground_for_others (self->service, mutation->entity))
    *can_go_on = FALSE;
  else if (follow != NULL && !find_parent (self, mutation, follow, &family, can_go_on, error))
    return FALSE;
  g_array_append_val (self->families, family);
  if (mutation->op == PK_OP_CREATE && mutation->entity->id == PK_ENTITY_TASK)
    g_array_append_val (self->families, numbers);
  return TRUE;
}

static gboolean
find_families (PkBeside *self, gboolean *can_go_on, GError **error)
{
  g_array_set_size (self->families, 0);
  g_array_append_val (self->families, self->person);
  for (guint i = 0; i < self->mutations->len && *can_go_on; i++)
    if (!add_family (self, self->mutations->pdata[i], can_go_on, error))
      return FALSE;
  return TRUE;
}

/**
 * pk_beside_new:
 * @person: who pushes
 * @mutations: (element-type PkMutation): what is pushed
 *
 * Finds out whether the push can go on beside others and tells the store so, for the transaction that is begun next.
 *
 * Returns: (transfer full) (nullable): to be checked in the transaction
 */
PkBeside *
pk_beside_new (PkService *service, const PkId *person, GPtrArray *mutations, GError **error)
{
  g_autoptr (PkBeside) self = g_new0 (PkBeside, 1);
  gboolean can_go_on = !service->is_alone && pk_store_has_others (service->store);

  self->service = service;
  self->mutations = g_ptr_array_ref (mutations);
  self->families = g_array_new (FALSE, FALSE, sizeof (PkId));
  self->person = *person;
  if (can_go_on && !find_families (self, &can_go_on, error))
    return NULL;
  if (!can_go_on)
    g_array_set_size (self->families, 0);
  pk_store_write_beside (service->store,
                         (const PkId *) (gpointer) self->families->data,
                         self->families->len);
  return g_steal_pointer (&self);
}

/**
 * pk_beside_check:
 *
 * In the transaction: whether everything still belongs where it did when the locks were chosen.
 *
 * Errors: %PK_SQL_ERROR_CONFLICT
 * Returns: %TRUE if it does
 */
gboolean
pk_beside_check (PkBeside *self, GError **error)
{
  g_autoptr (GArray) before = g_array_copy (self->families);
  gboolean can_go_on = TRUE;

  if (before->len == 0)
    return TRUE;
  if (!find_families (self, &can_go_on, error))
    return FALSE;
  if (can_go_on && before->len == self->families->len &&
      memcmp (before->data, self->families->data, before->len * sizeof (PkId)) == 0)
    return TRUE;
  g_set_error_literal (error,
                       PK_SQL_ERROR,
                       PK_SQL_ERROR_CONFLICT,
                       "What is pushed has moved meanwhile");
  return FALSE;
}

/**
 * pk_beside_free:
 *
 * Frees what was found out.
 */
void
pk_beside_free (PkBeside *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->mutations);
  g_array_unref (self->families);
  g_free (self);
}

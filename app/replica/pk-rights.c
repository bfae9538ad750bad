/* What the person may change. Reads are bounded: the person's memberships, and for personal fields the units above somebody. */
#include "config.h"

#include "pk-rights.h"

#include "pk-permission.h"
#include "pk-reader-private.h"
#include "pk-scope.h"

#define MOST_MEMBERSHIPS 200

struct _PkRights
{
  PkReader *reader;
  char *today;  /* (owned) */
  char **roles; /* (owned) */
  PkPermissionAsker asker;
};

static PkRecord *
find (gpointer data, guint entity, const PkId *id)
{
  const PkRights *self = data;

  return pk_reader_find (self->reader, pk_entity_by_id (entity), id, NULL);
}

static GPtrArray *
list_memberships (gpointer data)
{
  const PkRights *self = data;

  return pk_reader_list_children (self->reader,
                                  pk_entity_by_id (PK_ENTITY_MEMBERSHIP),
                                  PK_MEMBERSHIP_PERSON_ID,
                                  &self->asker.person,
                                  PK_LIST_FORWARD,
                                  MOST_MEMBERSHIPS,
                                  NULL);
}

static char **
list_roles (PkRights *self)
{
  g_autoptr (GStrvBuilder) roles = g_strv_builder_new ();
  g_autoptr (GPtrArray) memberships = list_memberships (self);

  for (guint i = 0; memberships != NULL && i < memberships->len; i++)
    {
      const char *role = pk_record_get_text (memberships->pdata[i], PK_MEMBERSHIP_ROLE_CODE);
      if (role != NULL && pk_permission_membership_counts (memberships->pdata[i], self->today))
        g_strv_builder_add (roles, role);
    }
  return g_strv_builder_end (roles);
}

/**
 * pk_rights_load:
 * @reader: where the person's memberships are; must outlive the rights
 * @person: who is signed in
 * @today: the day it is, "2026-11-23"
 *
 * Returns: (transfer full): what the person may change today
 */
PkRights *
pk_rights_load (PkReader *reader, const PkId *person, const char *today)
{
  PkRights *self = g_new0 (PkRights, 1);

  self->reader = reader;
  self->today = g_strdup (today);
  self->asker = (PkPermissionAsker){ .person = *person,
                                     .find = find,
                                     .list_memberships = list_memberships,
                                     .data = self };
  self->roles = list_roles (self);
  self->asker.roles = (const char *const *) self->roles;
  return self;
}

/**
 * pk_rights_free:
 * @self: (nullable): rights
 *
 * Frees them.
 */
void
pk_rights_free (PkRights *self)
{
  if (self == NULL)
    return;
  g_strfreev (self->roles);
  g_free (self->today);
  g_free (self);
}

/**
 * pk_rights_get_day:
 * @self: rights
 *
 * Returns: (transfer none): the day that they were loaded for
 */
const char *
pk_rights_get_day (const PkRights *self)
{
  return self->today;
}

/**
 * pk_rights_may_write:
 * @self: rights
 * @entity: a kind of record
 *
 * Returns: whether the person may make, change and delete such records
 */
gboolean
pk_rights_may_write (PkRights *self, const PkEntity *entity)
{
  return pk_permission_may_write (&self->asker, entity);
}

/**
 * pk_rights_may_set:
 * @self: rights
 * @record: as it is
 * @field: place of a field
 *
 * Returns: whether the person may change the field
 */
gboolean
pk_rights_may_set (PkRights *self, const PkRecord *record, guint field)
{
  return pk_permission_may_set_field (&self->asker, record, field);
}

static gboolean
holds (PkRights *self, const char *scope)
{
  PkStatement *query =
      pk_sql_prepare (self->reader->sql, "SELECT 1 FROM scope WHERE name = ?1", NULL);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_text (query, 1, scope);
  gboolean is_held = pk_statement_next (query, NULL);
  pk_statement_reset (query);
  return is_held;
}

static const PkId *
find_end (PkRights *self, const PkScopeRule *rule, const PkRecord *record, PkId *end_out)
{
  const PkEntity *entity = pk_record_get_entity (record);
  const PkId *id = g_str_equal (rule->field, "id")
                       ? pk_record_get_id (record)
                       : pk_record_get_ref (record,
                                            (guint) pk_entity_find_field (entity, rule->field));

  if (id == NULL || rule->path == NULL)
    return id;
  const PkEntity *target = pk_entity_by_name (rule->target);
  g_autoptr (PkRecord) other = pk_reader_find (self->reader, target, id, NULL);
  const PkId *end =
      other != NULL ? pk_record_get_ref (other, (guint) pk_entity_find_field (target, rule->path))
                    : NULL;
  if (end == NULL)
    return NULL;
  *end_out = *end;
  return end_out;
}

static gboolean
gives (PkRights *self, const PkScopeRule *rule, const PkRecord *record)
{
  PkId end;
  const PkId *id;

  if (rule->kind == PK_SCOPE_ROLE)
    return pk_permission_has_role (&self->asker, rule->field);
  if (rule->kind != PK_SCOPE_PERSON && rule->kind != PK_SCOPE_UNIT &&
      rule->kind != PK_SCOPE_BUILDING)
    return TRUE;
  id = find_end (self, rule, record, &end);
  if (id == NULL)
    return FALSE;
  if (rule->kind == PK_SCOPE_PERSON)
    return pk_id_equal (id, &self->asker.person);
  g_autofree char *name = rule->kind == PK_SCOPE_UNIT ? pk_scope_name_unit (id)
                                                      : pk_scope_name_building (id);
  return holds (self, name);
}

/**
 * pk_rights_keeps:
 * @self: rights
 * @record: as it would be
 *
 * The server refuses a change of fields after which the person would not see the record any more. What goes by other records
 * than the replica has is taken to be in order.
 *
 * Returns: whether the record would still be in a scope that the person holds
 */
gboolean
pk_rights_keeps (PkRights *self, const PkRecord *record)
{
  const PkEntity *entity = pk_record_get_entity (record);

  for (guint i = 0; i < entity->n_scopes; i++)
    if (pk_scope_rule_applies (&entity->scopes[i], record) &&
        gives (self, &entity->scopes[i], record))
      return TRUE;
  return FALSE;
}

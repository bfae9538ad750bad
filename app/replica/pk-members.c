/*
 * Which record is in which scope, and each scope's count and fingerprint as the replica has them. Kept by the record's id, not by its
 * row: a record that its owner deleted but has not told the server about is still a member. A record whose last scope goes is not for
 * this person any more and leaves the disk. On the writer's thread, in a transaction.
 */
#include "config.h"

#include "pk-writer-private.h"

#define MOST_SCOPES_OF_ONE 64

/**
 * pk_held_scope_new:
 *
 * Returns: (transfer full): a scope that holds nothing yet
 */
PkHeldScope *
pk_held_scope_new (const char *name)
{
  PkHeldScope *self = g_new0 (PkHeldScope, 1);

  self->name = g_strdup (name);
  return self;
}

/**
 * pk_held_scope_free:
 *
 * Frees the scope's description, not its records.
 */
void
pk_held_scope_free (PkHeldScope *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self);
}

static PkHeldScope *
read_scope (PkStatement *row)
{
  PkHeldScope *self = pk_held_scope_new (pk_statement_get_text (row, 1));

  self->number = pk_statement_get_int (row, 0);
  self->cursor = pk_statement_get_int (row, 2);
  self->count = pk_statement_get_int (row, 3);
  self->fingerprint.high = (guint64) pk_statement_get_int (row, 4);
  self->fingerprint.low = (guint64) pk_statement_get_int (row, 5);
  self->is_suspect = pk_statement_get_int (row, 6) != 0;
  self->is_repaired = pk_statement_get_int (row, 7) != 0;
  self->repaired_us = pk_statement_get_int (row, 8);
  return self;
}

/**
 * pk_members_load_scopes:
 *
 * Returns: (transfer full) (element-type PkHeldScope) (nullable): all scopes that are held, by name
 */
GPtrArray *
pk_members_load_scopes (PkWriter *self, GError **error)
{
  g_autoptr (GPtrArray)
      scopes = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_held_scope_free);
  g_autoptr (GError) local_error = NULL;
  PkStatement *query =
      pk_sql_prepare (self->sql,
                      "SELECT number, name, cursor, count, high, low, is_suspect, is_repaired,"
                      " repaired_at FROM scope ORDER BY name",
                      error);

  if (query == NULL)
    return NULL;
  while (pk_statement_next (query, &local_error))
    g_ptr_array_add (scopes, read_scope (query));
  if (local_error == NULL)
    return g_steal_pointer (&scopes);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pk_members_find_scope:
 *
 * Returns: (transfer none) (nullable): the scope with @name
 */
PkHeldScope *
pk_members_find_scope (GPtrArray *scopes, const char *name)
{
  for (guint i = 0; i < scopes->len; i++)
    {
      PkHeldScope *scope = scopes->pdata[i];
      if (!scope->is_dropped && g_str_equal (scope->name, name))
        return scope;
    }
  return NULL;
}

/**
 * pk_members_insert_scope:
 *
 * Writes a new scope and gives it its number, which is never used again.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_members_insert_scope (PkWriter *self, PkHeldScope *scope, GError **error)
{
  PkStatement *insert =
      pk_sql_prepare (self->sql,
                      "INSERT INTO scope (name, cursor, count, high, low, is_suspect, is_repaired,"
                      " repaired_at) VALUES (?1, ?2, 0, 0, 0, 0, 0, 0)",
                      error);

  if (insert == NULL)
    return FALSE;
  pk_statement_bind_text (insert, 1, scope->name);
  pk_statement_bind_int (insert, 2, scope->cursor);
  if (!pk_statement_run (insert, error))
    return FALSE;
  scope->number = pk_sql_get_last_rowid (self->sql);
  scope->is_dirty = TRUE;
  return TRUE;
}

static gboolean
save_scope (PkWriter *self, PkHeldScope *scope, GError **error)
{
  PkStatement *save = pk_sql_prepare (
      self->sql,
      "UPDATE scope SET cursor = ?2, count = ?3, high = ?4, low = ?5, is_suspect = ?6,"
      " is_repaired = ?7, repaired_at = ?8 WHERE number = ?1",
      error);

  if (save == NULL)
    return FALSE;
  pk_statement_bind_int (save, 1, scope->number);
  pk_statement_bind_int (save, 2, scope->cursor);
  pk_statement_bind_int (save, 3, scope->count);
  pk_statement_bind_int (save, 4, (gint64) scope->fingerprint.high);
  pk_statement_bind_int (save, 5, (gint64) scope->fingerprint.low);
  pk_statement_bind_int (save, 6, scope->is_suspect);
  pk_statement_bind_int (save, 7, scope->is_repaired);
  pk_statement_bind_int (save, 8, scope->repaired_us);
  return pk_statement_run (save, error);
}

/**
 * pk_members_save_scopes:
 *
 * Writes back the scopes that changed.
 *
 * Returns: %TRUE if they are written
 */
gboolean
pk_members_save_scopes (PkWriter *self, GPtrArray *scopes, GError **error)
{
  for (guint i = 0; i < scopes->len; i++)
    {
      PkHeldScope *scope = scopes->pdata[i];
      if (scope->is_dirty && !scope->is_dropped && !save_scope (self, scope, error))
        return FALSE;
    }
  return TRUE;
}

static PkHeldScope *
scope_by_number (GPtrArray *scopes, gint64 number)
{
  for (guint i = 0; i < scopes->len; i++)
    {
      PkHeldScope *scope = scopes->pdata[i];
      if (scope->number == number)
        return scope;
    }
  return NULL;
}

typedef struct
{
  gint64 scope;
  gint64 seq;
} Place;

static gboolean
find_places (PkWriter *self,
             const PkEntity *entity,
             const PkId *id,
             Place places[MOST_SCOPES_OF_ONE],
             guint *n_out,
             GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *query =
      pk_sql_prepare (self->sql,
                      "SELECT scope, seq FROM member WHERE entity = ?1 AND id = ?2 LIMIT 64",
                      error);

  *n_out = 0;
  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, entity->id);
  pk_statement_bind_id (query, 2, id);
  while (pk_statement_next (query, &local_error))
    places[(*n_out)++] = (Place){ pk_statement_get_int (query, 0),
                                  pk_statement_get_int (query, 1) };
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
put_member (PkWriter *self,
            PkHeldScope *scope,
            const PkRecord *record,
            const Place *old,
            GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);
  const PkId *id = pk_record_get_id (record);
  gint64 seq = pk_record_get_seq (record);
  PkStatement *put =
      pk_sql_prepare (self->sql,
                      "INSERT INTO member (entity, id, scope, seq) VALUES (?1, ?2, ?3, ?4)"
                      " ON CONFLICT (entity, id, scope) DO UPDATE SET seq = excluded.seq",
                      error);

  if (put == NULL)
    return FALSE;
  if (old != NULL)
    pk_fingerprint_subtract (&scope->fingerprint, entity->id, id, old->seq);
  else
    scope->count++;
  pk_fingerprint_add (&scope->fingerprint, entity->id, id, seq);
  scope->is_dirty = TRUE;
  pk_statement_bind_int (put, 1, entity->id);
  pk_statement_bind_id (put, 2, id);
  pk_statement_bind_int (put, 3, scope->number);
  pk_statement_bind_int (put, 4, seq);
  return pk_statement_run (put, error);
}

/**
 * pk_members_put:
 * @scopes: (element-type PkHeldScope): all that are held
 * @into: the scopes that the feed names
 *
 * Makes the record a member of the scopes. A new seq counts in all scopes that the record is in already.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_members_put (PkWriter *self,
                GPtrArray *scopes,
                const PkRecord *record,
                PkHeldScope *const *into,
                guint n_into,
                GError **error)
{
  Place places[MOST_SCOPES_OF_ONE];
  guint n_places;
  gint64 seq = pk_record_get_seq (record);

  if (!find_places (self,
                    pk_record_get_entity (record),
                    pk_record_get_id (record),
                    places,
                    &n_places,
                    error))
    return FALSE;
  for (guint i = 0; i < n_places; i++)
    {
      PkHeldScope *scope = scope_by_number (scopes, places[i].scope);
      if (scope != NULL && places[i].seq != seq &&
          !put_member (self, scope, record, &places[i], error))
        return FALSE;
    }
  for (guint i = 0; i < n_into; i++)
    {
      guint place = 0;
      while (place < n_places && places[place].scope != into[i]->number)
        place++;
      if (place == n_places && !put_member (self, into[i], record, NULL, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
remove_member (PkWriter *self,
               PkHeldScope *scope,
               const PkEntity *entity,
               const PkId *id,
               GError **error)
{
  PkStatement *remove =
      pk_sql_prepare (self->sql,
                      "DELETE FROM member WHERE entity = ?1 AND id = ?2 AND scope = ?3",
                      error);

  if (remove == NULL)
    return FALSE;
  pk_statement_bind_int (remove, 1, entity->id);
  pk_statement_bind_id (remove, 2, id);
  pk_statement_bind_int (remove, 3, scope->number);
  return pk_statement_run (remove, error);
}

/**
 * pk_members_leave:
 *
 * The record left the scope, if it was in it. Where that was its last one, the record goes.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_members_leave (PkWriter *self,
                  PkHeldScope *scope,
                  const PkEntity *entity,
                  const PkId *id,
                  GError **error)
{
  Place places[MOST_SCOPES_OF_ONE];
  guint n_places, place = 0;

  if (!find_places (self, entity, id, places, &n_places, error))
    return FALSE;
  while (place < n_places && places[place].scope != scope->number)
    place++;
  if (place == n_places)
    return TRUE;
  pk_fingerprint_subtract (&scope->fingerprint, entity->id, id, places[place].seq);
  scope->count--;
  scope->is_dirty = TRUE;
  if (!remove_member (self, scope, entity, id, error))
    return FALSE;
  return n_places > 1 || pk_overlay_put_server (self, entity, id, NULL, error);
}

typedef struct
{
  const PkEntity *entity;
  PkId id;
} Member;

static GArray *
list_members (PkWriter *self, gint64 scope, GError **error)
{
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (Member));
  g_autoptr (GError) local_error = NULL;
  PkStatement *query =
      pk_sql_prepare (self->sql, "SELECT entity, id FROM member WHERE scope = ?1", error);
  Member member;

  if (query == NULL)
    return NULL;
  pk_statement_bind_int (query, 1, scope);
  while (pk_statement_next (query, &local_error))
    {
      member.entity = pk_entity_by_id ((guint) pk_statement_get_int (query, 0));
      if (member.entity != NULL && pk_statement_get_id (query, 1, &member.id))
        g_array_append_val (members, member);
    }
  if (local_error == NULL)
    return g_steal_pointer (&members);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pk_members_drop_scope:
 *
 * The person does not hold the scope any more: what only it held goes.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_members_drop_scope (PkWriter *self, PkHeldScope *scope, GError **error)
{
  g_autoptr (GArray) members = list_members (self, scope->number, error);
  PkStatement *remove = pk_sql_prepare (self->sql, "DELETE FROM scope WHERE number = ?1", error);

  if (members == NULL || remove == NULL)
    return FALSE;
  for (guint i = 0; i < members->len; i++)
    {
      const Member *member = &g_array_index (members, Member, i);
      if (!pk_members_leave (self, scope, member->entity, &member->id, error))
        return FALSE;
    }
  scope->is_dropped = TRUE;
  pk_statement_bind_int (remove, 1, scope->number);
  return pk_statement_run (remove, error);
}

/**
 * pk_members_seen_key:
 *
 * Returns: (transfer full): a text that is one for each record and scope
 */
char *
pk_members_seen_key (const PkEntity *entity, const PkId *id, gint64 scope)
{
  char text[PK_ID_TEXT_LENGTH + 1];

  return g_strdup_printf ("%u/%s/%" G_GINT64_FORMAT, entity->id, pk_id_to_text (id, text), scope);
}

static GArray *
list_range (PkWriter *self, gint64 scope, const PkIdRange *range, GError **error)
{
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (Member));
  g_autoptr (GError) local_error = NULL;
  PkStatement *query = pk_sql_prepare (self->sql,
                                       "SELECT entity, id FROM member WHERE scope = ?1"
                                       " AND (entity, id) >= (?2, ?3) AND (entity, id) < (?4, ?5)",
                                       error);
  Member member;

  if (query == NULL)
    return NULL;
  pk_statement_bind_int (query, 1, scope);
  pk_statement_bind_int (query, 2, range->from.entity);
  pk_statement_bind_id (query, 3, &range->from.id);
  pk_statement_bind_int (query, 4, range->to.entity);
  pk_statement_bind_id (query, 5, &range->to.id);
  while (pk_statement_next (query, &local_error))
    {
      member.entity = pk_entity_by_id ((guint) pk_statement_get_int (query, 0));
      if (member.entity != NULL && pk_statement_get_id (query, 1, &member.id))
        g_array_append_val (members, member);
    }
  if (local_error == NULL)
    return g_steal_pointer (&members);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pk_members_sweep:
 * @range: all of the server's rows in it came
 * @seen: keys of what came
 * @n_removed: (inout): grows with each that goes
 *
 * Repairs a range: members that did not come have left the scope.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_members_sweep (PkWriter *self,
                  PkHeldScope *scope,
                  const PkIdRange *range,
                  GHashTable *seen,
                  guint *n_removed,
                  GError **error)
{
  g_autoptr (GArray) members = list_range (self, scope->number, range, error);

  if (members == NULL)
    return FALSE;
  for (guint i = 0; i < members->len; i++)
    {
      const Member *member = &g_array_index (members, Member, i);
      g_autofree char *key = pk_members_seen_key (member->entity, &member->id, scope->number);
      if (g_hash_table_contains (seen, key))
        continue;
      if (!pk_members_leave (self, scope, member->entity, &member->id, error))
        return FALSE;
      (*n_removed)++;
    }
  return TRUE;
}

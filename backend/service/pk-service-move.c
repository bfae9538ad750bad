/*
 * What moves with a record. Three kinds of edges lead from a record to others (see PkEdgeKind); the model has no circles of
 * them, so that a move ends. Neighbours are found through indexes.
 */
#include "config.h"

#include "pk-service-scopes.h"
#include "pk-service-write-private.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"

static gboolean
find_record (PkWrite *self,
             const PkEntity *entity,
             const PkId *id,
             PkRecord **record_out,
             GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *record_out = pk_store_find (self->store, entity, id, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
place_anew (PkWrite *self, PkRecord *record, GArray *scopes, GError **error)
{
  g_autoptr (PkRecord) moved = pk_record_copy (record);
  gint64 seq = pk_store_next_seq (self->store);

  pk_record_set_seq (moved, seq);
  return pk_store_put (self->store, moved, record, error) &&
         pk_store_place (self->store,
                         pk_record_get_entity (moved),
                         pk_record_get_id (moved),
                         seq,
                         scopes,
                         NULL,
                         error) &&
         pk_write_move_others (self, moved, moved, TRUE, error);
}

/**
 * pk_write_move:
 *
 * Works out anew which scopes a record is in; if these are others than before, it gets a new number, and what follows it moves
 * too. A record that does not exist is left alone.
 *
 * Returns: %TRUE if it is where it should be
 */
gboolean
pk_write_move (PkWrite *self, const PkEntity *entity, const PkId *id, GError **error)
{
  g_autoptr (PkRecord) record = NULL;

  if (!find_record (self, entity, id, &record, error))
    return FALSE;
  if (record == NULL)
    return TRUE;
  g_autoptr (GArray) scopes = pk_scopes_of_record (self->service, record, error);
  g_autoptr (GArray) places = scopes ? pk_store_get_places (self->store, entity, id, error) : NULL;
  if (places == NULL)
    return FALSE;
  return pk_store_is_same_scopes (scopes, places) || place_anew (self, record, scopes, error);
}

static gboolean
move_all (PkWrite *self, const PkEdge *edge, const PkId *ref, GError **error)
{
  g_autoptr (GArray)
      ids = pk_store_find_ids_by_ref (self->store, edge->entity, edge->field, ref, error);

  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!pk_write_move (self, edge->entity, &g_array_index (ids, PkId, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
has_changed (const PkRecord *record, const PkRecord *before, guint field)
{
  return before == NULL ||
         !pk_value_equal (pk_record_get (record, field), pk_record_get (before, field));
}

static gboolean
move_linked (PkWrite *self,
             const PkEdge *edge,
             const PkRecord *record,
             const PkRecord *before,
             gboolean has_moved,
             GError **error)
{
  const PkId *target = pk_record_get_ref (record, edge->field);
  const PkId *old = before ? pk_record_get_ref (before, edge->field) : NULL;
  gboolean is_other = has_changed (record, before, edge->field);

  if (target != NULL && (has_moved || is_other) &&
      !pk_write_move (self, edge->entity, target, error))
    return FALSE;
  return old == NULL || !is_other || pk_write_move (self, edge->entity, old, error);
}

/**
 * pk_write_move_others:
 * @record: as it is by now, placed
 * @before: (nullable): as it was; NULL where it is new
 * @has_moved: whether its scopes are others than before
 *
 * Moves what moves with the record.
 *
 * Returns: %TRUE if all are where they should be
 */
gboolean
pk_write_move_others (PkWrite *self,
                      PkRecord *record,
                      const PkRecord *before,
                      gboolean has_moved,
                      GError **error)
{
  GArray *edges = pk_service_get_edges (self->service, pk_record_get_entity (record));
  const PkId *id = pk_record_get_id (record);

  for (guint i = 0; i < edges->len; i++)
    {
      const PkEdge *edge = &g_array_index (edges, PkEdge, i);
      gboolean is_done = TRUE;
      if (edge->kind == PK_EDGE_LINKED)
        is_done = move_linked (self, edge, record, before, has_moved, error);
      else if (edge->kind == PK_EDGE_FOLLOWER ? has_moved
                                              : has_changed (record, before, edge->path))
        is_done = move_all (self, edge, id, error);
      if (!is_done)
        return FALSE;
    }
  return TRUE;
}

static gboolean
follows_something (const PkRecord *record)
{
  const PkEntity *entity = pk_record_get_entity (record);

  for (guint i = 0; i < entity->n_scopes; i++)
    if (entity->scopes[i].kind == PK_SCOPE_FOLLOW &&
        pk_record_get_ref (record, (guint) pk_entity_find_field (entity, entity->scopes[i].field)))
      return TRUE;
  return FALSE;
}

static gboolean
let_go (PkWrite *self, PkRecord *record, guint field, gboolean is_follower, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);
  g_autoptr (PkRecord) changed = pk_record_copy (record);
  PkWriteNote note = { .kind = PK_HISTORY_KIND_CHANGED };

  pk_record_set_null (changed, field);
  if (entity->fields[field].required || (is_follower && !follows_something (changed)))
    return pk_write_delete (self, record, NULL, error);
  return pk_write_put (self, changed, record, &note, 1, error);
}

static gboolean
let_all_go (PkWrite *self,
            const PkEntity *entity,
            guint field,
            const PkId *ref,
            gboolean is_follower,
            GError **error)
{
  g_autoptr (GArray) ids = pk_store_find_ids_by_ref (self->store, entity, field, ref, error);

  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      const PkId *id = &g_array_index (ids, PkId, i);
      g_autoptr (PkRecord) record = NULL;
      if (entity->id == PK_ENTITY_HISTORY)
        {
          if (!pk_write_move (self, entity, id, error))
            return FALSE;
          continue;
        }
      if (!find_record (self, entity, id, &record, error) ||
          (record != NULL && !let_go (self, record, field, is_follower, error)))
        return FALSE;
    }
  return TRUE;
}

/* What linked here: a link without its document is none. */
static gboolean
release_links (PkWrite *self, const PkRecord *record, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);

  for (guint i = 0; i < entity->n_scopes; i++)
    {
      const PkScopeRule *rule = &entity->scopes[i];
      if (rule->kind != PK_SCOPE_LINKS)
        continue;
      const PkEntity *other = pk_entity_by_name (rule->target);
      guint field = (guint) pk_entity_find_field (other, rule->field);
      if (!let_all_go (self, other, field, pk_record_get_id (record), FALSE, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
release_edge (PkWrite *self, const PkEdge *edge, const PkRecord *record, GError **error)
{
  const PkId *target;

  switch (edge->kind)
    {
    case PK_EDGE_FOLLOWER:
      return let_all_go (self, edge->entity, edge->field, pk_record_get_id (record), TRUE, error);
    case PK_EDGE_PATH:
      return move_all (self, edge, pk_record_get_id (record), error);
    case PK_EDGE_LINKED:
    default:
      target = pk_record_get_ref (record, edge->field);
      return target == NULL || pk_write_move (self, edge->entity, target, error);
    }
}

/**
 * pk_write_release_others:
 * @record: what was deleted
 *
 * Followers go with the record, unless they follow something else too; the history stays, seen by nobody who needs the record to
 * see it; what the record linked to moves.
 *
 * Returns: %TRUE if nothing hangs in the air
 */
gboolean
pk_write_release_others (PkWrite *self, PkRecord *record, GError **error)
{
  GArray *edges = pk_service_get_edges (self->service, pk_record_get_entity (record));

  if (!release_links (self, record, error))
    return FALSE;
  for (guint i = 0; i < edges->len; i++)
    if (!release_edge (self, &g_array_index (edges, PkEdge, i), record, error))
      return FALSE;
  return TRUE;
}

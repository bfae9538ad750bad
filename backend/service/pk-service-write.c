/*
 * The one way in. For each record: a number, the row, its scopes, its lines in the log, what moves with it, the history, the
 * grants – in one transaction, so that no reader sees a part. What a record follows is placed before it; a record whose scopes
 * change gets a number of its own, so that a line that says "in" always has the record's number.
 */
#include "config.h"

#include "pk-service-write.h"

#include "pk-service-scopes.h"
#include "pk-service-write-private.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-records.h"

/**
 * pk_write_begin:
 * @actor: (nullable): the person; NULL: the server itself
 *
 * Begins the transaction on the writer's service.
 *
 * Returns: (transfer full) (nullable): the write
 */
PkWrite *
pk_write_begin (PkService *service, const PkId *actor, PkWriteFlags flags, GError **error)
{
  gint64 seq;

  if (!pk_store_begin (service->store, error))
    return NULL;
  if (!pk_store_get_seq (service->store, &seq, error))
    {
      pk_store_rollback (service->store);
      return NULL;
    }
  PkWrite *self = g_new0 (PkWrite, 1);
  self->service = service;
  self->store = service->store;
  self->flags = flags;
  self->first_seq = seq;
  self->now_us = pk_service_now_us (service);
  self->stale = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, NULL);
  self->readers = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, NULL);
  pk_write_set_actor (self, actor);
  return self;
}

/**
 * pk_write_free:
 *
 * Ends the write; without a commit nothing of it has happened.
 */
void
pk_write_free (PkWrite *self)
{
  if (self == NULL)
    return;
  if (!self->is_over)
    pk_store_rollback (self->store);
  g_hash_table_unref (self->stale);
  g_hash_table_unref (self->readers);
  g_free (self);
}

/**
 * pk_write_get_now_us:
 *
 * Returns: the time of the write
 */
gint64
pk_write_get_now_us (PkWrite *self)
{
  return self->now_us;
}

/**
 * pk_write_set_now_us:
 *
 * Sets the time that the history tells, for an import of what happened before.
 */
void
pk_write_set_now_us (PkWrite *self, gint64 now_us)
{
  self->now_us = now_us;
}

/**
 * pk_write_set_actor:
 * @actor: (nullable): the person; NULL: the server itself
 *
 * Sets who the history names from here on.
 */
void
pk_write_set_actor (PkWrite *self, const PkId *actor)
{
  self->has_actor = actor != NULL;
  self->actor = actor ? *actor : (PkId){ { 0 } };
}

/**
 * pk_write_put:
 * @record: as it will be; it gets its number
 * @before: (nullable): as the store has it; NULL where it is new
 * @notes: (array length=n_notes): the first is about the record (kind, mutation), others about fields where a value gave way
 *
 * Writes a record with all that follows.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_write_put (PkWrite *self,
              PkRecord *record,
              const PkRecord *before,
              const PkWriteNote *notes,
              guint n_notes,
              GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);
  const PkId *id = pk_record_get_id (record);
  gboolean has_moved;

  pk_record_set_seq (record, pk_store_next_seq (self->store));
  if (!pk_store_put (self->store, record, before, error))
    return FALSE;
  g_autoptr (GArray) scopes = pk_scopes_of_record (self->service, record, error);
  if (scopes == NULL)
    return FALSE;
  if (!pk_store_place (self->store,
                       entity,
                       id,
                       pk_record_get_seq (record),
                       scopes,
                       &has_moved,
                       error) ||
      !pk_write_move_others (self, record, before, has_moved, error) ||
      !pk_write_mark_stale (self, record, before, error))
    return FALSE;
  pk_write_mark_readers (self, record, before);
  if (!(self->flags & PK_WRITE_NO_HISTORY) &&
      !pk_write_tell_change (self, record, before, notes, n_notes, error))
    return FALSE;
  return (self->flags & PK_WRITE_BULK) || pk_write_refresh_stale (self, error);
}

/**
 * pk_write_delete:
 * @record: as the store has it
 * @note: (nullable): for the history
 *
 * Deletes a record. What cannot be without it goes too; what merely pointed to it lets go.
 *
 * Returns: %TRUE if it is gone
 */
gboolean
pk_write_delete (PkWrite *self, PkRecord *record, const PkWriteNote *note, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);
  const PkId *id = pk_record_get_id (record);

  if (!(self->flags & PK_WRITE_NO_HISTORY) && !pk_write_tell_delete (self, record, note, error))
    return FALSE;
  if (!pk_store_delete (self->store, entity, id, error) ||
      !pk_store_place (self->store,
                       entity,
                       id,
                       pk_store_next_seq (self->store),
                       NULL,
                       NULL,
                       error) ||
      !pk_write_release_others (self, record, error) ||
      !pk_write_mark_stale (self, NULL, record, error))
    return FALSE;
  pk_write_mark_readers (self, NULL, record);
  return (self->flags & PK_WRITE_BULK) || pk_write_refresh_stale (self, error);
}

/**
 * pk_write_savepoint:
 *
 * Marks a point that can be gone back to.
 *
 * Returns: %TRUE if it is marked
 */
gboolean
pk_write_savepoint (PkWrite *self, GError **error)
{
  return pk_store_savepoint (self->store, error);
}

/**
 * pk_write_release:
 *
 * Keeps what was done since the last point.
 *
 * Returns: %TRUE if it is kept
 */
gboolean
pk_write_release (PkWrite *self, GError **error)
{
  return pk_store_release (self->store, error);
}

/**
 * pk_write_rollback_to_savepoint:
 *
 * Undoes what was done since the last point.
 */
void
pk_write_rollback_to_savepoint (PkWrite *self)
{
  pk_store_rollback_to_savepoint (self->store);
}

/**
 * pk_write_commit:
 * @seq_out: (out) (optional): the last number of the state that is durable now
 *
 * Works out the grants that are stale and commits.
 *
 * Returns: %TRUE if all of it is durable; else none of it has happened
 */
gboolean
pk_write_commit (PkWrite *self, gint64 *seq_out, GError **error)
{
  gint64 seq;

  g_return_val_if_fail (!self->is_over, FALSE);

  if (!pk_write_refresh_stale (self, error) || !pk_write_refresh_readers (self, error) ||
      !pk_store_get_seq (self->store, &seq, error))
    return FALSE;
  self->is_over = TRUE;
  if (!pk_store_commit (self->store, error))
    return FALSE;
  if (seq_out != NULL)
    *seq_out = seq;
  return TRUE;
}

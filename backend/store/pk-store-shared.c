/*
 * Several transactions in one, so that they wait for the disk once. Each is a point that can be gone back to: one that fails leaves
 * nothing behind, and those before it stay. None of them is durable before the whole is committed, so nobody may be told before that.
 */
#include "config.h"

#include "pk-store-private.h"

/**
 * pk_store_begin_shared:
 *
 * Begins a transaction that others become parts of: until [func@store_commit_shared] a commit keeps the part, and a rollback
 * undoes it.
 *
 * Returns: %TRUE if it has begun
 */
gboolean
pk_store_begin_shared (PkStore *self, GError **error)
{
  g_assert (!self->is_shared);
  self->is_shared = pk_store_begin (self, error);
  return self->is_shared;
}

/**
 * pk_store_commit_shared:
 *
 * Makes all parts durable together; where that fails, none of them has happened.
 *
 * Returns: %TRUE if they are durable
 */
gboolean
pk_store_commit_shared (PkStore *self, GError **error)
{
  g_assert (self->is_shared);
  pk_store_rollback_share (self);
  self->is_shared = FALSE;
  if (pk_store_is_writing (self))
    return pk_store_commit (self, error);
  pk_store_rollback (self);
  g_set_error (error, PK_SQL_ERROR, PK_SQL_ERROR_FAILED, "The shared transaction was undone");
  return FALSE;
}

/**
 * pk_store_begin_share:
 *
 * Begins a part. A failure of the disk may have undone the whole.
 *
 * Returns: %TRUE if it has begun
 */
gboolean
pk_store_begin_share (PkStore *self, GError **error)
{
  g_assert (self->seq_marks->len == 0);
  if (pk_store_is_writing (self))
    return pk_store_savepoint (self, error);
  g_set_error (error, PK_SQL_ERROR, PK_SQL_ERROR_FAILED, "The shared transaction was undone");
  return FALSE;
}

/**
 * pk_store_rollback_share:
 *
 * Undoes the part that is open, if there is one.
 */
void
pk_store_rollback_share (PkStore *self)
{
  while (self->seq_marks->len > 0)
    pk_store_rollback_to_savepoint (self);
}

/*
 * The writer: opens the files, runs transactions, tells what they changed; and the person's own acts.
 *
 * A mutation is first played over the visible rows in a transaction of the replica, then the outbox is committed, then the replica. A
 * crash between the two leaves a mutation that does not show: opening replays it. The other way round cannot happen. Nothing is
 * told as saved before the outbox is on disk.
 */
#include "config.h"

#include "pk-writer.h"

#include "pk-repair.h"

#define MOST_MUTATIONS 10000

static PkWriter *
writer_new (const char *directory,
            PkClock *clock,
            PkIdSource *ids,
            const PkId *person,
            PkReplicaFlags flags,
            const PkSchemaPlan *replica_plan,
            const PkSchemaPlan *outbox_plan)
{
  PkWriter *self = g_new0 (PkWriter, 1);

  self->directory = g_strdup (directory);
  self->clock = pk_clock_ref (clock);
  self->ids = pk_id_source_ref (ids);
  self->person = *person;
  self->flags = flags;
  self->replica_plan = replica_plan;
  self->outbox_plan = outbox_plan;
  self->dirty = pk_overlay_new_marks ();
  self->removed_blobs = g_ptr_array_new_with_free_func (g_free);
  self->unstored = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  self->changes = pk_change_set_new ();
  self->wanted = g_ptr_array_new ();
  return self;
}

/**
 * pk_writer_free:
 *
 * Closes both files.
 */
void
pk_writer_free (PkWriter *self)
{
  if (self == NULL)
    return;
  pk_writer_forget_stream (self);
  g_clear_pointer (&self->repair, pk_repair_free);
  pk_writer_close_replica (self);
  g_clear_pointer (&self->outbox, pk_sql_close);
  g_hash_table_unref (self->dirty);
  g_ptr_array_unref (self->removed_blobs);
  g_ptr_array_unref (self->unstored);
  pk_change_set_unref (self->changes);
  g_ptr_array_unref (self->wanted);
  pk_clock_unref (self->clock);
  pk_id_source_unref (self->ids);
  g_free (self->directory);
  g_free (self);
}

/**
 * pk_writer_reconcile:
 *
 * Makes visible what the outbox says and nothing else.
 *
 * Returns: %TRUE if it is committed
 */
gboolean
pk_writer_reconcile (PkWriter *self, GError **error)
{
  if (!pk_writer_begin (self, error))
    return FALSE;
  if (pk_overlay_mark_outstanding (self, error))
    return pk_writer_commit (self, error);
  pk_writer_rollback (self);
  return FALSE;
}

/**
 * pk_writer_open:
 * @directory: of one person on one server; made if it does not exist
 *
 * Opens the files, mends what a crash left, and starts the replica over if it is damaged. The calling thread owns the writer
 * until another adopts it.
 *
 * Errors: %PK_REPLICA_ERROR_PERSON, %PK_REPLICA_ERROR_TOO_NEW, %PK_REPLICA_ERROR_FULL, or a %PK_SQL_ERROR
 * Returns: (transfer full) (nullable): the writer
 */
PkWriter *
pk_writer_open (const char *directory,
                PkClock *clock,
                PkIdSource *ids,
                const PkId *person,
                PkReplicaFlags flags,
                GError **error)
{
  return pk_writer_open_planned (directory,
                                 clock,
                                 ids,
                                 person,
                                 flags,
                                 pk_schema_plan_of_replica (),
                                 pk_schema_plan_of_outbox (),
                                 error);
}

/**
 * pk_writer_open_planned:
 * @directory: of one person on one server
 * @replica_plan: how the replica is brought up to date
 * @outbox_plan: how the outbox is
 *
 * Opens as [func@writer_open] does, with other plans.
 *
 * Returns: (transfer full) (nullable): the writer
 */
PkWriter *
pk_writer_open_planned (const char *directory,
                        PkClock *clock,
                        PkIdSource *ids,
                        const PkId *person,
                        PkReplicaFlags flags,
                        const PkSchemaPlan *replica_plan,
                        const PkSchemaPlan *outbox_plan,
                        GError **error)
{
  g_autoptr (PkWriter)
      self = writer_new (directory, clock, ids, person, flags, replica_plan, outbox_plan);
  g_autoptr (GError) local_error = NULL;

  if (!pk_writer_guard (self, pk_writer_open_files (self, error), error))
    return NULL;
  if (pk_writer_reconcile (self, &local_error))
    return g_steal_pointer (&self);
  if (g_error_matches (local_error, PK_SQL_ERROR, PK_SQL_ERROR_FULL))
    {
      /* Reading goes on; what does not show yet is replayed with the next change. */
      g_message ("Unsent changes do not show: %s", local_error->message);
      self->needs_replay = TRUE;
      return g_steal_pointer (&self);
    }
  g_message ("The replica starts over: %s", local_error->message);
  if (!pk_writer_start_over (self, error) || !pk_writer_reconcile (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * pk_writer_adopt:
 *
 * Makes the calling thread the owner.
 */
void
pk_writer_adopt (PkWriter *self)
{
  pk_sql_adopt (self->sql);
  pk_sql_adopt (self->outbox);
}

/**
 * pk_writer_set_listener:
 * @listener: (nullable): called on the writer's thread after each commit
 *
 * Sets who is told.
 */
void
pk_writer_set_listener (PkWriter *self, PkWriterListener listener, gpointer user_data)
{
  self->listener = listener;
  self->listener_data = user_data;
}

/**
 * pk_writer_set_yield:
 * @must_yield: (nullable): whether upkeep shall give way; asked often, on the writer's thread
 *
 * Sets who says that a person waits.
 */
void
pk_writer_set_yield (PkWriter *self, PkWriterYield must_yield, gpointer user_data)
{
  self->must_yield = must_yield;
  self->yield_data = user_data;
}

/**
 * pk_writer_tell:
 *
 * Tells the listener what changed since the last time.
 */
void
pk_writer_tell (PkWriter *self)
{
  g_autoptr (PkChangeSet) changes = g_steal_pointer (&self->changes);

  self->changes = pk_change_set_new ();
  if (self->listener != NULL &&
      (pk_change_set_get_n (changes) > 0 || pk_change_set_has_outbox (changes)))
    self->listener (changes, self->listener_data);
}

/**
 * pk_writer_rollback:
 *
 * Undoes the transaction; nothing is told.
 */
void
pk_writer_rollback (PkWriter *self)
{
  pk_sql_rollback (self->sql);
  g_hash_table_remove_all (self->dirty);
  g_ptr_array_set_size (self->removed_blobs, 0);
  g_ptr_array_set_size (self->unstored, 0);
  pk_change_set_unref (self->changes);
  self->changes = pk_change_set_new ();
}

/**
 * pk_writer_begin:
 *
 * Begins a transaction on the replica.
 *
 * Returns: %TRUE if it has begun
 */
gboolean
pk_writer_begin (PkWriter *self, GError **error)
{
  if (!pk_sql_begin (self->sql, error))
    return FALSE;
  if (pk_overlay_look (self, error) &&
      (!self->needs_replay || pk_overlay_mark_outstanding (self, error)))
    return TRUE;
  pk_writer_rollback (self);
  return FALSE;
}

/**
 * pk_writer_commit:
 *
 * Replays what is marked, commits, tells. Where that fails, everything is rolled back.
 *
 * Returns: %TRUE if it is committed
 */
gboolean
pk_writer_commit (PkWriter *self, GError **error)
{
  if (!pk_overlay_replay (self, error) || !pk_search_follow (self->sql, error) ||
      !pk_writer_queue_unstored (self, error))
    {
      pk_writer_rollback (self);
      return FALSE;
    }
  if (!pk_sql_commit (self->sql, error))
    {
      pk_writer_rollback (self);
      return FALSE;
    }
  self->needs_replay = FALSE;
  if (!pk_writer_remove_orphan_blobs (self, NULL))
    g_info ("Contents that nobody needs are still on disk");
  pk_writer_tell (self);
  return TRUE;
}

/**
 * pk_writer_catch_up:
 *
 * Where the replica could not be written when the outbox was: shows what the outbox says, as far as it can be written now.
 */
void
pk_writer_catch_up (PkWriter *self)
{
  g_autoptr (GError) error = NULL;

  if (!self->needs_replay)
    return;
  gboolean is_done = pk_writer_begin (self, &error) && pk_writer_commit (self, &error);
  if (!pk_writer_guard (self, is_done, &error))
    g_message ("What the outbox says does not show yet: %s", error->message);
}

static gboolean
show_all (PkWriter *self, GPtrArray *mutations, GError **error)
{
  for (guint i = 0; i < mutations->len; i++)
    if (!pk_overlay_try (self, mutations->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
save_all (PkWriter *self, GPtrArray *mutations, gint64 replaces, GError **error)
{
  if (!pk_sql_begin (self->outbox, error))
    return FALSE;
  gboolean is_done = TRUE;
  for (guint i = 0; is_done && i < mutations->len; i++)
    is_done = pk_outbox_append (self, mutations->pdata[i], replaces, error);
  if (is_done && replaces != 0)
    is_done = pk_outbox_set_state (self, replaces, PK_OUTBOX_REPLACED, error);
  if (is_done)
    return pk_sql_commit (self->outbox, error);
  pk_sql_rollback (self->outbox);
  return FALSE;
}

static gboolean
submit (PkWriter *self, GPtrArray *mutations, gint64 replaces, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!pk_writer_begin (self, error))
    return FALSE;
  if (!pk_overlay_replay (self, error) || !pk_outbox_number (self, mutations, error) ||
      !show_all (self, mutations, error) || !save_all (self, mutations, replaces, error))
    {
      pk_writer_rollback (self);
      return FALSE;
    }
  pk_change_set_set_outbox (self->changes);
  if (pk_writer_commit (self, &local_error))
    return TRUE;
  /* It is saved; it shows as soon as the replica can be written again. */
  g_message ("A saved change does not show yet: %s", local_error->message);
  self->needs_replay = TRUE;
  pk_change_set_set_outbox (self->changes);
  pk_writer_tell (self);
  return TRUE;
}

/* Where the replica turns out to be damaged it is empty afterwards, and the work is saved on the second try. */
static gboolean
submit_again (PkWriter *self, GPtrArray *mutations, gint64 replaces, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (submit (self, mutations, replaces, &local_error))
    return TRUE;
  gboolean is_damaged = g_error_matches (local_error, PK_SQL_ERROR, PK_SQL_ERROR_CORRUPT);
  pk_writer_guard (self, FALSE, &local_error);
  if (is_damaged)
    return submit (self, mutations, replaces, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * pk_writer_submit:
 * @mutations: (element-type PkMutation): what the person did, in order; the writer numbers them
 *
 * Saves and shows, all or nothing. When it returns %TRUE the mutations are on disk.
 *
 * Errors: a %PK_PROBLEM_ERROR where the rules refuse one, %PK_REPLICA_ERROR_FULL
 * Returns: %TRUE if they are saved
 */
gboolean
pk_writer_submit (PkWriter *self, GPtrArray *mutations, GError **error)
{
  g_return_val_if_fail (mutations->len > 0 && mutations->len <= MOST_MUTATIONS, FALSE);

  return submit_again (self, mutations, 0, error);
}

static PkOutboxEntry *
find_rejected (PkWriter *self, gint64 place, GError **error)
{
  g_autoptr (PkOutboxEntry) entry = pk_outbox_find (self, place, error);

  if (entry == NULL || entry->state == PK_OUTBOX_REJECTED)
    return g_steal_pointer (&entry);
  g_set_error (error,
               PK_REPLICA_ERROR,
               PK_REPLICA_ERROR_STATE,
               "It does not need attention (any more)");
  return NULL;
}

/**
 * pk_writer_resend:
 * @place: of a rejected mutation
 * @corrected: what the person wants instead; a new mutation
 *
 * Sends a corrected mutation; the rejected one is kept beside it.
 *
 * Errors: %PK_REPLICA_ERROR_STATE, and those of [func@writer_submit]
 * Returns: %TRUE if it is saved
 */
gboolean
pk_writer_resend (PkWriter *self, gint64 place, PkMutation *corrected, GError **error)
{
  g_autoptr (GPtrArray) mutations = g_ptr_array_new ();
  g_autoptr (PkOutboxEntry) entry = find_rejected (self, place, error);

  if (entry == NULL)
    return FALSE;
  g_ptr_array_add (mutations, corrected);
  return submit_again (self, mutations, place, error);
}

static gboolean
update_outbox (PkWriter *self, const char *text, gint64 place, GError **error)
{
  PkStatement *update = pk_sql_prepare (self->outbox, text, error);

  if (update == NULL)
    return FALSE;
  pk_statement_bind_int (update, 1, place);
  pk_statement_bind_int (update, 2, pk_clock_now_us (self->clock));
  if (!pk_statement_run (update, error))
    return FALSE;
  pk_change_set_set_outbox (self->changes);
  pk_writer_tell (self);
  return TRUE;
}

/**
 * pk_writer_discard:
 * @place: of a rejected mutation
 *
 * Lets it go, because the person says so; nothing else ever does. It can be read for another 30 days.
 *
 * Errors: %PK_REPLICA_ERROR_STATE
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_discard (PkWriter *self, gint64 place, GError **error)
{
  g_autoptr (PkOutboxEntry) entry = find_rejected (self, place, error);

  return entry != NULL &&
         update_outbox (self,
                        "UPDATE mutation SET state = 7, judged_at = ?2 WHERE place = ?1",
                        place,
                        error);
}

/**
 * pk_writer_mark_seen:
 * @place: of a merged mutation
 *
 * The person has seen what became of it.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_mark_seen (PkWriter *self, gint64 place, GError **error)
{
  return update_outbox (self,
                        "UPDATE mutation SET is_seen = 1 WHERE place = ?1 AND ?2 IS NOT NULL",
                        place,
                        error);
}

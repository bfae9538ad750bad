/*
 * The outbox as synchronisation sees it: what is sent, what the server says of it, and what happens when the server lost time or the
 * device was cloned. Verdicts are committed in the outbox first, then the replica shows what follows from them. On the writer's
 * thread.
 */
#include "config.h"

#include "pk-query-replica.h"
#include "pk-repair.h"
#include "pk-writer-sync.h"

static gboolean
finish (GError *local_error, GError **error)
{
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
add_entries (PkStatement *query, GPtrArray *entries, guint max, GError **error)
{
  GError *local_error = NULL;

  while (entries->len < max && pk_statement_next (query, &local_error))
    g_ptr_array_add (entries, pk_outbox_read_line (query));
  pk_statement_reset (query);
  return finish (local_error, error);
}

static gboolean
list_unsent (PkWriter *self, GPtrArray *entries, gint64 from_n, guint max, GError **error)
{
  PkStatement *query = pk_sql_prepare (
      self->outbox,
      from_n == 0 ? "SELECT " PK_OUTBOX_COLUMNS " FROM mutation WHERE +state IN (0, 1)"
                    " AND n >= (SELECT min (n) FROM mutation WHERE state IN (0, 1))"
                    " AND ?1 = 0 ORDER BY n"
                  : "SELECT " PK_OUTBOX_COLUMNS " FROM mutation WHERE n >= ?1 ORDER BY n",
      error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, from_n);
  return add_entries (query, entries, max, error);
}

/* What a revoked device hands in: also what was refused and still waits for the person. */
static gboolean
list_all (PkWriter *self, GPtrArray *entries, gint64 without_first, guint max, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->outbox,
                                       "SELECT " PK_OUTBOX_COLUMNS
                                       " FROM mutation WHERE state IN (0, 1, 2, 5) ORDER BY place"
                                       " LIMIT -1 OFFSET ?1",
                                       error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, without_first);
  return add_entries (query, entries, max, error);
}

static gboolean
list_later (PkWriter *self, GPtrArray *entries, guint max, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->outbox,
                                       "SELECT " PK_OUTBOX_COLUMNS
                                       " FROM mutation WHERE state = 2 ORDER BY n",
                                       error);

  return query != NULL && add_entries (query, entries, max, error);
}

static gboolean
mark_sent (PkWriter *self, GPtrArray *entries, GError **error)
{
  PkStatement *mark =
      pk_sql_prepare (self->outbox,
                      "UPDATE mutation SET state = 1 WHERE state = 0 AND +n BETWEEN ?1 AND ?2",
                      error);
  gint64 first = G_MAXINT64, last = 0;

  if (mark == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    {
      const PkOutboxEntry *entry = entries->pdata[i];
      if (entry->state != PK_OUTBOX_PENDING)
        continue;
      first = MIN (first, entry->n);
      last = MAX (last, entry->n);
    }
  pk_statement_bind_int (mark, 1, first);
  pk_statement_bind_int (mark, 2, last);
  return first > last || pk_statement_run (mark, error);
}

/* What is marked may be lost in a power cut: it is pushed again then, which its id makes harmless. So nobody waits for the disk. */
static gboolean
mark_sent_lightly (PkWriter *self, GPtrArray *entries, GError **error)
{
  if (self->flags & PK_REPLICA_NO_SYNC)
    return mark_sent (self, entries, error);
  if (!pk_sql_exec (self->outbox, "PRAGMA synchronous = NORMAL", error))
    return FALSE;
  gboolean is_done = mark_sent (self, entries, error);
  return pk_sql_exec (self->outbox, "PRAGMA synchronous = FULL", is_done ? error : NULL) && is_done;
}

static gboolean
number_from_one (PkWriter *self, GError **error)
{
  PkId none = { { 0 } };

  return pk_outbox_renumber (self, 0, 1, &none, error) &&
         pk_sql_exec (self->outbox, "UPDATE mutation SET n = 0 WHERE state >= 3", error) &&
         pk_meta_set_int (self->outbox, "told_n", 0, error);
}

/*
 * All that was acknowledged and is still kept waits again; ids make that harmless where the server still knows it. Not by its age: that is
 * told by this device's clock, which may have been wrong when it was judged, or may be now.
 */
static gboolean
wait_again (PkWriter *self, GError **error)
{
  return pk_sql_exec (self->outbox,
                      "UPDATE mutation SET seq = 0, state = 0 WHERE state IN (1, 3, 4)",
                      error);
}

/*
 * A backup was restored, and no epoch has told of it yet: the server asks for numbers that it has judged once, or that nobody has any
 * more. All that was acknowledged waits again, and what waits is numbered from 1. Where that is not what the server expects it takes it
 * for a disk that was rolled back, and hands out a fresh device id.
 */
static gboolean
leave_numbers (PkWriter *self, GPtrArray *entries, guint max, GError **error)
{
  g_message ("The server has forgotten what it judged: the outbox is numbered anew");
  g_ptr_array_set_size (entries, 0);
  if (!pk_sql_begin (self->outbox, error))
    return FALSE;
  if (!wait_again (self, error) || !number_from_one (self, error))
    {
      pk_sql_rollback (self->outbox);
      return FALSE;
    }
  if (!pk_sql_commit (self->outbox, error))
    return FALSE;
  self->needs_replay = TRUE;
  pk_writer_catch_up (self);
  return list_unsent (self, entries, 0, max, error);
}

static gboolean
is_cut_off (GPtrArray *entries, gint64 from_n)
{
  return from_n > 0 && entries->len > 0 && ((PkOutboxEntry *) entries->pdata[0])->n != from_n;
}

static gboolean
is_forgotten (GPtrArray *entries, gint64 from_n)
{
  for (guint i = 0; from_n > 0 && i < entries->len; i++)
    if (((PkOutboxEntry *) entries->pdata[i])->state >= PK_OUTBOX_APPLIED)
      return TRUE;
  return FALSE;
}

/**
 * pk_writer_take_unsent:
 * @from_n: 0: the first that has no verdict; else what the server asks for; %PK_PUSH_EVERYTHING: all that is neither in effect nor let
 *   go, for a device that was revoked; k less than that: without the first k of these
 * @max: how many at most
 * @with_later: begin with those that the server could not judge
 *
 * Returns: (transfer full) (element-type PkOutboxEntry) (nullable): what to push, in order; their lines are not read
 */
GPtrArray *
pk_writer_take_unsent (PkWriter *self,
                       gint64 from_n,
                       guint max,
                       gboolean with_later,
                       GError **error)
{
  g_autoptr (GPtrArray)
      entries = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_outbox_entry_free);

  if (from_n < 0)
    return list_all (self, entries, PK_PUSH_EVERYTHING - from_n, max, error)
               ? g_steal_pointer (&entries)
               : NULL;
  if ((with_later && !list_later (self, entries, max, error)) ||
      !list_unsent (self, entries, from_n, max, error) ||
      (((!with_later && is_cut_off (entries, from_n)) || is_forgotten (entries, from_n)) &&
       !leave_numbers (self, entries, max, error)) ||
      !mark_sent_lightly (self, entries, error))
    return NULL;
  return g_steal_pointer (&entries);
}

/**
 * pk_writer_put_back_sent:
 *
 * The push was cut: nobody knows what arrived, so that all of it waits again.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_put_back_sent (PkWriter *self, GError **error)
{
  return pk_sql_exec (self->outbox, "UPDATE mutation SET state = 0 WHERE state = 1", error);
}

/* Its effect has not come back yet: the visible row is right, and one mutation less is unsent. */
static gboolean
note_sent (PkWriter *self, const PkEntity *entity, const PkId *id, GError **error)
{
  PkStatement *note = pk_sql_prepare (
      self->sql,
      "UPDATE base SET n_unsent = max (n_unsent - 1, 0) WHERE entity = ?1 AND id = ?2",
      error);

  if (note == NULL)
    return FALSE;
  pk_statement_bind_int (note, 1, entity->id);
  pk_statement_bind_id (note, 2, id);
  return pk_statement_run (note, error);
}

/* What was applied as it was shows on until the feed brings it; anything else changes what is seen. */
static gboolean
show_verdict (PkWriter *self,
              const PkVerdict *verdict,
              const PkVerdictTarget *target,
              gint64 seq,
              GError **error)
{
  if (target->entity == NULL)
    return TRUE;
  if (verdict->kind == PK_VERDICT_APPLIED && verdict->seq > seq)
    return note_sent (self, target->entity, &target->record, error);
  pk_overlay_mark (self, target->entity, &target->record);
  return TRUE;
}

static gboolean
save_in_outbox (PkWriter *self, GPtrArray *verdicts, GError **error)
{
  gint64 seq;

  if (!pk_meta_get_int (self->sql, "seq", 0, &seq, error))
    return FALSE;
  for (guint i = 0; i < verdicts->len; i++)
    {
      PkVerdictTarget target;
      if (!pk_outbox_save_verdict (self, verdicts->pdata[i], &target, error) ||
          (target.is_waiting && !show_verdict (self, verdicts->pdata[i], &target, seq, error)))
        return FALSE;
    }
  return TRUE;
}

/* Up to which number the server has spoken: also of mutations that are not kept any more, or are a cloned disk's. */
static gboolean
note_told (PkWriter *self, GPtrArray *verdicts, GError **error)
{
  gint64 told_n;

  if (!pk_meta_get_int (self->outbox, "told_n", 0, &told_n, error))
    return FALSE;
  for (guint i = 0; i < verdicts->len; i++)
    told_n = MAX (told_n, ((PkVerdict *) verdicts->pdata[i])->n);
  return pk_meta_set_int (self->outbox, "told_n", told_n, error);
}

/**
 * pk_writer_save_verdicts:
 * @verdicts: (element-type PkVerdict): in any order; known ones change nothing
 *
 * Commits verdicts in the outbox and marks the records. In a transaction of the replica.
 *
 * Returns: %TRUE if they are written
 */
gboolean
pk_writer_save_verdicts (PkWriter *self, GPtrArray *verdicts, GError **error)
{
  if (!pk_sql_begin (self->outbox, error))
    return FALSE;
  if (!save_in_outbox (self, verdicts, error) || !note_told (self, verdicts, error))
    {
      pk_sql_rollback (self->outbox);
      return FALSE;
    }
  pk_change_set_set_outbox (self->changes);
  return pk_sql_commit (self->outbox, error);
}

static gboolean
take_verdicts (PkWriter *self, GPtrArray *verdicts, GError **error)
{
  if (!pk_writer_begin (self, error))
    return FALSE;
  if (pk_writer_save_verdicts (self, verdicts, error))
    return pk_writer_commit (self, error);
  pk_writer_rollback (self);
  return FALSE;
}

/**
 * pk_writer_take_verdicts:
 * @verdicts: (element-type PkVerdict): the server's answer to a push
 *
 * What was rejected does not show any more and needs attention; what was applied shows on until the feed brings it.
 *
 * Returns: %TRUE if they are written
 */
gboolean
pk_writer_take_verdicts (PkWriter *self, GPtrArray *verdicts, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean is_done = take_verdicts (self, verdicts, &local_error);

  if (!is_done)
    self->needs_replay = TRUE;
  return pk_writer_guard (self, is_done, &local_error) ||
         finish (g_steal_pointer (&local_error), error);
}

/**
 * pk_writer_mark_settled:
 * @old_seq: the state that was held
 * @new_seq: the state that is held now
 *
 * Marks the records of acknowledged mutations whose effect has come back.
 *
 * Returns: %TRUE unless the outbox could not be read
 */
gboolean
pk_writer_mark_settled (PkWriter *self, gint64 old_seq, gint64 new_seq, GError **error)
{
  GError *local_error = NULL;
  PkId id;
  PkStatement *query =
      pk_sql_prepare (self->outbox,
                      "SELECT entity, record FROM mutation WHERE state IN (3, 4) AND seq > ?1"
                      " AND seq <= ?2",
                      error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, old_seq);
  pk_statement_bind_int (query, 2, new_seq);
  while (pk_statement_next (query, &local_error))
    {
      const PkEntity *entity = pk_entity_by_id ((guint) pk_statement_get_int (query, 0));
      if (entity != NULL && pk_statement_get_id (query, 1, &id))
        pk_overlay_mark (self, entity, &id);
    }
  return finish (local_error, error);
}

/**
 * pk_writer_get_device:
 * @device_out: (out): all zero where there is none yet
 *
 * Returns: whether this device has an id
 */
gboolean
pk_writer_get_device (PkWriter *self, PkId *device_out)
{
  return pk_meta_get_id (self->outbox, "device", device_out, NULL) && !pk_id_is_null (device_out);
}

/**
 * pk_writer_get_epoch:
 * @epoch_out: (out): of the server's history that is held; all zero where there is none yet
 *
 * Returns: %TRUE unless the file could not be read
 */
gboolean
pk_writer_get_epoch (PkWriter *self, PkId *epoch_out, GError **error)
{
  return pk_meta_get_id (self->sql, "epoch", epoch_out, error);
}

/**
 * pk_writer_set_device:
 *
 * Keeps the id that the server gave this device at sign-in. The numbers of the outbox stay.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_set_device (PkWriter *self, const PkId *device, GError **error)
{
  return pk_meta_set_id (self->outbox, "device", device, error);
}

/* Numbers of another history say nothing in this one: whatever comes replaces what is kept. */
static gboolean
forget_numbers (PkWriter *self, GError **error)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      g_autofree char *text = pk_query_forget_seq (&pk_model.entities[i]);
      if (!pk_sql_exec (self->sql, text, error))
        return FALSE;
    }
  return pk_sql_exec (self->sql,
                      "UPDATE base SET record = json_set (record, '$.seq', 0)"
                      " WHERE record IS NOT NULL",
                      error);
}

/* What the server lacks stays for the pause before a repair: others' devices may still bring it back. */
static gboolean
begin_anew (PkWriter *self, GError **error)
{
  PkStatement *update = pk_sql_prepare (
      self->sql,
      "UPDATE scope SET cursor = 0, is_suspect = 0, is_repaired = 0, repaired_at = ?1",
      error);

  if (update == NULL)
    return FALSE;
  pk_statement_bind_int (update, 1, pk_clock_now_us (self->clock));
  return pk_statement_run (update, error) && forget_numbers (self, error);
}

/* Numbered from 1: refused ones stay refused, so that the old numbers have gaps, and those from before a fork have none. */
static gboolean
line_up_again (PkWriter *self, const PkId *epoch, GError **error)
{
  if (!pk_sql_begin (self->outbox, error))
    return FALSE;
  if (wait_again (self, error) && number_from_one (self, error) &&
      pk_writer_note_epoch (self, epoch, error))
    return pk_sql_commit (self->outbox, error);
  pk_sql_rollback (self->outbox);
  return FALSE;
}

static gboolean
change_epoch (PkWriter *self, const PkId *epoch, GError **error)
{
  if (!line_up_again (self, epoch, error))
    return FALSE;
  self->needs_replay = TRUE;
  if (!pk_writer_begin (self, error))
    return FALSE;
  if (begin_anew (self, error) && pk_meta_set_int (self->sql, "seq", 0, error) &&
      pk_meta_set_int (self->sql, "grants", 0, error) &&
      pk_meta_set_id (self->sql, "epoch", epoch, error) &&
      pk_overlay_mark_outstanding (self, error))
    {
      pk_change_set_set_outbox (self->changes);
      return pk_writer_commit (self, error);
    }
  pk_writer_rollback (self);
  return FALSE;
}

/**
 * pk_writer_change_epoch:
 * @epoch: the server's new one
 *
 * The server lost time (a restored backup). Everything is kept; what it acknowledged in the last 30 days waits to be sent again, and
 * the feed is asked for from the beginning. Nothing is deleted because the server lacks it.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_change_epoch (PkWriter *self, const PkId *epoch, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  pk_writer_forget_stream (self);
  g_clear_pointer (&self->repair, pk_repair_free);
  self->cursor_version++;
  return pk_writer_guard (self, change_epoch (self, epoch, &local_error), &local_error) ||
         finish (g_steal_pointer (&local_error), error);
}

/**
 * pk_writer_change_device:
 * @device: the fresh id that the server handed out
 *
 * The device was cloned or rolled back, or the server misses numbers that are not kept any more: what has no verdict is numbered from
 * 1 under the new id. Mutations keep their own ids, so that none takes effect twice.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_writer_change_device (PkWriter *self, const PkId *device, GError **error)
{
  if (!pk_sql_begin (self->outbox, error))
    return FALSE;
  if (number_from_one (self, error) && pk_meta_set_id (self->outbox, "device", device, error))
    return pk_sql_commit (self->outbox, error);
  pk_sql_rollback (self->outbox);
  return FALSE;
}

/* The next one has it. The server may have judged it all the same: it is asked, see find_unsure() in pk-apply.c. */
static gboolean
give_up_number (PkWriter *self, gint64 place, GError **error)
{
  PkStatement *update =
      pk_sql_prepare (self->outbox, "UPDATE mutation SET n = 0, seq = -1 WHERE place = ?1", error);

  if (update == NULL)
    return FALSE;
  pk_statement_bind_int (update, 1, place);
  return pk_statement_run (update, error);
}

static gboolean
set_aside (PkWriter *self, PkOutboxEntry *entry, const GError *fault, GError **error)
{
  g_autoptr (PkVerdict) verdict = pk_verdict_new (entry->n, &entry->id, PK_VERDICT_REJECTED, 0);
  PkVerdictTarget target;
  gint64 n = entry->n;
  PkId prev = entry->mutation != NULL ? entry->mutation->prev : (PkId){ { 0 } };

  pk_verdict_set_fault (verdict, fault);
  if (!pk_sql_begin (self->outbox, error))
    return FALSE;
  if (pk_outbox_save_verdict (self, verdict, &target, error) &&
      pk_outbox_renumber (self, n, n, &prev, error) && give_up_number (self, target.place, error))
    return pk_sql_commit (self->outbox, error);
  pk_sql_rollback (self->outbox);
  return FALSE;
}

/**
 * pk_writer_set_aside_first:
 * @fault: why it could not be sent
 *
 * The first that waits is refused before anybody judged it: it needs attention, and those behind it move up.
 *
 * Returns: %TRUE if it is written, also if nothing waits
 */
gboolean
pk_writer_set_aside_first (PkWriter *self, const GError *fault, GError **error)
{
  g_autoptr (GPtrArray)
      entries = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_outbox_entry_free);

  if (!list_unsent (self, entries, 0, 1, error))
    return FALSE;
  if (entries->len == 0)
    return TRUE;
  if (!set_aside (self, entries->pdata[0], fault, error))
    return FALSE;
  /* From here on the outbox says so: where the replica cannot be written now, it follows later. */
  self->needs_replay = TRUE;
  if (!pk_writer_begin (self, error))
    return FALSE;
  pk_change_set_set_outbox (self->changes);
  return pk_writer_commit (self, error);
}

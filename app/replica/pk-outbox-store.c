/*
 * The outbox's table of mutations, on the writer's thread. A row is written once and then only its state, its verdict and – after a
 * fork – its number change. The line is the JSON that is pushed, whole and versioned, so that another program version, or
 * somebody with a text editor, can read what the person did.
 */
#include "config.h"

#include "pk-writer-private.h"

#include "pk-time.h"

#include <string.h>

#define KEEP_US (30 * G_TIME_SPAN_DAY)

/**
 * pk_outbox_entry_free:
 *
 * Frees the entry.
 */
void
pk_outbox_entry_free (PkOutboxEntry *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->mutation, pk_mutation_unref);
  g_clear_pointer (&self->verdict, pk_verdict_free);
  g_free (self->line);
  g_free (self);
}

static PkOutboxState
read_state (PkStatement *row, int column)
{
  gint64 state = pk_statement_get_int (row, column);

  return state < PK_OUTBOX_PENDING || state > PK_OUTBOX_QUARANTINED ? PK_OUTBOX_PENDING
                                                                    : (PkOutboxState) state;
}

/**
 * pk_outbox_entry_dup_mutation:
 *
 * Returns: (transfer full) (nullable): what the line says; NULL where this program cannot read it
 */
PkMutation *
pk_outbox_entry_dup_mutation (const PkOutboxEntry *self)
{
  g_autoptr (PkMutation) mutation = pk_mutation_read (self->line, strlen (self->line), NULL);

  return mutation != NULL && mutation->fault == NULL ? g_steal_pointer (&mutation) : NULL;
}

/**
 * pk_outbox_read_line:
 * @row: the columns of a mutation in their order
 *
 * For what is only sent on: neither its line nor its verdict is understood, and the entry has no mutation and no verdict.
 *
 * Returns: (transfer full): the entry
 */
PkOutboxEntry *
pk_outbox_read_line (PkStatement *row)
{
  PkOutboxEntry *self = g_new0 (PkOutboxEntry, 1);

  self->place = pk_statement_get_int (row, 0);
  self->n = pk_statement_get_int (row, 1);
  pk_statement_get_id (row, 2, &self->id);
  self->entity = pk_entity_by_id ((guint) pk_statement_get_int (row, 3));
  pk_statement_get_id (row, 4, &self->record);
  self->at_us = pk_statement_get_int (row, 5);
  self->line = g_strdup (pk_statement_get_text (row, 6));
  self->state = read_state (row, 7);
  self->judged_us = pk_statement_get_int (row, 10);
  self->replaces = pk_statement_get_int (row, 11);
  self->is_seen = pk_statement_get_int (row, 12) != 0;
  return self;
}

/**
 * pk_outbox_read_entry:
 * @row: the columns of a mutation in their order
 *
 * Returns: (transfer full): the entry
 */
PkOutboxEntry *
pk_outbox_read_entry (PkStatement *row)
{
  PkOutboxEntry *self = pk_outbox_read_line (row);
  const char *verdict = pk_statement_get_text (row, 9);

  if (verdict != NULL)
    self->verdict = pk_verdict_read (verdict, strlen (verdict), NULL);
  self->mutation = pk_outbox_entry_dup_mutation (self);
  return self;
}

static GPtrArray *
read_entries (PkStatement *query, GError **error)
{
  g_autoptr (GPtrArray)
      entries = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_outbox_entry_free);
  g_autoptr (GError) local_error = NULL;

  while (pk_statement_next (query, &local_error))
    g_ptr_array_add (entries, pk_outbox_read_entry (query));
  if (local_error == NULL)
    return g_steal_pointer (&entries);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pk_outbox_number:
 * @mutations: whose n, id, prev, time and model are filled in
 *
 * Numbers new mutations behind the last one. They are not written yet.
 *
 * Returns: %TRUE if the last number could be read
 */
gboolean
pk_outbox_number (PkWriter *self, GPtrArray *mutations, GError **error)
{
  gint64 last_n;
  PkId last_id;

  if (!pk_meta_get_int (self->outbox, "last_n", 0, &last_n, error) ||
      !pk_meta_get_id (self->outbox, "last_id", &last_id, error))
    return FALSE;
  for (guint i = 0; i < mutations->len; i++)
    {
      PkMutation *mutation = mutations->pdata[i];
      mutation->n = ++last_n;
      mutation->prev = last_id;
      if (pk_id_is_null (&mutation->id))
        mutation->id = pk_id_source_next (self->ids);
      if (mutation->at_us == 0)
        mutation->at_us = pk_clock_now_us (self->clock);
      mutation->model = PK_MODEL_VERSION;
      last_id = mutation->id;
    }
  return TRUE;
}

/**
 * pk_outbox_append:
 * @mutation: numbered
 * @replaces: place of the rejected one that it corrects; 0 if it is new
 *
 * Writes a mutation as pending. In a transaction of the outbox.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_outbox_append (PkWriter *self, PkMutation *mutation, gint64 replaces, GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  PkStatement *insert = pk_sql_prepare (
      self->outbox,
      "INSERT INTO mutation (n, id, entity, record, at, line, state, seq, judged_at,"
      " replaces, is_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, ?7, 0)",
      error);

  if (insert == NULL)
    return FALSE;
  pk_mutation_append_json (line, mutation);
  pk_statement_bind_int (insert, 1, mutation->n);
  pk_statement_bind_id (insert, 2, &mutation->id);
  pk_statement_bind_int (insert, 3, mutation->entity->id);
  pk_statement_bind_id (insert, 4, &mutation->record);
  pk_statement_bind_int (insert, 5, mutation->at_us);
  pk_statement_bind_text (insert, 6, line->str);
  pk_statement_bind_int (insert, 7, replaces);
  return pk_statement_run (insert, error) &&
         pk_meta_set_int (self->outbox, "last_n", mutation->n, error) &&
         pk_meta_set_id (self->outbox, "last_id", &mutation->id, error);
}

/**
 * pk_outbox_list_active:
 * @seq: the server's state that the replica holds
 *
 * Returns: (transfer full): the mutations of a record that show on top of the server's version, in their order: those without a
 *   verdict, and those whose effect has not come back yet
 */
GPtrArray *
pk_outbox_list_active (PkWriter *self, const PkId *record, gint64 seq, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->outbox,
                                       "SELECT " PK_OUTBOX_COLUMNS
                                       " FROM mutation WHERE record = ?1 AND (state IN (0, 1, 2)"
                                       " OR (state IN (3, 4) AND seq > ?2)) ORDER BY place",
                                       error);

  if (query == NULL)
    return NULL;
  pk_statement_bind_id (query, 1, record);
  pk_statement_bind_int (query, 2, seq);
  return read_entries (query, error);
}

/**
 * pk_outbox_find:
 *
 * Errors: %PK_REPLICA_ERROR_STATE if there is none
 * Returns: (transfer full) (nullable): the entry at @place
 */
PkOutboxEntry *
pk_outbox_find (PkWriter *self, gint64 place, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->outbox,
                                       "SELECT " PK_OUTBOX_COLUMNS
                                       " FROM mutation WHERE place = ?1",
                                       error);

  if (query == NULL)
    return NULL;
  pk_statement_bind_int (query, 1, place);
  g_autoptr (GPtrArray) entries = read_entries (query, error);
  if (entries == NULL)
    return NULL;
  if (entries->len > 0)
    return g_ptr_array_steal_index (entries, 0);
  g_set_error (error,
               PK_REPLICA_ERROR,
               PK_REPLICA_ERROR_STATE,
               "There is nothing at place %" G_GINT64_FORMAT,
               place);
  return NULL;
}

/**
 * pk_outbox_set_state:
 *
 * Returns: %TRUE if the state is written
 */
gboolean
pk_outbox_set_state (PkWriter *self, gint64 place, PkOutboxState state, GError **error)
{
  PkStatement *set =
      pk_sql_prepare (self->outbox, "UPDATE mutation SET state = ?2 WHERE place = ?1", error);

  if (set == NULL)
    return FALSE;
  pk_statement_bind_int (set, 1, place);
  pk_statement_bind_int (set, 2, state);
  return pk_statement_run (set, error);
}

static gboolean
has_effect (const PkVerdict *verdict)
{
  return verdict->kind == PK_VERDICT_APPLIED || verdict->kind == PK_VERDICT_MERGED;
}

/*
 * A judgement stands, and so does the person's decision about it, until the mutation waits again or the server takes it over. But what
 * took effect, did: a push may arrive although this device gave it up.
 */
static gboolean
is_waiting (PkOutboxState state, const PkVerdict *verdict)
{
  return (has_effect (verdict) && (state == PK_OUTBOX_REJECTED || state == PK_OUTBOX_REPLACED ||
                                   state == PK_OUTBOX_DISCARDED)) ||
         (verdict->is_quarantined && state == PK_OUTBOX_REJECTED) || state == PK_OUTBOX_PENDING ||
         state == PK_OUTBOX_SENT || state == PK_OUTBOX_LATER;
}

/* Only what a verdict asks for: verdicts come in hundreds, and what was done is not read again for them. */
static gboolean
find_target (PkWriter *self, const PkVerdict *verdict, PkVerdictTarget *target, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *query =
      pk_sql_prepare (self->outbox,
                      "SELECT place, entity, record, state FROM mutation WHERE id = ?1",
                      error);

  *target = (PkVerdictTarget){ 0 };
  if (query == NULL)
    return FALSE;
  pk_statement_bind_id (query, 1, &verdict->id);
  if (pk_statement_next (query, &local_error))
    {
      target->place = pk_statement_get_int (query, 0);
      target->entity = pk_entity_by_id ((guint) pk_statement_get_int (query, 1));
      pk_statement_get_id (query, 2, &target->record);
      target->is_waiting = is_waiting (read_state (query, 3), verdict);
    }
  pk_statement_reset (query);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static PkOutboxState
state_of_verdict (const PkVerdict *verdict)
{
  switch (verdict->kind)
    {
    case PK_VERDICT_APPLIED:
      return PK_OUTBOX_APPLIED;
    case PK_VERDICT_MERGED:
      return PK_OUTBOX_MERGED;
    case PK_VERDICT_REJECTED:
      return verdict->is_quarantined ? PK_OUTBOX_QUARANTINED : PK_OUTBOX_REJECTED;
    case PK_VERDICT_LATER:
    default:
      return PK_OUTBOX_LATER;
    }
}

/* What is left here of a mutation that the server keeps: what it was about, nothing of what was written. */
static char *
blank_line (PkWriter *self, gint64 place, GError **error)
{
  g_autoptr (PkOutboxEntry) entry = pk_outbox_find (self, place, error);
  GString *line = NULL;

  if (entry == NULL)
    return NULL;
  line = g_string_new (NULL);
  if (entry->mutation == NULL)
    {
      g_string_append_printf (line, "{\"n\":%" G_GINT64_FORMAT ",\"id\":", MAX (entry->n, 1));
      pk_json_append_id (line, &entry->id);
      g_string_append (line, ",\"prev\":\"00000000-0000-0000-0000-000000000000\"}");
      return g_string_free (line, FALSE);
    }
  const PkMutation *from = entry->mutation;
  g_autoptr (PkMutation)
      blank = pk_mutation_new (from->op, from->entity, from->command, &from->record);
  blank->n = from->n;
  blank->id = from->id;
  blank->prev = from->prev;
  blank->at_us = from->at_us;
  pk_mutation_append_json (line, blank);
  return g_string_free (line, FALSE);
}

/**
 * pk_outbox_save_verdict:
 * @target_out: (out): what it is about; not waiting where it changed nothing
 *
 * In a transaction of the outbox.
 *
 * Returns: %TRUE unless the file could not be written
 */
gboolean
pk_outbox_save_verdict (PkWriter *self,
                        const PkVerdict *verdict,
                        PkVerdictTarget *target_out,
                        GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);

  if (!find_target (self, verdict, target_out, error))
    return FALSE;
  if (!target_out->is_waiting)
    return TRUE;
  PkStatement *set =
      pk_sql_prepare (self->outbox,
                      "UPDATE mutation SET state = ?2, seq = ?3, verdict = ?4, judged_at = ?5,"
                      " line = coalesce (?6, line) WHERE place = ?1",
                      error);
  g_autofree char *blank = NULL;
  if (set == NULL || (state_of_verdict (verdict) == PK_OUTBOX_QUARANTINED &&
                      (blank = blank_line (self, target_out->place, error)) == NULL))
    return FALSE;
  pk_verdict_append_json (line, verdict);
  pk_statement_bind_int (set, 1, target_out->place);
  pk_statement_bind_int (set, 2, state_of_verdict (verdict));
  pk_statement_bind_int (set, 3, verdict->seq);
  pk_statement_bind_text (set, 4, line->str);
  pk_statement_bind_int (set, 5, pk_clock_now_us (self->clock));
  pk_statement_bind_text (set, 6, blank);
  return pk_statement_run (set, error);
}

/* The envelope is ours and always begins alike; what follows "op" is kept to the letter, also what this program cannot read. */
static char *
renumber_line (const PkOutboxEntry *entry, gint64 n, const PkId *prev)
{
  const char *rest = strstr (entry->line, ",\"op\":");
  g_autoptr (GString) line = g_string_new (NULL);

  if (rest == NULL)
    return g_strdup (entry->line);
  g_string_append_printf (line, "{\"n\":%" G_GINT64_FORMAT ",\"id\":", n);
  pk_json_append_id (line, &entry->id);
  g_string_append (line, ",\"prev\":");
  pk_json_append_id (line, prev);
  g_string_append (line, rest);
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static gboolean
save_number (PkWriter *self, const PkOutboxEntry *entry, gint64 n, const char *line, GError **error)
{
  PkStatement *set =
      pk_sql_prepare (self->outbox,
                      "UPDATE mutation SET n = ?2, line = ?3, state = 0 WHERE place = ?1",
                      error);

  if (set == NULL)
    return FALSE;
  pk_statement_bind_int (set, 1, entry->place);
  pk_statement_bind_int (set, 2, n);
  pk_statement_bind_text (set, 3, line);
  return pk_statement_run (set, error);
}

/**
 * pk_outbox_renumber:
 * @from_n: what is numbered below stays
 * @first_n: the first new number
 * @prev: the id before it
 *
 * Numbers what has no verdict anew, in the order it was made. In a transaction of the outbox.
 *
 * Returns: %TRUE if all of it is written
 */
gboolean
pk_outbox_renumber (PkWriter *self, gint64 from_n, gint64 first_n, const PkId *prev, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->outbox,
                                       "SELECT " PK_OUTBOX_COLUMNS
                                       " FROM mutation WHERE state IN (0, 1, 2) AND n >= ?1"
                                       " ORDER BY place",
                                       error);
  g_autoptr (GPtrArray) entries = NULL;
  PkId last = *prev;
  gint64 n = first_n;

  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, from_n);
  entries = read_entries (query, error);
  if (entries == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    {
      const PkOutboxEntry *entry = entries->pdata[i];
      g_autofree char *line = renumber_line (entry, n, &last);
      if (!save_number (self, entry, n, line, error))
        return FALSE;
      last = entry->id;
      n++;
    }
  return pk_meta_set_int (self->outbox, "last_n", n - 1, error) &&
         pk_meta_set_id (self->outbox, "last_id", &last, error);
}

/**
 * pk_outbox_prune:
 * @n_out: (out): how many went
 *
 * Forgets what was acknowledged, replaced or let go more than 30 days ago. In a transaction of the outbox.
 *
 * Returns: %TRUE unless the file could not be written
 */
gboolean
pk_outbox_prune (PkWriter *self, guint *n_out, GError **error)
{
  PkStatement *prune =
      pk_sql_prepare (self->outbox,
                      "DELETE FROM mutation WHERE state IN (3, 4, 6, 7, 8) AND judged_at < ?1",
                      error);

  *n_out = 0;
  if (prune == NULL)
    return FALSE;
  pk_statement_bind_int (prune, 1, pk_clock_now_us (self->clock) - KEEP_US);
  if (!pk_statement_run (prune, error))
    return FALSE;
  *n_out = pk_sql_get_changes (self->outbox);
  return TRUE;
}

/*
 * Repair of a scope whose count or fingerprint differs from the server's. The server is asked what it has in ranges of the scope;
 * ranges that differ are asked for again in smaller parts, and the smallest come whole. Each answer is compared in the transaction
 * that brings the replica to the same state, so that writing goes on on both sides meanwhile. The outbox has no part in it.
 *
 * A scope is repaired at most once an hour. A repair that the program's end cut short is taken up again at once, from the beginning.
 * On the writer's thread.
 */
#include "config.h"

#include "pk-repair.h"

#include "pk-writer-sync.h"

#define REPAIR_PAUSE_US G_TIME_SPAN_HOUR
/* The scopes that fit into memory are divided to the last record in fewer: who needs more is not told the truth. */
#define MOST_ROUNDS 16
/* Where so many of the sixteen parts differ, asking on costs more than the rows. */
#define MANY_PARTS 12
#define MOST_ASKED 512

struct _PkRepair
{
  char *scope;    /* (owned) */
  GArray *ranges; /* (owned): PkIdRange: to be asked for next */
  guint n_rounds;
  guint n_changed; /* rows that came in whole ranges */
  guint n_removed;
  gboolean is_asked;
};

/**
 * pk_repair_free:
 *
 * Forgets a repair that is under way; its scope is still suspect.
 */
void
pk_repair_free (PkRepair *self)
{
  if (self == NULL)
    return;
  g_free (self->scope);
  g_array_unref (self->ranges);
  g_free (self);
}

/**
 * pk_repair_concerns:
 * @self: (nullable): the repair that is under way
 *
 * Returns: whether it is of the scope with this name
 */
gboolean
pk_repair_concerns (const PkRepair *self, const char *scope)
{
  return self != NULL && g_str_equal (self->scope, scope);
}

static PkRepair *
repair_new (const char *scope)
{
  PkRepair *self = g_new0 (PkRepair, 1);
  PkIdRange whole = pk_id_range_whole ();

  self->scope = g_strdup (scope);
  self->ranges = g_array_new (FALSE, FALSE, sizeof (PkIdRange));
  g_array_append_val (self->ranges, whole);
  return self;
}

static gboolean
is_due (PkWriter *writer, const PkHeldScope *scope)
{
  gint64 pause_us = ABS (pk_clock_now_us (writer->clock) - scope->repaired_us);

  return scope->cursor > 0 &&
         (scope->is_repaired ||
          (scope->is_suspect && (scope->repaired_us == 0 || pause_us >= REPAIR_PAUSE_US)));
}

static void
start (PkWriter *writer, PkHeldScope *scope)
{
  g_message ("Scope %s is repaired", scope->name);
  writer->repair = repair_new (scope->name);
  scope->is_repaired = TRUE;
  scope->repaired_us = pk_clock_now_us (writer->clock);
  scope->is_dirty = TRUE;
}

/**
 * pk_repair_fill_request:
 * @scopes: (element-type PkHeldScope): all that are held
 *
 * Begins a repair if one is due, and asks for what it needs to know next.
 */
void
pk_repair_fill_request (PkWriter *writer, PkPullRequest *request, GPtrArray *scopes)
{
  if (writer->repair != NULL && pk_members_find_scope (scopes, writer->repair->scope) == NULL)
    g_clear_pointer (&writer->repair, pk_repair_free);
  for (guint i = 0; writer->repair == NULL && i < scopes->len; i++)
    if (is_due (writer, scopes->pdata[i]))
      start (writer, scopes->pdata[i]);
  if (writer->repair == NULL)
    return;
  writer->repair->is_asked = TRUE;
  request->repair = g_strdup (writer->repair->scope);
  request->ranges = g_array_copy (writer->repair->ranges);
}

/* A walk through one part of the members, in its order. */
static gboolean
sum_part (PkWriter *writer, gint64 scope, const PkIdRange *range, PkIdRangeSum *sum, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *query = pk_sql_prepare (writer->sql,
                                       "SELECT entity, id, seq FROM member WHERE scope = ?1"
                                       " AND (entity, id) >= (?2, ?3) AND (entity, id) < (?4, ?5)",
                                       error);
  PkId id;

  *sum = (PkIdRangeSum){ .range = *range };
  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, scope);
  pk_statement_bind_int (query, 2, range->from.entity);
  pk_statement_bind_id (query, 3, &range->from.id);
  pk_statement_bind_int (query, 4, range->to.entity);
  pk_statement_bind_id (query, 5, &range->to.id);
  while (pk_statement_next (query, &local_error))
    {
      guint entity = (guint) pk_statement_get_int (query, 0);
      if (!pk_statement_get_id (query, 1, &id))
        continue;
      sum->count++;
      pk_fingerprint_add (&sum->fingerprint, entity, &id, pk_statement_get_int (query, 2));
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
find_different (PkWriter *writer, gint64 scope, GArray *parts, GArray *into, GError **error)
{
  for (guint i = 0; i < parts->len; i++)
    {
      const PkIdRangeSum *theirs = &g_array_index (parts, PkIdRangeSum, i);
      PkIdRangeSum ours;
      if (!sum_part (writer, scope, &theirs->range, &ours, error))
        return FALSE;
      PkIdRange range = theirs->range;
      range.wants_rows = theirs->count <= PK_ID_RANGE_LEAF;
      if (ours.count != theirs->count ||
          !pk_fingerprint_equal (&ours.fingerprint, &theirs->fingerprint))
        g_array_append_val (into, range);
    }
  return TRUE;
}

/* Neighbours become one, where the one is asked for as the other is. */
static void
join_neighbours (GArray *ranges)
{
  guint n = 0;

  for (guint i = 0; i < ranges->len; i++)
    {
      const PkIdRange *range = &g_array_index (ranges, PkIdRange, i);
      PkIdRange *before = n > 0 ? &g_array_index (ranges, PkIdRange, n - 1) : NULL;
      if (before != NULL && before->wants_rows && range->wants_rows &&
          pk_id_range_key_compare (&before->to, &range->from) == 0)
        before->to = range->to;
      else
        g_array_index (ranges, PkIdRange, n++) = *range;
    }
  g_array_set_size (ranges, n);
}

static void
choose_next (PkRepair *self, GArray *different, guint n_parts)
{
  gboolean are_many = different->len > MOST_ASKED ||
                      different->len * PK_ID_RANGE_PARTS > n_parts * MANY_PARTS;

  for (guint i = 0; are_many && i < different->len; i++)
    g_array_index (different, PkIdRange, i).wants_rows = TRUE;
  join_neighbours (different);
  g_array_set_size (self->ranges, 0);
  g_array_append_vals (self->ranges, different->data, different->len);
}

static guint
count_seen (GHashTable *seen, const PkHeldScope *scope)
{
  g_autofree char *suffix = g_strdup_printf ("/%" G_GINT64_FORMAT, scope->number);
  GHashTableIter iter;
  gpointer key;
  guint n = 0;

  g_hash_table_iter_init (&iter, seen);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    n += g_str_has_suffix (key, suffix) ? 1 : 0;
  return n;
}

/**
 * pk_repair_take:
 * @scope: whose ranges they are
 * @line: what the server has; the rows of this answer have been applied
 * @seen: keys of the rows that came
 *
 * Lets go of what the server does not have, and finds out what to ask for next. In the transaction of the checkpoint.
 *
 * Returns: %TRUE if the files could be read and written
 */
gboolean
pk_repair_take (PkWriter *writer,
                PkHeldScope *scope,
                const PkFeedLine *line,
                GHashTable *seen,
                GError **error)
{
  PkRepair *self = writer->repair;
  g_autoptr (GArray) different = g_array_new (FALSE, FALSE, sizeof (PkIdRange));
  guint n_removed = 0;

  if (!pk_repair_concerns (self, scope->name) || !self->is_asked)
    return TRUE;
  for (guint i = 0; i < line->whole->len; i++)
    if (!pk_members_sweep (writer,
                           scope,
                           &g_array_index (line->whole, PkIdRange, i),
                           seen,
                           &n_removed,
                           error))
      return FALSE;
  if (!find_different (writer, scope->number, line->parts, different, error))
    return FALSE;
  self->is_asked = FALSE;
  self->n_rounds++;
  self->n_removed += n_removed;
  self->n_changed += line->whole->len > 0 ? count_seen (seen, scope) : 0;
  choose_next (self, different, line->parts->len);
  return TRUE;
}

static gboolean
finish (PkWriter *writer, PkHeldScope *scope, GError **error)
{
  PkRepair *self = writer->repair;
  gint64 n_repairs;

  g_message ("Scope %s is repaired after %u rounds: %u records came, %u went",
             self->scope,
             self->n_rounds,
             self->n_changed,
             self->n_removed);
  scope->is_repaired = FALSE;
  scope->is_dirty = TRUE;
  g_clear_pointer (&writer->repair, pk_repair_free);
  return pk_meta_get_int (writer->sql, "repairs", 0, &n_repairs, error) &&
         pk_meta_set_int (writer->sql, "repairs", n_repairs + 1, error);
}

/* A scope's own counters may be what is wrong: they are counted anew before they are compared with the server's. */
static gboolean
recount (PkWriter *writer, PkHeldScope *scope, GError **error)
{
  PkIdRange whole = pk_id_range_whole ();
  PkIdRangeSum sum;

  if (!sum_part (writer, scope->number, &whole, &sum, error))
    return FALSE;
  scope->count = sum.count;
  scope->fingerprint = sum.fingerprint;
  scope->is_dirty = TRUE;
  return TRUE;
}

/**
 * pk_repair_end_checkpoint:
 * @scopes: (element-type PkHeldScope): all that are held
 *
 * Before the checks of a commit line: ends the repair if there is nothing left to ask for, or if the server does not answer it.
 *
 * Returns: %TRUE if the files could be read and written
 */
gboolean
pk_repair_end_checkpoint (PkWriter *writer, GPtrArray *scopes, GError **error)
{
  PkRepair *self = writer->repair;
  PkHeldScope *scope = self != NULL ? pk_members_find_scope (scopes, self->scope) : NULL;

  if (self == NULL)
    return TRUE;
  if (scope != NULL && !self->is_asked && self->ranges->len > 0 && self->n_rounds < MOST_ROUNDS)
    return TRUE;
  if (scope != NULL)
    return recount (writer, scope, error) && finish (writer, scope, error);
  g_clear_pointer (&writer->repair, pk_repair_free);
  return TRUE;
}

/**
 * pk_writer_wants_pull:
 *
 * Returns: whether a repair has something to ask for at once
 */
gboolean
pk_writer_wants_pull (PkWriter *self)
{
  g_autoptr (GPtrArray) scopes = NULL;

  if (self->repair != NULL)
    return TRUE;
  scopes = pk_members_load_scopes (self, NULL);
  for (guint i = 0; scopes != NULL && i < scopes->len; i++)
    if (is_due (self, scopes->pdata[i]))
      return TRUE;
  return FALSE;
}

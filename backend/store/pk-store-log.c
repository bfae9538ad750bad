/*
 * Scopes and their log: one line per (scope, record), never more. A line says where the record is by now: in, with the record's
 * own seq; out; or deleted. Counts and fingerprints follow each line (see pk-store-counters.c).
 */
#include "config.h"

#include "pk-store-log.h"

#include "pk-store-counters.h"
#include "pk-store-places.h"
#include "pk-store-private.h"

#define SCOPE_COLUMNS "SELECT number, name, count, fp_high, fp_low, last_seq, horizon FROM scope"

static PkStoreScope *
read_scope (PkStatement *row)
{
  PkStoreScope *scope = g_new0 (PkStoreScope, 1);

  scope->number = pk_statement_get_int (row, 0);
  scope->name = g_strdup (pk_statement_get_text (row, 1));
  scope->count = pk_statement_get_int (row, 2);
  scope->fingerprint.high = (guint64) pk_statement_get_int (row, 3);
  scope->fingerprint.low = (guint64) pk_statement_get_int (row, 4);
  scope->last_seq = pk_statement_get_int (row, 5);
  scope->horizon = pk_statement_get_int (row, 6);
  return scope;
}

static PkStoreScope *
read_one_scope (PkStatement *query, GError **error)
{
  gboolean has_row;

  if (!pk_store_step (query, &has_row, error) || !has_row)
    return NULL;
  PkStoreScope *scope = read_scope (query);
  pk_statement_reset (query);
  return scope;
}

/**
 * pk_store_scope_free:
 *
 * Frees the scope.
 */
void
pk_store_scope_free (PkStoreScope *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self);
}

/**
 * pk_store_find_scope:
 *
 * What it says is of the last commit: the counters of an open writing transaction are written at its end.
 *
 * Returns: (transfer full) (nullable): the scope; NULL without an error where nothing was ever in it
 */
PkStoreScope *
pk_store_find_scope (PkStore *self, const char *name, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql, SCOPE_COLUMNS " WHERE name = ?1", error);

  if (query == NULL)
    return NULL;
  pk_statement_bind_text (query, 1, name);
  return read_one_scope (query, error);
}

/**
 * pk_store_get_scope:
 *
 * Returns: (transfer full) (nullable): the scope with that number; NULL without an error where there is none
 */
PkStoreScope *
pk_store_get_scope (PkStore *self, gint64 number, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql, SCOPE_COLUMNS " WHERE number = ?1", error);

  if (query == NULL)
    return NULL;
  pk_statement_bind_int (query, 1, number);
  return read_one_scope (query, error);
}

/**
 * pk_store_list_scopes:
 *
 * Returns: (transfer full) (nullable) (element-type PkStoreScope): all scopes, by name
 */
GPtrArray *
pk_store_list_scopes (PkStore *self, GError **error)
{
  g_autoptr (GPtrArray)
      scopes = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_store_scope_free);
  PkStatement *query = pk_sql_prepare (self->sql, SCOPE_COLUMNS " ORDER BY name", error);
  gboolean has_row;

  while (query != NULL && pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return g_steal_pointer (&scopes);
      g_ptr_array_add (scopes, read_scope (query));
    }
  return NULL;
}

static void
remember_scope (PkStore *self, const char *name, gint64 number)
{
  gint64 *value = g_new (gint64, 1);

  *value = number;
  g_hash_table_insert (self->scope_numbers, g_strdup (name), value);
}

static gboolean
find_number (PkStore *self, const char *name, gint64 *number_out, GError **error)
{
  PkStatement *query =
      pk_sql_prepare (self->sql, "SELECT number FROM scope WHERE name = ?1", error);
  gboolean has_row;

  if (query == NULL)
    return FALSE;
  pk_statement_bind_text (query, 1, name);
  if (!pk_store_step (query, &has_row, error))
    return FALSE;
  *number_out = has_row ? pk_statement_get_int (query, 0) : 0;
  pk_statement_reset (query);
  return TRUE;
}

static gboolean
insert_scope (PkStore *self, const char *name, gint64 *number_out, GError **error)
{
  PkStatement *insert =
      pk_sql_prepare (self->sql, "INSERT INTO scope (name) VALUES (?1) RETURNING number", error);
  gboolean has_row;

  if (insert == NULL)
    return FALSE;
  pk_statement_bind_text (insert, 1, name);
  if (!pk_store_step (insert, &has_row, error))
    return FALSE;
  *number_out = has_row ? pk_statement_get_int (insert, 0) : 0;
  self->has_new_scopes = TRUE;
  return pk_store_step (insert, &has_row, error);
}

/**
 * pk_store_intern_scope:
 * @number_out: (out): the scope's number; 0 where a handle that only reads finds none
 *
 * The number of a scope; the writer makes one where there is none.
 *
 * Returns: %TRUE if it was found out
 */
gboolean
pk_store_intern_scope (PkStore *self, const char *name, gint64 *number_out, GError **error)
{
  const gint64 *known = g_hash_table_lookup (self->scope_numbers, name);

  if (known != NULL)
    {
      *number_out = *known;
      return TRUE;
    }
  if (!find_number (self, name, number_out, error))
    return FALSE;
  if (*number_out == 0 && self->mode == PK_STORE_READ_ONLY)
    return TRUE;
  if (*number_out == 0 && !insert_scope (self, name, number_out, error))
    return FALSE;
  remember_scope (self, name, *number_out);
  return TRUE;
}

static GArray *
query_places (PkStore *self, const PkEntity *entity, const PkId *id, GError **error)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (PkPlace));
  PkStatement *query = pk_sql_prepare (
      self->sql,
      "SELECT scope, seq, state FROM scope_log WHERE entity = ?1 AND id = ?2 ORDER BY scope",
      error);
  gboolean has_row;

  if (query == NULL)
    return NULL;
  pk_statement_bind_int (query, 1, entity->id);
  pk_statement_bind_id (query, 2, id);
  while (pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return g_steal_pointer (&places);
      PkPlace place = { pk_statement_get_int (query, 0),
                        pk_statement_get_int (query, 1),
                        (PkLogState) pk_statement_get_int (query, 2) };
      g_array_append_val (places, place);
    }
  return NULL;
}

/* In a writing transaction a record's lines are read once. */
static GArray *
read_places (PkStore *self, const PkEntity *entity, const PkId *id, GError **error)
{
  GArray *known = pk_places_find (self->places, entity, id);

  if (known != NULL)
    return g_array_ref (known);
  GArray *places = query_places (self, entity, id, error);
  if (places != NULL && pk_store_is_writing (self))
    pk_places_learn (self->places, entity, id, places);
  return places;
}

/**
 * pk_store_get_places:
 *
 * Returns: (transfer full) (nullable) (element-type gint64): numbers of the scopes that the record is in, sorted
 */
GArray *
pk_store_get_places (PkStore *self, const PkEntity *entity, const PkId *id, GError **error)
{
  g_autoptr (GArray) places = read_places (self, entity, id, error);
  GArray *scopes;

  if (places == NULL)
    return NULL;
  scopes = g_array_sized_new (FALSE, FALSE, sizeof (gint64), places->len);
  for (guint i = 0; i < places->len; i++)
    if (g_array_index (places, PkPlace, i).state == PK_LOG_IN)
      g_array_append_val (scopes, g_array_index (places, PkPlace, i).scope);
  return scopes;
}

/**
 * pk_store_get_last_place:
 * @seq_out: (out): when the record last moved, changed or was deleted; 0 where nothing is known of it
 *
 * Returns: %TRUE if that was found out
 */
gboolean
pk_store_get_last_place (PkStore *self,
                         const PkEntity *entity,
                         const PkId *id,
                         gint64 *seq_out,
                         GError **error)
{
  g_autoptr (GArray) places = read_places (self, entity, id, error);

  *seq_out = 0;
  for (guint i = 0; places != NULL && i < places->len; i++)
    *seq_out = MAX (*seq_out, g_array_index (places, PkPlace, i).seq);
  return places != NULL;
}

/* The record that is placed, and what becomes of its lines. */
typedef struct
{
  PkStore *store;
  const PkEntity *entity;
  const PkId *id;
  gint64 seq;
  GArray *now; /* (owned): PkPlace */
} Placing;

static void
count_line (const Placing *self, gint64 scope, const PkPlace *old, PkLogState state)
{
  PkScopeChange *change = pk_scope_counters_touch (self->store->counters, scope);

  if (old != NULL && old->state == PK_LOG_IN)
    {
      change->count--;
      pk_fingerprint_subtract (&change->fingerprint, self->entity->id, self->id, old->seq);
    }
  if (state == PK_LOG_IN)
    {
      change->count++;
      pk_fingerprint_add (&change->fingerprint, self->entity->id, self->id, self->seq);
    }
  change->last_seq = MAX (change->last_seq, self->seq);
}

static void
set_line (const Placing *self, gint64 scope, const PkPlace *old, PkLogState state)
{
  PkPlace place = { scope, self->seq, state };

  count_line (self, scope, old, state);
  g_array_append_val (self->now, place);
}

/* Both lists are sorted by scope: one walk finds what stays, what is new and what is left. */
static gboolean
walk_places (const Placing *self, GArray *places, GArray *scopes)
{
  PkLogState gone = scopes ? PK_LOG_OUT : PK_LOG_DELETED;
  guint n_scopes = scopes ? scopes->len : 0, i = 0, j = 0;
  gboolean has_moved = FALSE;

  while (i < places->len || j < n_scopes)
    {
      const PkPlace *old = i < places->len ? &g_array_index (places, PkPlace, i) : NULL;
      gint64 scope = j < n_scopes ? g_array_index (scopes, gint64, j) : G_MAXINT64;
      gboolean is_old = old != NULL && old->scope <= scope;
      gboolean is_new = old == NULL || old->scope >= scope;
      i += is_old ? 1 : 0;
      j += is_new ? 1 : 0;
      if (is_old && !is_new && old->state != PK_LOG_IN)
        {
          g_array_append_val (self->now, *old);
          continue;
        }
      if (is_old != is_new || (is_old && old->state != PK_LOG_IN))
        has_moved = TRUE;
      set_line (self, is_new ? scope : old->scope, is_old ? old : NULL, is_new ? PK_LOG_IN : gone);
    }
  return has_moved;
}

/**
 * pk_store_place:
 * @seq: the number of the change, which the record has too
 * @scopes: (nullable) (element-type gint64): all scopes that the record is in from now on, sorted, each once; NULL: it was deleted
 * @has_moved_out: (out) (optional): whether these are others than before
 *
 * Changes the record's lines in the log, with what follows for counts and fingerprints; they are written before the commit.
 *
 * Returns: %TRUE if they are changed
 */
gboolean
pk_store_place (PkStore *self,
                const PkEntity *entity,
                const PkId *id,
                gint64 seq,
                GArray *scopes,
                gboolean *has_moved_out,
                GError **error)
{
  g_autoptr (GArray) places = read_places (self, entity, id, error);
  g_autoptr (GArray) now = g_array_new (FALSE, FALSE, sizeof (PkPlace));
  Placing placing = { self, entity, id, seq, now };
  gboolean has_moved;

  if (places == NULL)
    return FALSE;
  has_moved = walk_places (&placing, places, scopes);
  pk_places_set (self->places, entity, id, now);
  if (has_moved_out != NULL)
    *has_moved_out = has_moved;
  return pk_store_keep_little (self, error);
}

/**
 * pk_store_add_later:
 * @row: with its seq; the store has never seen its id
 * @scopes: (element-type gint64): all scopes that it is in, sorted, each once
 *
 * Keeps a new row that nobody needs at once, and places it. It is written before the commit, or when its table is read; it must
 * not change any more.
 *
 * Returns: %TRUE if it is kept
 */
gboolean
pk_store_add_later (PkStore *self, PkRecord *row, GArray *scopes, GError **error)
{
  g_autoptr (GArray) none = g_array_new (FALSE, FALSE, sizeof (PkPlace));
  const PkEntity *entity = pk_record_get_entity (row);
  const PkId *id = pk_record_get_id (row);

  pk_later_rows_add (self->later_rows, row);
  pk_places_learn (self->places, entity, id, none);
  return pk_store_place (self, entity, id, pk_record_get_seq (row), scopes, NULL, error);
}

/**
 * pk_store_visit_log:
 * @scope: the scope's number
 *
 * Shows @visitor the scope's lines with @after_seq < seq ≤ @up_to_seq, in the order of seq.
 *
 * Returns: %TRUE if the query ran
 */
gboolean
pk_store_visit_log (PkStore *self,
                    gint64 scope,
                    gint64 after_seq,
                    gint64 up_to_seq,
                    PkLogVisitor visitor,
                    gpointer data,
                    GError **error)
{
  gboolean has_row;

  if (!pk_store_settle_log (self, error))
    return FALSE;
  PkStatement *query =
      pk_sql_prepare (self->sql,
                      "SELECT entity, id, seq, state FROM scope_log WHERE scope = ?1"
                      " AND seq > ?2 AND seq <= ?3 ORDER BY seq",
                      error);
  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, scope);
  pk_statement_bind_int (query, 2, after_seq);
  pk_statement_bind_int (query, 3, up_to_seq);
  pk_statement_stream (query);
  while (pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return TRUE;
      PkLogLine line = { .entity = pk_entity_by_id ((guint) pk_statement_get_int (query, 0)),
                         .seq = pk_statement_get_int (query, 2),
                         .state = (PkLogState) pk_statement_get_int (query, 3) };
      pk_statement_get_id (query, 1, &line.id);
      if (line.entity != NULL && !visitor (&line, data))
        {
          pk_statement_reset (query);
          return TRUE;
        }
    }
  return FALSE;
}

/**
 * pk_store_prune_log:
 *
 * Forgets the lines of what left or was deleted up to @up_to_seq; the horizons of their scopes rise, so that a replica with an
 * older cursor begins anew. Only in a writing transaction.
 *
 * Returns: %TRUE if they are gone
 */
gboolean
pk_store_prune_log (PkStore *self, gint64 up_to_seq, GError **error)
{
  if (!pk_store_settle_log (self, error))
    return FALSE;
  PkStatement *raise =
      pk_sql_prepare (self->sql,
                      "UPDATE scope SET horizon = CASE WHEN gone.last > horizon THEN"
                      " gone.last ELSE horizon END FROM"
                      " (SELECT scope, max (seq) AS last FROM scope_log WHERE "
                      "state <> 0 AND seq <= ?1 GROUP BY scope)"
                      " AS gone WHERE gone.scope = scope.number",
                      error);

  if (raise == NULL)
    return FALSE;
  pk_statement_bind_int (raise, 1, up_to_seq);
  if (!pk_statement_run (raise, error))
    return FALSE;
  PkStatement *prune =
      pk_sql_prepare (self->sql, "DELETE FROM scope_log WHERE state <> 0 AND seq <= ?1", error);
  if (prune == NULL)
    return FALSE;
  pk_statement_bind_int (prune, 1, up_to_seq);
  return pk_statement_run (prune, error);
}

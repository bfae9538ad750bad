/*
 * Ranges of a scope, for replicas that are repaired, without an index of their own: the whole scope is found by its lines' numbers, a
 * part of it along the log's key (the plus sign keeps SQLite from looking through the whole scope for each part).
 */
#include "config.h"

#include "pk-store-ranges.h"

#include "pk-store-private.h"

static gboolean
is_whole (const PkIdRange *range)
{
  return range->from.entity == 0 && range->to.entity == PK_ID_RANGE_END;
}

static void
bind_range (PkStatement *query, gint64 scope, const PkIdRange *range)
{
  pk_statement_bind_int (query, 1, scope);
  pk_statement_bind_int (query, 2, range->from.entity);
  pk_statement_bind_id (query, 3, &range->from.id);
  pk_statement_bind_int (query, 4, range->to.entity);
  pk_statement_bind_id (query, 5, &range->to.id);
}

/**
 * pk_store_count_range:
 * @scope: the scope's number
 * @count_out: (out): how many records of the scope are in the range
 *
 * Returns: %TRUE if they were counted
 */
gboolean
pk_store_count_range (PkStore *self,
                      gint64 scope,
                      const PkIdRange *range,
                      gint64 *count_out,
                      GError **error)
{
  PkStatement *query =
      pk_sql_prepare (self->sql,
                      is_whole (range) ? "SELECT count(*) FROM scope_log WHERE scope = ?1"
                                         " AND (entity, id) >= (?2, ?3) AND (entity, id) < (?4, ?5)"
                                         " AND state = 0"
                                       : "SELECT count(*) FROM scope_log WHERE +scope = ?1"
                                         " AND (entity, id) >= (?2, ?3) AND (entity, id) < (?4, ?5)"
                                         " AND state = 0",
                      error);
  gboolean has_row;

  if (query == NULL || !pk_store_settle_log (self, error))
    return FALSE;
  bind_range (query, scope, range);
  if (!pk_store_step (query, &has_row, error))
    return FALSE;
  *count_out = has_row ? pk_statement_get_int (query, 0) : 0;
  pk_statement_reset (query);
  return TRUE;
}

/**
 * pk_store_visit_range:
 * @scope: the scope's number
 *
 * Shows @visitor the records of the scope in the range, in their order.
 *
 * Returns: %TRUE if the query ran
 */
gboolean
pk_store_visit_range (PkStore *self,
                      gint64 scope,
                      const PkIdRange *range,
                      PkLogVisitor visitor,
                      gpointer data,
                      GError **error)
{
  PkStatement *query =
      pk_sql_prepare (self->sql,
                      is_whole (range) ? "SELECT entity, id, seq FROM scope_log WHERE scope = ?1"
                                         " AND (entity, id) >= (?2, ?3) AND (entity, id) < (?4, ?5)"
                                         " AND state = 0 ORDER BY entity, id"
                                       : "SELECT entity, id, seq FROM scope_log WHERE +scope = ?1"
                                         " AND (entity, id) >= (?2, ?3) AND (entity, id) < (?4, ?5)"
                                         " AND state = 0 ORDER BY entity, id",
                      error);
  gboolean has_row;

  if (query == NULL || !pk_store_settle_log (self, error))
    return FALSE;
  bind_range (query, scope, range);
  while (pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return TRUE;
      PkLogLine line = { .entity = pk_entity_by_id ((guint) pk_statement_get_int (query, 0)),
                         .seq = pk_statement_get_int (query, 2),
                         .state = PK_LOG_IN };
      pk_statement_get_id (query, 1, &line.id);
      if (line.entity != NULL && !visitor (&line, data))
        {
          pk_statement_reset (query);
          return TRUE;
        }
    }
  return FALSE;
}

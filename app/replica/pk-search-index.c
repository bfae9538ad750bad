/*
 * The search index from the writer's side: tables, triggers that note which rows changed, following them in one go before each commit,
 * and filling the index in slices after the first sync, so that it never delays what people wait for. search_state says up to which
 * rid each table is filled in; beyond it the triggers keep silent.
 */
#include "config.h"

#include "pk-writer-private.h"

#include "pk-query-search.h"

#define SLICE_ROWS 400

static gboolean
create_for (PkSql *sql, const PkEntity *entity, GError **error)
{
  g_autofree char *table = pk_query_search_table (entity);
  PkStatement *state = NULL;

  if (!pk_sql_exec (sql, table, error))
    return FALSE;
  state = pk_sql_prepare (
      sql,
      "INSERT INTO search_state (entity, filled) VALUES (?1, 0) ON CONFLICT DO NOTHING",
      error);
  if (state == NULL)
    return FALSE;
  pk_statement_bind_int (state, 1, entity->id);
  return pk_statement_run (state, error);
}

/**
 * pk_search_create:
 *
 * Makes the index' tables, empty.
 *
 * Returns: %TRUE if they exist
 */
gboolean
pk_search_create (PkSql *sql, GError **error)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      const PkEntity *entity = &pk_model.entities[i];
      if (pk_query_is_searched (entity) && !create_for (sql, entity, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * pk_search_watch:
 *
 * Makes the triggers that keep the index as the tables are. For the writing connection, each time it is opened.
 *
 * Returns: %TRUE if they exist
 */
gboolean
pk_search_watch (PkSql *sql, GError **error)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      g_autofree char *triggers = pk_query_search_triggers (&pk_model.entities[i]);
      if (pk_query_is_searched (&pk_model.entities[i]) && !pk_sql_exec (sql, triggers, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
follow (PkSql *sql, const PkEntity *entity, GError **error)
{
  g_autofree char *has_notes = pk_query_search_has_notes (entity);
  g_autofree char *text = pk_query_search_follow (entity);
  gint64 n;

  return pk_sql_get_int (sql, has_notes, &n, error) && (n == 0 || pk_sql_exec (sql, text, error));
}

/**
 * pk_search_follow:
 *
 * Makes the index say what the rows say that the triggers noted. In the transaction that changed them, before its commit. A file that
 * is being built has no triggers.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_search_follow (PkSql *sql, GError **error)
{
  gint64 n_watched;

  if (!pk_sql_get_int (sql,
                       "SELECT count(*) FROM temp.sqlite_schema WHERE type = 'trigger'",
                       &n_watched,
                       error))
    return FALSE;
  if (n_watched == 0)
    return TRUE;
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      const PkEntity *entity = &pk_model.entities[i];
      if (pk_query_is_searched (entity) && !follow (sql, entity, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_unfilled (PkWriter *self, const PkEntity **entity_out, gint64 *filled_out, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *query =
      pk_sql_prepare (self->sql,
                      "SELECT entity, filled FROM search_state WHERE filled < 9223372036854775807"
                      " ORDER BY entity DESC LIMIT 1",
                      error);

  *entity_out = NULL;
  if (query == NULL)
    return FALSE;
  if (pk_statement_next (query, &local_error))
    {
      *entity_out = pk_entity_by_id ((guint) pk_statement_get_int (query, 0));
      *filled_out = pk_statement_get_int (query, 1);
    }
  pk_statement_reset (query);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
set_filled (PkWriter *self, const PkEntity *entity, gint64 filled, GError **error)
{
  PkStatement *set =
      pk_sql_prepare (self->sql, "UPDATE search_state SET filled = ?2 WHERE entity = ?1", error);

  if (set == NULL)
    return FALSE;
  pk_statement_bind_int (set, 1, entity->id);
  pk_statement_bind_int (set, 2, filled);
  return pk_statement_run (set, error);
}

static gboolean
find_last (PkWriter *self, const PkEntity *entity, gint64 filled, gint64 *last_out, GError **error)
{
  g_autofree char *text = pk_query_search_last (entity);
  PkStatement *query = pk_sql_prepare (self->sql, text, error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, filled);
  pk_statement_bind_int (query, 2, SLICE_ROWS);
  if (!pk_statement_next (query, error))
    return FALSE;
  *last_out = pk_statement_get_int (query, 0);
  pk_statement_reset (query);
  return TRUE;
}

static gboolean
fill (PkWriter *self, const PkEntity *entity, gint64 filled, GError **error)
{
  g_autofree char *text = pk_query_search_fill (entity);
  gint64 last;

  if (!find_last (self, entity, filled, &last, error))
    return FALSE;
  if (last == 0)
    return set_filled (self, entity, G_MAXINT64, error);
  PkStatement *insert = pk_sql_prepare (self->sql, text, error);
  if (insert == NULL)
    return FALSE;
  pk_statement_bind_int (insert, 1, filled);
  pk_statement_bind_int (insert, 2, SLICE_ROWS);
  return pk_statement_run (insert, error) && set_filled (self, entity, last, error);
}

/**
 * pk_search_fill_slice:
 * @has_more_out: (out): whether rows are left; never before the first sync is complete
 *
 * Fills in the next rows.
 *
 * Returns: %TRUE unless the file could not be written
 */
gboolean
pk_search_fill_slice (PkWriter *self, gboolean *has_more_out, GError **error)
{
  const PkEntity *entity;
  gint64 filled = 0, seq;

  *has_more_out = FALSE;
  if (!pk_meta_get_int (self->sql, "seq", 0, &seq, error) ||
      !find_unfilled (self, &entity, &filled, error))
    return FALSE;
  if (entity == NULL || seq == 0)
    return TRUE;
  *has_more_out = TRUE;
  if (!pk_sql_begin (self->sql, error))
    return FALSE;
  if (fill (self, entity, filled, error))
    return pk_sql_commit (self->sql, error);
  pk_sql_rollback (self->sql);
  return FALSE;
}

/**
 * pk_search_pause:
 *
 * Rows that come from now on are filled in later. In a transaction, before very many rows.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_search_pause (PkWriter *self, GError **error)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      const PkEntity *entity = &pk_model.entities[i];
      if (!pk_query_is_searched (entity))
        continue;
      g_autofree char *text = pk_query_search_max_rid (entity);
      PkStatement *pause = NULL;
      gint64 last;
      if (!pk_sql_get_int (self->sql, text, &last, error))
        return FALSE;
      pause =
          pk_sql_prepare (self->sql,
                          "UPDATE search_state SET filled = ?2 WHERE entity = ?1 AND filled > ?2",
                          error);
      if (pause == NULL)
        return FALSE;
      pk_statement_bind_int (pause, 1, entity->id);
      pk_statement_bind_int (pause, 2, last);
      if (!pk_statement_run (pause, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * pk_search_forget:
 *
 * After records were dropped: words of deleted texts leave the index.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_search_forget (PkWriter *self, GError **error)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      const PkEntity *entity = &pk_model.entities[i];
      if (!pk_query_is_searched (entity))
        continue;
      g_autofree char *text = pk_query_search_optimize (entity);
      if (!pk_sql_exec (self->sql, text, error))
        return FALSE;
    }
  return TRUE;
}

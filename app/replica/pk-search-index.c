/*
 * The search index from the writer's side: tables, triggers that note which rows changed, following them in one go before each commit
 * – or in slices of upkeep where there are many –, and filling the index in slices after the first sync, so that it never delays what
 * people wait for. search_state says up to which rid each table is filled in; beyond it the triggers keep silent.
 */
#include "config.h"

#include "pk-writer-private.h"

#include "pk-query-search.h"

#define SLICE_ROWS  400
#define SLICE_NOTES 100
#define FEW_NOTES   64 /* what a person does at a time, or a colleague */

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
      const PkEntity *entity = &pk_model.entities[i];
      if (!pk_query_is_searched (entity))
        continue;
      g_autofree char *notes = pk_query_search_notes (entity);
      g_autofree char *triggers = pk_query_search_triggers (entity);
      if (!pk_sql_exec (sql, notes, error) || !pk_sql_exec (sql, triggers, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_notes (PkSql *sql,
            const PkEntity *entity,
            guint most,
            guint *n_out,
            gint64 *last_out,
            GError **error)
{
  g_autofree char *text = pk_query_search_last_note (entity);
  PkStatement *query = pk_sql_prepare (sql, text, error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, most);
  if (!pk_statement_next (query, error))
    return FALSE;
  *n_out = (guint) pk_statement_get_int (query, 0);
  *last_out = pk_statement_get_int (query, 1);
  pk_statement_reset (query);
  return TRUE;
}

static gboolean
run_until (PkSql *sql, const char *text, gint64 last, GError **error)
{
  PkStatement *statement = pk_sql_prepare (sql, text, error);

  if (statement == NULL)
    return FALSE;
  pk_statement_bind_int (statement, 1, last);
  return pk_statement_run (statement, error);
}

static gboolean
follow (PkSql *sql, const PkEntity *entity, gint64 last, GError **error)
{
  g_autofree char *take_out = pk_query_search_take_out (entity);
  g_autofree char *put_in = pk_query_search_put_in (entity);
  g_autofree char *forget = pk_query_search_forget_notes (entity);

  return run_until (sql, take_out, last, error) && run_until (sql, put_in, last, error) &&
         run_until (sql, forget, last, error);
}

static gboolean
follow_few (PkSql *sql, const PkEntity *entity, GError **error)
{
  guint n;
  gint64 last;

  if (!find_notes (sql, entity, FEW_NOTES + 1, &n, &last, error))
    return FALSE;
  return n == 0 || n > FEW_NOTES || follow (sql, entity, last, error);
}

/**
 * pk_search_follow:
 *
 * Makes the index say what the rows say that the triggers noted. In the transaction that changed them, before its commit. Where there
 * are many, as after a pull, they are left to upkeep: the notes are in the file. A file that is being built has no triggers.
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
      if (pk_query_is_searched (entity) && !follow_few (sql, entity, error))
        return FALSE;
    }
  return TRUE;
}

/* Whoever shows hits looks again. */
static gboolean
note_followed (PkWriter *self, const PkEntity *entity, gint64 last, GError **error)
{
  g_autofree char *text = pk_query_search_noted (entity);
  g_autoptr (GError) local_error = NULL;
  PkStatement *query = pk_sql_prepare (self->sql, text, error);
  PkChange change = { .entity = entity, .kind = PK_CHANGE_CHANGED };

  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, last);
  while (pk_statement_next (query, &local_error))
    {
      change.rid = pk_statement_get_int (query, 0);
      pk_statement_get_id (query, 1, &change.id);
      pk_change_set_add (self->changes, &change);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
follow_some (PkWriter *self, const PkEntity *entity, gint64 last, GError **error)
{
  if (!pk_sql_begin (self->sql, error))
    return FALSE;
  if (note_followed (self, entity, last, error) && follow (self->sql, entity, last, error) &&
      pk_sql_commit (self->sql, error))
    {
      pk_writer_tell (self);
      return TRUE;
    }
  pk_writer_rollback (self);
  return FALSE;
}

/**
 * pk_search_follow_slice:
 * @has_more_out: (out): whether something was done, so that more may be left
 *
 * Follows some of the notes that a transaction left because there were many.
 *
 * Returns: %TRUE unless the file could not be written
 */
gboolean
pk_search_follow_slice (PkWriter *self, gboolean *has_more_out, GError **error)
{
  guint n = 0;
  gint64 last;

  *has_more_out = FALSE;
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      const PkEntity *entity = &pk_model.entities[i];
      if (!pk_query_is_searched (entity))
        continue;
      if (!find_notes (self->sql, entity, SLICE_NOTES, &n, &last, error))
        return FALSE;
      if (n == 0)
        continue;
      *has_more_out = TRUE;
      return follow_some (self, entity, last, error);
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

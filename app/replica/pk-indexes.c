/*
 * The replica's indexes: at once in a file that is empty, one at a time as upkeep in one that was built from snapshots. Files of older
 * programs have others, which go once those that take their place are there. On the writer's thread.
 */
#include "config.h"

#include "pk-writer-private.h"

#include "pk-query-list.h"

/**
 * pk_indexes_create:
 *
 * Makes all of them.
 *
 * Returns: %TRUE if they exist
 */
gboolean
pk_indexes_create (PkSql *sql, GError **error)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    for (guint j = 0; j < pk_model.entities[i].n_indexes; j++)
      {
        g_autofree char *text = pk_query_replica_index (&pk_model.entities[i], j);
        if (!pk_sql_exec (sql, text, error))
          return FALSE;
      }
  for (guint i = 0; i < PK_N_OWN_INDEXES; i++)
    if (!pk_sql_exec (sql, pk_query_own_index (i, NULL), error))
      return FALSE;
  return TRUE;
}

static gboolean
has_index (PkWriter *self, const char *name, gboolean *has_out, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *query =
      pk_sql_prepare (self->sql,
                      "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1",
                      error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_text (query, 1, name);
  *has_out = pk_statement_next (query, &local_error);
  pk_statement_reset (query);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/*
 * An index is sorted in pieces of the page cache's size, and upkeep is not asked within a piece whether somebody waits: they must be
 * small.
 */
static gboolean
run_patiently (PkWriter *self, const char *text, GError **error)
{
  if (!pk_sql_exec (self->sql, "PRAGMA cache_size = -2048", error))
    return FALSE;
  gboolean is_done = pk_sql_exec (self->sql, text, error);
  return pk_sql_exec (self->sql, "PRAGMA cache_size = -16384", is_done ? error : NULL) && is_done;
}

/* Where the index is not as it is wanted, it is made or dropped, and nothing else in this slice of upkeep. */
static gboolean
make_so (PkWriter *self,
         const char *name,
         gboolean is_wanted,
         const char *text,
         gboolean *is_made_out,
         GError **error)
{
  gboolean has;

  if (!has_index (self, name, &has, error))
    return FALSE;
  *is_made_out = has != is_wanted;
  return has == is_wanted || run_patiently (self, text, error);
}

static gboolean
make_next_of (PkWriter *self, const PkEntity *entity, gboolean *is_made_out, GError **error)
{
  for (guint i = 0; i < entity->n_indexes && !*is_made_out; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s_by_%u", entity->name, i);
      g_autofree char *old_name = g_strdup_printf ("%s_%u", entity->name, i);
      g_autofree char *text = pk_query_replica_index (entity, i);
      g_autofree char *drop = pk_query_drop_index (entity, i);
      if (!make_so (self, name, TRUE, text, is_made_out, error) ||
          (!*is_made_out && !make_so (self, old_name, FALSE, drop, is_made_out, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
make_next_own (PkWriter *self, gboolean *is_made_out, GError **error)
{
  for (guint i = 0; i < PK_N_OWN_INDEXES && !*is_made_out; i++)
    {
      const char *name, *old_name;
      const char *text = pk_query_own_index (i, &name);
      const char *drop = pk_query_drop_own_index (i, &old_name);
      if (!make_so (self, name, TRUE, text, is_made_out, error) ||
          (!*is_made_out && !make_so (self, old_name, FALSE, drop, is_made_out, error)))
        return FALSE;
    }
  return TRUE;
}

/**
 * pk_indexes_make_next:
 * @is_made_out: (out): whether something was done, so that more may be left
 *
 * Makes the next index that is missing, or drops the next one that nobody asks any more. The entities that are read most come last in
 * the model, and first here.
 *
 * Returns: %TRUE unless the file could not be written
 */
gboolean
pk_indexes_make_next (PkWriter *self, gboolean *is_made_out, GError **error)
{
  gint64 version;

  *is_made_out = FALSE;
  if (!pk_meta_get_int (self->sql, "has_indexes", 0, &version, error))
    return FALSE;
  if (version >= PK_INDEXES_VERSION)
    return TRUE;
  for (guint i = pk_model.n_entities; i > 0 && !*is_made_out; i--)
    if (!make_next_of (self, &pk_model.entities[i - 1], is_made_out, error))
      return FALSE;
  if (!*is_made_out && !make_next_own (self, is_made_out, error))
    return FALSE;
  return *is_made_out || pk_meta_set_int (self->sql, "has_indexes", PK_INDEXES_VERSION, error);
}

/* Who holds which scope, as the service worked it out. */
#include "config.h"

#include "pk-store-grants.h"

#include "pk-store-log.h"
#include "pk-store-private.h"

#include <stdlib.h>

/**
 * pk_store_get_grant_numbers:
 *
 * Returns: (transfer full) (nullable) (element-type gint64): numbers of the scopes that the person holds, sorted
 */
GArray *
pk_store_get_grant_numbers (PkStore *self, const PkId *person, GError **error)
{
  g_autoptr (GArray) scopes = g_array_new (FALSE, FALSE, sizeof (gint64));
  PkStatement *query =
      pk_sql_prepare (self->sql,
                      "SELECT scope FROM person_scope WHERE person = ?1 ORDER BY scope",
                      error);
  gboolean has_row;

  if (query == NULL)
    return NULL;
  pk_statement_bind_id (query, 1, person);
  while (pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return g_steal_pointer (&scopes);
      gint64 scope = pk_statement_get_int (query, 0);
      g_array_append_val (scopes, scope);
    }
  return NULL;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const PkStoreScope *first = *(const PkStoreScope *const *) a;
  const PkStoreScope *second = *(const PkStoreScope *const *) b;

  return g_strcmp0 (first->name, second->name);
}

/**
 * pk_store_get_grants:
 *
 * Returns: (transfer full) (nullable) (element-type PkStoreScope): the scopes that the person holds, by name
 */
GPtrArray *
pk_store_get_grants (PkStore *self, const PkId *person, GError **error)
{
  g_autoptr (GArray) numbers = pk_store_get_grant_numbers (self, person, error);
  g_autoptr (GPtrArray)
      scopes = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_store_scope_free);

  if (numbers == NULL)
    return NULL;
  for (guint i = 0; i < numbers->len; i++)
    {
      g_autoptr (GError) local_error = NULL;
      PkStoreScope *scope =
          pk_store_get_scope (self, g_array_index (numbers, gint64, i), &local_error);
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      if (scope != NULL)
        g_ptr_array_add (scopes, scope);
    }
  g_ptr_array_sort (scopes, compare_names);
  return g_steal_pointer (&scopes);
}

/**
 * pk_store_get_grant_epoch:
 * @epoch_out: (out): grows when what the person holds changes; 0 for somebody unknown
 *
 * Returns: %TRUE if the query ran
 */
gboolean
pk_store_get_grant_epoch (PkStore *self, const PkId *person, gint64 *epoch_out, GError **error)
{
  PkStatement *query =
      pk_sql_prepare (self->sql, "SELECT epoch FROM person_grant WHERE person = ?1", error);
  gboolean has_row;

  if (query == NULL)
    return FALSE;
  pk_statement_bind_id (query, 1, person);
  if (!pk_store_step (query, &has_row, error))
    return FALSE;
  *epoch_out = has_row ? pk_statement_get_int (query, 0) : 0;
  pk_statement_reset (query);
  return TRUE;
}

/**
 * pk_store_is_same_scopes:
 * @a: (element-type gint64): numbers in their order
 * @b: (element-type gint64)
 *
 * Returns: whether both are the same
 */
gboolean
pk_store_is_same_scopes (GArray *a, GArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (g_array_index (a, gint64, i) != g_array_index (b, gint64, i))
      return FALSE;
  return TRUE;
}

static gboolean
replace_grants (PkStore *self, const PkId *person, GArray *scopes, GError **error)
{
  PkStatement *clear =
      pk_sql_prepare (self->sql, "DELETE FROM person_scope WHERE person = ?1", error);

  if (clear == NULL)
    return FALSE;
  pk_statement_bind_id (clear, 1, person);
  if (!pk_statement_run (clear, error))
    return FALSE;
  for (guint i = 0; i < scopes->len; i++)
    {
      PkStatement *insert =
          pk_sql_prepare (self->sql,
                          "INSERT INTO person_scope (person, scope) VALUES (?1, ?2)",
                          error);
      if (insert == NULL)
        return FALSE;
      pk_statement_bind_id (insert, 1, person);
      pk_statement_bind_int (insert, 2, g_array_index (scopes, gint64, i));
      if (!pk_statement_run (insert, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * pk_store_set_grants:
 * @scopes: (element-type gint64): numbers of all scopes that the person holds, sorted, each once
 * @has_changed_out: (out) (optional): whether these are others than before
 *
 * Writes what a person holds; the person's grant epoch grows if that changed. Only in a writing transaction.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_store_set_grants (PkStore *self,
                     const PkId *person,
                     GArray *scopes,
                     gboolean *has_changed_out,
                     GError **error)
{
  g_autoptr (GArray) before = pk_store_get_grant_numbers (self, person, error);

  if (before == NULL)
    return FALSE;
  gboolean has_changed = !pk_store_is_same_scopes (before, scopes);
  if (has_changed_out != NULL)
    *has_changed_out = has_changed;
  if (!has_changed)
    return TRUE;
  g_hash_table_remove (self->holdings, person);
  if (!replace_grants (self, person, scopes, error))
    return FALSE;
  PkStatement *bump =
      pk_sql_prepare (self->sql,
                      "INSERT INTO person_grant (person, epoch) VALUES (?1, 1)"
                      " ON CONFLICT (person) DO UPDATE SET epoch = person_grant.epoch + 1",
                      error);
  if (bump == NULL)
    return FALSE;
  pk_statement_bind_id (bump, 1, person);
  return pk_statement_run (bump, error);
}

static gboolean
query_visible (PkStore *self,
               const PkId *person,
               const PkEntity *entity,
               const PkId *id,
               gboolean *is_visible_out,
               GError **error)
{
  PkStatement *query = pk_sql_prepare (
      self->sql,
      "SELECT 1 FROM scope_log AS l CROSS JOIN person_scope AS p WHERE l.entity = ?2 AND l.id = ?3"
      " AND l.state = 0 AND p.person = ?1 AND p.scope = l.scope LIMIT 1",
      error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_id (query, 1, person);
  pk_statement_bind_int (query, 2, entity->id);
  pk_statement_bind_id (query, 3, id);
  if (!pk_store_step (query, is_visible_out, error))
    return FALSE;
  pk_statement_reset (query);
  return TRUE;
}

static GArray *
find_holding (PkStore *self, const PkId *person, GError **error)
{
  GArray *holding = g_hash_table_lookup (self->holdings, person);

  if (holding != NULL)
    return holding;
  holding = pk_store_get_grant_numbers (self, person, error);
  if (holding != NULL)
    g_hash_table_insert (self->holdings, g_memdup2 (person, sizeof *person), holding);
  return holding;
}

static int
compare_numbers (const void *a, const void *b)
{
  gint64 first = *(const gint64 *) a, second = *(const gint64 *) b;

  return first < second ? -1 : first > second;
}

/* A writing transaction asks again and again about the same person, and keeps places in memory. */
static gboolean
look_visible (PkStore *self,
              const PkId *person,
              const PkEntity *entity,
              const PkId *id,
              gboolean *is_visible_out,
              GError **error)
{
  GArray *holding = find_holding (self, person, error);
  g_autoptr (GArray) places = holding ? pk_store_get_places (self, entity, id, error) : NULL;

  if (places == NULL)
    return FALSE;
  *is_visible_out = FALSE;
  for (guint i = 0; i < places->len && !*is_visible_out; i++)
    *is_visible_out = holding->len > 0 && bsearch (&g_array_index (places, gint64, i),
                                                   holding->data,
                                                   holding->len,
                                                   sizeof (gint64),
                                                   compare_numbers) != NULL;
  return TRUE;
}

/**
 * pk_store_is_visible:
 * @entity: the entity's number
 * @is_visible_out: (out): whether the person holds a scope that the record is in
 *
 * Returns: %TRUE if the query ran
 */
gboolean
pk_store_is_visible (PkStore *self,
                     const PkId *person,
                     guint entity,
                     const PkId *id,
                     gboolean *is_visible_out,
                     GError **error)
{
  const PkEntity *of_entity = pk_entity_by_id (entity);

  return pk_store_is_writing (self)
             ? look_visible (self, person, of_entity, id, is_visible_out, error)
             : query_visible (self, person, of_entity, id, is_visible_out, error);
}

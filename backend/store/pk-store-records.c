/* Records by id, by reference, all of them: the store's share of what PkTables does. */
#include "config.h"

#include "pk-store-records.h"

#include "pk-query-store.h"
#include "pk-query.h"
#include "pk-store-private.h"

typedef char *(*MakeText) (const PkEntity *entity);

/* A text of the model that is made once: @what tells the makers apart. */
static PkStatement *
prepare_made (PkStore *self,
              const char *what,
              const PkEntity *entity,
              MakeText make,
              GError **error)
{
  g_autofree char *key = g_strconcat (what, entity->name, NULL);
  const char *text = g_hash_table_lookup (self->other_texts, key);

  if (text == NULL)
    {
      char *made = make (entity);
      g_hash_table_insert (self->other_texts, g_steal_pointer (&key), made);
      text = made;
    }
  return pk_sql_prepare (self->sql, text, error);
}

/**
 * pk_store_find:
 *
 * Returns: (transfer full) (nullable): the record; NULL without an error where there is none
 */
PkRecord *
pk_store_find (PkStore *self, const PkEntity *entity, const PkId *id, GError **error)
{
  return pk_store_settle_rows (self, entity, error)
             ? pk_tables_find (self->tables, entity, id, error)
             : NULL;
}

/**
 * pk_store_has:
 * @has_out: (out): whether the record exists
 *
 * Returns: %TRUE if the query ran
 */
gboolean
pk_store_has (PkStore *self,
              const PkEntity *entity,
              const PkId *id,
              gboolean *has_out,
              GError **error)
{
  PkStatement *query = prepare_made (self, "has ", entity, pk_query_has, error);

  if (query == NULL || !pk_store_settle_rows (self, entity, error))
    return FALSE;
  pk_statement_bind_id (query, 1, id);
  if (!pk_store_step (query, has_out, error))
    return FALSE;
  pk_statement_reset (query);
  return TRUE;
}

static guint64
find_changes (const PkRecord *record, const PkRecord *before)
{
  const PkEntity *entity = pk_record_get_entity (record);
  guint64 changes = 0;

  for (guint i = 0; i < entity->n_fields; i++)
    if (!pk_value_equal (pk_record_get (record, i), pk_record_get (before, i)))
      changes |= G_GUINT64_CONSTANT (1) << i;
  return changes;
}

static PkStatement *
prepare_update (PkStore *self, const PkEntity *entity, guint64 changes, GError **error)
{
  gint64 key = (gint64) ((guint64) entity->id << 56 | changes);
  const char *text = g_hash_table_lookup (self->update_texts, &key);

  if (text == NULL)
    {
      gint64 *stored_key = g_new (gint64, 1);
      char *made = pk_query_update (entity, changes);
      *stored_key = key;
      g_hash_table_insert (self->update_texts, stored_key, made);
      text = made;
    }
  return pk_sql_prepare (self->sql, text, error);
}

static gboolean
update (PkStore *self, const PkRecord *record, guint64 changes, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);
  PkStatement *statement = prepare_update (self, entity, changes, error);

  if (statement == NULL)
    return FALSE;
  pk_statement_bind_id (statement, 1, pk_record_get_id (record));
  pk_statement_bind_int (statement, 2, pk_record_get_seq (record));
  if (pk_query_has_title_key (entity) && (changes >> entity->title & 1))
    {
      g_autofree char *key = pk_record_dup_title_key (record);
      pk_statement_bind_text (statement, 3, key);
    }
  for (guint i = 0; i < entity->n_fields; i++)
    if (changes >> i & 1)
      pk_table_bind_value (statement, (int) i + 4, &entity->fields[i], pk_record_get (record, i));
  return pk_statement_run (statement, error);
}

/**
 * pk_store_put:
 * @before: (nullable): what the store has now, where the caller knows it: only what differs is written
 *
 * Writes the record with its seq. Only with its places in the log is a change complete (see pk-store-log.h).
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_store_put (PkStore *self, PkRecord *record, const PkRecord *before, GError **error)
{
  g_assert (pk_record_get_entity (record)->n_fields < 56);
  if (before == NULL)
    return pk_tables_upsert (self->tables, record, error);
  return update (self, record, find_changes (record, before), error);
}

/**
 * pk_store_delete:
 *
 * Returns: %TRUE if the record is not there any more
 */
gboolean
pk_store_delete (PkStore *self, const PkEntity *entity, const PkId *id, GError **error)
{
  return pk_store_settle_rows (self, entity, error) &&
         pk_tables_delete (self->tables, entity, id, error);
}

/**
 * pk_store_count:
 * @count_out: (out): how many records of the entity there are
 *
 * Returns: %TRUE if the query ran
 */
gboolean
pk_store_count (PkStore *self, const PkEntity *entity, gint64 *count_out, GError **error)
{
  PkStatement *query = prepare_made (self, "count ", entity, pk_query_count, error);
  gboolean has_row;

  if (query == NULL || !pk_store_settle_rows (self, entity, error) ||
      !pk_store_step (query, &has_row, error))
    return FALSE;
  *count_out = pk_statement_get_int (query, 0);
  pk_statement_reset (query);
  return TRUE;
}

/**
 * pk_store_find_ids_by_ref:
 * @field: one that a scope rule goes by; others have no index
 *
 * Returns: (transfer full) (nullable) (element-type PkId): the records whose @field points to @ref
 */
GArray *
pk_store_find_ids_by_ref (PkStore *self,
                          const PkEntity *entity,
                          guint field,
                          const PkId *ref,
                          GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (PkId));
  g_autofree char *key = g_strdup_printf ("ref %u ", field);
  g_autofree char *full_key = g_strconcat (key, entity->name, NULL);
  gboolean has_row;

  if (!g_hash_table_contains (self->other_texts, full_key))
    g_hash_table_insert (self->other_texts,
                         g_strdup (full_key),
                         pk_query_ids_by_ref (entity, field));
  PkStatement *query =
      pk_sql_prepare (self->sql, g_hash_table_lookup (self->other_texts, full_key), error);
  if (query == NULL || !pk_store_settle_rows (self, entity, error))
    return NULL;
  pk_statement_bind_id (query, 1, ref);
  while (pk_store_step (query, &has_row, error))
    {
      PkId id;
      if (!has_row)
        return g_steal_pointer (&ids);
      if (pk_statement_get_id (query, 0, &id))
        g_array_append_val (ids, id);
    }
  return NULL;
}

/**
 * pk_store_find_by_ref:
 * @field: one that a scope rule goes by; others have no index
 *
 * Returns: (transfer full) (nullable) (element-type PkRecord): the records whose @field points to @ref
 */
GPtrArray *
pk_store_find_by_ref (PkStore *self,
                      const PkEntity *entity,
                      guint field,
                      const PkId *ref,
                      GError **error)
{
  g_autoptr (GArray) ids = pk_store_find_ids_by_ref (self, entity, field, ref, error);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  g_autoptr (GError) local_error = NULL;

  if (ids == NULL)
    return NULL;
  for (guint i = 0; i < ids->len; i++)
    {
      PkRecord *record = pk_store_find (self, entity, &g_array_index (ids, PkId, i), &local_error);
      if (record != NULL)
        g_ptr_array_add (records, record);
    }
  if (local_error == NULL)
    return g_steal_pointer (&records);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static gboolean
visit_rows (PkStatement *query,
            const PkEntity *entity,
            PkRecordVisitor visitor,
            gpointer data,
            GError **error)
{
  gboolean has_row;

  pk_statement_stream (query);
  while (pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return TRUE;
      g_autoptr (PkRecord) record = pk_table_read_row (query, 0, entity);
      if (!visitor (record, data))
        {
          pk_statement_reset (query);
          return TRUE;
        }
    }
  return FALSE;
}

/**
 * pk_store_visit:
 *
 * Shows @visitor every record of the entity, in the order they came.
 *
 * Returns: %TRUE if the query ran
 */
gboolean
pk_store_visit (PkStore *self,
                const PkEntity *entity,
                PkRecordVisitor visitor,
                gpointer data,
                GError **error)
{
  PkStatement *query = prepare_made (self, "all ", entity, pk_query_all, error);

  return query != NULL && pk_store_settle_rows (self, entity, error) &&
         visit_rows (query, entity, visitor, data, error);
}

/**
 * pk_store_visit_scope:
 * @scope: a scope's number
 *
 * Shows @visitor the entity's records that are in a scope, ordered by id.
 *
 * Returns: %TRUE if the query ran
 */
gboolean
pk_store_visit_scope (PkStore *self,
                      const PkEntity *entity,
                      gint64 scope,
                      PkRecordVisitor visitor,
                      gpointer data,
                      GError **error)
{
  PkStatement *query = prepare_made (self, "scope ", entity, pk_query_of_scope, error);

  if (query == NULL || !pk_store_settle_rows (self, entity, error) ||
      !pk_store_settle_log (self, error))
    return FALSE;
  pk_statement_bind_int (query, 1, scope);
  return visit_rows (query, entity, visitor, data, error);
}

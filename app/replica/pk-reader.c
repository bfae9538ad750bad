/*
 * Reading: one connection to the replica and one to the outbox, both read-only, on one thread. A reader holds no transaction between
 * calls, so that the writer can always checkpoint. After the replica's file was replaced, the owner reopens it.
 */
#include "config.h"

#include "pk-reader-private.h"

#include "pk-query-list.h"
#include "pk-query-replica.h"
#include "pk-record-query-private.h"
#include "pk-search.h"
#include "pk-tokenizer.h"
#include "pk-writer-private.h"

#include <string.h>

/**
 * pk_reader_open:
 * @directory: where a writer has the files open, or had
 *
 * Returns: (transfer full) (nullable): a reader for the calling thread
 */
PkReader *
pk_reader_open (const char *directory, GError **error)
{
  g_autoptr (PkReader) self = g_new0 (PkReader, 1);

  self->directory = g_strdup (directory);
  return pk_reader_reopen (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * pk_reader_reopen:
 *
 * Opens the newest files in place of those that are open.
 *
 * Returns: %TRUE if it is open
 */
gboolean
pk_reader_reopen (PkReader *self, GError **error)
{
  guint generation = pk_replica_find_generation (self->directory);
  g_autofree char *path = pk_replica_path (self->directory, generation, "");
  g_autofree char *outbox_path = pk_outbox_path (self->directory);
  g_autoptr (PkSql) sql = pk_sql_open (path, PK_SQL_READ_ONLY, error);
  g_autoptr (PkSql) outbox = NULL;

  if (sql == NULL || !pk_tokenizer_register (sql, error))
    return FALSE;
  outbox = pk_sql_open (outbox_path, PK_SQL_READ_ONLY, error);
  if (outbox == NULL)
    return FALSE;
  g_clear_pointer (&self->outbox, pk_sql_close);
  self->outbox = g_steal_pointer (&outbox);
  g_clear_pointer (&self->tables, pk_tables_free);
  g_clear_pointer (&self->sql, pk_sql_close);
  self->generation = generation;
  self->sql = g_steal_pointer (&sql);
  self->tables = pk_tables_new (self->sql);
  return TRUE;
}

/**
 * pk_reader_adopt:
 *
 * Makes the calling thread the owner.
 */
void
pk_reader_adopt (PkReader *self)
{
  pk_sql_adopt (self->sql);
  pk_sql_adopt (self->outbox);
}

/**
 * pk_reader_get_generation:
 *
 * Returns: the number of the file that is open
 */
guint
pk_reader_get_generation (PkReader *self)
{
  return self->generation;
}

/**
 * pk_reader_free:
 *
 * Closes both connections.
 */
void
pk_reader_free (PkReader *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->tables, pk_tables_free);
  g_clear_pointer (&self->sql, pk_sql_close);
  g_clear_pointer (&self->outbox, pk_sql_close);
  g_free (self->directory);
  g_free (self);
}

/**
 * pk_reader_interrupt:
 *
 * Ends a scan with an error. Any thread, while the reader lives.
 */
void
pk_reader_interrupt (PkReader *self)
{
  pk_sql_interrupt (self->sql);
}

/**
 * pk_reader_find:
 *
 * Returns: (transfer full) (nullable): the record; %NULL without an error where there is none
 */
PkRecord *
pk_reader_find (PkReader *self, const PkEntity *entity, const PkId *id, GError **error)
{
  return pk_tables_find (self->tables, entity, id, error);
}

/**
 * pk_reader_find_by_rid:
 *
 * Returns: (transfer full) (nullable): the record; %NULL without an error where there is none
 */
PkRecord *
pk_reader_find_by_rid (PkReader *self, const PkEntity *entity, gint64 rid, GError **error)
{
  return pk_tables_find_by_rid (self->tables, entity, rid, error);
}

/**
 * pk_reader_dup_name:
 * @id: (nullable): all zero and %NULL are nobody
 *
 * Returns: (transfer full) (nullable): what the record is called; %NULL where it is not here
 */
char *
pk_reader_dup_name (PkReader *self, const PkEntity *entity, const PkId *id)
{
  g_autofree char *text = pk_query_name (entity);
  PkStatement *query = id != NULL ? pk_sql_prepare (self->sql, text, NULL) : NULL;
  char *name = NULL;

  if (query == NULL)
    return NULL;
  pk_statement_bind_id (query, 1, id);
  if (pk_statement_next (query, NULL))
    name = g_strdup (pk_statement_get_text (query, 0));
  pk_statement_reset (query);
  return name;
}

/**
 * pk_reader_is_pending:
 *
 * Returns: whether changes of the record wait to be sent or judged
 */
gboolean
pk_reader_is_pending (PkReader *self, const PkEntity *entity, const PkId *id)
{
  PkStatement *query =
      pk_sql_prepare (self->sql,
                      "SELECT 1 FROM base WHERE entity = ?1 AND id = ?2 AND n_unsent > 0",
                      NULL);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, entity->id);
  pk_statement_bind_id (query, 2, id);
  gboolean is_pending = pk_statement_next (query, NULL);
  pk_statement_reset (query);
  return is_pending;
}

static GPtrArray *
read_records (PkStatement *query, const PkEntity *entity, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  g_autoptr (GError) local_error = NULL;

  while (pk_statement_next (query, &local_error))
    g_ptr_array_add (records, pk_table_read_row (query, 0, entity));
  if (local_error == NULL)
    return g_steal_pointer (&records);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * pk_reader_list_children:
 * @field: of @entity: the one that points to the parent; one of its indexes begins with it
 * @limit: how many at most
 *
 * Returns: (transfer full) (element-type PkRecord) (nullable): the records that point to @parent
 */
GPtrArray *
pk_reader_list_children (PkReader *self,
                         const PkEntity *entity,
                         guint field,
                         const PkId *parent,
                         PkListFlags flags,
                         guint limit,
                         GError **error)
{
  g_autofree char *text = pk_query_children (entity, field, (flags & PK_LIST_BACKWARD) != 0);
  PkStatement *query = pk_sql_prepare (self->sql, text, error);

  if (query == NULL)
    return NULL;
  pk_statement_bind_id (query, 1, parent);
  pk_statement_bind_int (query, 2, limit);
  return read_records (query, entity, error);
}

/**
 * pk_reader_count_children:
 * @count_out: (out): how many records point to @parent
 *
 * Returns: %TRUE unless the file could not be read
 */
gboolean
pk_reader_count_children (PkReader *self,
                          const PkEntity *entity,
                          guint field,
                          const PkId *parent,
                          gint64 *count_out,
                          GError **error)
{
  g_autofree char *text = pk_query_count_children (entity, field);
  PkStatement *query = pk_sql_prepare (self->sql, text, error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_id (query, 1, parent);
  if (!pk_statement_next (query, error))
    return FALSE;
  *count_out = pk_statement_get_int (query, 0);
  pk_statement_reset (query);
  return TRUE;
}

/**
 * pk_reader_list_documents:
 * @link_field: of document_link: which kind of record @parent is
 *
 * Returns: (transfer full) (element-type PkRecord) (nullable): the documents that are linked to the record, the last link first
 */
GPtrArray *
pk_reader_list_documents (PkReader *self,
                          guint link_field,
                          const PkId *parent,
                          guint limit,
                          GError **error)
{
  g_autofree char *text = pk_query_linked_documents (link_field);
  PkStatement *query = pk_sql_prepare (self->sql, text, error);

  if (query == NULL)
    return NULL;
  pk_statement_bind_id (query, 1, parent);
  pk_statement_bind_int (query, 2, limit);
  return read_records (query, pk_entity_by_id (PK_ENTITY_DOCUMENT), error);
}

static gboolean
add_rids (PkStatement *query, GArray *rids, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  while (pk_statement_next (query, &local_error))
    {
      gint64 rid = pk_statement_get_int (query, 0);
      g_array_append_val (rids, rid);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Parameters that the text does not have cannot be bound. */
static gboolean
has (const char *text, const char *parameter)
{
  return strstr (text, parameter) != NULL;
}

static void
bind_tasks (PkStatement *statement, const PkTaskQuery *query, const char *text)
{
  g_autofree char *match = query->text != NULL ? pk_search_make_match (query->text) : NULL;

  if (has (text, "?1"))
    pk_statement_bind_id (statement, 1, &query->subject);
  if (has (text, "?2"))
    pk_statement_bind_text (statement, 2, query->today);
  if (has (text, "?3"))
    pk_statement_bind_text (statement, 3, query->until);
  if (has (text, "?4"))
    pk_statement_bind_id (statement, 4, &query->category);
  if (has (text, "?5"))
    pk_statement_bind_id (statement, 5, &query->assignee);
  if (has (text, "?6"))
    pk_statement_bind_text (statement, 6, match);
}

/**
 * pk_reader_query_tasks:
 *
 * Returns: (transfer full) (element-type gint64) (nullable): the rids of the tasks, in order
 */
GArray *
pk_reader_query_tasks (PkReader *self, const PkTaskQuery *query, GError **error)
{
  g_autoptr (GArray) rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  PkTaskStep steps[PK_TASK_MOST_STEPS];
  guint n_steps = pk_task_query_plan (query, steps);

  for (guint i = 0; i < n_steps; i++)
    {
      g_autofree char *text = pk_query_tasks (query, &steps[i]);
      PkStatement *scan = pk_sql_prepare (self->sql, text, error);
      if (scan == NULL)
        return NULL;
      bind_tasks (scan, query, text);
      if (!add_rids (scan, rids, error))
        return NULL;
    }
  return g_steal_pointer (&rids);
}

/**
 * pk_reader_count_tasks:
 * @count_out: (out): how many tasks the query gives
 *
 * Returns: %TRUE unless the file could not be read
 */
gboolean
pk_reader_count_tasks (PkReader *self, const PkTaskQuery *query, gint64 *count_out, GError **error)
{
  g_autofree char *text = pk_query_count_tasks (query);
  PkStatement *count = pk_sql_prepare (self->sql, text, error);

  if (count == NULL)
    return FALSE;
  bind_tasks (count, query, text);
  if (!pk_statement_next (count, error))
    return FALSE;
  *count_out = pk_statement_get_int (count, 0);
  pk_statement_reset (count);
  return TRUE;
}

/**
 * pk_reader_query_records:
 *
 * Returns: (transfer full) (element-type gint64) (nullable): the rids of the records, in order
 */
GArray *
pk_reader_query_records (PkReader *self, const PkRecordQuery *query, GError **error)
{
  g_autoptr (GArray) rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *text = pk_query_records (query);
  g_autofree char *match = query->text != NULL ? pk_search_make_match (query->text) : NULL;
  PkStatement *scan = pk_sql_prepare (self->sql, text, error);

  if (scan == NULL)
    return NULL;
  for (guint i = 0; i < query->n_filters; i++)
    pk_table_bind_value (scan,
                         (int) i + 1,
                         &query->entity->fields[query->filters[i].field],
                         &query->filters[i].value);
  if (match != NULL)
    pk_statement_bind_text (scan, 9, match);
  return add_rids (scan, rids, error) ? g_steal_pointer (&rids) : NULL;
}

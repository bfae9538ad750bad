/*
 * The visible row of a record: written where it is new, changed where it differs, gone where it is gone; and what of it changed, for
 * whoever shows it. On the writer's thread, in a transaction.
 */
#include "config.h"

#include "pk-writer-private.h"

#include "pk-query-replica.h"
#include "pk-query.h"

#define MOST_NAMED 4 /* changed fields for which an UPDATE of its own is worth it */

static gboolean
note_blob (PkWriter *self, const PkId *id, GError **error)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_DOCUMENT);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PkRecord) document = pk_tables_find (self->tables, entity, id, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (document != NULL)
    g_ptr_array_add (self->removed_blobs,
                     g_strdup (pk_record_get_text (document, PK_DOCUMENT_SHA256)));
  return TRUE;
}

static gboolean
delete_visible (PkWriter *self, const PkEntity *entity, const PkId *id, gint64 rid, GError **error)
{
  if (entity->id == PK_ENTITY_DOCUMENT && !note_blob (self, id, error))
    return FALSE;
  pk_change_set_add (self->changes, &(PkChange){ entity, *id, rid, PK_CHANGE_REMOVED });
  return pk_tables_delete (self->tables, entity, id, error);
}

/* @row: rid, then the columns of [func@query_columns] */
static guint
find_changes (PkStatement *row, const PkRecord *record, gboolean *is_changed)
{
  const PkEntity *entity = pk_record_get_entity (record);
  guint n = 0;

  for (guint i = 0; i < entity->n_fields; i++)
    {
      is_changed[i] =
          !pk_table_has_value (row, (int) i + 3, &entity->fields[i], pk_record_get (record, i));
      n += is_changed[i];
    }
  return n;
}

/* Most changes touch one or two fields of a row that is in many indexes. */
static gboolean
update_row (PkWriter *self, PkRecord *record, const gboolean *is_changed, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);
  g_autofree char *text = pk_query_update_changed (entity, is_changed);
  PkStatement *update = pk_sql_prepare (self->sql, text, error);

  if (update == NULL)
    return FALSE;
  pk_statement_bind_id (update, 1, pk_record_get_id (record));
  pk_statement_bind_int (update, 2, pk_record_get_seq (record));
  if (is_changed[entity->title] && pk_query_has_title_key (entity))
    {
      g_autofree char *key = pk_record_dup_title_key (record);
      pk_statement_bind_text (update, 3, key);
    }
  for (guint i = 0; i < entity->n_fields; i++)
    if (is_changed[i])
      pk_table_bind_value (update, (int) i + 4, &entity->fields[i], pk_record_get (record, i));
  return pk_statement_run (update, error);
}

/* @row: as it is; ended before it is written */
static gboolean
change_visible (PkWriter *self, PkStatement *row, PkRecord *record, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);
  g_autofree gboolean *is_changed = g_new (gboolean, entity->n_fields);
  gint64 rid = pk_statement_get_int (row, 0), old_seq = pk_statement_get_int (row, 2);
  guint n_changed = find_changes (row, record, is_changed);

  pk_statement_reset (row);
  if (n_changed == 0 && old_seq == pk_record_get_seq (record))
    return TRUE;
  pk_writer_note_unstored (self, record);
  if (n_changed > 0)
    pk_change_set_add (self->changes,
                       &(PkChange){ entity, *pk_record_get_id (record), rid, PK_CHANGE_CHANGED });
  return n_changed > MOST_NAMED ? pk_tables_upsert (self->tables, record, error)
                                : update_row (self, record, is_changed, error);
}

static gboolean
insert_visible (PkWriter *self, PkRecord *record, GError **error)
{
  const PkEntity *entity = pk_record_get_entity (record);

  if (!pk_tables_insert (self->tables, record, error))
    return FALSE;
  pk_writer_note_unstored (self, record);
  gint64 rid = pk_sql_get_last_rowid (self->sql);
  pk_change_set_add (self->changes,
                     &(PkChange){ entity, *pk_record_get_id (record), rid, PK_CHANGE_ADDED });
  return TRUE;
}

/**
 * pk_visible_put:
 * @record: (nullable): what people see from now on; %NULL: nothing
 *
 * Makes the visible row what it should be, and notes what changed. Where that fails the transaction has to be rolled back.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_visible_put (PkWriter *self,
                const PkEntity *entity,
                const PkId *id,
                PkRecord *record,
                GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *row = pk_sql_prepare (self->sql, pk_query_row (entity), error);

  if (row == NULL)
    return FALSE;
  pk_statement_bind_id (row, 1, id);
  gboolean is_there = pk_statement_next (row, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (is_there && record != NULL)
    return change_visible (self, row, record, error);
  if (!is_there)
    return record == NULL || insert_visible (self, record, error);
  gint64 rid = pk_statement_get_int (row, 0);
  pk_statement_reset (row);
  return delete_visible (self, entity, id, rid, error);
}

/* Rows of lists: a page at a time, names looked up by primary key. On a reader's thread; at most PK_PAGE_ROWS look-ups a call. */
#include "config.h"

#include "pk-rows.h"

#include "pk-reader-private.h"

G_DEFINE_BOXED_TYPE (PkTaskRow, pk_task_row, pk_task_row_ref, pk_task_row_unref)
G_DEFINE_BOXED_TYPE (PkRecordRow, pk_record_row, pk_record_row_ref, pk_record_row_unref)

#define TASK_ROW                                                                                   \
  "SELECT t.id, t.number, t.title, t.status, t.priority, t.kind, t.is_open,"                       \
  " EXISTS (SELECT 1 FROM base WHERE base.entity = 12 AND base.id = t.id AND base.n_unsent > 0),"  \
  " coalesce(building.name, t.place), coalesce(t.reporter_name, reporter.name), category.name,"    \
  " assignee.name, coalesce(unit.short_name, unit.name), t.due_on, t.promised_on, t.created_at,"   \
  " t.completed_at FROM task AS t LEFT JOIN building ON building.id = t.building_id"               \
  " LEFT JOIN person AS reporter ON reporter.id = t.reporter_id"                                   \
  " LEFT JOIN category ON category.id = t.category_id"                                             \
  " LEFT JOIN person AS assignee ON assignee.id = t.assignee_id"                                   \
  " LEFT JOIN unit ON unit.id = t.unit_id WHERE t.rid = ?1"

/* rid is bound; the columns of the others: id, pending, title, subtitle, detail, kind, grade, open tasks, time */
#define BUILDING_ROW                                                                               \
  "SELECT t.id,"                                                                                   \
  " EXISTS (SELECT 1 FROM base WHERE base.entity = 9 AND base.id = t.id AND base.n_unsent > 0),"   \
  " t.name, coalesce(t.address || coalesce(', ' || t.postal_place, ''), t.postal_place),"          \
  " property.name, t.use, t.condition,"                                                            \
  " (SELECT count(*) FROM task WHERE building_id = t.id AND is_open = 1), 0"                       \
  " FROM building AS t LEFT JOIN property ON property.id = t.property_id WHERE t.rid = ?1"

#define DOCUMENT_ROW                                                                               \
  "SELECT t.id,"                                                                                   \
  " EXISTS (SELECT 1 FROM base WHERE base.entity = 15 AND base.id = t.id AND base.n_unsent > 0),"  \
  " t.title, t.file_name, CAST(t.size_bytes AS TEXT), t.kind, NULL, 0, t.created_at"               \
  " FROM document AS t WHERE t.rid = ?1"

#define PERSON_ROW                                                                                 \
  "SELECT t.id,"                                                                                   \
  " EXISTS (SELECT 1 FROM base WHERE base.entity = 2 AND base.id = t.id AND base.n_unsent > 0),"   \
  " t.name, t.title, unit.name, NULL, NULL, 0, 0"                                                  \
  " FROM person AS t LEFT JOIN unit ON unit.id = t.unit_id WHERE t.rid = ?1"

/**
 * pk_task_row_ref:
 *
 * Returns: (transfer full): @self
 */
PkTaskRow *
pk_task_row_ref (PkTaskRow *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_task_row (gpointer data)
{
  PkTaskRow *self = data;

  g_free (self->number);
  g_free (self->title);
  g_free (self->place);
  g_free (self->reporter);
  g_free (self->category);
  g_free (self->assignee);
  g_free (self->unit);
  g_free (self->due_on);
  g_free (self->promised_on);
}

/**
 * pk_task_row_unref:
 *
 * Gives up one reference.
 */
void
pk_task_row_unref (PkTaskRow *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear_task_row);
}

/**
 * pk_record_row_ref:
 *
 * Returns: (transfer full): @self
 */
PkRecordRow *
pk_record_row_ref (PkRecordRow *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_record_row (gpointer data)
{
  PkRecordRow *self = data;

  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->detail);
}

/**
 * pk_record_row_unref:
 *
 * Gives up one reference.
 */
void
pk_record_row_unref (PkRecordRow *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear_record_row);
}

static char *
dup_text (PkStatement *row, int column)
{
  return g_strdup (pk_statement_get_text (row, column));
}

static int
read_code (PkStatement *row, int column, PkEntityId entity, guint field)
{
  const PkField *spec = &pk_entity_by_id (entity)->fields[field];
  const char *code = pk_statement_get_text (row, column);

  return code != NULL ? pk_enum_find (spec->values, code) : -1;
}

static gpointer
read_task_row (PkStatement *row, gint64 rid, PkEntityId entity G_GNUC_UNUSED)
{
  PkTaskRow *self = g_atomic_rc_box_new0 (PkTaskRow);

  self->rid = rid;
  pk_statement_get_id (row, 0, &self->id);
  self->number = dup_text (row, 1);
  self->title = dup_text (row, 2);
  self->status = (PkTaskStatus) MAX (read_code (row, 3, PK_ENTITY_TASK, PK_TASK_STATUS), 0);
  self->priority = (PkTaskPriority) MAX (read_code (row, 4, PK_ENTITY_TASK, PK_TASK_PRIORITY), 0);
  self->kind = (PkTaskKind) MAX (read_code (row, 5, PK_ENTITY_TASK, PK_TASK_KIND), 0);
  self->is_open = pk_statement_get_int (row, 6) != 0;
  self->is_pending = pk_statement_get_int (row, 7) != 0;
  self->place = dup_text (row, 8);
  self->reporter = dup_text (row, 9);
  self->category = dup_text (row, 10);
  self->assignee = dup_text (row, 11);
  self->unit = dup_text (row, 12);
  self->due_on = dup_text (row, 13);
  self->promised_on = dup_text (row, 14);
  self->created_us = pk_statement_get_int (row, 15);
  self->completed_us = pk_statement_get_int (row, 16);
  return self;
}

static int
read_kind (PkStatement *row, int column, PkEntityId entity)
{
  if (entity == PK_ENTITY_BUILDING)
    return read_code (row, column, entity, PK_BUILDING_USE);
  if (entity == PK_ENTITY_DOCUMENT)
    return read_code (row, column, entity, PK_DOCUMENT_KIND);
  return -1;
}

static gpointer
read_record_row (PkStatement *row, gint64 rid, PkEntityId entity)
{
  PkRecordRow *self = g_atomic_rc_box_new0 (PkRecordRow);

  self->rid = rid;
  pk_statement_get_id (row, 0, &self->id);
  self->is_pending = pk_statement_get_int (row, 1) != 0;
  self->title = dup_text (row, 2);
  self->subtitle = dup_text (row, 3);
  self->detail = dup_text (row, 4);
  self->kind = read_kind (row, 5, entity);
  self->grade = entity == PK_ENTITY_BUILDING ? read_code (row, 6, entity, PK_BUILDING_CONDITION)
                                             : -1;
  self->n_open = pk_statement_get_int (row, 7);
  self->at_us = pk_statement_get_int (row, 8);
  return self;
}

typedef gpointer (*ReadRow) (PkStatement *row, gint64 rid, PkEntityId entity);

static gboolean
read_rows (PkStatement *query,
           PkEntityId entity,
           const gint64 *rids,
           guint n_rids,
           GPtrArray *rows,
           GError **error)
{
  ReadRow read = entity == PK_ENTITY_TASK ? read_task_row : read_record_row;

  for (guint i = 0; i < n_rids; i++)
    {
      g_autoptr (GError) local_error = NULL;
      pk_statement_bind_int (query, 1, rids[i]);
      gboolean is_there = pk_statement_next (query, &local_error);
      g_ptr_array_add (rows, is_there ? read (query, rids[i], entity) : NULL);
      pk_statement_reset (query);
      if (local_error == NULL)
        continue;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

/**
 * pk_reader_read_task_rows:
 * @rids: (array length=n_rids): of tasks
 * @n_rids: at most %PK_PAGE_ROWS
 *
 * Returns: (transfer full) (element-type PkTaskRow) (nullable): as many rows; %NULL in it where the task is gone
 */
GPtrArray *
pk_reader_read_task_rows (PkReader *self, const gint64 *rids, guint n_rids, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_task_row_unref);
  PkStatement *query = pk_sql_prepare (self->sql, TASK_ROW, error);

  g_return_val_if_fail (n_rids <= PK_PAGE_ROWS, NULL);

  if (query == NULL || !read_rows (query, PK_ENTITY_TASK, rids, n_rids, rows, error))
    return NULL;
  return g_steal_pointer (&rows);
}

static GPtrArray *
read_record_rows (PkStatement *query,
                  PkEntityId entity,
                  const gint64 *rids,
                  guint n_rids,
                  GError **error)
{
  g_autoptr (GPtrArray)
      rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_row_unref);

  g_return_val_if_fail (n_rids <= PK_PAGE_ROWS, NULL);

  if (query == NULL || !read_rows (query, entity, rids, n_rids, rows, error))
    return NULL;
  return g_steal_pointer (&rows);
}

/**
 * pk_reader_read_building_rows:
 * @rids: (array length=n_rids): of buildings
 * @n_rids: at most %PK_PAGE_ROWS
 *
 * Returns: (transfer full) (element-type PkRecordRow) (nullable): as many rows
 */
GPtrArray *
pk_reader_read_building_rows (PkReader *self, const gint64 *rids, guint n_rids, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql, BUILDING_ROW, error);

  return read_record_rows (query, PK_ENTITY_BUILDING, rids, n_rids, error);
}

/**
 * pk_reader_read_document_rows:
 * @rids: (array length=n_rids): of documents
 * @n_rids: at most %PK_PAGE_ROWS
 *
 * Returns: (transfer full) (element-type PkRecordRow) (nullable): as many rows
 */
GPtrArray *
pk_reader_read_document_rows (PkReader *self, const gint64 *rids, guint n_rids, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql, DOCUMENT_ROW, error);

  return read_record_rows (query, PK_ENTITY_DOCUMENT, rids, n_rids, error);
}

/**
 * pk_reader_read_person_rows:
 * @rids: (array length=n_rids): of persons
 * @n_rids: at most %PK_PAGE_ROWS
 *
 * Returns: (transfer full) (element-type PkRecordRow) (nullable): as many rows
 */
GPtrArray *
pk_reader_read_person_rows (PkReader *self, const gint64 *rids, guint n_rids, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql, PERSON_ROW, error);

  return read_record_rows (query, PK_ENTITY_PERSON, rids, n_rids, error);
}

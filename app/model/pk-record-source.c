/* Rows of buildings, documents or people: one query, in the order of an index. Main thread. */
#include "config.h"

#include "pk-search-source.h"

#include "pk-faces.h"
#include "pk-replica.h"

#define PK_TYPE_RECORD_SOURCE (pk_record_source_get_type ())
G_DECLARE_FINAL_TYPE (PkRecordSource, pk_record_source, PK, RECORD_SOURCE, GObject)

struct _PkRecordSource
{
  GObject parent_instance;
  PkLibrary *library;   /* (owned) */
  PkRecordQuery *query; /* (owned) */
  guint entity;
};

static void source_iface_init (PkRowSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PkRecordSource,
                               pk_record_source,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PK_TYPE_ROW_SOURCE, source_iface_init))

/* On the reader's worker. */
static gpointer
run_query (PkReader *reader, gpointer data, GError **error)
{
  return pk_reader_query_records (reader, data, error);
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GArray *rids = pk_replica_job_finish (PK_REPLICA (object), result, &error);

  if (rids == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, rids, (GDestroyNotify) g_array_unref);
}

static void
query_async (PkRowSource *source,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  PkRecordSource *self = PK_RECORD_SOURCE (source);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  PkReplicaJob job = { PK_PRIORITY_INTERACTIVE,
                       pk_record_query_copy (self->query),
                       (GDestroyNotify) pk_record_query_free,
                       (GDestroyNotify) g_array_unref };

  g_task_set_source_tag (task, query_async);
  pk_replica_read_async (pk_library_get_replica (self->library),
                         run_query,
                         &job,
                         cancellable,
                         answered_cb,
                         task);
}

static GArray *
query_finish (PkRowSource *source G_GNUC_UNUSED, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GPtrArray *
read_rows (PkRecordSource *self, const gint64 *rids, guint n, GError **error)
{
  PkReader *reader = pk_replica_get_reader (pk_library_get_replica (self->library));

  switch (self->entity)
    {
    case PK_ENTITY_BUILDING:
      return pk_reader_read_building_rows (reader, rids, n, error);
    case PK_ENTITY_DOCUMENT:
      return pk_reader_read_document_rows (reader, rids, n, error);
    default:
      return pk_reader_read_person_rows (reader, rids, n, error);
    }
}

static void
fill (PkRowSource *source, const gint64 *numbers, PkRowItem **items, guint n)
{
  PkRecordSource *self = PK_RECORD_SOURCE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = read_rows (self, numbers, n, &error);

  if (rows == NULL)
    {
      g_warning ("Reading a page of records: %s", error->message);
      return;
    }
  for (guint i = 0; i < n; i++)
    if (rows->pdata[i] != NULL)
      pk_faces_fill_record (items[i], self->entity, rows->pdata[i]);
}

static void
library_changed_cb (PkRecordSource *self, guint64 entities)
{
  if (entities & (PK_LIBRARY_BIT (self->entity) | PK_LIBRARY_BIT (PK_ENTITY_TASK)))
    pk_row_source_emit_stale (PK_ROW_SOURCE (self));
}

static void
source_iface_init (PkRowSourceInterface *iface)
{
  iface->query_async = query_async;
  iface->query_finish = query_finish;
  iface->fill = fill;
}

static void
pk_record_source_finalize (GObject *object)
{
  PkRecordSource *self = PK_RECORD_SOURCE (object);

  g_clear_object (&self->library);
  g_clear_pointer (&self->query, pk_record_query_free);
  G_OBJECT_CLASS (pk_record_source_parent_class)->finalize (object);
}

static void
pk_record_source_class_init (PkRecordSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_record_source_finalize;
}

static void
pk_record_source_init (PkRecordSource *self G_GNUC_UNUSED)
{
}

/**
 * pk_record_source_new:
 * @library: what is read
 * @entity: a PkEntityId: building, document or person
 * @text: (nullable): words that the rows must hold
 *
 * Returns: (transfer full): rows in the order of their titles
 */
PkRowSource *
pk_record_source_new (PkLibrary *library, guint entity, const char *text)
{
  PkRecordSource *self = g_object_new (PK_TYPE_RECORD_SOURCE, NULL);

  self->library = g_object_ref (library);
  self->entity = entity;
  self->query = pk_record_query_new (pk_entity_by_id (entity), "title_key");
  if (text != NULL && text[0] != '\0')
    pk_record_query_set_text (self->query, text);
  g_signal_connect_object (library,
                           "changed",
                           G_CALLBACK (library_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  return PK_ROW_SOURCE (self);
}

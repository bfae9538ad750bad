/*
 * One record with what belongs to it, for a detail page. Reads again what a change set touches, and only that. A record that
 * disappears while it is shown is told as gone; the page has words for it. Main thread.
 */
#include "config.h"

#include "pk-detail.h"

#include "pk-attachments.h"

#include "pk-replica.h"

/* A conversation or checklist longer than this shows its newest part; history likewise. */
#define MOST 500

struct _PkDetail
{
  GObject parent_instance;
  PkLibrary *library; /* (owned) */
  const PkEntity *entity;
  PkId id;
  PkDetailState state;
  PkRecord *record; /* (owned) (nullable) */
  gboolean is_waiting;
  GListStore *messages;    /* (owned): PkRecordItem */
  GListStore *checklist;   /* (owned): PkRecordItem */
  GListStore *attachments; /* (owned): PkRecordItem of documents */
  GListStore *history;     /* (owned): PkRecordItem, newest first */
};

G_DEFINE_FINAL_TYPE (PkDetail, pk_detail, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static PkReader *
reader_of (PkDetail *self)
{
  return pk_replica_get_reader (pk_library_get_replica (self->library));
}

static GPtrArray *
read_children (PkDetail *self, guint entity, guint field, PkListFlags flags)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  const PkEntity *children = pk_entity_by_id (entity);
  g_autoptr (GPtrArray) records =
      pk_reader_list_children (reader_of (self), children, field, &self->id, flags, MOST, &error);

  if (records == NULL)
    {
      g_warning ("Reading %s of %s: %s", children->name, self->entity->name, error->message);
      return items;
    }
  for (guint i = 0; i < records->len; i++)
    {
      PkRecord *record = g_ptr_array_index (records, i);
      gboolean is_waiting =
          entity != PK_ENTITY_HISTORY &&
          pk_reader_is_pending (reader_of (self), children, pk_record_get_id (record));
      g_ptr_array_add (items, pk_record_item_new (record, NULL, is_waiting));
    }
  return items;
}

static void
read_record (PkDetail *self)
{
  g_clear_pointer (&self->record, pk_record_unref);
  self->record = pk_library_find (self->library, self->entity->id, &self->id);
  self->state = self->record != NULL ? PK_DETAIL_SHOWN : PK_DETAIL_GONE;
  self->is_waiting = self->record != NULL &&
                     pk_reader_is_pending (reader_of (self), self->entity, &self->id);
}

static void
read_lists_of_task (PkDetail *self, guint64 entities)
{
  if (entities & (PK_LIBRARY_BIT (PK_ENTITY_MESSAGE) | PK_LIBRARY_OUTBOX))
    {
      g_autoptr (GPtrArray)
          items = read_children (self, PK_ENTITY_MESSAGE, PK_MESSAGE_TASK_ID, PK_LIST_FORWARD);
      pk_record_list_update (self->messages, items);
    }
  if (entities & (PK_LIBRARY_BIT (PK_ENTITY_CHECKLIST_ITEM) | PK_LIBRARY_OUTBOX))
    {
      g_autoptr (GPtrArray) items = read_children (self,
                                                   PK_ENTITY_CHECKLIST_ITEM,
                                                   PK_CHECKLIST_ITEM_TASK_ID,
                                                   PK_LIST_FORWARD);
      pk_record_list_update (self->checklist, items);
    }
}

static guint
history_field (PkDetail *self)
{
  switch (self->entity->id)
    {
    case PK_ENTITY_TASK:
      return PK_HISTORY_TASK_ID;
    case PK_ENTITY_BUILDING:
      return PK_HISTORY_BUILDING_ID;
    default:
      return PK_HISTORY_RECORD_ID;
    }
}

static void
read_lists (PkDetail *self, guint64 entities)
{
  const guint64 attachments = PK_LIBRARY_BIT (PK_ENTITY_DOCUMENT) |
                              PK_LIBRARY_BIT (PK_ENTITY_PHOTO) |
                              PK_LIBRARY_BIT (PK_ENTITY_DOCUMENT_LINK) | PK_LIBRARY_OUTBOX;

  if (self->entity->id == PK_ENTITY_TASK)
    read_lists_of_task (self, entities);
  if (entities & attachments)
    {
      g_autoptr (GPtrArray)
          items = pk_attachments_read (self->library, self->entity->id, &self->id);
      pk_record_list_update (self->attachments, items);
    }
  if (entities & PK_LIBRARY_BIT (PK_ENTITY_HISTORY))
    {
      g_autoptr (GPtrArray)
          items = read_children (self, PK_ENTITY_HISTORY, history_field (self), PK_LIST_BACKWARD);
      pk_record_list_update (self->history, items);
    }
}

static void
empty_lists (PkDetail *self)
{
  g_list_store_remove_all (self->messages);
  g_list_store_remove_all (self->checklist);
  g_list_store_remove_all (self->attachments);
  g_list_store_remove_all (self->history);
}

static void
reload (PkDetail *self, guint64 entities)
{
  read_record (self);
  if (self->state == PK_DETAIL_SHOWN)
    read_lists (self, entities);
  else
    empty_lists (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
library_changed_cb (PkDetail *self, guint64 entities)
{
  if (self->state != PK_DETAIL_EMPTY)
    reload (self, entities);
}

static void
pk_detail_finalize (GObject *object)
{
  PkDetail *self = PK_DETAIL (object);

  g_clear_pointer (&self->record, pk_record_unref);
  g_clear_object (&self->messages);
  g_clear_object (&self->checklist);
  g_clear_object (&self->attachments);
  g_clear_object (&self->history);
  g_clear_object (&self->library);
  G_OBJECT_CLASS (pk_detail_parent_class)->finalize (object);
}

static void
pk_detail_class_init (PkDetailClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_detail_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed",
                                          G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          0);
}

static void
pk_detail_init (PkDetail *self)
{
  self->messages = pk_record_list_new ();
  self->checklist = pk_record_list_new ();
  self->attachments = pk_record_list_new ();
  self->history = pk_record_list_new ();
}

/**
 * pk_detail_new:
 * @library: where to read
 * @entity: which records it shows: PK_ENTITY_TASK, _BUILDING, _LOCATION, _COMPONENT or _DOCUMENT
 *
 * Makes a detail that shows nothing yet.
 *
 * Returns: (transfer full): the detail
 */
PkDetail *
pk_detail_new (PkLibrary *library, guint entity)
{
  PkDetail *self = g_object_new (PK_TYPE_DETAIL, NULL);

  self->library = g_object_ref (library);
  self->entity = pk_entity_by_id (entity);
  g_signal_connect_object (library,
                           "changed",
                           G_CALLBACK (library_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * pk_detail_set_id:
 * @self: a detail
 * @id: the record to show
 *
 * Shows another record.
 */
void
pk_detail_set_id (PkDetail *self, const PkId *id)
{
  g_return_if_fail (PK_IS_DETAIL (self) && id != NULL);

  if (self->state != PK_DETAIL_EMPTY && !pk_id_equal (&self->id, id))
    empty_lists (self);
  self->id = *id;
  reload (self, PK_LIBRARY_EVERYTHING);
}

/**
 * pk_detail_get_id:
 * @self: a detail
 *
 * Returns: (transfer none): the record's id; all zero where nothing was chosen
 */
const PkId *
pk_detail_get_id (PkDetail *self)
{
  return &self->id;
}

/**
 * pk_detail_get_state:
 * @self: a detail
 *
 * Returns: whether there is something to show
 */
PkDetailState
pk_detail_get_state (PkDetail *self)
{
  g_return_val_if_fail (PK_IS_DETAIL (self), PK_DETAIL_EMPTY);
  return self->state;
}

/**
 * pk_detail_get_record:
 * @self: a detail
 *
 * Returns: (transfer none) (nullable): the record as it is now; %NULL where it is not there
 */
PkRecord *
pk_detail_get_record (PkDetail *self)
{
  g_return_val_if_fail (PK_IS_DETAIL (self), NULL);
  return self->record;
}

/**
 * pk_detail_get_library:
 * @self: a detail
 *
 * Returns: (transfer none): where it reads
 */
PkLibrary *
pk_detail_get_library (PkDetail *self)
{
  g_return_val_if_fail (PK_IS_DETAIL (self), NULL);
  return self->library;
}

/**
 * pk_detail_is_waiting:
 * @self: a detail
 *
 * Returns: whether the record has changes that wait to be sent
 */
gboolean
pk_detail_is_waiting (PkDetail *self)
{
  g_return_val_if_fail (PK_IS_DETAIL (self), FALSE);
  return self->is_waiting;
}

/**
 * pk_detail_get_name:
 * @self: a detail
 * @field: place of a field that points to another record
 *
 * Returns: (transfer none) (nullable): what the other record is called; valid until something changes
 */
const char *
pk_detail_get_name (PkDetail *self, guint field)
{
  g_return_val_if_fail (PK_IS_DETAIL (self), NULL);
  const PkEntity *other = pk_entity_by_name (self->entity->fields[field].ref);

  if (self->record == NULL || other == NULL)
    return NULL;
  return pk_library_get_name (self->library, other->id, pk_record_get_ref (self->record, field));
}

/**
 * pk_detail_get_messages:
 * @self: a detail of a task
 *
 * Returns: (transfer none): #PkRecordItem of its messages, oldest first
 */
GListModel *
pk_detail_get_messages (PkDetail *self)
{
  return G_LIST_MODEL (self->messages);
}

/**
 * pk_detail_get_checklist:
 * @self: a detail of a task
 *
 * Returns: (transfer none): #PkRecordItem of its checklist, in order
 */
GListModel *
pk_detail_get_checklist (PkDetail *self)
{
  return G_LIST_MODEL (self->checklist);
}

/**
 * pk_detail_get_attachments:
 * @self: a detail
 *
 * Returns: (transfer none): #PkRecordItem of its photos' and documents' documents
 */
GListModel *
pk_detail_get_attachments (PkDetail *self)
{
  return G_LIST_MODEL (self->attachments);
}

/**
 * pk_detail_get_history:
 * @self: a detail
 *
 * Returns: (transfer none): #PkRecordItem of its history, newest first
 */
GListModel *
pk_detail_get_history (PkDetail *self)
{
  return G_LIST_MODEL (self->history);
}

/*
 * Records of a detail page as objects, and lists of them that change no more than what changed: the widget that has the focus
 * stays the same widget when the row behind it is checked, sent or answered. Main thread.
 */
#include "config.h"

#include "pk-record-item.h"

#include "pk-glib-backports.h"

struct _PkRecordItem
{
  GObject parent_instance;
  PkRecord *record; /* (owned) */
  PkRecord *link;   /* (owned) (nullable): the photo or document link that led to a document */
  gboolean is_waiting;
  PkContentState content;
  char *path; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (PkRecordItem, pk_record_item, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
pk_record_item_finalize (GObject *object)
{
  PkRecordItem *self = PK_RECORD_ITEM (object);

  g_clear_pointer (&self->record, pk_record_unref);
  g_clear_pointer (&self->link, pk_record_unref);
  g_free (self->path);
  G_OBJECT_CLASS (pk_record_item_parent_class)->finalize (object);
}

static void
pk_record_item_class_init (PkRecordItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_record_item_finalize;

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
pk_record_item_init (PkRecordItem *self G_GNUC_UNUSED)
{
}

/**
 * pk_record_item_new:
 * @record: the record
 * @link: (nullable): the record that led to it
 * @is_waiting: whether it has changes that wait to be sent
 *
 * Makes an item.
 *
 * Returns: (transfer full): the item
 */
PkRecordItem *
pk_record_item_new (PkRecord *record, PkRecord *link, gboolean is_waiting)
{
  PkRecordItem *self = g_object_new (PK_TYPE_RECORD_ITEM, NULL);

  self->record = pk_record_ref (record);
  self->link = link != NULL ? pk_record_ref (link) : NULL;
  self->is_waiting = is_waiting;
  return self;
}

/**
 * pk_record_item_get_record:
 * @self: an item
 *
 * Returns: (transfer none): the record as it is now
 */
PkRecord *
pk_record_item_get_record (PkRecordItem *self)
{
  g_return_val_if_fail (PK_IS_RECORD_ITEM (self), NULL);
  return self->record;
}

/**
 * pk_record_item_get_link:
 * @self: an item
 *
 * Returns: (transfer none) (nullable): the record that led to it
 */
PkRecord *
pk_record_item_get_link (PkRecordItem *self)
{
  g_return_val_if_fail (PK_IS_RECORD_ITEM (self), NULL);
  return self->link;
}

/**
 * pk_record_item_is_waiting:
 * @self: an item
 *
 * Returns: whether it has changes that wait to be sent
 */
gboolean
pk_record_item_is_waiting (PkRecordItem *self)
{
  g_return_val_if_fail (PK_IS_RECORD_ITEM (self), FALSE);
  return self->is_waiting;
}

/**
 * pk_record_item_set_content:
 * @self: an item of a document
 * @state: where its content is
 * @path: (nullable): the file, where it is here
 *
 * Says where the document's content is.
 */
void
pk_record_item_set_content (PkRecordItem *self, PkContentState state, const char *path)
{
  g_return_if_fail (PK_IS_RECORD_ITEM (self));
  self->content = state;
  g_set_str (&self->path, path);
}

/**
 * pk_record_item_get_content:
 * @self: an item of a document
 *
 * Returns: where its content is
 */
PkContentState
pk_record_item_get_content (PkRecordItem *self)
{
  g_return_val_if_fail (PK_IS_RECORD_ITEM (self), PK_CONTENT_MISSING);
  return self->content;
}

/**
 * pk_record_item_get_path:
 * @self: an item of a document
 *
 * Returns: (transfer none) (nullable): the file with its content, where it is here
 */
const char *
pk_record_item_get_path (PkRecordItem *self)
{
  g_return_val_if_fail (PK_IS_RECORD_ITEM (self), NULL);
  return self->path;
}

static gboolean
is_same_record (const PkRecord *a, const PkRecord *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return pk_record_equal (a, b);
}

/* Takes over what @fresh says about the same record; tells if that is something else. */
static void
take_over (PkRecordItem *self, PkRecordItem *fresh)
{
  if (is_same_record (self->record, fresh->record) && is_same_record (self->link, fresh->link) &&
      self->is_waiting == fresh->is_waiting && self->content == fresh->content &&
      g_strcmp0 (self->path, fresh->path) == 0)
    return;
  PkRecord *record = g_steal_pointer (&fresh->record);
  PkRecord *link = g_steal_pointer (&fresh->link);
  fresh->record = g_steal_pointer (&self->record);
  fresh->link = g_steal_pointer (&self->link);
  self->record = record;
  self->link = link;
  self->is_waiting = fresh->is_waiting;
  self->content = fresh->content;
  g_set_str (&self->path, fresh->path);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * pk_record_list_new:
 *
 * Returns: (transfer full): an empty list of #PkRecordItem
 */
GListStore *
pk_record_list_new (void)
{
  return g_list_store_new (PK_TYPE_RECORD_ITEM);
}

static gboolean
is_same_id (PkRecordItem *a, PkRecordItem *b)
{
  return pk_id_equal (pk_record_get_id (a->record), pk_record_get_id (b->record));
}

static gboolean
is_same_at (GListStore *list, guint position, PkRecordItem *fresh)
{
  g_autoptr (PkRecordItem) old = g_list_model_get_item (G_LIST_MODEL (list), position);

  return is_same_id (old, fresh);
}

static void
take_over_at (GListStore *list, guint position, PkRecordItem *fresh)
{
  g_autoptr (PkRecordItem) old = g_list_model_get_item (G_LIST_MODEL (list), position);

  take_over (old, fresh);
}

/**
 * pk_record_list_update:
 * @list: a list of #PkRecordItem
 * @items: (element-type PkRecordItem): what is read anew, in order
 *
 * Makes @list show @items. What begins and ends alike keeps its objects; at most one splice is told.
 */
void
pk_record_list_update (GListStore *list, GPtrArray *items)
{
  guint old_n = g_list_model_get_n_items (G_LIST_MODEL (list));
  guint head = 0, tail = 0;

  while (head < MIN (old_n, items->len) && is_same_at (list, head, g_ptr_array_index (items, head)))
    head++;
  while (tail < MIN (old_n, items->len) - head &&
         is_same_at (list, old_n - 1 - tail, g_ptr_array_index (items, items->len - 1 - tail)))
    tail++;

  for (guint i = 0; i < head; i++)
    take_over_at (list, i, g_ptr_array_index (items, i));
  for (guint i = 0; i < tail; i++)
    take_over_at (list, old_n - 1 - i, g_ptr_array_index (items, items->len - 1 - i));
  if (head + tail < old_n || head + tail < items->len)
    g_list_store_splice (list,
                         head,
                         old_n - head - tail,
                         items->pdata + head,
                         items->len - head - tail);
}

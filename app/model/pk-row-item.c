/* One row of a list as people see it. Filled by the model that makes it, shown by PkRow. Main thread. */
#include "config.h"

#include "pk-row-item.h"

#include "pk-model-tables.h"

struct _PkRowItem
{
  GObject parent_instance;
  guint entity; /* a PkEntityId; 0 for a heading */
  PkId id;
  PkRowFace face;      /* its texts live in @store */
  GStringChunk *store; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (PkRowItem, pk_row_item, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_same_face (const PkRowFace *a, const PkRowFace *b)
{
  return g_strcmp0 (a->icon_name, b->icon_name) == 0 && g_strcmp0 (a->state, b->state) == 0 &&
         g_strcmp0 (a->title, b->title) == 0 && g_strcmp0 (a->subtitle, b->subtitle) == 0 &&
         g_strcmp0 (a->chip, b->chip) == 0 && g_strcmp0 (a->chip_tooltip, b->chip_tooltip) == 0 &&
         a->icon_tone == b->icon_tone && a->chip_tone == b->chip_tone &&
         a->is_waiting == b->is_waiting && a->is_closed == b->is_closed;
}

static const char *
keep (GStringChunk *store, const char *text)
{
  return text == NULL ? NULL : g_string_chunk_insert (store, text);
}

static void
pk_row_item_finalize (GObject *object)
{
  PkRowItem *self = PK_ROW_ITEM (object);

  g_clear_pointer (&self->store, g_string_chunk_free);
  G_OBJECT_CLASS (pk_row_item_parent_class)->finalize (object);
}

static void
pk_row_item_class_init (PkRowItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_row_item_finalize;

  /**
   * PkRowItem::changed:
   *
   * What the row shows is another.
   */
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
pk_row_item_init (PkRowItem *self G_GNUC_UNUSED)
{
}

/**
 * pk_row_item_new:
 * @entity: a PkEntityId; 0 where it is not known yet
 * @id: (nullable): of the record
 *
 * Returns: (transfer full): an empty row
 */
PkRowItem *
pk_row_item_new (guint entity, const PkId *id)
{
  PkRowItem *self = g_object_new (PK_TYPE_ROW_ITEM, NULL);

  self->entity = entity;
  if (id != NULL)
    self->id = *id;
  return self;
}

/**
 * pk_row_item_fill:
 * @self: a row
 * @entity: a PkEntityId; 0 for a heading
 * @id: of the record
 * @face: what it shows from now on; copied
 *
 * Emits #PkRowItem::changed where that is another than before.
 */
void
pk_row_item_fill (PkRowItem *self, guint entity, const PkId *id, const PkRowFace *face)
{
  g_return_if_fail (PK_IS_ROW_ITEM (self));

  self->entity = entity;
  self->id = *id;
  if (self->store != NULL && is_same_face (&self->face, face))
    return;

  GStringChunk *store = g_string_chunk_new (128);
  PkRowFace kept = *face;
  kept.icon_name = keep (store, face->icon_name);
  kept.state = keep (store, face->state);
  kept.title = keep (store, face->title);
  kept.subtitle = keep (store, face->subtitle);
  kept.chip = keep (store, face->chip);
  kept.chip_tooltip = keep (store, face->chip_tooltip);

  g_clear_pointer (&self->store, g_string_chunk_free);
  self->store = store;
  self->face = kept;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * pk_row_item_fill_heading:
 * @self: a row
 * @title: what the rows below have in common
 *
 * Makes it a heading.
 */
void
pk_row_item_fill_heading (PkRowItem *self, const char *title)
{
  static const PkId none = { { 0 } };

  pk_row_item_fill (self, 0, &none, &(PkRowFace){ .title = title });
}

/**
 * pk_row_item_get_entity:
 * @self: a row
 *
 * Returns: the PkEntityId of its record; 0 for a heading
 */
guint
pk_row_item_get_entity (PkRowItem *self)
{
  return self->entity;
}

/**
 * pk_row_item_get_id:
 * @self: a row
 *
 * Returns: (transfer none): id of its record
 */
const PkId *
pk_row_item_get_id (PkRowItem *self)
{
  return &self->id;
}

/**
 * pk_row_item_is_heading:
 * @self: a row
 *
 * Returns: %TRUE where it stands for no record
 */
gboolean
pk_row_item_is_heading (PkRowItem *self)
{
  return self->entity == 0;
}

/**
 * pk_row_item_get_face:
 * @self: a row
 *
 * Returns: (transfer none): what it shows; valid until it changes
 */
const PkRowFace *
pk_row_item_get_face (PkRowItem *self)
{
  return &self->face;
}

static void
append_part (GString *label, const char *part)
{
  if (part == NULL || part[0] == '\0')
    return;
  if (label->len > 0)
    g_string_append (label, ", ");
  g_string_append (label, part);
}

/**
 * pk_row_item_dup_label:
 * @self: a row
 *
 * Returns: (transfer full): the whole row in words, for a screen reader
 */
char *
pk_row_item_dup_label (PkRowItem *self)
{
  GString *label = g_string_new (NULL);

  append_part (label, self->face.title);
  append_part (label, self->face.state);
  append_part (label, self->face.chip);
  append_part (label, self->face.subtitle);
  return g_string_free (label, FALSE);
}

/**
 * pk_row_item_get_open_action:
 * @self: a row
 *
 * Returns: (nullable): the window's action that opens the row's record, with its id as target; %NULL where nothing opens
 */
const char *
pk_row_item_get_open_action (PkRowItem *self)
{
  switch (self->entity)
    {
    case PK_ENTITY_TASK:
      return "win.open-task";
    case PK_ENTITY_BUILDING:
      return "win.open-building";
    case PK_ENTITY_DOCUMENT:
      return "win.open-document";
    case PK_ENTITY_PERSON:
      return "win.open-person";
    default:
      return NULL;
    }
}

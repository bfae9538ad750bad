/*
 * The tree of places. A property is shown when a building of it is on this device. What is asked for is read at once in bounded
 * reads; only the root needs a scan. Main thread, but for the scan on the reader's worker.
 */
#include "config.h"

#include "pk-place-tree.h"

#include "pk-replica.h"
#include "pk-rows.h"

#include <glib/gi18n.h>
#include <string.h>

/* A building has at most so many rooms and components on its page and in the tree. */
#define MOST 2000

struct _PkPlaceTree
{
  GObject parent_instance;
  PkLibrary *library; /* (owned) */
  GListStore *roots;  /* (owned): PkRowItem of properties, and of buildings without one */
  GHashTable *homes;  /* (owned): PkId of a property → GPtrArray of PkRecord of its buildings */
  GPtrArray *lists;   /* (owned): Child, given out and still alive */
  gboolean is_ready;
  GCancellable *cancellable; /* (owned) */
};

/* A list of children that somebody looks at. */
typedef struct
{
  guint entity;
  PkId id;
  GWeakRef store;
} Child;

G_DEFINE_FINAL_TYPE (PkPlaceTree, pk_place_tree, G_TYPE_OBJECT)

enum
{
  SIGNAL_READY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
child_free (gpointer data)
{
  Child *child = data;

  g_weak_ref_clear (&child->store);
  g_free (child);
}

static PkReader *
reader_of (PkLibrary *library)
{
  return pk_replica_get_reader (pk_library_get_replica (library));
}

static GPtrArray *
list_children (PkLibrary *library, guint entity, guint field, const PkId *parent)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *records = pk_reader_list_children (reader_of (library),
                                                pk_entity_by_id (entity),
                                                field,
                                                parent,
                                                PK_LIST_FORWARD,
                                                MOST,
                                                &error);

  if (records != NULL)
    return records;
  g_warning ("Reading places: %s", error->message);
  return g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
}

/**
 * pk_place_list_floors:
 * @library: where to read
 * @building: a building
 *
 * Returns: (transfer full) (element-type PkRecord): what lies directly in the building: floors, wings, outdoor areas
 */
GPtrArray *
pk_place_list_floors (PkLibrary *library, const PkId *building)
{
  GPtrArray *records =
      list_children (library, PK_ENTITY_LOCATION, PK_LOCATION_BUILDING_ID, building);

  for (guint i = records->len; i-- > 0;)
    if (pk_record_get_ref (g_ptr_array_index (records, i), PK_LOCATION_PARENT_ID) != NULL)
      g_ptr_array_remove_index (records, i);
  return records;
}

/**
 * pk_place_list_rooms:
 * @library: where to read
 * @floor: a floor, wing or room
 *
 * Returns: (transfer full) (element-type PkRecord): the locations that lie directly in it
 */
GPtrArray *
pk_place_list_rooms (PkLibrary *library, const PkId *floor)
{
  return list_children (library, PK_ENTITY_LOCATION, PK_LOCATION_PARENT_ID, floor);
}

/**
 * pk_place_list_components:
 * @library: where to read
 * @location: a location
 *
 * Returns: (transfer full) (element-type PkRecord): the components that stand there
 */
GPtrArray *
pk_place_list_components (PkLibrary *library, const PkId *location)
{
  return list_children (library, PK_ENTITY_COMPONENT, PK_COMPONENT_LOCATION_ID, location);
}

/**
 * pk_place_list_parts:
 * @library: where to read
 * @building: a building
 *
 * Returns: (transfer full) (element-type PkRecord): its components by building part
 */
GPtrArray *
pk_place_list_parts (PkLibrary *library, const PkId *building)
{
  return list_children (library, PK_ENTITY_COMPONENT, PK_COMPONENT_BUILDING_ID, building);
}

/**
 * pk_place_has_components:
 * @library: where to read
 * @building: a building
 *
 * Returns: whether any component is known there
 */
gboolean
pk_place_has_components (PkLibrary *library, const PkId *building)
{
  PkReader *reader = pk_replica_get_reader (pk_library_get_replica (library));
  g_autoptr (GPtrArray) first = pk_reader_list_children (reader,
                                                         pk_entity_by_id (PK_ENTITY_COMPONENT),
                                                         PK_COMPONENT_BUILDING_ID,
                                                         building,
                                                         PK_LIST_FORWARD,
                                                         1,
                                                         NULL);

  return first != NULL && first->len > 0;
}

static const char *
icon_of (const PkRecord *record)
{
  switch (pk_record_get_entity (record)->id)
    {
    case PK_ENTITY_PROPERTY:
      return "mark-location-symbolic";
    case PK_ENTITY_BUILDING:
      return "pk-building-symbolic";
    case PK_ENTITY_COMPONENT:
      return "pk-component-symbolic";
    default:
      return pk_record_get_int (record, PK_LOCATION_KIND, PK_LOCATION_KIND_ROOM) ==
                     PK_LOCATION_KIND_ROOM
                 ? "pk-room-symbolic"
                 : "pk-floor-symbolic";
    }
}

static char *
area_of (const PkRecord *record, guint field)
{
  double area = pk_record_get_real (record, field, 0);

  return area > 0 ? g_strdup_printf (_ ("%.0f m²"), area) : NULL;
}

static void
fill_location (const PkRecord *record, PkRowFace *face, char **subtitle, char **chip)
{
  const char *number = pk_record_get_text (record, PK_LOCATION_NUMBER);
  const char *use = pk_record_get_text (record, PK_LOCATION_USE);
  const char *parts[3] = { NULL };
  guint n = 0;

  if (number != NULL)
    parts[n++] = number;
  if (use != NULL && (face->title == NULL || !g_str_has_prefix (face->title, use)))
    parts[n++] = use;
  *subtitle = n > 0 ? g_strjoinv (" · ", (char **) parts) : NULL;
  *chip = area_of (record, PK_LOCATION_AREA_M2);
  face->state = _ ("Place");
}

static void
fill_component (const PkRecord *record, PkRowFace *face, char **subtitle, char **chip)
{
  const PkEnum *states = pk_record_get_entity (record)->fields[PK_COMPONENT_STATUS].values;
  gint64 status = pk_record_get_int (record, PK_COMPONENT_STATUS, PK_COMPONENT_STATUS_IN_USE);
  gint64 grade = pk_record_get_int (record, PK_COMPONENT_CONDITION, -1);
  const char *parts[3] = { NULL };
  guint n = 0;

  if (pk_record_get_text (record, PK_COMPONENT_PART_CODE) != NULL)
    parts[n++] = pk_record_get_text (record, PK_COMPONENT_PART_CODE);
  if (pk_record_get_text (record, PK_COMPONENT_TAG) != NULL)
    parts[n++] = pk_record_get_text (record, PK_COMPONENT_TAG);
  *subtitle = n > 0 ? g_strjoinv (" · ", (char **) parts) : NULL;
  face->state = _ ("Component");
  if (status == PK_COMPONENT_STATUS_OUT_OF_ORDER)
    {
      *chip = g_strdup (_ (states->values[status].label));
      face->chip_tone = PK_TONE_BAD;
      return;
    }
  if (grade >= PK_CONDITION_GRADE_TG2 && grade <= PK_CONDITION_GRADE_TG3)
    {
      *chip = g_strdup_printf ("TG %d", (int) grade);
      face->chip_tone = grade == PK_CONDITION_GRADE_TG3 ? PK_TONE_BAD : PK_TONE_WARNING;
    }
}

static void
fill_building (PkLibrary *library,
               const PkRecord *record,
               PkRowFace *face,
               char **subtitle,
               char **chip)
{
  gint64 n_open = 0;
  PkTaskQuery query = { .list = PK_TASKS_BUILDING, .open = PK_TASKS_OPEN };

  query.subject = *pk_record_get_id (record);
  face->state = _ ("Building");
  *subtitle = g_strdup (pk_record_get_text (record, PK_BUILDING_ADDRESS));
  if (pk_reader_count_tasks (reader_of (library), &query, &n_open, NULL) && n_open > 0)
    *chip = g_strdup_printf (ngettext ("%d open", "%d open", (gulong) n_open), (int) n_open);
}

static void
fill_item (PkLibrary *library, PkRowItem *item, const PkRecord *record)
{
  const PkEntity *entity = pk_record_get_entity (record);
  g_autofree char *subtitle = NULL, *chip = NULL;
  PkRowFace face = { .icon_name = icon_of (record),
                     .title = pk_record_get_text (record, entity->title) };

  if (entity->id == PK_ENTITY_LOCATION)
    fill_location (record, &face, &subtitle, &chip);
  else if (entity->id == PK_ENTITY_COMPONENT)
    fill_component (record, &face, &subtitle, &chip);
  else if (entity->id == PK_ENTITY_BUILDING)
    fill_building (library, record, &face, &subtitle, &chip);
  else
    {
      face.state = _ ("Property");
      subtitle = g_strdup (pk_record_get_text (record, PK_PROPERTY_CADASTRAL_REF));
    }
  face.subtitle = subtitle;
  face.chip = chip;
  pk_row_item_fill (item, entity->id, pk_record_get_id (record), &face);
}

/**
 * pk_place_item_new:
 * @library: where names and counts are found
 * @record: a property, building, location or component
 *
 * Returns: (transfer full): how it looks in a list
 */
PkRowItem *
pk_place_item_new (PkLibrary *library, PkRecord *record)
{
  PkRowItem *item = pk_row_item_new (pk_record_get_entity (record)->id, pk_record_get_id (record));

  fill_item (library, item, record);
  return item;
}

static gboolean
is_item_of (GListStore *store, guint position, const PkRecord *record)
{
  g_autoptr (PkRowItem) item = g_list_model_get_item (G_LIST_MODEL (store), position);

  return item != NULL && pk_id_equal (pk_row_item_get_id (item), pk_record_get_id (record));
}

/**
 * pk_place_list_show:
 * @store: of #PkRowItem
 * @library: where names and counts are found
 * @records: (element-type PkRecord): what it shall show, in order
 *
 * Makes a list show records. What begins alike keeps its objects, so that open branches and the focus stay.
 */
void
pk_place_list_show (GListStore *store, PkLibrary *library, GPtrArray *records)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (store));
  guint same = 0;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  while (same < MIN (n, records->len) &&
         is_item_of (store, same, g_ptr_array_index (records, same)))
    {
      g_autoptr (PkRowItem) item = g_list_model_get_item (G_LIST_MODEL (store), same);
      fill_item (library, item, g_ptr_array_index (records, same));
      same++;
    }
  for (guint i = same; i < records->len; i++)
    g_ptr_array_add (items, pk_place_item_new (library, g_ptr_array_index (records, i)));
  if (same < n || items->len > 0)
    g_list_store_splice (store, same, n - same, items->pdata, items->len);
}

/* On the reader's worker: all buildings in the order of their names. */
static gpointer
read_buildings (PkReader *reader, gpointer data G_GNUC_UNUSED, GError **error)
{
  const PkEntity *entity = pk_entity_by_id (PK_ENTITY_BUILDING);
  g_autoptr (PkRecordQuery) query = pk_record_query_new (entity, "title_key");
  g_autoptr (GArray) rids = pk_reader_query_records (reader, query, error);
  GPtrArray *buildings = NULL;

  if (rids == NULL)
    return NULL;
  buildings = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  for (guint i = 0; i < rids->len; i++)
    {
      PkRecord *building =
          pk_reader_find_by_rid (reader, entity, g_array_index (rids, gint64, i), NULL);
      if (building != NULL)
        g_ptr_array_add (buildings, building);
    }
  return buildings;
}

static int
compare_titles (gconstpointer a, gconstpointer b)
{
  g_autofree char *first = pk_record_dup_title_key (*(PkRecord *const *) a);
  g_autofree char *second = pk_record_dup_title_key (*(PkRecord *const *) b);

  return strcmp (first, second);
}

/* Puts each building under its property; gives the roots, properties and buildings alike, in the order of their names. */
static GPtrArray *
arrange (PkPlaceTree *self, GPtrArray *buildings)
{
  GPtrArray *roots = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);

  g_hash_table_remove_all (self->homes);
  for (guint i = 0; i < buildings->len; i++)
    {
      PkRecord *building = g_ptr_array_index (buildings, i);
      const PkId *id = pk_record_get_ref (building, PK_BUILDING_PROPERTY_ID);
      GPtrArray *siblings = id != NULL ? g_hash_table_lookup (self->homes, id) : NULL;
      PkRecord *property = NULL;
      if (siblings == NULL && id != NULL)
        property = pk_library_find (self->library, PK_ENTITY_PROPERTY, id);
      if (property != NULL)
        {
          siblings = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
          g_hash_table_insert (self->homes, g_memdup2 (id, sizeof *id), siblings);
          g_ptr_array_add (roots, property);
        }
      if (siblings != NULL)
        g_ptr_array_add (siblings, pk_record_ref (building));
      else
        g_ptr_array_add (roots, pk_record_ref (building));
    }
  g_ptr_array_sort (roots, compare_titles);
  return roots;
}

static void
add_all (GPtrArray *to, GPtrArray *from)
{
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add (to, pk_record_ref (g_ptr_array_index (from, i)));
}

static GPtrArray *
read_children (PkPlaceTree *self, guint entity, const PkId *id)
{
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  g_autoptr (GPtrArray) first = NULL, second = NULL;
  GPtrArray *homes = g_hash_table_lookup (self->homes, id);

  if (entity == PK_ENTITY_PROPERTY && homes != NULL)
    add_all (records, homes);
  if (entity == PK_ENTITY_BUILDING)
    first = pk_place_list_floors (self->library, id);
  if (entity == PK_ENTITY_LOCATION)
    {
      first = pk_place_list_rooms (self->library, id);
      second = pk_place_list_components (self->library, id);
    }
  if (first != NULL)
    add_all (records, first);
  if (second != NULL)
    add_all (records, second);
  return records;
}

static void
refresh_lists (PkPlaceTree *self)
{
  for (guint i = self->lists->len; i-- > 0;)
    {
      Child *child = g_ptr_array_index (self->lists, i);
      g_autoptr (GListStore) store = g_weak_ref_get (&child->store);
      if (store == NULL)
        {
          g_ptr_array_remove_index (self->lists, i);
          continue;
        }
      g_autoptr (GPtrArray) records = read_children (self, child->entity, &child->id);
      pk_place_list_show (store, self->library, records);
    }
}

static void
buildings_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) buildings = pk_replica_job_finish (PK_REPLICA (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PkPlaceTree *self = user_data;
  if (buildings == NULL)
    {
      g_warning ("Reading the buildings: %s", error->message);
      return;
    }
  g_autoptr (GPtrArray) roots = arrange (self, buildings);
  self->is_ready = TRUE;
  pk_place_list_show (self->roots, self->library, roots);
  refresh_lists (self);
  g_signal_emit (self, signals[SIGNAL_READY], 0);
}

static void
read_roots (PkPlaceTree *self)
{
  PkReplicaJob job = { .priority = PK_PRIORITY_INTERACTIVE,
                       .free_result = (GDestroyNotify) g_ptr_array_unref };

  pk_replica_read_async (pk_library_get_replica (self->library),
                         read_buildings,
                         &job,
                         self->cancellable,
                         buildings_read_cb,
                         self);
}

static void
library_changed_cb (PkPlaceTree *self, guint64 entities)
{
  const guint64 places = PK_LIBRARY_BIT (PK_ENTITY_PROPERTY) | PK_LIBRARY_BIT (PK_ENTITY_BUILDING) |
                         PK_LIBRARY_BIT (PK_ENTITY_LOCATION) | PK_LIBRARY_BIT (PK_ENTITY_COMPONENT);

  if (entities & places)
    read_roots (self);
}

static void
pk_place_tree_dispose (GObject *object)
{
  PkPlaceTree *self = PK_PLACE_TREE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->library);
  g_clear_object (&self->roots);
  g_clear_pointer (&self->lists, g_ptr_array_unref);
  g_clear_pointer (&self->homes, g_hash_table_unref);
  G_OBJECT_CLASS (pk_place_tree_parent_class)->dispose (object);
}

static void
pk_place_tree_finalize (GObject *object)
{
  g_clear_object (&PK_PLACE_TREE (object)->cancellable);
  G_OBJECT_CLASS (pk_place_tree_parent_class)->finalize (object);
}

static void
pk_place_tree_class_init (PkPlaceTreeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_place_tree_dispose;
  G_OBJECT_CLASS (klass)->finalize = pk_place_tree_finalize;

  signals[SIGNAL_READY] = g_signal_new ("ready",
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
pk_place_tree_init (PkPlaceTree *self)
{
  self->roots = g_list_store_new (PK_TYPE_ROW_ITEM);
  self->lists = g_ptr_array_new_with_free_func (child_free);
  self->homes =
      g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->cancellable = g_cancellable_new ();
}

/**
 * pk_place_tree_new:
 * @library: where to read
 *
 * Makes a tree and begins to read its root.
 *
 * Returns: (transfer full): the tree
 */
PkPlaceTree *
pk_place_tree_new (PkLibrary *library)
{
  PkPlaceTree *self = g_object_new (PK_TYPE_PLACE_TREE, NULL);

  self->library = g_object_ref (library);
  g_signal_connect_object (library,
                           "changed",
                           G_CALLBACK (library_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  read_roots (self);
  return self;
}

/**
 * pk_place_tree_get_roots:
 * @self: a tree
 *
 * Returns: (transfer none): #PkRowItem of the properties
 */
GListModel *
pk_place_tree_get_roots (PkPlaceTree *self)
{
  g_return_val_if_fail (PK_IS_PLACE_TREE (self), NULL);
  return G_LIST_MODEL (self->roots);
}

/**
 * pk_place_tree_create_children:
 * @self: a tree
 * @item: a place
 *
 * Reads what lies directly in a place. The list follows changes for as long as somebody holds it.
 *
 * Returns: (transfer full) (nullable): #PkRowItem; %NULL for what has no inside
 */
GListModel *
pk_place_tree_create_children (PkPlaceTree *self, PkRowItem *item)
{
  g_return_val_if_fail (PK_IS_PLACE_TREE (self), NULL);
  guint entity = pk_row_item_get_entity (item);
  g_autoptr (GPtrArray) records = NULL;
  GListStore *store = NULL;
  Child *child = NULL;

  if (entity == PK_ENTITY_COMPONENT)
    return NULL;
  records = read_children (self, entity, pk_row_item_get_id (item));
  if (records->len == 0)
    return NULL;
  store = g_list_store_new (PK_TYPE_ROW_ITEM);
  pk_place_list_show (store, self->library, records);
  child = g_new0 (Child, 1);
  child->entity = entity;
  child->id = *pk_row_item_get_id (item);
  g_weak_ref_init (&child->store, store);
  g_ptr_array_add (self->lists, child);
  return G_LIST_MODEL (store);
}

/**
 * pk_place_tree_is_ready:
 * @self: a tree
 *
 * Returns: whether the root was read
 */
gboolean
pk_place_tree_is_ready (PkPlaceTree *self)
{
  g_return_val_if_fail (PK_IS_PLACE_TREE (self), FALSE);
  return self->is_ready;
}

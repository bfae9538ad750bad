/*
 * Names in memory, folded, in order: a look-up is a binary search. A name is found whole, or by its beginning where that is the
 * only one. Main thread; the names are collected on the reader's worker.
 */
#include "config.h"

#include "pk-name-index.h"

#include "pk-replica.h"

#include <string.h>

typedef struct
{
  char *folded; /* (owned) */
  PkId id;
  PkId within; /* of a room: its building */
  guint entity;
} Name;

struct _PkNameIndex
{
  GObject parent_instance;
  GArray *names; /* (owned) (nullable): Name, by entity and folded name */
};

G_DEFINE_FINAL_TYPE (PkNameIndex, pk_name_index, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const struct
{
  guint entity;
  guint field;
  const char *order;
} sources[] = {
  { PK_ENTITY_BUILDING, PK_BUILDING_NAME, "title_key" },
  { PK_ENTITY_UNIT, PK_UNIT_NAME, "title_key" },
  { PK_ENTITY_UNIT, PK_UNIT_SHORT_NAME, "title_key" },
  { PK_ENTITY_PERSON, PK_PERSON_NAME, "title_key" },
  { PK_ENTITY_LOCATION, PK_LOCATION_NAME, "building_id" },
};

static void
clear_name (Name *name)
{
  g_free (name->folded);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const Name *first = a, *second = b;

  if (first->entity != second->entity)
    return first->entity < second->entity ? -1 : 1;
  return strcmp (first->folded, second->folded);
}

static void
add_name (GArray *names, guint source, const PkRecord *record)
{
  const char *text = pk_record_get_text (record, sources[source].field);

  if (text == NULL)
    return;
  Name name = { .folded = g_utf8_casefold (text, -1),
                .id = *pk_record_get_id (record),
                .entity = sources[source].entity };
  if (name.entity == PK_ENTITY_LOCATION && pk_record_get_ref (record, PK_LOCATION_BUILDING_ID))
    name.within = *pk_record_get_ref (record, PK_LOCATION_BUILDING_ID);
  g_array_append_val (names, name);
}

/* On the reader's worker. */
static gpointer
collect_names (PkReader *reader, gpointer data G_GNUC_UNUSED, GError **error)
{
  g_autoptr (GArray) names = g_array_new (FALSE, FALSE, sizeof (Name));

  g_array_set_clear_func (names, (GDestroyNotify) clear_name);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      const PkEntity *entity = pk_entity_by_id (sources[i].entity);
      g_autoptr (PkRecordQuery) query = pk_record_query_new (entity, sources[i].order);
      g_autoptr (GArray) rids = pk_reader_query_records (reader, query, error);
      if (rids == NULL)
        return NULL;
      for (guint j = 0; j < rids->len; j++)
        {
          g_autoptr (PkRecord) record =
              pk_reader_find_by_rid (reader, entity, g_array_index (rids, gint64, j), NULL);
          if (record != NULL)
            add_name (names, i, record);
        }
    }
  g_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

static void
collected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkNameIndex) self = user_data;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->names, g_array_unref);
  self->names = pk_replica_job_finish (PK_REPLICA (object), result, &error);
  if (self->names == NULL)
    g_warning ("Collecting names: %s", error->message);
  else
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
pk_name_index_finalize (GObject *object)
{
  g_clear_pointer (&PK_NAME_INDEX (object)->names, g_array_unref);
  G_OBJECT_CLASS (pk_name_index_parent_class)->finalize (object);
}

static void
pk_name_index_class_init (PkNameIndexClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_name_index_finalize;

  /**
   * PkNameIndex::changed:
   *
   * The names are there.
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
pk_name_index_init (PkNameIndex *self G_GNUC_UNUSED)
{
}

/**
 * pk_name_index_new:
 * @library: what is read
 *
 * Returns: (transfer full): an index that fills itself when the main loop runs
 */
PkNameIndex *
pk_name_index_new (PkLibrary *library)
{
  PkNameIndex *self = g_object_new (PK_TYPE_NAME_INDEX, NULL);
  PkReplicaJob job = { PK_PRIORITY_INTERACTIVE, NULL, NULL, (GDestroyNotify) g_array_unref };

  pk_replica_read_async (pk_library_get_replica (library),
                         collect_names,
                         &job,
                         NULL,
                         collected_cb,
                         g_object_ref (self));
  return self;
}

/* The first name that is not before @wanted. */
static guint
find_first (GArray *names, const Name *wanted)
{
  guint low = 0, high = names->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (compare_names (&g_array_index (names, Name, middle), wanted) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * pk_name_index_find:
 * @self: an index
 * @entity: a PkEntityId
 * @words: as they stand in the line, in any case
 * @within: (nullable): the building that a room must be in
 * @id_out: (out): what is called so
 *
 * Returns: %TRUE where exactly one thing is called @words, wholly or by its beginning
 */
gboolean
pk_name_index_find (PkNameIndex *self,
                    guint entity,
                    const char *words,
                    const PkId *within,
                    PkId *id_out)
{
  g_autofree char *folded = g_utf8_casefold (words, -1);
  Name wanted = { .folded = folded, .entity = entity };
  guint n_found = 0;

  if (self->names == NULL || folded[0] == '\0')
    return FALSE;
  for (guint i = find_first (self->names, &wanted); i < self->names->len; i++)
    {
      const Name *name = &g_array_index (self->names, Name, i);
      if (name->entity != entity || !g_str_has_prefix (name->folded, folded))
        break;
      if (within != NULL && !pk_id_is_null (within) && !pk_id_equal (&name->within, within))
        continue;
      gboolean is_same = n_found > 0 && pk_id_equal (id_out, &name->id);
      if (is_same)
        continue;
      if (n_found > 0)
        return FALSE;
      *id_out = name->id;
      n_found++;
      if (strcmp (name->folded, folded) == 0)
        return TRUE;
    }
  return n_found == 1;
}

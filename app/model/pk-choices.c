/*
 * What a field can be given. All candidates lie in memory, folded, in the order in which they are offered: near ones first, then by
 * name or place. A text finds those of whose words each typed one begins a word. Main thread; read on the reader's worker.
 */
#include "config.h"

#include "pk-choices.h"

#include "pk-replica.h"
#include "pk-state-icons.h"

#include <string.h>

#define MOST_ROWS  40
#define MOST_PARTS 5000

typedef struct
{
  PkId id;
  char *title;           /* (owned) */
  char *detail;          /* (owned) (nullable) */
  char *folded;          /* (owned): all its words */
  const char *icon_name; /* (static) (nullable) */
  gboolean is_near;
} Choice;

typedef struct
{
  guint entity;
  PkId near_to;
} Wish;

struct _PkChoices
{
  GObject parent_instance;
  PkLibrary *library; /* (owned) */
  guint entity;
  char *text;                /* (owned) */
  GPtrArray *all;            /* (owned) (nullable): Choice */
  GListStore *rows;          /* (owned): PkRowItem */
  GCancellable *cancellable; /* (owned) (nullable): of the reading under way */
};

G_DEFINE_FINAL_TYPE (PkChoices, pk_choices, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  g_free (choice->title);
  g_free (choice->detail);
  g_free (choice->folded);
  g_free (choice);
}

static char *
join (const char *first, const char *second)
{
  if (first == NULL || *first == '\0')
    return g_strdup (second);
  return second == NULL || *second == '\0' ? g_strdup (first)
                                           : g_strjoin (" · ", first, second, NULL);
}

static char *
dup_name (PkReader *reader, guint entity, const PkRecord *record, guint field)
{
  const PkId *id = pk_record_get_ref (record, field);

  return id != NULL ? pk_reader_dup_name (reader, pk_entity_by_id (entity), id) : NULL;
}

static char *
detail_of (PkReader *reader, const PkRecord *record)
{
  g_autofree char *name = NULL;

  switch (pk_record_get_entity (record)->id)
    {
    case PK_ENTITY_PERSON:
      name = dup_name (reader, PK_ENTITY_UNIT, record, PK_PERSON_UNIT_ID);
      return join (pk_record_get_text (record, PK_PERSON_TITLE), name);
    case PK_ENTITY_UNIT:
      return dup_name (reader, PK_ENTITY_UNIT, record, PK_UNIT_PARENT_ID);
    case PK_ENTITY_BUILDING:
      return g_strdup (pk_record_get_text (record, PK_BUILDING_ADDRESS));
    case PK_ENTITY_PROPERTY:
      return g_strdup (pk_record_get_text (record, PK_PROPERTY_CADASTRAL_REF));
    case PK_ENTITY_CATEGORY:
      return dup_name (reader, PK_ENTITY_CATEGORY, record, PK_CATEGORY_PARENT_ID);
    case PK_ENTITY_COMPONENT:
      name = dup_name (reader, PK_ENTITY_LOCATION, record, PK_COMPONENT_LOCATION_ID);
      return join (pk_record_get_text (record, PK_COMPONENT_PART_CODE), name);
    case PK_ENTITY_LOCATION:
      name = dup_name (reader, PK_ENTITY_LOCATION, record, PK_LOCATION_PARENT_ID);
      return join (pk_record_get_text (record, PK_LOCATION_NUMBER), name);
    default:
      return NULL;
    }
}

/* People of the unit, and what stands in the room. */
static gboolean
is_near (const Wish *wish, const PkRecord *record)
{
  const PkId *at = NULL;

  if (pk_record_get_entity (record)->id == PK_ENTITY_PERSON)
    at = pk_record_get_ref (record, PK_PERSON_UNIT_ID);
  else if (pk_record_get_entity (record)->id == PK_ENTITY_COMPONENT)
    at = pk_record_get_ref (record, PK_COMPONENT_LOCATION_ID);
  return at != NULL && pk_id_equal (at, &wish->near_to);
}

/* What it is found by and not shown with. */
static const char *
keywords_of (const PkRecord *record)
{
  const char *words = NULL;

  if (pk_record_get_entity (record)->id == PK_ENTITY_CATEGORY)
    words = pk_record_get_text (record, PK_CATEGORY_KEYWORDS);
  else if (pk_record_get_entity (record)->id == PK_ENTITY_COMPONENT)
    words = pk_record_get_text (record, PK_COMPONENT_TAG);
  return words != NULL ? words : "";
}

static Choice *
choice_of (PkReader *reader, const Wish *wish, const PkRecord *record)
{
  const PkEntity *entity = pk_record_get_entity (record);
  const char *title = pk_record_get_text (record, entity->title);
  Choice *choice = g_new0 (Choice, 1);

  choice->id = *pk_record_get_id (record);
  choice->title = g_strdup (title != NULL ? title : "");
  choice->detail = detail_of (reader, record);
  /* Categories are words only: any shape would look like a state. */
  if (entity->id != PK_ENTITY_CATEGORY)
    choice->icon_name = pk_state_icon_of_entity (entity->id);
  choice->is_near = is_near (wish, record);
  g_autofree char *words = g_strjoin (" ",
                                      choice->title,
                                      choice->detail != NULL ? choice->detail : "",
                                      keywords_of (record),
                                      NULL);
  choice->folded = g_utf8_casefold (words, -1);
  return choice;
}

static gboolean
is_offered (const PkRecord *record)
{
  return pk_record_get_entity (record)->id != PK_ENTITY_PERSON ||
         pk_record_get_int (record, PK_PERSON_IS_ACTIVE, FALSE) != 0;
}

static GPtrArray *
read_rooms (PkReader *reader, const Wish *wish, GError **error)
{
  return pk_reader_list_children (reader,
                                  pk_entity_by_id (PK_ENTITY_LOCATION),
                                  PK_LOCATION_BUILDING_ID,
                                  &wish->near_to,
                                  PK_LIST_FORWARD,
                                  MOST_PARTS,
                                  error);
}

/* Of the building; where a room is near, of the building that it is in. */
static GPtrArray *
read_components (PkReader *reader, const Wish *wish, GError **error)
{
  g_autoptr (PkRecord)
      room = pk_reader_find (reader, pk_entity_by_id (PK_ENTITY_LOCATION), &wish->near_to, NULL);
  const PkId *building = room != NULL ? pk_record_get_ref (room, PK_LOCATION_BUILDING_ID) : NULL;

  return pk_reader_list_children (reader,
                                  pk_entity_by_id (PK_ENTITY_COMPONENT),
                                  PK_COMPONENT_BUILDING_ID,
                                  building != NULL ? building : &wish->near_to,
                                  PK_LIST_FORWARD,
                                  MOST_PARTS,
                                  error);
}

static GPtrArray *
read_all (PkReader *reader, const Wish *wish, GError **error)
{
  const PkEntity *entity = pk_entity_by_id (wish->entity);
  g_autoptr (PkRecordQuery) query = pk_record_query_new (entity, "title_key");
  g_autoptr (GArray) rids = pk_reader_query_records (reader, query, error);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);

  if (rids == NULL)
    return NULL;
  for (guint i = 0; i < rids->len; i++)
    {
      PkRecord *record =
          pk_reader_find_by_rid (reader, entity, g_array_index (rids, gint64, i), NULL);
      if (record != NULL)
        g_ptr_array_add (records, record);
    }
  return g_steal_pointer (&records);
}

static GPtrArray *
read_candidates (PkReader *reader, const Wish *wish, GError **error)
{
  switch (wish->entity)
    {
    case PK_ENTITY_COMPONENT:
      return read_components (reader, wish, error);
    case PK_ENTITY_LOCATION:
      return read_rooms (reader, wish, error);
    default:
      return read_all (reader, wish, error);
    }
}

/* On the reader's worker: near ones, then the others, each in their order. */
static gpointer
collect (PkReader *reader, gpointer data, GError **error)
{
  const Wish *wish = data;
  g_autoptr (GPtrArray) records = read_candidates (reader, wish, error);
  g_autoptr (GPtrArray) choices = g_ptr_array_new_with_free_func (choice_free);
  guint n_near = 0;

  if (records == NULL)
    return NULL;
  for (guint i = 0; i < records->len; i++)
    {
      if (!is_offered (records->pdata[i]))
        continue;
      Choice *choice = choice_of (reader, wish, records->pdata[i]);
      g_ptr_array_insert (choices, choice->is_near ? (int) n_near++ : -1, choice);
    }
  return g_steal_pointer (&choices);
}

static gboolean
has_word (const char *folded, const char *word)
{
  gsize length = strlen (word);

  for (const char *at = strstr (folded, word); at != NULL; at = strstr (at + length, word))
    if (at == folded || !g_unichar_isalnum (g_utf8_get_char (g_utf8_prev_char (at))))
      return TRUE;
  return FALSE;
}

static gboolean
is_found (const Choice *choice, char **words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0' && !has_word (choice->folded, words[i]))
      return FALSE;
  return TRUE;
}

static PkRowItem *
new_row (PkChoices *self, const Choice *choice)
{
  PkRowItem *row = pk_row_item_new (self->entity, &choice->id);
  PkRowFace face = { .icon_name = choice->icon_name,
                     .icon_tone = PK_TONE_QUIET,
                     .title = choice->title,
                     .subtitle = choice->detail };

  pk_row_item_fill (row, self->entity, &choice->id, &face);
  return row;
}

static void
show_rows (PkChoices *self)
{
  g_autofree char *folded = g_utf8_casefold (self->text, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " ,.", -1);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; self->all != NULL && i < self->all->len && rows->len < MOST_ROWS; i++)
    if (is_found (self->all->pdata[i], words))
      g_ptr_array_add (rows, new_row (self, self->all->pdata[i]));
  g_list_store_splice (self->rows,
                       0,
                       g_list_model_get_n_items (G_LIST_MODEL (self->rows)),
                       rows->pdata,
                       rows->len);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
collected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) choices = pk_replica_job_finish (PK_REPLICA (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PkChoices *self = user_data;
  g_clear_object (&self->cancellable);
  if (choices == NULL)
    {
      g_warning ("Reading what there is to choose: %s", error->message);
      return;
    }
  g_clear_pointer (&self->all, g_ptr_array_unref);
  self->all = g_steal_pointer (&choices);
  show_rows (self);
}

static void
stop_reading (PkChoices *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
pk_choices_dispose (GObject *object)
{
  PkChoices *self = PK_CHOICES (object);

  stop_reading (self);
  g_clear_pointer (&self->all, g_ptr_array_unref);
  g_clear_pointer (&self->text, g_free);
  g_clear_object (&self->rows);
  g_clear_object (&self->library);
  G_OBJECT_CLASS (pk_choices_parent_class)->dispose (object);
}

static void
pk_choices_class_init (PkChoicesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_choices_dispose;

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
pk_choices_init (PkChoices *self)
{
  self->text = g_strdup ("");
  self->rows = g_list_store_new (PK_TYPE_ROW_ITEM);
}

/**
 * pk_choices_new:
 * @library: where to read
 * @entity: a PkEntityId: person, unit, category, building, property, location or component
 *
 * Makes choices that are not read yet.
 *
 * Returns: (transfer full): the choices
 */
PkChoices *
pk_choices_new (PkLibrary *library, guint entity)
{
  PkChoices *self = g_object_new (PK_TYPE_CHOICES, NULL);

  self->library = g_object_ref (library);
  self->entity = entity;
  return self;
}

/**
 * pk_choices_load:
 * @self: choices
 * @near_to: (nullable): of rooms the building that they are in; of components the building or the room whose own come first; of people
 *   the unit whose people come first
 *
 * Reads anew what there is to choose, and forgets what was typed.
 */
void
pk_choices_load (PkChoices *self, const PkId *near_to)
{
  g_return_if_fail (PK_IS_CHOICES (self));
  Wish *wish = g_new0 (Wish, 1);
  PkReplicaJob job = { .priority = PK_PRIORITY_INTERACTIVE,
                       .data = wish,
                       .free_data = g_free,
                       .free_result = (GDestroyNotify) g_ptr_array_unref };

  wish->entity = self->entity;
  if (near_to != NULL)
    wish->near_to = *near_to;
  g_free (self->text);
  self->text = g_strdup ("");
  stop_reading (self);
  self->cancellable = g_cancellable_new ();
  pk_replica_read_async (pk_library_get_replica (self->library),
                         collect,
                         &job,
                         self->cancellable,
                         collected_cb,
                         self);
}

/**
 * pk_choices_search:
 * @self: choices
 * @text: what the person has typed so far; nothing offers all
 *
 * Finds those of whose words each typed one begins a word.
 */
void
pk_choices_search (PkChoices *self, const char *text)
{
  g_return_if_fail (PK_IS_CHOICES (self));

  g_free (self->text);
  self->text = g_strdup (text);
  show_rows (self);
}

/**
 * pk_choices_get_rows:
 * @self: choices
 *
 * Returns: (transfer none): #PkRowItem that were found, the first ones of many
 */
GListModel *
pk_choices_get_rows (PkChoices *self)
{
  g_return_val_if_fail (PK_IS_CHOICES (self), NULL);
  return G_LIST_MODEL (self->rows);
}

/**
 * pk_choices_is_ready:
 * @self: choices
 *
 * Returns: whether they were read
 */
gboolean
pk_choices_is_ready (PkChoices *self)
{
  g_return_val_if_fail (PK_IS_CHOICES (self), FALSE);
  return self->all != NULL && self->cancellable == NULL;
}

/* Search for a few records while the person types. Main thread; the search itself runs on the reader's worker. */
#include "config.h"

#include "pk-finder.h"

#include "pk-replica.h"

struct _PkFinder
{
  GObject parent_instance;
  PkLibrary *library; /* (owned) */
  PkSearchWhat what;
  guint limit;
  GListStore *rows;          /* (owned): PkRowItem */
  GCancellable *cancellable; /* (owned) (nullable): of the question that is asked now */
};

typedef struct
{
  char *text; /* (owned) */
  PkSearchWhat what;
  guint limit;
} Question;

G_DEFINE_FINAL_TYPE (PkFinder, pk_finder, G_TYPE_OBJECT)

enum
{
  SIGNAL_SEARCHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->text);
  g_free (question);
}

static gpointer
search_in_worker (PkReader *reader, gpointer data, GError **error)
{
  const Question *question = data;

  return pk_reader_search (reader, question->text, question->what, question->limit, error);
}

static const char *
icon_of (const PkEntity *entity)
{
  switch (entity->id)
    {
    case PK_ENTITY_PERSON:
      return "avatar-default-symbolic";
    case PK_ENTITY_BUILDING:
      return "pk-building-symbolic";
    case PK_ENTITY_COMPONENT:
      return "applications-engineering-symbolic";
    case PK_ENTITY_DOCUMENT:
      return "x-office-document-symbolic";
    default:
      return "view-list-bullet-symbolic";
    }
}

static void
show_hits (PkFinder *self, GPtrArray *hits)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < hits->len && i < self->limit; i++)
    {
      const PkSearchHit *hit = g_ptr_array_index (hits, i);
      PkRowFace face = { .icon_name = icon_of (hit->entity),
                         .title = hit->title,
                         .subtitle = hit->detail };
      PkRowItem *item = pk_row_item_new (hit->entity->id, &hit->id);
      pk_row_item_fill (item, hit->entity->id, &hit->id, &face);
      g_ptr_array_add (items, item);
    }
  g_list_store_splice (self->rows,
                       0,
                       g_list_model_get_n_items (G_LIST_MODEL (self->rows)),
                       items->pdata,
                       items->len);
  g_signal_emit (self, signals[SIGNAL_SEARCHED], 0);
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hits = pk_replica_job_finish (PK_REPLICA (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  PkFinder *self = user_data;
  g_clear_object (&self->cancellable);
  if (hits == NULL)
    {
      g_warning ("Searching: %s", error->message);
      return;
    }
  show_hits (self, hits);
}

static void
pk_finder_dispose (GObject *object)
{
  PkFinder *self = PK_FINDER (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->rows);
  g_clear_object (&self->library);
  G_OBJECT_CLASS (pk_finder_parent_class)->dispose (object);
}

static void
pk_finder_class_init (PkFinderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_finder_dispose;

  signals[SIGNAL_SEARCHED] = g_signal_new ("searched",
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
pk_finder_init (PkFinder *self)
{
  self->rows = g_list_store_new (PK_TYPE_ROW_ITEM);
}

static PkSearchWhat
what_of (guint entities)
{
  static const struct
  {
    guint entity;
    PkSearchWhat what;
  } pairs[] = {
    { PK_ENTITY_TASK, PK_SEARCH_TASKS },           { PK_ENTITY_BUILDING, PK_SEARCH_BUILDINGS },
    { PK_ENTITY_COMPONENT, PK_SEARCH_COMPONENTS }, { PK_ENTITY_DOCUMENT, PK_SEARCH_DOCUMENTS },
    { PK_ENTITY_ARTICLE, PK_SEARCH_ARTICLES },     { PK_ENTITY_PERSON, PK_SEARCH_PERSONS },
  };
  PkSearchWhat what = 0;

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (entities & (1U << pairs[i].entity))
      what |= pairs[i].what;
  return what;
}

/**
 * pk_finder_new:
 * @library: where to search
 * @entities: bits, 1 << PkEntityId
 * @limit: how many are shown
 *
 * Makes a finder that has found nothing yet.
 *
 * Returns: (transfer full): the finder
 */
PkFinder *
pk_finder_new (PkLibrary *library, guint entities, guint limit)
{
  PkFinder *self = g_object_new (PK_TYPE_FINDER, NULL);

  self->library = g_object_ref (library);
  self->what = what_of (entities);
  self->limit = limit;
  return self;
}

/**
 * pk_finder_search:
 * @self: a finder
 * @text: what the person has typed so far
 *
 * Asks anew; an earlier question that is not answered yet is dropped. An empty text finds nothing.
 */
void
pk_finder_search (PkFinder *self, const char *text)
{
  g_return_if_fail (PK_IS_FINDER (self));
  Question *question = NULL;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (text == NULL || *text == '\0')
    {
      g_list_store_remove_all (self->rows);
      g_signal_emit (self, signals[SIGNAL_SEARCHED], 0);
      return;
    }
  question = g_new0 (Question, 1);
  *question = (Question){ g_strdup (text), self->what, self->limit };
  self->cancellable = g_cancellable_new ();
  PkReplicaJob job = { .priority = PK_PRIORITY_INTERACTIVE,
                       .data = question,
                       .free_data = question_free,
                       .free_result = (GDestroyNotify) g_ptr_array_unref };
  pk_replica_read_async (pk_library_get_replica (self->library),
                         search_in_worker,
                         &job,
                         self->cancellable,
                         searched_cb,
                         self);
}

/**
 * pk_finder_get_rows:
 * @self: a finder
 *
 * Returns: (transfer none): #PkRowItem that were found, best first
 */
GListModel *
pk_finder_get_rows (PkFinder *self)
{
  g_return_val_if_fail (PK_IS_FINDER (self), NULL);
  return G_LIST_MODEL (self->rows);
}

/*
 * Rows of what was found. The hits are few and kept whole; a row's number holds the entity above the rid, because rids are
 * unique within an entity only. Main thread.
 */
#include "config.h"

#include "pk-search-source.h"

#include "pk-replica.h"
#include "pk-state-icons.h"

#include <glib/gi18n.h>

#define ENTITY_SHIFT 48

typedef struct
{
  char *text; /* (owned) */
  guint limit;
} Question;

#define PK_TYPE_SEARCH_SOURCE (pk_search_source_get_type ())
G_DECLARE_FINAL_TYPE (PkSearchSource, pk_search_source, PK, SEARCH_SOURCE, GObject)

struct _PkSearchSource
{
  GObject parent_instance;
  PkLibrary *library; /* (owned) */
  char *text;         /* (owned) */
  guint limit;
  GHashTable *hits; /* (owned): number → PkSearchHit in @found */
  GPtrArray *found; /* (owned) (nullable) */
};

static void source_iface_init (PkRowSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PkSearchSource,
                               pk_search_source,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PK_TYPE_ROW_SOURCE, source_iface_init))

static void
question_free (Question *question)
{
  g_free (question->text);
  g_free (question);
}

/* On the reader's worker. */
static gpointer
run_search (PkReader *reader, gpointer data, GError **error)
{
  Question *question = data;

  return pk_reader_search (reader, question->text, PK_SEARCH_EVERYTHING, question->limit, error);
}

/* Hits of one kind stand together, in the order in which the kinds came first. */
static GArray *
number_hits (PkSearchSource *self)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_hash_table_remove_all (self->hits);
  for (guint i = 0; i < self->found->len; i++)
    {
      PkSearchHit *first = self->found->pdata[i];
      gint64 heading = -(gint64) first->entity->id;
      if (g_hash_table_contains (self->hits, &heading))
        continue;
      g_hash_table_insert (self->hits, g_memdup2 (&heading, sizeof heading), first);
      g_array_append_val (numbers, heading);
      for (guint j = i; j < self->found->len; j++)
        {
          PkSearchHit *hit = self->found->pdata[j];
          gint64 number = ((gint64) hit->entity->id << ENTITY_SHIFT) | hit->rid;
          if (hit->entity != first->entity)
            continue;
          g_hash_table_insert (self->hits, g_memdup2 (&number, sizeof number), hit);
          g_array_append_val (numbers, number);
        }
    }
  return numbers;
}

static void
searched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PkSearchSource *self = g_task_get_source_object (task);
  GError *error = NULL;
  GPtrArray *found = pk_replica_job_finish (PK_REPLICA (object), result, &error);

  if (found == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_pointer (&self->found, g_ptr_array_unref);
  self->found = found;
  g_task_return_pointer (task, number_hits (self), (GDestroyNotify) g_array_unref);
}

static void
query_async (PkRowSource *source,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  PkSearchSource *self = PK_SEARCH_SOURCE (source);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  g_task_set_source_tag (task, query_async);
  question->text = g_strdup (self->text);
  question->limit = self->limit;
  PkReplicaJob job = { PK_PRIORITY_INTERACTIVE,
                       question,
                       (GDestroyNotify) question_free,
                       (GDestroyNotify) g_ptr_array_unref };
  pk_replica_read_async (pk_library_get_replica (self->library),
                         run_search,
                         &job,
                         cancellable,
                         searched_cb,
                         task);
}

static GArray *
query_finish (PkRowSource *source G_GNUC_UNUSED, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fill (PkRowSource *source, const gint64 *numbers, PkRowItem **items, guint n)
{
  PkSearchSource *self = PK_SEARCH_SOURCE (source);

  for (guint i = 0; i < n; i++)
    {
      PkSearchHit *hit = g_hash_table_lookup (self->hits, &numbers[i]);
      if (hit == NULL)
        continue;
      const char *kind = pk_state_word_of_entity (hit->entity->id);
      PkRowFace face = {
        .icon_name = pk_state_icon_of_entity (hit->entity->id),
        .state = kind,
        .title = hit->title,
        .subtitle = hit->detail,
      };
      if (numbers[i] < 0)
        pk_row_item_fill_heading (items[i], kind);
      else
        pk_row_item_fill (items[i], hit->entity->id, &hit->id, &face);
    }
}

static void
library_changed_cb (PkSearchSource *self)
{
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
pk_search_source_finalize (GObject *object)
{
  PkSearchSource *self = PK_SEARCH_SOURCE (object);

  g_clear_object (&self->library);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->hits, g_hash_table_unref);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  G_OBJECT_CLASS (pk_search_source_parent_class)->finalize (object);
}

static void
pk_search_source_class_init (PkSearchSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_search_source_finalize;
}

static void
pk_search_source_init (PkSearchSource *self)
{
  self->hits = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

/**
 * pk_search_source_new:
 * @library: what is read
 * @text: as the person typed it
 * @limit: most hits of each kind
 *
 * Returns: (transfer full): rows of what is found
 */
PkRowSource *
pk_search_source_new (PkLibrary *library, const char *text, guint limit)
{
  PkSearchSource *self = g_object_new (PK_TYPE_SEARCH_SOURCE, NULL);

  self->library = g_object_ref (library);
  self->text = g_strdup (text);
  self->limit = limit;
  g_signal_connect_object (library,
                           "changed",
                           G_CALLBACK (library_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  return PK_ROW_SOURCE (self);
}

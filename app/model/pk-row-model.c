/*
 * A list of any size over a row source.
 *
 * What always holds: the vector and what has been told through items-changed agree at every emission. Rows that somebody holds
 * keep their object through every new answer. A large replacement is told as "all gone" and "all new": GTK asks for every
 * single row when it is told (0, n, n), and for some 400 when it is told in two. Main thread.
 */
#include "config.h"

#include "pk-row-model.h"

#include "pk-row-edits.h"

#define SMALL_SPLICE 256
#define MAX_ROWS     2048

struct _PkRowModel
{
  GObject parent_instance;
  PkRowSource *source; /* (owned) (nullable) */
  gulong stale_id;
  GCancellable *cancellable; /* (owned) (nullable): of the query under way */
  GArray *numbers;           /* (owned): gint64 */
  GHashTable *rows;          /* (owned): number → PkRowItem */
  GError *error;             /* (owned) (nullable): of the last query */
  gboolean is_ready;         /* a query has been answered */
  gboolean is_stale;         /* the source changed while a query was under way */
};

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PkRowModel,
                               pk_row_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

enum
{
  SIGNAL_STATE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gint64
number_at (PkRowModel *self, guint place)
{
  return g_array_index (self->numbers, gint64, place);
}

static PkRowItem *
take_row (PkRowModel *self, gint64 number)
{
  PkRowItem *row = g_hash_table_lookup (self->rows, &number);

  if (row != NULL)
    return row;
  row = pk_row_item_new (0, NULL);
  g_hash_table_insert (self->rows, g_memdup2 (&number, sizeof number), row);
  return row;
}

static gboolean
is_unused_cb (gpointer key G_GNUC_UNUSED, gpointer value, gpointer user_data G_GNUC_UNUSED)
{
  return G_OBJECT (value)->ref_count == 1;
}

static void
fill_page (PkRowModel *self, guint position)
{
  guint start = position / PK_ROW_PAGE * PK_ROW_PAGE;
  guint n = MIN (PK_ROW_PAGE, self->numbers->len - start);
  PkRowItem *rows[PK_ROW_PAGE];

  if (g_hash_table_size (self->rows) > MAX_ROWS)
    g_hash_table_foreach_remove (self->rows, is_unused_cb, NULL);
  for (guint i = 0; i < n; i++)
    rows[i] = take_row (self, number_at (self, start + i));
  pk_row_source_fill (self->source, &g_array_index (self->numbers, gint64, start), rows, n);
}

static void
fill_some (PkRowModel *self, GPtrArray *rows, GArray *numbers)
{
  for (guint start = 0; start < rows->len; start += PK_ROW_PAGE)
    pk_row_source_fill (self->source,
                        &g_array_index (numbers, gint64, start),
                        (PkRowItem **) &rows->pdata[start],
                        MIN (PK_ROW_PAGE, rows->len - start));
}

/* Reads again every row that somebody holds; the others are forgotten. */
static void
fill_held_rows (PkRowModel *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_foreach_remove (self->rows, is_unused_cb, NULL);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_ptr_array_add (rows, g_object_ref (value));
      g_array_append_val (numbers, *(gint64 *) key);
    }
  fill_some (self, rows, numbers);
}

static void
splice (PkRowModel *self, const PkRowEdit *edit, GArray *numbers)
{
  gboolean is_large = edit->removed > 0 && edit->removed + edit->added > SMALL_SPLICE;

  if (edit->removed > 0)
    g_array_remove_range (self->numbers, edit->position, edit->removed);
  if (is_large)
    g_list_model_items_changed (G_LIST_MODEL (self), edit->position, edit->removed, 0);
  if (edit->added > 0)
    g_array_insert_vals (self->numbers,
                         edit->position,
                         &g_array_index (numbers, gint64, edit->from),
                         edit->added);
  if (!is_large || edit->added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self),
                                edit->position,
                                is_large ? 0 : edit->removed,
                                edit->added);
}

/* From the last edit to the first, so that the places of the earlier ones stay right. */
static void
take_answer (PkRowModel *self, GArray *numbers)
{
  g_autoptr (GArray) edits = pk_row_edits_find (self->numbers, numbers);

  for (guint i = edits->len; i > 0; i--)
    splice (self, &g_array_index (edits, PkRowEdit, i - 1), numbers);
}

static void
query_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkRowModel) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) numbers = pk_row_source_query_finish (PK_ROW_SOURCE (object), result, &error);

  if (object != (GObject *) self->source ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&error);
  if (numbers != NULL)
    {
      self->is_ready = TRUE;
      take_answer (self, numbers);
      fill_held_rows (self);
    }
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
  if (self->is_stale)
    pk_row_model_refresh (self);
}

static GType
get_item_type (GListModel *model G_GNUC_UNUSED)
{
  return PK_TYPE_ROW_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return PK_ROW_MODEL (model)->numbers->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  PkRowModel *self = PK_ROW_MODEL (model);

  if (position >= self->numbers->len)
    return NULL;
  gint64 number = number_at (self, position);
  PkRowItem *row = g_hash_table_lookup (self->rows, &number);
  if (row == NULL)
    {
      fill_page (self, position);
      row = g_hash_table_lookup (self->rows, &number);
    }
  return g_object_ref (row);
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
drop_source (PkRowModel *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->stale_id != 0)
    g_signal_handler_disconnect (self->source, self->stale_id);
  self->stale_id = 0;
  g_clear_object (&self->source);
}

static void
pk_row_model_dispose (GObject *object)
{
  drop_source (PK_ROW_MODEL (object));
  G_OBJECT_CLASS (pk_row_model_parent_class)->dispose (object);
}

static void
pk_row_model_finalize (GObject *object)
{
  PkRowModel *self = PK_ROW_MODEL (object);

  g_clear_pointer (&self->numbers, g_array_unref);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (pk_row_model_parent_class)->finalize (object);
}

static void
pk_row_model_class_init (PkRowModelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_row_model_dispose;
  G_OBJECT_CLASS (klass)->finalize = pk_row_model_finalize;

  /**
   * PkRowModel::state-changed:
   *
   * A query was answered, or failed.
   */
  signals[SIGNAL_STATE_CHANGED] = g_signal_new ("state-changed",
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
pk_row_model_init (PkRowModel *self)
{
  self->numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
}

/**
 * pk_row_model_new:
 * @source: (nullable): where rows come from
 *
 * Returns: (transfer full): an empty model that is filled when the main loop runs
 */
PkRowModel *
pk_row_model_new (PkRowSource *source)
{
  PkRowModel *self = g_object_new (PK_TYPE_ROW_MODEL, NULL);

  if (source != NULL)
    pk_row_model_set_source (self, source);
  return self;
}

/**
 * pk_row_model_set_source:
 * @self: a model
 * @source: where rows come from, from now on
 *
 * Asks @source. Until it has answered, the rows of the former one stay, so that nothing flickers. Both must number the same
 * records alike.
 */
void
pk_row_model_set_source (PkRowModel *self, PkRowSource *source)
{
  g_return_if_fail (PK_IS_ROW_MODEL (self));
  g_return_if_fail (PK_IS_ROW_SOURCE (source));

  if (self->source == source)
    return;
  g_object_ref (source);
  drop_source (self);
  self->source = source;
  self->stale_id = g_signal_connect_object (source,
                                            "stale",
                                            G_CALLBACK (pk_row_model_refresh),
                                            self,
                                            G_CONNECT_SWAPPED);
  pk_row_model_refresh (self);
}

/**
 * pk_row_model_get_source:
 * @self: a model
 *
 * Returns: (transfer none) (nullable): where its rows come from
 */
PkRowSource *
pk_row_model_get_source (PkRowModel *self)
{
  return self->source;
}

/**
 * pk_row_model_refresh:
 * @self: a model
 *
 * Asks the source again. While a query is under way one more is remembered, not many.
 */
void
pk_row_model_refresh (PkRowModel *self)
{
  g_return_if_fail (PK_IS_ROW_MODEL (self));

  if (self->source == NULL)
    return;
  self->is_stale = self->cancellable != NULL;
  if (self->is_stale)
    return;
  self->cancellable = g_cancellable_new ();
  pk_row_source_query_async (self->source, self->cancellable, query_cb, g_object_ref (self));
}

/**
 * pk_row_model_is_loading:
 * @self: a model
 *
 * Returns: %TRUE while a query is under way
 */
gboolean
pk_row_model_is_loading (PkRowModel *self)
{
  return self->cancellable != NULL;
}

/**
 * pk_row_model_is_ready:
 * @self: a model
 *
 * Returns: %TRUE once a query has been answered: an empty list is then truly empty
 */
gboolean
pk_row_model_is_ready (PkRowModel *self)
{
  return self->is_ready;
}

/**
 * pk_row_model_find:
 * @self: a model
 * @number: of a row
 *
 * Returns: its position, or %G_MAXUINT
 */
guint
pk_row_model_find (PkRowModel *self, gint64 number)
{
  for (guint i = 0; i < self->numbers->len; i++)
    if (number_at (self, i) == number)
      return i;
  return G_MAXUINT;
}

/**
 * pk_row_model_get_number:
 * @self: a model
 * @position: of a row
 *
 * Returns: the row's number, without reading the row; 0 where there is none
 */
gint64
pk_row_model_get_number (PkRowModel *self, guint position)
{
  return position < self->numbers->len ? number_at (self, position) : 0;
}

/**
 * pk_row_model_get_error:
 * @self: a model
 *
 * Returns: (transfer none) (nullable): why the last query failed
 */
const GError *
pk_row_model_get_error (PkRowModel *self)
{
  return self->error;
}

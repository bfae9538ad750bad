/* The interface behind a row model: a query on a worker, pages on the main thread. */
#include "config.h"

#include "pk-row-source.h"

G_DEFINE_INTERFACE (PkRowSource, pk_row_source, G_TYPE_OBJECT)

enum
{
  SIGNAL_STALE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
pk_row_source_default_init (PkRowSourceInterface *iface G_GNUC_UNUSED)
{
  /**
   * PkRowSource::stale:
   *
   * The vector, or what rows show, may be another than before.
   */
  signals[SIGNAL_STALE] = g_signal_new ("stale",
                                        PK_TYPE_ROW_SOURCE,
                                        G_SIGNAL_RUN_LAST,
                                        0,
                                        NULL,
                                        NULL,
                                        NULL,
                                        G_TYPE_NONE,
                                        0);
}

/**
 * pk_row_source_query_async:
 * @self: a source
 * @cancellable: (nullable): stops it
 * @callback: called on this context when the numbers are known
 * @user_data: for @callback
 *
 * Finds the numbers of all rows, in order. The work is done on a worker.
 */
void
pk_row_source_query_async (PkRowSource *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (PK_IS_ROW_SOURCE (self));

  PK_ROW_SOURCE_GET_IFACE (self)->query_async (self, cancellable, callback, user_data);
}

/**
 * pk_row_source_query_finish:
 * @self: a source
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type gint64): the numbers, each at most once
 */
GArray *
pk_row_source_query_finish (PkRowSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (PK_IS_ROW_SOURCE (self), NULL);

  return PK_ROW_SOURCE_GET_IFACE (self)->query_finish (self, result, error);
}

/**
 * pk_row_source_fill:
 * @self: a source
 * @numbers: (array length=n): which rows
 * @items: (array length=n): the rows' objects, to be filled
 * @n: at most 64
 *
 * Reads the rows and fills their objects. Main thread, bounded.
 */
void
pk_row_source_fill (PkRowSource *self, const gint64 *numbers, PkRowItem **items, guint n)
{
  g_return_if_fail (PK_IS_ROW_SOURCE (self));

  PK_ROW_SOURCE_GET_IFACE (self)->fill (self, numbers, items, n);
}

/**
 * pk_row_source_emit_stale:
 * @self: a source
 *
 * For implementations: emits #PkRowSource::stale.
 */
void
pk_row_source_emit_stale (PkRowSource *self)
{
  g_signal_emit (self, signals[SIGNAL_STALE], 0);
}

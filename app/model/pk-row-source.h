#pragma once

#include "pk-row-item.h"

G_BEGIN_DECLS

/*
 * Where a row model's rows come from. A row is named by a number: a record's rid (> 0) or a heading (< 0). The whole vector of
 * numbers is found on a worker; rows are filled in pages of at most 64 on the main thread. Emits "stale" when the answer may be
 * another than before.
 */
#define PK_TYPE_ROW_SOURCE (pk_row_source_get_type ())
G_DECLARE_INTERFACE (PkRowSource, pk_row_source, PK, ROW_SOURCE, GObject)

struct _PkRowSourceInterface
{
  GTypeInterface parent_interface;
  void (*query_async) (PkRowSource *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  GArray *(*query_finish) (PkRowSource *self, GAsyncResult *result, GError **error);
  void (*fill) (PkRowSource *self, const gint64 *numbers, PkRowItem **items, guint n);
};

void pk_row_source_query_async (PkRowSource *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GArray *pk_row_source_query_finish (PkRowSource *self, GAsyncResult *result, GError **error);
void pk_row_source_fill (PkRowSource *self, const gint64 *numbers, PkRowItem **items, guint n);
void pk_row_source_emit_stale (PkRowSource *self);

G_END_DECLS

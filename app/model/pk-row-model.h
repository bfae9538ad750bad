#pragma once

#include "pk-row-source.h"

G_BEGIN_DECLS

/*
 * A list of any size: a vector of numbers found on a worker, and rows made as they are looked at, 64 at a time. The same row is
 * the same object for as long as somebody looks at it. When the answer changes, only what differs is told. Emits
 * "state-changed" when a query was answered or failed.
 */
#define PK_TYPE_ROW_MODEL (pk_row_model_get_type ())
G_DECLARE_FINAL_TYPE (PkRowModel, pk_row_model, PK, ROW_MODEL, GObject)

#define PK_ROW_PAGE 64

PkRowModel *pk_row_model_new (PkRowSource *source);
void pk_row_model_set_source (PkRowModel *self, PkRowSource *source);
PkRowSource *pk_row_model_get_source (PkRowModel *self);
void pk_row_model_refresh (PkRowModel *self);
gboolean pk_row_model_is_loading (PkRowModel *self);
gboolean pk_row_model_is_ready (PkRowModel *self);
guint pk_row_model_find (PkRowModel *self, gint64 number);
gint64 pk_row_model_get_number (PkRowModel *self, guint position);
const GError *pk_row_model_get_error (PkRowModel *self);

G_END_DECLS

#pragma once

#include "pk-row-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How every task, building, document and person looks in a list. Use these; never lay out such a row anew. */
#define PK_TYPE_ROW (pk_row_get_type ())
G_DECLARE_FINAL_TYPE (PkRow, pk_row, PK, ROW, GtkWidget)

GtkWidget *pk_row_new (void);
void pk_row_set_item (PkRow *self, PkRowItem *item);
PkRowItem *pk_row_get_item (PkRow *self);

/* For GtkListView: makes rows, names them for screen readers, and keeps headings from being opened. */
GtkListItemFactory *pk_row_factory_new (void);

/* For a short list within a page: a boxed GtkListBox that follows @rows. An activated row activates its record's open action. */
GtkWidget *pk_row_list_box_new (GListModel *rows, const char *accessible_label);

/* win.open-task, win.open-building … with the record's id. */
void pk_row_open (GtkWidget *from, PkRowItem *item);

G_END_DECLS

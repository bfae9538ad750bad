#pragma once

#include "pk-client.h"
#include "pk-record-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * A point of a checklist. Keyboard: Space or Enter checks, d is a deviation, n is not applicable, m writes a note. Actions:
 * row.check, row.deviation, row.not-applicable, row.note.
 */
#define PK_TYPE_CHECK_ROW (pk_check_row_get_type ())
G_DECLARE_FINAL_TYPE (PkCheckRow, pk_check_row, PK, CHECK_ROW, GtkListBoxRow)

GtkWidget *pk_check_row_new (PkClient *client, PkRecordItem *item);

G_END_DECLS

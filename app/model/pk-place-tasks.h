#pragma once

#include "pk-library.h"
#include "pk-row-item.h"

G_BEGIN_DECLS

/*
 * The open tasks at a place: the first few as #PkRowItem, and how many there are and are overdue. Counted on the reader's worker.
 * Signal "changed": something is another than before. Main thread.
 */
#define PK_TYPE_PLACE_TASKS (pk_place_tasks_get_type ())
G_DECLARE_FINAL_TYPE (PkPlaceTasks, pk_place_tasks, PK, PLACE_TASKS, GObject)

PkPlaceTasks *pk_place_tasks_new (PkLibrary *library, guint most);
void
pk_place_tasks_set_place (PkPlaceTasks *self, const PkId *building, guint field, const PkId *id);
void pk_place_tasks_set_most (PkPlaceTasks *self, guint most);
GListModel *pk_place_tasks_get_rows (PkPlaceTasks *self);
gint64 pk_place_tasks_get_n_open (PkPlaceTasks *self);
gint64 pk_place_tasks_get_n_overdue (PkPlaceTasks *self);
gboolean pk_place_tasks_is_ready (PkPlaceTasks *self);

G_END_DECLS

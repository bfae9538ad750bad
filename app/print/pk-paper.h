#pragma once

#include "pk-detail.h"
#include "pk-sheet.h"

G_BEGIN_DECLS

/*
 * What people put on paper, as sheets: a list of tasks to take along, a task with all that is known of it, the dossier of a place.
 * They are read from the replica, so they print without a network. Main thread.
 */
PkSheet *
pk_paper_new_list (PkLibrary *library, const char *title, const char *about, GListModel *rows);
PkSheet *pk_paper_new_task (PkDetail *detail);
PkSheet *pk_paper_new_place (PkDetail *detail, GListModel *tasks);
void pk_paper_sign (PkSheet *sheet, PkLibrary *library);

G_END_DECLS

#pragma once

#include "pk-library.h"
#include "pk-row-item.h"

G_BEGIN_DECLS

/*
 * The few records that best fit what the person types, as #PkRowItem: to choose a person, a building, a document from. Searching
 * happens on the reader's worker; only the answer to the newest question is shown. "searched": an answer came.
 */
#define PK_TYPE_FINDER (pk_finder_get_type ())
G_DECLARE_FINAL_TYPE (PkFinder, pk_finder, PK, FINDER, GObject)

PkFinder *pk_finder_new (PkLibrary *library, guint entities, guint limit);
void pk_finder_search (PkFinder *self, const char *text);
GListModel *pk_finder_get_rows (PkFinder *self);

G_END_DECLS

#pragma once

#include "pk-paper.h"

G_BEGIN_DECLS

void pk_paper_add_rows (PkSheet *sheet, GListModel *rows);
void pk_paper_add_field (PkSheet *sheet, PkLibrary *library, PkRecord *record, guint field);
void pk_paper_add_documents (PkSheet *sheet, PkDetail *detail);

G_END_DECLS

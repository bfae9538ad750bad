#pragma once

#include "pk-row-item.h"
#include "pk-rows.h"

G_BEGIN_DECLS

/* How a record looks in a list: the one place that says it. Within this room. */
void pk_faces_fill_task (PkRowItem *item, const PkTaskRow *row, const char *today);
void pk_faces_fill_record (PkRowItem *item, guint entity, const PkRecordRow *row);

G_END_DECLS

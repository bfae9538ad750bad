#pragma once

#include "pk-part.h"

G_BEGIN_DECLS

#define PK_TYPE_TASK_HEAD (pk_task_head_get_type ())
G_DECLARE_FINAL_TYPE (PkTaskHead, pk_task_head, PK, TASK_HEAD, PkPart)

/* What the task is and where: kind and number, title and description (edited in place), and its facts. */
GtkWidget *pk_task_head_new (PkClient *client, PkDetail *detail);
void pk_task_head_edit_title (PkTaskHead *self);
void pk_task_head_change (PkTaskHead *self, const char *name);

G_END_DECLS

#pragma once

#include "pk-record-page.h"

G_BEGIN_DECLS

/* One task, from what it is to who did what. Actions "page.": see pk-task-page.c. */
#define PK_TYPE_TASK_PAGE (pk_task_page_get_type ())
G_DECLARE_FINAL_TYPE (PkTaskPage, pk_task_page, PK, TASK_PAGE, PkRecordPage)

GtkWidget *pk_task_page_new (PkClient *client);

G_END_DECLS

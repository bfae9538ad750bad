#pragma once

#include "pk-client.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* All tasks that are here: filtered, sorted, grouped, searched, several at a time. A place (#PkPage). */
#define PK_TYPE_TASKS_PAGE (pk_tasks_page_get_type ())
G_DECLARE_FINAL_TYPE (PkTasksPage, pk_tasks_page, PK, TASKS_PAGE, GtkWidget)

GtkWidget *pk_tasks_page_new (PkClient *client);

G_END_DECLS

#pragma once

#include "pk-part.h"

G_BEGIN_DECLS

#define PK_TYPE_TASK_WAITER (pk_task_waiter_get_type ())
G_DECLARE_FINAL_TYPE (PkTaskWaiter, pk_task_waiter, PK, TASK_WAITER, PkPart)

/* Who waits for a task, how they are reached, and what they were promised and told. */
GtkWidget *pk_task_waiter_new (PkClient *client, PkDetail *detail);

G_END_DECLS

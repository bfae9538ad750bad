#pragma once

#include "pk-part.h"
#include "pk-place-tasks.h"

G_BEGIN_DECLS

#define PK_TYPE_PLACE_TASK_PART (pk_place_task_part_get_type ())
G_DECLARE_FINAL_TYPE (PkPlaceTaskPart, pk_place_task_part, PK, PLACE_TASK_PART, PkPart)

/* The open tasks at a place, and a line to report a deviation there with. */
GtkWidget *pk_place_task_part_new (PkClient *client, PkDetail *detail, PkPlaceTasks *tasks);
void pk_place_task_part_new_deviation (PkPlaceTaskPart *self);
gboolean pk_place_task_part_report (PkPlaceTaskPart *self, const char *what);

G_END_DECLS

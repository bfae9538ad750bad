#pragma once

#include "pk-part.h"

G_BEGIN_DECLS

#define PK_TYPE_TASK_STEP (pk_task_step_get_type ())
G_DECLARE_FINAL_TYPE (PkTaskStep, pk_task_step, PK, TASK_STEP, PkPart)

/* What the task asks for now: one suggested button, best practice, checklist, and the form to report back in. */
GtkWidget *pk_task_step_new (PkClient *client, PkDetail *detail);
void pk_task_step_report_back (PkTaskStep *self, gboolean is_cancelling);
void pk_task_step_wait (PkTaskStep *self);

G_END_DECLS

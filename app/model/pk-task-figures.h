#pragma once

#include "pk-library.h"

G_BEGIN_DECLS

typedef enum
{
  PK_FIGURE_OPEN,    /* my open tasks */
  PK_FIGURE_OVERDUE, /* of these, past their date */
  PK_FIGURE_TODAY,   /* due today */
  PK_FIGURE_UNIT,    /* open tasks of my unit that are nobody's */
  PK_N_TASK_FIGURES
} PkTaskFigure;

/* How many tasks there are of some kinds, counted on the reader's worker. Emits "changed". Main thread. */
#define PK_TYPE_TASK_FIGURES (pk_task_figures_get_type ())
G_DECLARE_FINAL_TYPE (PkTaskFigures, pk_task_figures, PK, TASK_FIGURES, GObject)

PkTaskFigures *pk_task_figures_new (PkLibrary *library);
gint64 pk_task_figures_get (PkTaskFigures *self, PkTaskFigure figure);
gboolean pk_task_figures_is_ready (PkTaskFigures *self);

G_END_DECLS

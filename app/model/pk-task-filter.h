#pragma once

#include "pk-library.h"
#include "pk-row-source.h"

G_BEGIN_DECLS

/* Which tasks a list shows, in the page's words. */
typedef enum
{
  PK_TASK_VIEW_MINE,       /* open, assigned to me */
  PK_TASK_VIEW_REGISTERED, /* open, made by me */
  PK_TASK_VIEW_UNIT,       /* open, of my unit */
  PK_TASK_VIEW_UNASSIGNED, /* open, of my unit, nobody's */
  PK_TASK_VIEW_WAITING,    /* mine that wait for something */
  PK_TASK_VIEW_DONE,       /* mine that are done */
  PK_TASK_VIEW_ALL         /* everything that is here */
} PkTaskView;

typedef enum
{
  PK_TASK_SORT_DUE,
  PK_TASK_SORT_NEWEST,
  PK_TASK_SORT_TITLE,
  PK_TASK_SORT_STATUS
} PkTaskSort;

typedef struct
{
  PkTaskView view;
  PkTaskSort sort;
  guint priorities; /* bits; 0: all */
  guint kinds;      /* bits; 0: all */
  gboolean is_overdue_only;
  const char *text; /* (nullable): words to search for */
} PkTaskFilter;

/* Rows of tasks with headings where the order has groups. */
PkRowSource *pk_task_source_new (PkLibrary *library, const PkTaskFilter *filter);
/* What to do now, soon, and what waits. */
PkRowSource *pk_task_source_new_my_day (PkLibrary *library);
/* Open tasks of a building, or a unit's, with the nearest due first. */
PkRowSource *pk_task_source_new_of_building (PkLibrary *library, const PkId *building);

const char *pk_task_view_get_label (PkTaskView view);
const char *pk_task_sort_get_label (PkTaskSort sort);

G_END_DECLS

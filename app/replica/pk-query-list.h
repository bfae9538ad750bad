#pragma once

#include "pk-record-query.h"
#include "pk-task-query.h"

G_BEGIN_DECLS

/* One statement of a list's scan. A list whose order an index gives only piecewise takes several, one after the other. */
typedef struct
{
  gboolean is_dated;   /* tasks with a due date */
  gboolean is_undated; /* tasks without one */
  int status;          /* a PkTaskStatus; -1: any */
} PkTaskStep;

#define PK_TASK_MOST_STEPS 16

guint pk_task_query_plan (const PkTaskQuery *query, PkTaskStep steps[PK_TASK_MOST_STEPS]);
char *pk_query_tasks (const PkTaskQuery *query, const PkTaskStep *step);
char *pk_query_count_tasks (const PkTaskQuery *query);
char *pk_query_records (const PkRecordQuery *query);

/* The replica's indexes. */
#define PK_N_OWN_INDEXES 2

char *pk_query_replica_index (const PkEntity *entity, guint index);
char *pk_query_drop_index (const PkEntity *entity, guint index);
const char *pk_query_own_index (guint index, const char **name_out);
const char *pk_query_drop_own_index (guint index, const char **name_out);

G_END_DECLS

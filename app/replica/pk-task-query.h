#pragma once

#include "pk-id.h"
#include "pk-model-tables.h"

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  PK_TASKS_ALL,
  PK_TASKS_ASSIGNED,   /* @subject is a person */
  PK_TASKS_REGISTERED, /* @subject is the person who made it */
  PK_TASKS_UNIT,
  PK_TASKS_BUILDING,
  PK_TASKS_PART_OF /* @subject is the parent task */
} PkTaskList;

typedef enum
{
  PK_TASKS_OPEN,
  PK_TASKS_CLOSED,
  PK_TASKS_OPEN_AND_CLOSED
} PkTaskOpen;

typedef enum
{
  PK_DUE_ANY,
  PK_DUE_OVERDUE,      /* before @today */
  PK_DUE_TODAY,        /* on @today */
  PK_DUE_UNTIL_TODAY,  /* overdue or today */
  PK_DUE_AFTER_TODAY,  /* after @today, to and including @until if that is set */
  PK_DUE_AFTER_OR_NONE /* after @today, or no date */
} PkTaskDue;

typedef enum
{
  PK_TASK_ORDER_DUE, /* tasks without a date last, whichever way */
  PK_TASK_ORDER_CREATED,
  PK_TASK_ORDER_TITLE,
  PK_TASK_ORDER_STATUS /* by status, then due */
} PkTaskOrder;

#define PK_DATE_SIZE 11

/* Which tasks, in which order. Filled by its maker, then not changed: it travels to the reader's thread as a copy. */
typedef struct
{
  PkTaskList list;
  PkId subject;
  PkTaskOpen open;
  PkTaskDue due;
  char today[PK_DATE_SIZE]; /* "2026-11-23" */
  char until[PK_DATE_SIZE]; /* empty: no end */
  guint statuses;           /* bits, 1 << PkTaskStatus; 0: all */
  guint priorities;         /* bits; 0: all */
  guint kinds;              /* bits; 0: all */
  PkId category;            /* all zero: any */
  PkId assignee;            /* all zero: anybody */
  gboolean is_unassigned;   /* only those without an assignee */
  char *text;               /* (owned) (nullable): words to search for, as the person typed them */
  PkTaskOrder order;
  gboolean is_descending;
} PkTaskQuery;

#define PK_TYPE_TASK_QUERY (pk_task_query_get_type ())
GType pk_task_query_get_type (void);

PkTaskQuery *pk_task_query_new (void);
PkTaskQuery *pk_task_query_copy (const PkTaskQuery *self);
void pk_task_query_free (PkTaskQuery *self);
gboolean pk_task_query_equal (const PkTaskQuery *a, const PkTaskQuery *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkTaskQuery, pk_task_query_free)

G_END_DECLS

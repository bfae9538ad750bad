/* The question that a list of tasks asks. Plain data; its SQL is made in pk-query-list.c. Any thread. */
#include "config.h"

#include "pk-task-query.h"

#include <string.h>

G_DEFINE_BOXED_TYPE (PkTaskQuery, pk_task_query, pk_task_query_copy, pk_task_query_free)

/**
 * pk_task_query_new:
 *
 * Returns: (transfer full): all open tasks by due date
 */
PkTaskQuery *
pk_task_query_new (void)
{
  return g_new0 (PkTaskQuery, 1);
}

/**
 * pk_task_query_copy:
 *
 * Returns: (transfer full): a copy
 */
PkTaskQuery *
pk_task_query_copy (const PkTaskQuery *self)
{
  PkTaskQuery *copy = g_memdup2 (self, sizeof *self);

  copy->text = g_strdup (self->text);
  return copy;
}

/**
 * pk_task_query_free:
 *
 * Frees the query.
 */
void
pk_task_query_free (PkTaskQuery *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self);
}

/**
 * pk_task_query_equal:
 *
 * Returns: whether both ask the same
 */
gboolean
pk_task_query_equal (const PkTaskQuery *a, const PkTaskQuery *b)
{
  return a->list == b->list && pk_id_equal (&a->subject, &b->subject) && a->open == b->open &&
         a->due == b->due && strcmp (a->today, b->today) == 0 && strcmp (a->until, b->until) == 0 &&
         a->statuses == b->statuses && a->priorities == b->priorities && a->kinds == b->kinds &&
         pk_id_equal (&a->category, &b->category) && pk_id_equal (&a->assignee, &b->assignee) &&
         a->is_unassigned == b->is_unassigned && g_strcmp0 (a->text, b->text) == 0 &&
         a->order == b->order && a->is_descending == b->is_descending;
}

/* What deserves to be told; see the header for the rules. Pure; any thread. */
#include "config.h"

#include "pk-notice.h"

#include <string.h>

#define MOST_AT_ONCE 4 /* more become a summary */
#define MOST_DUE     2 /* more become one */
#define SUMMARY_KEY  "summary"
#define COMBINED_KEY "combined"
#define DUE_KEY      "due"

/* What is being decided. */
typedef struct
{
  const PkNoticeFacts *facts;
  const PkNoticeMemory *before;
  const PkNoticeRules *rules;
  PkNoticePlan *plan;
} Deciding;

static void
free_task (gpointer data)
{
  PkNoticeTask *task = data;

  g_free (task->title);
  g_free (task->place);
  g_free (task);
}

static void
free_event (gpointer data)
{
  PkNoticeEvent *event = data;

  g_free (event->who);
  g_free (event->text);
  g_free (event);
}

static void
free_trouble (gpointer data)
{
  PkNoticeTrouble *trouble = data;

  g_free (trouble->title);
  g_free (trouble);
}

static void
free_shown (gpointer data)
{
  PkNoticeShown *shown = data;

  g_free (shown->key);
  g_free (shown);
}

static void
free_notice (gpointer data)
{
  PkNotice *notice = data;

  g_free (notice->key);
  g_free (notice->title);
  g_free (notice);
}

/**
 * pk_notice_facts_new:
 *
 * Returns: (transfer full): facts to be filled in
 */
PkNoticeFacts *
pk_notice_facts_new (void)
{
  PkNoticeFacts *self = g_new0 (PkNoticeFacts, 1);

  self->tasks = g_ptr_array_new_with_free_func (free_task);
  self->due = g_ptr_array_new_with_free_func (g_free);
  self->events = g_ptr_array_new_with_free_func (free_event);
  self->troubles = g_ptr_array_new_with_free_func (free_trouble);
  return self;
}

/**
 * pk_notice_facts_free:
 *
 * Frees the facts.
 */
void
pk_notice_facts_free (PkNoticeFacts *self)
{
  g_ptr_array_unref (self->tasks);
  g_ptr_array_unref (self->due);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->troubles);
  g_free (self);
}

/**
 * pk_notice_facts_find:
 *
 * Returns: (transfer none) (nullable): the task, where it is here
 */
PkNoticeTask *
pk_notice_facts_find (const PkNoticeFacts *self, const PkId *task)
{
  for (guint i = 0; i < self->tasks->len; i++)
    if (pk_id_equal (&((PkNoticeTask *) self->tasks->pdata[i])->id, task))
      return self->tasks->pdata[i];
  return NULL;
}

/**
 * pk_notice_memory_new:
 *
 * Returns: (transfer full): of somebody who was never told anything
 */
PkNoticeMemory *
pk_notice_memory_new (void)
{
  PkNoticeMemory *self = g_new0 (PkNoticeMemory, 1);

  self->troubles = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->shown = g_ptr_array_new_with_free_func (free_shown);
  return self;
}

/**
 * pk_notice_memory_free:
 *
 * Frees it.
 */
void
pk_notice_memory_free (PkNoticeMemory *self)
{
  g_array_unref (self->troubles);
  g_ptr_array_unref (self->shown);
  g_free (self);
}

/**
 * pk_notice_memory_add_shown:
 * @key: of what is told
 *
 * Remembers that it stands on the screen.
 *
 * Returns: (transfer none): to be filled in
 */
PkNoticeShown *
pk_notice_memory_add_shown (PkNoticeMemory *self, const char *key, PkNoticeKind kind)
{
  PkNoticeShown *shown = g_new0 (PkNoticeShown, 1);

  shown->key = g_strdup (key);
  shown->kind = kind;
  g_ptr_array_add (self->shown, shown);
  return shown;
}

/**
 * pk_notice_plan_free:
 *
 * Frees a plan.
 */
void
pk_notice_plan_free (PkNoticePlan *self)
{
  g_ptr_array_unref (self->tell);
  g_ptr_array_unref (self->take_back);
  g_clear_pointer (&self->memory, pk_notice_memory_free);
  g_free (self);
}

/**
 * pk_notice_is_quiet:
 * @hour: of the day, 0 to 23
 * @from: when the quiet hours begin
 * @until: when they end; the same as @from: there are none
 *
 * Returns: whether the hour is one of them
 */
gboolean
pk_notice_is_quiet (int hour, int from, int until)
{
  if (from <= until)
    return hour >= from && hour < until;
  return hour >= from || hour < until;
}

static gboolean
has_place (GArray *places, gint64 place)
{
  for (guint i = 0; i < places->len; i++)
    if (g_array_index (places, gint64, i) == place)
      return TRUE;
  return FALSE;
}

static gboolean
has_trouble (const PkNoticeFacts *facts, PkNoticeKind kind, gint64 place)
{
  for (guint i = 0; i < facts->troubles->len; i++)
    {
      const PkNoticeTrouble *trouble = facts->troubles->pdata[i];
      if (trouble->kind == kind && (place < 0 || trouble->place == place))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_looked_at (const Deciding *self, const PkId *task)
{
  return self->rules->is_looking && pk_id_equal (task, &self->rules->open_task);
}

static PkNotice *
find_told (const Deciding *self, PkNoticeKind kind, const PkId *task)
{
  for (guint i = 0; i < self->plan->tell->len; i++)
    {
      PkNotice *notice = self->plan->tell->pdata[i];
      if (notice->kind == kind && pk_id_equal (&notice->task, task))
        return notice;
    }
  return NULL;
}

/* The key says what it is about, so that news of the same takes its place. */
static PkNotice *
add_notice (Deciding *self, PkNoticeKind kind, const char *name, const PkId *task)
{
  PkNotice *notice = g_new0 (PkNotice, 1);
  char id[PK_ID_TEXT_LENGTH + 1];

  notice->kind = kind;
  notice->n = 1;
  if (task != NULL)
    {
      notice->task = *task;
      notice->about = pk_notice_facts_find (self->facts, task);
    }
  notice->key = task == NULL ? g_strdup (name)
                             : g_strconcat (name, "/", pk_id_to_text (task, id), NULL);
  g_ptr_array_add (self->plan->tell, notice);
  return notice;
}

static void
add_event (Deciding *self, const PkNoticeEvent *event)
{
  const PkNoticeTask *task = pk_notice_facts_find (self->facts, &event->task);
  gboolean is_message = event->kind == PK_NOTICE_MESSAGE;

  if (event->is_by_me || event->seq <= self->before->seq || task == NULL || !task->is_open ||
      is_looked_at (self, &event->task))
    return;
  if (!task->is_mine && !(is_message && task->is_registered))
    return;
  if (is_message && task->answered_us > event->at_us)
    return;
  PkNotice *notice = find_told (self, event->kind, &event->task);
  if (notice != NULL)
    notice->n++;
  else
    notice = add_notice (self, event->kind, is_message ? "message" : "assigned", &event->task);
  notice->last = event;
}

static void
add_due (Deciding *self)
{
  const PkNoticeFacts *facts = self->facts;
  guint n = 0;

  if (!self->rules->is_day || g_str_equal (self->before->due_day, self->rules->today))
    return;
  g_strlcpy (self->plan->memory->due_day, self->rules->today, sizeof self->plan->memory->due_day);
  /* My day says it to whoever looks at the window. */
  if (self->rules->is_looking)
    return;
  for (guint i = 0; i < facts->due->len; i++)
    if (find_told (self, PK_NOTICE_ASSIGNED, facts->due->pdata[i]) == NULL)
      n++;
  if (n > MOST_DUE)
    add_notice (self, PK_NOTICE_DUE, DUE_KEY, NULL)->n = n;
  for (guint i = 0; n <= MOST_DUE && i < facts->due->len; i++)
    if (find_told (self, PK_NOTICE_ASSIGNED, facts->due->pdata[i]) == NULL)
      add_notice (self, PK_NOTICE_DUE, DUE_KEY, facts->due->pdata[i]);
}

/* The window says it by itself to whoever looks at it. */
static void
add_troubles (Deciding *self)
{
  guint n_combined = 0;

  for (guint i = 0; i < self->facts->troubles->len; i++)
    {
      const PkNoticeTrouble *trouble = self->facts->troubles->pdata[i];
      if (self->rules->is_looking || has_place (self->before->troubles, trouble->place))
        continue;
      if (trouble->kind == PK_NOTICE_COMBINED)
        {
          n_combined++;
          continue;
        }
      g_autofree char *key = g_strdup_printf ("refused/%" G_GINT64_FORMAT, trouble->place);
      add_notice (self, PK_NOTICE_REFUSED, key, NULL)->title = g_strdup (trouble->title);
    }
  if (n_combined > 0)
    add_notice (self, PK_NOTICE_COMBINED, COMBINED_KEY, NULL)->n = n_combined;
}

static void
sum_up (Deciding *self)
{
  PkNotice sum = { .kind = PK_NOTICE_SUMMARY };

  for (guint i = 0; i < self->plan->tell->len; i++)
    {
      const PkNotice *notice = self->plan->tell->pdata[i];
      sum.n_assigned += notice->kind == PK_NOTICE_ASSIGNED ? notice->n : 0;
      sum.n_messages += notice->kind == PK_NOTICE_MESSAGE ? notice->n : 0;
      sum.n_due += notice->kind == PK_NOTICE_DUE ? notice->n : 0;
      sum.n_troubles += notice->kind >= PK_NOTICE_REFUSED ? notice->n : 0;
    }
  g_ptr_array_set_size (self->plan->tell, 0);
  sum.key = add_notice (self, PK_NOTICE_SUMMARY, SUMMARY_KEY, NULL)->key;
  *(PkNotice *) self->plan->tell->pdata[0] = sum;
}

static void
tell_first (Deciding *self)
{
  PkNotice *notice;

  g_strlcpy (self->plan->memory->due_day, self->rules->today, sizeof self->plan->memory->due_day);
  if (self->rules->is_looking || self->facts->n_open == 0)
    return;
  notice = add_notice (self, PK_NOTICE_SUMMARY, SUMMARY_KEY, NULL);
  notice->n = self->facts->n_open;
}

static void
tell_news (Deciding *self)
{
  for (guint i = 0; i < self->facts->events->len; i++)
    add_event (self, self->facts->events->pdata[i]);
  add_due (self);
  add_troubles (self);
  if (self->plan->tell->len > MOST_AT_ONCE)
    sum_up (self);
}

/* Whether what stands on the screen still matters: it was not settled, here or elsewhere, and not looked at. */
static gboolean
still_matters (const Deciding *self, const PkNoticeShown *shown)
{
  const PkNoticeTask *task = pk_notice_facts_find (self->facts, &shown->task);
  gboolean is_about_task = !pk_id_is_null (&shown->task);

  if (is_about_task && (task == NULL || !task->is_open || is_looked_at (self, &shown->task)))
    return FALSE;
  switch (shown->kind)
    {
    case PK_NOTICE_ASSIGNED:
      return task != NULL && task->is_mine && (!shown->could_accept || task->can_accept);
    case PK_NOTICE_MESSAGE:
      return task != NULL && task->answered_us <= shown->at_us;
    case PK_NOTICE_DUE:
      return task != NULL ? task->is_mine && task->is_due : self->facts->due->len > 0;
    case PK_NOTICE_REFUSED:
      return has_trouble (self->facts,
                          PK_NOTICE_REFUSED,
                          g_ascii_strtoll (strchr (shown->key, '/') + 1, NULL, 10));
    case PK_NOTICE_COMBINED:
      return has_trouble (self->facts, PK_NOTICE_COMBINED, -1);
    case PK_NOTICE_SUMMARY:
    default:
      return !self->rules->is_looking;
    }
}

static gboolean
is_told_anew (const Deciding *self, const char *key)
{
  for (guint i = 0; i < self->plan->tell->len; i++)
    if (g_str_equal (((const PkNotice *) self->plan->tell->pdata[i])->key, key))
      return TRUE;
  return FALSE;
}

static void
review_shown (Deciding *self)
{
  for (guint i = 0; i < self->before->shown->len; i++)
    {
      const PkNoticeShown *shown = self->before->shown->pdata[i];
      if (is_told_anew (self, shown->key))
        continue;
      if (!still_matters (self, shown))
        {
          g_ptr_array_add (self->plan->take_back, g_strdup (shown->key));
          continue;
        }
      PkNoticeShown *kept =
          pk_notice_memory_add_shown (self->plan->memory, shown->key, shown->kind);
      kept->task = shown->task;
      kept->at_us = shown->at_us;
      kept->could_accept = shown->could_accept;
    }
}

static void
remember_told (Deciding *self)
{
  for (guint i = 0; i < self->plan->tell->len; i++)
    {
      const PkNotice *notice = self->plan->tell->pdata[i];
      PkNoticeShown *shown =
          pk_notice_memory_add_shown (self->plan->memory, notice->key, notice->kind);
      shown->task = notice->task;
      shown->at_us = notice->last == NULL ? 0 : notice->last->at_us;
      shown->could_accept = notice->about != NULL && notice->about->can_accept;
    }
}

/* Those that are still there: a place in the outbox is never used again. */
static void
remember_troubles (Deciding *self, gboolean is_told)
{
  for (guint i = 0; i < self->facts->troubles->len; i++)
    {
      gint64 place = ((const PkNoticeTrouble *) self->facts->troubles->pdata[i])->place;
      if (is_told || has_place (self->before->troubles, place))
        g_array_append_val (self->plan->memory->troubles, place);
    }
}

/**
 * pk_notice_decide:
 * @facts: what is in the replica
 * @memory: what was told before
 * @rules: how the person wants it
 *
 * Decides what to tell. What is told is about @facts, which must live as long as the plan.
 *
 * Returns: (transfer full): what to do
 */
PkNoticePlan *
pk_notice_decide (const PkNoticeFacts *facts,
                  const PkNoticeMemory *memory,
                  const PkNoticeRules *rules)
{
  PkNoticePlan *plan = g_new0 (PkNoticePlan, 1);
  Deciding self = { facts, memory, rules, plan };
  /* Numbers that went back belong to another history: what is there now counts as told. */
  gboolean is_first = memory->seq == 0 || facts->seq < memory->seq;
  gboolean is_settled = facts->seq > 0 && !rules->is_quiet;

  plan->tell = g_ptr_array_new_with_free_func (free_notice);
  plan->take_back = g_ptr_array_new_with_free_func (g_free);
  plan->memory = pk_notice_memory_new ();
  plan->memory->seq = is_settled || (is_first && facts->seq > 0) ? facts->seq : memory->seq;
  g_strlcpy (plan->memory->due_day, memory->due_day, sizeof plan->memory->due_day);
  if (is_settled && memory->seq == 0)
    tell_first (&self);
  else if (is_settled && !is_first)
    tell_news (&self);
  if (!rules->is_on)
    g_ptr_array_set_size (plan->tell, 0);
  review_shown (&self);
  remember_told (&self);
  remember_troubles (&self, is_settled);
  return plan;
}

/* What a task asks for now: pure, from the task and its checklist. */
#include "config.h"

#include "pk-next-step.h"

#include "pk-value-words.h"
#include "pk-words.h"

#include <glib/gi18n.h>

static void
count_points (PkNextStep *self, GListModel *checklist)
{
  self->n_points = g_list_model_get_n_items (checklist);
  for (guint i = 0; i < self->n_points; i++)
    {
      g_autoptr (PkRecordItem) item = g_list_model_get_item (checklist, i);
      PkRecord *point = pk_record_item_get_record (item);
      if (pk_record_get_int (point, PK_CHECKLIST_ITEM_STATE, PK_CHECK_STATE_OPEN) !=
          PK_CHECK_STATE_OPEN)
        self->n_answered++;
      else if (pk_record_get_int (point, PK_CHECKLIST_ITEM_IS_REQUIRED, FALSE))
        self->n_left++;
    }
}

/**
 * pk_next_step_of:
 * @task: a task
 * @checklist: its #PkRecordItem
 *
 * Finds what the task asks for now.
 *
 * Returns: the step
 */
PkNextStep
pk_next_step_of (PkRecord *task, GListModel *checklist)
{
  PkNextStep self = { 0 };

  count_points (&self, checklist);
  switch (pk_record_get_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW))
    {
    case PK_TASK_STATUS_NEW:
      self.step = PK_STEP_ACCEPT;
      break;
    case PK_TASK_STATUS_ACCEPTED:
      self.step = PK_STEP_START;
      break;
    case PK_TASK_STATUS_WAITING:
      self.step = PK_STEP_CONTINUE;
      break;
    case PK_TASK_STATUS_DONE:
    case PK_TASK_STATUS_CANCELLED:
      self.step = PK_STEP_CLOSED;
      break;
    default:
      self.step = self.n_left > 0 ? PK_STEP_CHECK : PK_STEP_REPORT;
    }
  return self;
}

static char *
closed_sentence (PkRecord *task)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  const char *outcome = pk_field_enum_words (task, PK_TASK_OUTCOME);
  const char *reason = pk_record_get_text (task, PK_TASK_OUTCOME_REASON);
  gint64 at_us = pk_record_get_int (task, PK_TASK_COMPLETED_AT, 0);
  g_autofree char *when = at_us > 0 ? pk_words_exact_time (at_us, zone) : NULL;

  if (*outcome == '\0')
    outcome = pk_field_enum_words (task, PK_TASK_STATUS);
  if (reason != NULL && *reason != '\0')
    return g_strdup_printf ("%s: %s", outcome, reason);
  return when != NULL ? g_strdup_printf ("%s · %s", outcome, when) : g_strdup (outcome);
}

static char *
accept_sentence (PkDetail *detail)
{
  const char *assignee = pk_detail_get_name (detail, PK_TASK_ASSIGNEE_ID);
  const char *unit = pk_detail_get_name (detail, PK_TASK_UNIT_ID);
  const PkId *person = pk_record_get_ref (pk_detail_get_record (detail), PK_TASK_ASSIGNEE_ID);

  if (person != NULL &&
      pk_id_equal (person, pk_library_get_person (pk_detail_get_library (detail))))
    return g_strdup (_ ("It is assigned to you. Accept it, so that who waits knows."));
  if (assignee != NULL)
    return g_strdup_printf (_ ("It is assigned to %s, who has not accepted it yet."), assignee);
  if (unit != NULL)
    return g_strdup_printf (_ ("Nobody at %s has taken it yet."), unit);
  return g_strdup (_ ("Nobody has taken it yet."));
}

/**
 * pk_next_step_dup_sentence:
 * @self: a step
 * @detail: the task it is of
 *
 * Returns: (transfer full): what there is to do, in a sentence
 */
char *
pk_next_step_dup_sentence (const PkNextStep *self, PkDetail *detail)
{
  PkRecord *task = pk_detail_get_record (detail);
  const char *waits = pk_record_get_text (task, PK_TASK_WAITING_FOR);

  switch (self->step)
    {
    case PK_STEP_ACCEPT:
      return accept_sentence (detail);
    case PK_STEP_START:
      return g_strdup (_ ("Accepted. Start when you get to it."));
    case PK_STEP_CHECK:
      return g_strdup_printf (ngettext ("%u point must be done before you report back.",
                                        "%u points must be done before you report back.",
                                        self->n_left),
                              self->n_left);
    case PK_STEP_REPORT:
      return g_strdup (_ ("Say how it went. The task is completed, and who waits is told."));
    case PK_STEP_CONTINUE:
      return waits != NULL ? g_strdup_printf (_ ("Waits for: %s"), waits)
                           : g_strdup (_ ("On hold."));
    case PK_STEP_CLOSED:
      return closed_sentence (task);
    case PK_STEP_NONE:
    default:
      return g_strdup ("");
    }
}

/**
 * pk_next_step_get_verb:
 * @self: a step
 *
 * Returns: (transfer none): the words on the button, with a mnemonic
 */
const char *
pk_next_step_get_verb (const PkNextStep *self)
{
  switch (self->step)
    {
    case PK_STEP_ACCEPT:
      return _ ("_Accept");
    case PK_STEP_START:
      return _ ("_Start");
    case PK_STEP_CONTINUE:
      return _ ("_Continue");
    case PK_STEP_CLOSED:
      return _ ("Re_open");
    case PK_STEP_CHECK:
    case PK_STEP_REPORT:
    case PK_STEP_NONE:
    default:
      return _ ("_Report back");
    }
}

/**
 * pk_next_step_get_action:
 * @self: a step
 *
 * Returns: (transfer none): the action behind the button
 */
const char *
pk_next_step_get_action (const PkNextStep *self)
{
  switch (self->step)
    {
    case PK_STEP_ACCEPT:
      return "page.accept";
    case PK_STEP_START:
    case PK_STEP_CONTINUE:
      return "page.start";
    case PK_STEP_CLOSED:
      return "page.reopen";
    case PK_STEP_CHECK:
    case PK_STEP_REPORT:
    case PK_STEP_NONE:
    default:
      return "page.report-back";
    }
}

/**
 * pk_next_step_dup_progress:
 * @self: a step
 *
 * Returns: (transfer full): how far the checklist is: «3 of 5»
 */
char *
pk_next_step_dup_progress (const PkNextStep *self)
{
  /* Translators: how many points of a checklist are answered, of how many */
  return g_strdup_printf (_ ("%1$u of %2$u"), self->n_answered, self->n_points);
}

/* A task on paper: what a page of it shows, in the same order, with its whole history. Main thread. */
#include "config.h"

#include "pk-paper.h"

#include "pk-paper-private.h"
#include "pk-value-words.h"
#include "pk-words.h"

#include <glib/gi18n.h>

/* Who waits may be a person that is known, or a name that somebody wrote. */
static void
add_reporter (PkSheet *sheet, PkDetail *detail, PkRecord *task)
{
  const char *typed = pk_record_get_text (task, PK_TASK_REPORTER_NAME);
  const char *known = pk_detail_get_name (detail, PK_TASK_REPORTER_ID);
  const char *contact = pk_record_get_text (task, PK_TASK_REPORTER_CONTACT);
  const char *name = typed != NULL ? typed : known;
  const char *first = name != NULL ? name : contact;
  g_autofree char *words = first == NULL ? NULL
                                         : g_strjoin (" · ",
                                                      first,
                                                      pk_field_enum_words (task, PK_TASK_CHANNEL),
                                                      name != NULL ? contact : NULL,
                                                      NULL);

  pk_sheet_add_fact (sheet, _ ("Reported by"), words);
}

static void
add_facts (PkSheet *sheet, PkDetail *detail, PkRecord *task)
{
  static const guint fields[] = {
    PK_TASK_STATUS,       PK_TASK_PRIORITY,       PK_TASK_BUILDING_ID, PK_TASK_LOCATION_ID,
    PK_TASK_COMPONENT_ID, PK_TASK_PLACE,          PK_TASK_DUE_ON,      PK_TASK_PROMISED_ON,
    PK_TASK_ASSIGNEE_ID,  PK_TASK_UNIT_ID,        PK_TASK_CATEGORY_ID, PK_TASK_WAITING_FOR,
    PK_TASK_OUTCOME,      PK_TASK_OUTCOME_REASON,
  };
  PkLibrary *library = pk_detail_get_library (detail);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    pk_paper_add_field (sheet, library, task, fields[i]);
  if (pk_record_get_int (task, PK_TASK_CONFIDENTIALITY, 0) != 0)
    pk_paper_add_field (sheet, library, task, PK_TASK_CONFIDENTIALITY);
  add_reporter (sheet, detail, task);
}

static PkSheetMark
mark_of (PkRecord *point)
{
  switch (pk_record_get_int (point, PK_CHECKLIST_ITEM_STATE, PK_CHECK_STATE_OPEN))
    {
    case PK_CHECK_STATE_DONE:
      return PK_SHEET_MARK_DONE;
    case PK_CHECK_STATE_DEVIATION:
      return PK_SHEET_MARK_DEVIATION;
    case PK_CHECK_STATE_NOT_APPLICABLE:
      return PK_SHEET_MARK_NOT_APPLICABLE;
    default:
      return PK_SHEET_MARK_BOX;
    }
}

/* The mark is a shape; what it means stands there as a word as well. */
static void
add_checklist (PkSheet *sheet, PkDetail *detail)
{
  GListModel *points = pk_detail_get_checklist (detail);
  guint n = g_list_model_get_n_items (points);

  if (n > 0)
    pk_sheet_add_heading (sheet, _ ("Checklist"));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PkRecordItem) item = g_list_model_get_item (points, i);
      PkRecord *point = pk_record_item_get_record (item);
      PkSheetMark mark = mark_of (point);
      pk_sheet_add_row (sheet,
                        mark,
                        pk_record_get_text (point, PK_CHECKLIST_ITEM_TEXT),
                        pk_record_get_text (point, PK_CHECKLIST_ITEM_NOTE));
      if (mark != PK_SHEET_MARK_BOX)
        pk_sheet_set_aside (sheet, pk_field_enum_words (point, PK_CHECKLIST_ITEM_STATE), NULL);
    }
}

static void
add_message (PkSheet *sheet, PkDetail *detail, PkRecord *message)
{
  gboolean is_internal = pk_record_get_int (message, PK_MESSAGE_AUDIENCE, PK_AUDIENCE_INTERNAL) ==
                         PK_AUDIENCE_INTERNAL;
  const PkId *author = pk_record_get_ref (message, PK_MESSAGE_AUTHOR_ID);
  const char *name =
      author != NULL
          ? pk_library_get_name (pk_detail_get_library (detail), PK_ENTITY_PERSON, author)
          : NULL;
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *when = pk_words_exact_time (pk_record_get_int (message, PK_MESSAGE_SENT_AT, 0),
                                               zone);
  const char *whom = is_internal ? _ ("Colleagues only") : _ ("The reporter and colleagues");
  g_autofree char *about = name != NULL ? g_strjoin (" · ", name, whom, NULL) : g_strdup (whom);

  pk_sheet_add_event (sheet, when, pk_record_get_text (message, PK_MESSAGE_BODY), about);
}

static void
add_messages (PkSheet *sheet, PkDetail *detail)
{
  GListModel *messages = pk_detail_get_messages (detail);
  guint n = g_list_model_get_n_items (messages);

  if (n > 0)
    pk_sheet_add_heading (sheet, _ ("Conversation"));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PkRecordItem) item = g_list_model_get_item (messages, i);
      add_message (sheet, detail, pk_record_item_get_record (item));
    }
}

static void
add_history (PkSheet *sheet, PkDetail *detail)
{
  GListModel *history = pk_detail_get_history (detail);
  PkLibrary *library = pk_detail_get_library (detail);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  guint n = g_list_model_get_n_items (history);

  if (n > 0)
    pk_sheet_add_heading (sheet, _ ("History"));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PkRecordItem) item = g_list_model_get_item (history, i);
      PkRecord *record = pk_record_item_get_record (item);
      g_autofree char *when = pk_words_exact_time (pk_record_get_int (record, PK_HISTORY_AT, 0),
                                                   zone);
      g_autofree char *sentence = pk_history_sentence (library, record);
      pk_sheet_add_event (sheet, when, sentence, NULL);
    }
}

/**
 * pk_paper_new_task:
 * @detail: a task that is shown
 *
 * Returns: (transfer full): the task with its checklist, its conversation and its history
 */
PkSheet *
pk_paper_new_task (PkDetail *detail)
{
  PkRecord *task = pk_detail_get_record (detail);
  g_autofree char *about = g_strjoin (" · ",
                                      pk_field_enum_words (task, PK_TASK_KIND),
                                      pk_record_get_text (task, PK_TASK_NUMBER),
                                      NULL);
  PkSheet *sheet = pk_sheet_new (pk_record_get_text (task, PK_TASK_TITLE), about);

  pk_paper_sign (sheet, pk_detail_get_library (detail));
  add_facts (sheet, detail, task);
  pk_sheet_add_text (sheet, pk_record_get_text (task, PK_TASK_DESCRIPTION));
  add_checklist (sheet, detail);
  add_messages (sheet, detail);
  pk_paper_add_documents (sheet, detail);
  add_history (sheet, detail);
  return sheet;
}

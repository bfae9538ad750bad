/* What hangs on a task: the conversation with the reporter, notes among colleagues, the checklist, photos and letters. */
#include "config.h"

#include "pk-demo-files.h"
#include "pk-demo-tasks.h"

static gboolean
give_message (PkDemo *self,
              PkDemoTask *task,
              const PkRecord *record,
              PkDemoPerson *author,
              PkAudience audience,
              const char *template,
              gint64 sent_us,
              GError **error)
{
  PkRecord *message = pk_demo_record (self, PK_ENTITY_MESSAGE, NULL);
  g_autofree char *body = pk_demo_fill (self, task, template);

  pk_record_set_ref (message, PK_MESSAGE_TASK_ID, pk_record_get_id (record));
  if (author != NULL)
    pk_record_set_ref (message, PK_MESSAGE_AUTHOR_ID, &author->id);
  pk_record_set_int (message, PK_MESSAGE_AUDIENCE, audience);
  pk_record_set_text (message, PK_MESSAGE_BODY, body);
  pk_record_set_int (message, PK_MESSAGE_SENT_AT, sent_us);
  return pk_demo_give (self, message, error);
}

/* One of the template's texts for the occasion, in @percent of cases. */
static gboolean
say (PkDemo *self,
     PkDemoTask *task,
     const PkRecord *record,
     const char *occasion,
     guint percent,
     PkDemoPerson *author,
     PkAudience audience,
     gint64 sent_us,
     GError **error)
{
  JsonArray *texts = pk_demo_find_texts (task, occasion);

  if (texts == NULL || !pk_demo_chance (self, percent))
    return TRUE;
  return give_message (self,
                       task,
                       record,
                       author,
                       audience,
                       pk_demo_pick (self, texts),
                       sent_us,
                       error);
}

static gboolean
make_conversation (PkDemo *self, PkDemoTask *task, const PkRecord *record, GError **error)
{
  PkDemoPerson *worker = task->assignee != NULL ? task->assignee : task->unit->people->pdata[0];
  gint64 now = pk_demo_time (self, 0, 10 * 60);
  gint64 end = task->completed_us != 0 ? task->completed_us : now;
  gint64 first = pk_demo_time_between (self, task->created_us, end);
  gint64 second = pk_demo_time_between (self, first, end);

  if (task->reporter != NULL && task->status != PK_TASK_STATUS_NEW &&
      !say (self,
            task,
            record,
            "receipts",
            45,
            worker,
            PK_AUDIENCE_PUBLIC,
            task->created_us + G_TIME_SPAN_HOUR / 2,
            error))
    return FALSE;
  if (task->status != PK_TASK_STATUS_NEW &&
      !say (self, task, record, "notes", 40, worker, PK_AUDIENCE_INTERNAL, first, error))
    return FALSE;
  if (task->reporter != NULL && !say (self,
                                      task,
                                      record,
                                      "questions",
                                      22,
                                      task->colleague,
                                      PK_AUDIENCE_PUBLIC,
                                      second,
                                      error))
    return FALSE;
  return task->completed_us == 0 || task->reporter == NULL ||
         say (self,
              task,
              record,
              "replies",
              85,
              worker,
              PK_AUDIENCE_PUBLIC,
              task->completed_us,
              error);
}

static PkCheckState
choose_check_state (PkDemo *self, PkDemoTask *task, guint place, guint n)
{
  if (task->status == PK_TASK_STATUS_DONE)
    return pk_demo_chance (self, 92)   ? PK_CHECK_STATE_DONE
           : pk_demo_chance (self, 50) ? PK_CHECK_STATE_DEVIATION
                                       : PK_CHECK_STATE_NOT_APPLICABLE;
  if (task->status == PK_TASK_STATUS_IN_PROGRESS && place < n / 2)
    return PK_CHECK_STATE_DONE;
  return PK_CHECK_STATE_OPEN;
}

static gboolean
give_check (PkDemo *self,
            PkDemoTask *task,
            const PkRecord *record,
            const char *template,
            guint place,
            guint n,
            GError **error)
{
  PkRecord *item = pk_demo_record (self, PK_ENTITY_CHECKLIST_ITEM, NULL);
  gboolean is_required = *template != '?'; /* a question mark in front: may be left out */
  g_autofree char *text = pk_demo_fill (self, task, is_required ? template : template + 1);
  PkCheckState state = choose_check_state (self, task, place, n);
  PkDemoPerson *worker = task->assignee != NULL ? task->assignee : task->unit->people->pdata[0];

  pk_record_set_ref (item, PK_CHECKLIST_ITEM_TASK_ID, pk_record_get_id (record));
  pk_record_set_int (item, PK_CHECKLIST_ITEM_POSITION, place + 1);
  pk_record_set_text (item, PK_CHECKLIST_ITEM_TEXT, text);
  pk_record_set_int (item, PK_CHECKLIST_ITEM_IS_REQUIRED, is_required);
  pk_record_set_int (item, PK_CHECKLIST_ITEM_STATE, state);
  if (state == PK_CHECK_STATE_DEVIATION)
    pk_record_set_text (item, PK_CHECKLIST_ITEM_NOTE, "Ikke i orden. Meldt som eget avvik.");
  if (state != PK_CHECK_STATE_OPEN)
    {
      gint64 end = task->completed_us != 0 ? task->completed_us : pk_demo_time (self, 0, 10 * 60);
      pk_record_set_ref (item, PK_CHECKLIST_ITEM_DONE_BY, &worker->id);
      pk_record_set_int (item,
                         PK_CHECKLIST_ITEM_DONE_AT,
                         pk_demo_time_between (self, task->created_us, end));
    }
  return pk_demo_give (self, item, error);
}

static gboolean
make_checklist (PkDemo *self, PkDemoTask *task, const PkRecord *record, GError **error)
{
  JsonArray *checks = pk_demo_find_texts (task, "checks");
  guint n = checks != NULL ? json_array_get_length (checks) : 0;

  for (guint i = 0; i < n; i++)
    if (!give_check (self, task, record, json_array_get_string_element (checks, i), i, n, error))
      return FALSE;
  return TRUE;
}

static gboolean
make_files (PkDemo *self, PkDemoTask *task, const PkRecord *record, GError **error)
{
  JsonArray *letter = pk_demo_find_texts (task, "letter");
  JsonObject *holder = json_object_has_member (task->spec, "photo") ? task->spec : task->category;
  gint64 percent = json_object_get_int_member_with_default (holder, "photo", 0);

  if (task->age_days < 400 && pk_demo_chance (self, (guint) percent) &&
      !pk_demo_make_task_photo (self,
                                record,
                                pk_record_get_text (record, PK_TASK_TITLE),
                                task->created_us,
                                error))
    return FALSE;
  if (letter == NULL || task->completed_us == 0 || task->age_days > 400 ||
      !pk_demo_chance (self, 40))
    return TRUE;
  g_autofree char *text = pk_demo_fill (self, task, pk_demo_pick (self, letter));
  return pk_demo_make_task_letter (self, record, text, task->completed_us, error);
}

/**
 * pk_demo_make_talk:
 * @record: the task's
 *
 * Makes messages, checklist, photos and letters of a task.
 *
 * Returns: %TRUE unless drawing or the sink failed
 */
gboolean
pk_demo_make_talk (PkDemo *self, PkDemoTask *task, const PkRecord *record, GError **error)
{
  return make_conversation (self, task, record, error) &&
         make_checklist (self, task, record, error) && make_files (self, task, record, error);
}

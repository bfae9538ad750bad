/*
 * The facts of a replica that notices are decided by. Who gave a task to whom stands in the history; a task that was made for somebody has one
 * line there that names no field. On the reader's worker.
 */
#include "config.h"

#include "pk-notice-facts.h"

#include "pk-outbox.h"

#include <string.h>

#define MOST_TASKS      500 /* that are looked at one by one */
#define MOST_MESSAGES   20  /* of a task */
#define MOST_HISTORY    30
#define MOST_ITEMS      100
#define MOST_TROUBLES   50
#define LONGEST_EXCERPT 140

/* What is being read. */
typedef struct
{
  PkReader *reader;
  const PkNoticeQuestion *question;
  PkNoticeFacts *facts;
} Reading;

/**
 * pk_notice_question_new:
 * @person: who is told
 *
 * Returns: (transfer full): a question about nothing yet
 */
PkNoticeQuestion *
pk_notice_question_new (const PkId *person)
{
  PkNoticeQuestion *self = g_new0 (PkNoticeQuestion, 1);

  self->person = *person;
  self->messages = g_array_new (FALSE, FALSE, sizeof (PkId));
  self->history = g_array_new (FALSE, FALSE, sizeof (PkId));
  self->tasks = g_array_new (FALSE, FALSE, sizeof (PkId));
  return self;
}

/**
 * pk_notice_question_free:
 *
 * Frees a question.
 */
void
pk_notice_question_free (PkNoticeQuestion *self)
{
  g_array_unref (self->messages);
  g_array_unref (self->history);
  g_array_unref (self->tasks);
  g_free (self);
}

static const PkEntity *
entity_of (PkEntityId id)
{
  return pk_entity_by_id (id);
}

static PkRecord *
find (const Reading *self, PkEntityId entity, const PkId *id)
{
  return pk_reader_find (self->reader, entity_of (entity), id, NULL);
}

static gboolean
is_me (const Reading *self, const PkRecord *record, guint field)
{
  const PkId *id = pk_record_get_ref (record, field);

  return id != NULL && pk_id_equal (id, &self->question->person);
}

static GPtrArray *
list (const Reading *self, PkEntityId entity, guint field, const PkId *task, guint limit)
{
  GPtrArray *records = pk_reader_list_children (self->reader,
                                                entity_of (entity),
                                                field,
                                                task,
                                                PK_LIST_BACKWARD,
                                                limit,
                                                NULL);

  return records != NULL ? records : g_ptr_array_new ();
}

static gint64
find_own_answer (const Reading *self, const PkId *task)
{
  g_autoptr (GPtrArray)
      messages = list (self, PK_ENTITY_MESSAGE, PK_MESSAGE_TASK_ID, task, MOST_MESSAGES);

  for (guint i = 0; i < messages->len; i++)
    if (is_me (self, messages->pdata[i], PK_MESSAGE_AUTHOR_ID))
      return pk_record_get_int (messages->pdata[i], PK_MESSAGE_SENT_AT, 0);
  return 0;
}

static gboolean
has_open_item (const Reading *self, const PkId *task)
{
  g_autoptr (GPtrArray)
      items = list (self, PK_ENTITY_CHECKLIST_ITEM, PK_CHECKLIST_ITEM_TASK_ID, task, MOST_ITEMS);

  for (guint i = 0; i < items->len; i++)
    if (pk_record_get_int (items->pdata[i], PK_CHECKLIST_ITEM_IS_REQUIRED, FALSE) &&
        pk_record_get_int (items->pdata[i], PK_CHECKLIST_ITEM_STATE, PK_CHECK_STATE_OPEN) ==
            PK_CHECK_STATE_OPEN)
      return TRUE;
  return FALSE;
}

static char *
name_of (const Reading *self, PkEntityId entity, const PkId *id)
{
  return id == NULL ? NULL : pk_reader_dup_name (self->reader, entity_of (entity), id);
}

static PkNoticeTask *
add_task (Reading *self, const PkRecord *record)
{
  PkNoticeTask *task = g_new0 (PkNoticeTask, 1);

  task->id = *pk_record_get_id (record);
  task->title = g_strdup (pk_record_get_text (record, PK_TASK_TITLE));
  task->place = name_of (self, PK_ENTITY_BUILDING, pk_record_get_ref (record, PK_TASK_BUILDING_ID));
  task->is_confidential =
      pk_record_get_int (record, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_CONFIDENTIAL) ==
      PK_CONFIDENTIALITY_CONFIDENTIAL;
  task->is_open = pk_record_get_int (record, PK_TASK_IS_OPEN, FALSE) != 0;
  task->is_mine = is_me (self, record, PK_TASK_ASSIGNEE_ID);
  task->is_registered = is_me (self, record, PK_TASK_CREATED_BY);
  task->can_accept = pk_record_get_int (record, PK_TASK_STATUS, PK_TASK_STATUS_DONE) ==
                     PK_TASK_STATUS_NEW;
  task->can_complete = task->is_open && !has_open_item (self, &task->id);
  task->is_due = g_strcmp0 (pk_record_get_text (record, PK_TASK_DUE_ON), self->question->today) ==
                 0;
  task->answered_us = find_own_answer (self, &task->id);
  g_ptr_array_add (self->facts->tasks, task);
  return task;
}

static PkNoticeTask *
take_task (Reading *self, const PkId *id)
{
  PkNoticeTask *task = pk_notice_facts_find (self->facts, id);

  if (task != NULL)
    return task;
  g_autoptr (PkRecord) record = find (self, PK_ENTITY_TASK, id);
  return record == NULL ? NULL : add_task (self, record);
}

static PkNoticeEvent *
add_event (Reading *self,
           PkNoticeKind kind,
           const PkRecord *record,
           guint task_field,
           guint actor_field)
{
  const PkId *task = pk_record_get_ref (record, task_field);

  if (task == NULL || pk_record_get_seq (record) <= self->question->since_seq ||
      take_task (self, task) == NULL)
    return NULL;
  PkNoticeEvent *event = g_new0 (PkNoticeEvent, 1);
  event->kind = kind;
  event->task = *task;
  event->seq = pk_record_get_seq (record);
  event->is_by_me = is_me (self, record, actor_field);
  event->who = name_of (self, PK_ENTITY_PERSON, pk_record_get_ref (record, actor_field));
  g_ptr_array_add (self->facts->events, event);
  return event;
}

/* The first line, and not too much of it. */
static char *
make_excerpt (const char *text)
{
  g_autofree char *line = g_strndup (text, strcspn (text, "\n"));

  if (g_utf8_strlen (line, -1) <= LONGEST_EXCERPT)
    return g_steal_pointer (&line);
  g_autofree char *cut = g_utf8_substring (line, 0, LONGEST_EXCERPT);
  return g_strconcat (cut, "…", NULL);
}

static void
read_message (Reading *self, const PkRecord *message)
{
  const char *body = pk_record_get_text (message, PK_MESSAGE_BODY);
  PkNoticeEvent *event =
      add_event (self, PK_NOTICE_MESSAGE, message, PK_MESSAGE_TASK_ID, PK_MESSAGE_AUTHOR_ID);

  if (event == NULL)
    return;
  event->at_us = pk_record_get_int (message, PK_MESSAGE_SENT_AT, 0);
  event->is_public = pk_record_get_int (message, PK_MESSAGE_AUDIENCE, PK_AUDIENCE_INTERNAL) ==
                     PK_AUDIENCE_PUBLIC;
  event->text = make_excerpt (body == NULL ? "" : body);
}

/* Another assignee, or a task that was made with one. */
static void
read_history (Reading *self, const PkRecord *line)
{
  const char *entity = pk_record_get_text (line, PK_HISTORY_ENTITY);
  const char *field = pk_record_get_text (line, PK_HISTORY_FIELD);
  const char *value = pk_record_get_text (line, PK_HISTORY_NEW_VALUE);
  char me[PK_ID_TEXT_LENGTH + 1];

  if (g_strcmp0 (entity, "task") != 0 ||
      pk_record_get_int (line, PK_HISTORY_KIND, -1) == PK_HISTORY_KIND_DELETED)
    return;
  if (field != NULL &&
      (!g_str_equal (field, entity_of (PK_ENTITY_TASK)->fields[PK_TASK_ASSIGNEE_ID].name) ||
       value == NULL || strstr (value, pk_id_to_text (&self->question->person, me)) == NULL))
    return;
  PkNoticeEvent *event =
      add_event (self, PK_NOTICE_ASSIGNED, line, PK_HISTORY_TASK_ID, PK_HISTORY_ACTOR_ID);
  if (event != NULL)
    event->at_us = pk_record_get_int (line, PK_HISTORY_AT, 0);
}

static void
read_changed (Reading *self)
{
  const PkNoticeQuestion *question = self->question;

  for (guint i = 0; i < question->messages->len; i++)
    {
      g_autoptr (PkRecord)
          message = find (self, PK_ENTITY_MESSAGE, &g_array_index (question->messages, PkId, i));
      if (message != NULL)
        read_message (self, message);
    }
  for (guint i = 0; i < question->history->len; i++)
    {
      g_autoptr (PkRecord)
          line = find (self, PK_ENTITY_HISTORY, &g_array_index (question->history, PkId, i));
      if (line != NULL)
        read_history (self, line);
    }
}

static void
read_all_of_task (Reading *self, const PkId *task)
{
  g_autoptr (GPtrArray)
      messages = list (self, PK_ENTITY_MESSAGE, PK_MESSAGE_TASK_ID, task, MOST_MESSAGES);
  g_autoptr (GPtrArray)
      history = list (self, PK_ENTITY_HISTORY, PK_HISTORY_TASK_ID, task, MOST_HISTORY);

  for (guint i = 0; i < messages->len; i++)
    read_message (self, messages->pdata[i]);
  for (guint i = 0; i < history->len; i++)
    read_history (self, history->pdata[i]);
}

static GArray *
query (const Reading *self, PkTaskList tasks, PkTaskDue due, GError **error)
{
  g_autoptr (PkTaskQuery) query = pk_task_query_new ();

  query->list = tasks;
  query->subject = self->question->person;
  query->open = PK_TASKS_OPEN;
  query->due = due;
  g_strlcpy (query->today, self->question->today, sizeof query->today);
  return pk_reader_query_tasks (self->reader, query, error);
}

static gboolean
read_tasks_of (Reading *self, PkTaskList tasks, GError **error)
{
  g_autoptr (GArray) rids = query (self, tasks, PK_DUE_ANY, error);

  if (rids == NULL)
    return FALSE;
  for (guint i = 0; i < MIN (rids->len, MOST_TASKS); i++)
    {
      g_autoptr (PkRecord) task = pk_reader_find_by_rid (self->reader,
                                                         entity_of (PK_ENTITY_TASK),
                                                         g_array_index (rids, gint64, i),
                                                         NULL);
      if (task != NULL)
        read_all_of_task (self, pk_record_get_id (task));
    }
  return TRUE;
}

static gboolean
read_due (Reading *self, GError **error)
{
  g_autoptr (GArray) rids = query (self, PK_TASKS_ASSIGNED, PK_DUE_TODAY, error);

  if (rids == NULL)
    return FALSE;
  for (guint i = 0; i < MIN (rids->len, MOST_TASKS); i++)
    {
      g_autoptr (PkRecord) task = pk_reader_find_by_rid (self->reader,
                                                         entity_of (PK_ENTITY_TASK),
                                                         g_array_index (rids, gint64, i),
                                                         NULL);
      if (task == NULL || take_task (self, pk_record_get_id (task)) == NULL)
        continue;
      g_ptr_array_add (self->facts->due, g_memdup2 (pk_record_get_id (task), sizeof (PkId)));
    }
  return TRUE;
}

static gboolean
read_open (Reading *self, GError **error)
{
  g_autoptr (GArray) rids = query (self, PK_TASKS_ASSIGNED, PK_DUE_ANY, error);

  self->facts->n_open = rids == NULL ? 0 : rids->len;
  return rids != NULL;
}

static void
add_trouble (Reading *self, PkNoticeKind kind, const PkOutboxEntry *entry)
{
  PkNoticeTrouble *trouble = g_new0 (PkNoticeTrouble, 1);

  trouble->kind = kind;
  trouble->place = entry->place;
  if (entry->entity != NULL)
    trouble->title = pk_reader_dup_name (self->reader, entry->entity, &entry->record);
  g_ptr_array_add (self->facts->troubles, trouble);
}

static gboolean
read_troubles (Reading *self, GError **error)
{
  g_autoptr (GPtrArray) refused =
      pk_reader_list_outbox (self->reader, PK_OUTBOX_ATTENTION, NULL, MOST_TROUBLES, error);
  g_autoptr (GPtrArray) combined =
      refused == NULL
          ? NULL
          : pk_reader_list_outbox (self->reader, PK_OUTBOX_COMBINED, NULL, MOST_TROUBLES, error);

  if (combined == NULL)
    return FALSE;
  for (guint i = 0; i < refused->len; i++)
    add_trouble (self, PK_NOTICE_REFUSED, refused->pdata[i]);
  for (guint i = 0; i < combined->len; i++)
    if (!((const PkOutboxEntry *) combined->pdata[i])->is_seen)
      add_trouble (self, PK_NOTICE_COMBINED, combined->pdata[i]);
  return TRUE;
}

static int
compare_events (gconstpointer a, gconstpointer b)
{
  const PkNoticeEvent *first = *(const PkNoticeEvent *const *) a;
  const PkNoticeEvent *second = *(const PkNoticeEvent *const *) b;

  return first->at_us < second->at_us ? -1 : first->at_us > second->at_us;
}

static gboolean
read_everything (Reading *self, GError **error)
{
  const PkNoticeQuestion *question = self->question;
  PkReplicaSummary summary;

  if (!pk_reader_read_summary (self->reader, &summary, error) || !read_open (self, error) ||
      !read_due (self, error) || !read_troubles (self, error))
    return FALSE;
  self->facts->seq = summary.needs_bootstrap ? 0 : summary.seq;
  for (guint i = 0; i < question->tasks->len; i++)
    take_task (self, &g_array_index (question->tasks, PkId, i));
  if (!question->is_everything)
    read_changed (self);
  else if (!read_tasks_of (self, PK_TASKS_ASSIGNED, error) ||
           !read_tasks_of (self, PK_TASKS_REGISTERED, error))
    return FALSE;
  g_ptr_array_sort (self->facts->events, compare_events);
  return TRUE;
}

/**
 * pk_notice_facts_read:
 * @reader: of the replica
 * @question: what to look at
 *
 * Errors: those of SQLite
 * Returns: (transfer full) (nullable): the facts
 */
PkNoticeFacts *
pk_notice_facts_read (PkReader *reader, const PkNoticeQuestion *question, GError **error)
{
  g_autoptr (PkNoticeFacts) facts = pk_notice_facts_new ();
  Reading self = { reader, question, facts };

  return read_everything (&self, error) ? g_steal_pointer (&facts) : NULL;
}

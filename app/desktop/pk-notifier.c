/*
 * The thin layer between the decision and the desktop. What has changed is collected until sync stands still; then the facts are read on the
 * reader's worker, one look at a time. What could not be told now (quiet hours, a program that ended) is found again by its number.
 */
#include "config.h"

#include "pk-notifier.h"

#include "pk-change-set.h"
#include "pk-glib-backports.h"
#include "pk-notice-facts.h"
#include "pk-notice-memory.h"
#include "pk-notice-words.h"
#include "pk-replica.h"

#define WAIT_MS      400  /* for what comes together */
#define DONE_SECONDS 60   /* that something done can be undone from the notification */
#define MOST_CHANGES 1000 /* more are looked at task by task */
#define DAY_BEGINS   6    /* the hour from which on it is told what is due */
#define DONE_KEY     "done"

struct _PkNotifier
{
  GObject parent_instance;
  GApplication *application; /* (nullable): it owns this */
  PkLibrary *library;        /* (owned) */
  GSettings *settings;       /* (owned) (nullable) */
  PkNoticeMemory *memory;    /* (owned) */
  PkNoticeQuestion *next;    /* (owned): what has changed since the last look */
  GCancellable *cancellable; /* (owned) */
  gboolean is_settled;
  gboolean is_looking;
  PkId open_task;
  gboolean is_reading; /* a look is under way */
  gboolean is_stale;   /* something may be another than at the last look */
  guint wait_id;
  guint hour_id;
  guint done_id;
};

G_DEFINE_FINAL_TYPE (PkNotifier, pk_notifier, G_TYPE_OBJECT)

static void plan_look (PkNotifier *self);

static GDateTime *
get_local_time (PkNotifier *self)
{
  gint64 now_us = pk_clock_now_us (pk_library_get_clock (self->library));
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);

  return g_date_time_to_local (utc);
}

static PkNoticeRules
make_rules (PkNotifier *self)
{
  g_autoptr (GDateTime) now = get_local_time (self);
  g_autofree char *today = pk_library_dup_today (self->library);
  int hour = g_date_time_get_hour (now);
  PkNoticeRules rules = { .is_on = TRUE,
                          .is_day = hour >= DAY_BEGINS,
                          .is_looking = self->is_looking,
                          .open_task = self->open_task };

  g_strlcpy (rules.today, today, sizeof rules.today);
  if (self->settings == NULL)
    return rules;
  rules.is_on = g_settings_get_boolean (self->settings, "show-notifications");
  rules.is_quiet = g_settings_get_boolean (self->settings, "has-quiet-hours") &&
                   pk_notice_is_quiet (hour,
                                       g_settings_get_int (self->settings, "quiet-from"),
                                       g_settings_get_int (self->settings, "quiet-until"));
  return rules;
}

static void
keep_memory (PkNotifier *self, PkNoticeMemory *memory)
{
  PkReplica *replica = pk_library_get_replica (self->library);
  g_autoptr (GError) error = NULL;

  pk_notice_memory_free (self->memory);
  self->memory = memory;
  if (!pk_notice_memory_save (memory, pk_replica_get_directory (replica), &error))
    g_warning ("Remembering what was told: %s", error->message);
}

/* Remembered first: a program that dies in between tells once too little, not once too often. */
static void
carry_out (PkNotifier *self, PkNoticePlan *plan)
{
  keep_memory (self, g_steal_pointer (&plan->memory));
  for (guint i = 0; i < plan->take_back->len; i++)
    g_application_withdraw_notification (self->application, plan->take_back->pdata[i]);
  for (guint i = 0; i < plan->tell->len; i++)
    {
      const PkNotice *notice = plan->tell->pdata[i];
      g_autoptr (GNotification) notification = pk_notice_make (notice);
      g_application_send_notification (self->application, notice->key, notification);
    }
}

/* On the reader's worker. */
static gpointer
read_facts (PkReader *reader, gpointer data, GError **error)
{
  return pk_notice_facts_read (reader, data, error);
}

static void
facts_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkNotifier) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PkNoticeFacts) facts = pk_replica_job_finish (PK_REPLICA (object), result, &error);

  self->is_reading = FALSE;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (facts == NULL)
    {
      g_warning ("Looking for what is new: %s", error->message);
      return;
    }
  PkNoticeRules rules = make_rules (self);
  g_autoptr (PkNoticePlan) plan = pk_notice_decide (facts, self->memory, &rules);
  /* What waits for the end of the quiet hours is looked for anew then. */
  if (plan->memory->seq < facts->seq)
    self->next->is_everything = TRUE;
  carry_out (self, plan);
  if (self->is_stale)
    plan_look (self);
}

/* What the question is about, and a new one for what comes meanwhile. */
static PkNoticeQuestion *
take_question (PkNotifier *self)
{
  PkNoticeQuestion *question = g_steal_pointer (&self->next);
  g_autofree char *today = pk_library_dup_today (self->library);

  self->next = pk_notice_question_new (&question->person);
  question->since_seq = self->memory->seq;
  g_strlcpy (question->today, today, sizeof question->today);
  for (guint i = 0; i < self->memory->shown->len; i++)
    {
      const PkNoticeShown *shown = self->memory->shown->pdata[i];
      if (!pk_id_is_null (&shown->task))
        g_array_append_val (question->tasks, shown->task);
    }
  return question;
}

/* Nothing can be told and nothing can be taken back: the hour that ends the quiet ones looks at everything. */
static gboolean
puts_off (PkNotifier *self)
{
  PkNoticeRules rules = make_rules (self);

  if (!rules.is_quiet || self->memory->shown->len > 0)
    return FALSE;
  self->next->is_everything = TRUE;
  return TRUE;
}

static void
look (PkNotifier *self)
{
  self->is_stale = FALSE;
  if (puts_off (self))
    return;
  self->is_reading = TRUE;
  PkReplicaJob job = { PK_PRIORITY_UPKEEP,
                       take_question (self),
                       (GDestroyNotify) pk_notice_question_free,
                       (GDestroyNotify) pk_notice_facts_free };
  pk_replica_read_async (pk_library_get_replica (self->library),
                         read_facts,
                         &job,
                         self->cancellable,
                         facts_read_cb,
                         g_object_ref (self));
}

static gboolean
waited_cb (gpointer user_data)
{
  PkNotifier *self = user_data;

  self->wait_id = 0;
  if (self->is_settled && !self->is_reading)
    look (self);
  return G_SOURCE_REMOVE;
}

static void
plan_look (PkNotifier *self)
{
  self->is_stale = TRUE;
  if (self->is_settled && !self->is_reading && self->wait_id == 0)
    self->wait_id = g_timeout_add (WAIT_MS, waited_cb, self);
}

static void
replica_changed_cb (PkNotifier *self, PkChangeSet *changes)
{
  guint n = pk_change_set_get_n (changes);

  if (pk_change_set_is_everything (changes) || n > MOST_CHANGES)
    self->next->is_everything = TRUE;
  for (guint i = 0; i < n && !self->next->is_everything; i++)
    {
      const PkChange *change = pk_change_set_get (changes, i);
      if (change->kind == PK_CHANGE_REMOVED)
        continue;
      if (change->entity->id == PK_ENTITY_MESSAGE)
        g_array_append_val (self->next->messages, change->id);
      if (change->entity->id == PK_ENTITY_HISTORY)
        g_array_append_val (self->next->history, change->id);
    }
  if (self->next->messages->len + self->next->history->len > MOST_CHANGES)
    self->next->is_everything = TRUE;
  plan_look (self);
}

static gboolean
hour_cb (gpointer user_data)
{
  PkNotifier *self = user_data;
  g_autoptr (GDateTime) now = get_local_time (self);
  guint seconds = 3600 - (guint) (g_date_time_get_minute (now) * 60 + g_date_time_get_second (now));

  self->hour_id = g_timeout_add_seconds (seconds + 1, hour_cb, self);
  plan_look (self);
  return G_SOURCE_REMOVE;
}

static gboolean
done_over_cb (gpointer user_data)
{
  PkNotifier *self = user_data;

  self->done_id = 0;
  pk_notifier_take_back_done (self);
  return G_SOURCE_REMOVE;
}

static void
stop_timers (PkNotifier *self)
{
  g_clear_handle_id (&self->wait_id, g_source_remove);
  g_clear_handle_id (&self->hour_id, g_source_remove);
  g_clear_handle_id (&self->done_id, g_source_remove);
}

static void
pk_notifier_dispose (GObject *object)
{
  PkNotifier *self = PK_NOTIFIER (object);

  g_cancellable_cancel (self->cancellable);
  stop_timers (self);
  if (self->library != NULL)
    g_signal_handlers_disconnect_by_data (pk_library_get_replica (self->library), self);
  g_clear_object (&self->library);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (pk_notifier_parent_class)->dispose (object);
}

static void
pk_notifier_finalize (GObject *object)
{
  PkNotifier *self = PK_NOTIFIER (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->memory, pk_notice_memory_free);
  g_clear_pointer (&self->next, pk_notice_question_free);
  G_OBJECT_CLASS (pk_notifier_parent_class)->finalize (object);
}

static void
pk_notifier_class_init (PkNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_notifier_dispose;
  G_OBJECT_CLASS (klass)->finalize = pk_notifier_finalize;
}

static void
pk_notifier_init (PkNotifier *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * pk_notifier_new:
 * @application: who tells, and owns this
 * @library: of who is told
 * @settings: (nullable): how the person wants it
 *
 * Looks for what is new from now on, once sync stands still (pk_notifier_set_settled()).
 *
 * Returns: (transfer full): a notifier
 */
PkNotifier *
pk_notifier_new (GApplication *application, PkLibrary *library, GSettings *settings)
{
  PkNotifier *self = g_object_new (PK_TYPE_NOTIFIER, NULL);
  PkReplica *replica = pk_library_get_replica (library);

  self->application = application;
  self->library = g_object_ref (library);
  g_set_object (&self->settings, settings);
  self->memory = pk_notice_memory_load (pk_replica_get_directory (replica));
  self->next = pk_notice_question_new (pk_library_get_person (library));
  /* What came while nothing looked. */
  self->next->is_everything = TRUE;
  g_signal_connect_object (replica,
                           "changed",
                           G_CALLBACK (replica_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (library, "day-changed", G_CALLBACK (plan_look), self, G_CONNECT_SWAPPED);
  if (settings != NULL)
    g_signal_connect_object (settings, "changed", G_CALLBACK (plan_look), self, G_CONNECT_SWAPPED);
  hour_cb (self);
  return self;
}

/**
 * pk_notifier_set_settled:
 * @self: a notifier
 * @is_settled: whether sync stands still, with a network or without
 *
 * What a long sync brings is told when it is complete.
 */
void
pk_notifier_set_settled (PkNotifier *self, gboolean is_settled)
{
  if (is_settled == self->is_settled)
    return;
  self->is_settled = is_settled;
  if (is_settled && self->is_stale)
    plan_look (self);
}

/**
 * pk_notifier_set_looking:
 * @self: a notifier
 * @is_looking: whether the person has the window before them
 * @open_task: (nullable): that it shows
 *
 * What the person sees anyway is not told, and taken back.
 */
void
pk_notifier_set_looking (PkNotifier *self, gboolean is_looking, const PkId *open_task)
{
  const PkId none = { { 0 } };

  self->is_looking = is_looking;
  self->open_task = open_task == NULL ? none : *open_task;
  if (is_looking && self->memory->shown->len > 0)
    plan_look (self);
}

/**
 * pk_notifier_tell_done:
 * @self: a notifier
 * @text: what was done, or why it could not be done
 * @link: (nullable): to what
 * @can_undo: whether it can be taken back
 *
 * Tells how it went when a button of a notification was pressed and no window shows it.
 */
void
pk_notifier_tell_done (PkNotifier *self, const char *text, const char *link, gboolean can_undo)
{
  g_autoptr (GNotification) notification = pk_notice_make_done (text, link, can_undo);

  g_clear_handle_id (&self->done_id, g_source_remove);
  self->done_id = g_timeout_add_seconds (DONE_SECONDS, done_over_cb, self);
  g_application_send_notification (self->application, DONE_KEY, notification);
}

/**
 * pk_notifier_take_back_done:
 * @self: a notifier
 *
 * What was done has been undone, or it is too late for that.
 */
void
pk_notifier_take_back_done (PkNotifier *self)
{
  g_clear_handle_id (&self->done_id, g_source_remove);
  g_application_withdraw_notification (self->application, DONE_KEY);
}

/**
 * pk_notifier_leave:
 * @self: a notifier
 *
 * Nobody is signed in any more: what stands on the screen is taken back.
 */
void
pk_notifier_leave (PkNotifier *self)
{
  g_cancellable_cancel (self->cancellable);
  stop_timers (self);
  for (guint i = 0; i < self->memory->shown->len; i++)
    {
      const PkNoticeShown *shown = self->memory->shown->pdata[i];
      g_application_withdraw_notification (self->application, shown->key);
    }
  pk_notifier_take_back_done (self);
  g_ptr_array_set_size (self->memory->shown, 0);
}

/**
 * pk_notifier_is_busy:
 * @self: a notifier
 *
 * Returns: whether a look is under way or planned
 */
gboolean
pk_notifier_is_busy (PkNotifier *self)
{
  return self->is_reading || self->wait_id != 0;
}

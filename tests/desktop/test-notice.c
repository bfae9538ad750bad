/* What deserves to be told: the whole decision, without clock, replica or screen. */
#include "config.h"

#include "pk-notice.h"

#define TODAY "2026-11-23"

/* Somebody who was told everything up to number 10, at noon, away from the window. */
typedef struct
{
  PkNoticeFacts *facts;
  PkNoticeMemory *memory;
  PkNoticeRules rules;
  PkNoticePlan *plan; /* (nullable): the last one */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  self->facts = pk_notice_facts_new ();
  self->facts->seq = 20;
  self->memory = pk_notice_memory_new ();
  self->memory->seq = 10;
  g_strlcpy (self->memory->due_day, TODAY, sizeof self->memory->due_day);
  self->rules = (PkNoticeRules){ .is_on = TRUE, .is_day = TRUE, .today = TODAY };
}

static void
tear_down (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  g_clear_pointer (&self->plan, pk_notice_plan_free);
  pk_notice_facts_free (self->facts);
  pk_notice_memory_free (self->memory);
}

static PkId
make_id (guint8 number)
{
  PkId id = { { 1, [15] = number } };

  return id;
}

static PkNoticeTask *
add_task (Fixture *self, guint8 number)
{
  PkNoticeTask *task = g_new0 (PkNoticeTask, 1);

  task->id = make_id (number);
  task->title = g_strdup_printf ("Oppgave %u", number);
  task->is_open = task->is_mine = task->can_accept = TRUE;
  g_ptr_array_add (self->facts->tasks, task);
  return task;
}

static PkNoticeEvent *
add_event (Fixture *self, PkNoticeKind kind, guint8 task, gint64 seq)
{
  PkNoticeEvent *event = g_new0 (PkNoticeEvent, 1);

  event->kind = kind;
  event->task = make_id (task);
  event->seq = seq;
  event->at_us = seq * 1000;
  g_ptr_array_add (self->facts->events, event);
  return event;
}

static void
add_due (Fixture *self, guint8 number)
{
  PkId id = make_id (number);

  add_task (self, number)->is_due = TRUE;
  g_ptr_array_add (self->facts->due, g_memdup2 (&id, sizeof id));
}

static PkNoticeTrouble *
add_trouble (Fixture *self, PkNoticeKind kind, gint64 place)
{
  PkNoticeTrouble *trouble = g_new0 (PkNoticeTrouble, 1);

  trouble->kind = kind;
  trouble->place = place;
  g_ptr_array_add (self->facts->troubles, trouble);
  return trouble;
}

/* Decides, and goes on from there. */
static void
decide (Fixture *self, const char *told, const char *taken_back)
{
  g_autoptr (GString) keys = g_string_new (NULL);
  g_autoptr (GString) gone = g_string_new (NULL);

  g_clear_pointer (&self->plan, pk_notice_plan_free);
  self->plan = pk_notice_decide (self->facts, self->memory, &self->rules);
  for (guint i = 0; i < self->plan->tell->len; i++)
    {
      const PkNotice *notice = self->plan->tell->pdata[i];
      g_auto (GStrv) parts = g_strsplit (notice->key, "/", 2);
      g_string_append_printf (keys, "%s%s*%u", i > 0 ? " " : "", parts[0], notice->n);
    }
  for (guint i = 0; i < self->plan->take_back->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (self->plan->take_back->pdata[i], "/", 2);
      g_string_append_printf (gone, "%s%s", i > 0 ? " " : "", parts[0]);
    }
  g_assert_cmpstr (keys->str, ==, told);
  g_assert_cmpstr (gone->str, ==, taken_back);
  pk_notice_memory_free (self->memory);
  self->memory = g_steal_pointer (&self->plan->memory);
}

static void
test_a_task_that_somebody_gave_me_is_told_once (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  add_task (self, 1);
  add_event (self, PK_NOTICE_ASSIGNED, 1, 15);
  decide (self, "assigned*1", "");
  g_assert_cmpint (self->memory->seq, ==, 20);
  decide (self, "", "");
}

static void
test_what_i_did_myself_is_not_told (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  add_task (self, 1);
  add_event (self, PK_NOTICE_ASSIGNED, 1, 15)->is_by_me = TRUE;
  add_event (self, PK_NOTICE_MESSAGE, 1, 16)->is_by_me = TRUE;
  decide (self, "", "");
}

static void
test_what_was_there_before_is_not_told (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  add_task (self, 1);
  add_event (self, PK_NOTICE_MESSAGE, 1, 10);
  decide (self, "", "");
}

static void
test_messages_on_one_task_are_one (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  add_task (self, 1);
  for (gint64 seq = 11; seq < 18; seq++)
    add_event (self, PK_NOTICE_MESSAGE, 1, seq);
  decide (self, "message*7", "");
  const PkNotice *notice = self->plan->tell->pdata[0];
  g_assert_cmpint (notice->last->seq, ==, 17);
}

static void
test_who_registered_a_task_hears_what_is_written (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  PkNoticeTask *task = add_task (self, 1);

  task->is_mine = FALSE;
  add_event (self, PK_NOTICE_MESSAGE, 1, 15);
  decide (self, "", "");
  task->is_registered = TRUE;
  self->memory->seq = 10;
  add_event (self, PK_NOTICE_ASSIGNED, 1, 16);
  decide (self, "message*1", "");
}

static void
test_many_at_once_are_summed_up (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  for (guint8 i = 1; i <= 3; i++)
    {
      add_task (self, i);
      add_event (self, PK_NOTICE_ASSIGNED, i, 15);
    }
  add_task (self, 4);
  add_event (self, PK_NOTICE_MESSAGE, 4, 16);
  add_event (self, PK_NOTICE_MESSAGE, 4, 17);
  add_trouble (self, PK_NOTICE_REFUSED, 1);
  decide (self, "summary*0", "");
  const PkNotice *notice = self->plan->tell->pdata[0];
  g_assert_cmpuint (notice->n_assigned, ==, 3);
  g_assert_cmpuint (notice->n_messages, ==, 2);
  g_assert_cmpuint (notice->n_troubles, ==, 1);
  g_assert_cmpuint (notice->n_due, ==, 0);
  self->rules.is_looking = TRUE;
  decide (self, "", "summary");
}

static void
test_the_first_sync_tells_how_many_there_are (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  self->memory->seq = 0;
  self->memory->due_day[0] = '\0';
  self->facts->seq = 0;
  decide (self, "", "");
  self->facts->seq = 5000;
  self->facts->n_open = 42;
  for (guint8 i = 1; i < 40; i++)
    {
      add_due (self, i);
      add_event (self, PK_NOTICE_ASSIGNED, i, i + 10);
    }
  decide (self, "summary*42", "");
  decide (self, "", "");
}

static void
test_what_is_due_is_told_once_a_day (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  add_due (self, 1);
  add_due (self, 2);
  self->memory->due_day[0] = '\0';
  self->rules.is_day = FALSE;
  decide (self, "", "");
  self->rules.is_day = TRUE;
  decide (self, "due*1 due*1", "");
  decide (self, "", "");
  add_due (self, 3);
  self->rules.is_looking = TRUE;
  g_strlcpy (self->rules.today, "2026-11-25", sizeof self->rules.today);
  decide (self, "", "");
  self->rules.is_looking = FALSE;
  decide (self, "", "");
  g_strlcpy (self->rules.today, "2026-11-24", sizeof self->rules.today);
  decide (self, "due*3", "");
}

static void
test_what_is_settled_elsewhere_is_taken_back (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  PkNoticeTask *given = add_task (self, 1), *written = add_task (self, 2),
               *closed = add_task (self, 3);

  add_event (self, PK_NOTICE_ASSIGNED, 1, 15);
  add_event (self, PK_NOTICE_MESSAGE, 2, 15);
  add_event (self, PK_NOTICE_MESSAGE, 3, 15);
  add_trouble (self, PK_NOTICE_REFUSED, 7);
  decide (self, "assigned*1 message*1 message*1 refused*1", "");
  decide (self, "", "");
  given->can_accept = FALSE;
  written->answered_us = 16000;
  closed->is_open = FALSE;
  g_ptr_array_set_size (self->facts->troubles, 0);
  decide (self, "", "assigned message message refused");
  decide (self, "", "");
}

static void
test_what_is_gone_is_taken_back (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  add_task (self, 1);
  add_event (self, PK_NOTICE_MESSAGE, 1, 15);
  decide (self, "message*1", "");
  g_ptr_array_set_size (self->facts->tasks, 0);
  decide (self, "", "message");
}

static void
test_what_is_looked_at_is_not_told (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  add_task (self, 1);
  add_task (self, 2);
  add_event (self, PK_NOTICE_MESSAGE, 1, 15);
  add_event (self, PK_NOTICE_MESSAGE, 2, 15);
  add_trouble (self, PK_NOTICE_REFUSED, 1);
  self->rules.is_looking = TRUE;
  self->rules.open_task = make_id (1);
  decide (self, "message*1", "");
  self->rules.open_task = make_id (2);
  decide (self, "", "message");
}

static void
test_quiet_hours_put_it_off (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  add_task (self, 1);
  add_event (self, PK_NOTICE_MESSAGE, 1, 15);
  add_trouble (self, PK_NOTICE_COMBINED, 1);
  self->rules.is_quiet = TRUE;
  decide (self, "", "");
  g_assert_cmpint (self->memory->seq, ==, 10);
  self->rules.is_quiet = FALSE;
  decide (self, "message*1 combined*1", "");
}

static void
test_who_wants_nothing_is_told_nothing_later_either (Fixture *self,
                                                     gconstpointer data G_GNUC_UNUSED)
{
  add_task (self, 1);
  add_event (self, PK_NOTICE_MESSAGE, 1, 15);
  self->rules.is_on = FALSE;
  decide (self, "", "");
  self->rules.is_on = TRUE;
  decide (self, "", "");
}

static void
test_another_history_of_the_server_is_no_news (Fixture *self, gconstpointer data G_GNUC_UNUSED)
{
  add_task (self, 1);
  add_event (self, PK_NOTICE_MESSAGE, 1, 5);
  self->memory->seq = 900;
  decide (self, "", "");
  g_assert_cmpint (self->memory->seq, ==, 20);
}

static void
test_the_quiet_hours_may_go_over_midnight (void)
{
  g_assert_true (pk_notice_is_quiet (20, 20, 6));
  g_assert_true (pk_notice_is_quiet (0, 20, 6));
  g_assert_true (pk_notice_is_quiet (5, 20, 6));
  g_assert_false (pk_notice_is_quiet (6, 20, 6));
  g_assert_false (pk_notice_is_quiet (19, 20, 6));
  g_assert_true (pk_notice_is_quiet (12, 11, 13));
  g_assert_false (pk_notice_is_quiet (13, 11, 13));
  g_assert_false (pk_notice_is_quiet (7, 7, 7));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, test) g_test_add ("/notice/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("a-task-that-somebody-gave-me-is-told-once", test_a_task_that_somebody_gave_me_is_told_once);
  ADD ("what-i-did-myself-is-not-told", test_what_i_did_myself_is_not_told);
  ADD ("what-was-there-before-is-not-told", test_what_was_there_before_is_not_told);
  ADD ("messages-on-one-task-are-one", test_messages_on_one_task_are_one);
  ADD ("who-registered-a-task-hears-what-is-written",
       test_who_registered_a_task_hears_what_is_written);
  ADD ("many-at-once-are-summed-up", test_many_at_once_are_summed_up);
  ADD ("the-first-sync-tells-how-many-there-are", test_the_first_sync_tells_how_many_there_are);
  ADD ("what-is-due-is-told-once-a-day", test_what_is_due_is_told_once_a_day);
  ADD ("what-is-settled-elsewhere-is-taken-back", test_what_is_settled_elsewhere_is_taken_back);
  ADD ("what-is-gone-is-taken-back", test_what_is_gone_is_taken_back);
  ADD ("what-is-looked-at-is-not-told", test_what_is_looked_at_is_not_told);
  ADD ("quiet-hours-put-it-off", test_quiet_hours_put_it_off);
  ADD ("who-wants-nothing-is-told-nothing-later-either",
       test_who_wants_nothing_is_told_nothing_later_either);
  ADD ("another-history-of-the-server-is-no-news", test_another_history_of_the_server_is_no_news);
#undef ADD
  g_test_add_func ("/notice/the-quiet-hours-may-go-over-midnight",
                   test_the_quiet_hours_may_go_over_midnight);
  return g_test_run ();
}

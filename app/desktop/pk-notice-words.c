/* Notices in words, with their buttons. Main thread. */
#include "config.h"

#include "pk-notice-words.h"

#include "pk-link.h"
#include "pk-text.h"

#include <glib/gi18n.h>

static const char *
title_of (const PkNotice *notice)
{
  if (notice->about == NULL || notice->about->is_confidential)
    return _ ("a confidential task");
  return notice->about->title == NULL ? "" : notice->about->title;
}

static const char *
who_of (const PkNotice *notice)
{
  return notice->last == NULL || notice->last->who == NULL ? _ ("Somebody") : notice->last->who;
}

static char *
make_place (const PkNotice *notice)
{
  gboolean is_shown = notice->about != NULL && !notice->about->is_confidential;

  return g_strdup (is_shown ? notice->about->place : NULL);
}

static void
join_number (GString *text, guint n, const char *form)
{
  g_auto (GStrv) halves = g_strsplit (form, "%u", 2);
  g_autofree char *number = g_strdup_printf ("%u", n);
  g_autofree char *words = g_strjoinv (number, halves);

  if (n > 0)
    pk_text_join (text, words);
}

static char *
make_summary (const PkNotice *notice)
{
  g_autoptr (GString) text = g_string_new (NULL);

  join_number (text,
               notice->n_assigned,
               ngettext ("%u new task", "%u new tasks", notice->n_assigned));
  join_number (text,
               notice->n_messages,
               ngettext ("%u new message", "%u new messages", notice->n_messages));
  join_number (text, notice->n_due, ngettext ("%u due today", "%u due today", notice->n_due));
  join_number (text,
               notice->n_troubles,
               ngettext ("%u change needs you", "%u changes need you", notice->n_troubles));
  if (text->len == 0)
    join_number (text,
                 notice->n,
                 ngettext ("You have %u open task.", "You have %u open tasks.", notice->n));
  return g_strdup (text->str);
}

static char *
make_title (const PkNotice *notice)
{
  switch (notice->kind)
    {
    case PK_NOTICE_ASSIGNED:
      /* Translators: %s is a person */
      return g_strdup_printf (_ ("%s gave you a task"), who_of (notice));
    case PK_NOTICE_MESSAGE:
      if (notice->n > 1)
        /* Translators: %2$s is the title of a task */
        return g_strdup_printf (
            ngettext ("%1$u new message about %2$s", "%1$u new messages about %2$s", notice->n),
            notice->n,
            title_of (notice));
      /* Translators: %1$s is a person, %2$s the title of a task */
      return g_strdup_printf (_ ("%1$s wrote about %2$s"), who_of (notice), title_of (notice));
    case PK_NOTICE_DUE:
      if (notice->about == NULL)
        return g_strdup_printf (
            ngettext ("%u task is due today", "%u tasks are due today", notice->n),
            notice->n);
      /* Translators: %s is the title of a task */
      return g_strdup_printf (_ ("Due today: %s"), title_of (notice));
    case PK_NOTICE_REFUSED:
      return g_strdup (_ ("A change of yours needs you"));
    case PK_NOTICE_COMBINED:
      return g_strdup_printf (ngettext ("%u change of yours met somebody else's",
                                        "%u changes of yours met somebody else's",
                                        notice->n),
                              notice->n);
    case PK_NOTICE_SUMMARY:
    default:
      return g_strdup (_ ("There is news for you"));
    }
}

static char *
make_body (const PkNotice *notice)
{
  gboolean is_confidential = notice->about != NULL && notice->about->is_confidential;

  switch (notice->kind)
    {
    case PK_NOTICE_ASSIGNED:
      {
        g_autoptr (GString) text = g_string_new (NULL);
        g_autofree char *place = make_place (notice);
        pk_text_join (text, title_of (notice));
        pk_text_join (text, place);
        return g_strdup (text->str);
      }
    case PK_NOTICE_MESSAGE:
      return g_strdup (is_confidential || notice->last == NULL ? NULL : notice->last->text);
    case PK_NOTICE_DUE:
      return make_place (notice);
    case PK_NOTICE_REFUSED:
      /* Translators: %s is the title of a task, a building … */
      return g_strdup_printf (_ ("It was not accepted: %s. What you wrote is kept until you have "
                                 "decided."),
                              notice->title == NULL ? "" : notice->title);
    case PK_NOTICE_COMBINED:
      return g_strdup (_ ("Nothing is lost. Look through what came of it."));
    case PK_NOTICE_SUMMARY:
    default:
      return make_summary (notice);
    }
}

static void
add_task_buttons (GNotification *notification, const PkNotice *notice)
{
  g_autofree char *link = pk_link_make (PK_ENTITY_TASK, &notice->task);

  g_notification_set_default_action_and_target (notification, "app.open-link", "s", link);
  if (notice->kind == PK_NOTICE_ASSIGNED && notice->about->can_accept)
    g_notification_add_button_with_target (notification,
                                           _ ("Accept"),
                                           "app.accept-task",
                                           "s",
                                           link);
  if (notice->kind == PK_NOTICE_DUE && notice->about->can_complete)
    g_notification_add_button_with_target (notification,
                                           C_ ("button", "Done"),
                                           "app.complete-task",
                                           "s",
                                           link);
  if (notice->kind == PK_NOTICE_DUE)
    g_notification_add_button_with_target (notification,
                                           _ ("Tomorrow"),
                                           "app.postpone-task",
                                           "s",
                                           link);
  g_notification_add_button_with_target (notification,
                                         C_ ("button", "Open"),
                                         "app.open-link",
                                         "s",
                                         link);
}

/**
 * pk_notice_make:
 * @notice: what to tell
 *
 * Returns: (transfer full): as the desktop shows it
 */
GNotification *
pk_notice_make (const PkNotice *notice)
{
  g_autofree char *title = make_title (notice);
  g_autofree char *body = make_body (notice);
  GNotification *notification = g_notification_new (title);

  if (body != NULL)
    g_notification_set_body (notification, body);
  if (notice->about != NULL)
    add_task_buttons (notification, notice);
  else if (notice->kind == PK_NOTICE_REFUSED || notice->kind == PK_NOTICE_COMBINED)
    {
      g_notification_set_default_action (notification, "app.show-sync");
      g_notification_add_button (notification, _ ("Look"), "app.show-sync");
    }
  else
    g_notification_set_default_action_and_target (notification, "app.show-place", "s", "my-day");
  if (notice->kind == PK_NOTICE_REFUSED)
    g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  return notification;
}

/**
 * pk_notice_make_done:
 * @text: what was done, or why it could not be done
 * @link: (nullable): to what it was done
 * @can_undo: whether it can be taken back
 *
 * Returns: (transfer full): what tells how it went when a button was pressed
 */
GNotification *
pk_notice_make_done (const char *text, const char *link, gboolean can_undo)
{
  GNotification *notification = g_notification_new (text);

  if (link != NULL)
    g_notification_set_default_action_and_target (notification, "app.open-link", "s", link);
  if (can_undo)
    g_notification_add_button (notification, _ ("Undo"), "app.undo");
  return notification;
}

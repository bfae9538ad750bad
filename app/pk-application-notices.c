/*
 * Notifications, and what their buttons do: the same commands as in the window, by the same road, also where there is no window. What was
 * done is then told by a notification that offers to undo it. Main thread.
 */
#include "config.h"

#include "pk-application-private.h"

#include "pk-glib-backports.h"
#include "pk-record-commands.h"
#include "pk-task-commands.h"
#include "pk-text.h"

static gboolean
is_looking (PkApplication *self)
{
  return self->window != NULL && gtk_window_is_active (GTK_WINDOW (self->window));
}

static void
tell_done (PkApplication *self, const char *text, gboolean can_undo)
{
  g_autofree char *link = g_steal_pointer (&self->acting);

  if (link != NULL && self->notifier != NULL && !is_looking (self))
    pk_notifier_tell_done (self->notifier, text, link, can_undo);
}

static void
acted_cb (PkApplication *self, const char *text, PkCommand *undo)
{
  tell_done (self, text, undo != NULL);
}

static void
failed_cb (PkApplication *self, const char *text)
{
  tell_done (self, text, FALSE);
}

/**
 * pk_application_watch_client:
 * @self: the program, with a client
 *
 * Tells what came of a notification's button where no window does.
 */
void
pk_application_watch_client (PkApplication *self)
{
  g_signal_connect_object (self->client, "acted", G_CALLBACK (acted_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
}

static void
window_looked_at_cb (PkApplication *self)
{
  const PkId *task = self->window == NULL ? NULL
                                          : pk_window_get_open (self->window, PK_ENTITY_TASK);

  if (self->notifier != NULL)
    pk_notifier_set_looking (self->notifier, is_looking (self), task);
}

/**
 * pk_application_watch_window:
 * @self: the program, with a window
 *
 * What the person sees in the window needs no notification.
 */
void
pk_application_watch_window (PkApplication *self)
{
  g_signal_connect_object (self->window,
                           "notify::is-active",
                           G_CALLBACK (window_looked_at_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window,
                           "opened",
                           G_CALLBACK (window_looked_at_cb),
                           self,
                           G_CONNECT_SWAPPED);
}

/**
 * pk_application_start_notices:
 * @self: the program, with a client
 *
 * Tells what is new from now on.
 */
void
pk_application_start_notices (PkApplication *self)
{
  if (self->notifier != NULL)
    return;
  self->notifier =
      pk_notifier_new (G_APPLICATION (self), pk_client_get_library (self->client), self->settings);
  window_looked_at_cb (self);
}

/**
 * pk_application_stop_notices:
 * @self: the program
 * @is_leaving: nobody is signed in any more; else the program ends, and what it told stays on the screen
 *
 * Tells nothing any more.
 */
void
pk_application_stop_notices (PkApplication *self, gboolean is_leaving)
{
  if (self->notifier != NULL && is_leaving)
    pk_notifier_leave (self->notifier);
  g_clear_object (&self->notifier);
}

typedef PkCommand *(*CommandMaker) (PkApplication *self, PkRecord *task);

static PkCommand *
make_accept (PkApplication *self G_GNUC_UNUSED, PkRecord *task)
{
  return pk_accept_command_new (task);
}

static PkCommand *
make_complete (PkApplication *self G_GNUC_UNUSED, PkRecord *task)
{
  return pk_complete_command_new (task, PK_TASK_OUTCOME_SOLVED, NULL, NULL);
}

static PkCommand *
make_postpone (PkApplication *self, PkRecord *task)
{
  g_autofree char *today = pk_library_dup_today (pk_client_get_library (self->client));
  g_autofree char *tomorrow = pk_text_add_days (today, 1);
  g_auto (PkValue) value = pk_value_text (tomorrow);

  return pk_edit_field_command_new (task, PK_TASK_DUE_ON, &value);
}

static void
open_in_window (PkApplication *self, const char *link)
{
  g_application_activate (G_APPLICATION (self));
  pk_application_open_link (self, link);
}

/* Where the task cannot be found, or nobody is signed in, the window says why. */
static void
act_on_task (PkApplication *self, GVariant *parameter, CommandMaker make)
{
  const char *text = g_variant_get_string (parameter, NULL);
  g_autoptr (PkRecord) task = NULL;
  PkLink link;

  pk_application_stay (self);
  if (pk_link_parse (text, &link, NULL) && link.entity == PK_ENTITY_TASK &&
      pk_application_open_account (self))
    task = pk_library_find (pk_client_get_library (self->client), link.entity, &link.id);
  if (task == NULL)
    {
      open_in_window (self, text);
      return;
    }
  pk_application_start_notices (self);
  pk_application_begin_sync (self);
  g_set_str (&self->acting, text);
  g_autoptr (PkCommand) command = make (self, task);
  pk_client_run (self->client, command);
}

static void
accept_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  act_on_task (self, parameter, make_accept);
}

static void
complete_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  act_on_task (self, parameter, make_complete);
}

static void
postpone_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  act_on_task (self, parameter, make_postpone);
}

static void
open_link_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  open_in_window (self, g_variant_get_string (parameter, NULL));
}

static void
show_place_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer user_data)
{
  PkApplication *self = user_data;

  g_application_activate (G_APPLICATION (self));
  pk_window_show_place (self->window, g_variant_get_string (parameter, NULL));
}

static void
show_sync_cb (GSimpleAction *action G_GNUC_UNUSED,
              GVariant *parameter G_GNUC_UNUSED,
              gpointer user_data)
{
  PkApplication *self = user_data;

  g_application_activate (G_APPLICATION (self));
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.show-sync", NULL);
}

static void
undo_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer user_data)
{
  PkApplication *self = user_data;

  pk_application_stay (self);
  if (self->notifier != NULL)
    pk_notifier_take_back_done (self->notifier);
  if (self->client == NULL || !pk_client_undo (self->client))
    g_application_activate (G_APPLICATION (self));
}

/**
 * pk_application_add_notice_actions:
 * @self: the program, which starts
 *
 * Adds what the buttons of notifications activate, over the bus.
 */
void
pk_application_add_notice_actions (PkApplication *self)
{
  static const GActionEntry entries[] = {
    { "accept-task", accept_cb, "s", NULL, NULL, { 0 } },
    { "complete-task", complete_cb, "s", NULL, NULL, { 0 } },
    { "open-link", open_link_cb, "s", NULL, NULL, { 0 } },
    { "postpone-task", postpone_cb, "s", NULL, NULL, { 0 } },
    { "show-place", show_place_cb, "s", NULL, NULL, { 0 } },
    { "show-sync", show_sync_cb, NULL, NULL, NULL, { 0 } },
    { "undo", undo_cb, NULL, NULL, NULL, { 0 } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

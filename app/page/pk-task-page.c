/*
 * The task page, top to bottom: what and where; who waits and what they were promised; the next step with best practice, checklist and
 * report back; conversation; photos and documents; history. All acts are actions of the group "page". Main thread.
 */
#include "config.h"

#include "pk-task-page.h"

#include "pk-attachment-part.h"
#include "pk-conversation.h"
#include "pk-detail-frame.h"
#include "pk-document-commands.h"
#include "pk-history-part.h"
#include "pk-page.h"
#include "pk-record-commands.h"
#include "pk-task-commands.h"
#include "pk-task-head.h"
#include "pk-task-step.h"
#include "pk-task-waiter.h"
#include "pk-value-words.h"

#include <glib/gi18n.h>

struct _PkTaskPage
{
  GtkWidget parent_instance;
  PkClient *client; /* (owned) */
  PkDetail *detail; /* (owned) */
  GtkWidget *frame; /* (owned by the widget tree) */
  GtkWidget *head;
  GtkWidget *step;
  GtkWidget *conversation;
  GtkWidget *attachments;
  GSimpleActionGroup *actions; /* (owned) */
  GMenuModel *menu;            /* (owned) */
  char *title;                 /* (owned) (nullable) */
};

static void page_iface_init (PkPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PkTaskPage,
                               pk_task_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PK_TYPE_PAGE, page_iface_init))

static void
run (PkTaskPage *self, PkCommand *command)
{
  g_autoptr (PkCommand) owned = command;

  pk_client_run (self->client, owned);
}

static PkRecord *
task_of (PkTaskPage *self)
{
  return pk_detail_get_record (self->detail);
}

static void
accept_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer self)
{
  run (self, pk_accept_command_new (task_of (self)));
}

static void
start_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer self)
{
  run (self, pk_start_command_new (task_of (self)));
}

static void
reopen_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer self)
{
  run (self, pk_reopen_command_new (task_of (self)));
}

static void
wait_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  pk_task_step_wait (PK_TASK_STEP (PK_TASK_PAGE (data)->step));
}

static void
report_back_cb (GSimpleAction *action G_GNUC_UNUSED,
                GVariant *parameter G_GNUC_UNUSED,
                gpointer data)
{
  pk_task_step_report_back (PK_TASK_STEP (PK_TASK_PAGE (data)->step), FALSE);
}

static void
cancel_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  pk_task_step_report_back (PK_TASK_STEP (PK_TASK_PAGE (data)->step), TRUE);
}

static void
assign_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  PkId person;

  if (pk_id_parse (g_variant_get_string (parameter, NULL), &person))
    run (self, pk_assign_command_new (task_of (self), &person, NULL));
}

static void
assign_me_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  PkTaskPage *self = data;

  run (self, pk_assign_command_new (task_of (self), pk_client_get_person (self->client), NULL));
}

static void
set_field (PkTaskPage *self, guint field, PkValue value)
{
  g_auto (PkValue) owned = value;

  run (self, pk_edit_field_command_new (task_of (self), field, &owned));
}

static void
priority_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  const PkEnum *values = pk_entity_by_id (PK_ENTITY_TASK)->fields[PK_TASK_PRIORITY].values;
  int place = pk_enum_find (values, g_variant_get_string (parameter, NULL));

  if (place >= 0)
    set_field (self, PK_TASK_PRIORITY, pk_value_int (place));
}

static void
set_day (PkTaskPage *self, guint field, GVariant *parameter)
{
  const char *day = g_variant_get_string (parameter, NULL);

  set_field (self, field, *day != '\0' ? pk_value_text (day) : PK_VALUE_INIT);
}

static void
due_on_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  set_day (self, PK_TASK_DUE_ON, parameter);
}

static void
promised_on_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  set_day (self, PK_TASK_PROMISED_ON, parameter);
}

static void
write_public_cb (GSimpleAction *action G_GNUC_UNUSED,
                 GVariant *parameter G_GNUC_UNUSED,
                 gpointer data)
{
  pk_conversation_write (PK_CONVERSATION (PK_TASK_PAGE (data)->conversation), PK_AUDIENCE_PUBLIC);
}

static void
write_internal_cb (GSimpleAction *action G_GNUC_UNUSED,
                   GVariant *parameter G_GNUC_UNUSED,
                   gpointer data)
{
  pk_conversation_write (PK_CONVERSATION (PK_TASK_PAGE (data)->conversation), PK_AUDIENCE_INTERNAL);
}

static void
send_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  pk_conversation_send (PK_CONVERSATION (PK_TASK_PAGE (data)->conversation));
}

static void
add_file_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  pk_attachment_part_choose_file (PK_ATTACHMENT_PART (PK_TASK_PAGE (data)->attachments));
}

static void
attach_file_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));

  pk_attachment_part_add_file (PK_ATTACHMENT_PART (PK_TASK_PAGE (data)->attachments), file);
}

static void
paste_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  pk_attachment_part_paste (PK_ATTACHMENT_PART (PK_TASK_PAGE (data)->attachments));
}

static void
edit_title_cb (GSimpleAction *action G_GNUC_UNUSED,
               GVariant *parameter G_GNUC_UNUSED,
               gpointer data)
{
  pk_task_head_edit_title (PK_TASK_HEAD (PK_TASK_PAGE (data)->head));
}

static void
new_deviation_cb (GSimpleAction *action G_GNUC_UNUSED,
                  GVariant *parameter G_GNUC_UNUSED,
                  gpointer data)
{
  PkTaskPage *self = data;
  const PkId *location = pk_record_get_ref (task_of (self), PK_TASK_LOCATION_ID);
  const PkId *building = pk_record_get_ref (task_of (self), PK_TASK_BUILDING_ID);
  const PkId *place = location != NULL ? location : building;
  g_autofree char *id = place != NULL ? pk_id_dup_text (place) : NULL;
  g_autofree char *target =
      id == NULL ? g_strdup ("")
                 : g_strdup_printf ("%s:%s", location != NULL ? "location" : "building", id);

  gtk_widget_activate_action (GTK_WIDGET (self), "win.new-task", "s", target);
}

static void
pin_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer self)
{
  run (self, pk_pin_command_new (task_of (self)));
}

static const GActionEntry entries[] = {
  { "accept", accept_cb, NULL, NULL, NULL, { 0 } },
  { "start", start_cb, NULL, NULL, NULL, { 0 } },
  { "wait", wait_cb, NULL, NULL, NULL, { 0 } },
  { "report-back", report_back_cb, NULL, NULL, NULL, { 0 } },
  { "cancel", cancel_cb, NULL, NULL, NULL, { 0 } },
  { "reopen", reopen_cb, NULL, NULL, NULL, { 0 } },
  { "assign", assign_cb, "s", NULL, NULL, { 0 } },
  { "assign-me", assign_me_cb, NULL, NULL, NULL, { 0 } },
  { "priority", priority_cb, "s", NULL, NULL, { 0 } },
  { "due-on", due_on_cb, "s", NULL, NULL, { 0 } },
  { "promised-on", promised_on_cb, "s", NULL, NULL, { 0 } },
  { "write-public", write_public_cb, NULL, NULL, NULL, { 0 } },
  { "write-internal", write_internal_cb, NULL, NULL, NULL, { 0 } },
  { "send", send_cb, NULL, NULL, NULL, { 0 } },
  { "add-file", add_file_cb, NULL, NULL, NULL, { 0 } },
  { "attach-file", attach_file_cb, "s", NULL, NULL, { 0 } },
  { "paste-picture", paste_cb, NULL, NULL, NULL, { 0 } },
  { "edit-title", edit_title_cb, NULL, NULL, NULL, { 0 } },
  { "new-deviation", new_deviation_cb, NULL, NULL, NULL, { 0 } },
  { "pin", pin_cb, NULL, NULL, NULL, { 0 } },
};

static void
enable (PkTaskPage *self, const char *name, gboolean is_enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), is_enabled);
}

static void
update_actions (PkTaskPage *self)
{
  PkRecord *task = task_of (self);
  gint64 status = task != NULL ? pk_record_get_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW) : -1;
  gboolean is_open = task != NULL && status < PK_TASK_STATUS_DONE;

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    enable (self, entries[i].name, task != NULL);
  enable (self, "accept", is_open && status == PK_TASK_STATUS_NEW);
  enable (self, "start", is_open && status != PK_TASK_STATUS_IN_PROGRESS);
  enable (self, "wait", is_open && status != PK_TASK_STATUS_WAITING);
  enable (self, "report-back", is_open);
  enable (self, "cancel", is_open);
  enable (self, "reopen", task != NULL && !is_open);
}

static void
detail_changed_cb (PkTaskPage *self)
{
  PkRecord *task = task_of (self);

  g_free (self->title);
  self->title = g_strdup (task != NULL ? pk_record_get_text (task, PK_TASK_TITLE) : NULL);
  update_actions (self);
  pk_page_changed (PK_PAGE (self));
}

static GMenuModel *
new_menu (void)
{
  g_autoptr (GMenu) acts = g_menu_new ();
  g_autoptr (GMenu) more = g_menu_new ();
  GMenu *menu = g_menu_new ();

  g_menu_append (acts, _ ("_Assign to me"), "page.assign-me");
  g_menu_append (acts, _ ("_Put on hold…"), "page.wait");
  g_menu_append (acts, _ ("_Cancel the task…"), "page.cancel");
  g_menu_append (acts, _ ("Re_open"), "page.reopen");
  g_menu_append (more, _ ("Add a _file…"), "page.add-file");
  g_menu_append (more, _ ("Pa_ste a picture"), "page.paste-picture");
  g_menu_append (more, _ ("New _deviation here…"), "page.new-deviation");
  g_menu_append (more, _ ("_Keep the documents on this device"), "page.pin");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (acts));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (more));
  return G_MENU_MODEL (menu);
}

static const char *
get_title (PkPage *page)
{
  PkTaskPage *self = PK_TASK_PAGE (page);

  return self->title != NULL ? self->title : _ ("Task");
}

static GActionGroup *
get_actions (PkPage *page)
{
  return G_ACTION_GROUP (PK_TASK_PAGE (page)->actions);
}

static GMenuModel *
get_menu (PkPage *page)
{
  return PK_TASK_PAGE (page)->menu;
}

static void
show_record (PkPage *page, const PkId *id)
{
  PkTaskPage *self = PK_TASK_PAGE (page);

  pk_detail_set_id (self->detail, id);
  pk_detail_frame_scroll_to_top (PK_DETAIL_FRAME (self->frame));
}

static void
page_iface_init (PkPageInterface *iface)
{
  iface->get_title = get_title;
  iface->get_actions = get_actions;
  iface->get_menu = get_menu;
  iface->show_record = show_record;
}

static void
pk_task_page_dispose (GObject *object)
{
  PkTaskPage *self = PK_TASK_PAGE (object);

  g_clear_pointer (&self->frame, gtk_widget_unparent);
  g_clear_object (&self->actions);
  g_clear_object (&self->menu);
  g_clear_object (&self->detail);
  g_clear_object (&self->client);
  g_clear_pointer (&self->title, g_free);
  G_OBJECT_CLASS (pk_task_page_parent_class)->dispose (object);
}

static void
pk_task_page_class_init (PkTaskPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_task_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pk_task_page_init (PkTaskPage *self)
{
  self->actions = g_simple_action_group_new ();
  self->menu = new_menu ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions),
                                   entries,
                                   G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", G_ACTION_GROUP (self->actions));
}

static void
add_parts (PkTaskPage *self)
{
  PkDetailFrame *frame = PK_DETAIL_FRAME (self->frame);

  self->head = pk_task_head_new (self->client, self->detail);
  self->step = pk_task_step_new (self->client, self->detail);
  self->conversation = pk_conversation_new (self->client, self->detail);
  self->attachments = pk_attachment_part_new (self->client, self->detail);
  pk_detail_frame_append (frame, self->head);
  pk_detail_frame_append (frame, pk_task_waiter_new (self->client, self->detail));
  pk_detail_frame_append (frame, self->step);
  pk_detail_frame_append (frame, self->conversation);
  pk_detail_frame_append (frame, self->attachments);
  pk_detail_frame_append (frame, pk_history_part_new (self->client, self->detail));
}

/**
 * pk_task_page_new:
 * @client: what it reads and how it acts
 *
 * Makes a page that shows no task yet; see pk_page_show_record().
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
pk_task_page_new (PkClient *client)
{
  PkTaskPage *self = g_object_new (PK_TYPE_TASK_PAGE, NULL);

  self->client = g_object_ref (client);
  self->detail = pk_detail_new (pk_client_get_library (client), PK_ENTITY_TASK);
  self->frame = pk_detail_frame_new (self->detail, "pk-tasks-symbolic", _ ("Choose a task"));
  gtk_widget_set_parent (self->frame, GTK_WIDGET (self));
  add_parts (self);
  g_signal_connect_object (self->detail,
                           "changed",
                           G_CALLBACK (detail_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  update_actions (self);
  return GTK_WIDGET (self);
}

/*
 * The task page, top to bottom: what and where; who waits and what they were promised; the next step with best practice, checklist and
 * report back; conversation; photos and documents; history. All acts are actions of the group "page". Main thread.
 */
#include "config.h"

#include "pk-task-page.h"

#include "pk-attachment-part.h"
#include "pk-conversation.h"
#include "pk-detail-frame.h"
#include "pk-history-part.h"
#include "pk-move-commands.h"
#include "pk-paper.h"
#include "pk-printer.h"
#include "pk-record-commands.h"
#include "pk-task-commands.h"
#include "pk-task-head.h"
#include "pk-task-step.h"
#include "pk-task-waiter.h"
#include "pk-value-words.h"

#include <glib/gi18n.h>

struct _PkTaskPage
{
  PkRecordPage parent_instance;
  GtkWidget *head;
  GtkWidget *step;
  GtkWidget *conversation;
};

G_DEFINE_FINAL_TYPE (PkTaskPage, pk_task_page, PK_TYPE_RECORD_PAGE)

static PkRecord *
task_of (gpointer self)
{
  return pk_record_page_get_record (PK_RECORD_PAGE (self));
}

static void
accept_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer self)
{
  pk_record_page_run (self, pk_accept_command_new (task_of (self)));
}

static void
start_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer self)
{
  pk_record_page_run (self, pk_start_command_new (task_of (self)));
}

static void
reopen_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer self)
{
  pk_record_page_run (self, pk_reopen_command_new (task_of (self)));
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

/* An id, or nothing for nobody and nowhere. */
static const PkId *
read_id (GVariant *parameter, PkId *id_out)
{
  return pk_id_parse (g_variant_get_string (parameter, NULL), id_out) ? id_out : NULL;
}

static void
assign_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  PkId person;

  pk_record_page_run (self,
                      pk_assign_command_new (task_of (self), read_id (parameter, &person), NULL));
}

static void
set_unit_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  PkId unit;

  if (read_id (parameter, &unit) != NULL)
    pk_record_page_run (self, pk_move_to_unit_command_new (task_of (self), &unit));
}

static void
set_building_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  PkId building;

  pk_record_page_run (
      self,
      pk_move_to_place_command_new (task_of (self), read_id (parameter, &building), NULL));
}

static void
set_location_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  const PkId *building = pk_record_get_ref (task_of (self), PK_TASK_BUILDING_ID);
  PkId location;

  pk_record_page_run (
      self,
      pk_move_to_place_command_new (task_of (self), building, read_id (parameter, &location)));
}

static void
set_component_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  PkId component;

  pk_record_page_run (
      self,
      pk_move_to_component_command_new (task_of (self), read_id (parameter, &component)));
}

static void
change_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer data)
{
  pk_task_head_change (PK_TASK_HEAD (PK_TASK_PAGE (data)->head),
                       g_variant_get_string (parameter, NULL));
}

static void
assign_me_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  const PkId *me = pk_client_get_person (pk_record_page_get_client (data));

  pk_record_page_run (data, pk_assign_command_new (task_of (data), me, NULL));
}

static void
set_field (PkRecordPage *self, guint field, PkValue value)
{
  g_auto (PkValue) owned = value;

  pk_record_page_run (self, pk_edit_field_command_new (task_of (self), field, &owned));
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
set_category_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  PkId category;

  set_field (self, PK_TASK_CATEGORY_ID, pk_value_id (read_id (parameter, &category)));
}

static void
set_day (PkRecordPage *self, guint field, GVariant *parameter)
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
print_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  g_autoptr (PkSheet) sheet = pk_paper_new_task (pk_record_page_get_detail (data));
  g_autoptr (GtkPrintOperation) operation = pk_printer_new_for_sheet (sheet);

  pk_printer_run (operation, data, pk_record_page_get_client (data));
}

static const GActionEntry entries[] = {
  { "accept", accept_cb, NULL, NULL, NULL, { 0 } },
  { "start", start_cb, NULL, NULL, NULL, { 0 } },
  { "wait", wait_cb, NULL, NULL, NULL, { 0 } },
  { "report-back", report_back_cb, NULL, NULL, NULL, { 0 } },
  { "cancel", cancel_cb, NULL, NULL, NULL, { 0 } },
  { "reopen", reopen_cb, NULL, NULL, NULL, { 0 } },
  { "assign", assign_cb, "s", NULL, NULL, { 0 } },
  { "set-unit", set_unit_cb, "s", NULL, NULL, { 0 } },
  { "set-building", set_building_cb, "s", NULL, NULL, { 0 } },
  { "set-location", set_location_cb, "s", NULL, NULL, { 0 } },
  { "set-component", set_component_cb, "s", NULL, NULL, { 0 } },
  { "set-category", set_category_cb, "s", NULL, NULL, { 0 } },
  { "change", change_cb, "s", NULL, NULL, { 0 } },
  { "assign-me", assign_me_cb, NULL, NULL, NULL, { 0 } },
  { "priority", priority_cb, "s", NULL, NULL, { 0 } },
  { "due-on", due_on_cb, "s", NULL, NULL, { 0 } },
  { "promised-on", promised_on_cb, "s", NULL, NULL, { 0 } },
  { "write-public", write_public_cb, NULL, NULL, NULL, { 0 } },
  { "write-internal", write_internal_cb, NULL, NULL, NULL, { 0 } },
  { "send", send_cb, NULL, NULL, NULL, { 0 } },
  { "edit-title", edit_title_cb, NULL, NULL, NULL, { 0 } },
  { "new-deviation", new_deviation_cb, NULL, NULL, NULL, { 0 } },
  { "print", print_cb, NULL, NULL, NULL, { 0 } },
};

static void
pk_task_page_changed (PkRecordPage *self)
{
  PkRecord *task = pk_record_page_get_record (self);
  gint64 status = task != NULL ? pk_record_get_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW) : -1;
  gboolean is_open = task != NULL && status < PK_TASK_STATUS_DONE;

  pk_record_page_enable (self, "accept", is_open && status == PK_TASK_STATUS_NEW);
  pk_record_page_enable (self, "start", is_open && status != PK_TASK_STATUS_IN_PROGRESS);
  pk_record_page_enable (self, "wait", is_open && status != PK_TASK_STATUS_WAITING);
  pk_record_page_enable (self, "report-back", is_open);
  pk_record_page_enable (self, "cancel", is_open);
  pk_record_page_enable (self, "assign", is_open);
  pk_record_page_enable (self, "assign-me", is_open);
  pk_record_page_enable (self, "set-unit", is_open);
  pk_record_page_enable (self, "reopen", task != NULL && !is_open);
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
  g_menu_append (more, _ ("Pr_int…"), "page.print");
  g_menu_append (more, _ ("Copy _link"), "page.copy-link");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (acts));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (more));
  return G_MENU_MODEL (menu);
}

static void
pk_task_page_class_init (PkTaskPageClass *klass)
{
  PK_RECORD_PAGE_CLASS (klass)->changed = pk_task_page_changed;
}

static void
pk_task_page_init (PkTaskPage *self)
{
  pk_record_page_add_actions (PK_RECORD_PAGE (self), entries, G_N_ELEMENTS (entries));
  pk_record_page_set_menu (PK_RECORD_PAGE (self), new_menu ());
}

static GtkWidget *
new_content (PkTaskPage *self)
{
  PkClient *client = pk_record_page_get_client (PK_RECORD_PAGE (self));
  PkDetail *detail = pk_record_page_get_detail (PK_RECORD_PAGE (self));
  GtkWidget *content = pk_detail_frame_new (detail, "pk-tasks-symbolic", _ ("Choose a task"));
  PkDetailFrame *frame = PK_DETAIL_FRAME (content);
  GtkWidget *attachments = pk_attachment_part_new (client, detail);

  self->head = pk_task_head_new (client, detail);
  self->step = pk_task_step_new (client, detail);
  self->conversation = pk_conversation_new (client, detail);
  pk_detail_frame_append (frame, self->head);
  pk_detail_frame_append (frame, pk_task_waiter_new (client, detail));
  pk_detail_frame_append (frame, self->step);
  pk_detail_frame_append (frame, self->conversation);
  pk_detail_frame_append (frame, attachments);
  pk_detail_frame_append (frame, pk_history_part_new (client, detail));
  pk_record_page_add_file_actions (PK_RECORD_PAGE (self), attachments);
  return content;
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
  GtkWidget *page = pk_record_page_new (PK_TYPE_TASK_PAGE, client, PK_ENTITY_TASK);

  pk_record_page_add_pin_actions (PK_RECORD_PAGE (page));
  pk_record_page_set_content (PK_RECORD_PAGE (page), new_content (PK_TASK_PAGE (page)));
  return page;
}

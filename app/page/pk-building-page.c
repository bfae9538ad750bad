/*
 * The dossier of a place: picture or plan, four figures, then sections as cards. Buildings, locations and components are shown by the
 * same page with other parts. Actions of the group "page". Main thread.
 */
#include "config.h"

#include "pk-building-page.h"

#include "pk-attachment-part.h"
#include "pk-detail-frame.h"
#include "pk-history-part.h"
#include "pk-paper.h"
#include "pk-place-groups.h"
#include "pk-place-head.h"
#include "pk-place-notes.h"
#include "pk-place-picture.h"
#include "pk-place-task-part.h"
#include "pk-printer.h"

#include <glib/gi18n.h>

#define TASKS_AT_FIRST 6
/* More than stands open at one place; a paper of twenty pages. */
#define MOST_TASKS_ON_PAPER 500

struct _PkBuildingPage
{
  PkRecordPage parent_instance;
  guint entity;
  PkPlaceTasks *tasks;    /* (owned) */
  PkPlaceTasks *to_print; /* (owned) (nullable): all of them, while they are read for paper */
  GtkWidget *head;
  GtkWidget *notes; /* (nullable): rooms have none */
  GtkWidget *task_part;
  GtkWidget *components;
  GtkWidget *attachments;
};

G_DEFINE_FINAL_TYPE (PkBuildingPage, pk_building_page, PK_TYPE_RECORD_PAGE)

static void
new_deviation_cb (GSimpleAction *action G_GNUC_UNUSED,
                  GVariant *parameter G_GNUC_UNUSED,
                  gpointer data)
{
  pk_place_task_part_new_deviation (PK_PLACE_TASK_PART (PK_BUILDING_PAGE (data)->task_part));
}

static void
report_deviation_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer data)
{
  pk_place_task_part_report (PK_PLACE_TASK_PART (PK_BUILDING_PAGE (data)->task_part),
                             g_variant_get_string (parameter, NULL));
}

static void
show_part (PkBuildingPage *self, GtkWidget *part)
{
  if (part != NULL && gtk_widget_get_visible (part))
    gtk_widget_child_focus (part, GTK_DIR_TAB_FORWARD);
  else
    gtk_widget_error_bell (GTK_WIDGET (self));
}

static void
show_tasks_cb (GSimpleAction *action G_GNUC_UNUSED,
               GVariant *parameter G_GNUC_UNUSED,
               gpointer data)
{
  show_part (data, PK_BUILDING_PAGE (data)->task_part);
}

static void
show_components_cb (GSimpleAction *action G_GNUC_UNUSED,
                    GVariant *parameter G_GNUC_UNUSED,
                    gpointer data)
{
  show_part (data, PK_BUILDING_PAGE (data)->components);
}

static void
show_documents_cb (GSimpleAction *action G_GNUC_UNUSED,
                   GVariant *parameter G_GNUC_UNUSED,
                   gpointer data)
{
  show_part (data, PK_BUILDING_PAGE (data)->attachments);
}

static void
edit_title_cb (GSimpleAction *action G_GNUC_UNUSED,
               GVariant *parameter G_GNUC_UNUSED,
               gpointer data)
{
  pk_place_head_edit_name (PK_PLACE_HEAD (PK_BUILDING_PAGE (data)->head));
}

static void
edit_note_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  if (PK_BUILDING_PAGE (data)->notes != NULL)
    pk_place_notes_edit (PK_PLACE_NOTES (PK_BUILDING_PAGE (data)->notes));
}

static PkPlacePicture *
picture_of (gpointer self)
{
  return PK_PLACE_PICTURE (
      pk_place_head_get_picture (PK_PLACE_HEAD (PK_BUILDING_PAGE (self)->head)));
}

static void
choose_picture_cb (GSimpleAction *action G_GNUC_UNUSED,
                   GVariant *parameter G_GNUC_UNUSED,
                   gpointer self)
{
  pk_place_picture_choose (picture_of (self));
}

static void
paste_as_picture_cb (GSimpleAction *action G_GNUC_UNUSED,
                     GVariant *parameter G_GNUC_UNUSED,
                     gpointer self)
{
  pk_place_picture_paste (picture_of (self));
}

static void
remove_picture_cb (GSimpleAction *action G_GNUC_UNUSED,
                   GVariant *parameter G_GNUC_UNUSED,
                   gpointer self)
{
  pk_place_picture_remove (picture_of (self));
}

static void
follow_tasks (PkBuildingPage *self, PkPlaceTasks *tasks, PkRecord *record)
{
  static const struct
  {
    guint entity;
    guint building_field;
    guint task_field;
  } places[] = {
    { PK_ENTITY_LOCATION, PK_LOCATION_BUILDING_ID, PK_TASK_LOCATION_ID },
    { PK_ENTITY_COMPONENT, PK_COMPONENT_BUILDING_ID, PK_TASK_COMPONENT_ID },
  };
  const PkId *id = pk_record_get_id (record);

  if (self->entity == PK_ENTITY_BUILDING)
    pk_place_tasks_set_place (tasks, id, PK_TASK_BUILDING_ID, id);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (places[i].entity == self->entity)
      pk_place_tasks_set_place (tasks,
                                pk_record_get_ref (record, places[i].building_field),
                                places[i].task_field,
                                id);
}

static void
print_ready_cb (PkBuildingPage *self)
{
  g_autoptr (PkPlaceTasks) tasks = NULL;

  if (self->to_print == NULL || !pk_place_tasks_is_ready (self->to_print))
    return;
  tasks = g_steal_pointer (&self->to_print);
  g_signal_handlers_disconnect_by_data (tasks, self);
  if (pk_record_page_get_record (PK_RECORD_PAGE (self)) == NULL)
    return;
  PkDetail *detail = pk_record_page_get_detail (PK_RECORD_PAGE (self));
  g_autoptr (PkSheet) sheet = pk_paper_new_place (detail, pk_place_tasks_get_rows (tasks));
  g_autoptr (GtkPrintOperation) operation = pk_printer_new_for_sheet (sheet);
  pk_printer_run (operation, GTK_WIDGET (self), pk_record_page_get_client (PK_RECORD_PAGE (self)));
}

/* The page shows some of the tasks, paper all of them: they are read first. */
static void
print_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  PkBuildingPage *self = data;
  PkLibrary *library = pk_client_get_library (pk_record_page_get_client (data));

  g_clear_object (&self->to_print);
  self->to_print = pk_place_tasks_new (library, MOST_TASKS_ON_PAPER);
  g_signal_connect_object (self->to_print,
                           "changed",
                           G_CALLBACK (print_ready_cb),
                           self,
                           G_CONNECT_SWAPPED);
  follow_tasks (self, self->to_print, pk_record_page_get_record (data));
}

static const GActionEntry entries[] = {
  { "choose-picture", choose_picture_cb, NULL, NULL, NULL, { 0 } },
  { "paste-as-picture", paste_as_picture_cb, NULL, NULL, NULL, { 0 } },
  { "remove-picture", remove_picture_cb, NULL, NULL, NULL, { 0 } },
  { "edit-title", edit_title_cb, NULL, NULL, NULL, { 0 } },
  { "edit-note", edit_note_cb, NULL, NULL, NULL, { 0 } },
  { "new-deviation", new_deviation_cb, NULL, NULL, NULL, { 0 } },
  { "report-deviation", report_deviation_cb, "s", NULL, NULL, { 0 } },
  { "show-tasks", show_tasks_cb, NULL, NULL, NULL, { 0 } },
  { "show-components", show_components_cb, NULL, NULL, NULL, { 0 } },
  { "show-documents", show_documents_cb, NULL, NULL, NULL, { 0 } },
  { "print", print_cb, NULL, NULL, NULL, { 0 } },
};

static gboolean
may_set (PkRecordPage *page, PkRecord *record, int field)
{
  PkLibrary *library = pk_client_get_library (pk_record_page_get_client (page));

  return field >= 0 && pk_library_may_set (library, record, (guint) field);
}

static void
pk_building_page_changed (PkRecordPage *page)
{
  PkRecord *record = pk_record_page_get_record (page);

  if (record == NULL)
    return;
  const PkEntity *entity = pk_record_get_entity (record);
  follow_tasks (PK_BUILDING_PAGE (page), PK_BUILDING_PAGE (page)->tasks, record);
  pk_record_page_enable (page, "edit-title", may_set (page, record, (int) entity->title));
  pk_record_page_enable (page,
                         "edit-note",
                         may_set (page, record, pk_entity_find_field (entity, "note")));
  int picture = pk_entity_find_field (entity, "picture_id");
  gboolean may_set_picture = may_set (page, record, picture);
  pk_record_page_enable (page, "choose-picture", may_set_picture);
  pk_record_page_enable (page, "paste-as-picture", may_set_picture);
  pk_record_page_enable (page,
                         "remove-picture",
                         may_set_picture && pk_record_get_ref (record, (guint) picture) != NULL);
}

static void
pk_building_page_show (PkRecordPage *page, const PkId *id G_GNUC_UNUSED)
{
  g_clear_object (&PK_BUILDING_PAGE (page)->to_print);
  pk_place_tasks_set_most (PK_BUILDING_PAGE (page)->tasks, TASKS_AT_FIRST);
}

static GMenuModel *
new_menu (void)
{
  GMenu *menu = g_menu_new ();

  g_menu_append (menu, _ ("New _deviation here…"), "page.new-deviation");
  g_menu_append (menu, _ ("Add a _file…"), "page.add-file");
  g_menu_append (menu, _ ("Pa_ste a picture"), "page.paste-picture");
  g_menu_append (menu, _ ("_Keep the documents on this device"), "page.pin");
  g_menu_append (menu, _ ("_Do not keep the documents"), "page.unpin");
  g_menu_append (menu, _ ("Pr_int…"), "page.print");
  g_menu_append (menu, _ ("Copy _link"), "page.copy-link");
  return G_MENU_MODEL (menu);
}

static void
pk_building_page_dispose (GObject *object)
{
  g_clear_object (&PK_BUILDING_PAGE (object)->tasks);
  g_clear_object (&PK_BUILDING_PAGE (object)->to_print);
  G_OBJECT_CLASS (pk_building_page_parent_class)->dispose (object);
}

static void
pk_building_page_class_init (PkBuildingPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_building_page_dispose;
  PK_RECORD_PAGE_CLASS (klass)->changed = pk_building_page_changed;
  PK_RECORD_PAGE_CLASS (klass)->show = pk_building_page_show;
}

static void
pk_building_page_init (PkBuildingPage *self)
{
  pk_record_page_add_actions (PK_RECORD_PAGE (self), entries, G_N_ELEMENTS (entries));
  pk_record_page_set_menu (PK_RECORD_PAGE (self), new_menu ());
}

static GtkWidget *
new_content (PkBuildingPage *self, const char *empty_title)
{
  PkClient *client = pk_record_page_get_client (PK_RECORD_PAGE (self));
  PkDetail *detail = pk_record_page_get_detail (PK_RECORD_PAGE (self));
  GtkWidget *content = pk_detail_frame_new (detail, "pk-building-symbolic", empty_title);
  PkDetailFrame *frame = PK_DETAIL_FRAME (content);

  self->task_part = pk_place_task_part_new (client, detail, self->tasks);
  self->attachments = pk_attachment_part_new (client, detail);
  self->head = pk_place_head_new (client, detail, self->tasks);
  pk_detail_frame_append (frame, self->head);
  pk_detail_frame_append (frame, self->task_part);
  if (self->entity != PK_ENTITY_LOCATION)
    {
      self->notes = pk_place_notes_new (client, detail);
      pk_detail_frame_append (frame, self->notes);
    }
  if (self->entity != PK_ENTITY_COMPONENT)
    {
      self->components = pk_place_groups_new (client, detail, PK_GROUPS_COMPONENTS);
      pk_detail_frame_append (frame, pk_place_groups_new (client, detail, PK_GROUPS_ROOMS));
      pk_detail_frame_append (frame, self->components);
    }
  pk_detail_frame_append (frame, self->attachments);
  pk_detail_frame_append (frame, pk_history_part_new (client, detail));
  return content;
}

static GtkWidget *
page_of (PkClient *client, guint entity, const char *empty_title)
{
  GtkWidget *page = pk_record_page_new (PK_TYPE_BUILDING_PAGE, client, entity);
  PkBuildingPage *self = PK_BUILDING_PAGE (page);
  PkRecordPage *record_page = PK_RECORD_PAGE (page);

  self->entity = entity;
  self->tasks = pk_place_tasks_new (pk_client_get_library (client), TASKS_AT_FIRST);
  GtkWidget *content = new_content (self, empty_title);
  pk_record_page_add_file_actions (record_page, self->attachments);
  pk_record_page_add_pin_actions (record_page);
  pk_record_page_set_content (record_page, content);
  return page;
}

/**
 * pk_building_page_new:
 * @client: what it reads and how it acts
 *
 * Returns: (transfer floating): the page of a building; see pk_page_show_record()
 */
GtkWidget *
pk_building_page_new (PkClient *client)
{
  return page_of (client, PK_ENTITY_BUILDING, _ ("Choose a building"));
}

/**
 * pk_location_page_new:
 * @client: what it reads and how it acts
 *
 * Returns: (transfer floating): the page of a floor, room or outdoor area
 */
GtkWidget *
pk_location_page_new (PkClient *client)
{
  return page_of (client, PK_ENTITY_LOCATION, _ ("Choose a room"));
}

/**
 * pk_component_page_new:
 * @client: what it reads and how it acts
 *
 * Returns: (transfer floating): the page of a component
 */
GtkWidget *
pk_component_page_new (PkClient *client)
{
  return page_of (client, PK_ENTITY_COMPONENT, _ ("Choose a component"));
}

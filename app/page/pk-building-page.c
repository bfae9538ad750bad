/*
 * The dossier of a place: picture or plan, four figures, then sections as cards. Buildings, locations and components are shown by the
 * same page with other parts. Actions of the group "page". Main thread.
 */
#include "config.h"

#include "pk-building-page.h"

#include "pk-attachment-part.h"
#include "pk-detail-frame.h"
#include "pk-document-commands.h"
#include "pk-history-part.h"
#include "pk-page.h"
#include "pk-place-groups.h"
#include "pk-place-head.h"
#include "pk-place-notes.h"
#include "pk-place-task-part.h"

#include <glib/gi18n.h>

#define TASKS_AT_FIRST 6

struct _PkBuildingPage
{
  GtkWidget parent_instance;
  PkClient *client; /* (owned) */
  guint entity;
  PkDetail *detail;    /* (owned) */
  PkPlaceTasks *tasks; /* (owned) */
  GtkWidget *frame;    /* (owned by the widget tree) */
  GtkWidget *task_part;
  GtkWidget *components;
  GtkWidget *attachments;
  GSimpleActionGroup *actions; /* (owned) */
  GMenuModel *menu;            /* (owned) */
  char *title;                 /* (owned) (nullable) */
};

static void page_iface_init (PkPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PkBuildingPage,
                               pk_building_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PK_TYPE_PAGE, page_iface_init))

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
add_file_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  pk_attachment_part_choose_file (PK_ATTACHMENT_PART (PK_BUILDING_PAGE (data)->attachments));
}

static void
attach_file_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));

  pk_attachment_part_add_file (PK_ATTACHMENT_PART (PK_BUILDING_PAGE (data)->attachments), file);
}

static void
pin_cb (GSimpleAction *action, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  PkBuildingPage *self = data;
  PkRecord *record = pk_detail_get_record (self->detail);
  gboolean is_pin = g_str_equal (g_action_get_name (G_ACTION (action)), "pin");
  g_autoptr (PkCommand) command = is_pin ? pk_pin_command_new (record)
                                         : pk_unpin_command_new (record);

  pk_client_run (self->client, command);
}

static const GActionEntry entries[] = {
  { "new-deviation", new_deviation_cb, NULL, NULL, NULL, { 0 } },
  { "report-deviation", report_deviation_cb, "s", NULL, NULL, { 0 } },
  { "show-tasks", show_tasks_cb, NULL, NULL, NULL, { 0 } },
  { "show-components", show_components_cb, NULL, NULL, NULL, { 0 } },
  { "show-documents", show_documents_cb, NULL, NULL, NULL, { 0 } },
  { "add-file", add_file_cb, NULL, NULL, NULL, { 0 } },
  { "attach-file", attach_file_cb, "s", NULL, NULL, { 0 } },
  { "pin", pin_cb, NULL, NULL, NULL, { 0 } },
  { "unpin", pin_cb, NULL, NULL, NULL, { 0 } },
};

static void
update_actions (PkBuildingPage *self)
{
  gboolean has_record = pk_detail_get_record (self->detail) != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), entries[i].name);
      g_simple_action_set_enabled (G_SIMPLE_ACTION (action), has_record);
    }
}

static void
follow_tasks (PkBuildingPage *self, PkRecord *record)
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
    pk_place_tasks_set_place (self->tasks, id, PK_TASK_BUILDING_ID, id);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (places[i].entity == self->entity)
      pk_place_tasks_set_place (self->tasks,
                                pk_record_get_ref (record, places[i].building_field),
                                places[i].task_field,
                                id);
}

static void
detail_changed_cb (PkBuildingPage *self)
{
  PkRecord *record = pk_detail_get_record (self->detail);

  g_clear_pointer (&self->title, g_free);
  if (record != NULL)
    {
      self->title = g_strdup (pk_record_get_text (record, pk_record_get_entity (record)->title));
      follow_tasks (self, record);
    }
  update_actions (self);
  pk_page_changed (PK_PAGE (self));
}

static GMenuModel *
new_menu (void)
{
  GMenu *menu = g_menu_new ();

  g_menu_append (menu, _ ("New _deviation here…"), "page.new-deviation");
  g_menu_append (menu, _ ("Add a _file…"), "page.add-file");
  g_menu_append (menu, _ ("_Keep the documents on this device"), "page.pin");
  g_menu_append (menu, _ ("_Do not keep the documents"), "page.unpin");
  return G_MENU_MODEL (menu);
}

static const char *
get_title (PkPage *page)
{
  PkBuildingPage *self = PK_BUILDING_PAGE (page);

  return self->title != NULL ? self->title : _ (pk_entity_by_id (self->entity)->label);
}

static GActionGroup *
get_actions (PkPage *page)
{
  return G_ACTION_GROUP (PK_BUILDING_PAGE (page)->actions);
}

static GMenuModel *
get_menu (PkPage *page)
{
  return PK_BUILDING_PAGE (page)->menu;
}

static void
show_record (PkPage *page, const PkId *id)
{
  PkBuildingPage *self = PK_BUILDING_PAGE (page);

  pk_place_tasks_set_most (self->tasks, TASKS_AT_FIRST);
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
pk_building_page_dispose (GObject *object)
{
  PkBuildingPage *self = PK_BUILDING_PAGE (object);

  g_clear_pointer (&self->frame, gtk_widget_unparent);
  g_clear_object (&self->actions);
  g_clear_object (&self->menu);
  g_clear_object (&self->tasks);
  g_clear_object (&self->detail);
  g_clear_object (&self->client);
  g_clear_pointer (&self->title, g_free);
  G_OBJECT_CLASS (pk_building_page_parent_class)->dispose (object);
}

static void
pk_building_page_class_init (PkBuildingPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_building_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pk_building_page_init (PkBuildingPage *self)
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
add_parts (PkBuildingPage *self)
{
  PkDetailFrame *frame = PK_DETAIL_FRAME (self->frame);
  PkClient *client = self->client;
  PkDetail *detail = self->detail;

  self->task_part = pk_place_task_part_new (client, detail, self->tasks);
  self->attachments = pk_attachment_part_new (client, detail);
  pk_detail_frame_append (frame, pk_place_head_new (client, detail, self->tasks));
  pk_detail_frame_append (frame, self->task_part);
  if (self->entity != PK_ENTITY_LOCATION)
    pk_detail_frame_append (frame, pk_place_notes_new (client, detail));
  if (self->entity != PK_ENTITY_COMPONENT)
    {
      self->components = pk_place_groups_new (client, detail, PK_GROUPS_COMPONENTS);
      pk_detail_frame_append (frame, pk_place_groups_new (client, detail, PK_GROUPS_ROOMS));
      pk_detail_frame_append (frame, self->components);
    }
  pk_detail_frame_append (frame, self->attachments);
  pk_detail_frame_append (frame, pk_history_part_new (client, detail));
}

static GtkWidget *
page_of (PkClient *client, guint entity, const char *empty_title)
{
  PkBuildingPage *self = g_object_new (PK_TYPE_BUILDING_PAGE, NULL);

  self->client = g_object_ref (client);
  self->entity = entity;
  self->detail = pk_detail_new (pk_client_get_library (client), entity);
  self->tasks = pk_place_tasks_new (pk_client_get_library (client), TASKS_AT_FIRST);
  self->frame = pk_detail_frame_new (self->detail, "pk-building-symbolic", empty_title);
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

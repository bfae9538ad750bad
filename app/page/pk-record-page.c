/* What the pages of one record have in common. Main thread. */
#include "config.h"

#include "pk-record-page.h"

#include "pk-attachment-part.h"
#include "pk-detail-frame.h"
#include "pk-document-commands.h"
#include "pk-glib-backports.h"
#include "pk-input.h"
#include "pk-link.h"
#include "pk-record-commands.h"
#include "pk-value-words.h"

#include <glib/gi18n.h>

typedef struct
{
  PkClient *client; /* (owned) */
  PkDetail *detail; /* (owned) */
  const PkEntity *entity;
  GtkWidget *content;          /* (owned by the widget tree) (nullable) */
  GtkWidget *attachments;      /* (nullable): in the content */
  GSimpleActionGroup *actions; /* (owned) */
  GMenuModel *menu;            /* (owned) (nullable) */
  char *title;                 /* (owned) (nullable) */
} PkRecordPagePrivate;

static void page_iface_init (PkPageInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (PkRecordPage,
                                  pk_record_page,
                                  GTK_TYPE_WIDGET,
                                  G_ADD_PRIVATE (PkRecordPage)
                                      G_IMPLEMENT_INTERFACE (PK_TYPE_PAGE, page_iface_init))

static PkRecordPagePrivate *
private_of (gpointer self)
{
  return pk_record_page_get_instance_private (PK_RECORD_PAGE (self));
}

static void
enable_all (PkRecordPage *self, gboolean is_enabled)
{
  GActionMap *actions = G_ACTION_MAP (private_of (self)->actions);
  g_auto (GStrv) names = g_action_group_list_actions (G_ACTION_GROUP (actions));

  for (guint i = 0; names[i] != NULL; i++)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (actions, names[i])),
                                 is_enabled);
}

static void
detail_changed_cb (PkRecordPage *self)
{
  PkRecordPageClass *klass = PK_RECORD_PAGE_GET_CLASS (self);
  PkRecordPagePrivate *private = private_of (self);
  PkRecord *record = pk_record_page_get_record (self);

  g_set_str (&private->title,
             record != NULL ? pk_record_get_text (record, private->entity->title) : NULL);
  enable_all (self, record != NULL);
  if (klass->changed != NULL)
    klass->changed (self);
  pk_page_changed (PK_PAGE (self));
}

static void
add_file_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer self)
{
  pk_attachment_part_choose_file (PK_ATTACHMENT_PART (private_of (self)->attachments));
}

static void
attach_file_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));

  pk_attachment_part_add_file (PK_ATTACHMENT_PART (private_of (self)->attachments), file);
}

static void
paste_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer self)
{
  pk_attachment_part_paste (PK_ATTACHMENT_PART (private_of (self)->attachments));
}

static void
pin_cb (GSimpleAction *action, GVariant *parameter G_GNUC_UNUSED, gpointer self)
{
  PkRecord *record = pk_record_page_get_record (self);
  gboolean is_pin = g_str_equal (g_action_get_name (G_ACTION (action)), "pin");

  pk_record_page_run (self, is_pin ? pk_pin_command_new (record) : pk_unpin_command_new (record));
}

static void
copy_link_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer self)
{
  PkRecordPagePrivate *private = private_of (self);
  const PkRecord *record = pk_record_page_get_record (self);
  g_autofree char *link = pk_link_make (private->entity->id, pk_record_get_id (record));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (self), link);
  pk_client_say (private->client, _ ("The link is copied"));
}

/* "set" takes a field's name and what was typed or chosen; nothing is no value. */
static void
set_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter, gpointer self)
{
  const PkEntity *entity = private_of (self)->entity;
  PkRecord *record = pk_record_page_get_record (self);
  g_autoptr (GError) error = NULL;
  g_auto (PkValue) value = PK_VALUE_INIT;
  const char *name, *text;

  g_variant_get (parameter, "(&s&s)", &name, &text);
  int field = pk_entity_find_field (entity, name);
  if (field < 0)
    return;
  if (pk_input_parse (&entity->fields[field], text, &value, &error))
    pk_record_page_run (self, pk_edit_field_command_new (record, (guint) field, &value));
  else
    {
      g_autofree char *words = pk_input_dup_fault (&entity->fields[field], error);
      pk_client_say (private_of (self)->client, words);
    }
}

static const char *
get_title (PkPage *page)
{
  PkRecordPagePrivate *private = private_of (page);

  return private->title != NULL ? private->title : _ (private->entity->label);
}

static GActionGroup *
get_actions (PkPage *page)
{
  return G_ACTION_GROUP (private_of (page)->actions);
}

static GMenuModel *
get_menu (PkPage *page)
{
  return private_of (page)->menu;
}

static void
show_record (PkPage *page, const PkId *id)
{
  PkRecordPageClass *klass = PK_RECORD_PAGE_GET_CLASS (page);
  PkRecordPagePrivate *private = private_of (page);

  if (klass->show != NULL)
    klass->show (PK_RECORD_PAGE (page), id);
  pk_detail_set_id (private->detail, id);
  if (PK_IS_DETAIL_FRAME (private->content))
    pk_detail_frame_scroll_to_top (PK_DETAIL_FRAME (private->content));
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
pk_record_page_dispose (GObject *object)
{
  PkRecordPagePrivate *private = private_of (object);

  g_clear_pointer (&private->content, gtk_widget_unparent);
  g_clear_object (&private->actions);
  g_clear_object (&private->menu);
  g_clear_object (&private->detail);
  g_clear_object (&private->client);
  g_clear_pointer (&private->title, g_free);
  G_OBJECT_CLASS (pk_record_page_parent_class)->dispose (object);
}

static void
pk_record_page_class_init (PkRecordPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_record_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pk_record_page_init (PkRecordPage *self)
{
  PkRecordPagePrivate *private = private_of (self);

  static const GActionEntry entries[] = {
    { "copy-link", copy_link_cb, NULL, NULL, NULL, { 0 } },
    { "set", set_cb, "(ss)", NULL, NULL, { 0 } },
  };

  private->actions = g_simple_action_group_new ();
  pk_record_page_add_actions (self, entries, G_N_ELEMENTS (entries));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", G_ACTION_GROUP (private->actions));
}

/**
 * pk_record_page_new:
 * @type: a kind of page
 * @client: what it reads and how it acts
 * @entity: a PkEntityId
 *
 * Makes a page that shows no record yet; see pk_page_show_record().
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
pk_record_page_new (GType type, PkClient *client, guint entity)
{
  PkRecordPage *self = g_object_new (type, NULL);
  PkRecordPagePrivate *private = private_of (self);

  private->client = g_object_ref (client);
  private->entity = pk_entity_by_id (entity);
  private->detail = pk_detail_new (pk_client_get_library (client), entity);
  return GTK_WIDGET (self);
}

/**
 * pk_record_page_set_content:
 * @self: a page
 * @content: (transfer floating): all of it
 *
 * Shows what the page is made of, which follows the record from now on.
 */
void
pk_record_page_set_content (PkRecordPage *self, GtkWidget *content)
{
  PkRecordPagePrivate *private = private_of (self);

  private->content = content;
  gtk_widget_set_parent (content, GTK_WIDGET (self));
  g_signal_connect_object (private->detail,
                           "changed",
                           G_CALLBACK (detail_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  detail_changed_cb (self);
}

/**
 * pk_record_page_add_actions:
 * @self: a page
 * @entries: get the page as their data
 * @n_entries: how many
 *
 * Adds actions, which are enabled while there is a record.
 */
void
pk_record_page_add_actions (PkRecordPage *self, const GActionEntry *entries, guint n_entries)
{
  g_action_map_add_action_entries (G_ACTION_MAP (private_of (self)->actions),
                                   entries,
                                   (int) n_entries,
                                   self);
}

/**
 * pk_record_page_add_file_actions:
 * @self: a page
 * @attachments: its photos and documents
 *
 * Adds what brings photos and documents to the record.
 */
void
pk_record_page_add_file_actions (PkRecordPage *self, GtkWidget *attachments)
{
  static const GActionEntry entries[] = {
    { "add-file", add_file_cb, NULL, NULL, NULL, { 0 } },
    { "attach-file", attach_file_cb, "s", NULL, NULL, { 0 } },
    { "paste-picture", paste_cb, NULL, NULL, NULL, { 0 } },
  };

  private_of (self)->attachments = attachments;
  pk_record_page_add_actions (self, entries, G_N_ELEMENTS (entries));
}

/**
 * pk_record_page_add_pin_actions:
 * @self: a page
 *
 * Adds what keeps the record's documents on this device, and lets go of them.
 */
void
pk_record_page_add_pin_actions (PkRecordPage *self)
{
  static const GActionEntry entries[] = {
    { "pin", pin_cb, NULL, NULL, NULL, { 0 } },
    { "unpin", pin_cb, NULL, NULL, NULL, { 0 } },
  };

  pk_record_page_add_actions (self, entries, G_N_ELEMENTS (entries));
}

/**
 * pk_record_page_set_menu:
 * @self: a page
 * @menu: (transfer full): of its header bar
 *
 * Gives the page its menu.
 */
void
pk_record_page_set_menu (PkRecordPage *self, GMenuModel *menu)
{
  private_of (self)->menu = menu;
}

/**
 * pk_record_page_enable:
 * @self: a page
 * @action: its name, without the group
 * @is_enabled: whether it makes sense now
 *
 * Enables or disables an action until the record changes; all are enabled before changed is called while there is a record.
 */
void
pk_record_page_enable (PkRecordPage *self, const char *action, gboolean is_enabled)
{
  GActionMap *actions = G_ACTION_MAP (private_of (self)->actions);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (actions, action)),
                               is_enabled);
}

/**
 * pk_record_page_get_client:
 * @self: a page
 *
 * Returns: (transfer none): what it reads and how it acts
 */
PkClient *
pk_record_page_get_client (PkRecordPage *self)
{
  return private_of (self)->client;
}

/**
 * pk_record_page_get_detail:
 * @self: a page
 *
 * Returns: (transfer none): what it shows
 */
PkDetail *
pk_record_page_get_detail (PkRecordPage *self)
{
  return private_of (self)->detail;
}

/**
 * pk_record_page_get_record:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the record as it is now
 */
PkRecord *
pk_record_page_get_record (PkRecordPage *self)
{
  return pk_detail_get_record (private_of (self)->detail);
}

/**
 * pk_record_page_run:
 * @self: a page
 * @command: (transfer full): what the person does
 *
 * Runs a command; the window shows what came of it.
 */
void
pk_record_page_run (PkRecordPage *self, PkCommand *command)
{
  g_autoptr (PkCommand) owned = command;

  pk_client_run (private_of (self)->client, owned);
}

static void
add_value (GMenu *menu, const PkField *field, const char *words, const char *code)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (words, NULL);

  g_menu_item_set_action_and_target (item, "page.set", "(ss)", field->name, code);
  g_menu_append_item (menu, item);
}

/**
 * pk_record_page_new_values_menu:
 * @field: an enum
 *
 * Returns: (transfer full): a menu of what the field can be set to
 */
GMenu *
pk_record_page_new_values_menu (const PkField *field)
{
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < field->values->n_values; i++)
    add_value (menu, field, pk_enum_words (field->values, i), field->values->values[i].code);
  if (!field->required)
    add_value (menu, field, _ ("Not known"), "");
  return menu;
}

/*
 * The list of documents, of any length. Searching gives the list another source; the rows are the same as everywhere. What is dropped
 * or pasted here, or chosen, becomes a document that belongs to nothing yet. Main thread.
 */
#include "config.h"

#include "pk-documents-page.h"

#include "pk-bringer.h"
#include "pk-compat.h"
#include "pk-document-commands.h"
#include "pk-page.h"
#include "pk-row-list.h"
#include "pk-search-source.h"
#include "pk-section.h"

#include <glib/gi18n.h>

struct _PkDocumentsPage
{
  GtkWidget parent_instance;
  PkClient *client; /* (owned) */
  GtkWidget *box;   /* (owned by the widget tree) */
  GtkWidget *entry;
  GtkWidget *list;
  GSimpleActionGroup *actions; /* (owned) */
  PkBringer *bringer;          /* (owned) (nullable) */
};

static void page_iface_init (PkPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PkDocumentsPage,
                               pk_documents_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PK_TYPE_PAGE, page_iface_init))

static void
search_changed_cb (PkDocumentsPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autoptr (PkRowSource) source = pk_record_source_new (pk_client_get_library (self->client),
                                                         PK_ENTITY_DOCUMENT,
                                                         *text != '\0' ? text : NULL);

  pk_row_model_set_source (pk_row_list_get_model (PK_ROW_LIST (self->list)), source);
}

static void
run (PkDocumentsPage *self, PkCommand *command)
{
  g_autoptr (PkCommand) owned = command;

  pk_client_run (self->client, owned);
}

static void
file_cb (PkDocumentsPage *self, GFile *file)
{
  run (self,
       pk_bringer_is_photo (file)
           ? pk_add_photo_command_new (NULL, file, NULL)
           : pk_add_document_command_new (NULL, file, PK_DOCUMENT_KIND_OTHER, NULL));
}

static void
picture_cb (PkDocumentsPage *self, GBytes *bytes)
{
  run (self, pk_add_photo_command_new_from_bytes (NULL, bytes, NULL));
}

static void
add_file_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer self)
{
  pk_bringer_choose (PK_DOCUMENTS_PAGE (self)->bringer, _ ("Add a photo or a document"));
}

static void
paste_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer self)
{
  pk_bringer_paste (PK_DOCUMENTS_PAGE (self)->bringer);
}

static const GActionEntry entries[] = {
  { "add-file", add_file_cb, NULL, NULL, NULL, { 0 } },
  { "paste", paste_cb, NULL, NULL, NULL, { 0 } },
};

static GActionGroup *
get_actions (PkPage *page)
{
  return G_ACTION_GROUP (PK_DOCUMENTS_PAGE (page)->actions);
}

static const char *
get_title (PkPage *page G_GNUC_UNUSED)
{
  return _ ("Documents");
}

static void
focus_start (PkPage *page)
{
  pk_row_list_focus (PK_ROW_LIST (PK_DOCUMENTS_PAGE (page)->list));
}

static void
page_iface_init (PkPageInterface *iface)
{
  iface->get_title = get_title;
  iface->get_actions = get_actions;
  iface->focus_start = focus_start;
}

static void
pk_documents_page_dispose (GObject *object)
{
  PkDocumentsPage *self = PK_DOCUMENTS_PAGE (object);

  if (self->bringer != NULL)
    pk_bringer_stop (self->bringer);
  g_clear_object (&self->bringer);
  g_clear_object (&self->actions);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (pk_documents_page_parent_class)->dispose (object);
}

static void
pk_documents_page_class_init (PkDocumentsPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_documents_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

/* Ctrl+V on the list; in the entry it pastes words. */
static void
add_paste_key (GtkWidget *list)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkShortcut *paste = gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>v"),
                                         gtk_named_action_new ("place.paste"));

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), paste);
  gtk_widget_add_controller (list, keys);
}

static GtkWidget *
new_top (PkDocumentsPage *self)
{
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *add = gtk_button_new_with_mnemonic (_ ("A_dd"));

  pk_compat_set_name (add, _ ("Add a photo or a document"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (add), "place.add-file");
  gtk_widget_set_hexpand (self->entry, TRUE);
  gtk_widget_add_css_class (top, "pk-search");
  gtk_box_append (GTK_BOX (top), self->entry);
  gtk_box_append (GTK_BOX (top), add);
  return top;
}

static void
pk_documents_page_init (PkDocumentsPage *self)
{
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions),
                                   entries,
                                   G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "place", G_ACTION_GROUP (self->actions));
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->entry = gtk_search_entry_new ();
  self->list = pk_row_list_new ();
  g_object_set (self->entry, "placeholder-text", _ ("Search documents"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Search documents"),
                                  -1);
  gtk_widget_set_vexpand (self->list, TRUE);
  pk_row_list_set_label (PK_ROW_LIST (self->list), _ ("Documents"));
  pk_row_list_set_empty (
      PK_ROW_LIST (self->list),
      &(PkRowListWords){
          .icon_name = "pk-documents-symbolic",
          .title = _ ("No documents"),
          .text = _ ("Documents of your tasks and buildings come here by themselves. Drop a file "
                     "here to add one."),
      });
  add_paste_key (self->list);
  gtk_box_append (GTK_BOX (self->box), new_top (self));
  gtk_box_append (GTK_BOX (self->box), self->list);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

/**
 * pk_documents_page_new:
 * @client: what it reads
 *
 * Returns: (transfer floating): the place "Documents"
 */
GtkWidget *
pk_documents_page_new (PkClient *client)
{
  PkDocumentsPage *self = g_object_new (PK_TYPE_DOCUMENTS_PAGE, NULL);
  g_autoptr (PkRowSource)
      source = pk_record_source_new (pk_client_get_library (client), PK_ENTITY_DOCUMENT, NULL);
  g_autoptr (PkRowModel) model = pk_row_model_new (source);

  self->client = g_object_ref (client);
  self->bringer = pk_bringer_new (GTK_WIDGET (self), client);
  gtk_widget_add_css_class (GTK_WIDGET (self), "pk-takes-files");
  g_signal_connect_object (self->bringer, "file", G_CALLBACK (file_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bringer,
                           "picture",
                           G_CALLBACK (picture_cb),
                           self,
                           G_CONNECT_SWAPPED);
  pk_row_list_set_model (PK_ROW_LIST (self->list), model);
  g_signal_connect_object (self->entry,
                           "search-changed",
                           G_CALLBACK (search_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/**
 * pk_documents_page_search:
 * @self: the place "Documents"
 * @text: what to search for
 *
 * Searches, as if it had been typed.
 */
void
pk_documents_page_search (PkDocumentsPage *self, const char *text)
{
  g_return_if_fail (PK_IS_DOCUMENTS_PAGE (self));
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
}

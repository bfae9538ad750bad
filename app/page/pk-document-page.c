/*
 * A document and its content. What is shown depends on where the content is: a PDF, a picture, another kind of file, not on this
 * device, not sent yet by who added it, damaged; each has its own words and a way on. Main thread; drawing happens elsewhere.
 */
#include "config.h"

#include "pk-document-page.h"

#include "pk-attachments.h"
#include "pk-compat.h"
#include "pk-detail.h"
#include "pk-document-file.h"
#include "pk-image-view.h"
#include "pk-pdf-view.h"
#include "pk-section.h"
#include "pk-value-words.h"
#include "pk-words.h"
#include "pk-wrap-layout.h"

#include <glib/gi18n.h>

struct _PkDocumentPage
{
  PkRecordPage parent_instance;
  PkRecordItem *item; /* (owned) (nullable) */
  char *shown_path;   /* (owned) (nullable): of the content in the view */
  GtkWidget *stack;
  GtkWidget *pdf;
  GtkWidget *image;
  GtkWidget *tools;
  GtkWidget *pages;
  GtkWidget *page_label;
  GtkWidget *name;
  GtkWidget *kind;
  GtkWidget *facts;
  GtkWidget *pin;
  GCancellable *cancellable; /* (owned) */
  gboolean is_pinning;       /* the button follows the record, not the other way round */
};

G_DEFINE_FINAL_TYPE (PkDocumentPage, pk_document_page, PK_TYPE_RECORD_PAGE)

static PkClient *
client_of (PkDocumentPage *self)
{
  return pk_record_page_get_client (PK_RECORD_PAGE (self));
}

static PkRecord *
record_of (PkDocumentPage *self)
{
  return pk_record_page_get_record (PK_RECORD_PAGE (self));
}

static const char *
path_of (PkDocumentPage *self)
{
  return self->item != NULL ? pk_record_item_get_path (self->item) : NULL;
}

static void
show (PkDocumentPage *self, const char *name)
{
  gboolean is_view = g_str_equal (name, "pdf") || g_str_equal (name, "image");

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), name);
  gtk_widget_set_visible (self->tools, is_view);
  gtk_widget_set_visible (self->pages, g_str_equal (name, "pdf"));
}

static void
failed_cb (PkDocumentPage *self)
{
  show (self, "failed");
}

static void
page_changed_cb (PkDocumentPage *self)
{
  guint n = pk_pdf_view_get_n_pages (PK_PDF_VIEW (self->pdf));
  guint page = pk_pdf_view_get_page (PK_PDF_VIEW (self->pdf));
  /* Translators: %1$u is the page's number, %2$u how many there are */
  g_autofree char *text = g_strdup_printf (_ ("Page %1$u of %2$u"), page, n);

  gtk_label_set_label (GTK_LABEL (self->page_label), n > 0 ? text : "");
}

static void
view_action (PkDocumentPage *self, const char *action)
{
  const char *shown = gtk_stack_get_visible_child_name (GTK_STACK (self->stack));

  gtk_widget_activate_action (g_strcmp0 (shown, "pdf") == 0 ? self->pdf : self->image,
                              action,
                              NULL);
}

static void
zoom_cb (GSimpleAction *action, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  g_autofree char *name = g_strdup_printf ("view.%s", g_action_get_name (G_ACTION (action)));

  view_action (data, name);
}

static void
save_copy_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  PkDocumentPage *self = data;

  pk_document_file_save (self->item, data, client_of (self), self->cancellable);
}

static void
open_with_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  PkDocumentPage *self = data;

  pk_document_file_open_with (self->item, data, client_of (self), self->cancellable);
}

static void
print_cb (GSimpleAction *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED, gpointer data)
{
  PkDocumentPage *self = data;

  pk_document_file_print (self->item, data, client_of (self), self->cancellable);
}

static void
pin_toggled_cb (PkDocumentPage *self, GtkToggleButton *button)
{
  if (!self->is_pinning && record_of (self) != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self),
                                gtk_toggle_button_get_active (button) ? "page.pin" : "page.unpin",
                                NULL);
}

static void
change_kind_cb (GSimpleAction *action G_GNUC_UNUSED,
                GVariant *parameter G_GNUC_UNUSED,
                gpointer data)
{
  gtk_menu_button_popup (GTK_MENU_BUTTON (PK_DOCUMENT_PAGE (data)->kind));
}

static const GActionEntry entries[] = {
  { "change-kind", change_kind_cb, NULL, NULL, NULL, { 0 } },
  { "zoom-in", zoom_cb, NULL, NULL, NULL, { 0 } },
  { "zoom-out", zoom_cb, NULL, NULL, NULL, { 0 } },
  { "zoom-fit", zoom_cb, NULL, NULL, NULL, { 0 } },
  { "next-page", zoom_cb, NULL, NULL, NULL, { 0 } },
  { "previous-page", zoom_cb, NULL, NULL, NULL, { 0 } },
  { "save-copy", save_copy_cb, NULL, NULL, NULL, { 0 } },
  { "open-with", open_with_cb, NULL, NULL, NULL, { 0 } },
  { "print", print_cb, NULL, NULL, NULL, { 0 } },
};

static const char *
choose_state (PkDocumentPage *self)
{
  PkDetail *detail = pk_record_page_get_detail (PK_RECORD_PAGE (self));

  if (pk_detail_get_state (detail) == PK_DETAIL_EMPTY)
    return "empty";
  if (self->item == NULL)
    return "gone";
  switch (pk_record_item_get_content (self->item))
    {
    case PK_CONTENT_MISSING:
      return "missing";
    case PK_CONTENT_ARRIVING:
      return "arriving";
    case PK_CONTENT_NOT_ARRIVED:
      return "not-arrived";
    case PK_CONTENT_HERE:
    case PK_CONTENT_NOT_UPLOADED:
    default:
      break;
    }
  if (pk_attachment_is_pdf (self->item))
    return "pdf";
  return pk_attachment_is_picture (self->item) ? "image" : "other";
}

static void
show_content (PkDocumentPage *self)
{
  const char *state = choose_state (self);
  const char *path = path_of (self);
  gboolean is_pdf = g_str_equal (state, "pdf");
  gboolean is_image = g_str_equal (state, "image");

  if (path != NULL && g_strcmp0 (path, self->shown_path) == 0)
    return;
  g_free (self->shown_path);
  self->shown_path = g_strdup (path);
  pk_pdf_view_set_path (PK_PDF_VIEW (self->pdf), is_pdf ? path : NULL);
  pk_image_view_set_path (PK_IMAGE_VIEW (self->image),
                          is_image ? path : NULL,
                          is_image ? pk_attachment_get_title (self->item) : NULL);
  show (self, state);
}

static char *
facts_of (PkDocumentPage *self)
{
  PkRecord *record = record_of (self);
  g_autofree char *detail = gtk_widget_get_visible (self->kind)
                                ? pk_attachment_dup_content (self->item)
                                : pk_attachment_dup_detail (self->item);
  PkDetail *document = pk_record_page_get_detail (PK_RECORD_PAGE (self));
  const char *who = pk_detail_get_name (document, PK_DOCUMENT_CREATED_BY);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *when = pk_words_time (pk_record_get_int (record, PK_DOCUMENT_CREATED_AT, 0),
                                         pk_clock_now_us (pk_client_get_clock (client_of (self))),
                                         zone);

  if (who == NULL)
    return g_strdup_printf ("%s · %s", detail, when);
  /* Translators: %1$s is kind and size, %2$s a person, %3$s a time */
  return g_strdup_printf (_ ("%1$s · added by %2$s, %3$s"), detail, who, when);
}

/* For who may change it the kind is a button, otherwise a word among the others. */
static void
show_kind (PkDocumentPage *self)
{
  PkRecord *record = record_of (self);
  gboolean may_set =
      record != NULL && self->item != NULL &&
      pk_library_may_set (pk_client_get_library (client_of (self)), record, PK_DOCUMENT_KIND);
  const char *words = may_set ? pk_field_enum_words (record, PK_DOCUMENT_KIND) : "";
  /* Translators: %s is the kind of a document, such as Report */
  g_autofree char *name = g_strdup_printf (_ ("Kind: %s"), words);

  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->kind), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->kind),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name,
                                  -1);
  gtk_widget_set_visible (self->kind, may_set);
  pk_record_page_enable (PK_RECORD_PAGE (self), "change-kind", may_set);
}

static void
pk_document_page_changed (PkRecordPage *page)
{
  PkDocumentPage *self = PK_DOCUMENT_PAGE (page);
  PkRecord *record = record_of (self);
  PkLibrary *library = pk_client_get_library (client_of (self));
  const PkId *id = pk_detail_get_id (pk_record_page_get_detail (page));

  g_clear_object (&self->item);
  if (record != NULL)
    self->item = pk_attachments_read_document (library, id);
  show_kind (self);
  g_autofree char *facts = self->item != NULL ? facts_of (self) : g_strdup ("");
  gtk_label_set_label (GTK_LABEL (self->name), pk_page_get_title (PK_PAGE (self)));
  gtk_widget_set_visible (self->name, self->item != NULL);
  gtk_label_set_label (GTK_LABEL (self->facts), facts);
  self->is_pinning = TRUE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->pin),
                                self->item != NULL &&
                                    pk_attachment_is_pinned (library, PK_ENTITY_DOCUMENT, id));
  self->is_pinning = FALSE;
  gtk_widget_set_sensitive (self->pin, self->item != NULL);
  pk_record_page_enable (page, "save-copy", path_of (self) != NULL);
  pk_record_page_enable (page, "open-with", path_of (self) != NULL);
  pk_record_page_enable (page,
                         "print",
                         path_of (self) != NULL && (pk_attachment_is_pdf (self->item) ||
                                                    pk_attachment_is_picture (self->item)));
  show_content (self);
}

static GtkWidget *
new_button (const char *icon_name, const char *name, const char *action)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

static GtkWidget *
new_tools (PkDocumentPage *self)
{
  self->tools = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  self->pages = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  self->page_label = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->page_label, "numeric");
  gtk_box_append (GTK_BOX (self->pages),
                  new_button ("go-up-symbolic", _ ("Previous page"), "page.previous-page"));
  gtk_box_append (GTK_BOX (self->pages),
                  new_button ("go-down-symbolic", _ ("Next page"), "page.next-page"));
  gtk_box_append (GTK_BOX (self->pages), self->page_label);
  gtk_widget_set_hexpand (self->pages, TRUE);
  gtk_box_append (GTK_BOX (self->tools),
                  new_button ("zoom-out-symbolic", _ ("Zoom out"), "page.zoom-out"));
  gtk_box_append (GTK_BOX (self->tools),
                  new_button ("zoom-in-symbolic", _ ("Zoom in"), "page.zoom-in"));
  gtk_box_append (GTK_BOX (self->tools),
                  new_button ("zoom-fit-best-symbolic", _ ("Show all of it"), "page.zoom-fit"));
  gtk_box_append (GTK_BOX (self->tools), self->pages);
  gtk_widget_add_css_class (self->tools, "pk-tools");
  return self->tools;
}

static GtkWidget *
new_kind (void)
{
  const PkField *field = &pk_entity_by_id (PK_ENTITY_DOCUMENT)->fields[PK_DOCUMENT_KIND];
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = pk_record_page_new_values_menu (field);

  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_menu_button_set_direction (GTK_MENU_BUTTON (button), GTK_ARROW_UP);
  gtk_widget_set_tooltip_text (button, _ ("Change the kind of document"));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "caption");
  gtk_widget_add_css_class (button, "pk-kind");
  return button;
}

static GtkWidget *
new_foot (PkDocumentPage *self)
{
  GtkWidget *foot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->name = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->name), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->name, "heading");
  self->facts = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->facts), 0);
  gtk_label_set_wrap (GTK_LABEL (self->facts), TRUE);
  gtk_widget_add_css_class (self->facts, "caption");
  gtk_widget_add_css_class (self->facts, "dim-label");
  self->pin = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->pin), "view-pin-symbolic");
  pk_compat_set_name (self->pin, _ ("Keep on this device"));
  gtk_widget_add_css_class (self->pin, "flat");
  g_signal_connect_object (self->pin,
                           "toggled",
                           G_CALLBACK (pin_toggled_cb),
                           self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), self->name);
  gtk_widget_set_layout_manager (line, g_object_new (PK_TYPE_WRAP_LAYOUT, "spacing", 4, NULL));
  self->kind = new_kind ();
  gtk_box_append (GTK_BOX (line), self->kind);
  gtk_box_append (GTK_BOX (line), self->facts);
  gtk_box_append (GTK_BOX (texts), line);
  gtk_box_append (GTK_BOX (foot), texts);
  gtk_box_append (GTK_BOX (foot), self->pin);
  gtk_box_append (
      GTK_BOX (foot),
      new_button ("document-open-symbolic", _ ("Open with another program"), "page.open-with"));
  gtk_box_append (GTK_BOX (foot),
                  new_button ("document-save-symbolic", _ ("Save a copy"), "page.save-copy"));
  gtk_widget_add_css_class (foot, "pk-tools");
  return foot;
}

static void
add_states (PkDocumentPage *self)
{
  const struct
  {
    const char *name;
    const char *icon_name;
    const char *title;
    const char *text;
    const char *label;
    const char *action;
  } states[] = {
    { "empty", "pk-documents-symbolic", _ ("Choose a document"), NULL, NULL, NULL },
    { "gone",
      "changes-prevent-symbolic",
      _ ("Not here any more"),
      _ ("It was deleted, or you no longer have access to it."),
      NULL,
      NULL },
    { "missing",
      "folder-download-symbolic",
      _ ("Not on this device"),
      _ ("It is fetched as soon as there is a network. Keep it on this device to open it without "
         "one from then on."),
      _ ("_Keep on this device"),
      "page.pin" },
    { "arriving",
      "folder-download-symbolic",
      _ ("On its way"),
      _ ("The content is being fetched. It opens here by itself."),
      NULL,
      NULL },
    { "not-arrived",
      "document-send-symbolic",
      _ ("Not sent yet"),
      _ ("Whoever added it has not had a network since. It opens here as soon as it has arrived."),
      NULL,
      NULL },
    { "other",
      "x-office-document-symbolic",
      _ ("Opens in another program"),
      _ ("This kind of file is not shown here."),
      _ ("_Open"),
      "page.open-with" },
    { "failed",
      "dialog-warning-symbolic",
      _ ("It cannot be shown"),
      _ ("The file may be damaged or protected. Another program may be able to open it."),
      _ ("_Open with another program"),
      "page.open-with" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    gtk_stack_add_named (GTK_STACK (self->stack),
                         pk_empty_new (states[i].icon_name,
                                       states[i].title,
                                       states[i].text,
                                       states[i].label,
                                       states[i].action),
                         states[i].name);
}

static void
add_views (PkDocumentPage *self)
{
  self->pdf = pk_pdf_view_new ();
  self->image = pk_image_view_new ();
  g_signal_connect_object (self->pdf, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->image, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pdf,
                           "notify::page",
                           G_CALLBACK (page_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pdf,
                           "notify::n-pages",
                           G_CALLBACK (page_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  gtk_stack_add_named (GTK_STACK (self->stack), self->pdf, "pdf");
  gtk_stack_add_named (GTK_STACK (self->stack), self->image, "image");
}

static void
pk_document_page_show (PkRecordPage *page, const PkId *id G_GNUC_UNUSED)
{
  g_clear_pointer (&PK_DOCUMENT_PAGE (page)->shown_path, g_free);
}

static GMenuModel *
new_menu (void)
{
  GMenu *menu = g_menu_new ();

  g_menu_append (menu, _ ("_Open with another program"), "page.open-with");
  g_menu_append (menu, _ ("_Save a copy…"), "page.save-copy");
  g_menu_append (menu, _ ("Pr_int…"), "page.print");
  g_menu_append (menu, _ ("_Keep on this device"), "page.pin");
  g_menu_append (menu, _ ("_Do not keep on this device"), "page.unpin");
  g_menu_append (menu, _ ("Copy _link"), "page.copy-link");
  return G_MENU_MODEL (menu);
}

static void
pk_document_page_dispose (GObject *object)
{
  PkDocumentPage *self = PK_DOCUMENT_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->item);
  g_clear_pointer (&self->shown_path, g_free);
  G_OBJECT_CLASS (pk_document_page_parent_class)->dispose (object);
}

static void
pk_document_page_finalize (GObject *object)
{
  g_clear_object (&PK_DOCUMENT_PAGE (object)->cancellable);
  G_OBJECT_CLASS (pk_document_page_parent_class)->finalize (object);
}

static void
pk_document_page_class_init (PkDocumentPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_document_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = pk_document_page_finalize;
  PK_RECORD_PAGE_CLASS (klass)->changed = pk_document_page_changed;
  PK_RECORD_PAGE_CLASS (klass)->show = pk_document_page_show;
}

static void
pk_document_page_init (PkDocumentPage *self)
{
  self->cancellable = g_cancellable_new ();
  pk_record_page_add_actions (PK_RECORD_PAGE (self), entries, G_N_ELEMENTS (entries));
  pk_record_page_add_pin_actions (PK_RECORD_PAGE (self));
  pk_record_page_set_menu (PK_RECORD_PAGE (self), new_menu ());
}

static GtkWidget *
new_content (PkDocumentPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->stack = gtk_stack_new ();
  gtk_widget_set_vexpand (self->stack, TRUE);
  gtk_box_append (GTK_BOX (box), new_tools (self));
  gtk_box_append (GTK_BOX (box), self->stack);
  gtk_box_append (GTK_BOX (box), new_foot (self));
  add_states (self);
  add_views (self);
  show (self, "empty");
  return box;
}

/**
 * pk_document_page_new:
 * @client: what it reads and how it acts
 *
 * Returns: (transfer floating): the page of a document; see pk_page_show_record()
 */
GtkWidget *
pk_document_page_new (PkClient *client)
{
  GtkWidget *page = pk_record_page_new (PK_TYPE_DOCUMENT_PAGE, client, PK_ENTITY_DOCUMENT);

  pk_record_page_set_content (PK_RECORD_PAGE (page), new_content (PK_DOCUMENT_PAGE (page)));
  return page;
}

/**
 * pk_document_page_get_shown:
 * @self: a page
 *
 * Returns: (transfer none): which state it is in: "pdf", "image", "other", "missing", "arriving", "not-arrived", "failed", "gone", "empty"
 */
const char *
pk_document_page_get_shown (PkDocumentPage *self)
{
  g_return_val_if_fail (PK_IS_DOCUMENT_PAGE (self), NULL);
  return gtk_stack_get_visible_child_name (GTK_STACK (self->stack));
}

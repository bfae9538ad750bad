/* Photos and documents of a record. Reading, scaling and hashing a new one is the command's work, on its thread. Main thread. */
#include "config.h"

#include "pk-attachment-part.h"

#include "pk-attachments.h"
#include "pk-bringer.h"
#include "pk-document-commands.h"
#include "pk-even-layout.h"
#include "pk-section.h"
#include "pk-thumbnail.h"

#include <glib/gi18n.h>

struct _PkAttachmentPart
{
  PkPart parent_instance;
  GtkWidget *section;
  GtkWidget *empty;
  GtkWidget *grid;
  PkBringer *bringer; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (PkAttachmentPart, pk_attachment_part, PK_TYPE_PART)

static const char *
icon_of (PkRecordItem *item)
{
  if (pk_attachment_is_picture (item))
    return "image-x-generic-symbolic";
  return pk_attachment_is_pdf (item) ? "x-office-document-symbolic" : "text-x-generic-symbolic";
}

static const char *
badge_icon (PkContentState state)
{
  return state == PK_CONTENT_NOT_UPLOADED ? "document-send-symbolic" : "folder-download-symbolic";
}

static void
fill_thumbnail (PkRecordItem *item, PkThumbnail *thumbnail)
{
  PkContentState state = pk_record_item_get_content (item);
  g_autofree char *detail = pk_attachment_dup_detail (item);
  g_autofree char *id = pk_id_dup_text (pk_record_get_id (pk_record_item_get_record (item)));

  pk_thumbnail_set_title (thumbnail, pk_attachment_get_title (item), detail);
  pk_thumbnail_set_picture (thumbnail,
                            pk_attachment_is_picture (item) ? pk_record_item_get_path (item) : NULL,
                            icon_of (item));
  pk_thumbnail_set_badge (thumbnail, badge_icon (state), pk_content_words (state));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (thumbnail), "s", id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (thumbnail), "win.open-document");
}

static GtkWidget *
create_thumbnail (PkRecordItem *item)
{
  GtkWidget *thumbnail = pk_thumbnail_new ();

  fill_thumbnail (item, PK_THUMBNAIL (thumbnail));
  g_signal_connect_object (item, "changed", G_CALLBACK (fill_thumbnail), thumbnail, 0);
  return thumbnail;
}

static void
items_changed_cb (GListModel *items,
                  guint position,
                  guint removed,
                  guint added,
                  PkAttachmentPart *self)
{
  GtkWidget *child = gtk_widget_get_first_child (self->grid);

  for (guint i = 0; i < position && child != NULL; i++)
    child = gtk_widget_get_next_sibling (child);
  for (guint i = 0; i < removed && child != NULL; i++)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (child);
      gtk_box_remove (GTK_BOX (self->grid), child);
      child = next;
    }
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (PkRecordItem) item = g_list_model_get_item (items, position + i);
      gtk_widget_insert_before (create_thumbnail (item), self->grid, child);
    }
}

static void
add_bytes (PkAttachmentPart *self, GBytes *bytes)
{
  PkRecord *record = pk_part_get_record (PK_PART (self));

  if (record != NULL)
    pk_part_run (PK_PART (self), pk_add_photo_command_new_from_bytes (record, bytes, NULL));
}

static void
pk_attachment_part_build (PkPart *part)
{
  PkAttachmentPart *self = PK_ATTACHMENT_PART (part);
  GListModel *items = pk_detail_get_attachments (pk_part_get_detail (part));

  self->bringer = pk_bringer_new (GTK_WIDGET (self), pk_part_get_client (part));
  self->section = pk_section_new (_ ("Photos and documents"));
  pk_section_set_action (PK_SECTION (self->section), _ ("A_dd"), "page.add-file");
  self->empty = gtk_label_new (_ ("Drop photos or documents here, paste them, or choose a file."));
  gtk_label_set_wrap (GTK_LABEL (self->empty), TRUE);
  gtk_label_set_justify (GTK_LABEL (self->empty), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (self->empty, "dim-label");
  gtk_widget_add_css_class (self->empty, "pk-drop-here");
  self->grid = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_layout_manager (self->grid, pk_even_layout_new (130, 6, 6));
  g_object_set (gtk_widget_get_layout_manager (self->grid), "least-columns", 3, NULL);
  pk_section_append (PK_SECTION (self->section), self->empty);
  pk_section_append (PK_SECTION (self->section), self->grid);
  pk_part_append (part, self->section);
  gtk_widget_add_css_class (GTK_WIDGET (self), "pk-takes-files");
  g_signal_connect_object (self->bringer,
                           "file",
                           G_CALLBACK (pk_attachment_part_add_file),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bringer,
                           "picture",
                           G_CALLBACK (add_bytes),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (items, "items-changed", G_CALLBACK (items_changed_cb), self, 0);
  items_changed_cb (items, 0, 0, g_list_model_get_n_items (items), self);
}

static void
pk_attachment_part_update (PkPart *part)
{
  PkAttachmentPart *self = PK_ATTACHMENT_PART (part);
  guint n = g_list_model_get_n_items (pk_detail_get_attachments (pk_part_get_detail (part)));

  gtk_widget_set_visible (self->empty, n == 0);
  gtk_widget_set_visible (self->grid, n > 0);
}

static void
pk_attachment_part_dispose (GObject *object)
{
  PkAttachmentPart *self = PK_ATTACHMENT_PART (object);

  if (self->bringer != NULL)
    pk_bringer_stop (self->bringer);
  g_clear_object (&self->bringer);
  G_OBJECT_CLASS (pk_attachment_part_parent_class)->dispose (object);
}

static void
pk_attachment_part_class_init (PkAttachmentPartClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_attachment_part_dispose;
  PK_PART_CLASS (klass)->build = pk_attachment_part_build;
  PK_PART_CLASS (klass)->update = pk_attachment_part_update;
}

static void
pk_attachment_part_init (PkAttachmentPart *self G_GNUC_UNUSED)
{
}

/**
 * pk_attachment_part_new:
 * @client: how it acts
 * @detail: the record
 *
 * Returns: (transfer floating): the photos and documents of a record
 */
GtkWidget *
pk_attachment_part_new (PkClient *client, PkDetail *detail)
{
  return pk_part_new (PK_TYPE_ATTACHMENT_PART, client, detail);
}

/**
 * pk_attachment_part_add_file:
 * @self: photos and documents
 * @file: a photo or a document
 *
 * Adds a file; a picture becomes a photo, anything else a document.
 */
void
pk_attachment_part_add_file (PkAttachmentPart *self, GFile *file)
{
  g_return_if_fail (PK_IS_ATTACHMENT_PART (self));
  PkRecord *record = pk_part_get_record (PK_PART (self));
  g_autofree char *name = g_file_get_basename (file);

  if (record == NULL)
    return;
  if (pk_bringer_is_photo (file))
    pk_part_run (PK_PART (self), pk_add_photo_command_new (record, file, NULL));
  else
    pk_part_run (PK_PART (self),
                 pk_add_document_command_new (record, file, PK_DOCUMENT_KIND_OTHER, name));
}

/**
 * pk_attachment_part_choose_file:
 * @self: photos and documents
 *
 * Lets the person choose a file to add.
 */
void
pk_attachment_part_choose_file (PkAttachmentPart *self)
{
  g_return_if_fail (PK_IS_ATTACHMENT_PART (self));
  pk_bringer_choose (self->bringer, _ ("Add a photo or a document"));
}

/**
 * pk_attachment_part_paste:
 * @self: photos and documents
 *
 * Adds the picture, or the files, that lie on the clipboard.
 */
void
pk_attachment_part_paste (PkAttachmentPart *self)
{
  g_return_if_fail (PK_IS_ATTACHMENT_PART (self));
  pk_bringer_paste (self->bringer);
}

/*
 * The detail pages over a small municipality: what people do there goes through actions and widgets and comes back through the
 * replica. Real files are previewed.
 */
#include "config.h"

#include "display-page.h"
#include "display-shot.h"
#include "pk-building-page.h"
#include "pk-buildings-page.h"
#include "pk-check-row.h"
#include "pk-conversation.h"
#include "pk-document-page.h"
#include "pk-editable-text.h"
#include "pk-image-view.h"
#include "pk-model-tables.h"
#include "pk-outbox.h"
#include "pk-page.h"
#include "pk-pdf-view.h"
#include "pk-report-form.h"
#include "pk-task-page.h"

#include <adwaita.h>
#include <cairo-pdf.h>
#include <glib/gstdio.h>

static char *folder; /* (owned) (nullable): where files are that pages show */

static gboolean
is_done (gpointer data)
{
  g_autoptr (PkRecord) task = shown_find_task (data);

  return pk_record_get_int (task, PK_TASK_STATUS, -1) == PK_TASK_STATUS_DONE;
}

static gboolean
no_point_is_open (gpointer data)
{
  Shown *self = data;
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();

  collect_widgets (self->page, PK_TYPE_CHECK_ROW, rows);
  for (guint i = 0; i < rows->len; i++)
    {
      GtkWidget *mark = find_widget (g_ptr_array_index (rows, i), GTK_TYPE_BUTTON);
      g_autofree char *wrong = gtk_test_accessible_check_state (GTK_ACCESSIBLE (mark),
                                                                GTK_ACCESSIBLE_STATE_CHECKED,
                                                                GTK_ACCESSIBLE_TRISTATE_TRUE);
      if (wrong != NULL)
        return FALSE;
    }
  return rows->len > 0;
}

static void
a_task_is_completed_with_its_checklist (void)
{
  Shown self = { 0 };
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  collect_widgets (self.page, PK_TYPE_CHECK_ROW, rows);
  g_assert_cmpuint (rows->len, >, 1);
  for (guint i = 0; i < rows->len; i++)
    {
      GtkWidget *mark = find_widget (g_ptr_array_index (rows, i), GTK_TYPE_BUTTON);
      g_autofree char *is_open = gtk_test_accessible_check_state (GTK_ACCESSIBLE (mark),
                                                                  GTK_ACCESSIBLE_STATE_CHECKED,
                                                                  GTK_ACCESSIBLE_TRISTATE_TRUE);
      if (is_open != NULL)
        gtk_widget_activate_action (g_ptr_array_index (rows, i), "row.check", NULL);
    }
  world_wait (no_point_is_open, &self);

  gtk_widget_activate_action (self.page, "page.report-back", NULL);
  GtkWidget *form = find_widget (self.page, PK_TYPE_REPORT_FORM);
  pk_report_form_choose (PK_REPORT_FORM (form), PK_TASK_OUTCOME_SOLVED);
  pk_report_form_set_reason (PK_REPORT_FORM (form), "Pæren er byttet");
  g_autofree char *sentence = pk_report_form_dup_sentence (PK_REPORT_FORM (form));
  g_assert_cmpstr (sentence, !=, "");
  g_assert_true (pk_report_form_send (PK_REPORT_FORM (form)));
  world_wait (is_done, &self);
  shown_close (&self);
}

static gboolean
message_is_shown (gpointer data)
{
  return has_label (((Shown *) data)->page, "Vi kommer i morgen");
}

static void
a_message_is_written (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  gtk_widget_activate_action (self.page, "page.write-public", NULL);
  GtkWidget *conversation = find_widget (self.page, PK_TYPE_CONVERSATION);
  pk_conversation_set_text (PK_CONVERSATION (conversation), "Vi kommer i morgen");
  gtk_widget_activate_action (self.page, "page.send", NULL);
  world_wait (message_is_shown, &self);
  shown_close (&self);
}

static gboolean
title_is_saved (gpointer data)
{
  g_autoptr (PkRecord) task = shown_find_task (data);

  return g_strcmp0 (pk_record_get_text (task, PK_TASK_TITLE), "Bytt to pærer") == 0;
}

static void
a_title_is_edited_in_place (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  GtkWidget *title = find_widget (self.page, PK_TYPE_EDITABLE_TEXT);
  g_signal_emit_by_name (title, "committed", "Bytt to pærer");
  world_wait (title_is_saved, &self);
  shown_close (&self);
}

static gboolean
deviation_is_listed (gpointer data)
{
  return has_label (((Shown *) data)->page, "Ruten er knust");
}

static PkId
find_room (World *world)
{
  g_autoptr (GError) error = NULL;
  PkReader *reader = pk_replica_get_reader (world->replica);
  g_autoptr (GPtrArray) rooms = pk_reader_list_children (reader,
                                                         pk_entity_by_id (PK_ENTITY_LOCATION),
                                                         PK_LOCATION_BUILDING_ID,
                                                         &world->building,
                                                         PK_LIST_FORWARD,
                                                         100,
                                                         &error);

  g_assert_no_error (error);
  for (guint i = 0; i < rooms->len; i++)
    {
      PkRecord *room = g_ptr_array_index (rooms, i);
      if (pk_record_get_int (room, PK_LOCATION_KIND, -1) == PK_LOCATION_KIND_ROOM)
        return *pk_record_get_id (room);
    }
  g_assert_not_reached ();
}

static void
a_deviation_is_made_on_a_room (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  PkId room = find_room (&self.world);
  shown_open (&self, pk_location_page_new (self.world.client), &room);
  gtk_widget_activate_action (self.page, "page.report-deviation", "s", "Ruten er knust");
  world_wait (deviation_is_listed, &self);
  shown_close (&self);
}

static gboolean
tree_has_rows (gpointer data)
{
  GtkWidget *list = find_widget (((Shown *) data)->page, GTK_TYPE_LIST_VIEW);

  return list != NULL && g_list_model_get_n_items (
                             G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list)))) > 0;
}

static void
the_tree_shows_the_buildings (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_buildings_page_new (self.world.client), NULL);
  world_wait (tree_has_rows, &self);
  shown_close (&self);
}

static void
a_building_shows_its_dossier (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_building_page_new (self.world.client), &self.world.building);
  g_assert_cmpstr (pk_page_get_title (PK_PAGE (self.page)), !=, "");
  shown_close (&self);
}

static void
a_record_that_is_gone_has_words (void)
{
  Shown self = { 0 };
  PkId nobody = { { 9, 9, 9 } };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_document_page_new (self.world.client), &nobody);
  g_assert_cmpstr (pk_document_page_get_shown (PK_DOCUMENT_PAGE (self.page)), ==, "gone");
  shown_close (&self);
}

static void
content_that_is_not_here_has_words (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_document_page_new (self.world.client), &self.world.document);
  g_assert_cmpstr (pk_document_page_get_shown (PK_DOCUMENT_PAGE (self.page)), ==, "missing");
  shown_close (&self);
}

/* In a folder of this run's own: another run, of another person perhaps, uses the same names. */
static char *
new_path (const char *name)
{
  if (folder == NULL)
    folder = g_dir_make_tmp ("pakobla-pages-XXXXXX", NULL);
  return g_build_filename (folder, name, NULL);
}

static void
remove_folder (void)
{
  g_autoptr (GDir) files = folder == NULL ? NULL : g_dir_open (folder, 0, NULL);
  const char *name;

  if (files == NULL)
    return;
  while ((name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (folder);
  g_clear_pointer (&folder, g_free);
}

static char *
make_pdf (void)
{
  char *path = new_path ("pages.pdf");
  cairo_surface_t *surface = cairo_pdf_surface_create (path, 595, 842);
  cairo_t *cairo = cairo_create (surface);

  for (guint i = 0; i < 3; i++)
    {
      cairo_move_to (cairo, 72, 100);
      cairo_set_font_size (cairo, 24);
      cairo_show_text (cairo, "Brannbok");
      cairo_show_page (cairo);
    }
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
  return path;
}

static gboolean
first_page_is_drawn (gpointer data)
{
  return pk_pdf_view_is_drawn (data, 1);
}

static gboolean
last_page_is_drawn (gpointer data)
{
  return pk_pdf_view_is_drawn (data, 3);
}

static void
a_pdf_is_drawn_page_by_page (void)
{
  g_autofree char *path = make_pdf ();
  GtkWidget *window = gtk_window_new ();
  GtkWidget *view = pk_pdf_view_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 500, 400);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  display_settle (window);
  pk_pdf_view_set_path (PK_PDF_VIEW (view), path);
  world_wait (first_page_is_drawn, view);
  g_assert_cmpuint (pk_pdf_view_get_n_pages (PK_PDF_VIEW (view)), ==, 3);
  g_assert_false (pk_pdf_view_is_drawn (PK_PDF_VIEW (view), 3));
  display_settle (window);
  pk_pdf_view_go_to_page (PK_PDF_VIEW (view), 3);
  world_wait (last_page_is_drawn, view);
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
photo_is_kept (gpointer data)
{
  Shown *self = data;
  PkReader *reader = pk_replica_get_reader (self->world.replica);
  g_autoptr (GPtrArray) photos = pk_reader_list_children (reader,
                                                          pk_entity_by_id (PK_ENTITY_PHOTO),
                                                          PK_PHOTO_TASK_ID,
                                                          &self->world.task,
                                                          PK_LIST_FORWARD,
                                                          10,
                                                          NULL);
  g_autofree char *path = NULL;

  if (photos == NULL || photos->len != 1)
    return FALSE;
  const PkId *id = pk_record_get_ref (g_ptr_array_index (photos, 0), PK_PHOTO_DOCUMENT_ID);
  g_autoptr (PkRecord) document = pk_library_find (self->world.library, PK_ENTITY_DOCUMENT, id);
  return document != NULL &&
         pk_reader_get_blob (reader, pk_record_get_text (document, PK_DOCUMENT_SHA256), &path) ==
             PK_BLOB_HERE_NOT_UPLOADED;
}

static char *
make_photo (const char *name)
{
  char *path = new_path (name);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 800, 600);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (pixbuf, 0x336699ff);
  gdk_pixbuf_save (pixbuf, path, "jpeg", &error, NULL);
  g_assert_no_error (error);
  return path;
}

static void
a_picture_file_becomes_a_photo (void)
{
  Shown self = { 0 };
  g_autofree char *path = make_photo ("attached.jpg");
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  gtk_widget_activate_action (self.page, "page.attach-file", "s", uri);
  world_wait (photo_is_kept, &self);
  shown_close (&self);
}

static gboolean
document_is_pinned (gpointer data)
{
  Shown *self = data;

  return pk_reader_is_pinned (pk_replica_get_reader (self->world.replica),
                              pk_entity_by_id (PK_ENTITY_DOCUMENT),
                              &self->world.document);
}

static gboolean
document_is_not_pinned (gpointer data)
{
  return !document_is_pinned (data);
}

static void
a_document_is_pinned_and_unpinned (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_document_page_new (self.world.client), &self.world.document);
  gtk_widget_activate_action (self.page, "page.pin", NULL);
  world_wait (document_is_pinned, &self);
  gtk_widget_activate_action (self.page, "page.unpin", NULL);
  world_wait (document_is_not_pinned, &self);
  shown_close (&self);
}

static gboolean
picture_is_decoded (gpointer data)
{
  return pk_image_view_has_picture (data);
}

static void
a_photo_is_zoomed (void)
{
  g_autofree char *path = make_photo ("photo.jpg");
  GtkWidget *window = gtk_window_new ();
  GtkWidget *view = pk_image_view_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 500, 400);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  display_settle (window);
  pk_image_view_set_path (PK_IMAGE_VIEW (view), path, "En blå vegg");
  world_wait (picture_is_decoded, view);
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_LABEL, "En blå vegg");
  gtk_widget_activate_action (view, "view.zoom-in", NULL);
  g_assert_cmpfloat (pk_image_view_get_zoom (PK_IMAGE_VIEW (view)), >, 1);
  gtk_widget_activate_action (view, "view.zoom-fit", NULL);
  g_assert_cmpfloat_with_epsilon (pk_image_view_get_zoom (PK_IMAGE_VIEW (view)), 1, 0.001);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
failed_cb (gboolean *has_failed)
{
  *has_failed = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
a_damaged_pdf_is_told (void)
{
  g_autofree char *path = new_path ("damaged.pdf");
  g_autoptr (GtkWidget) view = g_object_ref_sink (pk_pdf_view_new ());
  gboolean has_failed = FALSE;

  g_assert_true (g_file_set_contents (path, "%PDF-1.4 and nothing more", -1, NULL));
  g_signal_connect_swapped (view, "failed", G_CALLBACK (failed_cb), &has_failed);
  pk_pdf_view_set_path (PK_PDF_VIEW (view), path);
  world_wait (is_true, &has_failed);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  display_load_style ();
  g_test_add_func ("/task-page/a-task-is-completed-with-its-checklist",
                   a_task_is_completed_with_its_checklist);
  g_test_add_func ("/task-page/a-message-is-written", a_message_is_written);
  g_test_add_func ("/task-page/a-title-is-edited-in-place", a_title_is_edited_in_place);
  g_test_add_func ("/building-page/a-deviation-is-made-on-a-room", a_deviation_is_made_on_a_room);
  g_test_add_func ("/building-page/a-building-shows-its-dossier", a_building_shows_its_dossier);
  g_test_add_func ("/building-page/the-tree-shows-the-buildings", the_tree_shows_the_buildings);
  g_test_add_func ("/document-page/a-record-that-is-gone-has-words",
                   a_record_that_is_gone_has_words);
  g_test_add_func ("/document-page/content-that-is-not-here-has-words",
                   content_that_is_not_here_has_words);
  g_test_add_func ("/document-page/a-pdf-is-drawn-page-by-page", a_pdf_is_drawn_page_by_page);
  g_test_add_func ("/task-page/a-picture-file-becomes-a-photo", a_picture_file_becomes_a_photo);
  g_test_add_func ("/document-page/a-document-is-pinned-and-unpinned",
                   a_document_is_pinned_and_unpinned);
  g_test_add_func ("/document-page/a-photo-is-zoomed", a_photo_is_zoomed);
  g_test_add_func ("/document-page/a-damaged-pdf-is-told", a_damaged_pdf_is_told);
  int status = g_test_run ();
  remove_folder ();
  return status;
}

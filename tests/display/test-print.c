/*
 * From what is shown to paper: what the print dialog would get is written as PDF and read back. Content that leaves the program, for
 * another program.
 */
#include "config.h"

#include "display-page.h"
#include "display-shot.h"
#include "pk-building-page.h"
#include "pk-document-file.h"
#include "pk-document-page.h"
#include "pk-my-day-page.h"
#include "pk-page.h"
#include "pk-paper.h"
#include "pk-printer.h"
#include "pk-record-page.h"
#include "pk-row-list.h"
#include "pk-task-page.h"

#include <adwaita.h>
#include <cairo-pdf.h>
#include <glib/gstdio.h>

typedef struct
{
  GtkPrintOperationResult result;
  gboolean is_done;
} Printed;

static void
done_cb (GtkPrintOperation *operation G_GNUC_UNUSED,
         GtkPrintOperationResult result,
         Printed *printed)
{
  printed->result = result;
  printed->is_done = TRUE;
}

static gboolean
is_done (gpointer data)
{
  return ((Printed *) data)->is_done;
}

/* Prints into a PDF, and gives its text back. */
static char *
print_to_text (GtkPrintOperation *operation, const char *path)
{
  Printed printed = { 0 };
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  gtk_print_operation_set_export_filename (operation, path);
  g_signal_connect (operation, "done", G_CALLBACK (done_cb), &printed);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &error);
  g_assert_no_error (error);
  world_wait (is_done, &printed);
  g_assert_cmpint (printed.result, ==, GTK_PRINT_OPERATION_RESULT_APPLY);
  const char *argv[] = { "pdftotext", "-layout", path, "-", NULL };
  g_spawn_sync (NULL,
                (char **) argv,
                NULL,
                G_SPAWN_SEARCH_PATH,
                NULL,
                NULL,
                &text,
                NULL,
                NULL,
                &error);
  g_assert_no_error (error);
  return g_steal_pointer (&text);
}

static char *
print_sheet (PkSheet *sheet)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "printed.pdf", NULL);
  g_autoptr (GtkPrintOperation) operation = pk_printer_new_for_sheet (sheet);

  return print_to_text (operation, path);
}

static void
assert_has (const char *text, const char *words)
{
  if (strstr (text, words) == NULL)
    g_test_fail_printf ("«%s» is not on paper:\n%s", words, text);
}

static gboolean
has_rows (gpointer data)
{
  return g_list_model_get_n_items (data) > 2;
}

static void
every_task_of_my_day_is_on_paper (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_my_day_page_new (self.world.client, self.world.sync), NULL);
  PkRowList *list = PK_ROW_LIST (find_widget (self.page, PK_TYPE_ROW_LIST));
  GListModel *rows = G_LIST_MODEL (pk_row_list_get_model (list));
  world_wait (has_rows, rows);
  g_autoptr (PkSheet) sheet = pk_paper_new_list (self.world.library, "Min dag", NULL, rows);
  g_autofree char *text = print_sheet (sheet);
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (PkRowItem) item = g_list_model_get_item (rows, i);
      assert_has (text, pk_row_item_get_face (item)->title);
    }
  assert_has (text, "Kari Nordmann");
  assert_has (text, "Page 1 of");
  shown_close (&self);
}

static void
a_task_is_on_paper_with_its_checklist_and_its_conversation (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  g_autoptr (PkSheet)
      sheet = pk_paper_new_task (pk_record_page_get_detail (PK_RECORD_PAGE (self.page)));
  g_autofree char *text = print_sheet (sheet);
  assert_has (text, "Bytt pære i gymsalen");
  assert_has (text, "Dale barneskole");
  assert_has (text, "Checklist");
  assert_has (text, "Prøv at lyset virker");
  assert_has (text, "Conversation");
  assert_has (text, "Aisha Mohamud");
  shown_close (&self);
}

static GtkWidget *
find_print_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      if (g_str_equal (G_OBJECT_TYPE_NAME (window), "GtkPrintUnixDialog"))
        return window;
    }
  return NULL;
}

static gboolean
is_asked (gpointer data G_GNUC_UNUSED)
{
  return find_print_dialog () != NULL;
}

static gboolean
is_asked_no_more (gpointer data G_GNUC_UNUSED)
{
  return find_print_dialog () == NULL;
}

/* The dialog comes, and goes when the person thinks better of it. */
static void
check_dialog (Shown *self, const char *action)
{
  g_assert_true (gtk_widget_activate_action (self->page, action, NULL));
  world_wait (is_asked, NULL);
  display_settle (find_print_dialog ());
  g_assert_true (gtk_widget_activate_action (find_print_dialog (), "window.close", NULL));
  world_wait (is_asked_no_more, NULL);
}

static void
a_task_is_printed_by_its_action (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_task_page_new (self.world.client), &self.world.task);
  check_dialog (&self, "page.print");
  shown_close (&self);
}

static void
a_building_is_printed_by_its_action_with_all_its_tasks (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_building_page_new (self.world.client), &self.world.building);
  check_dialog (&self, "page.print");
  shown_close (&self);
}

static void
what_has_no_content_here_is_not_printed (void)
{
  Shown self = { 0 };

  world_set_up (&self.world, WORLD_FULL);
  shown_open (&self, pk_document_page_new (self.world.client), &self.world.document);
  GActionGroup *actions = pk_page_get_actions (PK_PAGE (self.page));
  g_assert_false (g_action_group_get_action_enabled (actions, "print"));
  g_assert_false (g_action_group_get_action_enabled (actions, "save-copy"));
  shown_close (&self);
}

static char *
make_pdf (void)
{
  char *path = g_build_filename (g_get_tmp_dir (), "tegning.pdf", NULL);
  cairo_surface_t *surface = cairo_pdf_surface_create (path, 595, 842);
  cairo_t *cairo = cairo_create (surface);

  for (guint page = 1; page <= 3; page++)
    {
      g_autofree char *text = g_strdup_printf ("Tegning %u", page);
      /* The last one lies across the paper, and is larger than A4. */
      if (page == 3)
        cairo_pdf_surface_set_size (surface, 1191, 842);
      cairo_set_font_size (cairo, 24);
      cairo_move_to (cairo, 100, 100);
      cairo_show_text (cairo, text);
      cairo_show_page (cairo);
    }
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
  return path;
}

static void
opened_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(PkPdf **) data = pk_pdf_open_finish (result, &error);
  g_assert_no_error (error);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
a_pdf_is_printed_page_by_page_and_stays_text (void)
{
  g_autofree char *path = make_pdf ();
  g_autofree char *printed = g_build_filename (g_get_tmp_dir (), "printed-pdf.pdf", NULL);
  PkPdf *opened = NULL;

  pk_pdf_open_async (path, NULL, opened_cb, &opened);
  world_wait (is_set, &opened);
  g_autoptr (PkPdf) pdf = opened;
  g_autoptr (GtkPrintOperation) operation = pk_printer_new_for_pdf (pdf, "tegning.pdf");
  g_autofree char *text = print_to_text (operation, printed);
  assert_has (text, "Tegning 1");
  assert_has (text, "Tegning 2");
  assert_has (text, "Tegning 3");
  opened = NULL;
  pk_pdf_open_async (printed, NULL, opened_cb, &opened);
  world_wait (is_set, &opened);
  g_autoptr (PkPdf) read = opened;
  g_assert_cmpuint (pk_pdf_get_n_pages (read), ==, 3);
  PkPdfSize first = pk_pdf_get_page_size (read, 0), last = pk_pdf_get_page_size (read, 2);
  g_assert_cmpfloat (first.width, <, first.height);
  g_assert_cmpfloat (last.width, >, last.height);
}

static void
a_picture_is_printed_on_one_page (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "bilde.png", NULL);
  g_autofree char *printed = g_build_filename (g_get_tmp_dir (), "printed-picture.pdf", NULL);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 400, 300);
  g_autoptr (GError) error = NULL;
  PkPdf *opened = NULL;

  gdk_pixbuf_fill (pixbuf, 0x336699ff);
  gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
  g_assert_no_error (error);
  g_autoptr (PkPicture) picture = pk_picture_load (path, 3508, &error);
  g_assert_no_error (error);
  g_autoptr (GtkPrintOperation) operation = pk_printer_new_for_picture (picture, "bilde.png");
  g_autofree char *text = print_to_text (operation, printed);
  pk_pdf_open_async (printed, NULL, opened_cb, &opened);
  world_wait (is_set, &opened);
  g_autoptr (PkPdf) read = opened;
  g_assert_cmpuint (pk_pdf_get_n_pages (read), ==, 1);
}

static char *
write_content (void)
{
  char *path = g_build_filename (g_get_tmp_dir (), "0123456789abcdef", NULL);

  g_assert_true (g_file_set_contents (path, "Innhold", -1, NULL));
  return path;
}

static void
another_program_gets_a_copy_that_it_cannot_change (void)
{
  g_autofree char *path = write_content ();
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  GStatBuf about;

  g_autoptr (GFile) lent = pk_document_file_lend (path, "Tilbud på maling.odt", &error);
  g_assert_no_error (error);
  g_autofree char *name = g_file_get_basename (lent);
  g_assert_cmpstr (name, ==, "Tilbud på maling.odt");
  g_assert_true (g_file_get_contents (g_file_peek_path (lent), &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "Innhold");
  g_assert_cmpint (g_stat (g_file_peek_path (lent), &about), ==, 0);
  g_assert_cmpuint (about.st_mode & 0777, ==, 0400);
  g_autoptr (GFile) again = pk_document_file_lend (path, "Tilbud på maling.odt", &error);
  g_assert_no_error (error);
  g_assert_true (g_file_equal (lent, again));
}

static void
a_name_does_not_lead_out_of_the_folder (void)
{
  static const char *const names[] = { "..", "../../utenfor.txt", "/etc/passwd", ".", "/" };
  g_autofree char *path = write_content ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GFile) lent = pk_document_file_lend (path, names[i], &error);
      g_assert_no_error (error);
      g_autofree char *folder = g_path_get_dirname (g_file_peek_path (lent));
      g_assert_true (g_str_has_suffix (folder, "/documents/0123456789abcdef"));
    }
}

static void
in_a_sandbox_the_copy_lies_where_both_sides_see_it (void)
{
  g_autofree char *path = write_content ();
  g_autoptr (GError) error = NULL;

  g_setenv ("FLATPAK_ID", PK_APPLICATION_ID, TRUE);
  g_autoptr (GFile) lent = pk_document_file_lend (path, "rapport.pdf", &error);
  g_unsetenv ("FLATPAK_ID");
  g_assert_no_error (error);
  g_autofree char *expected = g_build_filename (g_get_user_runtime_dir (),
                                                "app",
                                                PK_APPLICATION_ID,
                                                "documents",
                                                "0123456789abcdef",
                                                "rapport.pdf",
                                                NULL);
  g_assert_cmpstr (g_file_peek_path (lent), ==, expected);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*func) (void);
  } tests[] = {
    { "/print/every-task-of-my-day-is-on-paper", every_task_of_my_day_is_on_paper },
    { "/print/a-task-is-on-paper-with-its-checklist-and-its-conversation",
      a_task_is_on_paper_with_its_checklist_and_its_conversation },
    { "/print/a-task-is-printed-by-its-action", a_task_is_printed_by_its_action },
    { "/print/a-building-is-printed-by-its-action-with-all-its-tasks",
      a_building_is_printed_by_its_action_with_all_its_tasks },
    { "/print/what-has-no-content-here-is-not-printed", what_has_no_content_here_is_not_printed },
    { "/print/a-pdf-is-printed-page-by-page-and-stays-text",
      a_pdf_is_printed_page_by_page_and_stays_text },
    { "/print/a-picture-is-printed-on-one-page", a_picture_is_printed_on_one_page },
    { "/lend/another-program-gets-a-copy-that-it-cannot-change",
      another_program_gets_a_copy_that_it_cannot_change },
    { "/lend/a-name-does-not-lead-out-of-the-folder", a_name_does_not_lead_out_of_the_folder },
    { "/lend/in-a-sandbox-the-copy-lies-where-both-sides-see-it",
      in_a_sandbox_the_copy_lies_where_both_sides_see_it },
  };
  g_autofree char *runtime = g_dir_make_tmp ("pk-print-XXXXXX", NULL);

  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  display_load_style ();
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].name, tests[i].func);
  return g_test_run ();
}

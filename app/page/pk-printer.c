/*
 * Print operations. A sheet is laid out for the paper that the person has chosen; a PDF keeps its own pages, each made as small as the paper
 * asks for; a picture gets a page. Main thread: a PDF's page is drawn on its worker, and the operation waits for it.
 */
#include "config.h"

#include "pk-printer.h"

#include "pk-pages.h"
#include "pk-paper.h"

#include <glib/gi18n.h>

/* Of sheets and pictures, in millimetres: what every printer can do, and a hole punch needs. */
#define MARGIN 15.0
/* More than that nobody takes along: it is a slip, and some sixty pages. */
#define MOST_ROWS 1000

static GtkPrintOperation *
new_operation (const char *name)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
  GtkPaperSize *paper = gtk_paper_size_new (GTK_PAPER_NAME_A4);

  gtk_page_setup_set_paper_size (setup, paper);
  gtk_paper_size_free (paper);
  gtk_page_setup_set_top_margin (setup, MARGIN, GTK_UNIT_MM);
  gtk_page_setup_set_bottom_margin (setup, MARGIN, GTK_UNIT_MM);
  gtk_page_setup_set_left_margin (setup, MARGIN, GTK_UNIT_MM);
  gtk_page_setup_set_right_margin (setup, MARGIN, GTK_UNIT_MM);
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_job_name (operation, name);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  gtk_print_operation_set_allow_async (operation, TRUE);
  gtk_print_operation_set_show_progress (operation, TRUE);
  return operation;
}

static void
lay_out_cb (GtkPrintOperation *operation, GtkPrintContext *context, PkSheet *sheet)
{
  g_autoptr (GObject) pango = G_OBJECT (gtk_print_context_create_pango_context (context));
  PkPages *pages = pk_pages_new (sheet,
                                 PANGO_CONTEXT (pango),
                                 gtk_print_context_get_width (context),
                                 gtk_print_context_get_height (context));

  gtk_print_operation_set_n_pages (operation, (int) pk_pages_get_n_pages (pages));
  g_object_set_data_full (G_OBJECT (operation), "pk-pages", pages, g_object_unref);
}

static void
draw_sheet_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page)
{
  PkPages *pages = g_object_get_data (G_OBJECT (operation), "pk-pages");

  pk_pages_draw (pages, (guint) page, gtk_print_context_get_cairo_context (context));
}

/**
 * pk_printer_new_for_sheet:
 * @sheet: what is to be on paper
 *
 * Returns: (transfer full): prints it
 */
GtkPrintOperation *
pk_printer_new_for_sheet (PkSheet *sheet)
{
  GtkPrintOperation *operation = new_operation (pk_sheet_get_title (sheet));

  g_signal_connect_object (operation, "begin-print", G_CALLBACK (lay_out_cb), sheet, 0);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_sheet_cb), NULL);
  g_object_set_data_full (G_OBJECT (operation), "pk-sheet", g_object_ref (sheet), g_object_unref);
  return operation;
}

/* In the middle of what can be printed on, and no larger than it is. */
static void
draw_fitting (GtkPrintContext *context, cairo_surface_t *surface, double width, double height)
{
  cairo_t *cairo = gtk_print_context_get_cairo_context (context);
  double room = gtk_print_context_get_width (context);
  double high = gtk_print_context_get_height (context);
  double scale = MIN (MIN (room / MAX (width, 1), high / MAX (height, 1)), 1);

  cairo_save (cairo);
  cairo_translate (cairo, (room - width * scale) / 2, (high - height * scale) / 2);
  cairo_scale (cairo, scale, scale);
  cairo_set_source_surface (cairo, surface, 0, 0);
  cairo_paint (cairo);
  cairo_restore (cairo);
}

/* What is wider than it is high is printed across the paper. */
static void
turn_page (GtkPageSetup *setup, double width, double height)
{
  gtk_page_setup_set_orientation (setup,
                                  width > height ? GTK_PAGE_ORIENTATION_LANDSCAPE
                                                 : GTK_PAGE_ORIENTATION_PORTRAIT);
}

static void
turn_pdf_page_cb (GtkPrintOperation *operation G_GNUC_UNUSED,
                  GtkPrintContext *context G_GNUC_UNUSED,
                  int page,
                  GtkPageSetup *setup,
                  PkPdf *pdf)
{
  PkPdfSize size = pk_pdf_get_page_size (pdf, (guint) page);

  turn_page (setup, size.width, size.height);
}

/* The page that the operation waits for. */
typedef struct
{
  GtkPrintOperation *operation; /* (owned) */
  GtkPrintContext *context;     /* (owned) */
  PkPdf *pdf;                   /* (owned) */
  PkPdfSize size;
} PkPdfTurn;

static void
turn_free (PkPdfTurn *turn)
{
  g_clear_object (&turn->operation);
  g_clear_object (&turn->context);
  g_clear_object (&turn->pdf);
  g_free (turn);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkPdfTurn, turn_free)

static void
recorded_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkPdfTurn) turn = user_data;
  g_autoptr (GError) error = NULL;
  cairo_surface_t *recording = pk_pdf_record_finish (turn->pdf, result, &error);

  if (recording == NULL)
    {
      g_object_set_data (G_OBJECT (turn->operation), "pk-failed", turn->operation);
      gtk_print_operation_cancel (turn->operation);
    }
  else
    draw_fitting (turn->context, recording, turn->size.width, turn->size.height);
  g_clear_pointer (&recording, cairo_surface_destroy);
  gtk_print_operation_draw_page_finish (turn->operation);
}

static void
draw_pdf_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, PkPdf *pdf)
{
  PkPdfTurn *turn = g_new0 (PkPdfTurn, 1);

  turn->operation = g_object_ref (operation);
  turn->context = g_object_ref (context);
  turn->pdf = g_object_ref (pdf);
  turn->size = pk_pdf_get_page_size (pdf, (guint) page);
  gtk_print_operation_set_defer_drawing (operation);
  pk_pdf_record_async (pdf, (guint) page, NULL, recorded_cb, turn);
}

/**
 * pk_printer_new_for_pdf:
 * @pdf: a PDF
 * @name: of the document
 *
 * Returns: (transfer full): prints it, page by page
 */
GtkPrintOperation *
pk_printer_new_for_pdf (PkPdf *pdf, const char *name)
{
  GtkPrintOperation *operation = new_operation (name);

  gtk_print_operation_set_n_pages (operation, (int) MAX (pk_pdf_get_n_pages (pdf), 1));
  /* It has margins of its own. */
  gtk_print_operation_set_use_full_page (operation, TRUE);
  g_signal_connect_object (operation, "request-page-setup", G_CALLBACK (turn_pdf_page_cb), pdf, 0);
  g_signal_connect_object (operation, "draw-page", G_CALLBACK (draw_pdf_page_cb), pdf, 0);
  g_object_set_data_full (G_OBJECT (operation), "pk-pdf", g_object_ref (pdf), g_object_unref);
  return operation;
}

static void
turn_picture_cb (GtkPrintOperation *operation G_GNUC_UNUSED,
                 GtkPrintContext *context G_GNUC_UNUSED,
                 int page G_GNUC_UNUSED,
                 GtkPageSetup *setup,
                 GdkTexture *texture)
{
  turn_page (setup, gdk_texture_get_width (texture), gdk_texture_get_height (texture));
}

/* As large as the paper: a photo has no size of its own. */
static void
draw_picture_cb (GtkPrintOperation *operation G_GNUC_UNUSED,
                 GtkPrintContext *context,
                 int page G_GNUC_UNUSED,
                 GdkTexture *texture)
{
  int width = gdk_texture_get_width (texture), height = gdk_texture_get_height (texture);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  double scale = MIN (gtk_print_context_get_width (context) / width,
                      gtk_print_context_get_height (context) / height);

  gdk_texture_download (texture,
                        cairo_image_surface_get_data (surface),
                        (gsize) cairo_image_surface_get_stride (surface));
  cairo_surface_mark_dirty (surface);
  cairo_surface_set_device_scale (surface, 1 / scale, 1 / scale);
  draw_fitting (context, surface, width * scale, height * scale);
  cairo_surface_destroy (surface);
}

/**
 * pk_printer_new_for_picture:
 * @picture: a picture
 * @name: of the document
 *
 * Returns: (transfer full): prints it on one page
 */
GtkPrintOperation *
pk_printer_new_for_picture (const PkPicture *picture, const char *name)
{
  GtkPrintOperation *operation = new_operation (name);
  GdkTexture *texture = picture->texture;

  gtk_print_operation_set_n_pages (operation, 1);
  g_signal_connect_object (operation,
                           "request-page-setup",
                           G_CALLBACK (turn_picture_cb),
                           texture,
                           0);
  g_signal_connect_object (operation, "draw-page", G_CALLBACK (draw_picture_cb), texture, 0);
  g_object_set_data_full (G_OBJECT (operation),
                          "pk-texture",
                          g_object_ref (texture),
                          g_object_unref);
  return operation;
}

/* What the person chose stands there the next time, as long as the window is open. */
static void
done_cb (GtkPrintOperation *operation, GtkPrintOperationResult result, GObject *window)
{
  PkClient *client = g_object_get_data (G_OBJECT (operation), "pk-client");

  if (result == GTK_PRINT_OPERATION_RESULT_ERROR ||
      g_object_get_data (G_OBJECT (operation), "pk-failed") != NULL)
    pk_client_say (client,
                   _ ("It could not be printed. Save it as a PDF, or try another printer."));
  else if (result == GTK_PRINT_OPERATION_RESULT_APPLY)
    g_object_set_data_full (window,
                            "pk-print-settings",
                            g_object_ref (gtk_print_operation_get_print_settings (operation)),
                            g_object_unref);
}

/**
 * pk_printer_run:
 * @operation: what prints
 * @from: a widget in the window that asks
 * @client: says where it fails
 *
 * Shows the print dialog, and prints what the person confirms there.
 */
void
pk_printer_run (GtkPrintOperation *operation, GtkWidget *from, PkClient *client)
{
  GtkRoot *window = gtk_widget_get_root (from);
  GtkPrintSettings *settings = window != NULL
                                   ? g_object_get_data (G_OBJECT (window), "pk-print-settings")
                                   : NULL;

  if (!GTK_IS_WINDOW (window))
    return;
  if (settings != NULL)
    gtk_print_operation_set_print_settings (operation, settings);
  g_object_set_data_full (G_OBJECT (operation), "pk-client", g_object_ref (client), g_object_unref);
  g_signal_connect_object (operation, "done", G_CALLBACK (done_cb), window, 0);
  gtk_print_operation_run (operation,
                           GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                           GTK_WINDOW (window),
                           NULL);
}

/**
 * pk_printer_print_list:
 * @from: a widget in the window that asks
 * @client: whose it is
 * @title: what list it is
 * @about: (nullable): how it was chosen, in a line
 * @rows: of #PkRowItem
 *
 * Shows the print dialog for a list.
 */
void
pk_printer_print_list (GtkWidget *from,
                       PkClient *client,
                       const char *title,
                       const char *about,
                       GListModel *rows)
{
  if (g_list_model_get_n_items (rows) > MOST_ROWS)
    {
      pk_client_say (client, _ ("That is too much for paper. Choose fewer rows, up to 1,000."));
      return;
    }
  g_autoptr (PkSheet)
      sheet = pk_paper_new_list (pk_client_get_library (client), title, about, rows);
  g_autoptr (GtkPrintOperation) operation = pk_printer_new_for_sheet (sheet);
  pk_printer_run (operation, from, client);
}

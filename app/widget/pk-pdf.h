#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PK_TYPE_PDF (pk_pdf_get_type ())
G_DECLARE_FINAL_TYPE (PkPdf, pk_pdf, PK, PDF, GObject)

/* A page's size in points (1/72 inch). */
typedef struct
{
  double width;
  double height;
} PkPdfSize;

/*
 * A PDF that is read and drawn on a worker of its own: the main thread asks for pages and gets textures, or, for
 * paper, recordings that are as sharp as the printer.
 */
void pk_pdf_open_async (const char *path,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
PkPdf *pk_pdf_open_finish (GAsyncResult *result, GError **error);
guint pk_pdf_get_n_pages (PkPdf *self);
PkPdfSize pk_pdf_get_page_size (PkPdf *self, guint page);
void pk_pdf_render_async (PkPdf *self,
                          guint page,
                          double scale,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
GdkTexture *
pk_pdf_render_finish (PkPdf *self, GAsyncResult *result, char **text_out, GError **error);
void pk_pdf_record_async (PkPdf *self,
                          guint page,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
cairo_surface_t *pk_pdf_record_finish (PkPdf *self, GAsyncResult *result, GError **error);

G_END_DECLS

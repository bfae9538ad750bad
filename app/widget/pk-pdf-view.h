#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PK_TYPE_PDF_VIEW (pk_pdf_view_get_type ())
G_DECLARE_FINAL_TYPE (PkPdfView, pk_pdf_view, PK, PDF_VIEW, GtkWidget)

/*
 * The pages of a PDF below each other; only those in sight are drawn. Actions: view.zoom-in, view.zoom-out, view.zoom-fit,
 * view.next-page, view.previous-page. Properties: "page" and "n-pages" (from 1), "zoom". ::failed: it cannot be read.
 */
GtkWidget *pk_pdf_view_new (void);
void pk_pdf_view_set_path (PkPdfView *self, const char *path);
guint pk_pdf_view_get_page (PkPdfView *self);
guint pk_pdf_view_get_n_pages (PkPdfView *self);
void pk_pdf_view_go_to_page (PkPdfView *self, guint page);
gboolean pk_pdf_view_is_drawn (PkPdfView *self, guint page);

G_END_DECLS

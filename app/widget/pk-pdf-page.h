#pragma once

#include "pk-pdf.h"

G_BEGIN_DECLS

#define PK_TYPE_PDF_PAGE (pk_pdf_page_get_type ())
G_DECLARE_FINAL_TYPE (PkPdfPage, pk_pdf_page, PK, PDF_PAGE, GtkWidget)

/* One page on its white sheet: takes its size at once, its picture when it comes into sight. */
GtkWidget *pk_pdf_page_new (PkPdf *pdf, guint page);
void pk_pdf_page_set_width (PkPdfPage *self, int width);
void pk_pdf_page_show_picture (PkPdfPage *self);
void pk_pdf_page_drop_picture (PkPdfPage *self);
gboolean pk_pdf_page_has_picture (PkPdfPage *self);

G_END_DECLS

#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/*
 * What reads PDF, in a file of its own that is loaded with the first PDF: poppler brings more than a dozen libraries, and most starts of
 * the program show none. A document is used by one thread at a time.
 */
typedef struct _PkPdfDocument PkPdfDocument;

typedef struct
{
  PkPdfDocument *(*open) (const char *path, GError **error);
  void (*free) (PkPdfDocument *document);
  guint (*get_n_pages) (PkPdfDocument *document);

  /* In points; FALSE where the page cannot be read. */
  gboolean (*get_page_size) (PkPdfDocument *document, guint page, double *width, double *height);

  /* A point is a unit of @cairo; FALSE where the page cannot be read. */
  gboolean (*draw_page) (PkPdfDocument *document, guint page, cairo_t *cairo);

  /* The same for paper: with what a form or a note wants printed, without what is only for the screen. */
  gboolean (*print_page) (PkPdfDocument *document, guint page, cairo_t *cairo);

  /* (transfer full) (nullable): all text of the page. */
  char *(*dup_text) (PkPdfDocument *document, guint page);
} PkPdfModule;

#define PK_PDF_MODULE_FILE   "libpakobla-pdf.so"
#define PK_PDF_MODULE_SYMBOL "pk_pdf_module"

extern const PkPdfModule pk_pdf_module;

G_END_DECLS

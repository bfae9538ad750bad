/* PDF by poppler; see the header. Whatever thread the caller is on, one at a time for each document. */
#include "config.h"

#include "pk-pdf-module.h"

#include <gio/gio.h>
#include <poppler.h>

/* A page under a name of ours, because not every version of poppler brings the clean-up of its own. */
typedef PopplerPage Sheet;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sheet, g_object_unref)

static PkPdfDocument *
open_document (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *uri = g_file_get_uri (file);

  return (PkPdfDocument *) poppler_document_new_from_file (uri, NULL, error);
}

static void
free_document (PkPdfDocument *document)
{
  g_object_unref (document);
}

static guint
get_n_pages (PkPdfDocument *document)
{
  return (guint) MAX (0, poppler_document_get_n_pages ((PopplerDocument *) document));
}

static Sheet *
get_page (PkPdfDocument *document, guint page)
{
  return poppler_document_get_page ((PopplerDocument *) document, (int) page);
}

static gboolean
get_page_size (PkPdfDocument *document, guint page, double *width, double *height)
{
  g_autoptr (Sheet) sheet = get_page (document, page);

  if (sheet == NULL)
    return FALSE;
  poppler_page_get_size (sheet, width, height);
  return TRUE;
}

static gboolean
draw_page (PkPdfDocument *document, guint page, cairo_t *cairo)
{
  g_autoptr (Sheet) sheet = get_page (document, page);

  if (sheet == NULL)
    return FALSE;
  poppler_page_render (sheet, cairo);
  return TRUE;
}

static gboolean
print_page (PkPdfDocument *document, guint page, cairo_t *cairo)
{
  g_autoptr (Sheet) sheet = get_page (document, page);

  if (sheet == NULL)
    return FALSE;
  poppler_page_render_for_printing (sheet, cairo);
  return TRUE;
}

static char *
dup_text (PkPdfDocument *document, guint page)
{
  g_autoptr (Sheet) sheet = get_page (document, page);

  return sheet == NULL ? NULL : poppler_page_get_text (sheet);
}

G_MODULE_EXPORT const PkPdfModule pk_pdf_module = {
  .open = open_document,
  .free = free_document,
  .get_n_pages = get_n_pages,
  .get_page_size = get_page_size,
  .draw_page = draw_page,
  .print_page = print_page,
  .dup_text = dup_text,
};

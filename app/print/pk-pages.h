#pragma once

#include "pk-sheet.h"

#include <pango/pango.h>

G_BEGIN_DECLS

/*
 * A sheet on pages of one size: every thing has a place, and nothing is cut. The same for paper and for PDF; for black ink on white.
 * Sizes in points. Main thread.
 */
#define PK_TYPE_PAGES (pk_pages_get_type ())
G_DECLARE_FINAL_TYPE (PkPages, pk_pages, PK, PAGES, GObject)

PkPages *pk_pages_new (PkSheet *sheet, PangoContext *context, double width, double height);
guint pk_pages_get_n_pages (PkPages *self);
gboolean pk_pages_get_block_place (PkPages *self,
                                   guint block,
                                   guint *page_out,
                                   double *y_out,
                                   double *end_out);
void pk_pages_draw (PkPages *self, guint page, cairo_t *cairo);

G_END_DECLS

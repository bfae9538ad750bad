#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands across the paper and is never cut: a line of text, a row with all its lines. In points. */
typedef struct
{
  double height;
  double gap;        /* above it, but not at the top of a page */
  gboolean is_glued; /* stands on the same page as the next one, where a page has room for that */
} PkStrip;

typedef struct
{
  guint page; /* from 0 */
  double y;   /* of its upper edge */
} PkStripPlace;

guint pk_pagination_place (const PkStrip *strips,
                           guint n_strips,
                           double page_height,
                           PkStripPlace *places_out);

G_END_DECLS

#pragma once

#include "pk-pagination.h"
#include "pk-sheet.h"

#include <pango/pango.h>

G_BEGIN_DECLS

/* A text in a piece; its place is that of its upper left corner in the strip. */
typedef struct
{
  PangoLayout *layout; /* (owned) */
  int line;            /* only this one; -1: all of them */
  double x;
  double y;
  double grey; /* 0: black */
} PkCell;

/* What a strip shows. */
typedef struct
{
  guint block;
  PkStrip strip;
  GArray *cells; /* (owned): PkCell */
  PkSheetMark mark;
  double rule;              /* how thick the line below it is; 0: none */
  double width;             /* of that line */
  cairo_surface_t *picture; /* (owned) (nullable) */
  double scale;             /* of the picture */
} PkPiece;

PangoLayout *pk_piece_new_layout (PangoContext *context,
                                  const char *text,
                                  double points,
                                  gboolean is_bold,
                                  double width);
void pk_pieces_add (GPtrArray *pieces,
                    PangoContext *context,
                    guint place,
                    const PkSheetBlock *block,
                    double width,
                    double most_height);
void pk_piece_draw (const PkPiece *self, cairo_t *cairo);
void pk_piece_free (PkPiece *self);

G_END_DECLS

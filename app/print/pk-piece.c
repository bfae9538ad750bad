/* The strips of a sheet's blocks: how large they are, and how they look. Main thread. */
#include "config.h"

#include "pk-pages-private.h"

#include <pango/pangocairo.h>

#define FAMILY "Cantarell, Adwaita Sans, Noto Sans, DejaVu Sans, Sans"

#define MARK_SIZE    9.0
#define MARK_ROOM    19.0
#define LABEL_ROOM   128.0
#define ASIDE_ROOM   138.0
#define BETWEEN      12.0
#define GREY         0.3
#define RULE_GREY    0.6
#define BODY_SIZE    10.0
#define DETAIL_SIZE  8.5
#define TITLE_SIZE   18.0
#define HEADING_SIZE 11.5

static PkPiece *
add_piece (GPtrArray *pieces, guint block, double gap)
{
  PkPiece *piece = g_new0 (PkPiece, 1);

  piece->block = block;
  piece->strip.gap = gap;
  piece->cells = g_array_new (FALSE, FALSE, sizeof (PkCell));
  g_ptr_array_add (pieces, piece);
  return piece;
}

/**
 * pk_piece_new_layout:
 * @context: what measures text
 * @text: plain
 * @points: its size
 * @is_bold: whether it stands out
 * @width: what it has room for, in points
 *
 * Returns: (transfer full): the text, wrapped
 */
PangoLayout *
pk_piece_new_layout (PangoContext *context,
                     const char *text,
                     double points,
                     gboolean is_bold,
                     double width)
{
  PangoLayout *layout = pango_layout_new (context);
  PangoFontDescription *font = pango_font_description_from_string (FAMILY);

  pango_font_description_set_size (font, (int) (points * PANGO_SCALE));
  pango_font_description_set_weight (font, is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_width (layout, (int) (MAX (width, 1) * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static double
height_of (PangoLayout *layout)
{
  int height;

  pango_layout_get_size (layout, NULL, &height);
  return (double) height / PANGO_SCALE;
}

/* Adds a text to a piece, which grows as far as the text needs. Says where the text ends. */
static double
add_cell (PkPiece *piece, PangoLayout *layout, double x, double y, double grey)
{
  PkCell cell = { layout, -1, x, y, grey };
  double end = y + height_of (layout);

  g_array_append_val (piece->cells, cell);
  piece->strip.height = MAX (piece->strip.height, end);
  return end;
}

static void
add_rule (PkPiece *piece, double width, double thickness)
{
  piece->rule = thickness;
  piece->width = width;
  piece->strip.height += 4;
}

static void
add_title (PkPiece *piece, PangoContext *context, const PkSheetBlock *block, double width)
{
  double end = add_cell (piece,
                         pk_piece_new_layout (context, block->text, TITLE_SIZE, TRUE, width),
                         0,
                         0,
                         0);

  if (block->detail != NULL)
    add_cell (piece,
              pk_piece_new_layout (context, block->detail, BODY_SIZE, FALSE, width),
              0,
              end + 2,
              GREY);
  piece->strip.height += 6;
}

static void
add_row (PkPiece *piece, PangoContext *context, const PkSheetBlock *block, double width)
{
  double x = block->mark != PK_SHEET_MARK_NONE ? MARK_ROOM : 0;
  double aside = block->aside != NULL ? ASIDE_ROOM + BETWEEN : 0;
  double end =
      add_cell (piece,
                pk_piece_new_layout (context, block->text, BODY_SIZE, TRUE, width - x - aside),
                x,
                0,
                0);

  piece->mark = block->mark;
  if (block->detail != NULL)
    add_cell (piece,
              pk_piece_new_layout (context, block->detail, DETAIL_SIZE, FALSE, width - x - aside),
              x,
              end + 1,
              GREY);
  if (block->aside != NULL)
    {
      PangoLayout *layout =
          pk_piece_new_layout (context, block->aside, BODY_SIZE, FALSE, ASIDE_ROOM);
      pango_layout_set_alignment (layout, PANGO_ALIGN_RIGHT);
      end = add_cell (piece, layout, width - ASIDE_ROOM, 0, 0);
    }
  if (block->aside != NULL && block->aside_detail != NULL)
    {
      PangoLayout *layout =
          pk_piece_new_layout (context, block->aside_detail, DETAIL_SIZE, FALSE, ASIDE_ROOM);
      pango_layout_set_alignment (layout, PANGO_ALIGN_RIGHT);
      add_cell (piece, layout, width - ASIDE_ROOM, end + 1, GREY);
    }
  add_rule (piece, width, 0.3);
}

/* What it is called at the left, what it is at the right: a fact, or something that happened. */
static void
add_pair (PkPiece *piece, PangoContext *context, const PkSheetBlock *block, double width)
{
  double x = LABEL_ROOM + BETWEEN;
  double end = add_cell (piece,
                         pk_piece_new_layout (context, block->text, BODY_SIZE, FALSE, width - x),
                         x,
                         0,
                         0);

  if (block->label != NULL)
    add_cell (piece,
              pk_piece_new_layout (context, block->label, BODY_SIZE, FALSE, LABEL_ROOM),
              0,
              0,
              GREY);
  if (block->detail != NULL)
    add_cell (piece,
              pk_piece_new_layout (context, block->detail, DETAIL_SIZE, FALSE, width - x),
              x,
              end + 1,
              GREY);
}

/* Text is the one thing that goes on over the pages; its first two and its last two lines stay together. */
static void
add_text (GPtrArray *pieces,
          PangoContext *context,
          guint place,
          const PkSheetBlock *block,
          double width)
{
  g_autoptr (PangoLayout)
      layout = pk_piece_new_layout (context, block->text, BODY_SIZE, FALSE, width);
  int n = pango_layout_get_line_count (layout);

  for (int i = 0; i < n; i++)
    {
      PkPiece *piece = add_piece (pieces, place, i == 0 ? 6 : 0);
      PangoLayoutLine *line = pango_layout_get_line_readonly (layout, i);
      PangoRectangle logical;
      pango_layout_line_get_extents (line, NULL, &logical);
      PkCell cell = { g_object_ref (layout), i, 0, -(double) logical.y / PANGO_SCALE, 0 };
      g_array_append_val (piece->cells, cell);
      piece->strip.height = (double) logical.height / PANGO_SCALE;
      piece->strip.is_glued = (i == 0 && n > 1) || i == n - 2;
    }
}

static void
add_picture (PkPiece *piece, const PkSheetBlock *block, double width, double most_height)
{
  double picture_width = cairo_image_surface_get_width (block->picture);
  double picture_height = cairo_image_surface_get_height (block->picture);

  piece->picture = cairo_surface_reference (block->picture);
  piece->scale = MIN (width / MAX (picture_width, 1), most_height / MAX (picture_height, 1));
  piece->scale = MIN (piece->scale, 1);
  piece->strip.height = picture_height * piece->scale;
}

/**
 * pk_pieces_add:
 * @pieces: (element-type PkPiece): grows
 * @context: what measures text
 * @place: of the block in its sheet
 * @block: what is to be on paper
 * @width: what a page has room for
 * @most_height: of a picture
 *
 * Measures a block.
 */
void
pk_pieces_add (GPtrArray *pieces,
               PangoContext *context,
               guint place,
               const PkSheetBlock *block,
               double width,
               double most_height)
{
  static const double gaps[] = {
    [PK_SHEET_TITLE] = 0, [PK_SHEET_HEADING] = 16, [PK_SHEET_TEXT] = 6,     [PK_SHEET_FACT] = 3,
    [PK_SHEET_ROW] = 5,   [PK_SHEET_EVENT] = 6,    [PK_SHEET_PICTURE] = 10,
  };

  if (block->kind == PK_SHEET_TEXT)
    {
      add_text (pieces, context, place, block, width);
      return;
    }
  PkPiece *piece = add_piece (pieces, place, gaps[block->kind]);
  if (block->kind == PK_SHEET_TITLE)
    add_title (piece, context, block, width);
  else if (block->kind == PK_SHEET_HEADING)
    {
      PangoLayout *layout = pk_piece_new_layout (context, block->text, HEADING_SIZE, TRUE, width);
      add_cell (piece, layout, 0, 0, 0);
      add_rule (piece, width, 0.9);
      piece->strip.is_glued = TRUE;
    }
  else if (block->kind == PK_SHEET_ROW)
    add_row (piece, context, block, width);
  else if (block->kind == PK_SHEET_PICTURE)
    add_picture (piece, block, width, most_height);
  else
    add_pair (piece, context, block, width);
}

static void
draw_mark (PkSheetMark mark, cairo_t *cairo)
{
  double top = 2, size = MARK_SIZE;

  cairo_set_source_rgb (cairo, 0, 0, 0);
  cairo_set_line_width (cairo, 0.8);
  cairo_rectangle (cairo, 0.5, top, size, size);
  cairo_stroke (cairo);
  cairo_set_line_width (cairo, 1.4);
  if (mark == PK_SHEET_MARK_DONE)
    {
      cairo_move_to (cairo, 2.4, top + size * 0.55);
      cairo_line_to (cairo, 4.3, top + size * 0.78);
      cairo_line_to (cairo, 8, top + size * 0.22);
    }
  else if (mark == PK_SHEET_MARK_DEVIATION)
    {
      cairo_move_to (cairo, size / 2 + 0.5, top + 1.6);
      cairo_line_to (cairo, size / 2 + 0.5, top + size - 3.6);
      cairo_move_to (cairo, size / 2 + 0.5, top + size - 2.6);
      cairo_line_to (cairo, size / 2 + 0.5, top + size - 1.2);
    }
  else if (mark == PK_SHEET_MARK_NOT_APPLICABLE)
    {
      cairo_move_to (cairo, 2.6, top + size / 2);
      cairo_line_to (cairo, size - 1.6, top + size / 2);
    }
  cairo_stroke (cairo);
}

static void
draw_cell (const PkCell *cell, cairo_t *cairo)
{
  cairo_set_source_rgb (cairo, cell->grey, cell->grey, cell->grey);
  cairo_move_to (cairo, cell->x, cell->y);
  if (cell->line < 0)
    pango_cairo_show_layout (cairo, cell->layout);
  else
    pango_cairo_show_layout_line (cairo, pango_layout_get_line_readonly (cell->layout, cell->line));
}

/**
 * pk_piece_draw:
 * @self: a piece
 * @cairo: where; its origin is the piece's upper left corner
 *
 * Draws a piece.
 */
void
pk_piece_draw (const PkPiece *self, cairo_t *cairo)
{
  for (guint i = 0; i < self->cells->len; i++)
    draw_cell (&g_array_index (self->cells, PkCell, i), cairo);
  if (self->mark != PK_SHEET_MARK_NONE)
    draw_mark (self->mark, cairo);
  if (self->rule > 0)
    {
      double grey = self->rule > 0.5 ? 0 : RULE_GREY;
      cairo_set_source_rgb (cairo, grey, grey, grey);
      cairo_set_line_width (cairo, self->rule);
      cairo_move_to (cairo, 0, self->strip.height - self->rule);
      cairo_line_to (cairo, self->width, self->strip.height - self->rule);
      cairo_stroke (cairo);
    }
  if (self->picture != NULL)
    {
      cairo_scale (cairo, self->scale, self->scale);
      cairo_set_source_surface (cairo, self->picture, 0, 0);
      cairo_paint (cairo);
    }
}

static void
clear_cell (gpointer data)
{
  PkCell *cell = data;

  g_clear_object (&cell->layout);
}

/**
 * pk_piece_free:
 * @self: (nullable): a piece
 *
 * Frees a piece.
 */
void
pk_piece_free (PkPiece *self)
{
  if (self == NULL)
    return;
  g_array_set_clear_func (self->cells, clear_cell);
  g_clear_pointer (&self->cells, g_array_unref);
  g_clear_pointer (&self->picture, cairo_surface_destroy);
  g_free (self);
}

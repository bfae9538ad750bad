/*
 * A sheet on pages. Each block becomes strips, which are measured with Pango and placed by pk-pagination; a strip is drawn as it was
 * measured. Main thread.
 */
#include "config.h"

#include "pk-pages.h"

#include "pk-pages-private.h"

#include <glib/gi18n.h>
#include <pango/pangocairo.h>

/* What the lines at the top and at the bottom of a page take of it. */
#define HEAD_HEIGHT 44
#define FOOT_HEIGHT 26

struct _PkPages
{
  GObject parent_instance;
  PkSheet *sheet;        /* (owned) */
  PangoContext *context; /* (owned) */
  double width;
  double height;
  GPtrArray *pieces;    /* (owned): PkPiece */
  PkStripPlace *places; /* (owned): one for each */
  guint n_pages;
};

G_DEFINE_FINAL_TYPE (PkPages, pk_pages, G_TYPE_OBJECT)

static void
place_pieces (PkPages *self)
{
  g_autofree PkStrip *strips = g_new (PkStrip, self->pieces->len);

  for (guint i = 0; i < self->pieces->len; i++)
    strips[i] = ((PkPiece *) self->pieces->pdata[i])->strip;
  self->places = g_new0 (PkStripPlace, self->pieces->len);
  self->n_pages = pk_pagination_place (strips,
                                       self->pieces->len,
                                       self->height - HEAD_HEIGHT - FOOT_HEIGHT,
                                       self->places);
}

static void
pk_pages_finalize (GObject *object)
{
  PkPages *self = PK_PAGES (object);

  g_clear_object (&self->sheet);
  g_clear_object (&self->context);
  g_clear_pointer (&self->pieces, g_ptr_array_unref);
  g_clear_pointer (&self->places, g_free);
  G_OBJECT_CLASS (pk_pages_parent_class)->finalize (object);
}

static void
pk_pages_class_init (PkPagesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_pages_finalize;
}

static void
pk_pages_init (PkPages *self)
{
  self->pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_piece_free);
}

/**
 * pk_pages_new:
 * @sheet: what is to be on paper
 * @context: what measures text; its resolution is 72
 * @width: what can be printed on
 * @height: as well
 *
 * Returns: (transfer full): the pages
 */
PkPages *
pk_pages_new (PkSheet *sheet, PangoContext *context, double width, double height)
{
  PkPages *self = g_object_new (PK_TYPE_PAGES, NULL);

  self->sheet = g_object_ref (sheet);
  self->context = g_object_ref (context);
  /* Paper has no pixels that letters should stand on. */
  pango_context_set_round_glyph_positions (context, FALSE);
  self->width = width;
  self->height = MAX (height, HEAD_HEIGHT + FOOT_HEIGHT + 100);
  for (guint i = 0; i < pk_sheet_get_n_blocks (sheet); i++)
    pk_pieces_add (self->pieces,
                   context,
                   i,
                   pk_sheet_get_block (sheet, i),
                   width,
                   self->height / 3);
  place_pieces (self);
  return self;
}

/**
 * pk_pages_get_n_pages:
 * @self: pages
 *
 * Returns: how many there are
 */
guint
pk_pages_get_n_pages (PkPages *self)
{
  g_return_val_if_fail (PK_IS_PAGES (self), 0);
  return self->n_pages;
}

/**
 * pk_pages_get_block_place:
 * @self: pages
 * @block: of the sheet
 * @page_out: (out): the page it begins on, from 0
 * @y_out: (out): where it begins there, from the page's upper edge
 * @end_out: (out): where it ends on the page on which it ends
 *
 * Tells where a block stands.
 *
 * Returns: whether it is on paper
 */
gboolean
pk_pages_get_block_place (PkPages *self,
                          guint block,
                          guint *page_out,
                          double *y_out,
                          double *end_out)
{
  gboolean is_found = FALSE;

  g_return_val_if_fail (PK_IS_PAGES (self), FALSE);
  for (guint i = 0; i < self->pieces->len; i++)
    {
      const PkPiece *piece = self->pieces->pdata[i];
      if (piece->block != block)
        continue;
      if (!is_found)
        {
          *page_out = self->places[i].page;
          *y_out = HEAD_HEIGHT + self->places[i].y;
        }
      *end_out = HEAD_HEIGHT + self->places[i].y + piece->strip.height;
      is_found = TRUE;
    }
  return is_found;
}

static void
draw_line (cairo_t *cairo, double y, double width)
{
  cairo_save (cairo);
  cairo_set_source_rgb (cairo, 0.45, 0.45, 0.45);
  cairo_set_line_width (cairo, 0.5);
  cairo_move_to (cairo, 0, y);
  cairo_line_to (cairo, width, y);
  cairo_stroke (cairo);
  cairo_restore (cairo);
}

/* A line of its own at an edge of the page, cut short where there is no room for it. */
static void
draw_small (PkPages *self, cairo_t *cairo, const char *text, double y, PangoAlignment side)
{
  double room = self->width * 0.6;

  if (text == NULL || *text == '\0')
    return;
  g_autoptr (PangoLayout) layout = pk_piece_new_layout (self->context, text, 8, FALSE, room);
  pango_layout_set_height (layout, -1);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (layout, side);
  cairo_save (cairo);
  cairo_set_source_rgb (cairo, 0.25, 0.25, 0.25);
  cairo_move_to (cairo, side == PANGO_ALIGN_RIGHT ? self->width - room : 0, y);
  pango_cairo_show_layout (cairo, layout);
  cairo_restore (cairo);
}

/* The heading that a page goes on under; NULL where it begins with one, or with the title. */
static const char *
find_continued (PkPages *self, guint page)
{
  const char *heading = NULL;

  for (guint i = 0; i < self->pieces->len; i++)
    {
      const PkPiece *piece = self->pieces->pdata[i];
      const PkSheetBlock *block = pk_sheet_get_block (self->sheet, piece->block);
      if (block->kind == PK_SHEET_HEADING)
        heading = block->text;
      if (self->places[i].page == page)
        return block->kind == PK_SHEET_HEADING || block->kind == PK_SHEET_TITLE ? NULL : heading;
    }
  return NULL;
}

static void
draw_head (PkPages *self, guint page, cairo_t *cairo)
{
  const char *heading = find_continued (self, page);
  const char *sender = pk_sheet_get_sender (self->sheet);
  g_autoptr (PangoLayout) probe = pk_piece_new_layout (self->context, "X", 8, FALSE, self->width);
  int height;

  pango_layout_get_pixel_size (probe, NULL, &height);
  draw_small (self, cairo, sender, 0, PANGO_ALIGN_LEFT);
  draw_small (self, cairo, pk_sheet_get_printed (self->sheet), 0, PANGO_ALIGN_RIGHT);
  draw_line (cairo, height + 3, self->width);
  if (heading == NULL)
    return;
  /* Translators: %s is a heading that stands on the page before */
  g_autofree char *text = g_strdup_printf (_ ("%s, continued"), heading);
  draw_small (self, cairo, text, height + 8, PANGO_ALIGN_LEFT);
}

static void
draw_foot (PkPages *self, guint page, cairo_t *cairo)
{
  double y = self->height - FOOT_HEIGHT + 10;
  /* Translators: %1$u is the page's number, %2$u how many there are */
  g_autofree char *number = g_strdup_printf (_ ("Page %1$u of %2$u"), page + 1, self->n_pages);

  draw_line (cairo, y - 4, self->width);
  draw_small (self, cairo, pk_sheet_get_title (self->sheet), y, PANGO_ALIGN_LEFT);
  draw_small (self, cairo, number, y, PANGO_ALIGN_RIGHT);
}

/**
 * pk_pages_draw:
 * @self: pages
 * @page: from 0
 * @cairo: where; a unit is a point, the origin the corner of what can be printed on
 *
 * Draws a page.
 */
void
pk_pages_draw (PkPages *self, guint page, cairo_t *cairo)
{
  g_return_if_fail (PK_IS_PAGES (self));
  draw_head (self, page, cairo);
  for (guint i = 0; i < self->pieces->len; i++)
    if (self->places[i].page == page)
      {
        cairo_save (cairo);
        cairo_translate (cairo, 0, HEAD_HEIGHT + self->places[i].y);
        pk_piece_draw (self->pieces->pdata[i], cairo);
        cairo_restore (cairo);
      }
  draw_foot (self, page, cairo);
}

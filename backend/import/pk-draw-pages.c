/* Pages of text as PDF (A4): a title, headings ("## "), points ("- ") and paragraphs, broken into lines and pages. */
#include "config.h"

#include "pk-draw.h"

#include "pk-time.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <string.h>

#define PAGE_WIDTH  595.28
#define PAGE_HEIGHT 841.89
#define MARGIN      64.0
#define BODY_SIZE   10.5

typedef struct
{
  cairo_t *cairo;
  const char *title;
  double y;
  guint page;
} Pages;

static cairo_status_t
append_bytes_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static void
set_font (Pages *self, double size, gboolean is_bold)
{
  cairo_select_font_face (self->cairo,
                          "sans-serif",
                          CAIRO_FONT_SLANT_NORMAL,
                          is_bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (self->cairo, size);
}

static void
show_line (Pages *self, double x, double y, const char *text)
{
  cairo_move_to (self->cairo, x, y);
  cairo_show_text (self->cairo, text);
}

static void
draw_foot (Pages *self)
{
  g_autofree char *number = g_strdup_printf ("%u", self->page);

  set_font (self, 8, FALSE);
  cairo_set_source_rgb (self->cairo, 0.4, 0.4, 0.4);
  show_line (self, MARGIN, PAGE_HEIGHT - 36, self->title);
  show_line (self, PAGE_WIDTH - MARGIN - 10, PAGE_HEIGHT - 36, number);
  cairo_set_source_rgb (self->cairo, 0, 0, 0);
}

static void
need_room (Pages *self, double height)
{
  if (self->y + height < PAGE_HEIGHT - MARGIN)
    return;
  draw_foot (self);
  cairo_show_page (self->cairo);
  self->page++;
  self->y = MARGIN + 10;
}

static double
get_width (Pages *self, const char *text)
{
  cairo_text_extents_t extents;

  cairo_text_extents (self->cairo, text, &extents);
  return extents.x_advance;
}

static void
write_paragraph (Pages *self, const char *text, double indent, double size, gboolean is_bold)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (GString) line = g_string_new (NULL);

  for (char **word = words; *word != NULL; word++)
    {
      gsize length = line->len;
      set_font (self, size, is_bold);
      g_string_append_printf (line, "%s%s", length > 0 ? " " : "", *word);
      if (length == 0 || get_width (self, line->str) <= PAGE_WIDTH - 2 * MARGIN - indent)
        continue;
      g_string_truncate (line, length);
      need_room (self, size * 1.45);
      set_font (self, size, is_bold);
      show_line (self, MARGIN + indent, self->y, line->str);
      self->y += size * 1.45;
      g_string_assign (line, *word);
    }
  need_room (self, size * 1.45);
  set_font (self, size, is_bold);
  show_line (self, MARGIN + indent, self->y, line->str);
  self->y += size * 1.45;
}

static void
write_block (Pages *self, const char *line)
{
  if (*line == '\0')
    self->y += 6;
  else if (g_str_has_prefix (line, "## "))
    {
      self->y += 8;
      need_room (self, 60);
      write_paragraph (self, line + 3, 0, 13, TRUE);
      self->y += 2;
    }
  else if (g_str_has_prefix (line, "- "))
    {
      need_room (self, BODY_SIZE * 1.45);
      set_font (self, BODY_SIZE, FALSE);
      show_line (self, MARGIN + 4, self->y, "•");
      write_paragraph (self, line + 2, 16, BODY_SIZE, FALSE);
    }
  else
    write_paragraph (self, line, 0, BODY_SIZE, FALSE);
}

static void
write_head (Pages *self, const char *subtitle)
{
  cairo_set_source_rgb (self->cairo, 0.0, 0.25, 0.45);
  cairo_rectangle (self->cairo, MARGIN, 50, PAGE_WIDTH - 2 * MARGIN, 3);
  cairo_fill (self->cairo);
  cairo_set_source_rgb (self->cairo, 0, 0, 0);
  self->y = 92;
  write_paragraph (self, self->title, 0, 20, TRUE);
  write_paragraph (self, subtitle, 0, 11, FALSE);
  self->y += 14;
}

static void
set_metadata (cairo_surface_t *surface, const char *title, gint64 created_us)
{
  char created[PK_TIME_TEXT_LENGTH + 1];

  pk_time_to_text (created_us, created);
  memcpy (created + 19, "Z", 2);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Påkobla");
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, created);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_MOD_DATE, created);
}

/**
 * pk_draw_pages:
 * @title: on the first page and at the foot of all
 * @subtitle: below the title
 * @text: lines; "## " makes a heading, "- " a point, an empty line some room
 * @created_us: the document's date
 *
 * Sets text on pages of A4.
 *
 * Returns: (transfer full) (nullable): a PDF
 */
GBytes *
pk_draw_pages (const char *title,
               const char *subtitle,
               const char *text,
               gint64 created_us,
               GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  cairo_surface_t *surface =
      cairo_pdf_surface_create_for_stream (append_bytes_cb, bytes, PAGE_WIDTH, PAGE_HEIGHT);
  Pages self = { .cairo = cairo_create (surface), .title = title, .page = 1 };

  set_metadata (surface, title, created_us);
  write_head (&self, subtitle);
  for (char **line = lines; *line != NULL; line++)
    write_block (&self, *line);
  draw_foot (&self);
  cairo_show_page (self.cairo);
  cairo_destroy (self.cairo);
  cairo_surface_finish (surface);
  cairo_status_t status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error,
                   G_IO_ERROR,
                   G_IO_ERROR_FAILED,
                   "Drawing \"%s\": %s",
                   title,
                   cairo_status_to_string (status));
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

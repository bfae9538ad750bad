/* Pictures as a camera would leave them: a building's front and a defect on a wall. Drawn with cairo, saved as JPEG. */
#include "config.h"

#include "pk-draw.h"

#include <cairo.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>

#define WIDTH  960
#define HEIGHT 640

typedef struct
{
  cairo_t *cairo;
  guint64 state; /* of the generator: a picture is the same every time */
} Canvas;

static guint
next_number (Canvas *self, guint below)
{
  /* xorshift64*, Vigna 2016 */
  self->state ^= self->state >> 12;
  self->state ^= self->state << 25;
  self->state ^= self->state >> 27;
  return (guint) ((self->state * G_GUINT64_CONSTANT (0x2545f4914f6cdd1d)) >> 33) % below;
}

static void
set_colour (Canvas *self, guint rgb, double alpha)
{
  cairo_set_source_rgba (self->cairo,
                         (rgb >> 16) / 255.0,
                         (rgb >> 8 & 0xff) / 255.0,
                         (rgb & 0xff) / 255.0,
                         alpha);
}

static void
fill_box (Canvas *self, double x, double y, double width, double height, guint rgb)
{
  set_colour (self, rgb, 1);
  cairo_rectangle (self->cairo, x, y, width, height);
  cairo_fill (self->cairo);
}

static void
draw_sky_and_ground (Canvas *self)
{
  cairo_pattern_t *sky = cairo_pattern_create_linear (0, 0, 0, 470);

  cairo_pattern_add_color_stop_rgb (sky, 0, 0.45, 0.62, 0.80);
  cairo_pattern_add_color_stop_rgb (sky, 1, 0.87, 0.91, 0.94);
  cairo_set_source (self->cairo, sky);
  cairo_paint (self->cairo);
  cairo_pattern_destroy (sky);
  set_colour (self, 0x6c8794, 1);
  cairo_move_to (self->cairo, 0, 430);
  for (int x = 0; x <= WIDTH; x += 80)
    cairo_line_to (self->cairo, x, 360 + next_number (self, 70));
  cairo_line_to (self->cairo, WIDTH, 480);
  cairo_line_to (self->cairo, 0, 480);
  cairo_fill (self->cairo);
  fill_box (self, 0, 470, WIDTH, 60, 0x7f9466);
  fill_box (self, 0, 525, WIDTH, 115, 0x80817f);
}

static void
draw_window (Canvas *self, double x, double y, double width, double height)
{
  fill_box (self, x - 3, y - 3, width + 6, height + 6, 0xf4f4ef);
  fill_box (self, x, y, width, height, next_number (self, 6) == 0 ? 0xf1dfa4 : 0x3d5468);
  set_colour (self, 0xffffff, 0.25);
  cairo_move_to (self->cairo, x, y + height);
  cairo_line_to (self->cairo, x + width * 0.6, y);
  cairo_line_to (self->cairo, x, y);
  cairo_fill (self->cairo);
  fill_box (self, x + width / 2 - 1, y, 2, height, 0xf4f4ef);
}

static void
draw_roof (Canvas *self, const char *use, double x, double y, double width)
{
  static const char *const pitched[] = { "housing", "kindergarten", "church", "culture", NULL };

  if (!g_strv_contains (pitched, use))
    {
      fill_box (self, x - 8, y - 12, width + 16, 14, 0x4a4c50);
      fill_box (self, x + width * 0.7, y - 34, 60, 22, 0x8d9196);
      return;
    }
  set_colour (self, 0x5a3b34, 1);
  cairo_move_to (self->cairo, x - 18, y);
  cairo_line_to (self->cairo, x + width / 2, y - 90);
  cairo_line_to (self->cairo, x + width + 18, y);
  cairo_fill (self->cairo);
}

static void
draw_door (Canvas *self, double x, double ground)
{
  fill_box (self, x - 6, ground - 78, 72, 78, 0xf4f4ef);
  fill_box (self, x, ground - 72, 28, 72, 0x2f4a3e);
  fill_box (self, x + 32, ground - 72, 28, 72, 0x2f4a3e);
  fill_box (self, x - 20, ground - 92, 100, 10, 0x4a4c50);
}

static void
draw_house (Canvas *self, const PkElevation *elevation)
{
  static const guint walls[] = { 0xa8433a, 0xe0c36a, 0xd9d6cc, 0x8fa3a8,
                                 0xb98b6a, 0x6d7f5f, 0xc9b9a2 };
  int n_floors = CLAMP (elevation->n_floors, 1, 6);
  double floor_height = n_floors > 4 ? 58 : 72, ground = 505;
  double width = 430 + next_number (self, 330), height = floor_height * n_floors + 20;
  double x = (WIDTH - width) / 2, y = ground - height;
  guint n_windows = (guint) (width / 74);

  fill_box (self, x, y, width, height, walls[next_number (self, G_N_ELEMENTS (walls))]);
  for (double line = y + 8; line < ground; line += 8)
    {
      set_colour (self, 0x000000, 0.06);
      cairo_rectangle (self->cairo, x, line, width, 1);
      cairo_fill (self->cairo);
    }
  draw_roof (self, elevation->use, x, y, width);
  for (int level = 0; level < n_floors; level++)
    for (guint i = 0; i < n_windows; i++)
      if (level < n_floors - 1 || i != n_windows / 2)
        draw_window (self,
                     x + 22 + i * ((width - 44) / n_windows),
                     y + 18 + level * floor_height,
                     44,
                     floor_height * 0.55);
  fill_box (self, x, ground - 10, width, 10, 0x77756f);
  draw_door (self, x + 22 + n_windows / 2 * ((width - 44) / n_windows) - 6, ground);
}

static void
draw_trees (Canvas *self)
{
  for (guint i = 0; i < 3 + next_number (self, 3); i++)
    {
      double x = next_number (self, 2) == 0 ? next_number (self, 160)
                                            : 800 + next_number (self, 150);
      double size = 34 + next_number (self, 40);
      fill_box (self, x - 5, 450, 10, 62, 0x5c4a3a);
      set_colour (self, 0x4c6b3f, 1);
      cairo_arc (self->cairo, x, 440 - size / 3, size, 0, 2 * G_PI);
      cairo_fill (self->cairo);
    }
}

static void
draw_wall (Canvas *self)
{
  static const guint paints[] = { 0xd8d3c6, 0xc7cdd0, 0xdedbd2, 0xcfc3ad };

  fill_box (self, 0, 0, WIDTH, HEIGHT, paints[next_number (self, G_N_ELEMENTS (paints))]);
  for (guint i = 0; i < 2600; i++)
    {
      set_colour (self, next_number (self, 2) == 0 ? 0x000000 : 0xffffff, 0.05);
      cairo_rectangle (self->cairo, next_number (self, WIDTH), next_number (self, HEIGHT), 3, 3);
      cairo_fill (self->cairo);
    }
  fill_box (self, 0, HEIGHT - 90, WIDTH, 90, 0x77726a);
  fill_box (self, 0, HEIGHT - 104, WIDTH, 16, 0xefeee8);
}

static void
draw_stain (Canvas *self, double x, double y)
{
  for (guint i = 0; i < 9; i++)
    {
      double size = 40 + next_number (self, 90);
      cairo_pattern_t *damp = cairo_pattern_create_radial (x, y, 4, x, y, size);
      cairo_pattern_add_color_stop_rgba (damp, 0, 0.35, 0.27, 0.16, 0.22);
      cairo_pattern_add_color_stop_rgba (damp, 1, 0.35, 0.27, 0.16, 0);
      cairo_set_source (self->cairo, damp);
      cairo_arc (self->cairo, x, y, size, 0, 2 * G_PI);
      cairo_fill (self->cairo);
      cairo_pattern_destroy (damp);
      x += next_number (self, 90) - 45.0;
      y += next_number (self, 60) - 20.0;
    }
}

static void
draw_crack (Canvas *self, double x, double y)
{
  set_colour (self, 0x33302b, 0.9);
  cairo_move_to (self->cairo, x, y);
  for (guint i = 0; i < 26; i++)
    {
      x += next_number (self, 26) - 7.0;
      y += next_number (self, 22);
      cairo_line_to (self->cairo, x, y);
    }
  cairo_set_line_width (self->cairo, 2 + next_number (self, 3));
  cairo_stroke (self->cairo);
}

/* A folding rule held against the wall, as caretakers do. */
static void
draw_rule (Canvas *self)
{
  double y = 470 + next_number (self, 30);

  fill_box (self, 120, y, 420, 26, 0xe8c545);
  for (int i = 0; i < 42; i++)
    fill_box (self, 120 + i * 10, y, 1.5, i % 10 == 0 ? 18 : i % 5 == 0 ? 13 : 8, 0x222222);
}

static void
draw_caption (Canvas *self, const char *caption)
{
  cairo_text_extents_t extents;

  cairo_select_font_face (self->cairo,
                          "sans-serif",
                          CAIRO_FONT_SLANT_NORMAL,
                          CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (self->cairo, 18);
  cairo_text_extents (self->cairo, caption, &extents);
  set_colour (self, 0x000000, 0.55);
  cairo_rectangle (self->cairo, 16, 16, MIN (extents.x_advance, WIDTH - 56) + 24, 34);
  cairo_fill (self->cairo);
  set_colour (self, 0xffffff, 1);
  cairo_move_to (self->cairo, 28, 39);
  cairo_show_text (self->cairo, caption);
}

static GdkPixbuf *
copy_pixels (cairo_surface_t *surface)
{
  GdkPixbuf *pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, WIDTH, HEIGHT);
  guint8 *to = gdk_pixbuf_get_pixels (pixbuf);
  const guint8 *from = cairo_image_surface_get_data (surface);
  int to_stride = gdk_pixbuf_get_rowstride (pixbuf);
  int from_stride = cairo_image_surface_get_stride (surface);

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        const guint32 *pixel = (const void *) (from + y * from_stride + x * 4);
        guint8 *out = to + y * to_stride + x * 3;
        out[0] = (guint8) (*pixel >> 16);
        out[1] = (guint8) (*pixel >> 8);
        out[2] = (guint8) *pixel;
      }
  return pixbuf;
}

static GBytes *
save_jpeg (cairo_surface_t *surface, GError **error)
{
  g_autofree char *data = NULL;
  gsize size;

  cairo_surface_flush (surface);
  g_autoptr (GdkPixbuf) pixbuf = copy_pixels (surface);
  if (!gdk_pixbuf_save_to_buffer (pixbuf, &data, &size, "jpeg", error, "quality", "80", NULL))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

static Canvas
begin_canvas (cairo_surface_t *surface, guint64 seed)
{
  Canvas canvas = { cairo_create (surface), seed * 2 + 1 };

  for (int i = 0; i < 8; i++)
    next_number (&canvas, 2);
  return canvas;
}

/**
 * pk_draw_elevation:
 * @elevation: what to draw
 *
 * Draws a building's front in its surroundings.
 *
 * Returns: (transfer full) (nullable): a JPEG
 */
GBytes *
pk_draw_elevation (const PkElevation *elevation, GError **error)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  Canvas canvas = begin_canvas (surface, elevation->seed);

  draw_sky_and_ground (&canvas);
  draw_trees (&canvas);
  draw_house (&canvas, elevation);
  cairo_destroy (canvas.cairo);
  GBytes *jpeg = save_jpeg (surface, error);
  cairo_surface_destroy (surface);
  return jpeg;
}

/**
 * pk_draw_defect:
 * @caption: stands in the corner
 * @seed: which defect
 *
 * Draws a wall with a stain or a crack.
 *
 * Returns: (transfer full) (nullable): a JPEG
 */
GBytes *
pk_draw_defect (const char *caption, guint64 seed, GError **error)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  Canvas canvas = begin_canvas (surface, seed);

  draw_wall (&canvas);
  if (next_number (&canvas, 2) == 0)
    draw_stain (&canvas, 300 + next_number (&canvas, 380), 160 + next_number (&canvas, 180));
  if (next_number (&canvas, 3) > 0)
    draw_crack (&canvas, 200 + next_number (&canvas, 500), 60 + next_number (&canvas, 90));
  draw_rule (&canvas);
  draw_caption (&canvas, caption);
  cairo_destroy (canvas.cairo);
  GBytes *jpeg = save_jpeg (surface, error);
  cairo_surface_destroy (surface);
  return jpeg;
}

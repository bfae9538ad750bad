/*
 * A floor plan as SVG: two rows of rooms along a corridor, each as wide as its area asks for. Every room is an element with
 * an id, so that a reader can find it again.
 */
#include "config.h"

#include "pk-draw.h"

#define PLAN_WIDTH 1200.0
#define ROW_HEIGHT 250.0
#define CORRIDOR   70.0
#define LEFT       40.0
#define TOP        100.0

static void
append_number (GString *out, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.1f", value);
  g_string_append_printf (out, " %s=\"%s\"", name, text);
}

static void
append_box (GString *out, double x, double y, double width, double height, const char *fill)
{
  g_string_append (out, "<rect");
  append_number (out, "x", x);
  append_number (out, "y", y);
  append_number (out, "width", width);
  append_number (out, "height", height);
  g_string_append_printf (out, " fill=\"%s\" stroke=\"#222\" stroke-width=\"3\"/>", fill);
}

static void
append_text (GString *out, double x, double y, int size, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append (out, "<text");
  append_number (out, "x", x);
  append_number (out, "y", y);
  g_string_append_printf (out, " font-size=\"%d\">%s</text>\n", size, escaped);
}

static void
append_room (GString *out,
             const PkPlanRoom *room,
             double x,
             double y,
             double width,
             gboolean is_upper)
{
  g_autofree char *name = g_markup_escape_text (room->name, -1);
  g_autofree char *area = g_strdup_printf ("%d m²", (int) (room->area_m2 + 0.5));
  int size = width > 70 ? 14 : 9;

  g_string_append_printf (out, "<g id=\"location-%s\"><title>%s</title>", room->id, name);
  append_box (out, x, y, width, ROW_HEIGHT, "#fdfcf7");
  append_box (out,
              x + width / 2 - MIN (18, width / 4),
              is_upper ? y + ROW_HEIGHT - 3 : y - 3,
              MIN (36, width / 2),
              6,
              "#fff");
  append_text (out, x + 6, y + 30, size, room->number);
  append_text (out, x + 6, y + 52, size, area);
  g_string_append_printf (
      out,
      "<text transform=\"translate(%d %d) rotate(-90)\" font-size=\"%d\">%s</text></g>\n",
      (int) (x + width / 2 + 5),
      (int) (y + ROW_HEIGHT - 14),
      width > 24 ? 14 : 9,
      name);
}

static guint
find_half (const PkPlanRoom *rooms, guint n_rooms, double *upper_out, double *lower_out)
{
  double sum = 0;
  guint n_upper = 0;

  for (guint i = 0; i < n_rooms; i++)
    sum += rooms[i].area_m2;
  *upper_out = 0;
  while (n_upper < n_rooms && *upper_out < sum / 2)
    *upper_out += rooms[n_upper++].area_m2;
  *lower_out = sum - *upper_out;
  return n_upper;
}

/**
 * pk_draw_plan:
 * @rooms: in the order they lie
 *
 * Draws a floor.
 *
 * Returns: (transfer full): an SVG document
 */
char *
pk_draw_plan (const char *title, const char *subtitle, const PkPlanRoom *rooms, guint n_rooms)
{
  GString *out = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  double upper, lower, x = LEFT;
  guint n_upper = find_half (rooms, n_rooms, &upper, &lower);
  double lower_y = TOP + ROW_HEIGHT + CORRIDOR;

  g_string_append (out,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1280\" height=\"720\" "
                   "viewBox=\"0 0 1280 720\" font-family=\"sans-serif\">\n"
                   "<rect width=\"1280\" height=\"720\" fill=\"#fff\"/>\n");
  append_text (out, LEFT, 44, 26, title);
  append_text (out, LEFT, 74, 16, subtitle);
  append_box (out, LEFT, TOP + ROW_HEIGHT, PLAN_WIDTH, CORRIDOR, "#e9edf0");
  g_string_append_c (out, '\n');
  for (guint i = 0; i < n_rooms; i++)
    {
      double width = rooms[i].area_m2 / (i < n_upper ? upper : lower) * PLAN_WIDTH;
      if (i == n_upper)
        x = LEFT;
      append_room (out, &rooms[i], x, i < n_upper ? TOP : lower_y, width, i < n_upper);
      x += width;
    }
  append_text (out, 1190, 44, 20, "N ↑");
  g_string_append (out, "</svg>\n");
  return g_string_free (out, FALSE);
}

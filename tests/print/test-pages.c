/* Sheets on A4: everything is on paper, whole, and where it belongs. No display: Pango and Cairo measure and draw. */
#include "config.h"

#include "pk-pages.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <string.h>

/* A4 within margins of 15 mm. */
#define WIDTH  510.0
#define HEIGHT 757.0

static PkPages *
lay_out (PkSheet *sheet)
{
  PangoFontMap *fonts = pango_cairo_font_map_get_default ();
  g_autoptr (GObject) context = G_OBJECT (pango_font_map_create_context (fonts));

  pango_cairo_context_set_resolution (PANGO_CONTEXT (context), 72);
  return pk_pages_new (sheet, PANGO_CONTEXT (context), WIDTH, HEIGHT);
}

static PkSheet *
new_list (guint n_rows)
{
  PkSheet *sheet = pk_sheet_new ("Min dag", "mandag 23. november 2026");

  pk_sheet_set_sender (sheet, "Kristiansund kommune", "Kari Nordmann · 23. november 2026 09.20");
  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *text = g_strdup_printf ("Oppgave nummer %u", i);
      if (i % 25 == 0)
        pk_sheet_add_heading (sheet, i == 0 ? "Over fristen" : "I dag");
      pk_sheet_add_row (sheet, PK_SHEET_MARK_BOX, text, "Ny · Dale barneskole · VVS");
      pk_sheet_set_aside (sheet, "i dag", "mandag 23. november 2026");
    }
  return sheet;
}

/* Draws all pages into a PDF and gives its text back, page by page. */
static char *
read_back (PkPages *pages)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "sheet.pdf", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  cairo_surface_t *surface = cairo_pdf_surface_create (path, WIDTH, HEIGHT);
  cairo_t *cairo = cairo_create (surface);

  for (guint i = 0; i < pk_pages_get_n_pages (pages); i++)
    {
      pk_pages_draw (pages, i, cairo);
      cairo_show_page (cairo);
    }
  cairo_destroy (cairo);
  cairo_surface_finish (surface);
  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
  const char *argv[] = { "pdftotext", "-layout", path, "-", NULL };
  g_spawn_sync (NULL,
                (char **) argv,
                NULL,
                G_SPAWN_SEARCH_PATH,
                NULL,
                NULL,
                &text,
                NULL,
                NULL,
                &error);
  g_assert_no_error (error);
  return g_steal_pointer (&text);
}

static guint
count (const char *text, const char *words)
{
  guint n = 0;

  for (const char *at = strstr (text, words); at != NULL; at = strstr (at + 1, words))
    n++;
  return n;
}

static void
every_row_of_a_long_list_is_on_paper_once (void)
{
  g_autoptr (PkSheet) sheet = new_list (120);
  g_autoptr (PkPages) pages = lay_out (sheet);
  g_autofree char *text = read_back (pages);

  for (guint i = 0; i < 120; i++)
    {
      g_autofree char *row = g_strdup_printf ("Oppgave nummer %u ", i);
      g_assert_cmpuint (count (text, row), ==, 1);
    }
  g_assert_cmpuint (pk_pages_get_n_pages (pages), >=, 4);
  g_assert_cmpuint (pk_pages_get_n_pages (pages), <=, 8);
}

static void
every_page_says_whose_it_is_and_which_one_of_how_many (void)
{
  g_autoptr (PkSheet) sheet = new_list (60);
  g_autoptr (PkPages) pages = lay_out (sheet);
  g_autofree char *text = read_back (pages);
  guint n = pk_pages_get_n_pages (pages);

  g_assert_cmpuint (n, >, 1);
  g_assert_cmpuint (count (text, "Kristiansund kommune"), ==, n);
  g_assert_cmpuint (count (text, "Kari Nordmann"), ==, n);
  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *number = g_strdup_printf ("Page %u of %u", i, n);
      g_assert_cmpuint (count (text, number), ==, 1);
    }
  g_assert_cmpuint (count (text, "continued"), >=, 1);
}

static void
nothing_stands_outside_the_page (void)
{
  g_autoptr (PkSheet) sheet = new_list (90);
  g_autoptr (PkPages) pages = lay_out (sheet);
  double last = 0;
  guint page = 0;

  for (guint i = 0; i < pk_sheet_get_n_blocks (sheet); i++)
    {
      guint on;
      double y, end;
      g_assert_true (pk_pages_get_block_place (pages, i, &on, &y, &end));
      if (on != page)
        last = 0;
      g_assert_cmpfloat (y, >=, last);
      g_assert_cmpfloat (end, <=, HEIGHT - 20);
      page = on;
      last = end;
    }
}

static void
a_long_text_goes_on_over_the_pages (void)
{
  g_autoptr (PkSheet) sheet = pk_sheet_new ("Rapport", NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 600; i++)
    g_string_append_printf (text, "Setning%u om taket som lekker. ", i);
  pk_sheet_add_text (sheet, text->str);
  g_autoptr (PkPages) pages = lay_out (sheet);
  g_autofree char *read = read_back (pages);

  g_assert_cmpuint (pk_pages_get_n_pages (pages), >=, 3);
  for (guint i = 0; i < 600; i++)
    {
      g_autofree char *word = g_strdup_printf ("Setning%u ", i);
      g_autofree char *at_end = g_strdup_printf ("Setning%u\n", i);
      g_assert_cmpuint (count (read, word) + count (read, at_end), ==, 1);
    }
}

static void
a_title_without_an_end_is_wrapped (void)
{
  g_autoptr (PkSheet) sheet = pk_sheet_new ("Liste", NULL);
  g_autofree char *title = g_strnfill (200, 'W');
  guint page;
  double y, end;

  pk_sheet_add_row (sheet, PK_SHEET_MARK_DONE, title, NULL);
  pk_sheet_set_aside (sheet, "2 dager over fristen", NULL);
  g_autoptr (PkPages) pages = lay_out (sheet);
  g_assert_true (pk_pages_get_block_place (pages, 1, &page, &y, &end));
  g_assert_cmpfloat (end - y, >, 40);
  g_assert_cmpfloat (end - y, <, 120);
}

static void
a_picture_is_made_as_small_as_it_must_be (void)
{
  g_autoptr (PkSheet) sheet = pk_sheet_new ("Dale barneskole", NULL);
  cairo_surface_t *picture = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 3000, 3000);
  guint page;
  double y, end;

  pk_sheet_add_picture (sheet, picture);
  cairo_surface_destroy (picture);
  g_autoptr (PkPages) pages = lay_out (sheet);
  g_assert_true (pk_pages_get_block_place (pages, 1, &page, &y, &end));
  g_assert_cmpfloat (end - y, <=, HEIGHT / 3);
  g_assert_cmpuint (page, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/pages/every-row-of-a-long-list-is-on-paper-once",
                   every_row_of_a_long_list_is_on_paper_once);
  g_test_add_func ("/pages/every-page-says-whose-it-is-and-which-one-of-how-many",
                   every_page_says_whose_it_is_and_which_one_of_how_many);
  g_test_add_func ("/pages/nothing-stands-outside-the-page", nothing_stands_outside_the_page);
  g_test_add_func ("/pages/a-long-text-goes-on-over-the-pages", a_long_text_goes_on_over_the_pages);
  g_test_add_func ("/pages/a-title-without-an-end-is-wrapped", a_title_without_an_end_is_wrapped);
  g_test_add_func ("/pages/a-picture-is-made-as-small-as-it-must-be",
                   a_picture_is_made_as_small_as_it_must_be);
  return g_test_run ();
}

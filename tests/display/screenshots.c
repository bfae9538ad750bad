/*
 * The pictures of the metainfo and the README, from the program itself: screenshots FOLDER. In the language of the environment; on a
 * screen of its own. Not a test: tests/desktop looks that they are there.
 */
#include "config.h"

#include "display-shot.h"
#include "display-world.h"
#include "pk-document-commands.h"
#include "pk-model-tables.h"
#include "pk-row.h"
#include "pk-window.h"

#include <cairo-pdf.h>
#include <libintl.h>
#include <locale.h>

/* With the frame that GTK draws where no window manager does. */
#define WIDTH  1290
#define HEIGHT 810

#define PLAN "Plan 1. etasje med romnumre"

typedef struct
{
  const char *folder;
  World world;
  PkWindow *window;
} Album;

static void
take (Album *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  display_settle (GTK_WIDGET (self->window));
  display_shot_content (GTK_WIDGET (self->window), path);
}

static void
open_window (Album *self)
{
  self->window = pk_window_new (NULL, self->world.sync);
  gtk_window_set_default_size (GTK_WINDOW (self->window), WIDTH, HEIGHT);
  pk_window_set_client (self->window, self->world.client);
  gtk_window_present (GTK_WINDOW (self->window));
  display_settle (GTK_WIDGET (self->window));
}

static void
close_window (Album *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  self->window = NULL;
}

/* In a list pane; details have rows as well. */
static gboolean
is_row_of (GtkWidget *widget, const char *title)
{
  PkRowItem *item = PK_IS_ROW (widget) && gtk_widget_get_mapped (widget)
                        ? pk_row_get_item (PK_ROW (widget))
                        : NULL;

  return item != NULL && gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_VIEW) != NULL &&
         g_strcmp0 (pk_row_item_get_face (item)->title, title) == 0;
}

static GtkWidget *
find_row (GtkWidget *from, const char *title)
{
  if (is_row_of (from, title))
    return from;
  for (GtkWidget *child = gtk_widget_get_first_child (from); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);
      if (found != NULL)
        return found;
    }
  return NULL;
}

/* As a person does: by its row, which is chosen then. */
static void
open_row (Album *self, const char *place, const char *title)
{
  pk_window_show_place (self->window, place);
  display_settle (GTK_WIDGET (self->window));
  GtkWidget *row = find_row (GTK_WIDGET (self->window), title);
  g_assert_nonnull (row);
  while (!g_str_has_prefix (G_OBJECT_TYPE_NAME (row), "GtkListItem"))
    row = gtk_widget_get_parent (row);
  gtk_widget_grab_focus (row);
  gtk_widget_activate_action (row, "listitem.select", "(bb)", FALSE, FALSE);
  g_assert_true (gtk_widget_activate (row));
}

static void
draw_room (cairo_t *cairo, const char *name, double x, double y, double width, double height)
{
  cairo_text_extents_t size;

  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_rectangle (cairo, x, y, width, height);
  cairo_fill_preserve (cairo);
  cairo_set_source_rgb (cairo, 0.15, 0.15, 0.15);
  cairo_set_line_width (cairo, 3);
  cairo_stroke (cairo);
  /* A door in the lower wall, and the way it opens. */
  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_rectangle (cairo, x + 20, y + height - 3, 32, 6);
  cairo_fill (cairo);
  cairo_set_source_rgb (cairo, 0.4, 0.4, 0.4);
  cairo_set_line_width (cairo, 0.8);
  cairo_move_to (cairo, x + 20, y + height);
  cairo_line_to (cairo, x + 20, y + height - 32);
  cairo_arc (cairo, x + 20, y + height, 32, -G_PI / 2, 0);
  cairo_stroke (cairo);
  cairo_set_source_rgb (cairo, 0, 0, 0);
  cairo_set_font_size (cairo, 13);
  cairo_text_extents (cairo, name, &size);
  cairo_move_to (cairo, x + (width - size.width) / 2, y + height / 2);
  cairo_show_text (cairo, name);
}

static char *
draw_plan (void)
{
  static const struct
  {
    const char *name;
    double x, y, width, height;
  } rooms[] = {
    { "101 Gymsal", 60, 110, 300, 240 },        { "102 Lager", 360, 110, 120, 110 },
    { "103 Garderobe", 360, 220, 120, 130 },    { "104 Klasserom 4A", 480, 110, 170, 160 },
    { "105 Klasserom 4B", 650, 110, 130, 160 }, { "106 Gang", 480, 270, 300, 80 },
    { "107 Teknisk", 60, 350, 140, 130 },       { "108 Klasserom 5A", 200, 350, 200, 130 },
    { "109 Klasserom 5B", 400, 350, 190, 130 }, { "110 Personalrom", 590, 350, 190, 130 },
  };
  char *path = g_build_filename (g_get_tmp_dir (), "plan-1-etasje.pdf", NULL);
  cairo_surface_t *surface = cairo_pdf_surface_create (path, 842, 595);
  cairo_t *cairo = cairo_create (surface);

  cairo_select_font_face (cairo, "Cantarell", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size (cairo, 22);
  cairo_move_to (cairo, 60, 70);
  cairo_show_text (cairo, "Dale barneskole · 1. etasje");
  cairo_select_font_face (cairo, "Cantarell", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++)
    draw_room (cairo, rooms[i].name, rooms[i].x, rooms[i].y, rooms[i].width, rooms[i].height);
  cairo_set_font_size (cairo, 10);
  cairo_move_to (cairo, 60, 540);
  cairo_show_text (cairo, "Tegning A-101 · målestokk 1:200");
  cairo_show_page (cairo);
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
  return path;
}

static gboolean
has_plan (gpointer data)
{
  Album *self = data;

  return find_row (GTK_WIDGET (self->window), PLAN) != NULL;
}

static void
add_plan (Album *self)
{
  g_autofree char *path = draw_plan ();
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (PkRecord)
      building = pk_library_find (self->world.library, PK_ENTITY_BUILDING, &self->world.building);
  g_autoptr (PkCommand)
      command = pk_add_document_command_new (building, file, PK_DOCUMENT_KIND_DRAWING, PLAN);

  pk_window_show_place (self->window, "documents");
  pk_client_run (self->world.client, command);
  world_wait (has_plan, self);
}

static void
set_look (void)
{
  g_object_set (gtk_settings_get_default (),
                "gtk-font-name",
                "Cantarell 11",
                "gtk-xft-antialias",
                1,
                "gtk-xft-hinting",
                0,
                "gtk-cursor-blink",
                FALSE,
                NULL);
}

int
main (int argc, char *argv[])
{
  Album self = { .folder = argc > 1 ? argv[1] : "." };

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("PK_PO_DIR") ? g_getenv ("PK_PO_DIR") : "po");
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  adw_init ();
  display_load_style ();
  set_look ();

  world_set_up (&self.world, WORLD_FULL);
  open_window (&self);
  open_row (&self, "my-day", "Bytt pære i gymsalen");
  take (&self, "my-day.png");
  open_row (&self, "buildings", "Dale barneskole");
  take (&self, "building.png");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      ADW_COLOR_SCHEME_FORCE_DARK);
  open_row (&self, "tasks", "Bytt pære i gymsalen");
  take (&self, "dark.png");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      ADW_COLOR_SCHEME_FORCE_LIGHT);
  world_set_stand (&self.world, PK_STAND_OFFLINE);
  open_row (&self, "my-day", "Strø og rydd hovedinngangen (2 sekker)");
  take (&self, "offline.png");
  add_plan (&self);
  close_window (&self);
  world_set_stand (&self.world, PK_STAND_UP_TO_DATE);
  open_window (&self);
  open_row (&self, "documents", PLAN);
  take (&self, "document.png");
  close_window (&self);
  world_tear_down (&self.world);
  return 0;
}

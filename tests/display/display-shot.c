/* Windows as pictures, in process: a paintable of the window, drawn by its own renderer. */
#include "config.h"

#include "display-shot.h"

#include <adwaita.h>

static gboolean
tick_cb (GtkWidget *widget G_GNUC_UNUSED, GdkFrameClock *clock G_GNUC_UNUSED, gpointer data)
{
  guint *n_frames = data;

  (*n_frames)++;
  return G_SOURCE_CONTINUE;
}

/* Some frames, so that queries have answered, folds have folded and fades are over. */
void
display_settle (GtkWidget *window)
{
  guint n_frames = 0;
  guint id = gtk_widget_add_tick_callback (window, tick_cb, &n_frames, NULL);

  while (n_frames < 40)
    g_main_context_iteration (NULL, TRUE);
  gtk_widget_remove_tick_callback (window, id);
}

static void
shoot (GtkWidget *window, const graphene_rect_t *part, const char *path)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  int width = gtk_widget_get_width (window), height = gtk_widget_get_height (window);
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));
  g_autoptr (GdkTexture) texture = gsk_renderer_render_texture (renderer, node, part);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}

void
display_shot (GtkWidget *window, const char *path)
{
  shoot (window,
         &GRAPHENE_RECT_INIT (0,
                              0,
                              (float) gtk_widget_get_width (window),
                              (float) gtk_widget_get_height (window)),
         path);
}

/* What is in the window, without the frame around it. */
void
display_shot_content (GtkWidget *window, const char *path)
{
  GtkWidget *content = adw_application_window_get_content (ADW_APPLICATION_WINDOW (window));
  graphene_rect_t part;

  g_assert_true (gtk_widget_compute_bounds (content, window, &part));
  shoot (window, &part, path);
}

/* The window that was opened last. */
GtkWidget *
display_get_top (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWidget *top = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      if (gtk_widget_get_visible (window) &&
          (top == NULL || gtk_window_get_transient_for (GTK_WINDOW (window)) != NULL))
        top = window;
    }
  return top;
}

static GtkWidget *
find_inside (GtkWidget *from, GType type)
{
  if (type != 0 && g_type_is_a (G_OBJECT_TYPE (from), type) && gtk_widget_get_mapped (from))
    return from;
  for (GtkWidget *child = gtk_widget_get_last_child (from); child != NULL;
       child = gtk_widget_get_prev_sibling (child))
    {
      GtkWidget *found = find_inside (child, type);
      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The dialog that was opened last: a window of its own, or, where libadwaita has such, in the window. NULL where there is none. */
GtkWidget *
display_get_dialog (GtkWidget *window)
{
  GtkWidget *top = display_get_top ();

  display_settle (top);
  return top != window ? top : find_inside (window, g_type_from_name ("AdwDialog"));
}

/* As the person does with Escape. */
void
display_close_dialog (GtkWidget *dialog)
{
  g_assert_true (gtk_widget_activate_action (dialog, "window.close", NULL));
}

/* What GtkApplication does by itself, for tests without one. */
void
display_load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  GdkDisplay *display = gdk_display_get_default ();

  gtk_css_provider_load_from_resource (provider, "/no/kommune/kristiansund/Pakobla/style.css");
  gtk_style_context_add_provider_for_display (display,
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display),
                                    "/no/kommune/kristiansund/Pakobla/icons");
  gtk_icon_theme_add_search_path (gtk_icon_theme_get_for_display (display), PK_TEST_ICON_DIR);
}

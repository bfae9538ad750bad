/* A page in a window; see the header. */
#include "config.h"

#include "display-page.h"

#include "display-shot.h"
#include "pk-page.h"

#include <adwaita.h>

static void
acted_cb (Shown *self)
{
  self->n_acted++;
}

static gboolean
has_acted (gpointer data)
{
  const Shown *self = data;

  return self->n_acted >= self->n_awaited;
}

static GLogFunc say_otherwise;

/* GTK 4.8: a tooltip that was on its way is asked for its place, also where its popover has closed meanwhile. Nothing of ours can stop it. */
static gboolean
is_fatal (const char *domain,
          G_GNUC_UNUSED GLogLevelFlags level,
          const char *message,
          G_GNUC_UNUSED gpointer data)
{
  if (g_strcmp0 (domain, "Gdk") == 0)
    return !g_str_has_prefix (message, "gdk_surface_get_device_position:");
  return g_strcmp0 (domain, "Gtk") != 0 ||
         !g_str_has_prefix (message, "_gtk_widget_find_at_coords:");
}

static void
say (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  if (is_fatal (domain, level, message, NULL))
    say_otherwise (domain, level, message, data);
}

/* The handler of what is fatal holds for one test. */
static void
excuse_tooltips (void)
{
  if (say_otherwise == NULL)
    say_otherwise = g_log_set_default_handler (say, NULL);
  g_test_log_set_fatal_handler (is_fatal, NULL);
}

/**
 * shown_open:
 * @self: with a world that is set up
 * @page: (transfer floating): a page
 * @id: (nullable): the record that it shows
 *
 * Shows a page and lets it draw.
 */
void
shown_open (Shown *self, GtkWidget *page, const PkId *id)
{
  excuse_tooltips ();
  self->page = page;
  self->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), 720, 900);
  g_signal_connect_swapped (self->world.client, "acted", G_CALLBACK (acted_cb), self);
  adw_window_set_content (ADW_WINDOW (self->window), page);
  if (id != NULL)
    pk_page_show_record (PK_PAGE (page), id);
  gtk_window_present (GTK_WINDOW (self->window));
  display_settle (self->window);
}

/**
 * shown_wait_acted:
 * @self: a page that is shown
 * @n: how many acts
 *
 * Waits until as many acts have been told of since the page was opened: each is written then, and can be taken back.
 */
void
shown_wait_acted (Shown *self, guint n)
{
  self->n_awaited = n;
  world_wait (has_acted, self);
}

/**
 * shown_undo:
 * @self: a page where something was done
 *
 * Takes back what was done last.
 */
void
shown_undo (Shown *self)
{
  g_assert_true (pk_client_undo (self->world.client));
}

/**
 * shown_close:
 * @self: a page that is shown
 *
 * Takes page and world away.
 */
void
shown_close (Shown *self)
{
  g_signal_handlers_disconnect_by_data (self->world.client, self);
  gtk_window_destroy (GTK_WINDOW (self->window));
  world_tear_down (&self->world);
}

/**
 * shown_find_task:
 * @self: a page that is shown
 *
 * Returns: (transfer full): the world's task as it is now
 */
PkRecord *
shown_find_task (Shown *self)
{
  return pk_library_find (self->world.library, PK_ENTITY_TASK, &self->world.task);
}

/**
 * find_widget:
 * @from: where to begin
 * @type: what to look for
 *
 * Returns: (transfer none) (nullable): the first one
 */
GtkWidget *
find_widget (GtkWidget *from, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (from), type))
    return from;
  for (GtkWidget *child = gtk_widget_get_first_child (from); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);
      if (found != NULL)
        return found;
    }
  return NULL;
}

/**
 * collect_widgets:
 * @from: where to begin
 * @type: what to look for
 * @found: (inout): gets them
 *
 * Finds all, in the order of the tree.
 */
void
collect_widgets (GtkWidget *from, GType type, GPtrArray *found)
{
  if (g_type_is_a (G_OBJECT_TYPE (from), type))
    g_ptr_array_add (found, from);
  for (GtkWidget *child = gtk_widget_get_first_child (from); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_widgets (child, type, found);
}

/**
 * has_label:
 * @from: where to look
 * @text: what must stand there
 *
 * Returns: whether a label below @from says @text
 */
gboolean
has_label (GtkWidget *from, const char *text)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();

  collect_widgets (from, GTK_TYPE_LABEL, labels);
  for (guint i = 0; i < labels->len; i++)
    if (g_strcmp0 (gtk_label_get_label (labels->pdata[i]), text) == 0)
      return TRUE;
  return FALSE;
}

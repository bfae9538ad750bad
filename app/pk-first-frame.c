/*
 * For measuring: where the environment names a file in PAKOBLA_FIRST_FRAME, the time of the first frame that shows rows (or says that
 * there are none) is written there, and what the main thread has worked until then. Main thread.
 */
#include "config.h"

#include "pk-first-frame.h"

#include "pk-row-list.h"

#include <time.h>

/* Rows on the screen, or the words that stand where there are none; what still loads is neither. */
static gboolean
is_usable (GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (GTK_IS_LIST_VIEW (widget))
    return gtk_widget_get_first_child (widget) != NULL;
  if (GTK_IS_STACK (widget) && PK_IS_ROW_LIST (gtk_widget_get_parent (widget)) &&
      g_str_equal (gtk_stack_get_visible_child_name (GTK_STACK (widget)), "empty"))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (is_usable (child))
      return TRUE;
  return FALSE;
}

static void
painted_cb (GtkWidget *window, GdkFrameClock *clock)
{
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;
  struct timespec worked;

  if (!is_usable (window))
    return;
  g_signal_handlers_disconnect_by_func (clock, painted_cb, window);
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &worked);
  line = g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                          g_get_monotonic_time (),
                          (gint64) worked.tv_sec * G_USEC_PER_SEC + worked.tv_nsec / 1000);
  if (!g_file_set_contents (g_getenv ("PAKOBLA_FIRST_FRAME"), line, -1, &error))
    g_warning ("Writing the time of the first frame: %s", error->message);
}

static void
realized_cb (GtkWidget *window)
{
  g_signal_connect_object (gtk_widget_get_frame_clock (window),
                           "after-paint",
                           G_CALLBACK (painted_cb),
                           window,
                           G_CONNECT_SWAPPED);
}

/**
 * pk_first_frame_watch:
 * @window: not shown yet
 *
 * Writes the monotonic time of the first usable frame and the main thread's own time, in µs, to the file that PAKOBLA_FIRST_FRAME names.
 * Does nothing where it names none.
 */
void
pk_first_frame_watch (GtkWindow *window)
{
  if (g_getenv ("PAKOBLA_FIRST_FRAME") != NULL)
    g_signal_connect (window, "realize", G_CALLBACK (realized_cb), NULL);
}

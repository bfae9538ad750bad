/* The least that a program of this kind can be: an empty window. Writes where PAKOBLA_FIRST_FRAME says what the client writes there. */
#include "config.h"

#include <adwaita.h>
#include <time.h>

static void
painted_cb (GtkWidget *window, GdkFrameClock *clock)
{
  g_autofree char *line = NULL;
  struct timespec worked;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &worked);
  line = g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                          g_get_monotonic_time (),
                          (gint64) worked.tv_sec * G_USEC_PER_SEC + worked.tv_nsec / 1000);
  g_signal_handlers_disconnect_by_func (clock, painted_cb, window);
  g_file_set_contents (g_getenv ("PAKOBLA_FIRST_FRAME"), line, -1, NULL);
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

static void
activated_cb (GtkApplication *application)
{
  GtkWidget *window = adw_application_window_new (application);

  gtk_window_set_default_size (GTK_WINDOW (window), 1100, 700);
  g_signal_connect (window, "realize", G_CALLBACK (realized_cb), NULL);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_autoptr (AdwApplication) application =
      adw_application_new ("no.kommune.kristiansund.PakoblaEmpty", G_APPLICATION_DEFAULT_FLAGS);

  g_signal_connect (application, "activate", G_CALLBACK (activated_cb), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}

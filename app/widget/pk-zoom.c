/* What views that zoom have in common. Zoom 1 is what fits the view. Main thread. */
#include "config.h"

#include "pk-zoom.h"

#include <math.h>

#define STEP 1.25

/**
 * pk_zoom_install:
 * @widget_class: of a view
 * @activate: what its actions do; see pk_zoom_after_action()
 *
 * Gives the view its actions and their keys, with and without Control.
 */
void
pk_zoom_install (GtkWidgetClass *widget_class, GtkWidgetActionActivateFunc activate)
{
  const struct
  {
    guint key;
    const char *action;
  } keys[] = { { GDK_KEY_plus, "view.zoom-in" },         { GDK_KEY_equal, "view.zoom-in" },
               { GDK_KEY_KP_Add, "view.zoom-in" },       { GDK_KEY_minus, "view.zoom-out" },
               { GDK_KEY_KP_Subtract, "view.zoom-out" }, { GDK_KEY_0, "view.zoom-fit" },
               { GDK_KEY_KP_0, "view.zoom-fit" } };

  gtk_widget_class_install_action (widget_class, "view.zoom-in", NULL, activate);
  gtk_widget_class_install_action (widget_class, "view.zoom-out", NULL, activate);
  gtk_widget_class_install_action (widget_class, "view.zoom-fit", NULL, activate);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gtk_widget_class_add_binding_action (widget_class, keys[i].key, 0, keys[i].action, NULL);
      gtk_widget_class_add_binding_action (widget_class,
                                           keys[i].key,
                                           GDK_CONTROL_MASK,
                                           keys[i].action,
                                           NULL);
    }
}

/**
 * pk_zoom_after_action:
 * @zoom: as it is
 * @action: the name of one of the actions
 *
 * Returns: the zoom that the action asks for, not yet within bounds
 */
double
pk_zoom_after_action (double zoom, const char *action)
{
  if (g_str_equal (action, "view.zoom-in"))
    return zoom * STEP;
  return g_str_equal (action, "view.zoom-out") ? zoom / STEP : 1;
}

/**
 * pk_zoom_after_scroll:
 * @zoom: as it is
 * @dy: how far the wheel was turned
 *
 * Returns: the zoom that the wheel asks for, not yet within bounds
 */
double
pk_zoom_after_scroll (double zoom, double dy)
{
  return zoom * pow (STEP, -dy);
}

/**
 * pk_zoom_is_asked:
 * @scroll: a controller that tells of scrolling just now
 *
 * Returns: whether the person holds Control, so that the wheel zooms
 */
gboolean
pk_zoom_is_asked (GtkEventController *scroll)
{
  return (gtk_event_controller_get_current_event_state (scroll) & GDK_CONTROL_MASK) != 0;
}

/**
 * pk_zoom_update_actions:
 * @view: a view
 * @zoom: as it is; 0 where there is nothing to zoom
 * @least: the least zoom
 * @most: the greatest zoom
 *
 * Enables what makes a difference.
 */
void
pk_zoom_update_actions (GtkWidget *view, double zoom, double least, double most)
{
  gtk_widget_action_set_enabled (view, "view.zoom-in", zoom > 0 && zoom < most);
  gtk_widget_action_set_enabled (view, "view.zoom-out", zoom > least);
  gtk_widget_action_set_enabled (view, "view.zoom-fit", zoom > 0 && fabs (zoom - 1) > 0.01);
}

/**
 * pk_zoom_add_failed_signal:
 * @type: of a view
 *
 * Gives the view the signal "failed": the file is not what it can show.
 *
 * Returns: the signal's number
 */
guint
pk_zoom_add_failed_signal (GType type)
{
  return g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

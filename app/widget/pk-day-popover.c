/* A popover with a calendar. It closes itself when a day was chosen. Main thread. */
#include "config.h"

#include "pk-day-popover.h"

#include <glib/gi18n.h>

static void
choose (GtkWidget *popover, const char *day)
{
  const char *action = g_object_get_data (G_OBJECT (popover), "action");

  gtk_widget_activate_action (popover, action, "s", day);
  gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
day_selected_cb (GtkCalendar *calendar, GtkWidget *popover)
{
  g_autoptr (GDateTime) date = gtk_calendar_get_date (calendar);
  g_autofree char *day = g_date_time_format (date, "%Y-%m-%d");

  choose (popover, day);
}

static void
clear_cb (GtkWidget *popover)
{
  choose (popover, "");
}

/**
 * pk_day_popover_new:
 * @action: an action that takes a string
 *
 * Makes a popover to choose a day in.
 *
 * Returns: (transfer floating): the popover
 */
GtkWidget *
pk_day_popover_new (const char *action)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *calendar = gtk_calendar_new ();
  GtkWidget *clear = gtk_button_new_with_mnemonic (_ ("_No date"));

  g_object_set_data_full (G_OBJECT (popover), "action", g_strdup (action), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (calendar),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Calendar"),
                                  -1);
  gtk_widget_add_css_class (clear, "flat");
  g_signal_connect_object (calendar, "day-selected", G_CALLBACK (day_selected_cb), popover, 0);
  g_signal_connect_object (clear, "clicked", G_CALLBACK (clear_cb), popover, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), calendar);
  gtk_box_append (GTK_BOX (box), clear);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  return popover;
}

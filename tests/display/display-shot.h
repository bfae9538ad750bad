#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Lets a window draw what it holds, and writes it as it looks. */
void display_settle (GtkWidget *window);
void display_shot (GtkWidget *window, const char *path);
void display_shot_content (GtkWidget *window, const char *path);
GtkWidget *display_get_top (void);
GtkWidget *display_get_dialog (GtkWidget *window);
void display_close_dialog (GtkWidget *dialog);
void display_load_style (void);

G_END_DECLS

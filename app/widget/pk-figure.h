#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A figure and the word for it, as a button that opens the rows behind it. Several stand side by side in a box. */
#define PK_TYPE_FIGURE (pk_figure_get_type ())
G_DECLARE_FINAL_TYPE (PkFigure, pk_figure, PK, FIGURE, GtkButton)

GtkWidget *pk_figure_new (const char *word, const char *detailed_action);
void pk_figure_set_value (PkFigure *self, const char *value);
void pk_figure_set_number (PkFigure *self, gint64 number);
void pk_figure_set_is_bad (PkFigure *self, gboolean is_bad);

G_END_DECLS

#pragma once

#include "display-world.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A page in a window over a small municipality, and looking for widgets in it. */
typedef struct
{
  World world;
  GtkWidget *window;
  GtkWidget *page;
  PkId id;         /* of what a condition looks for */
  guint n_acted;   /* how often a toast told that something was done */
  guint n_awaited; /* see shown_wait_acted() */
} Shown;

void shown_open (Shown *self, GtkWidget *page, const PkId *id);
void shown_close (Shown *self);
void shown_wait_acted (Shown *self, guint n);
void shown_undo (Shown *self);
PkRecord *shown_find_task (Shown *self);

/* The first widget of a type below @from, in the order of the tree; all of them. */
GtkWidget *find_widget (GtkWidget *from, GType type);
void collect_widgets (GtkWidget *from, GType type, GPtrArray *found);
gboolean has_label (GtkWidget *from, const char *text);

G_END_DECLS

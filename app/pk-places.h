#pragma once

#include "pk-window.h"

G_BEGIN_DECLS

/* A place in the sidebar. */
typedef struct
{
  const char *name;
  const char *label; /* msgid */
  const char *icon_name;
  GtkWidget *(*make) (PkWindow *window);
} PkPlace;

/* What opens in the detail pane for the records of an entity. */
typedef struct
{
  guint entity;
  const char *name;
  GtkWidget *(*make) (PkWindow *window);
} PkDetailKind;

/* The one table of what the window can show. */
const PkPlace *pk_places_get (guint *n_out);
GtkWidget *pk_places_new_row (const PkPlace *place);
const PkPlace *pk_places_find (const char *name);
const PkDetailKind *pk_places_find_detail (guint entity);
GtkWidget *pk_places_make_search (PkWindow *window);
void pk_places_search (GtkWidget *page, const char *text);

G_END_DECLS

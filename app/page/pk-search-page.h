#pragma once

#include "pk-client.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What was found for some words, over everything that is here; answers while the person types. Stands in the list pane (#PkPage). */
#define PK_TYPE_SEARCH_PAGE (pk_search_page_get_type ())
G_DECLARE_FINAL_TYPE (PkSearchPage, pk_search_page, PK, SEARCH_PAGE, GtkWidget)

GtkWidget *pk_search_page_new (PkClient *client);
void pk_search_page_set_text (PkSearchPage *self, const char *text);

G_END_DECLS

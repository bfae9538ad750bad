#pragma once

#include "pk-client.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The place "Documents": all documents of the person's tasks and buildings, and a search over them. */
#define PK_TYPE_DOCUMENTS_PAGE (pk_documents_page_get_type ())
G_DECLARE_FINAL_TYPE (PkDocumentsPage, pk_documents_page, PK, DOCUMENTS_PAGE, GtkWidget)

GtkWidget *pk_documents_page_new (PkClient *client);
void pk_documents_page_search (PkDocumentsPage *self, const char *text);

G_END_DECLS

#pragma once

#include "pk-record-page.h"

G_BEGIN_DECLS

/* One document: its content where it can be shown (PDF, pictures, drawings), what is known of it, and where its content is. */
#define PK_TYPE_DOCUMENT_PAGE (pk_document_page_get_type ())
G_DECLARE_FINAL_TYPE (PkDocumentPage, pk_document_page, PK, DOCUMENT_PAGE, PkRecordPage)

GtkWidget *pk_document_page_new (PkClient *client);
const char *pk_document_page_get_shown (PkDocumentPage *self);

G_END_DECLS

#pragma once

#include "pk-client.h"
#include "pk-record-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * What becomes of a document's content outside the page: a copy where the person wants one, another program, paper. Each takes the
 * content as it is now, and says itself where it fails. Main thread; files are copied on other threads.
 */
void pk_document_file_save (PkRecordItem *document,
                            GtkWidget *from,
                            PkClient *client,
                            GCancellable *cancellable);
void pk_document_file_open_with (PkRecordItem *document,
                                 GtkWidget *from,
                                 PkClient *client,
                                 GCancellable *cancellable);
void pk_document_file_print (PkRecordItem *document,
                             GtkWidget *from,
                             PkClient *client,
                             GCancellable *cancellable);

char *pk_document_file_dup_name (PkRecordItem *document);
GFile *pk_document_file_lend (const char *path, const char *name, GError **error);

G_END_DECLS

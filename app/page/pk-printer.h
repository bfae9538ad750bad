#pragma once

#include "pk-client.h"
#include "pk-pdf.h"
#include "pk-picture.h"
#include "pk-sheet.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * From what is to be on paper to GTK's print dialog, which is the portal's inside Flatpak and writes PDF as well. pk_printer_run() shows
 * it; a test runs the operation itself. Main thread.
 */
GtkPrintOperation *pk_printer_new_for_sheet (PkSheet *sheet);
GtkPrintOperation *pk_printer_new_for_pdf (PkPdf *pdf, const char *name);
GtkPrintOperation *pk_printer_new_for_picture (const PkPicture *picture, const char *name);
void pk_printer_run (GtkPrintOperation *operation, GtkWidget *from, PkClient *client);
void pk_printer_print_list (GtkWidget *from,
                            PkClient *client,
                            const char *title,
                            const char *about,
                            GListModel *rows);

G_END_DECLS

#pragma once

#include "pk-client.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Who somebody is and how to reach them. A detail (#PkPage). */
#define PK_TYPE_PERSON_PAGE (pk_person_page_get_type ())
G_DECLARE_FINAL_TYPE (PkPersonPage, pk_person_page, PK, PERSON_PAGE, GtkWidget)

GtkWidget *pk_person_page_new (PkClient *client);

G_END_DECLS

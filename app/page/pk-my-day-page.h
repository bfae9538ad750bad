#pragma once

#include "pk-client.h"
#include "pk-sync-model.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What to do now, soon, and what waits; the figures of the day; what needs attention after sync. A place (#PkPage). */
#define PK_TYPE_MY_DAY_PAGE (pk_my_day_page_get_type ())
G_DECLARE_FINAL_TYPE (PkMyDayPage, pk_my_day_page, PK, MY_DAY_PAGE, GtkWidget)

GtkWidget *pk_my_day_page_new (PkClient *client, PkSyncModel *sync);

G_END_DECLS

#pragma once

#include "pk-client.h"
#include "pk-outbox-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One change in the sync dialog: what it was, why it was refused or what it met, and what the person can do about it. */
GtkWidget *pk_outbox_card_new (PkClient *client, PkOutboxItem *item, PkOutboxItemKind kind);

G_END_DECLS

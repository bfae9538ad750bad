/*
 * The dialog behind the sync pill. Read anew when the outbox changes; what is looked at here as merged counts as seen. While the
 * person writes in it nothing is rebuilt under the fingers. Main thread.
 */
#include "config.h"

#include "pk-sync-dialog.h"

#include "pk-compat.h"
#include "pk-model-tables.h"
#include "pk-outbox-card.h"
#include "pk-section.h"
#include "pk-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define MAX_SHOWN 50

#define PK_TYPE_SYNC_DIALOG (pk_sync_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PkSyncDialog, pk_sync_dialog, PK, SYNC_DIALOG, AdwWindow)

struct _PkSyncDialog
{
  AdwWindow parent_instance;
  GtkWidget *icon;
  GtkWidget *heading;
  GtkWidget *explanation;
  GtkWidget *sign_in;
  GtkWidget *sections;
  PkClient *client;  /* (owned) (nullable) */
  PkSyncModel *sync; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (PkSyncDialog, pk_sync_dialog, ADW_TYPE_WINDOW)

static void
show_sync (PkSyncDialog *self)
{
  PkStand stand = pk_sync_model_get (self->sync)->stand;

  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), pk_sync_model_get_icon_name (self->sync));
  gtk_label_set_label (GTK_LABEL (self->heading), pk_sync_model_get_text (self->sync));
  gtk_label_set_label (GTK_LABEL (self->explanation), pk_sync_model_get_explanation (self->sync));
  gtk_widget_set_visible (self->sign_in,
                          stand == PK_STAND_SIGN_IN_NEEDED || stand == PK_STAND_REVOKED);
}

static void
add_section (PkSyncDialog *self, const char *title, PkOutboxItemKind kind)
{
  PkLibrary *library = pk_client_get_library (self->client);
  g_autoptr (GPtrArray) items = pk_outbox_item_list (library, kind, MAX_SHOWN);

  if (items->len == 0)
    return;
  GtkWidget *section = pk_section_new (title);
  for (guint i = 0; i < items->len; i++)
    {
      pk_section_append (PK_SECTION (section),
                         pk_outbox_card_new (self->client, items->pdata[i], kind));
      if (kind == PK_OUTBOX_ITEM_MERGED)
        pk_outbox_item_mark_seen (items->pdata[i], library);
    }
  gtk_box_append (GTK_BOX (self->sections), section);
}

static void
show_outbox (PkSyncDialog *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->sections)) != NULL)
    gtk_box_remove (GTK_BOX (self->sections), child);
  add_section (self, _ ("Needs you"), PK_OUTBOX_ITEM_ATTENTION);
  add_section (self, _ ("Merged"), PK_OUTBOX_ITEM_MERGED);
  add_section (self, _ ("Waits to be sent"), PK_OUTBOX_ITEM_WAITING);
  if (gtk_widget_get_first_child (self->sections) == NULL)
    gtk_box_append (GTK_BOX (self->sections),
                    pk_empty_new ("pk-sync-done-symbolic",
                                  _ ("Nothing waits"),
                                  _ ("What you do is sent at once while there is network."),
                                  NULL,
                                  NULL));
}

static void
library_changed_cb (PkSyncDialog *self, guint64 entities)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if ((entities & (PK_LIBRARY_OUTBOX | PK_LIBRARY_BIT (PK_ENTITY_HISTORY))) &&
      (focus == NULL || !GTK_IS_TEXT (focus)))
    show_outbox (self);
}

static void
sync_now_cb (PkSyncDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "app.sync-now", NULL);
}

static gboolean
close_cb (GtkWidget *widget, GVariant *arguments G_GNUC_UNUSED, gpointer user_data G_GNUC_UNUSED)
{
  gtk_window_close (GTK_WINDOW (widget));
  return TRUE;
}

static void
pk_sync_dialog_dispose (GObject *object)
{
  PkSyncDialog *self = PK_SYNC_DIALOG (object);

  g_clear_object (&self->sync);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (pk_sync_dialog_parent_class)->dispose (object);
}

static void
pk_sync_dialog_class_init (PkSyncDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pk_sync_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/no/kommune/kristiansund/Pakobla/sync-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PkSyncDialog, icon);
  gtk_widget_class_bind_template_child (widget_class, PkSyncDialog, heading);
  gtk_widget_class_bind_template_child (widget_class, PkSyncDialog, explanation);
  gtk_widget_class_bind_template_child (widget_class, PkSyncDialog, sign_in);
  gtk_widget_class_bind_template_child (widget_class, PkSyncDialog, sections);
  gtk_widget_class_bind_template_callback (widget_class, sync_now_cb);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, close_cb, NULL);
}

static void
pk_sync_dialog_init (PkSyncDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pk_compat_name_buttons (GTK_WIDGET (self));
}

/**
 * pk_sync_dialog_present:
 * @parent: the window that asks
 * @client: what pages get
 * @sync: how it stands
 *
 * Shows how it stands with sync.
 *
 * Returns: (transfer none): the dialog
 */
GtkWidget *
pk_sync_dialog_present (GtkWindow *parent, PkClient *client, PkSyncModel *sync)
{
  PkSyncDialog *self = g_object_new (PK_TYPE_SYNC_DIALOG,
                                     "transient-for",
                                     parent,
                                     "modal",
                                     TRUE,
                                     "application",
                                     gtk_window_get_application (parent),
                                     NULL);

  self->client = g_object_ref (client);
  self->sync = g_object_ref (sync);
  g_signal_connect_object (sync, "changed", G_CALLBACK (show_sync), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (pk_client_get_library (client),
                           "changed",
                           G_CALLBACK (library_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  show_sync (self);
  show_outbox (self);
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WIDGET (self);
}

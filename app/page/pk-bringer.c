/* Drop, paste and choose, for every widget that takes files. Main thread. */
#include "config.h"

#include "pk-bringer.h"

#include "pk-compat.h"

#include <glib/gi18n.h>

struct _PkBringer
{
  GObject parent_instance;
  GtkWidget *widget;         /* (nullable): NULL after stop */
  PkClient *client;          /* (owned) */
  GCancellable *cancellable; /* (owned) */
};

G_DEFINE_FINAL_TYPE (PkBringer, pk_bringer, G_TYPE_OBJECT)

enum
{
  SIGNAL_FILE,
  SIGNAL_PICTURE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
bring_value (PkBringer *self, const GValue *value)
{
  if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    {
      g_autoptr (GBytes) png = gdk_texture_save_to_png_bytes (g_value_get_object (value));
      g_signal_emit (self, signals[SIGNAL_PICTURE], 0, png);
      return TRUE;
    }
  GdkFileList *list = g_value_get_boxed (value);
  g_autoptr (GSList) files = list != NULL ? gdk_file_list_get_files (list) : NULL;
  for (GSList *l = files; l != NULL; l = l->next)
    g_signal_emit (self, signals[SIGNAL_FILE], 0, l->data);
  return files != NULL;
}

static gboolean
drop_cb (PkBringer *self, const GValue *value, double x G_GNUC_UNUSED, double y G_GNUC_UNUSED)
{
  return self->widget != NULL && bring_value (self, value);
}

static void
chosen_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkBringer) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = pk_compat_open_file_finish (result, &error);

  if (file != NULL && self->widget != NULL)
    g_signal_emit (self, signals[SIGNAL_FILE], 0, file);
}

static void
clipboard_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkBringer) self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, &error);

  if (self->widget == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (value == NULL || !bring_value (self, value))
    pk_client_say (self->client, _ ("There is no picture or file on the clipboard."));
}

static void
pk_bringer_dispose (GObject *object)
{
  PkBringer *self = PK_BRINGER (object);

  pk_bringer_stop (self);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (pk_bringer_parent_class)->dispose (object);
}

static void
pk_bringer_finalize (GObject *object)
{
  g_clear_object (&PK_BRINGER (object)->cancellable);
  G_OBJECT_CLASS (pk_bringer_parent_class)->finalize (object);
}

static guint
new_signal (const char *name, GType type)
{
  return g_signal_new (name,
                       PK_TYPE_BRINGER,
                       G_SIGNAL_RUN_LAST,
                       0,
                       NULL,
                       NULL,
                       NULL,
                       G_TYPE_NONE,
                       1,
                       type);
}

static void
pk_bringer_class_init (PkBringerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_bringer_dispose;
  G_OBJECT_CLASS (klass)->finalize = pk_bringer_finalize;
  signals[SIGNAL_FILE] = new_signal ("file", G_TYPE_FILE);
  signals[SIGNAL_PICTURE] = new_signal ("picture", G_TYPE_BYTES);
}

static void
pk_bringer_init (PkBringer *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * pk_bringer_new:
 * @widget: what files are dropped on; calls pk_bringer_stop() before it goes
 * @client: says where there is nothing to paste
 *
 * Returns: (transfer full): what brings files to @widget
 */
PkBringer *
pk_bringer_new (GtkWidget *widget, PkClient *client)
{
  PkBringer *self = g_object_new (PK_TYPE_BRINGER, NULL);
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  GType types[] = { GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE };

  self->widget = widget;
  self->client = g_object_ref (client);
  gtk_drop_target_set_gtypes (drop, types, G_N_ELEMENTS (types));
  g_signal_connect_object (drop, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drop));
  return self;
}

/**
 * pk_bringer_choose:
 * @self: what brings files
 * @title: of the dialog
 *
 * Lets the person choose a file.
 */
void
pk_bringer_choose (PkBringer *self, const char *title)
{
  g_return_if_fail (PK_IS_BRINGER (self));

  if (self->widget != NULL)
    pk_compat_open_file_async (self->widget,
                               title,
                               NULL,
                               self->cancellable,
                               chosen_cb,
                               g_object_ref (self));
}

/**
 * pk_bringer_paste:
 * @self: what brings files
 *
 * Brings the picture, or the files, that lie on the clipboard.
 */
void
pk_bringer_paste (PkBringer *self)
{
  g_return_if_fail (PK_IS_BRINGER (self));

  if (self->widget == NULL)
    return;
  GdkClipboard *clipboard = gtk_widget_get_clipboard (self->widget);
  gboolean is_files = gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard),
                                                         GDK_TYPE_FILE_LIST);
  gdk_clipboard_read_value_async (clipboard,
                                  is_files ? GDK_TYPE_FILE_LIST : GDK_TYPE_TEXTURE,
                                  G_PRIORITY_DEFAULT,
                                  self->cancellable,
                                  clipboard_read_cb,
                                  g_object_ref (self));
}

/**
 * pk_bringer_stop:
 * @self: what brings files
 *
 * Brings nothing more; what is under way is dropped.
 */
void
pk_bringer_stop (PkBringer *self)
{
  g_return_if_fail (PK_IS_BRINGER (self));
  self->widget = NULL;
  g_cancellable_cancel (self->cancellable);
}

/**
 * pk_bringer_is_photo:
 * @file: what was brought
 *
 * Returns: whether it is a picture of pixels, by its name; anything else is a document
 */
gboolean
pk_bringer_is_photo (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *type = g_content_type_guess (name, NULL, 0, NULL);
  g_autofree char *media_type = g_content_type_get_mime_type (type);

  return media_type != NULL && g_str_has_prefix (media_type, "image/") &&
         !g_str_has_prefix (media_type, "image/svg");
}

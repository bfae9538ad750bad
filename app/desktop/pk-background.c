/*
 * Starting without a window when the person signs in to the computer. The portal is one call and one answer (org.freedesktop.portal.Background,
 * org.freedesktop.portal.Request), which is too little for a library: libportal would not tell whether only the start was refused. The
 * signal of the answer is listened to before the call, at the path that the portal derives from our name on the bus. Main thread.
 */
#include "config.h"

#include "pk-background.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define TOKEN       "pakobla_background"

struct _PkBackground
{
  GObject parent_instance;
  PkBackgroundModel *model;    /* (owned) */
  GDBusConnection *connection; /* (owned) (nullable) */
  PkBackgroundWay way;
  GCancellable *cancellable; /* (owned) */
  guint subscription;        /* to the portal's answer */
  gboolean is_wanted;
};

G_DEFINE_FINAL_TYPE (PkBackground, pk_background, G_TYPE_OBJECT)

/**
 * pk_background_get_file:
 *
 * Returns: (transfer full): the path of the file that lets the desktop start the program
 */
char *
pk_background_get_file (void)
{
  return g_build_filename (g_get_user_config_dir (),
                           "autostart",
                           PK_APPLICATION_ID ".desktop",
                           NULL);
}

/* As the specification of desktop entries wants it: in quotes, with what means something to it escaped. */
static char *
quote_command (const char *program)
{
  GString *command = g_string_new ("\"");

  for (const char *c = program; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '`' || *c == '$' || *c == '\\')
        g_string_append_c (command, '\\');
      if (*c == '%')
        g_string_append_c (command, '%');
      g_string_append_c (command, *c);
    }
  g_string_append (command, "\" --background");
  return g_string_free (command, FALSE);
}

static gboolean
write_file (GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = pk_background_get_file ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *program = g_file_read_link ("/proc/self/exe", error);

  if (program == NULL)
    return FALSE;
  g_autofree char *command = quote_command (program);
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, "Type", "Application");
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, "Name", "Påkobla");
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, "Exec", command);
  g_key_file_set_string (file, G_KEY_FILE_DESKTOP_GROUP, "Icon", PK_APPLICATION_ID);
  g_key_file_set_boolean (file, G_KEY_FILE_DESKTOP_GROUP, "NoDisplay", TRUE);
  g_mkdir_with_parents (folder, 0700);
  return g_key_file_save_to_file (file, path, error);
}

static gboolean
remove_file (GError **error)
{
  g_autofree char *path = pk_background_get_file ();

  if (g_unlink (path) == 0 || errno == ENOENT)
    return TRUE;
  g_set_error_literal (error,
                       G_FILE_ERROR,
                       (int) g_file_error_from_errno (errno),
                       g_strerror (errno));
  return FALSE;
}

static void
ask_file (PkBackground *self)
{
  g_autoptr (GError) error = NULL;

  if (self->is_wanted ? write_file (&error) : remove_file (&error))
    {
      pk_background_model_set (self->model, self->is_wanted, NULL);
      return;
    }
  g_warning ("Starting without a window: %s", error->message);
  pk_background_model_set (self->model,
                           !self->is_wanted,
                           _ ("It could not be saved on this device. Free some disk space and try "
                              "again."));
}

static void
stop_listening (PkBackground *self)
{
  if (self->subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->connection, self->subscription);
  self->subscription = 0;
}

static void
answered_cb (GDBusConnection *connection G_GNUC_UNUSED,
             const char *sender G_GNUC_UNUSED,
             const char *path G_GNUC_UNUSED,
             const char *interface G_GNUC_UNUSED,
             const char *signal G_GNUC_UNUSED,
             GVariant *parameters,
             gpointer user_data)
{
  PkBackground *self = user_data;
  g_autoptr (GVariant) results = NULL;
  gboolean may_run = FALSE, may_start = FALSE;
  guint32 response;

  stop_listening (self);
  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  if (!self->is_wanted)
    {
      pk_background_model_set (self->model, FALSE, NULL);
      return;
    }
  g_variant_lookup (results, "background", "b", &may_run);
  g_variant_lookup (results, "autostart", "b", &may_start);
  if (response != 0 || !may_run)
    pk_background_model_set (self->model,
                             FALSE,
                             _ ("The desktop does not allow it. Allow Påkobla to run in the "
                                "background in the computer's settings, then try again."));
  else
    pk_background_model_set (self->model,
                             TRUE,
                             may_start ? NULL
                                       : _ ("The desktop does not start it by itself. It goes on "
                                            "in the background once you have opened it."));
}

static void
called_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkBackground) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant)
      handle = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  if (handle != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_message ("Asking the portal for the background: %s", error->message);
  stop_listening (self);
  pk_background_model_set (self->model,
                           FALSE,
                           self->is_wanted ? _ ("This desktop has no way to let programs run in "
                                                "the background.")
                                           : NULL);
}

static GVariant *
make_options (PkBackground *self)
{
  static const char *const command[] = { "pakobla", "--background", NULL };
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (TOKEN));
  g_variant_builder_add (&options,
                         "{sv}",
                         "reason",
                         g_variant_new_string (_ ("To have your tasks up to date, and tell you "
                                                  "what is new")));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (self->is_wanted));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command, -1));
  /* Started over the bus it would show its window. */
  g_variant_builder_add (&options, "{sv}", "dbus-activatable", g_variant_new_boolean (FALSE));
  return g_variant_new ("(sa{sv})", "", &options);
}

static void
listen_for_answer (PkBackground *self)
{
  const char *name = g_dbus_connection_get_unique_name (self->connection);
  g_autofree char *sender = g_strdelimit (g_strdup (name + 1), ".", '_');
  g_autofree char *path = g_strconcat (PORTAL_PATH "/request/", sender, "/" TOKEN, NULL);

  stop_listening (self);
  self->subscription = g_dbus_connection_signal_subscribe (self->connection,
                                                           PORTAL_NAME,
                                                           "org.freedesktop.portal.Request",
                                                           "Response",
                                                           path,
                                                           NULL,
                                                           G_DBUS_SIGNAL_FLAGS_NONE,
                                                           answered_cb,
                                                           self,
                                                           NULL);
}

static void
ask_portal (PkBackground *self)
{
  if (self->connection == NULL)
    {
      pk_background_model_set (self->model,
                               FALSE,
                               _ ("This desktop has no way to let programs run in the "
                                  "background."));
      return;
    }
  pk_background_model_set_busy (self->model);
  listen_for_answer (self);
  g_dbus_connection_call (self->connection,
                          PORTAL_NAME,
                          PORTAL_PATH,
                          "org.freedesktop.portal.Background",
                          "RequestBackground",
                          make_options (self),
                          G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NONE,
                          -1,
                          self->cancellable,
                          called_cb,
                          g_object_ref (self));
}

static void
wanted_cb (PkBackground *self, gboolean is_wanted)
{
  self->is_wanted = is_wanted;
  if (self->way == PK_BACKGROUND_BY_PORTAL)
    ask_portal (self);
  else
    ask_file (self);
}

static void
pk_background_dispose (GObject *object)
{
  PkBackground *self = PK_BACKGROUND (object);

  g_cancellable_cancel (self->cancellable);
  stop_listening (self);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (pk_background_parent_class)->dispose (object);
}

static void
pk_background_class_init (PkBackgroundClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_background_dispose;
}

static void
pk_background_init (PkBackground *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * pk_background_find_way:
 *
 * Returns: how it is done here
 */
PkBackgroundWay
pk_background_find_way (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) ? PK_BACKGROUND_BY_PORTAL
                                                            : PK_BACKGROUND_BY_FILE;
}

/**
 * pk_background_new:
 * @model: what the preferences show
 * @connection: (nullable): to the session bus
 * @way: how it is done
 *
 * Returns: (transfer full): what carries out what the model is asked for
 */
PkBackground *
pk_background_new (PkBackgroundModel *model, GDBusConnection *connection, PkBackgroundWay way)
{
  PkBackground *self = g_object_new (PK_TYPE_BACKGROUND, NULL);

  self->model = g_object_ref (model);
  g_set_object (&self->connection, connection);
  self->way = way;
  g_signal_connect_object (model, "wanted", G_CALLBACK (wanted_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/*
 * Choosing, writing and opening files. GtkFileDialog and the launchers where GTK has them (4.10), what they took the place of where it
 * has not. Inside Flatpak either asks the portals. Main thread.
 */
#include "config.h"

#include "pk-compat.h"

static GtkWindow *
find_window (GtkWidget *from)
{
  GtkRoot *root = gtk_widget_get_root (from);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static GtkFileFilter *
new_filter (const char *const *media_types)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  for (guint i = 0; media_types[i] != NULL; i++)
    gtk_file_filter_add_mime_type (filter, media_types[i]);
  return filter;
}

#if GTK_CHECK_VERSION(4, 10, 0)

/* Not choosing is one thing to who asks, however the dialog was left. */
static void
return_chosen (GTask *task, GFile *file, GError *error)
{
  if (file != NULL)
    g_task_return_pointer (task, file, g_object_unref);
  else if (g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_FAILED))
    g_task_return_error (task, error);
  else
    {
      g_clear_error (&error);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "No file was chosen");
    }
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GFile *file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, &error);

  return_chosen (task, file, error);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GFile *file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, &error);

  return_chosen (task, file, error);
}

static void
choose_to_open (GTask *task, GtkWidget *from, const char *title, const char *const *media_types)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, title);
  if (media_types != NULL)
    {
      g_autoptr (GtkFileFilter) filter = new_filter (media_types);
      gtk_file_dialog_set_default_filter (dialog, filter);
    }
  gtk_file_dialog_open (dialog,
                        find_window (from),
                        g_task_get_cancellable (task),
                        opened_cb,
                        g_object_ref (task));
}

static void
choose_to_save (GTask *task, GtkWidget *from, const char *title, const char *name)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog,
                        find_window (from),
                        g_task_get_cancellable (task),
                        saved_cb,
                        g_object_ref (task));
}

static void
uri_launched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (gtk_uri_launcher_launch_finish (GTK_URI_LAUNCHER (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Who closes the chooser of programs has changed their mind. */
static void
file_launched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (gtk_file_launcher_launch_finish (GTK_FILE_LAUNCHER (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else if (error->domain == GTK_DIALOG_ERROR && error->code != GTK_DIALOG_ERROR_FAILED)
    {
      g_clear_error (&error);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "No program was chosen");
    }
  else
    g_task_return_error (task, error);
}

static void
launch_uri (GTask *task, GtkWidget *from, const char *uri)
{
  g_autoptr (GtkUriLauncher) launcher = gtk_uri_launcher_new (uri);

  gtk_uri_launcher_launch (launcher,
                           find_window (from),
                           g_task_get_cancellable (task),
                           uri_launched_cb,
                           g_object_ref (task));
}

static void
launch_file (GTask *task, GtkWidget *from, GFile *file)
{
  g_autoptr (GtkFileLauncher) launcher = gtk_file_launcher_new (file);

  gtk_file_launcher_launch (launcher,
                            find_window (from),
                            g_task_get_cancellable (task),
                            file_launched_cb,
                            g_object_ref (task));
}

#else

static void
file_chosen_cb (GtkNativeDialog *chooser, int response, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (response == GTK_RESPONSE_ACCEPT)
    g_task_return_pointer (task,
                           gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)),
                           g_object_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "No file was chosen");
  gtk_native_dialog_destroy (chooser);
}

/* Who asks may go while it is open: then nobody waits for it any more. */
static void
cancelled_cb (GCancellable *cancellable G_GNUC_UNUSED, GtkNativeDialog *chooser)
{
  gtk_native_dialog_hide (chooser);
  g_signal_emit_by_name (chooser, "response", GTK_RESPONSE_CANCEL);
}

/* The task holds the chooser, and the chooser's answer the task. */
static void
show_chooser (GTask *task, GtkFileChooserNative *chooser)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_task_set_task_data (task, chooser, g_object_unref);
  g_signal_connect (chooser, "response", G_CALLBACK (file_chosen_cb), g_object_ref (task));
  if (cancellable != NULL)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (cancelled_cb), chooser, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
choose_to_open (GTask *task, GtkWidget *from, const char *title, const char *const *media_types)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title,
                                                               find_window (from),
                                                               GTK_FILE_CHOOSER_ACTION_OPEN,
                                                               NULL,
                                                               NULL);

  if (media_types != NULL)
    {
      g_autoptr (GtkFileFilter) filter = new_filter (media_types);
      gtk_file_chooser_set_filter (GTK_FILE_CHOOSER (chooser), filter);
    }
  show_chooser (task, chooser);
}

static void
choose_to_save (GTask *task, GtkWidget *from, const char *title, const char *name)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title,
                                                               find_window (from),
                                                               GTK_FILE_CHOOSER_ACTION_SAVE,
                                                               NULL,
                                                               NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  show_chooser (task, chooser);
}

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
launch_uri (GTask *task, GtkWidget *from, const char *uri)
{
  gtk_show_uri_full (find_window (from),
                     uri,
                     GDK_CURRENT_TIME,
                     g_task_get_cancellable (task),
                     shown_cb,
                     g_object_ref (task));
}

static void
launch_file (GTask *task, GtkWidget *from, GFile *file)
{
  g_autofree char *uri = g_file_get_uri (file);

  launch_uri (task, from, uri);
}

#endif

/**
 * pk_compat_open_file_async:
 * @from: a widget in the window that asks
 * @title: of the dialog
 * @media_types: (nullable): which media types may be chosen; ends with %NULL
 * @cancellable: (nullable): closes the dialog
 * @callback: called when a file is chosen
 * @user_data: for @callback
 *
 * Lets the person choose a file, through the portal where there is one.
 */
void
pk_compat_open_file_async (GtkWidget *from,
                           const char *title,
                           const char *const *media_types,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (from, cancellable, callback, user_data);

  g_task_set_source_tag (task, pk_compat_open_file_async);
  choose_to_open (task, from, title, media_types);
}

/**
 * pk_compat_open_file_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Errors: %G_IO_ERROR_CANCELLED (nothing was chosen).
 * Returns: (transfer full) (nullable): the file
 */
GFile *
pk_compat_open_file_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pk_compat_save_file_async:
 * @from: a widget in the window that asks
 * @title: of the dialog
 * @name: the file name that is offered
 * @cancellable: (nullable): closes the dialog
 * @callback: called when a place is chosen
 * @user_data: for @callback
 *
 * Lets the person choose where to write a file.
 */
void
pk_compat_save_file_async (GtkWidget *from,
                           const char *title,
                           const char *name,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (from, cancellable, callback, user_data);

  g_task_set_source_tag (task, pk_compat_save_file_async);
  choose_to_save (task, from, title, name);
}

/**
 * pk_compat_save_file_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Errors: %G_IO_ERROR_CANCELLED (nothing was chosen).
 * Returns: (transfer full) (nullable): the file to write
 */
GFile *
pk_compat_save_file_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pk_compat_open_uri:
 * @from: a widget in the window that asks
 * @uri: an address
 *
 * Opens an address in the person's own program for it.
 */
void
pk_compat_open_uri (GtkWidget *from, const char *uri)
{
  g_autoptr (GTask) task = g_task_new (from, NULL, NULL, NULL);

  g_task_set_source_tag (task, pk_compat_open_uri);
  launch_uri (task, from, uri);
}

/**
 * pk_compat_open_with_async:
 * @from: a widget in the window that asks
 * @file: what the other program gets to see; inside Flatpak it must lie where both see it
 * @cancellable: (nullable): ends the wait
 * @callback: called when it is on its way
 * @user_data: for @callback
 *
 * Opens a file in the person's own program for it; the portal asks which.
 */
void
pk_compat_open_with_async (GtkWidget *from,
                           GFile *file,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (from, cancellable, callback, user_data);

  g_task_set_source_tag (task, pk_compat_open_with_async);
  launch_file (task, from, file);
}

/**
 * pk_compat_open_with_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Ends pk_compat_open_with_async().
 *
 * Errors: those of GIO and of the portal; %G_IO_ERROR_CANCELLED (the person thought better of it).
 * Returns: whether another program opens it
 */
gboolean
pk_compat_open_with_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

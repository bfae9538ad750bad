/*
 * A document's content outside the page. It lies under the name of its hash and must never be changed, so others get a copy of their own,
 * under the document's name: in the folder that the system empties when the person signs out of it, and that a sandbox shares with the
 * world outside. Main thread; files are copied on other threads.
 */
#include "config.h"

#include "pk-document-file.h"

#include "pk-attachments.h"
#include "pk-compat.h"
#include "pk-model-tables.h"
#include "pk-printer.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

/* So fine that a photo fills A4 at 300 points an inch. */
#define PRINTED_SIDE 3508

/* What was asked for, for as long as it takes. */
typedef struct
{
  GtkWidget *from;           /* (owned) */
  PkClient *client;          /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) */
  char *path;                /* (owned): of the content */
  char *name;                /* (owned) */
} PkErrand;

static void
errand_free (PkErrand *errand)
{
  g_clear_object (&errand->from);
  g_clear_object (&errand->client);
  g_clear_object (&errand->cancellable);
  g_free (errand->path);
  g_free (errand->name);
  g_free (errand);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkErrand, errand_free)

/* NULL where the content is not on this device. */
static PkErrand *
errand_new (PkRecordItem *document, GtkWidget *from, PkClient *client, GCancellable *cancellable)
{
  if (document == NULL || pk_record_item_get_path (document) == NULL)
    return NULL;
  PkErrand *errand = g_new0 (PkErrand, 1);
  errand->from = g_object_ref (from);
  errand->client = g_object_ref (client);
  errand->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  errand->path = g_strdup (pk_record_item_get_path (document));
  errand->name = pk_document_file_dup_name (document);
  return errand;
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkErrand) errand = user_data;
  g_autoptr (GError) error = NULL;

  if (g_file_copy_finish (G_FILE (source), result, &error))
    pk_client_say (errand->client, _ ("Copy saved"));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    pk_client_say (errand->client, _ ("There is no room left there. Choose another folder."));
  else
    pk_client_say (errand->client, _ ("The copy could not be saved there. Choose another folder."));
}

static void
save_chosen_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkErrand) errand = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) target = pk_compat_save_file_finish (result, &error);

  if (target == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        pk_client_say (errand->client,
                       _ ("The copy could not be saved there. Choose another folder."));
      return;
    }
  g_autoptr (GFile) from = g_file_new_for_path (errand->path);
  g_file_copy_async (from,
                     target,
                     G_FILE_COPY_OVERWRITE,
                     G_PRIORITY_DEFAULT,
                     NULL,
                     NULL,
                     NULL,
                     copied_cb,
                     g_steal_pointer (&errand));
}

/**
 * pk_document_file_save:
 * @document: whose content is here
 * @from: a widget in the window that asks
 * @client: says what came of it
 * @cancellable: (nullable): closes the dialog
 *
 * Lets the person choose where a copy is written.
 */
void
pk_document_file_save (PkRecordItem *document,
                       GtkWidget *from,
                       PkClient *client,
                       GCancellable *cancellable)
{
  PkErrand *errand = errand_new (document, from, client, cancellable);

  if (errand != NULL)
    pk_compat_save_file_async (from,
                               _ ("Save a copy"),
                               errand->name,
                               cancellable,
                               save_chosen_cb,
                               errand);
}

static char *
dup_lending_folder (void)
{
  const char *sandbox = g_getenv ("FLATPAK_ID");

  if (sandbox != NULL)
    return g_build_filename (g_get_user_runtime_dir (), "app", sandbox, "documents", NULL);
  return g_build_filename (g_get_user_runtime_dir (), "pakobla", "documents", NULL);
}

/* A name that stays in the folder, whatever somebody called the document. */
static char *
dup_safe_name (const char *name)
{
  g_autofree char *base = g_path_get_basename (name);

  if (g_str_equal (base, ".") || g_str_equal (base, "..") || g_str_equal (base, G_DIR_SEPARATOR_S))
    return g_strdup ("document");
  return g_steal_pointer (&base);
}

static gboolean
is_same_size (const char *path, const char *other)
{
  GStatBuf first, second;

  return g_stat (path, &first) == 0 && g_stat (other, &second) == 0 &&
         first.st_size == second.st_size;
}

/**
 * pk_document_file_lend:
 * @path: of the content
 * @name: of the document
 * @error: return location
 *
 * Copies a content for another program, which can read it and not change it. Blocks; any thread.
 *
 * Errors: those of GIO.
 * Returns: (transfer full) (nullable): the copy, which has the document's name
 */
GFile *
pk_document_file_lend (const char *path, const char *name, GError **error)
{
  g_autofree char *base = dup_safe_name (name);
  g_autofree char *hash = g_path_get_basename (path);
  g_autofree char *parent = dup_lending_folder ();
  g_autofree char *folder = g_build_filename (parent, hash, NULL);
  g_autofree char *copy = g_build_filename (folder, base, NULL);
  g_autoptr (GFile) from = g_file_new_for_path (path);
  g_autoptr (GFile) to = g_file_new_for_path (copy);

  if (is_same_size (path, copy))
    return g_steal_pointer (&to);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error,
                   G_IO_ERROR,
                   g_io_error_from_errno (errno),
                   "Making %s: %s",
                   folder,
                   g_strerror (errno));
      return NULL;
    }
  if (!g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error))
    {
      g_file_delete (to, NULL, NULL);
      return NULL;
    }
  g_chmod (copy, 0400);
  return g_steal_pointer (&to);
}

static void
lend_in_thread (GTask *task,
                gpointer source G_GNUC_UNUSED,
                gpointer data,
                GCancellable *cancellable G_GNUC_UNUSED)
{
  const PkErrand *errand = data;
  GError *error = NULL;
  GFile *file = pk_document_file_lend (errand->path, errand->name, &error);

  if (file == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, file, g_object_unref);
}

static void
say_not_opened (PkErrand *errand)
{
  pk_client_say (errand->client, _ ("It could not be opened. Save a copy and open that."));
}

static void
opened_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkErrand) errand = user_data;
  g_autoptr (GError) error = NULL;

  if (!pk_compat_open_with_finish (result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED_HANDLED))
    say_not_opened (errand);
}

static void
lent_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data G_GNUC_UNUSED)
{
  PkErrand *errand = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = g_task_propagate_pointer (G_TASK (result), &error);

  if (file != NULL)
    {
      PkErrand *next = g_new0 (PkErrand, 1);
      next->client = g_object_ref (errand->client);
      pk_compat_open_with_async (errand->from, file, errand->cancellable, opened_cb, next);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    say_not_opened (errand);
}

/**
 * pk_document_file_open_with:
 * @document: whose content is here
 * @from: a widget in the window that asks
 * @client: says where it fails
 * @cancellable: (nullable): ends the wait
 *
 * Opens a copy in the person's own program for it.
 */
void
pk_document_file_open_with (PkRecordItem *document,
                            GtkWidget *from,
                            PkClient *client,
                            GCancellable *cancellable)
{
  PkErrand *errand = errand_new (document, from, client, cancellable);

  if (errand == NULL)
    return;
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, lent_cb, NULL);
  g_task_set_source_tag (task, pk_document_file_open_with);
  g_task_set_task_data (task, errand, (GDestroyNotify) errand_free);
  g_task_run_in_thread (task, lend_in_thread);
}

static void
say_not_printed (PkErrand *errand, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    pk_client_say (errand->client,
                   _ ("This file cannot be printed from here. Open it with another program."));
}

static void
pdf_opened_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkErrand) errand = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PkPdf) pdf = pk_pdf_open_finish (result, &error);

  if (pdf == NULL || pk_pdf_get_n_pages (pdf) == 0)
    {
      say_not_printed (errand, error);
      return;
    }
  g_autoptr (GtkPrintOperation) operation = pk_printer_new_for_pdf (pdf, errand->name);
  pk_printer_run (operation, errand->from, errand->client);
}

static void
picture_loaded_cb (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkErrand) errand = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PkPicture) picture = pk_picture_load_finish (result, &error);

  if (picture == NULL)
    {
      say_not_printed (errand, error);
      return;
    }
  g_autoptr (GtkPrintOperation) operation = pk_printer_new_for_picture (picture, errand->name);
  pk_printer_run (operation, errand->from, errand->client);
}

/**
 * pk_document_file_print:
 * @document: a PDF or a picture whose content is here
 * @from: a widget in the window that asks
 * @client: says where it fails
 * @cancellable: (nullable): ends the wait
 *
 * Shows the print dialog for a document.
 */
void
pk_document_file_print (PkRecordItem *document,
                        GtkWidget *from,
                        PkClient *client,
                        GCancellable *cancellable)
{
  PkErrand *errand = errand_new (document, from, client, cancellable);

  if (errand == NULL)
    return;
  if (pk_attachment_is_pdf (document))
    pk_pdf_open_async (errand->path, cancellable, pdf_opened_cb, errand);
  else
    pk_picture_load_async (errand->path, PRINTED_SIDE, cancellable, picture_loaded_cb, errand);
}

/**
 * pk_document_file_dup_name:
 * @document: a document
 *
 * Returns: (transfer full): the name of its file
 */
char *
pk_document_file_dup_name (PkRecordItem *document)
{
  const char *name = pk_record_get_text (pk_record_item_get_record (document),
                                         PK_DOCUMENT_FILE_NAME);

  return g_strdup (name != NULL ? name : _ ("Document"));
}

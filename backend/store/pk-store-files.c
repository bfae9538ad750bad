/* Files and folders of the store: made, moved and synced so that a power cut leaves no half ones. */
#include "config.h"

#include "pk-store-files-private.h"

#include "pk-hash.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <unistd.h>

/**
 * pk_store_fail_file:
 * @what: what was tried, such as "Opening"
 *
 * Sets the error that `errno` tells of.
 *
 * Returns: %FALSE
 */
gboolean
pk_store_fail_file (const char *what, const char *path, GError **error)
{
  int saved = errno;

  g_set_error (error,
               PK_SQL_ERROR,
               saved == ENOSPC || saved == EDQUOT ? PK_SQL_ERROR_FULL : PK_SQL_ERROR_IO,
               "%s %s: %s",
               what,
               path,
               g_strerror (saved));
  return FALSE;
}

/**
 * pk_store_make_folder:
 *
 * Makes a folder, with those above it, for the server alone; one that is there already is as good.
 */
gboolean
pk_store_make_folder (const char *path, GError **error)
{
  return g_mkdir_with_parents (path, 0700) == 0 ||
         pk_store_fail_file ("Making the folder", path, error);
}

/**
 * pk_store_sync_path:
 * @path: of a file or a folder
 *
 * Returns: %TRUE if it is on the disk
 */
gboolean
pk_store_sync_path (const char *path, GError **error)
{
  int file = g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (file < 0)
    return pk_store_fail_file ("Opening", path, error);
  gboolean is_synced = fsync (file) == 0 || pk_store_fail_file ("Syncing", path, error);
  close (file);
  return is_synced;
}

/**
 * pk_store_move_durably:
 * @to: on the same file system; what is there is replaced
 *
 * Returns: %TRUE if the file is whole under its new name, also after a power cut
 */
gboolean
pk_store_move_durably (const char *from, const char *to, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (to);

  if (!pk_store_make_folder (folder, error) || !pk_store_sync_path (from, error))
    return FALSE;
  if (g_rename (from, to) != 0)
    return pk_store_fail_file ("Moving", from, error);
  return pk_store_sync_path (folder, error);
}

static gboolean
copy_file (const char *from, const char *to, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) local = NULL;

  if (g_file_copy (source, target, G_FILE_COPY_NONE, NULL, NULL, NULL, &local))
    return pk_store_sync_path (to, error);
  g_set_error (error,
               PK_SQL_ERROR,
               g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ? PK_SQL_ERROR_FULL
                                                                        : PK_SQL_ERROR_IO,
               "Copying %s: %s",
               from,
               local->message);
  return FALSE;
}

/**
 * pk_store_twin_file:
 * @from: a file that never changes
 * @to: a name that is free, in a folder that is there
 *
 * Gives a content a second name where both are on one file system, and copies it where they are not.
 */
gboolean
pk_store_twin_file (const char *from, const char *to, GError **error)
{
  return link (from, to) == 0 || copy_file (from, to, error);
}

/**
 * pk_store_dup_content_path:
 * @folder: of a store or of a backup: both are laid out alike
 * @sha256: 64 hexadecimal digits, checked by the caller
 *
 * Returns: (transfer full): where the content is, or would be
 */
char *
pk_store_dup_content_path (const char *folder, const char *sha256)
{
  g_return_val_if_fail (pk_sha256_is_valid (sha256), NULL);

  char start[3] = { sha256[0], sha256[1], '\0' };
  return g_build_filename (folder, "blobs", start, sha256, NULL);
}

/**
 * pk_store_remove_folder:
 *
 * Removes a folder with all that is in it, as far as that goes.
 */
void
pk_store_remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        pk_store_remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/* Contents on disk, by the SHA-256 that names them. Nothing here needs a database. Any thread; a name is only there when it is whole. */
#include "config.h"

#include "pk-blob-cache.h"

#include "pk-hash.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/**
 * pk_blob_cache_get_path:
 *
 * Returns: (transfer full): where the content is, or will be
 */
char *
pk_blob_cache_get_path (const char *directory, const char *sha256)
{
  g_return_val_if_fail (pk_sha256_is_valid (sha256), NULL);

  return g_build_filename (directory, "blobs", sha256, NULL);
}

/**
 * pk_blob_cache_get_part_path:
 *
 * Returns: (transfer full): where the content is gathered while it arrives
 */
char *
pk_blob_cache_get_part_path (const char *directory, const char *sha256)
{
  g_autofree char *path = pk_blob_cache_get_path (directory, sha256);

  return g_strconcat (path, ".part", NULL);
}

/**
 * pk_blob_cache_has:
 *
 * Returns: whether the whole content is here
 */
gboolean
pk_blob_cache_has (const char *directory, const char *sha256)
{
  g_autofree char *path = pk_blob_cache_get_path (directory, sha256);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

static gboolean
sync_path (const char *path, GError **error)
{
  int file = open (path, O_RDONLY | O_CLOEXEC);
  int result = file < 0 ? -1 : fsync (file);

  if (file >= 0)
    close (file);
  if (result == 0)
    return TRUE;
  g_set_error (error,
               G_IO_ERROR,
               g_io_error_from_errno (errno),
               "%s: %s",
               path,
               g_strerror (errno));
  return FALSE;
}

static gboolean
put_in_place (const char *from, const char *to, GError **error)
{
  if (!sync_path (from, error))
    return FALSE;
  if (g_rename (from, to) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", to, g_strerror (errno));
  return FALSE;
}

/**
 * pk_blob_cache_add_file:
 * @path: any file; it is copied
 * @sha256_out: (out) (transfer full): its name in the cache
 * @size_out: (out): bytes
 *
 * Errors: of GIO; nothing is left behind
 * Returns: %TRUE if the content is in the cache, on disk
 */
gboolean
pk_blob_cache_add_file (const char *directory,
                        const char *path,
                        char **sha256_out,
                        gint64 *size_out,
                        GError **error)
{
  g_autofree char *temporary = g_build_filename (directory, "blobs", "new-XXXXXX.part", NULL);
  int file = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0600);
  g_autoptr (GFile) source = g_file_new_for_path (path);

  if (file < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", temporary);
      return FALSE;
    }
  close (file);
  g_autoptr (GFile) copy = g_file_new_for_path (temporary);
  g_autofree char *sha256 = NULL;
  if (g_file_copy (source, copy, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, error))
    sha256 = pk_sha256_of_file (temporary, size_out, error);
  g_autofree char *place = sha256 != NULL ? pk_blob_cache_get_path (directory, sha256) : NULL;
  if (place == NULL || !put_in_place (temporary, place, error))
    {
      g_unlink (temporary);
      return FALSE;
    }
  *sha256_out = g_steal_pointer (&sha256);
  return TRUE;
}

/**
 * pk_blob_cache_finish_part:
 *
 * All bytes have arrived: they are verified and get their name, or are thrown away.
 *
 * Errors: %PK_PROBLEM_CHECKSUM, or of GIO
 * Returns: %TRUE if the content is here
 */
gboolean
pk_blob_cache_finish_part (const char *directory, const char *sha256, GError **error)
{
  g_autofree char *part = pk_blob_cache_get_part_path (directory, sha256);
  g_autofree char *path = pk_blob_cache_get_path (directory, sha256);
  gint64 size;
  g_autofree char *found = pk_sha256_of_file (part, &size, error);

  if (found == NULL)
    return FALSE;
  if (g_str_equal (found, sha256))
    return put_in_place (part, path, error);
  g_unlink (part);
  pk_problem_set (error,
                  PK_PROBLEM_CHECKSUM,
                  NULL,
                  "What arrived is not the content with SHA-256 %s",
                  sha256);
  return FALSE;
}

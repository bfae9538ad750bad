/*
 * A note is a file in DIR/unfinished that says the folder's path. Whoever makes the folder holds a lock on its note, which goes with the
 * process, however that ends: a note that nobody holds is of something that nobody will finish. Any thread.
 */
#include "config.h"

#include "pk-store-unfinished.h"

#include "pk-store-files-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define NOTES "unfinished"
/* Nothing is taken away whose name does not say that it may be. */
#define MARK ".partial-"

struct _PkUnfinished
{
  char *note; /* (owned) */
  int file;
};

static gboolean
write_note (PkUnfinished *self, const char *folder, GError **error)
{
  gssize size = (gssize) strlen (folder);

  return (flock (self->file, LOCK_EX | LOCK_NB) == 0 &&
          write (self->file, folder, (gsize) size) == size && fsync (self->file) == 0) ||
         pk_store_fail_file ("Writing", self->note, error);
}

/**
 * pk_unfinished_begin:
 * @dir: the store's folder
 * @folder: that is going to be made; its name has the mark of what is not finished
 *
 * Notes durably that a folder is being made.
 *
 * Returns: (transfer full) (nullable): to be ended when the folder has another name, or is gone
 */
PkUnfinished *
pk_unfinished_begin (const char *dir, const char *folder, GError **error)
{
  g_autofree char *notes = g_build_filename (dir, NOTES, NULL);
  char *note = g_build_filename (notes, "note-XXXXXX", NULL);
  g_autofree char *whole = g_canonicalize_filename (folder, NULL);

  if (!pk_store_make_folder (notes, error))
    {
      g_free (note);
      return NULL;
    }
  g_autoptr (PkUnfinished) self = g_new0 (PkUnfinished, 1);
  self->file = g_mkstemp_full (note, O_RDWR | O_CLOEXEC, 0600);
  self->note = note;
  if (self->file < 0)
    pk_store_fail_file ("Making", note, error);
  else if (write_note (self, whole, error) && pk_store_sync_path (notes, error))
    return g_steal_pointer (&self);
  return NULL;
}

/**
 * pk_unfinished_end:
 *
 * Takes the note away.
 */
void
pk_unfinished_end (PkUnfinished *self)
{
  g_unlink (self->note);
  if (self->file >= 0)
    close (self->file);
  g_free (self->note);
  g_free (self);
}

static void
remove_noted (const char *folder)
{
  g_autofree char *name = g_path_get_basename (folder);

  if (!g_path_is_absolute (folder) || strstr (name, MARK) == NULL ||
      !g_file_test (folder, G_FILE_TEST_IS_DIR))
    return;
  g_message ("Taking away what was not finished: %s", folder);
  pk_store_remove_folder (folder);
}

static void
clear_note (const char *note)
{
  int file = g_open (note, O_RDWR | O_CLOEXEC, 0);
  g_autofree char *folder = NULL;

  if (file < 0)
    return;
  if (flock (file, LOCK_EX | LOCK_NB) == 0)
    {
      if (g_file_get_contents (note, &folder, NULL, NULL))
        remove_noted (folder);
      g_unlink (note);
    }
  close (file);
}

/**
 * pk_unfinished_clear:
 * @dir: the store's folder
 *
 * Takes away what processes that are gone left unfinished; what others are making is left alone.
 */
void
pk_unfinished_clear (const char *dir)
{
  g_autofree char *notes = g_build_filename (dir, NOTES, NULL);
  g_autoptr (GDir) folder = g_dir_open (notes, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *note = g_build_filename (notes, name, NULL);
      clear_note (note);
    }
}

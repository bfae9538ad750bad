/* Leaving nothing behind: what a revoked device does, and a person who signs out for good. On the writer's thread. */
#include "config.h"

#include "pk-writer-private.h"
#include "pk-writer-sync.h"

#include "pk-hash.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* Overwritten before it goes; on flash that is no more than a good intention. */
static void
wipe (const char *path)
{
  static const char zeros[65536];
  int file = open (path, O_WRONLY | O_CLOEXEC);
  off_t size = file < 0 ? 0 : lseek (file, 0, SEEK_END);

  for (off_t place = 0; place < size; place += (off_t) sizeof zeros)
    {
      gsize block = (gsize) MIN ((off_t) sizeof zeros, size - place);
      if (pwrite (file, zeros, block, place) != (gssize) block)
        break;
    }
  if (file >= 0)
    {
      fsync (file);
      close (file);
    }
  g_unlink (path);
}

static void
wipe_replica (PkWriter *self)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", ".damaged" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = pk_replica_path (self->directory, self->generation, suffixes[i]);
      wipe (path);
    }
}

static gboolean
has_upload (PkWriter *self, const char *sha256)
{
  PkStatement *query =
      pk_sql_prepare (self->outbox, "SELECT 1 FROM upload WHERE sha256 = ?1", NULL);

  if (query == NULL)
    return TRUE;
  pk_statement_bind_text (query, 1, sha256);
  gboolean has = pk_statement_next (query, NULL);
  pk_statement_reset (query);
  return has;
}

static void
wipe_blobs (PkWriter *self, gboolean with_outbox)
{
  g_autofree char *blobs = g_build_filename (self->directory, "blobs", NULL);
  g_autoptr (GDir) dir = g_dir_open (blobs, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (blobs, name, NULL);
      if (with_outbox || !pk_sha256_is_valid (name) || !has_upload (self, name))
        wipe (path);
    }
}

static gboolean
empty_outbox (PkWriter *self, GError **error)
{
  return pk_sql_exec (
             self->outbox,
             "DELETE FROM mutation; DELETE FROM upload; DELETE FROM pin; DELETE FROM blob;"
             "DELETE FROM meta WHERE name IN ('device', 'last_n', 'last_id', 'lease', 'told_n')",
             error) &&
         pk_sql_checkpoint (self->outbox, error);
}

/**
 * pk_writer_erase:
 * @with_outbox: also what the person did and nobody has judged
 *
 * Removes records and contents from the disk; an empty replica is left.
 *
 * Returns: %TRUE if it is done
 */
gboolean
pk_writer_erase (PkWriter *self, gboolean with_outbox, GError **error)
{
  pk_writer_forget_stream (self);
  self->cursor_version++;
  wipe_blobs (self, with_outbox);
  pk_writer_close_replica (self);
  wipe_replica (self);
  /* Also where it fails from here on: what stays in the outbox shows with the next change. */
  self->needs_replay = TRUE;
  if (!pk_writer_use_generation (self, self->generation + 1, error) ||
      (with_outbox && !empty_outbox (self, error)))
    return FALSE;
  pk_change_set_set_everything (self->changes);
  return pk_writer_reconcile (self, error);
}

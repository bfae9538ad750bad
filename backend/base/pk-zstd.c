/* Files packed with zstd, in pieces, so that their size does not matter. */
#include "config.h"

#include "pk-zstd.h"

#include "pk-file-error.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <unistd.h>
#include <zstd.h>

#define READ_BYTES (1 << 17)

static gboolean
write_all (int fd, const char *bytes, gsize size, GError **error)
{
  while (size > 0)
    {
      gssize n = write (fd, bytes, size);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return pk_file_fail (error, "Writing a packed file");
      bytes += n;
      size -= (gsize) n;
    }
  return TRUE;
}

typedef struct
{
  ZSTD_CCtx *context;  /* (owned) */
  GChecksum *checksum; /* (owned) */
  char *buffer;        /* (owned) */
  gsize buffer_size;
  gint64 size;
  int fd;
} Packer;

static void
clear_packer (Packer *self)
{
  ZSTD_freeCCtx (self->context);
  g_checksum_free (self->checksum);
  g_free (self->buffer);
  if (self->fd >= 0)
    close (self->fd);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Packer, clear_packer)

static gboolean
pack (Packer *self, const void *bytes, gsize size, gboolean is_last, GError **error)
{
  ZSTD_inBuffer in = { bytes, size, 0 };
  gsize left;

  do
    {
      ZSTD_outBuffer out = { self->buffer, self->buffer_size, 0 };
      left =
          ZSTD_compressStream2 (self->context, &out, &in, is_last ? ZSTD_e_end : ZSTD_e_continue);
      if (ZSTD_isError (left))
        {
          g_set_error (error,
                       G_IO_ERROR,
                       G_IO_ERROR_FAILED,
                       "Packing a file: %s",
                       ZSTD_getErrorName (left));
          return FALSE;
        }
      g_checksum_update (self->checksum, (const guchar *) self->buffer, (gssize) out.pos);
      self->size += (gint64) out.pos;
      if (!write_all (self->fd, self->buffer, out.pos, error))
        return FALSE;
    }
  while (is_last ? left != 0 : in.pos < in.size);
  return TRUE;
}

static gboolean
pack_stream (Packer *self, GInputStream *stream, GError **error)
{
  g_autofree guint8 *bytes = g_malloc (READ_BYTES);
  gssize n;

  while ((n = g_input_stream_read (stream, bytes, READ_BYTES, NULL, error)) > 0)
    if (!pack (self, bytes, (gsize) n, FALSE, error))
      return FALSE;
  if (n < 0 || !pack (self, NULL, 0, TRUE, error))
    return FALSE;
  return fsync (self->fd) == 0 || pk_file_fail (error, "Writing a packed file");
}

/**
 * pk_zstd_pack_file:
 * @from: a file
 * @to: a file that is made or replaced
 * @level: 1 is fastest, 19 is smallest
 * @sha256_out: (out) (transfer full): of the packed bytes
 * @size_out: (out): packed bytes
 *
 * Packs a file in pieces and syncs the result to the disk. For workers, not for the main thread.
 *
 * Returns: %TRUE if @to is whole
 */
gboolean
pk_zstd_pack_file (const char *from,
                   const char *to,
                   int level,
                   char **sha256_out,
                   gint64 *size_out,
                   GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (from);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);

  if (stream == NULL)
    return FALSE;
  g_auto (Packer) packer = { .context = ZSTD_createCCtx (),
                             .checksum = g_checksum_new (G_CHECKSUM_SHA256),
                             .buffer_size = ZSTD_CStreamOutSize (),
                             .fd = g_open (to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) };
  if (packer.fd < 0)
    return pk_file_fail (error, "Making a packed file");
  packer.buffer = g_malloc (packer.buffer_size);
  ZSTD_CCtx_setParameter (packer.context, ZSTD_c_compressionLevel, level);
  if (!pack_stream (&packer, G_INPUT_STREAM (stream), error))
    return FALSE;
  *sha256_out = g_strdup (g_checksum_get_string (packer.checksum));
  *size_out = packer.size;
  return TRUE;
}

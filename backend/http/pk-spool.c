/* An answer on its way to the client: compressed, and put into a nameless file when it grows. */
#include "config.h"

#include "pk-spool.h"

#include "pk-problem.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#define MAX_IN_MEMORY (1024 * 1024)
#define ZSTD_LEVEL    3
#define GZIP_LEVEL    5
#define BLOCK_BYTES   (64 * 1024)

struct _PkSpool
{
  char *dir; /* (owned) */
  PkSpoolCoding coding;
  ZSTD_CCtx *zstd;       /* (owned) (nullable) */
  GConverter *gzip;      /* (owned) (nullable) */
  GByteArray *in_memory; /* (owned): what is not in the file */
  int fd;                /* (owned): -1 while there is none */
  gint64 in_file;        /* bytes */
};

/**
 * pk_spool_new:
 * @dir: where a file may be made
 *
 * Returns: (transfer full): an empty answer
 */
PkSpool *
pk_spool_new (const char *dir, PkSpoolCoding coding)
{
  PkSpool *self = g_new0 (PkSpool, 1);

  self->dir = g_strdup (dir);
  self->coding = coding;
  self->in_memory = g_byte_array_new ();
  self->fd = -1;
  if (coding == PK_SPOOL_ZSTD)
    {
      self->zstd = ZSTD_createCCtx ();
      ZSTD_CCtx_setParameter (self->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
    }
  if (coding == PK_SPOOL_GZIP)
    self->gzip = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, GZIP_LEVEL));
  return self;
}

/**
 * pk_spool_free:
 */
void
pk_spool_free (PkSpool *self)
{
  ZSTD_freeCCtx (self->zstd);
  g_clear_object (&self->gzip);
  g_clear_pointer (&self->in_memory, g_byte_array_unref);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->dir);
  g_free (self);
}

/**
 * pk_spool_choose_coding:
 * @accept_encoding: (nullable): of the request
 *
 * Returns: the best coding that the client takes
 */
PkSpoolCoding
pk_spool_choose_coding (const char *accept_encoding)
{
  g_auto (GStrv) words = g_strsplit (accept_encoding != NULL ? accept_encoding : "", ",", 16);
  PkSpoolCoding best = PK_SPOOL_PLAIN;

  for (char **word = words; *word != NULL; word++)
    {
      const char *name = g_strstrip (*word);
      if (g_str_equal (name, "zstd"))
        return PK_SPOOL_ZSTD;
      if (g_str_equal (name, "gzip"))
        best = PK_SPOOL_GZIP;
    }
  return best;
}

static gboolean
fail (GError **error)
{
  int code = errno;

  if (code == ENOSPC || code == EDQUOT)
    pk_problem_set (error, PK_PROBLEM_NO_SPACE, NULL, "There is no room for the answer");
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s", g_strerror (code));
  return FALSE;
}

static gboolean
spill (PkSpool *self, GError **error)
{
  const guint8 *data = self->in_memory->data;
  gsize size = self->in_memory->len;

  if (self->fd < 0)
    self->fd = open (self->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (self->fd < 0)
    return fail (error);
  while (size > 0)
    {
      gssize done = pwrite (self->fd, data, size, self->in_file);
      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        return fail (error);
      self->in_file += done;
      data += done;
      size -= (gsize) done;
    }
  g_byte_array_set_size (self->in_memory, 0);
  return TRUE;
}

static gboolean
append (PkSpool *self, const guint8 *data, gsize size, GError **error)
{
  g_byte_array_append (self->in_memory, data, (guint) size);
  return self->in_memory->len < MAX_IN_MEMORY || spill (self, error);
}

static gboolean
write_zstd (PkSpool *self, const char *text, gsize size, gboolean is_last, GError **error)
{
  ZSTD_inBuffer in = { text, size, 0 };
  gsize left;

  do
    {
      guint8 block[BLOCK_BYTES];
      ZSTD_outBuffer out = { block, sizeof block, 0 };
      left = ZSTD_compressStream2 (self->zstd, &out, &in, is_last ? ZSTD_e_end : ZSTD_e_continue);
      if (ZSTD_isError (left))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "zstd: %s", ZSTD_getErrorName (left));
          return FALSE;
        }
      if (!append (self, block, out.pos, error))
        return FALSE;
    }
  while (is_last ? left > 0 : in.pos < in.size);
  return TRUE;
}

static gboolean
write_gzip (PkSpool *self, const char *text, gsize size, gboolean is_last, GError **error)
{
  GConverterFlags flags = is_last ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS;
  GConverterResult result = G_CONVERTER_CONVERTED;

  while (is_last ? result != G_CONVERTER_FINISHED : size > 0)
    {
      guint8 block[BLOCK_BYTES];
      gsize read = 0, written = 0;
      result = g_converter_convert (self->gzip,
                                    text,
                                    size,
                                    block,
                                    sizeof block,
                                    flags,
                                    &read,
                                    &written,
                                    error);
      if (result == G_CONVERTER_ERROR || !append (self, block, written, error))
        return FALSE;
      text += read;
      size -= read;
    }
  return TRUE;
}

static gboolean
write_coded (PkSpool *self, const char *text, gsize size, gboolean is_last, GError **error)
{
  if (self->coding == PK_SPOOL_ZSTD)
    return write_zstd (self, text, size, is_last, error);
  if (self->coding == PK_SPOOL_GZIP)
    return write_gzip (self, text, size, is_last, error);
  return append (self, (const guint8 *) text, size, error);
}

/**
 * pk_spool_write:
 *
 * Adds to the answer.
 */
gboolean
pk_spool_write (PkSpool *self, const char *text, gsize size, GError **error)
{
  return size == 0 || write_coded (self, text, size, FALSE, error);
}

/**
 * pk_spool_reply:
 * @type: static
 *
 * Ends the answer and makes it the one of @exchange.
 */
gboolean
pk_spool_reply (PkSpool *self, PkExchange *exchange, guint status, const char *type, GError **error)
{
  if (!write_coded (self, "", 0, TRUE, error) || (self->fd >= 0 && !spill (self, error)))
    return FALSE;
  if (self->coding != PK_SPOOL_PLAIN)
    pk_exchange_set_header (exchange,
                            "Content-Encoding",
                            self->coding == PK_SPOOL_ZSTD ? "zstd" : "gzip");
  pk_exchange_set_header (exchange, "Vary", "Accept-Encoding");
  if (self->fd < 0)
    pk_exchange_reply (exchange,
                       status,
                       type,
                       g_byte_array_free_to_bytes (g_steal_pointer (&self->in_memory)));
  else
    {
      pk_exchange_reply_file (exchange, status, type, self->fd, 0, self->in_file);
      self->fd = -1;
    }
  return TRUE;
}

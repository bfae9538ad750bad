/* See the header. */
#include "config.h"

#include "pk-zstd-decoder.h"

#include <zstd.h>

#define MAX_WINDOW_LOG 23

struct _PkZstdDecoder
{
  GObject parent_instance;

  ZSTD_DStream *stream; /* (owned) */
  gboolean is_at_end;   /* of a frame */
};

static void
pk_zstd_decoder_reset (GConverter *converter)
{
  PkZstdDecoder *self = PK_ZSTD_DECODER (converter);

  ZSTD_DCtx_reset (self->stream, ZSTD_reset_session_only);
  self->is_at_end = FALSE;
}

static GConverterResult
finish_or_ask (PkZstdDecoder *self, GConverterFlags flags, GError **error)
{
  if ((flags & G_CONVERTER_INPUT_AT_END) == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "More bytes are needed");
      return G_CONVERTER_ERROR;
    }
  if (self->is_at_end)
    return G_CONVERTER_FINISHED;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The packed bytes are cut");
  return G_CONVERTER_ERROR;
}

static GConverterResult
pk_zstd_decoder_convert (GConverter *converter,
                         const void *in,
                         gsize in_size,
                         void *out,
                         gsize out_size,
                         GConverterFlags flags,
                         gsize *read_out,
                         gsize *written_out,
                         GError **error)
{
  PkZstdDecoder *self = PK_ZSTD_DECODER (converter);
  ZSTD_inBuffer input = { in, in_size, 0 };
  ZSTD_outBuffer output = { out, out_size, 0 };
  gsize left = ZSTD_decompressStream (self->stream, &output, &input);

  if (ZSTD_isError (left))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s", ZSTD_getErrorName (left));
      return G_CONVERTER_ERROR;
    }
  *read_out = input.pos;
  *written_out = output.pos;
  if (input.pos > 0 || output.pos > 0)
    {
      self->is_at_end = left == 0;
      return G_CONVERTER_CONVERTED;
    }
  return finish_or_ask (self, flags, error);
}

static void
converter_init (GConverterIface *iface)
{
  iface->convert = pk_zstd_decoder_convert;
  iface->reset = pk_zstd_decoder_reset;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PkZstdDecoder,
                               pk_zstd_decoder,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_CONVERTER, converter_init))

static void
pk_zstd_decoder_finalize (GObject *object)
{
  ZSTD_freeDStream (PK_ZSTD_DECODER (object)->stream);
  G_OBJECT_CLASS (pk_zstd_decoder_parent_class)->finalize (object);
}

static void
pk_zstd_decoder_class_init (PkZstdDecoderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_zstd_decoder_finalize;
}

static void
pk_zstd_decoder_init (PkZstdDecoder *self)
{
  self->stream = ZSTD_createDStream ();
  ZSTD_DCtx_setParameter (self->stream, ZSTD_d_windowLogMax, MAX_WINDOW_LOG);
}

/**
 * pk_zstd_decoder_new:
 *
 * Returns: (transfer full): a converter
 */
GConverter *
pk_zstd_decoder_new (void)
{
  return g_object_new (PK_TYPE_ZSTD_DECODER, NULL);
}

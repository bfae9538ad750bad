#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PK_TYPE_ZSTD_DECODER (pk_zstd_decoder_get_type ())
G_DECLARE_FINAL_TYPE (PkZstdDecoder, pk_zstd_decoder, PK, ZSTD_DECODER, GObject)

/* Unpacks zstd (RFC 8878) as it arrives, several frames one after another; a GConverter. Its window is bounded (8 MiB). */
GConverter *pk_zstd_decoder_new (void);

G_END_DECLS

#pragma once

#include "pk-exchange.h"

G_BEGIN_DECLS

/* What a range of bytes asks of a file (RFC 9110, 14). */
typedef enum
{
  PK_RANGE_WHOLE, /* no range, or one that is not understood: all of it */
  PK_RANGE_PART,
  PK_RANGE_OUTSIDE
} PkRange;

PkRange pk_range_parse (const char *header, gint64 size, gint64 *first_out, gint64 *length_out);
gboolean pk_file_reply (PkExchange *exchange, const char *path, const char *sha256, GError **error);

G_END_DECLS

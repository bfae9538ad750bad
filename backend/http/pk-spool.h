#pragma once

#include "pk-exchange.h"

G_BEGIN_DECLS

/*
 * An answer of any length that is made in one go and sent at the client's pace: in memory while it is short, in a nameless file
 * once it is not, compressed on the way. So no reading transaction waits for a slow client. One thread at a time.
 */
typedef struct _PkSpool PkSpool;

typedef enum
{
  PK_SPOOL_PLAIN,
  PK_SPOOL_ZSTD,
  PK_SPOOL_GZIP
} PkSpoolCoding;

PkSpool *pk_spool_new (const char *dir, PkSpoolCoding coding);
void pk_spool_free (PkSpool *self);
PkSpoolCoding pk_spool_choose_coding (const char *accept_encoding);
gboolean pk_spool_write (PkSpool *self, const char *text, gsize size, GError **error);
gboolean pk_spool_reply (PkSpool *self,
                         PkExchange *exchange,
                         guint status,
                         const char *type,
                         GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkSpool, pk_spool_free)

G_END_DECLS

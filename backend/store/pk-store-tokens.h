#pragma once

#include "pk-store.h"

G_BEGIN_DECLS

/*
 * Tokens are kept as SHA-256 only. @kind is a word of the caller ("access", "refresh", "code", "session" …), @family what is
 * revoked together, @data text of the caller (a code's challenge, a session's state).
 */
typedef struct
{
  char *hash; /* (owned): 64 hexadecimal digits */
  char *kind; /* (owned) */
  PkId family;
  PkId person;
  PkId device; /* all zero: none */
  gint64 created_us;
  gint64 expires_us;
  gint64 used_us; /* 0: not yet */
  char *data;     /* (owned) (nullable) */
} PkToken;

PkToken *pk_token_new (const char *hash, const char *kind);
void pk_token_free (PkToken *self);
gboolean pk_store_put_token (PkStore *self, const PkToken *token, GError **error);
PkToken *pk_store_find_token (PkStore *self, const char *hash, GError **error);
gboolean pk_store_delete_unused_tokens (PkStore *self, const PkToken *like, GError **error);
gboolean pk_store_delete_token_family (PkStore *self, const PkId *family, GError **error);
gboolean
pk_store_move_token_family (PkStore *self, const PkId *family, const PkId *device, GError **error);
gboolean pk_store_delete_device_tokens (PkStore *self, const PkId *device, GError **error);
gboolean pk_store_delete_expired_tokens (PkStore *self, gint64 now_us, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkToken, pk_token_free)

G_END_DECLS

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What an id_token must say (OpenID Connect Core, 3.1.3.7). */
typedef struct
{
  const char *issuer;
  const char *audience; /* our client id */
  const char *nonce;
  gint64 now_s;
} PkIdTokenCheck;

/* Who it is, as the provider says. */
typedef struct
{
  char *subject; /* (owned) */
  char *email;   /* (owned) (nullable): only where the provider does not call it unverified */
  char *number;  /* (owned) (nullable): of the employee */
} PkIdToken;

PkIdToken *pk_id_token_read (const char *compact,
                             const char *keys,
                             const PkIdTokenCheck *check,
                             gboolean *is_key_unknown_out,
                             GError **error);
void pk_id_token_free (PkIdToken *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkIdToken, pk_id_token_free)

G_END_DECLS

#pragma once

#include "pk-id.h"

G_BEGIN_DECLS

/* What a device asks for when it sends its person to sign in (RFC 6749, 7636, 8252). */
typedef struct
{
  char *redirect_uri; /* (owned): on loopback */
  char *state;        /* (owned) */
  char *challenge;    /* (owned): S256 */
  char *device_name;  /* (owned) (nullable) */
  PkId device;        /* a device that it had before; all zero: none */
} PkOauthRequest;

PkOauthRequest *pk_oauth_request_new (GHashTable *parameters, GError **error);
void pk_oauth_request_free (PkOauthRequest *self);
char *pk_oauth_request_to_text (const PkOauthRequest *self);
PkOauthRequest *pk_oauth_request_from_text (const char *text, GError **error);
char *
pk_oauth_request_make_redirect (const PkOauthRequest *self, const char *code, const char *fault);

gboolean pk_oauth_request_verify (const PkOauthRequest *self,
                                  const char *redirect_uri,
                                  const char *verifier);
char *pk_challenge_make (const char *verifier);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkOauthRequest, pk_oauth_request_free)

G_END_DECLS

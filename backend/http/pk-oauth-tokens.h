#pragma once

#include "pk-service.h"

G_BEGIN_DECLS

/* What a device asks for when it sends its person to sign in (RFC 6749, 7636, 8252). */
typedef struct
{
  char *redirect_uri; /* (owned): on loopback */
  char *state;        /* (owned) */
  char *challenge;    /* (owned): S256 */
  char *device_name;  /* (owned) (nullable) */
  PkId device;        /* a device that it had before; all zero: none */
} PkSignIn;

PkSignIn *pk_sign_in_new (GHashTable *parameters, GError **error);
void pk_sign_in_free (PkSignIn *self);
char *pk_sign_in_to_text (const PkSignIn *self);
PkSignIn *pk_sign_in_from_text (const char *text, GError **error);
char *pk_sign_in_make_redirect (const PkSignIn *self, const char *code, const char *fault);

/* What a device gets. */
typedef struct
{
  char *access;  /* (owned) */
  char *refresh; /* (owned) */
  PkId person;
  PkId device;
  PkId family;
  char *name; /* (owned): the person's */
  gint64 expires_us;
} PkOauthTokens;

#define PK_OAUTH_ACCESS_SECONDS (15 * 60)

/* On the writing thread. A refusal is PK_PROBLEM_UNAUTHORIZED (OAuth's invalid_grant) or PK_PROBLEM_DEVICE_REVOKED. */
char *pk_oauth_make_code (PkService *service,
                          const PkSignIn *sign_in,
                          const PkId *person,
                          GError **error);
PkOauthTokens *pk_oauth_take_code (PkService *service,
                                   const char *code,
                                   const char *verifier,
                                   const char *redirect_uri,
                                   GError **error);
PkOauthTokens *pk_oauth_refresh (PkService *service, const char *refresh, GError **error);
PkOauthTokens *pk_oauth_make_tokens (PkService *service,
                                     const PkId *person,
                                     const PkId *device,
                                     const char *device_name,
                                     GError **error);
gboolean pk_oauth_revoke (PkService *service, const char *token, PkId *family_out, GError **error);
gboolean pk_oauth_verify_challenge (const char *challenge, const char *verifier);
void pk_oauth_tokens_free (PkOauthTokens *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkSignIn, pk_sign_in_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkOauthTokens, pk_oauth_tokens_free)

G_END_DECLS

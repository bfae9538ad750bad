#pragma once

#include "pk-authorizer.h"
#include "pk-sync-http.h"

G_BEGIN_DECLS

/* What the server gives at sign-in: kept in memory and in the keyring, in no file. */
typedef struct
{
  char *access;       /* (owned) (nullable) */
  char *refresh;      /* (owned) */
  PkAccount *account; /* (owned) */
} PkTokens;

PkTokens *pk_tokens_read (const char *server, const char *json, gsize size, GError **error);
char *pk_tokens_to_text (const PkTokens *self);
void pk_tokens_free (PkTokens *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkTokens, pk_tokens_free)

/* Files: who was here last, and the tokens of a person of the demo. */
void pk_account_save (const PkAccount *self);
PkAccount *pk_account_load (const char *server);
void pk_token_file_save (const char *path, const PkTokens *tokens);
PkTokens *pk_token_file_load (const char *path, const char *server);

PkSyncHttp *pk_authorizer_get_http (PkAuthorizer *self);
gboolean pk_authorizer_has_tokens (PkAuthorizer *self);

/* The keyring (libsecret): one item for each server and person. */
void pk_keyring_store_async (const PkAccount *account,
                             const char *text,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean pk_keyring_store_finish (GAsyncResult *result, GError **error);
void pk_keyring_look_up_async (const char *server,
                               const char *person,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
char *pk_keyring_look_up_finish (GAsyncResult *result, GError **error);
void pk_keyring_forget_async (const PkAccount *account,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean pk_keyring_forget_finish (GAsyncResult *result, GError **error);

/* The browser's way back (RFC 8252, 7.3): a listener on loopback for one code. */
typedef struct _PkLoopback PkLoopback;
typedef void (*PkLoopbackFunc) (const char *code, const char *fault, gpointer user_data);

PkLoopback *pk_loopback_new (PkLoopbackFunc func, gpointer user_data, GError **error);
void pk_loopback_free (PkLoopback *self);
const char *pk_loopback_get_redirect_uri (PkLoopback *self);
char *pk_loopback_dup_query (PkLoopback *self, const char *device);
const char *pk_loopback_get_verifier (PkLoopback *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkLoopback, pk_loopback_free)

G_END_DECLS

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PK_AUTHORIZER_ERROR (pk_authorizer_error_quark ())
GQuark pk_authorizer_error_quark (void);

typedef enum
{
  PK_AUTHORIZER_ERROR_REFUSED,    /* the server or the person said no */
  PK_AUTHORIZER_ERROR_NOT_OURS,   /* what answers is not our server */
  PK_AUTHORIZER_ERROR_NO_ANSWER,  /* nobody answers, or the server is in trouble */
  PK_AUTHORIZER_ERROR_NO_SECRETS, /* the keyring is locked or missing */
  PK_AUTHORIZER_ERROR_NOBODY      /* nobody is signed in here */
} PkAuthorizerError;

/* Who is signed in, and where: enough to open the right replica, also offline. No secrets. */
typedef struct
{
  char *server; /* (owned): "https://pakobla.example.no" without a path */
  char *person; /* (owned): UUID */
  char *device; /* (owned): UUID */
  char *name;   /* (owned) (nullable) */
} PkAccount;

PkAccount *pk_account_copy (const PkAccount *self);
void pk_account_free (PkAccount *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkAccount, pk_account_free)

typedef enum
{
  PK_AUTHORIZER_DEFAULT = 0,
  PK_AUTHORIZER_MEMORY_ONLY = 1 << 0 /* tests: no keyring; tokens are gone with the program */
} PkAuthorizerFlags;

#define PK_TYPE_AUTHORIZER (pk_authorizer_get_type ())
G_DECLARE_FINAL_TYPE (PkAuthorizer, pk_authorizer, PK, AUTHORIZER, GObject)

/*
 * Who the person is at one server: OAuth 2 code with PKCE in the system's browser and a listener on loopback (RFC 8252, 7636), or
 * the demo's door. Tokens live in the keyring and in memory, never in files, but for those of the demo, who anybody
 * may be. Where the keyring is locked or missing, signing in
 * works all the same, until the program ends; "is-keyring-locked" says so.
 * Signal "open-uri" (string): the browser shall show a page. Main thread; one thing at a time.
 */
PkAuthorizer *pk_authorizer_new (const char *server, PkAuthorizerFlags flags);
PkAuthorizer *pk_authorizer_new_with_file (const char *server, const char *path);
const char *pk_authorizer_get_server (PkAuthorizer *self);
const PkAccount *pk_authorizer_get_account (PkAuthorizer *self);
gboolean pk_authorizer_get_is_keyring_locked (PkAuthorizer *self);
PkAccount *pk_authorizer_dup_last_account (PkAuthorizer *self);

void pk_authorizer_look_up_async (PkAuthorizer *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
void pk_authorizer_sign_in_async (PkAuthorizer *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
void pk_authorizer_sign_in_demo_async (PkAuthorizer *self,
                                       const char *person,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
void pk_authorizer_refresh_async (PkAuthorizer *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
void pk_authorizer_sign_out_async (PkAuthorizer *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
PkAccount *pk_authorizer_finish (PkAuthorizer *self, GAsyncResult *result, GError **error);

G_END_DECLS

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PK_SIGN_IN_ERROR (pk_sign_in_error_quark ())
GQuark pk_sign_in_error_quark (void);

typedef enum
{
  PK_SIGN_IN_ERROR_REFUSED,   /* the server or the person said no */
  PK_SIGN_IN_ERROR_NOT_OURS,  /* what answers is not our server */
  PK_SIGN_IN_ERROR_NO_SECRETS /* the keyring is locked or missing */
} PkSignInError;

/* Who is signed in, and where: enough to open the right replica, also offline. Copied by value of its parts; no secrets. */
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

#define PK_TYPE_SIGN_IN (pk_sign_in_get_type ())
G_DECLARE_FINAL_TYPE (PkSignIn, pk_sign_in, PK, SIGN_IN, GObject)

/*
 * Signing in at one server: OAuth 2 code with PKCE in the system's browser and a listener on loopback (RFC 8252, 7636), or the
 * demo's door. Tokens live in the keyring only. Emits "open-uri" (string) when the browser shall show a page.
 * Main thread; holds one sign-in at a time.
 */
PkSignIn *pk_sign_in_new (const char *server);
void pk_sign_in_set_memory_only (PkSignIn *self);
void pk_sign_in_look_up_async (PkSignIn *self,
                               const char *person,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
void pk_sign_in_browser_async (PkSignIn *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
void pk_sign_in_demo_async (PkSignIn *self,
                            const char *person,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
PkAccount *pk_sign_in_finish (PkSignIn *self, GAsyncResult *result, GError **error);
void pk_sign_in_forget_async (PkSignIn *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean pk_sign_in_forget_finish (PkSignIn *self, GAsyncResult *result, GError **error);
const char *pk_sign_in_get_server (PkSignIn *self);

G_END_DECLS

/*
 * Signing in, refreshing, signing out. The refresh token changes with each use (rotation): the new one is in the keyring before
 * anybody gets to work with the new access token; where the keyring fails it is kept in memory, and said so.
 */
#include "config.h"

#include "pk-authorizer.h"

#include "pk-authorizer-private.h"
#include "pk-json.h"

#include <glib/gstdio.h>

#define MAX_ANSWER_BYTES (64 * 1024)

struct _PkAuthorizer
{
  GObject parent_instance;

  char *server;         /* (owned) */
  char *file;           /* (owned) (nullable): where the tokens are instead of in the keyring */
  PkSyncHttp *http;     /* (owned) */
  PkTokens *tokens;     /* (owned) (nullable) */
  PkLoopback *loopback; /* (owned) (nullable): since the browser was out */
  GTask *waiting;       /* (owned) (nullable): while the browser is out */
  GSource *watch;       /* (owned) (nullable): for the person giving up */
  PkAuthorizerFlags flags;
  gboolean is_keyring_locked;
};

enum
{
  PROP_IS_KEYRING_LOCKED = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint open_uri_signal;

G_DEFINE_FINAL_TYPE (PkAuthorizer, pk_authorizer, G_TYPE_OBJECT)

static void
set_locked (PkAuthorizer *self, gboolean is_locked)
{
  if (self->is_keyring_locked == is_locked)
    return;
  self->is_keyring_locked = is_locked;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_KEYRING_LOCKED]);
}

static void
take_tokens (PkAuthorizer *self, PkTokens *tokens)
{
  g_clear_pointer (&self->tokens, pk_tokens_free);
  self->tokens = tokens;
  pk_sync_http_set_token (self->http, tokens ? tokens->access : NULL);
}

static void
return_account (GTask *task)
{
  PkAuthorizer *self = g_task_get_source_object (task);

  g_task_return_pointer (task,
                         pk_account_copy (self->tokens->account),
                         (GDestroyNotify) pk_account_free);
  g_object_unref (task);
}

static void
stored_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  PkAuthorizer *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  set_locked (self, !pk_keyring_store_finish (result, &error));
  if (error != NULL)
    g_message ("Signed in until the program ends: %s", error->message);
  return_account (task);
}

static gboolean
uses_keyring (PkAuthorizer *self)
{
  return self->file == NULL && (self->flags & PK_AUTHORIZER_MEMORY_ONLY) == 0;
}

static void
keep_tokens (GTask *task)
{
  PkAuthorizer *self = g_task_get_source_object (task);

  if (self->file != NULL)
    pk_token_file_save (self->file, self->tokens);
  if (!uses_keyring (self))
    {
      return_account (task);
      return;
    }
  pk_account_save (self->tokens->account);
  g_autofree char *text = pk_tokens_to_text (self->tokens);
  pk_keyring_store_async (self->tokens->account,
                          text,
                          g_task_get_cancellable (task),
                          stored_cb,
                          task);
}

static PkAuthorizerError
error_of (const PkSyncFault *fault)
{
  switch (fault->failure)
    {
    case PK_SYNC_FAILURE_PORTAL:
      return PK_AUTHORIZER_ERROR_NOT_OURS;
    case PK_SYNC_FAILURE_UNAUTHORIZED:
    case PK_SYNC_FAILURE_REFUSED:
    case PK_SYNC_FAILURE_REVOKED:
    case PK_SYNC_FAILURE_MISSING:
      return PK_AUTHORIZER_ERROR_REFUSED;
    default:
      return PK_AUTHORIZER_ERROR_NO_ANSWER;
    }
}

static void
answered_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  PkAuthorizer *self = g_task_get_source_object (task);
  GError *error = NULL;
  PkSyncFault fault;
  g_autoptr (GBytes) bytes = pk_sync_http_fetch_finish (self->http, result, &fault, &error);
  PkTokens *tokens = NULL;

  if (bytes != NULL)
    tokens = pk_tokens_read (self->server,
                             g_bytes_get_data (bytes, NULL),
                             g_bytes_get_size (bytes),
                             &error);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      error->domain = PK_AUTHORIZER_ERROR;
      error->code = error_of (&fault);
    }
  if (tokens == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  take_tokens (self, tokens);
  keep_tokens (task);
}

static void
post (GTask *task, const char *path, const char *type, const char *body)
{
  PkAuthorizer *self = g_task_get_source_object (task);
  pk_sync_http_set_token (self->http, NULL);
  g_autoptr (SoupMessage) message = pk_sync_http_make (self->http, "POST", path);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  if (message == NULL)
    {
      g_task_return_new_error (task,
                               PK_AUTHORIZER_ERROR,
                               PK_AUTHORIZER_ERROR_NOT_OURS,
                               "The server has no address");
      g_object_unref (task);
      return;
    }
  soup_message_headers_replace (soup_message_get_request_headers (message),
                                "Accept",
                                "application/json");
  soup_message_set_request_body_from_bytes (message, type, bytes);
  pk_sync_http_fetch_async (self->http,
                            message,
                            "application/json",
                            MAX_ANSWER_BYTES,
                            g_task_get_cancellable (task),
                            answered_cb,
                            task);
}

static GTask *
new_task (PkAuthorizer *self,
          gpointer tag,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  return task;
}

/* One sign-in in the browser at a time. Its task waits for the browser, or for the person to give up. */
static GTask *
stop_waiting (PkAuthorizer *self)
{
  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
  return g_steal_pointer (&self->waiting);
}

static void
browser_is_back (const char *code, const char *fault, gpointer user_data)
{
  PkAuthorizer *self = user_data;
  GTask *task = stop_waiting (self);

  if (task == NULL)
    return; /* somebody loads the page once more */
  if (code == NULL)
    {
      g_task_return_new_error (task,
                               PK_AUTHORIZER_ERROR,
                               PK_AUTHORIZER_ERROR_REFUSED,
                               "The sign-in ended with %s",
                               fault);
      g_object_unref (task);
      return;
    }
  g_autofree char *form = soup_form_encode ("grant_type",
                                            "authorization_code",
                                            "client_id",
                                            "pakobla-desktop",
                                            "code",
                                            code,
                                            "code_verifier",
                                            pk_loopback_get_verifier (self->loopback),
                                            "redirect_uri",
                                            pk_loopback_get_redirect_uri (self->loopback),
                                            NULL);
  post (task, "/oauth/token", SOUP_FORM_MIME_TYPE_URLENCODED, form);
}

static gboolean
given_up_cb (G_GNUC_UNUSED GCancellable *cancellable, gpointer user_data)
{
  GTask *task = stop_waiting (user_data);

  if (task != NULL)
    {
      g_task_return_error_if_cancelled (task);
      g_object_unref (task);
    }
  return G_SOURCE_REMOVE;
}

static void
give_up_last (PkAuthorizer *self)
{
  GTask *task = stop_waiting (self);

  if (task == NULL)
    return;
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Another sign-in has begun");
  g_object_unref (task);
}

static void
wait_for_browser (PkAuthorizer *self, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  self->waiting = task;
  if (cancellable == NULL)
    return;
  self->watch = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (given_up_cb), self, NULL);
  g_source_attach (self->watch, g_main_context_get_thread_default ());
}

/**
 * pk_authorizer_sign_in_async:
 *
 * Signs in with the browser. Finish with pk_authorizer_finish(); the listener stays until then, and until the next sign-in.
 */
void
pk_authorizer_sign_in_async (PkAuthorizer *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = new_task (self, pk_authorizer_sign_in_async, cancellable, callback, user_data);
  g_autoptr (PkAccount) last = pk_authorizer_dup_last_account (self);
  GError *error = NULL;

  give_up_last (self);
  g_clear_pointer (&self->loopback, pk_loopback_free);
  self->loopback = pk_loopback_new (browser_is_back, self, &error);
  if (self->loopback == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  wait_for_browser (self, task);
  g_autofree char *query = pk_loopback_dup_query (self->loopback, last ? last->device : NULL);
  g_autofree char *uri = g_strconcat (self->server, "/oauth/authorize?", query, NULL);
  g_signal_emit (self, open_uri_signal, 0, uri);
}

/**
 * pk_authorizer_sign_in_demo_async:
 * @person: a role of the demo ("caretaker"), or a UUID
 *
 * Signs in through the demo's door, without a browser.
 */
void
pk_authorizer_sign_in_demo_async (PkAuthorizer *self,
                                  const char *person,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task = new_task (self, pk_authorizer_sign_in_demo_async, cancellable, callback, user_data);
  g_autoptr (PkAccount) last = pk_authorizer_dup_last_account (self);
  g_autoptr (GString) body = g_string_new ("{");

  pk_json_append_name (body, "person");
  pk_json_append_text (body, person);
  if (last != NULL)
    {
      pk_json_append_name (body, "device");
      pk_json_append_text (body, last->device);
    }
  pk_json_append_name (body, "device_name");
  pk_json_append_text (body, g_get_host_name ());
  g_string_append_c (body, '}');
  post (task, "/demo/sign-in", "application/json", body->str);
}

/**
 * pk_authorizer_refresh_async:
 *
 * Exchanges the refresh token for new tokens. %PK_AUTHORIZER_ERROR_REFUSED: the person must sign in.
 */
void
pk_authorizer_refresh_async (PkAuthorizer *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = new_task (self, pk_authorizer_refresh_async, cancellable, callback, user_data);

  if (self->tokens == NULL)
    {
      g_task_return_new_error (task,
                               PK_AUTHORIZER_ERROR,
                               PK_AUTHORIZER_ERROR_REFUSED,
                               "Nobody is signed in");
      g_object_unref (task);
      return;
    }
  g_autofree char *form = soup_form_encode ("grant_type",
                                            "refresh_token",
                                            "client_id",
                                            "pakobla-desktop",
                                            "refresh_token",
                                            self->tokens->refresh,
                                            NULL);
  post (task, "/oauth/token", SOUP_FORM_MIME_TYPE_URLENCODED, form);
}

static void
looked_up_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  PkAuthorizer *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autofree char *text = pk_keyring_look_up_finish (result, &error);

  set_locked (self, g_error_matches (error, PK_AUTHORIZER_ERROR, PK_AUTHORIZER_ERROR_NO_SECRETS));
  if (text == NULL && error == NULL)
    error = g_error_new_literal (PK_AUTHORIZER_ERROR,
                                 PK_AUTHORIZER_ERROR_NOBODY,
                                 "The keyring knows nobody here");
  PkTokens *tokens = text ? pk_tokens_read (self->server, text, strlen (text), &error) : NULL;
  if (tokens == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  take_tokens (self, tokens);
  return_account (task);
}

/**
 * pk_authorizer_look_up_async:
 *
 * Looks in the keyring whether the person who was here last is signed in still. Needs no network.
 */
void
pk_authorizer_look_up_async (PkAuthorizer *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = new_task (self, pk_authorizer_look_up_async, cancellable, callback, user_data);
  g_autoptr (PkAccount) last = uses_keyring (self) ? pk_account_load (self->server) : NULL;
  PkTokens *tokens = self->file ? pk_token_file_load (self->file, self->server) : NULL;

  if (tokens != NULL)
    {
      take_tokens (self, tokens);
      return_account (task);
      return;
    }
  if (last != NULL)
    {
      pk_keyring_look_up_async (self->server, last->person, cancellable, looked_up_cb, task);
      return;
    }
  g_task_return_new_error (task,
                           PK_AUTHORIZER_ERROR,
                           PK_AUTHORIZER_ERROR_NOBODY,
                           "Nobody is signed in here");
  g_object_unref (task);
}

static void
forgotten_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pk_keyring_forget_finish (result, &error))
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_error (task, error);
}

static void
revoked_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  PkAuthorizer *self = g_task_get_source_object (task);
  /* Where the server cannot be reached, its tokens end by themselves; here they end now. */
  g_autoptr (GBytes) bytes = pk_sync_http_fetch_finish (self->http, result, NULL, NULL);
  g_autoptr (PkTokens) tokens = g_steal_pointer (&self->tokens);

  pk_sync_http_set_token (self->http, NULL);
  if (self->file != NULL)
    g_unlink (self->file);
  if (tokens == NULL || !uses_keyring (self))
    {
      g_task_return_pointer (task, NULL, NULL);
      g_object_unref (task);
      return;
    }
  pk_keyring_forget_async (tokens->account, g_task_get_cancellable (task), forgotten_cb, task);
}

/**
 * pk_authorizer_sign_out_async:
 *
 * Gives the tokens back and forgets them. pk_authorizer_finish() gives no account then.
 */
void
pk_authorizer_sign_out_async (PkAuthorizer *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = new_task (self, pk_authorizer_sign_out_async, cancellable, callback, user_data);
  g_autoptr (SoupMessage) message = pk_sync_http_make (self->http, "POST", "/oauth/revoke");

  if (self->tokens == NULL || message == NULL)
    {
      g_task_return_pointer (task, NULL, NULL);
      g_object_unref (task);
      return;
    }
  g_autofree char *form = soup_form_encode ("token", self->tokens->refresh, NULL);
  g_autoptr (GBytes) body = g_bytes_new (form, strlen (form));
  soup_message_set_request_body_from_bytes (message, SOUP_FORM_MIME_TYPE_URLENCODED, body);
  pk_sync_http_fetch_async (self->http,
                            message,
                            NULL,
                            MAX_ANSWER_BYTES,
                            cancellable,
                            revoked_cb,
                            task);
}

static void
pk_authorizer_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_IS_KEYRING_LOCKED)
    g_value_set_boolean (value, PK_AUTHORIZER (object)->is_keyring_locked);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
pk_authorizer_finalize (GObject *object)
{
  PkAuthorizer *self = PK_AUTHORIZER (object);

  g_clear_pointer (&self->loopback, pk_loopback_free);
  g_clear_pointer (&self->tokens, pk_tokens_free);
  g_clear_pointer (&self->http, pk_sync_http_free);
  g_free (self->server);
  g_free (self->file);
  G_OBJECT_CLASS (pk_authorizer_parent_class)->finalize (object);
}

static void
pk_authorizer_class_init (PkAuthorizerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pk_authorizer_get_property;
  object_class->finalize = pk_authorizer_finalize;
  properties[PROP_IS_KEYRING_LOCKED] =
      g_param_spec_boolean ("is-keyring-locked",
                            NULL,
                            NULL,
                            FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  open_uri_signal = g_signal_new ("open-uri",
                                  G_TYPE_FROM_CLASS (klass),
                                  G_SIGNAL_RUN_LAST,
                                  0,
                                  NULL,
                                  NULL,
                                  NULL,
                                  G_TYPE_NONE,
                                  1,
                                  G_TYPE_STRING);
}

static void
pk_authorizer_init (G_GNUC_UNUSED PkAuthorizer *self)
{
}

/**
 * pk_authorizer_new:
 * @server: scheme, host and port
 *
 * Returns: (transfer full): where nobody is signed in yet
 */
PkAuthorizer *
pk_authorizer_new (const char *server, PkAuthorizerFlags flags)
{
  PkAuthorizer *self = g_object_new (PK_TYPE_AUTHORIZER, NULL);

  self->server = g_strdup (server);
  while (g_str_has_suffix (self->server, "/"))
    self->server[strlen (self->server) - 1] = '\0';
  self->flags = flags;
  self->http = pk_sync_http_new (self->server);
  return self;
}

/**
 * pk_authorizer_new_with_file:
 * @server: scheme, host and port
 * @path: of the file for the tokens; its folder is made where it is missing
 *
 * For persons of the demo only: what is kept there is no secret, since the demo's door asks for none.
 *
 * Returns: (transfer full): where nobody is signed in yet
 */
PkAuthorizer *
pk_authorizer_new_with_file (const char *server, const char *path)
{
  PkAuthorizer *self = pk_authorizer_new (server, PK_AUTHORIZER_DEFAULT);

  self->file = g_strdup (path);
  return self;
}

/**
 * pk_authorizer_get_server:
 *
 * Returns: (transfer none): scheme, host and port
 */
const char *
pk_authorizer_get_server (PkAuthorizer *self)
{
  return self->server;
}

/**
 * pk_authorizer_get_account:
 *
 * Returns: (transfer none) (nullable): who is signed in
 */
const PkAccount *
pk_authorizer_get_account (PkAuthorizer *self)
{
  return self->tokens ? self->tokens->account : NULL;
}

/**
 * pk_authorizer_get_is_keyring_locked:
 *
 * Returns: whether the keyring could not be used the last time
 */
gboolean
pk_authorizer_get_is_keyring_locked (PkAuthorizer *self)
{
  return self->is_keyring_locked;
}

/**
 * pk_authorizer_dup_last_account:
 *
 * Returns: (transfer full) (nullable): who was here last; the replica of that person can be opened without a sign-in
 */
PkAccount *
pk_authorizer_dup_last_account (PkAuthorizer *self)
{
  if (self->file == NULL)
    return pk_account_load (self->server);
  g_autoptr (PkTokens) tokens = pk_token_file_load (self->file, self->server);
  return tokens ? pk_account_copy (tokens->account) : NULL;
}

/**
 * pk_authorizer_get_http:
 *
 * Returns: (transfer none): requests with the person's token
 */
PkSyncHttp *
pk_authorizer_get_http (PkAuthorizer *self)
{
  return self->http;
}

/**
 * pk_authorizer_has_tokens:
 *
 * Returns: whether somebody is signed in
 */
gboolean
pk_authorizer_has_tokens (PkAuthorizer *self)
{
  return self->tokens != NULL;
}

/**
 * pk_authorizer_finish:
 *
 * Errors: %PK_AUTHORIZER_ERROR, %G_IO_ERROR_CANCELLED
 * Returns: (transfer full) (nullable): who is signed in now
 */
PkAccount *
pk_authorizer_finish (G_GNUC_UNUSED PkAuthorizer *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

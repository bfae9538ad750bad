/*
 * Talks to an OpenID provider. What it says of itself and its keys are kept for an hour; keys are asked for again, at most once
 * a minute, when a token is signed with one that is not known (the provider rotates them).
 */
#include "config.h"

#include "pk-oidc-provider.h"

#include "pk-json.h"
#include "pk-problem.h"

#include <libsoup/soup.h>
#include <string.h>

#define TIMEOUT_S        10
#define KEEP_US          (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define KEYS_AGAIN_US    (60 * G_USEC_PER_SEC)
#define MAX_ANSWER_BYTES (1024 * 1024)

struct _PkOidcProvider
{
  GObject parent_instance;
  char *issuer;              /* (owned) */
  char *client_id;           /* (owned) */
  char *client_secret;       /* (owned) (nullable) */
  SoupSession *session;      /* (owned) */
  PkOidcEndpoints endpoints; /* (owned): NULL texts until it is discovered */
  gint64 discovered_us;      /* monotonic */
  char *keys;                /* (owned) (nullable): a JWK set */
  gint64 keys_us;            /* monotonic */
  gint64 renewed_us; /* monotonic: when keys were last asked for because one was not known */
};

G_DEFINE_FINAL_TYPE (PkOidcProvider, pk_oidc_provider, G_TYPE_OBJECT)

static void
clear_endpoints (PkOidcEndpoints *self)
{
  g_clear_pointer (&self->authorize_url, g_free);
  g_clear_pointer (&self->token_url, g_free);
  g_clear_pointer (&self->keys_url, g_free);
}

static void
pk_oidc_provider_finalize (GObject *object)
{
  PkOidcProvider *self = PK_OIDC_PROVIDER (object);

  g_free (self->issuer);
  g_free (self->client_id);
  g_free (self->client_secret);
  g_free (self->keys);
  clear_endpoints (&self->endpoints);
  g_object_unref (self->session);
  G_OBJECT_CLASS (pk_oidc_provider_parent_class)->finalize (object);
}

static void
pk_oidc_provider_class_init (PkOidcProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pk_oidc_provider_finalize;
}

static void
pk_oidc_provider_init (PkOidcProvider *self)
{
  self->session =
      soup_session_new_with_options ("timeout", TIMEOUT_S, "user-agent", "pakoblad", NULL);
}

/**
 * pk_oidc_provider_new:
 * @client_secret: (nullable)
 *
 * Returns: (transfer full): a provider that has not been asked anything
 */
PkOidcProvider *
pk_oidc_provider_new (const char *issuer, const char *client_id, const char *client_secret)
{
  PkOidcProvider *self = g_object_new (PK_TYPE_OIDC_PROVIDER, NULL);

  self->issuer = g_strdup (issuer);
  self->client_id = g_strdup (client_id);
  self->client_secret = g_strdup (client_secret);
  return self;
}

/**
 * pk_oidc_provider_get_issuer:
 *
 * Returns: (transfer none): the issuer as it was set up
 */
const char *
pk_oidc_provider_get_issuer (PkOidcProvider *self)
{
  return self->issuer;
}

/**
 * pk_oidc_provider_get_client_id:
 *
 * Returns: (transfer none): our name there
 */
const char *
pk_oidc_provider_get_client_id (PkOidcProvider *self)
{
  return self->client_id;
}

static GBytes *
finish_request (SoupSession *session, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) body = soup_session_send_and_read_finish (session, result, &local);
  SoupMessage *message = soup_session_get_async_result_message (session, result);
  const char *fault = NULL;

  if (body == NULL)
    fault = local->message;
  else if (soup_message_get_status (message) != SOUP_STATUS_OK)
    fault = soup_message_get_reason_phrase (message);
  else if (g_bytes_get_size (body) > MAX_ANSWER_BYTES)
    fault = "Its answer is too long";
  if (fault == NULL)
    return g_steal_pointer (&body);
  g_warning ("The OpenID provider at %s: %s",
             g_uri_get_host (soup_message_get_uri (message)),
             fault);
  pk_problem_set (error, PK_PROBLEM_BUSY, NULL, "The OpenID provider does not answer");
  return NULL;
}

static JsonNode *
finish_json (SoupSession *session, GAsyncResult *result, GError **error)
{
  g_autoptr (GBytes) body = finish_request (session, result, error);
  g_autoptr (JsonNode)
      node = body != NULL
                 ? pk_json_parse (g_bytes_get_data (body, NULL), g_bytes_get_size (body), NULL)
                 : NULL;

  if (body == NULL || (node != NULL && JSON_NODE_HOLDS_OBJECT (node)))
    return g_steal_pointer (&node);
  pk_problem_set (error, PK_PROBLEM_BUSY, NULL, "The OpenID provider's answer cannot be read");
  return NULL;
}

static char *
dup_member (JsonNode *node, const char *name)
{
  return g_strdup (
      json_object_get_string_member_with_default (json_node_get_object (node), name, NULL));
}

static void
discovered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PkOidcProvider *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (JsonNode) node = finish_json (SOUP_SESSION (source), result, &error);

  if (node == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_autofree char *issuer = dup_member (node, "issuer");
  clear_endpoints (&self->endpoints);
  self->endpoints.authorize_url = dup_member (node, "authorization_endpoint");
  self->endpoints.token_url = dup_member (node, "token_endpoint");
  self->endpoints.keys_url = dup_member (node, "jwks_uri");
  if (g_strcmp0 (issuer, self->issuer) != 0 || self->endpoints.authorize_url == NULL ||
      self->endpoints.token_url == NULL || self->endpoints.keys_url == NULL)
    {
      clear_endpoints (&self->endpoints);
      pk_problem_set (&error, PK_PROBLEM_BUSY, NULL, "The OpenID provider is another one");
      g_task_return_error (task, error);
      return;
    }
  self->discovered_us = g_get_monotonic_time ();
  g_task_return_pointer (task, &self->endpoints, NULL);
}

static void
send (PkOidcProvider *self, const char *url, GTask *task, GAsyncReadyCallback callback)
{
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, url);

  if (message == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "No URL: %s", url);
      g_object_unref (task);
      return;
    }
  soup_session_send_and_read_async (self->session,
                                    message,
                                    G_PRIORITY_DEFAULT,
                                    NULL,
                                    callback,
                                    task);
}

/**
 * pk_oidc_provider_discover_async:
 *
 * Asks where things are, unless it is known.
 */
void
pk_oidc_provider_discover_async (PkOidcProvider *self,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, pk_oidc_provider_discover_async);
  if (self->endpoints.token_url != NULL && g_get_monotonic_time () - self->discovered_us < KEEP_US)
    {
      g_task_return_pointer (task, &self->endpoints, NULL);
      g_object_unref (task);
      return;
    }
  g_autofree char *url = g_strconcat (self->issuer,
                                      g_str_has_suffix (self->issuer, "/") ? "" : "/",
                                      ".well-known/openid-configuration",
                                      NULL);
  send (self, url, task, discovered_cb);
}

/**
 * pk_oidc_provider_discover_finish:
 *
 * Returns: (transfer none) (nullable): where things are; until the next discovery
 */
const PkOidcEndpoints *
pk_oidc_provider_discover_finish (PkOidcProvider *self G_GNUC_UNUSED,
                                  GAsyncResult *result,
                                  GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
exchanged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) node = finish_json (SOUP_SESSION (source), result, &error);
  char *token = node != NULL ? dup_member (node, "id_token") : NULL;

  if (token == NULL && error == NULL)
    pk_problem_set (&error, PK_PROBLEM_UNAUTHORIZED, NULL, "The provider gave no id_token");
  if (token == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, token, g_free);
}

static void
add_secret (PkOidcProvider *self, SoupMessage *message)
{
  if (self->client_secret == NULL)
    return;
  g_autofree char *id = g_uri_escape_string (self->client_id, NULL, FALSE);
  g_autofree char *secret = g_uri_escape_string (self->client_secret, NULL, FALSE);
  g_autofree char *both = g_strconcat (id, ":", secret, NULL);
  g_autofree char *text = g_base64_encode ((const guchar *) both, strlen (both));
  g_autofree char *value = g_strconcat ("Basic ", text, NULL);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", value);
}

/**
 * pk_oidc_provider_exchange_async:
 *
 * Exchanges a code for an id_token. The provider must have been discovered.
 */
void
pk_oidc_provider_exchange_async (PkOidcProvider *self,
                                 const char *code,
                                 const char *verifier,
                                 const char *redirect_uri,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  char *form = soup_form_encode ("grant_type",
                                 "authorization_code",
                                 "code",
                                 code,
                                 "redirect_uri",
                                 redirect_uri,
                                 "code_verifier",
                                 verifier,
                                 self->client_secret == NULL ? "client_id" : NULL,
                                 self->client_id,
                                 NULL);
  g_autoptr (SoupMessage) message =
      soup_message_new_from_encoded_form (SOUP_METHOD_POST, self->endpoints.token_url, form);

  g_task_set_source_tag (task, pk_oidc_provider_exchange_async);
  add_secret (self, message);
  soup_session_send_and_read_async (self->session,
                                    message,
                                    G_PRIORITY_DEFAULT,
                                    NULL,
                                    exchanged_cb,
                                    task);
}

/**
 * pk_oidc_provider_exchange_finish:
 *
 * Returns: (transfer full) (nullable): the id_token, not checked
 */
char *
pk_oidc_provider_exchange_finish (PkOidcProvider *self G_GNUC_UNUSED,
                                  GAsyncResult *result,
                                  GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
got_keys_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PkOidcProvider *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GBytes) body = finish_request (SOUP_SESSION (source), result, &error);

  if (body == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_free (self->keys);
  self->keys = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_task_return_pointer (task, self->keys, NULL);
}

/**
 * pk_oidc_provider_get_keys_async:
 * @is_renewed: whether a key was not among those that are known
 *
 * Gets the provider's keys, from memory where that will do.
 */
void
pk_oidc_provider_get_keys_async (PkOidcProvider *self,
                                 gboolean is_renewed,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  gint64 now_us = g_get_monotonic_time ();
  gboolean is_kept = is_renewed ? now_us - self->renewed_us < KEYS_AGAIN_US && self->renewed_us != 0
                                : now_us - self->keys_us < KEEP_US;

  g_task_set_source_tag (task, pk_oidc_provider_get_keys_async);
  if (self->keys != NULL && is_kept)
    {
      g_task_return_pointer (task, self->keys, NULL);
      g_object_unref (task);
      return;
    }
  self->keys_us = now_us;
  if (is_renewed)
    self->renewed_us = now_us;
  send (self, self->endpoints.keys_url, task, got_keys_cb);
}

/**
 * pk_oidc_provider_get_keys_finish:
 *
 * Returns: (transfer none) (nullable): a JWK set; until it is asked for again
 */
const char *
pk_oidc_provider_get_keys_finish (PkOidcProvider *self G_GNUC_UNUSED,
                                  GAsyncResult *result,
                                  GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

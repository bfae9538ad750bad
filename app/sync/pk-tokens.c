/* What the server gives at sign-in, as JSON from the server and as JSON in the keyring. */
#include "config.h"

#include "pk-authorizer-private.h"

#include "pk-json.h"

G_DEFINE_QUARK (pk_authorizer_error, pk_authorizer_error)

/**
 * pk_account_copy:
 *
 * Returns: (transfer full): the same
 */
PkAccount *
pk_account_copy (const PkAccount *self)
{
  PkAccount *copy = g_new0 (PkAccount, 1);

  copy->server = g_strdup (self->server);
  copy->person = g_strdup (self->person);
  copy->device = g_strdup (self->device);
  copy->name = g_strdup (self->name);
  return copy;
}

/**
 * pk_account_free:
 *
 * Frees it.
 */
void
pk_account_free (PkAccount *self)
{
  g_free (self->server);
  g_free (self->person);
  g_free (self->device);
  g_free (self->name);
  g_free (self);
}

/**
 * pk_tokens_free:
 *
 * Frees it.
 */
void
pk_tokens_free (PkTokens *self)
{
  g_free (self->access);
  g_free (self->refresh);
  g_clear_pointer (&self->account, pk_account_free);
  g_free (self);
}

static char *
dup_member (JsonObject *object, const char *name)
{
  return g_strdup (json_object_get_string_member_with_default (object, name, NULL));
}

static gboolean
is_complete (const PkTokens *self)
{
  PkId id;

  return self->refresh != NULL && self->account->person != NULL && self->account->device != NULL &&
         pk_id_parse (self->account->person, &id) && pk_id_parse (self->account->device, &id);
}

/**
 * pk_tokens_read:
 *
 * Errors: %PK_AUTHORIZER_ERROR_NOT_OURS
 * Returns: (transfer full) (nullable): tokens and account
 */
PkTokens *
pk_tokens_read (const char *server, const char *json, gsize size, GError **error)
{
  g_autoptr (JsonNode) node = pk_json_parse (json, size, NULL);
  g_autoptr (PkTokens) self = g_new0 (PkTokens, 1);

  self->account = g_new0 (PkAccount, 1);
  self->account->server = g_strdup (server);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      self->access = dup_member (object, "access_token");
      self->refresh = dup_member (object, "refresh_token");
      self->account->person = dup_member (object, "person");
      self->account->device = dup_member (object, "device");
      self->account->name = dup_member (object, "name");
    }
  if (is_complete (self))
    return g_steal_pointer (&self);
  g_set_error_literal (error,
                       PK_AUTHORIZER_ERROR,
                       PK_AUTHORIZER_ERROR_NOT_OURS,
                       "The tokens are not complete");
  return NULL;
}

static void
append (GString *out, const char *name, const char *value)
{
  if (value == NULL)
    return;
  pk_json_append_name (out, name);
  pk_json_append_text (out, value);
}

/**
 * pk_tokens_to_text:
 *
 * Returns: (transfer full): what the keyring keeps: no access token, which is short-lived
 */
char *
pk_tokens_to_text (const PkTokens *self)
{
  GString *out = g_string_new ("{");

  append (out, "refresh_token", self->refresh);
  append (out, "person", self->account->person);
  append (out, "device", self->account->device);
  append (out, "name", self->account->name);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

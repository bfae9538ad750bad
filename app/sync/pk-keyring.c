/* Tokens in the keyring. Everything that goes wrong here is one thing to people: the keyring is locked or missing. */
#include "config.h"

#include "pk-authorizer-private.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>

static const SecretSchema schema = {
  PK_APPLICATION_ID ".Token",
  SECRET_SCHEMA_NONE,
  { { "server", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "person", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 } },
};

static gboolean
no_secrets (GError *fault, GError **error)
{
  if (g_error_matches (fault, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, fault);
      return FALSE;
    }
  g_set_error (error,
               PK_AUTHORIZER_ERROR,
               PK_AUTHORIZER_ERROR_NO_SECRETS,
               "The keyring cannot be used: %s",
               fault->message);
  g_error_free (fault);
  return FALSE;
}

/**
 * pk_keyring_store_async:
 * @text: the secret
 *
 * Keeps a secret for the account, in place of the one before.
 */
void
pk_keyring_store_async (const PkAccount *account,
                        const char *text,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  /* Translators: what the keyring's own window calls it; %s is the server */
  g_autofree char *label = g_strdup_printf (_ ("Påkobla at %s"), account->server);

  secret_password_store (&schema,
                         SECRET_COLLECTION_DEFAULT,
                         label,
                         text,
                         cancellable,
                         callback,
                         user_data,
                         "server",
                         account->server,
                         "person",
                         account->person,
                         NULL);
}

/**
 * pk_keyring_store_finish:
 *
 * Errors: %PK_AUTHORIZER_ERROR_NO_SECRETS
 * Returns: %TRUE if it is kept
 */
gboolean
pk_keyring_store_finish (GAsyncResult *result, GError **error)
{
  GError *fault = NULL;

  return secret_password_store_finish (result, &fault) || no_secrets (fault, error);
}

typedef struct
{
  char *server; /* (owned) */
  char *person; /* (owned) */
} LookUp;

static void
free_look_up (gpointer data)
{
  LookUp *self = data;

  g_free (self->server);
  g_free (self->person);
  g_free (self);
}

static void
free_items (GList *items)
{
  g_list_free_full (items, g_object_unref);
}

static void
return_fault (GTask *task, GError *fault)
{
  GError *error = NULL;

  no_secrets (fault, &error);
  g_task_return_error (task, error);
}

static void
searched_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *fault = NULL;
  GList *items = secret_password_search_finish (result, &fault);

  if (fault != NULL)
    return_fault (task, fault);
  else if (items != NULL)
    g_task_return_new_error (task,
                             PK_AUTHORIZER_ERROR,
                             PK_AUTHORIZER_ERROR_NO_SECRETS,
                             "The keyring is locked");
  else
    g_task_return_pointer (task, NULL, NULL);
  free_items (items);
}

/* A person who does not unlock the keyring, or cannot, is no fault to libsecret: it says that there is nothing. */
static void
look_whether_locked (GTask *task)
{
  LookUp *self = g_task_get_task_data (task);

  secret_password_search (&schema,
                          SECRET_SEARCH_NONE,
                          g_task_get_cancellable (task),
                          searched_cb,
                          task,
                          "server",
                          self->server,
                          "person",
                          self->person,
                          NULL);
}

static void
looked_up_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *fault = NULL;
  char *secret = secret_password_lookup_finish (result, &fault);

  if (fault == NULL && secret == NULL)
    {
      look_whether_locked (task);
      return;
    }
  if (fault != NULL)
    return_fault (task, fault);
  else
    g_task_return_pointer (task, g_strdup (secret), g_free);
  secret_password_free (secret);
  g_object_unref (task);
}

/**
 * pk_keyring_look_up_async:
 * @person: UUID
 *
 * Looks for the account's secret; the system may ask the person to unlock the keyring.
 */
void
pk_keyring_look_up_async (const char *server,
                          const char *person,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  LookUp *self = g_new0 (LookUp, 1);

  self->server = g_strdup (server);
  self->person = g_strdup (person);
  g_task_set_source_tag (task, pk_keyring_look_up_async);
  g_task_set_task_data (task, self, free_look_up);
  secret_password_lookup (&schema,
                          cancellable,
                          looked_up_cb,
                          task,
                          "server",
                          server,
                          "person",
                          person,
                          NULL);
}

/**
 * pk_keyring_look_up_finish:
 *
 * Errors: %PK_AUTHORIZER_ERROR_NO_SECRETS
 * Returns: (transfer full) (nullable): the secret; NULL without an error where there is none
 */
char *
pk_keyring_look_up_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pk_keyring_forget_async:
 *
 * Takes the account's secret out.
 */
void
pk_keyring_forget_async (const PkAccount *account,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  secret_password_clear (&schema,
                         cancellable,
                         callback,
                         user_data,
                         "server",
                         account->server,
                         "person",
                         account->person,
                         NULL);
}

/**
 * pk_keyring_forget_finish:
 *
 * Errors: %PK_AUTHORIZER_ERROR_NO_SECRETS
 * Returns: %TRUE if there is none any more
 */
gboolean
pk_keyring_forget_finish (GAsyncResult *result, GError **error)
{
  GError *fault = NULL;

  secret_password_clear_finish (result, &fault);
  return fault == NULL || no_secrets (fault, error);
}

/*
 * The browser's way back to us. Only this machine can reach it; the state proves that the answer belongs to our question, the
 * verifier (RFC 7636) that who takes the code is who asked for it.
 */
#include "config.h"

#include "pk-authorizer-private.h"

#include <glib/gi18n.h>
#include <sys/random.h>

struct _PkLoopback
{
  SoupServer *server; /* (owned) */
  char *redirect_uri; /* (owned) */
  char *state;        /* (owned) */
  char *verifier;     /* (owned) */
  PkLoopbackFunc func;
  gpointer user_data;
};

static char *
to_base64url (const guchar *bytes, gsize size)
{
  char *text = g_base64_encode (bytes, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  for (char *end = text + strlen (text); end > text && end[-1] == '='; end--)
    end[-1] = '\0';
  return text;
}

static char *
make_secret (GError **error)
{
  guchar bytes[32];

  if (getrandom (bytes, sizeof bytes, 0) != (gssize) sizeof bytes)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The system gives no randomness");
      return NULL;
    }
  return to_base64url (bytes, sizeof bytes);
}

static char *
make_challenge (const char *verifier)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;

  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &size);
  return to_base64url (digest, size);
}

static void
show (SoupServerMessage *message, const char *title, const char *words)
{
  g_autofree char *page = g_markup_printf_escaped (
      "<!DOCTYPE html><meta charset=\"utf-8\"><title>%s</title>"
      "<body style=\"font-family:sans-serif;max-width:30em;margin:4em auto\"><h1>%s</h1><p>%s</p>",
      title,
      title,
      words);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (headers,
                                "Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message,
                                    "text/html; charset=utf-8",
                                    SOUP_MEMORY_COPY,
                                    page,
                                    strlen (page));
}

static void
visited_cb (G_GNUC_UNUSED SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  PkLoopback *self = user_data;
  const char *state = query ? g_hash_table_lookup (query, "state") : NULL;
  const char *code = query ? g_hash_table_lookup (query, "code") : NULL;
  const char *fault = query ? g_hash_table_lookup (query, "error") : NULL;

  if (!g_str_equal (path, "/") || g_strcmp0 (state, self->state) != 0 ||
      (code == NULL && fault == NULL))
    {
      soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
      return;
    }
  if (code != NULL)
    show (message, _ ("You are signed in"), _ ("You can close this page and go back to Påkobla."));
  else
    show (message, _ ("You are not signed in"), _ ("Go back to Påkobla to try again."));
  self->func (code, fault, self->user_data);
}

/**
 * pk_loopback_new:
 * @func: called once or more, when the browser comes back
 *
 * Returns: (transfer full) (nullable): a listener with secrets of its own
 */
PkLoopback *
pk_loopback_new (PkLoopbackFunc func, gpointer user_data, GError **error)
{
  g_autoptr (PkLoopback) self = g_new0 (PkLoopback, 1);

  self->func = func;
  self->user_data = user_data;
  self->server = soup_server_new (NULL, NULL);
  self->state = make_secret (error);
  self->verifier = self->state ? make_secret (error) : NULL;
  if (self->verifier == NULL ||
      !soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return NULL;
  soup_server_add_handler (self->server, NULL, visited_cb, self, NULL);
  GSList *uris = soup_server_get_uris (self->server);
  self->redirect_uri = g_strdup_printf ("http://127.0.0.1:%d/",
                                        g_uri_get_port ((GUri *) uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return g_steal_pointer (&self);
}

/**
 * pk_loopback_free:
 *
 * Stops listening; an answer that is being sent goes out.
 */
void
pk_loopback_free (PkLoopback *self)
{
  if (self->server != NULL)
    soup_server_remove_handler (self->server, NULL);
  g_clear_object (&self->server);
  g_free (self->redirect_uri);
  g_free (self->state);
  g_free (self->verifier);
  g_free (self);
}

/**
 * pk_loopback_get_redirect_uri:
 *
 * Returns: (transfer none): where the browser shall come back to
 */
const char *
pk_loopback_get_redirect_uri (PkLoopback *self)
{
  return self->redirect_uri;
}

/**
 * pk_loopback_get_verifier:
 *
 * Returns: (transfer none): what proves that we asked
 */
const char *
pk_loopback_get_verifier (PkLoopback *self)
{
  return self->verifier;
}

/**
 * pk_loopback_dup_query:
 * @device: (nullable): the id that this device has already
 *
 * Returns: (transfer full): the query of the authorization request
 */
char *
pk_loopback_dup_query (PkLoopback *self, const char *device)
{
  g_autofree char *challenge = make_challenge (self->verifier);
  g_autoptr (GHashTable) form = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (form, (gpointer) "response_type", (gpointer) "code");
  g_hash_table_insert (form, (gpointer) "client_id", (gpointer) "pakobla-desktop");
  g_hash_table_insert (form, (gpointer) "redirect_uri", self->redirect_uri);
  g_hash_table_insert (form, (gpointer) "code_challenge", challenge);
  g_hash_table_insert (form, (gpointer) "code_challenge_method", (gpointer) "S256");
  g_hash_table_insert (form, (gpointer) "state", self->state);
  g_hash_table_insert (form, (gpointer) "device_name", (gpointer) g_get_host_name ());
  if (device != NULL)
    g_hash_table_insert (form, (gpointer) "device", (gpointer) device);
  return soup_form_encode_hash (form);
}

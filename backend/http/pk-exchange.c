/* One request and its answer: what handlers see of HTTP. Sending is in pk-exchange-send.c. */
#include "config.h"

#include "pk-exchange-private.h"
#include "pk-http-private.h"

#include "pk-problem.h"

#include <string.h>
#include <unistd.h>

static GHashTable *
read_query (SoupServerMessage *message)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  GHashTable *table = query != NULL ? soup_form_decode (query) : NULL;

  return table != NULL ? table : g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * pk_exchange_new:
 *
 * Returns: (transfer full): an exchange around @message, without route and without answer
 */
PkExchange *
pk_exchange_new (PkHttp *http, SoupServerMessage *message)
{
  PkExchange *self = g_new0 (PkExchange, 1);

  g_atomic_ref_count_init (&self->references);
  self->http = http;
  self->message = g_object_ref (message);
  self->queries = read_query (message);
  self->began_us = g_get_monotonic_time ();
  self->sink = -1;
  self->answer.fd = -1;
  self->answer.headers = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * pk_exchange_ref:
 *
 * Returns: (transfer full): @self
 */
PkExchange *
pk_exchange_ref (PkExchange *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

static void
clear_answer (PkAnswer *answer)
{
  answer->status = 0;
  answer->type = NULL;
  g_clear_pointer (&answer->body, g_bytes_unref);
  if (answer->fd >= 0)
    close (answer->fd);
  answer->fd = -1;
}

/**
 * pk_exchange_claim:
 *
 * Makes it the only one that may write to what its first parameter names, until it is freed.
 */
void
pk_exchange_claim (PkExchange *self)
{
  self->is_holder = TRUE;
  g_hash_table_insert (self->http->busy, g_strdup (self->parameters[0]), self);
}

static void
hand_over (PkExchange *self)
{
  g_autoptr (PkExchange) heir = g_steal_pointer (&self->heir);

  g_hash_table_remove (self->http->busy, self->parameters[0]);
  if (heir == NULL || heir->is_gone)
    return;
  pk_exchange_claim (heir);
  pk_http_prepare (heir);
}

/**
 * pk_exchange_unref:
 *
 * The last reference frees it; on the main thread.
 */
void
pk_exchange_unref (PkExchange *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  if (self->free_state != NULL)
    self->free_state (self->state);
  clear_answer (&self->answer);
  if (self->sink >= 0)
    close (self->sink);
  g_clear_pointer (&self->checksum, g_checksum_free);
  if (self->is_holder)
    hand_over (self);
  g_ptr_array_unref (self->answer.headers);
  g_free (self->token_hash);
  g_clear_error (&self->refusal);
  for (guint i = 0; i < PK_ROUTE_MAX_PARAMETERS; i++)
    g_free (self->parameters[i]);
  g_hash_table_unref (self->queries);
  g_clear_pointer (&self->form, g_hash_table_unref);
  g_clear_pointer (&self->gathered, g_byte_array_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_object_unref (self->message);
  g_free (self);
}

/**
 * pk_exchange_get_http:
 *
 * Returns: (transfer none): what serves it
 */
PkHttp *
pk_exchange_get_http (PkExchange *self)
{
  return self->http;
}

/**
 * pk_exchange_get_message:
 *
 * Returns: (transfer none): libsoup's side of it; for the main thread only
 */
SoupServerMessage *
pk_exchange_get_message (PkExchange *self)
{
  return self->message;
}

/**
 * pk_exchange_get_parameter:
 * @place: from 0
 *
 * Returns: (transfer none) (nullable): what the route's "*" number @place stood for
 */
const char *
pk_exchange_get_parameter (PkExchange *self, guint place)
{
  g_return_val_if_fail (place < PK_ROUTE_MAX_PARAMETERS, NULL);

  return self->parameters[place];
}

/**
 * pk_exchange_get_header:
 *
 * Returns: (transfer none) (nullable): a header of the request
 */
const char *
pk_exchange_get_header (PkExchange *self, const char *name)
{
  return soup_message_headers_get_list (soup_server_message_get_request_headers (self->message),
                                        name);
}

/**
 * pk_exchange_get_query:
 *
 * Returns: (transfer none) (nullable): a parameter of the URL
 */
const char *
pk_exchange_get_query (PkExchange *self, const char *name)
{
  return g_hash_table_lookup (self->queries, name);
}

/**
 * pk_exchange_get_queries:
 *
 * Returns: (transfer none) (element-type utf8 utf8): all parameters of the URL
 */
GHashTable *
pk_exchange_get_queries (PkExchange *self)
{
  return self->queries;
}

/**
 * pk_exchange_get_form:
 *
 * Returns: (transfer none) (nullable): a field of a form that was sent
 */
const char *
pk_exchange_get_form (PkExchange *self, const char *name)
{
  if (self->form == NULL)
    {
      gsize size;
      const char *data = g_bytes_get_data (pk_exchange_get_body (self), &size);
      g_autofree char *text = g_strndup (data ? data : "", size);
      self->form = soup_form_decode (text);
    }
  return g_hash_table_lookup (self->form, name);
}

/**
 * pk_exchange_get_body:
 *
 * Returns: (transfer none): the request's body; empty where there was none
 */
GBytes *
pk_exchange_get_body (PkExchange *self)
{
  if (self->body == NULL)
    self->body = self->gathered != NULL
                     ? g_byte_array_free_to_bytes (g_steal_pointer (&self->gathered))
                     : g_bytes_new_static ("", 0);
  return self->body;
}

/**
 * pk_exchange_read_json:
 *
 * Errors: %PK_PROBLEM_MALFORMED
 * Returns: (transfer full) (nullable): the request's body
 */
JsonNode *
pk_exchange_read_json (PkExchange *self, GError **error)
{
  g_autoptr (GError) local = NULL;
  gsize size;
  const char *data = g_bytes_get_data (pk_exchange_get_body (self), &size);
  JsonNode *node = pk_json_parse (data ? data : "", size, &local);

  if (node == NULL)
    pk_problem_set (error, PK_PROBLEM_MALFORMED, "", "%s", local->message);
  return node;
}

/**
 * pk_exchange_get_person:
 *
 * Returns: (transfer none): who asks; all zero where the route is open
 */
const PkId *
pk_exchange_get_person (PkExchange *self)
{
  return &self->person;
}

/**
 * pk_exchange_get_device:
 *
 * Returns: (transfer none): the device that asks; all zero where the route is open
 */
const PkId *
pk_exchange_get_device (PkExchange *self)
{
  return &self->device;
}

/**
 * pk_exchange_get_service:
 *
 * Returns: (transfer none): the store's rules, for a handler on a thread of the pool
 */
PkService *
pk_exchange_get_service (PkExchange *self)
{
  g_assert (self->service != NULL);

  return self->service;
}

/**
 * pk_exchange_set_state:
 * @state: (transfer full): what the route's functions share; at most one
 */
void
pk_exchange_set_state (PkExchange *self, gpointer state, GDestroyNotify free_func)
{
  if (self->free_state != NULL)
    self->free_state (self->state);
  self->state = state;
  self->free_state = free_func;
}

/**
 * pk_exchange_get_state:
 *
 * Returns: (transfer none) (nullable): what pk_exchange_set_state() was given
 */
gpointer
pk_exchange_get_state (PkExchange *self)
{
  return self->state;
}

/**
 * pk_exchange_set_header:
 *
 * Adds a header to the answer; it stays where the answer becomes a problem.
 */
void
pk_exchange_set_header (PkExchange *self, const char *name, const char *value)
{
  g_ptr_array_add (self->answer.headers, g_strdup (name));
  g_ptr_array_add (self->answer.headers, g_strdup (value));
}

/**
 * pk_exchange_reply:
 * @type: static
 * @body: (transfer full)
 */
void
pk_exchange_reply (PkExchange *self, guint status, const char *type, GBytes *body)
{
  clear_answer (&self->answer);
  self->answer.status = status;
  self->answer.type = type;
  self->answer.body = body;
}

/**
 * pk_exchange_reply_json:
 * @json: (transfer full)
 */
void
pk_exchange_reply_json (PkExchange *self, guint status, GString *json)
{
  pk_exchange_reply (self, status, "application/json", g_string_free_to_bytes (json));
}

/**
 * pk_exchange_reply_text:
 * @type: static
 * @text: (transfer full)
 */
void
pk_exchange_reply_text (PkExchange *self, guint status, const char *type, char *text)
{
  pk_exchange_reply (self, status, type, g_bytes_new_take (text, strlen (text)));
}

/**
 * pk_exchange_reply_empty:
 *
 * Answers with a status and no body.
 */
void
pk_exchange_reply_empty (PkExchange *self, guint status)
{
  pk_exchange_reply (self, status, NULL, NULL);
}

/**
 * pk_exchange_reply_file:
 * @type: static
 * @fd: (transfer full): an open file
 * @offset: first byte
 * @size: bytes from there
 *
 * Answers with a part of a file, read as fast as the client takes it.
 */
void
pk_exchange_reply_file (PkExchange *self,
                        guint status,
                        const char *type,
                        int fd,
                        gint64 offset,
                        gint64 size)
{
  pk_exchange_reply (self, status, type, NULL);
  self->answer.fd = fd;
  self->answer.offset = offset;
  self->answer.size = size;
}

/**
 * pk_exchange_reply_redirect:
 *
 * Sends the user agent to @location with GET.
 */
void
pk_exchange_reply_redirect (PkExchange *self, const char *location)
{
  pk_exchange_set_header (self, "Location", location);
  pk_exchange_reply_empty (self, 303);
}

/**
 * pk_exchange_fail:
 *
 * Answers with a problem; errors of other domains are logged and told as "internal".
 */
void
pk_exchange_fail (PkExchange *self, const GError *error)
{
  guint status;
  char *json = pk_problem_to_json (error, &status);

  if (status == 500)
    g_warning ("%s %s: %s",
               soup_server_message_get_method (self->message),
               self->route != NULL ? self->route->pattern : "?",
               error->message);
  if (status == 503)
    pk_exchange_set_header (self, "Retry-After", "1");
  if (status == 401)
    pk_exchange_set_header (self, "WWW-Authenticate", "Bearer realm=\"pakobla\"");
  pk_exchange_reply_text (self, status, "application/problem+json", json);
}

/**
 * pk_exchange_fail_with:
 * @name: of one more member of the problem
 * @value: its value, as JSON
 *
 * Like pk_exchange_fail(), with what the client needs to go on.
 */
void
pk_exchange_fail_with (PkExchange *self, const GError *error, const char *name, const char *value)
{
  guint status;
  g_autofree char *json = pk_problem_to_json (error, &status);

  json[strlen (json) - 1] = '\0';
  pk_exchange_reply_text (self,
                          status,
                          "application/problem+json",
                          g_strdup_printf ("%s,\"%s\":%s}", json, name, value));
}

/**
 * pk_exchange_finish:
 *
 * Sends the answer. On the main thread, once.
 */
void
pk_exchange_finish (PkExchange *self)
{
  gboolean was_paused = self->is_paused;

  self->is_paused = FALSE;
  if (self->is_gone)
    return;
  pk_exchange_send (self);
  if (was_paused)
    soup_server_message_unpause (self->message);
}

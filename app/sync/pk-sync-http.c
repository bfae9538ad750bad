/* See the header. */
#include "config.h"

#include "pk-sync-http.h"

#include "pk-problem.h"
#include "pk-sync-problem.h"

#include <string.h>

#define PROTOCOL_HEADER   "Pakobla-Protocol"
#define PROTOCOL          "1"
#define MAX_PROBLEM_BYTES (64 * 1024)
#define CHUNK_BYTES       (64 * 1024)
#define SILENCE_SECONDS   90

struct _PkSyncHttp
{
  SoupSession *soup; /* (owned) */
  char *server;      /* (owned) */
  char *access;      /* (owned) (nullable) */
};

/* One request; belongs to its task. */
typedef struct
{
  SoupMessage *message; /* (owned) */
  char *type;           /* (owned) (nullable) */
  gsize max;
  GInputStream *stream; /* (owned) (nullable) */
  GByteArray *body;     /* (owned) (nullable) */
  PkSyncFault fault;
} Call;

static gboolean
is_loopback (const char *server)
{
  g_autoptr (GUri) uri = g_uri_parse (server, G_URI_FLAGS_NONE, NULL);
  const char *host = uri ? g_uri_get_host (uri) : NULL;

  return host != NULL && (g_str_equal (host, "127.0.0.1") || g_str_equal (host, "::1") ||
                          g_str_equal (host, "localhost"));
}

/**
 * pk_sync_http_new:
 * @server: scheme, host and port
 *
 * Returns: (transfer full): without a token
 */
PkSyncHttp *
pk_sync_http_new (const char *server)
{
  PkSyncHttp *self = g_new0 (PkSyncHttp, 1);

  self->server = g_strdup (server);
  self->soup = soup_session_new_with_options ("timeout",
                                              SILENCE_SECONDS,
                                              "max-conns-per-host",
                                              6,
                                              "user-agent",
                                              "pakobla/" PK_VERSION,
                                              NULL);
  if (is_loopback (server))
    soup_session_set_proxy_resolver (self->soup, NULL);
  return self;
}

/**
 * pk_sync_http_free:
 *
 * Stops what is under way.
 */
void
pk_sync_http_free (PkSyncHttp *self)
{
  soup_session_abort (self->soup);
  g_object_unref (self->soup);
  g_free (self->server);
  g_free (self->access);
  g_free (self);
}

/**
 * pk_sync_http_get_server:
 *
 * Returns: (transfer none): scheme, host and port
 */
const char *
pk_sync_http_get_server (PkSyncHttp *self)
{
  return self->server;
}

/**
 * pk_sync_http_is_near:
 *
 * Returns: whether the server is on this machine, so that the network does not matter
 */
gboolean
pk_sync_http_is_near (PkSyncHttp *self)
{
  return is_loopback (self->server);
}

/**
 * pk_sync_http_set_token:
 * @access: (nullable)
 *
 * From now on requests carry this token.
 */
void
pk_sync_http_set_token (PkSyncHttp *self, const char *access)
{
  g_free (self->access);
  self->access = g_strdup (access);
}

/**
 * pk_sync_http_make:
 * @path: with its query, from the first slash
 *
 * Returns: (transfer full) (nullable): a request; NULL where the server's name makes no address
 */
SoupMessage *
pk_sync_http_make (PkSyncHttp *self, const char *method, const char *path)
{
  g_autofree char *uri = g_strconcat (self->server, path, NULL);
  SoupMessage *message = soup_message_new (method, uri);

  if (message == NULL)
    return NULL;
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_replace (headers, PROTOCOL_HEADER, PROTOCOL);
  soup_message_headers_replace (headers, "Accept-Encoding", "identity");
  if (self->access != NULL)
    {
      g_autofree char *bearer = g_strconcat ("Bearer ", self->access, NULL);
      soup_message_headers_replace (headers, "Authorization", bearer);
    }
  return message;
}

static void
call_free (gpointer data)
{
  Call *self = data;

  g_clear_object (&self->message);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_free (self->type);
  g_free (self);
}

static void
fail (GTask *task, PkSyncFailure failure, GError *error)
{
  Call *call = g_task_get_task_data (task);

  call->fault.failure = failure;
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
fail_by_words (GTask *task, PkSyncFailure failure, const char *words)
{
  fail (task, failure, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, words));
}

static gboolean
is_ours (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);

  return g_strcmp0 (soup_message_headers_get_one (headers, PROTOCOL_HEADER), PROTOCOL) == 0;
}

static gboolean
has_type (SoupMessage *message, const char *type)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);

  return type == NULL || soup_message_get_status (message) == SOUP_STATUS_NO_CONTENT ||
         g_strcmp0 (soup_message_headers_get_content_type (headers, NULL), type) == 0;
}

static PkSyncFailure
failure_of_status (guint status)
{
  if (status == SOUP_STATUS_UNAUTHORIZED)
    return PK_SYNC_FAILURE_UNAUTHORIZED;
  if (status == SOUP_STATUS_REQUEST_TIMEOUT)
    return PK_SYNC_FAILURE_NETWORK;
  if (status == 429 || status == SOUP_STATUS_SERVICE_UNAVAILABLE)
    return PK_SYNC_FAILURE_BUSY;
  return status >= 500 ? PK_SYNC_FAILURE_SERVER : PK_SYNC_FAILURE_REFUSED;
}

static gint64
read_number_header (SoupMessage *message, const char *name, gint64 fallback)
{
  const char *text = soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                   name);
  guint64 number;

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL)
             ? (gint64) number
             : fallback;
}

static void
judge_fault (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  guint status = soup_message_get_status (call->message);
  const char *json = (const char *) call->body->data;
  GError *problem = pk_problem_from_json (json, call->body->len);
  PkSyncFailure failure = failure_of_status (status);

  call->fault.retry_after_us = MIN (read_number_header (call->message, "Retry-After", 0), 3600) *
                               G_USEC_PER_SEC;
  if (problem != NULL && problem->domain == PK_PROBLEM_ERROR)
    {
      PkSyncProblem meaning = pk_sync_problem_read (problem, json, call->body->len);
      call->fault.problem = (int) pk_problem_get_code (problem);
      call->fault.number = meaning.number;
      call->fault.id = meaning.id;
      failure = meaning.failure;
    }
  if (failure == PK_SYNC_FAILURE_OFFSET)
    call->fault.number = read_number_header (call->message, "Upload-Offset", -1);
  if (problem == NULL)
    problem = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "The server answered %u", status);
  fail (task, failure, problem);
}

static void read_more (GTask *task);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes)
      bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes == NULL)
    {
      fail (task, PK_SYNC_FAILURE_NETWORK, error);
      return;
    }
  if (g_bytes_get_size (bytes) > 0)
    {
      g_byte_array_append (call->body,
                           g_bytes_get_data (bytes, NULL),
                           (guint) g_bytes_get_size (bytes));
      if (call->body->len > call->max)
        fail_by_words (task, PK_SYNC_FAILURE_SERVER, "The answer is too long");
      else
        read_more (task);
      return;
    }
  if (soup_message_get_status (call->message) >= 400)
    {
      judge_fault (task);
      return;
    }
  g_task_return_pointer (task,
                         g_byte_array_free_to_bytes (g_steal_pointer (&call->body)),
                         (GDestroyNotify) g_bytes_unref);
  g_object_unref (task);
}

static void
read_more (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (call->stream,
                                   CHUNK_BYTES,
                                   G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task),
                                   read_cb,
                                   task);
}

static void
read_problem (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  call->max = MAX_PROBLEM_BYTES;
  if (call->body == NULL)
    call->body = g_byte_array_new ();
  read_more (task);
}

static void
take_stream (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  if (call->body != NULL)
    {
      read_more (task);
      return;
    }
  g_task_return_pointer (task, g_steal_pointer (&call->stream), g_object_unref);
  g_object_unref (task);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;

  call->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (call->stream == NULL)
    {
      fail (task, PK_SYNC_FAILURE_NETWORK, error);
      return;
    }
  guint status = soup_message_get_status (call->message);
  if (!is_ours (call->message) || (status >= 300 && status < 400))
    fail_by_words (task, PK_SYNC_FAILURE_PORTAL, "The answer is not from our server");
  else if (status >= 400)
    read_problem (task);
  else if (!has_type (call->message, call->type))
    fail_by_words (task, PK_SYNC_FAILURE_PORTAL, "The answer has another type");
  else
    take_stream (task);
}

static GTask *
begin_call (PkSyncHttp *self,
            SoupMessage *message,
            const char *type,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  call->message = g_object_ref (message);
  call->type = g_strdup (type);
  call->fault.problem = -1;
  g_task_set_task_data (task, call, call_free);
  g_task_set_source_tag (task, begin_call);
  soup_session_send_async (self->soup, message, G_PRIORITY_DEFAULT, cancellable, sent_cb, task);
  return task;
}

/**
 * pk_sync_http_open_async:
 * @type: (nullable): the content type that the answer must have
 *
 * Sends a request whose answer is read as it comes.
 */
void
pk_sync_http_open_async (PkSyncHttp *self,
                         SoupMessage *message,
                         const char *type,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  begin_call (self, message, type, cancellable, callback, user_data);
}

static gpointer
finish_call (GAsyncResult *result, PkSyncFault *fault_out, GError **error)
{
  Call *call = g_task_get_task_data (G_TASK (result));

  if (fault_out != NULL)
    *fault_out = call->fault;
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pk_sync_http_open_finish:
 * @fault_out: (out) (optional): why, where it failed
 *
 * Returns: (transfer full) (nullable): the body, also an empty one
 */
GInputStream *
pk_sync_http_open_finish (G_GNUC_UNUSED PkSyncHttp *self,
                          GAsyncResult *result,
                          PkSyncFault *fault_out,
                          GError **error)
{
  return finish_call (result, fault_out, error);
}

/**
 * pk_sync_http_fetch_async:
 * @type: (nullable): the content type that the answer must have
 * @max: bytes
 *
 * Sends a request whose answer is short.
 */
void
pk_sync_http_fetch_async (PkSyncHttp *self,
                          SoupMessage *message,
                          const char *type,
                          gsize max,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = begin_call (self, message, type, cancellable, callback, user_data);
  Call *call = g_task_get_task_data (task);

  call->body = g_byte_array_new ();
  call->max = max;
}

/**
 * pk_sync_http_fetch_finish:
 * @fault_out: (out) (optional): why, where it failed
 *
 * Returns: (transfer full) (nullable): the body
 */
GBytes *
pk_sync_http_fetch_finish (G_GNUC_UNUSED PkSyncHttp *self,
                           GAsyncResult *result,
                           PkSyncFault *fault_out,
                           GError **error)
{
  return finish_call (result, fault_out, error);
}

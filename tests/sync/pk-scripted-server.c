/* See the header. */
#include "config.h"

#include "pk-scripted-server.h"

#include "pk-hash.h"
#include "pk-json.h"
#include "pk-problem.h"
#include "pk-scope.h"

#include <string.h>
#include <zstd.h>

#define HOTEL "<!DOCTYPE html><html><body><form action=\"/login\">Room number</form></body></html>"

static void
reply (SoupServerMessage *message, guint status, const char *type, const char *text, gsize size)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (headers, "Pakobla-Protocol", "1");
  soup_server_message_set_status (message, status, NULL);
  if (type != NULL)
    soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, text, size);
}

static void
reply_problem (SoupServerMessage *message, PkProblem problem, const char *member)
{
  g_autofree char *text = g_strdup_printf ("{\"type\":\"/problems/%s\",\"status\":%u%s}",
                                           pk_problem_get_word (problem),
                                           pk_model.problems[problem].status,
                                           member ? member : "");

  reply (message,
         pk_model.problems[problem].status,
         "application/problem+json",
         text,
         strlen (text));
}

static void
reply_tokens (PkScriptedServer *self, SoupServerMessage *message)
{
  g_autoptr (GString) text = g_string_new (NULL);

  self->token++;
  g_string_printf (text,
                   "{\"access_token\":\"a%u\",\"refresh_token\":\"r%u\",\"expires_in\":900,"
                   "\"name\":\"Kari\",\"person\":",
                   self->token,
                   self->token);
  pk_json_append_id (text, &self->person);
  g_string_append (text, ",\"device\":");
  pk_json_append_id (text, &self->device);
  g_string_append_c (text, '}');
  reply (message, 200, "application/json", text->str, text->len);
}

static gboolean
may_pass (PkScriptedServer *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autofree char *good = g_strdup_printf ("Bearer a%u", self->token);

  if (!self->is_strict && self->spoiled != self->token)
    return TRUE;
  if (self->spoiled != self->token &&
      g_strcmp0 (soup_message_headers_get_one (headers, "Authorization"), good) == 0)
    return TRUE;
  reply_problem (message, PK_PROBLEM_UNAUTHORIZED, NULL);
  return FALSE;
}

/* Takes the connection away from the server, says a part, and hangs up. */
static void
say_and_hang_up (SoupServerMessage *message, const char *text, gsize size, gsize told)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  GOutputStream *out = g_io_stream_get_output_stream (stream);
  g_autofree char *head =
      g_strdup_printf ("HTTP/1.1 200 OK\r\nPakobla-Protocol: 1\r\nContent-Type: "
                       "application/x-ndjson\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                       told);

  g_output_stream_write_all (out, head, strlen (head), NULL, NULL, NULL);
  g_output_stream_write_all (out, text, size, NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

static void
reply_packed (SoupServerMessage *message, const char *text, gsize size)
{
  gsize bound = ZSTD_compressBound (size);
  g_autofree char *packed = g_malloc (bound);

  bound = ZSTD_compress (packed, bound, text, size, 3);
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "Content-Encoding",
                                "zstd");
  reply (message, 200, "application/x-ndjson", packed, bound);
}

static void
say_epoch (PkScriptedServer *self, SoupServerMessage *message)
{
  char id[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *member = g_strdup_printf (",\"epoch\":\"%s\"", pk_id_to_text (&self->epoch, id));

  reply_problem (message, PK_PROBLEM_EPOCH, member);
}

static void
reply_pull (PkScriptedServer *self, SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GError) error = NULL;
  g_autoptr (PkPullRequest)
      request = pk_pull_request_read (body->data, (gsize) body->length, &error);

  g_assert_no_error (error);
  gboolean is_new = request->scopes->len == 0 ||
                    ((PkScopeCursor *) request->scopes->pdata[0])->cursor < self->seq;
  if (!pk_id_is_null (&request->epoch) && !pk_id_equal (&request->epoch, &self->epoch))
    {
      say_epoch (self, message);
      return;
    }
  if (!is_new)
    reply (message, 204, NULL, NULL, 0);
  else if (self->cut >= 0 && self->cuts_socket)
    say_and_hang_up (message, self->feed->str, (gsize) self->cut, self->feed->len);
  else if (self->packs)
    reply_packed (message, self->feed->str, self->feed->len);
  else
    reply (message,
           200,
           "application/x-ndjson",
           self->feed->str,
           self->cut >= 0 ? (gsize) self->cut : self->feed->len);
}

static gboolean
fail_push (PkScriptedServer *self, SoupServerMessage *message)
{
  const char *fault = g_steal_pointer (&self->push_fault);
  char id[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *member = NULL;

  if (fault == NULL)
    return FALSE;
  PkProblem problem = (PkProblem) pk_problem_find (fault);
  if (problem == PK_PROBLEM_GAP)
    member = g_strdup (",\"expected\":1");
  if (problem == PK_PROBLEM_FORKED)
    {
      self->device = self->fresh_device;
      member = g_strdup_printf (",\"device\":\"%s\"", pk_id_to_text (&self->device, id));
    }
  reply_problem (message, problem, member);
  return TRUE;
}

static gboolean
has_other_epoch (PkScriptedServer *self, SoupServerMessage *message)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) names = query != NULL ? soup_form_decode (query) : NULL;
  const char *text = names != NULL ? g_hash_table_lookup (names, "epoch") : NULL;
  PkId epoch;

  return text != NULL && pk_id_parse (text, &epoch) && !pk_id_equal (&epoch, &self->epoch);
}

static void
reply_push (PkScriptedServer *self, SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autofree char *text = g_strndup (body->data, (gsize) body->length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GString) verdicts = g_string_new (NULL);

  if (fail_push (self, message))
    return;
  if (has_other_epoch (self, message))
    {
      say_epoch (self, message);
      return;
    }
  for (char **line = lines; *line != NULL; line++)
    {
      g_autoptr (GError) error = NULL;
      if (**line == '\0')
        continue;
      PkMutation *mutation = pk_mutation_read (*line, strlen (*line), &error);
      g_assert_no_error (error);
      g_ptr_array_add (self->mutations, mutation);
      g_autoptr (PkVerdict)
          verdict = pk_verdict_new (mutation->n, &mutation->id, PK_VERDICT_APPLIED, self->seq);
      pk_verdict_append_json (verdicts, verdict);
      g_string_append_c (verdicts, '\n');
    }
  reply (message, 200, "application/x-ndjson", verdicts->str, verdicts->len);
}

static void
reply_token (PkScriptedServer *self, SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autofree char *text = g_strndup (body->data, (gsize) body->length);
  g_autoptr (GHashTable) form = soup_form_decode (text);
  g_autofree char *good = g_strdup_printf ("r%u", self->token);
  const char *grant = g_hash_table_lookup (form, "grant_type");
  const char *refusal = "{\"error\":\"invalid_grant\"}";

  if (g_strcmp0 (grant, "refresh_token") == 0)
    self->counts[PK_SCRIPT_REFRESHES]++;
  gboolean is_good = !self->refuses_refresh &&
                     (g_strcmp0 (grant, "authorization_code") == 0
                          ? g_strcmp0 (g_hash_table_lookup (form, "code"), "the-code") == 0 &&
                                strlen (g_hash_table_lookup (form, "code_verifier")) == 43
                          : g_strcmp0 (g_hash_table_lookup (form, "refresh_token"), good) == 0);
  if (is_good)
    reply_tokens (self, message);
  else
    reply (message, 400, "application/json", refusal, strlen (refusal));
}

/* What is left of the content from where the client goes on, a step of it, and nothing more. */
static void
say_a_step (PkScriptedServer *self, SoupServerMessage *message, GBytes *bytes)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (message);
  const char *range = soup_message_headers_get_one (asked, "Range");
  gsize size = g_bytes_get_size (bytes);
  gsize from = range != NULL ? g_ascii_strtoull (range + strlen ("bytes="), NULL, 10) : 0;
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  GOutputStream *out = g_io_stream_get_output_stream (stream);
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 %s\r\nPakobla-Protocol: 1\r\n"
                                           "Content-Type: application/octet-stream\r\n"
                                           "Content-Range: bytes %" G_GSIZE_FORMAT
                                           "-%" G_GSIZE_FORMAT "/%" G_GSIZE_FORMAT
                                           "\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                                           range != NULL ? "206 Partial Content" : "200 OK",
                                           from,
                                           size - 1,
                                           size,
                                           size - from);

  g_output_stream_write_all (out, head, strlen (head), NULL, NULL, NULL);
  g_output_stream_write_all (out,
                             (const char *) g_bytes_get_data (bytes, NULL) + from,
                             MIN (self->step, size - from),
                             NULL,
                             NULL,
                             NULL);
  g_io_stream_close (stream, NULL, NULL);
}

static void
reply_content (PkScriptedServer *self, SoupServerMessage *message, const char *sha256)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (message);
  GBytes *bytes = g_hash_table_lookup (self->contents, sha256);

  if (bytes == NULL)
    {
      reply_problem (message, PK_PROBLEM_NOT_FOUND, NULL);
      return;
    }
  if (soup_message_headers_get_one (asked, "Range") != NULL)
    self->counts[PK_SCRIPT_RANGES]++;
  if (self->step > 0)
    {
      say_a_step (self, message, bytes);
      return;
    }
  /* The server library answers a Range by itself. */
  reply (message,
         200,
         "application/octet-stream",
         g_bytes_get_data (bytes, NULL),
         g_bytes_get_size (bytes));
}

static void
reply_create (PkScriptedServer *self, SoupServerMessage *message)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *metadata = soup_message_headers_get_one (asked, "Upload-Metadata");
  gsize size = 0;
  g_autofree guchar *name = g_base64_decode (metadata + strlen ("sha256 "), &size);
  g_autofree char *sha256 = g_strndup ((const char *) name, size);
  g_autofree char *location = g_strconcat ("/api/uploads/", sha256, NULL);
  GByteArray *bytes = g_hash_table_lookup (self->uploading, sha256);

  if (bytes == NULL)
    {
      bytes = g_byte_array_new ();
      g_hash_table_insert (self->uploading, g_strdup (sha256), bytes);
    }
  g_autofree char *offset = g_strdup_printf ("%u", bytes->len);
  soup_message_headers_replace (headers, "Location", location);
  soup_message_headers_replace (headers, "Upload-Offset", offset);
  reply (message, 201, NULL, NULL, 0);
}

static void
reply_patch (PkScriptedServer *self, SoupServerMessage *message, const char *sha256)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  GByteArray *bytes = g_hash_table_lookup (self->uploading, sha256);
  const char *from = soup_message_headers_get_one (asked, "Upload-Offset");

  g_assert_cmpuint (g_ascii_strtoull (from, NULL, 10), ==, bytes->len);
  gsize taken = (gsize) (self->takes_half ? body->length / 2 : body->length);
  if (self->step > 0)
    taken = MIN (taken, self->step);
  g_byte_array_append (bytes, (const guint8 *) body->data, (guint) taken);
  if (self->takes_half || taken < (gsize) body->length)
    {
      self->takes_half = FALSE;
      g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
      g_io_stream_close (stream, NULL, NULL);
      return;
    }
  g_autofree char *offset = g_strdup_printf ("%u", bytes->len);
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "Upload-Offset",
                                offset);
  reply (message, 204, NULL, NULL, 0);
}

static void
reply_stream (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  reply (message, 200, NULL, NULL, 0);
  soup_message_headers_set_content_type (headers, "text/event-stream", NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_append (soup_server_message_get_response_body (message),
                            SOUP_MEMORY_STATIC,
                            ":\n\n",
                            3);
  /* It stays open: nobody says that the body is complete. */
}

static void
behave_well (PkScriptedServer *self, SoupServerMessage *message, const char *path)
{
  if (g_str_equal (path, "/demo/sign-in"))
    reply_tokens (self, message);
  else if (g_str_equal (path, "/oauth/token"))
    reply_token (self, message);
  else if (g_str_equal (path, "/oauth/revoke"))
    reply (message, 200, NULL, NULL, 0);
  else if (!may_pass (self, message))
    return;
  else if (g_str_equal (path, "/api/sync/pull"))
    reply_pull (self, message);
  else if (g_str_equal (path, "/api/sync/push"))
    reply_push (self, message);
  else if (g_str_equal (path, "/api/sync/events"))
    reply_stream (message);
  else if (g_str_equal (path, "/api/uploads"))
    reply_create (self, message);
  else if (g_str_has_prefix (path, "/api/uploads/"))
    reply_patch (self, message, path + strlen ("/api/uploads/"));
  else if (g_str_has_prefix (path, "/api/content/"))
    reply_content (self, message, path + strlen ("/api/content/"));
  else if (g_str_has_prefix (path, "/api/sync/snapshots/"))
    reply_content (self, message, path + strlen ("/api/sync/snapshots/"));
  else
    reply_problem (message, PK_PROBLEM_NOT_FOUND, NULL);
}

static void
behave_badly (PkScriptedServer *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  switch (self->mood)
    {
    case PK_SCRIPT_REDIRECT:
      reply (message, 302, "text/html", HOTEL, strlen (HOTEL));
      soup_message_headers_replace (headers, "Location", "http://127.0.0.1:9/hotel");
      return;
    case PK_SCRIPT_NO_HEADER:
      reply (message, 200, "application/x-ndjson", self->feed->str, self->feed->len);
      soup_message_headers_remove (headers, "Pakobla-Protocol");
      return;
    case PK_SCRIPT_WRONG_TYPE:
      reply (message, 200, "text/html", HOTEL, strlen (HOTEL));
      return;
    case PK_SCRIPT_TROUBLE:
      reply_problem (message, PK_PROBLEM_INTERNAL, NULL);
      return;
    case PK_SCRIPT_SILENT:
      soup_server_message_pause (message);
      return;
    case PK_SCRIPT_PORTAL:
    case PK_SCRIPT_WELL:
    default:
      reply (message, 200, "text/html", HOTEL, strlen (HOTEL));
      soup_message_headers_remove (headers, "Pakobla-Protocol");
    }
}

static void
count (PkScriptedServer *self, const char *path)
{
  static const char *const paths[] = { "/api/sync/pull",   "/api/sync/push", "/none",
                                       "/api/sync/events", "/api/uploads",   "/api/content" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    if (g_str_has_prefix (path, paths[i]))
      self->counts[i]++;
}

static void
asked_cb (G_GNUC_UNUSED SoupServer *server,
          SoupServerMessage *message,
          const char *path,
          G_GNUC_UNUSED GHashTable *query,
          gpointer user_data)
{
  PkScriptedServer *self = user_data;

  count (self, path);
  if (self->mood == PK_SCRIPT_WELL)
    behave_well (self, message, path);
  else
    behave_badly (self, message);
}

static void
append_record (PkScriptedServer *self, const PkRecord *record)
{
  const guint scopes[] = { 0 };

  pk_feed_append_rows_start (self->feed, pk_record_get_entity (record));
  pk_feed_append_row (self->feed, record, scopes, 1);
  pk_feed_append_rows_end (self->feed);
}

static void
append_task (PkScriptedServer *self)
{
  g_autoptr (PkRecord) task = pk_record_new (pk_entity_by_id (PK_ENTITY_TASK), &self->task);

  pk_record_set_text (task, PK_TASK_TITLE, "Bytt pære i gymsalen");
  pk_record_set_int (task, PK_TASK_KIND, PK_TASK_KIND_TASK);
  pk_record_set_int (task, PK_TASK_PRIORITY, PK_TASK_PRIORITY_NORMAL);
  pk_record_set_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
  pk_record_set_int (task, PK_TASK_IS_OPEN, TRUE);
  pk_record_set_int (task, PK_TASK_CHANNEL, PK_CHANNEL_INTERNAL);
  pk_record_set_int (task, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_INTERNAL);
  pk_record_set_int (task, PK_TASK_CREATED_AT, 1);
  pk_record_set_ref (task, PK_TASK_ASSIGNEE_ID, &self->person);
  pk_record_set_seq (task, self->seq);
  append_record (self, task);
}

static void
append_document (PkScriptedServer *self, const char *sha256)
{
  g_autoptr (PkRecord)
      document = pk_record_new (pk_entity_by_id (PK_ENTITY_DOCUMENT), &self->document);

  pk_record_set_text (document, PK_DOCUMENT_TITLE, "Brannbok");
  pk_record_set_text (document, PK_DOCUMENT_FILE_NAME, "brannbok.txt");
  pk_record_set_text (document, PK_DOCUMENT_MEDIA_TYPE, "text/plain");
  pk_record_set_int (document, PK_DOCUMENT_KIND, PK_DOCUMENT_KIND_OTHER);
  pk_record_set_int (document, PK_DOCUMENT_SIZE_BYTES, 1);
  pk_record_set_text (document, PK_DOCUMENT_SHA256, sha256);
  pk_record_set_int (document, PK_DOCUMENT_IS_STORED, TRUE);
  pk_record_set_int (document, PK_DOCUMENT_CONFIDENTIALITY, PK_CONFIDENTIALITY_INTERNAL);
  pk_record_set_int (document, PK_DOCUMENT_CREATED_AT, 1);
  pk_record_set_seq (document, self->seq);
  append_record (self, document);
}

/* @sha256: (nullable): of the content that a document is about */
static void
write_feed (PkScriptedServer *self, const char *sha256)
{
  g_autofree char *name = pk_scope_name_person (&self->person);
  PkFeedScope scope = { .name = name, .count = sha256 != NULL ? 2 : 1 };
  PkFeedCheck check = { .scope = 0, .count = scope.count };
  PkFingerprint sum = { 0 };

  g_string_truncate (self->feed, 0);
  pk_fingerprint_add (&sum, PK_ENTITY_TASK, &self->task, self->seq);
  if (sha256 != NULL)
    pk_fingerprint_add (&sum, PK_ENTITY_DOCUMENT, &self->document, self->seq);
  scope.fingerprint = check.fingerprint = sum;
  pk_feed_append_begin (self->feed, self->seq, &self->epoch, 1000000, 1, &scope, 1);
  append_task (self);
  if (sha256 != NULL)
    append_document (self, sha256);
  pk_feed_append_commit (self->feed, self->seq, &check, 1);
}

/* A compressed snapshot of the person's scope at the server's seq, in the place of the rows. */
void
pk_scripted_server_offer_snapshot (PkScriptedServer *self, const char *path)
{
  g_autofree char *name = pk_scope_name_person (&self->person);
  PkFeedScope scope = { .name = name, .count = 1, .snapshot_seq = self->seq, .snapshot_rows = 1 };
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_autofree char *sha256 = pk_sha256_of_bytes (bytes, size);
  g_hash_table_insert (self->contents, g_strdup (sha256), g_bytes_new (bytes, size));
  scope.snapshot = sha256;
  scope.snapshot_size = (gint64) size;
  g_string_truncate (self->feed, 0);
  pk_feed_append_begin (self->feed, self->seq, &self->epoch, 1000000, 1, &scope, 1);
  pk_feed_append_commit (self->feed, self->seq, NULL, 0);
}

PkScriptedServer *
pk_scripted_server_new (void)
{
  PkScriptedServer *self = g_new0 (PkScriptedServer, 1);
  g_autoptr (PkClock) clock = pk_clock_new_manual (1000000);
  g_autoptr (PkIdSource) ids = pk_id_source_new_seeded (clock, 5);
  g_autoptr (GError) error = NULL;
  PkId *const all[] = { &self->person, &self->device,       &self->epoch,
                        &self->task,   &self->fresh_device, &self->document };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    *all[i] = pk_id_source_next (ids);
  self->seq = 7;
  self->cut = -1;
  self->feed = g_string_new (NULL);
  self->mutations = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_mutation_unref);
  self->contents =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  self->uploading =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_byte_array_unref);
  write_feed (self, NULL);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, asked_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  GSList *uris = soup_server_get_uris (self->server);
  self->uri = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return self;
}

void
pk_scripted_server_free (PkScriptedServer *self)
{
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_string_free (self->feed, TRUE);
  g_ptr_array_unref (self->mutations);
  g_hash_table_unref (self->contents);
  g_hash_table_unref (self->uploading);
  g_free (self->uri);
  g_free (self);
}

char *
pk_scripted_server_add_content (PkScriptedServer *self, const char *text)
{
  char *sha256 = pk_sha256_of_bytes (text, strlen (text));

  g_hash_table_insert (self->contents, g_strdup (sha256), g_bytes_new (text, strlen (text)));
  write_feed (self, sha256);
  return sha256;
}

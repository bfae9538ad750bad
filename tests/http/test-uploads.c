/* Contents: sent in pieces that are cut, checked as a whole, and read by those who may. */
#include "config.h"

#include "pk-file-reply.h"
#include "pk-hash.h"
#include "pk-http-fixture.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define SIZE 300000

typedef struct
{
  PkHttpFixture *server; /* (owned) */
  char *bytes;           /* (owned): SIZE of them */
  char *sha256;          /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  fixture->server = pk_http_fixture_new (NULL);
  fixture->bytes = g_malloc (SIZE);
  for (guint i = 0; i < SIZE; i++)
    fixture->bytes[i] = (char) (i * 31 + i / 257);
  fixture->sha256 = pk_sha256_of_bytes (fixture->bytes, SIZE);
}

static void
tear_down (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  pk_http_fixture_free (fixture->server);
  g_free (fixture->bytes);
  g_free (fixture->sha256);
}

static void
make_document (Fixture *fixture, const char *token)
{
  g_autofree char *body = g_strdup_printf (
      "{\"title\":\"Plan\",\"file_name\":\"plan.pdf\",\"media_type\":\"application/pdf\","
      "\"kind\":\"drawing\",\"size_bytes\":%d,\"sha256\":\"%s\",\"confidentiality\":\"open\","
      "\"created_at\":\"2026-11-23T08:00:00Z\"}",
      SIZE,
      fixture->sha256);
  g_autoptr (PkReply)
      reply = pk_http_fixture_json (fixture->server, "POST", "/api/documents", token, body);

  g_test_message ("%s", reply->body);
  g_assert_cmpuint (reply->status, ==, 201);
}

static PkReply *
begin (Fixture *fixture, const char *token, const char *sha256, gint64 size)
{
  g_autofree char *encoded = g_base64_encode ((const guchar *) sha256, strlen (sha256));
  g_autofree char *metadata = g_strconcat ("Upload-Metadata: sha256 ", encoded, NULL);
  g_autofree char *length = g_strdup_printf ("Upload-Length: %" G_GINT64_FORMAT, size);
  const char *const headers[] = { "Tus-Resumable: 1.0.0", length, metadata, NULL };

  return pk_http_fixture_send (fixture->server, "POST", "/api/uploads", token, headers, NULL, 0);
}

static PkReply *
put (Fixture *fixture,
     const char *path,
     const char *token,
     gint64 offset,
     const char *bytes,
     gssize size,
     const char *checksum)
{
  g_autofree char *place = g_strdup_printf ("Upload-Offset: %" G_GINT64_FORMAT, offset);
  const char *const headers[] = { "Tus-Resumable: 1.0.0",
                                  "Content-Type: application/offset+octet-stream",
                                  place,
                                  checksum,
                                  NULL };

  return pk_http_fixture_send (fixture->server, "PATCH", path, token, headers, bytes, size);
}

static gint64
get_offset (Fixture *fixture, const char *path, const char *token)
{
  const char *const headers[] = { "Tus-Resumable: 1.0.0", NULL };
  g_autoptr (PkReply)
      reply = pk_http_fixture_send (fixture->server, "HEAD", path, token, headers, NULL, 0);

  if (reply->status != 200)
    return -1;
  return g_ascii_strtoll (soup_message_headers_get_one (reply->headers, "Upload-Offset"), NULL, 10);
}

static PkReply *
get_content (Fixture *fixture, const char *token, const char *header, const char *other)
{
  g_autofree char *path = g_strconcat ("/api/content/", fixture->sha256, NULL);
  const char *const headers[] = { header, other, NULL };

  return pk_http_fixture_send (fixture->server, "GET", path, token, headers, NULL, 0);
}

static void
send_all (Fixture *fixture, const char *token)
{
  g_autoptr (PkReply) begun = begin (fixture, token, fixture->sha256, SIZE);
  const char *path = soup_message_headers_get_one (begun->headers, "Location");
  g_autoptr (PkReply) put_all = put (fixture, path, token, 0, fixture->bytes, SIZE, NULL);

  g_assert_cmpuint (begun->status, ==, 201);
  g_test_message ("%s", put_all->body);
  g_assert_cmpuint (put_all->status, ==, 204);
}

static void
test_in_pieces (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const char *token = fixture->server->kari_token;
  g_autoptr (PkReply) begun = begin (fixture, token, fixture->sha256, SIZE);
  const char *path = soup_message_headers_get_one (begun->headers, "Location");
  gint64 offset = 0;

  make_document (fixture, token);
  for (gint64 piece = 1; offset < SIZE; piece *= 7)
    {
      gint64 size = MIN (piece, SIZE - offset);
      g_assert_cmpint (get_offset (fixture, path, token), ==, offset);
      g_autoptr (PkReply)
          reply = put (fixture, path, token, offset, fixture->bytes + offset, size, NULL);
      g_assert_cmpuint (reply->status, ==, 204);
      offset += size;
    }
  g_autoptr (PkReply) content = get_content (fixture, token, NULL, NULL);
  g_assert_cmpmem (content->body, content->size, fixture->bytes, SIZE);
  g_autoptr (PkReply) list = pk_http_fixture_get (fixture->server, "/api/documents", token);
  g_assert_nonnull (strstr (list->body, "\"is_stored\":true"));
}

static void
test_the_same_is_continued (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const char *token = fixture->server->kari_token;
  g_autoptr (PkReply) first = begin (fixture, token, fixture->sha256, SIZE);
  const char *path = soup_message_headers_get_one (first->headers, "Location");
  g_autoptr (PkReply) piece = put (fixture, path, token, 0, fixture->bytes, 1000, NULL);
  g_autoptr (PkReply) second = begin (fixture, token, fixture->sha256, SIZE);

  g_assert_cmpuint (piece->status, ==, 204);
  g_assert_cmpstr (soup_message_headers_get_one (second->headers, "Location"), ==, path);
  g_assert_cmpstr (soup_message_headers_get_one (second->headers, "Upload-Offset"), ==, "1000");
}

static void
test_offsets_and_checksums (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const char *token = fixture->server->kari_token;
  g_autoptr (PkReply) begun = begin (fixture, token, fixture->sha256, SIZE);
  const char *path = soup_message_headers_get_one (begun->headers, "Location");
  g_autoptr (PkReply) ahead = put (fixture, path, token, 5, fixture->bytes, 10, NULL);
  g_autoptr (PkReply)
      beyond = put (fixture, path, token, 0, fixture->bytes, SIZE, "Upload-Checksum: md5 eA==");
  g_autoptr (PkReply) wrong = put (fixture,
                                   path,
                                   token,
                                   0,
                                   fixture->bytes,
                                   10,
                                   "Upload-Checksum: sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=");

  pk_reply_assert_problem (ahead, 409, "offset", NULL);
  pk_reply_assert_problem (beyond, 400, "malformed", NULL);
  pk_reply_assert_problem (wrong, 460, "checksum", NULL);
  g_assert_cmpint (get_offset (fixture, path, token), ==, 0);
}

static void
test_too_much (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const char *token = fixture->server->kari_token;
  g_autoptr (PkReply) begun = begin (fixture, token, fixture->sha256, 100);
  const char *path = soup_message_headers_get_one (begun->headers, "Location");
  g_autoptr (PkReply) reply = put (fixture, path, token, 0, fixture->bytes, 200, NULL);
  g_autoptr (PkReply) huge = begin (fixture, token, fixture->sha256, G_GINT64_CONSTANT (1) << 40);

  pk_reply_assert_problem (reply, 413, "too_large", NULL);
  pk_reply_assert_problem (huge, 413, "too_large", NULL);
}

static void
test_wrong_content (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const char *token = fixture->server->kari_token;
  g_autoptr (PkReply) begun = begin (fixture, token, fixture->sha256, SIZE);
  const char *path = soup_message_headers_get_one (begun->headers, "Location");
  g_autofree char *other = g_strnfill (SIZE, 'x');
  g_autoptr (PkReply) reply = put (fixture, path, token, 0, other, SIZE, NULL);

  pk_reply_assert_problem (reply, 460, "checksum", NULL);
  g_assert_cmpint (get_offset (fixture, path, token), ==, -1);
}

static void
test_others_do_not_see_it (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  PkHttpFixture *server = fixture->server;
  g_autoptr (PkReply) begun = begin (fixture, server->kari_token, fixture->sha256, SIZE);
  const char *path = soup_message_headers_get_one (begun->headers, "Location");

  g_assert_cmpint (get_offset (fixture, path, server->ola_token), ==, -1);
  make_document (fixture, server->kari_token);
  send_all (fixture, server->kari_token);
  g_autoptr (PkReply) foreign = get_content (fixture, server->ola_token, NULL, NULL);
  pk_reply_assert_problem (foreign, 404, "not_found", NULL);
  /* Who knows the hash and makes a document of it still has to send the content. */
  make_document (fixture, server->ola_token);
  g_autoptr (PkReply) guessed = get_content (fixture, server->ola_token, NULL, NULL);
  pk_reply_assert_problem (guessed, 404, "not_found", NULL);
  g_autoptr (PkReply) asked = begin (fixture, server->ola_token, fixture->sha256, SIZE);
  g_assert_cmpstr (soup_message_headers_get_one (asked->headers, "Upload-Offset"), ==, "0");
  g_autoptr (PkReply) known = begin (fixture, server->kari_token, fixture->sha256, SIZE);
  g_assert_cmpstr (soup_message_headers_get_one (known->headers, "Upload-Offset"), ==, "300000");
}

static void
test_ranges (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const char *token = fixture->server->kari_token;
  g_autofree char *etag = g_strdup_printf ("If-None-Match: \"%s\"", fixture->sha256);

  make_document (fixture, token);
  send_all (fixture, token);
  g_autoptr (PkReply) part = get_content (fixture, token, "Range: bytes=100000-", NULL);
  g_assert_cmpuint (part->status, ==, 206);
  g_assert_cmpmem (part->body, part->size, fixture->bytes + 100000, SIZE - 100000);
  g_assert_cmpstr (soup_message_headers_get_one (part->headers, "Content-Range"),
                   ==,
                   "bytes 100000-299999/300000");
  g_autoptr (PkReply) outside = get_content (fixture, token, "Range: bytes=300000-", NULL);
  pk_reply_assert_problem (outside, 416, "range", NULL);
  g_autoptr (PkReply)
      other = get_content (fixture, token, "Range: bytes=5-9", "If-Range: \"another\"");
  g_assert_cmpuint (other->status, ==, 200);
  g_assert_cmpuint (other->size, ==, SIZE);
  g_autoptr (PkReply) known = get_content (fixture, token, etag, NULL);
  g_assert_cmpuint (known->status, ==, 304);
  g_assert_cmpstr (soup_message_headers_get_one (part->headers, "Content-Disposition"),
                   ==,
                   "attachment");
}

static void
test_range_texts (Fixture *fixture G_GNUC_UNUSED, gconstpointer data G_GNUC_UNUSED)
{
  static const struct
  {
    const char *text;
    PkRange range;
    gint64 first, length;
  } cases[] = {
    { NULL, PK_RANGE_WHOLE, 0, 10 },
    { "bytes=0-0", PK_RANGE_PART, 0, 1 },
    { "bytes=9-", PK_RANGE_PART, 9, 1 },
    { "bytes=-3", PK_RANGE_PART, 7, 3 },
    { "bytes=-30", PK_RANGE_PART, 0, 10 },
    { "bytes=2-99", PK_RANGE_PART, 2, 8 },
    { "bytes=5-2", PK_RANGE_WHOLE, 0, 10 },
    { "bytes=0-1,3-4", PK_RANGE_WHOLE, 0, 10 },
    { "lines=1-2", PK_RANGE_WHOLE, 0, 10 },
    { "bytes=", PK_RANGE_WHOLE, 0, 10 },
    { "bytes=a-b", PK_RANGE_WHOLE, 0, 10 },
    { "bytes=99999999999999999999-", PK_RANGE_WHOLE, 0, 10 },
    { "bytes=10-", PK_RANGE_OUTSIDE, 0, 10 },
    { "bytes=-0", PK_RANGE_OUTSIDE, 0, 10 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 first, length;
      g_assert_cmpint (pk_range_parse (cases[i].text, 10, &first, &length), ==, cases[i].range);
      g_assert_cmpint (first, ==, cases[i].first);
      g_assert_cmpint (length, ==, cases[i].length);
    }
}

static gboolean
is_at_half (gpointer data)
{
  gpointer *both = data;
  Fixture *fixture = both[0];

  return get_offset (fixture, both[1], fixture->server->kari_token) == SIZE / 2;
}

/* A client that announces all of it, sends half, and is gone. */
static void
test_a_cut_keeps_what_came (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const char *token = fixture->server->kari_token;
  g_autoptr (PkReply) begun = begin (fixture, token, fixture->sha256, SIZE);
  g_autofree char *path = g_strdup (soup_message_headers_get_one (begun->headers, "Location"));
  g_autofree char *host = g_strdup (strstr (pk_http_get_url (fixture->server->http), "//") + 2);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *head = g_strdup_printf ("PATCH %s HTTP/1.1\r\nHost: %s\r\n"
                                           "Authorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\n"
                                           "Content-Type: application/offset+octet-stream\r\n"
                                           "Upload-Offset: 0\r\nContent-Length: %d\r\n\r\n",
                                           path,
                                           host,
                                           token,
                                           SIZE);
  g_socket_client_set_proxy_resolver (client, NULL);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_autoptr (GSocketConnection)
      connection = g_socket_client_connect_to_host (client, host, 80, NULL, &error);
  g_assert_no_error (error);
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_output_stream_write_all (out, head, strlen (head), NULL, NULL, &error);
  g_output_stream_write_all (out, fixture->bytes, SIZE / 2, NULL, NULL, &error);
  g_assert_no_error (error);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  gpointer both[] = { fixture, path };
  pk_http_fixture_wait (is_at_half, both);
  g_autoptr (PkReply)
      rest = put (fixture, path, token, SIZE / 2, fixture->bytes + SIZE / 2, SIZE - SIZE / 2, NULL);
  g_assert_cmpuint (rest->status, ==, 204);
}

/* As another process has it that serves the same folder. */
static int
lock_file (Fixture *fixture, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *file = g_build_filename (fixture->server->dir, "uploads", name, NULL);
  int lock = open (file, O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (lock, >=, 0);
  g_assert_cmpint (flock (lock, LOCK_EX), ==, 0);
  return lock;
}

static void
test_one_process_writes_at_a_time (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  const char *token = fixture->server->kari_token;
  g_autoptr (PkReply) begun = begin (fixture, token, fixture->sha256, SIZE);
  const char *path = soup_message_headers_get_one (begun->headers, "Location");
  int lock = lock_file (fixture, path);

  g_autoptr (PkReply) beside = put (fixture, path, token, 0, fixture->bytes, SIZE, NULL);
  pk_reply_assert_problem (beside, 409, "offset", NULL);
  close (lock);
  g_autoptr (PkReply) after = put (fixture, path, token, 0, fixture->bytes, SIZE, NULL);
  g_assert_cmpuint (after->status, ==, 204);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/uploads/pieces-of-every-size-make-the-whole", test_in_pieces },
    { "/uploads/the-same-content-is-continued", test_the_same_is_continued },
    { "/uploads/offsets-and-checksums-are-kept-to", test_offsets_and_checksums },
    { "/uploads/more-than-announced-is-refused", test_too_much },
    { "/uploads/another-content-than-promised-is-refused", test_wrong_content },
    { "/uploads/knowing-a-hash-opens-nothing", test_others_do_not_see_it },
    { "/uploads/ranges-are-served", test_ranges },
    { "/uploads/ranges-are-understood", test_range_texts },
    { "/uploads/a-cut-keeps-what-came", test_a_cut_keeps_what_came },
    { "/uploads/one-process-writes-at-a-time", test_one_process_writes_at_a_time },
  };

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}

/* Clients that take their time, on purpose or not: none holds a connection for ever, and none that goes on is cut off. */
#include "config.h"

#include "pk-connections.h"
#include "pk-hash.h"
#include "pk-http-fixture.h"
#include "pk-http-private.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#define SHORT_MS    200
#define BYTE_MS     20
#define UPLOAD_SIZE 330000
#define PIECE_SIZE  66000
#define PIECE_MS    300

typedef struct
{
  GSocket *socket; /* (owned) */
  GString *got;    /* (owned): the answer so far */
  const char *text;
  gsize sent;
  gsize size;
  gsize step;
  guint source;
} SlowClient;

static SlowClient *
slow_client_new (PkHttpFixture *fixture)
{
  SlowClient *self = g_new0 (SlowClient, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnectable)
      address = g_network_address_parse_uri (pk_http_get_url (fixture->http), 80, &error);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress)
      place = g_inet_socket_address_new (loopback,
                                         g_network_address_get_port (G_NETWORK_ADDRESS (address)));

  self->got = g_string_new (NULL);
  self->socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_connect (self->socket, place, NULL, &error));
  g_socket_set_blocking (self->socket, FALSE);
  return self;
}

static void
slow_client_free (SlowClient *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_object_unref (self->socket);
  g_string_free (self->got, TRUE);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlowClient, slow_client_free)

static gboolean
send_cb (gpointer user_data)
{
  SlowClient *self = user_data;
  gsize size = MIN (self->step, self->size - self->sent);
  gssize done = size > 0 ? g_socket_send (self->socket, self->text + self->sent, size, NULL, NULL)
                         : 0;

  if (done > 0)
    self->sent += (gsize) done;
  return G_SOURCE_CONTINUE;
}

/* @step bytes of @text every @pause_ms. */
static void
trickle (SlowClient *self, const char *text, gsize size, gsize step, guint pause_ms)
{
  self->text = text;
  self->size = size;
  self->step = step;
  self->source = g_timeout_add (pause_ms, send_cb, self);
}

static void
send_all (SlowClient *self, const char *text)
{
  g_assert_cmpint (g_socket_send (self->socket, text, strlen (text), NULL, NULL),
                   ==,
                   strlen (text));
}

static gboolean
has_ended (gpointer data)
{
  SlowClient *self = data;
  char block[4096];
  g_autoptr (GError) error = NULL;
  gssize got;

  while ((got = g_socket_receive (self->socket, block, sizeof block, NULL, &error)) > 0)
    g_string_append_len (self->got, block, got);
  return got == 0 || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

static gboolean
has_answer (gpointer data)
{
  SlowClient *self = data;

  return has_ended (self) || strstr (self->got->str, "\r\n\r\n") != NULL;
}

static gboolean
is_alone (gpointer data)
{
  PkHttpFixture *fixture = data;

  return pk_connections_count (fixture->http->connections) == 0;
}

static PkHttpFixture *
make_server (const PkConnectionLimits *limits)
{
  PkHttpOptions options = { .is_demo = TRUE, .connections = *limits };

  return pk_http_fixture_new (&options);
}

static void
test_silence (void)
{
  g_autoptr (PkHttpFixture) fixture = make_server (&(PkConnectionLimits){ .headers_ms = SHORT_MS });
  g_autoptr (SlowClient) client = slow_client_new (fixture);

  pk_http_fixture_wait (has_ended, client);
  g_assert_cmpuint (client->got->len, ==, 0);
}

static void
test_slow_headers (void)
{
  g_autoptr (PkHttpFixture) fixture = make_server (&(PkConnectionLimits){ .headers_ms = SHORT_MS });
  g_autoptr (SlowClient) client = slow_client_new (fixture);
  const char *request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Padding: "
                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

  trickle (client, request, strlen (request), 1, BYTE_MS);
  pk_http_fixture_wait (has_ended, client);
  g_assert_cmpuint (client->sent, <, strlen (request));
}

static void
test_slow_body (void)
{
  g_autoptr (PkHttpFixture) fixture = make_server (&(PkConnectionLimits){ .body_ms = SHORT_MS });
  g_autoptr (SlowClient) client = slow_client_new (fixture);
  g_autofree char *headers = g_strdup_printf ("POST /api/tasks HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                              "Authorization: Bearer %s\r\n"
                                              "Content-Type: application/json\r\n"
                                              "Content-Length: 1000\r\n\r\n",
                                              fixture->kari_token);
  g_autofree char *body = g_strnfill (1000, ' ');
  gint64 seq = pk_http_fixture_get_seq (fixture);

  send_all (client, headers);
  trickle (client, body, 1000, 1, BYTE_MS);
  pk_http_fixture_wait (has_ended, client);
  g_assert_cmpuint (client->sent, <, 1000);
  g_assert_cmpint (pk_http_fixture_get_seq (fixture), ==, seq);
}

static void
test_idle (void)
{
  g_autoptr (PkHttpFixture) fixture = make_server (&(PkConnectionLimits){ .idle_ms = SHORT_MS });
  g_autoptr (SlowClient) client = slow_client_new (fixture);

  send_all (client, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  pk_http_fixture_wait (has_answer, client);
  g_assert_true (g_str_has_prefix (client->got->str, "HTTP/1.1 200"));
  pk_http_fixture_wait (has_ended, client);
  pk_http_fixture_wait (is_alone, fixture);
}

static void
test_clients_that_leave (void)
{
  g_autoptr (PkHttpFixture) fixture = make_server (&(PkConnectionLimits){ .max_connections = 100 });

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (SlowClient) client = slow_client_new (fixture);
      send_all (client, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      pk_http_fixture_wait (has_answer, client);
    }
  soup_session_abort (fixture->session);
  pk_http_fixture_wait (is_alone, fixture);
}

/* Many requests at once, so that the answers are more than the system keeps for a client that reads none of them. */
static void
test_answers_that_nobody_takes (void)
{
  g_autoptr (PkHttpFixture) fixture = make_server (&(PkConnectionLimits){ .answer_ms = SHORT_MS });
  g_autoptr (SlowClient) client = slow_client_new (fixture);
  g_autoptr (GString) requests = g_string_new (NULL);

  soup_session_abort (fixture->session);
  for (guint i = 0; i < 500; i++)
    g_string_append (requests, "GET /api/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  send_all (client, requests->str);
  pk_http_fixture_wait (is_alone, fixture);
}

static char *
begin_upload (PkHttpFixture *fixture, const char *bytes)
{
  g_autofree char *sha256 = pk_sha256_of_bytes (bytes, UPLOAD_SIZE);
  g_autofree char *encoded = g_base64_encode ((const guchar *) sha256, strlen (sha256));
  g_autofree char *metadata = g_strconcat ("Upload-Metadata: sha256 ", encoded, NULL);
  const char *const headers[] = { "Tus-Resumable: 1.0.0",
                                  "Upload-Length: " G_STRINGIFY (UPLOAD_SIZE),
                                  metadata,
                                  NULL };
  g_autoptr (PkReply) reply =
      pk_http_fixture_send (fixture, "POST", "/api/uploads", fixture->kari_token, headers, NULL, 0);

  g_assert_cmpuint (reply->status, ==, 201);
  return g_strdup (soup_message_headers_get_one (reply->headers, "Location"));
}

static void
test_a_long_upload (void)
{
  g_autoptr (PkHttpFixture) fixture = make_server (&(PkConnectionLimits){ .body_ms = 1000 });
  g_autoptr (SlowClient) client = slow_client_new (fixture);
  g_autofree char *bytes = g_strnfill (UPLOAD_SIZE, 'x');
  g_autofree char *location = begin_upload (fixture, bytes);
  const char *path = strstr (location, "/api/");
  g_autofree char *headers = g_strdup_printf ("PATCH %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                              "Authorization: Bearer %s\r\n"
                                              "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
                                              "Content-Type: application/offset+octet-stream\r\n"
                                              "Content-Length: %d\r\n\r\n",
                                              path,
                                              fixture->kari_token,
                                              UPLOAD_SIZE);

  send_all (client, headers);
  trickle (client, bytes, UPLOAD_SIZE, PIECE_SIZE, PIECE_MS);
  pk_http_fixture_wait (has_answer, client);
  g_assert_cmpuint (client->sent, ==, UPLOAD_SIZE);
  g_assert_true (g_str_has_prefix (client->got->str, "HTTP/1.1 204"));
}

static void
test_too_many (void)
{
  g_autoptr (PkHttpFixture) fixture = make_server (&(PkConnectionLimits){ .max_connections = 3 });
  g_autoptr (GPtrArray)
      clients = g_ptr_array_new_with_free_func ((GDestroyNotify) slow_client_free);
  const char *request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

  soup_session_abort (fixture->session);
  pk_http_fixture_wait (is_alone, fixture);
  for (guint i = 0; i < 3; i++)
    {
      g_ptr_array_add (clients, slow_client_new (fixture));
      send_all (clients->pdata[i], request);
      pk_http_fixture_wait (has_answer, clients->pdata[i]);
    }
  g_autoptr (SlowClient) fourth = slow_client_new (fixture);
  pk_http_fixture_wait (has_ended, fourth);
  g_assert_cmpuint (fourth->got->len, ==, 0);
  g_ptr_array_set_size (clients, 0);
  pk_http_fixture_wait (is_alone, fixture);
  g_autoptr (SlowClient) fifth = slow_client_new (fixture);
  send_all (fifth, request);
  pk_http_fixture_wait (has_answer, fifth);
  g_assert_true (g_str_has_prefix (fifth->got->str, "HTTP/1.1 200"));
}

static SlowClient *
slow_client_of (PkHttpFixture *fixture, const char *address, gboolean ends)
{
  SlowClient *self = slow_client_new (fixture);
  g_autofree char *request =
      g_strdup_printf ("POST /oauth/revoke HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: %s\r\n"
                       "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n"
                       "\r\n%s",
                       address,
                       ends ? "token=x" : "tok");

  send_all (self, request);
  return self;
}

static void
assert_answer (SlowClient *client, const char *start)
{
  pk_http_fixture_wait (has_answer, client);
  g_test_message ("%s", client->got->str);
  g_assert_true (g_str_has_prefix (client->got->str, start));
}

static void
test_one_address (void)
{
  PkHttpOptions options = { .public_url = "https://pakobla.example.org",
                            .connections = { .max_per_address = 2 } };
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (&options);
  g_autoptr (SlowClient) first = slow_client_of (fixture, "192.0.2.1", FALSE);
  g_autoptr (SlowClient) second = slow_client_of (fixture, "10.0.0.1, 192.0.2.1", FALSE);
  SlowClient *third = slow_client_of (fixture, "192.0.2.1", TRUE);

  assert_answer (third, "HTTP/1.1 429");
  g_assert_nonnull (strstr (third->got->str, "Retry-After: 5"));
  slow_client_free (third);
  g_autoptr (SlowClient) other = slow_client_of (fixture, "192.0.2.2", TRUE);
  assert_answer (other, "HTTP/1.1 200");
  send_all (first, "en=x");
  assert_answer (first, "HTTP/1.1 200");
  g_autoptr (SlowClient) fourth = slow_client_of (fixture, "192.0.2.1", TRUE);
  assert_answer (fourth, "HTTP/1.1 200");
}

/* One that hangs up in the middle of its request is not counted any more. */
static void
test_one_address_that_hangs_up (void)
{
  PkHttpOptions options = { .public_url = "https://pakobla.example.org",
                            .connections = { .max_per_address = 1 } };
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (&options);

  soup_session_abort (fixture->session);
  slow_client_free (slow_client_of (fixture, "192.0.2.1", FALSE));
  pk_http_fixture_wait (is_alone, fixture);
  g_autoptr (SlowClient) next = slow_client_of (fixture, "192.0.2.1", TRUE);
  assert_answer (next, "HTTP/1.1 200");
}

static GSocket *
connect_operator (PkHttpFixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->dir, "admin.sock", NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;
  GSocket *socket =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &error);

  g_assert_no_error (error);
  g_assert_true (g_socket_connect (socket, address, NULL, &error));
  g_socket_set_blocking (socket, FALSE);
  return socket;
}

static gboolean
has_no_operators (gpointer data)
{
  return pk_connections_count (((PkHttpFixture *) data)->http->operators) == 0;
}

static void
test_operators (void)
{
  PkHttpOptions options = { .admin = { .headers_ms = SHORT_MS, .max_connections = 2 } };
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (&options);
  SlowClient clients[3] = { { NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      clients[i].socket = connect_operator (fixture);
      clients[i].got = g_string_new (NULL);
    }
  pk_http_fixture_wait (has_ended, &clients[2]);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      pk_http_fixture_wait (has_ended, &clients[i]);
      g_object_unref (clients[i].socket);
      g_string_free (clients[i].got, TRUE);
    }
  pk_http_fixture_wait (has_no_operators, fixture);
  SlowClient next = { connect_operator (fixture), g_string_new (NULL), NULL, 0, 0, 0, 0 };
  send_all (&next, "GET /admin/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
  assert_answer (&next, "HTTP/1.1 200");
  g_object_unref (next.socket);
  g_string_free (next.got, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/slow/a-client-that-says-nothing-is-cut-off", test_silence);
  g_test_add_func ("/slow/headers-a-byte-at-a-time-are-cut-off", test_slow_headers);
  g_test_add_func ("/slow/a-body-a-byte-at-a-time-is-cut-off", test_slow_body);
  g_test_add_func ("/slow/a-connection-that-is-not-used-is-closed", test_idle);
  g_test_add_func ("/slow/connections-that-clients-leave-are-closed", test_clients_that_leave);
  g_test_add_func ("/slow/answers-that-nobody-takes-are-given-up", test_answers_that_nobody_takes);
  g_test_add_func ("/slow/a-long-upload-that-goes-on-is-not-cut-off", test_a_long_upload);
  g_test_add_func ("/slow/more-connections-than-there-may-be-are-closed", test_too_many);
  g_test_add_func ("/slow/one-address-cannot-take-all-the-places", test_one_address);
  g_test_add_func ("/slow/who-hangs-up-is-not-counted-any-more", test_one_address_that_hangs_up);
  g_test_add_func ("/slow/operators-who-say-nothing-are-cut-off-too", test_operators);
  return g_test_run ();
}

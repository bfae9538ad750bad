/* The operator's client over a Unix-domain socket, and what imports answer to operators. */
#include "config.h"

#include "pk-admin-client.h"

#include "pk-problem.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

/* A server that gives one prepared answer to each connection and keeps what it was asked. Its thread ends with it. */
typedef struct
{
  char *folder;
  GSocketListener *listener;
  GThread *thread;
  GCancellable *cancellable;
  const char *answer;
  GString *asked; /* read after the thread has answered: the client waits for that */
} Server;

/* All of it, with its body: a connection that is closed with bytes unread is reset. */
static gboolean
is_whole (const GString *asked)
{
  const char *end = strstr (asked->str, "\r\n\r\n");
  const char *length = strstr (asked->str, "Content-Length: ");

  if (end == NULL)
    return FALSE;
  gsize n_body = length != NULL
                     ? (gsize) g_ascii_strtoull (length + strlen ("Content-Length: "), NULL, 10)
                     : 0;
  return strlen (end + 4) >= n_body;
}

static void
read_request (GInputStream *input, GString *asked)
{
  char piece[512];
  gssize n;

  g_string_truncate (asked, 0);
  while (!is_whole (asked) &&
         (n = g_input_stream_read (input, piece, sizeof piece, NULL, NULL)) > 0)
    g_string_append_len (asked, piece, n);
}

static gpointer
serve (gpointer data)
{
  Server *self = data;

  for (;;)
    {
      g_autoptr (GSocketConnection)
          connection = g_socket_listener_accept (self->listener, NULL, self->cancellable, NULL);
      if (connection == NULL)
        return NULL;
      read_request (g_io_stream_get_input_stream (G_IO_STREAM (connection)), self->asked);
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                                 self->answer,
                                 strlen (self->answer),
                                 NULL,
                                 NULL,
                                 NULL);
    }
}

static void
set_up (Server *self, gconstpointer answer)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("pakobla-admin-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *path = g_build_filename (self->folder, "admin.sock", NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  self->answer = answer;
  self->asked = g_string_new (NULL);
  self->cancellable = g_cancellable_new ();
  self->listener = g_socket_listener_new ();
  g_assert_true (g_socket_listener_add_address (self->listener,
                                                address,
                                                G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_DEFAULT,
                                                NULL,
                                                NULL,
                                                &error));
  self->thread = g_thread_new ("server", serve, self);
}

static void
tear_down (Server *self, gconstpointer answer)
{
  (void) answer;
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  g_autofree char *path = g_build_filename (self->folder, "admin.sock", NULL);
  g_unlink (path);
  g_rmdir (self->folder);
  g_object_unref (self->listener);
  g_object_unref (self->cancellable);
  g_string_free (self->asked, TRUE);
  g_free (self->folder);
}

#define OK_ANSWER                                                                                  \
  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n"                    \
  "Connection: close\r\n\r\n{\"answer\":42}"
#define PROBLEM_ANSWER                                                                             \
  "HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json\r\nContent-Length: 56\r\n"      \
  "Connection: close\r\n\r\n{\"type\":\"/problems/exists\",\"status\":409,\"title\":\"There\"}"
#define NOTHING_ANSWER "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
#define HTML_ANSWER                                                                                \
  "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 9\r\nConnection: close\r\n\r\n<html>no<"

static void
test_a_question_is_answered (Server *self, gconstpointer answer)
{
  g_autoptr (PkAdminClient) client = pk_admin_client_new (self->folder);
  g_autoptr (GBytes) body = g_bytes_new_static ("id\r1\r", 5);
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (GError) error = NULL;

  (void) answer;
  g_assert_true (pk_admin_client_call (client,
                                       "POST",
                                       "/admin/import-buildings?preview=1",
                                       "text/csv",
                                       body,
                                       &json,
                                       &error));
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (json), "answer"), ==, 42);
  g_assert_true (
      g_str_has_prefix (self->asked->str, "POST /admin/import-buildings?preview=1 HTTP/1.1\r\n"));
}

static void
test_a_problem_is_an_error_with_its_code (Server *self, gconstpointer answer)
{
  g_autoptr (PkAdminClient) client = pk_admin_client_new (self->folder);
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (GError) error = NULL;

  (void) answer;
  g_assert_false (pk_admin_client_call (client, "GET", "/admin/status", NULL, NULL, &json, &error));
  g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_EXISTS);
}

static void
test_an_empty_answer_is_enough (Server *self, gconstpointer answer)
{
  g_autoptr (PkAdminClient) client = pk_admin_client_new (self->folder);
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (GError) error = NULL;

  (void) answer;
  g_assert_true (pk_admin_client_call (client, "GET", "/admin/status", NULL, NULL, &json, &error));
  g_assert_no_error (error);
  g_assert_null (json);
}

static void
test_what_is_no_answer_of_ours_is_an_error (Server *self, gconstpointer answer)
{
  g_autoptr (PkAdminClient) client = pk_admin_client_new (self->folder);
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (GError) error = NULL;

  (void) answer;
  g_assert_false (pk_admin_client_call (client, "GET", "/admin/status", NULL, NULL, &json, &error));
  g_assert_nonnull (error);
}

static void
test_no_server_is_an_error_that_names_the_socket (void)
{
  g_autoptr (PkAdminClient) client = pk_admin_client_new ("/nowhere");
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (pk_admin_client_call (client, "GET", "/admin/status", NULL, NULL, &json, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (g_str_has_prefix (error->message, "/nowhere/admin.sock: "));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/admin-client/a-question-is-answered",
              Server,
              OK_ANSWER,
              set_up,
              test_a_question_is_answered,
              tear_down);
  g_test_add ("/admin-client/a-problem-is-an-error-with-its-code",
              Server,
              PROBLEM_ANSWER,
              set_up,
              test_a_problem_is_an_error_with_its_code,
              tear_down);
  g_test_add ("/admin-client/an-empty-answer-is-enough",
              Server,
              NOTHING_ANSWER,
              set_up,
              test_an_empty_answer_is_enough,
              tear_down);
  g_test_add ("/admin-client/what-is-no-answer-of-ours-is-an-error",
              Server,
              HTML_ANSWER,
              set_up,
              test_what_is_no_answer_of_ours_is_an_error,
              tear_down);
  g_test_add_func ("/admin-client/no-server-is-an-error-that-names-the-socket",
                   test_no_server_is_an_error_that_names_the_socket);
  return g_test_run ();
}

/*
 * A connection to a chosen one of several processes at one address. Which of them has accepted it the kernel alone knows, and tells
 * in /proc: a connection that another has got is dropped.
 */
#include "config.h"

#include "pk-test-wire.h"

#include <string.h>

#define PATIENCE_S  20
#define PATIENCE_US (PATIENCE_S * G_USEC_PER_SEC)

/* The inode of the server's end; 0 while nobody has accepted it. */
static guint64
find_inode (guint16 server_port, guint16 client_port)
{
  g_autofree char *text = NULL;
  g_autofree char *ends =
      g_strdup_printf (": 0100007F:%04X 0100007F:%04X ", server_port, client_port);

  g_assert_true (g_file_get_contents ("/proc/net/tcp", &text, NULL, NULL));
  const char *line = strstr (text, ends);
  if (line == NULL)
    return 0;
  g_autofree char *copy = g_strndup (line, strcspn (line, "\n"));
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  for (char *word = strtok (copy, " "); word != NULL; word = strtok (NULL, " "))
    g_ptr_array_add (words, word);
  g_assert_cmpuint (words->len, >, 9);
  return g_ascii_strtoull (words->pdata[9], NULL, 10);
}

static gboolean
has_inode (PkTestProgram *program, guint64 inode)
{
  g_autofree char *path =
      g_build_filename ("/proc", g_subprocess_get_identifier (program->process), "fd", NULL);
  g_autofree char *wanted = g_strdup_printf ("socket:[%" G_GUINT64_FORMAT "]", inode);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  g_assert_nonnull (folder);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autofree char *target = g_file_read_link (file, NULL);
      if (g_strcmp0 (target, wanted) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_with (GSocketConnection *connection, PkTestProgram *program)
{
  g_autoptr (GSocketAddress) here = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) there = g_socket_connection_get_remote_address (connection, NULL);
  guint16 client_port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (here));
  guint16 server_port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (there));
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;
  guint64 inode;

  while ((inode = find_inode (server_port, client_port)) == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until_us);
      g_thread_yield ();
    }
  return has_inode (program, inode);
}

static GSocketConnection *
open_connection (PkTestProgram *program)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, PATIENCE_S);
  GSocketConnection *connection =
      g_socket_client_connect_to_host (client, program->url + strlen ("http://"), 80, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

/**
 * pk_test_wire_new:
 * @program: one of those that listen at its address
 *
 * Returns: (transfer full): a connection that @program itself has accepted
 */
PkTestWire *
pk_test_wire_new (PkTestProgram *program)
{
  PkTestWire *self = g_new0 (PkTestWire, 1);
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;

  self->connection = open_connection (program);
  while (!is_with (self->connection, program))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until_us);
      g_object_unref (self->connection);
      self->connection = open_connection (program);
    }
  self->input =
      g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (self->connection)));
  return self;
}

/**
 * pk_test_wire_free:
 */
void
pk_test_wire_free (PkTestWire *self)
{
  g_object_unref (self->input);
  g_object_unref (self->connection);
  g_free (self);
}

/**
 * pk_test_wire_send:
 * @body: (nullable): lines of JSON
 *
 * Sends the connection's only request.
 */
void
pk_test_wire_send (PkTestWire *self,
                   const char *method,
                   const char *path,
                   const char *token,
                   const char *body)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (self->connection));
  const char *content = body != NULL ? body : "";
  g_autofree char *text =
      g_strdup_printf ("%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                       "Authorization: Bearer %s\r\n"
                       "Content-Type: application/x-ndjson\r\n"
                       "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                       method,
                       path,
                       token,
                       strlen (content),
                       content);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (output, text, strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
}

/**
 * pk_test_wire_read_line:
 *
 * Returns: (transfer full) (nullable): the answer's next line; NULL at its end
 */
char *
pk_test_wire_read_line (PkTestWire *self)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (self->input, NULL, NULL, &error);

  g_assert_no_error (error);
  return line != NULL ? g_strchomp (line) : NULL;
}

/**
 * pk_test_wire_read_answer:
 *
 * Returns: (transfer full): the body of an answer, whose status is 200
 */
char *
pk_test_wire_read_answer (PkTestWire *self)
{
  g_autofree char *status = pk_test_wire_read_line (self);
  g_autoptr (GString) body = g_string_new (NULL);
  gboolean is_body = FALSE;

  g_assert_cmpstr (status, ==, "HTTP/1.1 200 OK");
  for (;;)
    {
      g_autofree char *line = pk_test_wire_read_line (self);
      if (line == NULL)
        return g_string_free (g_steal_pointer (&body), FALSE);
      if (is_body)
        g_string_append_printf (body, "%s\n", line);
      is_body = is_body || *line == '\0';
    }
}

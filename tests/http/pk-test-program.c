/* The real pakoblad as a process of its own. Questions may be asked by any thread: each has a session of its own. */
#include "config.h"

#include "pk-test-program.h"

#include "pk-json.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <string.h>

/**
 * pk_test_program_new:
 * @folder: of the data
 *
 * Returns: (transfer full): a program that does not run yet
 */
PkTestProgram *
pk_test_program_new (const char *folder)
{
  PkTestProgram *self = g_new0 (PkTestProgram, 1);

  self->folder = g_strdup (folder);
  return self;
}

/**
 * pk_test_program_free:
 *
 * Stops it where it runs. The folder stays.
 */
void
pk_test_program_free (PkTestProgram *self)
{
  pk_test_program_stop (self);
  g_free (self->folder);
  g_free (self->url);
  g_free (self);
}

/**
 * pk_test_program_start:
 * @is_demo: whether people sign in by their name
 *
 * Starts it and waits until it listens.
 */
void
pk_test_program_start (PkTestProgram *self, gboolean is_demo)
{
  g_autofree char *port = g_strdup_printf ("%u", self->port);
  g_autoptr (GError) error = NULL;

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                    &error,
                                    g_getenv ("PK_PAKOBLAD"),
                                    "--data",
                                    self->folder,
                                    "--port",
                                    port,
                                    is_demo ? "--demo" : NULL,
                                    NULL);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream)
      output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_autofree char *line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (line != NULL && g_str_has_prefix (line, "listening on "));
  g_free (self->url);
  self->url = g_strdup (line + strlen ("listening on "));
}

static void
end (PkTestProgram *self, int signal)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_send_signal (self->process, signal);
  g_subprocess_wait (self->process, NULL, &error);
  g_assert_no_error (error);
  if (signal == SIGTERM)
    g_assert_true (g_subprocess_get_successful (self->process));
  g_clear_object (&self->process);
}

/**
 * pk_test_program_stop:
 *
 * Asks it to end, and waits.
 */
void
pk_test_program_stop (PkTestProgram *self)
{
  if (self->process != NULL)
    end (self, SIGTERM);
}

/**
 * pk_test_program_kill:
 *
 * Ends it in the middle of whatever it does, and waits.
 */
void
pk_test_program_kill (PkTestProgram *self)
{
  end (self, SIGKILL);
}

static void
add_headers (SoupMessage *message, const char *token, const char *headers)
{
  SoupMessageHeaders *target = soup_message_get_request_headers (message);
  g_auto (GStrv) lines = g_strsplit (headers != NULL ? headers : "", "\n", -1);

  if (token != NULL)
    {
      g_autofree char *value = g_strconcat ("Bearer ", token, NULL);
      soup_message_headers_replace (target, "Authorization", value);
    }
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) parts = g_strsplit (lines[i], ": ", 2);
      soup_message_headers_replace (target, parts[0], parts[1]);
    }
}

static char *
dup_answer (SoupMessage *message, GBytes *body)
{
  const char *place = soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                    "Location");
  gsize size;
  const char *bytes = g_bytes_get_data (body, &size);

  return size == 0 && place != NULL ? g_strdup (place)
                                    : g_strndup (bytes != NULL ? bytes : "", size);
}

/**
 * pk_test_program_ask:
 * @token: (nullable)
 * @headers: (nullable): lines
 * @body: (nullable): JSON, unless @headers say otherwise
 * @answer_out: (out) (optional) (nullable): the body, or the place where there is none
 *
 * Asks and waits. Any thread.
 *
 * Returns: the status; 0 where no whole answer came
 */
guint
pk_test_program_ask (PkTestProgram *self,
                     const char *method,
                     const char *path,
                     const char *token,
                     const char *headers,
                     const char *body,
                     char **answer_out)
{
  g_autoptr (SoupSession) session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);

  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
      soup_message_set_request_body_from_bytes (message, "application/json", bytes);
    }
  add_headers (message, token, headers);
  g_autoptr (GBytes) answer = soup_session_send_and_read (session, message, NULL, NULL);
  if (answer_out != NULL)
    *answer_out = answer != NULL ? dup_answer (message, answer) : NULL;
  return answer != NULL ? soup_message_get_status (message) : 0;
}

/**
 * pk_test_program_sign_in:
 * @person: the id
 * @device_out: (out) (optional): the id of the device
 *
 * Returns: (transfer full): an access token
 */
char *
pk_test_program_sign_in (PkTestProgram *self, const char *person, char **device_out)
{
  g_autofree char *body = g_strdup_printf ("{\"person\":\"%s\",\"device_name\":\"Test\"}", person);
  g_autofree char *answer = NULL;
  g_autoptr (GError) error = NULL;
  guint status = pk_test_program_ask (self,
                                      "POST",
                                      "/demo/sign-in",
                                      NULL,
                                      "Accept: application/json",
                                      body,
                                      &answer);

  g_test_message ("%s", answer);
  g_assert_cmpuint (status, ==, 200);
  g_autoptr (JsonNode) node = pk_json_parse (answer, strlen (answer), &error);
  g_assert_no_error (error);
  JsonObject *object = json_node_get_object (node);
  if (device_out != NULL)
    *device_out = g_strdup (json_object_get_string_member (object, "device"));
  return g_strdup (json_object_get_string_member (object, "access_token"));
}

/**
 * pk_test_remove_folder:
 *
 * Removes a folder with all that is in it.
 */
void
pk_test_remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        pk_test_remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/* HTTP over DIR/admin.sock. An answer that is a problem becomes a PK_PROBLEM_ERROR with its pointer. */
#include "config.h"

#include "pk-admin-client.h"

#include "pk-json.h"
#include "pk-problem.h"

#include <gio/gunixsocketaddress.h>
#include <libsoup/soup.h>

struct _PkAdminClient
{
  SoupSession *session; /* (owned) */
  char *socket_path;    /* (owned) */
};

/**
 * pk_admin_client_new:
 * @data_dir: the server's folder
 *
 * Returns: (transfer full): a client that has not asked anything yet
 */
PkAdminClient *
pk_admin_client_new (const char *data_dir)
{
  PkAdminClient *self = g_new0 (PkAdminClient, 1);

  self->socket_path = g_build_filename (data_dir, "admin.sock", NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->socket_path);
  self->session =
      g_object_new (SOUP_TYPE_SESSION, "remote-connectable", address, "timeout", 0, NULL);
  return self;
}

/**
 * pk_admin_client_free:
 *
 * Closes the connection.
 */
void
pk_admin_client_free (PkAdminClient *self)
{
  g_object_unref (self->session);
  g_free (self->socket_path);
  g_free (self);
}

static gboolean
read_answer (SoupMessage *message, GBytes *content, JsonNode **answer_out, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (content, &size);
  guint status = soup_message_get_status (message);

  *answer_out = NULL;
  if (!SOUP_STATUS_IS_SUCCESSFUL (status))
    {
      GError *problem = pk_problem_from_json (data != NULL ? data : "", size);
      if (problem == NULL)
        pk_problem_set (&problem, PK_PROBLEM_INTERNAL, NULL, "The answer was HTTP %u", status);
      g_propagate_error (error, problem);
      return FALSE;
    }
  if (size == 0)
    return TRUE;
  *answer_out = pk_json_parse (data, size, error);
  return *answer_out != NULL;
}

/**
 * pk_admin_client_call:
 * @path: with its query, such as "/admin/status"
 * @media_type: (nullable): of @body
 * @body: (nullable): what is sent
 * @answer_out: (out) (transfer full) (nullable): what came back, if it was JSON
 *
 * Asks the server and waits for the answer.
 *
 * Errors: %PK_PROBLEM_ERROR as the server says; %G_IO_ERROR if no server listens
 * Returns: %TRUE if it was done
 */
gboolean
pk_admin_client_call (PkAdminClient *self,
                      const char *method,
                      const char *path,
                      const char *media_type,
                      GBytes *body,
                      JsonNode **answer_out,
                      GError **error)
{
  g_autofree char *address = g_strconcat ("http://admin", path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, address);

  if (message == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "Not an address: %s", address);
      return FALSE;
    }
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, media_type, body);
  g_autoptr (GBytes) content = soup_session_send_and_read (self->session, message, NULL, error);
  if (content == NULL)
    {
      g_prefix_error (error, "%s: ", self->socket_path);
      return FALSE;
    }
  return read_answer (message, content, answer_out, error);
}

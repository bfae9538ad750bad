/* A real server on loopback, and a client that asks it. Both run on the main context of the test. */
#include "config.h"

#include "pk-http-fixture.h"

#include "pk-json.h"
#include "pk-model-tables.h"
#include "pk-service-import.h"
#include "pk-test-database.h"
#include "pk-test.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#define PATIENCE_US (20 * G_USEC_PER_SEC)

/* So that a wait for what never comes ends. */
static gboolean
wake_cb (gpointer user_data G_GNUC_UNUSED)
{
  return G_SOURCE_CONTINUE;
}

/**
 * pk_http_fixture_wait:
 *
 * Runs the main context until @is_done says so; fails the test where that takes too long.
 */
void
pk_http_fixture_wait (gboolean (*is_done) (gpointer data), gpointer data)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;
  guint alarm = g_timeout_add (100, wake_cb, NULL);

  while (!is_done (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until_us);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (alarm);
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static PkRecord *
add (GPtrArray *records, guint entity, const PkId *id)
{
  PkRecord *record = pk_record_new (pk_entity_by_id (entity), id);

  g_ptr_array_add (records, record);
  return record;
}

static void
add_unit (GPtrArray *records, const PkId *id, const char *name)
{
  PkRecord *unit = add (records, PK_ENTITY_UNIT, id);

  pk_record_set_text (unit, PK_UNIT_NAME, name);
  pk_record_set_int (unit, PK_UNIT_KIND, 0);
}

static void
add_person (GPtrArray *records, PkIdSource *ids, const PkId *id, const char *name, const PkId *unit)
{
  PkRecord *person = add (records, PK_ENTITY_PERSON, id);
  PkId membership_id = pk_id_source_next (ids);
  PkRecord *membership = add (records, PK_ENTITY_MEMBERSHIP, &membership_id);
  g_autofree char *email = g_strdup_printf ("%s@example.org", name);

  pk_record_set_text (person, PK_PERSON_NAME, name);
  pk_record_set_text (person, PK_PERSON_EMAIL, email);
  pk_record_set_ref (person, PK_PERSON_UNIT_ID, unit);
  pk_record_set_int (person, PK_PERSON_IS_ACTIVE, 1);
  pk_record_set_ref (membership, PK_MEMBERSHIP_PERSON_ID, id);
  pk_record_set_ref (membership, PK_MEMBERSHIP_UNIT_ID, unit);
  pk_record_set_text (membership, PK_MEMBERSHIP_ROLE_CODE, "caretaker");
}

static void
add_task (GPtrArray *records, const PkId *id, const char *title, const PkId *unit)
{
  PkRecord *task = add (records, PK_ENTITY_TASK, id);

  pk_record_set_text (task, PK_TASK_TITLE, title);
  pk_record_set_ref (task, PK_TASK_UNIT_ID, unit);
  pk_record_set_int (task, PK_TASK_KIND, 0);
  pk_record_set_int (task, PK_TASK_PRIORITY, 1);
  pk_record_set_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
  pk_record_set_int (task, PK_TASK_CHANNEL, 0);
  pk_record_set_int (task, PK_TASK_CONFIDENTIALITY, 0);
  pk_record_set_int (task, PK_TASK_CREATED_AT, G_GINT64_CONSTANT (1790000000000000));
}

static gpointer
seed_func (PkService *service,
           gpointer data,
           GCancellable *cancellable G_GNUC_UNUSED,
           GError **error)
{
  PkHttpFixture *self = data;
  PkIdSource *ids = pk_service_get_ids (service);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  PkId *all[] = { &self->north, &self->south,      &self->kari,
                  &self->ola,   &self->north_task, &self->south_task };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    *all[i] = pk_id_source_next (ids);
  add_unit (records, &self->north, "North");
  add_unit (records, &self->south, "South");
  add_person (records, ids, &self->kari, "kari", &self->north);
  add_person (records, ids, &self->ola, "ola", &self->south);
  add_task (records, &self->north_task, "A lamp in the north", &self->north);
  add_task (records, &self->south_task, "A lamp in the south", &self->south);
  return pk_service_import_records (service,
                                    records,
                                    NULL,
                                    pk_service_now_us (service),
                                    PK_IMPORT_DEFAULT,
                                    error)
             ? data
             : NULL;
}

typedef struct
{
  gboolean is_done;
  GError *error; /* (owned) (nullable) */
  GBytes *body;  /* (owned) (nullable) */
} Wait;

static void
seeded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  pk_service_pool_finish (PK_SERVICE_POOL (source), result, &wait->error);
  wait->is_done = TRUE;
}

static void
seed (PkHttpFixture *self)
{
  PkServiceJob job = { seed_func, self, NULL, NULL, PK_PRIORITY_INTERACTIVE };
  Wait wait = { FALSE, NULL, NULL };

  pk_service_pool_write_async (pk_http_get_pool (self->http), &job, NULL, seeded_cb, &wait);
  pk_http_fixture_wait (is_true, &wait.is_done);
  g_assert_no_error (wait.error);
}

/**
 * pk_http_fixture_new:
 * @options: (nullable): what is not the default; the folder is set here
 *
 * Returns: (transfer full): a server that listens
 */
PkHttpFixture *
pk_http_fixture_new (const PkHttpOptions *options)
{
  return pk_http_fixture_new_on_port (options, 0);
}

static void
start_listening (PkHttpFixture *self, const PkHttpOptions *options, guint16 port)
{
  PkHttpOptions own = options != NULL ? *options : (PkHttpOptions){ .is_demo = TRUE };
  g_autoptr (GError) error = NULL;

  own.data_dir = self->dir;
  if (own.sign_ins_per_minute == 0)
    own.sign_ins_per_minute = 10000;
  self->http = pk_http_new (&own, &error);
  g_assert_no_error (error);
  g_assert_true (pk_http_listen (self->http, port, &error));
}

/**
 * pk_http_fixture_restart:
 * @options: (nullable): as at the beginning
 *
 * Ends the server, and starts another one on the same store at @port.
 */
void
pk_http_fixture_restart (PkHttpFixture *self, const PkHttpOptions *options, guint16 port)
{
  pk_http_free (self->http);
  start_listening (self, options, port);
}

/**
 * pk_http_fixture_new_on_port:
 *
 * Returns: (transfer full): a server that listens at @port
 */
PkHttpFixture *
pk_http_fixture_new_on_port (const PkHttpOptions *options, guint16 port)
{
  PkHttpFixture *self = g_new0 (PkHttpFixture, 1);
  g_autoptr (GError) error = NULL;

  self->dir = g_dir_make_tmp ("pakobla-XXXXXX", &error);
  pk_test_database_set_up (self->dir);
  start_listening (self, options, port);
  self->session =
      soup_session_new_with_options ("max-conns-per-host", 100, "proxy-resolver", NULL, NULL);
  seed (self);
  if (options == NULL || options->is_demo)
    {
      self->kari_token = pk_http_fixture_sign_in (self, &self->kari, &self->kari_device);
      self->ola_token = pk_http_fixture_sign_in (self, &self->ola, NULL);
    }
  return self;
}

/**
 * pk_http_fixture_free:
 */
void
pk_http_fixture_free (PkHttpFixture *self)
{
  soup_session_abort (self->session);
  g_object_unref (self->session);
  pk_http_free (self->http);
  pk_test_remove_tree (self->dir);
  g_free (self->kari_token);
  g_free (self->ola_token);
  g_free (self->dir);
  g_free (self);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  wait->body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &wait->error);
  wait->is_done = TRUE;
}

static void
add_headers (SoupMessage *message, const char *token, const char *const *headers)
{
  SoupMessageHeaders *target = soup_message_get_request_headers (message);

  if (token != NULL)
    {
      g_autofree char *value = g_strconcat ("Bearer ", token, NULL);
      soup_message_headers_replace (target, "Authorization", value);
    }
  for (; headers != NULL && *headers != NULL; headers++)
    {
      g_auto (GStrv) parts = g_strsplit (*headers, ": ", 2);
      soup_message_headers_replace (target, parts[0], parts[1]);
    }
}

static PkReply *
send (SoupSession *session, SoupMessage *message)
{
  Wait wait = { FALSE, NULL, NULL };
  PkReply *reply = g_new0 (PkReply, 1);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, sent_cb, &wait);
  pk_http_fixture_wait (is_true, &wait.is_done);
  g_assert_no_error (wait.error);
  reply->status = soup_message_get_status (message);
  reply->headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  reply->size = g_bytes_get_size (wait.body);
  reply->body = g_malloc (reply->size + 1);
  memcpy (reply->body, reply->size > 0 ? g_bytes_get_data (wait.body, NULL) : "", reply->size);
  reply->body[reply->size] = '\0';
  g_bytes_unref (wait.body);
  return reply;
}

/**
 * pk_http_fixture_send:
 * @token: (nullable)
 * @headers: (nullable)
 * @body: (nullable)
 * @size: of @body; -1: it ends with NUL
 *
 * Returns: (transfer full): the answer
 */
PkReply *
pk_http_fixture_send (PkHttpFixture *self,
                      const char *method,
                      const char *path,
                      const char *token,
                      const char *const *headers,
                      const char *body,
                      gssize size)
{
  g_autofree char *url = g_strconcat (pk_http_get_url (self->http), path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);

  g_assert_nonnull (message);
  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, size < 0 ? strlen (body) : (gsize) size);
      soup_message_set_request_body_from_bytes (message, "application/json", bytes);
    }
  add_headers (message, token, headers);
  return send (self->session, message);
}

/**
 * pk_http_fixture_json:
 *
 * Returns: (transfer full): the answer to a body of JSON
 */
PkReply *
pk_http_fixture_json (PkHttpFixture *self,
                      const char *method,
                      const char *path,
                      const char *token,
                      const char *body)
{
  return pk_http_fixture_send (self, method, path, token, NULL, body, -1);
}

/**
 * pk_http_fixture_get:
 *
 * Returns: (transfer full): the answer
 */
PkReply *
pk_http_fixture_get (PkHttpFixture *self, const char *path, const char *token)
{
  return pk_http_fixture_send (self, "GET", path, token, NULL, NULL, 0);
}

/**
 * pk_http_fixture_admin:
 *
 * Returns: (transfer full): the administrative socket's answer
 */
PkReply *
pk_http_fixture_admin (PkHttpFixture *self, const char *method, const char *path, const char *body)
{
  g_autofree char *socket_path = g_build_filename (self->dir, "admin.sock", NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (socket_path);
  g_autoptr (SoupSession) session =
      soup_session_new_with_options ("remote-connectable", address, "proxy-resolver", NULL, NULL);
  g_autofree char *url = g_strconcat ("http://admin", path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);

  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
      soup_message_set_request_body_from_bytes (message, "application/json", bytes);
    }
  return send (session, message);
}

/**
 * pk_reply_free:
 */
void
pk_reply_free (PkReply *self)
{
  soup_message_headers_unref (self->headers);
  g_free (self->body);
  g_free (self);
}

/**
 * pk_reply_dup_text:
 *
 * Returns: (transfer full) (nullable): a member of the answer that is a text
 */
char *
pk_reply_dup_text (PkReply *self, const char *member)
{
  g_autoptr (JsonNode) node = pk_json_parse (self->body, self->size, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  return g_strdup (
      json_object_get_string_member_with_default (json_node_get_object (node), member, NULL));
}

/**
 * pk_reply_assert_problem:
 * @pointer: (nullable): where the fault is; NULL: not asked
 */
void
pk_reply_assert_problem (PkReply *self, guint status, const char *code, const char *pointer)
{
  g_autofree char *type = pk_reply_dup_text (self, "type");
  g_autofree char *expected = g_strconcat ("/problems/", code, NULL);
  g_autofree char *place = pk_reply_dup_text (self, "pointer");

  g_assert_cmpstr (type, ==, expected);
  g_assert_cmpuint (self->status, ==, status);
  g_assert_cmpstr (soup_message_headers_get_content_type (self->headers, NULL),
                   ==,
                   "application/problem+json");
  if (pointer != NULL)
    g_assert_cmpstr (place, ==, pointer);
}

/**
 * pk_http_fixture_sign_in:
 * @device_out: (out) (optional)
 *
 * Returns: (transfer full): an access token
 */
char *
pk_http_fixture_sign_in (PkHttpFixture *self, const PkId *person, PkId *device_out)
{
  char text[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *body = g_strdup_printf ("{\"person\":\"%s\"}", pk_id_to_text (person, text));
  g_autoptr (PkReply) reply = pk_http_fixture_json (self, "POST", "/demo/sign-in", NULL, body);
  g_autofree char *device = pk_reply_dup_text (reply, "device");

  g_assert_cmpuint (reply->status, ==, 200);
  if (device_out != NULL)
    g_assert_true (pk_id_parse (device, device_out));
  return pk_reply_dup_text (reply, "access_token");
}

/**
 * pk_http_fixture_get_seq:
 *
 * Returns: the number of the last change: the same as before where nothing changed
 */
gint64
pk_http_fixture_get_seq (PkHttpFixture *self)
{
  return pk_service_pool_get_seq (pk_http_get_pool (self->http));
}

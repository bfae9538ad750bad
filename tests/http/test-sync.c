/* The sync routes and the administrative socket, from outside: push, pull, wake-up, backup and restore. */
#include "config.h"

#include "pk-http-fixture.h"

#include "pk-events.h"
#include "pk-http-private.h"
#include "pk-json.h"

#include <string.h>

static const char *const ndjson[] = { "Content-Type: application/x-ndjson", NULL };

static char *
make_line (PkHttpFixture *fixture, gint64 n, const PkId *id, const PkId *prev, const char *fields)
{
  char id_text[PK_ID_TEXT_LENGTH + 1], prev_text[PK_ID_TEXT_LENGTH + 1],
      record[PK_ID_TEXT_LENGTH + 1];

  return g_strdup_printf ("{\"n\":%" G_GINT64_FORMAT
                          ",\"id\":\"%s\",\"prev\":\"%s\",\"op\":\"set\",\"entity\":\"task\","
                          "\"record\":\"%s\",\"fields\":%s,\"was\":{},"
                          "\"at\":\"2026-11-23T08:00:00Z\",\"model\":1}\n",
                          n,
                          pk_id_to_text (id, id_text),
                          pk_id_to_text (prev, prev_text),
                          pk_id_to_text (&fixture->north_task, record),
                          fields);
}

static PkReply *
push (PkHttpFixture *fixture, const char *query, const char *lines)
{
  g_autofree char *path = g_strconcat ("/api/sync/push", query, NULL);

  return pk_http_fixture_send (fixture, "POST", path, fixture->kari_token, ndjson, lines, -1);
}

static void
test_push (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  PkIdSource *ids = fixture->http->ids;
  PkId first = pk_id_source_next (ids), second = pk_id_source_next (ids), none = { { 0 } };
  g_autofree char *one = make_line (fixture, 1, &first, &none, "{\"title\":\"Lamp\"}");
  g_autofree char *two = make_line (fixture, 2, &second, &first, "{\"colour\":\"red\"}");
  g_autofree char *both = g_strconcat (one, two, NULL);
  g_autoptr (PkReply) reply = push (fixture, NULL, both);
  gint64 seq = pk_http_fixture_get_seq (fixture);

  g_test_message ("%s", reply->body);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_nonnull (strstr (reply->body, "\"verdict\":\"applied\""));
  g_assert_nonnull (strstr (reply->body, "\"verdict\":\"rejected\""));
  g_assert_nonnull (strstr (reply->body, "\"pointer\":\"/fields/colour\""));
  g_autoptr (PkReply) again = push (fixture, NULL, both);
  g_assert_cmpstr (again->body, ==, reply->body);
  g_assert_cmpint (pk_http_fixture_get_seq (fixture), ==, seq);
}

static void
test_push_that_cannot_be_judged (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  PkIdSource *ids = fixture->http->ids;
  PkId id = pk_id_source_next (ids), none = { { 0 } };
  g_autofree char *fifth = make_line (fixture, 5, &id, &id, "{}");
  g_autofree char *good = make_line (fixture, 1, &id, &none, "{\"title\":\"x\"}");
  g_autofree char *half = g_strndup (good, strlen (good) / 2);
  g_autofree char *mixed = g_strconcat (good, "{\"n\":0}\n", NULL);
  gint64 seq = pk_http_fixture_get_seq (fixture);
  g_autoptr (PkReply) gap = push (fixture, NULL, fifth);
  g_autoptr (PkReply) cut = push (fixture, NULL, half);
  g_autoptr (PkReply) envelope = push (fixture, NULL, mixed);
  g_autoptr (PkReply) nothing = push (fixture, NULL, "\n");
  g_autoptr (PkReply) epoch = push (fixture, "?epoch=01a20885-c6ea-7001-b19a-c8d2d5331d28", good);
  g_autoptr (PkReply) device = push (fixture, "?device=01a20885-c6ea-7001-b19a-c8d2d5331d28", good);
  g_autofree char *own_epoch = pk_reply_dup_text (epoch, "epoch");
  g_autofree char *own_device = pk_reply_dup_text (device, "device");
  g_autofree char *kari_device = pk_id_dup_text (&fixture->kari_device);

  pk_reply_assert_problem (gap, 409, "gap", NULL);
  g_assert_nonnull (strstr (gap->body, "\"expected\":1"));
  pk_reply_assert_problem (cut, 400, "malformed", NULL);
  pk_reply_assert_problem (envelope, 422, "invalid", "/1/n");
  pk_reply_assert_problem (nothing, 400, "malformed", NULL);
  pk_reply_assert_problem (epoch, 409, "epoch", NULL);
  g_assert_nonnull (own_epoch);
  pk_reply_assert_problem (device, 409, "forked", NULL);
  g_assert_cmpstr (own_device, ==, kari_device);
  g_assert_cmpint (pk_http_fixture_get_seq (fixture), ==, seq);
}

static PkReply *
pull (PkHttpFixture *fixture, const PkId *device, const char *coding)
{
  static const PkId none = { { 0 } };
  char text[PK_ID_TEXT_LENGTH + 1], epoch[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *body =
      g_strdup_printf ("{\"device\":\"%s\",\"epoch\":\"%s\",\"grants\":0,\"model\":1,"
                       "\"judged\":0,\"scopes\":{}}",
                       pk_id_to_text (device, text),
                       pk_id_to_text (&none, epoch));
  const char *const headers[] = { coding, NULL };

  return pk_http_fixture_send (fixture,
                               "POST",
                               "/api/sync/pull",
                               fixture->kari_token,
                               headers,
                               body,
                               -1);
}

static void
test_pull (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  PkId stranger = pk_id_source_next (fixture->http->ids);
  g_autoptr (PkReply) plain = pull (fixture, &fixture->kari_device, "Accept-Encoding: identity");
  g_autoptr (PkReply) coded = pull (fixture, &fixture->kari_device, "Accept-Encoding: gzip, zstd");
  g_autoptr (PkReply) foreign = pull (fixture, &stranger, NULL);

  g_test_message ("%s", plain->body);
  g_assert_cmpuint (plain->status, ==, 200);
  g_assert_true (g_str_has_prefix (plain->body, "{\"begin\":"));
  g_assert_nonnull (strstr (plain->body, "in the north"));
  g_assert_null (strstr (plain->body, "in the south"));
  g_assert_cmpstr (soup_message_headers_get_one (coded->headers, "Content-Encoding"), ==, "zstd");
  g_assert_cmpmem (coded->body, 4, "\x28\xb5\x2f\xfd", 4);
  pk_reply_assert_problem (foreign, 409, "forked", NULL);
}

typedef struct
{
  SoupMessage *message; /* (owned) */
  GInputStream *stream; /* (owned) (nullable) */
  GString *text;        /* (owned) */
  char block[256];
  gboolean is_over;
  const char *wanted;
} Listening;

static void read_on (Listening *self);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Listening *self = user_data;
  gssize size = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  self->is_over = size <= 0;
  if (self->is_over)
    return;
  g_string_append_len (self->text, self->block, size);
  read_on (self);
}

static void
read_on (Listening *self)
{
  g_input_stream_read_async (self->stream,
                             self->block,
                             sizeof self->block,
                             G_PRIORITY_DEFAULT,
                             NULL,
                             read_cb,
                             self);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Listening *self = user_data;

  self->stream = soup_session_send_finish (SOUP_SESSION (source), result, NULL);
  if (self->stream != NULL)
    read_on (self);
}

static gboolean
has_wanted (gpointer data)
{
  Listening *self = data;

  return strstr (self->text->str, self->wanted) != NULL;
}

static gboolean
is_over (gpointer data)
{
  return ((Listening *) data)->is_over;
}

static void
listen_to (Listening *self, PkHttpFixture *fixture, const char *token)
{
  g_autofree char *url = g_strconcat (pk_http_get_url (fixture->http), "/api/sync/events", NULL);
  g_autofree char *value = g_strconcat ("Bearer ", token, NULL);

  *self = (Listening){ .message = soup_message_new ("GET", url), .text = g_string_new (NULL) };
  soup_message_headers_replace (soup_message_get_request_headers (self->message),
                                "Authorization",
                                value);
  soup_session_send_async (fixture->session,
                           self->message,
                           G_PRIORITY_DEFAULT,
                           NULL,
                           opened_cb,
                           self);
  self->wanted = ":";
  pk_http_fixture_wait (has_wanted, self);
}

static void
stop_listening (Listening *self)
{
  g_clear_object (&self->stream);
  g_object_unref (self->message);
  g_string_free (self->text, TRUE);
}

static void
change_task (PkHttpFixture *fixture, const PkId *task, const char *token, const char *title)
{
  char text[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *path = g_strconcat ("/api/tasks/", pk_id_to_text (task, text), NULL);
  g_autofree char *body = g_strdup_printf ("{\"title\":\"%s\"}", title);
  g_autoptr (PkReply) reply = pk_http_fixture_json (fixture, "PATCH", path, token, body);

  g_assert_cmpuint (reply->status, ==, 200);
}

static void
test_events (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  Listening kari, ola;

  listen_to (&kari, fixture, fixture->kari_token);
  listen_to (&ola, fixture, fixture->ola_token);
  change_task (fixture, &fixture->south_task, fixture->ola_token, "South again");
  ola.wanted = "data:";
  pk_http_fixture_wait (has_wanted, &ola);
  g_assert_null (strstr (kari.text->str, "data:"));
  gint64 began_us = g_get_monotonic_time ();
  change_task (fixture, &fixture->north_task, fixture->kari_token, "North again");
  kari.wanted = "data:";
  pk_http_fixture_wait (has_wanted, &kari);
  g_test_message ("woken after %" G_GINT64_FORMAT " µs", g_get_monotonic_time () - began_us);
  pk_http_begin_drain (fixture->http);
  pk_http_fixture_wait (is_over, &kari);
  pk_http_fixture_wait (is_over, &ola);
  stop_listening (&kari);
  stop_listening (&ola);
}

static void
test_backup_and_restore (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autofree char *backup = g_build_filename (fixture->dir, "backup", NULL);
  g_autofree char *body = g_strdup_printf ("{\"path\":\"%s\"}", backup);
  g_autoptr (PkReply) before = pk_http_fixture_admin (fixture, "GET", "/admin/status", NULL);
  g_autoptr (PkReply) made = pk_http_fixture_admin (fixture, "POST", "/admin/backup", body);
  g_autoptr (PkReply) twice = pk_http_fixture_admin (fixture, "POST", "/admin/backup", body);

  g_assert_cmpuint (made->status, ==, 200);
  pk_reply_assert_problem (twice, 409, "exists", "/path");
  change_task (fixture, &fixture->north_task, fixture->kari_token, "Later than the backup");
  g_autoptr (PkReply) wrong = pk_http_fixture_admin (fixture,
                                                     "POST",
                                                     "/admin/restore",
                                                     "{\"path\":\"/nowhere/backup.db\"}");
  pk_reply_assert_problem (wrong, 422, "invalid", "/path");
  g_autoptr (PkReply) restored = pk_http_fixture_admin (fixture, "POST", "/admin/restore", body);
  g_test_message ("%s", restored->body);
  g_assert_cmpuint (restored->status, ==, 200);
  g_autoptr (PkReply) after = pk_http_fixture_admin (fixture, "GET", "/admin/status", NULL);
  g_autofree char *old_epoch = pk_reply_dup_text (before, "epoch");
  g_autofree char *new_epoch = pk_reply_dup_text (after, "epoch");
  g_assert_cmpstr (old_epoch, !=, new_epoch);
  g_autoptr (PkReply) list = pk_http_fixture_get (fixture, "/api/tasks", fixture->kari_token);
  g_assert_cmpuint (list->status, ==, 200);
  g_assert_null (strstr (list->body, "Later than the backup"));
  g_assert_nonnull (strstr (list->body, "in the north"));
}

static void
test_the_operator (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autoptr (PkReply) made = pk_http_fixture_admin (
      fixture,
      "POST",
      "/admin/users",
      "{\"name\":\"Åse\",\"email\":\"aase@example.org\",\"roles\":[\"administrator\"]}");
  g_autoptr (PkReply)
      faulty = pk_http_fixture_admin (fixture, "POST", "/admin/users", "{\"roles\":[]}");
  g_autoptr (PkReply) users = pk_http_fixture_admin (fixture, "GET", "/admin/users?q=aase", NULL);
  g_autoptr (PkReply) devices = pk_http_fixture_admin (fixture, "GET", "/admin/devices", NULL);
  g_autoptr (PkReply) outside = pk_http_fixture_get (fixture, "/admin/status", NULL);

  g_assert_cmpuint (made->status, ==, 201);
  pk_reply_assert_problem (faulty, 422, "required", NULL);
  g_assert_nonnull (strstr (users->body, "\"Åse\""));
  g_assert_nonnull (strstr (users->body, "\"administrator\""));
  g_assert_null (strstr (users->body, "kari"));
  g_assert_nonnull (strstr (devices->body, "\"kari\""));
  pk_reply_assert_problem (outside, 404, "not_found", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/sync/a-push-is-judged-once", test_push);
  g_test_add_func ("/sync/a-push-that-cannot-be-judged-changes-nothing",
                   test_push_that_cannot_be_judged);
  g_test_add_func ("/sync/a-pull-has-what-the-person-may-see", test_pull);
  g_test_add_func ("/sync/news-wake-those-whom-they-concern", test_events);
  g_test_add_func ("/admin/a-backup-comes-back-with-a-new-epoch", test_backup_and_restore);
  g_test_add_func ("/admin/the-operator-sees-and-adds-persons", test_the_operator);
  return g_test_run ();
}

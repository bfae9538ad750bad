/* The server as a whole: who is let in, what is refused before it does harm, and the JSON API. */
#include "config.h"

#include "pk-http-fixture.h"

#include "pk-http-private.h"
#include "pk-problem.h"
#include "pk-route.h"

#include <string.h>

static char *
make_path (const char *pattern)
{
  g_auto (GStrv) parts = g_strsplit (pattern, "*", -1);

  return g_strjoinv ("01a20885-c6ea-7001-b19a-c8d2d5331d28", parts);
}

static void
test_every_route_without_a_token (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  guint n_routes, n_closed = 0;
  const PkRoute *routes = pk_http_get_routes (&n_routes);

  for (guint i = 0; i < n_routes; i++)
    {
      g_autofree char *path = make_path (routes[i].pattern);
      if (routes[i].auth != PK_AUTH_PERSON && routes[i].auth != PK_AUTH_REVOKED)
        continue;
      g_autoptr (PkReply)
          reply = pk_http_fixture_send (fixture, routes[i].method, path, NULL, NULL, NULL, 0);
      g_test_message ("%s %s", routes[i].method, path);
      g_assert_cmpuint (reply->status, ==, 401);
      g_assert_nonnull (soup_message_headers_get_one (reply->headers, "WWW-Authenticate"));
      n_closed++;
    }
  g_assert_cmpuint (n_closed, >=, 14);
}

static void
test_a_foreign_token (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autoptr (PkReply) reply = pk_http_fixture_get (fixture, "/api/tasks", "nonsense");

  pk_reply_assert_problem (reply, 401, "unauthorized", NULL);
}

static void
test_methods_and_paths (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autoptr (PkReply) nowhere = pk_http_fixture_get (fixture, "/nowhere", NULL);
  g_autoptr (PkReply) method = pk_http_fixture_json (fixture, "PUT", "/healthz", NULL, "{}");
  g_autoptr (PkReply)
      head = pk_http_fixture_send (fixture, "HEAD", "/healthz", NULL, NULL, NULL, 0);
  g_autoptr (PkReply) dots = pk_http_fixture_get (fixture, "/api/%2e%2e/x", fixture->kari_token);

  pk_reply_assert_problem (nowhere, 404, "not_found", NULL);
  pk_reply_assert_problem (method, 405, "method", NULL);
  g_assert_nonnull (strstr (soup_message_headers_get_list (method->headers, "Allow"), "GET"));
  g_assert_cmpuint (head->status, ==, 200);
  g_assert_cmpuint (head->size, ==, 0);
  g_assert_cmpuint (dots->status, ==, 404);
  g_assert_cmpstr (soup_message_headers_get_one (nowhere->headers, "X-Content-Type-Options"),
                   ==,
                   "nosniff");
  g_assert_cmpstr (soup_message_headers_get_one (nowhere->headers, "Pakobla-Protocol"), ==, "1");
}

typedef struct
{
  const char *body;
  guint status;
  const char *code;
  const char *pointer;
} BadBody;

static const BadBody bad_bodies[] = {
  { "", 400, "malformed", NULL },
  { "{", 400, "malformed", NULL },
  { "{\"title\":\"a\"", 400, "malformed", NULL },
  { "[]", 400, "malformed", NULL },
  { "null", 400, "malformed", NULL },
  { "{\"title\":\"a\",\"title\":\"b\"}", 400, "malformed", NULL },
  { "{\"title\":\"\xff\"}", 400, "malformed", NULL },
  { "{\"title\":7}", 422, "invalid", "/title" },
  { "{\"title\":\"a\",\"colour\":1}", 422, "unknown_field", "/colour" },
  { "{\"title\":\"a\",\"kind\":\"party\"}", 422, "invalid", "/kind" },
  { "{\"title\":\"a\",\"due_on\":\"2026-02-30\"}", 422, "invalid", "/due_on" },
  { "{\"title\":\"a\",\"unit_id\":\"x\"}", 422, "invalid", "/unit_id" },
  { "{\"id\":\"x\",\"title\":\"a\"}", 422, "invalid", "/id" },
  { "{\"title\":null,\"kind\":\"task\"}", 422, "required", NULL },
};

static void
test_bad_bodies_change_nothing (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  gint64 seq = pk_http_fixture_get_seq (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (bad_bodies); i++)
    {
      g_autoptr (PkReply) reply = pk_http_fixture_json (fixture,
                                                        "POST",
                                                        "/api/tasks",
                                                        fixture->kari_token,
                                                        bad_bodies[i].body);
      g_autofree char *shown = g_strescape (bad_bodies[i].body, NULL);
      g_test_message ("%s → %s", shown, reply->body);
      pk_reply_assert_problem (reply,
                               bad_bodies[i].status,
                               bad_bodies[i].code,
                               bad_bodies[i].pointer);
    }
  g_assert_cmpint (pk_http_fixture_get_seq (fixture), ==, seq);
}

static void
test_too_much (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autofree char *long_text = g_strnfill (2 * 1024 * 1024, 'x');
  g_autofree char *body = g_strdup_printf ("{\"title\":\"%s\"}", long_text);
  g_autofree char *long_path = g_strdup_printf ("/api/tasks?begins=%.9000s", long_text);
  const char *const xml[] = { "Content-Type: text/xml", NULL };
  g_autoptr (PkReply)
      large = pk_http_fixture_json (fixture, "POST", "/api/tasks", fixture->kari_token, body);
  g_autoptr (PkReply) address = pk_http_fixture_get (fixture, long_path, fixture->kari_token);
  g_autoptr (PkReply) type =
      pk_http_fixture_send (fixture, "POST", "/api/tasks", fixture->kari_token, xml, "<task/>", -1);

  pk_reply_assert_problem (large, 413, "too_large", NULL);
  pk_reply_assert_problem (address, 413, "too_large", NULL);
  pk_reply_assert_problem (type, 415, "media_type", NULL);
}

static char *
task_path (const PkId *id, const char *rest)
{
  char text[PK_ID_TEXT_LENGTH + 1];

  return g_strconcat ("/api/tasks/", pk_id_to_text (id, text), rest, NULL);
}

static void
test_another_units_record (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autofree char *path = task_path (&fixture->south_task, NULL);
  g_autofree char *command = task_path (&fixture->south_task, "/start");
  gint64 seq = pk_http_fixture_get_seq (fixture);
  g_autoptr (PkReply) get = pk_http_fixture_get (fixture, path, fixture->kari_token);
  g_autoptr (PkReply) patch =
      pk_http_fixture_json (fixture, "PATCH", path, fixture->kari_token, "{\"title\":\"mine\"}");
  g_autoptr (PkReply)
      start = pk_http_fixture_json (fixture, "POST", command, fixture->kari_token, "{}");
  g_autoptr (PkReply)
      gone = pk_http_fixture_send (fixture, "DELETE", path, fixture->kari_token, NULL, NULL, 0);
  g_autoptr (PkReply) list = pk_http_fixture_get (fixture, "/api/tasks", fixture->kari_token);

  pk_reply_assert_problem (get, 404, "not_found", NULL);
  pk_reply_assert_problem (patch, 404, "not_found", NULL);
  pk_reply_assert_problem (start, 404, "not_found", NULL);
  pk_reply_assert_problem (gone, 404, "not_found", NULL);
  g_assert_null (strstr (list->body, "in the south"));
  g_assert_nonnull (strstr (list->body, "in the north"));
  g_assert_cmpint (pk_http_fixture_get_seq (fixture), ==, seq);
}

static void
test_a_record_from_birth_to_end (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  char north[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *body =
      g_strdup_printf ("{\"title\":\"Broken door\",\"kind\":\"task\",\"priority\":\"high\","
                       "\"status\":\"new\",\"channel\":\"internal\",\"confidentiality\":\"open\","
                       "\"created_at\":\"2026-11-23T08:00:00Z\",\"unit_id\":\"%s\"}",
                       pk_id_to_text (&fixture->north, north));
  g_autoptr (PkReply)
      made = pk_http_fixture_json (fixture, "POST", "/api/tasks", fixture->kari_token, body);
  g_test_message ("%s", made->body);
  g_assert_cmpuint (made->status, ==, 201);
  const char *path = soup_message_headers_get_one (made->headers, "Location");
  g_autofree char *old_etag =
      g_strdup_printf ("If-Match: %s", soup_message_headers_get_one (made->headers, "ETag"));
  const char *const condition[] = { old_etag, NULL };
  g_autoptr (PkReply) changed = pk_http_fixture_send (fixture,
                                                      "PATCH",
                                                      path,
                                                      fixture->kari_token,
                                                      condition,
                                                      "{\"title\":\"Door\"}",
                                                      -1);
  g_test_message ("%s", changed->body);
  g_assert_cmpuint (changed->status, ==, 200);
  g_autoptr (PkReply) stale = pk_http_fixture_send (fixture,
                                                    "PATCH",
                                                    path,
                                                    fixture->kari_token,
                                                    condition,
                                                    "{\"title\":\"Gate\"}",
                                                    -1);
  pk_reply_assert_problem (stale, 412, "precondition", NULL);
  g_autofree char *start = g_strconcat (path, "/start", NULL);
  g_autoptr (PkReply)
      started = pk_http_fixture_send (fixture, "POST", start, fixture->kari_token, NULL, NULL, 0);
  g_autofree char *status = pk_reply_dup_text (started, "status");
  g_assert_cmpstr (status, ==, "in_progress");
  g_autofree char *complete = g_strconcat (path, "/complete", NULL);
  g_autoptr (PkReply)
      bare = pk_http_fixture_json (fixture, "POST", complete, fixture->kari_token, "{}");
  pk_reply_assert_problem (bare, 422, "required", "/outcome");
}

static void
test_lists (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  static const struct
  {
    const char *query;
    const char *pointer;
  } faults[] = {
    { "limit=0", "/limit" },
    { "limit=201", "/limit" },
    { "order=colour", "/order" },
    { "colour=red", "/colour" },
    { "status=odd", "/status" },
    { "is_open=maybe", "/is_open" },
    { "description=x", "/description" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = g_strconcat ("/api/tasks?", faults[i].query, NULL);
      g_autoptr (PkReply) reply = pk_http_fixture_get (fixture, path, fixture->kari_token);
      g_autofree char *pointer = pk_reply_dup_text (reply, "pointer");
      g_assert_cmpuint (reply->status, ==, 422);
      g_assert_cmpstr (pointer, ==, faults[i].pointer);
    }
  g_autoptr (PkReply) first =
      pk_http_fixture_get (fixture, "/api/persons?limit=1&order=title_key", fixture->kari_token);
  g_autofree char *next = pk_reply_dup_text (first, "next");
  g_assert_nonnull (strstr (first->body, "\"kari\""));
  g_assert_nonnull (next);
  g_autofree char *escaped = g_uri_escape_string (next, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/api/persons?limit=1&order=title_key&after=%s",
                                           escaped);
  g_autoptr (PkReply) second = pk_http_fixture_get (fixture, path, fixture->kari_token);
  g_assert_nonnull (strstr (second->body, "\"ola\""));
  g_autoptr (PkReply) entity = pk_http_fixture_get (fixture, "/api/dreams", fixture->kari_token);
  pk_reply_assert_problem (entity, 404, "unknown_entity", NULL);
}

static void
test_every_entity_is_listed (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);

  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      g_autofree char *path = g_strconcat ("/api/", pk_model.entities[i].plural, NULL);
      g_autoptr (PkReply) reply = pk_http_fixture_get (fixture, path, fixture->kari_token);
      g_test_message ("%s", path);
      g_assert_cmpuint (reply->status, ==, 200);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/server/every-route-asks-for-a-token", test_every_route_without_a_token);
  g_test_add_func ("/server/a-foreign-token-opens-nothing", test_a_foreign_token);
  g_test_add_func ("/server/methods-and-paths-that-are-not-there-are-told", test_methods_and_paths);
  g_test_add_func ("/server/bad-bodies-change-nothing", test_bad_bodies_change_nothing);
  g_test_add_func ("/server/too-much-is-refused", test_too_much);
  g_test_add_func ("/server/another-units-record-does-not-exist", test_another_units_record);
  g_test_add_func ("/server/a-record-lives-by-its-etag", test_a_record_from_birth_to_end);
  g_test_add_func ("/server/lists-say-what-is-wrong-and-page", test_lists);
  g_test_add_func ("/server/every-entity-is-listed", test_every_entity_is_listed);
  return g_test_run ();
}

/* What operators see of sync: each device by itself over the socket, and figures without persons for a monitor. */
#include "config.h"

#include "pk-http-fixture.h"

#include "pk-http-private.h"
#include "pk-json.h"

#include <string.h>

static PkReply *
pull (PkHttpFixture *fixture, const char *report)
{
  char text[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *body = g_strdup_printf ("{\"device\":\"%s\","
                                           "\"epoch\":\"00000000-0000-0000-0000-000000000000\","
                                           "\"grants\":0,\"model\":1,\"judged\":0,\"scopes\":{}%s}",
                                           pk_id_to_text (&fixture->kari_device, text),
                                           report);

  return pk_http_fixture_send (fixture,
                               "POST",
                               "/api/sync/pull",
                               fixture->kari_token,
                               NULL,
                               body,
                               -1);
}

/* The sample of a metric, with its labels as they stand; -1 where there is none. */
static gint64
get_sample (const char *text, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (*line, name) && (*line)[strlen (name)] == ' ')
      return g_ascii_strtoll (*line + strlen (name) + 1, NULL, 10);
  return -1;
}

static gboolean
is_name (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '_')
      return FALSE;
  return length > 0 && !g_ascii_isdigit (text[0]);
}

/* A sample is of the family that the last TYPE line named, and its value a number. */
static void
check_sample (const char *line, const char *family)
{
  gsize length = strcspn (line, " {");
  const char *brace = strchr (line, '{');
  const char *value = brace != NULL ? strchr (brace, '}') : line + length;

  g_assert_true (is_name (line, length));
  g_assert_nonnull (family);
  g_assert_true (g_str_has_prefix (line, family));
  g_assert_nonnull (value);
  value += brace != NULL ? 1 : 0;
  g_assert_cmpint (*value, ==, ' ');
  char *end = NULL;
  g_ascii_strtod (value + 1, &end);
  g_assert_cmpint (*end, ==, '\0');
}

/* The grammar of OpenMetrics, as far as we use it. */
static void
check_exposition (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GHashTable) families = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *family = NULL;
  guint n = g_strv_length (lines);

  g_assert_cmpstr (lines[n - 1], ==, "");
  g_assert_cmpstr (lines[n - 2], ==, "# EOF");
  for (guint i = 0; i < n - 2; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 4);
      if (g_str_has_prefix (lines[i], "# TYPE "))
        {
          g_free (family);
          family = g_strdup (words[2]);
          g_assert_true (g_hash_table_add (families, g_strdup (family)));
        }
      else if (g_str_has_prefix (lines[i], "# UNIT "))
        g_assert_true (g_str_has_suffix (family, words[3]));
      else if (g_str_has_prefix (lines[i], "# HELP "))
        g_assert_cmpstr (words[2], ==, family);
      else
        check_sample (lines[i], family);
    }
}

static void
test_metrics_count_devices_and_name_nobody (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autofree char *device = pk_id_dup_text (&fixture->kari_device);
  g_autoptr (PkReply) pulled = pull (fixture,
                                     ",\"report\":{\"version\":\"1.2-3\",\"unsent\":4,"
                                     "\"repairs\":2,\"oldest\":\"2026-01-01T00:00:00Z\"}");
  g_autoptr (PkReply) reply = pk_http_fixture_get (fixture, "/metrics", NULL);

  g_assert_cmpuint (pulled->status, ==, 200);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_true (g_str_has_prefix (soup_message_headers_get_one (reply->headers, "Content-Type"),
                                   "application/openmetrics-text; version=1.0.0"));
  check_exposition (reply->body);
  g_assert_cmpint (get_sample (reply->body, "pakobla_device_unsent_changes"), ==, 4);
  g_assert_cmpint (get_sample (reply->body, "pakobla_device_repairs"), ==, 2);
  g_assert_cmpint (get_sample (reply->body, "pakobla_device_contact_age_seconds_gcount"), ==, 1);
  g_assert_cmpint (get_sample (reply->body, "pakobla_device_lag_changes_bucket{le=\"0.0\"}"),
                   ==,
                   1);
  g_assert_cmpint (
      get_sample (reply->body, "pakobla_device_oldest_unsent_age_seconds_bucket{le=\"+Inf\"}"),
      ==,
      1);
  g_assert_cmpint (
      get_sample (reply->body, "pakobla_device_versions{version=\"1.2-3\",model=\"1\"}"),
      ==,
      1);
  g_assert_null (strstr (reply->body, device));
  g_assert_null (strstr (reply->body, "Kari"));
}

static void
test_metrics_are_shut_to_who_comes_through_a_proxy_without_the_token (void)
{
  static const char *const forwarded[] = { "X-Forwarded-For: 192.0.2.7", NULL };
  static const char *const wrong[] = { "X-Forwarded-For: 192.0.2.7",
                                       "Authorization: Bearer guess",
                                       NULL };
  static const char *const right[] = { "X-Forwarded-For: 192.0.2.7",
                                       "Authorization: Bearer watch-me",
                                       NULL };
  PkHttpOptions options = { .is_demo = TRUE, .metrics_token = "watch-me" };
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (&options);
  g_autoptr (PkReply)
      none = pk_http_fixture_send (fixture, "GET", "/metrics", NULL, forwarded, NULL, 0);
  g_autoptr (PkReply)
      guessed = pk_http_fixture_send (fixture, "GET", "/metrics", NULL, wrong, NULL, 0);
  g_autoptr (PkReply)
      known = pk_http_fixture_send (fixture, "GET", "/metrics", NULL, right, NULL, 0);

  pk_reply_assert_problem (none, 401, "unauthorized", NULL);
  pk_reply_assert_problem (guessed, 401, "unauthorized", NULL);
  g_assert_cmpuint (known->status, ==, 200);
}

static void
test_the_operator_sees_each_device (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autoptr (PkReply)
      pulled = pull (fixture, ",\"report\":{\"version\":\"1.2\",\"unsent\":4,\"repairs\":2}");
  g_autoptr (PkReply) reply = pk_http_fixture_admin (fixture, "GET", "/admin/sync", NULL);

  g_assert_cmpuint (pulled->status, ==, 200);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_nonnull (strstr (reply->body, "\"version\":\"1.2\""));
  g_assert_nonnull (strstr (reply->body, "\"unsent\":4"));
  g_assert_nonnull (strstr (reply->body, "\"repairs\":2"));
  g_assert_nonnull (strstr (reply->body, "\"lag\":0"));
  g_assert_nonnull (strstr (reply->body, "\"last_contact_at\""));
}

static void
test_policies_are_changed_one_by_one (void)
{
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  g_autoptr (PkReply) before = pk_http_fixture_admin (fixture, "GET", "/admin/policy", NULL);
  g_autoptr (PkReply)
      on = pk_http_fixture_admin (fixture, "POST", "/admin/policy", "{\"quarantine\":true}");
  g_autoptr (PkReply)
      days = pk_http_fixture_admin (fixture, "POST", "/admin/policy", "{\"lease_days\":7}");
  g_autoptr (PkReply)
      bad = pk_http_fixture_admin (fixture, "POST", "/admin/policy", "{\"lease_days\":-1}");

  g_assert_cmpstr (before->body, ==, "{\"lease_days\":30,\"quarantine\":false}");
  g_assert_cmpstr (on->body, ==, "{\"lease_days\":30,\"quarantine\":true}");
  g_assert_cmpstr (days->body, ==, "{\"lease_days\":7,\"quarantine\":true}");
  pk_reply_assert_problem (bad, 422, "invalid", "/lease_days");
  g_autoptr (PkReply)
      pulled = pull (fixture, ",\"report\":{\"version\":\"1\",\"unsent\":0,\"repairs\":0}");
  g_assert_nonnull (strstr (pulled->body, "{\"policy\":{\"lease_days\":7}}"));
}

static void
test_a_revoked_device_hands_in_and_the_operator_reads_it (void)
{
  static const char *const ndjson[] = { "Content-Type: application/x-ndjson", NULL };
  g_autoptr (PkHttpFixture) fixture = pk_http_fixture_new (NULL);
  char device[PK_ID_TEXT_LENGTH + 1], task[PK_ID_TEXT_LENGTH + 1];
  g_autofree char *path = g_strdup_printf ("/admin/devices/%s/revoke",
                                           pk_id_to_text (&fixture->kari_device, device));
  g_autofree char *line = g_strdup_printf (
      "{\"n\":1,\"id\":\"01a20885-c6ea-7001-b19a-c8d2d5331d28\","
      "\"prev\":\"00000000-0000-0000-0000-000000000000\",\"op\":\"set\",\"entity\":\"task\","
      "\"record\":\"%s\",\"fields\":{\"title\":\"Etter inndraging\"},\"was\":{},"
      "\"at\":\"2026-11-23T08:00:00Z\",\"model\":1}\n",
      pk_id_to_text (&fixture->north_task, task));
  g_autoptr (PkReply) revoked = pk_http_fixture_admin (fixture, "POST", path, "{}");
  g_autoptr (PkReply) pulled = pull (fixture, "");
  g_autoptr (PkReply) pushed = pk_http_fixture_send (fixture,
                                                     "POST",
                                                     "/api/sync/push",
                                                     fixture->kari_token,
                                                     ndjson,
                                                     line,
                                                     -1);
  g_autoptr (PkReply) kept = pk_http_fixture_admin (fixture, "GET", "/admin/quarantine", NULL);

  /* Kari reads it on another device, Ola does not. */
  g_autofree char *token = pk_http_fixture_sign_in (fixture, &fixture->kari, NULL);
  g_autoptr (PkReply) own = pk_http_fixture_get (fixture, "/api/sync/quarantine", token);
  g_autoptr (PkReply)
      others = pk_http_fixture_get (fixture, "/api/sync/quarantine", fixture->ola_token);

  g_assert_nonnull (strstr (own->body, "Etter inndraging"));
  g_assert_cmpstr (others->body, ==, "{\"items\":[]}");
  g_assert_cmpuint (revoked->status, ==, 204);
  pk_reply_assert_problem (pulled, 403, "device_revoked", NULL);
  g_assert_cmpuint (pushed->status, ==, 200);
  g_assert_nonnull (strstr (pushed->body, "\"quarantined\":true"));
  g_assert_nonnull (strstr (kept->body, "Etter inndraging"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/metrics/devices-are-counted-and-nobody-is-named",
                   test_metrics_count_devices_and_name_nobody);
  g_test_add_func ("/metrics/they-are-shut-to-who-comes-through-a-proxy-without-the-token",
                   test_metrics_are_shut_to_who_comes_through_a_proxy_without_the_token);
  g_test_add_func ("/admin/the-operator-sees-each-device", test_the_operator_sees_each_device);
  g_test_add_func ("/admin/policies-are-changed-one-by-one", test_policies_are_changed_one_by_one);
  g_test_add_func ("/admin/a-revoked-device-hands-in-and-the-operator-reads-it",
                   test_a_revoked_device_hands_in_and_the_operator_reads_it);
  return g_test_run ();
}

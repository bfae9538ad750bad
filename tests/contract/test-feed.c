/* Pull: requests and lines read back, and a cut line is no line. */
#include "config.h"

#include "pk-feed.h"

#include <string.h>

static const PkId some_id = { { 1, 2, 3 } };

static PkRecord *
make_task (void)
{
  PkRecord *task = pk_record_new (pk_entity_by_id (PK_ENTITY_TASK), &some_id);

  pk_record_set_seq (task, 42);
  pk_record_set_text (task, PK_TASK_TITLE, "Bytt pære");
  pk_record_set_int (task, PK_TASK_KIND, PK_TASK_KIND_TASK);
  pk_record_set_int (task, PK_TASK_PRIORITY, PK_TASK_PRIORITY_HIGH);
  pk_record_set_int (task, PK_TASK_STATUS, PK_TASK_STATUS_NEW);
  pk_record_set_int (task, PK_TASK_CHANNEL, PK_CHANNEL_PHONE);
  pk_record_set_int (task, PK_TASK_CONFIDENTIALITY, PK_CONFIDENTIALITY_INTERNAL);
  pk_record_set_int (task, PK_TASK_CREATED_AT, 1700000000000000);
  return task;
}

static void
test_a_request_reads_back (void)
{
  g_autoptr (PkPullRequest) request = pk_pull_request_new ();
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GString) again = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  request->device = some_id;
  request->grants = 4;
  request->unsure = g_array_new (FALSE, FALSE, sizeof (PkId));
  g_array_append_val (request->unsure, some_id);
  g_array_append_val (request->unsure, request->device);
  pk_pull_request_add (request, "everyone", 17);
  pk_pull_request_add (request, "unit/019a0000-0000-7000-8000-000000000001", 0);
  pk_pull_request_append_json (json, request);
  g_autoptr (PkPullRequest) read = pk_pull_request_read (json->str, json->len, &error);
  g_assert_no_error (error);
  pk_pull_request_append_json (again, read);
  g_assert_cmpstr (json->str, ==, again->str);
}

static void
test_a_row_reads_back (void)
{
  g_autoptr (PkRecord) task = make_task ();
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const guint scopes[] = { 0, 3 };

  pk_feed_append_rows_start (line, pk_record_get_entity (task));
  pk_feed_append_row (line, task, scopes, 2);
  pk_feed_append_row (line, task, scopes, 1);
  pk_feed_append_rows_end (line);
  g_autoptr (PkFeedLine) read = pk_feed_line_read (line->str, line->len - 1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read->kind, ==, PK_FEED_ROWS);
  g_assert_cmpuint (read->rows->len, ==, 2);
  const PkFeedRow *row = read->rows->pdata[0];
  g_assert_true (pk_record_equal (row->record, task));
  g_assert_cmpint (pk_record_get_seq (row->record), ==, 42);
  g_assert_cmpuint (row->n_scopes, ==, 2);
  g_assert_cmpuint (row->scopes[1], ==, 3);
}

/* Our servers write "rows", "fields" and "data" in this order, and such lines are read value by value; others are read too. */
static void
test_rows_read_the_same_in_any_order_of_names (void)
{
  g_autoptr (PkRecord) task = make_task ();
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const guint scopes[] = { 5, 1 };

  pk_record_set_text (task, PK_TASK_DESCRIPTION, "\"Drypp\"\n\tfra \\ taket 💧");
  pk_record_set_ref (task, PK_TASK_BUILDING_ID, &some_id);
  pk_feed_append_rows_start (line, pk_record_get_entity (task));
  pk_feed_append_row (line, task, scopes, 2);
  pk_feed_append_rows_end (line);
  g_string_truncate (line, line->len - 2);
  const char *rest = strchr (line->str, ',') + 1;
  g_autofree char *other = g_strdup_printf (" { %s , \"rows\" : \"task\" } ", rest);
  g_string_append_c (line, '}');
  g_autoptr (PkFeedLine) first = pk_feed_line_read (line->str, line->len, &error);
  g_assert_no_error (error);
  g_autoptr (PkFeedLine) second = pk_feed_line_read (other, strlen (other), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      const PkFeedRow *row = (i == 0 ? first : second)->rows->pdata[0];
      g_assert_true (pk_record_equal (row->record, task));
      g_assert_cmpint (pk_record_get_seq (row->record), ==, 42);
      g_assert_cmpmem (row->scopes, row->n_scopes * sizeof (guint), scopes, sizeof scopes);
    }
}

static void
test_begin_and_commit_read_back (void)
{
  g_autoptr (GString) begin = g_string_new (NULL);
  g_autoptr (GString) commit = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *sha256 = pk_sha256_of_bytes ("x", 1);
  const PkFeedScope scopes[] = {
    { .name = (char *) "everyone", .count = 5, .fingerprint = { 1, 2 } },
    { .name = (char *) "role/leader", .snapshot = sha256, .snapshot_size = 9, .snapshot_seq = 8 }
  };
  const PkFeedCheck checks[] = { { 1, 5, { 3, 4 } } };

  pk_feed_append_begin (begin, 99, &some_id, 1700000000000000, 2, scopes, 2);
  g_autoptr (PkFeedLine) first = pk_feed_line_read (begin->str, begin->len - 1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (first->seq, ==, 99);
  g_assert_cmpuint (first->scopes->len, ==, 2);
  g_assert_cmpstr (((PkFeedScope *) first->scopes->pdata[1])->snapshot, ==, sha256);

  pk_feed_append_commit (commit, 99, checks, 1);
  g_autoptr (PkFeedLine) last = pk_feed_line_read (commit->str, commit->len - 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_array_index (last->checks, PkFeedCheck, 0).scope, ==, 1);
  g_assert_cmpuint (g_array_index (last->checks, PkFeedCheck, 0).fingerprint.low, ==, 4);
}

static void
test_drop_gone_and_verdicts_read_back (void)
{
  g_autoptr (GString) drop = g_string_new (NULL);
  g_autoptr (GString) gone = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const char *const names[] = { "everyone", NULL };

  pk_feed_append_drop (drop, names);
  g_autoptr (PkFeedLine) first = pk_feed_line_read (drop->str, drop->len - 1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first->dropped[0], ==, "everyone");
  pk_feed_append_gone (gone, pk_entity_by_id (PK_ENTITY_TASK), 2, &some_id, 1);
  g_autoptr (PkFeedLine) second = pk_feed_line_read (gone->str, gone->len - 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (second->scope, ==, 2);
  g_assert_true (pk_id_equal (&g_array_index (second->ids, PkId, 0), &some_id));
}

static void
test_every_cut_of_a_line_is_refused (void)
{
  g_autoptr (PkRecord) task = make_task ();
  g_autoptr (GString) line = g_string_new (NULL);
  const guint scopes[] = { 0 };

  pk_feed_append_rows_start (line, pk_record_get_entity (task));
  pk_feed_append_row (line, task, scopes, 1);
  pk_feed_append_rows_end (line);
  for (gsize size = 0; size < line->len - 1; size++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (pk_feed_line_read (line->str, size, &error));
      g_assert_nonnull (error);
    }
}

static void
test_a_page_of_a_captive_portal_is_refused (void)
{
  const char *page = "<!doctype html><html><body>Logg inn</body></html>";
  g_autoptr (GError) error = NULL;

  g_assert_null (pk_feed_line_read (page, strlen (page), &error));
  g_assert_error (error, PK_PROBLEM_ERROR, PK_PROBLEM_MALFORMED);
}

static PkFeedLine *
read_text (const char *text)
{
  g_autoptr (GError) error = NULL;
  PkFeedLine *line = pk_feed_line_read (text, strlen (text), &error);

  g_assert_no_error (error);
  return line;
}

static void
test_what_a_newer_server_says_is_passed_over (void)
{
  static const char *const lines[] = {
    "{\"weather\":[1,2]}",
    "{\"rows\":\"robot\",\"fields\":[\"name\"],\"data\":[[1]]}",
    "{\"gone\":\"robot\",\"scope\":0,\"ids\":[7]}",
  };
  const char *row = "{\"rows\":\"task\",\"fields\":[\"title\",\"status\",\"colour\"],\"data\":"
                    "[[\"01a1ee56-5e00-7005-91aa-becb86beda3f\",7,[0],\"Lampe\",\"dreaming\",1]]}";

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (PkFeedLine) line = read_text (lines[i]);
      g_assert_cmpint (line->kind, ==, PK_FEED_OTHER);
    }
  g_autoptr (PkFeedLine) known = read_text (row);
  const PkRecord *record = ((PkFeedRow *) known->rows->pdata[0])->record;
  g_assert_cmpstr (pk_record_get_text (record, PK_TASK_TITLE), ==, "Lampe");
  g_assert_cmpint (pk_record_get (record, PK_TASK_STATUS)->kind, ==, PK_VALUE_NULL);
}

static void
test_repair_report_and_policy_read_back (void)
{
  g_autoptr (PkPullRequest) request = pk_pull_request_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GArray) whole = g_array_new (FALSE, FALSE, sizeof (PkIdRange));
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (PkIdRangeSum));
  g_autoptr (GError) error = NULL;
  PkIdRange range = pk_id_range_whole ();
  PkIdRangeSum sum = { .range = range, .count = 3, .fingerprint = { 1, 2 } };

  range.from = (PkIdRangeKey){ 7, { { 1, 2, 3 } } };
  range.wants_rows = TRUE;
  g_array_append_val (whole, range);
  g_array_append_val (parts, sum);
  request->repair = g_strdup ("everyone");
  request->ranges = g_array_ref (whole);
  request->version = g_strdup ("1.2");
  request->n_unsent = 4;
  request->oldest_unsent_us = 1795000000000000;
  pk_pull_request_append_json (text, request);
  g_autoptr (PkPullRequest) read = pk_pull_request_read (text->str, text->len, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->repair, ==, "everyone");
  g_assert_cmpmem (read->ranges->data, sizeof range, whole->data, sizeof range);
  g_assert_cmpstr (read->version, ==, "1.2");
  g_assert_cmpint (read->oldest_unsent_us, ==, 1795000000000000);

  g_string_truncate (text, 0);
  pk_feed_append_ranges (text, 5, parts, whole);
  g_string_truncate (text, text->len - 1);
  g_autoptr (PkFeedLine) ranges = read_text (text->str);
  g_assert_cmpuint (ranges->scope, ==, 5);
  g_assert_cmpint (g_array_index (ranges->parts, PkIdRangeSum, 0).count, ==, 3);
  g_string_truncate (text, 0);
  pk_feed_append_policy (text, 14);
  g_string_truncate (text, text->len - 1);
  g_autoptr (PkFeedLine) policy = read_text (text->str);
  g_assert_cmpint (policy->lease_days, ==, 14);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/feed/a-request-reads-back", test_a_request_reads_back);
  g_test_add_func ("/feed/a-row-reads-back", test_a_row_reads_back);
  g_test_add_func ("/feed/rows-read-the-same-in-any-order-of-names",
                   test_rows_read_the_same_in_any_order_of_names);
  g_test_add_func ("/feed/begin-and-commit-read-back", test_begin_and_commit_read_back);
  g_test_add_func ("/feed/drop-gone-and-verdicts-read-back", test_drop_gone_and_verdicts_read_back);
  g_test_add_func ("/feed/every-cut-of-a-line-is-refused", test_every_cut_of_a_line_is_refused);
  g_test_add_func ("/feed/a-page-of-a-captive-portal-is-refused",
                   test_a_page_of_a_captive_portal_is_refused);
  g_test_add_func ("/feed/what-a-newer-server-says-is-passed-over",
                   test_what_a_newer_server_says_is_passed_over);
  g_test_add_func ("/feed/repair-report-and-policy-read-back",
                   test_repair_report_and_policy_read_back);
  return g_test_run ();
}

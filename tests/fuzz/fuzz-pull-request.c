/* A pull's question: cursors by scope, ranges of a repair, the report. What is read says the same when it is written again. */
#include "config.h"

#include "pk-fuzz.h"

#include "pk-feed.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkPullRequest) request = pk_pull_request_read ((const char *) data, size, &error);
  g_autoptr (GString) once = g_string_new (NULL);
  g_autoptr (GString) twice = g_string_new (NULL);

  g_assert_true ((request == NULL) == (error != NULL));
  if (request == NULL)
    return 0;
  pk_pull_request_append_json (once, request);
  g_autoptr (PkPullRequest) again = pk_pull_request_read (once->str, once->len, &error);
  g_assert_no_error (error);
  pk_pull_request_append_json (twice, again);
  g_assert_cmpstr (once->str, ==, twice->str);
  return 0;
}

/* A line of the answer to a push. */
#include "config.h"

#include "pk-fuzz.h"

#include "pk-mutation.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkVerdict) verdict = pk_verdict_read ((const char *) data, size, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_true ((verdict == NULL) == (error != NULL));
  if (verdict == NULL)
    return 0;
  pk_verdict_append_json (text, verdict);
  g_autoptr (PkVerdict) again = pk_verdict_read (text->str, text->len, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->kind, ==, verdict->kind);
  return 0;
}

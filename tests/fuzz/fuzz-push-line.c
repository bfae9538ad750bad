/* A line of a push: what is read without a fault says the same when it is written and read again. */
#include "config.h"

#include "pk-fuzz.h"

#include "pk-mutation.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PkMutation) mutation = pk_mutation_read ((const char *) data, size, &error);
  g_autoptr (GString) once = g_string_new (NULL);
  g_autoptr (GString) twice = g_string_new (NULL);

  g_assert_true ((mutation == NULL) == (error != NULL));
  if (mutation == NULL || mutation->fault != NULL)
    return 0;
  pk_mutation_append_json (once, mutation);
  g_autoptr (PkMutation) again = pk_mutation_read (once->str, once->len, &error);
  g_assert_no_error (error);
  g_assert_no_error (again->fault);
  pk_mutation_append_json (twice, again);
  g_assert_cmpstr (once->str, ==, twice->str);
  return 0;
}

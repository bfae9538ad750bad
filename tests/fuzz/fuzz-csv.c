/* A register as CSV: the same rows come out whether the bytes come at once or one by one. */
#include "config.h"

#include "pk-fuzz.h"

#include "pk-csv.h"

static gboolean
take_row (guint64 line,
          const char *const *fields,
          guint n_fields,
          gpointer data,
          GError **error G_GNUC_UNUSED)
{
  GString *out = data;

  g_string_append_printf (out, "%" G_GUINT64_FORMAT ":", line);
  for (guint i = 0; i < n_fields; i++)
    g_string_append_printf (out, "[%s]", fields[i]);
  return TRUE;
}

static gboolean
read_csv (const char *bytes, gsize size, gsize step, GString *out)
{
  PkCsvLimits limits = { .row_bytes = 4096, .fields = 50, .rows = 1000 };
  g_autoptr (PkCsvReader)
      reader = pk_csv_reader_new (pk_csv_guess_separator (bytes, size), &limits, take_row, out);
  g_autoptr (GError) error = NULL;

  for (gsize at = 0; at < size; at += step)
    if (!pk_csv_reader_feed (reader, bytes + at, MIN (step, size - at), &error))
      return FALSE;
  return pk_csv_reader_finish (reader, &error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autoptr (GString) pieces = g_string_new (NULL);
  gboolean is_read = read_csv ((const char *) data, size, MAX (size, 1), whole);

  g_assert_cmpint (read_csv ((const char *) data, size, 1, pieces), ==, is_read);
  if (is_read)
    g_assert_cmpstr (whole->str, ==, pieces->str);
  return 0;
}

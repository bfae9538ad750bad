/* CSV: what is read, what is refused and where, and that a file may come in pieces of any size. */
#include "config.h"

#include "pk-csv.h"

#include <string.h>

/* Rows as text: fields between bars, one row a line, each with the line it began on. */
static gboolean
print_row_cb (guint64 line,
              const char *const *fields,
              guint n_fields,
              gpointer user_data,
              GError **error)
{
  GString *out = user_data;

  (void) error;
  g_string_append_printf (out, "%" G_GUINT64_FORMAT ":", line);
  for (guint i = 0; i < n_fields; i++)
    g_string_append_printf (out, "|%s", fields[i]);
  g_string_append (out, "|\n");
  return TRUE;
}

static char *
read_pieces (const char *bytes, gsize size, gsize piece, const PkCsvLimits *limits, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (PkCsvReader) reader = pk_csv_reader_new (',', limits, print_row_cb, out);

  for (gsize at = 0; at < size; at += piece)
    if (!pk_csv_reader_feed (reader, bytes + at, MIN (piece, size - at), error))
      return NULL;
  if (!pk_csv_reader_finish (reader, error))
    return NULL;
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
assert_reads (const char *bytes, const char *expected)
{
  for (gsize piece = 1; piece <= strlen (bytes) + 1; piece++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *rows = read_pieces (bytes, strlen (bytes), piece, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (rows, ==, expected);
    }
}

static void
assert_fails (const char *bytes, gsize size, const PkCsvLimits *limits, int code, const char *place)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *rows = read_pieces (bytes, size, 3, limits, &error);

  g_assert_error (error, PK_CSV_ERROR, code);
  g_assert_null (rows);
  if (!g_str_has_prefix (error->message, place))
    g_test_fail_printf ("'%s' does not begin with '%s'", error->message, place);
}

static void
test_every_kind_of_line_end_ends_a_row (void)
{
  const char *expected = "1:|a|b|\n2:|c|d|\n";

  assert_reads ("a,b\nc,d\n", expected);
  assert_reads ("a,b\r\nc,d\r\n", expected);
  assert_reads ("a,b\rc,d\r", expected);
  assert_reads ("a,b\rc,d", expected);
  assert_reads ("a,b\r\n\r\n\nc,d\n", "1:|a|b|\n4:|c|d|\n");
}

static void
test_a_byte_order_mark_is_no_text (void)
{
  assert_reads ("\xef\xbb\xbfnavn,år\nBrunsvik,1955\n", "1:|navn|år|\n2:|Brunsvik|1955|\n");
  assert_reads ("\xef\xbb\xbf\"a\",b\n", "1:|a|b|\n");
  /* ﻭ begins as a mark does */
  assert_reads ("\xef\xbb\xad,b\n", "1:|\xef\xbb\xad|b|\n");
}

static void
test_quoted_fields_may_hold_anything (void)
{
  assert_reads ("\"a,\"\"b\"\"\",\"line\r\nend\"\n1,2\n", "1:|a,\"b\"|line\r\nend|\n3:|1|2|\n");
  assert_reads ("\"\"\n", "1:||\n");
  assert_reads (",\n", "1:|||\n");
  assert_reads ("\"City, County, State\",x\r", "1:|City, County, State|x|\n");
}

static void
test_an_empty_file_has_no_rows (void)
{
  assert_reads ("", "");
  assert_reads ("\n\r\n\r", "");
  assert_reads ("\xef\xbb\xbf", "");
}

static void
test_a_mistake_is_told_with_line_and_column (void)
{
  static const char with_nul[] = "a\r\nb,c\0d";

  assert_fails ("æ,b\nåc\"d,e\n", 12, NULL, PK_CSV_ERROR_MALFORMED, "Line 2, column 3:");
  assert_fails ("a\r\"b\"c\r", 7, NULL, PK_CSV_ERROR_MALFORMED, "Line 2, column 4:");
  assert_fails (with_nul, sizeof with_nul - 1, NULL, PK_CSV_ERROR_MALFORMED, "Line 2, column 4:");
  assert_fails ("a\n\"b\nc", 6, NULL, PK_CSV_ERROR_MALFORMED, "The file ends inside the quotes");
  assert_fails ("a\nb,\xe6\n", 6, NULL, PK_CSV_ERROR_MALFORMED, "Line 2, field 2:");
}

static void
test_what_is_too_large_is_refused (void)
{
  PkCsvLimits row = { .row_bytes = 8 }, fields = { .fields = 2 }, rows = { .rows = 2 };

  assert_fails ("abcd\nabcdefghi\n", 15, &row, PK_CSV_ERROR_TOO_LARGE, "Line 2, column 9:");
  assert_fails ("\"abcdefghi", 10, &row, PK_CSV_ERROR_TOO_LARGE, "Line 1, column 10:");
  assert_fails ("a,b,c\n", 6, &fields, PK_CSV_ERROR_TOO_LARGE, "Line 1, column 4:");
  assert_fails ("a\nb\nc\n", 6, &rows, PK_CSV_ERROR_TOO_LARGE, "Line 3, column 2:");
}

static gboolean
refuse_row_cb (guint64 line,
               const char *const *fields,
               guint n_fields,
               gpointer user_data,
               GError **error)
{
  guint *n_calls = user_data;

  (void) line, (void) fields, (void) n_fields;
  g_set_error_literal (error, PK_CSV_ERROR, PK_CSV_ERROR_MALFORMED, "not this one");
  *n_calls += 1;
  return FALSE;
}

static void
test_a_row_function_that_fails_ends_the_reading (void)
{
  guint n_calls = 0;
  g_autoptr (PkCsvReader) reader = pk_csv_reader_new (',', NULL, refuse_row_cb, &n_calls);
  g_autoptr (GError) error = NULL;

  g_assert_false (pk_csv_reader_feed (reader, "a\nb\nc\n", 6, &error));
  g_assert_error (error, PK_CSV_ERROR, PK_CSV_ERROR_MALFORMED);
  g_assert_cmpuint (n_calls, ==, 1);
}

static void
test_the_separator_is_seen_on_the_first_line (void)
{
  g_assert_cmpint (pk_csv_guess_separator ("a,b,c\n1;2;3;4;5", 15), ==, ',');
  g_assert_cmpint (pk_csv_guess_separator ("navn;areal;år\r\n1,5;", 18), ==, ';');
  g_assert_cmpint (pk_csv_guess_separator ("a\tb", 3), ==, '\t');
  g_assert_cmpint (pk_csv_guess_separator ("\"a,b,c\";d\n", 10), ==, ';');
  g_assert_cmpint (pk_csv_guess_separator ("alone", 5), ==, ',');
}

static void
append_random_text (GString *out)
{
  static const char *const pieces[] = { "a", "ø", "\"", ",", "\n", "\r", "\r\n", " ", "Å", "7" };
  int n = g_test_rand_int_range (0, 8);

  for (int i = 0; i < n; i++)
    g_string_append (out, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
}

static void
test_what_is_written_reads_back_in_pieces_of_any_size (void)
{
  static const char *const ends[] = { "\n", "\r", "\r\n" };

  for (int round = 0; round < 300; round++)
    {
      g_autoptr (GString) file = g_string_new (NULL), expected = g_string_new (NULL);
      int n_rows = g_test_rand_int_range (1, 6), n_fields = g_test_rand_int_range (1, 5);
      guint end = (guint) g_test_rand_int_range (0, 3);
      for (int i = 0; i < n_rows * n_fields; i++)
        {
          g_autoptr (GString) text = g_string_new (NULL);
          append_random_text (text);
          pk_csv_append_field (file, text->str, ',');
          g_string_append (file, i % n_fields == n_fields - 1 ? ends[end] : ",");
          g_string_append_printf (expected,
                                  "|%s%s",
                                  text->str,
                                  i % n_fields == n_fields - 1 ? "|\n" : "");
        }
      g_autoptr (GError) error = NULL;
      gsize piece = (gsize) g_test_rand_int_range (1, (int) file->len + 1);
      g_autofree char *rows = read_pieces (file->str, file->len, piece, NULL, &error);
      g_assert_no_error (error);
      g_autoptr (GRegex) lines = g_regex_new ("(^|(?<=\\|\n))\\d+:(?=\\|)", 0, 0, NULL);
      g_autofree char *bare = g_regex_replace_literal (lines, rows, -1, 0, "", 0, NULL);
      g_assert_cmpstr (bare, ==, expected->str);
    }
}

/* Bytes at random: rows or an error, never a crash, and the same in one piece and in many. */
static void
test_any_bytes_give_the_same_in_one_piece_and_in_many (void)
{
  static const char alphabet[] = "a\",\r\n\xef\xbb\xbf\xc3\xa6;";

  for (int round = 0; round < 2000; round++)
    {
      char bytes[24];
      gsize size = (gsize) g_test_rand_int_range (0, sizeof bytes);
      for (gsize i = 0; i < size; i++)
        bytes[i] = alphabet[g_test_rand_int_range (0, sizeof alphabet)];
      g_autoptr (GError) one_error = NULL, many_error = NULL;
      g_autofree char *one = read_pieces (bytes, size, sizeof bytes, NULL, &one_error);
      g_autofree char *many = read_pieces (bytes, size, 1, NULL, &many_error);
      g_assert_cmpstr (one, ==, many);
      g_assert_cmpstr (one_error != NULL ? one_error->message : NULL,
                       ==,
                       many_error != NULL ? many_error->message : NULL);
    }
}

/* Files in tests/import/csv/: those that begin with "ok" are read, those that begin with "bad" are refused. */
static void
test_the_corpus_is_read_or_refused_as_it_says (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (g_test_get_filename (G_TEST_DIST, "csv", NULL), 0, &error);
  const char *name;
  guint n = 0;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *bytes = NULL;
      gsize size;
      g_autoptr (GError) read_error = NULL;
      g_file_get_contents (g_test_get_filename (G_TEST_DIST, "csv", name, NULL),
                           &bytes,
                           &size,
                           &error);
      g_assert_no_error (error);
      g_autofree char *rows = read_pieces (bytes, size, 2, NULL, &read_error);
      g_test_message ("%s: %s", name, read_error != NULL ? read_error->message : "read");
      g_assert_cmpint (g_str_has_prefix (name, "ok"), ==, rows != NULL);
      n++;
    }
  g_assert_cmpuint (n, >=, 9);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/csv/every-kind-of-line-end-ends-a-row",
                   test_every_kind_of_line_end_ends_a_row);
  g_test_add_func ("/csv/a-byte-order-mark-is-no-text", test_a_byte_order_mark_is_no_text);
  g_test_add_func ("/csv/quoted-fields-may-hold-anything", test_quoted_fields_may_hold_anything);
  g_test_add_func ("/csv/an-empty-file-has-no-rows", test_an_empty_file_has_no_rows);
  g_test_add_func ("/csv/a-mistake-is-told-with-line-and-column",
                   test_a_mistake_is_told_with_line_and_column);
  g_test_add_func ("/csv/what-is-too-large-is-refused", test_what_is_too_large_is_refused);
  g_test_add_func ("/csv/a-row-function-that-fails-ends-the-reading",
                   test_a_row_function_that_fails_ends_the_reading);
  g_test_add_func ("/csv/the-separator-is-seen-on-the-first-line",
                   test_the_separator_is_seen_on_the_first_line);
  g_test_add_func ("/csv/what-is-written-reads-back-in-pieces-of-any-size",
                   test_what_is_written_reads_back_in_pieces_of_any_size);
  g_test_add_func ("/csv/the-corpus-is-read-or-refused-as-it-says",
                   test_the_corpus_is_read_or_refused_as_it_says);
  g_test_add_func ("/csv/any-bytes-give-the-same-in-one-piece-and-in-many",
                   test_any_bytes_give_the_same_in_one_piece_and_in_many);
  return g_test_run ();
}

/* What a person types into the search: the search engine takes whatever becomes of it. */
#include "config.h"

#include "pk-fuzz.h"

#include "pk-search.h"

#include <sqlite3.h>

static sqlite3_stmt *
prepare_query (void)
{
  static sqlite3 *database;
  static sqlite3_stmt *query;

  if (query != NULL)
    return query;
  g_assert_cmpint (sqlite3_open (":memory:", &database), ==, SQLITE_OK);
  sqlite3_exec (database, "CREATE VIRTUAL TABLE words USING fts5 (text);", NULL, NULL, NULL);
  sqlite3_exec (database, "INSERT INTO words VALUES ('lampe i gangen');", NULL, NULL, NULL);
  sqlite3_prepare_v2 (database, "SELECT text FROM words WHERE words MATCH ?1", -1, &query, NULL);
  g_assert_nonnull (query);
  return query;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *bytes = pk_fuzz_dup_text (data, size);
  g_autofree char *text = g_utf8_make_valid (bytes, -1);
  g_autofree char *match = pk_search_make_match (text);
  sqlite3_stmt *query = prepare_query ();

  sqlite3_bind_text (query, 1, match, -1, SQLITE_STATIC);
  int result = sqlite3_step (query);
  g_assert_true (result == SQLITE_ROW || result == SQLITE_DONE);
  sqlite3_reset (query);
  return 0;
}

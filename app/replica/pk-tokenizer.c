/*
 * The search index's tokenizer "pk": words of letters and digits in small letters; accents go, æ, ø and å stay what they are. Beside each
 * word of a record its Norwegian stem stands at the same place, so that "lekkasjer" finds "lekkasje" and a word that is only half
 * typed finds what begins with it. One instance belongs to one connection and its thread.
 */
#include "config.h"

#include "pk-tokenizer.h"

#include <libstemmer.h>
#include <sqlite3.h>
#include <string.h>

#define LONGEST_WORD  128
#define SHORTEST_STEM 4

struct Fts5Tokenizer
{
  struct sb_stemmer *stemmer; /* (owned) */
};

typedef int (*TokenFunc) (void *, int, const char *, int, int, int);

typedef struct
{
  char bytes[LONGEST_WORD + 8];
  guint length;
  gboolean has_digit;
  int start;
  int end;
} Word;

static gunichar
fold (gunichar c)
{
  gunichar base, mark;

  c = g_unichar_tolower (c);
  while (c >= 0x80 && c != 0xe5 && g_unichar_decompose (c, &base, &mark) && mark != 0)
    c = base;
  return c;
}

static void
append (Word *word, gunichar c, int start, int end)
{
  if (word->length == 0)
    {
      word->start = start;
      word->has_digit = FALSE;
    }
  word->end = end;
  if (word->length >= LONGEST_WORD)
    return;
  word->has_digit |= c < 0x80 && g_ascii_isdigit ((char) c);
  if (c < 0x80)
    word->bytes[word->length++] = (char) g_ascii_tolower ((char) c);
  else
    word->length += (guint) g_unichar_to_utf8 (fold (c), word->bytes + word->length);
}

/* The next word from @place on; where it ends, or -1 at the text's end. A byte that is no UTF-8 divides words. */
static int
next_word (const char *text, int size, int place, Word *word)
{
  word->length = 0;
  while (place < size)
    {
      int start = place;
      guchar byte = (guchar) text[place];
      gunichar c = byte;
      if (byte >= 0x80)
        {
          c = g_utf8_get_char_validated (text + place, size - place);
          place = c < 0x110000 ? place + (int) g_unichar_to_utf8 (c, NULL) : place + 1;
        }
      else
        place++;
      gboolean is_part = c < 0x80 ? g_ascii_isalnum ((char) c)
                         : c < 0x110000
                             ? g_unichar_isalnum (c) || (word->length > 0 && g_unichar_ismark (c))
                             : FALSE;
      if (is_part && !(c >= 0x80 && g_unichar_ismark (c)))
        append (word, c, start, place);
      else if (!is_part && word->length > 0)
        return place;
    }
  return word->length > 0 ? place : -1;
}

static int
give_word (struct Fts5Tokenizer *self, const Word *word, int flags, void *context, TokenFunc give)
{
  const char *stem = NULL;
  int stem_length = 0, result = SQLITE_OK;
  gboolean is_prefix = (flags & FTS5_TOKENIZE_PREFIX) != 0;
  gboolean is_query = (flags & FTS5_TOKENIZE_QUERY) != 0;

  if (!is_prefix && !word->has_digit && word->length >= SHORTEST_STEM)
    {
      stem = (const char *) sb_stemmer_stem (self->stemmer,
                                             (const sb_symbol *) word->bytes,
                                             (int) word->length);
      stem_length = sb_stemmer_length (self->stemmer);
    }
  gboolean has_stem = stem != NULL && stem_length > 0 && (guint) stem_length != word->length;
  if (!is_query || !has_stem)
    result = give (context, 0, word->bytes, (int) word->length, word->start, word->end);
  if (result == SQLITE_OK && has_stem)
    result = give (context,
                   is_query ? 0 : FTS5_TOKEN_COLOCATED,
                   stem,
                   stem_length,
                   word->start,
                   word->end);
  return result;
}

static int
tokenize_cb (Fts5Tokenizer *self,
             void *context,
             int flags,
             const char *text,
             int size,
             TokenFunc give)
{
  Word word;
  int place = 0, result = SQLITE_OK;

  while (result == SQLITE_OK && (place = next_word (text, size, place, &word)) >= 0)
    result = give_word (self, &word, flags, context, give);
  return result;
}

static void
delete_cb (Fts5Tokenizer *self)
{
  sb_stemmer_delete (self->stemmer);
  g_free (self);
}

static int
create_cb (void *context G_GNUC_UNUSED,
           const char **arguments G_GNUC_UNUSED,
           int n_arguments G_GNUC_UNUSED,
           Fts5Tokenizer **out)
{
  *out = g_new0 (Fts5Tokenizer, 1);
  (*out)->stemmer = sb_stemmer_new ("norwegian", NULL);
  if ((*out)->stemmer != NULL)
    return SQLITE_OK;
  g_free (g_steal_pointer (out));
  return SQLITE_ERROR;
}

/**
 * pk_tokenizer_register:
 *
 * Makes the tokenizer known to the connection; needed before anything touches the search index.
 *
 * Returns: %TRUE if it is known
 */
gboolean
pk_tokenizer_register (PkSql *sql, GError **error)
{
  fts5_tokenizer tokenizer = { create_cb, delete_cb, tokenize_cb };
  fts5_api *api = pk_sql_get_fts5 (sql);

  if (api != NULL && api->xCreateTokenizer (api, "pk", NULL, &tokenizer, NULL) == SQLITE_OK)
    return TRUE;
  g_set_error (error, PK_SQL_ERROR, PK_SQL_ERROR_FAILED, "SQLite has no full-text search");
  return FALSE;
}

/**
 * pk_tokenizer_split:
 * @most: how many words at most
 *
 * Returns: (transfer full): the words as the index has them, without stems
 */
char **
pk_tokenizer_split (const char *text, guint most)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  Word word;
  int place = 0, size = (int) strlen (text);

  for (guint i = 0; i < most && (place = next_word (text, size, place, &word)) >= 0; i++)
    {
      g_autofree char *copy = g_strndup (word.bytes, word.length);
      g_strv_builder_add (words, copy);
    }
  return g_strv_builder_end (words);
}

/*
 * Three-way merge of one field: what the person saw (was), what the record holds now (theirs), what the person wants (mine).
 *
 * Nothing is lost: what can live side by side does; where one value must give way it is returned as replaced, and the caller
 * keeps it in the history and tells both people.
 */
#include "config.h"

#include "pk-merge.h"

#include <string.h>

#define MAX_CELLS (1 << 20)

typedef struct
{
  char **items; /* (owned) */
  guint n;
} Paragraphs;

static Paragraphs
split_paragraphs (const char *text)
{
  Paragraphs self = { g_strsplit (text ? text : "", "\n\n", -1), 0 };

  self.n = g_strv_length (self.items);
  return self;
}

static void
clear_paragraphs (Paragraphs *self)
{
  g_strfreev (self->items);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Paragraphs, clear_paragraphs)

/* For each paragraph of @a its place in @b along a longest common subsequence, or -1. */
static int *
match_paragraphs (const Paragraphs *a, const Paragraphs *b)
{
  int *matches = g_new (int, a->n + 1);
  gsize width = (gsize) b->n + 1;

  memset (matches, -1, sizeof (int) * (a->n + 1));
  if ((gsize) (a->n + 1) * width > MAX_CELLS)
    return matches;
  g_autofree guint16 *lengths = g_new0 (guint16, (a->n + 1) * width);
  for (int i = (int) a->n - 1; i >= 0; i--)
    for (int j = (int) b->n - 1; j >= 0; j--)
      {
        guint16 *cell = &lengths[(gsize) i * width + (gsize) j];
        *cell = g_str_equal (a->items[i], b->items[j]) ? (guint16) (cell[width + 1] + 1)
                                                       : MAX (cell[width], cell[1]);
      }
  for (guint i = 0, j = 0; i < a->n && j < b->n;)
    {
      const guint16 *cell = &lengths[i * width + j];
      if (g_str_equal (a->items[i], b->items[j]))
        matches[i++] = (int) j++;
      else if (cell[width] >= cell[1])
        i++;
      else
        j++;
    }
  return matches;
}

static gboolean
ranges_equal (const Paragraphs *a,
              guint a_from,
              guint a_to,
              const Paragraphs *b,
              guint b_from,
              guint b_to)
{
  if (a_to - a_from != b_to - b_from)
    return FALSE;
  for (guint i = 0; i < a_to - a_from; i++)
    if (!g_str_equal (a->items[a_from + i], b->items[b_from + i]))
      return FALSE;
  return TRUE;
}

static void
append_range (GPtrArray *out, const Paragraphs *from, guint start, guint end)
{
  for (guint i = start; i < end; i++)
    g_ptr_array_add (out, from->items[i]);
}

typedef struct
{
  const Paragraphs *was;
  const Paragraphs *theirs;
  const Paragraphs *mine;
  GPtrArray *out;
  gboolean is_clean;
} Merge;

static void
merge_chunk (Merge *self, const guint from[3], const guint to[3])
{
  gboolean theirs_same = ranges_equal (self->was, from[0], to[0], self->theirs, from[1], to[1]);
  gboolean mine_same = ranges_equal (self->was, from[0], to[0], self->mine, from[2], to[2]);
  gboolean both_same = ranges_equal (self->theirs, from[1], to[1], self->mine, from[2], to[2]);

  if (!theirs_same || both_same)
    append_range (self->out, self->theirs, from[1], to[1]);
  if (!mine_same && !both_same)
    append_range (self->out, self->mine, from[2], to[2]);
  if (theirs_same && mine_same && !both_same)
    append_range (self->out, self->was, from[0], to[0]);
  self->is_clean = self->is_clean && (theirs_same || mine_same || both_same);
}

static char *
join_paragraphs (GPtrArray *paragraphs)
{
  g_ptr_array_add (paragraphs, NULL);
  return g_strjoinv ("\n\n", (char **) paragraphs->pdata);
}

/**
 * pk_merge_paragraphs:
 * @was: (nullable): what both began from
 * @theirs: (nullable): what the record holds
 * @mine: (nullable): what the person wants
 * @is_clean_out: (out): %FALSE where both changed the same paragraph: both versions then stand in the result, theirs first
 *
 * Paragraphs are parted by an empty line.
 *
 * Returns: (transfer full): the merged text
 */
char *
pk_merge_paragraphs (const char *was, const char *theirs, const char *mine, gboolean *is_clean_out)
{
  g_auto (Paragraphs) o = split_paragraphs (was);
  g_auto (Paragraphs) a = split_paragraphs (theirs);
  g_auto (Paragraphs) b = split_paragraphs (mine);
  g_autofree int *in_a = match_paragraphs (&o, &a);
  g_autofree int *in_b = match_paragraphs (&o, &b);
  g_autoptr (GPtrArray) out = g_ptr_array_new ();
  Merge merge = { &o, &a, &b, out, TRUE };
  guint from[3] = { 0, 0, 0 };

  for (guint i = 0; i < o.n; i++)
    {
      if (in_a[i] < 0 || in_b[i] < 0)
        continue;
      guint to[3] = { i, (guint) in_a[i], (guint) in_b[i] };
      merge_chunk (&merge, from, to);
      g_ptr_array_add (out, o.items[i]);
      for (guint k = 0; k < 3; k++)
        from[k] = to[k] + 1;
    }
  guint end[3] = { o.n, a.n, b.n };
  merge_chunk (&merge, from, end);
  *is_clean_out = merge.is_clean;
  return join_paragraphs (out);
}

static PkMergeResult
merge_long_text (const PkValue *was, const PkValue *theirs, const PkValue *mine, PkValue *result)
{
  gboolean is_clean;

  if (mine->kind == PK_VALUE_NULL || theirs->kind == PK_VALUE_NULL)
    {
      *result = pk_value_copy (mine);
      return PK_MERGE_REPLACED;
    }
  *result = PK_VALUE_INIT;
  result->kind = PK_VALUE_TEXT;
  result->text = pk_merge_paragraphs (was->kind == PK_VALUE_TEXT ? was->text : NULL,
                                      theirs->text,
                                      mine->text,
                                      &is_clean);
  return PK_MERGE_COMBINED;
}

static PkMergeResult
merge_appended (const PkValue *was, const PkValue *theirs, const PkValue *mine, PkValue *result)
{
  const char *base = was->kind == PK_VALUE_TEXT ? was->text : "";

  if (mine->kind != PK_VALUE_TEXT || theirs->kind != PK_VALUE_TEXT ||
      !g_str_has_prefix (mine->text, base))
    {
      *result = pk_value_copy (mine);
      return PK_MERGE_REPLACED;
    }
  result->kind = PK_VALUE_TEXT;
  result->text = g_strconcat (theirs->text, mine->text + strlen (base), NULL);
  return PK_MERGE_COMBINED;
}

static GHashTable *
split_words (const PkValue *value, char ***list_out)
{
  GHashTable *words = g_hash_table_new (g_str_hash, g_str_equal);

  *list_out = g_strsplit (value->kind == PK_VALUE_TEXT ? value->text : "", "\n", -1);
  for (char **word = *list_out; *word != NULL; word++)
    if (**word != '\0')
      g_hash_table_add (words, *word);
  return words;
}

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static PkMergeResult
merge_sets (const PkValue *was, const PkValue *theirs, const PkValue *mine, PkValue *result)
{
  g_auto (GStrv) was_list = NULL, their_list = NULL, my_list = NULL;
  g_autoptr (GHashTable) was_words = split_words (was, &was_list);
  g_autoptr (GHashTable) words = split_words (theirs, &their_list);
  g_autoptr (GHashTable) my_words = split_words (mine, &my_list);
  GHashTableIter iter;
  gpointer word;

  g_hash_table_iter_init (&iter, was_words);
  while (g_hash_table_iter_next (&iter, &word, NULL))
    if (!g_hash_table_contains (my_words, word))
      g_hash_table_remove (words, word);
  g_hash_table_iter_init (&iter, my_words);
  while (g_hash_table_iter_next (&iter, &word, NULL))
    if (!g_hash_table_contains (was_words, word))
      g_hash_table_add (words, word);

  g_autoptr (GList) sorted = g_list_sort (g_hash_table_get_keys (words), compare_words);
  GString *joined = g_string_new (NULL);
  for (GList *at = sorted; at != NULL; at = at->next)
    {
      g_string_append (joined, at->data);
      if (at->next != NULL)
        g_string_append_c (joined, '\n');
    }
  g_autofree char *text = g_string_free (joined, FALSE);
  *result = *text ? pk_value_text (text) : PK_VALUE_INIT;
  return PK_MERGE_COMBINED;
}

/* Numbers come from outside: a sum that no number can hold is none, and the last word stands. */
static PkMergeResult
add_whole_numbers (const PkValue *was, const PkValue *theirs, const PkValue *mine, PkValue *result)
{
  gint64 before = was->kind == PK_VALUE_INT ? was->number : 0, difference, sum;

  if (__builtin_sub_overflow (mine->number, before, &difference) ||
      __builtin_add_overflow (theirs->number, difference, &sum))
    {
      *result = pk_value_copy (mine);
      return PK_MERGE_REPLACED;
    }
  *result = pk_value_int (sum);
  return PK_MERGE_COMBINED;
}

static PkMergeResult
merge_sums (const PkValue *was, const PkValue *theirs, const PkValue *mine, PkValue *result)
{
  if (theirs->kind != mine->kind || (mine->kind != PK_VALUE_INT && mine->kind != PK_VALUE_REAL))
    {
      *result = pk_value_copy (mine);
      return PK_MERGE_REPLACED;
    }
  if (mine->kind == PK_VALUE_INT)
    return add_whole_numbers (was, theirs, mine, result);
  *result =
      pk_value_real (theirs->real + mine->real - (was->kind == PK_VALUE_REAL ? was->real : 0));
  return PK_MERGE_COMBINED;
}

/**
 * pk_merge_value:
 * @was: what the person saw
 * @theirs: what the record holds now
 * @mine: what the person wants
 * @result_out: (out): the value to write
 *
 * Returns: what became of both values
 */
PkMergeResult
pk_merge_value (const PkField *field,
                const PkValue *was,
                const PkValue *theirs,
                const PkValue *mine,
                PkValue *result_out)
{
  *result_out = PK_VALUE_INIT;
  if (pk_value_equal (theirs, mine) || pk_value_equal (was, theirs))
    {
      *result_out = pk_value_copy (mine);
      return pk_value_equal (theirs, mine) ? PK_MERGE_SAME : PK_MERGE_CLEAN;
    }
  switch (field->merge)
    {
    case PK_MERGE_PARAGRAPHS:
      return merge_long_text (was, theirs, mine, result_out);
    case PK_MERGE_APPEND:
      return merge_appended (was, theirs, mine, result_out);
    case PK_MERGE_SUM:
      return merge_sums (was, theirs, mine, result_out);
    case PK_MERGE_UNION:
      return merge_sets (was, theirs, mine, result_out);
    case PK_MERGE_SCALAR:
    case PK_MERGE_STATUS:
    default:
      *result_out = pk_value_copy (mine);
      return PK_MERGE_REPLACED;
    }
}

/*
 * One line → a task. The line is cut into words; each pass takes the words that it understands, and what nobody took is
 * the title: nothing that was written is ever lost. Signs first (@ ! #), then the day, then the place.
 */
#include "config.h"

#include "pk-quick-entry.h"

#include "pk-day-words.h"
#include "pk-glib-backports.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_WORDS    64
#define LONGEST_DAY  3
#define LONGEST_NAME 5

typedef struct
{
  guint start;
  guint end;
  char *text;  /* (owned): as it stands */
  char *lower; /* (owned): without a comma behind it */
  gboolean is_taken;
} Token;

typedef struct
{
  GArray *tokens; /* (owned): Token */
  const char *today;
  PkQuickLookup lookup; /* (nullable) */
  gpointer user_data;
  PkQuickEntry *entry;
} Reading;

static void
clear_token (gpointer data)
{
  Token *token = data;

  g_free (token->text);
  g_free (token->lower);
}

static Token *
token_at (Reading *self, guint i)
{
  return &g_array_index (self->tokens, Token, i);
}

static void
cut (Reading *self, const char *line)
{
  const char *at = line;

  while (*at != '\0' && self->tokens->len < MAX_WORDS)
    {
      while (*at != '\0' && g_unichar_isspace (g_utf8_get_char (at)))
        at = g_utf8_next_char (at);
      const char *start = at;
      while (*at != '\0' && !g_unichar_isspace (g_utf8_get_char (at)))
        at = g_utf8_next_char (at);
      if (at == start)
        return;
      if (self->tokens->len == MAX_WORDS - 1)
        at += strlen (at); /* a very long line: its end is one word of the title */
      Token token = { .start = (guint) (start - line), .end = (guint) (at - line) };
      token.text = g_strndup (start, (gsize) (at - start));
      token.lower = g_utf8_strdown (token.text, -1);
      gsize size = strlen (token.lower);
      if (size > 1 && strchr (",;", token.lower[size - 1]) != NULL)
        token.lower[size - 1] = '\0';
      g_array_append_val (self->tokens, token);
    }
}

static void
take (Reading *self, PkQuickKind kind, guint first, guint n)
{
  PkQuickPart part = { .kind = kind,
                       .start = token_at (self, first)->start,
                       .end = token_at (self, first + n - 1)->end };

  for (guint i = first; i < first + n; i++)
    token_at (self, i)->is_taken = TRUE;
  g_array_append_val (self->entry->parts, part);
}

static void
mark_unknown (Reading *self, guint i)
{
  PkQuickPart part = { .kind = PK_QUICK_UNKNOWN,
                       .start = token_at (self, i)->start,
                       .end = token_at (self, i)->end };

  g_array_append_val (self->entry->parts, part);
}

static gboolean
are_free (Reading *self, guint first, guint n)
{
  if (first + n > self->tokens->len)
    return FALSE;
  for (guint i = first; i < first + n; i++)
    if (token_at (self, i)->is_taken || strchr ("@!#", token_at (self, i)->text[0]) != NULL)
      return FALSE;
  return TRUE;
}

static char *
join (Reading *self, guint first, guint n)
{
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = first; i < first + n; i++)
    {
      if (i > first)
        g_string_append_c (words, ' ');
      g_string_append (words, token_at (self, i)->text);
    }
  while (words->len > 1 && strchr (",;:", words->str[words->len - 1]) != NULL)
    g_string_truncate (words, words->len - 1);
  return g_string_free_and_steal (g_steal_pointer (&words));
}

static gboolean
ask (Reading *self, PkQuickKind kind, const char *words, const PkId *within, PkId *id_out)
{
  PkId id;

  if (self->lookup == NULL || *words == '\0' ||
      !self->lookup (kind, words, within, &id, self->user_data))
    return FALSE;
  *id_out = id;
  return TRUE;
}

/* @park, @kari.nordmann, @Kari Nordmann: the most words that name somebody. */
static gboolean
read_who (Reading *self, guint i)
{
  for (guint more = 3; more-- > 0;)
    {
      if (more > 0 && !are_free (self, i + 1, more))
        continue;
      g_autofree char *joined = join (self, i, more + 1);
      const char *name = g_strdelimit (joined, "_.", ' ') + 1;
      PkQuickKind kind = PK_QUICK_UNIT;
      PkId id;
      gboolean is_found = ask (self, kind, name, NULL, &id);
      if (!is_found)
        {
          kind = PK_QUICK_PERSON;
          is_found = ask (self, kind, name, NULL, &id);
        }
      if (!is_found)
        continue;
      *(kind == PK_QUICK_UNIT ? &self->entry->unit : &self->entry->person) = id;
      take (self, kind, i, more + 1);
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_priority (Reading *self, guint i)
{
  static const struct
  {
    const char *word;
    PkTaskPriority priority;
  } words[] = {
    { "!lav", PK_TASK_PRIORITY_LOW },          { "!låg", PK_TASK_PRIORITY_LOW },
    { "!low", PK_TASK_PRIORITY_LOW },          { "!normal", PK_TASK_PRIORITY_NORMAL },
    { "!høy", PK_TASK_PRIORITY_HIGH },         { "!høg", PK_TASK_PRIORITY_HIGH },
    { "!high", PK_TASK_PRIORITY_HIGH },        { "!viktig", PK_TASK_PRIORITY_HIGH },
    { "!haster", PK_TASK_PRIORITY_CRITICAL },  { "!hastar", PK_TASK_PRIORITY_CRITICAL },
    { "!kritisk", PK_TASK_PRIORITY_CRITICAL }, { "!critical", PK_TASK_PRIORITY_CRITICAL },
    { "!!", PK_TASK_PRIORITY_HIGH },           { "!!!", PK_TASK_PRIORITY_CRITICAL },
  };

  for (guint k = 0; k < G_N_ELEMENTS (words); k++)
    if (g_str_equal (words[k].word, token_at (self, i)->lower))
      {
        self->entry->priority = (int) words[k].priority;
        take (self, PK_QUICK_PRIORITY, i, 1);
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_tag (Reading *self, guint i, GPtrArray *tags)
{
  char *tag = g_strdup (token_at (self, i)->lower + 1);

  for (gsize size = strlen (tag); size > 0 && strchr (".:!?", tag[size - 1]) != NULL; size--)
    tag[size - 1] = '\0';
  if (*tag == '\0')
    {
      g_free (tag);
      return FALSE;
    }
  if (g_ptr_array_find_with_equal_func (tags, tag, g_str_equal, NULL))
    g_free (tag);
  else
    g_ptr_array_add (tags, tag);
  take (self, PK_QUICK_TAG, i, 1);
  return TRUE;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
read_signs (Reading *self)
{
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->tokens->len; i++)
    {
      Token *token = token_at (self, i);
      gboolean is_read = token->is_taken || strlen (token->text) < 2;
      if (!is_read && token->text[0] == '@')
        is_read = read_who (self, i);
      else if (!is_read && token->text[0] == '!')
        is_read = read_priority (self, i);
      else if (!is_read && token->text[0] == '#')
        is_read = read_tag (self, i, tags);
      else
        is_read = TRUE;
      if (!is_read)
        mark_unknown (self, i);
    }
  if (tags->len == 0)
    return;
  g_ptr_array_sort (tags, compare_texts);
  g_ptr_array_add (tags, NULL);
  self->entry->tags = g_strjoinv ("\n", (char **) tags->pdata);
}

static gboolean
is_before (Reading *self, guint i, const char *const *words)
{
  return i > 0 && !token_at (self, i - 1)->is_taken &&
         g_strv_contains (words, token_at (self, i - 1)->lower);
}

static char *
read_day_at (Reading *self, guint first, guint n)
{
  static const char *const askers[] = { "innen",  "til", "før", "senest",  "den", "frist",
                                        "frist:", "by",  "due", "seinast", NULL };
  static const char *const fillers[] = { "på", "on", NULL };
  const char *words[LONGEST_DAY];
  guint n_read = 0;

  if (!are_free (self, first, n))
    return NULL;
  for (guint i = 0; i < n; i++)
    words[i] = token_at (self, first + i)->lower;
  gboolean is_asked = is_before (self, first, askers);
  g_autofree char *day = pk_day_words_read (words, n, self->today, is_asked, &n_read);
  if (day == NULL || n_read != n)
    return NULL;
  take (self, PK_QUICK_DUE, first, n);
  if (is_asked || is_before (self, first, fillers))
    token_at (self, first - 1)->is_taken = TRUE;
  /* «frist til fredag», «innen den 24.12.» */
  if (is_asked && is_before (self, first - 1, askers))
    token_at (self, first - 2)->is_taken = TRUE;
  return g_steal_pointer (&day);
}

/* The last day in the line, and of that the most words: people say first what, then when. */
static void
read_day (Reading *self)
{
  for (guint end = self->tokens->len; end > 0; end--)
    for (guint n = MIN (LONGEST_DAY, end); n > 0; n--)
      {
        self->entry->due_on = read_day_at (self, end - n, n);
        if (self->entry->due_on != NULL)
          return;
      }
}

static const char *const place_words[] = { "på", "ved", "i", "hos", "in", "at", NULL };

static void
take_preposition (Reading *self, guint i)
{
  if (i > 1 && is_before (self, i, place_words))
    token_at (self, i - 1)->is_taken = TRUE;
}

/* One word alone names a building only where it looks like a name: it could be any word. */
static gboolean
may_name (Reading *self, guint i, guint n)
{
  if (n > 1)
    return TRUE;
  const char *text = token_at (self, i)->text;
  gboolean is_name = g_unichar_isupper (g_utf8_get_char (text)) || is_before (self, i, place_words);
  return is_name && i > 0 && g_utf8_strlen (text, -1) >= 3;
}

static gboolean
find_building (Reading *self, guint *first_out, guint *n_out)
{
  for (guint n = LONGEST_NAME; n > 0; n--)
    for (guint i = 0; i + n <= self->tokens->len; i++)
      {
        if (!are_free (self, i, n) || !may_name (self, i, n))
          continue;
        g_autofree char *words = join (self, i, n);
        if (!ask (self, PK_QUICK_BUILDING, words, NULL, &self->entry->building))
          continue;
        *first_out = i;
        *n_out = n;
        return TRUE;
      }
  return FALSE;
}

/* «gymsalen» is «gymsal» */
static gboolean
ask_location (Reading *self, const char *words)
{
  static const char *const endings[] = { "en", "et", "a", "n" };

  if (ask (self, PK_QUICK_LOCATION, words, &self->entry->building, &self->entry->location))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (words, endings[i]) && strlen (words) > strlen (endings[i]) + 3)
      {
        g_autofree char *bare = g_strndup (words, strlen (words) - strlen (endings[i]));
        if (ask (self, PK_QUICK_LOCATION, bare, &self->entry->building, &self->entry->location))
          return TRUE;
      }
  return FALSE;
}

static gboolean
take_location (Reading *self, guint first, guint n)
{
  if (!are_free (self, first, n))
    return FALSE;
  g_autofree char *words = join (self, first, n);
  if (g_utf8_strlen (words, -1) < 3 || !ask_location (self, words))
    return FALSE;
  take (self, PK_QUICK_LOCATION, first, n);
  take_preposition (self, first);
  return TRUE;
}

/* The room stands beside the building: «gymsal Dale skole», «Dale skole rom 214». */
static void
read_location (Reading *self, guint building, guint n_building)
{
  guint end = building;

  while (end > 0 && token_at (self, end - 1)->is_taken)
    end--;
  for (guint n = 3; n > 0; n--)
    {
      if (end > n && take_location (self, end - n, n))
        return;
      if (take_location (self, building + n_building, n))
        return;
    }
}

static void
read_place (Reading *self)
{
  guint first = 0;
  guint n = 0;

  if (!find_building (self, &first, &n))
    return;
  take (self, PK_QUICK_BUILDING, first, n);
  take_preposition (self, first);
  read_location (self, first, n);
}

static char *
make_title (Reading *self)
{
  g_autoptr (GString) title = g_string_new (NULL);

  for (guint i = 0; i < self->tokens->len; i++)
    {
      if (token_at (self, i)->is_taken)
        continue;
      if (title->len > 0)
        g_string_append_c (title, ' ');
      g_string_append (title, token_at (self, i)->text);
    }
  while (title->len > 0 && strchr (" ,;:-", title->str[title->len - 1]) != NULL)
    g_string_truncate (title, title->len - 1);
  return g_string_free_and_steal (g_steal_pointer (&title));
}

static int
compare_parts (gconstpointer a, gconstpointer b)
{
  return (int) ((const PkQuickPart *) a)->start - (int) ((const PkQuickPart *) b)->start;
}

static PkQuickEntry *
new_entry (void)
{
  PkQuickEntry *entry = g_new0 (PkQuickEntry, 1);

  entry->priority = -1;
  entry->parts = g_array_new (FALSE, FALSE, sizeof (PkQuickPart));
  return entry;
}

/**
 * pk_quick_entry_parse:
 * @line: what was written, UTF-8
 * @today: "2026-11-23", in the person's zone
 * @lookup: (nullable): finds units, persons, buildings and locations
 *
 * Understands the line. It cannot fail: what is not understood is title.
 *
 * Returns: (transfer full): what was understood
 */
PkQuickEntry *
pk_quick_entry_parse (const char *line, const char *today, PkQuickLookup lookup, gpointer user_data)
{
  g_autofree char *valid = g_utf8_make_valid (line, -1);
  Reading self = { .today = today,
                   .lookup = lookup,
                   .user_data = user_data,
                   .entry = new_entry (),
                   .tokens = g_array_new (FALSE, FALSE, sizeof (Token)) };

  g_array_set_clear_func (self.tokens, clear_token);
  cut (&self, valid);
  read_signs (&self);
  read_day (&self);
  read_place (&self);
  self.entry->title = make_title (&self);
  g_array_sort (self.entry->parts, compare_parts);
  g_array_unref (self.tokens);
  return self.entry;
}

/**
 * pk_quick_entry_copy:
 *
 * Returns: (transfer full): the same
 */
PkQuickEntry *
pk_quick_entry_copy (const PkQuickEntry *self)
{
  PkQuickEntry *copy = g_memdup2 (self, sizeof *self);

  copy->title = g_strdup (self->title);
  copy->due_on = g_strdup (self->due_on);
  copy->tags = g_strdup (self->tags);
  copy->parts = g_array_copy (self->parts);
  return copy;
}

/**
 * pk_quick_entry_free:
 *
 * Frees it.
 */
void
pk_quick_entry_free (PkQuickEntry *self)
{
  g_free (self->title);
  g_free (self->due_on);
  g_free (self->tags);
  g_array_unref (self->parts);
  g_free (self);
}

/**
 * pk_quick_entry_get_label:
 *
 * Returns: (transfer none): what a part is, in words
 */
const char *
pk_quick_entry_get_label (PkQuickKind kind)
{
  switch (kind)
    {
    case PK_QUICK_TITLE:
      return _ ("Title");
    case PK_QUICK_BUILDING:
      return _ ("Building");
    case PK_QUICK_LOCATION:
      return _ ("Place");
    case PK_QUICK_UNIT:
      return _ ("Unit");
    case PK_QUICK_PERSON:
      return _ ("Assigned to");
    case PK_QUICK_DUE:
      return _ ("Due");
    case PK_QUICK_PRIORITY:
      return _ ("Priority");
    case PK_QUICK_TAG:
      return _ ("Tag");
    case PK_QUICK_UNKNOWN:
    default:
      return _ ("Not found");
    }
}

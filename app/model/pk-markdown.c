/*
 * The simple markdown of best practice and answers, as blocks that a label can show each. Whatever is not understood is shown
 * as it stands; nothing from a text ever becomes markup that it did not ask for. Pure; any thread.
 */
#include "config.h"

#include "pk-markdown.h"

#include <string.h>

static const char *
find_end (const char *text, const char *mark)
{
  const char *end = strstr (text, mark);

  /* An empty pair, or one around spaces, is just signs. */
  return end != NULL && end > text && !g_ascii_isspace (*text) && !g_ascii_isspace (end[-1]) ? end
                                                                                             : NULL;
}

static void append_inline (GString *out, const char *text, gsize size);

static void
append_escaped (GString *out, const char *text, gsize size)
{
  g_autofree char *escaped = g_markup_escape_text (text, (gssize) size);

  g_string_append (out, escaped);
}

/* Appends a span such as **bold** that begins at @text; returns what follows it, or NULL where it is none. */
static const char *
append_span (GString *out, const char *text, const char *end)
{
  static const struct
  {
    const char *mark;
    const char *tag;
  } spans[] = { { "**", "b" }, { "__", "b" }, { "*", "i" }, { "_", "i" }, { "`", "tt" } };

  for (guint i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      gsize length = strlen (spans[i].mark);
      if (!g_str_has_prefix (text, spans[i].mark))
        continue;
      const char *close = find_end (text + length, spans[i].mark);
      if (close == NULL || close + length > end)
        continue;
      g_string_append_printf (out, "<%s>", spans[i].tag);
      if (*spans[i].mark == '`')
        append_escaped (out, text + length, (gsize) (close - text) - length);
      else
        append_inline (out, text + length, (gsize) (close - text) - length);
      g_string_append_printf (out, "</%s>", spans[i].tag);
      return close + length;
    }
  return NULL;
}

static const char *
append_link (GString *out, const char *text, const char *end)
{
  const char *middle = *text == '[' ? strstr (text, "](") : NULL;
  const char *close = middle != NULL ? strchr (middle, ')') : NULL;

  if (close == NULL || close >= end)
    return NULL;
  g_autofree char *address = g_strndup (middle + 2, (gsize) (close - middle) - 2);
  if (!g_str_has_prefix (address, "https://") && !g_str_has_prefix (address, "mailto:"))
    return NULL;
  g_autofree char *escaped = g_markup_escape_text (address, -1);
  g_string_append_printf (out, "<a href=\"%s\">", escaped);
  append_escaped (out, text + 1, (gsize) (middle - text) - 1);
  g_string_append (out, "</a>");
  return close + 1;
}

static gboolean
is_inside_word (const char *text, const char *place)
{
  return *place == '_' && place > text && g_ascii_isalnum (place[-1]);
}

static void
append_inline (GString *out, const char *text, gsize size)
{
  const char *end = text + size;
  const char *plain = text;
  const char *place = text;

  while (place < end)
    {
      gsize before = out->len;
      gboolean is_mark = strchr ("*_`[", *place) != NULL && !is_inside_word (text, place);
      if (!is_mark)
        {
          place++;
          continue;
        }
      append_escaped (out, plain, (gsize) (place - plain));
      const char *after = append_span (out, place, end);
      after = after != NULL ? after : append_link (out, place, end);
      if (after == NULL)
        {
          g_string_truncate (out, before);
          place++;
          continue;
        }
      plain = place = after;
    }
  append_escaped (out, plain, (gsize) (end - plain));
}

static void
add_block (GPtrArray *blocks, PkMarkdownKind kind, guint level, guint number, const char *text)
{
  PkMarkdownBlock *block = g_new0 (PkMarkdownBlock, 1);
  GString *markup = g_string_new (NULL);

  append_inline (markup, text, strlen (text));
  block->kind = kind;
  block->level = level;
  block->number = number;
  block->markup = g_string_free (markup, FALSE);
  g_ptr_array_add (blocks, block);
}

static void
end_paragraph (GPtrArray *blocks, GString *paragraph)
{
  if (paragraph->len > 0)
    add_block (blocks, PK_MARKDOWN_PARAGRAPH, 0, 0, paragraph->str);
  g_string_truncate (paragraph, 0);
}

/* Finds out whether the line begins a heading, a point or a quotation; gives what follows the sign. */
static const char *
read_sign (const char *line, PkMarkdownKind *kind, guint *level, guint *number)
{
  guint indent = (guint) strspn (line, " ");
  const char *text = line + indent;
  gsize hashes = strspn (text, "#");
  gsize digits = strspn (text, "0123456789");

  *level = MIN (indent / 2, 2);
  if (hashes > 0 && hashes <= 6 && text[hashes] == ' ')
    {
      *kind = PK_MARKDOWN_HEADING;
      *level = (guint) MIN (hashes, 3);
      return text + hashes + 1;
    }
  if (strchr ("-*+", *text) != NULL && *text != '\0' && text[1] == ' ')
    {
      *kind = PK_MARKDOWN_BULLET;
      return text + 2;
    }
  if (digits > 0 && digits < 4 && (text[digits] == '.' || text[digits] == ')') &&
      text[digits + 1] == ' ')
    {
      *kind = PK_MARKDOWN_NUMBER;
      for (gsize i = 0; i < digits; i++)
        *number = *number * 10 + (guint) g_ascii_digit_value (text[i]);
      return text + digits + 2;
    }
  if (*text == '>')
    {
      *kind = PK_MARKDOWN_QUOTE;
      return text + 1 + strspn (text + 1, " ");
    }
  return NULL;
}

/**
 * pk_markdown_parse:
 * @text: (nullable): an article's text
 *
 * Reads the simple markdown of articles.
 *
 * Returns: (transfer full) (element-type PkMarkdownBlock): the blocks in order
 */
GPtrArray *
pk_markdown_parse (const char *text)
{
  GPtrArray *blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_markdown_block_free);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  g_autoptr (GString) paragraph = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      PkMarkdownKind kind = PK_MARKDOWN_PARAGRAPH;
      guint level = 0, number = 0;
      g_strchomp (lines[i]);
      const char *rest = read_sign (lines[i], &kind, &level, &number);
      if (rest == NULL && *lines[i] != '\0')
        {
          g_string_append_printf (paragraph,
                                  "%s%s",
                                  paragraph->len > 0 ? " " : "",
                                  g_strchug (lines[i]));
          continue;
        }
      end_paragraph (blocks, paragraph);
      if (rest != NULL)
        add_block (blocks, kind, level, number, rest);
    }
  end_paragraph (blocks, paragraph);
  return blocks;
}

/**
 * pk_markdown_block_free:
 * @self: (nullable): a block
 *
 * Frees a block.
 */
void
pk_markdown_block_free (PkMarkdownBlock *self)
{
  if (self == NULL)
    return;
  g_free (self->markup);
  g_free (self);
}

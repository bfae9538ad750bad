#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  PK_MARKDOWN_HEADING,
  PK_MARKDOWN_PARAGRAPH,
  PK_MARKDOWN_BULLET,
  PK_MARKDOWN_NUMBER,
  PK_MARKDOWN_QUOTE
} PkMarkdownKind;

/* A piece of an article, in order: what it is, how deep, and its text as Pango markup. */
typedef struct
{
  PkMarkdownKind kind;
  guint level;  /* headings 1–3; points 0–2 */
  guint number; /* of a numbered point */
  char *markup; /* (owned) */
} PkMarkdownBlock;

/* The simple markdown of articles: #, -, 1., >, **bold**, *italic*, `code`, [text](https://…). Pure. Array of PkMarkdownBlock. */
GPtrArray *pk_markdown_parse (const char *text);
void pk_markdown_block_free (PkMarkdownBlock *self);

G_END_DECLS

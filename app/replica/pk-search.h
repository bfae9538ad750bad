#pragma once

#include "pk-reader.h"

G_BEGIN_DECLS

/* One thing that was found. Plain data, owned by the array it is in. */
typedef struct
{
  const PkEntity *entity;
  gint64 rid;
  PkId id;
  char *title;  /* (owned) */
  char *detail; /* (owned) (nullable): where it is, or what it is, in a few words */
} PkSearchHit;

typedef enum
{
  PK_SEARCH_TASKS = 1 << 0,
  PK_SEARCH_BUILDINGS = 1 << 1,
  PK_SEARCH_COMPONENTS = 1 << 2,
  PK_SEARCH_DOCUMENTS = 1 << 3,
  PK_SEARCH_ARTICLES = 1 << 4,
  PK_SEARCH_PERSONS = 1 << 5,
  PK_SEARCH_EVERYTHING = (1 << 6) - 1
} PkSearchWhat;

/*
 * Search as you type, on the reader worker: each word must be there, the last one may be unfinished. Newest first, hits in the
 * title before others; at most @limit of each kind.
 */
GPtrArray *
pk_reader_search (PkReader *self, const char *text, PkSearchWhat what, guint limit, GError **error);
gboolean pk_reader_is_search_ready (PkReader *self);
char *pk_search_make_match (const char *text);
void pk_search_hit_free (PkSearchHit *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkSearchHit, pk_search_hit_free)

G_END_DECLS

/*
 * Search as you type. What the person typed never reaches the search engine as it is: it is split into words by the index' own rule, each
 * word is quoted, and the operators are ours. On the reader worker.
 */
#include "config.h"

#include "pk-search.h"

#include "pk-query-search.h"
#include "pk-reader-private.h"
#include "pk-tokenizer.h"

#define MOST_WORDS 12

static const struct
{
  PkSearchWhat what;
  PkEntityId entity;
} kinds[] = {
  { PK_SEARCH_TASKS, PK_ENTITY_TASK },           { PK_SEARCH_BUILDINGS, PK_ENTITY_BUILDING },
  { PK_SEARCH_PERSONS, PK_ENTITY_PERSON },       { PK_SEARCH_ARTICLES, PK_ENTITY_ARTICLE },
  { PK_SEARCH_COMPONENTS, PK_ENTITY_COMPONENT }, { PK_SEARCH_DOCUMENTS, PK_ENTITY_DOCUMENT },
};

/**
 * pk_search_hit_free:
 *
 * Frees the hit.
 */
void
pk_search_hit_free (PkSearchHit *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->detail);
  g_free (self);
}

static char *
make_match (const char *column, const char *text)
{
  g_auto (GStrv) words = pk_tokenizer_split (text, MOST_WORDS);
  GString *match = g_string_new (NULL);

  if (words[0] == NULL)
    return g_string_free (g_string_assign (match, "\"\""), FALSE);
  if (column != NULL)
    g_string_append_printf (match, "{%s} : (", column);
  for (guint i = 0; words[i] != NULL; i++)
    {
      gboolean is_last = words[i + 1] == NULL;
      g_string_append (match, i > 0 ? " AND " : "");
      if (is_last)
        g_string_append_printf (match, "(\"%s\" * OR \"%s\")", words[i], words[i]);
      else
        g_string_append_printf (match, "\"%s\"", words[i]);
    }
  if (column != NULL)
    g_string_append (match, ")");
  return g_string_free (match, FALSE);
}

/**
 * pk_search_make_match:
 * @text: as the person typed it
 *
 * Returns: (transfer full): the search engine's expression: all words, the last one may be unfinished
 */
char *
pk_search_make_match (const char *text)
{
  return make_match (NULL, text);
}

static gboolean
has_rid (GPtrArray *hits, guint first, gint64 rid)
{
  for (guint i = first; i < hits->len; i++)
    if (((const PkSearchHit *) hits->pdata[i])->rid == rid)
      return TRUE;
  return FALSE;
}

static void
add_hit (GPtrArray *hits, PkStatement *row, const PkEntity *entity)
{
  PkSearchHit *hit = g_new0 (PkSearchHit, 1);

  hit->entity = entity;
  hit->rid = pk_statement_get_int (row, 0);
  pk_statement_get_id (row, 1, &hit->id);
  hit->title = g_strdup (pk_statement_get_text (row, 2));
  hit->detail = g_strdup (pk_statement_get_text (row, 3));
  g_ptr_array_add (hits, hit);
}

static gboolean
search_entity (PkReader *self,
               const PkEntity *entity,
               const char *match,
               guint limit,
               guint first,
               GPtrArray *hits,
               GError **error)
{
  g_autofree char *text = pk_query_search_match (entity);
  g_autoptr (GError) local_error = NULL;
  PkStatement *query = pk_sql_prepare (self->sql, text, error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_text (query, 1, match);
  pk_statement_bind_int (query, 2, limit);
  while (hits->len - first < limit && pk_statement_next (query, &local_error))
    if (!has_rid (hits, first, pk_statement_get_int (query, 0)))
      add_hit (hits, query, entity);
  pk_statement_reset (query);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * pk_reader_search:
 * @text: as the person typed it
 * @limit: how many of each kind
 *
 * Returns: (transfer full) (element-type PkSearchHit) (nullable): what was found, kind by kind, hits in the title first
 */
GPtrArray *
pk_reader_search (PkReader *self, const char *text, PkSearchWhat what, guint limit, GError **error)
{
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_search_hit_free);
  g_autofree char *anywhere = make_match (NULL, text);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      const PkEntity *entity = pk_entity_by_id (kinds[i].entity);
      guint first = hits->len;
      if ((what & kinds[i].what) == 0)
        continue;
      g_autofree char *in_title = make_match (entity->fields[entity->title].name, text);
      if (!search_entity (self, entity, in_title, limit, first, hits, error))
        return NULL;
      if (hits->len - first < limit &&
          !search_entity (self, entity, anywhere, limit, first, hits, error))
        return NULL;
    }
  return g_steal_pointer (&hits);
}

/**
 * pk_reader_is_search_ready:
 *
 * Returns: whether all records are in the index
 */
gboolean
pk_reader_is_search_ready (PkReader *self)
{
  gint64 n_unfilled;

  return pk_sql_get_int (self->sql,
                         "SELECT count(*) FROM search_state WHERE filled < 9223372036854775807",
                         &n_unfilled,
                         NULL) &&
         n_unfilled == 0;
}

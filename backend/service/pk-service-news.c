/* Which scopes changed since last time, and whom that concerns: one look for all who wait. On a reading thread. */
#include "config.h"

#include "pk-service-news.h"

#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"

static void
clear_state (gpointer data)
{
  PkNewsReader *state = data;

  g_clear_pointer (&state->scopes, g_array_unref);
}

/**
 * pk_news_new:
 * @since: changes up to here have been told
 *
 * Returns: (transfer full): a look for nobody
 */
PkNews *
pk_news_new (gint64 since)
{
  PkNews *self = g_new0 (PkNews, 1);

  self->since = since;
  self->seq = since;
  self->states = g_array_new (FALSE, TRUE, sizeof (PkNewsReader));
  g_array_set_clear_func (self->states, clear_state);
  return self;
}

/**
 * pk_news_add:
 * @grants: the epoch of @scopes; -1 where they are not known
 * @scopes: (nullable): what the person holds
 *
 * Looks for one more.
 */
void
pk_news_add (PkNews *self, const PkId *person, gint64 grants, GArray *scopes)
{
  PkNewsReader state = { .person = *person,
                         .grants = grants,
                         .scopes = scopes != NULL ? g_array_ref (scopes) : NULL };

  g_array_append_val (self->states, state);
}

/**
 * pk_news_free:
 */
void
pk_news_free (PkNews *self)
{
  g_array_unref (self->states);
  g_free (self);
}

static GHashTable *
find_touched (PkNews *self, PkStore *store, GError **error)
{
  g_autoptr (GPtrArray) scopes = pk_store_list_scopes (store, error);

  if (scopes == NULL)
    return NULL;
  GHashTable *touched = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < scopes->len; i++)
    {
      const PkStoreScope *scope = scopes->pdata[i];
      if (scope->last_seq > self->since)
        g_hash_table_add (touched, g_memdup2 (&scope->number, sizeof scope->number));
    }
  return touched;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *) a, second = *(const gint64 *) b;

  return first < second ? -1 : first > second;
}

static gboolean
holds_any (GArray *scopes, GHashTable *touched)
{
  GHashTableIter iter;
  gpointer number;

  g_hash_table_iter_init (&iter, touched);
  while (g_hash_table_iter_next (&iter, &number, NULL))
    if (g_array_binary_search (scopes, number, compare_numbers, NULL))
      return TRUE;
  return FALSE;
}

static gboolean
look_for (PkNewsReader *state, PkStore *store, GHashTable *touched, GError **error)
{
  gint64 grants;

  if (!pk_store_get_grant_epoch (store, &state->person, &grants, error))
    return FALSE;
  if (grants != state->grants || state->scopes == NULL)
    {
      state->has_news = state->scopes != NULL;
      g_clear_pointer (&state->scopes, g_array_unref);
      state->scopes = pk_store_get_grant_numbers (store, &state->person, error);
      if (state->scopes == NULL)
        return FALSE;
      g_array_sort (state->scopes, compare_numbers);
      state->grants = grants;
    }
  state->has_news = state->has_news || holds_any (state->scopes, touched);
  return TRUE;
}

/**
 * pk_news_run:
 *
 * Fills in for each state what the person holds now, and whether something changed that concerns that person.
 */
gboolean
pk_news_run (PkNews *self, PkService *service, GError **error)
{
  PkStore *store = pk_service_get_store (service);

  if (!pk_store_get_seq (store, &self->seq, error))
    return FALSE;
  g_autoptr (GHashTable) touched = find_touched (self, store, error);
  if (touched == NULL)
    return FALSE;
  for (guint i = 0; i < self->states->len; i++)
    if (!look_for (&g_array_index (self->states, PkNewsReader, i), store, touched, error))
      return FALSE;
  return TRUE;
}

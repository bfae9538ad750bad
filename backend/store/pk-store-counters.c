/*
 * What a transaction does to the scopes' counts and fingerprints: kept in memory as differences, written once before the commit.
 * A journal of the changes since the oldest open savepoint makes it possible to take them back.
 */
#include "config.h"

#include "pk-store-counters.h"

typedef struct
{
  gint64 scope;
  PkScopeChange change;
} Entry;

struct _PkScopeCounters
{
  GHashTable *changes; /* (owned): scope number → PkScopeChange */
  GArray *journal;     /* (owned): Entry: what a scope's change was before */
  GArray *marks;       /* (owned): guint: length of the journal at each savepoint */
};

/**
 * pk_scope_counters_new:
 *
 * Returns: (transfer full): counters of a transaction that has done nothing
 */
PkScopeCounters *
pk_scope_counters_new (void)
{
  PkScopeCounters *self = g_new0 (PkScopeCounters, 1);

  self->changes = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->journal = g_array_new (FALSE, FALSE, sizeof (Entry));
  self->marks = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

/**
 * pk_scope_counters_free:
 *
 * Frees the counters.
 */
void
pk_scope_counters_free (PkScopeCounters *self)
{
  g_hash_table_unref (self->changes);
  g_array_unref (self->journal);
  g_array_unref (self->marks);
  g_free (self);
}

/**
 * pk_scope_counters_forget:
 *
 * Forgets everything: the transaction is over, one way or the other.
 */
void
pk_scope_counters_forget (PkScopeCounters *self)
{
  g_hash_table_remove_all (self->changes);
  g_array_set_size (self->journal, 0);
  g_array_set_size (self->marks, 0);
}

/**
 * pk_scope_counters_mark:
 *
 * Remembers this point.
 */
void
pk_scope_counters_mark (PkScopeCounters *self)
{
  g_array_append_val (self->marks, self->journal->len);
}

/**
 * pk_scope_counters_release:
 *
 * Keeps what was done since the last point.
 */
void
pk_scope_counters_release (PkScopeCounters *self)
{
  g_assert (self->marks->len > 0);
  g_array_set_size (self->marks, self->marks->len - 1);
  if (self->marks->len == 0)
    g_array_set_size (self->journal, 0);
}

/**
 * pk_scope_counters_rewind:
 *
 * Takes back what was done since the last point.
 */
void
pk_scope_counters_rewind (PkScopeCounters *self)
{
  g_assert (self->marks->len > 0);
  guint length = g_array_index (self->marks, guint, self->marks->len - 1);
  g_array_set_size (self->marks, self->marks->len - 1);
  while (self->journal->len > length)
    {
      const Entry *entry = &g_array_index (self->journal, Entry, self->journal->len - 1);
      PkScopeChange *change = g_hash_table_lookup (self->changes, &entry->scope);
      *change = entry->change;
      g_array_set_size (self->journal, self->journal->len - 1);
    }
}

/**
 * pk_scope_counters_touch:
 *
 * Returns: (transfer none): the scope's change so far, to be changed at once
 */
PkScopeChange *
pk_scope_counters_touch (PkScopeCounters *self, gint64 scope)
{
  PkScopeChange *change = g_hash_table_lookup (self->changes, &scope);

  if (change == NULL)
    {
      gint64 *key = g_new (gint64, 1);
      *key = scope;
      change = g_new0 (PkScopeChange, 1);
      g_hash_table_insert (self->changes, key, change);
    }
  if (self->marks->len > 0)
    {
      Entry entry = { scope, *change };
      g_array_append_val (self->journal, entry);
    }
  return change;
}

/**
 * pk_scope_counters_write:
 *
 * Writes what has changed; the commit follows.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_scope_counters_write (PkScopeCounters *self, PkStore *store, GError **error)
{
  GHashTableIter iter;
  gpointer scope, change;

  g_hash_table_iter_init (&iter, self->changes);
  while (g_hash_table_iter_next (&iter, &scope, &change))
    if (!store->engine->write_scope (store, *(gint64 *) scope, change, error))
      return FALSE;
  g_hash_table_remove_all (self->changes);
  return TRUE;
}

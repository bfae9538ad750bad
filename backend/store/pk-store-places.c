/*
 * The lines of the log that a writing transaction has read or changed. What changes is kept here and written once, in the order
 * of the log, before the commit: a record that changes ten times has its lines written once, and neighbouring lines of a scope
 * are written one after the other. The table itself does not change while a savepoint is open, so going back to one only means
 * taking back what is here.
 */
#include "config.h"

#include "pk-store-places.h"

#include "pk-query-store.h"

#define LINES_AT_ONCE 128

/* A record's lines. An entry begins as its own key does. */
typedef struct
{
  guint entity;
  PkId id;
  GArray *stored; /* (owned): PkPlace, by scope: what the table says */
  GArray *
      now; /* (owned) (nullable): PkPlace, by scope: what it will say; NULL where nothing has changed */
} Entry;

typedef struct
{
  Entry *entry;   /* not owned */
  GArray *before; /* (owned) (nullable) */
} Step;

typedef struct
{
  const Entry *entry;
  const PkPlace *place;
} Line;

struct _PkPlaces
{
  GHashTable *entries; /* (owned): set of Entry */
  GArray *journal;     /* (owned): Step, while a savepoint is open */
  GArray *marks;       /* (owned): guint: length of the journal at each savepoint */
};

static guint
hash_entry (gconstpointer data)
{
  const Entry *entry = data;

  return pk_id_hash (&entry->id) ^ entry->entity;
}

static gboolean
is_same_entry (gconstpointer a, gconstpointer b)
{
  const Entry *first = a, *second = b;

  return first->entity == second->entity && pk_id_equal (&first->id, &second->id);
}

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_array_unref (entry->stored);
  g_clear_pointer (&entry->now, g_array_unref);
  g_free (entry);
}

static void
clear_step (gpointer data)
{
  g_clear_pointer (&((Step *) data)->before, g_array_unref);
}

/**
 * pk_places_new:
 *
 * Returns: (transfer full): of a transaction that knows no record yet
 */
PkPlaces *
pk_places_new (void)
{
  PkPlaces *self = g_new0 (PkPlaces, 1);

  self->entries = g_hash_table_new_full (hash_entry, is_same_entry, free_entry, NULL);
  self->journal = g_array_new (FALSE, FALSE, sizeof (Step));
  self->marks = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_set_clear_func (self->journal, clear_step);
  return self;
}

/**
 * pk_places_free:
 *
 * Frees the places.
 */
void
pk_places_free (PkPlaces *self)
{
  g_array_unref (self->journal);
  g_array_unref (self->marks);
  g_hash_table_unref (self->entries);
  g_free (self);
}

/**
 * pk_places_forget:
 *
 * Forgets everything: the transaction is over, one way or the other.
 */
void
pk_places_forget (PkPlaces *self)
{
  g_array_set_size (self->journal, 0);
  g_array_set_size (self->marks, 0);
  g_hash_table_remove_all (self->entries);
}

/**
 * pk_places_get_size:
 *
 * Returns: how many records are known
 */
guint
pk_places_get_size (PkPlaces *self)
{
  return g_hash_table_size (self->entries);
}

/**
 * pk_places_mark:
 *
 * Remembers this point.
 */
void
pk_places_mark (PkPlaces *self)
{
  g_array_append_val (self->marks, self->journal->len);
}

/**
 * pk_places_release:
 *
 * Keeps what was done since the last point.
 */
void
pk_places_release (PkPlaces *self)
{
  g_assert (self->marks->len > 0);
  g_array_set_size (self->marks, self->marks->len - 1);
  if (self->marks->len == 0)
    g_array_set_size (self->journal, 0);
}

/**
 * pk_places_rewind:
 *
 * Takes back what was done since the last point.
 */
void
pk_places_rewind (PkPlaces *self)
{
  g_assert (self->marks->len > 0);
  guint length = g_array_index (self->marks, guint, self->marks->len - 1);

  g_array_set_size (self->marks, self->marks->len - 1);
  while (self->journal->len > length)
    {
      Step *step = &g_array_index (self->journal, Step, self->journal->len - 1);
      g_clear_pointer (&step->entry->now, g_array_unref);
      step->entry->now = g_steal_pointer (&step->before);
      g_array_set_size (self->journal, self->journal->len - 1);
    }
}

static Entry *
find_entry (PkPlaces *self, const PkEntity *entity, const PkId *id)
{
  Entry key = { .entity = entity->id, .id = *id };

  return g_hash_table_lookup (self->entries, &key);
}

/**
 * pk_places_find:
 *
 * Returns: (transfer none) (nullable) (element-type PkPlace): the record's lines by scope; NULL where they must be read first
 */
GArray *
pk_places_find (PkPlaces *self, const PkEntity *entity, const PkId *id)
{
  const Entry *entry = find_entry (self, entity, id);

  if (entry == NULL)
    return NULL;
  return entry->now ? entry->now : entry->stored;
}

/**
 * pk_places_learn:
 * @stored: (element-type PkPlace): by scope
 *
 * Remembers what the table says of a record that was not known.
 */
void
pk_places_learn (PkPlaces *self, const PkEntity *entity, const PkId *id, GArray *stored)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->entity = entity->id;
  entry->id = *id;
  entry->stored = g_array_ref (stored);
  g_hash_table_add (self->entries, entry);
}

/**
 * pk_places_set:
 * @places: (element-type PkPlace): by scope; all lines that the table has, and maybe more
 *
 * Changes the lines of a record that is known.
 */
void
pk_places_set (PkPlaces *self, const PkEntity *entity, const PkId *id, GArray *places)
{
  Entry *entry = find_entry (self, entity, id);
  Step step = { entry, NULL };

  g_assert (entry != NULL);
  step.before = g_steal_pointer (&entry->now);
  entry->now = g_array_ref (places);
  if (self->marks->len > 0)
    g_array_append_val (self->journal, step);
  else
    clear_step (&step);
}

/* Both lists are sorted by scope, and the new one has all that the old one has. */
static void
gather (GArray *lines, const Entry *entry)
{
  guint place = 0;

  for (guint i = 0; i < entry->now->len; i++)
    {
      const PkPlace *now = &g_array_index (entry->now, PkPlace, i);
      const PkPlace *old = place < entry->stored->len
                               ? &g_array_index (entry->stored, PkPlace, place)
                               : NULL;
      gboolean is_new = old == NULL || old->scope != now->scope;
      Line line = { entry, now };
      if (is_new || old->seq != now->seq || old->state != now->state)
        g_array_append_val (lines, line);
      place += is_new ? 0 : 1;
    }
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const PkPlace *first = ((const Line *) a)->place, *second = ((const Line *) b)->place;

  if (first->scope != second->scope)
    return first->scope < second->scope ? -1 : 1;
  return first->seq < second->seq ? -1 : first->seq > second->seq;
}

static PkStatement *
prepare_put (PkStore *store, guint n_lines, GError **error)
{
  const char *key = n_lines == 1 ? "put line" : "put lines";
  const char *text = g_hash_table_lookup (store->other_texts, key);

  if (text == NULL)
    {
      char *made = pk_query_put_lines (n_lines);
      g_hash_table_insert (store->other_texts, g_strdup (key), made);
      text = made;
    }
  return pk_sql_prepare (store->sql, text, error);
}

static gboolean
write_lines (PkStore *store, const Line *lines, guint n_lines, GError **error)
{
  PkStatement *put = prepare_put (store, n_lines, error);

  if (put == NULL)
    return FALSE;
  for (guint i = 0; i < n_lines; i++)
    {
      int first = (int) i * 5 + 1;
      pk_statement_bind_int (put, first, lines[i].entry->entity);
      pk_statement_bind_id (put, first + 1, &lines[i].entry->id);
      pk_statement_bind_int (put, first + 2, lines[i].place->scope);
      pk_statement_bind_int (put, first + 3, lines[i].place->seq);
      pk_statement_bind_int (put, first + 4, lines[i].place->state);
    }
  return pk_statement_run (put, error);
}

/**
 * pk_places_write:
 *
 * Writes what has changed and forgets what it knew. Not while a savepoint is open.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_places_write (PkPlaces *self, PkStore *store, GError **error)
{
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (Line));
  GHashTableIter iter;
  gpointer entry;

  g_assert (self->marks->len == 0);
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &entry, NULL))
    if (((const Entry *) entry)->now != NULL)
      gather (lines, entry);
  g_array_sort (lines, compare_lines);
  for (guint i = 0, n; i < lines->len; i += n)
    {
      n = lines->len - i < LINES_AT_ONCE ? 1 : LINES_AT_ONCE;
      if (!write_lines (store, &g_array_index (lines, Line, i), n, error))
        return FALSE;
    }
  g_hash_table_remove_all (self->entries);
  return TRUE;
}

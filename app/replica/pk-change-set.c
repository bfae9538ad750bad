/*
 * What commits changed. Made on the writer's thread, then shared and read on the main thread; whoever shares it stops changing it.
 * A list longer than MOST_CHANGES says "everything": whoever shows data would read it anew in any case.
 */
#include "config.h"

#include "pk-change-set.h"

#define MOST_CHANGES 5000

struct _PkChangeSet
{
  GArray *changes;   /* (owned): PkChange, one per record */
  GHashTable *by_id; /* (owned): PkId (owned) → place + 1 */
  gboolean is_everything;
  gboolean has_outbox;
};

G_DEFINE_BOXED_TYPE (PkChangeSet, pk_change_set, pk_change_set_ref, pk_change_set_unref)

/**
 * pk_change_set_new:
 *
 * Returns: (transfer full): an empty set
 */
PkChangeSet *
pk_change_set_new (void)
{
  PkChangeSet *self = g_atomic_rc_box_new0 (PkChangeSet);

  self->changes = g_array_new (FALSE, FALSE, sizeof (PkChange));
  self->by_id = g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, NULL);
  return self;
}

/**
 * pk_change_set_ref:
 *
 * Returns: (transfer full): @self
 */
PkChangeSet *
pk_change_set_ref (PkChangeSet *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_set (gpointer data)
{
  PkChangeSet *self = data;

  g_array_unref (self->changes);
  g_hash_table_unref (self->by_id);
}

/**
 * pk_change_set_unref:
 *
 * Gives up one reference.
 */
void
pk_change_set_unref (PkChangeSet *self)
{
  g_atomic_rc_box_release_full (self, clear_set);
}

static PkChangeKind
join_kinds (PkChangeKind first, PkChangeKind then)
{
  if (first == PK_CHANGE_ADDED && then == PK_CHANGE_CHANGED)
    return PK_CHANGE_ADDED;
  if (first == PK_CHANGE_REMOVED && then == PK_CHANGE_ADDED)
    return PK_CHANGE_CHANGED;
  return then;
}

/**
 * pk_change_set_add:
 *
 * Adds a change; a second one of the same record is joined with the first.
 */
void
pk_change_set_add (PkChangeSet *self, const PkChange *change)
{
  if (self->is_everything)
    return;
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_id, &change->id));
  if (place > 0)
    {
      PkChange *old = &g_array_index (self->changes, PkChange, place - 1);
      old->kind = join_kinds (old->kind, change->kind);
      old->rid = change->rid;
      return;
    }
  if (self->changes->len >= MOST_CHANGES)
    {
      pk_change_set_set_everything (self);
      return;
    }
  g_array_append_val (self->changes, *change);
  g_hash_table_insert (self->by_id,
                       g_memdup2 (&change->id, sizeof change->id),
                       GUINT_TO_POINTER (self->changes->len));
}

/**
 * pk_change_set_add_all:
 * @other: what came later
 *
 * Joins two sets, so that several commits are told as one.
 */
void
pk_change_set_add_all (PkChangeSet *self, const PkChangeSet *other)
{
  if (other->is_everything)
    pk_change_set_set_everything (self);
  for (guint i = 0; i < other->changes->len; i++)
    pk_change_set_add (self, &g_array_index (other->changes, PkChange, i));
  self->has_outbox |= other->has_outbox;
}

/**
 * pk_change_set_set_everything:
 *
 * Says that anything may have changed; the list becomes empty.
 */
void
pk_change_set_set_everything (PkChangeSet *self)
{
  self->is_everything = TRUE;
  g_array_set_size (self->changes, 0);
  g_hash_table_remove_all (self->by_id);
}

/**
 * pk_change_set_set_outbox:
 *
 * Says that the outbox, or another figure of the summary, changed.
 */
void
pk_change_set_set_outbox (PkChangeSet *self)
{
  self->has_outbox = TRUE;
}

/**
 * pk_change_set_is_everything:
 *
 * Returns: whether anything may have changed
 */
gboolean
pk_change_set_is_everything (const PkChangeSet *self)
{
  return self->is_everything;
}

/**
 * pk_change_set_has_outbox:
 *
 * Returns: whether the summary or the outbox is to be read anew
 */
gboolean
pk_change_set_has_outbox (const PkChangeSet *self)
{
  return self->has_outbox || self->is_everything;
}

/**
 * pk_change_set_has_entity:
 *
 * Returns: whether a record of the entity changed, or everything did
 */
gboolean
pk_change_set_has_entity (const PkChangeSet *self, const PkEntity *entity)
{
  for (guint i = 0; i < self->changes->len; i++)
    if (g_array_index (self->changes, PkChange, i).entity == entity)
      return TRUE;
  return self->is_everything;
}

/**
 * pk_change_set_get_n:
 *
 * Returns: how many records are listed; 0 where everything changed
 */
guint
pk_change_set_get_n (const PkChangeSet *self)
{
  return self->changes->len;
}

/**
 * pk_change_set_get:
 *
 * Returns: (transfer none): the change at @place
 */
const PkChange *
pk_change_set_get (const PkChangeSet *self, guint place)
{
  g_return_val_if_fail (place < self->changes->len, NULL);

  return &g_array_index (self->changes, PkChange, place);
}

/**
 * pk_change_set_find:
 *
 * Returns: (transfer none) (nullable): the change of the record with @id
 */
const PkChange *
pk_change_set_find (const PkChangeSet *self, const PkId *id)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_id, id));

  return place > 0 ? &g_array_index (self->changes, PkChange, place - 1) : NULL;
}

/*
 * New rows that nobody needs at once, such as those of the history: kept until the transaction's end, or until somebody reads
 * their table, and then written one after the other. A savepoint remembers how many there were and how many of them were written
 * already: what was written since is undone with it, and is to be written again.
 */
#include "config.h"

#include "pk-store-private.h"

typedef struct
{
  guint n_rows;
  guint n_written;
} Mark;

struct _PkLaterRows
{
  GPtrArray *rows; /* (owned): PkRecord */
  guint n_written; /* of them */
  guint64 kinds;   /* bits of the entities that rows may wait for */
  GArray *marks;   /* (owned): Mark */
};

/**
 * pk_later_rows_new:
 *
 * Returns: (transfer full): of a transaction that has no rows
 */
PkLaterRows *
pk_later_rows_new (void)
{
  PkLaterRows *self = g_new0 (PkLaterRows, 1);

  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_record_unref);
  self->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  return self;
}

/**
 * pk_later_rows_free:
 *
 * Frees the rows.
 */
void
pk_later_rows_free (PkLaterRows *self)
{
  g_ptr_array_unref (self->rows);
  g_array_unref (self->marks);
  g_free (self);
}

/**
 * pk_later_rows_forget:
 *
 * Forgets everything: the transaction is over, one way or the other.
 */
void
pk_later_rows_forget (PkLaterRows *self)
{
  g_ptr_array_set_size (self->rows, 0);
  g_array_set_size (self->marks, 0);
  self->n_written = 0;
  self->kinds = 0;
}

/**
 * pk_later_rows_get_size:
 *
 * Returns: how many rows are kept, written or not
 */
guint
pk_later_rows_get_size (PkLaterRows *self)
{
  return self->rows->len;
}

/**
 * pk_later_rows_has:
 *
 * Returns: whether rows of the entity may wait to be written
 */
gboolean
pk_later_rows_has (PkLaterRows *self, const PkEntity *entity)
{
  return self->n_written < self->rows->len && (self->kinds >> entity->id & 1);
}

/**
 * pk_later_rows_mark:
 *
 * Remembers this point.
 */
void
pk_later_rows_mark (PkLaterRows *self)
{
  Mark mark = { self->rows->len, self->n_written };

  g_array_append_val (self->marks, mark);
}

/**
 * pk_later_rows_release:
 *
 * Keeps what was done since the last point.
 */
void
pk_later_rows_release (PkLaterRows *self)
{
  g_assert (self->marks->len > 0);
  g_array_set_size (self->marks, self->marks->len - 1);
}

/**
 * pk_later_rows_rewind:
 *
 * Takes back what was done since the last point.
 */
void
pk_later_rows_rewind (PkLaterRows *self)
{
  g_assert (self->marks->len > 0);
  Mark mark = g_array_index (self->marks, Mark, self->marks->len - 1);

  g_array_set_size (self->marks, self->marks->len - 1);
  g_ptr_array_set_size (self->rows, (int) mark.n_rows);
  self->n_written = mark.n_written;
}

/**
 * pk_later_rows_add:
 * @row: of an entity whose rows the store has never seen under this id
 *
 * Keeps a row; it must not change any more.
 */
void
pk_later_rows_add (PkLaterRows *self, PkRecord *row)
{
  self->kinds |= G_GUINT64_CONSTANT (1) << pk_record_get_entity (row)->id;
  g_ptr_array_add (self->rows, pk_record_ref (row));
}

/**
 * pk_later_rows_write:
 *
 * Writes what is not written yet.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_later_rows_write (PkLaterRows *self, PkTables *tables, GError **error)
{
  for (; self->n_written < self->rows->len; self->n_written++)
    if (!pk_tables_insert (tables, self->rows->pdata[self->n_written], error))
      return FALSE;
  if (self->marks->len == 0)
    pk_later_rows_forget (self);
  return TRUE;
}

/*
 * Repair, the server's side: a range of few records is sent whole, any other is divided into parts of as many records each, and the
 * device is told what is in each. Two looks through the scope's lines per range and no memory that grows with them.
 */
#include "config.h"

#include "pk-sync-ranges-private.h"

/**
 * pk_sync_ranges_new:
 *
 * Returns: (transfer full): nothing said yet
 */
PkSyncRanges *
pk_sync_ranges_new (void)
{
  PkSyncRanges *self = g_new (PkSyncRanges, 1);

  self->parts = g_array_new (FALSE, FALSE, sizeof (PkIdRangeSum));
  self->whole = g_array_new (FALSE, FALSE, sizeof (PkIdRange));
  return self;
}

/**
 * pk_sync_ranges_free:
 *
 * Frees it.
 */
void
pk_sync_ranges_free (PkSyncRanges *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->parts);
  g_array_unref (self->whole);
  g_free (self);
}

/* A walk through one range that begins a new part whenever the one before is full. */
typedef struct
{
  GArray *parts;
  PkIdRangeSum part;
  gint64 most;
} Division;

static gboolean
divide_cb (const PkLogLine *line, gpointer data)
{
  Division *self = data;
  PkIdRangeKey key = { line->entity->id, line->id };

  if (self->part.count == self->most)
    {
      self->part.range.to = key;
      g_array_append_val (self->parts, self->part);
      self->part = (PkIdRangeSum){ .range.from = key };
    }
  self->part.count++;
  pk_fingerprint_add (&self->part.fingerprint, line->entity->id, &line->id, line->seq);
  return TRUE;
}

static gboolean
divide (PkSyncRanges *self,
        PkStore *store,
        gint64 scope,
        const PkIdRange *range,
        gint64 count,
        GError **error)
{
  Division division = { self->parts,
                        { .range.from = range->from },
                        (count + PK_ID_RANGE_PARTS - 1) / PK_ID_RANGE_PARTS };

  if (!pk_store_visit_range (store, scope, range, divide_cb, &division, error))
    return FALSE;
  division.part.range.to = range->to;
  g_array_append_val (self->parts, division.part);
  return TRUE;
}

static gboolean
look_at (PkSyncRanges *self,
         PkStore *store,
         gint64 scope,
         const PkIdRange *range,
         PkLogVisitor send_row,
         gpointer data,
         GError **error)
{
  gint64 count = 0;

  if (!range->wants_rows && !pk_store_count_range (store, scope, range, &count, error))
    return FALSE;
  if (count > PK_ID_RANGE_LEAF)
    return divide (self, store, scope, range, count, error);
  g_array_append_val (self->whole, *range);
  return pk_store_visit_range (store, scope, range, send_row, data, error);
}

/**
 * pk_sync_ranges_look:
 * @scope: the scope's number
 * @ranges: (element-type PkIdRange): what the device asks for
 * @send_row: shown what is in the ranges that are sent whole
 *
 * Finds out what is to be said of the ranges.
 *
 * Returns: %TRUE if the store could be read
 */
gboolean
pk_sync_ranges_look (PkSyncRanges *self,
                     PkStore *store,
                     gint64 scope,
                     GArray *ranges,
                     PkLogVisitor send_row,
                     gpointer data,
                     GError **error)
{
  for (guint i = 0; i < ranges->len; i++)
    if (!look_at (self, store, scope, &g_array_index (ranges, PkIdRange, i), send_row, data, error))
      return FALSE;
  return TRUE;
}

/*
 * The keeper has one job under way at a time: look for stale scopes, make the first one's snapshot, publish it, look again. A
 * failure is logged and tried at the next look; without snapshots everything works, only first syncs are slower.
 */
#include "config.h"

#include "pk-snapshot-keeper.h"

#include "pk-snapshot.h"
#include "pk-store-others.h"

struct _PkSnapshotKeeper
{
  GObject parent_instance;
  PkServicePool *pool;       /* (owned) */
  GCancellable *cancellable; /* (owned) */
  gint64 least_rows;
  guint delay_s;
  guint timeout; /* 0: none */
  gboolean is_busy;
  gboolean wants_look; /* something changed while busy */
};

G_DEFINE_FINAL_TYPE (PkSnapshotKeeper, pk_snapshot_keeper, G_TYPE_OBJECT)

/* Of several processes one makes a scope's snapshot; the others take the next scope. */
static gboolean
make_if_free (PkService *service, gint64 scope, PkSnapshotRow **row_out, GError **error)
{
  PkStore *store = pk_service_get_store (service);
  g_autofree char *work = g_strdup_printf ("snapshot %" G_GINT64_FORMAT, scope);
  gboolean is_ours;

  *row_out = NULL;
  if (!pk_store_claim (store, work, &is_ours, error))
    return FALSE;
  if (!is_ours)
    return TRUE;
  *row_out = pk_snapshot_make (service, scope, error);
  return pk_store_yield (store, work, *row_out != NULL ? error : NULL) && *row_out != NULL;
}

static gpointer
make_next (PkService *service,
           gpointer data,
           GCancellable *cancellable G_GNUC_UNUSED,
           GError **error)
{
  gint64 least_rows = *(gint64 *) data;
  g_autoptr (GArray) stale = pk_snapshot_find_stale (service, least_rows, error);

  for (guint i = 0; stale != NULL && i < stale->len; i++)
    {
      PkSnapshotRow *row;
      if (!make_if_free (service, g_array_index (stale, gint64, i), &row, error) || row != NULL)
        return row;
    }
  return NULL;
}

static gpointer
publish (PkService *service, gpointer data, GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  return pk_snapshot_publish (service, data, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
finish_look (PkSnapshotKeeper *self, const GError *error)
{
  self->is_busy = FALSE;
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("Making snapshots: %s", error->message);
  if (self->wants_look && error == NULL)
    pk_snapshot_keeper_look (self);
}

static void
published_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkSnapshotKeeper) self = user_data;
  g_autoptr (GError) error = NULL;

  pk_service_pool_finish (PK_SERVICE_POOL (source), result, &error);
  self->wants_look = self->wants_look || error == NULL;
  finish_look (self, error);
}

static void
free_row (gpointer data)
{
  pk_snapshot_row_free (data);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PkSnapshotKeeper) self = user_data;
  g_autoptr (GError) error = NULL;
  PkSnapshotRow *row = pk_service_pool_finish (PK_SERVICE_POOL (source), result, &error);

  if (row == NULL)
    {
      finish_look (self, error);
      return;
    }
  PkServiceJob job = { publish, row, free_row, NULL, PK_PRIORITY_UPKEEP };
  pk_service_pool_write_async (self->pool,
                               &job,
                               self->cancellable,
                               published_cb,
                               g_object_ref (self));
}

/**
 * pk_snapshot_keeper_look:
 *
 * Looks now for scopes that want a new snapshot.
 */
void
pk_snapshot_keeper_look (PkSnapshotKeeper *self)
{
  g_return_if_fail (PK_IS_SNAPSHOT_KEEPER (self));

  self->wants_look = self->is_busy;
  if (self->is_busy || g_cancellable_is_cancelled (self->cancellable))
    return;
  self->is_busy = TRUE;
  gint64 *least_rows = g_new (gint64, 1);
  *least_rows = self->least_rows;
  PkServiceJob job = { make_next, least_rows, g_free, free_row, PK_PRIORITY_UPKEEP };
  pk_service_pool_read_async (self->pool, &job, self->cancellable, made_cb, g_object_ref (self));
}

/**
 * pk_snapshot_keeper_is_idle:
 *
 * Returns: whether nothing is under way or waited for
 */
gboolean
pk_snapshot_keeper_is_idle (PkSnapshotKeeper *self)
{
  return !self->is_busy && self->timeout == 0;
}

static gboolean
timeout_cb (gpointer user_data)
{
  PkSnapshotKeeper *self = user_data;

  self->timeout = 0;
  pk_snapshot_keeper_look (self);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (PkSnapshotKeeper *self)
{
  if (self->timeout == 0)
    self->timeout = g_timeout_add_seconds (self->delay_s, timeout_cb, self);
}

static void
pk_snapshot_keeper_dispose (GObject *object)
{
  PkSnapshotKeeper *self = PK_SNAPSHOT_KEEPER (object);

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->pool);
  G_OBJECT_CLASS (pk_snapshot_keeper_parent_class)->dispose (object);
}

static void
pk_snapshot_keeper_finalize (GObject *object)
{
  g_object_unref (PK_SNAPSHOT_KEEPER (object)->cancellable);
  G_OBJECT_CLASS (pk_snapshot_keeper_parent_class)->finalize (object);
}

static void
pk_snapshot_keeper_class_init (PkSnapshotKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pk_snapshot_keeper_dispose;
  G_OBJECT_CLASS (klass)->finalize = pk_snapshot_keeper_finalize;
}

static void
pk_snapshot_keeper_init (PkSnapshotKeeper *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * pk_snapshot_keeper_new:
 * @least_rows: scopes with fewer records need no snapshot
 * @delay_s: how long after a change it looks; changes in between are looked at together
 *
 * Returns: (transfer full): a keeper that follows @pool
 */
PkSnapshotKeeper *
pk_snapshot_keeper_new (PkServicePool *pool, gint64 least_rows, guint delay_s)
{
  PkSnapshotKeeper *self = g_object_new (PK_TYPE_SNAPSHOT_KEEPER, NULL);

  self->pool = g_object_ref (pool);
  self->least_rows = least_rows;
  self->delay_s = delay_s;
  g_signal_connect_object (pool, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

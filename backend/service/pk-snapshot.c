/*
 * Making snapshots. Three steps on three threads' terms: finding what is stale reads a few rows, making one reads a scope and
 * writes a file (a reader's work, minutes at the most), publishing is one row in the store (the writer's work).
 */
#include "config.h"

#include "pk-snapshot.h"

#include "pk-file-error.h"
#include "pk-model-tables.h"
#include "pk-problem.h"
#include "pk-scope.h"
#include "pk-store-grants.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-snapshots.h"
#include "pk-zstd.h"

#include <glib/gstdio.h>

/* Level 3 is the best of size and speed here: higher ones cost the server seconds and save the laptop nothing it notices. */
#define ZSTD_LEVEL 3
/* A snapshot is made anew when a tenth of the scope's records changed since: the pull that follows it stays small. */
#define STALE_PART 10

typedef struct
{
  gint64 n;
  gint64 most;
} Counter;

static gboolean
count_line_cb (const PkLogLine *line G_GNUC_UNUSED, gpointer data)
{
  Counter *counter = data;

  return ++counter->n < counter->most;
}

static gboolean
is_old (PkStore *store, const PkStoreScope *scope, gboolean *is_stale_out, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PkSnapshotRow) row = pk_store_find_snapshot (store, scope->number, &local_error);
  Counter counter = { 0, scope->count / STALE_PART + 1 };

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *is_stale_out = row == NULL || row->seq < scope->horizon;
  if (*is_stale_out || row->seq >= scope->last_seq)
    return TRUE;
  if (!pk_store_visit_log (store,
                           scope->number,
                           row->seq,
                           G_MAXINT64,
                           count_line_cb,
                           &counter,
                           error))
    return FALSE;
  *is_stale_out = counter.n >= counter.most;
  return TRUE;
}

/*
 * A person's own scope is never a snapshot: nobody would share it, and so it is in the first answer of all, before the large
 * scopes' snapshots are even asked for. That is what lets one work on one's own tasks while the rest comes.
 */
static gboolean
is_shared (const PkStoreScope *scope)
{
  PkScopeKind kind;
  PkId id;

  return !pk_scope_name_parse (scope->name, &kind, &id) || kind != PK_SCOPE_PERSON;
}

static gboolean
is_stale (PkStore *store, const PkStoreScope *scope, gboolean *is_stale_out, GError **error)
{
  gboolean has_guarded = FALSE;

  if (!is_old (store, scope, is_stale_out, error) ||
      (*is_stale_out && !pk_store_has_guarded (store, scope->number, &has_guarded, error)))
    return FALSE;
  *is_stale_out = *is_stale_out && !has_guarded;
  return TRUE;
}

/**
 * pk_snapshot_find_stale:
 * @service: a reading service
 * @least_rows: scopes with fewer records need no snapshot
 *
 * A snapshot is shared by all who hold the scope, so one with records that are not wholly for all of them has none. Nor has a
 * person's own scope: it comes first, as rows.
 *
 * Returns: (transfer full) (nullable) (element-type gint64): numbers of the scopes that want a new snapshot
 */
GArray *
pk_snapshot_find_stale (PkService *service, gint64 least_rows, GError **error)
{
  PkStore *store = pk_service_get_store (service);
  g_autoptr (GPtrArray) scopes = pk_store_list_scopes (store, error);
  g_autoptr (GArray) stale = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (scopes == NULL)
    return NULL;
  for (guint i = 0; i < scopes->len; i++)
    {
      const PkStoreScope *scope = scopes->pdata[i];
      gboolean wants_one = FALSE;
      if (scope->count >= least_rows && is_shared (scope) &&
          !is_stale (store, scope, &wants_one, error))
        return NULL;
      if (wants_one)
        g_array_append_val (stale, scope->number);
    }
  return g_steal_pointer (&stale);
}

static PkSnapshotRow *
pack_and_name (PkStore *store, const char *plain, const char *packed, gint64 scope, GError **error)
{
  g_autofree char *sha256 = NULL;
  gint64 size;

  if (!pk_zstd_pack_file (plain, packed, ZSTD_LEVEL, &sha256, &size, error))
    return NULL;
  g_autofree char *path = pk_store_dup_snapshot_path (store, sha256);
  if (g_rename (packed, path) != 0)
    {
      pk_file_fail (error, "Naming a snapshot");
      return NULL;
    }
  PkSnapshotRow *row = pk_snapshot_row_new (scope, sha256);
  row->size = size;
  return row;
}

/**
 * pk_snapshot_make:
 * @service: a reading service
 * @scope: the scope's number
 *
 * Writes the file of a new snapshot. Nobody is told of it before [func@snapshot_publish].
 *
 * Returns: (transfer full) (nullable): what to publish
 */
PkSnapshotRow *
pk_snapshot_make (PkService *service, gint64 scope, GError **error)
{
  PkStore *store = pk_service_get_store (service);
  g_autofree char *folder = g_build_filename (pk_store_get_dir (store), "snapshots", NULL);
  g_autofree char *plain = g_strdup_printf ("%s/scope-%" G_GINT64_FORMAT ".db", folder, scope);
  g_autofree char *packed = g_strdup_printf ("%s/scope-%" G_GINT64_FORMAT ".part", folder, scope);
  gint64 rows = 0, seq = 0;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      pk_file_fail (error, "Making the folder of snapshots");
      return NULL;
    }
  g_unlink (plain);
  if (!pk_store_begin_reading (store, error))
    return NULL;
  gboolean is_written = pk_store_get_seq (store, &seq, error) &&
                        pk_store_write_scope_file (store, scope, plain, &rows, error);
  pk_store_rollback (store);
  PkSnapshotRow *row = is_written ? pack_and_name (store, plain, packed, scope, error) : NULL;
  g_unlink (plain);
  g_unlink (packed);
  if (row == NULL)
    return NULL;
  row->seq = seq;
  row->rows = rows;
  row->made_us = pk_service_now_us (service);
  return row;
}

static void
remove_unnamed (PkStore *store, const char *sha256)
{
  g_autoptr (GPtrArray) rows = pk_store_find_snapshots_by_sha256 (store, sha256, NULL);
  g_autofree char *path = pk_store_dup_snapshot_path (store, sha256);

  if (rows != NULL && rows->len == 0)
    g_unlink (path);
}

/**
 * pk_snapshot_publish:
 * @service: the writing service
 *
 * Makes @row the scope's snapshot and removes the file of the one before. A device in the middle of the old file finds it gone
 * and pulls again.
 *
 * Returns: %TRUE if it is published
 */
gboolean
pk_snapshot_publish (PkService *service, const PkSnapshotRow *row, GError **error)
{
  PkStore *store = pk_service_get_store (service);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PkSnapshotRow) old = pk_store_find_snapshot (store, row->scope, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (!pk_store_begin (store, error))
    return FALSE;
  if (!pk_store_put_snapshot (store, row, error))
    {
      pk_store_rollback (store);
      return FALSE;
    }
  if (!pk_store_commit (store, error))
    return FALSE;
  if (old != NULL && !g_str_equal (old->sha256, row->sha256))
    remove_unnamed (store, old->sha256);
  return TRUE;
}

static gboolean
holds_number (GArray *numbers, gint64 number)
{
  for (guint i = 0; i < numbers->len; i++)
    if (g_array_index (numbers, gint64, i) == number)
      return TRUE;
  return FALSE;
}

/**
 * pk_snapshot_may_read:
 * @sha256: the file's name
 * @may_read_out: (out): whether it is the snapshot of a scope that @person holds
 *
 * Returns: %TRUE if the question could be answered
 */
gboolean
pk_snapshot_may_read (PkService *service,
                      const PkId *person,
                      const char *sha256,
                      gboolean *may_read_out,
                      GError **error)
{
  PkStore *store = pk_service_get_store (service);
  g_autoptr (GPtrArray) rows = pk_store_find_snapshots_by_sha256 (store, sha256, error);
  g_autoptr (GArray) granted = rows ? pk_store_get_grant_numbers (store, person, error) : NULL;

  *may_read_out = FALSE;
  if (granted == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    *may_read_out = *may_read_out ||
                    holds_number (granted, ((PkSnapshotRow *) rows->pdata[i])->scope);
  return TRUE;
}

/**
 * pk_snapshot_dup_path:
 *
 * Returns: (transfer full): the file of a snapshot
 */
char *
pk_snapshot_dup_path (PkService *service, const char *sha256)
{
  return pk_store_dup_snapshot_path (pk_service_get_store (service), sha256);
}

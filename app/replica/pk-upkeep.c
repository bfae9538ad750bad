/*
 * What can wait until nobody does, in slices: indexes that a bootstrap left out, the search index, forgetting what is old, moving the WAL
 * into the file. On the writer's thread.
 */
#include "config.h"

#include "pk-writer-private.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#define STEPS_A_LOOK          1000 /* of SQLite: some 50 microseconds */
#define MOST_WAL_BYTES        (8 * 1024 * 1024)
#define MOST_OUTBOX_WAL_BYTES (1024 * 1024)
#define PRUNE_EVERY_US        G_TIME_SPAN_DAY
#define CHECK_EVERY_US        (7 * G_TIME_SPAN_DAY)

static gboolean
forget_dropped (PkWriter *self, gboolean *is_done_out, GError **error)
{
  gint64 must_forget;

  *is_done_out = FALSE;
  if (!pk_meta_get_int (self->sql, "must_forget", 0, &must_forget, error))
    return FALSE;
  if (!must_forget)
    return TRUE;
  *is_done_out = TRUE;
  return pk_search_forget (self, error) && pk_meta_set_int (self->sql, "must_forget", 0, error) &&
         pk_sql_checkpoint (self->sql, error);
}

static gboolean
prune (PkWriter *self, GError **error)
{
  gint64 pruned_us, now_us = pk_clock_now_us (self->clock);
  guint n_gone;

  if (!pk_meta_get_int (self->outbox, "pruned", 0, &pruned_us, error))
    return FALSE;
  if (now_us - pruned_us < PRUNE_EVERY_US && now_us >= pruned_us)
    return TRUE;
  return pk_outbox_prune (self, &n_gone, error) &&
         pk_meta_set_int (self->outbox, "pruned", now_us, error);
}

/* Once a week all pages are looked at, so that damage is found before somebody needs what it hit. */
static gboolean
check_file (PkWriter *self, GError **error)
{
  gint64 checked_us, n_faults, now_us = pk_clock_now_us (self->clock);

  if (!pk_meta_get_int (self->sql, "checked", 0, &checked_us, error))
    return FALSE;
  if (checked_us == 0)
    return pk_meta_set_int (self->sql, "checked", now_us, error);
  if (now_us - checked_us < CHECK_EVERY_US)
    return TRUE;
  if (!pk_sql_get_int (self->sql,
                       "SELECT count(*) FROM pragma_quick_check WHERE quick_check != 'ok'",
                       &n_faults,
                       error))
    return FALSE;
  if (n_faults == 0)
    return pk_meta_set_int (self->sql, "checked", now_us, error);
  g_set_error (error,
               PK_SQL_ERROR,
               PK_SQL_ERROR_CORRUPT,
               "The replica has %d faults",
               (int) n_faults);
  return FALSE;
}

/* A checkpoint waits for the disk, and whoever comes next waits for it: not after each change. */
static gboolean
checkpoint (PkSql *sql, gint64 most_bytes, GError **error)
{
  g_autofree char *wal = g_strconcat (pk_sql_get_path (sql), "-wal", NULL);
  GStatBuf status;

  return g_stat (wal, &status) != 0 || status.st_size <= most_bytes ||
         pk_sql_checkpoint (sql, error);
}

static gboolean
tidy (PkWriter *self, GError **error)
{
  return prune (self, error) && check_file (self, error) && pk_writer_sweep_blobs (self, error) &&
         checkpoint (self->sql, MOST_WAL_BYTES, error) &&
         checkpoint (self->outbox, MOST_OUTBOX_WAL_BYTES, error);
}

static gboolean
do_slice (PkWriter *self, gboolean *has_more_out, GError **error)
{
  gboolean is_done = pk_indexes_make_next (self, has_more_out, error);

  if (is_done && !*has_more_out)
    is_done = pk_search_follow_slice (self, has_more_out, error);
  if (is_done && !*has_more_out)
    is_done = forget_dropped (self, has_more_out, error);
  if (is_done && !*has_more_out)
    is_done = pk_search_fill_slice (self, has_more_out, error);
  return is_done && (*has_more_out || tidy (self, error));
}

/* While a statement of upkeep runs: ends it where a person waits. */
static int
progress_cb (void *data)
{
  PkWriter *self = data;

  self->has_yielded = self->must_yield (self->yield_data);
  return self->has_yielded;
}

static gboolean
do_patient_slice (PkWriter *self, gboolean *has_more_out, GError **error)
{
  sqlite3 *handle = pk_sql_get_handle (self->sql);

  self->has_yielded = FALSE;
  if (self->must_yield == NULL)
    return do_slice (self, has_more_out, error);
  sqlite3_progress_handler (handle, STEPS_A_LOOK, progress_cb, self);
  gboolean is_done = do_slice (self, has_more_out, error);
  sqlite3_progress_handler (handle, 0, NULL, NULL);
  return is_done;
}

/**
 * pk_writer_do_upkeep:
 * @has_more_out: (out): whether there is more to do now
 *
 * Does one slice, or gives way to a person who waits; then the slice is begun again the next time.
 *
 * Errors: %PK_REPLICA_ERROR_FULL; nothing is lost by it
 * Returns: %TRUE if it was done
 */
gboolean
pk_writer_do_upkeep (PkWriter *self, gboolean *has_more_out, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean is_done = do_patient_slice (self, has_more_out, &local_error);

  if (!is_done && self->has_yielded)
    {
      pk_writer_rollback (self);
      *has_more_out = TRUE;
      return TRUE;
    }
  if (pk_writer_guard (self, is_done, &local_error))
    return TRUE;
  *has_more_out = FALSE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

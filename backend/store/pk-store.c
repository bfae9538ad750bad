/*
 * A handle on the store: its file, its transactions, its numbers. The writer keeps the last number and the scopes' counters in
 * memory while a transaction runs and writes them once, before the commit; a savepoint that is undone takes them back too.
 */
#include "config.h"

#include "pk-store.h"

#include "pk-store-files-private.h"
#include "pk-store-meta.h"
#include "pk-store-private.h"
#include "pk-store-unfinished.h"
#if PK_HAS_POSTGRES
#include "pk-postgres.h"
#endif

static gboolean
make_folders (const char *dir, GError **error)
{
  static const char *const names[] = { "blobs", "uploads", "snapshots" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (dir, names[i], NULL);
      if (!pk_store_make_folder (path, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * pk_store_dup_address:
 *
 * Returns: (transfer full) (nullable): the address of the folder's database; NULL where it is DIR/pakobla.db
 */
char *
pk_store_dup_address (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, PK_STORE_ADDRESS, NULL);
  char *address = NULL;

  return g_file_get_contents (path, &address, NULL, NULL) ? g_strstrip (address) : NULL;
}

#if PK_HAS_POSTGRES
static gboolean
connect (PkStore *self, const char *address, PkSqlFlags flags, GError **error)
{
  self->engine = &pk_store_postgres;
  self->sql = pk_postgres_open (address, flags, error);
  return self->sql != NULL;
}
#else
static gboolean
connect (PkStore *self G_GNUC_UNUSED,
         const char *address G_GNUC_UNUSED,
         PkSqlFlags flags G_GNUC_UNUSED,
         GError **error)
{
  g_set_error_literal (error,
                       PK_SQL_ERROR,
                       PK_SQL_ERROR_FAILED,
                       "This program was built without PostgreSQL");
  return FALSE;
}
#endif

static gboolean
open_database (PkStore *self, const char *address, GError **error)
{
  PkSqlFlags flags = self->mode == PK_STORE_READ_ONLY ? PK_SQL_READ_ONLY : PK_SQL_READ_WRITE;

  if (address != NULL)
    return connect (self, address, flags, error);
  g_autofree char *path = g_build_filename (self->dir, "pakobla.db", NULL);
  self->engine = &pk_store_sqlite;
  self->sql = pk_sql_open (path, flags, error);
  return self->sql != NULL;
}

/**
 * pk_store_open_at:
 * @address: (nullable): where the rows are; NULL: in DIR/pakobla.db
 *
 * Opens the store as [func@store_open] does, whatever the folder says of its database.
 *
 * Returns: (transfer full): the handle
 */
PkStore *
pk_store_open_at (const char *dir,
                  const char *address,
                  PkStoreMode mode,
                  PkIdSource *ids,
                  GError **error)
{
  g_autoptr (PkStore) self = g_new0 (PkStore, 1);

  self->dir = g_strdup (dir);
  self->mode = mode;
  self->ids = pk_id_source_ref (ids);
  self->seq = self->saved_seq = -1;
  self->seq_marks = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->counters = pk_scope_counters_new ();
  self->places = pk_places_new ();
  self->later_rows = pk_later_rows_new ();
  self->holdings =
      g_hash_table_new_full (pk_id_hash, pk_id_equal, g_free, (GDestroyNotify) g_array_unref);
  self->update_texts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->other_texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->scope_numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (mode == PK_STORE_READ_WRITE && !make_folders (dir, error))
    return NULL;
  if (mode == PK_STORE_READ_WRITE)
    pk_unfinished_clear (dir);
  if (!open_database (self, address, error))
    return NULL;
  self->tables = pk_tables_new (self->sql);
  if (mode == PK_STORE_READ_WRITE && !pk_store_set_up_schema (self, error))
    {
      g_prefix_error (error, "%s: ", pk_sql_get_path (self->sql));
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * pk_store_open:
 * @dir: the folder; made where the writer finds none
 * @ids: where the id of a new history comes from
 *
 * Opens the store for the calling thread. The writer brings an older database up to date first.
 *
 * Errors: of the driver: the file is damaged, from a newer program, or cannot be reached
 * Returns: (transfer full): the handle
 */
PkStore *
pk_store_open (const char *dir, PkStoreMode mode, PkIdSource *ids, GError **error)
{
  g_autofree char *address = pk_store_dup_address (dir);

  return pk_store_open_at (dir, address, mode, ids, error);
}

/**
 * pk_store_close:
 *
 * Closes the handle; an open transaction is undone.
 */
void
pk_store_close (PkStore *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->tables, pk_tables_free);
  g_clear_pointer (&self->sql, pk_sql_close);
  g_clear_pointer (&self->counters, pk_scope_counters_free);
  g_clear_pointer (&self->places, pk_places_free);
  g_clear_pointer (&self->later_rows, pk_later_rows_free);
  g_clear_pointer (&self->holdings, g_hash_table_unref);
  g_clear_pointer (&self->update_texts, g_hash_table_unref);
  g_clear_pointer (&self->other_texts, g_hash_table_unref);
  g_clear_pointer (&self->scope_numbers, g_hash_table_unref);
  g_clear_pointer (&self->seq_marks, g_array_unref);
  g_clear_pointer (&self->ids, pk_id_source_unref);
  g_free (self->dir);
  g_free (self);
}

/**
 * pk_store_adopt:
 *
 * Makes the calling thread the owner of the handle.
 */
void
pk_store_adopt (PkStore *self)
{
  pk_sql_adopt (self->sql);
}

/**
 * pk_store_get_dir:
 *
 * Returns: (transfer none): the folder
 */
const char *
pk_store_get_dir (PkStore *self)
{
  return self->dir;
}

/* Memory stays bounded however much a transaction changes; within a savepoint that is the caller's one step. */
#define MOST_KEPT 8192

static gboolean
write_kept (PkStore *self, GError **error)
{
  return pk_later_rows_write (self->later_rows, self->tables, error) &&
         pk_places_write (self->places, self, error);
}

/**
 * pk_store_is_writing:
 *
 * Returns: whether a writing transaction is open
 */
gboolean
pk_store_is_writing (PkStore *self)
{
  return self->seq >= 0 && self->mode == PK_STORE_READ_WRITE && pk_sql_in_transaction (self->sql);
}

/**
 * pk_store_keep_little:
 *
 * Writes what the transaction has kept back, if that is much and no savepoint is open.
 *
 * Returns: %TRUE if that went well, or nothing was to be done
 */
gboolean
pk_store_keep_little (PkStore *self, GError **error)
{
  gboolean is_much = pk_later_rows_get_size (self->later_rows) > MOST_KEPT ||
                     pk_places_get_size (self->places) > MOST_KEPT;

  return !is_much || self->seq_marks->len > 0 || write_kept (self, error);
}

/**
 * pk_store_settle_log:
 *
 * Writes the lines of the log that the transaction has kept back. Not while a savepoint is open.
 *
 * Returns: %TRUE if the table says all
 */
gboolean
pk_store_settle_log (PkStore *self, GError **error)
{
  return pk_places_get_size (self->places) == 0 || pk_places_write (self->places, self, error);
}

/**
 * pk_store_settle_rows:
 *
 * Writes the rows that the transaction has kept back, where some are the entity's.
 *
 * Returns: %TRUE if the table has all
 */
gboolean
pk_store_settle_rows (PkStore *self, const PkEntity *entity, GError **error)
{
  return !pk_later_rows_has (self->later_rows, entity) ||
         pk_later_rows_write (self->later_rows, self->tables, error);
}

static void
forget_kept (PkStore *self)
{
  pk_scope_counters_forget (self->counters);
  pk_places_forget (self->places);
  pk_later_rows_forget (self->later_rows);
  g_hash_table_remove_all (self->holdings);
}

static void
forget_new_scopes (PkStore *self)
{
  if (self->has_new_scopes)
    g_hash_table_remove_all (self->scope_numbers);
}

/**
 * pk_store_begin:
 *
 * Begins a writing transaction; alone, but after [func@store_write_beside].
 *
 * Returns: %TRUE if it has begun
 */
gboolean
pk_store_begin (PkStore *self, GError **error)
{
  g_return_val_if_fail (self->mode == PK_STORE_READ_WRITE, FALSE);

  guint32 lanes = self->lanes;

  self->lanes = 0;
  if (self->is_shared)
    return pk_store_begin_share (self, error);
  if (!pk_sql_begin (self->sql, error))
    return FALSE;
  forget_kept (self);
  g_array_set_size (self->seq_marks, 0);
  self->seq = self->saved_seq = -1;
  if (self->engine->begin (self, lanes, error))
    {
      self->seq = self->saved_seq;
      return TRUE;
    }
  pk_sql_rollback (self->sql);
  return FALSE;
}

/**
 * pk_store_is_lost:
 *
 * Returns: whether the database cannot be reached through this handle any more; another one may
 */
gboolean
pk_store_is_lost (PkStore *self)
{
  return pk_sql_is_lost (self->sql);
}

/**
 * pk_store_write_beside:
 * @families: (array length=n_families) (nullable): what every change of the next writing transaction belongs to
 * @n_families: 0: it cannot be said
 *
 * Says of the next writing transaction that others may write meanwhile, as long as they name none of the same families. All that
 * it reads to decide must be of these families too, or such as is changed only by those who are alone. Means nothing where there
 * is one writer.
 */
void
pk_store_write_beside (PkStore *self, const PkId *families, guint n_families)
{
  self->lanes = 0;
  for (guint i = 0; i < n_families; i++)
    self->lanes |= (guint32) 1 << pk_id_hash (&families[i]) % PK_STORE_N_LANES;
}

/**
 * pk_store_is_conflict:
 *
 * Returns: whether another transaction came between. A key that is taken counts too: it was looked for before, and not there
 */
gboolean
pk_store_is_conflict (const GError *error)
{
  return g_error_matches (error, PK_SQL_ERROR, PK_SQL_ERROR_CONFLICT) ||
         g_error_matches (error, PK_SQL_ERROR, PK_SQL_ERROR_CONSTRAINT);
}

/**
 * pk_store_begin_reading:
 *
 * Begins a transaction in which all reading sees one state. Ended by [func@store_rollback].
 *
 * Returns: %TRUE if it has begun
 */
gboolean
pk_store_begin_reading (PkStore *self, GError **error)
{
  self->seq = self->saved_seq = -1;
  return pk_sql_begin_reading (self->sql, error);
}

static gboolean
write_numbers (PkStore *self, GError **error)
{
  if (!write_kept (self, error) || !pk_scope_counters_write (self->counters, self, error))
    return FALSE;
  g_hash_table_remove_all (self->holdings);
  return self->seq == self->saved_seq || self->engine->write_seq (self, error);
}

/**
 * pk_store_commit:
 *
 * Commits; where that fails, everything is undone.
 *
 * Returns: %TRUE if what was written is durable
 */
gboolean
pk_store_commit (PkStore *self, GError **error)
{
  if (self->is_shared)
    return pk_store_release (self, error);
  if (!write_numbers (self, error))
    {
      pk_store_rollback (self);
      return FALSE;
    }
  if (pk_sql_commit (self->sql, error))
    {
      self->saved_seq = self->seq;
      self->has_new_scopes = FALSE;
      return TRUE;
    }
  pk_store_rollback (self);
  return FALSE;
}

/**
 * pk_store_rollback:
 *
 * Undoes the transaction, if there is one; ends a reading one.
 */
void
pk_store_rollback (PkStore *self)
{
  if (self->is_shared)
    {
      pk_store_rollback_share (self);
      return;
    }
  pk_sql_rollback (self->sql);
  forget_kept (self);
  forget_new_scopes (self);
  g_array_set_size (self->seq_marks, 0);
  self->seq = self->saved_seq = -1;
}

/**
 * pk_store_savepoint:
 *
 * Marks a point in the transaction; points nest.
 *
 * Returns: %TRUE if it is marked
 */
gboolean
pk_store_savepoint (PkStore *self, GError **error)
{
  if (!pk_sql_savepoint (self->sql, error))
    return FALSE;
  g_array_append_val (self->seq_marks, self->seq);
  pk_scope_counters_mark (self->counters);
  pk_places_mark (self->places);
  pk_later_rows_mark (self->later_rows);
  return TRUE;
}

/**
 * pk_store_release:
 *
 * Keeps what was done since the last point.
 *
 * Returns: %TRUE if it is kept
 */
gboolean
pk_store_release (PkStore *self, GError **error)
{
  g_assert (self->seq_marks->len > 0);
  g_array_set_size (self->seq_marks, self->seq_marks->len - 1);
  pk_scope_counters_release (self->counters);
  pk_places_release (self->places);
  pk_later_rows_release (self->later_rows);
  return pk_sql_release (self->sql, error) && pk_store_keep_little (self, error);
}

/**
 * pk_store_rollback_to_savepoint:
 *
 * Undoes what was done since the last point, numbers and counters too, and takes the point away.
 */
void
pk_store_rollback_to_savepoint (PkStore *self)
{
  if (self->seq_marks->len == 0)
    return;
  self->seq = g_array_index (self->seq_marks, gint64, self->seq_marks->len - 1);
  g_array_set_size (self->seq_marks, self->seq_marks->len - 1);
  pk_scope_counters_rewind (self->counters);
  pk_places_rewind (self->places);
  pk_later_rows_rewind (self->later_rows);
  g_hash_table_remove_all (self->holdings);
  forget_new_scopes (self);
  pk_sql_rollback_to_savepoint (self->sql);
}

/**
 * pk_store_checkpoint:
 *
 * Upkeep of the writer: what was committed moves from the journal into the file.
 *
 * Returns: %TRUE if it was done, also if a reader kept it from finishing
 */
gboolean
pk_store_checkpoint (PkStore *self, GError **error)
{
  g_return_val_if_fail (self->mode == PK_STORE_READ_WRITE, FALSE);

  return self->engine->checkpoint (self, error);
}

/**
 * pk_store_run:
 * @statement: (nullable): what pk_sql_prepare() gave, with @error set where it is NULL
 *
 * Returns: %TRUE if it ran
 */
gboolean
pk_store_run (PkStatement *statement, GError **error)
{
  return statement != NULL && pk_statement_run (statement, error);
}

/**
 * pk_store_step:
 * @has_row_out: (out): whether there is a row; the statement is reset where there is none
 *
 * Returns: %FALSE if the query failed
 */
gboolean
pk_store_step (PkStatement *statement, gboolean *has_row_out, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *has_row_out = pk_statement_next (statement, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

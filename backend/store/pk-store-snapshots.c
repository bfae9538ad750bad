/*
 * Snapshots of scopes: rows that name them, and the making of the file, which is a database with the entities' tables, without
 * secondary indexes. It is written through a connection of its own: the store's file is never open twice for writing.
 */
#include "config.h"

#include "pk-store-snapshots.h"

#include "pk-hash.h"
#include "pk-store-log.h"
#include "pk-store-meta.h"
#include "pk-store-private.h"
#include "pk-store-records.h"

#define SNAPSHOT_COLUMNS "SELECT scope, sha256, size, seq, rows, made_us FROM snapshot"

/**
 * pk_snapshot_row_new:
 *
 * Returns: (transfer full): a row without numbers
 */
PkSnapshotRow *
pk_snapshot_row_new (gint64 scope, const char *sha256)
{
  PkSnapshotRow *self = g_new0 (PkSnapshotRow, 1);

  self->scope = scope;
  self->sha256 = g_strdup (sha256);
  return self;
}

/**
 * pk_snapshot_row_free:
 *
 * Frees the row.
 */
void
pk_snapshot_row_free (PkSnapshotRow *self)
{
  if (self == NULL)
    return;
  g_free (self->sha256);
  g_free (self);
}

/**
 * pk_store_dup_snapshot_path:
 * @sha256: 64 hexadecimal digits, checked by the caller
 *
 * Returns: (transfer full): where the compressed file is
 */
char *
pk_store_dup_snapshot_path (PkStore *self, const char *sha256)
{
  g_return_val_if_fail (pk_sha256_is_valid (sha256), NULL);

  return g_build_filename (self->dir, "snapshots", sha256, NULL);
}

static PkSnapshotRow *
read_row (PkStatement *query)
{
  PkSnapshotRow *row = pk_snapshot_row_new (pk_statement_get_int (query, 0),
                                            pk_statement_get_text (query, 1));

  row->size = pk_statement_get_int (query, 2);
  row->seq = pk_statement_get_int (query, 3);
  row->rows = pk_statement_get_int (query, 4);
  row->made_us = pk_statement_get_int (query, 5);
  return row;
}

/**
 * pk_store_put_snapshot:
 *
 * Makes it the scope's newest snapshot; the file of the one before is the caller's to remove once nobody fetches it.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_store_put_snapshot (PkStore *self, const PkSnapshotRow *row, GError **error)
{
  PkStatement *put = pk_sql_prepare (
      self->sql,
      "INSERT INTO snapshot (scope, sha256, size, seq, rows, made_us)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (scope) DO UPDATE SET"
      " sha256 = excluded.sha256, size = excluded.size, seq = excluded.seq, rows = excluded.rows,"
      " made_us = excluded.made_us",
      error);

  if (put == NULL)
    return FALSE;
  pk_statement_bind_int (put, 1, row->scope);
  pk_statement_bind_text (put, 2, row->sha256);
  pk_statement_bind_int (put, 3, row->size);
  pk_statement_bind_int (put, 4, row->seq);
  pk_statement_bind_int (put, 5, row->rows);
  pk_statement_bind_int (put, 6, row->made_us);
  return pk_statement_run (put, error);
}

/**
 * pk_store_find_snapshot:
 *
 * Returns: (transfer full) (nullable): the scope's newest snapshot; NULL without an error where there is none
 */
PkSnapshotRow *
pk_store_find_snapshot (PkStore *self, gint64 scope, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql, SNAPSHOT_COLUMNS " WHERE scope = ?1", error);
  gboolean has_row;

  if (query == NULL)
    return NULL;
  pk_statement_bind_int (query, 1, scope);
  if (!pk_store_step (query, &has_row, error) || !has_row)
    return NULL;
  PkSnapshotRow *row = read_row (query);
  pk_statement_reset (query);
  return row;
}

/**
 * pk_store_find_snapshots_by_sha256:
 *
 * Returns: (transfer full) (nullable) (element-type PkSnapshotRow): those that are this very file: who holds a scope of them may
 *   fetch it
 */
GPtrArray *
pk_store_find_snapshots_by_sha256 (PkStore *self, const char *sha256, GError **error)
{
  g_autoptr (GPtrArray)
      rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_snapshot_row_free);
  PkStatement *query = pk_sql_prepare (self->sql, SNAPSHOT_COLUMNS " WHERE sha256 = ?1", error);
  gboolean has_row;

  if (query == NULL)
    return NULL;
  pk_statement_bind_text (query, 1, sha256);
  while (pk_store_step (query, &has_row, error))
    {
      if (!has_row)
        return g_steal_pointer (&rows);
      g_ptr_array_add (rows, read_row (query));
    }
  return NULL;
}

/**
 * pk_store_delete_snapshot:
 *
 * Returns: %TRUE if the scope has no snapshot any more
 */
gboolean
pk_store_delete_snapshot (PkStore *self, gint64 scope, GError **error)
{
  PkStatement *remove = pk_sql_prepare (self->sql, "DELETE FROM snapshot WHERE scope = ?1", error);

  if (remove == NULL)
    return FALSE;
  pk_statement_bind_int (remove, 1, scope);
  return pk_statement_run (remove, error);
}

static gboolean
stop_at_first (PkRecord *record G_GNUC_UNUSED, gpointer data)
{
  *(gboolean *) data = TRUE;
  return FALSE;
}

/**
 * pk_store_has_guarded:
 * @scope: a scope's number
 * @has_out: (out): whether it holds records with fields that are not for everybody who sees them
 *
 * A file that all holders of a scope fetch is nothing for such a scope.
 *
 * Returns: %TRUE if the question could be answered
 */
gboolean
pk_store_has_guarded (PkStore *self, gint64 scope, gboolean *has_out, GError **error)
{
  *has_out = FALSE;
  for (guint i = 0; i < pk_model.n_entities && !*has_out; i++)
    if (pk_model.entities[i].is_guarded &&
        !pk_store_visit_scope (self, &pk_model.entities[i], scope, stop_at_first, has_out, error))
      return FALSE;
  return TRUE;
}

typedef struct
{
  PkTables *tables;
  gint64 rows;
  GError *error; /* (owned) (nullable) */
} Copy;

static gboolean
copy_record (PkRecord *record, gpointer data)
{
  Copy *copy = data;

  if (pk_record_get_entity (record)->is_guarded)
    {
      g_set_error_literal (&copy->error,
                           PK_SQL_ERROR,
                           PK_SQL_ERROR_FAILED,
                           "The scope holds what is not for all of its holders");
      return FALSE;
    }
  copy->rows++;
  return pk_tables_upsert (copy->tables, record, &copy->error);
}

static gboolean
copy_scope (PkStore *self, gint64 scope, Copy *copy, GError **error)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      if (!pk_store_visit_scope (self, &pk_model.entities[i], scope, copy_record, copy, error))
        return FALSE;
      if (copy->error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&copy->error));
          return FALSE;
        }
    }
  return TRUE;
}

/* What the file says of itself: the device checks count and fingerprint against it once the rows are copied. */
static gboolean
write_label (PkSql *sql, const PkStoreScope *scope, gint64 seq, GError **error)
{
  if (!pk_sql_exec (sql,
                    "CREATE TABLE snapshot_scope (name TEXT NOT NULL, seq INTEGER NOT NULL, count "
                    "INTEGER NOT NULL,"
                    " fp_high INTEGER NOT NULL, fp_low INTEGER NOT NULL) STRICT",
                    error))
    return FALSE;
  PkStatement *insert =
      pk_sql_prepare (sql, "INSERT INTO snapshot_scope VALUES (?1, ?2, ?3, ?4, ?5)", error);
  if (insert == NULL)
    return FALSE;
  pk_statement_bind_text (insert, 1, scope->name);
  pk_statement_bind_int (insert, 2, seq);
  pk_statement_bind_int (insert, 3, scope->count);
  pk_statement_bind_int (insert, 4, (gint64) scope->fingerprint.high);
  pk_statement_bind_int (insert, 5, (gint64) scope->fingerprint.low);
  return pk_statement_run (insert, error);
}

static gboolean
write_label_of (PkStore *self, PkSql *sql, gint64 number, GError **error)
{
  g_autoptr (PkStoreScope) scope = pk_store_get_scope (self, number, error);
  gint64 seq;

  return scope != NULL && pk_store_get_seq (self, &seq, error) &&
         write_label (sql, scope, seq, error);
}

/**
 * pk_store_write_scope_file:
 * @path: a file that does not exist yet
 * @rows_out: (out): how many records it holds
 *
 * Writes the records of a scope as they are in the handle's state, ordered by id, into a new database, with one row of
 * snapshot_scope that names the scope, its seq, count and fingerprint. The caller holds a reading
 * transaction, so that the file is of one seq; it compresses, syncs and renames the file.
 *
 * Returns: %TRUE if the file is complete
 */
gboolean
pk_store_write_scope_file (PkStore *self,
                           gint64 scope,
                           const char *path,
                           gint64 *rows_out,
                           GError **error)
{
  g_autoptr (PkSql) sql = pk_sql_open (path, PK_SQL_NO_JOURNAL, error);

  if (sql == NULL)
    return FALSE;
  g_autoptr (PkTables) tables = pk_tables_new (sql);
  Copy copy = { .tables = tables };
  if (!pk_sql_begin (sql, error) || !pk_tables_create (tables, "main", error) ||
      !copy_scope (self, scope, &copy, error) || !write_label_of (self, sql, scope, error))
    return FALSE;
  *rows_out = copy.rows;
  return pk_sql_commit (sql, error);
}

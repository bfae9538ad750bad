/* Snapshots for tests and benchmarks of the replica. */
#include "config.h"

#include "snapshot-file.h"

#include <zstd.h>

void
snapshot_file_begin (SnapshotFile *self, const char *path)
{
  g_autoptr (GError) error = NULL;

  *self = (SnapshotFile){ .path = g_strdup (path) };
  self->sql = pk_sql_open (path, PK_SQL_NO_JOURNAL, &error);
  g_assert_no_error (error);
  self->tables = pk_tables_new (self->sql);
  pk_sql_begin (self->sql, &error);
  pk_tables_create (self->tables, "main", &error);
  g_assert_no_error (error);
}

void
snapshot_file_add (SnapshotFile *self, PkRecord *record)
{
  g_autoptr (GError) error = NULL;

  pk_tables_upsert (self->tables, record, &error);
  g_assert_no_error (error);
  self->count++;
  pk_fingerprint_add (&self->fingerprint,
                      pk_record_get_entity (record)->id,
                      pk_record_get_id (record),
                      pk_record_get_seq (record));
}

static void
compress (const char *path, const char *compressed)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = 0;

  g_file_get_contents (path, &bytes, &size, &error);
  g_assert_no_error (error);
  gsize bound = ZSTD_compressBound (size);
  g_autofree char *packed = g_malloc (bound);
  gsize length = ZSTD_compress (packed, bound, bytes, size, 6);
  g_file_set_contents (compressed, packed, (gssize) length, &error);
  g_assert_no_error (error);
}

void
snapshot_file_end (SnapshotFile *self, const char *scope, gint64 seq, const char *compressed)
{
  g_autoptr (GError) error = NULL;

  pk_sql_exec (
      self->sql,
      "CREATE TABLE snapshot_scope (name TEXT NOT NULL, seq INTEGER NOT NULL, count INTEGER"
      " NOT NULL, fp_high INTEGER NOT NULL, fp_low INTEGER NOT NULL) STRICT",
      &error);
  g_assert_no_error (error);
  PkStatement *insert =
      pk_sql_prepare (self->sql, "INSERT INTO snapshot_scope VALUES (?1, ?2, ?3, ?4, ?5)", &error);
  pk_statement_bind_text (insert, 1, scope);
  pk_statement_bind_int (insert, 2, seq);
  pk_statement_bind_int (insert, 3, self->count);
  pk_statement_bind_int (insert, 4, (gint64) self->fingerprint.high);
  pk_statement_bind_int (insert, 5, (gint64) self->fingerprint.low);
  g_assert_true (pk_statement_run (insert, &error));
  g_assert_true (pk_sql_commit (self->sql, &error));
  pk_tables_free (self->tables);
  pk_sql_close (self->sql);
  compress (self->path, compressed);
  g_free (self->path);
}

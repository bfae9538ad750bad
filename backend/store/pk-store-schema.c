/*
 * The tables, and how older ones become these: numbered steps by hand for the store's own tables, and from the model what is
 * additive (a table, a field, an index that is missing), looked at only where steps were taken or the model gives other texts
 * than the last time. A version counts the steps that were taken; a database with more of them than this program knows is left
 * alone.
 */
#include "config.h"

#include "pk-query-store.h"
#include "pk-query.h"
#include "pk-store-meta.h"
#include "pk-store-private.h"

static const char *const steps[] = {
  /* 1: the log, who holds what, devices and their mutations */
  "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) STRICT, WITHOUT ROWID;"
  "CREATE TABLE series (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE scope (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
  " count INTEGER NOT NULL DEFAULT 0, fp_high INTEGER NOT NULL DEFAULT 0,"
  " fp_low INTEGER NOT NULL DEFAULT 0, last_seq INTEGER NOT NULL DEFAULT 0,"
  " horizon INTEGER NOT NULL DEFAULT 0) STRICT;"
  "CREATE TABLE scope_log (scope INTEGER NOT NULL, entity INTEGER NOT NULL, id BLOB NOT NULL,"
  " seq INTEGER NOT NULL, state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),"
  " PRIMARY KEY (scope, entity, id)) STRICT, WITHOUT ROWID;"
  "CREATE INDEX scope_log_seq ON scope_log (scope, seq, state);"
  "CREATE INDEX scope_log_record ON scope_log (entity, id);"
  "CREATE TABLE person_scope (person BLOB NOT NULL, scope INTEGER NOT NULL,"
  " PRIMARY KEY (person, scope)) STRICT, WITHOUT ROWID;"
  "CREATE TABLE person_grant (person BLOB PRIMARY KEY, epoch INTEGER NOT NULL)"
  " STRICT, WITHOUT ROWID;"
  "CREATE TABLE device (id BLOB PRIMARY KEY, person BLOB NOT NULL, name TEXT, app_version TEXT,"
  " created_us INTEGER NOT NULL, seen_us INTEGER NOT NULL, revoked_us INTEGER NOT NULL,"
  " last_n INTEGER NOT NULL, last_mutation BLOB NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE INDEX device_person ON device (person, created_us);"
  "CREATE TABLE mutation (id BLOB PRIMARY KEY, person BLOB NOT NULL, device BLOB NOT NULL,"
  " n INTEGER NOT NULL, verdict TEXT NOT NULL, at_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE UNIQUE INDEX mutation_n ON mutation (device, n);",
  /* 2: sign-in, contents, snapshots */
  "CREATE TABLE token (hash TEXT PRIMARY KEY, kind TEXT NOT NULL, family BLOB NOT NULL,"
  " person BLOB NOT NULL, device BLOB NOT NULL, created_us INTEGER NOT NULL,"
  " expires_us INTEGER NOT NULL, used_us INTEGER NOT NULL, data TEXT) STRICT, WITHOUT ROWID;"
  "CREATE INDEX token_family ON token (family);"
  "CREATE INDEX token_device ON token (device);"
  "CREATE INDEX token_expires ON token (expires_us);"
  "CREATE TABLE blob (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, stored_us INTEGER NOT NULL)"
  " STRICT, WITHOUT ROWID;"
  "CREATE TABLE upload (id BLOB PRIMARY KEY, person BLOB NOT NULL, sha256 TEXT,"
  " size INTEGER NOT NULL, received INTEGER NOT NULL, created_us INTEGER NOT NULL,"
  " expires_us INTEGER NOT NULL, data TEXT) STRICT, WITHOUT ROWID;"
  "CREATE INDEX upload_expires ON upload (expires_us);"
  "CREATE TABLE snapshot (scope INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL,"
  " seq INTEGER NOT NULL, rows INTEGER NOT NULL, made_us INTEGER NOT NULL) STRICT;"
  "CREATE INDEX snapshot_sha256 ON snapshot (sha256);",
  /* 3: the log by record, so that what changes together lies together; a scope's lines are found by their numbers */
  "CREATE TABLE new_log (entity INTEGER NOT NULL, id BLOB NOT NULL, scope INTEGER NOT NULL,"
  " seq INTEGER NOT NULL, state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),"
  " PRIMARY KEY (entity, id, scope)) STRICT, WITHOUT ROWID;"
  "INSERT INTO new_log (entity, id, scope, seq, state) SELECT entity, id, scope, seq, state"
  " FROM scope_log ORDER BY entity, id, scope;"
  "DROP TABLE scope_log;"
  "ALTER TABLE new_log RENAME TO scope_log;"
  "CREATE INDEX scope_log_seq ON scope_log (scope, seq, state);",
  /* 4: what waits to be judged again, by record; what is kept for those who may not write it; what devices say of themselves */
  "ALTER TABLE mutation ADD COLUMN later_record BLOB;"
  "CREATE INDEX mutation_later ON mutation (device, n) WHERE later_record IS NOT NULL;"
  "CREATE TABLE quarantine (id BLOB PRIMARY KEY, person BLOB NOT NULL, device BLOB NOT NULL,"
  " line TEXT NOT NULL, verdict TEXT NOT NULL, at_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE INDEX quarantine_person ON quarantine (person, at_us);"
  "CREATE TABLE device_report (device BLOB PRIMARY KEY, version TEXT, model INTEGER NOT NULL,"
  " n_unsent INTEGER NOT NULL, oldest_unsent_us INTEGER NOT NULL, n_repairs INTEGER NOT NULL,"
  " cursor INTEGER NOT NULL, pulled_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;",
  /* 5: no snapshots of scopes with absences, which told why somebody is away; how much is kept of one device */
  "DELETE FROM snapshot WHERE scope IN (SELECT scope FROM scope_log WHERE entity = 5);"
  "CREATE INDEX quarantine_device ON quarantine (device);",
};

static gboolean
take_steps (PkStore *self, gboolean *is_older_out, GError **error)
{
  gint64 version;

  if (!self->engine->get_version (self, &version, error))
    return FALSE;
  *is_older_out = version < (gint64) G_N_ELEMENTS (steps);
  if (version > (gint64) G_N_ELEMENTS (steps))
    {
      g_set_error (error,
                   PK_SQL_ERROR,
                   PK_SQL_ERROR_FAILED,
                   "The database is of a newer program (version %" G_GINT64_FORMAT ")",
                   version);
      return FALSE;
    }
  for (guint i = (guint) version; i < G_N_ELEMENTS (steps); i++)
    if (!pk_sql_exec (self->sql, steps[i], error) ||
        !self->engine->set_version (self, i + 1, error))
      return FALSE;
  return TRUE;
}

static gboolean
add_missing_fields (PkStore *self, const PkEntity *entity, GHashTable *columns, GError **error)
{
  for (guint i = 0; i < entity->n_fields; i++)
    {
      if (g_hash_table_contains (columns, entity->fields[i].name))
        continue;
      g_autofree char *text = pk_query_add_column (entity, i);
      if (!pk_sql_exec (self->sql, text, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
bring_to_model (PkStore *self, const PkEntity *entity, GError **error)
{
  g_autoptr (GHashTable) columns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!self->engine->find_columns (self, entity->name, columns, error))
    return FALSE;
  if (g_hash_table_size (columns) == 0)
    {
      g_autofree char *text = pk_query_create_table (entity, "main");
      if (!pk_sql_exec (self->sql, text, error))
        return FALSE;
    }
  else if (!add_missing_fields (self, entity, columns, error))
    return FALSE;
  if (!pk_tables_create_indexes (self->tables, entity, error))
    return FALSE;
  for (guint i = 0; i < entity->n_fields; i++)
    {
      g_autofree char *text = pk_query_create_ref_index (entity, i);
      if (text != NULL && !pk_sql_exec (self->sql, text, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
ensure_epoch (PkStore *self, GError **error)
{
  g_autofree char *text = NULL;
  PkId epoch;

  if (!pk_store_get_meta (self, "epoch", &text, error))
    return FALSE;
  return text != NULL || pk_store_renew_epoch (self, &epoch, error);
}

/* Of all texts that the model gives: who finds it in the database has nothing to add there. */
static char *
dup_fingerprint (void)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      const PkEntity *entity = &pk_model.entities[i];
      g_autofree char *table = pk_query_create_table (entity, "main");
      g_checksum_update (checksum, (const guchar *) table, -1);
      for (guint j = 0; j < entity->n_indexes; j++)
        {
          g_autofree char *text = pk_query_create_index (entity, j);
          g_checksum_update (checksum, (const guchar *) text, -1);
        }
      for (guint j = 0; j < entity->n_fields; j++)
        {
          g_autofree char *text = pk_query_create_ref_index (entity, j);
          g_checksum_update (checksum, (const guchar *) (text != NULL ? text : "-"), -1);
        }
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static gboolean
bring_all_to_model (PkStore *self, gboolean is_older, GError **error)
{
  g_autofree char *expected = dup_fingerprint ();
  g_autofree char *present = NULL;

  if (!pk_store_get_meta (self, "schema", &present, error))
    return FALSE;
  if (!is_older && g_strcmp0 (present, expected) == 0)
    return TRUE;
  for (guint i = 0; i < pk_model.n_entities; i++)
    if (!bring_to_model (self, &pk_model.entities[i], error))
      return FALSE;
  return pk_store_set_meta (self, "schema", expected, error);
}

static gboolean
set_up (PkStore *self, GError **error)
{
  gboolean is_older;

  return take_steps (self, &is_older, error) && bring_all_to_model (self, is_older, error) &&
         self->engine->complete_schema (self, error) && ensure_epoch (self, error);
}

/**
 * pk_store_set_up_schema:
 *
 * Brings an empty or older database to what this program expects, in one transaction.
 *
 * Returns: %TRUE if all tables are as they should be
 */
gboolean
pk_store_set_up_schema (PkStore *self, GError **error)
{
  if (!self->engine->begin_schema (self, error))
    return FALSE;
  if (set_up (self, error))
    return pk_sql_commit (self->sql, error);
  pk_sql_rollback (self->sql);
  return FALSE;
}

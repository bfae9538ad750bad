/*
 * Files of older programs. Nothing is changed before it is clear that this program may: a file of a newer one is refused as it is. What
 * only adds is done in one transaction; anything else fills a new file beside the old one, which gets its name when it is whole. A
 * crash anywhere leaves the old file, and the next start begins again.
 *
 * Where the server may have values for what is new, it is asked for everything once more: the scopes are forgotten, the records stay and
 * can be read and worked on. What comes overwrites them; at the first state that is whole, those that did not come go. The outbox
 * only ever gains columns: its lines name their own fields and model. On the writer's thread.
 */
#include "config.h"

#include "pk-migrate.h"

#include "pk-query-replica.h"
#include "pk-query.h"
#include "pk-tokenizer.h"

#include <glib/gstdio.h>

typedef struct
{
  gint64 version;
  gint64 model;
} Stamp;

static gboolean
read_stamp (PkSql *sql, Stamp *out, GError **error)
{
  return pk_meta_get_int (sql, "version", 1, &out->version, error) &&
         pk_meta_get_int (sql, "model", 0, &out->model, error);
}

static gboolean
write_stamp (PkSql *sql, const PkSchemaPlan *plan, GError **error)
{
  return pk_meta_set_int (sql, "version", pk_schema_plan_get_version (plan), error) &&
         (plan->model == 0 || pk_meta_set_int (sql, "model", plan->model, error));
}

static gboolean
is_current (const Stamp *stamp, const PkSchemaPlan *plan)
{
  return stamp->version == pk_schema_plan_get_version (plan) && stamp->model == plan->model;
}

/* What cannot be read is no newer file: whoever opens it sees to it. */
static gboolean
check_file (const char *path, const PkSchemaPlan *plan, GError **error)
{
  g_autoptr (PkSql) sql = pk_sql_open (path, PK_SQL_READ_ONLY | PK_SQL_MUST_EXIST, NULL);
  Stamp stamp;

  if (sql == NULL || !read_stamp (sql, &stamp, NULL) ||
      (stamp.version <= pk_schema_plan_get_version (plan) && stamp.model <= plan->model))
    return TRUE;
  g_set_error (error,
               PK_REPLICA_ERROR,
               PK_REPLICA_ERROR_TOO_NEW,
               "%s has version %" G_GINT64_FORMAT " and model %" G_GINT64_FORMAT
               ", this program knows %u and %u",
               path,
               stamp.version,
               stamp.model,
               pk_schema_plan_get_version (plan),
               plan->model);
  return FALSE;
}

/**
 * pk_migrate_check:
 *
 * Looks at both files before anything is changed.
 *
 * Errors: %PK_REPLICA_ERROR_TOO_NEW
 * Returns: %TRUE if neither was written by a newer program
 */
gboolean
pk_migrate_check (PkWriter *self, GError **error)
{
  guint generation = pk_replica_find_generation (self->directory);
  g_autofree char *outbox = pk_outbox_path (self->directory);
  g_autofree char *replica = pk_replica_path (self->directory, generation, "");

  return check_file (outbox, self->outbox_plan, error) &&
         (generation == 0 || check_file (replica, self->replica_plan, error));
}

static gboolean
run_steps (PkSql *sql,
           const PkSchemaPlan *plan,
           gint64 version,
           gboolean *asks_again,
           GError **error)
{
  for (; version < pk_schema_plan_get_version (plan); version++)
    {
      *asks_again |= plan->steps[version - 1].asks_again;
      if (!pk_sql_exec (sql, pk_schema_get_text (plan, version), error))
        return FALSE;
    }
  return TRUE;
}

/**
 * pk_migrate_outbox:
 *
 * Brings the outbox up to date, in one transaction.
 *
 * Returns: %TRUE if it is what this program writes
 */
gboolean
pk_migrate_outbox (PkWriter *self, GError **error)
{
  gboolean asks_again = FALSE;
  Stamp stamp;

  if (!read_stamp (self->outbox, &stamp, error))
    return FALSE;
  if (is_current (&stamp, self->outbox_plan))
    return TRUE;
  if (!pk_sql_begin (self->outbox, error))
    return FALSE;
  if (run_steps (self->outbox, self->outbox_plan, stamp.version, &asks_again, error) &&
      write_stamp (self->outbox, self->outbox_plan, error))
    return pk_sql_commit (self->outbox, error);
  pk_sql_rollback (self->outbox);
  return FALSE;
}

/* Empty where the file has no such table. */
static GHashTable *
find_columns (PkSql *sql, const char *schema, const char *table, GError **error)
{
  g_autoptr (GHashTable) columns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) local_error = NULL;
  PkStatement *query = pk_sql_prepare (sql, "SELECT name FROM pragma_table_info(?1, ?2)", error);

  if (query == NULL)
    return NULL;
  pk_statement_bind_text (query, 1, table);
  pk_statement_bind_text (query, 2, schema);
  while (pk_statement_next (query, &local_error))
    g_hash_table_add (columns, g_strdup (pk_statement_get_text (query, 0)));
  if (local_error == NULL)
    return g_steal_pointer (&columns);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static gboolean
add_columns (PkSql *sql, const PkEntity *entity, GHashTable *columns, GError **error)
{
  g_autofree char *title_key = pk_query_add_title_key (entity);

  if (title_key != NULL && !g_hash_table_contains (columns, "title_key") &&
      !pk_sql_exec (sql, title_key, error))
    return FALSE;
  for (guint i = 0; i < entity->n_fields; i++)
    {
      g_autofree char *text = pk_query_add_column (entity, i);
      if (!g_hash_table_contains (columns, entity->fields[i].name) &&
          !pk_sql_exec (sql, text, error))
        return FALSE;
    }
  return TRUE;
}

static guint
count_columns (const PkEntity *entity)
{
  return (pk_query_has_title_key (entity) ? 4 : 3) + entity->n_fields;
}

/* @is_wider: (inout): becomes %TRUE where the model has more than the file had. */
static gboolean
bring_to_model (PkSql *sql, gboolean *is_wider, GError **error)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      const PkEntity *entity = &pk_model.entities[i];
      g_autofree char *create = pk_query_create_table (entity, "main");
      g_autoptr (GHashTable) columns = find_columns (sql, "main", entity->name, error);
      if (columns == NULL)
        return FALSE;
      *is_wider |= g_hash_table_size (columns) < count_columns (entity);
      gboolean is_new = g_hash_table_size (columns) == 0;
      if (!(is_new ? pk_sql_exec (sql, create, error) : add_columns (sql, entity, columns, error)))
        return FALSE;
    }
  return pk_search_create (sql, error);
}

/* Records are as old as can be now: whatever the server has is newer. What it told of itself is kept. */
static gboolean
ask_again (PkSql *sql, GError **error)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      g_autofree char *text = pk_query_age (&pk_model.entities[i]);
      if (!pk_sql_exec (sql, text, error))
        return FALSE;
    }
  return pk_sql_exec (
             sql,
             "UPDATE base SET record = json_set (record, '$.seq', 0) WHERE record IS NOT NULL;"
             "DELETE FROM member; DELETE FROM scope",
             error) &&
         pk_meta_set_int (sql, "is_outdated", 1, error);
}

static gboolean
take_steps (PkWriter *self, const Stamp *stamp, GError **error)
{
  gboolean asks_again = FALSE;

  return run_steps (self->sql, self->replica_plan, stamp->version, &asks_again, error) &&
         bring_to_model (self->sql, &asks_again, error) &&
         (!asks_again || ask_again (self->sql, error)) &&
         pk_meta_set_int (self->sql, "has_indexes", 0, error) &&
         write_stamp (self->sql, self->replica_plan, error);
}

/**
 * pk_migrate_replica:
 *
 * Brings the replica's file that is open up to date, in one transaction. Indexes that are missing follow as upkeep.
 *
 * Returns: %TRUE if it is what this program writes
 */
gboolean
pk_migrate_replica (PkWriter *self, GError **error)
{
  Stamp stamp;

  if (!read_stamp (self->sql, &stamp, error))
    return FALSE;
  if (is_current (&stamp, self->replica_plan))
    return TRUE;
  if (!pk_sql_begin (self->sql, error))
    return FALSE;
  if (take_steps (self, &stamp, error))
    return pk_sql_commit (self->sql, error);
  pk_sql_rollback (self->sql);
  return FALSE;
}

static gboolean
copy_records (PkSql *sql, GError **error)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      const PkEntity *entity = &pk_model.entities[i];
      g_autoptr (GHashTable) columns = find_columns (sql, "snapshot", entity->name, error);
      if (columns == NULL)
        return FALSE;
      g_autofree char *text = pk_query_copy_common (entity, columns);
      if (g_hash_table_size (columns) > 0 && !pk_sql_exec (sql, text, error))
        return FALSE;
    }
  return pk_sql_exec (sql,
                      "INSERT INTO base (entity, id, record, n_unsent)"
                      " SELECT entity, id, record, n_unsent FROM snapshot.base;"
                      "INSERT INTO meta (name, value) SELECT name, value FROM snapshot.meta"
                      " WHERE name IN ('epoch', 'grants', 'seq')",
                      error);
}

static gboolean
fill (PkWriter *self, const char *old, GError **error)
{
  if (!pk_tokenizer_register (self->sql, error) || !pk_replica_create_tables (self, error) ||
      !pk_sql_attach (self->sql, old, "snapshot", error) || !pk_sql_begin (self->sql, error))
    return FALSE;
  if (!copy_records (self->sql, error) || !ask_again (self->sql, error))
    {
      pk_sql_rollback (self->sql);
      return FALSE;
    }
  return pk_sql_commit (self->sql, error) && pk_sql_detach (self->sql, "snapshot", error);
}

/**
 * pk_migrate_rebuild:
 * @generation: (inout): of the newest whole file; of the new one where one was made
 *
 * Where a step cannot be done in the file: makes the next one from it. Nothing is open then.
 *
 * Returns: %TRUE if @generation can be opened
 */
gboolean
pk_migrate_rebuild (PkWriter *self, guint *generation, GError **error)
{
  g_autofree char *old = pk_replica_path (self->directory, *generation, "");
  g_autofree char *part = pk_replica_path (self->directory, *generation + 1, ".part");
  g_autofree char *path = pk_replica_path (self->directory, *generation + 1, "");
  Stamp stamp = { pk_schema_plan_get_version (self->replica_plan), 0 };

  {
    g_autoptr (PkSql) sql = pk_sql_open (old, PK_SQL_READ_ONLY | PK_SQL_MUST_EXIST, NULL);
    if (sql == NULL || !read_stamp (sql, &stamp, NULL) ||
        !pk_schema_plan_rebuilds (self->replica_plan, stamp.version))
      return TRUE;
  }
  g_unlink (part);
  self->sql = pk_sql_open (part, PK_SQL_NO_JOURNAL, error);
  if (self->sql == NULL)
    return FALSE;
  self->tables = pk_tables_new (self->sql);
  gboolean is_done = fill (self, old, error);
  pk_writer_close_replica (self);
  if (!is_done || !pk_replica_put_in_place (self, part, path, error))
    {
      g_unlink (part);
      return FALSE;
    }
  ++*generation;
  return TRUE;
}

static gboolean
drop_records (PkWriter *self, const PkEntity *entity, GError **error)
{
  g_autofree char *text = pk_query_homeless (entity);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (PkId));
  g_autoptr (GError) local_error = NULL;
  PkStatement *query = pk_sql_prepare (self->sql, text, error);
  PkId id;

  if (query == NULL)
    return FALSE;
  while (pk_statement_next (query, &local_error))
    if (pk_statement_get_id (query, 0, &id))
      g_array_append_val (ids, id);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  for (guint i = 0; i < ids->len; i++)
    if (!pk_overlay_put_server (self, entity, &g_array_index (ids, PkId, i), NULL, error))
      return FALSE;
  return TRUE;
}

/**
 * pk_migrate_drop_outdated:
 *
 * The replica is whole again: records that the server did not send once more are not for this person any more. In a transaction.
 *
 * Returns: %TRUE if none of them is left
 */
gboolean
pk_migrate_drop_outdated (PkWriter *self, GError **error)
{
  gint64 is_outdated;

  if (!pk_meta_get_int (self->sql, "is_outdated", 0, &is_outdated, error))
    return FALSE;
  if (!is_outdated)
    return TRUE;
  for (guint i = 0; i < pk_model.n_entities; i++)
    if (!drop_records (self, &pk_model.entities[i], error))
      return FALSE;
  return pk_meta_set_int (self->sql, "is_outdated", 0, error);
}

/**
 * pk_migrate_find_grants:
 * @grants_out: (out): what to say of them when the server is asked
 *
 * As long as there may be records that the server did not send once more, a number that it never gives out: then it tells its state even
 * where nothing is new, and they can go.
 *
 * Returns: %TRUE unless the file could not be read
 */
gboolean
pk_migrate_find_grants (PkWriter *self, gint64 *grants_out, GError **error)
{
  gint64 is_outdated;

  if (!pk_meta_get_int (self->sql, "is_outdated", 0, &is_outdated, error) ||
      !pk_meta_get_int (self->sql, "grants", 0, grants_out, error))
    return FALSE;
  if (is_outdated)
    *grants_out = 0;
  return TRUE;
}

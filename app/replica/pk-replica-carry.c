/*
 * What a replica holds goes over into the file that is built to take its place: records, their scopes and cursors, the bases below
 * own work, and what is known of the server. Indexes and the search index are made anew. On the writer's thread, whose connection is
 * the new file's.
 */
#include "config.h"

#include "pk-writer-private.h"

#include "pk-query-replica.h"
#include "pk-query.h"

static gboolean
carry_members (PkWriter *self, gint64 from, gint64 to, GError **error)
{
  PkStatement *copy =
      pk_sql_prepare (self->sql,
                      "INSERT INTO member (entity, id, scope, seq) SELECT entity, id, ?2, seq"
                      " FROM snapshot.member WHERE scope = ?1",
                      error);

  if (copy == NULL)
    return FALSE;
  pk_statement_bind_int (copy, 1, from);
  pk_statement_bind_int (copy, 2, to);
  return pk_statement_run (copy, error);
}

/* A scope gets a number of its own in the new file. */
static gboolean
carry_scopes (PkWriter *self, GPtrArray *scopes, GError **error)
{
  for (guint i = 0; i < scopes->len; i++)
    {
      PkHeldScope *scope = scopes->pdata[i];
      gint64 old_number = scope->number;
      if (!pk_members_insert_scope (self, scope, error) ||
          !carry_members (self, old_number, scope->number, error))
        return FALSE;
    }
  return pk_members_save_scopes (self, scopes, error);
}

static gboolean
carry_records (PkWriter *self, GError **error)
{
  for (guint i = 0; i < pk_model.n_entities; i++)
    {
      g_autofree char *text = pk_query_copy_table (&pk_model.entities[i], "snapshot");
      if (!pk_sql_exec (self->sql, text, error))
        return FALSE;
    }
  return pk_sql_exec (self->sql,
                      "INSERT INTO base (entity, id, record, n_unsent)"
                      " SELECT entity, id, record, n_unsent FROM snapshot.base;"
                      "INSERT INTO meta (name, value) SELECT name, value FROM snapshot.meta"
                      " WHERE name NOT IN ('version', 'model', 'has_indexes', 'must_forget')",
                      error);
}

static gboolean
carry (PkWriter *self, GPtrArray *scopes, GError **error)
{
  if (!pk_sql_begin (self->sql, error))
    return FALSE;
  if (carry_scopes (self, scopes, error) && carry_records (self, error))
    return pk_sql_commit (self->sql, error);
  pk_sql_rollback (self->sql);
  return FALSE;
}

/**
 * pk_replica_carry:
 * @old: the file whose content goes over; another connection may have it open
 * @scopes: (element-type PkHeldScope): those that @old holds
 *
 * Copies. The tables of the new file are empty before.
 *
 * Returns: %TRUE if all of it is in the new file
 */
gboolean
pk_replica_carry (PkWriter *self, const char *old, GPtrArray *scopes, GError **error)
{
  if (!pk_sql_attach (self->sql, old, "snapshot", error))
    return FALSE;
  gboolean is_done = carry (self, scopes, error);
  return pk_sql_detach (self->sql, "snapshot", is_done ? error : NULL) && is_done;
}

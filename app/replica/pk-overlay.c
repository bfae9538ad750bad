/*
 * What people see of a record: the server's version with the person's own outstanding mutations on top.
 *
 *   no row in base     the visible row is the server's version
 *   a row in base      holds the server's version (NULL: it has none); the visible row is that, with every active mutation of the
 *                      outbox replayed in order by the shared rules
 *
 * A mutation is active until it has a verdict, and then until the replica holds the state that its effect is part of: so an
 * acknowledged change never disappears and comes back. Rejected ones are not replayed; they need attention. All on the writer's
 * thread, in a transaction; changed records are marked and replayed once, before the commit.
 */
#include "config.h"

#include "pk-writer-private.h"

#include "pk-merge.h"
#include "pk-query-replica.h"
#include "pk-query.h"
#include "pk-rules.h"

#include <string.h>

/* A record whose visible row is to be made anew. Hashed by the id alone: ids are distinct over all entities. */
typedef struct
{
  const PkEntity *entity;
  PkId id;
  gboolean has_server; /* the server's version came in this transaction: it is not in base yet */
  PkRecord *server;    /* (owned) (nullable): NULL: it is gone */
} PkRecordKey;

static void
free_key (gpointer data)
{
  PkRecordKey *self = data;

  g_clear_pointer (&self->server, pk_record_unref);
  g_free (self);
}

/**
 * pk_overlay_new_marks:
 *
 * Returns: (transfer full): a table for the records that are marked
 */
GHashTable *
pk_overlay_new_marks (void)
{
  return g_hash_table_new_full (pk_id_hash, pk_id_equal, NULL, free_key);
}

static PkRecordKey *
mark (PkWriter *self, const PkEntity *entity, const PkId *id)
{
  PkRecordKey *key = g_hash_table_lookup (self->dirty, id);

  if (key != NULL)
    return key;
  key = g_new0 (PkRecordKey, 1);
  key->entity = entity;
  key->id = *id;
  g_hash_table_insert (self->dirty, &key->id, key);
  return key;
}

/* Whether there is a base, and which: @record_out stays NULL where the server has no version. */
static gboolean
find_base (PkWriter *self,
           const PkEntity *entity,
           const PkId *id,
           gboolean *has_base_out,
           PkRecord **record_out,
           GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *query =
      pk_sql_prepare (self->sql, "SELECT record FROM base WHERE entity = ?1 AND id = ?2", error);

  *record_out = NULL;
  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, entity->id);
  pk_statement_bind_id (query, 2, id);
  *has_base_out = pk_statement_next (query, &local_error);
  if (*has_base_out && !pk_statement_is_null (query, 0))
    {
      const char *text = pk_statement_get_text (query, 0);
      g_autoptr (JsonNode) node = pk_json_parse (text, strlen (text), &local_error);
      if (node != NULL)
        *record_out = pk_codec_read_record (entity, node, &local_error);
    }
  pk_statement_reset (query);
  if (local_error == NULL)
    return TRUE;
  g_propagate_prefixed_error (error,
                              g_steal_pointer (&local_error),
                              "Base of a %s: ",
                              entity->name);
  return FALSE;
}

static gboolean
put_base (PkWriter *self,
          const PkEntity *entity,
          const PkId *id,
          const PkRecord *record,
          GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  PkStatement *put =
      pk_sql_prepare (self->sql,
                      "INSERT INTO base (entity, id, record, n_unsent) VALUES (?1, ?2, ?3, 0)"
                      " ON CONFLICT (entity, id) DO UPDATE SET record = excluded.record",
                      error);

  if (put == NULL)
    return FALSE;
  if (record != NULL)
    pk_codec_append_record (text, record);
  self->has_bases = TRUE;
  pk_statement_bind_int (put, 1, entity->id);
  pk_statement_bind_id (put, 2, id);
  pk_statement_bind_text (put, 3, record != NULL ? text->str : NULL);
  return pk_statement_run (put, error);
}

static gboolean
set_unsent (PkWriter *self, const PkEntity *entity, const PkId *id, guint n_unsent, GError **error)
{
  PkStatement *set = pk_sql_prepare (
      self->sql,
      "UPDATE base SET n_unsent = ?3 WHERE entity = ?1 AND id = ?2 AND n_unsent != ?3",
      error);

  if (set == NULL)
    return FALSE;
  pk_statement_bind_int (set, 1, entity->id);
  pk_statement_bind_id (set, 2, id);
  pk_statement_bind_int (set, 3, n_unsent);
  return pk_statement_run (set, error);
}

static gboolean
remove_base (PkWriter *self, const PkEntity *entity, const PkId *id, GError **error)
{
  PkStatement *remove =
      pk_sql_prepare (self->sql, "DELETE FROM base WHERE entity = ?1 AND id = ?2", error);

  if (remove == NULL)
    return FALSE;
  pk_statement_bind_int (remove, 1, entity->id);
  pk_statement_bind_id (remove, 2, id);
  return pk_statement_run (remove, error);
}

static gboolean
look_for_base (PkWriter *self,
               const PkEntity *entity,
               const PkId *id,
               gboolean *has_base_out,
               GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkStatement *query =
      pk_sql_prepare (self->sql, "SELECT 1 FROM base WHERE entity = ?1 AND id = ?2", error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_int (query, 1, entity->id);
  pk_statement_bind_id (query, 2, id);
  *has_base_out = pk_statement_next (query, &local_error);
  pk_statement_reset (query);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * pk_overlay_look:
 *
 * At the beginning of a transaction: whether there is own work at all. Most of the time there is none.
 *
 * Returns: %TRUE unless the file could not be read
 */
gboolean
pk_overlay_look (PkWriter *self, GError **error)
{
  gint64 has_bases;

  if (!pk_sql_get_int (self->sql, "SELECT EXISTS (SELECT 1 FROM base)", &has_bases, error))
    return FALSE;
  self->has_bases = has_bases != 0;
  return TRUE;
}

/**
 * pk_overlay_put_server:
 * @record: (nullable): the server's version; %NULL: it is gone, or not for this person any more
 *
 * Takes over the server's version. Where own work lies on top of it, that is replayed before the commit.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_overlay_put_server (PkWriter *self,
                       const PkEntity *entity,
                       const PkId *id,
                       PkRecord *record,
                       GError **error)
{
  gboolean has_base = FALSE;

  if (self->has_bases && !look_for_base (self, entity, id, &has_base, error))
    return FALSE;
  if (!has_base)
    return pk_visible_put (self, entity, id, record, error);
  PkRecordKey *key = mark (self, entity, id);
  g_clear_pointer (&key->server, pk_record_unref);
  key->server = record != NULL ? pk_record_ref (record) : NULL;
  key->has_server = TRUE;
  return TRUE;
}

/**
 * pk_overlay_mark:
 *
 * Marks a record: its visible row is made anew before the commit.
 */
void
pk_overlay_mark (PkWriter *self, const PkEntity *entity, const PkId *id)
{
  mark (self, entity, id);
}

static gboolean
mark_rows (PkWriter *self, PkStatement *query, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  PkId id;

  while (pk_statement_next (query, &local_error))
    {
      const PkEntity *entity = pk_entity_by_id ((guint) pk_statement_get_int (query, 0));
      if (entity != NULL && pk_statement_get_id (query, 1, &id))
        pk_overlay_mark (self, entity, &id);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * pk_overlay_mark_outstanding:
 *
 * Marks every record with a base or with an active mutation. After a crash between the commits of the two files this brings them
 * together again: the outbox is right.
 *
 * Returns: %TRUE unless a file could not be read
 */
gboolean
pk_overlay_mark_outstanding (PkWriter *self, GError **error)
{
  gint64 seq;

  if (!pk_meta_get_int (self->sql, "seq", 0, &seq, error))
    return FALSE;
  PkStatement *bases = pk_sql_prepare (self->sql, "SELECT entity, id FROM base", error);
  if (bases == NULL || !mark_rows (self, bases, error))
    return FALSE;
  PkStatement *active = pk_sql_prepare (
      self->outbox,
      "SELECT DISTINCT entity, record FROM mutation WHERE state IN (0, 1, 2)"
      " UNION SELECT entity, record FROM mutation WHERE state IN (3, 4) AND seq > ?1",
      error);
  if (active == NULL)
    return FALSE;
  pk_statement_bind_int (active, 1, seq);
  return mark_rows (self, active, error);
}

/* As the server will judge it: fields that changed meanwhile are merged by their own rule. */
static PkMutation *
merge_mutation (const PkMutation *mutation, const PkRecord *theirs)
{
  PkMutation *merged =
      pk_mutation_new (mutation->op, mutation->entity, mutation->command, &mutation->record);

  g_clear_pointer (&merged->fields, pk_values_free);
  merged->fields = pk_values_copy (mutation->fields);
  for (guint i = 0; i < mutation->was->n_fields; i++)
    {
      const PkValue *was = pk_values_get (mutation->was, i);
      const PkValue *mine = pk_values_get (mutation->fields, i);
      PkValue result = PK_VALUE_INIT;
      if (was == NULL || mine == NULL || pk_value_equal (was, pk_record_get (theirs, i)))
        continue;
      pk_merge_value (&mutation->entity->fields[i], was, pk_record_get (theirs, i), mine, &result);
      pk_values_take (merged->fields, i, result);
    }
  return merged;
}

/* One mutation over one version. What the rules refuse changes nothing: the server will say so in its verdict. */
static PkRecord *
step (PkWriter *self, const PkMutation *mutation, const PkRecord *record, GError **error)
{
  PkRuleContext context = { .actor = self->person, .now_us = mutation->at_us };

  switch (mutation->op)
    {
    case PK_OP_CREATE:
      return record == NULL ? pk_rules_create (mutation, &context, error) : pk_record_copy (record);
    case PK_OP_SET:
      {
        if (record == NULL)
          break;
        g_autoptr (PkMutation) merged = merge_mutation (mutation, record);
        return pk_rules_change (merged, record, &context, error);
      }
    case PK_OP_COMMAND:
      if (record == NULL)
        break;
      return pk_rules_change (mutation, record, &context, error);
    case PK_OP_DELETE:
    default:
      return NULL;
    }
  pk_problem_set (error, PK_PROBLEM_NOT_FOUND, "/record", "The record is not here");
  return NULL;
}

static void
fold (PkWriter *self, const PkMutation *mutation, PkRecord **record)
{
  g_autoptr (GError) refused = NULL;
  g_autoptr (PkRecord) next = step (self, mutation, *record, &refused);

  if (refused != NULL)
    return;
  g_clear_pointer (record, pk_record_unref);
  *record = g_steal_pointer (&next);
}

static gboolean
is_unsent (const PkOutboxEntry *entry)
{
  return entry->state == PK_OUTBOX_PENDING || entry->state == PK_OUTBOX_SENT ||
         entry->state == PK_OUTBOX_LATER;
}

static gboolean
begin_base (PkWriter *self, const PkRecordKey *key, PkRecord **record_out, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean has_base;

  if (key->has_server)
    {
      *record_out = key->server != NULL ? pk_record_ref (key->server) : NULL;
      return put_base (self, key->entity, &key->id, key->server, error);
    }
  if (!find_base (self, key->entity, &key->id, &has_base, record_out, error))
    return FALSE;
  if (has_base)
    return TRUE;
  *record_out = pk_tables_find (self->tables, key->entity, &key->id, &local_error);
  if (local_error == NULL)
    return put_base (self, key->entity, &key->id, *record_out, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
end_base (PkWriter *self, const PkRecordKey *key, GError **error)
{
  g_autoptr (PkRecord) record = NULL;
  gboolean has_base;

  if (key->has_server)
    return pk_visible_put (self, key->entity, &key->id, key->server, error) &&
           remove_base (self, key->entity, &key->id, error);
  if (!find_base (self, key->entity, &key->id, &has_base, &record, error))
    return FALSE;
  return !has_base || (pk_visible_put (self, key->entity, &key->id, record, error) &&
                       remove_base (self, key->entity, &key->id, error));
}

static gboolean
replay_record (PkWriter *self, const PkRecordKey *key, gint64 seq, GError **error)
{
  g_autoptr (GPtrArray) active = pk_outbox_list_active (self, &key->id, seq, error);
  g_autoptr (PkRecord) record = NULL;
  guint n_unsent = 0;

  if (active == NULL)
    return FALSE;
  if (active->len == 0)
    return end_base (self, key, error);
  if (!begin_base (self, key, &record, error))
    return FALSE;
  for (guint i = 0; i < active->len; i++)
    {
      const PkOutboxEntry *entry = active->pdata[i];
      if (entry->mutation != NULL)
        fold (self, entry->mutation, &record);
      n_unsent += is_unsent (entry);
    }
  return pk_visible_put (self, key->entity, &key->id, record, error) &&
         set_unsent (self, key->entity, &key->id, n_unsent, error);
}

/**
 * pk_overlay_replay:
 *
 * Makes the visible rows of all marked records anew.
 *
 * Returns: %TRUE if they are what people should see
 */
gboolean
pk_overlay_replay (PkWriter *self, GError **error)
{
  GHashTableIter iter;
  gpointer value;
  gint64 seq;

  if (g_hash_table_size (self->dirty) == 0)
    return TRUE;
  if (!pk_meta_get_int (self->sql, "seq", 0, &seq, error))
    return FALSE;
  g_hash_table_iter_init (&iter, self->dirty);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (!replay_record (self, value, seq, error))
      return FALSE;
  g_hash_table_remove_all (self->dirty);
  return TRUE;
}

static GArray *
list_bases (PkWriter *self, GError **error)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (PkRecordKey));
  g_autoptr (GError) local_error = NULL;
  PkStatement *query = pk_sql_prepare (self->sql, "SELECT entity, id FROM base", error);
  PkRecordKey key = { 0 };

  if (query == NULL)
    return NULL;
  while (pk_statement_next (query, &local_error))
    {
      key.entity = pk_entity_by_id ((guint) pk_statement_get_int (query, 0));
      if (key.entity != NULL && pk_statement_get_id (query, 1, &key.id))
        g_array_append_val (keys, key);
    }
  if (local_error == NULL)
    return g_steal_pointer (&keys);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static gboolean
rebase_record (PkWriter *self, const PkRecordKey *key, GError **error)
{
  g_autoptr (PkRecord) base = NULL;
  g_autoptr (GError) local_error = NULL;
  gboolean has_base;

  if (!find_base (self, key->entity, &key->id, &has_base, &base, error))
    return FALSE;
  g_autoptr (PkRecord) row = pk_tables_find (self->tables, key->entity, &key->id, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  pk_overlay_mark (self, key->entity, &key->id);
  gint64 base_seq = base != NULL ? pk_record_get_seq (base) : 0;
  return row == NULL || pk_record_get_seq (row) <= base_seq ||
         put_base (self, key->entity, &key->id, row, error);
}

/**
 * pk_overlay_rebase:
 *
 * After rows were copied over the visible ones in bulk: where that hit a row with own work on it, what was copied is the base.
 * Visible rows have the seq of their base, so that newer ones are told apart.
 *
 * Returns: %TRUE if the bases are right; the rows are marked
 */
gboolean
pk_overlay_rebase (PkWriter *self, GError **error)
{
  g_autoptr (GArray) keys = list_bases (self, error);

  if (keys == NULL)
    return FALSE;
  for (guint i = 0; i < keys->len; i++)
    if (!rebase_record (self, &g_array_index (keys, PkRecordKey, i), error))
      return FALSE;
  return TRUE;
}

/**
 * pk_overlay_try:
 * @mutation: a new one, not in the outbox yet
 *
 * Plays it over the visible row, so that its author sees it at once.
 *
 * Errors: a %PK_PROBLEM_ERROR where the rules refuse it
 * Returns: %TRUE if it shows
 */
gboolean
pk_overlay_try (PkWriter *self, const PkMutation *mutation, GError **error)
{
  PkRecordKey key = { .entity = mutation->entity, .id = mutation->record };
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PkRecord) base = NULL;

  g_autoptr (PkRecord)
      now = pk_tables_find (self->tables, mutation->entity, &mutation->record, &local_error);
  if (local_error == NULL && mutation->op == PK_OP_DELETE && now == NULL)
    pk_problem_set (&local_error, PK_PROBLEM_NOT_FOUND, "/record", "The record is not here");
  if (local_error == NULL && mutation->op == PK_OP_CREATE && now != NULL)
    pk_problem_set (&local_error, PK_PROBLEM_EXISTS, "/record", "The record is here already");
  g_autoptr (PkRecord) next = local_error == NULL ? step (self, mutation, now, &local_error) : NULL;
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  PkStatement *count =
      pk_sql_prepare (self->sql,
                      "UPDATE base SET n_unsent = n_unsent + 1 WHERE entity = ?1 AND id = ?2",
                      error);
  if (count == NULL || !begin_base (self, &key, &base, error))
    return FALSE;
  pk_statement_bind_int (count, 1, mutation->entity->id);
  pk_statement_bind_id (count, 2, &mutation->record);
  return pk_statement_run (count, error) &&
         pk_visible_put (self, mutation->entity, &mutation->record, next, error);
}

/* The quarantine's table: what was refused because the right, or the device, was lost. */
#include "config.h"

#include "pk-store-quarantine.h"

#include "pk-store-private.h"

#include <string.h>

/**
 * pk_quarantined_free:
 *
 * Frees the item.
 */
void
pk_quarantined_free (PkQuarantined *self)
{
  if (self == NULL)
    return;
  g_free (self->line);
  g_clear_pointer (&self->verdict, pk_verdict_free);
  g_free (self);
}

/**
 * pk_store_put_quarantined:
 *
 * Keeps the item; one that is kept already stays as it is.
 *
 * Returns: %TRUE if it is kept
 */
gboolean
pk_store_put_quarantined (PkStore *self, const PkQuarantined *item, GError **error)
{
  g_autoptr (GString) verdict = g_string_new (NULL);
  PkStatement *put =
      pk_sql_prepare (self->sql,
                      "INSERT INTO quarantine (id, person, device, line, verdict, at_us)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING",
                      error);

  if (put == NULL)
    return FALSE;
  pk_verdict_append_json (verdict, item->verdict);
  pk_statement_bind_id (put, 1, &item->id);
  pk_statement_bind_id (put, 2, &item->person);
  pk_statement_bind_id (put, 3, &item->device);
  pk_statement_bind_text (put, 4, item->line);
  pk_statement_bind_text (put, 5, verdict->str);
  pk_statement_bind_int (put, 6, item->at_us);
  return pk_statement_run (put, error);
}

static PkQuarantined *
read_item (PkStatement *row, GError **error)
{
  g_autoptr (PkQuarantined) item = g_new0 (PkQuarantined, 1);
  const char *verdict = pk_statement_get_text (row, 4);

  pk_statement_get_id (row, 0, &item->id);
  pk_statement_get_id (row, 1, &item->person);
  pk_statement_get_id (row, 2, &item->device);
  item->line = g_strdup (pk_statement_get_text (row, 3));
  item->verdict = pk_verdict_read (verdict, strlen (verdict), error);
  item->at_us = pk_statement_get_int (row, 5);
  return item->verdict != NULL ? g_steal_pointer (&item) : NULL;
}

/**
 * pk_store_list_quarantined:
 * @person: (nullable): only what this person did
 *
 * Returns: (transfer full) (nullable) (element-type PkQuarantined): at most @limit items, the newest first
 */
GPtrArray *
pk_store_list_quarantined (PkStore *self, const PkId *person, guint limit, GError **error)
{
  g_autoptr (GPtrArray)
      items = g_ptr_array_new_with_free_func ((GDestroyNotify) pk_quarantined_free);
  PkStatement *query = pk_sql_prepare (
      self->sql,
      person != NULL ? "SELECT id, person, device, line, verdict, at_us FROM quarantine"
                       " WHERE person = ?2 ORDER BY at_us DESC LIMIT ?1"
                     : "SELECT id, person, device, line, verdict, at_us FROM quarantine"
                       " ORDER BY at_us DESC LIMIT ?1",
      error);
  gboolean has_row;

  if (query == NULL)
    return NULL;
  pk_statement_bind_int (query, 1, limit);
  if (person != NULL)
    pk_statement_bind_id (query, 2, person);
  while (pk_store_step (query, &has_row, error))
    {
      PkQuarantined *item = has_row ? read_item (query, error) : NULL;
      if (!has_row)
        return g_steal_pointer (&items);
      if (item == NULL)
        {
          pk_statement_reset (query);
          return NULL;
        }
      g_ptr_array_add (items, item);
    }
  return NULL;
}

/**
 * pk_store_count_quarantined:
 * @count_out: (out): how many items there are
 *
 * Returns: %TRUE if they were counted
 */
gboolean
pk_store_count_quarantined (PkStore *self, gint64 *count_out, GError **error)
{
  return pk_sql_get_int (self->sql, "SELECT count(*) FROM quarantine", count_out, error);
}

/**
 * pk_store_has_quarantined:
 * @id: a mutation's
 * @has_out: (out): whether it is kept
 *
 * Returns: %TRUE if the question could be answered
 */
gboolean
pk_store_has_quarantined (PkStore *self, const PkId *id, gboolean *has_out, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql, "SELECT 1 FROM quarantine WHERE id = ?1", error);

  if (query == NULL)
    return FALSE;
  pk_statement_bind_id (query, 1, id);
  if (!pk_store_step (query, has_out, error))
    return FALSE;
  pk_statement_reset (query);
  return TRUE;
}

/**
 * pk_store_measure_quarantine:
 * @device: whose work
 * @count_out: (out): how many items are kept of it
 * @size_out: (out): characters of their lines
 *
 * Returns: %TRUE if they were measured
 */
gboolean
pk_store_measure_quarantine (PkStore *self,
                             const PkId *device,
                             gint64 *count_out,
                             gint64 *size_out,
                             GError **error)
{
  PkStatement *query =
      pk_sql_prepare (self->sql,
                      "SELECT count(*), coalesce(sum(length(line)), 0) FROM quarantine"
                      " WHERE device = ?1",
                      error);
  gboolean has_row;

  if (query == NULL)
    return FALSE;
  pk_statement_bind_id (query, 1, device);
  if (!pk_store_step (query, &has_row, error))
    return FALSE;
  *count_out = has_row ? pk_statement_get_int (query, 0) : 0;
  *size_out = has_row ? pk_statement_get_int (query, 1) : 0;
  pk_statement_reset (query);
  return TRUE;
}

/* What a store has one of: epoch, last number, named texts, series of numbers. */
#include "config.h"

#include "pk-store-meta.h"

#include "pk-store-private.h"

/**
 * pk_store_get_meta:
 * @value_out: (out) (transfer full) (nullable): the text; NULL where there is none
 *
 * Returns: %TRUE if the query ran
 */
gboolean
pk_store_get_meta (PkStore *self, const char *key, char **value_out, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql, "SELECT value FROM meta WHERE key = ?1", error);
  gboolean has_row;

  *value_out = NULL;
  if (query == NULL)
    return FALSE;
  pk_statement_bind_text (query, 1, key);
  if (!pk_store_step (query, &has_row, error))
    return FALSE;
  if (has_row)
    *value_out = g_strdup (pk_statement_get_text (query, 0));
  pk_statement_reset (query);
  return TRUE;
}

/**
 * pk_store_set_meta:
 * @value: (nullable): the text
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_store_set_meta (PkStore *self, const char *key, const char *value, GError **error)
{
  PkStatement *insert = pk_sql_prepare (self->sql,
                                        "INSERT INTO meta (key, value) VALUES (?1, ?2)"
                                        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                                        error);

  if (insert == NULL)
    return FALSE;
  pk_statement_bind_text (insert, 1, key);
  pk_statement_bind_text (insert, 2, value);
  return pk_statement_run (insert, error);
}

/**
 * pk_store_get_epoch:
 * @epoch_out: (out): the id of this history
 *
 * Returns: %TRUE if it was read
 */
gboolean
pk_store_get_epoch (PkStore *self, PkId *epoch_out, GError **error)
{
  g_autofree char *text = NULL;

  if (!pk_store_get_meta (self, "epoch", &text, error))
    return FALSE;
  if (text != NULL && pk_id_parse (text, epoch_out))
    return TRUE;
  g_set_error_literal (error, PK_SQL_ERROR, PK_SQL_ERROR_CORRUPT, "The store has no epoch");
  return FALSE;
}

/**
 * pk_store_renew_epoch:
 * @epoch_out: (out): the new id
 *
 * Says that history is another one from here, as after a restored backup.
 *
 * Returns: %TRUE if it is written
 */
gboolean
pk_store_renew_epoch (PkStore *self, PkId *epoch_out, GError **error)
{
  char text[PK_ID_TEXT_LENGTH + 1];

  *epoch_out = pk_id_source_next (self->ids);
  return pk_store_set_meta (self, "epoch", pk_id_to_text (epoch_out, text), error);
}

/**
 * pk_store_get_seq:
 * @seq_out: (out): everything up to this number is in the state that is seen, and nothing more will come below it. Where several
 *   write at once there may be changes above it in the state already
 *
 * Returns: %TRUE if it was read
 */
gboolean
pk_store_get_seq (PkStore *self, gint64 *seq_out, GError **error)
{
  if (pk_store_is_writing (self))
    {
      *seq_out = self->seq;
      return TRUE;
    }
  return self->engine->read_seq (self, seq_out, error);
}

/**
 * pk_store_get_head:
 * @head_out: (out caller-allocates): of what is durable
 *
 * Returns: %TRUE if it was read
 */
gboolean
pk_store_get_head (PkStore *self, PkStoreHead *head_out, GError **error)
{
  return self->engine->read_head (self, head_out, error);
}

/**
 * pk_store_next_seq:
 *
 * Numbers grow with each change on SQLite, and with each transaction on PostgreSQL: what has one number is seen at once or not at
 * all, and never with another content.
 *
 * Returns: the number of the next change; only in a writing transaction
 */
gint64
pk_store_next_seq (PkStore *self)
{
  g_assert (self->seq >= 0);
  self->seq = self->engine->one_number_each ? self->saved_seq + 1 : self->seq + 1;
  return self->seq;
}

/**
 * pk_store_next_number:
 * @series: such as "task/2026"
 * @number_out: (out): from 1, without gaps but for what was undone
 *
 * Returns: %TRUE if it is taken
 */
gboolean
pk_store_next_number (PkStore *self, const char *series, gint64 *number_out, GError **error)
{
  PkStatement *query = pk_sql_prepare (self->sql,
                                       "INSERT INTO series (name, last) VALUES (?1, 1)"
                                       " ON CONFLICT (name) DO UPDATE SET last = series.last + 1"
                                       " RETURNING last",
                                       error);
  gboolean has_row;

  if (query == NULL)
    return FALSE;
  pk_statement_bind_text (query, 1, series);
  if (!pk_store_step (query, &has_row, error))
    return FALSE;
  *number_out = has_row ? pk_statement_get_int (query, 0) : 0;
  return pk_store_step (query, &has_row, error);
}

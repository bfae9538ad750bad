/* Tokens: what was handed out at sign-in, as hashes. */
#include "config.h"

#include "pk-store-tokens.h"

#include "pk-store-private.h"

/**
 * pk_token_new:
 * @hash: SHA-256 of the token, in hexadecimal digits
 *
 * Returns: (transfer full): a row without person and times
 */
PkToken *
pk_token_new (const char *hash, const char *kind)
{
  PkToken *self = g_new0 (PkToken, 1);

  self->hash = g_strdup (hash);
  self->kind = g_strdup (kind);
  return self;
}

/**
 * pk_token_free:
 *
 * Frees the row.
 */
void
pk_token_free (PkToken *self)
{
  if (self == NULL)
    return;
  g_free (self->hash);
  g_free (self->kind);
  g_free (self->data);
  g_free (self);
}

/**
 * pk_store_put_token:
 *
 * Returns: %TRUE if the row is written, new or not
 */
gboolean
pk_store_put_token (PkStore *self, const PkToken *token, GError **error)
{
  PkStatement *put = pk_sql_prepare (
      self->sql,
      "INSERT INTO token (hash, kind, family, person, device, created_us, expires_us, used_us, "
      "data)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (hash) DO UPDATE SET"
      " expires_us = excluded.expires_us, used_us = excluded.used_us, data = excluded.data",
      error);

  if (put == NULL)
    return FALSE;
  pk_statement_bind_text (put, 1, token->hash);
  pk_statement_bind_text (put, 2, token->kind);
  pk_statement_bind_id (put, 3, &token->family);
  pk_statement_bind_id (put, 4, &token->person);
  pk_statement_bind_id (put, 5, &token->device);
  pk_statement_bind_int (put, 6, token->created_us);
  pk_statement_bind_int (put, 7, token->expires_us);
  pk_statement_bind_int (put, 8, token->used_us);
  pk_statement_bind_text (put, 9, token->data);
  return pk_statement_run (put, error);
}

/**
 * pk_store_find_token:
 *
 * Returns: (transfer full) (nullable): the row, expired or not; NULL without an error where there is none
 */
PkToken *
pk_store_find_token (PkStore *self, const char *hash, GError **error)
{
  PkStatement *query = pk_sql_prepare (
      self->sql,
      "SELECT kind, family, person, device, created_us, expires_us, used_us, data FROM token"
      " WHERE hash = ?1",
      error);
  gboolean has_row;

  if (query == NULL)
    return NULL;
  pk_statement_bind_text (query, 1, hash);
  if (!pk_store_step (query, &has_row, error) || !has_row)
    return NULL;
  PkToken *token = pk_token_new (hash, pk_statement_get_text (query, 0));
  pk_statement_get_id (query, 1, &token->family);
  pk_statement_get_id (query, 2, &token->person);
  pk_statement_get_id (query, 3, &token->device);
  token->created_us = pk_statement_get_int (query, 4);
  token->expires_us = pk_statement_get_int (query, 5);
  token->used_us = pk_statement_get_int (query, 6);
  token->data = g_strdup (pk_statement_get_text (query, 7));
  pk_statement_reset (query);
  return token;
}

/**
 * pk_store_delete_unused_tokens:
 * @like: stays itself
 *
 * Returns: %TRUE if no other of its family and kind is there any more that was not used
 */
gboolean
pk_store_delete_unused_tokens (PkStore *self, const PkToken *like, GError **error)
{
  PkStatement *remove = pk_sql_prepare (self->sql,
                                        "DELETE FROM token WHERE family = ?1 AND kind = ?2"
                                        " AND used_us = 0 AND hash <> ?3",
                                        error);

  if (remove == NULL)
    return FALSE;
  pk_statement_bind_id (remove, 1, &like->family);
  pk_statement_bind_text (remove, 2, like->kind);
  pk_statement_bind_text (remove, 3, like->hash);
  return pk_statement_run (remove, error);
}

static gboolean
run_with_id (PkStatement *statement, const PkId *id, GError **error)
{
  if (statement == NULL)
    return FALSE;
  pk_statement_bind_id (statement, 1, id);
  return pk_statement_run (statement, error);
}

/**
 * pk_store_delete_token_family:
 *
 * Returns: %TRUE if none of the family is there any more
 */
gboolean
pk_store_delete_token_family (PkStore *self, const PkId *family, GError **error)
{
  return run_with_id (pk_sql_prepare (self->sql, "DELETE FROM token WHERE family = ?1", error),
                      family,
                      error);
}

/**
 * pk_store_move_token_family:
 * @device: the one that the family's tokens belong to from now on
 *
 * After a device was found to be a copy of another: this one goes on under an id of its own.
 */
gboolean
pk_store_move_token_family (PkStore *self, const PkId *family, const PkId *device, GError **error)
{
  PkStatement *move =
      pk_sql_prepare (self->sql, "UPDATE token SET device = ?2 WHERE family = ?1", error);

  if (move == NULL)
    return FALSE;
  pk_statement_bind_id (move, 1, family);
  pk_statement_bind_id (move, 2, device);
  return pk_statement_run (move, error);
}

/**
 * pk_store_delete_device_tokens:
 *
 * Returns: %TRUE if none of the device's tokens is there any more
 */
gboolean
pk_store_delete_device_tokens (PkStore *self, const PkId *device, GError **error)
{
  return run_with_id (pk_sql_prepare (self->sql, "DELETE FROM token WHERE device = ?1", error),
                      device,
                      error);
}

/**
 * pk_store_delete_expired_tokens:
 *
 * Returns: %TRUE if none that expired before @now_us is there any more
 */
gboolean
pk_store_delete_expired_tokens (PkStore *self, gint64 now_us, GError **error)
{
  PkStatement *remove =
      pk_sql_prepare (self->sql, "DELETE FROM token WHERE expires_us < ?1", error);

  if (remove == NULL)
    return FALSE;
  pk_statement_bind_int (remove, 1, now_us);
  return pk_statement_run (remove, error);
}

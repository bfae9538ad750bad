/* Access tokens in memory, by the hash of the token; the store has the same, and the last word after a restart. */
#include "config.h"

#include "pk-known-tokens.h"

#define MAX_TOKENS 100000
/* Then the store is asked again: another process may have taken the token back. */
#define TRUST_US (60 * G_USEC_PER_SEC)

struct _PkKnownTokens
{
  PkClock *clock;     /* (owned) */
  GHashTable *tokens; /* (owned): hash → PkKnownToken */
};

/**
 * pk_known_tokens_new:
 *
 * Returns: (transfer full): an empty set
 */
PkKnownTokens *
pk_known_tokens_new (PkClock *clock)
{
  PkKnownTokens *self = g_new0 (PkKnownTokens, 1);

  self->clock = pk_clock_ref (clock);
  self->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * pk_known_tokens_free:
 */
void
pk_known_tokens_free (PkKnownTokens *self)
{
  pk_clock_unref (self->clock);
  g_hash_table_unref (self->tokens);
  g_free (self);
}

/**
 * pk_known_tokens_find:
 * @hash: of the token
 *
 * Returns: (transfer none) (nullable): whose it is; NULL where it is not known here, or has expired
 */
const PkKnownToken *
pk_known_tokens_find (PkKnownTokens *self, const char *hash)
{
  const PkKnownToken *token = g_hash_table_lookup (self->tokens, hash);
  gint64 now_us = pk_clock_now_us (self->clock);

  if (token == NULL || (token->expires_us > now_us && token->known_us + TRUST_US > now_us))
    return token;
  g_hash_table_remove (self->tokens, hash);
  return NULL;
}

static gboolean
has_expired (gpointer key G_GNUC_UNUSED, gpointer value, gpointer user_data)
{
  const PkKnownToken *token = value;

  return token->expires_us <= *(const gint64 *) user_data;
}

/**
 * pk_known_tokens_add:
 * @hash: of the token
 */
void
pk_known_tokens_add (PkKnownTokens *self, const char *hash, const PkKnownToken *token)
{
  gint64 now_us = pk_clock_now_us (self->clock);

  if (g_hash_table_size (self->tokens) >= MAX_TOKENS)
    g_hash_table_foreach_remove (self->tokens, has_expired, &now_us);
  if (g_hash_table_size (self->tokens) >= MAX_TOKENS)
    g_hash_table_remove_all (self->tokens);
  PkKnownToken *known = g_memdup2 (token, sizeof *token);
  known->known_us = now_us;
  g_hash_table_replace (self->tokens, g_strdup (hash), known);
}

static gboolean
belongs_to (gpointer key G_GNUC_UNUSED, gpointer value, gpointer user_data)
{
  const PkKnownToken *token = value;

  return pk_id_equal (&token->family, user_data) || pk_id_equal (&token->device, user_data);
}

/**
 * pk_known_tokens_forget:
 * @family_or_device: whose tokens the store is to be asked about again
 */
void
pk_known_tokens_forget (PkKnownTokens *self, const PkId *family_or_device)
{
  PkId id = *family_or_device;

  g_hash_table_foreach_remove (self->tokens, belongs_to, &id);
}

/**
 * pk_known_tokens_forget_all:
 *
 * The store is asked about every token again.
 */
void
pk_known_tokens_forget_all (PkKnownTokens *self)
{
  g_hash_table_remove_all (self->tokens);
}

/* Token buckets. A bucket that is full again is forgotten, so that memory follows those who are active now. */
#include "config.h"

#include "pk-rate-limit.h"

#include <math.h>

#define MAX_BUCKETS 10000

typedef struct
{
  double tokens;
  gint64 filled_us;
} Bucket;

struct _PkRateLimit
{
  PkClock *clock;      /* (owned) */
  GHashTable *buckets; /* (owned): text → Bucket */
  double burst;
  double per_us;
};

/**
 * pk_rate_limit_new:
 * @burst: how many at once
 * @per_minute: how many come back in a minute
 *
 * Returns: (transfer full): a limit with every bucket full
 */
PkRateLimit *
pk_rate_limit_new (PkClock *clock, guint burst, guint per_minute)
{
  PkRateLimit *self = g_new0 (PkRateLimit, 1);

  self->clock = pk_clock_ref (clock);
  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->burst = burst;
  self->per_us = per_minute / 60e6;
  return self;
}

/**
 * pk_rate_limit_free:
 */
void
pk_rate_limit_free (PkRateLimit *self)
{
  pk_clock_unref (self->clock);
  g_hash_table_unref (self->buckets);
  g_free (self);
}

static void
fill (PkRateLimit *self, Bucket *bucket, gint64 now_us)
{
  gint64 passed_us = MAX (now_us - bucket->filled_us, 0);

  bucket->tokens = MIN (self->burst, bucket->tokens + (double) passed_us * self->per_us);
  bucket->filled_us = now_us;
}

static gboolean
is_full (gpointer key G_GNUC_UNUSED, gpointer value, gpointer user_data)
{
  PkRateLimit *self = user_data;
  Bucket *bucket = value;

  fill (self, bucket, pk_clock_now_us (self->clock));
  return bucket->tokens >= self->burst;
}

static Bucket *
find_bucket (PkRateLimit *self, const char *key, gint64 now_us)
{
  Bucket *bucket = g_hash_table_lookup (self->buckets, key);

  if (bucket != NULL)
    return bucket;
  if (g_hash_table_size (self->buckets) >= MAX_BUCKETS)
    g_hash_table_foreach_remove (self->buckets, is_full, self);
  if (g_hash_table_size (self->buckets) >= MAX_BUCKETS)
    return NULL;
  bucket = g_new (Bucket, 1);
  *bucket = (Bucket){ self->burst, now_us };
  g_hash_table_insert (self->buckets, g_strdup (key), bucket);
  return bucket;
}

/**
 * pk_rate_limit_take:
 * @key: whose bucket
 * @wait_s_out: (out) (optional): seconds until there is one again
 *
 * Returns: %TRUE if there was one left, and takes it
 */
gboolean
pk_rate_limit_take (PkRateLimit *self, const char *key, guint *wait_s_out)
{
  gint64 now_us = pk_clock_now_us (self->clock);
  Bucket *bucket = find_bucket (self, key, now_us);

  if (wait_s_out != NULL)
    *wait_s_out = 60;
  if (bucket == NULL)
    return FALSE;
  fill (self, bucket, now_us);
  if (bucket->tokens >= 1)
    {
      bucket->tokens -= 1;
      return TRUE;
    }
  if (wait_s_out != NULL)
    *wait_s_out = (guint) ceil ((1 - bucket->tokens) / self->per_us / 1e6);
  return FALSE;
}

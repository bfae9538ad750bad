#pragma once

#include "pk-clock.h"

G_BEGIN_DECLS

/* Token buckets by key: so many at once, so many a minute after that. Main thread. */
typedef struct _PkRateLimit PkRateLimit;

PkRateLimit *pk_rate_limit_new (PkClock *clock, guint burst, guint per_minute);
void pk_rate_limit_free (PkRateLimit *self);
gboolean pk_rate_limit_take (PkRateLimit *self, const char *key, guint *wait_s_out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkRateLimit, pk_rate_limit_free)

G_END_DECLS

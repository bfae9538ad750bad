#pragma once

#include "pk-hash.h"
#include "pk-store-private.h"

G_BEGIN_DECLS

/* A difference, added to what the scope's row says; the fingerprint's sum wraps, so that it can be negative. */
struct _PkScopeChange
{
  gint64 count;
  PkFingerprint fingerprint;
  gint64 last_seq; /* the greatest */
};

PkScopeChange *pk_scope_counters_touch (PkScopeCounters *self, gint64 scope);

G_END_DECLS

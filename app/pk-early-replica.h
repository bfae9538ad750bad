#pragma once

#include "pk-replica.h"

G_BEGIN_DECLS

/* Opens a replica on a thread of its own while the toolkit starts: both take their time, and neither needs the other. */
typedef struct _PkEarlyReplica PkEarlyReplica;

PkEarlyReplica *
pk_early_replica_start (const char *directory, PkClock *clock, PkIdSource *ids, const PkId *person);
gboolean pk_early_replica_is_of (PkEarlyReplica *self, const char *directory);
PkReplica *pk_early_replica_finish (PkEarlyReplica *self, GError **error);

G_END_DECLS

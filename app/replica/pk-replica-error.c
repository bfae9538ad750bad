/* The room's error domain. Any thread. */
#include "config.h"

#include "pk-replica-error.h"

G_DEFINE_QUARK (pk_replica_error, pk_replica_error)

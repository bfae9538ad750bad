#pragma once

#include "pk-connections.h"
#include "pk-exchange.h"
#include "pk-service-pool.h"

G_BEGIN_DECLS

/*
 * Who waits for news. A stream says only that there is something; data takes the road of pull. After a commit the scopes that
 * it touched are compared with what each listener's person holds, in one job for all. Main thread.
 */
typedef struct _PkEvents PkEvents;

PkEvents *pk_events_new (PkServicePool *pool, PkConnections *connections);
void pk_events_free (PkEvents *self);
gboolean pk_events_get (PkExchange *exchange, GError **error);
void pk_events_end_device (PkEvents *self, const PkId *device);
void pk_events_end_all (PkEvents *self);
guint pk_events_count (PkEvents *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkEvents, pk_events_free)

G_END_DECLS

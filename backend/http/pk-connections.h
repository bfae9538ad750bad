#pragma once

#include "pk-http.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/*
 * Who is connected, and how long each may take: a client that sends a byte now and then must not hold a connection for ever.
 * Lives on the main thread.
 */
typedef struct _PkConnections PkConnections;
typedef struct _PkSeat PkSeat;

PkConnections *pk_connections_new (SoupServer *server, const PkConnectionLimits *limits);
gboolean
pk_connections_claim (PkConnections *self, SoupServerMessage *message, const char *address);
void pk_connections_free (PkConnections *self);
void pk_connections_note_progress (PkConnections *self, SoupServerMessage *message, gsize bytes);
PkSeat *pk_connections_take (PkConnections *self, GSocket *socket);
void pk_connections_give_back (PkConnections *self, PkSeat *seat);
gboolean pk_connections_are_many (PkConnections *self);
guint pk_connections_count (PkConnections *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkConnections, pk_connections_free)

G_END_DECLS

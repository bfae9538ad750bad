#pragma once

#include "pk-authorizer.h"
#include "pk-sync-status.h"

G_BEGIN_DECLS

typedef struct _PkReplica PkReplica;

#define PK_TYPE_SYNC_SESSION (pk_sync_session_get_type ())
G_DECLARE_FINAL_TYPE (PkSyncSession, pk_sync_session, PK, SYNC_SESSION, GObject)

/*
 * Keeps one replica in step with one server for as long as it lives: carries out what the machine decides. Main thread.
 * Property "status" (PkSyncStatus) notifies; signal "erased" says that the device was revoked and the replica is gone.
 *
 *   session = pk_sync_session_new (replica, authorizer);
 *   g_signal_connect_object (session, "notify::status", …);
 *   pk_sync_session_start (session);
 */
PkSyncSession *pk_sync_session_new (PkReplica *replica, PkAuthorizer *authorizer);
void pk_sync_session_start (PkSyncSession *self);
void pk_sync_session_stop (PkSyncSession *self);
void pk_sync_session_sync_now (PkSyncSession *self);
void pk_sync_session_signed_in (PkSyncSession *self);
void pk_sync_session_want_content (PkSyncSession *self, const char *sha256, gint64 size);
PkSyncStatus *pk_sync_session_get_status (PkSyncSession *self);

G_END_DECLS

#pragma once

#include "pk-sync-machine.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define PK_TYPE_SYNC_STATUS (pk_sync_status_get_type ())
G_DECLARE_FINAL_TYPE (PkSyncStatus, pk_sync_status, PK, SYNC_STATUS, GObject)

/*
 * How it stands with sync at one moment. Immutable: a new one comes when something changed. Every getter is also a
 * read-only property of the same name, so that a model can bind to it without knowing this room:
 * "state" (int), "n-waiting", "n-attention", "n-uploads", "n-downloads" (uint), "is-first", "is-keyring-locked" (boolean),
 * "done", "total" (bytes), "rows", "offline-since", "last-contact" (int64; times in µs UTC, -1: none), "detail" (string, English, for the log).
 */
PkSyncState pk_sync_status_get_state (PkSyncStatus *self);
guint pk_sync_status_get_n_waiting (PkSyncStatus *self);
guint pk_sync_status_get_n_attention (PkSyncStatus *self);
guint pk_sync_status_get_n_uploads (PkSyncStatus *self);
guint pk_sync_status_get_n_downloads (PkSyncStatus *self);
gboolean pk_sync_status_get_is_first (PkSyncStatus *self);
gboolean pk_sync_status_get_is_keyring_locked (PkSyncStatus *self);
gint64 pk_sync_status_get_done (PkSyncStatus *self);
gint64 pk_sync_status_get_total (PkSyncStatus *self);
gint64 pk_sync_status_get_rows (PkSyncStatus *self);
gint64 pk_sync_status_get_offline_since (PkSyncStatus *self);
gint64 pk_sync_status_get_last_contact (PkSyncStatus *self);
const char *pk_sync_status_get_detail (PkSyncStatus *self);

G_END_DECLS

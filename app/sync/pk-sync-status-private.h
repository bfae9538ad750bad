#pragma once

#include "pk-sync-status.h"

G_BEGIN_DECLS

PkSyncStatus *pk_sync_status_new (const PkSyncPicture *picture,
                                  gint64 wall_minus_machine_us,
                                  gboolean is_keyring_locked,
                                  const char *detail);

G_END_DECLS

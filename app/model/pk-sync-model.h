#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How it stands with sync, as people care about it. */
typedef enum
{
  PK_STAND_STARTING,
  PK_STAND_UP_TO_DATE,
  PK_STAND_SYNCING,
  PK_STAND_OFFLINE,
  PK_STAND_TROUBLE,
  PK_STAND_SIGN_IN_NEEDED,
  PK_STAND_TOO_OLD,
  PK_STAND_REVOKED
} PkStand;

typedef struct
{
  PkStand stand;
  gboolean is_first; /* the first sync of this device is under way */
  gboolean is_keyring_locked;
  guint n_waiting;
  guint n_attention;
  gint64 done;             /* bytes of what is being fetched */
  gint64 total;            /* 0: unknown */
  gint64 rows;             /* in all of it; 0: unknown */
  gint64 offline_since_us; /* -1: none */
  gint64 last_contact_us;  /* -1: never */
} PkStandDetails;

/* The words of the pill and of the first sync's progress. The application tells it how it stands. Main thread; emits "changed". */
#define PK_TYPE_SYNC_MODEL (pk_sync_model_get_type ())
G_DECLARE_FINAL_TYPE (PkSyncModel, pk_sync_model, PK, SYNC_MODEL, GObject)

PkSyncModel *pk_sync_model_new (void);
void pk_sync_model_set (PkSyncModel *self, const PkStandDetails *details, gint64 now_us);
const PkStandDetails *pk_sync_model_get (PkSyncModel *self);
const char *pk_sync_model_get_text (PkSyncModel *self);
const char *pk_sync_model_get_icon_name (PkSyncModel *self);
const char *pk_sync_model_get_explanation (PkSyncModel *self);
double pk_sync_model_get_fraction (PkSyncModel *self);
char *pk_sync_model_dup_progress (PkSyncModel *self);

G_END_DECLS

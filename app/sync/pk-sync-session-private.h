#pragma once

#include "pk-authorizer-private.h"
#include "pk-replica.h"
#include "pk-sync-session.h"
#include "pk-writer-sync.h"

G_BEGIN_DECLS

/* A snapshot that the last pull offered. */
typedef struct
{
  char *sha256; /* (owned) */
  gint64 size;
} PkSnapshotOffer;

struct _PkSyncSession
{
  GObject parent_instance;

  PkReplica *replica;       /* (owned) */
  PkAuthorizer *authorizer; /* (owned) */
  PkSyncHttp *http;         /* (unowned): the authorizer's */
  PkSyncMachine *machine;   /* (owned) */
  PkSyncStatus *status;     /* (owned) */
  GQueue events;            /* (owned): PkSyncEvent, each with its own sha256 */
  GHashTable *cancellables; /* (owned): request → GCancellable */
  GPtrArray *offers;        /* (owned): PkSnapshotOffer */
  GHashTable *uploads;      /* (owned): sha256 → what the replica says of it */
  GPtrArray *after_look;    /* (owned): PkSyncEvent that wait for the look under way */
  GPtrArray *after_next;    /* (owned): PkSyncEvent that wait for the one after it */
  GError *push_fault;       /* (owned) (nullable): why the last push was refused */
  char *detail;             /* (owned) (nullable): the last fault, for the log */
  gint64 noted_contact_us;
  guint timer; /* 0: none */
  gboolean is_running;
  gboolean is_draining;
  gboolean is_looking;
  gboolean must_look;
};

/* One request of the machine on its way through the callbacks: keeps the session alive. */
typedef struct
{
  PkSyncSession *session;    /* (owned) */
  GCancellable *cancellable; /* (owned) */
  PkSyncEffect effect;
} PkSyncErrand;

void pk_sync_errand_init (PkSyncErrand *self, PkSyncSession *session, const PkSyncEffect *effect);
void pk_sync_errand_clear (PkSyncErrand *self);
void pk_sync_errand_answer (PkSyncErrand *self, PkSyncEvent event);
void pk_sync_errand_answer_after_look (PkSyncErrand *self, PkSyncEvent event);
void pk_sync_errand_fail (PkSyncErrand *self, const PkSyncFault *fault, const GError *error);
void pk_sync_errand_fail_by (PkSyncErrand *self, PkSyncFailure failure, const GError *error);

PkSyncEvent *pk_sync_event_copy (const PkSyncEvent *event);
void pk_sync_event_free (gpointer data);

void pk_sync_session_send (PkSyncSession *self, const PkSyncEvent *event);
void pk_sync_session_look (PkSyncSession *self);
gint64 pk_sync_session_measure_part (PkSyncSession *self, const char *sha256);
char *pk_sync_session_dup_snapshot_path (PkSyncSession *self, const char *sha256);

void pk_sync_push_start (PkSyncSession *session, const PkSyncEffect *effect);
void pk_sync_pull_start (PkSyncSession *session, const PkSyncEffect *effect);
void pk_sync_fetch_start (PkSyncSession *session, const PkSyncEffect *effect);
void pk_sync_upload_start (PkSyncSession *session, const PkSyncEffect *effect);
void pk_sync_upload_refuse (PkSyncSession *session, const char *sha256);
void pk_sync_stream_start (PkSyncSession *session, const PkSyncEffect *effect);
void pk_sync_work_start (PkSyncSession *session, const PkSyncEffect *effect);
void pk_sync_refresh_start (PkSyncSession *session, const PkSyncEffect *effect);
void pk_sync_device_check (PkSyncSession *session, GAsyncReadyCallback callback, gpointer data);

G_END_DECLS

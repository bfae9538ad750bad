#pragma once

#include "pk-sync-machine.h"

G_BEGIN_DECLS

#define PK_SYNC_SECOND      G_GINT64_CONSTANT (1000000)
#define PK_SYNC_MINUTE      (60 * PK_SYNC_SECOND)
#define PK_SYNC_CHUNK_BYTES (4 * 1024 * 1024)
#define PK_SYNC_BATCH_MAX   1000

/* What one lane is doing, and when it may try again. */
typedef struct
{
  guint request; /* 0: nothing */
  PkSyncEffectKind doing;
  gint64 deadline_us;   /* of the request, moved by progress; 0: none */
  guint token;          /* the token's generation when it was asked */
  guint failures;       /* in a row */
  gint64 not_before_us; /* back-off */
} PkSyncLaneState;

/* A content or a snapshot that is to be moved. */
typedef struct
{
  char sha256[65];
  gint64 size;
  gint64 moved; /* bytes at the other end; -1: unknown */
  gint64 rows;  /* of a snapshot */
  guint failures;
  gint64 not_before_us;
} PkSyncContent;

struct _PkSyncMachine
{
  guint64 random;
  gint64 now_us;
  guint last_request;
  guint token; /* generation: grows with each new token */
  guint token_refusals;
  gboolean is_started;
  gboolean is_signed_in;
  gboolean is_hinted_offline;
  gboolean is_unreachable;
  gboolean is_revoked;
  gboolean is_erased;
  gboolean is_too_old;
  gboolean is_stream_open;
  gboolean wants_token;
  gboolean has_failed; /* the failure below is the last word of the cycle */
  PkSyncFailure failure;
  PkSyncLaneState lanes[PK_SYNC_N_LANES];

  /* push */
  guint sendable;
  guint later;
  guint attention;
  guint batch;
  gint64 push_from;
  guint push_failures;
  gint64 push_not_before_us;
  guint pulls_since_push_failure;
  guint gaps;
  guint later_tries;
  gint64 later_not_before_us;
  gboolean must_set_aside;

  /* farewell: a revoked device's pushes */
  gboolean has_handed_in; /* the server takes no more */
  gboolean is_farewell;   /* the last push was one of these */
  guint n_left_behind;    /* of the outbox, from its front: what the server does not take */
  guint n_handed_in;      /* what was there when the last one was asked for */

  /* pull */
  gboolean wants_pull;
  gboolean wants_rows;
  gboolean has_pulled;
  gboolean has_news; /* the pull under way has brought something */
  gboolean must_take_device;
  gboolean must_take_epoch;
  PkId device;
  PkId epoch;
  GArray *snapshots; /* (owned): PkSyncContent; the first is under way */
  gint64 fetched;    /* bytes of the snapshots that are complete */
  gboolean must_install;
  guint snapshot_faults;
  guint install_faults; /* in a row, of our own disk */
  gint64 pulled_us;
  gint64 poll_jitter_us;

  GArray *uploads;    /* (owned): PkSyncContent */
  GArray *downloads;  /* (owned): PkSyncContent */
  char moving[2][65]; /* what the upload and the download lane move; "": nothing */

  gint64 timer_us; /* 0: none */
  PkSyncPicture picture;

  PkSyncEffect *effects; /* (nullable): of the step under way */
  guint n_effects;
};

/* Shared by the machine's files. */
PkSyncEffect *pk_sync_machine_emit (PkSyncMachine *self, PkSyncEffectKind kind);
PkSyncEffect *pk_sync_machine_ask (PkSyncMachine *self,
                                   PkSyncLane lane,
                                   PkSyncEffectKind kind,
                                   gint64 patience_us);
gint64 pk_sync_machine_draw_delay (PkSyncMachine *self, guint failures);
void pk_sync_machine_back_off (PkSyncMachine *self, PkSyncLane lane, gint64 retry_after_us);
void pk_sync_machine_rest (PkSyncMachine *self, PkSyncLane lane);
gboolean pk_sync_machine_may_start (PkSyncMachine *self, PkSyncLane lane);
void pk_sync_machine_note_contact (PkSyncMachine *self);

void pk_sync_machine_cycle_event (PkSyncMachine *self, const PkSyncEvent *event);
void pk_sync_machine_cycle_failed (PkSyncMachine *self,
                                   PkSyncEffectKind doing,
                                   const PkSyncEvent *event);
void pk_sync_machine_start_cycle (PkSyncMachine *self);
void pk_sync_machine_start_push (PkSyncMachine *self);
gboolean pk_sync_machine_wants_push (PkSyncMachine *self);
gint64 pk_sync_machine_poll_time (PkSyncMachine *self);

void pk_sync_machine_start_farewell (PkSyncMachine *self);
void pk_sync_machine_leave_unheard (PkSyncMachine *self);
void pk_sync_machine_note_handed_in (PkSyncMachine *self, guint judged);
gboolean pk_sync_machine_leave_behind (PkSyncMachine *self);

void pk_sync_machine_content_event (PkSyncMachine *self, const PkSyncEvent *event);
void
pk_sync_machine_content_failed (PkSyncMachine *self, PkSyncLane lane, const PkSyncEvent *event);
void pk_sync_machine_start_contents (PkSyncMachine *self);

G_END_DECLS

#pragma once

#include "pk-id.h"

G_BEGIN_DECLS

/*
 * How the client keeps in step with the server, as a pure machine: events in, effects out. No clock, no chance, no I/O, no
 * threads: the time comes with each event, randomness from a seed. The session carries the effects out in the program, the
 * simulation in the tests; both link the same object.
 *
 * Every effect that asks for an answer has a request number. The answer carries it; an answer to a request that the
 * machine has given up is ignored. There is at most one request of a lane under way:
 *   cycle      push, then pull, then what the pull asked for (snapshots, a new device id, a new epoch)
 *   events     the stream that says "there is something"; polling stands in while it is down
 *   upload, download   contents; never wait for the cycle, nor for each other
 *   token      refresh; while it is under way the others wait
 */
#define PK_SYNC_MAX_EFFECTS 16

typedef enum
{
  PK_SYNC_STATE_STARTING,
  PK_SYNC_STATE_UP_TO_DATE,
  PK_SYNC_STATE_SYNCING,
  PK_SYNC_STATE_OFFLINE,        /* no network, a captive portal, or nobody answers */
  PK_SYNC_STATE_TROUBLE,        /* the server answers, but not well, or the disk is full */
  PK_SYNC_STATE_SIGN_IN_NEEDED, /* everything is kept */
  PK_SYNC_STATE_TOO_OLD,        /* the program must be updated; pushing goes on */
  PK_SYNC_STATE_REVOKED         /* the device: what it had was handed in */
} PkSyncState;

typedef enum
{
  PK_SYNC_LANE_CYCLE,
  PK_SYNC_LANE_EVENTS,
  PK_SYNC_LANE_UPLOAD,
  PK_SYNC_LANE_DOWNLOAD,
  PK_SYNC_LANE_TOKEN,
  PK_SYNC_N_LANES
} PkSyncLane;

typedef enum
{
  PK_SYNC_FAILURE_NETWORK,      /* no answer, or one that was cut */
  PK_SYNC_FAILURE_PORTAL,       /* an answer that is not from our server */
  PK_SYNC_FAILURE_SERVER,       /* 5xx, an answer that breaks the protocol */
  PK_SYNC_FAILURE_BUSY,         /* 429, 503: retry_after_us may be set */
  PK_SYNC_FAILURE_UNAUTHORIZED, /* 401 from our server */
  PK_SYNC_FAILURE_REVOKED,      /* the device */
  PK_SYNC_FAILURE_TOO_OLD,      /* 426 */
  PK_SYNC_FAILURE_FORKED,       /* push, pull: id is the device's that it goes on as */
  PK_SYNC_FAILURE_EPOCH,        /* id is the server's epoch */
  PK_SYNC_FAILURE_GAP,          /* push: n is the one that the server expects */
  PK_SYNC_FAILURE_REFUSED,      /* any other 4xx: it will not get better by asking again */
  PK_SYNC_FAILURE_MISSING,      /* snapshot or content: it is not there (any more) */
  PK_SYNC_FAILURE_CHECKSUM, /* snapshot or content: the bytes are other ones; what was fetched is thrown away */
  PK_SYNC_FAILURE_OFFSET, /* upload: it goes on at number */
  PK_SYNC_FAILURE_LOCAL   /* our own disk or database */
} PkSyncFailure;

typedef enum
{
  PK_SYNC_EVENT_STARTED, /* flag: signed in before */
  PK_SYNC_EVENT_TICK,    /* the timer that was set, or any other time */
  PK_SYNC_EVENT_ONLINE,  /* hints of the system: believed only half */
  PK_SYNC_EVENT_OFFLINE,
  PK_SYNC_EVENT_ASKED, /* the person wants it now */
  PK_SYNC_EVENT_SIGNED_IN,
  PK_SYNC_EVENT_SIGNED_OUT,
  PK_SYNC_EVENT_OUTBOX, /* number: sendable now; later: to be tried again; attention. Told before the answer that it comes from */
  PK_SYNC_EVENT_UPLOAD_WANTED,   /* sha256, size */
  PK_SYNC_EVENT_DOWNLOAD_WANTED, /* sha256, size, number: bytes that are here; flag: a person waits */
  PK_SYNC_EVENT_PROGRESS, /* request: it lives; number: bytes or rows so far, size: of how many */
  PK_SYNC_EVENT_FAILED,   /* request, failure */
  PK_SYNC_EVENT_PUSHED,   /* request; number: judged, later: of these to be tried again */
  PK_SYNC_EVENT_SNAPSHOT_OFFERED, /* during a pull: sha256, size, rows, number: bytes that are here */
  PK_SYNC_EVENT_PULLED, /* request: the last commit is on disk; flag: something was new; number: 1 to pull again at once */
  PK_SYNC_EVENT_SNAPSHOT_FETCHED,    /* request: verified and on disk */
  PK_SYNC_EVENT_SNAPSHOTS_INSTALLED, /* request: all that were fetched are in the replica */
  PK_SYNC_EVENT_DEVICE_TAKEN,        /* request: what was never acknowledged is renumbered */
  PK_SYNC_EVENT_EPOCH_TAKEN, /* request: 30 days of mutations wait again, cursors are at the beginning */
  PK_SYNC_EVENT_SET_ASIDE_DONE,  /* request */
  PK_SYNC_EVENT_ERASED,          /* request */
  PK_SYNC_EVENT_STREAM_OPEN,     /* request */
  PK_SYNC_EVENT_STREAM_ALIVE,    /* request: a heartbeat */
  PK_SYNC_EVENT_STREAM_NEWS,     /* request: there is something */
  PK_SYNC_EVENT_UPLOADED,        /* request; number: bytes that the server has */
  PK_SYNC_EVENT_DOWNLOADED,      /* request: verified and in its place */
  PK_SYNC_EVENT_TOKEN_REFRESHED, /* request */
  PK_SYNC_EVENT_TOKEN_REFUSED    /* request: a new sign-in is needed */
} PkSyncEventKind;

/* Only the members that the kind names are read; sha256 is borrowed. */
typedef struct
{
  PkSyncEventKind kind;
  gint64 now_us; /* a clock that never goes back */
  guint request;
  PkSyncFailure failure;
  gint64 retry_after_us;
  gint64 number;
  gint64 size;
  gint64 rows;
  guint later;
  guint attention;
  gboolean flag;
  PkId id;
  const char *sha256;
} PkSyncEvent;

typedef enum
{
  PK_SYNC_EFFECT_PUSH, /* number: from n (0: the first that waits; below 0: all that a revoked device has, without the first -1 - number); size: at most so many; flag: also "later" */
  PK_SYNC_EFFECT_PULL, /* flag: without snapshots, all as rows */
  PK_SYNC_EFFECT_FETCH_SNAPSHOT,    /* sha256, number: from byte, size */
  PK_SYNC_EFFECT_INSTALL_SNAPSHOTS, /* all that were fetched */
  PK_SYNC_EFFECT_TAKE_DEVICE,       /* id */
  PK_SYNC_EFFECT_TAKE_EPOCH,        /* id */
  PK_SYNC_EFFECT_SET_ASIDE,         /* the first that waits: refused, needs attention */
  PK_SYNC_EFFECT_ERASE,             /* the replica of a revoked device */
  PK_SYNC_EFFECT_OPEN_EVENTS,
  PK_SYNC_EFFECT_UPLOAD, /* sha256, number: from byte (-1: ask the server), size: bytes at most */
  PK_SYNC_EFFECT_REFUSE_UPLOAD,   /* sha256: the server will not have it; no answer */
  PK_SYNC_EFFECT_DOWNLOAD,        /* sha256, number: from byte, size */
  PK_SYNC_EFFECT_REFUSE_DOWNLOAD, /* sha256: there is none to be had; no answer */
  PK_SYNC_EFFECT_REFRESH_TOKEN,
  PK_SYNC_EFFECT_CANCEL,    /* request: stop it, no answer */
  PK_SYNC_EFFECT_SET_TIMER, /* number: when to tick, in the events' time; replaces the one before */
  PK_SYNC_EFFECT_TELL       /* the status changed; no answer */
} PkSyncEffectKind;

typedef struct
{
  PkSyncEffectKind kind;
  guint request;
  gint64 number;
  gint64 size;
  gboolean flag;
  PkId id;
  char sha256[65];
} PkSyncEffect;

/* What can be told about it; times are those of the events. */
typedef struct
{
  PkSyncState state;
  guint n_waiting; /* not yet judged, "later" among them */
  guint n_attention;
  guint n_uploads;
  guint n_downloads;
  gboolean is_first; /* the first sync is not complete */
  gboolean is_pushing;
  gint64 done;             /* bytes of the pull under way, or of all its snapshots */
  gint64 total;            /* 0: unknown */
  gint64 rows;             /* in all its snapshots; 0: unknown */
  gint64 offline_since_us; /* -1: not offline */
  gint64 last_contact_us;  /* -1: never */
  PkSyncFailure failure;   /* the last one, in the states offline and trouble */
} PkSyncPicture;

typedef struct _PkSyncMachine PkSyncMachine;

PkSyncMachine *pk_sync_machine_new (guint64 seed);
void pk_sync_machine_free (PkSyncMachine *self);
guint pk_sync_machine_step (PkSyncMachine *self,
                            const PkSyncEvent *event,
                            PkSyncEffect effects_out[PK_SYNC_MAX_EFFECTS]);
const PkSyncPicture *pk_sync_machine_get_picture (PkSyncMachine *self);
gboolean pk_sync_machine_has_request (PkSyncMachine *self, guint request);
gboolean pk_sync_machine_lane_is_busy (PkSyncMachine *self, PkSyncLane lane);
const char *pk_sync_machine_get_effect_name (PkSyncEffectKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkSyncMachine, pk_sync_machine_free)

G_END_DECLS

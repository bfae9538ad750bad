#pragma once

#include "pk-record.h"
#include "pk-sim-server.h"
#include "pk-sync-machine.h"
#include "pk-writer-sync.h"

G_BEGIN_DECLS

/*
 * A device: the shipped machine, the shipped writer of the replica, and between them what app/sync/pk-session-*.c does, without
 * GLib's main loop: each errand is one or two events of the world.
 */
typedef struct
{
  char *sha256; /* (owned) */
  gint64 size;
} PkSimOffer;

struct _PkSimClient
{
  PkSimWorld *world;
  guint number;
  PkSimDisk *disk;
  char *directory; /* (owned) */
  PkId person;
  PkClock *clock; /* (owned) */
  gint64 clock_us;
  gint64 clock_off_us;
  PkIdSource *ids; /* (owned) */

  /* The keyring: not on the disk that can fail. */
  char *access;  /* (owned) (nullable) */
  char *refresh; /* (owned) (nullable) */
  PkId account_device;

  /* The process. */
  guint version;          /* of the program: 0 is the one that ships */
  PkWriter *writer;       /* (owned) (nullable): NULL while it is down */
  PkSyncMachine *machine; /* (owned) (nullable) */
  guint life;
  gboolean has_committed; /* since it was last looked at */
  guint64 looked_at;      /* what its scopes said then */
  GQueue events;          /* (owned): PkSyncEvent */
  gboolean is_draining;
  gint64 timer_us;      /* 0: none */
  GPtrArray *offers;    /* (owned): PkSimOffer */
  GHashTable *uploads;  /* (owned): SHA-256 → PkPendingUpload */
  GPtrArray *questions; /* (owned): PkPullRequest under way, by the errand */
  GError *push_fault;   /* (owned) (nullable) */
  gint64 cut_off_until_us;
  gboolean is_going_to_lose_power;
  gboolean has_erased; /* a revoked device: since this process began */
  gboolean
      is_locked_out; /* it was away too long: the program shows nothing until its person signs in */
  gboolean has_signed_in;  /* the person has, just before this process began */
  gboolean is_damaged;     /* its replica was: until the end nothing is said about it */
  char *repaired;          /* (owned) (nullable): the scope that it asks about */
  guint n_rounds;          /* of that */
  gint64 noted_contact_us; /* by this process and the device's clock */
  gint64 contact_us; /* what the device should know of it; 0: nothing yet; -1: it cannot be said */
  gint64 snapshot_bytes; /* in the .part file */

  PkSimImage *copy; /* (owned) (nullable): of its disk, at some time */
  guint n_acts_copied;
  gint64 copy_contact_us;
  char *copy_access;
  char *copy_refresh;
  guint n_requests; /* of the cycle, since they were last counted */
  guint n_requests_with_rows;
};

PkSimClient *
pk_sim_client_new (PkSimWorld *world, guint number, PkSimDisk *disk, const PkId *person);
void pk_sim_client_free (PkSimClient *self);
void pk_sim_client_start (PkSimClient *self);
void pk_sim_client_die (PkSimClient *self);
void pk_sim_client_stop (PkSimClient *self);
void pk_sim_client_survive (PkSimClient *self);
void pk_sim_client_set_clock (PkSimClient *self);
void pk_sim_client_send (PkSimClient *self, PkSyncEvent event);
void pk_sim_client_look (PkSimClient *self);
gboolean pk_sim_client_get_tokens (PkSimClient *self);
void pk_sim_client_sign_in (PkSimClient *self);
void pk_sim_client_hear_news (PkSimWorld *world, guint client, guint life, guint request);

/* pk-sim-devices.c */
void pk_sim_client_note_contact (PkSimClient *self);
void pk_sim_client_open_again (PkSimClient *self);
void pk_sim_client_look_at_lease (PkSimClient *self);

gboolean
pk_sim_client_count (PkSimClient *self, gint64 *sendable, gint64 *later, gint64 *attention);

/* pk-sim-upgrade.c: how a newer program opens the files, as pk_writer_open() does. */
#define PK_SIM_LAST_VERSION 2
PkWriter *pk_sim_client_open (PkSimClient *self, GError **error);

/* pk-sim-errand.c */
void pk_sim_client_carry_out (PkSimClient *self, const PkSyncEffect *effect);
void
pk_sim_client_answer (PkSimClient *self, guint request, PkSyncEvent event, gboolean after_look);
void pk_sim_client_fail (PkSimClient *self, guint request, PkSyncFailure failure, const PkId *id);
char *pk_sim_client_dup_snapshot_path (PkSimClient *self, const char *sha256);

/* pk-sim-answer.c */
void
pk_sim_client_take_answer (PkSimClient *self, const PkSimRequest *request, PkSimAnswer *answer);

/* pk-sim-net.c */
void pk_sim_net_send (PkSimClient *client, PkSimRequest *request);

G_END_DECLS

#pragma once

#include "pk-clock.h"
#include "pk-id.h"
#include "pk-sim-disk.h"

G_BEGIN_DECLS

/*
 * One history of the simulated municipality: a server, some devices, a network between them, and a queue of what happens when. Nothing
 * is random but by the seed, nothing takes time but by the queue.
 *
 * Each schedule switches some of the faults on, with rates of its own (swarm). Acts and faults that strike are numbered; a number
 * that is left out does not happen, which is how a failing schedule is shrunk.
 */
#define PK_SIM_SECOND       G_GINT64_CONSTANT (1000000)
#define PK_SIM_MINUTE       (60 * PK_SIM_SECOND)
#define PK_SIM_HOUR         (60 * PK_SIM_MINUTE)
#define PK_SIM_DAY          (24 * PK_SIM_HOUR)
#define PK_SIM_MOST_CLIENTS 4

typedef enum
{
  PK_SIM_FAULT_LOST_REQUEST,
  PK_SIM_FAULT_LOST_ANSWER, /* half-open: it was carried out, and nobody hears of it */
  PK_SIM_FAULT_REPEAT,
  PK_SIM_FAULT_DELAY,
  PK_SIM_FAULT_CUT, /* at any byte */
  PK_SIM_FAULT_PORTAL,
  PK_SIM_FAULT_BUSY, /* 503 */
  PK_SIM_FAULT_PARTITION,
  PK_SIM_FAULT_KILL_CLIENT,
  PK_SIM_FAULT_KILL_SERVER,
  PK_SIM_FAULT_POWER_CUT, /* each kill may be one */
  PK_SIM_FAULT_DISK,      /* full, or an error, on the n-th action */
  PK_SIM_FAULT_CLOCK,
  PK_SIM_FAULT_SIGN_OUT,
  PK_SIM_FAULT_RESTORE,  /* the server, from a backup */
  PK_SIM_FAULT_ROLLBACK, /* a device, from a copy of its disk */
  PK_SIM_FAULT_CLONE,
  PK_SIM_FAULT_GRANT, /* memberships, leaders, caretakers and units change */
  PK_SIM_FAULT_MOVE,  /* records move between scopes */
  PK_SIM_FAULT_POISON,
  PK_SIM_FAULT_SNAPSHOT,
  PK_SIM_FAULT_CORRUPT, /* a byte of what was fetched into a file */
  PK_SIM_FAULT_PRUNE,
  PK_SIM_FAULT_LONG_AWAY, /* weeks pass */
  PK_SIM_FAULT_UPGRADE,   /* a newer program, with other tables */
  PK_SIM_FAULT_REVOKE,    /* a device */
  PK_SIM_FAULT_QUARANTINE, /* the server keeps refused work from the start; sometimes it has little room for it */
  PK_SIM_FAULT_DAMAGE,   /* a replica is not what it should be, and does not know */
  PK_SIM_FAULT_ABSENCE,  /* somebody is away, and why is not for everybody */
  PK_SIM_FAULT_CONTENTS, /* documents are attached, looked at and let go */
  PK_SIM_N_FAULTS
} PkSimFault;

typedef struct _PkSimServer PkSimServer;
typedef struct _PkSimClient PkSimClient;
typedef struct _PkSimOracle PkSimOracle;
typedef struct _PkSimWorld PkSimWorld;
typedef struct _PkSimTown PkSimTown;

/* What is asked of one run. */
typedef struct
{
  guint64 seed;
  guint n_steps;          /* 0: as many as the seed says */
  guint64 without_faults; /* bits */
  GHashTable *without;    /* (nullable): set of numbers of acts and strikes */
  gboolean is_told;       /* a trace is printed */
} PkSimWish;

typedef void (*PkSimFunc) (PkSimWorld *world, gpointer data);

struct _PkSimWorld
{
  PkSimTown *town; /* not owned: what all schedules begin with */
  PkSimWish wish;
  PkSimChance chance;
  gint64 now_us;
  GArray *queue; /* (owned): a heap */
  guint64 n_events;
  guint n_choices;
  double rates[PK_SIM_N_FAULTS];
  gboolean is_calm;                          /* the faults are over */
  PkSimServer *server;                       /* (owned) */
  PkSimClient *clients[PK_SIM_MOST_CLIENTS]; /* (owned) */
  guint n_clients;
  PkSimOracle *oracle; /* (owned) */
  char *failure;       /* (owned) (nullable): what was broken first */
  GString *trace;      /* (owned) */
  guint64 digest;      /* of the trace: two runs of a seed are the same */
};

PkSimWorld *pk_sim_world_new (PkSimTown *town, const PkSimWish *wish);
void pk_sim_world_free (PkSimWorld *self);

void pk_sim_world_at (PkSimWorld *self,
                      gint64 delay_us,
                      PkSimFunc func,
                      gpointer data,
                      GDestroyNotify free_data);
gboolean pk_sim_world_next (PkSimWorld *self, gint64 until_us);
gboolean pk_sim_world_strikes (PkSimWorld *self, PkSimFault fault);
gboolean pk_sim_world_chooses (PkSimWorld *self);
void pk_sim_world_tell (PkSimWorld *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void pk_sim_world_fail (PkSimWorld *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
const char *pk_sim_fault_get_name (PkSimFault fault);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkSimWorld, pk_sim_world_free)

G_END_DECLS

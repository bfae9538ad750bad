#pragma once

#include "pk-sim-client.h"
#include "pk-sim-server.h"

G_BEGIN_DECLS

/*
 * What is right: a model of the server's history in memory, and all that people did. It is told by the world, looks after every commit,
 * and looks hard at the end. Which check is which invariant of the protocol is said at the checks (pk-sim-check-*.c).
 */
typedef struct
{
  guint number;
  PkId id;
  guint client;
  PkOp op;
  const PkEntity *entity;
  PkId record;
  char *word;           /* (owned) (nullable): a word that nobody else writes */
  guint field;          /* where the word is */
  gboolean is_accepted; /* the person was told that it is saved; else it may be or not */
  gboolean is_excused;  /* the person put an old disk in: what was only on the new one is gone */
  gboolean is_off_disk; /* an old disk was put in: only the server has it */
  gboolean is_let_go;   /* refused, and its person did not want it any more */
  gboolean is_poison;   /* a server with a fault cannot read it, or stumbles */
} PkSimAct;

/* A record as it was from a number on; NULL: it was no more. */
typedef struct
{
  gint64 seq;
  PkRecord *record; /* (owned) (nullable) */
} PkSimVersion;

typedef struct
{
  gint64 seq;
  guint state; /* a PkLogState */
} PkSimLine;

struct _PkSimOracle
{
  PkSimWorld *world;
  PkId epoch;
  gint64 seq;           /* what is known of the server */
  GHashTable *versions; /* (owned): id → GArray of PkSimVersion */
  GHashTable *scopes;   /* (owned): name → id → GArray of PkSimLine */
  GPtrArray *acts;      /* (owned): PkSimAct */
  GHashTable *by_id;    /* (owned): mutation → PkSimAct, not owned */
  GHashTable *revoked;  /* (owned): devices */
  GHashTable *contents; /* (owned): SHA-256 → GBytes */
  guint n_backed_up;    /* acts when the backup was made */
  gboolean has_restored;
  gboolean has_copies; /* a device was cloned or rolled back */
  guint
      n_causes; /* clones, old disks and restored servers: why a device may have to go on as another */
  gboolean was_long_away;
  gboolean is_over;     /* it is looked at for the last time */
  gboolean has_evicted; /* a device let contents go that the server had */
};

PkSimOracle *pk_sim_oracle_new (PkSimWorld *world);
void pk_sim_oracle_free (PkSimOracle *self);

/* The server, as it goes (pk-sim-oracle.c). */
void pk_sim_oracle_server_started (PkSimOracle *self);
void pk_sim_oracle_observe (PkSimOracle *self);
void pk_sim_oracle_backed_up (PkSimOracle *self);
void pk_sim_oracle_restored (PkSimOracle *self);
const PkRecord *pk_sim_oracle_find (PkSimOracle *self, const PkId *id, gint64 seq, gint64 *seq_out);
int pk_sim_oracle_state (PkSimOracle *self, const char *scope, const PkId *id, gint64 seq);
guint pk_sim_oracle_count (PkSimOracle *self, const char *scope, gint64 seq);

/* What people did. */
PkSimAct *pk_sim_oracle_note (PkSimOracle *self,
                              PkSimClient *client,
                              const PkMutation *mutation,
                              const char *word,
                              guint field,
                              gboolean is_accepted);
void pk_sim_oracle_take_back (PkSimOracle *self, PkSimClient *client);

gboolean pk_sim_oracle_has_in_quarantine (PkSimOracle *self, const PkSimAct *act);
gboolean pk_sim_oracle_is_kept (PkSimOracle *self, const PkSimAct *act);
void pk_sim_oracle_left_disk (PkSimOracle *self, PkSimAct *act);

/* Devices (pk-sim-check-devices.c). */
void pk_sim_oracle_erased (PkSimOracle *self, PkSimClient *client);
void pk_sim_oracle_check_device (PkSimOracle *self, const PkId *device, const char *what);
void pk_sim_oracle_check_verdicts (PkSimOracle *self, GPtrArray *verdicts);
void pk_sim_oracle_check_lock (PkSimOracle *self, PkSimClient *client, gboolean is_locked);
void pk_sim_oracle_check_revoked (PkSimOracle *self, PkSimClient *client);
void pk_sim_oracle_check_quarantine (PkSimOracle *self);

/* Repair (pk-sim-damage.c). */
void
pk_sim_oracle_check_repair (PkSimOracle *self, PkSimClient *client, const PkPullRequest *request);
void
pk_sim_oracle_note_round (PkSimOracle *self, PkSimClient *client, const PkPullRequest *request);

/* Contents (pk-sim-check-contents.c). */
void pk_sim_oracle_note_content (PkSimOracle *self,
                                 const PkId *person,
                                 const char *sha256,
                                 GBytes *content);
void pk_sim_oracle_check_content (PkSimOracle *self,
                                  const PkId *person,
                                  const char *sha256,
                                  const PkSimAnswer *answer);
void pk_sim_oracle_check_document (PkSimOracle *self, const PkRecord *document);
void pk_sim_oracle_check_contents (PkSimOracle *self);

/* Guarded fields (pk-sim-check-guarded.c). */
void pk_sim_oracle_check_guarded (PkSimOracle *self, const PkId *person, const PkRecord *record);
void pk_sim_oracle_check_snapshot (PkSimOracle *self, gint64 scope);
PkRecord *pk_sim_oracle_dup_as_held (PkSimOracle *self,
                                     PkSimClient *client,
                                     const PkRecord *expected,
                                     const PkRecord *here);

/* Cost (pk-sim-check-cost.c). */
gint64 pk_sim_oracle_count_steps (PkSimOracle *self);
void pk_sim_oracle_check_cost (PkSimOracle *self,
                               guint n_scopes,
                               guint n_told,
                               gint64 n_steps,
                               gsize n_bytes);

/* Looking (pk-sim-check.c, pk-sim-check-end.c). */
void pk_sim_oracle_check_answer (PkSimOracle *self,
                                 const PkId *person,
                                 const PkPullRequest *request,
                                 const PkSimAnswer *answer,
                                 gint64 n_steps);
void pk_sim_oracle_check_client (PkSimOracle *self, PkSimClient *client, gboolean is_hard);
void pk_sim_oracle_check_end (PkSimOracle *self);

G_END_DECLS

#pragma once

#include "pk-fault-proxy.h"
#include "pk-id.h"
#include "pk-victim.h"

G_BEGIN_DECLS

/*
 * A real server, real devices of persons who share a unit, and the bad network between them; all are killed again and again. What each
 * device said that it had accepted stands in its ledger, here, where nothing is killed.
 */
typedef struct _PkKillWorld PkKillWorld;

typedef struct
{
  PkKillWorld *world; /* not owned */
  guint number;
  char *person;     /* (owned) */
  char *folder;     /* (owned) */
  PkVictim *victim; /* (owned) */
  GArray *ledger;   /* (owned): PkId, by place */
  guint n_sign_ins;
  gboolean is_in_step;
  gint64 due_us; /* to be killed */
} PkKillDevice;

struct _PkKillWorld
{
  char *folder;        /* (owned) */
  char *server_folder; /* (owned) */
  guint seed;
  GRand *chance;    /* (owned) */
  PkVictim *server; /* (owned) */
  guint16 port;
  gint64 server_due_us;
  guint n_listening;   /* lives of the server that came so far */
  PkFaultProxy *proxy; /* (owned) */
  GPtrArray *devices;  /* (owned): PkKillDevice */
  gboolean is_quiet;
  guint n_faults; /* that were found */
};

PkKillWorld *pk_kill_world_new (guint seed);
void pk_kill_world_free (PkKillWorld *self);
void pk_kill_world_storm (PkKillWorld *self, guint device_kills, guint server_kills);
void pk_kill_world_settle (PkKillWorld *self);
void pk_kill_world_stop_server (PkKillWorld *self);
guint pk_kill_world_count_device_kills (PkKillWorld *self);
void pk_kill_world_blame (PkKillWorld *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkKillWorld, pk_kill_world_free)

/* In the end, when nothing runs any more. */
void pk_kill_world_check (PkKillWorld *self);

G_END_DECLS

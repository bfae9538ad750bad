#pragma once

#include "pk-outbox.h"
#include "pk-reader.h"
#include "pk-service.h"
#include "pk-writer-sync.h"

G_BEGIN_DECLS

/*
 * The real service on a real store, and real replicas beside it, in one process and on one thread: requests go through their text both
 * ways, as they do on the wire. Kari and Ola work in one unit; Kari looks after the building.
 */
typedef struct
{
  char *dir;          /* (owned) */
  PkClock *clock;     /* (owned) */
  PkIdSource *ids;    /* (owned) */
  PkStore *store;     /* (owned) */
  PkService *service; /* (owned) */
  PkId kari;
  PkId ola;
  PkId unit;
  PkId other_unit;
  PkId building;
} PkPair;

typedef struct
{
  PkPair *pair; /* not owned */
  PkId person;
  char *dir;         /* (owned) */
  PkWriter *writer;  /* (owned) */
  PkReader *reader;  /* (owned) */
  PkPullFlags flags; /* of the next pulls */
  guint model;       /* that it says it speaks; 0: this program's */
  guint n_rows;      /* of the last pull */
  guint n_asked;     /* pulls of the last sync */
  guint n_ranges;    /* of these that asked for ranges */
  guint n_forks;     /* fresh device ids that were handed out */
  gsize n_bytes;     /* of the last pull's answer */
} PkPairClient;

PkPair *pk_pair_new (void);
void pk_pair_free (PkPair *self);
void pk_pair_import (PkPair *self, PkRecord *record);
PkRecord *pk_pair_make_task (PkPair *self, const PkId *unit, const char *title);
PkRecord *pk_pair_find (PkPair *self, guint entity, const PkId *id);
void pk_pair_make_snapshots (PkPair *self, gint64 least_rows);
void pk_pair_remove_folder (const char *path);
void pk_pair_restore (PkPair *self, const char *backup);

PkPairClient *pk_pair_client_new (PkPair *pair, const PkId *person);
void pk_pair_client_free (PkPairClient *self);
PkPairClient *pk_pair_client_clone (PkPairClient *self);
void pk_pair_client_close (PkPairClient *self);
void pk_pair_client_open (PkPairClient *self);
gboolean pk_pair_client_pull (PkPairClient *self, GError **error);
gboolean pk_pair_client_push (PkPairClient *self, GError **error);
gboolean pk_pair_client_push_from (PkPairClient *self, gint64 from_n, GError **error);
void pk_pair_client_sync (PkPairClient *self);
void pk_pair_client_submit (PkPairClient *self, PkMutation *mutation);
PkMutation *
pk_pair_client_set_title (PkPairClient *self, PkRecord *task, const char *was, const char *title);
PkMutation *pk_pair_client_create_task (PkPairClient *self, const char *title);
void pk_pair_client_exec (PkPairClient *self, const char *sql);
gint64 pk_pair_client_count (PkPairClient *self, const char *sql);
void pk_pair_client_assert_in_step (PkPairClient *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkPair, pk_pair_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkPairClient, pk_pair_client_free)

G_END_DECLS

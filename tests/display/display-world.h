#pragma once

#include "pk-client.h"
#include "pk-replica.h"
#include "pk-sync-model.h"

G_BEGIN_DECLS

typedef enum
{
  WORLD_FULL,
  WORLD_MANAGER, /* full, and the person looks after the register of properties */
  WORLD_EMPTY
} WorldKind;

/*
 * A small municipality in a replica of its own, for tests that show it: people, buildings, tasks of all states and dates, documents;
 * a merge, a refusal and unsent work in the outbox. It is always 23 November 2026, 08:20 UTC.
 */
typedef struct
{
  WorldKind kind;
  char *directory; /* (owned) */
  PkClock *clock;  /* (owned) */
  PkIdSource *ids; /* (owned) */
  PkId person;
  PkId building;
  PkId room;      /* the hall of the building */
  PkId component; /* what stands in it */
  PkId units[3];
  PkId persons[8];
  PkId buildings[6];
  PkId tasks[17];
  PkId task;
  PkId document;
  PkReplica *replica; /* (owned) */
  PkLibrary *library; /* (owned) */
  PkClient *client;   /* (owned) */
  PkSyncModel *sync;  /* (owned) */
} World;

void world_set_up (World *self, WorldKind kind);
void world_tear_down (World *self);
void world_set_stand (World *self, PkStand stand);

/* Runs the main loop until @is_done says so; fails after some seconds. */
typedef gboolean (*WorldCondition) (gpointer data);
void world_wait (WorldCondition is_done, gpointer data);

G_END_DECLS

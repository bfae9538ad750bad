#pragma once

#include "pk-feed.h"
#include "pk-service.h"

G_BEGIN_DECLS

/*
 * A store with a small municipality, and a replica in memory that believes the lines of pulls: what it holds afterwards is
 * compared with what the store says the person may see.
 */
typedef struct
{
  PkClock *clock;
  PkIdSource *ids;
  PkStore *store;
  PkService *service;
  char *dir;
  PkId person;
  PkId leader;
  PkId unit;
  PkId other_unit;
  PkId building;
} PkPullFixture;

typedef struct
{
  PkPullRequest *request;
  PkId epoch;
  gint64 seq;
  gint64 grants;
  GPtrArray *scopes;  /* of the last begin line: PkFeedScope */
  GHashTable *held;   /* scope name → cursor (gint64 *) */
  GHashTable *rows;   /* "entity/id" → record as JSON */
  GHashTable *places; /* "scope entity/id" → seq (gint64 *) */
  guint n_rows;       /* rows of the last pull */
  gsize n_bytes;
} PkModelReplica;

PkPullFixture *pk_pull_fixture_new (void);
void pk_pull_fixture_free (PkPullFixture *self);
PkRecord *pk_pull_fixture_make_task (PkPullFixture *self,
                                     const PkId *unit,
                                     const PkId *building,
                                     const char *title);
void pk_pull_fixture_import (PkPullFixture *self, PkRecord *record);

PkModelReplica *pk_model_replica_new (void);
void pk_model_replica_free (PkModelReplica *self);
gboolean pk_model_replica_pull (PkModelReplica *self, PkPullFixture *fixture, const PkId *person);
void pk_model_replica_assert_equals_store (PkModelReplica *self,
                                           PkPullFixture *fixture,
                                           const PkId *person);
gboolean pk_model_replica_has (PkModelReplica *self, PkRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkPullFixture, pk_pull_fixture_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkModelReplica, pk_model_replica_free)

G_END_DECLS

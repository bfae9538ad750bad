#pragma once

#include "pk-command.h"
#include "pk-outbox.h"
#include "pk-replica.h"

G_BEGIN_DECLS

/* A replica of its own, and somebody who runs commands on it. */
typedef struct
{
  char *directory;           /* (owned) */
  PkReplica *replica;        /* (owned) */
  PkCommandContext *context; /* (owned) */
  PkIdSource *ids;           /* (owned): seeded */
  PkId actor;
  PkOutboxEntry *refused; /* (owned) (nullable): what the server refused */
} CommandFixture;

void command_fixture_set_up (CommandFixture *self, gconstpointer data);
void command_fixture_tear_down (CommandFixture *self, gconstpointer data);
PkCommand *command_fixture_run (CommandFixture *self, PkCommand *command, GError **error);

G_END_DECLS

#pragma once

#include "pk-record.h"

G_BEGIN_DECLS

typedef struct _PkReplica PkReplica;

/*
 * What every command stands on: the replica it writes to, the person who acts, the clock and where new ids come from.
 * Made once after sign-in, shared, never changed. Main thread.
 */
typedef struct _PkCommandContext PkCommandContext;

PkCommandContext *pk_command_context_new (PkReplica *replica,
                                          PkClock *clock,
                                          PkIdSource *ids,
                                          const PkId *actor,
                                          const PkId *unit);
PkCommandContext *pk_command_context_ref (PkCommandContext *self);
void pk_command_context_unref (PkCommandContext *self);
PkReplica *pk_command_context_get_replica (PkCommandContext *self);
const PkId *pk_command_context_get_actor (PkCommandContext *self);
const PkId *pk_command_context_get_unit (PkCommandContext *self);
gint64 pk_command_context_now_us (PkCommandContext *self);
PkId pk_command_context_next_id (PkCommandContext *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkCommandContext, pk_command_context_unref)

G_END_DECLS

#pragma once

#include "pk-sync-machine.h"

G_BEGIN_DECLS

/*
 * A machine with a clock that is moved by hand, and what it has asked for and has no answer to yet. Whoever uses it gives
 * the answers; every step checks what must hold of all steps.
 */
typedef struct
{
  PkSyncMachine *machine; /* (owned) */
  gint64 now_us;
  gint64 timer_us; /* 0: none */
  GArray *open;    /* (owned): PkSyncEffect that wait for an answer */
  guint n_effects;
  guint n_told;
  guint counts[PK_SYNC_EFFECT_TELL + 1];
  PkSyncEffect last; /* the last one that asked for something */
} PkMachineWorld;

PkMachineWorld *pk_machine_world_new (guint64 seed);
void pk_machine_world_free (PkMachineWorld *self);
void pk_machine_world_send (PkMachineWorld *self, PkSyncEvent event);
void pk_machine_world_hint (PkMachineWorld *self, PkSyncEventKind kind);
void pk_machine_world_start (PkMachineWorld *self);
void pk_machine_world_outbox (PkMachineWorld *self, guint sendable, guint later, guint attention);
void pk_machine_world_answer (PkMachineWorld *self, PkSyncEffectKind asked, PkSyncEvent event);
void pk_machine_world_fail (PkMachineWorld *self, PkSyncEffectKind asked, PkSyncFailure failure);
void pk_machine_world_wait (PkMachineWorld *self, gint64 at_most_us);
const PkSyncEffect *pk_machine_world_find (PkMachineWorld *self, PkSyncEffectKind kind);
PkSyncState pk_machine_world_state (PkMachineWorld *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkMachineWorld, pk_machine_world_free)

#define PK_TEST_SHA_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define PK_TEST_SHA_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

G_END_DECLS

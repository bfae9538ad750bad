#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Time that is given, not taken: real in the programs, moved by hand in tests and in the simulation. Any thread. */
typedef struct _PkClock PkClock;

PkClock *pk_clock_new_system (void);
PkClock *pk_clock_new_manual (gint64 start_us);
PkClock *pk_clock_ref (PkClock *self);
void pk_clock_unref (PkClock *self);

gint64 pk_clock_now_us (PkClock *self);
void pk_clock_advance (PkClock *self, gint64 by_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkClock, pk_clock_unref)

G_END_DECLS

/* A clock that is either the system's or a number that tests move. */
#include "config.h"

#include "pk-clock.h"

struct _PkClock
{
  gboolean is_manual;
  GMutex lock; /* guards now_us */
  gint64 now_us;
};

/**
 * pk_clock_new_system:
 *
 * Returns: (transfer full): a clock that tells the system's wall time
 */
PkClock *
pk_clock_new_system (void)
{
  PkClock *self = g_atomic_rc_box_new0 (PkClock);

  g_mutex_init (&self->lock);
  return self;
}

/**
 * pk_clock_new_manual:
 * @start_us: microseconds since 1970 UTC
 *
 * Returns: (transfer full): a clock that stands still until [func@clock_advance]
 */
PkClock *
pk_clock_new_manual (gint64 start_us)
{
  PkClock *self = pk_clock_new_system ();

  self->is_manual = TRUE;
  self->now_us = start_us;
  return self;
}

/**
 * pk_clock_ref:
 *
 * Returns: (transfer full): @self
 */
PkClock *
pk_clock_ref (PkClock *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_clock (gpointer data)
{
  PkClock *self = data;

  g_mutex_clear (&self->lock);
}

/**
 * pk_clock_unref:
 *
 * Gives up one reference.
 */
void
pk_clock_unref (PkClock *self)
{
  g_atomic_rc_box_release_full (self, clear_clock);
}

/**
 * pk_clock_now_us:
 *
 * Returns: microseconds since 1970 UTC
 */
gint64
pk_clock_now_us (PkClock *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if (!self->is_manual)
    return g_get_real_time ();

  g_mutex_lock (&self->lock);
  gint64 now_us = self->now_us;
  g_mutex_unlock (&self->lock);
  return now_us;
}

/**
 * pk_clock_advance:
 * @by_us: may be negative: clocks jump back
 *
 * Moves a manual clock; the system's clock cannot be moved.
 */
void
pk_clock_advance (PkClock *self, gint64 by_us)
{
  g_return_if_fail (self != NULL && self->is_manual);

  g_mutex_lock (&self->lock);
  self->now_us += by_us;
  g_mutex_unlock (&self->lock);
}

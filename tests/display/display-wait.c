/* How a world stands with sync, and waiting for what happens in it. */
#include "config.h"

#include "display-world.h"

/**
 * world_set_stand:
 * @self: a world
 * @stand: how it stands with sync
 *
 * Tells the sync model.
 */
void
world_set_stand (World *self, PkStand stand)
{
  PkStandDetails details = { .stand = stand, .offline_since_us = -1, .last_contact_us = -1 };

  if (stand == PK_STAND_OFFLINE)
    {
      details.n_waiting = 2;
      details.offline_since_us = pk_clock_now_us (self->clock) - 6 * 60 * G_USEC_PER_SEC;
    }
  if (stand == PK_STAND_TROUBLE)
    details.n_attention = 1;
  if (stand == PK_STAND_SYNCING)
    {
      details.is_first = TRUE;
      details.done = 3100000;
      details.total = 13200000;
      details.rows = 98400;
    }
  pk_sync_model_set (self->sync, &details, pk_clock_now_us (self->clock));
}

static gboolean
give_up_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/**
 * world_wait:
 * @is_done: a condition
 * @data: for @is_done
 *
 * Runs the main loop until it holds.
 */
void
world_wait (WorldCondition is_done, gpointer data)
{
  gboolean is_late = FALSE;
  guint timer = g_timeout_add_seconds (10, give_up_cb, &is_late);

  while (!is_done (data) && !is_late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (is_late);
  g_source_remove (timer);
}

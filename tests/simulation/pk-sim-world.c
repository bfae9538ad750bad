/* See the header. */
#include "config.h"

#include "pk-sim-world.h"

#include "pk-sim-client.h"
#include "pk-sim-oracle.h"
#include "pk-sim-server.h"

#include <stdio.h>

typedef struct
{
  gint64 at_us;
  guint64 tie;
  PkSimFunc func;
  gpointer data;
  GDestroyNotify free_data;
} Event;

static const char *const fault_names[PK_SIM_N_FAULTS] = {
  [PK_SIM_FAULT_LOST_REQUEST] = "lost-request",
  [PK_SIM_FAULT_LOST_ANSWER] = "lost-answer",
  [PK_SIM_FAULT_REPEAT] = "repeat",
  [PK_SIM_FAULT_DELAY] = "delay",
  [PK_SIM_FAULT_CUT] = "cut",
  [PK_SIM_FAULT_PORTAL] = "portal",
  [PK_SIM_FAULT_BUSY] = "busy",
  [PK_SIM_FAULT_PARTITION] = "partition",
  [PK_SIM_FAULT_KILL_CLIENT] = "kill-client",
  [PK_SIM_FAULT_KILL_SERVER] = "kill-server",
  [PK_SIM_FAULT_POWER_CUT] = "power-cut",
  [PK_SIM_FAULT_DISK] = "disk",
  [PK_SIM_FAULT_CLOCK] = "clock",
  [PK_SIM_FAULT_SIGN_OUT] = "sign-out",
  [PK_SIM_FAULT_RESTORE] = "restore",
  [PK_SIM_FAULT_ROLLBACK] = "rollback",
  [PK_SIM_FAULT_CLONE] = "clone",
  [PK_SIM_FAULT_GRANT] = "grant",
  [PK_SIM_FAULT_MOVE] = "move",
  [PK_SIM_FAULT_POISON] = "poison",
  [PK_SIM_FAULT_SNAPSHOT] = "snapshot",
  [PK_SIM_FAULT_CORRUPT] = "corrupt",
  [PK_SIM_FAULT_PRUNE] = "prune",
  [PK_SIM_FAULT_LONG_AWAY] = "long-away",
  [PK_SIM_FAULT_UPGRADE] = "upgrade",
  [PK_SIM_FAULT_REVOKE] = "revoke",
  [PK_SIM_FAULT_QUARANTINE] = "quarantine",
  [PK_SIM_FAULT_ABSENCE] = "absence",
  [PK_SIM_FAULT_CONTENTS] = "contents",
  [PK_SIM_FAULT_DAMAGE] = "damage",
};

/* How often a fault that is on strikes, at the most, when it could. */
static const double most[PK_SIM_N_FAULTS] = {
  [PK_SIM_FAULT_LOST_REQUEST] = 0.3, [PK_SIM_FAULT_LOST_ANSWER] = 0.3,
  [PK_SIM_FAULT_REPEAT] = 0.3,       [PK_SIM_FAULT_DELAY] = 0.3,
  [PK_SIM_FAULT_CUT] = 0.3,          [PK_SIM_FAULT_PORTAL] = 0.2,
  [PK_SIM_FAULT_BUSY] = 0.2,         [PK_SIM_FAULT_PARTITION] = 0.1,
  [PK_SIM_FAULT_KILL_CLIENT] = 0.1,  [PK_SIM_FAULT_KILL_SERVER] = 0.08,
  [PK_SIM_FAULT_POWER_CUT] = 1.0,    [PK_SIM_FAULT_DISK] = 0.08,
  [PK_SIM_FAULT_CLOCK] = 0.1,        [PK_SIM_FAULT_SIGN_OUT] = 0.05,
  [PK_SIM_FAULT_RESTORE] = 0.06,     [PK_SIM_FAULT_ROLLBACK] = 0.06,
  [PK_SIM_FAULT_CLONE] = 0.06,       [PK_SIM_FAULT_GRANT] = 0.3,
  [PK_SIM_FAULT_MOVE] = 0.5,         [PK_SIM_FAULT_POISON] = 0.15,
  [PK_SIM_FAULT_SNAPSHOT] = 0.1,     [PK_SIM_FAULT_CORRUPT] = 0.3,
  [PK_SIM_FAULT_PRUNE] = 0.15,       [PK_SIM_FAULT_LONG_AWAY] = 0.05,
  [PK_SIM_FAULT_UPGRADE] = 0.06,     [PK_SIM_FAULT_REVOKE] = 0.06,
  [PK_SIM_FAULT_QUARANTINE] = 1.0,   [PK_SIM_FAULT_CONTENTS] = 0.5,
  [PK_SIM_FAULT_ABSENCE] = 0.3,      [PK_SIM_FAULT_DAMAGE] = 0.05,
};

/**
 * pk_sim_fault_get_name:
 *
 * Returns: (transfer none): a word
 */
const char *
pk_sim_fault_get_name (PkSimFault fault)
{
  return fault_names[fault];
}

static void
draw_rates (PkSimWorld *self)
{
  for (guint i = 0; i < PK_SIM_N_FAULTS; i++)
    {
      gboolean is_on = pk_sim_chance_toss (&self->chance, 0.35);
      double part = 0.1 + 0.9 * pk_sim_chance_below (&self->chance, 1000) / 1000.0;
      self->rates[i] = is_on && !(self->wish.without_faults >> i & 1) ? most[i] * part : 0;
    }
}

/**
 * pk_sim_world_new:
 *
 * Returns: (transfer full): a world in which nothing has happened yet, and nobody lives
 */
PkSimWorld *
pk_sim_world_new (PkSimTown *town, const PkSimWish *wish)
{
  PkSimWorld *self = g_new0 (PkSimWorld, 1);

  self->town = town;
  self->wish = *wish;
  pk_sim_chance_seed (&self->chance, wish->seed);
  self->queue = g_array_new (FALSE, FALSE, sizeof (Event));
  self->trace = g_string_new (NULL);
  self->digest = 14695981039346656037u;
  draw_rates (self);
  return self;
}

/**
 * pk_sim_world_free:
 *
 * Ends it.
 */
void
pk_sim_world_free (PkSimWorld *self)
{
  for (guint i = 0; i < self->queue->len; i++)
    {
      Event *event = &g_array_index (self->queue, Event, i);
      if (event->free_data != NULL)
        event->free_data (event->data);
    }
  for (guint i = 0; i < self->n_clients; i++)
    pk_sim_client_free (self->clients[i]);
  g_clear_pointer (&self->server, pk_sim_server_free);
  g_clear_pointer (&self->oracle, pk_sim_oracle_free);
  g_array_unref (self->queue);
  g_string_free (self->trace, TRUE);
  g_free (self->failure);
  g_free (self);
}

static gboolean
is_before (const Event *a, const Event *b)
{
  return a->at_us != b->at_us ? a->at_us < b->at_us : a->tie < b->tie;
}

static void
swap (GArray *queue, guint a, guint b)
{
  Event kept = g_array_index (queue, Event, a);

  g_array_index (queue, Event, a) = g_array_index (queue, Event, b);
  g_array_index (queue, Event, b) = kept;
}

/**
 * pk_sim_world_at:
 * @delay_us: from now
 * @free_data: (nullable): called after @func, or where it is not called any more
 *
 * Something will happen.
 */
void
pk_sim_world_at (PkSimWorld *self,
                 gint64 delay_us,
                 PkSimFunc func,
                 gpointer data,
                 GDestroyNotify free_data)
{
  Event event = { self->now_us + MAX (delay_us, 0), self->n_events++, func, data, free_data };
  GArray *queue = self->queue;

  g_array_append_val (queue, event);
  for (guint i = queue->len - 1; i > 0 && is_before (&g_array_index (queue, Event, i),
                                                     &g_array_index (queue, Event, (i - 1) / 2));
       i = (i - 1) / 2)
    swap (queue, i, (i - 1) / 2);
}

static Event
take_first (GArray *queue)
{
  Event first = g_array_index (queue, Event, 0);

  g_array_index (queue, Event, 0) = g_array_index (queue, Event, queue->len - 1);
  g_array_set_size (queue, queue->len - 1);
  for (guint i = 0; 2 * i + 1 < queue->len;)
    {
      guint child = 2 * i + 1;
      if (child + 1 < queue->len && is_before (&g_array_index (queue, Event, child + 1),
                                               &g_array_index (queue, Event, child)))
        child++;
      if (!is_before (&g_array_index (queue, Event, child), &g_array_index (queue, Event, i)))
        break;
      swap (queue, i, child);
      i = child;
    }
  return first;
}

/**
 * pk_sim_world_next:
 * @until_us: not beyond this time
 *
 * Lets the next thing happen.
 *
 * Returns: %FALSE if nothing happens until then: it is that time now
 */
gboolean
pk_sim_world_next (PkSimWorld *self, gint64 until_us)
{
  if (self->queue->len == 0 || g_array_index (self->queue, Event, 0).at_us > until_us)
    {
      self->now_us = MAX (self->now_us, until_us);
      return FALSE;
    }
  Event event = take_first (self->queue);
  self->now_us = MAX (self->now_us, event.at_us);
  event.func (self, event.data);
  if (event.free_data != NULL)
    event.free_data (event.data);
  return TRUE;
}

/**
 * pk_sim_world_chooses:
 *
 * Gives what is about to happen a number.
 *
 * Returns: %FALSE where that number is left out
 */
gboolean
pk_sim_world_chooses (PkSimWorld *self)
{
  self->n_choices++;
  return self->wish.without == NULL ||
         !g_hash_table_contains (self->wish.without, GUINT_TO_POINTER (self->n_choices));
}

/**
 * pk_sim_world_strikes:
 *
 * Draws whether a fault strikes now.
 *
 * Returns: %TRUE if it does
 */
gboolean
pk_sim_world_strikes (PkSimWorld *self, PkSimFault fault)
{
  gboolean is_hit = pk_sim_chance_toss (&self->chance, self->is_calm ? 0 : self->rates[fault]);

  if (!is_hit || !pk_sim_world_chooses (self))
    return FALSE;
  pk_sim_world_tell (self, "strike %u: %s", self->n_choices, fault_names[fault]);
  return TRUE;
}

static void
add_line (PkSimWorld *self, const char *line)
{
  for (const char *at = line; *at != '\0'; at++)
    self->digest = (self->digest ^ (guint8) *at) * 1099511628211u;
  if (self->wish.is_told)
    printf ("%10.3f  %s\n", (double) self->now_us / PK_SIM_SECOND, line);
}

/**
 * pk_sim_world_tell:
 *
 * A line of the trace.
 */
void
pk_sim_world_tell (PkSimWorld *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_string_vprintf (self->trace, format, arguments);
  va_end (arguments);
  add_line (self, self->trace->str);
}

/**
 * pk_sim_world_fail:
 *
 * Something that must hold does not. The first word counts.
 */
void
pk_sim_world_fail (PkSimWorld *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  pk_sim_world_tell (self, "BROKEN: %s", text);
  if (self->failure == NULL)
    self->failure = g_steal_pointer (&text);
}

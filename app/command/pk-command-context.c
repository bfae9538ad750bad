/* What commands stand on; see the header. */
#include "config.h"

#include "pk-command-context.h"

#include "pk-replica.h"

struct _PkCommandContext
{
  PkReplica *replica; /* (owned) (nullable) */
  PkClock *clock;     /* (owned) */
  PkIdSource *ids;    /* (owned) */
  PkId actor;
  PkId unit; /* all zero: none */
};

/**
 * pk_command_context_new:
 * @replica: (nullable): where it is written; NULL where commands are only checked
 * @actor: the person
 * @unit: (nullable): the person's unit
 *
 * Returns: (transfer full): a context
 */
PkCommandContext *
pk_command_context_new (PkReplica *replica,
                        PkClock *clock,
                        PkIdSource *ids,
                        const PkId *actor,
                        const PkId *unit)
{
  PkCommandContext *self = g_rc_box_new0 (PkCommandContext);

  g_set_object (&self->replica, replica);
  self->clock = pk_clock_ref (clock);
  self->ids = pk_id_source_ref (ids);
  self->actor = *actor;
  if (unit != NULL)
    self->unit = *unit;
  return self;
}

/**
 * pk_command_context_ref:
 *
 * Returns: (transfer full): @self
 */
PkCommandContext *
pk_command_context_ref (PkCommandContext *self)
{
  return g_rc_box_acquire (self);
}

static void
clear_context (gpointer data)
{
  PkCommandContext *self = data;

  g_clear_object (&self->replica);
  pk_clock_unref (self->clock);
  pk_id_source_unref (self->ids);
}

/**
 * pk_command_context_unref:
 *
 * Gives up one reference.
 */
void
pk_command_context_unref (PkCommandContext *self)
{
  g_rc_box_release_full (self, clear_context);
}

/**
 * pk_command_context_get_replica:
 *
 * Returns: (transfer none) (nullable): the replica
 */
PkReplica *
pk_command_context_get_replica (PkCommandContext *self)
{
  return self->replica;
}

/**
 * pk_command_context_get_actor:
 *
 * Returns: (transfer none): the person who acts
 */
const PkId *
pk_command_context_get_actor (PkCommandContext *self)
{
  return &self->actor;
}

/**
 * pk_command_context_get_unit:
 *
 * Returns: (transfer none) (nullable): the person's unit
 */
const PkId *
pk_command_context_get_unit (PkCommandContext *self)
{
  return pk_id_is_null (&self->unit) ? NULL : &self->unit;
}

/**
 * pk_command_context_now_us:
 *
 * Returns: the device's time
 */
gint64
pk_command_context_now_us (PkCommandContext *self)
{
  return pk_clock_now_us (self->clock);
}

/**
 * pk_command_context_next_id:
 *
 * Returns: an id for a new record
 */
PkId
pk_command_context_next_id (PkCommandContext *self)
{
  return pk_id_source_next (self->ids);
}

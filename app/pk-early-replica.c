/*
 * The thread opens the replica and ends; then the replica is the main thread's. Nothing of the replica reaches the main thread before that,
 * because the main loop does not run while the toolkit starts.
 */
#include "config.h"

#include "pk-early-replica.h"

#include <glib/gstdio.h>

struct _PkEarlyReplica
{
  char *directory; /* (owned) */
  PkClock *clock;  /* (owned) */
  PkIdSource *ids; /* (owned) */
  PkId person;
  GError *error;   /* (owned) (nullable) */
  GThread *thread; /* (owned) */
};

static gpointer
open_in_thread (gpointer data)
{
  PkEarlyReplica *self = data;

  g_mkdir_with_parents (self->directory, 0700);
  return pk_replica_open (self->directory,
                          self->clock,
                          self->ids,
                          &self->person,
                          PK_REPLICA_DEFAULT,
                          &self->error);
}

/**
 * pk_early_replica_start:
 * @directory: as for pk_replica_open()
 *
 * Begins to open a replica.
 *
 * Returns: (transfer full): for pk_early_replica_finish()
 */
PkEarlyReplica *
pk_early_replica_start (const char *directory, PkClock *clock, PkIdSource *ids, const PkId *person)
{
  PkEarlyReplica *self = g_new0 (PkEarlyReplica, 1);

  self->directory = g_strdup (directory);
  self->clock = pk_clock_ref (clock);
  self->ids = pk_id_source_ref (ids);
  self->person = *person;
  self->thread = g_thread_new ("replica-open", open_in_thread, self);
  return self;
}

/**
 * pk_early_replica_is_of:
 *
 * Returns: whether it is the replica in @directory
 */
gboolean
pk_early_replica_is_of (PkEarlyReplica *self, const char *directory)
{
  return g_str_equal (self->directory, directory);
}

/**
 * pk_early_replica_finish:
 * @self: (transfer full): what was begun
 *
 * Waits until the replica is open. Main thread.
 *
 * Errors: those of [func@writer_open]
 * Returns: (transfer full) (nullable): the replica
 */
PkReplica *
pk_early_replica_finish (PkEarlyReplica *self, GError **error)
{
  PkReplica *replica = g_thread_join (self->thread);

  if (replica != NULL)
    pk_replica_adopt (replica);
  else
    g_propagate_error (error, g_steal_pointer (&self->error));
  pk_clock_unref (self->clock);
  pk_id_source_unref (self->ids);
  g_free (self->directory);
  g_free (self);
  return replica;
}

#pragma once

#include "pk-change-set.h"
#include "pk-clock.h"
#include "pk-mutation.h"
#include "pk-replica-error.h"

G_BEGIN_DECLS

/*
 * The one that writes: the only read-write connections to the replica and to the outbox. All functions run on the thread that owns
 * it (the writer worker; a test or the simulation its own), do one transaction, and tell the listener after the commit.
 * See pk_replica_write_async() for how to get there from the main thread.
 */
typedef struct _PkWriter PkWriter;

typedef enum
{
  PK_REPLICA_DEFAULT = 0,
  PK_REPLICA_NO_SYNC = 1 << 0 /* tests and simulation: no fsync */
} PkReplicaFlags;

typedef void (*PkWriterListener) (PkChangeSet *changes, gpointer user_data);
typedef gboolean (*PkWriterYield) (gpointer user_data);

PkWriter *pk_writer_open (const char *directory,
                          PkClock *clock,
                          PkIdSource *ids,
                          const PkId *person,
                          PkReplicaFlags flags,
                          GError **error);
void pk_writer_free (PkWriter *self);
void pk_writer_adopt (PkWriter *self);
void pk_writer_set_listener (PkWriter *self, PkWriterListener listener, gpointer user_data);
void pk_writer_set_yield (PkWriter *self, PkWriterYield must_yield, gpointer user_data);

/*
 * The person's acts. Mutations come without n, id, prev, at and model: the writer fills them in. All of them or none: saved in the outbox
 * and visible, or an error (PK_PROBLEM_ERROR from the rules, PK_REPLICA_ERROR_FULL) and nothing happened.
 */
gboolean pk_writer_submit (PkWriter *self, GPtrArray *mutations, GError **error);
gboolean pk_writer_resend (PkWriter *self, gint64 place, PkMutation *corrected, GError **error);
gboolean pk_writer_discard (PkWriter *self, gint64 place, GError **error);
gboolean pk_writer_mark_seen (PkWriter *self, gint64 place, GError **error);

/* A slice of what can wait: indexes, search index, pruning, checkpoint. Gives way where a person waits, and begins that slice again. */
gboolean pk_writer_do_upkeep (PkWriter *self, gboolean *has_more_out, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PkWriter, pk_writer_free)

G_END_DECLS
